//! What the media plane counts, and the names of the reasons for which it drops.

use super::ts::PACKET_BYTES;
use crate::counts;

/// Why a chunk was not sent, or not sent to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum DropReason {
    /// No stream was running, or it was stopped or started anew, or its encoder closed, while the chunk
    /// was in hand.
    Stopped,
    /// The stream was paused, when the chunk came or when its access unit began.
    Paused,
    /// The chunk has no bytes.
    Empty,
    /// The chunk is longer than [`CHUNK_MAX`](crate::limits::CHUNK_MAX).
    TooLong,
    /// The chunk belongs to an access unit whose first chunk never came.
    NoFrameStart,
    /// The chunk belongs to a picture that needs others which were not sent.
    AwaitingIdr,
    /// The encoder marked the chunk as following a loss.
    Discontinuity,
    /// Chunks were lost on the way from the encoder ([`Input::ChunksLost`](super::Input)).
    Lost,
    /// The chunk belongs to an access unit that waited here until its presentation was past.
    Late,
    /// The next chunk came before this one was done.
    Overrun,
    /// The payload has another length than when the chunk was begun.
    PayloadChanged,
    /// Sound without a stream for it: none was begun, or one that is silent.
    NoAudio,
    /// The format of the sound has no unit of this length.
    AudioLength,
    /// The sound would have had to be played by now.
    AudioLate,
    /// Sound before the first picture of its stream: a player that takes the first PES packet for the
    /// beginning of a picture is misled by it (interop rule 20).
    BeforePictures,
}

impl DropReason {
    /// Every reason.
    pub const ALL: [Self; 15] = [
        Self::Stopped,
        Self::Paused,
        Self::Empty,
        Self::TooLong,
        Self::NoFrameStart,
        Self::AwaitingIdr,
        Self::Discontinuity,
        Self::Lost,
        Self::Late,
        Self::Overrun,
        Self::PayloadChanged,
        Self::NoAudio,
        Self::AudioLength,
        Self::AudioLate,
        Self::BeforePictures,
    ];

    /// What the counts of [`Counters::drops`] are called, in the order of [`Self::ALL`].
    pub const NAMES: [&'static str; Self::ALL.len()] = [
        "DroppedStopped",
        "DroppedPaused",
        "DroppedEmpty",
        "DroppedTooLong",
        "DroppedNoFrameStart",
        "DroppedAwaitingIdr",
        "DroppedDiscontinuity",
        "DroppedLost",
        "DroppedLate",
        "DroppedOverrun",
        "DroppedPayloadChanged",
        "DroppedNoAudio",
        "DroppedAudioLength",
        "DroppedAudioLate",
        "DroppedBeforePictures",
    ];
}

/// Counts since the streamer was made, or since [`Streamer::count_anew`](super::Streamer::count_anew).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Chunks of pictures accepted and begun.
    pub chunks: u64,
    /// Access units begun.
    pub units: u64,
    /// Of these, IDR access units.
    pub idr_units: u64,
    /// Access units of which nothing was sent.
    pub units_dropped: u64,
    /// Access units that were begun and whose rest was dropped.
    pub units_torn: u64,
    /// Access units that ended because the next one began.
    pub units_unterminated: u64,
    /// Chunks of pictures and of sound dropped, by [`DropReason`]; read with [`Counters::dropped`].
    pub(super) dropped: [u64; DropReason::ALL.len()],
    /// [`Output::NeedIdr`](super::Output) given.
    pub idr_requests: u64,
    /// Access unit delimiters inserted.
    pub delimiters_inserted: u64,
    /// Parameter sets inserted before an IDR.
    pub parameter_sets_inserted: u64,
    /// IDR access units sent without parameter sets: the encoder gave none.
    pub parameter_sets_missing: u64,
    /// [`Input::ParameterSets`](super::Input) that were not SPS and PPS, or too long.
    pub parameter_sets_refused: u64,
    /// First chunks that claimed to begin with an access unit delimiter and did not.
    pub delimiter_flag_wrong: u64,
    /// PTS of pictures and of sound moved one tick of 90 kHz or more behind the one before, to keep them increasing.
    pub pts_nudged: u64,
    /// PTS counted from now and not from the capture, because it would have been in the past.
    pub pts_late: u64,
    /// Capture times in the future; taken as now.
    pub captured_ahead: u64,
    /// Jumps of the machine's clock while media flowed, or back at any time; each is said by a PCR.
    pub clock_jumps: u64,
    /// Units of sound packed, without those of silence.
    pub audio_units: u64,
    /// Of these, those before which sound was lost.
    pub audio_discontinuities: u64,
    /// Units of silence packed.
    pub silent_units: u64,
    /// Units of silence left out, because they were due too long ago.
    pub silent_units_skipped: u64,
    /// Groups of PAT, PMT and PCR.
    pub psi_groups: u64,
    /// RTP datagrams built.
    pub datagrams: u64,
    /// TS packets built.
    pub ts_packets: u64,
    /// Bytes of the pictures' elementary stream in these, with what was inserted.
    pub es_bytes: u64,
    /// Calls of [`Streamer::sent`](super::Streamer::sent) that left datagrams in the batch.
    pub partial_sends: u64,
}

