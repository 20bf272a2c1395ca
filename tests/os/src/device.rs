//! Windows with a driver loaded, and a device with its sessions.

use core::ffi::c_void;
use core::sync::atomic::{AtomicBool, Ordering::SeqCst};
use core::time::Duration;
use std::net::TcpStream;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Instant;

use crate::abi::{
    MIRACAST_CALLBACKS, MIRACAST_DATARATE_STATS, MIRACAST_SESSION_INFO, NtStatus,
    QUERY_MIRACAST_DRIVER_INTERFACE,
};
use crate::callbacks::CALLBACKS;
use crate::driver::{Driver, LoadError};
use crate::ledger;
use crate::life::{Call, Phase};
use crate::log::{Report, Timing, Violation};
use crate::messages::{self, DxgkCallbacks, Message, Miniport};
use crate::process::Census;
use crate::rates::Rates;
use crate::rtsp_socket::RtspSocket;
use crate::state::State;
use crate::statistics::Statistic;
use crate::trace::{self, Trace};

/// How long `DestroyMiracastContext` may take (DDI-12).
const DESTROY_LIMIT: Duration = Duration::from_secs(3);

/// How this Windows differs from the usual one.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Chunks that wait for the driver before all are lost.
    pub chunk_slots: usize,
    /// Time between two data-rate notices: one second on Windows (DDI-46).
    pub notice_interval: Duration,
    /// How long an entry point may take before it counts as hanging. The device is of no use then.
    pub call_limit: Duration,
    /// Whether `destroy` looks for threads and events that the driver left. Not with several
    /// devices at once: those of one are leaks of the other.
    pub check_leaks: bool,
    /// Whether `GetNextChunkData` takes a timer for one of its events. The documentation speaks of
    /// events only.
    pub takes_timers: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            chunk_slots: 64,
            notice_interval: Duration::from_secs(1),
            call_limit: Duration::from_secs(30),
            check_leaks: true,
            takes_timers: true,
        }
    }
}

/// What Windows says of the link when a session starts.
pub use crate::abi::MIRACAST_WFD_CONNECTION_STATS as ConnectionStats;

/// Windows, with a driver loaded.
#[derive(Clone, Debug)]
pub struct Windows {
    driver: Driver,
    violations: Vec<Violation>,
}

impl Windows {
    /// Loads the driver behind the address of `QueryMiracastDriverInterface`, and tries how that
    /// takes wrong versions and sizes. The calling thread is the program's from now on.
    ///
    /// # Errors
    /// What the driver answered, or `INVALID_PARAMETER` if it filled in no usable interface.
    pub fn load(query: QUERY_MIRACAST_DRIVER_INTERFACE) -> Result<Self, NtStatus> {
        ledger::outside();
        trace::watch();
        let mut violations = Vec::new();
        Ok(Self {
            driver: Driver::linked(query, &mut violations)?,
            violations,
        })
    }

    /// As [`Windows::load`], from the driver's DLL.
    ///
    /// # Errors
    /// See [`LoadError`]; on Linux a file is always one that cannot be loaded.
    pub fn load_file(file: &Path) -> Result<Self, LoadError> {
        ledger::outside();
        let mut violations = Vec::new();
        Ok(Self {
            driver: Driver::from_file(file, &mut violations)?,
            violations,
        })
    }

    /// Unloads the driver's DLL, if it came from one, and says if it does not go (DDI-13). A device
    /// that is still there keeps it.
    pub fn unload(self) -> Option<Violation> {
        self.driver.unload()
    }

    /// Breaches that were seen while the driver was loaded.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Creates a device with the usual [`Options`].
    ///
    /// # Errors
    /// As for [`Windows::create_device_with`].
    pub fn create_device(&self, miniport: Arc<dyn Miniport>) -> Result<Device, NtStatus> {
        self.create_device_with(miniport, Options::default())
    }

    /// Creates a device: first the miniport's context, then the driver's.
    ///
    /// # Errors
    /// The status of the one that refused; `IO_TIMEOUT` if the driver hangs;
    /// `INSUFFICIENT_RESOURCES` if the emulator has no handle.
    pub fn create_device_with(
        &self,
        miniport: Arc<dyn Miniport>,
        options: Options,
    ) -> Result<Device, NtStatus> {
        let state = State::new(miniport, self.driver.clone(), options)
            .map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
        state.miniport.create_context(DxgkCallbacks::new(&state))?;
        let device = Device {
            census: Census::take(),
            threads: Mutex::default(),
            state,
            socket: Mutex::new(None),
            abandoned: AtomicBool::new(false),
        };
        device.threads().extend(messages::deliver(&device.state));
        device.threads().push(Rates::run(&device.state));
        let status = device.create();
        if status.is_success() {
            Ok(device)
        } else {
            device.forget();
            Err(status)
        }
    }
}

/// What a started session is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    /// A monitor is connected to the sink.
    pub monitor_connected: bool,
    /// Modes are left out because of the suggested rate.
    pub reduced_mode_list_due_to_bandwidth: bool,
}

