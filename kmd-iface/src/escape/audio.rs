//! The audio stream: open, start, stop, close.
//!
//! It is a stream beside the pictures, with a ring and a number of its own; its data comes as the same
//! chunk records. The miniport captures what the desktop plays, and codes it unless it is LPCM.

use crate::codec::{Body, Nothing, Request};
use crate::field::{Field, Malformed, require};
use crate::layout::{wire_flags, wire_struct};
use crate::opcode::Opcode;
use crate::open_enum::open_enum;

use super::StreamOpened;

/// Bytes of an LPCM chunk: 480 frames of two 16-bit samples, six access units of 80 (S2.1 App. B).
pub const AUDIO_LPCM_BYTES: usize = 1920;

/// Most bytes of an AAC chunk: the payload of one PES packet (S2.1 Table 109).
pub const AUDIO_AAC_BYTES_MAX: usize = 2020;

/// Most bytes of an AC-3 chunk: the payload of one PES packet (S2.1 Table 107).
pub const AUDIO_AC3_BYTES_MAX: usize = 2560;

wire_flags! {
    /// Audio formats that the miniport makes. Unknown bits are ignored: they are an offer.
    pub struct AudioFormats: u32 {
        /// LPCM, 48 kHz, 16 bit, stereo.
        const LPCM_48 = 1 << 0;
        /// LPCM, 44.1 kHz, 16 bit, stereo.
        const LPCM_44 = 1 << 1;
        /// AAC LC, 48 kHz, 2 channels.
        const AAC_2 = 1 << 2;
        /// AAC LC, 48 kHz, 4 channels.
        const AAC_4 = 1 << 3;
        /// AAC LC, 48 kHz, 6 channels.
        const AAC_6 = 1 << 4;
        /// AAC LC, 48 kHz, 8 channels.
        const AAC_8 = 1 << 5;
        /// AC-3, 48 kHz, 2 channels.
        const AC3_2 = 1 << 6;
        /// AC-3, 48 kHz, 4 channels.
        const AC3_4 = 1 << 7;
        /// AC-3, 48 kHz, 6 channels.
        const AC3_6 = 1 << 8;
    }
}

open_enum! {
    /// An audio codec. It says what a chunk is; a chunk becomes one PES packet.
    pub struct AudioCodec(u16) {
        /// Frames of signed 16-bit samples, little-endian as Windows has them, left before right.
        /// Every chunk has [`AUDIO_LPCM_BYTES`](super::AUDIO_LPCM_BYTES).
        LPCM = 1,
        /// Whole ADTS frames, at most [`AUDIO_AAC_BYTES_MAX`](super::AUDIO_AAC_BYTES_MAX) a chunk.
        AAC = 2,
        /// Whole syncframes, at most [`AUDIO_AC3_BYTES_MAX`](super::AUDIO_AC3_BYTES_MAX) a chunk.
        AC3 = 3,
    }
}

impl AudioCodec {
    /// Whether a chunk of the codec can have `length` bytes.
    pub const fn takes(self, length: usize) -> bool {
        match self {
            Self::LPCM => length == AUDIO_LPCM_BYTES,
            Self::AAC => length != 0 && length <= AUDIO_AAC_BYTES_MAX,
            Self::AC3 => length != 0 && length <= AUDIO_AC3_BYTES_MAX,
            _ => false,
        }
    }
}

/// Codec, channels and samples a second of each format.
const FORMATS: [(AudioFormats, AudioCodec, u16, u32); 9] = [
    (AudioFormats::LPCM_48, AudioCodec::LPCM, 2, 48_000),
    (AudioFormats::LPCM_44, AudioCodec::LPCM, 2, 44_100),
    (AudioFormats::AAC_2, AudioCodec::AAC, 2, 48_000),
    (AudioFormats::AAC_4, AudioCodec::AAC, 4, 48_000),
    (AudioFormats::AAC_6, AudioCodec::AAC, 6, 48_000),
    (AudioFormats::AAC_8, AudioCodec::AAC, 8, 48_000),
    (AudioFormats::AC3_2, AudioCodec::AC3, 2, 48_000),
    (AudioFormats::AC3_4, AudioCodec::AC3, 4, 48_000),
    (AudioFormats::AC3_6, AudioCodec::AC3, 6, 48_000),
];

