//! Everything but the engine: one clock, and whoever is due next.

use std::collections::VecDeque;

use miracast_kmd_iface::escape::InputReport;
use miracast_kmd_iface::message::{DeviceLost, MonitorPower, Protection};
use miracast_miniport::encoder::{Source, annex_b};
use miracast_miniport::journal::hash;
use miracast_miniport::peer::{self, Peer};
use miracast_miniport::script::{Action, Script};
use miracast_miniport::sound::Captured;
use miracast_miniport::stream::Picture;
use miracast_net::{Nanos, Random, nanos};
use miracast_umd::engine::Notice;
use miracast_umd::os::Transfer;

use crate::digest::Digest;
use crate::fault::{BadRecord, Way};
use crate::inject::Injector;
use crate::network::{Network, Port};
use crate::plan::Plan;
use crate::records;
use crate::safety::Watch;
use crate::series::{self, Series};
use crate::sink::SimSink;
use crate::slices::Slices;
use crate::socket::MediaSocket;
use crate::user::{InputPath, UserDeed};
use crate::windows::{Inside, Windows};

const SECOND: Nanos = 1_000_000_000;

/// The clock starts here, so that times of before the session have a place.
pub(crate) const START: Nanos = 1000 * SECOND;

/// RTCP on its way.
#[derive(Debug)]
pub(crate) struct Rtcp {
    /// What the driver has not read.
    pub(crate) arrived: VecDeque<Vec<u8>>,
    /// The sink named a port.
    pub(crate) open: bool,
}

/// The slots in which Windows keeps chunks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Slots {
    /// GetNextChunkData gives nothing any more.
    pub(crate) failed: bool,
    /// Records were lost, and the driver does not know yet.
    pub(crate) lost: bool,
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
    /// How the RTSP connection ended, if it has: what a read of it gives.
    pub(crate) rtsp_end: Option<Transfer>,
    pub(crate) windows: Windows,
    pub(crate) miniport: Peer,
    pub(crate) faults: Injector,
    pub(crate) watch: Watch,
    pub(crate) slots: Slots,
    pub(crate) slices: Slices,
    desktop: Script,
    pictures: u32,
    pictures_per_frame: u32,
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
    /// Hashes of the chunks of sound that were handed over behind the first picture: none is sent
    /// before it.
    pub(crate) captured: Vec<u64>,
    /// What the encoder is set to, in bit/s.
    rate: u64,
    pub(crate) series: Series,
    pub(crate) next_sample: Option<Nanos>,
    pub(crate) input: InputPath,
    /// Reports that the miniport took.
    pub(crate) inputs: Vec<InputReport>,
}

