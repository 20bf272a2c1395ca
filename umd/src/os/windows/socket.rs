//! The RTSP connection that Windows owns, and what all sockets share.

use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4};

use windows_sys::Win32::Networking::WinSock as winsock;
use windows_sys::Win32::Networking::WinSock::SOCKET;

use super::Event;
use crate::os::{OsError, RawHandle, RawSocket, Transfer};

/// A reference on Winsock, which counts them per process.
#[derive(Debug)]
pub(super) struct Winsock(());

impl Winsock {
    pub(super) fn start() -> Result<Self, OsError> {
        const VERSION_2_2: u16 = 0x0202;
        let mut data = MaybeUninit::<winsock::WSADATA>::uninit();
        // SAFETY: `data` has room for the structure, which is not read.
        let code = unsafe { winsock::WSAStartup(VERSION_2_2, data.as_mut_ptr()) };
        if code == 0 {
            Ok(Self(()))
        } else {
            Err(OsError(code))
        }
    }
}

impl Drop for Winsock {
    fn drop(&mut self) {
        // SAFETY: one call for one successful WSAStartup.
        unsafe { winsock::WSACleanup() };
    }
}

/// The connected RTSP socket, lent by Windows for a session.
///
/// Drop neither closes nor shuts it down (DDI-16); it only detaches our event. The socket is
/// non-blocking from [`ControlSocket::adopt`] on and stays so, for its mode before cannot be asked.
#[derive(Debug)]
pub struct ControlSocket {
    socket: SOCKET,
    event: Event,
    _winsock: Winsock,
}

impl ControlSocket {
    /// Uses `socket`, which stays the property of the caller and must outlive this value.
    ///
    /// # Errors
    /// It is not an open stream socket, or no event can be made.
    pub fn adopt(socket: RawSocket) -> Result<Self, OsError> {
        let winsock = Winsock::start()?;
        if kind_of(socket)? != winsock::SOCK_STREAM {
            return Err(OsError(winsock::WSAEINVAL));
        }
        let event = Event::new()?;
        select(socket, event.raw())?;
        // An answer and a request that follow each other are two sends, and the second must not wait
        // for the sink's delayed acknowledgement of the first. Without it all goes on, slower.
        let _ = set_option(socket, winsock::IPPROTO_TCP, winsock::TCP_NODELAY, 1);
        Ok(Self {
            socket,
            event,
            _winsock: winsock,
        })
    }

    /// The handle to wait for: signalled while there is something to read, or the end of it.
    pub fn raw(&self) -> RawHandle {
        self.event.raw()
    }

    /// Our address and port on the connection.
    ///
    /// # Errors
    /// `WSAEAFNOSUPPORT` if the connection is not over IPv4; else what Winsock says.
    pub fn local(&self) -> Result<SocketAddrV4, OsError> {
        address_of(self.socket, winsock::getsockname)
    }

    /// The sink's address and port on the connection.
    ///
    /// # Errors
    /// As for [`ControlSocket::local`]; `WSAENOTCONN` if the connection is gone.
    pub fn peer(&self) -> Result<SocketAddrV4, OsError> {
        address_of(self.socket, winsock::getpeername)
    }

    /// Offers `bytes` to the connection in one call.
    pub fn send(&self, bytes: &[u8]) -> Transfer {
        sent(send(self.socket, bytes))
    }

    /// Takes what has come, up to the length of `buffer`.
    pub fn receive(&self, buffer: &mut [u8]) -> Transfer {
        if buffer.is_empty() {
            return Transfer::Done(0);
        }
        reset(self.socket, self.event.raw());
        match receive(self.socket, buffer) {
            Ok(0) => Transfer::Closed,
            result => sent(result),
        }
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        // SAFETY: no event and no interest end the association; the socket stays open.
        unsafe { winsock::WSAEventSelect(self.socket, 0, 0) };
    }
}

/// A socket that is closed on drop, before Winsock is let go.
#[derive(Debug)]
pub(super) struct Owned(pub(super) SOCKET);

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: `self` owns the socket and it is closed nowhere else.
        unsafe { winsock::closesocket(self.0) };
    }
}

/// The error of the Winsock call that just failed on this thread.
pub(super) fn last_socket_error() -> OsError {
    // SAFETY: the function has no preconditions.
    OsError(unsafe { winsock::WSAGetLastError() })
}

