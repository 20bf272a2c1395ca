//! What the sink's user does, from the connection to the miniport.
//!
//! The sink is hostile and its input is not worth the session: a stream that cannot be framed ends the
//! connection, what is not wanted or not valid is dropped, and a miniport that refuses loses the
//! report. All of it is counted.

use miracast_core::limits::UIBC_PACKET_MAX;
use miracast_core::time::Instant;
use miracast_core::uibc::{Framer, Packet, Resolution};
use miracast_core::wfd::modes;

use super::{Engine, Shell};
use crate::limits;
use crate::miniport::{self, Miniport};
use crate::os::Transfer;

/// What became of the sink's input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InputCounters {
    /// Reports that the miniport took.
    pub taken: u64,
    /// Reports that the miniport refused, or did not answer.
    pub refused: u64,
    /// Messages that contradict themselves or point outside of the picture.
    pub invalid: u64,
    /// Valid messages that no report can hold, or that came with too many others in one packet.
    pub too_many: u64,
    /// Packets that came while input was not agreed on, or switched off.
    pub unwanted: u64,
    /// Connections that we closed because the stream could not be framed.
    pub broken: u64,
}

/// The engine's end of the sink's input connection.
#[derive(Debug)]
pub(super) struct InputChannel<'m> {
    framer: Framer<'m>,
    /// The session's word: M4 agreed on input and M15 has not switched it off.
    pub(super) open: bool,
    pub(super) counters: InputCounters,
}

impl<'m> InputChannel<'m> {
    pub(super) const fn new(memory: &'m mut [u8; UIBC_PACKET_MAX]) -> Self {
        Self {
            framer: Framer::new(memory),
            open: false,
            counters: InputCounters {
                taken: 0,
                refused: 0,
                invalid: 0,
                too_many: 0,
                unwanted: 0,
                broken: 0,
            },
        }
    }

    /// Before a session.
    pub(super) fn reset(&mut self) {
        self.framer.reset();
        self.open = false;
        self.counters = InputCounters::default();
    }

    /// Reads the connection until it has no more. True if there is more than belongs into one turn.
    fn read(
        &mut self,
        size: Option<Resolution>,
        miniport: &mut Miniport<'_>,
        shell: &mut impl Shell,
    ) -> bool {
        let size = size.filter(|_| self.open);
        let mut left = limits::INPUT_REPORTS_PER_TURN;
        for _ in 0..limits::INPUT_READS_PER_TURN {
            if !self.hand_over(size, &mut left, miniport, shell) {
                return true;
            }
            let mut buffer = [0; limits::INPUT_READ];
            let room = self.framer.room().min(buffer.len());
            let room = buffer.get_mut(..room).unwrap_or_default();
            match shell.input_receive(room) {
                Transfer::WouldBlock => return false,
                Transfer::Done(length) => {
                    self.framer.feed(room.get(..length).unwrap_or_default());
                }
                // The rest of a packet will not come, and the next connection begins with another.
                Transfer::Closed | Transfer::Failed(_) => self.framer.reset(),
            }
        }
        true
    }

    /// Hands over the packets that are there. False if that was enough for this turn.
    fn hand_over(
        &mut self,
        size: Option<Resolution>,
        left: &mut usize,
        miniport: &mut Miniport<'_>,
        shell: &mut impl Shell,
    ) -> bool {
        // Each packet takes four bytes at least, so the memory is empty after so many.
        while *left > 0 {
            match self.framer.poll() {
                None => return true,
                Some(Ok(packet)) => match size {
                    Some(size) => {
                        let reports = self.counters.report(&packet, size, miniport, shell);
                        *left = left.saturating_sub(reports.max(1));
                    }
                    None => self.counters.unwanted += 1,
                },
                Some(Err(_)) => {
                    self.counters.broken += 1;
                    self.framer.reset();
                    shell.input_disconnect();
                    return true;
                }
            }
        }
        false
    }
}

impl InputCounters {
    /// Reports what is in a packet. The result is how many escapes that took.
    fn report(
        &mut self,
        packet: &Packet<'_>,
        size: Resolution,
        miniport: &mut Miniport<'_>,
        shell: &mut impl Shell,
    ) -> usize {
        let mut asked = 0;
        let mut reports = packet.reports(size);
        for report in reports.by_ref() {
            let report = if asked < limits::INPUT_REPORTS_PER_TURN {
                miniport::input_report(&report, packet.timestamp, size)
            } else {
                None
            };
            let Some(report) = report else {
                self.too_many += 1;
                continue;
            };
            asked += 1;
            match miniport.input(shell, &report) {
                Ok(()) => self.taken += 1,
                Err(_) => self.refused += 1,
            }
        }
        self.invalid += u64::from(reports.skipped());
        asked
    }
}

impl Engine<'_> {
    /// What became of the sink's input since the session began.
    pub fn input_counters(&self) -> InputCounters {
        self.input.counters
    }

    /// Whether the miniport takes input, so that a port is wanted for it
    /// ([`StartInfo::input_port`](super::StartInfo::input_port)). Known after [`Engine::open`].
    pub fn takes_input(&self) -> bool {
        self.miniport.takes_input()
    }

    /// The auxiliary sockets: datagrams first, see `crate::os`.
    pub(super) fn read_auxiliary(&mut self, now: Instant, shell: &mut impl Shell) {
        let size = self.session.agreed().and_then(|agreed| {
            let mode = modes::mode(agreed.mode)?;
            Some(Resolution {
                width: mode.width,
                height: mode.height,
            })
        });
        let more_reports = self.read_reports(now, shell);
        let more_input = self.input.read(size, &mut self.miniport, shell);
        self.more_auxiliary = more_reports || more_input;
    }
}
