//! A whole session in one process: source and sink over the loopback interface.
//!
//! The steps are apart from each other, so that a test can do something in between. The program's
//! own threads and handles are counted out: what is left at the end is the driver's.

use core::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use core::time::Duration;
use std::io;
use std::net::TcpListener;
use std::thread::sleep;
use std::time::Instant;

use miracast_os::process::Census;
use miracast_os::{LoadError, NtStatus, SessionInfo, Violation, ledger, strays};
use miracast_sink::live::{Options, Sink, SinkReport};
use miracast_sink::machine::{Command, Event};

use crate::source::{Setup, Source, SourceRecord};
use crate::tap::Tap;

/// How often a condition is looked at.
const STEP: Duration = Duration::from_millis(5);

/// How long the sink may talk to a connection that the driver has left.
pub const LAST_WORDS: Duration = Duration::from_secs(1);

/// Why a session in one process did not come to be.
#[derive(Debug)]
pub enum Failure {
    /// Sockets, threads or files of the emulators.
    Io(io::Error),
    /// The driver could not be loaded, or created no context.
    Driver(LoadError),
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the emulators lack something: {error}"),
            Self::Driver(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Failure {}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Source and sink, connected.
#[derive(Debug)]
pub struct Session {
    source: Source,
    sink: Sink,
    tap: Tap,
    census: Census,
    stray: usize,
}

/// What is left of a session.
#[derive(Debug)]
pub struct Record {
    /// The casting side.
    pub source: SourceRecord,
    /// The receiving side.
    pub sink: SinkReport,
    /// What the sink said after the driver had left the connection.
    pub last_words: Vec<u8>,
    /// What the process has more than before: threads, handles.
    pub leaks: Vec<Violation>,
}

impl Record {
    /// What the driver did wrong towards Windows, and what it left behind.
    pub fn faults(&self) -> Vec<String> {
        let all = self.source.violations.iter().chain(&self.leaks);
        all.map(ToString::to_string).collect()
    }
}

impl Session {
    /// Connects a sink and creates a device. `port` is the source's, 0 for any.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn connect(setup: Setup, options: Options, port: u16) -> Result<Self, Failure> {
        ledger::outside();
        let (census, stray) = (Census::take(), strays().len());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let SocketAddr::V4(address) = listener.local_addr()? else {
            return Err(io::Error::other("not an IPv4 address").into());
        };
        let sink = Sink::connect(address, options)?;
        let (stream, _) = listener.accept()?;
        Ok(Self {
            source: Source::new(setup).map_err(Failure::Driver)?,
            sink,
            tap: Tap::new(stream),
            census,
            stray,
        })
    }

    /// The source's address.
    pub fn address(&self) -> SocketAddrV4 {
        self.sink.endpoints().source
    }

    /// The casting side.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The receiving side.
    pub fn sink(&mut self) -> &mut Sink {
        &mut self.sink
    }

    /// Tells the sink to do something.
    pub fn command(&self, command: Command) {
        self.sink.command(command);
    }

    /// Windows starts the session.
    ///
    /// # Errors
    /// The driver's status, or that of a handle that could not be had.
    pub fn start(&self, bit_rate: u64) -> Result<SessionInfo, NtStatus> {
        let lent = self.tap.lend();
        let stream = lent.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
        self.source.start(stream, bit_rate)
    }

    /// Waits until the sink plays; false if that did not come, or the session has ended before.
    pub fn wait_for_play(&mut self, limit: Duration) -> bool {
        self.wait_for_event(limit, |event| matches!(event, Event::Playing))
    }

    /// Waits for an event of the sink.
    pub fn wait_for_event(&mut self, limit: Duration, is_it: impl Fn(&Event) -> bool) -> bool {
        let deadline = Instant::now() + limit;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.sink.next_event(left) {
                Some(event) if is_it(&event) => return true,
                Some(Event::Ended(_)) | None => return false,
                Some(_) => {}
            }
        }
    }

    /// Waits until the encoder has handed over `count` pictures.
    pub fn wait_for_pictures(&self, count: u64, limit: Duration) -> bool {
        wait_until(limit, || self.source.journal().encoded() >= count)
    }

    /// Windows stops the session, but keeps the connection until the sink has said its last words,
    /// at most [`LAST_WORDS`]. Then everything is taken down.
    ///
    /// # Errors
    /// A thread of the sink failed.
    pub fn finish(self) -> io::Result<Record> {
        self.finish_within(LAST_WORDS)
    }

    /// As [`Self::finish`], with another limit for the last words.
    ///
    /// # Errors
    /// A thread of the sink failed.
    pub fn finish_within(self, limit: Duration) -> io::Result<Record> {
        self.source.device().stop();
        let last_words = self.tap.last_words(limit);
        drop(self.tap);
        let sink = self.sink.wait()?;
        let mut source = self.source.finish();
        source.violations.extend(strays().split_off(self.stray));
        let mut leaks = self.census.leaked_threads();
        leaks.extend(self.census.leaked_handles());
        Ok(Record {
            source,
            sink,
            last_words,
            leaks,
        })
    }
}

/// Waits until `done`; false if it never was.
pub fn wait_until(limit: Duration, done: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    while !done() {
        if Instant::now() >= deadline {
            return false;
        }
        sleep(STEP);
    }
    true
}
