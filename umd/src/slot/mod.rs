//! The storage of the contexts: a fixed number of static cells, and who may touch which of them.
//!
//! Nothing is allocated: a context that Windows creates is built in a cell and taken apart there.
//! Which cell, and whether a token still means a context, is [`Pool`]'s matter.
//!
//! | Cell | Who may touch it |
//! |---|---|
//! | `shared` | anybody with a [`Lease`], or the owner; only read |
//! | `thread` | the thread inside Create, Start, Stop or Destroy; there is one (DDI-38) |
//! | `context`, `memory` | the owner: that same thread, or the worker between its start and its join |
//!
//! A worker that cannot be joined keeps the ownership: see [`Handover`](miracast_core::pool::Handover).

mod lifecycle;

pub(crate) use lifecycle::{create, destroy, find, start, stop};

use core::cell::UnsafeCell;
use core::mem::MaybeUninit;

use miracast_core::limits::CONTEXTS_MAX;
use miracast_core::pool::{Lease, Pool, Ticket};
use miracast_kmd_iface::NtStatus;

use crate::context::{Context, Memory, Shared};
use crate::os::{Thread, Timer};

/// Which contexts exist.
pub(crate) static POOL: Pool<CONTEXTS_MAX> = Pool::new();

static SLOTS: [Slot; CONTEXTS_MAX] = [const { Slot::new() }; CONTEXTS_MAX];

struct Slot {
    shared: UnsafeCell<MaybeUninit<Shared>>,
    context: UnsafeCell<MaybeUninit<Context>>,
    thread: UnsafeCell<Option<Thread>>,
    memory: UnsafeCell<Memory>,
}

// SAFETY: each cell is touched only by those whom the table above names, one at a time or only
// reading; the pool's atomics order the accesses of one life of the slot after the one before.
unsafe impl Sync for Slot {}

impl Slot {
    const fn new() -> Self {
        Self {
            shared: UnsafeCell::new(MaybeUninit::uninit()),
            context: UnsafeCell::new(MaybeUninit::uninit()),
            thread: UnsafeCell::new(None),
            memory: UnsafeCell::new(Memory::new()),
        }
    }
}

fn slot(ticket: Ticket) -> &'static Slot {
    // A ticket of the pool has an index below CONTEXTS_MAX; the remainder keeps a panic path out.
    &SLOTS[ticket.index() % CONTEXTS_MAX]
}

/// Builds the context of a slot that was just claimed.
///
/// # Errors
///
/// What `Context::open` failed with; the slot is as before then.
fn build(ticket: Ticket, shared: Shared, timer: Timer) -> Result<(), NtStatus> {
    let slot = slot(ticket);
    // SAFETY: the slot was claimed by the calling thread and its token is not out yet: nobody else
    // touches its cells.
    let cell = unsafe { &mut *slot.shared.get() };
    let shared: &Shared = cell.write(shared);
    // SAFETY: as above; the context that used the memory before was taken apart.
    let memory = unsafe { &mut *slot.memory.get() };
    // SAFETY: as above.
    let cell = unsafe { &mut *slot.context.get() };
    let context = cell.write(Context::new(memory, timer, shared.token));
    let opened = context.open(shared);
    if opened.is_err() {
        // SAFETY: the calling thread owns the slot, which was built a few lines ago and of which no
        // reference is used any more; no lease is out, because the token is not.
        unsafe { take_apart(ticket) };
    }
    opened
}

/// Takes the context of a slot apart: closes its handles.
///
/// # Safety
///
/// The caller owns the slot, which was built, and no lease is out.
unsafe fn take_apart(ticket: Ticket) {
    let slot = slot(ticket);
    // SAFETY: the caller owns the slot, and it was built.
    let context = unsafe { &mut *slot.context.get() };
    // SAFETY: as above.
    unsafe { context.assume_init_drop() };
    // SAFETY: no lease is out, and the caller owns the slot.
    let shared = unsafe { &mut *slot.shared.get() };
    // SAFETY: as above.
    unsafe { shared.assume_init_drop() };
}

/// What others may look at, for as long as the lease holds.
pub(crate) fn shared<'l>(lease: &'l Lease<'_>) -> &'l Shared {
    let slot = slot(lease.ticket());
    // SAFETY: a lease exists only between build and take_apart, and nobody writes the cell then.
    let cell = unsafe { &*slot.shared.get() };
    // SAFETY: as above: it was built.
    unsafe { cell.assume_init_ref() }
}

/// What others may look at, for the owner.
///
/// # Safety
///
/// The slot was built and is not taken apart while the reference is used.
unsafe fn owned_shared<'s>(ticket: Ticket) -> &'s Shared {
    let slot = slot(ticket);
    // SAFETY: nobody writes the cell between build and take_apart.
    let cell = unsafe { &*slot.shared.get() };
    // SAFETY: the caller's promise: it was built.
    unsafe { cell.assume_init_ref() }
}

/// The context, for the owner.
///
/// # Safety
///
/// The caller owns the slot, which was built: it is the thread inside the DDI call and no worker
/// runs, or it is the worker. The reference is gone before the ownership passes on.
unsafe fn owned_context<'s>(ticket: Ticket) -> &'s mut Context {
    let slot = slot(ticket);
    // SAFETY: the caller's promise: there is no other reference.
    let cell = unsafe { &mut *slot.context.get() };
    // SAFETY: the caller's promise: it was built.
    unsafe { cell.assume_init_mut() }
}

/// The place of the worker's handle.
///
/// # Safety
///
/// The caller is the thread inside Create, Start, Stop or Destroy.
unsafe fn worker<'s>(ticket: Ticket) -> &'s mut Option<Thread> {
    let cell = slot(ticket).thread.get();
    // SAFETY: the caller's promise: there is one such thread (DDI-38).
    unsafe { &mut *cell }
}
