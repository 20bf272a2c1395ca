//! Linux: batches, with the kernel's time stamps. `std` has neither.

use core::ffi::c_int;
use core::mem::size_of;
use core::net::{Ipv4Addr, SocketAddrV4};
use core::ptr::null_mut;
use core::time::Duration;
use std::io;
use std::net::UdpSocket;
use std::os::fd::AsRawFd;

use crate::capture::Received;
use crate::live::clock::Clock;

/// Datagrams that one call takes.
const BATCH: usize = 64;

/// Bytes kept of a datagram: an Ethernet frame cannot carry more.
const DATAGRAM: usize = 2048;

/// Bytes of ancillary data: two messages of 24 and 20 bytes, with room.
const CONTROL: usize = 128;

/// Receive buffer that is asked for: a second at 30 Mbit/s, twice over for the kernel's own needs.
const SOCKET_BUFFER: c_int = 8 * 1024 * 1024;

/// How long a call waits for the first datagram, so that its caller can stop.
const WAIT: Duration = Duration::from_millis(50);

/// A socket that is read in batches.
#[derive(Debug)]
pub(in crate::live) struct Receiver {
    socket: UdpSocket,
    data: Vec<u8>,
    control: Vec<u8>,
    dropped: u32,
}

impl Receiver {
    /// Prepares the socket.
    ///
    /// # Errors
    /// The kernel refuses time stamps.
    pub(in crate::live) fn new(socket: UdpSocket) -> io::Result<Self> {
        set_option(&socket, libc::SO_TIMESTAMPNS, 1)?;
        set_option(&socket, libc::SO_RXQ_OVFL, 1)?;
        // Beyond the system's limit only root may go; an ordinary user gets what the limit allows.
        if set_option(&socket, libc::SO_RCVBUFFORCE, SOCKET_BUFFER).is_err() {
            set_option(&socket, libc::SO_RCVBUF, SOCKET_BUFFER)?;
        }
        socket.set_read_timeout(Some(WAIT))?;
        let (data, control) = (vec![0; BATCH * DATAGRAM], vec![0; BATCH * CONTROL]);
        Ok(Self {
            socket,
            data,
            control,
            dropped: 0,
        })
    }

    /// Datagrams that the kernel dropped because its buffer was full.
    #[expect(clippy::unnecessary_wraps, reason = "not every system says it")]
    pub(in crate::live) fn dropped(&self) -> Option<u32> {
        Some(self.dropped)
    }

    /// Waits a little for datagrams; none is no error. The clock stands in where the kernel gave no
    /// time stamp.
    ///
    /// # Errors
    /// Those of the socket.
    pub(in crate::live) fn receive(&mut self, clock: Clock) -> io::Result<Vec<Received>> {
        let now_ns = clock.now_ns();
        let mut names = [NO_ADDRESS; BATCH];
        let mut vectors: Vec<libc::iovec> = Vec::with_capacity(BATCH);
        let mut headers: Vec<libc::mmsghdr> = Vec::with_capacity(BATCH);
        for data in self.data.chunks_exact_mut(DATAGRAM) {
            vectors.push(libc::iovec {
                iov_base: data.as_mut_ptr().cast(),
                iov_len: DATAGRAM,
            });
        }
        let parts = names
            .iter_mut()
            .zip(&mut vectors)
            .zip(self.control.chunks_exact_mut(CONTROL));
        for ((name, vector), control) in parts {
            headers.push(header(name, vector, control));
        }
        let count = receive_batch(&self.socket, &mut headers)?;
        let received = headers.iter().take(count).enumerate().zip(&names);
        let mut out = Vec::with_capacity(count);
        for ((n, header), name) in received {
            let length = (header.msg_len as usize).min(DATAGRAM);
            let bytes = self
                .data
                .get(n * DATAGRAM..n * DATAGRAM + length)
                .unwrap_or_default();
            let used = header.msg_hdr.msg_controllen.min(CONTROL);
            let control = self
                .control
                .get(n * CONTROL..n * CONTROL + used)
                .unwrap_or_default();
            let ancillary = parse_control(control);
            self.dropped = ancillary.dropped.unwrap_or(self.dropped);
            out.push(Received {
                at_ns: ancillary.at_ns.unwrap_or(now_ns),
                from: address(name),
                bytes: bytes.to_vec(),
            });
        }
        Ok(out)
    }
}

const NO_ADDRESS: libc::sockaddr_in = libc::sockaddr_in {
    sin_family: 0,
    sin_port: 0,
    sin_addr: libc::in_addr { s_addr: 0 },
    sin_zero: [0; 8],
};

fn header(
    name: &mut libc::sockaddr_in,
    vector: &mut libc::iovec,
    control: &mut [u8],
) -> libc::mmsghdr {
    libc::mmsghdr {
        msg_hdr: libc::msghdr {
            msg_name: (&raw mut *name).cast(),
            msg_namelen: size_of::<libc::sockaddr_in>() as libc::socklen_t,
            msg_iov: &raw mut *vector,
            msg_iovlen: 1,
            msg_control: control.as_mut_ptr().cast(),
            msg_controllen: control.len(),
            msg_flags: 0,
        },
        msg_len: 0,
    }
}

