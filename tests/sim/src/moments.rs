//! What goes wrong at one moment, done to the world; and what the miniport makes of an escape.

use miracast_kmd_iface::codec::{self, Refusal};
use miracast_kmd_iface::escape::Escape;
use miracast_kmd_iface::message::{Message, ModeSet, MonitorPower, Protection};
use miracast_kmd_iface::{Field, MESSAGE_MAX, NtStatus, Opcode};
use miracast_miniport::script::ModeWish;
use miracast_net::{Nanos, Random, nanos};
use miracast_umd::engine::Notice;
use miracast_umd::limits::INBOX_MAX;
use miracast_umd::os::{OsError, Transfer};

use crate::aside;
use crate::fault::{Answer, Aside, Fault};
use crate::shell::RESET;
use crate::user::UserDeed;
use crate::windows::Inside;
use crate::world::World;

/// Longest message that is made of chance, in bytes.
const NOISE_MAX: u64 = 64;

/// Where the sequence number of a reply begins.
const SEQUENCE: usize = 12;

/// When the miniport repeats a message that found no room.
const AGAIN: Nanos = 1_000_000;

/// What the driver is woken for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Moments {
    /// The RTSP socket is signalled.
    pub(crate) rtsp: bool,
    /// An auxiliary socket is signalled.
    pub(crate) auxiliary: bool,
    /// GetNextChunkData fails with this status.
    pub(crate) chunks_failed: Option<NtStatus>,
}

/// What the driver's entry point makes of a message; a refusal goes back to the miniport.
pub(crate) fn read(message: &[u8]) -> Option<Notice> {
    let (_, message) = codec::decode_request::<Message>(message).ok()?;
    Some(match message {
        Message::MonitorPower(power) => Notice::MonitorPower(power),
        Message::ModeSet(set) => Notice::ModeSet(set),
        Message::Protection(protection) => Notice::Protection(protection),
        Message::DeviceLost(lost) => Notice::DeviceLost(lost),
    })
}

impl World {
    /// Lets happen what happens at this moment.
    pub(crate) fn serve_faults(&mut self) -> Moments {
        let mut moments = Moments::default();
        let works = self.windows.inside == Inside::Worker;
        while let Some(fault) = self.faults.due(self.now, works) {
            match fault {
                Fault::Reset => {
                    self.reset();
                    moments.rtsp = true;
                }
                Fault::ChunksFailed(status) if !self.slots.failed => {
                    self.slots.failed = true;
                    moments.chunks_failed = Some(status);
                }
                Fault::Rate(rate) if self.windows.notices => {
                    self.windows.post(Notice::Rate(rate));
                }
                Fault::Message(action) => {
                    let notice = self.notice(action);
                    if notice.is_some_and(|notice| !self.windows.post(notice)) {
                        // The miniport is told, and says it again.
                        self.faults.repeat(self.now + AGAIN, fault);
                    }
                }
                Fault::OtherMode => self.post_other_mode(),
                Fault::Malformed(seed) => self.post_malformed(seed),
                Fault::Messages => {
                    for level in 0..2 * INBOX_MAX as u32 {
                        let protection = Protection { level: level % 2 };
                        self.windows.post(Notice::Protection(protection));
                    }
                }
                Fault::Does(command) => {
                    self.sink.machine.command(command, self.now);
                    self.sink.drain(self.now, &mut self.network.to_driver);
                }
                Fault::Aside(aside) => moments.auxiliary |= self.come_aside(aside),
                Fault::Jump(time) => self.now += nanos(time),
                _ => {}
            }
        }
        moments
    }

    /// What comes beside the RTSP connection. True if it is signalled.
    fn come_aside(&mut self, what: Aside) -> bool {
        let deed = match what {
            Aside::Connect => UserDeed::Connect,
            Aside::Leave => UserDeed::Leave,
            Aside::Input(seed) => {
                self.input.apply(&UserDeed::Connect);
                UserDeed::Send(aside::input(seed))
            }
            Aside::Report(_) if !self.rtcp.open => return false,
            Aside::Report(seed) => {
                self.rtcp.arrived.push_back(aside::report(seed));
                return true;
            }
        };
        self.input.apply(&deed)
    }

