//! The RTSP socket, as a driver has it.

use std::net::TcpStream;

/// Makes the number that Windows passes into a stream, whose drop closes it: the breach that the
/// tests are about, unless they prevent that.
#[cfg(unix)]
pub(crate) fn take(socket: usize) -> TcpStream {
    use std::os::fd::FromRawFd;

    let descriptor = i32::try_from(socket).expect("a descriptor");
    // SAFETY: it is open. That it has another owner is what the emulator must notice.
    unsafe { TcpStream::from_raw_fd(descriptor) }
}

/// As on Linux.
#[cfg(windows)]
pub(crate) fn take(socket: usize) -> TcpStream {
    use std::os::windows::io::FromRawSocket;

    // SAFETY: it is open. That it has another owner is what the emulator must notice.
    unsafe { TcpStream::from_raw_socket(socket as u64) }
}
