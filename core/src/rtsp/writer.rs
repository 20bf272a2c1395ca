//! The strict writer: what it puts out is S2.1 §6.6 to the letter.
//!
//! A message is written front to back into one buffer and ends up contiguous there, so that it can
//! go out in one send call (interop rule 1). The spelling is the one that sinks compare byte by
//! byte: `Name: value` with one space, lines that end with CRLF (interop rule 7).

use super::{Method, Status};
use core::fmt::{self, Write};

/// The buffer was too small for the message, or the closure that writes the body gave up. Nothing
/// may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RTSP message is longer than its buffer")
    }
}

impl core::error::Error for Full {}

/// One message on its way into a buffer. Running out of room is remembered and reported once, by
/// the method that ends the message.
///
/// ```
/// use miracast_core::rtsp::{Method, Writer};
///
/// let mut buffer = [0; 256];
/// let length = Writer::request(&mut buffer, Method::Options, "*", 1)
///     .header("Require", format_args!("org.wfa.wfd1.0"))
///     .finish()?;
/// assert_eq!(
///     &buffer[..length],
///     b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nRequire: org.wfa.wfd1.0\r\n\r\n",
/// );
/// # Ok::<(), miracast_core::rtsp::Full>(())
/// ```
#[derive(Debug)]
#[must_use = "a message ends with `finish` or `finish_with_parameters`"]
pub struct Writer<'b> {
    head: Cursor<'b>,
    outcome: fmt::Result,
}

impl<'b> Writer<'b> {
    /// Begins a request: the request line and `CSeq`.
    pub fn request(buffer: &'b mut [u8], method: Method, uri: &str, cseq: u32) -> Self {
        let name = method.name();
        Self::new(buffer)
            .line(format_args!("{name} {uri} RTSP/1.0"))
            .cseq(cseq)
    }

    /// Begins a reply with the reason phrase of RFC 2326: the status line and `CSeq`.
    pub fn response(buffer: &'b mut [u8], status: Status, cseq: u32) -> Self {
        Self::response_because(buffer, status, status.reason(), cseq)
    }

    /// Begins a reply with a reason phrase of its own, such as `in-play-state` for a 406 (S2.1
    /// §6.4.7).
    pub fn response_because(buffer: &'b mut [u8], status: Status, reason: &str, cseq: u32) -> Self {
        let code = status.0;
        Self::new(buffer)
            .line(format_args!("RTSP/1.0 {code} {reason}"))
            .cseq(cseq)
    }

    /// Adds a header line. Control characters in `value` are left out, so that no value, whoever
    /// it came from, makes a line of its own.
    pub fn header(self, name: &str, value: fmt::Arguments<'_>) -> Self {
        self.line(format_args!("{name}: {value}"))
    }

    /// Ends the message without a body, and so without Content-Type and Content-Length, by which
    /// sinks tell M16 from M3 (interop rule 8). Returns the length of the message in bytes.
    ///
    /// # Errors
    /// [`Full`].
    pub fn finish(mut self) -> Result<usize, Full> {
        self.outcome = self.outcome.and_then(|()| self.head.write_str("\r\n"));
        self.outcome.map_err(|fmt::Error| Full)?;
        Ok(self.head.length)
    }

    /// Ends the message with the body that `write` writes, whose lines it ends with CRLF itself.
    /// Content-Length is the exact length; a body of no bytes is none. Returns the length of the
    /// message in bytes.
    ///
    /// # Errors
    /// [`Full`].
    pub fn finish_with_parameters(
        self,
        write: impl Fn(&mut dyn Write) -> fmt::Result,
    ) -> Result<usize, Full> {
        self.outcome.map_err(|fmt::Error| Full)?;
        self.with_parameters(write).map_err(|fmt::Error| Full)
    }

    /// The body is written first, where it would be if its length had no digits, and moved once
    /// the digits are known.
    fn with_parameters(
        self,
        write: impl Fn(&mut dyn Write) -> fmt::Result,
    ) -> Result<usize, fmt::Error> {
        const TYPE_AND_LENGTH: &str = "Content-Type: text/parameters\r\nContent-Length: ";
        const END: &str = "\r\n\r\n";

        let Cursor {
            bytes,
            length: head,
        } = self.head;
        let lowest = head + TYPE_AND_LENGTH.len() + END.len();
        let mut body = Cursor {
            bytes: bytes.get_mut(lowest..).ok_or(fmt::Error)?,
            length: 0,
        };
        write(&mut body)?;
        let length = body.length;
        if length == 0 {
            return Writer {
                head: Cursor {
                    bytes,
                    length: head,
                },
                outcome: Ok(()),
            }
            .finish()
            .map_err(|Full| fmt::Error);
        }
        let begin = lowest + decimal_digits(length);
        let end = begin + length;
        if end > bytes.len() {
            return Err(fmt::Error);
        }
        bytes.copy_within(lowest..lowest + length, begin);
        let mut cursor = Cursor {
            bytes,
            length: head,
        };
        write!(cursor, "{TYPE_AND_LENGTH}{length}{END}")?;
        Ok(end)
    }

    fn new(buffer: &'b mut [u8]) -> Self {
        Self {
            head: Cursor {
                bytes: buffer,
                length: 0,
            },
            outcome: Ok(()),
        }
    }

    fn cseq(self, cseq: u32) -> Self {
        self.header("CSeq", format_args!("{cseq}"))
    }

    fn line(mut self, text: fmt::Arguments<'_>) -> Self {
        self.outcome = self
            .outcome
            .and_then(|()| Line(&mut self.head).write_fmt(text))
            .and_then(|()| self.head.write_str("\r\n"));
        self
    }
}

/// How many digits `number` has.
const fn decimal_digits(number: usize) -> usize {
    match number.checked_ilog10() {
        Some(power) => power as usize + 1,
        None => 1,
    }
}

/// The written part of a buffer.
#[derive(Debug)]
struct Cursor<'b> {
    bytes: &'b mut [u8],
    length: usize,
}

impl Write for Cursor<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        let room = self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// Writes text that stays on one line.
struct Line<'c, 'b>(&'c mut Cursor<'b>);

impl Write for Line<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.split(char::is_control)
            .try_for_each(|part| self.0.write_str(part))
    }
}

#[cfg(test)]
mod tests;
