//! Enums and flags as macros: a C enum has no size of its own, and `#if` cannot see it.

use miracast_kmd_iface::shape::{Names, Value};

use crate::{comment, names};

/// Writes all names of an enum or a set of flags.
pub(crate) fn write(out: &mut String, names: &Names) {
    let kind = if names.is_flags { "Flags" } else { "Values" };
    let place = format!("{kind} in an {}.", names::integer(names.size));
    comment::block(out, 0, &format!("{}\n\n{place}", names.doc));
    let named = |value: &Value| names::macro_name(names.name, value.name);
    let width = names
        .values
        .iter()
        .map(|value| named(value).len())
        .max()
        .unwrap_or(0);
    for value in names.values {
        let hex = format!("0x{:0digits$X}u", value.value, digits = names.size * 2);
        comment::define(
            out,
            &format!("#define {:<width$} {hex}", named(value)),
            value.doc,
        );
    }
    out.push('\n');
}
