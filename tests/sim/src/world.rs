//! The simulation: one clock, and whoever is due next.

use core::net::Ipv4Addr;
use std::collections::VecDeque;

use miracast_core::time::Instant;
use miracast_kmd_iface::escape::InputReport;
use miracast_kmd_iface::message::{DeviceLost, MonitorPower, Protection};
use miracast_miniport::encoder::{Source, annex_b};
use miracast_miniport::journal::hash;
use miracast_miniport::peer::{self, Peer};
use miracast_miniport::script::{Action, Script};
use miracast_miniport::sound::Captured;
use miracast_miniport::stream::{Chunk, Picture};
use miracast_net::{Nanos, Random, nanos};
use miracast_umd::engine::{Engine, Memory, Notice, Signal, StartInfo, Wait, Wake};

use crate::digest::Digest;
use crate::network::{Network, Port};
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::series::{self, Series};
use crate::sink::SimSink;
use crate::socket::MediaSocket;
use crate::user::{InputPath, UserDeed};
use crate::windows::{Inside, Windows};

const SECOND: Nanos = 1_000_000_000;

/// How long the sink may still talk after Stop.
const AFTERWARDS: Nanos = SECOND;

/// Steps without any time going by that are no livelock yet.
const STEPS_PER_MOMENT: u32 = 1000;

/// The clock starts here, so that times of before the session have a place.
const START: Nanos = 1000 * SECOND;

/// Where the driver listens for input.
const INPUT_PORT: u16 = 50_002;

/// RTCP on its way.
#[derive(Debug)]
pub(crate) struct Rtcp {
    /// What the driver has not read.
    pub(crate) arrived: VecDeque<Vec<u8>>,
    /// The sink named a port.
    pub(crate) open: bool,
}

/// Everything but the engine.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) now: Nanos,
    pub(crate) network: Network,
    pub(crate) rtcp: Rtcp,
    pub(crate) media_socket: MediaSocket,
    pub(crate) coarse_timer: bool,
    pub(crate) rtsp_in: VecDeque<u8>,
    pub(crate) rtsp_closed: bool,
    pub(crate) windows: Windows,
    pub(crate) miniport: Peer,
    desktop: Script,
    frame: u32,
    next_picture: Option<Nanos>,
    /// When the next chunk of sound is captured.
    next_sound: Option<Nanos>,
    rates: VecDeque<u64>,
    next_rate: Option<Nanos>,
    pub(crate) sink: SimSink,
    pub(crate) digest: Digest,
    /// Bit rates that the encoder was set to.
    pub(crate) rates_set: Vec<u64>,
    /// Picture sizes of the streams that were opened.
    pub(crate) streams: Vec<(u16, u16)>,
    pub(crate) encoded: u64,
    /// Hashes of the chunks of sound that were handed over.
    pub(crate) captured: Vec<u64>,
    /// What the encoder is set to, in bit/s.
    rate: u64,
    pub(crate) series: Series,
    next_sample: Option<Nanos>,
    pub(crate) input: InputPath,
    /// Reports that the miniport took.
    pub(crate) inputs: Vec<InputReport>,
}

impl World {
    fn new(plan: &Plan) -> Self {
        let mut seeds = Random::new(plan.seed);
        let network = Network::new(plan, START, &mut seeds);
        let rtcp = Rtcp {
            arrived: VecDeque::new(),
            open: false,
        };
        let source = Source::Synthetic {
            seed: seeds.next_word(),
        };
        Self {
            now: START,
            network,
            rtcp,
            media_socket: MediaSocket::new(plan, START),
            coarse_timer: plan.coarse_timer,
            rtsp_in: VecDeque::new(),
            rtsp_closed: false,
            windows: Windows::new(),
            miniport: Peer::new(plan.miniport.clone(), source),
            desktop: Script::new(plan.desktop.clone()),
            frame: 0,
            next_picture: None,
            next_sound: None,
            rates: plan.rates.iter().copied().collect(),
            next_rate: (!plan.rates.is_empty()).then_some(START + SECOND),
            sink: SimSink::new(&plan.sink, START),
            digest: Digest::new(),
            rates_set: Vec::new(),
            streams: Vec::new(),
            encoded: 0,
            captured: Vec::new(),
            rate: 0,
            series: Series::default(),
            next_sample: Some(START),
            input: InputPath::new(&plan.user, START),
            inputs: Vec::new(),
        }
    }