/// A Miracast display of Windows. Drop stops and destroys it.
#[derive(Debug)]
pub struct Device {
    pub(crate) state: Arc<State>,
    census: Census,
    /// The emulator's own, which end with the context.
    threads: Mutex<Vec<JoinHandle<()>>>,
    socket: Mutex<Option<RtspSocket>>,
    /// An entry point hangs, or all is over: nothing can be called any more.
    abandoned: AtomicBool,
}

impl Device {
    /// Starts a session on a connected RTSP socket. The socket is Windows's: it is closed after
    /// Stop, or after a Start that failed.
    ///
    /// # Errors
    /// The driver's status; `INVALID_DEVICE_STATE` if a session runs, `IO_TIMEOUT` if the driver
    /// hangs.
    pub fn start(
        &self,
        stream: TcpStream,
        rates: ConnectionStats,
    ) -> Result<SessionInfo, NtStatus> {
        if self.abandoned.load(SeqCst) || self.state.life.phase() == Phase::Running {
            return Err(NtStatus::INVALID_DEVICE_STATE);
        }
        let socket = RtspSocket::new(stream);
        let raw = socket.raw();
        self.state.chunks.open();
        self.state.statistics.reset();
        self.state.reported.store(false, SeqCst);
        let before = self.state.life.phase();
        let result = self.call(Call::Start, move |state| {
            let (status, info) = start(state, raw, rates);
            let phase = if status.is_success() {
                Phase::Running
            } else {
                before
            };
            ((status, info), phase)
        });
        let (status, info) = result.unwrap_or((NtStatus::IO_TIMEOUT, 0));
        *self.socket() = Some(socket);
        if !status.is_success() {
            if self.state.rates.forget() {
                let text = "a failed Start left a registration for data-rate notifications";
                self.state.log.violation("DDI-25", text);
            }
            self.close_session();
            return Err(status);
        }
        if info & MIRACAST_SESSION_INFO::RESERVED != 0 {
            let text = format!("MIRACAST_SESSION_INFO {info:#010x} has reserved bits");
            self.state.log.violation("DDI-21", text);
        }
        Ok(SessionInfo {
            monitor_connected: info & MIRACAST_SESSION_INFO::MONITOR_CONNECTED != 0,
            reduced_mode_list_due_to_bandwidth: info
                & MIRACAST_SESSION_INFO::REDUCED_MODE_LIST_DUE_TO_BANDWIDTH
                != 0,
        })
    }

    /// Stops the session, if one runs, and closes the RTSP socket.
    pub fn stop(&self) {
        if self.abandoned.load(SeqCst) || self.state.life.phase() != Phase::Running {
            return;
        }
        self.state.chunks.drop_all();
        self.call(Call::Stop, |state| {
            if let Some(function) = state.driver.interface.StopMiracastSession {
                let _driver = ledger::enter_driver("StopMiracastSession");
                // SAFETY: the context is the driver's own, and a session runs in it.
                unsafe { function(state.context()) };
            }
            ((), Phase::Stopped)
        });
        if self.state.rates.forget() {
            let text = "Stop left a registration for data-rate notifications";
            self.state.log.violation("DDI-48", text);
        }
        self.close_session();
    }

    /// Stops the session, if one runs, destroys the driver's context and then the miniport's, and
    /// looks for what the driver left behind.
    pub fn destroy(&self) {
        self.stop();
        if self.abandoned.load(SeqCst) {
            return;
        }
        self.call(Call::Destroy, |state| {
            if let Some(function) = state.driver.interface.DestroyMiracastContext {
                let _driver = ledger::enter_driver("DestroyMiracastContext");
                // SAFETY: the context is the driver's own and is not used again.
                unsafe { function(state.context()) };
            }
            ((), Phase::Gone)
        });
        self.forget();
        if self.state.options.check_leaks {
            let leaks = self.census.leaked_threads().into_iter();
            for leak in leaks.chain(self.census.leaked_events()) {
                self.state.log.violation(leak.requirement, leak.text);
            }
        }
    }

    /// What the next data-rate notices say.
    pub fn set_data_rate(&self, stats: MIRACAST_DATARATE_STATS) {
        self.state.rates.set(stats);
    }

    /// The link's quality is unknown from now on: one notice with NULL, and no more (DDI-47).
    pub fn end_data_rate(&self) {
        self.state.rates.end();
    }

    /// The report number `known`, counted from 0, once there is one.
    pub fn wait_for_report(&self, known: usize, limit: Duration) -> Option<Report> {
        self.state.log.wait_for_report(known, limit)
    }

    /// Every report so far.
    pub fn reports(&self) -> Vec<Report> {
        self.state.log.entries().reports.clone()
    }

    /// Every statistic so far, in order.
    pub fn statistics(&self) -> Vec<Statistic> {
        self.state.log.entries().statistics.clone()
    }

    /// How long each entry point took, in order of the calls.
    pub fn timings(&self) -> Vec<Timing> {
        self.state.log.entries().timings.clone()
    }

