//! What the driver says that its sessions do. Not part of the contract: nothing is judged by it; it
//! explains what was seen.

use miracast_core::trace::Entry;
use miracast_umd::engine::Totals;

/// Something that happened in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What, on the driver's clock.
    pub entry: Entry,
    /// The end of a session: why, in words.
    pub end: Option<String>,
}

/// As a line, with the reason.
impl core::fmt::Display for Told {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.entry.fmt(f)?;
        match &self.end {
            Some(reason) => write!(f, ": {reason}"),
            None => Ok(()),
        }
    }
}

/// All that one context told, in order. A test that fails while it holds one prints it.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// What.
    pub entries: Vec<Told>,
    /// What its sessions came to in numbers, in order.
    pub totals: Vec<Totals>,
}

impl Drop for Trace {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for told in &self.entries {
                eprintln!("driver: {told}");
            }
            for totals in &self.totals {
                eprintln!("driver: {totals}");
            }
        }
    }
}

/// Whether a driver that is linked into the program can be listened to: on Windows it writes to ETW.
pub(crate) const CAN_HEAR: bool = cfg!(unix);

/// Listens to the driver that is linked into the program.
pub(crate) fn watch() {
    #[cfg(unix)]
    miracast_umd::trace_sink::provide_watcher(listen);
}

#[cfg(unix)]
fn listen(token: usize, told: miracast_umd::trace_sink::Told<'_>) {
    use miracast_umd::trace_sink::Told as From;

    let _emulator = crate::ledger::enter_emulator("an event of its trace");
    // A worker that was given up may outlive its device.
    let Some(state) = crate::state::find_context(token) else {
        return;
    };
    match told {
        From::Entry(entry, end) => {
            let (entry, end) = (*entry, end.map(ToString::to_string));
            state.log.told(Told { entry, end });
        }
        From::Totals(totals) => state.log.counted(totals.clone()),
    }
}
