//! What a simulated session was.

use core::time::Duration;

use miracast_core::media::Counters;
use miracast_core::quirks::Fired;
use miracast_core::session::{Phase, Reason};
use miracast_core::trace::Trace;
use miracast_kmd_iface::NtStatus;
use miracast_kmd_iface::escape::InputReport;
use miracast_sink::choice::Choice;
use miracast_sink::machine::{Logged, Rule};
use miracast_sink::rtcp::SenderReports;
use miracast_sink::screen::{self, Need};
use miracast_sink::stream::StreamReport;
use miracast_umd::engine::{
    AudioCounters, InputCounters, RecordCounters, ReportCounters, SessionInfo, SessionStatus,
    Totals, Wait,
};

use crate::digest::Digest;
use crate::series::Series;
use crate::slices::HandedOver;
use crate::world::World;

/// The result of one simulated session.
#[derive(Debug)]
pub struct Outcome {
    /// What StartMiracastSession returned; `None` if it had not returned when it was stopped.
    pub started: Option<Result<SessionInfo, NtStatus>>,
    /// The session's phase just before Stop.
    pub phase: Phase,
    /// What the driver reported of the session's end.
    pub reports: Vec<(SessionStatus, NtStatus)>,
    /// Breaches of the driver interface.
    pub violations: Vec<String>,
    /// Breaches of the dialogue that the sink saw.
    pub breaches: Vec<String>,
    /// The same by rule.
    pub rules_broken: Vec<(Rule, String)>,
    /// The dialogue, as the sink had it.
    pub messages: Vec<Logged>,
    /// What the sink saw of the stream.
    pub stream: StreamReport,
    /// Pictures that the miniport handed over.
    pub encoded: u64,
    /// Hashes of the chunks of sound that the miniport handed over behind the first picture, in
    /// order.
    pub captured: Vec<u64>,
    /// What the driver had of them.
    pub audio: AudioCounters,
    /// Pictures that came to the sink unchanged.
    pub units_right: u64,
    /// Pictures that came changed.
    pub units_wrong: u64,
    /// Pictures that were handed over and did not come.
    pub units_missing: u64,
    /// Pictures other than IDR that came after one that did not.
    pub units_orphaned: u64,
    /// Sizes of the streams that were opened, in order.
    pub streams: Vec<(u16, u16)>,
    /// Bit rates that the encoder was set to, in order.
    pub rates_set: Vec<u64>,
    /// Chunks that were announced as sent to Windows, and that were dropped.
    pub chunks: (u64, u64),
    /// Pictures of which the first byte has left.
    pub pictures_begun: u64,
    /// What Windows was told of the monitor, in order: true for an arrival.
    pub monitors: Vec<bool>,
    /// IDR requests of the sink that were reported to Windows.
    pub idr_requests: u64,
    /// What the packetizer counted.
    pub media: Counters,
    /// Most RTP datagrams that left at one moment.
    pub media_most: usize,
    /// What was wrong with the miniport's records, and what the network refused.
    pub records: RecordCounters,
    /// What the driver had of RTCP.
    pub rtcp: ReportCounters,
    /// What the sink had of it.
    pub sender_reports: SenderReports,
    /// The quirks that the driver noticed, and those that it was told to assume.
    pub quirks: Fired,
    /// The video of the last M4 that the sink accepted.
    pub chosen: Option<Choice>,
    /// For want of what the screen was black or the speaker silent at the end.
    pub unmet: Vec<Need>,
    /// From the answer to PLAY to the first IDR picture that the player saw.
    pub first_idr: Option<Duration>,
    /// The slices, if they were handed over one by one.
    pub slices: Vec<HandedOver>,
    /// The session over time.
    pub series: Series,
    /// Where M4 said that input is taken.
    pub input_port: Option<u16>,
    /// Reports that the miniport took, in order.
    pub inputs: Vec<InputReport>,
    /// What became of input.
    pub input: InputCounters,
    /// Input connections that the driver closed.
    pub input_closed: u64,
    /// Everything that crossed the network.
    pub digest: Digest,
    /// The driver's own account of the session, line by line.
    pub trace: Vec<String>,
    /// The driver's counts, if a session was begun.
    pub totals: Option<Totals>,
}

impl Outcome {
    pub(crate) fn not_created(status: NtStatus) -> Self {
        Self {
            started: Some(Err(status)),
            phase: Phase::Idle,
            reports: Vec::new(),
            violations: Vec::new(),
            breaches: Vec::new(),
            rules_broken: Vec::new(),
            messages: Vec::new(),
            stream: StreamReport::default(),
            encoded: 0,
            captured: Vec::new(),
            audio: AudioCounters::default(),
            units_right: 0,
            units_wrong: 0,
            units_missing: 0,
            units_orphaned: 0,
            streams: Vec::new(),
            rates_set: Vec::new(),
            chunks: (0, 0),
            pictures_begun: 0,
            monitors: Vec::new(),
            idr_requests: 0,
            media: Counters::default(),
            media_most: 0,
            records: RecordCounters::default(),
            rtcp: ReportCounters::default(),
            sender_reports: SenderReports::default(),
            quirks: Fired::new(),
            chosen: None,
            unmet: Vec::new(),
            first_idr: None,
            slices: Vec::new(),
            series: Series::default(),
            input_port: None,
            inputs: Vec::new(),
            input: InputCounters::default(),
            input_closed: 0,
            digest: Digest::new(),
            trace: Vec::new(),
            totals: None,
        }
    }

