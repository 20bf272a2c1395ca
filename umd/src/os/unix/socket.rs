//! Sockets: the RTSP connection that the operating system owns, and datagram sockets of our own.

use core::ffi::{c_int, c_void};
use core::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4};

use super::stream::{Listener, Stream};
use super::{Descriptor, last_error, raw_of};
use crate::os::{OsError, RawHandle, RawSocket, Transfer};

/// The connected RTSP socket, lent by the operating system for a session.
///
/// Drop neither closes nor shuts it down (DDI-16). Whether the socket is blocking is unknown and
/// left as it is: each call says that it must not wait.
#[derive(Debug)]
pub struct ControlSocket(c_int);

impl ControlSocket {
    /// Uses `socket`, which stays the property of the caller and must outlive this value.
    ///
    /// # Errors
    /// It is not an open stream socket.
    pub fn adopt(socket: RawSocket) -> Result<Self, OsError> {
        let socket = c_int::try_from(socket).map_err(|_| OsError(libc::EBADF))?;
        let mut kind: c_int = 0;
        let mut size = size_of::<c_int>() as libc::socklen_t;
        let value = (&raw mut kind).cast::<c_void>();
        // SAFETY: `value` points to `size` bytes that the call may write.
        let code = unsafe {
            libc::getsockopt(
                socket,
                libc::SOL_SOCKET,
                libc::SO_TYPE,
                value,
                &raw mut size,
            )
        };
        if code != 0 {
            return Err(last_error());
        }
        if kind != libc::SOCK_STREAM {
            return Err(OsError(libc::EINVAL));
        }
        // An answer and a request that follow each other are two sends, and the second must not wait
        // for the sink's delayed acknowledgement of the first. Without it all goes on, slower.
        let _ = set_option(socket, libc::IPPROTO_TCP, libc::TCP_NODELAY, 1);
        Ok(Self(socket))
    }

    /// The handle to wait for: signalled while there is something to read, or the end of it.
    pub fn raw(&self) -> RawHandle {
        raw_of(self.0)
    }

    /// Our address and port on the connection.
    ///
    /// # Errors
    /// `EAFNOSUPPORT` if the connection is not over IPv4; else what the system says.
    pub fn local(&self) -> Result<SocketAddrV4, OsError> {
        address_of(self.0, libc::getsockname)
    }

    /// The sink's address and port on the connection.
    ///
    /// # Errors
    /// As for [`ControlSocket::local`]; `ENOTCONN` if the connection is gone.
    pub fn peer(&self) -> Result<SocketAddrV4, OsError> {
        address_of(self.0, libc::getpeername)
    }

    /// Offers `bytes` to the connection in one call.
    pub fn send(&self, bytes: &[u8]) -> Transfer {
        sent(send(self.0, bytes))
    }

    /// Takes what has come, up to the length of `buffer`.
    pub fn receive(&self, buffer: &mut [u8]) -> Transfer {
        if buffer.is_empty() {
            return Transfer::Done(0);
        }
        match receive(self.0, buffer) {
            Ok(0) => Transfer::Closed,
            result => sent(result),
        }
    }
}

/// A UDP socket over IPv4 that never waits.
#[derive(Debug)]
pub(in crate::os) struct DatagramSocket(Descriptor);

impl DatagramSocket {
    /// A socket on `local`, port `port`, or any free port if that is 0.
    pub(in crate::os) fn bind(local: Ipv4Addr, port: u16) -> Result<Self, OsError> {
        let kind = libc::SOCK_DGRAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
        // SAFETY: the call takes integers only.
        let socket = Descriptor::new(unsafe { libc::socket(libc::AF_INET, kind, 0) })?;
        call_with_address(socket.0, SocketAddrV4::new(local, port), libc::bind)?;
        Ok(Self(socket))
    }

    /// The port that the socket is bound to.
    pub(in crate::os) fn port(&self) -> Result<u16, OsError> {
        address_of(self.0.0, libc::getsockname).map(|address| address.port())
    }

    /// Asks for room for `bytes` of unsent data. The system may give less, or nothing.
    pub(in crate::os) fn request_send_buffer(&self, bytes: u32) {
        // Without it the system's own size stands.
        let bytes = c_int::try_from(bytes).unwrap_or(c_int::MAX);
        let _ = set_option(self.0.0, libc::SOL_SOCKET, libc::SO_SNDBUF, bytes);
    }

