//! From the names of Rust to those of C: everything begins with MCKI, as every message does.

/// `StreamOpen` to `MCKI_STREAM_OPEN`.
pub(crate) fn type_name(rust: &str) -> String {
    let mut name = String::from("MCKI");
    for letter in rust.chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

/// `Connector`, `HDMI` to `MCKI_CONNECTOR_HDMI`.
pub(crate) fn macro_name(rust_type: &str, value: &str) -> String {
    // As in ntstatus.h, but for the prefix: a miniport includes that too.
    let family = if rust_type == "NtStatus" {
        "MCKI_STATUS".into()
    } else {
        type_name(rust_type)
    };
    format!("{family}_{value}")
}

/// `1` to `mcki_u8`.
pub(crate) fn integer(bytes: usize) -> String {
    format!("mcki_u{}", bytes * 8)
}

/// `2` to `mcki_i16`.
pub(crate) fn signed_integer(bytes: usize) -> String {
    format!("mcki_i{}", bytes * 8)
}

/// What a path in a link of a doc comment is called in C: `ModeSet::sequence`, `Features::HEVC`,
/// `MESSAGE_MAX`.
pub(crate) fn of_path(path: &str) -> String {
    let is_constant = |name: &str| !name.contains(|letter: char| letter.is_ascii_lowercase());
    match path.rsplit_once("::") {
        Some((owner, value)) if is_constant(value) => macro_name(last(owner), value),
        Some((owner, member)) if member.starts_with(|first: char| first.is_ascii_lowercase()) => {
            format!("{}.{member}", type_name(last(owner)))
        }
        None if is_constant(path) => format!("MCKI_{path}"),
        _ => type_name(last(path)),
    }
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}
