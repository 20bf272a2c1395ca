//! The sound that the desktop plays, from AUDIO_OPEN to AUDIO_CLOSE.
//!
//! Two parties hold a [`Sound`], as two hold a [`Stream`](crate::stream::Stream): the
//! [peer](crate::peer), and whoever captures, on the clock of the pictures.

mod coded;
mod tone;

use core::fmt;
use std::sync::Mutex;

use miracast_kmd_iface::escape::{AUDIO_LPCM_BYTES, AudioCodec, AudioOpen};
use miracast_kmd_iface::ring::MapError;
use miracast_kmd_iface::{ChunkFlags, ChunkRecord};

use self::coded::Coded;
pub use self::tone::{CLICK_MIN, SECOND, TONES};
use crate::peer::{BadSound, SoundFault};
use crate::ring::{Ring, RingAddress};
use crate::stream::{Chunk, ChunkId, ChunkInfo, lock};

/// What AAC and AC-3 are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CodedSound {
    /// Frames with a true header and no sound in them.
    #[default]
    Headers,
    /// The frames of a file, ADTS or AC-3, in a loop.
    File(Vec<u8>),
}

/// A chunk of sound that was captured.
#[derive(Clone, Debug)]
pub struct Captured {
    /// The bytes, LPCM little-endian.
    pub bytes: Vec<u8>,
    /// The chunk in the ring; `None` if it had no room, or the driver's position cannot be.
    pub chunk: Option<Chunk>,
}

/// An audio stream.
pub struct Sound {
    id: u32,
    settings: AudioOpen,
    ring: RingAddress,
    /// A bug.
    bad: Option<BadSound>,
    state: Mutex<State>,
}

struct State {
    running: bool,
    /// When the first sample since the start was captured.
    origin: Option<u64>,
    /// Chunks since the start.
    captured: u64,
    /// Chunks since AUDIO_OPEN: numbers them for Windows.
    number: u32,
    /// A chunk was lost: the next one says so.
    gap: bool,
    /// `None`: LPCM is made as it is captured.
    coded: Option<Coded>,
    ring: Ring,
}

/// Why there is no sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// The ring cannot have that size.
    Ring(MapError),
    /// The file has no frames of this codec, or something else between them.
    File,
}

impl fmt::Debug for Sound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sound")
            .field("id", &self.id)
            .field("settings", &self.settings)
            .field("ring", &self.ring)
            .finish_non_exhaustive()
    }
}

impl Sound {
    /// Sound that is stopped, with a ring of `ring_bytes`.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn new(
        id: u32,
        settings: AudioOpen,
        source: &CodedSound,
        ring_bytes: u32,
    ) -> Result<Self, OpenError> {
        let coded = match (settings.codec, source) {
            (AudioCodec::LPCM, _) => None,
            (codec, CodedSound::Headers) => Some(Coded::made(codec, settings.channels)),
            (codec, CodedSound::File(bytes)) => {
                Some(Coded::of_file(codec, bytes).ok_or(OpenError::File)?)
            }
        };
        let ring = Ring::new(ring_bytes).map_err(OpenError::Ring)?;
        Ok(Self {
            id,
            settings,
            ring: ring.address(),
            bad: None,
            state: Mutex::new(State {
                running: false,
                origin: None,
                captured: 0,
                number: 0,
                gap: false,
                coded,
                ring,
            }),
        })
    }

    /// The same with a bug.
    #[must_use]
    pub(crate) fn spoiled(mut self, bad: Option<BadSound>) -> Self {
        self.bad = bad;
        self
    }

    /// The number that names it.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What AUDIO_OPEN asked for.
    pub fn settings(&self) -> &AudioOpen {
        &self.settings
    }

    /// Where the ring is.
    pub fn ring(&self) -> RingAddress {
        self.ring
    }

    /// Whether samples are wanted.
    pub fn is_running(&self) -> bool {
        lock(&self.state).running
    }

    /// Samples are wanted.
    pub fn start(&self) {
        lock(&self.state).running = true;
    }

    /// Samples are not wanted: none is written once this has returned.
    pub fn stop(&self) {
        let mut state = lock(&self.state);
        state.running = false;
        state.origin = None;
    }

    /// Samples of each channel in a chunk.
    fn samples(&self) -> u64 {
        match self.settings.codec {
            AudioCodec::LPCM => AUDIO_LPCM_BYTES as u64 / 4,
            codec => coded::samples(codec),
        }
    }

    /// Hands over one chunk whose last sample is captured by `now`, in units of 100 ns; capturing
    /// begins with the first call after the start. The result is the chunk, if there is one, and when
    /// there will be another; `None` if the sound does not run.
    pub fn capture(&self, now: u64) -> Option<(Option<Captured>, u64)> {
        let mut state = lock(&self.state);
        if !state.running {
            return None;
        }
        if state.origin.is_none() {
            state.captured = 0;
        }
        let origin = *state.origin.get_or_insert(now);
        let (samples, rate) = (self.samples(), self.settings.sample_rate);
        let end = |chunk: u64| tone::time_of(origin, (chunk + 1) * samples, rate);
        let chunk = state.captured;
        if end(chunk) > now {
            return Some((None, end(chunk)));
        }
        state.captured += 1;
        let first = chunk * samples;
        let mut bytes = match &mut state.coded {
            None => tone::lpcm(origin, first, samples, rate),
            Some(coded) => coded.next(),
        };
        let fault = self.bad.filter(|bad| bad.chunk == state.number);
        let fault = fault.map(|bad| bad.fault);
        if fault == Some(SoundFault::CutFrame) {
            bytes.pop();
        }
        let captured = tone::time_of(origin, first, rate);
        let mut chunk = state.hand_over(self.id, &bytes, captured);
        if let Some(chunk) = chunk
            .as_mut()
            .filter(|_| fault == Some(SoundFault::OutsideRing))
        {
            chunk.record.position += 1 << 32;
        }
        Some((Some(Captured { bytes, chunk }), end(state.captured)))
    }
}

impl State {
    fn hand_over(&mut self, stream: u32, bytes: &[u8], capture_time: u64) -> Option<Chunk> {
        let number = self.number;
        self.number = number.wrapping_add(1);
        let producer = self.ring.producer();
        let range = producer.reserve(bytes.len() as u32).ok();
        let published = range.filter(|range| {
            let written = producer.write(*range, 0, bytes);
            written.and_then(|()| producer.publish(*range)).is_ok()
        });
        let Some(range) = published else {
            self.gap = true;
            return None;
        };
        let mut flags = ChunkFlags::FRAME_START | ChunkFlags::FRAME_END;
        flags.set(ChunkFlags::DISCONTINUITY, core::mem::take(&mut self.gap));
        Some(Chunk {
            info: ChunkInfo::of_sound(ChunkId::of_slice(number, 0, 1)),
            record: ChunkRecord {
                stream,
                flags,
                position: range.position(),
                length: range.length(),
                capture_time,
            },
        })
    }
}

#[cfg(test)]
mod tests;
