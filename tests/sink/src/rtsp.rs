//! RTSP/1.0 messages of Wi-Fi Display, read strictly.
//!
//! A line ends with CR LF and with nothing else, a body has the length that the header states.
//! What deviates is not repaired: real sinks differ in what they survive, so a source that this
//! reader accepts is safe with all of them.

/// Longest message that is read; the longest of Wi-Fi Display are some 5 KB.
const MESSAGE_MAX: usize = 64 * 1024;

/// One message, as it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The request or status line.
    pub start: String,
    /// Header lines, name and the rest of the line behind the colon.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// All its bytes.
    pub bytes: Vec<u8>,
}

impl Message {
    /// Method and Request-URI, if this is a request of version 1.0.
    pub fn request(&self) -> Option<(&str, &str)> {
        let rest = self.start.strip_suffix(" RTSP/1.0")?;
        rest.split_once(' ')
            .filter(|(method, uri)| !method.is_empty() && !uri.contains(' '))
    }

    /// The status, if this is a response of version 1.0.
    pub fn status(&self) -> Option<u16> {
        let rest = self.start.strip_prefix("RTSP/1.0 ")?;
        let (code, reason) = rest.split_once(' ')?;
        let three = code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit());
        code.parse().ok().filter(|_| three && !reason.is_empty())
    }

    /// The value of a header, blanks cut off; names are compared as the protocol does, without
    /// regard to case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    }

    /// The body as text.
    pub fn text(&self) -> Option<&str> {
        core::str::from_utf8(&self.body).ok()
    }
}

/// Bytes that are no message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unparsable(pub String);

/// Cuts a byte stream into messages.
#[derive(Clone, Debug, Default)]
pub struct Splitter {
    buffer: Vec<u8>,
}

impl Splitter {
    /// Takes what a read brought.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Bytes of a message that is not whole yet.
    pub fn pending(&self) -> usize {
        self.buffer.len()
    }

    /// The next whole message.
    ///
    /// # Errors
    /// What is there can never become a message. There is no going on after that.
    pub fn next_message(&mut self) -> Result<Option<Message>, Unparsable> {
        let Some(head) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") else {
            // The blank line may never come: look at what can already be judged.
            if self.buffer.len() > MESSAGE_MAX || bare_line_end(&self.buffer) {
                return Err(unparsable("no message", &self.buffer));
            }
            return Ok(None);
        };
        let Some((start, headers)) = parse_head(self.buffer.get(..head).unwrap_or_default()) else {
            return Err(unparsable("header", &self.buffer));
        };
        let Some(length) = body_length(&headers) else {
            return Err(unparsable("Content-Length", &self.buffer));
        };
        let whole = head + 4 + length;
        if self.buffer.len() < whole {
            return Ok(None);
        }
        let rest = self.buffer.split_off(whole);
        let bytes = core::mem::replace(&mut self.buffer, rest);
        let body = bytes.get(head + 4..).unwrap_or_default().to_vec();
        Ok(Some(Message {
            start,
            headers,
            body,
            bytes,
        }))
    }
}

fn unparsable(what: &str, bytes: &[u8]) -> Unparsable {
    let shown = bytes.get(..120).unwrap_or(bytes);
    Unparsable(format!("{what}: {:?}", String::from_utf8_lossy(shown)))
}

/// Whether CR and LF occur other than together. A CR at the very end may still get its LF.
fn bare_line_end(bytes: &[u8]) -> bool {
    let pairs = bytes
        .windows(2)
        .any(|w| matches!(w, [b'\r', other] if *other != b'\n'));
    let feeds = bytes
        .windows(2)
        .any(|w| matches!(w, [other, b'\n'] if *other != b'\r'));
    pairs || feeds || bytes.first() == Some(&b'\n')
}

fn parse_head(head: &[u8]) -> Option<(String, Vec<(String, String)>)> {
    if bare_line_end(head) {
        return None;
    }
    let mut lines = core::str::from_utf8(head).ok()?.split("\r\n");
    let start = lines.next().filter(|l| !l.is_empty())?.to_owned();
    let pair = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_owned(), value.to_owned()))
    };
    let headers = lines.map(pair).collect::<Option<Vec<_>>>()?;
    Some((start, headers))
}

/// The stated length, 0 if none is stated; `None` if it is no number or too large.
fn body_length(headers: &[(String, String)]) -> Option<usize> {
    let stated = headers
        .iter()
        .find(|(n, _)| n.eq_ignore_ascii_case("Content-Length"));
    let Some((_, value)) = stated else {
        return Some(0);
    };
    let length = value.trim().parse::<u32>().ok()? as usize;
    (length <= MESSAGE_MAX).then_some(length)
}

/// Builds a message: start line, headers, and a body with its length and type if there is one.
pub fn write(start: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("{start}\r\n");
    for (name, value) in headers {
        text.extend([name, ": ", value, "\r\n"]);
    }
    if !body.is_empty() {
        text += "Content-Type: text/parameters\r\n";
        text.extend(["Content-Length: ", &body.len().to_string(), "\r\n"]);
    }
    text += "\r\n";
    text += body;
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::{Splitter, write};

    const TRIGGER: &str = "SET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0\r\nCSeq: 4\r\n\
        Content-Type: text/parameters\r\nContent-Length: 27\r\n\r\nwfd_trigger_method: SETUP\r\n";

    #[test]
    fn the_worked_trigger_is_written_and_read_at_every_split() {
        let start = "SET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0";
        let bytes = write(start, &[("CSeq", "4")], "wfd_trigger_method: SETUP\r\n");
        assert_eq!(bytes, TRIGGER.as_bytes());
        for cut in 0..bytes.len() {
            let mut splitter = Splitter::default();
            splitter.push(&bytes[..cut]);
            assert_eq!(splitter.next_message(), Ok(None), "cut at {cut}");
            splitter.push(&bytes[cut..]);
            let message = splitter.next_message().unwrap().unwrap();
            assert_eq!(
                message.request(),
                Some(("SET_PARAMETER", "rtsp://localhost/wfd1.0"))
            );
            assert_eq!(message.header("cseq"), Some("4"));
            assert_eq!(message.text(), Some("wfd_trigger_method: SETUP\r\n"));
            assert_eq!(message.status(), None);
            assert_eq!((message.bytes, splitter.pending()), (bytes.clone(), 0));
        }
    }

    #[test]
    fn two_messages_in_one_push() {
        let mut splitter = Splitter::default();
        splitter.push(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\nOPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n");
        assert_eq!(
            splitter.next_message().unwrap().unwrap().status(),
            Some(200)
        );
        assert_eq!(
            splitter.next_message().unwrap().unwrap().request(),
            Some(("OPTIONS", "*"))
        );
        assert_eq!(splitter.next_message(), Ok(None));
    }

    #[test]
    fn what_is_no_message_is_refused_at_once() {
        let cases: [&[u8]; 6] = [
            b"RTSP/1.0 200 OK\nCSeq: 1\n\n",
            b"RTSP/1.0 200 OK\rX",
            b"\r\n\r\n",
            b"RTSP/1.0 200 OK\r\nno colon\r\n\r\n",
            b"RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n",
            b"RTSP/1.0 200 OK\r\nContent-Length: 70000\r\n\r\n",
        ];
        for bytes in cases {
            let mut splitter = Splitter::default();
            splitter.push(bytes);
            assert!(splitter.next_message().is_err(), "{}", bytes.escape_ascii());
        }
        let mut splitter = Splitter::default();
        splitter.push(&vec![b'x'; super::MESSAGE_MAX + 1]);
        assert!(splitter.next_message().is_err());
    }
}