counts!(Counters {
    chunks: "Chunks",
    units: "Units",
    idr_units: "IdrUnits",
    units_dropped: "UnitsDropped",
    units_torn: "UnitsTorn",
    units_unterminated: "UnitsUnterminated",
    idr_requests: "IdrNeeded",
    delimiters_inserted: "DelimitersInserted",
    parameter_sets_inserted: "ParameterSetsInserted",
    parameter_sets_missing: "ParameterSetsMissing",
    parameter_sets_refused: "ParameterSetsRefused",
    delimiter_flag_wrong: "DelimiterFlagWrong",
    pts_nudged: "PtsNudged",
    pts_late: "PtsLate",
    captured_ahead: "CapturedAhead",
    clock_jumps: "ClockJumps",
    audio_units: "AudioUnits",
    audio_discontinuities: "AudioDiscontinuities",
    silent_units: "SilentUnits",
    silent_units_skipped: "SilentUnitsSkipped",
    psi_groups: "PsiGroups",
    datagrams: "Datagrams",
    ts_packets: "TsPackets",
    es_bytes: "EsBytes",
    partial_sends: "PartialSends",
} but dropped);

impl Counters {
    /// Chunks dropped, in the order of [`DropReason::ALL`].
    pub const fn drops(&self) -> &[u64; DropReason::ALL.len()] {
        &self.dropped
    }

    /// Chunks dropped for `reason`.
    pub fn dropped(&self, reason: DropReason) -> u64 {
        self.dropped[reason as usize]
    }

    /// Bytes of the TS packets built that are not the pictures' own: headers, tables, stuffing, and all
    /// of the sound.
    pub fn bytes_beside(&self) -> u64 {
        (self.ts_packets * PACKET_BYTES as u64).saturating_sub(self.es_bytes)
    }

    /// Chunks dropped for any reason.
    pub fn chunks_dropped(&self) -> u64 {
        self.dropped.iter().sum()
    }

    pub(super) fn drop_chunk(&mut self, reason: DropReason) {
        self.dropped[reason as usize] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_own_count() {
        let mut counters = Counters::default();
        for (times, reason) in (1..).zip(DropReason::ALL) {
            for _ in 0..times {
                counters.drop_chunk(reason);
            }
        }
        for (times, reason) in (1..).zip(DropReason::ALL) {
            assert_eq!(counters.dropped(reason), times);
        }
        assert_eq!(counters.chunks_dropped(), (1..=15).sum::<u64>());
        let named = DropReason::NAMES.iter().zip(counters.drops());
        for (reason, (name, times)) in DropReason::ALL.into_iter().zip(named) {
            assert_eq!(*name, std::format!("Dropped{reason:?}"));
            assert_eq!(*times, counters.dropped(reason));
        }
    }
}
