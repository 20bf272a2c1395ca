//! The incremental parser: bytes in as they come, whole messages out.
//!
//! Messages are framed by the end of the head and by Content-Length only, never by the edges of a
//! received segment: one segment may hold several messages and a message may span segments (S2.1
//! §6.6). The sequence of messages is a function of the sequence of bytes alone.
//!
//! The rules by which it is lenient, each with a test of its name:
//!
//! | rule | what is tolerated | seen in |
//! |---|---|---|
//! | `line_end` | LF for CRLF, also mixed | Q12 |
//! | `blank_lines` | empty lines before a start line | interop rule 4 |
//! | `colon` | `name : value`, `name:value` | Q12 |
//! | `backslash` | `\Public:` | Q13 |
//! | `quoted_list` | `Public: "a, b"` | Q13 |
//! | `folding` | a header line without a colon, or that begins with white space, is passed over | Q12 |
//! | `not_text` | so is one that is not UTF-8 or has control characters | |
//! | `duplicates` | the first of several fields counts; Content-Length must not contradict itself | |
//! | `no_uri` | `SETUP  RTSP/1.0` | Q1 |
//! | `words_after_uri` | `SETUP uri none RTSP/1.0` | recorded dialogue |
//! | `idr_request` | a wrong Content-Length of the body `wfd_idr_request` | Q6 |
//! | `stray_line` | after SET_PARAMETER, up to [`RTSP_STRAY_LINES_MAX`] lines that are no start line | Q6 |
//! | `late_idr_request` | one of these is the body `wfd_idr_request` of Content-Length 0, or of none | Q6 |
//!
//! Anything else that does not fit is [`Malformed`] and final: after it the edges of messages are
//! unknown.

use super::message::{Message, Request, Response};
use super::start_line::StartLine;
use super::{Headers, Malformed, Method, idr_request, line};
use crate::limits::{RTSP_HEADERS_MAX, RTSP_STRAY_LINES_MAX};
use crate::quirks::{Fired, Quirk};
use core::ops::Range;

/// Cuts a byte stream into messages, in memory that it was lent.
///
/// Feed it what was received, poll it until it returns `None`, and so on. Each byte is looked at
/// once while the end of a line is searched, so a peer that sends byte by byte costs no more than
/// one that does not.
#[derive(Debug)]
pub struct Parser<'m> {
    memory: &'m mut [u8],
    /// The bytes held are `memory[begin..end]`; they begin with the message that is being read.
    begin: usize,
    end: usize,
    /// Where the current line begins, counted from `begin`.
    line: usize,
    /// How far the current line was searched for its end, counted from `begin`.
    scanned: usize,
    /// Bytes of the message that the last `poll` returned. They go when nobody can look any more.
    returned: usize,
    stray_lines: u32,
    noticed: Fired,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Before a start line. So many stray lines may still be skipped.
    Between { stray_lines_left: usize },
    /// A stray line was the body of an IDR request.
    Late { stray_lines_left: usize },
    /// Within the header lines.
    Head(Head),
    /// The head is complete.
    Body(Body),
    /// Final.
    Failed(Malformed),
}

/// What is known of a head.
#[derive(Clone, Copy, Debug)]
struct Head {
    /// Bytes of the start line, with its end.
    start_line: usize,
    /// Header lines so far.
    lines: usize,
    content_length: Option<usize>,
    is_set_parameter: bool,
}

/// A body that may not be there yet.
#[derive(Clone, Copy, Debug)]
struct Body {
    head: Head,
    /// Bytes of the head, with the empty line.
    begin: usize,
    /// What Content-Length says. With the head, it fits into the memory.
    length: usize,
}

/// A complete message: where its parts are, counted from `begin`.
#[derive(Debug)]
struct Frame {
    start_line: Range<usize>,
    headers: Range<usize>,
    body: Range<usize>,
}

/// What `poll` returns next.
#[derive(Debug)]
enum Found {
    Message(Frame),
    LateIdrRequest,
}

/// No message came before that a stray line could belong to.
const AT_THE_BEGINNING: State = State::Between {
    stray_lines_left: 0,
};

impl<'m> Parser<'m> {
    /// A parser at the beginning of a byte stream. No message can be longer than `memory`.
    pub const fn new(memory: &'m mut [u8]) -> Self {
        Self {
            memory,
            begin: 0,
            end: 0,
            line: 0,
            scanned: 0,
            returned: 0,
            stray_lines: 0,
            noticed: Fired::new(),
            state: AT_THE_BEGINNING,
        }
    }

