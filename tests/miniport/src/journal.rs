//! What was encoded and when it was handed over: the truth that a sink's picture is checked with.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::encoder::annex_b;
use crate::stream::{Dropped, Picture};

/// Pictures that are kept: one hour at 60 Hz, the highest rate of a mode (S2.1 Tables 34 to 36), and
/// a minute for what a session needs to begin and to end. Older ones are forgotten.
pub const KEPT_MAX: usize = 60 * (3600 + 60);

/// A NAL unit, without its start code and trailing zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NalUnit {
    /// Bytes.
    pub length: usize,
    /// [`hash`] of the bytes.
    pub hash: u64,
    /// The bytes, if the journal keeps them.
    pub bytes: Option<Vec<u8>>,
}

/// One moment on two clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamps {
    /// Units of 100 ns of the miniport's clock, as `capture_time`.
    pub counter: u64,
    /// Nanoseconds since 1970, to compare with the receive stamps of a network stack; 0 in a
    /// simulation.
    pub unix_ns: u64,
}

/// What was handed over of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOver {
    /// An IDR picture.
    pub idr: bool,
    /// Chunks that it was handed over in.
    pub chunks: usize,
    /// All NAL units of these chunks as they lie in the ring: also the delimiter and the parameter
    /// sets that the encoder put there.
    pub units: Vec<NalUnit>,
    /// SPS and PPS that STREAM_START's reply gave, for the driver to insert; empty if the encoder
    /// puts them into its chunks.
    pub parameter_sets: Arc<[NalUnit]>,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The frame of the desktop.
    pub frame: u32,
    /// When it was captured, in units of 100 ns of the miniport's clock.
    pub capture_time: u64,
    /// Just before its last chunk was reported, or when it was dropped.
    pub handed_over: Stamps,
    /// What was handed over, or why there is no picture.
    pub result: Result<HandedOver, Dropped>,
}

/// Chunks of sound that are kept: an hour of LPCM and a minute, 100 a second.
const SOUND_MAX: usize = 100 * (3600 + 60);

/// A chunk of sound that Windows took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeardSound {
    /// [`hash`] of its bytes.
    pub hash: u64,
    /// When its first sample was captured, as [`Entry::capture_time`].
    pub capture_time: u64,
}

/// The sound that was captured.
#[derive(Clone, Debug, Default)]
pub struct SoundNotes {
    /// The chunks that Windows took, oldest first.
    pub handed_over: VecDeque<HeardSound>,
    /// How many of them were handed over before the first picture: the driver sends none of these.
    pub before_pictures: u64,
    /// Chunks for which the ring, or Windows, had no room.
    pub dropped: u64,
}

/// A record of pictures and sound.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    entries: VecDeque<Entry>,
    keep_bytes: bool,
    /// Those of the last picture: most pictures share them.
    parameter_sets: Arc<[NalUnit]>,
    encoded: u64,
    dropped: u64,
    chunks_refused: u64,
    sound: SoundNotes,
}

impl Journal {
    /// An empty journal. `keep_bytes`: keep the NAL units themselves, not only length and hash.
    pub fn new(keep_bytes: bool) -> Self {
        Self {
            keep_bytes,
            ..Self::default()
        }
    }

    /// Notes a picture that was handed over, or dropped.
    pub fn note(&mut self, picture: &Picture, handed_over: Stamps) {
        let result = match &picture.result {
            Ok((chunks, encoded)) => {
                self.encoded += 1;
                let parameter_sets = self.units(&picture.parameter_sets);
                if *self.parameter_sets != *parameter_sets {
                    self.parameter_sets = parameter_sets.into();
                }
                Ok(HandedOver {
                    idr: encoded.idr,
                    chunks: chunks.len(),
                    units: self.units(&encoded.bytes()),
                    parameter_sets: Arc::clone(&self.parameter_sets),
                })
            }
            Err(cause) => {
                self.dropped += 1;
                Err(cause.clone())
            }
        };
        if self.entries.len() == KEPT_MAX {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry {
            frame: picture.frame,
            capture_time: picture.capture_time,
            handed_over,
            result,
        });
    }

    /// Notes a chunk that Windows did not take (DDI-84).
    pub fn note_refused_chunk(&mut self) {
        self.chunks_refused += 1;
    }

    /// Notes a chunk of sound: that of `capture_time` if it was handed over, else one that was dropped.
    pub fn note_sound(&mut self, bytes: &[u8], capture_time: Option<u64>) {
        let Some(capture_time) = capture_time else {
            self.sound.dropped += 1;
            return;
        };
        self.sound.before_pictures += u64::from(self.encoded == 0);
        if self.sound.handed_over.len() == SOUND_MAX {
            self.sound.handed_over.pop_front();
        }
        let hash = hash(bytes);
        self.sound
            .handed_over
            .push_back(HeardSound { hash, capture_time });
    }

    /// The sound.
    pub fn sound(&self) -> &SoundNotes {
        &self.sound
    }

    /// The pictures, oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// Pictures that were handed over since the start.
    pub fn encoded(&self) -> u64 {
        self.encoded
    }

    /// Pictures that were dropped since the start.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Chunks that Windows did not take.
    pub fn chunks_refused(&self) -> u64 {
        self.chunks_refused
    }

    fn units(&self, stream: &[u8]) -> Vec<NalUnit> {
        let unit = |unit: &[u8]| NalUnit {
            length: unit.len(),
            hash: hash(unit),
            bytes: self.keep_bytes.then(|| unit.to_vec()),
        };
        annex_b::units(stream).map(unit).collect()
    }
}

/// FNV-1a, 64 bits: enough to tell damage from identity, and short enough to repeat in a checker.
pub fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests;
