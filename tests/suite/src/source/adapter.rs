//! The emulated miniport behind the emulated Windows: what dxgkrnl and a display miniport driver
//! are to each other.
//!
//! Windows calls [`Adapter`], which passes on to the device; the device calls `Kernel`, which
//! passes on to Windows. Everything that goes through is noted with its time.

use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::sleep;

use miracast_kmd_iface::Opcode;
use miracast_kmd_iface::codec;
use miracast_kmd_iface::escape::Escape;
use miracast_miniport::device::{Config, Device, Dxgk};
use miracast_miniport::journal::Journal;
use miracast_miniport::peer::Event;
use miracast_miniport::stream::ChunkInfo;
use miracast_os::{DxgkCallbacks, Miniport, NtStatus, ledger};

use super::deed::{Deed, Noted};

/// How long a message of the miniport may be on its way: Windows holds it back while a Start runs.
const MESSAGE_LIMIT: Duration = Duration::from_mins(1);

/// An escape over which the miniport takes long the first time: the driver's worker hangs in it
/// meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlowEscape {
    /// Which.
    pub opcode: Opcode,
    /// How long.
    pub time: Duration,
}

/// The miniport of one device of Windows.
pub(super) struct Adapter {
    config: Config,
    slow: Option<SlowEscape>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    device: Option<Arc<Device>>,
    deeds: Vec<Noted>,
    /// What the device had written down when it was taken away.
    journal: Journal,
    /// The slow escape was there.
    held_up: bool,
}

impl Adapter {
    pub(super) fn new(config: Config, slow: Option<SlowEscape>) -> Arc<Self> {
        Arc::new(Self {
            config,
            slow,
            state: Mutex::default(),
        })
    }

    /// What the driver made the miniport do, oldest first.
    pub(super) fn deeds(&self) -> Vec<Noted> {
        self.state().deeds.clone()
    }

    /// The record of pictures.
    pub(super) fn journal(&self) -> Journal {
        let state = self.state();
        match &state.device {
            Some(device) => device.journal(),
            None => state.journal.clone(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The device, without the lock: its calls may take long.
    fn device(&self) -> Option<Arc<Device>> {
        self.state().device.clone()
    }

    /// Takes long, if this is the escape for that.
    fn hold_up(&self, input: &[u8]) {
        let Some(slow) = self.slow else {
            return;
        };
        let request = codec::decode_request::<Escape>(input);
        let is_it = request.is_ok_and(|(_, request)| request.opcode() == slow.opcode);
        if is_it && !core::mem::replace(&mut self.state().held_up, true) {
            sleep(slow.time);
        }
    }

    fn note(&self, events: Vec<Event>) {
        let at = now();
        let noted = events.into_iter().map(|event| Noted {
            at,
            deed: Deed::from(event),
        });
        self.state().deeds.extend(noted);
    }
}

impl Miniport for Adapter {
    fn create_context(&self, dxgk: DxgkCallbacks) -> Result<u32, NtStatus> {
        let kernel = Arc::new(Kernel(dxgk));
        let device = Device::new(self.config.clone(), kernel)
            .map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
        self.state().device = Some(Arc::new(device));
        Ok(self.config.options.target_id)
    }

    fn io_control(&self, input: &[u8], output: &mut [u8]) -> (NtStatus, usize) {
        let Some(device) = self.device() else {
            return (NtStatus::DEVICE_REMOVED, 0);
        };
        self.hold_up(input);
        let answer = device.io_control(input, output);
        self.note(device.take_events());
        answer
    }

    fn destroy_context(&self) {
        let Some(device) = self.state().device.take() else {
            return;
        };
        self.note(device.take_events());
        let journal = device.journal();
        // The last one: dropping it waits for the device's threads.
        drop(device);
        self.state().journal = journal;
    }
}

/// Windows as the device sees it.
struct Kernel(DxgkCallbacks);

impl Dxgk for Kernel {
    fn performance_counter(&self) -> u64 {
        // The device's threads are the program's; each of them comes here first.
        ledger::outside();
        now()
    }

    fn send_message(&self, input: &[u8], output: &mut [u8]) -> Result<usize, NtStatus> {
        let reply = self.0.call(input, output.len(), MESSAGE_LIMIT)?;
        let room = output.get_mut(..reply.len());
        room.ok_or(NtStatus::BUFFER_OVERFLOW)?
            .copy_from_slice(&reply);
        Ok(reply.len())
    }

    fn report_chunk_info(&self, _: &ChunkInfo) {
        // Windows only writes these to its log. The journal has the same.
    }

    fn chunk_completed(&self, info: &ChunkInfo, private_data: &[u8]) -> NtStatus {
        let info = miracast_os::ChunkInfo {
            chunk_type: info.kind as u32,
            chunk_id: info.id.value(),
            processing_time_us: info.processing_us,
            encode_rate_kbit: info.rate_kbps,
        };
        self.0.chunk_completed(info, private_data)
    }

    fn notify_dpc(&self) {
        // The emulated Windows tells the driver of lost chunks without being reminded.
    }
}

/// The performance counter: the clock that miniport and driver share, in units of 100 ns.
fn now() -> u64 {
    miracast_umd::os::now().ticks()
}
