//! ETW.

use miracast_core::session::Reason;
use miracast_core::trace::Entry;

use super::etw::{Encoded, PROVIDER_DESCRIPTION};
use super::events::{KEYWORD, LEVEL, PROVIDER_ID};
use crate::engine::Totals;
use crate::os::EventProvider;

/// The way to ETW. Each context registers the provider for itself: the last registration is gone when
/// Windows unloads the DLL after the last Destroy, and no count is to be kept of contexts.
#[derive(Debug)]
pub(crate) struct Channel {
    token: usize,
    provider: EventProvider,
}

impl Channel {
    /// The channel of the context with this token.
    pub(crate) fn open(token: usize) -> Self {
        let provider = EventProvider::register(PROVIDER_ID);
        Self { token, provider }
    }

    /// Tells of an entry, if somebody records the events.
    pub(crate) fn write(&self, entry: &Entry, end: Option<&Reason>) {
        self.tell(|event| event.entry(entry.what, end));
    }

    /// Tells what a session came to, if somebody records the events.
    pub(crate) fn write_totals(&self, totals: &Totals) {
        self.tell(|event| event.totals(totals));
    }

    fn tell(&self, fill: impl FnOnce(&mut Encoded)) {
        if self.provider.is_enabled(LEVEL, KEYWORD) {
            let mut event = Encoded::new(self.token);
            fill(&mut event);
            let parts = [&PROVIDER_DESCRIPTION, event.description(), event.values()];
            self.provider.write(LEVEL, KEYWORD, parts);
        }
    }
}
