//! The driver's shell in real time and with real threads: what the simulator, which has one thread, cannot
//! show.
//!
//! - [`storm`]: calls on many threads at once, at every moment of a context's life, planned by a seed.
//! - [`together`]: as many contexts as there may be, each playing.
//! - [`cycles`]: contexts made and destroyed in great number, and what they leave.
//! - [`watchdog`]: ends the program when nothing goes on, and says how to do it again.
//!
//! Of time nothing is judged but what the contract limits: DestroyMiracastContext takes at most 3 s
//! (DDI-12), which the emulated Windows watches. All of it runs against the driver that is linked in and
//! against the DLL.
//!
//! # What was broken on purpose, and what noticed it
//!
//! | in the driver | what the run says |
//! |---|---|
//! | Destroy does not give its slot back | storm: 3 of 4 contexts can be created after Destroy: a slot is lost |
//! | Destroy does not wait for messages that are inside | storm: the same; not with every seed |
//! | a message does not give its lease back | storm: the same, and DDI-13: a timerfd and an eventfd are left |
//! | the media sockets of a session are not closed | storm: DDI-13: descriptors of sockets and of an eventpoll are left |
//! | Create leaks an event | storm: DDI-13: descriptors of an eventfd are left, one for each context |
//! | Start leaves a second thread behind | storm: DDI-13: thread N is left |
//! | Stop does not tell the worker to leave | storm: a descriptor is left, and Stop took 1.5s: it seems to have given its worker up |
//! | a message allocates | storm: the driver allocated N times |
//! | a message waits until the worker has taken it | storm: messages or data-rate notices do not return before the first session |
//! | a data-rate notice waits likewise | watchdog: HUNG; threads in a data-rate notice, one in `StopMiracastSession` and in it `RegisterForDataRateNotifications` |
//! | the inbox stays locked once it was full | watchdog: HUNG; threads in `HandleKernelModeMessage`, one in `StopMiracastSession` |
//! | Create maps a page that nobody unmaps | cycles: memory grew by 41 MB |
//!
//! What it cannot see: a Stop that does not ring the worker's bell is only slower, by the second after which
//! the worker looks around by itself. The models of the inbox under loom see that.

pub mod cycles;
mod intruder;
pub mod storm;
pub mod together;
pub mod watchdog;

use core::fmt::Write as _;
use std::path::Path;
use std::sync::{LazyLock, Mutex, PoisonError};

use anyhow::{Context as _, bail};
use miracast_core::limits::CONTEXTS_MAX;
use miracast_miniport::encoder::Source as Pictures;
use miracast_miniport::peer::{Options, Peer};
use miracast_os::abi::{MIRACAST_CALLBACKS, NtStatus};
use miracast_os::bare::{Bare, Kernel, callbacks};
use miracast_os::ledger;
use miracast_umd::ddi::QueryMiracastDriverInterface;

/// The miniport of contexts without a session.
static MINIPORT: LazyLock<Mutex<Peer>> = LazyLock::new(|| {
    let pictures = Pictures::Synthetic { seed: 1 };
    Mutex::new(Peer::new(Options::default(), pictures))
});

struct Quiet;

impl Kernel for Quiet {
    fn io_control(input: &[u8], output: &mut [u8]) -> (NtStatus, usize) {
        let _emulator = ledger::enter_emulator("MiracastIoControl");
        let mut miniport = MINIPORT.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = miniport.io_control(input, output);
        // It would keep its events for somebody who asks.
        while miniport.poll_event().is_some() {}
        answer
    }
}

/// What contexts without a session are made with.
const CALLBACKS: MIRACAST_CALLBACKS = callbacks::<Quiet>();

/// The DLL, or the driver that is linked in.
fn bare(driver: Option<&Path>) -> anyhow::Result<Bare> {
    ledger::outside();
    match driver {
        Some(file) => Bare::from_file(file).with_context(|| file.display().to_string()),
        None => Bare::linked(QueryMiracastDriverInterface)
            .map_err(|status| anyhow::anyhow!("the driver has no interface: {status}")),
    }
}

fn create(bare: &Bare) -> Result<usize, NtStatus> {
    let _driver = ledger::enter_driver("CreateMiracastContext");
    bare.create(&CALLBACKS)
}

fn destroy(bare: &Bare, context: usize) {
    let _driver = ledger::enter_driver("DestroyMiracastContext");
    bare.destroy(context);
}

/// How many contexts can be created at once now.
fn free_contexts(driver: Option<&Path>) -> anyhow::Result<usize> {
    let bare = bare(driver)?;
    let made = |_| create(&bare).ok();
    let contexts: Vec<usize> = (0..=CONTEXTS_MAX).map_while(made).collect();
    for context in &contexts {
        destroy(&bare, *context);
    }
    // Somebody else has the DLL, too: it does not go here.
    drop(bare.unload());
    Ok(contexts.len())
}

/// Faults that are told; of ten thousand contexts each may have left the same.
const FAULTS_MAX: usize = 20;

/// Nothing, or an error with a line for each fault.
fn judge(what: &str, faults: &[String]) -> anyhow::Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    let mut text = format!("{what}:");
    // Writing into a string does not fail.
    for fault in faults.iter().take(FAULTS_MAX) {
        let _ = write!(text, "\n    {fault}");
    }
    if let Some(more) = faults.len().checked_sub(FAULTS_MAX + 1) {
        let _ = write!(text, "\n    and {} more", more + 1);
    }
    bail!(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_faults_are_told_by_their_number() {
        let faults =
            |count: usize| -> Vec<String> { (0..count).map(|at| at.to_string()).collect() };
        assert!(judge("a run", &[]).is_ok());
        let told = |count| judge("a run", &faults(count)).unwrap_err().to_string();
        assert_eq!(told(2), "a run:\n    0\n    1");
        assert!(told(20).ends_with("\n    19"));
        assert!(told(21).ends_with("\n    19\n    and 1 more"));
        assert!(told(500).ends_with("\n    19\n    and 480 more"));
    }
}
