//! One device as the callbacks find it: by the handle that the driver was given.

use core::ffi::c_void;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::abi::{HANDLE, NtStatus};
use crate::chunks::Chunks;
use crate::device::Options;
use crate::driver::Driver;
use crate::ledger;
use crate::life::{Call, Life, Phase};
use crate::log::{Log, stray};
use crate::messages::Miniport;
use crate::rates::Rates;
use crate::statistics::Statistics;

/// A device: what Windows knows of one Miracast display.
pub(crate) struct State {
    pub(crate) handle: usize,
    pub(crate) miniport: Arc<dyn Miniport>,
    pub(crate) driver: Driver,
    pub(crate) options: Options,
    pub(crate) life: Life,
    pub(crate) log: Log,
    pub(crate) chunks: Chunks,
    pub(crate) rates: Rates,
    pub(crate) statistics: Statistics,
    /// A report has ended the session (DDI-28).
    pub(crate) reported: AtomicBool,
    /// The driver's context, as an address.
    context: AtomicUsize,
    /// The miniport's functions come one at a time (DDI-78).
    miniport_turn: Mutex<()>,
}

impl core::fmt::Debug for State {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("State")
            .field("handle", &self.handle)
            .field("life", &self.life)
            .finish_non_exhaustive()
    }
}

static DEVICES: Mutex<BTreeMap<usize, Weak<State>>> = Mutex::new(BTreeMap::new());

/// Handles are never given out twice, so that a late call is known for what it is.
static NEXT_HANDLE: AtomicUsize = AtomicUsize::new(0x1000);

impl State {
    /// A device that callbacks can find.
    ///
    /// # Errors
    /// No handle is free.
    pub(crate) fn new(
        miniport: Arc<dyn Miniport>,
        driver: Driver,
        options: Options,
    ) -> io::Result<Arc<Self>> {
        let state = Arc::new(Self {
            handle: NEXT_HANDLE.fetch_add(4, SeqCst),
            miniport,
            driver,
            options,
            life: Life::new(),
            log: Log::default(),
            chunks: Chunks::new(options.chunk_slots)?,
            rates: Rates::new(options.notice_interval),
            statistics: Statistics::default(),
            reported: AtomicBool::new(false),
            context: AtomicUsize::new(0),
            miniport_turn: Mutex::new(()),
        });
        devices().insert(state.handle, Arc::downgrade(&state));
        Ok(state)
    }

    pub(crate) fn handle(&self) -> HANDLE {
        core::ptr::without_provenance_mut(self.handle)
    }

    pub(crate) fn context(&self) -> *mut c_void {
        core::ptr::with_exposed_provenance_mut(self.context.load(SeqCst))
    }

    pub(crate) fn set_context(&self, context: *mut c_void) {
        self.context.store(context.expose_provenance(), SeqCst);
    }

    /// The right to call the miniport.
    pub(crate) fn miniport_turn(&self) -> MutexGuard<'_, ()> {
        self.miniport_turn
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is no session that chunks could belong to.
    pub(crate) fn is_session_gone(&self) -> bool {
        self.life.phase() != Phase::Running && self.life.call() != Some(Call::Start)
    }

    /// Calls the driver with a message. Returns its status, the whole buffer, and how many bytes of
    /// it the driver says it wrote.
    pub(crate) fn handle_kernel_mode_message(
        &self,
        input: &[u8],
        output_size: usize,
    ) -> (NtStatus, Vec<u8>, usize) {
        let mut output = vec![0_u8; output_size];
        let mut returned = 0_u32;
        let Some(function) = self.driver.interface.HandleKernelModeMessage else {
            return (NtStatus::NOT_IMPLEMENTED, output, 0);
        };
        let (input_size, input) = (input.len() as u32, input.as_ptr().cast());
        let (room, buffer) = (output.len() as u32, output.as_mut_ptr().cast());
        let context = self.context();
        let status = {
            let _driver = ledger::enter_driver("HandleKernelModeMessage");
            // SAFETY: the context is the driver's own and lives: messages are delivered only while
            // there is a session. The buffers are as long as their sizes say.
            unsafe { function(context, input_size, input, room, buffer, &raw mut returned) }
        };
        (status, output, returned as usize)
    }
}

impl Drop for State {
    fn drop(&mut self) {
        devices().remove(&self.handle);
    }
}

/// The device that the driver means, if it may call at all (DDI-10).
pub(crate) fn find(function: &str, handle: HANDLE) -> Option<Arc<State>> {
    let found = devices().get(&handle.addr()).and_then(Weak::upgrade);
    let Some(state) = found else {
        stray(function, handle.addr());
        return None;
    };
    if state.life.phase() == Phase::Gone {
        let text = format!("{function} after DestroyMiracastContext");
        state.log.violation("DDI-10", text);
        return None;
    }
    Some(state)
}

/// The device whose context has this token, if there is one.
#[cfg(unix)]
pub(crate) fn find_context(token: usize) -> Option<Arc<State>> {
    let states: Vec<_> = devices().values().filter_map(Weak::upgrade).collect();
    let mut alive = states.into_iter();
    alive.find(|state| state.life.phase() != Phase::Gone && state.context().addr() == token)
}

fn devices() -> MutexGuard<'static, BTreeMap<usize, Weak<State>>> {
    DEVICES.lock().unwrap_or_else(PoisonError::into_inner)
}
