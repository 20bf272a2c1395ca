//! The C header that a vendor's miniport is compiled against, from the tables of `kmd-iface`.
//!
//! Structures, enums, flags and their comments come from [`miracast_kmd_iface::shape`], numbers from
//! the constants of that crate. Only what no table can say is written here: `chapters`, the order
//! of requests and the protocol of the ring.
//!
//! What it is not: no translator of Rust to C. A declaration that it cannot express ends it with a
//! panic, and a test prints the header.

#![forbid(unsafe_code)]

mod chapters;
mod comment;
mod contents;
mod limits;
mod names;
mod ring;
mod structure;
mod values;

use core::fmt::Write as _;

use miracast_kmd_iface::shape::Operation;

use crate::contents::Contents;

/// The text of miracast_kmd.h: ASCII, lines of at most 100 characters.
///
/// # Panics
/// If a declaration has no form in C.
pub fn text() -> String {
    let contents = Contents::collect();
    let mut out = String::from(chapters::OPENING);
    out.push_str(chapters::TYPES);
    chapter(&mut out, "Numbers of the protocol");
    limits::write(&mut out);
    chapter(&mut out, "Named values");
    for names in &contents.names {
        values::write(&mut out, names);
    }
    chapter(
        &mut out,
        "The header of every message, and the body of a refusal",
    );
    for layout in &contents.framing {
        structure::write(&mut out, layout);
    }
    chapter(&mut out, "Parts of bodies");
    for layout in &contents.parts {
        structure::write(&mut out, layout);
    }
    chapter(&mut out, "Requests of the driver: bodies and replies");
    operations(&mut out, contents::escapes());
    for layout in &contents.escapes {
        structure::write(&mut out, layout);
    }
    chapter(&mut out, "Messages of the miniport: bodies");
    operations(&mut out, contents::messages());
    for layout in &contents.messages {
        structure::write(&mut out, layout);
    }
    chapter(&mut out, "The chunk record and the ring");
    structure::write(&mut out, contents.chunk);
    ring::write(&mut out);
    out.push_str(chapters::CLOSING);
    out
}

fn chapter(out: &mut String, title: &str) {
    let rule = "-".repeat(94);
    let _ = write!(out, "/* {rule}\n * {title}\n * {rule} */\n\n");
}

/// The table of opcodes with the structures that go with each.
fn operations(out: &mut String, operations: &[Operation]) {
    out.push_str("/*\n");
    row(out, "opcode", "body of the request", "body of the reply");
    for operation in operations {
        let opcode = operation.opcode.name().expect("an operation has a name");
        row(
            out,
            &names::macro_name("Opcode", opcode),
            &contents::body_name(&operation.request),
            &contents::body_name(&operation.reply),
        );
    }
    out.push_str(" */\n\n");
}

fn row(out: &mut String, opcode: &str, request: &str, reply: &str) {
    let _ = writeln!(out, " * {opcode:<30} {request:<24} {reply}");
}

#[cfg(test)]
mod tests;