    /// Takes what became of an escape.
    pub(crate) fn miniport_events(&mut self) {
        while let Some(event) = self.miniport.poll_event() {
            match event {
                peer::Event::MonitorArrived { .. } => self.desktop.begin(self.now / 100),
                peer::Event::MonitorDeparted => self.desktop.end(),
                peer::Event::StreamOpened(stream) => {
                    let settings = stream.settings();
                    self.streams.push((settings.width, settings.height));
                    self.rate = settings.bit_rate;
                }
                peer::Event::StreamStarted(_) => self.next_picture = Some(self.now),
                peer::Event::StreamStopped | peer::Event::StreamClosed => self.next_picture = None,
                peer::Event::AudioStarted(_) => self.next_sound = Some(self.now),
                peer::Event::AudioStopped | peer::Event::AudioClosed => self.next_sound = None,
                peer::Event::RateChanged(rate) => {
                    self.rates_set.push(rate);
                    self.rate = rate;
                }
                peer::Event::Input(report) => self.inputs.push(*report),
                peer::Event::Greeted
                | peer::Event::IdrRequested
                | peer::Event::AudioOpened(_)
                | peer::Event::ModeFailed(_)
                | peer::Event::Refused(_) => {}
            }
        }
    }

    /// When somebody but the engine is due.
    fn next(&mut self) -> Option<Nanos> {
        let runs = self.windows.inside == Inside::Worker;
        let desktop = self.desktop.deadline().map(|ticks| ticks * 100);
        let session = [
            desktop,
            self.next_picture,
            self.next_sound,
            self.next_rate,
            self.input.next(),
        ];
        let session = session.into_iter().flatten().filter(|_| runs).min();
        let others = [
            session,
            self.sink.wake(),
            self.next_sample,
            self.network.next(),
        ];
        others.into_iter().flatten().min()
    }

    /// Takes a sample, if one is due.
    fn sample(&mut self) {
        if self.next_sample.is_some_and(|due| due <= self.now) {
            self.next_sample = Some(self.now + nanos(series::INTERVAL));
            let carried = self.network.carried();
            let sample = series::sample(self.now - START, self.rate, carried);
            self.series.0.push(sample);
        }
    }

    /// The sink's side of the network.
    fn serve_sink(&mut self) {
        self.network.change(self.now);
        self.sample();
        while let Some(bytes) = self.network.to_sink.receive(self.now) {
            self.sink.machine.handle_bytes(&bytes, self.now);
        }
        while let Some((port, datagram)) = self.network.receive(self.now) {
            match port {
                Port::Rtp => self.sink.media(&datagram, self.now),
                Port::Rtcp => self.sink.reporter.rtcp(&datagram, self.now),
            }
        }
        if let Some(report) = self.sink.reporter.poll(self.now) {
            self.network.report(self.now, report);
        }
        self.sink.machine.tick(self.now);
        self.sink.drain(self.now, &mut self.network.to_driver);
    }

    /// The driver's side. True if the RTSP socket is signalled.
    fn receive_rtsp(&mut self) -> bool {
        let mut signalled = false;
        while let Some(bytes) = self.network.to_driver.receive(self.now) {
            self.digest.take(self.now, &bytes);
            self.rtsp_closed |= bytes.is_empty();
            self.rtsp_in.extend(bytes);
            signalled = true;
        }
        signalled
    }

    /// The sink's reports. True if the event of the auxiliary sockets is signalled.
    fn receive_rtcp(&mut self) -> bool {
        let mut signalled = false;
        while let Some(datagram) = self.network.receive_report(self.now) {
            self.digest.take(self.now, &datagram);
            self.rtcp.arrived.push_back(datagram);
            signalled = true;
        }
        signalled
    }

