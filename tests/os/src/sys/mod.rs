//! What the emulator needs of the system that it runs on. It plays Windows on Linux as well, where
//! a handle is a file descriptor; on Windows it is Windows's own.
//!
//! Both sides offer the same names with the same meaning, so nothing above this module knows which
//! one it has. The driver's own layer has similar calls. This one is apart from it on purpose: what
//! checks a driver does not lean on that driver's code.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{Library, Wake, process, socket};
#[cfg(windows)]
pub(crate) use windows::{Library, Wake, process, socket};

/// What a wait of a [`Wake`] ended with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ready {
    /// The time is over, or the wake was set.
    Nothing,
    /// The first handle in order that is signalled.
    Handle(usize),
    /// A handle that cannot be waited for: it is not open, or is there twice where the system
    /// refuses that.
    Unfit(usize),
}
