//! Threads and handles, as the system lists them for all processes. GetProcessHandleCount says
//! only how many, and under Wine it says 0.

use core::ffi::c_void;
use core::net::Ipv4Addr;
use std::collections::BTreeMap;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle, RawHandle};

use windows_sys::Wdk::Foundation::{NtQueryObject, ObjectTypeInformation};
use windows_sys::Wdk::System::SystemInformation::NtQuerySystemInformation;
use windows_sys::Win32::Foundation::{
    FALSE, FILETIME, STATUS_INFO_LENGTH_MISMATCH, STATUS_SUCCESS, UNICODE_STRING,
};
use windows_sys::Win32::System::Diagnostics::ToolHelp::{
    CreateToolhelp32Snapshot, TH32CS_SNAPTHREAD, THREADENTRY32, Thread32First, Thread32Next,
};
use windows_sys::Win32::System::ProcessStatus::{K32GetProcessMemoryInfo, PROCESS_MEMORY_COUNTERS};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, GetCurrentProcessId, GetCurrentThreadId, GetThreadTimes, OpenThread,
    THREAD_QUERY_LIMITED_INFORMATION,
};

use crate::abi::HANDLE;
use crate::process::ThreadIdentity;

/// What a handle is called here.
pub(crate) const HANDLE: &str = "handle";

/// `SystemExtendedHandleInformation` of ntexapi.h: every handle of every process.
const EXTENDED_HANDLES: i32 = 64;

/// Most memory for that list, in words: more than a million handles.
const LIST_WORDS_MAX: usize = 8 << 20;

/// Words of one entry, and those before the first.
const ENTRY_WORDS: usize = 5;
const HEAD_WORDS: usize = 2;

/// Has the system open what it keeps: Winsock an event for each thread that has waited for a
/// socket. A thread that lives on would be taken for a leak without it.
pub(crate) fn settle() {
    let wait = || {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let _peer = TcpStream::connect(listener.local_addr()?)?;
        listener.accept()
    };
    // Where there are no sockets nothing is kept for them.
    let _ = wait();
}

pub(crate) fn resident_bytes() -> Option<u64> {
    let mut counters = PROCESS_MEMORY_COUNTERS::default();
    let size = size_of_val(&counters) as u32;
    // SAFETY: the function has no preconditions; the handle means this process and needs no closing.
    let process = unsafe { GetCurrentProcess() };
    // SAFETY: the pointer is to a local of that size.
    let known = unsafe { K32GetProcessMemoryInfo(process, &raw mut counters, size) };
    (known != 0).then_some(counters.WorkingSetSize as u64)
}

pub(crate) fn current_thread() -> Option<ThreadIdentity> {
    identity(thread_number())
}

/// The number of the calling thread.
pub(crate) fn thread_number() -> u32 {
    // SAFETY: the function has no preconditions.
    unsafe { GetCurrentThreadId() }
}

pub(crate) fn threads() -> Vec<ThreadIdentity> {
    let ids = thread_ids().unwrap_or_default();
    ids.into_iter().filter_map(identity).collect()
}

/// The threads of this process.
fn thread_ids() -> io::Result<Vec<u32>> {
    // SAFETY: the call takes integers only.
    let snapshot = unsafe { CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0) };
    let snapshot = owned(snapshot)?;
    let mut entry = THREADENTRY32 {
        dwSize: size_of::<THREADENTRY32>() as u32,
        ..Default::default()
    };
    let mut ids = Vec::new();
    // SAFETY: the snapshot is open, and the entry says its own size.
    let mut more = unsafe { Thread32First(snapshot.as_raw_handle(), &raw mut entry) };
    while more != 0 {
        if entry.th32OwnerProcessID == process_id() {
            ids.push(entry.th32ThreadID);
        }
        // SAFETY: as above.
        more = unsafe { Thread32Next(snapshot.as_raw_handle(), &raw mut entry) };
    }
    Ok(ids)
}

