//! Threads and descriptors, as /proc tells.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::abi::HANDLE;
use crate::process::ThreadIdentity;

/// What a handle is called here.
pub(crate) const HANDLE: &str = "descriptor";

/// Has the system open what it keeps: here it keeps nothing.
pub(crate) fn settle() {}

pub(crate) fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

pub(crate) fn current_thread() -> Option<ThreadIdentity> {
    // The link is "PID/task/TID".
    let link = fs::read_link("/proc/thread-self").ok()?;
    identity(link.file_name()?.to_str()?.parse().ok()?)
}

/// The number of the calling thread.
pub(crate) fn thread_number() -> u32 {
    // SAFETY: the function has no preconditions, and never fails.
    unsafe { libc::gettid() }.cast_unsigned()
}

pub(crate) fn threads() -> Vec<ThreadIdentity> {
    let ids = numbers("/proc/self/task");
    ids.into_iter().filter_map(identity).collect()
}

/// The time of the start is in clock ticks since boot.
fn identity(id: u32) -> Option<ThreadIdentity> {
    let stat = fs::read_to_string(format!("/proc/self/task/{id}/stat")).ok()?;
    // proc(5): the name is in brackets and may hold anything; field 22 is the start, and the
    // first field after the name is number 3.
    let (_, fields) = stat.rsplit_once(") ")?;
    let started = fields.split(' ').nth(22 - 3)?.parse().ok()?;
    Some(ThreadIdentity { id, started })
}

/// The open descriptors and their targets, such as `socket:[4711]`, without those of such a listing
/// itself: another thread of the program may be at it, too.
pub(crate) fn handles() -> BTreeMap<usize, String> {
    numbers("/proc/self/fd")
        .into_iter()
        // The descriptor of this listing is closed by now and drops out here.
        .filter_map(|number| Some((number as usize, target(number.cast_signed())?)))
        .filter(|(_, target)| !target.starts_with("/proc/"))
        .collect()
}

/// Whether nobody but a driver has descriptors of this kind here: events, timers and their
/// collections. Sockets may be an emulated sink's.
pub(crate) fn is_drivers(target: &str) -> bool {
    target.starts_with("anon_inode:")
}

/// Whether a handle that a driver passes is a timer.
pub(crate) fn is_timer(handle: HANDLE) -> bool {
    let descriptor = i32::try_from(handle.addr()).ok();
    descriptor.and_then(target).as_deref() == Some("anon_inode:[timerfd]")
}

/// What a descriptor refers to; `None` if it is closed.
pub(super) fn target(descriptor: i32) -> Option<String> {
    let target = fs::read_link(format!("/proc/self/fd/{descriptor}")).ok()?;
    Some(target.to_string_lossy().into_owned())
}

fn numbers(directory: impl AsRef<Path>) -> Vec<u32> {
    fs::read_dir(directory)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect()
}
