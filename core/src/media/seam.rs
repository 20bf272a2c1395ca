//! The words in which the streamer and its owner talk.

use core::time::Duration;

use super::{AudioChunk, AudioConfig, Chunk, DropReason};
use crate::time::Instant;
use crate::wfd::coded::Coding;

/// What one stream is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamConfig {
    /// `profile_idc` (`general_profile_idc` with H.265) that the video descriptor states until parameter sets are known.
    pub profile_idc: u8,
    /// The constraint flags that it states, as the byte after `profile_idc` in the SPS.
    pub constraint_flags: u8,
    /// The `level_idc` that it states.
    pub level_idc: u8,
    /// Whether the RTP marker is set on the datagram that ends an access unit.
    pub marker: bool,
    /// `version_number` of PAT and PMT when the stream starts: 0 to 31.
    pub psi_version: u8,
    /// RTP synchronisation source.
    pub ssrc: u32,
    /// RTP sequence number of the first datagram.
    pub first_sequence: u16,
    /// From the capture of a picture to its presentation time. More than
    /// [`PTS_LEAD_MAX`](crate::limits::PTS_LEAD_MAX) counts as that.
    pub pts_lead: Duration,
    /// Over how long the datagrams of an IDR picture are spread. A picture that is to be presented soon
    /// takes less; zero: they leave at once.
    pub pace: Duration,
}

/// What happens to the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input<'a> {
    /// A stream begins: PAT, PMT and PCR now, pictures from the first IDR on, sound if that was
    /// started before. A stream that runs is thrown away with what of it was not sent.
    Start(&'a StreamConfig),
    /// Nothing is sent any more but what is left of the chunk in hand.
    Pause,
    /// The stream goes on: PAT, PMT and PCR now, pictures from the next IDR on.
    Resume,
    /// The stream is over. What was not sent is thrown away, the parameter sets and the sound are
    /// forgotten.
    Stop,
    /// How the pictures that follow are coded: H.264 before the first of these. While no parameter sets
    /// are known the PMT says these `profile_idc`, flags and `level_idc` (as in [`StreamConfig`]). Another
    /// coding forgets the parameter sets. Between two access units only.
    Coding(Coding, [u8; 3]),
    /// The parameter sets (SPS and PPS, with H.265 VPS) as Annex B byte stream. They go before each IDR that does not bring its own, and
    /// into the PMT, whose version follows when its content changes. May come before `Start`. What
    /// is not these is refused and counted. No bytes: an encoder that brings its own, those of
    /// the one before are forgotten.
    ParameterSets(&'a [u8]),
    /// A chunk. Its bytes are those of the payload that is given to `poll` until
    /// [`Output::ChunkDone`]; only then may the next chunk come.
    Chunk(Chunk),
    /// The next chunk waits: what pacing holds back of the one in hand leaves at once.
    Hurry,
    /// The encoder is closed. What of its pictures is in hand is dropped; what comes next begins with an
    /// IDR, which is asked for only if it does not.
    EncoderClosed,
    /// Chunks of pictures were lost before they came here. What is half built is dropped and an IDR
    /// asked for.
    ChunksLost,
    /// The stream has sound, in place of what it had: the PMT says so from now on, with a new version
    /// if that is a change. May come before `Start`.
    StartAudio(&'a AudioConfig),
    /// The stream has no sound any more.
    StopAudio,
    /// What the encoder of coded sound takes, in bit/s; 0: it does not say. The PMT has it of AC-3,
    /// with a new version if another one has been sent. Holds as long as the format does.
    AudioRate(u32),
    /// Sound. Its bytes are given to `poll` as those of a chunk, before and after which it may come.
    Audio(AudioChunk),
}

/// What the owner is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output<'s> {
    /// The first datagrams of the chunk follow. Once per chunk, and not for one that is dropped
    /// before anything of it was built.
    ChunkStart {
        /// Its number.
        id: u64,
    },
    /// Datagrams to send, in order; then [`Streamer::sent`](super::Streamer::sent).
    Datagrams(Batch<'s>),
    /// Nothing of the chunk in hand is needed any more; its memory may be given back.
    ChunkDone,
    /// The chunk, or the rest of it, is not sent. `ChunkDone` follows, unless the next chunk has come
    /// too early: then the `ChunkDone` of that one stands for both.
    ChunkDropped {
        /// Its number.
        id: u64,
        /// Why.
        reason: DropReason,
    },
    /// The encoder must be asked for an IDR. Once per cause, and once more if pictures go on without
    /// one for [`IDR_RETRY`](crate::limits::IDR_RETRY).
    NeedIdr,
    /// There is nothing to do before the next input. Also while a chunk is in hand of which more may
    /// leave only later.
    Idle {
        /// When to poll again if no input comes.
        wake: Option<Instant>,
    },
}

/// Datagrams of equal size in one piece of memory, as a segmented send takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch<'s> {
    /// The datagrams, one after the other.
    pub bytes: &'s [u8],
    /// Bytes of each datagram but the last, which may be shorter.
    pub segment: usize,
}

impl<'s> Batch<'s> {
    /// The datagrams one by one.
    pub fn datagrams(&self) -> impl ExactSizeIterator<Item = &'s [u8]> + use<'s> {
        self.bytes.chunks(self.segment)
    }
}
