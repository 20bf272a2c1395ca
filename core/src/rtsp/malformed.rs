//! Why a byte stream cannot be read on.

use core::fmt;

/// Why a byte stream is not RTSP. It cannot be read on from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Malformed {
    /// The start line is not UTF-8, or has control characters in it.
    NotText,
    /// The start line is neither a request nor a status line.
    BadStartLine,
    /// The start line is of another version than RTSP 1.
    UnsupportedVersion,
    /// The status is not three digits from 100.
    BadStatus,
    /// The head does not end within so many bytes, the size of the parser's memory.
    HeaderTooLong {
        /// Bytes.
        limit: usize,
    },
    /// Head and announced body are longer than so many bytes, the size of the parser's memory.
    MessageTooLong {
        /// Bytes.
        limit: usize,
    },
    /// The head has more header lines than this.
    TooManyHeaders {
        /// Lines.
        limit: usize,
    },
    /// Content-Length is not a decimal number, or there are two that differ.
    BadContentLength,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotText => f.write_str("start line is not text"),
            Self::BadStartLine => f.write_str("neither a request nor a status line"),
            Self::UnsupportedVersion => f.write_str("not version 1 of RTSP"),
            Self::BadStatus => f.write_str("status is not three digits"),
            Self::HeaderTooLong { limit } => write!(f, "head longer than {limit} bytes"),
            Self::MessageTooLong { limit } => write!(f, "message longer than {limit} bytes"),
            Self::TooManyHeaders { limit } => write!(f, "more than {limit} header lines"),
            Self::BadContentLength => f.write_str("bad or contradictory Content-Length"),
        }
    }
}

impl core::error::Error for Malformed {}
