//! The sound of a stream: what the PMT says of it, and what goes before each of its units
//! (S2.1 Tables 105, 106, 107 and 109).
//!
//! What it is not: a codec. AAC and AC-3 pass as they come; of LPCM the bytes are swapped, because it
//! goes out with the high byte first and comes with the low one.

use heapless::Vec;

use super::packetizer::{self, Packetizer};
use super::pes;
use super::ts::{self, pid};
use super::{DropReason, PacketHeaders, Payload};
use crate::time::Instant;
use crate::wfd::audio::{AudioCoding, ChosenAudio};

mod descriptor;
mod silence;

pub(super) use descriptor::{BYTES_MAX as DESCRIPTOR_MAX, Descriptor};
pub(super) use silence::{Silence, Zeros};

/// What the sound of a stream is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioConfig {
    /// The format, as M4 announced it.
    pub format: ChosenAudio,
    /// Whether the PMT describes the format (quirk Q62 if it must not).
    pub descriptors: bool,
    /// Whether the streamer itself makes the sound: silence, for a sink that must have some (quirk
    /// Q63). LPCM only: of another format nothing is sent then.
    pub silence: bool,
}

/// Sound: whole frames of its format, in one PES packet. LPCM comes as Windows has it, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioChunk {
    /// The number under which the chunk is reported; passed through.
    pub id: u64,
    /// When its first sample was captured, on the clock of `now`.
    pub captured: Instant,
    /// Sound was lost between the chunk before and this one. It is counted, and nothing else: the
    /// time of capture says how much.
    pub discontinuity: bool,
}

/// Bytes of one unit of LPCM: six access units of 80 samples of two channels of 16 bit (S2.1 Table
/// 106).
pub(super) const LPCM_BYTES: usize = 1920;

/// Samples of each channel in it.
const LPCM_SAMPLES: u64 = 480;

/// Bytes of the private header of LPCM.
const LPCM_HEADER_BYTES: usize = 4;

/// Most bytes that go before a unit.
const HEADER_MAX: usize = pes::AUDIO_HEADER_BYTES + LPCM_HEADER_BYTES;

/// How a coding goes into PES packets (S2.1 Table 105).
struct Carriage {
    stream_type: u8,
    stream_id: u8,
    /// Bytes of the longest unit.
    longest: usize,
}

const fn carriage(coding: AudioCoding) -> Carriage {
    match coding {
        AudioCoding::Lpcm => Carriage {
            stream_type: 0x83,
            stream_id: 0xBD,
            longest: LPCM_BYTES,
        },
        AudioCoding::Aac => Carriage {
            stream_type: 0x0F,
            stream_id: 0xC0,
            longest: 2020,
        },
        AudioCoding::Ac3 => Carriage {
            stream_type: 0x81,
            stream_id: 0xBD,
            longest: 2560,
        },
    }
}

/// The private header of LPCM: `sub_stream_id`, six access units, no emphasis, then 16 bit,
/// `audio_sampling_frequency` and stereo (S2.1 Table 106).
const fn lpcm_header(sample_rate: u32) -> [u8; LPCM_HEADER_BYTES] {
    let frequency = if sample_rate == 44_100 { 1 } else { 2 };
    [0xA0, 0x06, 0x00, frequency << 3 | 1]
}

/// What the PMT says of the sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) stream_type: u8,
    pub(super) descriptor: Descriptor,
}

/// The elementary stream of the sound, if there is any. Without sound it remembers where it was: the
/// PID of the next one is the same, so its counter goes on and its times do not go back.
#[derive(Clone, Debug)]
pub(super) struct Track {
    config: Option<AudioConfig>,
    /// What coded sound takes, in bit/s, as its encoder says; 0 is not known.
    bit_rate: u32,
    pub(super) packetizer: Packetizer<{ packetizer::CLEAR }>,
    /// The last presentation time in 90 kHz, not wrapped.
    pub(super) last_pts: Option<u64>,
    /// The sound that is made here; `None` if it comes from elsewhere.
    pub(super) silence: Option<Silence>,
}

impl Track {
    /// No sound, and none before.
    pub(super) const fn new() -> Self {
        Self {
            config: None,
            bit_rate: 0,
            packetizer: Packetizer::new(pid::AUDIO),
            last_pts: None,
            silence: None,
        }
    }

    /// Sound of another kind, or none. Silence does not begin by that. Of the same format the rate
    /// stays until another one is said: the PMT does not change for nothing.
    pub(super) fn change(&mut self, config: Option<&AudioConfig>) {
        if config.map(|config| config.format) != self.config.map(|config| config.format) {
            self.bit_rate = 0;
        }
        let silent = |config: &AudioConfig| {
            let lpcm = config.format.coding() == AudioCoding::Lpcm;
            (config.silence && lpcm).then(|| Silence::new(config.format.sample_rate()))
        };
        self.silence = config.and_then(silent);
        self.config = config.copied();
    }

