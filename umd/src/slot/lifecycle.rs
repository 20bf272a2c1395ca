//! Create, Start, Stop and Destroy: which step follows which, and who owns the context in between.
//!
//! Windows calls these four one at a time (DDI-38). The ownership of a context goes from the thread
//! inside Start to the worker, and comes back to the thread inside Stop when the worker is joined.

use core::sync::atomic::AtomicBool;
use core::time::Duration;

use miracast_core::pool::{Handover, State, Ticket, WrongState};
use miracast_kmd_iface::NtStatus;

use super::{POOL, owned_context, owned_shared, take_apart};
use crate::context::Shared;
use crate::ddi::abi::PFN_DATARATE_NOTIFICATION;
use crate::ddi::callbacks::Callbacks;
use crate::engine::SessionInfo;
use crate::inbox::Inbox;
use crate::limits;
use crate::os::{self, Event, OsError, RawSocket, Thread, Timer};

/// CreateMiracastContext. The result is the token that Windows gets for the context.
pub(crate) fn create(
    callbacks: Callbacks,
    on_rates: PFN_DATARATE_NOTIFICATION,
) -> Result<usize, NtStatus> {
    let ticket = POOL.claim().map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    if let Err(status) = build(ticket, callbacks, on_rates) {
        let _ = POOL.close(ticket);
        let _ = POOL.free(ticket);
        return Err(status);
    }
    Ok(ticket.token())
}

fn build(
    ticket: Ticket,
    callbacks: Callbacks,
    on_rates: PFN_DATARATE_NOTIFICATION,
) -> Result<(), NtStatus> {
    let timer = Timer::new().map_err(OsError::status)?;
    let shared = Shared {
        inbox: Inbox::new(Event::new().map_err(OsError::status)?),
        handover: Handover::new(),
        callbacks,
        token: ticket.token(),
        on_rates,
        registered: AtomicBool::new(false),
    };
    super::build(ticket, shared, timer)
}

/// The context that a token means; the token comes from Windows and may be anything.
pub(crate) fn find(token: usize) -> Result<Ticket, NtStatus> {
    POOL.ticket(token).map_err(|_| NtStatus::INVALID_PARAMETER)
}

/// StartMiracastSession.
pub(crate) fn start(
    ticket: Ticket,
    socket: RawSocket,
    bit_rate: u64,
) -> Result<SessionInfo, NtStatus> {
    POOL.start(ticket)
        .map_err(|_: WrongState| NtStatus::INVALID_DEVICE_STATE)?;
    let started = negotiate(ticket, socket, bit_rate).and_then(|info| {
        let thread = Thread::spawn(worker, ticket.token()).map_err(OsError::status)?;
        // SAFETY: this is the thread inside Start.
        let place = unsafe { super::worker(ticket) };
        *place = Some(thread);
        Ok(info)
    });
    if started.is_err() {
        finish(ticket);
        let _ = POOL.stop(ticket);
    }
    started
}

fn negotiate(ticket: Ticket, socket: RawSocket, bit_rate: u64) -> Result<SessionInfo, NtStatus> {
    // SAFETY: the context exists until Destroy, which Windows calls after this call (DDI-38).
    let shared = unsafe { owned_shared(ticket) };
    shared.inbox.reset();
    shared.handover.reset();
    // SAFETY: this is the thread inside Start, and the worker is not there yet.
    let context = unsafe { owned_context(ticket) };
    context.start(shared, socket, bit_rate)
}

/// The worker's thread.
fn worker(token: usize) {
    let Ok(ticket) = POOL.ticket(token) else {
        return;
    };
    // SAFETY: the context exists until the worker is joined, or is taken apart by the worker.
    let shared = unsafe { owned_shared(ticket) };
    // SAFETY: this is the worker: Start gave the ownership away when it made this thread.
    let context = unsafe { owned_context(ticket) };
    context.work(shared);
    if shared.handover.worker_leaves() {
        come_back(ticket);
    }
}

/// The end of a worker that was abandoned: Stop, and perhaps Destroy, have long returned. Callbacks
/// are not allowed any more; handles are closed here, and the slot can be used again.
fn come_back(ticket: Ticket) {
    // Stop abandons the worker first and says so to the pool right after.
    while POOL.state(ticket) == Some(State::Running) {
        core::hint::spin_loop();
    }
    if !wait_for_leases(ticket) {
        return;
    }
    // SAFETY: Stop gave the ownership away for good when it abandoned this thread, the worker.
    unsafe { owned_context(ticket) }.disown_rtsp_socket();
    dismantle(ticket);
    let _ = POOL.restore(ticket);
    let _ = POOL.free(ticket);
}

