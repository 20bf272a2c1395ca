//! The counters of a session, as they are written to `summary.json`.

use core::time::Duration;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use miracast_os::Violation;
use miracast_os::process::Left;
use miracast_sink::live::SinkReport;
use miracast_sink::machine::{Direction, Logged};
use serde::Serialize;

use crate::account::Account;
use crate::comparison::{Comparison, Percentiles};
use crate::playback;
use crate::session::Record;
use crate::sound::{Offsets, Sound};
use crate::source::record::count;
use crate::source::{SentPicture, SourceRecord};

/// What the casting side counted.
#[derive(Clone, Debug, Serialize)]
pub struct Sent {
    /// Pictures that the encoder handed over.
    pub frames_encoded: u64,
    /// Pictures that the driver sent whole.
    pub frames_sent: u64,
    /// Pictures that the encoder handed over and the driver had not sent when it was stopped.
    pub frames_in_flight_at_stop: u64,
    /// Bytes of the NAL units that the encoder handed over of those that were sent.
    pub es_bytes_sent: u64,
    /// The same of the picture in which the driver was stopped: a part of them may have been sent.
    pub es_bytes_cut: u64,
    /// Calls of ReportSessionStatus: none in a session that Windows ends.
    pub session_status_reports: usize,
    /// Breaches of the driver interface.
    pub ddi_violations: usize,
    /// The same in words.
    pub ddi_violation_texts: Vec<String>,
    /// What the driver told of the session; null if it told ETW, as a DLL does.
    pub account: Option<Account>,
    /// The driver's DLL; null if the driver is linked into the program.
    pub driver: Option<PathBuf>,
    /// Allocations of the driver; null if they were not counted, as of a DLL.
    pub driver_allocations: Option<u64>,
    /// Threads that the driver left.
    pub threads_leaked: usize,
    /// Handles, on Linux descriptors, that the driver left.
    pub handles_leaked: usize,
    /// What the process has more than before, in words.
    pub leak_texts: Vec<String>,
}

impl Sent {
    /// Counts.
    pub fn new(source: &SourceRecord, leaks: &[Violation]) -> Self {
        let sent = source.sent();
        let frames_sent = sent.len() as u64;
        Self {
            frames_encoded: source.encoded(),
            frames_sent,
            frames_in_flight_at_stop: source.encoded().saturating_sub(frames_sent),
            es_bytes_sent: sent.iter().map(SentPicture::bytes).sum(),
            es_bytes_cut: source.cut().map_or(0, |cut| cut.bytes()),
            session_status_reports: source.reports.len(),
            ddi_violations: source.violations.len(),
            ddi_violation_texts: texts(&source.violations),
            account: source.trace.as_ref().map(Account::new),
            driver: source.driver.clone(),
            driver_allocations: source.driver_allocations,
            threads_leaked: source.threads_leaked() + count(leaks, Left::Thread),
            handles_leaked: source.handles_leaked() + count(leaks, Left::Handle),
            leak_texts: texts(leaks),
        }
    }
}

fn texts(violations: &[Violation]) -> Vec<String> {
    violations.iter().map(ToString::to_string).collect()
}

/// One RTSP message.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// Milliseconds since the first message.
    pub t_ms: f64,
    /// `source` or `sink`: who sent it.
    pub from: &'static str,
    /// `M4`, `M6 reply`.
    pub kind: String,
    /// All of it.
    pub text: String,
}

/// What the receiving side counted.
#[derive(Clone, Debug, Serialize)]
pub struct Received {
    /// Frames that came out of the decoder; null without one, as of H.265.
    pub frames_decoded: Option<u64>,
    /// Frames in which the number that the emulated desktop draws can be read; null without a decoder.
    pub frames_numbered: Option<u64>,
    /// Frames whose drawn number does not follow, and units that the decoder refused.
    pub frame_counter_errors: u64,
    /// Bytes of the encoder's NAL units that came. Without the source's record: of all NAL units
    /// but delimiters and parameter sets, as the encoder of `cast` makes none of these.
    pub es_bytes_received: u64,
    /// RTP datagrams.
    pub rtp_packets: u64,
    /// Sequence numbers that never came.
    pub rtp_lost: u64,
    /// Datagrams that this machine dropped because the sink was too slow; null where the system does
    /// not say.
    pub socket_drops: Option<u32>,
    /// Whether there were more datagrams than are kept: `stream.ts` and `session.pcap` are cut.
    pub record_truncated: bool,
    /// Faults in RTP, TS, PSI, PES and H.264.
    pub ts_errors: u64,
    /// The same in words, by rule.
    pub ts_error_texts: Vec<String>,
    /// Longest time between two PCRs.
    pub pcr_interval_ms_max: f64,
    /// Longest time between two PATs or two PMTs.
    pub psi_interval_ms_max: f64,
    /// How far the delay of a PCR (its arrival less its value) is from the least before it, in
    /// microseconds.
    pub pcr_jitter_us: Percentiles,
    /// Rules of RTSP that the source broke.
    pub sink_breaches: Vec<String>,
    /// How the dialogue ended.
    pub end: String,
    /// The dialogue.
    pub messages: Vec<Message>,
}

