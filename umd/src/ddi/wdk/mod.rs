//! Holds what [`super::abi`] says by hand against what the Windows Driver Kit says, at compile time.
//!
//! Two sources: wdk-sys, for what every driver uses, and [`kit`], which `build.rs` generates from
//! the kit's own netdispumdddi.h and d3dkmthk.h. The driver uses neither: with the kit and without
//! it, the same code is compiled.
//!
//! If a kit fails to compile here, its header differs from the one that the driver was written for
//! or names something otherwise. The error tells which. What a kit may lack, and what concerns only
//! these checks, is marked *may be removed*; everything else means that the driver must change.

mod layout;
mod same;
mod values;

/// The kit's declarations.
#[allow(
    warnings,
    clippy::all,
    clippy::pedantic,
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    reason = "generated, from headers that differ from kit to kit"
)]
mod kit {
    include!(concat!(env!("OUT_DIR"), "/kit.rs"));
}
