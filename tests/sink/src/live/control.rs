//! The control side: a thread that moves bytes between the connection and the machine.

use core::net::Ipv4Addr;
use core::sync::atomic::Ordering;
use core::time::Duration;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError};

use super::clock::Clock;
use super::media::{Feed, Shared};
use crate::machine::{Command, Event, Machine, Out};
use crate::rtcp::SenderReports;
use crate::stream::{Marker, Rules};

/// How long a read waits: commands and timers are this late at most.
const WAIT: Duration = Duration::from_millis(5);

/// How long the source may refuse to take our bytes.
const SEND_MAX: Duration = Duration::from_secs(5);

/// Everything that the thread owns.
pub(super) struct Control {
    pub(super) stream: TcpStream,
    pub(super) rtcp: UdpSocket,
    /// Where our reports go, once the source has accepted them.
    pub(super) reports_to: Option<u16>,
    pub(super) source: Ipv4Addr,
    pub(super) machine: Machine,
    pub(super) clock: Clock,
    pub(super) commands: Receiver<Command>,
    pub(super) events: Sender<Event>,
    pub(super) feed: Sender<Feed>,
    pub(super) shared: Arc<Shared>,
    pub(super) marker: Marker,
}

/// What the control side brought.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) machine: Machine,
    pub(super) sender_reports: SenderReports,
}

impl Control {
    /// Runs until the dialogue is over.
    pub(super) fn run(mut self) -> io::Result<Finished> {
        self.stream.set_read_timeout(Some(WAIT))?;
        self.stream.set_write_timeout(Some(SEND_MAX))?;
        self.stream.set_nodelay(true)?;
        self.rtcp.set_nonblocking(true)?;
        let mut open = true;
        while self.drain(&mut open)? {
            self.read(open);
            self.exchange_reports();
            self.take_commands();
            self.machine
                .media(self.shared.last_ns.load(Ordering::Relaxed));
            self.machine.tick(self.clock.now_ns());
        }
        let sender_reports = self.shared.reporter().sender_reports().clone();
        Ok(Finished {
            machine: self.machine,
            sender_reports,
        })
    }

    /// RTCP in both directions.
    fn exchange_reports(&mut self) {
        let mut buffer = [0; 1500];
        let (now, mut reporter) = (self.clock.now_ns(), self.shared.reporter());
        while let Ok(length) = self.rtcp.recv(&mut buffer) {
            reporter.rtcp(buffer.get(..length).unwrap_or_default(), now);
        }
        if let Some(port) = self.reports_to
            && let Some(report) = reporter.poll(now)
        {
            // One that is lost is lost.
            drop(self.rtcp.send_to(&report, (self.source, port)));
        }
    }

    fn read(&mut self, open: bool) {
        let mut buffer = [0; 4096];
        if !open {
            return;
        }
        match self.stream.read(&mut buffer) {
            Ok(0) => self.machine.handle_closed(self.clock.now_ns()),
            Ok(count) => {
                let bytes = buffer.get(..count).unwrap_or_default();
                self.machine.handle_bytes(bytes, self.clock.now_ns());
            }
            Err(error) if is_wait(error.kind()) => {}
            Err(_) => self.machine.handle_closed(self.clock.now_ns()),
        }
    }

    fn take_commands(&mut self) {
        loop {
            match self.commands.try_recv() {
                Ok(command) => self.machine.command(command, self.clock.now_ns()),
                Err(TryRecvError::Empty) => return,
                // The sink's owner is gone without a stop.
                Err(TryRecvError::Disconnected) => {
                    self.machine.command(Command::Close, self.clock.now_ns());
                    return;
                }
            }
        }
    }

    /// Does all that the machine wants; `false` when the dialogue is over.
    fn drain(&mut self, open: &mut bool) -> io::Result<bool> {
        loop {
            match self.machine.poll() {
                // A source that is gone is noticed by the next read.
                Out::Send(bytes) => drop(self.stream.write_all(&bytes)),
                Out::Close => {
                    *open = false;
                    drop(self.stream.shutdown(Shutdown::Both));
                }
                Out::Event(event) => {
                    let over = matches!(event, Event::Ended(_));
                    self.pass_on(&event);
                    // Whoever waits for events may have stopped waiting.
                    drop(self.events.send(event));
                    if over {
                        return Ok(false);
                    }
                }
                Out::Idle { .. } => return Ok(true),
            }
        }
    }

    /// Tells the media side what concerns it.
    fn pass_on(&mut self, event: &Event) {
        if let Event::SetUp {
            rtcp: Some(port), ..
        } = event
        {
            self.reports_to = Some(*port);
            self.shared.reporter().begin(self.clock.now_ns());
        }
        let feed = match event {
            Event::Chosen(choice) => Feed::Rules(Rules {
                codec: choice.codec,
                marker: self.marker,
                slices_max: choice.slices_max(),
                slice_macroblocks_min: u32::from(choice.min_slice),
                audio_descriptors: self.machine.settings().audio_descriptors(),
                ..Rules::default()
            }),
            Event::SoundChosen(sound) => Feed::Sound(*sound),
            Event::Paused | Event::StandingBy => Feed::Paused,
            Event::Playing => Feed::PlayerOpens(self.machine.player_opens_ns()),
            Event::InputPort(_) | Event::SetUp { .. } | Event::Ended(_) => return,
        };
        // The media side outlives this thread, unless it panicked; its owner finds that out.
        drop(self.feed.send(feed));
    }
}

fn is_wait(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