    /// Sends to, and receives from, `peer` only.
    pub(in crate::os) fn connect(&self, peer: SocketAddrV4) -> Result<(), OsError> {
        call_with_address(self.0.0, peer, libc::connect)
    }

    /// Sends one datagram.
    pub(in crate::os) fn send(&self, datagram: &[u8]) -> Result<usize, OsError> {
        send(self.0.0, datagram)
    }

    /// Sends `bytes` as datagrams of `segment` bytes, the last may be shorter, in one call
    /// (`UDP_SEGMENT`). All or none are sent.
    pub(in crate::os) fn send_segmented(
        &self,
        bytes: &[u8],
        segment: u16,
    ) -> Result<usize, OsError> {
        let mut part = libc::iovec {
            iov_base: bytes.as_ptr().cast_mut().cast(),
            iov_len: bytes.len(),
        };
        let mut option = SegmentOption::new(segment);
        let message = libc::msghdr {
            msg_name: core::ptr::null_mut(),
            msg_namelen: 0,
            msg_iov: &raw mut part,
            msg_iovlen: 1,
            msg_control: (&raw mut option).cast(),
            msg_controllen: size_of::<SegmentOption>(),
            msg_flags: 0,
        };
        // SAFETY: `message` points to locals and to `bytes`, which the call only reads.
        length(unsafe { libc::sendmsg(self.0.0, &raw const message, FLAGS) })
    }

    /// Receives one datagram; what does not fit is cut.
    pub(in crate::os) fn receive(&self, buffer: &mut [u8]) -> Result<usize, OsError> {
        receive(self.0.0, buffer)
    }
}

/// One control message of `sendmsg`, as `CMSG_FIRSTHDR` and `CMSG_DATA` would lay it out.
#[repr(C, align(8))]
struct SegmentOption {
    header: libc::cmsghdr,
    segment: u16,
}

impl SegmentOption {
    fn new(segment: u16) -> Self {
        let length = core::mem::offset_of!(Self, segment) + size_of::<u16>();
        Self {
            header: libc::cmsghdr {
                cmsg_len: length,
                cmsg_level: libc::SOL_UDP,
                cmsg_type: libc::UDP_SEGMENT,
            },
            segment,
        }
    }
}

/// One handle for several sockets, signalled while one of them has something to read (epoll).
#[derive(Debug)]
pub(in crate::os) struct Watch(Descriptor);

impl Watch {
    /// A watch over no socket.
    pub(in crate::os) fn new() -> Result<Self, OsError> {
        // SAFETY: the call takes integers only.
        Descriptor::new(unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) }).map(Self)
    }

    /// Adds a socket. It leaves the watch when it is closed.
    pub(in crate::os) fn add(&self, socket: &mut DatagramSocket) -> Result<(), OsError> {
        self.add_descriptor(&socket.0)
    }

    /// Adds a listener, for connections to accept. It leaves the watch when it is closed.
    pub(in crate::os) fn add_listener(&self, listener: &Listener) -> Result<(), OsError> {
        self.add_descriptor(&listener.0)
    }

    /// Adds a connection. It leaves the watch when it is closed.
    pub(in crate::os) fn add_stream(&self, stream: &mut Stream) -> Result<(), OsError> {
        self.add_descriptor(&stream.0)
    }

    fn add_descriptor(&self, descriptor: &Descriptor) -> Result<(), OsError> {
        let mut interest = libc::epoll_event {
            events: libc::EPOLLIN as u32,
            u64: 0,
        };
        let (watch, socket) = (self.0.0, descriptor.0);
        // SAFETY: `interest` is a local; both descriptors are ours.
        let code =
            unsafe { libc::epoll_ctl(watch, libc::EPOLL_CTL_ADD, socket, &raw mut interest) };
        done(code)
    }

    /// The handle to wait for.
    pub(in crate::os) fn raw(&self) -> RawHandle {
        self.0.raw()
    }
}

/// Whether the call failed only because it would have had to wait.
pub(in crate::os) fn would_block(error: OsError) -> bool {
    // A full device queue is EAGAIN's twin: the datagram was not sent and the next may be.
    matches!(error.0, libc::EAGAIN | libc::ENOBUFS | libc::EINTR)
}

/// Whether the error is the answer (ICMP port unreachable) to an earlier datagram.
pub(in crate::os) fn refused(error: OsError) -> bool {
    error.0 == libc::ECONNREFUSED
}

/// No call waits and none raises SIGPIPE.
const FLAGS: c_int = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;

