//! Messages of the sink in other forms than they should have, as sinks of the field write them.
//!
//! The machine writes every message as it should be; what is here changes the bytes just before they
//! are sent, and keeps Content-Length true unless that is what is changed.

/// The name of a header that says how long the body is.
const LENGTH: &str = "Content-Length";

/// One deviation of form. Messages are meant by their names in the log, such as `M6 SETUP`; `*` is
/// every message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Distortion {
    /// The request URI of this message is replaced; an empty one leaves nothing between two blanks.
    Uri(&'static str, &'static str),
    /// A header of this message has this value: it is added if it is not there. `{port}` stands for
    /// the RTP port.
    Header(&'static str, &'static str, &'static str),
    /// This message lacks a header.
    Without(&'static str, &'static str),
    /// A header of this message has another name.
    Renamed(&'static str, &'static str, &'static str),
    /// What is between name and value, in every line of every message.
    Colon(&'static str),
    /// Lines end with LF alone.
    LineFeeds,
}

/// A message in parts.
struct Parts {
    start: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// The bytes of the message of this log name with all of `forms`, in their order.
pub(super) fn distorted(name: &str, bytes: Vec<u8>, forms: &[Distortion], port: u16) -> Vec<u8> {
    let Some(mut parts) = Parts::of(&bytes).filter(|_| !forms.is_empty()) else {
        return bytes;
    };
    let (mut colon, mut end) = (": ", "\r\n");
    for form in forms {
        match form {
            Distortion::Colon(between) => colon = between,
            Distortion::LineFeeds => end = "\n",
            _ => {}
        }
    }
    parts.body = lines(&parts.body, colon, end);
    if !parts.body.is_empty() {
        parts.set(LENGTH, parts.body.len().to_string());
    }
    for form in forms {
        parts.change(name, form, port);
    }
    parts.joined(colon, end).into_bytes()
}

/// The lines of a body in another form.
fn lines(body: &str, colon: &str, end: &str) -> String {
    body.split_terminator("\r\n")
        .map(|line| line.replacen(": ", colon, 1) + end)
        .collect()
}

impl Parts {
    /// Takes a message of ours apart; `None` for bytes that are none.
    fn of(bytes: &[u8]) -> Option<Self> {
        let (head, body) = core::str::from_utf8(bytes).ok()?.split_once("\r\n\r\n")?;
        let mut lines = head.split("\r\n");
        let start = lines.next()?.to_owned();
        let headers = lines.filter_map(|line| line.split_once(": "));
        Some(Self {
            start,
            headers: headers.map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
            body: body.to_owned(),
        })
    }

    fn change(&mut self, name: &str, form: &Distortion, port: u16) {
        let meant = |message: &str| message == "*" || message == name;
        match *form {
            Distortion::Uri(message, uri) if meant(message) => {
                let words: Vec<&str> = self.start.split(' ').collect();
                if let &[method, _, version] = words.as_slice() {
                    self.start = format!("{method} {uri} {version}");
                }
            }
            Distortion::Header(message, header, value) if meant(message) => {
                self.set(header, value.replace("{port}", &port.to_string()));
            }
            Distortion::Without(message, header) if meant(message) => {
                self.headers.retain(|(found, _)| found != header);
            }
            Distortion::Renamed(message, header, other) if meant(message) => {
                let named = self.headers.iter_mut().filter(|(found, _)| found == header);
                named.for_each(|(found, _)| other.clone_into(found));
            }
            _ => {}
        }
    }

    fn set(&mut self, header: &str, value: String) {
        match self.headers.iter_mut().find(|(found, _)| found == header) {
            Some((_, old)) => *old = value,
            None => self.headers.push((header.to_owned(), value)),
        }
    }

    fn joined(&self, colon: &str, end: &str) -> String {
        let mut text = format!("{}{end}", self.start);
        for (name, value) in &self.headers {
            text.extend([name, colon, value, end]);
        }
        text + end + &self.body
    }
}

#[cfg(test)]
mod tests {
    use super::Distortion::{Colon, Header, LineFeeds, Renamed, Uri, Without};
    use super::{Distortion, distorted};

    const SETUP: &str = "SETUP rtsp://x/y RTSP/1.0\r\nCSeq: 2\r\nTransport: a\r\n\r\n";
    const M13: &str = "SET_PARAMETER z RTSP/1.0\r\nCSeq: 3\r\nContent-Type: text/parameters\r\n\
        Content-Length: 17\r\n\r\nwfd_idr_request\r\n";
    const M3: &str = "RTSP/1.0 200 OK\r\nContent-Length: 12\r\n\r\na: b\r\nc: d\r\n";

    fn form(name: &str, text: &str, forms: &[Distortion]) -> String {
        let bytes = distorted(name, text.as_bytes().to_vec(), forms, 1028);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn each_form_changes_its_message_and_no_other() {
        let setup = |one| form("M6 SETUP", SETUP, &[one]);
        assert_eq!(setup(Uri("M6 SETUP", "")), SETUP.replace("rtsp://x/y", ""));
        let port = Header("M6 SETUP", "Transport", "b={port}");
        assert_eq!(setup(port), SETUP.replace(": a", ": b=1028"));
        let agent = Header("*", "User-Agent", "c");
        assert_eq!(setup(agent), SETUP.replace(": a", ": a\r\nUser-Agent: c"));
        let without = Without("M6 SETUP", "CSeq");
        assert_eq!(setup(without), SETUP.replace("CSeq: 2\r\n", ""));
        let renamed = Renamed("M6 SETUP", "CSeq", "\\CSeq");
        assert_eq!(setup(renamed), SETUP.replace("CSeq", "\\CSeq"));
        for other in [
            Uri("PLAY", ""),
            Header("PLAY", "CSeq", "9"),
            Without("PLAY", "CSeq"),
        ] {
            assert_eq!(setup(other), SETUP);
        }
    }

    #[test]
    fn lines_change_in_head_and_body_and_their_length_stays_true() {
        let colon = form("M3 reply", M3, &[Colon(" : ")]);
        let expected = "RTSP/1.0 200 OK\r\nContent-Length : 14\r\n\r\na : b\r\nc : d\r\n";
        assert_eq!(colon, expected);
        let feeds = form("M3 reply", M3, &[LineFeeds]);
        assert_eq!(feeds, "RTSP/1.0 200 OK\nContent-Length: 10\n\na: b\nc: d\n");
    }

    #[test]
    fn a_length_can_be_wrong_or_missing() {
        let wrong = Header("M13", "Content-Length", "9");
        assert_eq!(form("M13", M13, &[wrong]), M13.replace("17", "9"));
        let missing = Without("M13", "Content-Length");
        assert_eq!(
            form("M13", M13, &[missing]),
            M13.replace("Content-Length: 17\r\n", "")
        );
    }
}
