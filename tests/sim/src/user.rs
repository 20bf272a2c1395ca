//! The sink's user in the simulator: a script, and the connection on which his input comes.
//!
//! The connection takes no time and has no limit; in which pieces its bytes come is the script's
//! matter. Who may connect is decided below the engine, and is not simulated.

use core::time::Duration;
use std::collections::VecDeque;

use miracast_sink::machine::Command;
use miracast_umd::os::Transfer;

use miracast_net::{Nanos, nanos};

/// Something that the sink or its user does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserDeed {
    /// The sink connects to our input port.
    Connect,
    /// It sends these bytes in one piece, if it is connected.
    Send(Vec<u8>),
    /// It closes the connection.
    Leave,
    /// The sink is told to do something.
    Tell(Command),
}

/// A deed and when it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserStep {
    /// Since StartMiracastSession was called.
    pub after: Duration,
    /// What is done.
    pub deed: UserDeed,
}

/// The connection, as the driver sees it.
#[derive(Debug)]
pub(crate) struct InputPath {
    script: VecDeque<UserStep>,
    start: Nanos,
    connected: bool,
    /// The sink has closed its side, and the driver does not know yet.
    left: bool,
    bytes: VecDeque<u8>,
    /// Connections that the driver closed.
    pub(crate) closed_by_us: u64,
}

impl InputPath {
    pub(crate) fn new(script: &[UserStep], start: Nanos) -> Self {
        Self {
            script: script.iter().cloned().collect(),
            start,
            connected: false,
            left: false,
            bytes: VecDeque::new(),
            closed_by_us: 0,
        }
    }

    /// When the next deed is due.
    pub(crate) fn next(&self) -> Option<Nanos> {
        let step = self.script.front()?;
        Some(self.start + nanos(step.after))
    }

    /// The next deed that is due at `now`.
    pub(crate) fn due(&mut self, now: Nanos) -> Option<UserDeed> {
        if self.next()? > now {
            return None;
        }
        self.script.pop_front().map(|step| step.deed)
    }

    /// Does on the connection what a deed says. True if the driver's event is signalled.
    pub(crate) fn apply(&mut self, deed: &UserDeed) -> bool {
        match deed {
            UserDeed::Connect => self.connected = true,
            UserDeed::Send(bytes) if self.connected => self.bytes.extend(bytes),
            UserDeed::Leave if self.connected => self.left = true,
            UserDeed::Send(_) | UserDeed::Leave | UserDeed::Tell(_) => return false,
        }
        true
    }

    pub(crate) fn receive(&mut self, buffer: &mut [u8]) -> Transfer {
        let length = buffer.len().min(self.bytes.len());
        if length > 0 {
            for (to, from) in buffer.iter_mut().zip(self.bytes.drain(..length)) {
                *to = from;
            }
            return Transfer::Done(length);
        }
        if core::mem::take(&mut self.left) {
            self.connected = false;
            return Transfer::Closed;
        }
        Transfer::WouldBlock
    }

    pub(crate) fn disconnect(&mut self) {
        self.closed_by_us += u64::from(self.connected);
        self.connected = false;
        self.left = false;
        self.bytes.clear();
    }
}
