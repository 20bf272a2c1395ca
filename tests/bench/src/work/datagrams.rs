//! Batches of datagrams onto a socket, and nothing else: in one segmented call and in a call for each
//! as the driver does it, and by `sendmmsg`, which it does not use.

use core::net::Ipv4Addr;
use std::io::IoSlice;
use std::net::UdpSocket;
use std::os::fd::AsRawFd as _;

use anyhow::{bail, ensure};
use miracast_core::limits::{BATCH_BYTES, BATCH_DATAGRAMS_MAX, DATAGRAM_BYTES};
use miracast_umd::os::{MediaSockets, Transfer};
use nix::sys::socket::{MsgFlags, MultiHeaders, sendmmsg};

use super::{Made, Pace, Worker};

/// As many batches in a pass as `turns`.
pub(super) struct Datagrams {
    sockets: MediaSockets,
    batch: Vec<u8>,
    turns: usize,
}

impl Datagrams {
    pub(super) fn new(turns: usize, port: u16, segmented: bool) -> anyhow::Result<Self> {
        let sockets = MediaSockets::open(Ipv4Addr::LOCALHOST)?;
        sockets.connect(Ipv4Addr::LOCALHOST, port, None)?;
        if !segmented {
            sockets.give_up_batches();
        }
        Ok(Self {
            sockets,
            batch: vec![0; BATCH_BYTES],
            turns,
        })
    }
}

impl Worker for Datagrams {
    fn pass(&mut self, _: &mut Pace) -> anyhow::Result<Made> {
        let segmented = self.sockets.sends_batches();
        for _ in 0..self.turns {
            let mut rest = &self.batch[..];
            while !rest.is_empty() {
                match self.sockets.send(rest, DATAGRAM_BYTES) {
                    Transfer::Done(sent) => rest = &rest[sent..],
                    Transfer::WouldBlock => {}
                    other => bail!("{other:?}"),
                }
            }
        }
        ensure!(self.sockets.sends_batches() == segmented, "no batches here");
        Ok(made(self.turns))
    }
}

/// The same by `sendmmsg`.
pub(super) struct Together {
    socket: UdpSocket,
    batch: Vec<u8>,
    turns: usize,
}

impl Together {
    pub(super) fn new(turns: usize, port: u16) -> anyhow::Result<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        socket.connect((Ipv4Addr::LOCALHOST, port))?;
        Ok(Self {
            socket,
            batch: vec![0; BATCH_BYTES],
            turns,
        })
    }
}

impl Worker for Together {
    fn pass(&mut self, _: &mut Pace) -> anyhow::Result<Made> {
        let parts = self.batch.chunks(DATAGRAM_BYTES);
        let slices: Vec<[IoSlice<'_>; 1]> = parts.map(|part| [IoSlice::new(part)]).collect();
        let mut headers = MultiHeaders::<()>::preallocate(slices.len(), None);
        let nowhere = [None; BATCH_DATAGRAMS_MAX];
        let descriptor = self.socket.as_raw_fd();
        let flags = MsgFlags::empty();
        for _ in 0..self.turns {
            let sent = sendmmsg(descriptor, &mut headers, &slices, nowhere, [], flags)?;
            ensure!(sent.count() == slices.len(), "a part of a batch was sent");
        }
        Ok(made(self.turns))
    }
}

fn made(batches: usize) -> Made {
    let datagrams = (batches * BATCH_DATAGRAMS_MAX) as u64;
    Made {
        packets: datagrams * 7,
        datagrams,
    }
}
