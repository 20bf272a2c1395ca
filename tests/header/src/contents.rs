//! What is in the header, in the order in which C wants it: found by walking from the operations.

use miracast_kmd_iface::chunk::ChunkRecord;
use miracast_kmd_iface::codec::{Nothing, RefusalBody};
use miracast_kmd_iface::escape::Escape;
use miracast_kmd_iface::header::Header;
use miracast_kmd_iface::message::Message;
use miracast_kmd_iface::shape::{Layout, Names, Operation};
use miracast_kmd_iface::wire::Wire;
use miracast_kmd_iface::{NtStatus, Shape};

use crate::names;

/// The declarations of the header.
pub(crate) struct Contents {
    /// Enums and flags; NTSTATUS is not among them, because only a part of its names is wanted.
    pub(crate) names: Vec<&'static Names>,
    /// What every message has.
    pub(crate) framing: Vec<&'static Layout>,
    /// Structures inside of others, before those that they are in.
    pub(crate) parts: Vec<&'static Layout>,
    /// Bodies of requests of the driver and of their replies.
    pub(crate) escapes: Vec<&'static Layout>,
    /// Bodies of messages of the miniport.
    pub(crate) messages: Vec<&'static Layout>,
    /// The chunk record.
    pub(crate) chunk: &'static Layout,
}

/// The requests of the driver.
pub(crate) fn escapes() -> &'static [Operation] {
    Escape::OPERATIONS
}

/// The messages of the miniport.
pub(crate) fn messages() -> &'static [Operation] {
    Message::OPERATIONS
}

impl Contents {
    pub(crate) fn collect() -> Self {
        let framing = vec![layout(&Header::SHAPE), layout(&RefusalBody::SHAPE)];
        let escapes = bodies(escapes());
        let messages = bodies(messages());
        let chunk = layout(&ChunkRecord::SHAPE);
        let (mut names, mut parts) = (Vec::new(), Vec::new());
        for body in framing
            .iter()
            .chain(&escapes)
            .chain(&messages)
            .chain([&chunk])
        {
            walk(body, &mut names, &mut parts);
        }
        Self {
            names,
            framing,
            parts,
            escapes,
            messages,
            chunk,
        }
    }
}

/// The C name of a body; "nothing" for one of no bytes, which C cannot declare.
pub(crate) fn body_name(body: &Shape) -> String {
    let layout = layout(body);
    if layout.size == 0 {
        "nothing".into()
    } else {
        names::type_name(layout.name)
    }
}

fn layout(body: &Shape) -> &'static Layout {
    match body {
        Shape::Structure(layout) => layout,
        other => panic!("{other:?} is no structure"),
    }
}

fn bodies(operations: &[Operation]) -> Vec<&'static Layout> {
    let both = operations.iter().flat_map(|o| [o.request, o.reply]);
    let layouts = both.map(|body| layout(&body));
    // The empty body that several operations share is declared nowhere.
    let nothing = layout(&Nothing::SHAPE).name;
    let mut declared = Vec::new();
    for layout in layouts.filter(|layout| layout.size != 0 && layout.name != nothing) {
        if !declared.contains(&layout) {
            declared.push(layout);
        }
    }
    declared
}

fn walk(body: &Layout, names: &mut Vec<&'static Names>, parts: &mut Vec<&'static Layout>) {
    for member in body.members {
        let mut shape = member.shape;
        if let Shape::List { item, .. } = shape {
            shape = *item;
        }
        match shape {
            Shape::Structure(part) if !parts.contains(&part) => {
                walk(part, names, parts);
                parts.push(part);
            }
            Shape::Named(enumeration) if !names.contains(&enumeration) => {
                if Shape::Named(enumeration) != NtStatus::SHAPE {
                    names.push(enumeration);
                }
            }
            Shape::Structure(_) | Shape::Named(_) | Shape::Integer(_) | Shape::Signed(_) => {}
            Shape::List { .. } => panic!("a list of lists has no C declaration"),
        }
    }
}
