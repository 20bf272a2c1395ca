//! One line of a message's head: where it ends, whether it is text, and the field that it holds.

use crate::quirks::{Fired, Quirk};

/// `line` without its line end, which may be CRLF or LF (rule `line_end`, quirk Q12).
pub(super) fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// `bytes` as text: UTF-8 (S2.1 §6.6) without control characters other than the tab. What gets
/// through here can be logged and echoed without a line break of the peer's own in it.
pub(super) fn text(bytes: &[u8]) -> Option<&str> {
    let text = core::str::from_utf8(bytes).ok()?;
    let plain = |character: char| character == '\t' || !character.is_control();
    text.chars().all(plain).then_some(text)
}

/// Name and value of a header line, both trimmed. `None` for a line that is no header field and is
/// passed over: one without a colon, or one that begins with white space (rule `folding`).
pub(super) fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    if line.first()?.is_ascii_whitespace() {
        return None;
    }
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    // Rule `backslash` (quirk Q13): `\Public: ...` is `Public: ...`.
    let name = name.strip_prefix(b"\\").unwrap_or(name).trim_ascii();
    let value = value.strip_prefix(b":").unwrap_or(value).trim_ascii();
    (!name.is_empty()).then_some((name, value))
}

/// What is tolerated in a header line, which has no line end any more.
pub(super) fn noticed(line: &[u8]) -> Fired {
    let mut fired = Fired::new();
    let Some((name, value)) = field(line) else {
        fired.note(Quirk::Q12);
        return fired;
    };
    let plain = line
        .strip_prefix(name)
        .and_then(|rest| rest.strip_prefix(b": "));
    let is_public = name.eq_ignore_ascii_case(b"Public");
    let is_quoted = is_public && value.starts_with(b"\"");
    let has_backslash = line.starts_with(b"\\");
    let is_plain =
        has_backslash || value.is_empty() || plain.is_some_and(|rest| rest.starts_with(value));
    fired.note_if(!is_plain, Quirk::Q12);
    fired.note_if(is_quoted || has_backslash, Quirk::Q13);
    fired
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_the_field_are_noticed() {
        let ids = |line: &str| std::format!("{}", noticed(line.as_bytes()));
        for plain in ["CSeq: 1", "CSeq:", "Session: 1;timeout=30 ", "Public: a, b"] {
            assert_eq!(ids(plain), "none", "{plain}");
        }
        for line in ["CSeq:1", "CSeq : 1", "CSeq:  1", " folded: x", "bare"] {
            assert_eq!(ids(line), "Q12", "{line}");
        }
        for line in ["\\Public: a", "Public: \"a, b\""] {
            assert_eq!(ids(line), "Q13", "{line}");
        }
    }
}
