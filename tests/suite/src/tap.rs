//! Windows' own hold on the RTSP connection: it outlives the driver's use of it.

use core::time::Duration;
use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;
use std::time::Instant;

/// Longest wait of one read.
const STEP: Duration = Duration::from_millis(20);

/// Bytes of last words that are kept: a sink that talks on and on is not listened to.
const BYTES_MAX: usize = 64 * 1024;

/// The request with which a sink ends a session (M8).
const TEARDOWN: &[u8] = b"TEARDOWN ";

/// A handle of the connection that the driver never sees. While it is there, nothing closes
/// the connection but a shutdown or the sink.
#[derive(Debug)]
pub struct Tap(TcpStream);

impl Tap {
    /// Holds a connection.
    pub fn new(stream: TcpStream) -> Self {
        Self(stream)
    }

    /// Another handle of the connection, for the driver.
    ///
    /// # Errors
    /// No handle is free.
    pub fn lend(&self) -> io::Result<TcpStream> {
        self.0.try_clone()
    }

    /// What the sink says within `limit` after the driver has left: up to its TEARDOWN, or until
    /// it closes.
    pub fn last_words(&self, limit: Duration) -> Vec<u8> {
        let deadline = Instant::now() + limit;
        let mut words = Vec::new();
        // The driver may have left the connection in either mode.
        let blocking = self.0.set_nonblocking(false);
        if blocking.is_err() || self.0.set_read_timeout(Some(STEP)).is_err() {
            return words;
        }
        while Instant::now() < deadline && words.len() < BYTES_MAX && !has_teardown(&words) {
            let mut buffer = [0; 4096];
            match (&self.0).read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => words.extend_from_slice(buffer.get(..count).unwrap_or_default()),
                Err(error) if is_wait(error.kind()) => {}
                Err(_) => break,
            }
        }
        words
    }
}

/// Whether a whole TEARDOWN request is among the words.
fn has_teardown(words: &[u8]) -> bool {
    let begin = words
        .windows(TEARDOWN.len())
        .position(|window| window == TEARDOWN);
    let request = begin.and_then(|begin| words.get(begin..));
    request.is_some_and(|request| request.windows(4).any(|window| window == b"\r\n\r\n"))
}

fn is_wait(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}

#[cfg(test)]
mod tests {
    use super::has_teardown;

    #[test]
    fn a_teardown_counts_when_it_is_whole() {
        assert!(has_teardown(
            b"RTSP/1.0 200 OK\r\n\r\nTEARDOWN x RTSP/1.0\r\nCSeq: 9\r\n\r\n"
        ));
        assert!(!has_teardown(
            b"RTSP/1.0 200 OK\r\n\r\nTEARDOWN x RTSP/1.0\r\n"
        ));
        assert!(!has_teardown(b"RTSP/1.0 200 OK\r\n\r\n"));
    }
}
