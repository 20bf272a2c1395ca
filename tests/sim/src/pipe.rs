//! One direction of the RTSP connection: nothing is lost or overtaken, but it comes in pieces of any
//! size, and at any time.

use core::time::Duration;

use miracast_net::{Link, Nanos, nanos};

/// How it flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// What was sent in one go comes in one piece.
    Free,
    /// Nothing comes.
    Held,
    /// Pieces of so many bytes, so far apart.
    Pieces { bytes: usize, every: Duration },
}

#[derive(Debug)]
pub(crate) struct Pipe {
    link: Link<Vec<u8>>,
    /// What is there and has not come out.
    waiting: Vec<u8>,
    /// The other end has closed; that comes after what waits.
    closed: bool,
    next_piece: Nanos,
}

impl Pipe {
    pub(crate) fn new(link: Link<Vec<u8>>) -> Self {
        Self {
            link,
            waiting: Vec::new(),
            closed: false,
            next_piece: 0,
        }
    }

    /// Sends; nothing at all is the end.
    pub(crate) fn send(&mut self, now: Nanos, bytes: Vec<u8>) {
        self.link.send(now, bytes.len(), bytes);
    }

    /// The connection is gone, and with it what is on its way.
    pub(crate) fn cut(&mut self, now: Nanos) {
        while self
            .link
            .receive(now + nanos(Duration::from_hours(1)))
            .is_some()
        {}
        self.waiting.clear();
        self.closed = false;
    }

    /// When something comes, if the flow stays what it is.
    pub(crate) fn next(&self, flow: Flow) -> Option<Nanos> {
        let piece = match flow {
            Flow::Pieces { .. } if self.waits() => Some(self.next_piece),
            _ => None,
        };
        [self.link.next(), piece].into_iter().flatten().min()
    }

    fn waits(&self) -> bool {
        self.closed || !self.waiting.is_empty()
    }

    /// What comes at `now`, in one read; nothing at all is the end.
    pub(crate) fn receive(&mut self, now: Nanos, flow: Flow) -> Option<Vec<u8>> {
        if flow == Flow::Free && !self.waits() {
            return self.link.receive(now);
        }
        while let Some(bytes) = self.link.receive(now) {
            self.closed |= bytes.is_empty();
            self.waiting.extend(bytes);
        }
        let most = match flow {
            Flow::Free => usize::MAX,
            Flow::Held => return None,
            Flow::Pieces { bytes, every } => {
                if self.next_piece > now || !self.waits() {
                    return None;
                }
                self.next_piece = now + nanos(every).max(1);
                bytes
            }
        };
        if self.waiting.is_empty() {
            return core::mem::take(&mut self.closed).then(Vec::new);
        }
        let most = most.min(self.waiting.len());
        Some(self.waiting.drain(..most).collect())
    }
}