    pub(crate) fn new(
        phase: Phase,
        wait: &Wait,
        media: &Counters,
        quirks: Fired,
        (records, audio): (RecordCounters, AudioCounters),
        (input, rtcp): (InputCounters, ReportCounters),
        mut world: World,
    ) -> Self {
        let stream = world.sink.checker.finish().clone();
        world.sink.compare();
        let units_missing = world.sink.units_missing + world.sink.outstanding() as u64;
        let machine = &world.sink.machine;
        let unmet = screen::missing(&machine.settings().quirks.needs, &stream, machine.chosen());
        let by_rule = |breach: &miracast_sink::machine::Breach| (breach.rule, breach.text.clone());
        let breach = |breach: &miracast_sink::machine::Breach| format!("{breach:?}");
        Self {
            started: wait.started,
            phase,
            reports: world.windows.reports,
            violations: world.windows.violations,
            breaches: world.sink.machine.breaches().iter().map(breach).collect(),
            rules_broken: world.sink.machine.breaches().iter().map(by_rule).collect(),
            messages: world.sink.machine.log().to_vec(),
            stream,
            encoded: world.encoded,
            captured: world.captured,
            audio,
            units_right: world.sink.units_right,
            units_wrong: world.sink.units_wrong,
            units_missing,
            units_orphaned: world.sink.units_orphaned,
            streams: world.streams,
            rates_set: world.rates_set,
            chunks: (world.windows.chunks_sent, world.windows.chunks_dropped),
            pictures_begun: world.windows.pictures_begun,
            monitors: world.windows.monitors,
            idr_requests: world.windows.idr_requests,
            media: media.clone(),
            media_most: world.media_socket.most,
            records,
            rtcp,
            sender_reports: world.sink.reporter.sender_reports().clone(),
            quirks,
            unmet,
            chosen: world.sink.machine.chosen().cloned(),
            first_idr: world.sink.first_idr.map(Duration::from_nanos),
            slices: world.slices.handed_over,
            series: world.series,
            input_port: world.sink.input_port,
            inputs: world.inputs,
            input,
            input_closed: world.input.closed_by_us,
            digest: world.digest,
            trace: Vec::new(),
            totals: None,
        }
    }

    pub(crate) fn with_trace(
        mut self,
        trace: &Trace,
        end: Option<Reason>,
        totals: Option<Totals>,
    ) -> Self {
        self.trace = trace.iter().map(ToString::to_string).collect();
        if trace.lost() > 0 {
            self.trace
                .push(format!("({} forgotten in between)", trace.lost()));
        }
        self.trace
            .extend(end.map(|reason| format!("the end: {reason}")));
        self.trace.extend(totals.iter().map(ToString::to_string));
        self.totals = totals;
        self
    }

    /// What is wrong with a session that was to play without any fault; empty if nothing.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut expect = |holds: bool, what: String| {
            if !holds {
                faults.push(what);
            }
        };
        expect(
            matches!(self.started, Some(Ok(_))),
            format!("Start: {:?}", self.started),
        );
        expect(
            self.phase == Phase::Playing,
            format!("phase before Stop: {:?}", self.phase),
        );
        expect(
            self.reports.is_empty(),
            format!("session status: {:?}", self.reports),
        );
        expect(self.violations.is_empty(), format!("{:?}", self.violations));
        let wrong = &self.sender_reports.wrong;
        expect(wrong.is_empty(), format!("sender reports: {wrong:?}"));
        expect(self.breaches.is_empty(), format!("{:?}", self.breaches));
        expect(
            self.stream.faults.is_empty(),
            format!("{:?}", self.stream.faults),
        );
        expect(
            self.stream.rtp_lost == 0,
            format!("lost: {}", self.stream.rtp_lost),
        );
        expect(
            self.records == RecordCounters::default(),
            format!("{:?}", self.records),
        );
        expect(
            self.units_wrong == 0,
            format!("changed pictures: {}", self.units_wrong),
        );
        expect(
            self.units_missing == 0,
            format!("missing pictures: {}", self.units_missing),
        );
        expect(
            self.encoded == self.units_right,
            format!("{} encoded", self.encoded),
        );
        let heard = self.stream.sound.hashes();
        expect(
            heard == self.captured,
            format!("{} units of sound of {}", heard.len(), self.captured.len()),
        );
        faults
    }
}