/// StopMiracastSession.
pub(crate) fn stop(ticket: Ticket) {
    if POOL.state(ticket) == Some(State::Running) && join_worker(ticket) {
        finish(ticket);
        let _ = POOL.stop(ticket);
    }
}

/// Ends the session on the calling thread, which owns the context.
fn finish(ticket: Ticket) {
    // SAFETY: the context exists until Destroy.
    let shared = unsafe { owned_shared(ticket) };
    // SAFETY: this is the thread inside Start or Stop, and there is no worker (any more).
    let context = unsafe { owned_context(ticket) };
    context.stop(shared);
}

/// Takes the ownership back from the worker. False if the worker hangs in a callback: it keeps the
/// context, the module stays loaded, and the slot is out of use until it comes back.
fn join_worker(ticket: Ticket) -> bool {
    // SAFETY: the context exists until Destroy.
    let shared = unsafe { owned_shared(ticket) };
    shared.inbox.ask_to_stop();
    // SAFETY: this is the thread inside Stop or Destroy.
    let place = unsafe { super::worker(ticket) };
    let Some(thread) = place.take() else {
        return true;
    };
    let Err(thread) = thread.join(limits::WORKER_JOIN) else {
        return true;
    };
    if !shared.handover.abandon() {
        // It left at the last moment, and with that the context is this thread's again.
        see_off(thread, || {
            let _ = os::pin_module();
        });
        return true;
    }
    // It hangs in a callback. Its handle is given up: nobody joins it any more. The module must stay
    // where the worker will come back to, and from here on the context is the worker's.
    drop(thread);
    let _ = os::pin_module();
    let callbacks = (shared.callbacks, shared.notices_registered());
    let _ = POOL.quarantine(ticket);
    if let (callbacks, true) = callbacks {
        // Only this thread may decline the notices (DDI-44).
        callbacks.register_rates(core::ptr::null_mut(), None);
    }
    false
}

/// Waits for the end of a worker that has left its context. It has but to return: if the processor is
/// not given to it even so, `pin` keeps the code where it will do so.
fn see_off(thread: Thread, pin: impl FnOnce()) {
    if thread.join(limits::LEASE_WAIT).is_err() {
        pin();
    }
}

/// DestroyMiracastContext.
pub(crate) fn destroy(ticket: Ticket) {
    stop(ticket);
    if POOL.close(ticket).is_err() {
        // The context belongs to a worker that hangs, or that came back and is taking it apart.
        return;
    }
    if wait_for_leases(ticket) {
        dismantle(ticket);
        let _ = POOL.free(ticket);
    } else {
        // A thread of Windows is inside HandleKernelModeMessage, which DDI-40 excludes: rather
        // lose the slot than take it apart under that thread.
        let _ = os::pin_module();
        let _ = POOL.quarantine(ticket);
    }
}

fn wait_for_leases(ticket: Ticket) -> bool {
    const STEP: Duration = Duration::from_millis(1);
    // SAFETY: the context exists: the caller takes it apart afterwards.
    let inbox = unsafe { &owned_shared(ticket).inbox };
    inbox.reset();
    let deadline = os::now() + limits::LEASE_WAIT;
    while POOL.leases(ticket) != 0 {
        if os::now() >= deadline {
            return false;
        }
        // The silent bell is only something to wait for.
        let _ = os::wait(&[inbox.bell().raw()], Some(STEP));
    }
    true
}

fn dismantle(ticket: Ticket) {
    // SAFETY: the caller owns the context, and no lease is out: the pool gives none in this state.
    unsafe {
        take_apart(ticket);
    }
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;

    use super::*;

    #[test]
    fn the_code_is_kept_for_a_thread_that_does_not_end_and_for_no_other() {
        let pinned_for = |entry| {
            let pinned = Cell::new(false);
            let thread = Thread::spawn(entry, 0).unwrap();
            see_off(thread, || pinned.set(true));
            pinned.get()
        };
        assert!(!pinned_for(|_| ()));
        assert!(pinned_for(|_| std::thread::sleep(4 * limits::LEASE_WAIT)));
    }
}
