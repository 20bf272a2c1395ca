//! RTSP messages on their way into the socket.
//!
//! A message goes out in one send call, because some sinks break when it arrives in pieces
//! (interop rule 1). Only if the socket has no room is the rest kept, and tried again by timer.

use heapless::Deque;
use miracast_core::limits;

use crate::os::{OsError, Transfer};

/// Bytes that wait at most: several of our longest messages.
pub const OUTBOX_BYTES: usize = 2 * limits::RTSP_OUT_MAX;

/// What became of a send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flushed {
    /// Nothing waits any more.
    Empty,
    /// The socket has no room.
    Blocked,
    /// The sink has closed the connection.
    Closed,
    /// The connection failed.
    Failed(OsError),
}

/// The queue of messages that wait for room in the socket.
#[derive(Debug)]
pub(super) struct Outbox<'m> {
    bytes: &'m mut [u8; OUTBOX_BYTES],
    used: usize,
    /// What is left of each message, the oldest first.
    lengths: Deque<usize, { limits::OUTBOX_MESSAGES_MAX }>,
}

impl<'m> Outbox<'m> {
    pub(super) fn new(bytes: &'m mut [u8; OUTBOX_BYTES]) -> Self {
        Self {
            bytes,
            used: 0,
            lengths: Deque::new(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.used = 0;
        self.lengths.clear();
    }

    /// Adds a message. False if there is no room: the sink has not read for very long.
    #[must_use]
    pub(super) fn push(&mut self, message: &[u8]) -> bool {
        let free = self.bytes.get_mut(self.used..).unwrap_or_default();
        match free.get_mut(..message.len()) {
            Some(room) if !self.lengths.is_full() => {
                room.copy_from_slice(message);
                self.used += message.len();
                self.lengths.push_back(message.len()).is_ok()
            }
            Some(_) | None => false,
        }
    }

    /// Sends what waits, one message a call, until the socket has no more room.
    pub(super) fn flush(&mut self, mut send: impl FnMut(&[u8]) -> Transfer) -> Flushed {
        while let Some(length) = self.lengths.front_mut() {
            let message = self.bytes.get(..*length).unwrap_or_default();
            match send(message) {
                Transfer::Done(0) | Transfer::WouldBlock => return Flushed::Blocked,
                Transfer::Closed => return Flushed::Closed,
                Transfer::Failed(error) => return Flushed::Failed(error),
                Transfer::Done(sent) => {
                    let sent = sent.min(*length);
                    *length -= sent;
                    self.bytes.copy_within(sent..self.used, 0);
                    self.used -= sent;
                    if *length == 0 {
                        self.lengths.pop_front();
                    }
                }
            }
        }
        Flushed::Empty
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::{Flushed, OUTBOX_BYTES, Outbox};
    use crate::os::{OsError, Transfer};

    #[test]
    fn each_message_is_one_send() {
        let mut memory = [0; OUTBOX_BYTES];
        let mut outbox = Outbox::new(&mut memory);
        assert!(outbox.push(b"first"));
        assert!(outbox.push(b"second"));
        let mut sent = Vec::new();
        let flushed = outbox.flush(|bytes| {
            sent.push(bytes.to_vec());
            Transfer::Done(bytes.len())
        });
        assert_eq!(flushed, Flushed::Empty);
        assert_eq!(sent, [&b"first"[..], b"second"]);
    }

    #[test]
    fn what_the_socket_does_not_take_goes_out_later_and_in_order() {
        let mut memory = [0; OUTBOX_BYTES];
        let mut outbox = Outbox::new(&mut memory);
        assert!(outbox.push(b"abcdef"));
        assert!(outbox.push(b"gh"));
        let mut sent = Vec::new();
        let mut room = 4;
        loop {
            let flushed = outbox.flush(|bytes| {
                let take = bytes.len().min(room);
                room -= take;
                sent.extend_from_slice(&bytes[..take]);
                if take == 0 {
                    Transfer::WouldBlock
                } else {
                    Transfer::Done(take)
                }
            });
            if flushed == Flushed::Empty {
                break;
            }
            assert_eq!(flushed, Flushed::Blocked);
            room = 3;
        }
        assert_eq!(sent, b"abcdefgh");
    }

    #[test]
    fn a_full_outbox_refuses_and_keeps_what_it_has() {
        let mut memory = [0; OUTBOX_BYTES];
        let mut outbox = Outbox::new(&mut memory);
        let large = [7; OUTBOX_BYTES - 1];
        assert!(outbox.push(&large));
        assert!(!outbox.push(b"xx"));
        assert!(outbox.push(b"x"));
    }

    #[test]
    fn errors_of_the_socket_come_through() {
        let mut memory = [0; OUTBOX_BYTES];
        let mut outbox = Outbox::new(&mut memory);
        assert!(outbox.push(b"x"));
        assert_eq!(outbox.flush(|_| Transfer::Closed), Flushed::Closed);
        let failed = outbox.flush(|_| Transfer::Failed(OsError(104)));
        assert_eq!(failed, Flushed::Failed(OsError(104)));
    }
}
