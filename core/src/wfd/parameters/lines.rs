//! The lines of a body of `text/parameters`.

use crate::limits;
use crate::quirks::{Fired, Quirk};

/// One line of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The name, without blanks around it. It is never empty.
    pub name: &'a str,
    /// What follows the colon, without blanks around it; `None` for a bare name, also with a colon.
    pub value: Option<&'a str>,
}

/// The lines of `body`.
///
/// Sinks end lines with CR LF or LF only, put blanks before the colon or none behind it, and send
/// bare names (quirk Q12); the last line may have no end. Blank lines and lines that are not UTF-8
/// are left out. At most [`limits::BODY_LINES_MAX`] lines are looked at.
pub const fn lines(body: &[u8]) -> Lines<'_> {
    Lines {
        rest: body,
        left: limits::BODY_LINES_MAX,
        noticed: Fired::new(),
    }
}

/// Whether `body` has a line of this name, with or without a value: the form of `wfd_idr_request`
/// and `wfd_standby`, which some write with a colon.
pub fn mentions(body: &[u8], name: &str) -> bool {
    lines(body).any(|line| line.name.eq_ignore_ascii_case(name))
}

/// See [`lines`].
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    rest: &'a [u8],
    left: usize,
    noticed: Fired,
}

impl Lines<'_> {
    /// The quirks of the lines so far.
    pub const fn noticed(&self) -> Fired {
        self.noticed
    }

    /// Whether there is text behind the last line that is looked at.
    pub const fn is_cut(&self) -> bool {
        self.left == 0 && !self.rest.is_empty()
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.left > 0 && !self.rest.is_empty() {
            self.left -= 1;
            let end = self.rest.iter().position(|byte| *byte == b'\n');
            let (line, rest) = match end.and_then(|end| self.rest.split_at_checked(end + 1)) {
                Some(parts) => parts,
                None => (self.rest, &[][..]),
            };
            self.rest = rest;
            let Ok(text) = core::str::from_utf8(line) else {
                continue;
            };
            if let Some(line) = split(text) {
                self.noticed.note_if(!is_plain(text, &line), Quirk::Q12);
                return Some(line);
            }
        }
        None
    }
}

fn split(line: &str) -> Option<Line<'_>> {
    let (name, value) = line.split_once(':').unwrap_or((line, ""));
    let (name, value) = (name.trim(), value.trim());
    (!name.is_empty()).then_some(Line {
        name,
        value: (!value.is_empty()).then_some(value),
    })
}

/// Whether `text` is name, colon, blank, value and CRLF, which only the last line may lack.
fn is_plain(text: &str, line: &Line<'_>) -> bool {
    let has_end = text.ends_with("\r\n") || !text.ends_with('\n');
    let rest = text.strip_prefix(line.name);
    let separated = match line.value {
        None => rest.is_some_and(|rest| !rest.starts_with(' ')),
        Some(value) => rest
            .and_then(|rest| rest.strip_prefix(": "))
            .is_some_and(|rest| rest.starts_with(value)),
    };
    has_end && separated
}
