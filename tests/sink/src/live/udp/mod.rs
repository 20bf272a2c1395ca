//! Receives datagrams, with the time at which each came.
//!
//! Both systems offer the same names. What this module is not: it knows nothing of what the
//! datagrams hold.

#[cfg(unix)]
#[expect(unsafe_code, reason = "std has neither recvmmsg nor time stamps")]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(super) use unix::Receiver;
#[cfg(windows)]
pub(super) use windows::Receiver;
