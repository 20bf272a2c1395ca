//! The first line of a message.

use super::{Malformed, Method, Status, line};

/// What the first line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StartLine<'a> {
    Request { method_name: &'a str, uri: &'a str },
    Status { status: Status, reason: &'a str },
}

impl<'a> StartLine<'a> {
    /// Reads `line`, which has no line end any more.
    ///
    /// # Errors
    /// [`Malformed::NotText`] and [`Malformed::BadStartLine`] if it is no start line at all,
    /// [`Malformed::UnsupportedVersion`] and [`Malformed::BadStatus`] if it is one that cannot be
    /// used.
    pub(super) fn parse(line: &'a [u8]) -> Result<Self, Malformed> {
        let text = line::text(line).ok_or(Malformed::NotText)?.trim_end();
        match text.split_once(' ') {
            Some((first, rest)) if version(first).is_some() => Self::status_line(first, rest),
            Some((method_name, rest)) if is_method_name(method_name) => {
                Self::request_line(method_name, rest)
            }
            _ => Err(Malformed::BadStartLine),
        }
    }

    /// Whether this is a request whose body may be the one of rule `idr_request`.
    pub(super) fn is_set_parameter(&self) -> bool {
        match self {
            Self::Request { method_name, .. } => *method_name == Method::SetParameter.name(),
            Self::Status { .. } => false,
        }
    }

    /// Whether this is a request without the URI that every request must have (quirk Q1).
    pub(super) fn has_no_uri(&self) -> bool {
        matches!(self, Self::Request { uri: "", .. })
    }

    fn status_line(version_word: &str, rest: &'a str) -> Result<Self, Malformed> {
        check_version(version_word)?;
        let rest = rest.trim_start();
        let (code, reason) = rest.split_once(' ').unwrap_or((rest, ""));
        let digits = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
        let code = code.parse().ok().filter(|code| digits && *code >= 100);
        Ok(Self::Status {
            status: Status(code.ok_or(Malformed::BadStatus)?),
            reason: reason.trim(),
        })
    }

    /// The version is the last word. Between it and the method there may be nothing (quirk Q1) or
    /// more than the URI: a sink sends the whole value of `wfd_presentation_URL`, `none` included
    /// (rule `words_after_uri`). The URI is the first word.
    fn request_line(method_name: &'a str, rest: &'a str) -> Result<Self, Malformed> {
        let rest = rest.trim_start();
        // The same as `rsplit_once`, which can panic as far as the compiler sees.
        let last = rest.bytes().rposition(|byte| byte == b' ');
        let split = last.and_then(|space| Some((rest.get(..space)?, rest.get(space + 1..)?)));
        let (words, version_word) = split.unwrap_or(("", rest));
        check_version(version_word)?;
        let uri = words.split_ascii_whitespace().next().unwrap_or("");
        Ok(Self::Request { method_name, uri })
    }
}

/// The digits of `RTSP/1.0`, if `word` is of that form.
fn version(word: &str) -> Option<&str> {
    const PROTOCOL: &str = "RTSP/";
    let (protocol, digits) = word.split_at_checked(PROTOCOL.len())?;
    protocol.eq_ignore_ascii_case(PROTOCOL).then_some(digits)
}

/// Every minor version of RTSP 1 is framed alike; what a 2 or an HTTP would be is not known.
fn check_version(word: &str) -> Result<(), Malformed> {
    let digits = version(word).ok_or(Malformed::BadStartLine)?;
    let minor = digits
        .strip_prefix("1.")
        .ok_or(Malformed::UnsupportedVersion)?;
    let known = !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit());
    if known {
        Ok(())
    } else {
        Err(Malformed::UnsupportedVersion)
    }
}

/// The part of RFC 2326's `token` that methods are made of. A header line does not pass: its first
/// word ends with a colon.
fn is_method_name(word: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    !word.is_empty() && word.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(line: &str) -> (&str, &str) {
        match StartLine::parse(line.as_bytes()) {
            Ok(StartLine::Request { method_name, uri }) => (method_name, uri),
            other => panic!("{line:?}: {other:?}"),
        }
    }

    #[test]
    fn requests() {
        assert_eq!(request("OPTIONS * RTSP/1.0"), ("OPTIONS", "*"));
        assert_eq!(request("PLAY rtsp://a/b rtsp/1.0 "), ("PLAY", "rtsp://a/b"));
        assert_eq!(request("FOO-1 x RTSP/1.12"), ("FOO-1", "x"));
    }

    #[test]
    fn q1_a_request_without_uri() {
        assert_eq!(request("SETUP  RTSP/1.0"), ("SETUP", ""));
        assert_eq!(request("SETUP RTSP/1.0"), ("SETUP", ""));
    }

    #[test]
    fn words_after_uri_are_dropped() {
        let line = "SETUP rtsp://127.0.0.1/wfd1.0/streamid=0 none RTSP/1.0";
        assert_eq!(
            request(line),
            ("SETUP", "rtsp://127.0.0.1/wfd1.0/streamid=0")
        );
    }

    #[test]
    fn status_lines() {
        let status = |line: &'static str| StartLine::parse(line.as_bytes());
        for (line, code, reason) in [
            ("RTSP/1.0 200 OK", 200, "OK"),
            ("rtsp/1.0  303  See Other", 303, "See Other"),
            ("RTSP/1.0 406 in-play-state", 406, "in-play-state"),
            ("RTSP/1.0 200", 200, ""),
        ] {
            let status_line = StartLine::Status {
                status: Status(code),
                reason,
            };
            assert_eq!(status(line), Ok(status_line), "{line:?}");
        }
        for bad in [
            "RTSP/1.0 20",
            "RTSP/1.0 2000 OK",
            "RTSP/1.0 +20 OK",
            "RTSP/1.0 099 X",
        ] {
            assert_eq!(status(bad), Err(Malformed::BadStatus), "{bad:?}");
        }
    }

    #[test]
    fn what_is_no_start_line() {
        let error = |line: &'static [u8]| StartLine::parse(line).expect_err("no start line");
        assert_eq!(error(b"PLAY \xFF RTSP/1.0"), Malformed::NotText);
        assert_eq!(error(b"PLAY \0 RTSP/1.0"), Malformed::NotText);
        assert_eq!(error(b"PLAY a RTSP/2.0"), Malformed::UnsupportedVersion);
        assert_eq!(error(b"PLAY a RTSP/1."), Malformed::UnsupportedVersion);
        assert_eq!(error(b"RTSP/3.0 200 OK"), Malformed::UnsupportedVersion);
        for line in [
            "",
            "PLAY",
            "PLAY a",
            "PLAY a HTTP/1.1",
            "CSeq: RTSP/1.0",
            " PLAY a RTSP/1.0",
            "RTSP/1.0",
            "wfd_idr_request",
        ] {
            assert_eq!(error(line.as_bytes()), Malformed::BadStartLine, "{line:?}");
        }
    }
}