    /// Takes as many of `bytes` as there is room for, and returns how many. That is 0 only if
    /// `bytes` is empty, if `poll` has a message or an error to return, or after an error.
    pub fn feed(&mut self, bytes: &[u8]) -> usize {
        self.drop_returned();
        if matches!(self.state, State::Failed(_)) {
            return 0;
        }
        if bytes.len() > self.memory.len() - self.end {
            self.memory.copy_within(self.begin..self.end, 0);
            self.end -= self.begin;
            self.begin = 0;
        }
        let room = self.memory.get_mut(self.end..).unwrap_or_default();
        let taken = room.len().min(bytes.len());
        if let (Some(room), Some(bytes)) = (room.get_mut(..taken), bytes.get(..taken)) {
            room.copy_from_slice(bytes);
        }
        self.end += taken;
        taken
    }

    /// How many bytes the next `feed` takes at most.
    pub const fn room(&self) -> usize {
        match self.state {
            State::Failed(_) => 0,
            _ => self.memory.len() - (self.end - self.begin) + self.returned,
        }
    }

    /// The next complete message; `None` if more bytes are wanted.
    ///
    /// # Errors
    /// [`Malformed`] if the stream is not RTSP. That is final: every later call says the same.
    #[must_use]
    pub fn poll(&mut self) -> Option<Result<Message<'_>, Malformed>> {
        self.drop_returned();
        match self.advance() {
            Ok(None) => None,
            Ok(Some(Found::LateIdrRequest)) => Some(Ok(Message::LateIdrRequest)),
            Ok(Some(Found::Message(frame))) => {
                self.returned = frame.body.end;
                Some(message(self.held(), frame))
            }
            Err(malformed) => {
                self.state = State::Failed(malformed);
                Some(Err(malformed))
            }
        }
    }

    /// Forgets everything, for a new byte stream.
    pub fn reset(&mut self) {
        self.begin = 0;
        self.end = 0;
        self.line = 0;
        self.scanned = 0;
        self.returned = 0;
        self.stray_lines = 0;
        self.noticed = Fired::new();
        self.state = AT_THE_BEGINNING;
    }

    /// How many lines between messages were skipped because of rule `stray_line`.
    pub const fn stray_lines(&self) -> u32 {
        self.stray_lines
    }

    /// The quirks of what was read so far.
    pub const fn noticed(&self) -> Fired {
        self.noticed
    }

    fn advance(&mut self) -> Result<Option<Found>, Malformed> {
        loop {
            self.state = match self.state {
                State::Between { stray_lines_left } => match self.next_line()? {
                    Some(line) => self.first_line(line, stray_lines_left)?,
                    None => return Ok(None),
                },
                State::Late { stray_lines_left } => {
                    self.state = State::Between { stray_lines_left };
                    return Ok(Some(Found::LateIdrRequest));
                }
                State::Head(head) => match self.next_line()? {
                    Some(line) => self.header_line(head, line)?,
                    None => return Ok(None),
                },
                State::Body(body) => return Ok(self.complete(body).map(Found::Message)),
                State::Failed(malformed) => return Err(malformed),
            }
        }
    }

    /// The next whole line, with its end, counted from `begin`.
    fn next_line(&mut self) -> Result<Option<Range<usize>>, Malformed> {
        let unseen = self.held().get(self.scanned..).unwrap_or_default();
        let Some(length) = unseen.iter().position(|byte| *byte == b'\n') else {
            self.scanned += unseen.len();
            let limit = self.memory.len();
            let full = self.scanned == limit;
            return if full {
                Err(Malformed::HeaderTooLong { limit })
            } else {
                Ok(None)
            };
        };
        let line = self.line..self.scanned + length + 1;
        self.line = line.end;
        self.scanned = line.end;
        let bytes = self.held().get(line.clone()).unwrap_or_default();
        let ends_with_lf = !bytes.ends_with(b"\r\n");
        self.noticed.note_if(ends_with_lf, Quirk::Q12);
        Ok(Some(line))
    }

    /// A line where a message may begin: empty, stray, or the start line.
    fn first_line(
        &mut self,
        line: Range<usize>,
        stray_lines_left: usize,
    ) -> Result<State, Malformed> {
        let end = line.end;
        let text = line::without_end(self.held().get(line).unwrap_or_default());
        if text.is_empty() {
            self.drop_front(end);
            return Ok(State::Between { stray_lines_left });
        }
        match (StartLine::parse(text), stray_lines_left.checked_sub(1)) {
            (Ok(start_line), _) => {
                let (no_uri, is_set_parameter) =
                    (start_line.has_no_uri(), start_line.is_set_parameter());
                self.noticed.note_if(no_uri, Quirk::Q1);
                Ok(State::Head(Head {
                    start_line: end,
                    lines: 0,
                    content_length: None,
                    is_set_parameter,
                }))
            }
            (Err(Malformed::NotText | Malformed::BadStartLine), Some(stray_lines_left)) => {
                let is_late = idr_request::is_line(text);
                self.drop_front(end);
                self.stray_lines = self.stray_lines.saturating_add(1);
                self.noticed.note(Quirk::Q6);
                Ok(if is_late {
                    State::Late { stray_lines_left }
                } else {
                    State::Between { stray_lines_left }
                })
            }
            (Err(malformed), _) => Err(malformed),
        }
    }

    /// A line after the start line: a field, or the empty line that ends the head.
    fn header_line(&mut self, mut head: Head, line: Range<usize>) -> Result<State, Malformed> {
        let begin = line.end;
        let text = line::without_end(self.held().get(line).unwrap_or_default());
        let limit = self.memory.len();
        if text.is_empty() {
            let length = head.content_length.unwrap_or(0);
            let fits = length <= limit - begin;
            return fits
                .then_some(State::Body(Body {
                    head,
                    begin,
                    length,
                }))
                .ok_or(Malformed::MessageTooLong { limit });
        }
        head.lines += 1;
        if head.lines > RTSP_HEADERS_MAX {
            return Err(Malformed::TooManyHeaders {
                limit: RTSP_HEADERS_MAX,
            });
        }
        let (length, noticed) = (content_length(text)?, line::noticed(text));
        self.noticed |= noticed;
        if let Some(length) = length {
            if head.content_length.is_some_and(|first| first != length) {
                return Err(Malformed::BadContentLength);
            }
            head.content_length = Some(length);
        }
        Ok(State::Head(head))
    }

    /// The message that ends with `body`, once all of it is there.
    fn complete(&mut self, body: Body) -> Option<Frame> {
        let Body {
            head,
            begin,
            length,
        } = body;
        let declared = length;
        let held = self.held().get(begin..).unwrap_or_default();
        let (length, stray_lines_left) = if head.is_set_parameter {
            let room = self.memory.len() - begin;
            (
                idr_request::body_length(held, length, room)?,
                RTSP_STRAY_LINES_MAX,
            )
        } else {
            ((held.len() >= length).then_some(length)?, 0)
        };
        self.noticed.note_if(length != declared, Quirk::Q6);
        self.state = State::Between { stray_lines_left };
        Some(Frame {
            start_line: 0..head.start_line,
            headers: head.start_line..begin,
            body: begin..begin + length,
        })
    }

    fn held(&self) -> &[u8] {
        self.memory.get(self.begin..self.end).unwrap_or_default()
    }

    fn drop_returned(&mut self) {
        if self.returned > 0 {
            self.drop_front(self.returned);
            self.returned = 0;
        }
    }

    /// Lets go of the first `length` bytes held; a line begins behind them.
    fn drop_front(&mut self, length: usize) {
        self.begin += length;
        self.line = 0;
        self.scanned = 0;
        if self.begin == self.end {
            self.begin = 0;
            self.end = 0;
        }
    }
}

