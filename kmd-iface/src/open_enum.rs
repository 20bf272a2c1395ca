//! Wire enums: integers with names. Any value can be held; only some have a name.

/// Declares a transparent integer type, its named values, `name()`, and its wire form.
///
/// Two names of one value do not compile: the second arm of `name` would be unreachable.
macro_rules! open_enum {
    (
        $(#[$($meta:tt)*])*
        pub struct $name:ident($raw:ty) {
            $($(#[$($value_meta:tt)*])* $value_name:ident = $value:literal,)*
        }
    ) => {
        $(#[$($meta)*])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(transparent)]
        pub struct $name(pub $raw);

        impl $name {
            $($(#[$($value_meta)*])* pub const $value_name: Self = Self($value);)*

            /// Every value that has a name.
            pub const ALL: &'static [Self] = &[$(Self::$value_name,)*];

            /// The name; `None` for a value that has none.
            pub const fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$value_name => Some(stringify!($value_name)),)*
                    Self(_) => None,
                }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => write!(f, concat!(stringify!($name), " {:#x}"), self.0),
                }
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
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
                    is_flags: false,
                    values: &[$($crate::shape::Value {
                        name: stringify!($value_name),
                        doc: $crate::shape::doc_text!($(#[$($value_meta)*])*),
                        value: $value,
                    },)*],
                });

            fn write(
                &self,
                writer: &mut $crate::wire::Writer<'_>,
            ) -> Result<(), $crate::wire::NoRoom> {
                self.0.write(writer)
            }

            fn read(
                reader: &mut $crate::wire::Reader<'_>,
            ) -> Result<Self, $crate::field::Malformed> {
                Ok(Self(<$raw as $crate::wire::Wire>::read(reader)?))
            }
        }
    };
}

pub(crate) use open_enum;
