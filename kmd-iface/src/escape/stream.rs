//! The encoder stream: open, start, stop, close, IDR, rate.

use crate::codec::{Body, Nothing, Request};
use crate::field::{Field, Malformed, require};
use crate::layout::{wire_flags, wire_struct};
use crate::list::List;
use crate::opcode::Opcode;
use crate::open_enum::open_enum;
use crate::timing::{ModeFlags, Refresh};

/// Most bytes of the parameter sets together.
pub const PARAMETER_SETS_MAX: usize = 512;

/// The parameter sets, each with an Annex B start code: SPS and PPS, with H.265 VPS before them.
pub type ParameterSets = List<u8, PARAMETER_SETS_MAX, { Field::PARAMETER_SETS.0 }>;

open_enum! {
    /// A video codec.
    pub struct Codec(u16) {
        /// ITU-T H.264, Annex B byte stream.
        H264 = 1,
        /// ITU-T H.265, Annex B byte stream; only with
        /// [`Features::HEVC`](super::Features::HEVC) on both sides.
        HEVC = 2,
    }
}

wire_struct! {
    /// STREAM_OPEN: set up the encoder and its ring. Nothing is encoded yet.
    ///
    /// | Offset in the body | Field |
    /// |---|---|
    /// | 0 | codec, u16 |
    /// | 2, 3, 4 | profile_idc, constraint flags, level_idc, u8 each; 5 is reserved |
    /// | 6 | slices, u16 |
    /// | 8, 10 | width, height, u16 |
    /// | 12 | refresh numerator, denominator, u32 |
    /// | 20 | flags, u32 |
    /// | 24 | bit rate, u64 |
    /// | 32 | GOP, u32 |
    /// | 36 | sequence of the MODE_SET, u32 |
    #[derive(Copy)]
    pub struct StreamOpen: 40 {
        /// The codec; one that has a name.
        codec: Codec = 0,
        /// profile_idc of the SPS (H.264 §7.4.2.1.1), general_profile_idc with H.265; not 0.
        profile_idc: u8 = 2,
        /// The constraint_set flags as the byte that follows profile_idc in the SPS:
        /// constraint_set0_flag is bit 7. 0 with H.265.
        constraint_flags: u8 = 3,
        /// level_idc of the SPS, general_level_idc with H.265; not 0.
        level_idc: u8 = 4,
        /// Slices of each picture; at least 1.
        slices: u16 = 6,
        /// Pixels a line; not 0.
        width: u16 = 8,
        /// Lines of a picture; not 0.
        height: u16 = 10,
        /// Refresh rate of the stream, after vSyncFreqDivider (DDI-86); at least 23.9 Hz.
        refresh: Refresh = 12,
        /// [`ModeFlags::INTERLACED`] or nothing.
        flags: ModeFlags = 20,
        /// Bits a second; not 0.
        bit_rate: u64 = 24,
        /// Pictures from one IDR to the next; 0: only the first and on request.
        gop: u32 = 32,
        /// [`ModeSet::sequence`](crate::message::ModeSet::sequence) of the mode that this answers.
        mode_sequence: u32 = 36,
    }
}

impl Body for StreamOpen {
    fn check(&self) -> Result<(), Malformed> {
        require(self.codec.name().is_some(), Field::CODEC)?;
        require(self.profile_idc != 0, Field::PROFILE)?;
        require(self.level_idc != 0, Field::LEVEL)?;
        require(self.slices != 0, Field::SLICES)?;
        require(self.width != 0, Field::WIDTH)?;
        require(self.height != 0, Field::HEIGHT)?;
        self.refresh.check()?;
        let flags_allowed = ModeFlags::INTERLACED.contains(self.flags);
        require(flags_allowed, Field::FLAGS)?;
        require(self.bit_rate != 0, Field::BIT_RATE)
    }
}

impl Request for StreamOpen {
    const OPCODE: Opcode = Opcode::STREAM_OPEN;
    type Reply = StreamOpened;
}