pub(super) fn done(code: i32) -> Result<(), OsError> {
    if code == 0 {
        Ok(())
    } else {
        Err(last_socket_error())
    }
}

/// Has `event` set when there is something to read from `socket` or to accept, or the end of it. The socket
/// becomes non-blocking.
pub(super) fn select(socket: SOCKET, event: RawHandle) -> Result<(), OsError> {
    const INTEREST: u32 = winsock::FD_READ | winsock::FD_ACCEPT | winsock::FD_CLOSE;
    // SAFETY: the event is open; the association is ended before it is closed.
    done(unsafe {
        winsock::WSAEventSelect(socket, event.addr().cast_signed(), INTEREST.cast_signed())
    })
}

/// Resets `event`, unless it is null, and forgets what `socket` has recorded. It comes before a receive, which makes
/// Winsock record again what is left: after it, a signal would be lost.
pub(super) fn reset(socket: SOCKET, event: RawHandle) {
    let mut events = MaybeUninit::<winsock::WSANETWORKEVENTS>::uninit();
    let event = event.addr().cast_signed();
    // SAFETY: `events` has room for the structure, which is not read: the receive tells the same.
    unsafe { winsock::WSAEnumNetworkEvents(socket, event, events.as_mut_ptr()) };
}

/// Forgets what `socket` has recorded, and leaves its event as it is: others may have set it.
pub(super) fn forget(socket: SOCKET) {
    reset(socket, core::ptr::null_mut());
}

pub(super) fn send(socket: SOCKET, bytes: &[u8]) -> Result<usize, OsError> {
    let size = size(bytes);
    // SAFETY: the pointer is to at least as many bytes as the length says.
    length(unsafe { winsock::send(socket, bytes.as_ptr(), size, 0) })
}

pub(super) fn receive(socket: SOCKET, buffer: &mut [u8]) -> Result<usize, OsError> {
    let size = size(buffer);
    // SAFETY: the pointer is to at least as many bytes as the length says, which we may write.
    length(unsafe { winsock::recv(socket, buffer.as_mut_ptr(), size, 0) })
}

/// The length of `bytes` as Winsock takes it; of more only the beginning goes over.
fn size(bytes: &[u8]) -> i32 {
    i32::try_from(bytes.len()).unwrap_or(i32::MAX)
}

fn length(result: i32) -> Result<usize, OsError> {
    usize::try_from(result).map_err(|_| last_socket_error())
}

/// The result of a call on the connection.
pub(super) fn sent(result: Result<usize, OsError>) -> Transfer {
    match result {
        Ok(length) => Transfer::Done(length),
        Err(OsError(winsock::WSAEWOULDBLOCK | winsock::WSAENOBUFS)) => Transfer::WouldBlock,
        Err(OsError(winsock::WSAESHUTDOWN | winsock::WSAEDISCON)) => Transfer::Closed,
        Err(error) => Transfer::Failed(error),
    }
}

/// A socket over IPv4 of this kind that is non-blocking and not inherited, and whose port nobody else
/// can bind.
pub(super) fn open(kind: i32, protocol: i32) -> Result<Owned, OsError> {
    let family = i32::from(winsock::AF_INET);
    let flags = winsock::WSA_FLAG_OVERLAPPED | winsock::WSA_FLAG_NO_HANDLE_INHERIT;
    let information = core::ptr::null();
    // SAFETY: the call takes integers, and no protocol information is wanted.
    let socket = unsafe { winsock::WSASocketW(family, kind, protocol, information, 0, flags) };
    if socket == winsock::INVALID_SOCKET {
        return Err(last_socket_error());
    }
    let socket = Owned(socket);
    let mut yes = 1_u32;
    // SAFETY: the pointer is to a local.
    done(unsafe { winsock::ioctlsocket(socket.0, winsock::FIONBIO, &raw mut yes) })?;
    let (level, option) = (winsock::SOL_SOCKET, winsock::SO_EXCLUSIVEADDRUSE);
    set_option(socket.0, level, option, 1)?;
    Ok(socket)
}

pub(super) fn set_option(
    socket: SOCKET,
    level: i32,
    option: i32,
    value: u32,
) -> Result<(), OsError> {
    let value = (&raw const value).cast::<u8>();
    let size = size_of::<u32>() as i32;
    // SAFETY: `value` points to `size` bytes to read.
    done(unsafe { winsock::setsockopt(socket, level, option, value, size) })
}