/// The time of the start is in units of 100 ns since 1601.
fn identity(id: u32) -> Option<ThreadIdentity> {
    // SAFETY: the call takes integers only.
    let thread = unsafe { OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, id) };
    let thread = owned(thread).ok()?;
    let [mut created, mut exited, mut kernel, mut user] = [FILETIME::default(); 4];
    // SAFETY: the handle is open, the pointers are to locals.
    let known = unsafe {
        GetThreadTimes(
            thread.as_raw_handle(),
            &raw mut created,
            &raw mut exited,
            &raw mut kernel,
            &raw mut user,
        )
    };
    let started = u64::from(created.dwHighDateTime) << 32 | u64::from(created.dwLowDateTime);
    (known != 0).then_some(ThreadIdentity { id, started })
}

/// What is not counted: the C++ runtime of mingw-w64, which an encoder needs, makes a semaphore for
/// each of its locks at the first use and keeps it. A driver's waits have no use for one.
const NOT_COUNTED: &str = "Semaphore";

/// The type of a waitable timer.
const TIMER: &str = "Timer";

/// The open handles and the names of their types, such as `Event`.
pub(crate) fn handles() -> BTreeMap<usize, String> {
    let list = all_handles();
    let entries = list.get(HEAD_WORDS..).unwrap_or_default();
    entries
        .chunks_exact(ENTRY_WORDS)
        .take(list.first().copied().unwrap_or(0))
        // Each is: object, process, handle, and details that are of no interest here.
        .filter(|entry| entry.get(1) == Some(&(process_id() as usize)))
        .filter_map(|entry| entry.get(2).copied())
        .filter_map(|handle| Some((handle, kind(handle)?)))
        .filter(|(_, kind)| kind != NOT_COUNTED)
        .collect()
}

/// Whether nobody but a driver has handles of this kind here. The emulators have events too, and
/// Winsock one for each thread that waits for a socket.
pub(crate) fn is_drivers(kind: &str) -> bool {
    kind == TIMER
}

/// Whether a handle that a driver passes is a timer.
pub(crate) fn is_timer(event: HANDLE) -> bool {
    kind(event.addr()).as_deref() == Some(TIMER)
}

/// `SYSTEM_HANDLE_INFORMATION_EX`: the number of entries, a word of nothing, the entries.
fn all_handles() -> Vec<usize> {
    let mut list = vec![0_usize; 1 << 14];
    loop {
        let size = size_of_val(list.as_slice()) as u32;
        let (pointer, unused) = (list.as_mut_ptr().cast::<c_void>(), core::ptr::null_mut());
        // SAFETY: the pointer is to `size` bytes that the call may write.
        let status = unsafe { NtQuerySystemInformation(EXTENDED_HANDLES, pointer, size, unused) };
        match status {
            STATUS_SUCCESS => return list,
            STATUS_INFO_LENGTH_MISMATCH if list.len() < LIST_WORDS_MAX => {
                list.resize(2 * list.len(), 0);
            }
            _ => return Vec::new(),
        }
    }
}

/// The name of a handle's type; `None` if it is closed by now.
fn kind(handle: usize) -> Option<String> {
    // PUBLIC_OBJECT_TYPE_INFORMATION, which begins with the name, and the name's characters.
    let mut words = [0_usize; 64];
    let (size, unused) = (size_of_val(&words) as u32, core::ptr::null_mut());
    let pointer = (&raw mut words).cast::<c_void>();
    let handle = core::ptr::without_provenance_mut(handle);
    // SAFETY: the pointer is to `size` bytes that the call may write.
    let status = unsafe { NtQueryObject(handle, ObjectTypeInformation, pointer, size, unused) };
    if status != STATUS_SUCCESS {
        return None;
    }
    // SAFETY: the call has written this structure there, and the words are aligned for it.
    let name = unsafe { pointer.cast::<UNICODE_STRING>().read() };
    let length = usize::from(name.Length) / 2;
    // SAFETY: the name is in `words`, behind the structure, and so long.
    let name = unsafe { core::slice::from_raw_parts(name.Buffer, length) };
    Some(String::from_utf16_lossy(name))
}

fn process_id() -> u32 {
    // SAFETY: the function has no preconditions.
    unsafe { GetCurrentProcessId() }
}

fn owned(handle: RawHandle) -> io::Result<OwnedHandle> {
    // Some calls fail with NULL, some with -1.
    if handle.is_null() || handle.addr() == usize::MAX {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle is new and has no other owner.
    Ok(unsafe { OwnedHandle::from_raw_handle(handle) })
}