/// The value of `line`, if it is the field Content-Length.
fn content_length(line: &[u8]) -> Result<Option<usize>, Malformed> {
    let field = line::field(line);
    let Some((_, value)) = field.filter(|(name, _)| name.eq_ignore_ascii_case(b"Content-Length"))
    else {
        return Ok(None);
    };
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return Err(Malformed::BadContentLength);
    }
    let append = |length: usize, digit: &u8| {
        length
            .saturating_mul(10)
            .saturating_add(usize::from(digit - b'0'))
    };
    Ok(Some(value.iter().fold(0, append)))
}

/// The parts of `frame` in `bytes`.
fn message(bytes: &[u8], frame: Frame) -> Result<Message<'_>, Malformed> {
    let part = |range: Range<usize>| bytes.get(range).unwrap_or_default();
    let headers = Headers::new(part(frame.headers));
    let body = part(frame.body);
    Ok(
        match StartLine::parse(line::without_end(part(frame.start_line)))? {
            StartLine::Request { method_name, uri } => Message::Request(Request {
                method: Method::from_name(method_name),
                method_name,
                uri,
                headers,
                body,
            }),
            StartLine::Status { status, reason } => Message::Response(Response {
                status,
                reason,
                headers,
                body,
            }),
        },
    )
}

#[cfg(test)]
mod tests;
