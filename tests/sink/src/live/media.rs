//! The media side: a thread that only receives, and one that checks what came.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::io;
use std::net::UdpSocket;
use std::sync::mpsc::{Receiver as Inbox, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};

use super::clock::Clock;
use super::udp;
use super::unit::ReceivedUnit;
use crate::capture::Received;
use crate::decode::{DecodeOptions, DecodeReport, Decoder};
use crate::rtcp::Reporter;
use crate::stream::{Checker, Codec, Rules, SoundFormat, StreamReport};

/// A gap that ends a pause: longer than any interval that is watched across it.
const PAUSE_MIN_NS: u64 = 90_000_000;

/// What the checking thread is told.
pub(super) enum Feed {
    Datagrams(Vec<Received>),
    Rules(Rules),
    Sound(SoundFormat),
    Paused,
    /// Media that comes before this time is lost.
    PlayerOpens(u64),
    /// Everything has been received.
    End,
}

/// What both threads and their owner share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) stop: AtomicBool,
    /// Arrival of the latest datagram, nanoseconds of the real-time clock; 0 for none.
    pub(super) last_ns: AtomicU64,
    pub(super) reporter: Mutex<Reporter>,
}

impl Shared {
    /// A holder that panicked has failed the session already.
    pub(super) fn reporter(&self) -> MutexGuard<'_, Reporter> {
        self.reporter.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the media side brought.
#[derive(Debug)]
pub(super) struct Media {
    pub(super) stream: StreamReport,
    pub(super) units: Vec<ReceivedUnit>,
    pub(super) picture_bytes: u64,
    pub(super) decode: Option<DecodeReport>,
    pub(super) datagrams: Vec<Received>,
    pub(super) truncated: bool,
    pub(super) dropped: Option<u32>,
}

/// How much is kept: a sink may run for days.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keep {
    /// Bytes of datagrams.
    pub(super) datagram_bytes: usize,
    /// Records of access units.
    pub(super) units: usize,
}

/// The running threads.
#[derive(Debug)]
pub(super) struct Threads {
    pub(super) shared: Arc<Shared>,
    pub(super) feed: Sender<Feed>,
    receive: JoinHandle<io::Result<Option<u32>>>,
    check: JoinHandle<io::Result<Media>>,
}

impl Threads {
    /// Starts both threads. `thread_start` is called first on each thread.
    pub(super) fn start(
        socket: UdpSocket,
        clock: Clock,
        decode: Option<DecodeOptions>,
        keep: Keep,
        thread_start: fn(),
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (feed, inbox) = channel();
        let receiver = udp::Receiver::new(socket)?;
        let (theirs, out) = (Arc::clone(&shared), feed.clone());
        let receive = Builder::new()
            .name("sink-receive".to_owned())
            .spawn(move || {
                thread_start();
                receive(receiver, clock, &theirs, &out)
            })?;
        let spawn = |options| Decoder::spawn(options, thread_start);
        let decoder = decode.map(spawn).transpose()?;
        let worker = Worker {
            shared: Arc::clone(&shared),
            checker: Checker::new(Rules::default()),
            decoder,
            units: Vec::new(),
            picture_bytes: 0,
            datagrams: Vec::new(),
            keep,
            truncated: false,
            paused: false,
            last_ns: 0,
            player_opens_ns: 0,
            late: false,
        };
        let check = Builder::new()
            .name("sink-check".to_owned())
            .spawn(move || {
                thread_start();
                worker.run(&inbox)
            })?;
        Ok(Self {
            shared,
            feed,
            receive,
            check,
        })
    }

    /// Stops receiving, waits for the checker and the decoder.
    pub(super) fn finish(self) -> io::Result<Media> {
        self.shared.stop.store(true, Ordering::Relaxed);
        let received = self.receive.join().map_err(|_| panicked())?;
        // The checker ends by itself only if it panicked, which the join says.
        let _gone = self.feed.send(Feed::End);
        let mut media = self.check.join().map_err(|_| panicked())??;
        media.dropped = received?;
        Ok(media)
    }
}