    /// The sink's user. True if the event of the auxiliary sockets is signalled.
    fn serve_user(&mut self) -> bool {
        let mut signalled = false;
        while let Some(deed) = self.input.due(self.now) {
            if let UserDeed::Tell(command) = deed {
                self.sink.machine.command(command, self.now);
                self.sink.drain(self.now, &mut self.network.to_driver);
            }
            signalled |= self.input.apply(&deed);
        }
        signalled
    }

    /// Windows and its desktop. True if the inbox has something.
    fn serve_desktop(&mut self) -> bool {
        while let Some(action) = self.desktop.due(self.now / 100) {
            let notice = self.notice(action);
            self.windows.inbox.extend(notice);
        }
        if self.next_rate.is_some_and(|due| due <= self.now) {
            self.next_rate = Some(self.now + SECOND);
            let rate = self.rates.front().copied();
            if self.rates.len() > 1 {
                self.rates.pop_front();
            }
            if self.windows.notices {
                self.windows.inbox.push_back(Notice::Rate(rate));
            }
        }
        !self.windows.inbox.is_empty()
    }

    fn notice(&mut self, action: Action) -> Option<Notice> {
        Some(match action {
            Action::SetMode(wish) => Notice::ModeSet(self.miniport.set_mode(wish)?),
            Action::PathOff => Notice::ModeSet(self.miniport.switch_path_off()),
            Action::Power(state) => Notice::MonitorPower(MonitorPower { state }),
            Action::Protection(level) => Notice::Protection(Protection { level }),
            Action::LoseDevice(status) => {
                self.miniport.lose_device();
                Notice::DeviceLost(DeviceLost { status })
            }
        })
    }

    /// The records of the next picture, if one is due.
    fn make_picture(&mut self) -> Option<Vec<u8>> {
        let due = self.next_picture.filter(|due| *due <= self.now)?;
        let stream = self.miniport.stream()?.clone();
        self.next_picture = Some(due + stream.period() * 100);
        let frame = self.frame;
        self.frame += 1;
        let ticks = self.now / 100;
        let Picture { result, .. } = stream.make_picture(frame, due / 100, &|| ticks)?;
        let (chunks, encoded) = result.ok()?;
        self.encoded += 1;
        let units = encoded.bytes();
        self.sink.expect(annex_b::units(&units).map(hash).collect());
        Some(chunks.iter().flat_map(record).collect())
    }

    /// The record of the next chunk of sound, if one is captured.
    fn capture_sound(&mut self) -> Option<Vec<u8>> {
        self.next_sound.filter(|due| *due <= self.now)?;
        let captured = self.miniport.sound()?.capture(self.now / 100);
        let Some((captured, next)) = captured else {
            self.next_sound = None;
            return None;
        };
        // At the end of its last tick, and never before now.
        self.next_sound = Some((next * 100).max(self.now));
        let Captured { bytes, chunk } = captured?;
        let chunk = chunk?;
        self.captured.push(hash(&bytes));
        Some(record(&chunk))
    }
}

/// A chunk as `GetNextChunkData` returns it: MIRACAST_CHUNK_DATA with our record as private data.
fn record(chunk: &Chunk) -> Vec<u8> {
    let private = chunk.record.encode();
    let mut bytes = chunk.info.to_bytes().to_vec();
    bytes.extend((private.len() as u32).to_le_bytes());
    bytes.extend(private);
    bytes
}

/// The engine in its world.
struct Sim<'m> {
    engine: Engine<'m>,
    world: World,
    wait: Wait,
}

