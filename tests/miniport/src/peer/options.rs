//! How a miniport behaves: what its encoder can do, and how it misbehaves on request.

use miracast_kmd_iface::escape::{
    AudioFormats, EncoderCaps, EncoderFlags, Features, HevcCaps, StreamAttributes,
};
use miracast_kmd_iface::{NtStatus, Opcode};

use crate::encoder::{Coding, Dressing, SLICES_MAX, Source};
use crate::ring::RingAddress;
use crate::sound::CodedSound;

/// Settings of a [`Peer`](super::Peer).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// What HELLO says of the encoder, and what STREAM_OPEN is held against.
    pub encoder: EncoderCaps,
    /// What HELLO says of features.
    pub features: Features,
    /// What HELLO says of H.265; zero without that feature.
    pub hevc: HevcCaps,
    /// What STREAM_OPEN and AUDIO_OPEN say of the ring's memory, if the driver has that feature, too.
    pub attributes: StreamAttributes,
    /// What the hardware puts before the slices. Without parameter sets there, STREAM_START's
    /// reply has them.
    pub dressing: Dressing,
    /// Bytes of the ring's data span: a power of two, at least a page.
    pub ring_bytes: u32,
    /// What HELLO says of audio.
    pub audio: AudioFormats,
    /// What AUDIO_START's reply says of AAC and AC-3, in bit/s.
    pub audio_bit_rate: u32,
    /// What AAC and AC-3 are made of.
    pub coded_sound: CodedSound,
    /// Bytes of the data span of the audio's ring: a power of two, at least a page.
    pub audio_ring_bytes: u32,
    /// The target of the video present network, in MODE_SET.
    pub target_id: u32,
    /// Deliberate mistakes.
    pub misbehaviour: Misbehaviour,
}

impl Default for Options {
    /// An honest miniport that takes input and captures LPCM, with an encoder of level 4.2 up to
    /// 1920x1080, without AUD and parameter sets in the chunks, and a ring of 4 MiB: half a second at
    /// 60 Mbit/s. That of the audio has 64 KiB: a third of a second of LPCM.
    fn default() -> Self {
        Self {
            encoder: EncoderCaps {
                profiles: 0b01,
                level_bit: 4,
                max_width: 1920,
                max_height: 1088,
                max_slices: SLICES_MAX as u16,
                // 1920x1080 at 60 Hz: measured to be real time with OpenH264 on one core.
                max_macroblocks_per_second: 489_600,
                flags: EncoderFlags::empty(),
                max_bit_rate: 50_000_000,
            },
            features: Features::INPUT.union(Features::AUDIO),
            hevc: HevcCaps::default(),
            attributes: StreamAttributes::empty(),
            dressing: Dressing::default(),
            ring_bytes: 4 * 1024 * 1024,
            audio: AudioFormats::LPCM_48.union(AudioFormats::LPCM_44),
            coded_sound: CodedSound::Headers,
            audio_bit_rate: 192_000,
            audio_ring_bytes: 64 * 1024,
            target_id: 0x0100,
            misbehaviour: Misbehaviour::default(),
        }
    }
}

impl Options {
    /// What HELLO says of an H.265 encoder that plays a file, which costs no time: level 5.1, with its
    /// largest pictures, 4096x2160 at 60 Hz, and its rate in the Main tier (H.265 Tables A.8 and A.9).
    const HEVC_PLAYER: HevcCaps = HevcCaps {
        profiles: HevcCaps::MAIN,
        level_bit: HevcCaps::LEVEL_BIT_MAX,
        max_width: 4096,
        max_height: 2160,
        max_macroblocks_per_second: 2_073_600,
        max_bit_rate: 40_000_000,
    };

    /// Says in HELLO what encoder there is with this source. A file costs no time: with one, that of
    /// H.264 goes up to level 5.2 and its largest pictures, 4096x2176 at 60 Hz, at 150 Mbit/s (H.264 Table
    /// A-1 has 240), and the ring holds a second of it.
    pub fn announce(&mut self, source: &Source) {
        if matches!(source, Source::File(_)) {
            self.encoder.level_bit = EncoderCaps::LEVEL_BIT_MAX;
            (self.encoder.max_width, self.encoder.max_height) = (4096, 2176);
            self.encoder.max_macroblocks_per_second = 2_073_600;
            self.encoder.max_bit_rate = 150_000_000;
            self.ring_bytes = 16 * 1024 * 1024;
        }
        if source.coding() == Coding::H265 {
            self.features |= Features::HEVC;
            self.hevc = Self::HEVC_PLAYER;
        }
    }

    /// The highest rate of the encoder of this coding, in bit/s.
    pub fn max_bit_rate(&self, coding: Coding) -> u64 {
        match coding {
            Coding::H264 => self.encoder.max_bit_rate,
            Coding::H265 => self.hevc.max_bit_rate,
        }
    }
}

/// What a miniport with bugs does. The driver must survive each of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Misbehaviour {
    /// Requests that are always refused, and with which status.
    pub refuse: Vec<(Opcode, NtStatus)>,
    /// Requests that get no answer: the call succeeds and returns no bytes.
    pub mute: Vec<Opcode>,
    /// STREAM_OPEN's reply gives this instead of the truth. The real ring is left as it is.
    pub span: Option<BadSpan>,
    /// Replies have the sequence number of another request.
    pub wrong_sequence: bool,
    /// Pictures and sound are numbered each for themselves, both from 1.
    pub numbers_alike: bool,
    /// As [`Self::span`], of AUDIO_OPEN's reply.
    pub sound_span: Option<BadSpan>,
    /// A chunk of sound that is wrong.
    pub sound: Option<BadSound>,
}

impl Misbehaviour {
    /// The status with which `opcode` is refused on purpose.
    pub(super) fn refusal(&self, opcode: Opcode) -> Option<NtStatus> {
        let found = self.refuse.iter().find(|(refused, _)| *refused == opcode);
        found.map(|(_, status)| *status)
    }
}

/// One chunk of sound that breaks the contract; the others are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSound {
    /// Which one since AUDIO_OPEN, from 0.
    pub chunk: u32,
    /// What is wrong with it.
    pub fault: SoundFault,
}

/// What can be wrong with a chunk of sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundFault {
    /// Its record names bytes that were never written.
    OutsideRing,
    /// It ends in the middle of a frame.
    CutFrame,
}

/// A ring that cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadSpan {
    /// The base is null.
    NullBase,
    /// The base is not at a page.
    UnalignedBase,
    /// The end lies beyond the address space.
    BeyondAddressSpace,
    /// There is no control page.
    NoControl,
    /// The data length is no power of two.
    OddLength,
    /// The data length is 0.
    EmptyLength,
    /// The data length is 2 GiB.
    HugeLength,
}

impl BadSpan {
    /// Every kind, for tests that try all.
    pub const ALL: [Self; 7] = [
        Self::NullBase,
        Self::UnalignedBase,
        Self::BeyondAddressSpace,
        Self::NoControl,
        Self::OddLength,
        Self::EmptyLength,
        Self::HugeLength,
    ];

    /// The address to report instead of `truth`.
    pub fn distort(self, truth: RingAddress) -> RingAddress {
        let mut ring = truth;
        match self {
            Self::NullBase => ring.base = 0,
            Self::UnalignedBase => ring.base += 8,
            Self::BeyondAddressSpace => ring.base = u64::MAX - 0xFFF,
            Self::NoControl => ring.control_len = 0,
            Self::OddLength => ring.data_len -= 4096,
            Self::EmptyLength => ring.data_len = 0,
            Self::HugeLength => ring.data_len = 1 << 31,
        }
        ring
    }
}
