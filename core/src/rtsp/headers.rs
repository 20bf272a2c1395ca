//! The header fields of one message, read in place.

use super::line;
use core::fmt;

/// The header lines of a message. Nothing is copied: each look-up walks the lines, of which there
/// are at most [`RTSP_HEADERS_MAX`](crate::limits::RTSP_HEADERS_MAX).
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Headers<'a> {
    block: &'a [u8],
}

impl<'a> Headers<'a> {
    /// The fields in `block`: whole lines, without the start line and the empty line.
    pub(super) const fn new(block: &'a [u8]) -> Self {
        Self { block }
    }

    /// The value of the first field called `name`, trimmed. Names are compared without regard to
    /// case (S2.1 §6.6.5).
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let called = |field: &(&str, &str)| field.0.eq_ignore_ascii_case(name);
        self.iter().find(called).map(|(_, value)| value)
    }

    /// Names and values, trimmed, in the order of the message. A line that is no field, or that is
    /// not text, is passed over (rules `folding` and `not_text`).
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.block
            .split_inclusive(|byte| *byte == b'\n')
            .filter_map(|line| line::field(line::without_end(line)))
            .filter_map(|(name, value)| Some((line::text(name)?, line::text(value)?)))
    }

    /// The items of every field called `name`, whose values are lists separated by commas, such as
    /// `Public` and `Require`. Quotes around an item or the whole list are not part of it (rule
    /// `quoted_list`, quirk Q13).
    pub fn list<'n>(&self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        let edge = |character: char| character == '"' || character.is_ascii_whitespace();
        self.iter()
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
            .flat_map(|(_, value)| value.split(','))
            .map(move |item| item.trim_matches(edge))
            .filter(|item| !item.is_empty())
    }

    /// The sequence number; `None` if the field is missing or is not a number of 32 bits.
    pub fn cseq(&self) -> Option<u32> {
        let value = self.get("CSeq")?;
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| value.parse().ok()).flatten()
    }

    /// The session id without its parameters: some sinks echo `;timeout=N` (interop rule 9).
    /// `None` if the field is missing or empty, as with older sinks (quirk Q7).
    pub fn session(&self) -> Option<&'a str> {
        let value = self.get("Session")?;
        let id = value.split(';').next()?.trim();
        (!id.is_empty()).then_some(id)
    }
}

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn the_first_of_several_fields_counts_and_case_does_not() {
        let headers = Headers::new(b"CSeq: 7\r\nSESSION: a\r\nsession: b\r\n");
        assert_eq!(headers.get("cseq"), Some("7"));
        assert_eq!(headers.get("Session"), Some("a"));
        assert_eq!(headers.get("Public"), None);
    }

    #[test]
    fn q12_spaces_around_the_colon_are_free() {
        for block in ["a : b\r\n", "a:b\r\n", "a:  b \n", "a\t:\tb\n", "a: b"] {
            assert_eq!(
                Headers::new(block.as_bytes()).get("a"),
                Some("b"),
                "{block:?}"
            );
        }
    }

    #[test]
    fn lines_that_are_no_field_are_passed_over() {
        let block =
            b"bare\r\n: nameless\r\n folded: x\r\n\ttoo: y\r\nbad: \xFF\r\nnul: \0\r\nok: 1\r\n";
        let fields: Vec<_> = Headers::new(block).iter().collect();
        assert_eq!(fields, [("ok", "1")]);
    }

    #[test]
    fn q13_backslash_and_quotes() {
        let headers = Headers::new(b"\\Public: \"org.wfa.wfd1.0, GET_PARAMETER\" , \"X\",,\r\n");
        let items: Vec<_> = headers.list("public").collect();
        assert_eq!(items, ["org.wfa.wfd1.0", "GET_PARAMETER", "X"]);
    }

    #[test]
    fn sequence_numbers_are_decimal_and_of_32_bits() {
        let cseq = |block: &'static str| Headers::new(block.as_bytes()).cseq();
        assert_eq!(cseq("CSeq: 0\n"), Some(0));
        assert_eq!(cseq("CSeq: 4294967295\n"), Some(u32::MAX));
        for bad in [
            "",
            "CSeq: 4294967296\n",
            "CSeq: +1\n",
            "CSeq: -1\n",
            "CSeq:\n",
            "CSeq: 1 2\n",
        ] {
            assert_eq!(cseq(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_session_id_ends_before_its_parameters() {
        let session = |block: &'static str| Headers::new(block.as_bytes()).session();
        assert_eq!(session("Session: 12;timeout=30\n"), Some("12"));
        assert_eq!(session("Session: 12 ; timeout=30\n"), Some("12"));
        assert_eq!(session("Session:\n"), None);
        assert_eq!(session("Session: ;timeout=30\n"), None);
    }
}