fn send(socket: c_int, bytes: &[u8]) -> Result<usize, OsError> {
    // SAFETY: the pointer and the length are those of a slice.
    length(unsafe { libc::send(socket, bytes.as_ptr().cast(), bytes.len(), FLAGS) })
}

pub(super) fn receive(socket: c_int, buffer: &mut [u8]) -> Result<usize, OsError> {
    // SAFETY: the pointer and the length are those of a slice that we may write.
    length(unsafe { libc::recv(socket, buffer.as_mut_ptr().cast(), buffer.len(), FLAGS) })
}

fn length(result: isize) -> Result<usize, OsError> {
    usize::try_from(result).map_err(|_| last_error())
}

fn set_option(socket: c_int, level: c_int, option: c_int, value: c_int) -> Result<(), OsError> {
    let size = size_of::<c_int>() as libc::socklen_t;
    let value = (&raw const value).cast::<c_void>();
    // SAFETY: `value` points to `size` bytes to read.
    done(unsafe { libc::setsockopt(socket, level, option, value, size) })
}

pub(super) fn done(code: c_int) -> Result<(), OsError> {
    if code == 0 { Ok(()) } else { Err(last_error()) }
}

/// The result of a call on the connection.
pub(super) fn sent(result: Result<usize, OsError>) -> Transfer {
    match result {
        Ok(length) => Transfer::Done(length),
        Err(error) if would_block(error) => Transfer::WouldBlock,
        Err(OsError(libc::EPIPE)) => Transfer::Closed,
        Err(error) => Transfer::Failed(error),
    }
}

pub(super) type SetAddress =
    unsafe extern "C" fn(c_int, *const libc::sockaddr, libc::socklen_t) -> c_int;
pub(super) type GetAddress =
    unsafe extern "C" fn(c_int, *mut libc::sockaddr, *mut libc::socklen_t) -> c_int;

/// `bind` or `connect`.
pub(super) fn call_with_address(
    socket: c_int,
    address: SocketAddrV4,
    call: SetAddress,
) -> Result<(), OsError> {
    let address = libc::sockaddr_in {
        sin_family: libc::AF_INET as libc::sa_family_t,
        sin_port: address.port().to_be(),
        sin_addr: libc::in_addr {
            s_addr: u32::from_ne_bytes(address.ip().octets()),
        },
        sin_zero: [0; 8],
    };
    let size = size_of::<libc::sockaddr_in>() as libc::socklen_t;
    // SAFETY: the pointer is to a local of the size that is given.
    done(unsafe { call(socket, (&raw const address).cast(), size) })
}

/// `getsockname` or `getpeername`, for an IPv4 address; one that is mapped into IPv6 counts too,
/// because a listener for both families hands out such connections.
pub(super) fn address_of(socket: c_int, call: GetAddress) -> Result<SocketAddrV4, OsError> {
    let mut address = libc::sockaddr_in6 {
        sin6_family: 0,
        sin6_port: 0,
        sin6_flowinfo: 0,
        sin6_addr: libc::in6_addr { s6_addr: [0; 16] },
        sin6_scope_id: 0,
    };
    let mut size = size_of::<libc::sockaddr_in6>() as libc::socklen_t;
    let pointer: *mut libc::sockaddr = (&raw mut address).cast();
    // SAFETY: the pointer is to a local of the size that is given; the call writes no more.
    done(unsafe { call(socket, pointer, &raw mut size) })?;
    let port = u16::from_be(address.sin6_port);
    match c_int::from(address.sin6_family) {
        // sockaddr_in has the address where sockaddr_in6 has the flow information.
        libc::AF_INET => {
            let ip = Ipv4Addr::from(address.sin6_flowinfo.to_ne_bytes());
            Ok(SocketAddrV4::new(ip, port))
        }
        libc::AF_INET6 => Ipv6Addr::from(address.sin6_addr.s6_addr)
            .to_ipv4_mapped()
            .map(|ip| SocketAddrV4::new(ip, port))
            .ok_or(OsError(libc::EAFNOSUPPORT)),
        _ => Err(OsError(libc::EAFNOSUPPORT)),
    }
}

const _: () = {
    use core::mem::offset_of;
    assert!(offset_of!(libc::sockaddr_in, sin_port) == offset_of!(libc::sockaddr_in6, sin6_port));
    assert!(
        offset_of!(libc::sockaddr_in, sin_addr) == offset_of!(libc::sockaddr_in6, sin6_flowinfo)
    );
    assert!(offset_of!(SegmentOption, segment) == size_of::<libc::cmsghdr>());
};
