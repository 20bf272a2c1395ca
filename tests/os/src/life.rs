//! Where a device is in its life, and which entry point of the driver is on the stack.

use core::time::Duration;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;

use crate::abi::NtStatus;
use crate::messages::Message;

/// How long a `HandleKernelModeMessage` may hold up the next entry point.
const MESSAGE_LIMIT: Duration = Duration::from_secs(5);

/// How long a request of another thread waits for the end of Start before it is given up.
const START_LIMIT: Duration = Duration::from_mins(1);

/// An entry point that Windows calls one at a time (DDI-38).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// `CreateMiracastContext`.
    Create,
    /// `StartMiracastSession`.
    Start,
    /// `StopMiracastSession`.
    Stop,
    /// `DestroyMiracastContext`.
    Destroy,
}

/// What was before the call that is on the stack, or what is now if none is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// No context yet.
    New,
    /// A context and no session so far.
    Ready,
    /// A session.
    Running,
    /// The session was stopped.
    Stopped,
    /// The context was destroyed, or never came to be.
    Gone,
}

#[derive(Debug)]
struct Inner {
    phase: Phase,
    call: Option<(Call, ThreadId)>,
    /// Threads inside `HandleKernelModeMessage`.
    handling: usize,
    messages: VecDeque<Message>,
}

/// What becomes of the next message of the miniport.
pub(crate) enum Fate {
    /// The driver gets it; [`Life::handled`] must follow.
    Deliver(Message),
    /// Its sender learns that it was dropped.
    Drop(Message),
    /// There will be no more.
    End,
}

/// The life of a device.
#[derive(Debug)]
pub(crate) struct Life {
    inner: Mutex<Inner>,
    changed: Condvar,
}

impl Life {
    pub(crate) fn new() -> Self {
        Self {
            inner: Mutex::new(Inner {
                phase: Phase::New,
                call: None,
                handling: 0,
                messages: VecDeque::new(),
            }),
            changed: Condvar::new(),
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        self.lock().phase
    }

    /// The entry point that is on the stack of the calling thread.
    pub(crate) fn own_call(&self) -> Option<Call> {
        let current = std::thread::current().id();
        self.lock()
            .call
            .filter(|(_, thread)| *thread == current)
            .map(|(call, _)| call)
    }

    /// The entry point that is on the stack of any thread.
    pub(crate) fn call(&self) -> Option<Call> {
        self.lock().call.map(|(call, _)| call)
    }

    /// The calling thread is about to call an entry point. False if a message has been with the
    /// driver for too long: entry points never overlap with one (DDI-40).
    pub(crate) fn begin(&self, call: Call) -> bool {
        let mut inner = self.lock();
        inner.call = Some((call, std::thread::current().id()));
        self.changed.notify_all();
        let (_inner, waited) = self
            .changed
            .wait_timeout_while(inner, MESSAGE_LIMIT, |inner| inner.handling > 0)
            .unwrap_or_else(PoisonError::into_inner);
        !waited.timed_out()
    }

    /// The entry point has returned. What a session that did not come to be was sent is returned:
    /// nobody will get it.
    pub(crate) fn end(&self, phase: Phase) -> Vec<Message> {
        let mut inner = self.lock();
        let failed_start = matches!(inner.call, Some((Call::Start, _))) && phase != Phase::Running;
        inner.call = None;
        inner.phase = phase;
        self.changed.notify_all();
        if failed_start {
            inner.messages.drain(..).collect()
        } else {
            Vec::new()
        }
    }

    /// Whether a request to the miniport from the calling thread is processed (DDI-41). On another
    /// thread than Start's it waits for the end of Start.
    ///
    /// # Errors
    /// What the driver gets instead.
    pub(crate) fn admit_io_control(&self) -> Result<(), NtStatus> {
        if self.own_call().is_some() {
            return Ok(());
        }
        let starting = |inner: &mut Inner| matches!(inner.call, Some((Call::Start, _)));
        let (inner, waited) = self
            .changed
            .wait_timeout_while(self.lock(), START_LIMIT, starting)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(NtStatus::IO_TIMEOUT);
        }
        match (inner.call, inner.phase) {
            (Some((Call::Stop | Call::Destroy, _)), _) | (_, Phase::Gone) => {
                Err(NtStatus::INVALID_DEVICE_STATE)
            }
            _ => Ok(()),
        }
    }

    /// Queues a message of the miniport; false if the device is gone.
    pub(crate) fn post(&self, message: Message) -> bool {
        let mut inner = self.lock();
        if inner.phase == Phase::Gone {
            return false;
        }
        inner.messages.push_back(message);
        self.changed.notify_all();
        true
    }

    /// Whether the driver is busy with a message.
    pub(crate) fn is_handling(&self) -> bool {
        self.lock().handling > 0
    }

    /// Waits for a message whose time has come.
    pub(crate) fn next_message(&self) -> Fate {
        let mut inner = self.lock();
        loop {
            let call = inner.call.map(|(call, _)| call);
            match (call, inner.phase) {
                (Some(Call::Stop | Call::Destroy), _) | (None, Phase::Stopped | Phase::Gone) => {
                    if let Some(message) = inner.messages.pop_front() {
                        return Fate::Drop(message);
                    }
                    if call.is_none() && inner.phase == Phase::Gone {
                        return Fate::End;
                    }
                }
                (None, Phase::Running) => {
                    if let Some(message) = inner.messages.pop_front() {
                        inner.handling += 1;
                        return Fate::Deliver(message);
                    }
                }
                // Withheld until a Start has returned (DDI-40, DDI-82).
                (Some(Call::Create | Call::Start), _) | (None, Phase::New | Phase::Ready) => {}
            }
            inner = self
                .changed
                .wait(inner)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The driver has returned from a message.
    pub(crate) fn handled(&self) {
        self.lock().handling -= 1;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
