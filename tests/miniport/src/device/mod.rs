//! The miniport in real time: the [peer](crate::peer) behind a lock, a thread for the desktop, one
//! for the encoder and one for the sound.
//!
//! What it calls is [`Dxgk`], the services of the Windows graphics kernel that a Miracast miniport
//! uses; `tests/os` has them. No lock is held across such a call but the clock's: Windows may hold a message back
//! until StartMiracastSession has returned, and that call comes back here.

mod threads;

use core::fmt;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

use miracast_kmd_iface::NtStatus;

use crate::encoder::Source;
use crate::journal::Journal;
use crate::peer::{Event, Options, Peer};
use crate::script::Script;
use crate::stream::{ChunkInfo, lock};

/// What the graphics kernel does for a miniport. Called from any thread.
pub trait Dxgk: Send + Sync {
    /// `KeQueryPerformanceCounter`, scaled to units of 100 ns. The driver's `now` is the same clock.
    /// It returns at once and calls nothing back.
    fn performance_counter(&self) -> u64;

    /// `DxgkCbMiracastSendMessage`, waited for (DDI-81, DDI-82): the driver's reply in `output`,
    /// and how many bytes it has.
    ///
    /// # Errors
    /// The status of the message: the driver never got it.
    fn send_message(&self, input: &[u8], output: &mut [u8]) -> Result<usize, NtStatus>;

    /// `DxgkCbReportChunkInfo`: for the log only, without private data (DDI-85).
    fn report_chunk_info(&self, info: &ChunkInfo);

    /// `DxgkCbNotifyInterrupt` with a finished chunk (DDI-83). `STATUS_NO_MEMORY`: Windows had no
    /// slot for it.
    fn chunk_completed(&self, info: &ChunkInfo, private_data: &[u8]) -> NtStatus;

    /// `DxgkCbNotifyDpc`: after `STATUS_NO_MEMORY`, so that the driver hears of it (DDI-84).
    fn notify_dpc(&self);
}

/// How a device is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// The miniport's behaviour.
    pub options: Options,
    /// Where pictures come from.
    pub source: Source,
    /// What the desktop does after a monitor arrived.
    pub script: Script,
    /// Keep the bytes of every NAL unit in the journal.
    pub keep_bytes: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            options: Options::default(),
            source: Source::OpenH264,
            script: Script::default(),
            keep_bytes: false,
        }
    }
}

/// What the threads and the driver's calls share.
struct State {
    peer: Peer,
    script: Script,
    events: Vec<Event>,
    /// The next frame of the desktop.
    frame: u32,
    ending: bool,
}

struct Shared {
    dxgk: Arc<dyn Dxgk>,
    state: Mutex<State>,
    /// Something in the state changed: deadlines must be looked at again.
    changed: Condvar,
    journal: Mutex<Journal>,
}

/// One Miracast context of the miniport (`DxgkDdiMiracastCreateContext`). Dropping it is
/// `DxgkDdiMiracastDestroyContext`: it waits for the threads, so messages on their way must have
/// been completed or failed by then.
pub struct Device {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device")
            .field("peer", &lock(&self.shared.state).peer)
            .finish_non_exhaustive()
    }
}

impl Device {
    /// Starts the threads.
    ///
    /// # Errors
    /// The operating system has no thread to give.
    pub fn new(config: Config, dxgk: Arc<dyn Dxgk>) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            dxgk,
            state: Mutex::new(State {
                peer: Peer::new(config.options, config.source),
                script: config.script,
                events: Vec::new(),
                frame: 0,
                ending: false,
            }),
            changed: Condvar::new(),
            journal: Mutex::new(Journal::new(config.keep_bytes)),
        });
        let mut device = Self {
            shared,
            threads: Vec::new(),
        };
        for threads::Thread { name, run } in threads::ALL {
            let shared = Arc::clone(&device.shared);
            let builder = std::thread::Builder::new().name(name.into());
            device.threads.push(builder.spawn(move || run(&shared))?);
        }
        Ok(device)
    }

    /// `DxgkDdiMiracastIoControl`: the status and the bytes in `output`.
    pub fn io_control(&self, input: &[u8], output: &mut [u8]) -> (NtStatus, usize) {
        let now = self.shared.dxgk.performance_counter();
        let mut state = lock(&self.shared.state);
        let answer = state.peer.io_control(input, output);
        state.drain_events(now);
        drop(state);
        self.shared.changed.notify_all();
        answer
    }

    /// What happened since the last call, oldest first.
    pub fn take_events(&self) -> Vec<Event> {
        core::mem::take(&mut lock(&self.shared.state).events)
    }

    /// A copy of the record of pictures.
    pub fn journal(&self) -> Journal {
        lock(&self.shared.journal).clone()
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        let mut state = lock(&self.shared.state);
        state.ending = true;
        state.peer.close();
        drop(state);
        self.shared.changed.notify_all();
        for thread in self.threads.drain(..) {
            // A panic of the thread has been printed; it must not become an abort here.
            let _ = thread.join();
        }
    }
}

impl State {
    /// Lets the script know, and keeps the events for [`Device::take_events`].
    fn drain_events(&mut self, now: u64) {
        while let Some(event) = self.peer.poll_event() {
            match &event {
                Event::MonitorArrived { .. } => self.script.begin(now),
                Event::MonitorDeparted => self.script.end(),
                _ => {}
            }
            self.events.push(event);
        }
    }
}

#[cfg(test)]
mod tests;
