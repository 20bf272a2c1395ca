//! A sink on real sockets: the machine, the checker and the decoder with threads around them.
//!
//! Three things happen at once and must not wait for each other: the RTSP dialogue, the receiving
//! of datagrams with the time at which each came, and the checking of what they hold; decoding is the
//! fourth. All times are nanoseconds of the real-time clock.

mod clock;
mod control;
mod media;
#[cfg(test)]
mod tests;
mod udp;
mod unit;

use core::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use core::time::Duration;
use std::io;
use std::net::{TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle, sleep};
use std::time::Instant;

use crate::capture::{self, Endpoints, Received};
use crate::choice::Choice;
use crate::decode::{DecodeOptions, DecodeReport};
use crate::machine::{Breach, Command, End, Event, Logged, Machine, Segment, Settings};
use crate::rtcp::SenderReports;
use crate::screen::{self, Need};
use crate::stream::{Marker, StreamReport};
use clock::Clock;
use control::{Control, Finished};
use media::{Keep, Threads};
pub use unit::{NalUnit, ReceivedUnit};

/// How often the source's port is tried while it does not listen yet.
const RETRY: Duration = Duration::from_millis(20);

/// Tries to find two free neighbouring ports.
const PORT_TRIES: u32 = 100;

/// How long a TEARDOWN of ours may take before the connection is closed.
const TEARDOWN_MAX: Duration = Duration::from_secs(1);

/// What kind of sink to be.
#[derive(Debug)]
pub struct Options {
    /// The RTSP side. Its RTP port is replaced if `rtp_port` is 0, and its source address if it
    /// has none.
    pub settings: Settings,
    /// UDP port for RTP, even, the next one is for RTCP; 0 takes two that are free.
    pub rtp_port: u16,
    /// How long the source may take to listen.
    pub connect_timeout: Duration,
    /// Where the RTP marker bit belongs.
    pub marker: Marker,
    /// Decode the pictures, if they are of H.264; `None` only checks them.
    pub decode: Option<DecodeOptions>,
    /// Bytes of datagrams that are kept for a capture file; 0 keeps none.
    pub record_max: usize,
    /// Access units of which a record is kept, for a comparison with what was sent; 0 keeps none.
    pub units_max: usize,
    /// Called first on each thread of the sink, for a program that keeps account of its threads.
    pub thread_start: fn(),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            rtp_port: 0,
            connect_timeout: Duration::from_secs(10),
            marker: Marker::Never,
            decode: None,
            record_max: 0,
            units_max: 0,
            thread_start: || {},
        }
    }
}

/// Everything that a session left behind.
#[derive(Debug)]
pub struct SinkReport {
    /// How the dialogue ended.
    pub end: End,
    /// The rules of RTSP that the source broke.
    pub breaches: Vec<Breach>,
    /// The dialogue.
    pub messages: Vec<Logged>,
    /// The dialogue as the sockets carried it.
    pub segments: Vec<Segment>,
    /// What the checker found.
    pub stream: StreamReport,
    /// The video of the last M4 that was accepted.
    pub chosen: Option<Choice>,
    /// For want of what the screen stayed black or the speaker silent, see [`crate::machine::Quirks::needs`].
    pub unmet: Vec<Need>,
    /// The whole access units, as far as they were to be kept.
    pub units: Vec<ReceivedUnit>,
    /// Bytes of the NAL units of all of them but delimiters and parameter sets, which a source may
    /// add.
    pub picture_bytes: u64,
    /// What the decoder made of them; `None` if there was none, as of H.265.
    pub decode: Option<DecodeReport>,
    /// The datagrams, as far as they were to be kept.
    pub datagrams: Vec<Received>,
    /// Whether there were more datagrams than were to be kept.
    pub record_truncated: bool,
    /// What went over RTCP.
    pub sender_reports: SenderReports,
    /// Datagrams that this machine dropped because the sink was too slow: not the source's fault.
    /// `None` where the system does not say.
    pub socket_drops: Option<u32>,
    /// The addresses of the session.
    pub endpoints: Endpoints,
}

impl SinkReport {
    /// Writes the session as a capture file, see [`capture::write_pcap`].
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_pcap<W: io::Write>(&self, out: W) -> io::Result<()> {
        capture::write_pcap(out, self.endpoints, &self.segments, &self.datagrams)
    }

    /// Writes the transport stream, see [`capture::write_ts`].
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_ts<W: io::Write>(&self, out: W) -> io::Result<()> {
        capture::write_ts(out, &self.datagrams)
    }
}

/// A sink at work.
#[derive(Debug)]
pub struct Sink {
    endpoints: Endpoints,
    commands: Sender<Command>,
    events: Receiver<Event>,
    end: Option<End>,
    control: JoinHandle<io::Result<Finished>>,
    media: Threads,
}

