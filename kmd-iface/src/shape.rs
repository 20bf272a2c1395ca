//! What the contract is, as data: for programs that write it down in another language.
//!
//! The declarations of structures, enums and flags fill these tables, doc comments included, so that
//! nothing is said twice. Not here: the codec, which needs none of them; what nobody looks at is not
//! linked.

use crate::opcode::Opcode;

/// What a value is on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An unsigned integer of so many bytes.
    Integer(usize),
    /// A signed integer of so many bytes, in two's complement.
    Signed(usize),
    /// An integer whose values have names.
    Named(&'static Names),
    /// A structure.
    Structure(&'static Layout),
    /// A u32 count, and `places` places for an item each.
    List {
        /// What is in a place.
        item: &'static Shape,
        /// How many there are.
        places: usize,
    },
}

/// A structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The name of the Rust type.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// Bytes.
    pub size: usize,
    /// The members in order. Bytes between them and after them are reserved.
    pub members: &'static [Member],
}

/// One member of a structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The member's name.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// What it is.
    pub shape: Shape,
    /// Bytes from the start of the structure.
    pub offset: usize,
    /// Bytes that it takes.
    pub size: usize,
    /// The alignment that a C compiler gives it.
    pub align: usize,
}

/// The named values of an enum, or the flags of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names {
    /// The name of the Rust type.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// Bytes.
    pub size: usize,
    /// Whether values are bits that can be combined.
    pub is_flags: bool,
    /// Every value that has a name.
    pub values: &'static [Value],
}

/// A value with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// The name of the Rust constant.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// The value.
    pub value: u64,
}

/// A request and its reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The opcode of both.
    pub opcode: Opcode,
    /// The body that asks.
    pub request: Shape,
    /// The body of a reply that is no refusal.
    pub reply: Shape,
}

/// The text of the doc comments among `attributes`, a line each.
macro_rules! doc_text {
    ($(#[$kind:ident $($rest:tt)*])*) => {
        concat!($($crate::shape::doc_line!($kind $($rest)*),)* "")
    };
}

macro_rules! doc_line {
    (doc = $line:literal) => {
        concat!($line, "\n")
    };
    ($($other:tt)*) => {
        ""
    };
}

pub(crate) use {doc_line, doc_text};
