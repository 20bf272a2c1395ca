//! Notices on the quality of the link, once a second.

use core::ffi::c_void;
use core::time::Duration;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crate::abi::{MIRACAST_DATARATE_STATS, NtStatus, PFN_DATARATE_NOTIFICATION};
use crate::ledger;
use crate::life::{Call, Phase};
use crate::state::State;

/// How soon a last notice is tried again while there is no session.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

type Notify = unsafe extern "system" fn(*mut c_void, *const MIRACAST_DATARATE_STATS);

/// The driver's function and its context, as an address.
#[derive(Clone, Copy, Debug)]
struct Registration {
    notify: Notify,
    context: usize,
}

/// Whether the quality of the link is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    #[default]
    NotYet,
    /// NULL is to be sent, and nothing after it (DDI-47).
    Due,
    Told,
}

#[derive(Debug, Default)]
struct Inner {
    registration: Option<Registration>,
    stats: MIRACAST_DATARATE_STATS,
    end: End,
    /// Notices that are on the stack of a thread.
    busy: usize,
    closed: bool,
}

impl Inner {
    fn is_end_due(&self) -> bool {
        self.end == End::Due && self.registration.is_some()
    }
}

/// The notices of a device.
#[derive(Debug)]
pub(crate) struct Rates {
    inner: Mutex<Inner>,
    changed: Condvar,
    interval: Duration,
}

impl Rates {
    pub(crate) fn new(interval: Duration) -> Self {
        Self {
            inner: Mutex::default(),
            changed: Condvar::new(),
            interval,
        }
    }

    /// `RegisterForDataRateNotifications`, on a thread where that is allowed. It fails if there is
    /// a registration already, or none to take back (DDI-45).
    pub(crate) fn register(&self, notify: PFN_DATARATE_NOTIFICATION, context: usize) -> NtStatus {
        let mut inner = self.lock();
        match (notify, inner.registration) {
            (Some(notify), None) => {
                inner.registration = Some(Registration { notify, context });
                inner.end = End::NotYet;
                NtStatus::SUCCESS
            }
            (None, Some(_)) => {
                drop(inner);
                self.forget();
                NtStatus::SUCCESS
            }
            _ => NtStatus::INVALID_PARAMETER,
        }
    }

    /// Takes the registration back; no notice is on its way when this returns. True if there was
    /// one.
    pub(crate) fn forget(&self) -> bool {
        let mut inner = self.lock();
        let was = inner.registration.take().is_some();
        let _idle = self
            .changed
            .wait_while(inner, |inner| inner.busy > 0)
            .unwrap_or_else(PoisonError::into_inner);
        was
    }

    pub(crate) fn set(&self, stats: MIRACAST_DATARATE_STATS) {
        self.lock().stats = stats;
    }

    /// Sends NULL as soon as there is a session, and nothing after it.
    pub(crate) fn end(&self) {
        self.lock().end = End::Due;
        self.changed.notify_all();
    }

    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// The thread that sends.
    pub(crate) fn run(state: &Arc<State>) -> JoinHandle<()> {
        let state = Arc::clone(state);
        ledger::spawn(move || {
            let rates = &state.rates;
            let mut inner = rates.lock();
            while !inner.closed {
                let pause = if inner.is_end_due() {
                    LOOK_AGAIN
                } else {
                    rates.interval
                };
                inner = rates
                    .changed
                    .wait_timeout_while(inner, pause, |inner| !inner.closed)
                    .unwrap_or_else(PoisonError::into_inner)
                    .0;
                if !inner.closed && inner.end != End::Told && may_notify(&state) {
                    inner = rates.notify(inner);
                }
            }
        })
    }

    /// One notice of what was set, or the last one.
    fn notify<'a>(&'a self, mut inner: MutexGuard<'a, Inner>) -> MutexGuard<'a, Inner> {
        let last = inner.end == End::Due;
        if last && inner.registration.is_some() {
            inner.end = End::Told;
        }
        let stats = (!last).then_some(inner.stats);
        self.deliver(inner, stats)
    }

    /// A notice on the calling thread, with others on other threads; false if the driver wants none. After
    /// NULL there are no more (DDI-47).
    pub(crate) fn notify_now(&self, stats: Option<MIRACAST_DATARATE_STATS>) -> bool {
        let mut inner = self.lock();
        if inner.registration.is_none() || inner.end != End::NotYet {
            return false;
        }
        if stats.is_none() {
            inner.end = End::Told;
        }
        drop(self.deliver(inner, stats));
        true
    }

    /// Calls the driver, if it wants to be called.
    fn deliver<'a>(
        &'a self,
        mut inner: MutexGuard<'a, Inner>,
        stats: Option<MIRACAST_DATARATE_STATS>,
    ) -> MutexGuard<'a, Inner> {
        let Some(Registration { notify, context }) = inner.registration else {
            return inner;
        };
        inner.busy += 1;
        drop(inner);
        let stats = stats
            .as_ref()
            .map_or(core::ptr::null(), core::ptr::from_ref);
        {
            let _driver = ledger::enter_driver("a data-rate notice");
            // SAFETY: the driver registered this function with this context, and has not taken it
            // back: that waits until `busy` is over. `stats` is null or points to a local.
            unsafe { notify(core::ptr::with_exposed_provenance_mut(context), stats) };
        }
        let mut inner = self.lock();
        inner.busy -= 1;
        self.changed.notify_all();
        inner
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notices come while there is a session, and also while it is being stopped; not before Start has
/// returned.
fn may_notify(state: &State) -> bool {
    state.life.phase() == Phase::Running
        && !matches!(state.life.call(), Some(Call::Start | Call::Destroy))
}
