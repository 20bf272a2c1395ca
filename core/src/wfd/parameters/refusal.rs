//! The body of a 303 answer to M4: which parameters the sink refuses, and why (S2.1 §6.2.3).

use core::fmt;

use super::lines;
use crate::wfd::fields::decimal;

/// A reason code (S2.1 Table 96).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusalCode(pub u16);

impl fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let meaning = match self.0 {
            400 => "wrong syntax",
            401 => "unacceptable RTP port",
            404 => "parameter not offered",
            415 => "unsupported format",
            451 => "parameter not understood",
            453 => "bit rate may be too high",
            457 => "unsupported profile or level",
            458 => "update not allowed",
            465 => "no reason known",
            552 => "suggested resolution not accepted",
            553 => "suggested frame rate not accepted",
            _ => "unknown code",
        };
        write!(f, "{} {meaning}", self.0)
    }
}

/// The refused parameters of `body` with their codes, one pair for each code. What is not a code is
/// passed over.
pub fn refusals(body: &[u8]) -> impl Iterator<Item = (&str, RefusalCode)> {
    lines(body).flat_map(|line| {
        let codes = line.value.unwrap_or_default().split(',');
        codes.filter_map(move |code| {
            let code = decimal(code.trim()).ok().filter(|code| *code != 0);
            code.map(|code| (line.name, RefusalCode(code)))
        })
    })
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use super::*;

    #[test]
    fn every_code_of_every_parameter_is_read() {
        let body = b"wfd_video_formats: 415, 457\r\nwfd_audio_codecs:415\r\nx: y, 70000\r\nz\r\n";
        let read: Vec<_> = refusals(body).collect();
        let expected = [
            ("wfd_video_formats", RefusalCode(415)),
            ("wfd_video_formats", RefusalCode(457)),
            ("wfd_audio_codecs", RefusalCode(415)),
        ];
        assert_eq!(read, expected);
        assert_eq!(read[0].1.to_string(), "415 unsupported format");
        assert_eq!(RefusalCode(999).to_string(), "999 unknown code");
        assert_eq!(refusals(b"").count(), 0);
    }
}
