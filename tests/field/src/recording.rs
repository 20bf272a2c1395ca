//! A recorded dialogue: who said what, segment by segment.
//!
//! A turn begins with `=== SOURCE -> SINK` or `=== SINK -> SOURCE` and ends with an empty line;
//! `--- (next TCP segment` divides it. Lines end with CRLF on the wire. What is behind `=== UDP` is
//! not of the dialogue.

/// The messages that one side sent before the other one did.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Whether the sink said it.
    pub from_sink: bool,
    /// Its TCP segments.
    pub segments: Vec<Vec<u8>>,
}

/// Reads a dialogue.
///
/// # Panics
/// If a turn has no first line: a file of this project is spoilt.
pub fn read(text: &str) -> Vec<Turn> {
    let parts = text.split("\n=== ").skip(1);
    let parts = parts.take_while(|part| !part.starts_with("UDP"));
    parts.map(turn).collect()
}

fn turn(part: &str) -> Turn {
    let (who, text) = part.split_once('\n').expect("a first line");
    let mut segments = Vec::new();
    for (place, segment) in text.split("--- (next TCP segment").enumerate() {
        // The first one begins at once, the others behind the rest of the line.
        let segment = if place == 0 {
            segment
        } else {
            segment.split_once('\n').expect("a line").1
        };
        segments.push(segment.replace('\n', "\r\n").into_bytes());
    }
    Turn {
        from_sink: who.starts_with("SINK"),
        segments,
    }
}

/// The messages of a stream, by their Content-Length.
///
/// # Panics
/// If the stream is not whole messages: a file of this project is spoilt.
pub fn messages(stream: &[u8]) -> Vec<String> {
    let mut rest = core::str::from_utf8(stream).expect("text");
    let mut messages = Vec::new();
    while !rest.is_empty() {
        let head = rest.find("\r\n\r\n").expect("the end of a header") + 4;
        let lines = rest[..head].lines();
        let mut lengths = lines.filter_map(|line| line.strip_prefix("Content-Length: "));
        let length: usize = lengths
            .next()
            .map_or(0, |text| text.parse().expect("length"));
        let (message, left) = rest.split_at(head + length);
        messages.push(message.to_owned());
        rest = left;
    }
    messages
}
