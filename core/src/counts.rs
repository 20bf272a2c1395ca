//! [`counts!`](crate::counts!): a name for each count of a structure.
//!
//! What it is not: it counts nothing, and does not say who reads the counts.

/// Gives a structure whose fields are counts (`u64`) two associated items: `NAMES`, what each is called,
/// and `values`, what each is, in the same order. A field that is not a count is named behind `but`.
///
/// A field that is left out is an error: nothing is counted that nobody can read.
///
/// ```
/// struct Doors {
///     opened: u64,
///     shut: u64,
///     colour: &'static str,
/// }
///
/// miracast_core::counts!(Doors { opened: "DoorsOpened", shut: "DoorsShut" } but colour);
///
/// let doors = Doors { opened: 3, shut: 2, colour: "green" };
/// assert_eq!(Doors::NAMES, ["DoorsOpened", "DoorsShut"]);
/// assert_eq!(doors.values(), [3, 2]);
/// ```
#[macro_export]
macro_rules! counts {
    ($counted:ident { $($field:ident: $name:literal),+ $(,)? } $(but $($other:ident),+)?) => {
        impl $counted {
            /// The name of each count.
            pub const NAMES: [&'static str; [$($name),+].len()] = [$($name),+];

            /// Each count, in the order of [`Self::NAMES`].
            pub const fn values(&self) -> [u64; Self::NAMES.len()] {
                let Self { $($field,)+ $($($other: _,)+)? } = self;
                [$(*$field),+]
            }
        }
    };
}