impl World {
    pub(crate) fn new(plan: &Plan) -> Self {
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
            rtsp_end: None,
            windows: Windows::new(),
            miniport: Peer::new(plan.miniport.clone(), source),
            faults: Injector::new(&plan.faults, START, plan.seed),
            watch: Watch::default(),
            slots: Slots::default(),
            slices: Slices::new(plan.slice_gap),
            desktop: Script::new(plan.desktop.clone()),
            pictures: 0,
            pictures_per_frame: plan.pictures_per_frame,
            next_picture: None,
            next_sound: None,
            rates: plan.rates.iter().copied().collect(),
            next_rate: (!plan.rates.is_empty()).then_some(START + SECOND),
            sink: SimSink::new(&plan.sink, plan.sink_joins_late, START),
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

    /// Another sink connects, over another network.
    pub(crate) fn connect(&mut self, plan: &Plan) {
        let mut seeds = Random::new(plan.seed ^ self.now);
        self.network = Network::new(plan, self.now, &mut seeds);
        self.sink = SimSink::new(&plan.sink, plan.sink_joins_late, self.now);
        self.rtsp_in.clear();
        self.rtsp_end = None;
        self.rtcp.arrived.clear();
        self.rtcp.open = false;
        self.slots = Slots::default();
        self.windows.reports.clear();
        self.watch.forget();
    }

    /// Takes what became of an escape.
    pub(crate) fn miniport_events(&mut self) {
        while let Some(event) = self.miniport.poll_event() {
            match event {
                peer::Event::MonitorArrived { .. } => self.desktop.begin(self.now / 100),
                peer::Event::MonitorDeparted => self.desktop.end(),
                peer::Event::StreamOpened(stream) => {
                    self.watch.opened(&stream);
                    let settings = stream.settings();
                    self.streams.push((settings.width, settings.height));
                    self.rate = settings.bit_rate;
                }
                peer::Event::StreamStarted(_) => self.next_picture = Some(self.now),
                peer::Event::StreamStopped => self.next_picture = None,
                peer::Event::StreamClosed => {
                    self.watch.closed();
                    self.next_picture = None;
                }
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
    pub(crate) fn next(&mut self) -> Option<Nanos> {
        let runs = self.windows.inside == Inside::Worker;
        let desktop = self.desktop.deadline().map(|ticks| ticks * 100);
        let session = [
            desktop,
            self.next_picture,
            self.slices.next(),
            self.next_sound,
            self.next_rate,
            self.input.next(),
        ];
        let session = session.into_iter().flatten().filter(|_| runs).min();
        let others = [
            session,
            self.sink.wake(),
            self.next_sample,
            self.network.next(self.now, &self.faults),
            self.faults.next(),
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
    pub(crate) fn serve_sink(&mut self) {
        self.network.change(self.now, &mut self.faults);
        self.sample();
        let flow = self.faults.flow(self.now, Way::ToSink);
        while let Some(bytes) = self.network.to_sink.receive(self.now, flow) {
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
    pub(crate) fn receive_rtsp(&mut self) -> bool {
        let mut signalled = false;
        let flow = self.faults.flow(self.now, Way::ToDriver);
        while let Some(bytes) = self.network.to_driver.receive(self.now, flow) {
            self.digest.take(self.now, &bytes);
            if bytes.is_empty() {
                self.rtsp_end.get_or_insert(Transfer::Closed);
            }
            self.rtsp_in.extend(bytes);
            signalled = true;
        }
        signalled
    }

    /// The sink's reports. True if the event of the auxiliary sockets is signalled.
    pub(crate) fn receive_rtcp(&mut self) -> bool {
        let mut signalled = false;
        while let Some(datagram) = self.network.receive_report(self.now) {
            self.digest.take(self.now, &datagram);
            self.rtcp.arrived.push_back(datagram);
            signalled = true;
        }
        signalled
    }

    /// The sink's user. True if the event of the auxiliary sockets is signalled.
    pub(crate) fn serve_user(&mut self) -> bool {
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
    pub(crate) fn serve_desktop(&mut self) -> bool {
        while let Some(action) = self.desktop.due(self.now / 100) {
            if let Some(notice) = self.notice(action) {
                self.windows.post(notice);
            }
        }
        if self.next_rate.is_some_and(|due| due <= self.now) {
            self.next_rate = Some(self.now + SECOND);
            let rate = self.rates.front().copied();
            if self.rates.len() > 1 {
                self.rates.pop_front();
            }
            if self.windows.notices {
                self.windows.post(Notice::Rate(rate));
            }
        }
        self.windows.has_notices()
    }

    pub(crate) fn notice(&mut self, action: Action) -> Option<Notice> {
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

    /// The records of the next picture, if one is due, and of slices that are: one buffer for each call
    /// of `GetNextChunkData`.
    pub(crate) fn make_picture(&mut self) -> Vec<Vec<u8>> {
        let mut calls = self.encode().unwrap_or_default();
        while let Some((chunk, records)) = self.slices.due(self.now) {
            self.windows.hand_over(chunk.info.id.value());
            calls.push(records);
        }
        calls
    }

    fn encode(&mut self) -> Option<Vec<Vec<u8>>> {
        let due = self.next_picture.filter(|due| *due <= self.now)?;
        let stream = self.miniport.stream()?.clone();
        // Who could not run for a while makes one picture of that time, not all.
        self.next_picture = Some((due + stream.period() * 100).max(self.now));
        let frame = self.pictures / self.pictures_per_frame;
        self.pictures += 1;
        let ticks = self.now / 100;
        let Picture { result, .. } = stream.make_picture(frame, due / 100, &|| ticks)?;
        let (chunks, encoded) = result.ok()?;
        self.encoded += 1;
        let units = encoded.bytes();
        self.sink.expect(annex_b::units(&units).map(hash).collect());
        if self.records_are_lost() {
            return None;
        }
        if self.slices.are_apart() {
            self.slices.begin(&chunks, self.now);
            return None;
        }
        for chunk in &chunks {
            self.windows.hand_over(chunk.info.id.value());
        }
        let Some(bad) = self.faults.bad_record(self.now) else {
            return Some(vec![chunks.iter().flat_map(records::packed).collect()]);
        };
        self.watch.lied |= matches!(bad, BadRecord::IndexAhead | BadRecord::IndexBack);
        Some(records::spoiled(
            bad,
            &chunks,
            stream.ring(),
            &mut self.faults.random,
        ))
    }

    /// The records of the next chunk of sound, if one is captured: one buffer for each call of
    /// `GetNextChunkData`.
    pub(crate) fn capture_sound(&mut self) -> Option<Vec<Vec<u8>>> {
        self.next_sound.filter(|due| *due <= self.now)?;
        let sound = self.miniport.sound()?;
        let (captured, ring) = (sound.capture(self.now / 100), sound.ring());
        let Some((captured, next)) = captured else {
            self.next_sound = None;
            return None;
        };
        // At the end of its last tick, and never before now.
        self.next_sound = Some((next * 100).max(self.now));
        let Captured { bytes, chunk } = captured?;
        let chunk = chunk?;
        if self.encoded > 0 {
            self.captured.push(hash(&bytes));
        }
        if self.records_are_lost() {
            return None;
        }
        let Some(bad) = self.faults.bad_sound_record(self.now) else {
            return Some(vec![records::packed(&chunk)]);
        };
        let random = &mut self.faults.random;
        Some(records::spoiled(bad, &[chunk], ring, random))
    }
}