impl Received {
    /// Counts.
    pub fn new(sink: &SinkReport) -> Self {
        let stream = &sink.stream;
        let breach =
            |breach: &miracast_sink::machine::Breach| format!("{:?}: {}", breach.rule, breach.text);
        Self {
            frames_decoded: playback::frames_decoded(sink),
            frames_numbered: playback::frames_numbered(sink),
            frame_counter_errors: playback::frame_counter_errors(sink),
            es_bytes_received: sink.picture_bytes,
            rtp_packets: stream.rtp_packets,
            rtp_lost: stream.rtp_lost,
            socket_drops: sink.socket_drops,
            record_truncated: sink.record_truncated,
            ts_errors: stream.faults.total(),
            ts_error_texts: faults(sink),
            pcr_interval_ms_max: milliseconds(stream.pcr_interval_max),
            psi_interval_ms_max: milliseconds(stream.psi_interval_max),
            pcr_jitter_us: Percentiles::of(&stream.pcr_jitter),
            sink_breaches: sink.breaches.iter().map(breach).collect(),
            end: format!("{:?}", sink.end),
            messages: messages(&sink.messages),
        }
    }
}

fn faults(sink: &SinkReport) -> Vec<String> {
    let found = sink.stream.faults.iter();
    found
        .map(|(fault, finding)| {
            let texts = finding.texts.join("; ");
            format!("{fault:?}, {} times: {texts}", finding.count)
        })
        .collect()
}

fn messages(logged: &[Logged]) -> Vec<Message> {
    let start = logged.first().map_or(0, |message| message.at_ns);
    let message = |message: &Logged| Message {
        t_ms: milliseconds(Duration::from_nanos(message.at_ns.saturating_sub(start))),
        from: match message.direction {
            Direction::FromSource => "source",
            Direction::ToSource => "sink",
        },
        kind: numbered(&message.name),
        text: String::from_utf8_lossy(&message.bytes).into_owned(),
    };
    logged.iter().map(message).collect()
}

/// The name with the number that Wi-Fi Display gives to the message (S2.1 §6.4): the sink names its
/// own requests in a session by their method.
fn numbered(name: &str) -> String {
    let number = match name {
        "PLAY" => "M7",
        "TEARDOWN" => "M8",
        "PAUSE" => "M9",
        other => return other.to_owned(),
    };
    format!("{number} {name}")
}

/// Both sides together.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The casting side.
    #[serde(flatten)]
    pub sent: Sent,
    /// The receiving side.
    #[serde(flatten)]
    pub received: Received,
    /// Every NAL unit of the encoder came unchanged and in order, and nothing was added but AUD, and
    /// the SPS and PPS of STREAM_START's reply.
    pub es_identical: bool,
    /// The first difference.
    pub es_difference: Option<String>,
    /// From the handing over of a picture's last chunk to the arrival of its last datagram, in
    /// microseconds.
    pub tail_latency_us: Percentiles,
    /// The sound.
    pub sound: SoundSummary,
}

/// The sound in numbers.
#[derive(Clone, Debug, Serialize)]
pub struct SoundSummary {
    /// Its format; null if there was none.
    pub format: Option<String>,
    /// Chunks that the miniport handed over.
    pub units_sent: u64,
    /// Chunks for which its ring, or Windows, had no room.
    pub units_dropped: u64,
    /// Units that came whole.
    pub units_received: u64,
    /// Chunks that were handed over before the first picture, and not sent for that.
    pub units_early: u64,
    /// Of those that came, those that came as they were handed over, one after the other.
    pub units_in_order: u64,
    /// Places where sound is missing between two units.
    pub gaps: u64,
    /// Moments at which sound and picture were held together: clicks of LPCM, units of coded sound.
    pub measured: usize,
    /// How much later sound is played than the picture of its moment; null if that was not measured.
    pub offset_ms: Option<Offsets>,
}

impl From<&Sound> for SoundSummary {
    fn from(sound: &Sound) -> Self {
        Self {
            format: sound.format.clone(),
            units_sent: sound.handed_over,
            units_dropped: sound.dropped,
            units_received: sound.received,
            units_early: sound.early,
            units_in_order: sound.in_order,
            gaps: sound.gaps,
            measured: sound.offsets.len(),
            offset_ms: sound.apart(),
        }
    }
}

impl Summary {
    /// Counts and compares.
    pub fn new(record: &Record, comparison: &Comparison) -> Self {
        let sound = Sound::new(
            record.source.journal.sound(),
            &record.sink.stream.sound,
            &record.source.sent(),
            &record.sink.units,
        );
        Self {
            sound: SoundSummary::from(&sound),
            sent: Sent::new(&record.source, &record.leaks),
            received: Received {
                es_bytes_received: comparison.bytes_received,
                ..Received::new(&record.sink)
            },
            es_identical: comparison.identical(),
            es_difference: comparison.difference.clone(),
            tail_latency_us: Percentiles::of(&comparison.tail_ns),
        }
    }
}

/// Writes anything as JSON for people and programs.
///
/// # Errors
/// The file cannot be written.
pub fn write_json(value: &impl Serialize, path: &Path) -> io::Result<()> {
    serde_json::to_writer_pretty(File::create(path)?, value).map_err(io::Error::from)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