fn panicked() -> io::Error {
    io::Error::other("a thread of the sink panicked")
}

/// Nothing but receiving: what is done here delays the next call. Returns how many datagrams the
/// system dropped, if it says that.
fn receive(
    mut receiver: udp::Receiver,
    clock: Clock,
    shared: &Shared,
    out: &Sender<Feed>,
) -> io::Result<Option<u32>> {
    loop {
        let stopping = shared.stop.load(Ordering::Relaxed);
        let batch = receiver.receive(clock)?;
        let Some(last) = batch.last() else {
            // What had arrived before the stop has been read.
            if stopping {
                return Ok(receiver.dropped());
            }
            continue;
        };
        shared.last_ns.store(last.at_ns, Ordering::Relaxed);
        if out.send(Feed::Datagrams(batch)).is_err() {
            return Ok(receiver.dropped());
        }
    }
}

struct Worker {
    shared: Arc<Shared>,
    checker: Checker,
    decoder: Option<Decoder>,
    units: Vec<ReceivedUnit>,
    picture_bytes: u64,
    datagrams: Vec<Received>,
    /// What may still be kept.
    keep: Keep,
    truncated: bool,
    paused: bool,
    last_ns: u64,
    player_opens_ns: u64,
    /// Media came before.
    late: bool,
}

impl Worker {
    fn run(mut self, inbox: &Inbox<Feed>) -> io::Result<Media> {
        while let Ok(feed) = inbox.recv() {
            match feed {
                Feed::Datagrams(batch) => {
                    for datagram in batch {
                        self.datagram(datagram);
                    }
                }
                Feed::Rules(rules) => self.set_rules(rules),
                Feed::Sound(sound) => self.checker.announce(sound),
                Feed::Paused => self.paused = true,
                Feed::PlayerOpens(at_ns) => self.player_opens_ns = at_ns,
                Feed::End => break,
            }
        }
        self.checker.finish();
        self.take_units();
        Ok(Media {
            stream: self.checker.report().clone(),
            units: self.units,
            picture_bytes: self.picture_bytes,
            decode: self.decoder.map(Decoder::finish).transpose()?,
            datagrams: self.datagrams,
            truncated: self.truncated,
            dropped: None,
        })
    }

    fn set_rules(&mut self, rules: Rules) {
        if rules.codec != Codec::H264 {
            // There is no other decoder here.
            self.decoder = None;
        }
        self.checker.set_rules(rules);
    }

    fn datagram(&mut self, datagram: Received) {
        let gap = datagram.at_ns.saturating_sub(self.last_ns);
        if self.paused && gap >= PAUSE_MIN_NS {
            self.paused = false;
            self.checker.pause();
        }
        self.last_ns = datagram.at_ns;
        if datagram.at_ns < self.player_opens_ns {
            self.late = true;
            return;
        }
        if core::mem::take(&mut self.late) {
            self.checker.join_late();
        }
        self.shared.reporter().rtp(&datagram.bytes, datagram.at_ns);
        self.checker.datagram(&datagram.bytes, datagram.at_ns);
        self.take_units();
        match self.keep.datagram_bytes.checked_sub(datagram.bytes.len()) {
            Some(room) => {
                self.keep.datagram_bytes = room;
                self.datagrams.push(datagram);
            }
            None => self.truncated = true,
        }
    }

    fn take_units(&mut self) {
        while let Some(unit) = self.checker.take_unit() {
            let record = ReceivedUnit::from(&unit);
            let own = record.nals.iter().filter(|nal| !nal.is_addable());
            self.picture_bytes += own.map(|nal| nal.length as u64).sum::<u64>();
            if self.units.len() < self.keep.units {
                self.units.push(record);
            }
            if let Some(decoder) = &self.decoder {
                decoder.push(Arc::new(unit));
            }
        }
    }
}