/// Fills the headers' buffers; the number of datagrams, 0 if none came in time.
fn receive_batch(socket: &UdpSocket, headers: &mut [libc::mmsghdr]) -> io::Result<usize> {
    let (fd, count) = (socket.as_raw_fd(), headers.len() as libc::c_uint);
    // SAFETY: each header points to an address, an I/O vector with a data buffer, and a control
    // buffer of the lengths that it states; they are borrowed by `Receiver::receive` until after
    // this call, and no two headers share any. A null timeout means none.
    let done = unsafe {
        libc::recvmmsg(
            fd,
            headers.as_mut_ptr(),
            count,
            libc::MSG_WAITFORONE,
            null_mut(),
        )
    };
    if let Ok(count) = usize::try_from(done) {
        return Ok(count);
    }
    let error = io::Error::last_os_error();
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(0),
        // An answer to something we sent to a closed port says nothing about receiving.
        io::ErrorKind::ConnectionRefused => Ok(0),
        _ => Err(error),
    }
}

fn set_option(socket: &UdpSocket, option: c_int, value: c_int) -> io::Result<()> {
    let length = size_of::<c_int>() as libc::socklen_t;
    // SAFETY: the value is a c_int that outlives the call, and `length` is its size.
    let done = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            option,
            (&raw const value).cast(),
            length,
        )
    };
    if done == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

fn address(name: &libc::sockaddr_in) -> SocketAddrV4 {
    let ip = Ipv4Addr::from(u32::from_be(name.sin_addr.s_addr));
    SocketAddrV4::new(ip, u16::from_be(name.sin_port))
}

/// What the kernel says beside a datagram.
#[derive(Default)]
struct Ancillary {
    at_ns: Option<u64>,
    dropped: Option<u32>,
}

/// Walks the control messages (cmsg(3)): length, level and type, data, each aligned to a word.
fn parse_control(mut bytes: &[u8]) -> Ancillary {
    const WORD: usize = size_of::<usize>();
    const HEAD: usize = size_of::<libc::cmsghdr>();
    let mut found = Ancillary::default();
    while let Some((head, _)) = bytes.split_at_checked(HEAD) {
        let length = native_usize(head).unwrap_or(0);
        let (Some(data), Some(level), Some(kind)) = (
            bytes.get(HEAD..length),
            native_i32(head, WORD),
            native_i32(head, WORD + 4),
        ) else {
            break;
        };
        match (level, kind) {
            (libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS) => found.at_ns = timespec(data),
            (libc::SOL_SOCKET, libc::SO_RXQ_OVFL) => {
                found.dropped = native_i32(data, 0).map(i32::cast_unsigned);
            }
            _ => {}
        }
        bytes = bytes
            .get(length.next_multiple_of(WORD)..)
            .unwrap_or_default();
    }
    found
}

fn native_usize(bytes: &[u8]) -> Option<usize> {
    bytes.first_chunk().map(|b| usize::from_ne_bytes(*b))
}

fn native_i32(bytes: &[u8], at: usize) -> Option<i32> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|b| i32::from_ne_bytes(*b))
}

/// A `timespec`: seconds and nanoseconds, a long each.
fn timespec(data: &[u8]) -> Option<u64> {
    const LONG: usize = size_of::<libc::c_long>();
    let seconds = native_usize(data)? as u64;
    let nanoseconds = native_usize(data.get(LONG..)?)? as u64;
    seconds.checked_mul(1_000_000_000)?.checked_add(nanoseconds)
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::Receiver;
    use crate::live::clock::Clock;

    #[test]
    fn datagrams_come_with_kernel_stamps_and_addresses() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let to = socket.local_addr().unwrap();
        let mut receiver = Receiver::new(socket).unwrap();
        assert!(
            receiver.receive(Clock::new()).unwrap().is_empty(),
            "a wait without datagrams ends"
        );
        let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
        for n in 0..100u8 {
            sender.send_to(&vec![n; usize::from(n)], to).unwrap();
        }
        let mut received = Vec::new();
        while received.len() < 100 {
            received.extend(receiver.receive(Clock::new()).unwrap());
        }
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_nanos();
        for (n, datagram) in received.iter().enumerate() {
            assert_eq!(datagram.bytes, vec![n as u8; n]);
            assert_eq!(sender.local_addr().unwrap(), datagram.from.into());
            let age = now - u128::from(datagram.at_ns);
            assert!(datagram.at_ns != 0 && age < 60_000_000_000, "{age}");
        }
        assert!(received.is_sorted_by_key(|d| d.at_ns));
        assert_eq!(receiver.dropped(), Some(0));
    }
}
