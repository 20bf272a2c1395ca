//! A function that the program has provided.

use miracast_core::session::Reason;
use miracast_core::trace::Entry;
use spin::Mutex;

use crate::engine::Totals;

/// Is called with the token that `CreateMiracastContext` gave out and what happened there, on the thread
/// that drives the context. It must not call the driver.
pub type Watcher = fn(token: usize, told: Told<'_>);

/// What a [`Watcher`] is told.
#[derive(Clone, Copy, Debug)]
pub enum Told<'a> {
    /// Something happened; with [`miracast_core::trace::What::Ended`] also why.
    Entry(&'a Entry, Option<&'a Reason>),
    /// What a session that is over came to in numbers.
    Totals(&'a Totals),
}

static WATCHER: Mutex<Option<Watcher>> = Mutex::new(None);

/// Provides the function for all contexts, from now on.
pub fn provide_watcher(watcher: Watcher) {
    *WATCHER.lock() = Some(watcher);
}

/// The way to the watcher, one for each context.
#[derive(Debug)]
pub(crate) struct Channel {
    token: usize,
}

impl Channel {
    /// The channel of the context with this token.
    pub(crate) const fn open(token: usize) -> Self {
        Self { token }
    }

    /// Tells of an entry.
    pub(crate) fn write(&self, entry: &Entry, end: Option<&Reason>) {
        self.tell(Told::Entry(entry, end));
    }

    /// Tells what a session came to.
    pub(crate) fn write_totals(&self, totals: &Totals) {
        self.tell(Told::Totals(totals));
    }

    fn tell(&self, told: Told<'_>) {
        // Not called under the lock: it may take long.
        let watcher = *WATCHER.lock();
        if let Some(watcher) = watcher {
            watcher(self.token, told);
        }
    }
}
