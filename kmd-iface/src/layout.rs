//! Structures on the wire: one declaration gives the Rust type, the codec and the table of
//! its members.

use crate::shape::Member;

/// The alignment of a structure: that of its strictest member.
pub(crate) const fn align_of_members(members: &[Member]) -> usize {
    let mut align = 1;
    let mut rest = members;
    while let [member, tail @ ..] = rest {
        if member.align > align {
            align = member.align;
        }
        rest = tail;
    }
    align
}

/// Whether the members ascend without overlap, are naturally aligned, and end within `size`, which
/// is what a C compiler makes of the structure.
pub(crate) const fn is_natural(members: &[Member], size: usize) -> bool {
    let mut end = 0;
    let mut rest = members;
    while let [member, tail @ ..] = rest {
        if member.offset < end || !member.offset.is_multiple_of(member.align) {
            return false;
        }
        end = member.offset + member.size;
        rest = tail;
    }
    end <= size && size.is_multiple_of(align_of_members(members))
}

/// Declares a structure of the wire. Every member gives its offset; a gap is reserved bytes.
macro_rules! wire_struct {
    (
        $(#[$($meta:tt)*])*
        pub struct $name:ident: $size:literal {
            $($(#[$($member_meta:tt)*])* $member:ident: $kind:ty = $offset:literal,)*
        }
    ) => {
        $(#[$($meta)*])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$($member_meta)*])* pub $member: $kind,)*
        }

        impl $name {
            /// The members and their offsets, in order.
            pub const MEMBERS: &'static [$crate::shape::Member] = &[$(
                $crate::shape::Member {
                    name: stringify!($member),
                    doc: $crate::shape::doc_text!($(#[$($member_meta)*])*),
                    shape: <$kind as $crate::wire::Wire>::SHAPE,
                    offset: $offset,
                    size: <$kind as $crate::wire::Wire>::SIZE,
                    align: <$kind as $crate::wire::Wire>::ALIGN,
                },
            )*];
        }

        impl $crate::wire::Wire for $name {
            const SIZE: usize = $size;
            const ALIGN: usize = $crate::layout::align_of_members(Self::MEMBERS);
            const SHAPE: $crate::shape::Shape =
                $crate::shape::Shape::Structure(&$crate::shape::Layout {
                    name: stringify!($name),
                    doc: $crate::shape::doc_text!($(#[$($meta)*])*),
                    size: $size,
                    members: Self::MEMBERS,
                });

            fn write(
                &self,
                writer: &mut $crate::wire::Writer<'_>,
            ) -> Result<(), $crate::wire::NoRoom> {
                let start = writer.position();
                $(
                    writer.zeros_to(start + $offset)?;
                    $crate::wire::Wire::write(&self.$member, writer)?;
                )*
                writer.zeros_to(start + Self::SIZE)
            }

            fn read(
                reader: &mut $crate::wire::Reader<'_>,
            ) -> Result<Self, $crate::field::Malformed> {
                let start = reader.position();
                $(
                    reader.skip_to(start + $offset)?;
                    let $member = $crate::wire::Wire::read(reader)?;
                )*
                reader.skip_to(start + Self::SIZE)?;
                Ok(Self { $($member,)* })
            }
        }

        const _: () = assert!(
            $crate::layout::is_natural($name::MEMBERS, $size),
            concat!(stringify!($name), " is not what a C compiler would lay out")
        );
    };
}

/// Declares a set of flags of the wire. Bits without a name are kept; `check` judges them.
macro_rules! wire_flags {
    (
        $(#[$($meta:tt)*])*
        pub struct $name:ident: $raw:ty {
            $($(#[$($flag_meta:tt)*])* const $flag:ident = $value:expr;)*
        }
    ) => {
        bitflags::bitflags! {
            $(#[$($meta)*])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
            pub struct $name: $raw {
                $($(#[$($flag_meta)*])* const $flag = $value;)*
            }
        }

        impl $name {
            /// Whether every bit that is set has a name in this version.
            pub const fn is_known(self) -> bool {
                Self::all().bits() | self.bits() == Self::all().bits()
            }
        }

        impl $crate::wire::Wire for $name {
            const SIZE: usize = <$raw as $crate::wire::Wire>::SIZE;
            const ALIGN: usize = <$raw as $crate::wire::Wire>::ALIGN;
            const SHAPE: $crate::shape::Shape =
                $crate::shape::Shape::Named(&$crate::shape::Names {
                    name: stringify!($name),
                    doc: $crate::shape::doc_text!($(#[$($meta)*])*),
                    size: size_of::<$raw>(),
                    is_flags: true,
                    values: &[$($crate::shape::Value {
                        name: stringify!($flag),
                        doc: $crate::shape::doc_text!($(#[$($flag_meta)*])*),
                        value: Self::$flag.bits() as u64,
                    },)*],
                });

            fn write(
                &self,
                writer: &mut $crate::wire::Writer<'_>,
            ) -> Result<(), $crate::wire::NoRoom> {
                $crate::wire::Wire::write(&self.bits(), writer)
            }

            fn read(
                reader: &mut $crate::wire::Reader<'_>,
            ) -> Result<Self, $crate::field::Malformed> {
                Ok(Self::from_bits_retain(<$raw as $crate::wire::Wire>::read(reader)?))
            }
        }
    };
}

pub(crate) use {wire_flags, wire_struct};
