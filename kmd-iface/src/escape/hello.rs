//! HELLO: both sides name their versions and features, the miniport its encoder.

use crate::codec::{Body, Request};
use crate::field::{Field, Malformed, require};
use crate::header::VERSION;
use crate::layout::{wire_flags, wire_struct};
use crate::opcode::Opcode;

use super::AudioFormats;

wire_struct! {
    /// Protocol versions that a side can speak, both ends included.
    #[derive(Copy)]
    pub struct VersionRange: 4 {
        /// The oldest; versions start at 1.
        oldest: u16 = 0,
        /// The newest; not before the oldest.
        newest: u16 = 2,
    }
}

impl VersionRange {
    /// The versions of this crate.
    pub const SUPPORTED: Self = Self {
        oldest: VERSION,
        newest: VERSION,
    };

    /// Whether `version` is one of them.
    pub const fn contains(self, version: u16) -> bool {
        self.oldest <= version && version <= self.newest
    }

    /// The newest version that both sides speak.
    pub fn newest_common(self, other: Self) -> Option<u16> {
        let version = self.newest.min(other.newest);
        let common = self.contains(version) && other.contains(version);
        common.then_some(version)
    }
}

wire_flags! {
    /// What a side can do beyond the basic protocol. A feature is used only if both sides name it;
    /// bits that one side does not know are ignored by it.
    pub struct Features: u32 {
        /// The driver can ask for audio, the miniport captures it. Opcodes 0x0040 to 0x004F.
        const AUDIO = 1 << 0;
        /// The sink's input reports are handed to the miniport. Opcodes 0x0050 to 0x005F.
        const INPUT = 1 << 1;
        /// STREAM_OPEN may ask for [`Codec::HEVC`](super::Codec::HEVC) within [`HelloReply::hevc`].
        const HEVC = 1 << 2;
        /// The ring may be write-combined memory
        /// ([`StreamAttributes::WRITE_COMBINED`](super::StreamAttributes::WRITE_COMBINED)).
        const WRITE_COMBINED = 1 << 3;
    }
}

wire_struct! {
    /// HELLO: the first request of a context. Its layout is the same in all versions.
    #[derive(Copy)]
    pub struct Hello: 8 {
        /// The versions that the driver speaks.
        versions: VersionRange = 0,
        /// The driver's features.
        features: Features = 4,
    }
}

impl Body for Hello {
    fn check(&self) -> Result<(), Malformed> {
        let VersionRange { oldest, newest } = self.versions;
        require(oldest != 0 && oldest <= newest, Field::VERSION)
    }
}

impl Request for Hello {
    const OPCODE: Opcode = Opcode::HELLO;
    type Reply = HelloReply;
}

wire_flags! {
    /// What the encoder can do besides sizes and rates.
    pub struct EncoderFlags: u32 {
        /// It encodes interlaced pictures.
        const INTERLACED = 1 << 0;
    }
}

wire_struct! {
    /// What the miniport's encoder can do.
    #[derive(Copy)]
    pub struct EncoderCaps: 24 {
        /// H.264 profiles as in `wfd_video_formats`: bit 0 constrained baseline, bit 1 constrained
        /// high (S2.1 §6.1.3).
        profiles: u8 = 0,
        /// Bit number of the highest level as in `wfd_video_formats`: 0 is 3.1, 4 is 4.2; up to 7,
        /// which is 5.2.
        level_bit: u8 = 1,
        /// Widest picture in pixels.
        max_width: u16 = 2,
        /// Highest picture in pixels.
        max_height: u16 = 4,
        /// Most slices of a picture; 1 if it cannot cut one.
        max_slices: u16 = 6,
        /// Macroblocks of 16x16 pixels a second.
        max_macroblocks_per_second: u32 = 8,
        /// [`EncoderFlags::INTERLACED`] or nothing.
        flags: EncoderFlags = 12,
        /// Highest bit rate in bit/s.
        max_bit_rate: u64 = 16,
    }
}

