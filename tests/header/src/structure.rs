//! A structure and the assertions that hold the compiler to its layout.

use core::fmt::Write as _;

use miracast_kmd_iface::Shape;
use miracast_kmd_iface::shape::{Layout, Member};

use crate::{comment, names};

/// Writes the declaration and its assertions.
pub(crate) fn write(out: &mut String, layout: &Layout) {
    let name = names::type_name(layout.name);
    let mut asserts = format!("MCKI_ASSERT(sizeof({name}) == {});\n", layout.size);
    comment::block(out, 0, layout.doc);
    let _ = writeln!(out, "typedef struct {name} {{");
    let mut end = 0;
    for member in layout.members {
        reserved(out, end, member.offset);
        comment::block(out, 4, member.doc);
        for (field, declaration, offset) in fields(member) {
            let _ = writeln!(out, "    {declaration};");
            let _ = writeln!(
                asserts,
                "MCKI_ASSERT(offsetof({name}, {field}) == {offset});"
            );
        }
        end = member.offset + member.size;
    }
    reserved(out, end, layout.size);
    let _ = writeln!(out, "}} {name};\n{asserts}");
}

/// Bytes that belong to no member. They are named by their offset.
fn reserved(out: &mut String, start: usize, end: usize) {
    if start < end {
        let _ = writeln!(out, "    mcki_u8 reserved_{start}[{}];", end - start);
    }
}

/// The C members of one member: name, declaration, offset. A list is two, its count and its places.
fn fields(member: &Member) -> Vec<(String, String, usize)> {
    let Member { name, offset, .. } = *member;
    match member.shape {
        Shape::List { item, places } => {
            let count = format!("{name}_count");
            let declared = format!("mcki_u32 {count}");
            let array = format!("{} {name}[{places}]", type_of(item));
            vec![(count, declared, offset), (name.into(), array, offset + 4)]
        }
        one => vec![(name.into(), format!("{} {name}", type_of(&one)), offset)],
    }
}

fn type_of(shape: &Shape) -> String {
    match shape {
        Shape::Integer(bytes) => names::integer(*bytes),
        Shape::Signed(bytes) => names::signed_integer(*bytes),
        Shape::Named(names) => names::integer(names.size),
        Shape::Structure(layout) => names::type_name(layout.name),
        Shape::List { .. } => panic!("a list inside of a list has no C type"),
    }
}