/// `SO_TYPE` of a socket.
fn kind_of(socket: SOCKET) -> Result<i32, OsError> {
    let mut kind = 0_i32;
    let mut size = size_of::<i32>() as i32;
    let value = (&raw mut kind).cast::<u8>();
    let (level, option) = (winsock::SOL_SOCKET, winsock::SO_TYPE);
    // SAFETY: `value` points to `size` bytes that the call may write.
    done(unsafe { winsock::getsockopt(socket, level, option, value, &raw mut size) })?;
    Ok(kind)
}

pub(super) type SetAddress =
    unsafe extern "system" fn(SOCKET, *const winsock::SOCKADDR, i32) -> i32;

/// `bind` or `connect`.
pub(super) fn call_with_address(
    socket: SOCKET,
    address: SocketAddrV4,
    call: SetAddress,
) -> Result<(), OsError> {
    let address = winsock::SOCKADDR_IN {
        sin_family: winsock::AF_INET,
        sin_port: address.port().to_be(),
        sin_addr: winsock::IN_ADDR {
            S_un: winsock::IN_ADDR_0 {
                S_addr: u32::from_ne_bytes(address.ip().octets()),
            },
        },
        sin_zero: [0; 8],
    };
    let size = size_of::<winsock::SOCKADDR_IN>() as i32;
    // SAFETY: the pointer is to a local of the size that is given.
    done(unsafe { call(socket, (&raw const address).cast(), size) })
}

type GetAddress = unsafe extern "system" fn(SOCKET, *mut winsock::SOCKADDR, *mut i32) -> i32;

/// `getsockname` or `getpeername`, for an IPv4 address; one that is mapped into IPv6 counts too,
/// because a listener for both families hands out such connections.
pub(super) fn address_of(socket: SOCKET, call: GetAddress) -> Result<SocketAddrV4, OsError> {
    /// SOCKADDR_IN6 in plain bytes; SOCKADDR_IN has the address where this has the flow
    /// information.
    #[repr(C, align(4))]
    struct Address {
        family: u16,
        port: [u8; 2],
        flow: [u8; 4],
        address: [u8; 16],
        scope: [u8; 4],
    }
    const _: () = assert!(size_of::<Address>() == size_of::<winsock::SOCKADDR_IN6>());
    let mut address = Address {
        family: 0,
        port: [0; 2],
        flow: [0; 4],
        address: [0; 16],
        scope: [0; 4],
    };
    let mut size = size_of::<Address>() as i32;
    let pointer = (&raw mut address)
        .cast::<c_void>()
        .cast::<winsock::SOCKADDR>();
    // SAFETY: the pointer is to a local of the size that is given; the call writes no more.
    done(unsafe { call(socket, pointer, &raw mut size) })?;
    let port = u16::from_be_bytes(address.port);
    let ip = match address.family {
        winsock::AF_INET => Some(Ipv4Addr::from(address.flow)),
        winsock::AF_INET6 => Ipv6Addr::from(address.address).to_ipv4_mapped(),
        _ => None,
    };
    ip.map(|ip| SocketAddrV4::new(ip, port))
        .ok_or(OsError(winsock::WSAEAFNOSUPPORT))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Port 7236, 192.0.2.1 in the form that it has on a socket for both families.
    const MAPPED: [u8; 28] = [
        23, 0, 0x1c, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1, 0,
        0, 0, 0,
    ];

    unsafe extern "system" fn mapped(
        _socket: SOCKET,
        address: *mut winsock::SOCKADDR,
        size: *mut i32,
    ) -> i32 {
        // SAFETY: the caller passes a pointer to the size of its buffer.
        assert_eq!(unsafe { *size }, 28);
        // SAFETY: the buffer has the length of the array, as was just seen.
        unsafe { address.cast::<[u8; 28]>().write(MAPPED) };
        0
    }

    #[test]
    fn an_address_that_is_mapped_into_ipv6_is_one_over_ipv4() {
        let expected = SocketAddrV4::new(Ipv4Addr::new(192, 0, 2, 1), 7236);
        assert_eq!(address_of(0, mapped), Ok(expected));
    }
}