impl Sink {
    /// Connects to a source's RTSP port, trying again until it listens.
    ///
    /// # Errors
    /// The source did not listen in time, or the sockets or threads cannot be had.
    pub fn connect(source: SocketAddrV4, options: Options) -> io::Result<Self> {
        let stream = connect(source, options.connect_timeout)?;
        let SocketAddr::V4(own) = stream.local_addr()? else {
            return Err(io::Error::other("not an IPv4 connection"));
        };
        let (rtp, rtcp) = bind_pair(*own.ip(), options.rtp_port)?;
        let rtp_port = rtp.local_addr()?.port();
        let mut settings = options.settings;
        settings.capabilities.rtp_port = rtp_port;
        settings.source.get_or_insert(*source.ip());
        let clock = Clock::new();
        let media = Threads::start(
            rtp,
            clock,
            options.decode,
            Keep {
                datagram_bytes: options.record_max,
                units: options.units_max,
            },
            options.thread_start,
        )?;
        let (commands, orders) = channel();
        let (events, news) = channel();
        let control = Control {
            stream,
            rtcp,
            reports_to: None,
            source: *source.ip(),
            machine: Machine::new(settings, clock.now_ns()),
            clock,
            commands: orders,
            events,
            feed: media.feed.clone(),
            shared: Arc::clone(&media.shared),
            marker: options.marker,
        };
        let control = Builder::new().name("sink-rtsp".to_owned()).spawn(move || {
            (options.thread_start)();
            control.run()
        })?;
        let endpoints = Endpoints {
            source,
            sink: own,
            rtp_port,
        };
        Ok(Self {
            endpoints,
            commands,
            events: news,
            end: None,
            control,
            media,
        })
    }

    /// The addresses of the session.
    pub fn endpoints(&self) -> Endpoints {
        self.endpoints
    }

    /// Tells the sink to do something. It is too late for that once the dialogue has ended.
    pub fn command(&self, command: Command) {
        let _ended = self.commands.send(command);
    }

    /// The next event; `None` if none came in time or the dialogue has ended before.
    pub fn next_event(&mut self, timeout: Duration) -> Option<Event> {
        let event = self.events.recv_timeout(timeout).ok()?;
        if let Event::Ended(end) = &event {
            self.end = Some(end.clone());
        }
        Some(event)
    }

    /// Waits until the source or a timer has ended the dialogue, and collects everything.
    ///
    /// # Errors
    /// A thread failed.
    pub fn wait(mut self) -> io::Result<SinkReport> {
        while let Ok(event) = self.events.recv() {
            if let Event::Ended(end) = event {
                self.end = Some(end);
            }
        }
        self.collect()
    }

    /// Ends the session with TEARDOWN, or without if the source does not answer it.
    ///
    /// # Errors
    /// A thread failed.
    pub fn stop(mut self) -> io::Result<SinkReport> {
        self.command(Command::Teardown);
        let limit = Instant::now() + TEARDOWN_MAX;
        while self.end.is_none() && Instant::now() < limit {
            let left = limit.saturating_duration_since(Instant::now());
            self.next_event(left);
        }
        self.command(Command::Close);
        self.wait()
    }

    fn collect(self) -> io::Result<SinkReport> {
        let panicked = |_| io::Error::other("the RTSP thread panicked");
        let finished = self.control.join().map_err(panicked)??;
        let media = self.media.finish()?;
        let machine = finished.machine;
        let unmet = screen::missing(
            &machine.settings().quirks.needs,
            &media.stream,
            machine.chosen(),
        );
        let chosen = machine.chosen().cloned();
        let (breaches, messages, segments) = machine.into_records();
        Ok(SinkReport {
            end: self.end.unwrap_or(End::Closed),
            breaches,
            messages,
            segments,
            stream: media.stream,
            chosen,
            unmet,
            units: media.units,
            picture_bytes: media.picture_bytes,
            decode: media.decode,
            datagrams: media.datagrams,
            record_truncated: media.truncated,
            sender_reports: finished.sender_reports,
            socket_drops: media.dropped,
            endpoints: self.endpoints,
        })
    }
}

fn connect(source: SocketAddrV4, timeout: Duration) -> io::Result<TcpStream> {
    let limit = Instant::now() + timeout;
    loop {
        let left = limit.saturating_duration_since(Instant::now()).max(RETRY);
        match TcpStream::connect_timeout(&source.into(), left) {
            Ok(stream) => return Ok(stream),
            Err(error) if Instant::now() >= limit => return Err(error),
            Err(_) => sleep(RETRY),
        }
    }
}

/// Two sockets, RTP on an even port and RTCP on the next.
fn bind_pair(own: Ipv4Addr, port: u16) -> io::Result<(UdpSocket, UdpSocket)> {
    if port != 0 {
        let rtcp = port.checked_add(1).ok_or(io::ErrorKind::InvalidInput)?;
        return Ok((UdpSocket::bind((own, port))?, UdpSocket::bind((own, rtcp))?));
    }
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..PORT_TRIES {
        let rtp = UdpSocket::bind((own, 0))?;
        let port = rtp.local_addr()?.port();
        if !port.is_multiple_of(2) {
            continue;
        }
        match UdpSocket::bind((own, port + 1)) {
            Ok(rtcp) => return Ok((rtp, rtcp)),
            Err(error) => last = error,
        }
    }
    Err(last)
}