    /// Every breach of the contract so far, in order.
    pub fn violations(&self) -> Vec<Violation> {
        self.state.log.entries().violations.clone()
    }

    /// What the driver told of its sessions so far; `None` for one that tells ETW: in a DLL, and on
    /// Windows.
    pub fn trace(&self) -> Option<Trace> {
        let heard = trace::CAN_HEAR && self.state.driver.is_linked();
        heard.then(|| self.state.log.entries().trace.clone())
    }

    fn create(&self) -> NtStatus {
        let status = self.call(Call::Create, |state| {
            let status = create(state);
            let phase = if status.is_success() {
                Phase::Ready
            } else {
                Phase::Gone
            };
            (status, phase)
        });
        status.unwrap_or(NtStatus::IO_TIMEOUT)
    }

    /// Calls an entry point on a thread of its own; `None` if it hangs.
    fn call<R: Send + 'static>(
        &self,
        call: Call,
        body: impl FnOnce(&State) -> (R, Phase) + Send + 'static,
    ) -> Option<R> {
        let _turn = ENTRY_POINTS.lock().unwrap_or_else(PoisonError::into_inner);
        let (sender, receiver) = mpsc::channel();
        let state = Arc::clone(&self.state);
        let thread = ledger::spawn(move || {
            if !state.life.begin(call) {
                let text = "HandleKernelModeMessage does not return";
                state.log.violation("DDI-39", text);
            }
            let begin = Instant::now();
            let (result, phase) = body(&state);
            let duration = begin.elapsed();
            state.log.timing(Timing { call, duration });
            if call == Call::Destroy && duration > DESTROY_LIMIT {
                let text = format!("DestroyMiracastContext took {duration:?}");
                state.log.violation("DDI-12", text);
            }
            state.life.end(phase).into_iter().for_each(Message::cancel);
            // The receiver has given up if this is late.
            let _ = sender.send(result);
        });
        let result = receiver.recv_timeout(self.state.options.call_limit).ok();
        if result.is_some() {
            // The thread has nothing left to do; a panic would have sent nothing.
            let _ = thread.join();
        } else {
            self.abandoned.store(true, SeqCst);
            let text = format!("{call:?} has not returned");
            self.state.log.violation(requirement(call), text);
        }
        result
    }

    /// Windows closes the socket; chunks and reports are over.
    fn close_session(&self) {
        self.state.chunks.close();
        if let Some(violation) = self.socket().take().and_then(RtspSocket::close) {
            self.state
                .log
                .violation(violation.requirement, violation.text);
        }
    }

    /// The driver's context is gone: so is the miniport's, and our threads end.
    fn forget(&self) {
        self.abandoned.store(true, SeqCst);
        self.state.rates.close();
        if !self.state.life.is_handling() {
            // A panic on one of them has been printed, and is not the driver's.
            self.threads()
                .drain(..)
                .for_each(|thread| drop(thread.join()));
        }
        let _turn = self.state.miniport_turn();
        self.state.miniport.destroy_context();
    }

    fn threads(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn socket(&self) -> MutexGuard<'_, Option<RtspSocket>> {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.destroy();
    }
}

/// One entry point at a time, of all devices (DDI-38).
static ENTRY_POINTS: Mutex<()> = Mutex::new(());

/// What an entry point that hangs breaks.
fn requirement(call: Call) -> &'static str {
    match call {
        Call::Create => "DDI-8",
        // The likely reason: it waits for a thread whose request waits for it.
        Call::Start => "DDI-41",
        Call::Stop => "DDI-35",
        Call::Destroy => "DDI-12",
    }
}

/// `CreateMiracastContext`.
fn create(state: &State) -> NtStatus {
    let Some(function) = state.driver.interface.CreateMiracastContext else {
        return NtStatus::NOT_IMPLEMENTED;
    };
    // On this stack only: how long the structure lives is not documented, so a driver copies it.
    let callbacks: MIRACAST_CALLBACKS = CALLBACKS;
    let mut context: *mut c_void = core::ptr::null_mut();
    let handle = state.handle();
    let _driver = ledger::enter_driver("CreateMiracastContext");
    // SAFETY: the pointers are to locals.
    let status = unsafe { function(handle, &raw const callbacks, &raw mut context) };
    state.set_context(context);
    status
}

/// `StartMiracastSession`: the status and the session information.
fn start(state: &State, socket: usize, rates: ConnectionStats) -> (NtStatus, u32) {
    let Some(function) = state.driver.interface.StartMiracastSession else {
        return (NtStatus::NOT_IMPLEMENTED, 0);
    };
    // What a driver does not write shows as reserved bits.
    let mut info = MIRACAST_SESSION_INFO { Value: u32::MAX };
    let context = state.context();
    let _driver = ledger::enter_driver("StartMiracastSession");
    // SAFETY: the context is the driver's own, the socket is open, the pointers are to locals.
    let status = unsafe { function(context, socket, &raw const rates, &raw mut info) };
    (status, info.Value)
}
