//! What a session came to in numbers: all that was counted, told once when it is over.
//!
//! What it is not: it counts nothing. Whoever counts something gives it its name, too; here they are put
//! together.

use core::fmt;

use miracast_core::counts;
use miracast_core::media::{Counters, DropReason};

use super::{
    AudioCounters, EncoderCounters, Engine, InputCounters, RecordCounters, ReportCounters, Shell,
};

counts!(EncoderCounters {
    idr_requests: "IdrRequested",
    rates_set: "RatesSet",
});

counts!(RecordCounters {
    malformed: "RecordsMalformed",
    other_stream: "RecordsOfOtherStream",
    bad_span: "RecordsBadSpan",
    stale: "RecordsStale",
    overrun: "RecordsOverrun",
    missing: "RecordsMissing",
    unsendable: "DatagramsUnsendable",
});

counts!(AudioCounters {
    chunks: "AudioChunks",
    dropped: "AudioDropped",
    overrun: "AudioOverrun",
    missing: "AudioMissing",
    discarded: "AudioDiscarded",
    stale: "AudioStale",
    bad_span: "AudioBadSpan",
    misfit: "AudioMisfit",
    same_number: "AudioSameNumber",
    bad_ring: "AudioBadRing",
    lost_streams: "AudioStreamsLost",
});

counts!(ReportCounters {
    sent: "ReportsSent",
    received: "ReportsReceived",
    other: "ReportsOther",
    malformed: "ReportsMalformed",
} but last);

counts!(InputCounters {
    taken: "InputTaken",
    refused: "InputRefused",
    invalid: "InputInvalid",
    too_many: "InputTooMany",
    unwanted: "InputUnwanted",
    broken: "InputBroken",
});

/// The names, by where they come from: in the order of [`Totals::fill`].
const SOURCES: [&[&str]; 8] = [
    &Counters::NAMES,
    &DropReason::NAMES,
    &["ChunksReportedDropped"],
    &EncoderCounters::NAMES,
    &RecordCounters::NAMES,
    &AudioCounters::NAMES,
    &ReportCounters::NAMES,
    &InputCounters::NAMES,
];

const COUNTS: usize = {
    let (mut counts, mut source) = (0, 0);
    while source < SOURCES.len() {
        counts += SOURCES[source].len();
        source += 1;
    }
    counts
};

/// All counts of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    counts: [u64; COUNTS],
}

impl Totals {
    /// The name of each count. Each is there once.
    pub const NAMES: [&'static str; COUNTS] = {
        let mut names = [""; COUNTS];
        let (mut place, mut source) = (0, 0);
        while source < SOURCES.len() {
            let mut number = 0;
            while number < SOURCES[source].len() {
                names[place] = SOURCES[source][number];
                place += 1;
                number += 1;
            }
            source += 1;
        }
        names
    };

    #[cfg(test)]
    pub(crate) const fn of(counts: &[u64; COUNTS]) -> Self {
        Self { counts: *counts }
    }

    fn fill(&mut self, engine: &Engine<'_>) {
        let media = engine.media_counters();
        let sources: [&[u64]; SOURCES.len()] = [
            &media.values(),
            media.drops(),
            &[engine.pictures.dropped],
            &engine.encoder_counters().values(),
            &engine.record_counters().values(),
            &engine.audio_counters().values(),
            &engine.report_counters().values(),
            &engine.input_counters().values(),
        ];
        let counted = sources.into_iter().flatten();
        for (total, count) in self.counts.iter_mut().zip(counted) {
            *total = *count;
        }
    }

    /// Each count, in the order of [`Self::NAMES`].
    pub const fn values(&self) -> &[u64; COUNTS] {
        &self.counts
    }

    /// Each count with its name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        Self::NAMES.into_iter().zip(self.counts)
    }

    /// The count of this name.
    pub fn get(&self, name: &str) -> Option<u64> {
        let mut counts = self.iter();
        counts.find_map(|(known, count)| (known == name).then_some(count))
    }
}

/// What is not 0, each with its name.
impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("counted:")?;
        let mut separator = "";
        for (name, count) in self.iter().filter(|(_, count)| *count != 0) {
            write!(f, "{separator} {name} {count}")?;
            separator = ",";
        }
        if separator.is_empty() {
            f.write_str(" nothing")?;
        }
        Ok(())
    }
}

impl Engine<'_> {
    /// Before a session.
    pub(super) fn count_anew(&mut self) {
        self.streamer.count_anew();
        self.pictures.counters = RecordCounters::default();
        self.pictures.dropped = 0;
        self.encoder_counters = EncoderCounters::default();
    }

    /// At the end of a turn: if the session is over, tells what it came to, once.
    pub(super) fn total(&mut self, shell: &mut impl Shell) {
        if self.tracer.take_end() {
            let mut totals = Totals {
                counts: [0; COUNTS],
            };
            totals.fill(self);
            shell.counted(&totals);
        }
    }
}