impl EncoderCaps {
    /// The highest `level_bit` that has a meaning: level 5.2.
    pub const LEVEL_BIT_MAX: u8 = 7;

    /// Whether interlaced pictures can be encoded.
    pub const fn interlaced(&self) -> bool {
        self.flags.contains(EncoderFlags::INTERLACED)
    }

    fn check(&self) -> Result<(), Malformed> {
        require(self.profiles != 0, Field::PROFILE)?;
        require(self.level_bit <= Self::LEVEL_BIT_MAX, Field::LEVEL)?;
        require(self.max_width != 0, Field::WIDTH)?;
        require(self.max_height != 0, Field::HEIGHT)?;
        require(self.max_slices != 0, Field::SLICES)?;
        let works = self.max_macroblocks_per_second != 0;
        require(works, Field::MACROBLOCK_RATE)?;
        require(self.flags.is_known(), Field::FLAGS)?;
        require(self.max_bit_rate != 0, Field::BIT_RATE)
    }
}

wire_struct! {
    /// What the miniport's encoder can do with H.265. Pictures are progressive and have one slice.
    #[derive(Copy, Default)]
    pub struct HevcCaps: 24 {
        /// H.265 profiles as in `wfd2_video_formats`: bit 0 Main (S2.1 Table 77). The driver asks for
        /// Main, in the Main tier.
        profiles: u8 = 0,
        /// Bit number of the highest level as in `wfd2_video_formats`: 0 is 3.1, 4 is 5.1 (S2.1 Table
        /// 78).
        level_bit: u8 = 1,
        /// Widest picture in pixels.
        max_width: u16 = 2,
        /// Highest picture in pixels.
        max_height: u16 = 4,
        /// Blocks of 16x16 pixels a second.
        max_macroblocks_per_second: u32 = 8,
        /// Highest bit rate in bit/s.
        max_bit_rate: u64 = 16,
    }
}

impl HevcCaps {
    /// The bit of profile Main.
    pub const MAIN: u8 = 0x01;

    /// The highest `level_bit` that has a meaning: level 5.1.
    pub const LEVEL_BIT_MAX: u8 = 4;

    fn check(&self) -> Result<(), Malformed> {
        require(self.profiles & Self::MAIN != 0, Field::PROFILE)?;
        require(self.level_bit <= Self::LEVEL_BIT_MAX, Field::LEVEL)?;
        require(self.max_width != 0, Field::WIDTH)?;
        require(self.max_height != 0, Field::HEIGHT)?;
        let works = self.max_macroblocks_per_second != 0;
        require(works, Field::MACROBLOCK_RATE)?;
        require(self.max_bit_rate != 0, Field::BIT_RATE)
    }
}

wire_struct! {
    /// Reply to HELLO. Its layout is the same in all versions. A miniport that knows of no audio and of no
    /// H.265 may leave out what follows the encoder: 32 bytes are a whole reply, and what is missing
    /// of a longer one is zero.
    #[derive(Copy)]
    pub struct HelloReply: 64 {
        /// The version of all that follows: the newest that both speak. Without one the miniport
        /// refuses with `STATUS_REVISION_MISMATCH`.
        version: u16 = 0,
        /// The miniport's features.
        features: Features = 4,
        /// The encoder.
        encoder: EncoderCaps = 8,
        /// The formats of AUDIO_OPEN; none without [`Features::AUDIO`] on both sides.
        audio: AudioFormats = 32,
        /// What the encoder can do with H.265; zero without [`Features::HEVC`].
        hevc: HevcCaps = 40,
    }
}

impl Body for HelloReply {
    const SHORTEST: usize = 32;

    fn check(&self) -> Result<(), Malformed> {
        require(
            VersionRange::SUPPORTED.contains(self.version),
            Field::VERSION,
        )?;
        self.encoder.check()?;
        if self.features.contains(Features::HEVC) {
            self.hevc.check()?;
        }
        Ok(())
    }
}
