//! Datagrams as they arrive, with the kernel's stamps, and the pictures in them.

use core::sync::atomic::{AtomicBool, Ordering::Relaxed};
use core::time::Duration;
use std::io::IoSliceMut;
use std::net::UdpSocket;
use std::os::fd::AsRawFd as _;
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::{Context as _, bail};
use nix::errno::Errno;
use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, SockaddrIn, recvmsg, setsockopt, sockopt::RcvBufForce,
    sockopt::ReceiveTimestampns,
};

/// Bytes of a datagram that are kept: more than any contestant sends.
const DATAGRAM_MAX: usize = 2048;

/// A second at 30 Mbit/s, twice over for the kernel's own needs.
const RECEIVE_BUFFER: usize = 8 * 1024 * 1024;

/// Bytes of a transport packet.
const PACKET: usize = 188;

/// How long a receive waits, so that the thread can stop.
const WAIT: Duration = Duration::from_millis(50);

/// One datagram.
#[derive(Debug)]
pub(crate) struct Arrival {
    /// The kernel's stamp, in nanoseconds of the Unix clock.
    pub(crate) at: u64,
    pub(crate) bytes: Vec<u8>,
}

/// A socket whose datagrams are stamped.
#[derive(Debug)]
pub(crate) struct Receiver {
    socket: UdpSocket,
    port: u16,
}

impl Receiver {
    /// # Errors
    /// No socket, or no stamps.
    pub(crate) fn open() -> anyhow::Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        let port = socket.local_addr()?.port();
        setsockopt(&socket, ReceiveTimestampns, &true).context("no time stamps")?;
        if setsockopt(&socket, RcvBufForce, &RECEIVE_BUFFER).is_err() {
            // Only root may; what is lost then is noticed.
            setsockopt(&socket, nix::sys::socket::sockopt::RcvBuf, &RECEIVE_BUFFER)?;
        }
        socket.set_read_timeout(Some(WAIT))?;
        Ok(Self { socket, port })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Receives until it is stopped.
    pub(crate) fn listen(self) -> Listening {
        let stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopped);
        Listening {
            stopped,
            thread: std::thread::spawn(move || self.receive_until(&stop)),
        }
    }

    fn receive_until(&self, stop: &AtomicBool) -> anyhow::Result<Vec<Arrival>> {
        let mut arrivals = Vec::new();
        let mut data = [0; DATAGRAM_MAX];
        let mut control = nix::cmsg_space!(nix::sys::time::TimeSpec);
        loop {
            let mut piece = [IoSliceMut::new(&mut data)];
            let descriptor = self.socket.as_raw_fd();
            let got = recvmsg::<SockaddrIn>(
                descriptor,
                &mut piece,
                Some(&mut control),
                MsgFlags::empty(),
            );
            let (length, at) = match got {
                Ok(message) => {
                    let stamp = message.cmsgs()?.find_map(|control| match control {
                        ControlMessageOwned::ScmTimestampns(time) => Some(time),
                        _ => None,
                    });
                    let time = stamp.context("a datagram without a stamp")?;
                    let at = Duration::from(time).as_nanos() as u64;
                    (message.bytes, at)
                }
                Err(Errno::EAGAIN | Errno::EINTR) if stop.load(Relaxed) => return Ok(arrivals),
                Err(Errno::EAGAIN | Errno::EINTR) => continue,
                Err(error) => return Err(error.into()),
            };
            let bytes = data[..length].to_vec();
            arrivals.push(Arrival { at, bytes });
        }
    }
}

/// A receiver at work.
#[derive(Debug)]
pub(crate) struct Listening {
    stopped: Arc<AtomicBool>,
    thread: JoinHandle<anyhow::Result<Vec<Arrival>>>,
}

impl Listening {
    /// What has arrived, when nothing comes any more.
    ///
    /// # Errors
    /// Those of the socket.
    pub(crate) fn stop(self) -> anyhow::Result<Vec<Arrival>> {
        self.stopped.store(true, Relaxed);
        match self.thread.join() {
            Ok(arrivals) => arrivals,
            Err(_) => bail!("the receiver panicked"),
        }
    }
}

/// When the datagrams of a picture arrived, in nanoseconds of the Unix clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

/// The pictures in datagrams of transport packets, with or without RTP headers: a picture begins
/// with a packet that begins a PES packet of video, and ends with the last of its PID before the
/// next one.
pub(crate) fn pictures(arrivals: &[Arrival]) -> Vec<Picture> {
    let mut pictures: Vec<Picture> = Vec::new();
    let mut video = None;
    for arrival in arrivals {
        let skipped = arrival.bytes.len() % PACKET;
        for packet in arrival.bytes[skipped..].as_chunks::<PACKET>().0 {
            let pid = u16::from_be_bytes([packet[1] & 0x1F, packet[2]]);
            let starts = packet[1] & 0x40 != 0;
            let has_payload = packet[3] & 0x10 != 0;
            if starts && has_payload && is_video(packet) {
                video = Some(pid);
                pictures.push(Picture {
                    first: arrival.at,
                    last: arrival.at,
                });
            } else if video == Some(pid)
                && has_payload
                && let Some(picture) = pictures.last_mut()
            {
                picture.last = arrival.at;
            }
        }
    }
    pictures
}

/// Whether the payload begins with a PES header of video.
fn is_video(packet: &[u8; PACKET]) -> bool {
    let adaptation = packet[3] & 0x20 != 0;
    let offset = 4 + usize::from(adaptation) * (1 + usize::from(packet[4]));
    let start = packet.get(offset..).and_then(<[u8]>::first_chunk::<4>);
    start.is_some_and(|[a, b, c, stream]| (*a, *b, *c) == (0, 0, 1) && stream & 0xF0 == 0xE0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A packet of a PID; of the start of a PES packet of video if it `starts`.
    fn packet(pid: u8, starts: bool) -> Vec<u8> {
        let mut packet = vec![0xAA; PACKET];
        packet[..4].copy_from_slice(&[0x47, u8::from(starts) << 6, pid, 0x10]);
        if starts {
            packet[4..8].copy_from_slice(&[0, 0, 1, 0xE0]);
        }
        packet
    }

    #[test]
    fn a_picture_ends_with_its_last_packet_even_in_the_next_ones_datagram() {
        let arrival = |at, packets: &[Vec<u8>], header: usize| Arrival {
            at,
            bytes: [vec![0x80; header], packets.concat()].concat(),
        };
        let arrivals = [
            arrival(
                10,
                &[packet(0, false), packet(65, true), packet(65, false)],
                12,
            ),
            arrival(20, &[packet(66, false)], 12),
            arrival(30, &[packet(65, false), packet(65, true)], 0),
            arrival(40, &[packet(65, false)], 12),
        ];
        let expected = [
            Picture {
                first: 10,
                last: 30,
            },
            Picture {
                first: 30,
                last: 40,
            },
        ];
        assert_eq!(pictures(&arrivals), expected);
    }

    #[test]
    fn what_is_sent_arrives_with_a_stamp() {
        let receiver = Receiver::open().unwrap();
        let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
        sender.connect(("127.0.0.1", receiver.port())).unwrap();
        let listening = receiver.listen();
        sender.send(&[1, 2, 3]).unwrap();
        let arrivals = listening.stop().unwrap();
        assert_eq!(arrivals.len(), 1);
        assert_eq!(arrivals[0].bytes, [1, 2, 3]);
        assert!(
            arrivals[0].at > 1_600_000_000_000_000_000,
            "of this century"
        );
    }
}