wire_struct! {
    /// AUDIO_OPEN: set up the audio and its ring. Nothing is captured yet. Only with
    /// [`Features::AUDIO`](super::Features::AUDIO) on both sides, and for a format of
    /// [`HelloReply::audio`](super::HelloReply::audio). It needs no mode.
    ///
    /// | Offset in the body | Field |
    /// |---|---|
    /// | 0, 2 | codec, channels, u16 |
    /// | 4 | samples a second, u32 |
    /// | 8 | bit rate, u32 |
    #[derive(Copy)]
    pub struct AudioOpen: 12 {
        /// The codec; one that has a name.
        codec: AudioCodec = 0,
        /// Channels; as many as a format of the codec has.
        channels: u16 = 2,
        /// Samples a second of each channel; 48000, for LPCM also 44100.
        sample_rate: u32 = 4,
        /// Bits a second that are wished; 0: the miniport chooses. 0 for LPCM.
        bit_rate: u32 = 8,
    }
}

impl AudioOpen {
    /// The format that is asked for; `None` if there is none.
    pub fn format(&self) -> Option<AudioFormats> {
        let row = FORMATS.iter().find(|(_, codec, channels, sample_rate)| {
            (*codec, *channels, *sample_rate) == (self.codec, self.channels, self.sample_rate)
        });
        row.map(|(format, ..)| *format)
    }
}

impl Body for AudioOpen {
    fn check(&self) -> Result<(), Malformed> {
        require(self.codec.name().is_some(), Field::CODEC)?;
        let mut of_codec = FORMATS.iter().filter(|(_, codec, ..)| *codec == self.codec);
        let channels = of_codec.any(|(_, _, channels, _)| *channels == self.channels);
        require(channels, Field::CHANNELS)?;
        require(self.format().is_some(), Field::SAMPLE_RATE)?;
        let is_chosen = self.codec != AudioCodec::LPCM || self.bit_rate == 0;
        require(is_chosen, Field::BIT_RATE)
    }
}

impl Request for AudioOpen {
    const OPCODE: Opcode = Opcode::AUDIO_OPEN;
    type Reply = StreamOpened;
}

wire_struct! {
    /// AUDIO_START: capture. The first chunk begins with a whole frame.
    #[derive(Copy)]
    pub struct AudioStart: 4 {
        /// The stream.
        stream: u32 = 0,
    }
}

impl Body for AudioStart {}

impl Request for AudioStart {
    const OPCODE: Opcode = Opcode::AUDIO_START;
    type Reply = AudioStarted;
}

wire_struct! {
    /// Reply to AUDIO_START.
    #[derive(Copy)]
    pub struct AudioStarted: 4 {
        /// Bits a second of AAC and AC-3; 0 for LPCM.
        bit_rate: u32 = 0,
    }
}

impl Body for AudioStarted {}

wire_struct! {
    /// AUDIO_STOP: capture no more. Chunks on their way may still come.
    #[derive(Copy)]
    pub struct AudioStop: 4 {
        /// The stream.
        stream: u32 = 0,
    }
}

impl Body for AudioStop {}

impl Request for AudioStop {
    const OPCODE: Opcode = Opcode::AUDIO_STOP;
    type Reply = Nothing;
}

wire_struct! {
    /// AUDIO_CLOSE: give the ring back. It must not be touched any more.
    #[derive(Copy)]
    pub struct AudioClose: 4 {
        /// The stream.
        stream: u32 = 0,
    }
}

impl Body for AudioClose {}

impl Request for AudioClose {
    const OPCODE: Opcode = Opcode::AUDIO_CLOSE;
    type Reply = Nothing;
}