impl Sim<'_> {
    fn turn(&mut self, wake: Wake<'_>) {
        let now = Instant::from_ticks(self.world.now / 100);
        self.wait = self.engine.turn(wake, now, &mut self.world);
        let started = matches!(self.wait.started, Some(Ok(_)));
        if started && self.world.windows.inside == Inside::Start {
            // Start returns, and the worker takes over.
            self.world.windows.inside = Inside::Worker;
            self.turn(Wake::Timeout);
        }
    }

    fn deadline(&self) -> Option<Nanos> {
        self.wait.deadline.map(|deadline| deadline.ticks() * 100)
    }

    /// Everything that is due now, in a fixed order.
    fn step(&mut self) {
        self.world.serve_sink();
        let signalled = self.world.receive_rtsp();
        let reports = self.world.receive_rtcp();
        if self.world.windows.inside == Inside::Nothing {
            return;
        }
        if signalled {
            self.turn(Wake::Event(Signal::Rtsp));
        }
        if self.world.windows.inside == Inside::Worker {
            if self.world.serve_desktop() {
                self.turn(Wake::Event(Signal::Inbox));
            }
            if self.world.serve_user() || reports {
                self.turn(Wake::Event(Signal::Auxiliary));
            }
            if let Some(record) = self.world.capture_sound() {
                self.turn(Wake::Chunks(&record));
            }
            if let Some(records) = self.world.make_picture() {
                self.turn(Wake::Chunks(&records));
            }
        }
        if self
            .deadline()
            .is_some_and(|deadline| deadline <= self.world.now)
        {
            self.turn(Wake::Event(Signal::Timer));
        }
    }

    /// Lets time go on until `end`, from one moment at which somebody is due to the next.
    ///
    /// # Panics
    /// Somebody is due for ever: time does not go on.
    fn run_until(&mut self, end: Nanos) {
        let mut at_this_moment = 0;
        loop {
            let next = [self.world.next(), self.deadline()];
            let next = next.into_iter().flatten().min().unwrap_or(end);
            if next >= end {
                self.world.now = end;
                return;
            }
            if next > self.world.now {
                self.world.now = next;
                at_this_moment = 0;
            }
            at_this_moment += 1;
            assert!(
                at_this_moment < STEPS_PER_MOMENT,
                "livelock at {} ns",
                self.world.now
            );
            self.step();
        }
    }
}

/// Simulates one session.
pub fn run(plan: &Plan) -> Outcome {
    let mut memory = Box::new(Memory::new());
    let mut world = World::new(plan);
    let mut engine = Engine::new(&mut memory);
    engine.configure(plan.settings);
    if let Err(status) = engine.open(&mut world) {
        return Outcome::not_created(status);
    }
    world.windows.inside = Inside::Start;
    let wait = Wait {
        deadline: None,
        ended: false,
        started: None,
    };
    let mut sim = Sim {
        engine,
        world,
        wait,
    };
    let info = StartInfo {
        local: Ipv4Addr::LOCALHOST,
        sink: Ipv4Addr::LOCALHOST,
        server_port: 50_000,
        input_port: sim.engine.takes_input().then_some(INPUT_PORT),
        bit_rate: plan.bit_rate,
        seed: Random::new(plan.seed ^ u64::MAX).next_word(),
    };
    sim.turn(Wake::Start(&info));
    let end = sim.world.now.saturating_add(nanos(plan.length));
    sim.run_until(end);
    let phase = sim.engine.phase();
    sim.world.windows.inside = Inside::Stop;
    sim.turn(Wake::Stop);
    if sim.world.windows.notices {
        sim.world
            .windows
            .breach("DDI-48", "notices still registered after Stop");
    }
    sim.world.windows.inside = Inside::Nothing;
    sim.wait.deadline = None;
    sim.world.next_sample = None;
    // The OS's end of the socket stays open for a while: the sink hears the goodbye.
    sim.run_until(end + AFTERWARDS);
    let records = sim.engine.record_counters();
    let audio = sim.engine.audio_counters();
    let input = sim.engine.input_counters();
    let media = sim.engine.media_counters();
    let reports = sim.engine.report_counters();
    let quirks = sim.engine.quirks();
    let outcome = Outcome::new(
        phase,
        &sim.wait,
        media,
        quirks,
        (records, audio),
        (input, reports),
        sim.world,
    );
    outcome.with_trace(sim.engine.trace(), sim.engine.end())
}
