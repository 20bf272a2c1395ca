//! Rule `idr_request` (quirk Q6): the body of M13 ends where its one line ends, whatever
//! Content-Length says.
//!
//! An old dongle sends `SET_PARAMETER` with the body `wfd_idr_request` and a wrong length. Followed
//! to the letter, a length that is too large swallows the beginning of the next message, and one
//! that is too small leaves the end of the line before it: either way the session is lost for a
//! request that could be understood. The body of M13 is this one line (S2.1 §4.10.5), so its end is
//! known without the length.
//!
//! The rule does not wait for bytes that may never come, with one exception: a body that stops in
//! the middle of the name is no parameter of Wi-Fi Display, so the rest of the line is awaited. A
//! length of 0 is believed, because an empty `SET_PARAMETER` is a keep-alive (quirk Q22) and must
//! be answered at once. The line that then follows is a stray line of the parser, and the one stray
//! line that is not skipped: nobody asks for an IDR picture by accident.

const NAME: &[u8] = b"wfd_idr_request";

/// The longest form of the line, with CRLF.
const LINE_MAX: usize = NAME.len() + 2;

/// How a body begins.
enum Beginning {
    /// With the whole line, of so many bytes.
    Line(usize),
    /// So far like the line.
    Open,
    /// With something else.
    Other,
}

/// The length of the body of a `SET_PARAMETER` request of which `held` has arrived, `declared` is
/// Content-Length, and at most `room` bytes can be held. `None` until it is known.
///
/// The answer depends on the bytes only and not on how many of them are there when it is asked.
pub(super) fn body_length(held: &[u8], declared: usize, room: usize) -> Option<usize> {
    let by_length = (held.len() >= declared).then_some(declared);
    let whole_name = (NAME.len()..LINE_MAX).contains(&declared);
    if declared == 0 || whole_name || room < LINE_MAX {
        return by_length;
    }
    match beginning(held) {
        Beginning::Line(length) => Some(length),
        Beginning::Open => None,
        Beginning::Other => by_length,
    }
}

/// Whether a line, without its end, is this body.
pub(super) fn is_line(text: &[u8]) -> bool {
    text.trim_ascii().eq_ignore_ascii_case(NAME)
}

fn beginning(held: &[u8]) -> Beginning {
    let (name, end) = held.split_at(held.len().min(NAME.len()));
    match (name, end) {
        (name, _) if !NAME[..name.len()].eq_ignore_ascii_case(name) => Beginning::Other,
        (_, [b'\n', ..]) => Beginning::Line(NAME.len() + 1),
        (_, [b'\r', b'\n', ..]) => Beginning::Line(LINE_MAX),
        (_, [] | [b'\r']) => Beginning::Open,
        (_, _) => Beginning::Other,
    }
}
