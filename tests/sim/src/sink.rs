//! The sink in the simulator: the strict sink's two machines, and the truth that its pictures are
//! held against.

use std::collections::VecDeque;

use miracast_miniport::journal::hash;
use miracast_sink::capabilities::VideoCodec;
use miracast_sink::choice::Choice;
use miracast_sink::machine::{Event, Machine, Out, Settings};
use miracast_sink::rtcp::Reporter;
use miracast_sink::stream::{AccessUnit, Checker, Rules};

use miracast_net::Nanos;

use crate::pipe::Pipe;

/// Parameter sets and delimiters may be added by the driver; everything else is the encoder's.
const ADDED: [u8; 3] = [7, 8, 9];

/// A gap that ends a pause, in nanoseconds. Tables and clock come every 40 ms, so after a shorter one none
/// of their intervals is over the 100 ms that are allowed.
const PAUSE_MIN: Nanos = 60_000_000;

/// Hashes of the slices of one picture.
pub(crate) type Slices = Vec<u64>;

#[derive(Debug)]
pub(crate) struct SimSink {
    pub(crate) machine: Machine,
    pub(crate) checker: Checker,
    pub(crate) reporter: Reporter,
    /// Pictures that the miniport handed over and the sink has not seen.
    expected: VecDeque<Slices>,
    /// Pictures that came unchanged.
    pub(crate) units_right: u64,
    /// Pictures that are none of those that were handed over.
    pub(crate) units_wrong: u64,
    /// Pictures that were handed over and passed over by a later one.
    pub(crate) units_missing: u64,
    /// Pictures other than IDR that came after a gap: they refer to what never came.
    pub(crate) units_orphaned: u64,
    pub(crate) closed: bool,
    /// The source was told to pause; what is on its way still comes.
    paused: bool,
    /// When the last datagram came.
    last_media: Nanos,
    /// Where M4 says that input is taken.
    pub(crate) input_port: Option<u16>,
    /// When the first answer to PLAY came.
    playing: Option<Nanos>,
    /// From there to the first IDR picture.
    pub(crate) first_idr: Option<Nanos>,
    /// What came first was lost: the player's port was not open yet, or the link was no good.
    late: bool,
}

impl SimSink {
    pub(crate) fn new(settings: &Settings, late: bool, now: Nanos) -> Self {
        let slices = |codec: &VideoCodec| Choice::from(codec).slices_max();
        let slices_max = settings
            .capabilities
            .offered_video()
            .and_then(|video| video.codecs.iter().map(slices).max());
        let rules = Rules {
            marker: settings.marker(),
            audio_descriptors: settings.audio_descriptors(),
            slices_max: slices_max.unwrap_or(1),
            ..Rules::default()
        };
        Self {
            machine: Machine::new(settings.clone(), now),
            checker: Checker::new(rules),
            reporter: Reporter::default(),
            expected: VecDeque::new(),
            units_right: 0,
            units_wrong: 0,
            units_missing: 0,
            units_orphaned: 0,
            closed: false,
            paused: false,
            last_media: now,
            input_port: None,
            playing: None,
            first_idr: None,
            late,
        }
    }

    /// The miniport handed a picture over.
    pub(crate) fn expect(&mut self, slices: Slices) {
        self.expected.push_back(slices);
    }

    /// Sends what the dialogue wants sent.
    pub(crate) fn drain(&mut self, now: Nanos, to_driver: &mut Pipe) {
        loop {
            match self.machine.poll() {
                Out::Send(bytes) => {
                    to_driver.send(now, bytes);
                }
                Out::Event(Event::Paused | Event::StandingBy) => self.paused = true,
                Out::Event(Event::SoundChosen(sound)) => self.checker.announce(sound),
                Out::Event(Event::SetUp { rtcp: Some(_), .. }) => self.reporter.begin(now),
                Out::Event(Event::InputPort(port)) => self.input_port = Some(port),
                Out::Event(Event::Playing) => {
                    self.playing.get_or_insert(now);
                }
                Out::Event(_) => {}
                Out::Close => {
                    self.closed = true;
                    to_driver.send(now, Vec::new());
                }
                Out::Idle { .. } => return,
            }
        }
    }

    /// When the dialogue wants to be told the time.
    pub(crate) fn wake(&mut self) -> Option<Nanos> {
        let machine = match self.machine.poll() {
            Out::Idle { wake } => wake,
            Out::Send(_) | Out::Event(_) | Out::Close => None,
        };
        let due = [machine, self.reporter.due_ns()];
        due.into_iter().flatten().min()
    }

    /// An RTP datagram arrives.
    pub(crate) fn media(&mut self, datagram: &[u8], now: Nanos) {
        if self.paused && now.saturating_sub(self.last_media) >= PAUSE_MIN {
            self.paused = false;
            self.checker.pause();
        }
        self.last_media = now;
        self.machine.media(now);
        if now < self.machine.player_opens_ns() {
            self.late = true;
            return;
        }
        if core::mem::take(&mut self.late) {
            self.checker.join_late();
        }
        self.reporter.rtp(datagram, now);
        self.checker.datagram(datagram, now);
        self.compare();
    }

    /// Compares the pictures that are complete with what was handed over.
    pub(crate) fn compare(&mut self) {
        while let Some(unit) = self.checker.take_unit() {
            if unit.idr && self.first_idr.is_none() {
                self.first_idr = self.playing.map(|begin| unit.last_arrival_ns - begin);
            }
            let slices = slices(&unit);
            match self
                .expected
                .iter()
                .position(|expected| *expected == slices)
            {
                Some(passed) => {
                    self.units_missing += passed as u64;
                    self.units_orphaned += u64::from(passed > 0 && !unit.idr);
                    self.expected.drain(..=passed);
                    self.units_right += 1;
                }
                None => self.units_wrong += 1,
            }
        }
    }

    /// Pictures that were handed over and never came.
    pub(crate) fn outstanding(&self) -> usize {
        self.expected.len()
    }
}

fn slices(unit: &AccessUnit) -> Slices {
    let is_slice = |nal: &&[u8]| {
        nal.first()
            .is_none_or(|head| !ADDED.contains(&(head & 0x1F)))
    };
    unit.nal_units().filter(is_slice).map(hash).collect()
}