wire_flags! {
    /// Properties of the ring's memory.
    pub struct StreamAttributes: u32 {
        /// The data span is write-combined: ordinary loads from it are slow. Only with
        /// [`Features::WRITE_COMBINED`](super::Features::WRITE_COMBINED) on both sides.
        const WRITE_COMBINED = 1 << 0;
    }
}

wire_struct! {
    /// Reply to STREAM_OPEN and AUDIO_OPEN: the stream and where its ring is.
    ///
    /// The driver checks sizes and address when it takes the memory for a ring.
    #[derive(Copy)]
    pub struct StreamOpened: 24 {
        /// Names the stream in all that follows. Pictures and sound never have one number.
        stream: u32 = 0,
        /// Bytes from the ring's base to its data span.
        control_len: u32 = 4,
        /// Address in the calling process where the miniport has mapped the ring. It is valid
        /// until STREAM_CLOSE or AUDIO_CLOSE returns; the miniport unmaps.
        ring_base: u64 = 8,
        /// Bytes of the data span.
        data_len: u32 = 16,
        /// Properties of the memory.
        attributes: StreamAttributes = 20,
    }
}

impl Body for StreamOpened {
    fn check(&self) -> Result<(), Malformed> {
        require(self.attributes.is_known(), Field::FLAGS)
    }
}

wire_struct! {
    /// STREAM_START: encode. The first picture is an IDR.
    #[derive(Copy)]
    pub struct StreamStart: 4 {
        /// The stream.
        stream: u32 = 0,
    }
}

impl Body for StreamStart {}

impl Request for StreamStart {
    const OPCODE: Opcode = Opcode::STREAM_START;
    type Reply = StreamStarted;
}

wire_struct! {
    /// Reply to STREAM_START.
    pub struct StreamStarted: 516 {
        /// The parameter sets for the pictures whose chunks do not have them. Empty if every IDR has them.
        parameter_sets: ParameterSets = 0,
    }
}

impl Body for StreamStarted {}

wire_struct! {
    /// STREAM_STOP: encode no more. Chunks on their way may still come.
    #[derive(Copy)]
    pub struct StreamStop: 4 {
        /// The stream.
        stream: u32 = 0,
    }
}

impl Body for StreamStop {}

impl Request for StreamStop {
    const OPCODE: Opcode = Opcode::STREAM_STOP;
    type Reply = Nothing;
}

wire_struct! {
    /// STREAM_CLOSE: give the encoder and the ring back. The ring must not be touched any more.
    #[derive(Copy)]
    pub struct StreamClose: 4 {
        /// The stream.
        stream: u32 = 0,
    }
}

impl Body for StreamClose {}

impl Request for StreamClose {
    const OPCODE: Opcode = Opcode::STREAM_CLOSE;
    type Reply = Nothing;
}

wire_struct! {
    /// REQUEST_IDR: the next picture that is encoded must be an IDR.
    #[derive(Copy)]
    pub struct RequestIdr: 4 {
        /// The stream.
        stream: u32 = 0,
    }
}

impl Body for RequestIdr {}

impl Request for RequestIdr {
    const OPCODE: Opcode = Opcode::REQUEST_IDR;
    type Reply = Nothing;
}

wire_struct! {
    /// SET_RATE: another bit rate or picture rate from the next picture on. It holds until another
    /// SET_RATE or STREAM_CLOSE, over STREAM_STOP and STREAM_START, too.
    #[derive(Copy)]
    pub struct SetRate: 24 {
        /// Bits a second; not 0.
        bit_rate: u64 = 0,
        /// The stream.
        stream: u32 = 8,
        /// Most pictures a second, not 0; 0/0: as before.
        refresh: Refresh = 12,
    }
}

impl Body for SetRate {
    fn check(&self) -> Result<(), Malformed> {
        require(self.bit_rate != 0, Field::BIT_RATE)?;
        if self.refresh == Refresh::UNCHANGED {
            return Ok(());
        }
        let is_rate = self.refresh.millihertz().is_some_and(|rate| rate != 0);
        require(is_rate, Field::REFRESH)
    }
}

impl Request for SetRate {
    const OPCODE: Opcode = Opcode::SET_RATE;
    type Reply = Nothing;
}
