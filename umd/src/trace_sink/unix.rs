//! A function that the program has provided.

use miracast_core::session::Reason;
use miracast_core::trace::Entry;
use spin::Mutex;

/// Is called with the token that `CreateMiracastContext` gave out and what happened there, on the thread
/// that drives the context; with [`miracast_core::trace::What::Ended`] also why. It must not call the
/// driver.
pub type Watcher = fn(token: usize, entry: &Entry, end: Option<&Reason>);

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
        // Not called under the lock: it may take long.
        let watcher = *WATCHER.lock();
        if let Some(watcher) = watcher {
            watcher(self.token, entry, end);
        }
    }
}