    /// The RTSP connection is reset: both ends find that out.
    fn reset(&mut self) {
        self.rtsp_end = Some(Transfer::Failed(OsError(RESET)));
        self.rtsp_in.clear();
        self.network.to_sink.cut(self.now);
        self.network.to_driver.cut(self.now);
        self.sink.machine.handle_closed(self.now);
        self.sink.closed = true;
    }

    /// The path is switched to a mode whose MODE_SET is overtaken by the next.
    fn post_other_mode(&mut self) {
        let wish = ModeWish::First;
        if let Some(set) = self.miniport.set_mode(wish) {
            let sequence = set.sequence.wrapping_sub(1);
            self.windows
                .post(Notice::ModeSet(ModeSet { sequence, ..set }));
            self.windows.post(Notice::ModeSet(set));
        }
    }

    /// Bytes of chance, or a right message with a few of them.
    fn post_malformed(&mut self, seed: u64) {
        let mut random = Random::new(seed);
        let mut bytes = [0; MESSAGE_MAX];
        let length = if random.happens(500_000) {
            let state = miracast_kmd_iface::message::PowerState::ON;
            let length = codec::encode_request(7, &MonitorPower { state }, &mut bytes).unwrap_or(0);
            for _ in 0..=random.below(3) {
                bytes[random.below(length as u64) as usize] = random.next_word() as u8;
            }
            length
        } else {
            let length = random.below(NOISE_MAX) as usize;
            bytes[..length].fill_with(|| random.next_word() as u8);
            length
        };
        if let Some(notice) = read(&bytes[..length]) {
            self.windows.post(notice);
        }
    }

    /// Whether this moment's records are lost.
    pub(crate) fn records_are_lost(&mut self) -> bool {
        let lost = self.faults.loses_chunks(self.now);
        self.slots.lost |= lost;
        lost || self.slots.failed
    }

    /// Whether Windows says now that records were lost.
    pub(crate) fn chunks_are_lost(&mut self) -> bool {
        let says = self.slots.lost && !self.faults.loses_chunks(self.now) && !self.slots.failed;
        self.slots.lost &= !says;
        says
    }

    /// What the miniport answers to an escape.
    pub(crate) fn answer(&mut self, request: &[u8], reply: &mut [u8]) -> Result<usize, NtStatus> {
        self.watch.turn.escapes += 1;
        let asked = codec::decode_request::<Escape>(request);
        let Ok((sequence, opcode)) = asked.map(|(sequence, escape)| (sequence, escape.opcode()))
        else {
            self.windows.breach("escape", "a malformed request");
            return Err(NtStatus::INVALID_PARAMETER);
        };
        let answer = self.faults.answer(self.now, opcode);
        // One that does not start ends what is sent; the rest of it leaves at once.
        if matches!(answer, None | Some(Answer::Slow(_))) {
            let starts = [Opcode::STREAM_START, Opcode::AUDIO_START];
            self.watch.turn.encoder_started |= starts.contains(&opcode);
        }
        let Some(answer) = answer else {
            return self.ask(request, reply);
        };
        let failed = |status: NtStatus| {
            if status.is_success() {
                Ok(0)
            } else {
                Err(status)
            }
        };
        match answer {
            Answer::Fails(status) => failed(status),
            Answer::Refuses(status) => {
                let refusal = Refusal {
                    sequence,
                    opcode,
                    status,
                    field: Field::NONE,
                };
                Ok(codec::encode_refusal(&refusal, reply).unwrap_or(0))
            }
            Answer::DoneAndFails(status) => {
                let _ = self.ask(request, reply);
                failed(status)
            }
            Answer::Nothing => Ok(0),
            Answer::Noise => {
                let length = self.ask(request, reply)?;
                reply[..length].fill_with(|| self.faults.random.next_word() as u8);
                Ok(length)
            }
            Answer::Cut => Ok(self.ask(request, reply)?.saturating_sub(1)),
            Answer::OtherSequence => {
                let length = self.ask(request, reply)?;
                reply[SEQUENCE] = reply[SEQUENCE].wrapping_add(1);
                Ok(length)
            }
            Answer::Slow(time) => {
                self.now += nanos(time);
                self.ask(request, reply)
            }
        }
    }

    fn ask(&mut self, request: &[u8], reply: &mut [u8]) -> Result<usize, NtStatus> {
        let (status, length) = self.miniport.io_control(request, reply);
        self.miniport_events();
        if status.is_success() {
            Ok(length)
        } else {
            Err(status)
        }
    }
}
