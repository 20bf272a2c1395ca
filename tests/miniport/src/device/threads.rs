//! The three loops: the desktop's messages, the encoder's pictures, and the sound.

use core::time::Duration;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::SystemTime;

use miracast_kmd_iface::codec::{self, Request};
use miracast_kmd_iface::message::{DeviceLost, MonitorPower, Protection};
use miracast_kmd_iface::{MESSAGE_MAX, NtStatus};

use super::{Dxgk, Shared, State};
use crate::journal::Stamps;
use crate::script::Action;
use crate::stream::{Chunk, ChunkInfo, ChunkType, Dropped, Picture, Stream, lock};

/// A thread: its name, and what it does until the device ends.
pub(super) struct Thread {
    pub(super) name: &'static str,
    pub(super) run: fn(&Shared),
}

/// The threads of a device.
pub(super) const ALL: [Thread; 3] = [
    Thread {
        name: "desktop",
        run: run_desktop,
    },
    Thread {
        name: "encoder",
        run: run_encoder,
    },
    Thread {
        name: "audio",
        run: run_audio,
    },
];

impl Shared {
    /// Waits until something changes or `deadline` (units of 100 ns) comes.
    fn wait<'a>(
        &self,
        state: MutexGuard<'a, State>,
        deadline: Option<u64>,
    ) -> MutexGuard<'a, State> {
        match deadline {
            None => self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner),
            Some(deadline) => {
                let ticks = deadline.saturating_sub(self.dxgk.performance_counter());
                let time = Duration::from_nanos(ticks.saturating_mul(100));
                let waited = self.changed.wait_timeout(state, time);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        }
    }
}

/// Sends what the script says, when it is due. A message may be held back for long; that must not
/// stop the pictures, hence a thread of its own.
fn run_desktop(shared: &Shared) {
    let mut sequence = 0;
    let mut state = lock(&shared.state);
    while !state.ending {
        let now = shared.dxgk.performance_counter();
        let Some(action) = state.script.due(now) else {
            let deadline = state.script.deadline();
            state = shared.wait(state, deadline);
            continue;
        };
        let mut message = [0; MESSAGE_MAX];
        sequence += 1;
        let length = state.write_message(action, sequence, &mut message);
        state.drain_events(now);
        drop(state);
        if let Some(message) = length.and_then(|length| message.get(..length)) {
            // What the driver makes of it shows as a request, or not at all; a message that
            // Windows drops (DDI-82) is lost on a real machine too.
            let _ = shared.dxgk.send_message(message, &mut [0; MESSAGE_MAX]);
        }
        state = lock(&shared.state);
    }
}

impl State {
    /// The message for `action`; `None` if there is nothing to say.
    fn write_message(&mut self, action: Action, sequence: u32, out: &mut [u8]) -> Option<usize> {
        match action {
            Action::SetMode(wish) => write(sequence, &self.peer.set_mode(wish)?, out),
            Action::PathOff => write(sequence, &self.peer.switch_path_off(), out),
            Action::Power(state) => write(sequence, &MonitorPower { state }, out),
            Action::Protection(level) => write(sequence, &Protection { level }, out),
            Action::LoseDevice(status) => {
                self.peer.lose_device();
                write(sequence, &DeviceLost { status }, out)
            }
        }
    }
}

/// `None` cannot be: `out` has [`MESSAGE_MAX`] bytes.
fn write<R: Request>(sequence: u32, request: &R, out: &mut [u8]) -> Option<usize> {
    codec::encode_request(sequence, request, out).ok()
}

/// Makes pictures while a stream runs, one for each vertical sync. A picture that comes late belongs
/// to its sync all the same; one that is a whole period late is left out, as a busy compositor would.
fn run_encoder(shared: &Shared) {
    // Asked for at once, so that the kernel knows this thread even if it never makes a picture.
    let mut due = shared.dxgk.performance_counter();
    let mut state = lock(&shared.state);
    while !state.ending {
        let running = state
            .peer
            .stream()
            .filter(|stream| stream.is_running())
            .cloned();
        let Some(stream) = running else {
            state = shared.wait(state, None);
            continue;
        };
        let now = shared.dxgk.performance_counter();
        if now < due {
            state = shared.wait(state, Some(due));
            continue;
        }
        let period = stream.period().max(1);
        let vsync = due + (now - due) / period * period;
        due = vsync + period;
        let frame = state.frame;
        state.frame = frame.wrapping_add(1);
        drop(state);
        make_picture(shared, &stream, frame, vsync);
        drop(stream);
        state = lock(&shared.state);
    }
}

/// One picture, and what is told of it.
fn make_picture(shared: &Shared, stream: &Arc<Stream>, frame: u32, vsync: u64) {
    let dxgk = &*shared.dxgk;
    dxgk.report_chunk_info(&ChunkInfo::of_frame(ChunkType::FrameStart, frame));
    let clock = || dxgk.performance_counter();
    let picture = stream.make_picture(frame, vsync, &clock);
    let chunks = match &picture {
        Some(Picture {
            result: Ok((chunks, _)),
            ..
        }) => chunks.as_slice(),
        Some(Picture {
            result: Err(Dropped::RingFull | Dropped::RingCorrupt | Dropped::Encoder(_)),
            ..
        })
        | None => {
            dxgk.report_chunk_info(&ChunkInfo::of_frame(ChunkType::FrameDropped, frame));
            &[]
        }
    };
    let mut handed_over = stamps(dxgk);
    for chunk in chunks {
        // Before the call: the driver may have sent the chunk when it returns.
        handed_over = stamps(dxgk);
        if !complete(dxgk, chunk).is_success() {
            lock(&shared.journal).note_refused_chunk();
        }
    }
    if let Some(picture) = picture {
        lock(&shared.journal).note(&picture, handed_over);
    }
}

/// Hands over what the desktop plays, a chunk as soon as its last sample is captured. A thread of its
/// own: an encoder that takes its time must not stop the sound.
fn run_audio(shared: &Shared) {
    // As in `run_encoder`.
    let mut now = shared.dxgk.performance_counter();
    let mut state = lock(&shared.state);
    while !state.ending {
        let sound = state.peer.sound().cloned();
        let Some((captured, next)) = sound.and_then(|sound| sound.capture(now)) else {
            state = shared.wait(state, None);
            now = shared.dxgk.performance_counter();
            continue;
        };
        let Some(captured) = captured else {
            state = shared.wait(state, Some(next));
            now = shared.dxgk.performance_counter();
            continue;
        };
        drop(state);
        let taken = captured
            .chunk
            .filter(|chunk| complete(&*shared.dxgk, chunk).is_success());
        let capture_time = taken.map(|chunk| chunk.record.capture_time);
        let mut journal = lock(&shared.journal);
        journal.note_sound(&captured.bytes, capture_time);
        drop(journal);
        state = lock(&shared.state);
    }
}

/// Reports a chunk. `STATUS_NO_MEMORY` is what Windows says without a slot for it (DDI-84).
fn complete(dxgk: &dyn Dxgk, chunk: &Chunk) -> NtStatus {
    let status = dxgk.chunk_completed(&chunk.info, &chunk.record.encode());
    if status == NtStatus::NO_MEMORY {
        dxgk.notify_dpc();
    }
    status
}

/// Now, on both clocks.
fn stamps(dxgk: &dyn Dxgk) -> Stamps {
    Stamps {
        counter: dxgk.performance_counter(),
        unix_ns: unix_ns(),
    }
}

/// Nanoseconds since 1970; 0 if the clock of the day is before that.
fn unix_ns() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    })
}
