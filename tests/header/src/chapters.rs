//! What no table can say: the text between the declarations, as C.

/// What the contract is, its rules, and the order of requests.
pub(crate) const OPENING: &str = include_str!("text/opening.h");

/// Integers and assertions for every compiler.
pub(crate) const TYPES: &str = include_str!("text/types.h");

/// How the two ends share the ring.
pub(crate) const RING: &str = include_str!("text/ring.h");

/// The end of the file.
pub(crate) const CLOSING: &str = "#endif /* MIRACAST_KMD_H */\n";