    /// Coded sound takes so many bit/s; 0 is not known.
    pub(super) fn set_bit_rate(&mut self, bit_rate: u32) {
        self.bit_rate = bit_rate;
    }

    /// The same sound in a new stream.
    pub(super) fn restart(&mut self) {
        let (config, bit_rate) = (self.config, self.bit_rate);
        *self = Self::new();
        self.change(config.as_ref());
        self.bit_rate = bit_rate;
    }

    /// What the PMT says of it.
    pub(super) fn entry(&self) -> Option<Entry> {
        let config = self.config?;
        let descriptor = if config.descriptors {
            descriptor::of(config.format, self.bit_rate)
        } else {
            descriptor::NONE
        };
        Some(Entry {
            stream_type: carriage(config.format.coding()).stream_type,
            descriptor,
        })
    }

    /// When the next unit is due that is made here.
    pub(super) fn due(&self) -> Option<Instant> {
        self.silence.as_ref().and_then(Silence::due)
    }

    /// The format of the units that come from elsewhere.
    pub(super) fn taken(&self) -> Option<ChosenAudio> {
        let config = self.config.filter(|config| !config.silence);
        config.map(|config| config.format)
    }

    /// The format of the units that are made here.
    pub(super) fn made(&self) -> Option<ChosenAudio> {
        self.silence.as_ref()?;
        self.config.map(|config| config.format)
    }
}

/// Whether `format` has a unit of `length` bytes.
pub(super) const fn judge(format: ChosenAudio, length: usize) -> Result<(), DropReason> {
    let longest = carriage(format.coding()).longest;
    let fits = match format.coding() {
        AudioCoding::Lpcm => length == longest,
        AudioCoding::Aac | AudioCoding::Ac3 => length <= longest,
    };
    match length {
        0 => Err(DropReason::Empty),
        _ if fits => Ok(()),
        _ => Err(DropReason::AudioLength),
    }
}

/// What goes before a unit of `length` bytes, which [`judge`] let pass.
pub(super) fn header(format: ChosenAudio, pts: u64, length: usize) -> Vec<u8, HEADER_MAX> {
    let private = match format.coding() {
        AudioCoding::Lpcm => Some(lpcm_header(format.sample_rate())),
        AudioCoding::Aac | AudioCoding::Ac3 => None,
    };
    let private = private.as_ref().map_or(&[][..], |bytes| bytes);
    let stream_id = carriage(format.coding()).stream_id;
    let header = pes::audio_header(stream_id, pts, (private.len() + length) as u16);
    let mut bytes = Vec::new();
    // There is room for the longest of both.
    let written = bytes.extend_from_slice(&header);
    let written = written.and_then(|()| bytes.extend_from_slice(private));
    debug_assert!(written.is_ok());
    bytes
}

/// The bytes of a unit on their way into packets. It is a type of its own so that the packetizer is
/// compiled once for all sound: a unit has some ten packets, and a few calls are no cost.
#[derive(Debug)]
pub(super) struct Samples<'a, P: ?Sized> {
    payload: &'a P,
    swaps: bool,
}

impl<'a, P: ?Sized> Samples<'a, P> {
    /// A unit of `format`.
    pub(super) fn new(format: ChosenAudio, payload: &'a P) -> Self {
        let swaps = format.coding() == AudioCoding::Lpcm;
        Self { payload, swaps }
    }
}

impl<P: Payload + ?Sized> Payload for Samples<'_, P> {
    fn len(&self) -> usize {
        self.payload.len()
    }

    /// What goes before LPCM has an even number of bytes, and so has a packet: no sample is cut.
    fn copy(&self, offset: usize, to: &mut [u8]) {
        self.payload.copy(offset, to);
        if self.swaps {
            swap(to);
        }
    }

    fn copy_packets(&self, offset: usize, packets: &mut [[u8; 188]], headers: &mut PacketHeaders) {
        self.payload.copy_packets(offset, packets, headers);
        if self.swaps {
            for packet in packets {
                swap(&mut packet[ts::HEADER_BYTES..]);
            }
        }
    }
}

/// Turns the bytes of each sample around, in the packet that they were just copied to: four samples at
/// a time, as where code is compiled for size no compiler does that by itself.
fn swap(bytes: &mut [u8]) {
    const LOW: u64 = 0x00FF_00FF_00FF_00FF;
    let (fours, rest) = bytes.as_chunks_mut::<8>();
    for four in fours {
        let samples = u64::from_ne_bytes(*four);
        *four = ((samples & LOW) << 8 | samples >> 8 & LOW).to_ne_bytes();
    }
    let (samples, _) = rest.as_chunks_mut::<2>();
    for sample in samples {
        sample.reverse();
    }
}

const _: () = {
    assert!(HEADER_MAX.is_multiple_of(2) && packetizer::CLEAR.is_multiple_of(2));
    assert!(LPCM_BYTES as u64 == LPCM_SAMPLES * 4);
};
