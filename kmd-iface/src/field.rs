//! Which field of a message is wrong: the answer that goes back to the sender.

use crate::NtStatus;
use crate::open_enum::open_enum;

open_enum! {
    /// A field of any message. The numbers are part of the contract and are never reused.
    pub struct Field(u16) {
        /// No field is to blame: the message is well formed and was refused for another reason.
        NONE = 0,
        /// The header's magic number.
        MAGIC = 1,
        /// A protocol version: the header's, or the range in HELLO.
        VERSION = 2,
        /// The header's opcode.
        OPCODE = 3,
        /// The size: a message shorter than its layout, or a header that claims what is not there.
        SIZE = 4,
        /// The header's sequence number.
        SEQUENCE = 5,
        /// A status: the header's, or one that is reported.
        STATUS = 6,
        /// A set of flags has a bit that the reader does not know, or a contradiction.
        FLAGS = 7,
        /// The width of a picture.
        WIDTH = 8,
        /// The height of a picture.
        HEIGHT = 9,
        /// A refresh rate.
        REFRESH = 10,
        /// The index into the list of MONITOR_ARRIVE.
        MODE_INDEX = 11,
        /// The target of the video present network.
        TARGET_ID = 12,
        /// The connector type.
        CONNECTOR = 13,
        /// The EDID or its length.
        EDID = 14,
        /// The list of display modes or its length.
        MODES = 15,
        /// The codec.
        CODEC = 16,
        /// The codec profile or its constraint flags.
        PROFILE = 17,
        /// The codec level.
        LEVEL = 18,
        /// A bit rate.
        BIT_RATE = 19,
        /// A number of slices.
        SLICES = 20,
        /// A stream identifier.
        STREAM = 21,
        /// Parameter sets or their length.
        PARAMETER_SETS = 22,
        /// What the encoder says of its macroblock rate.
        MACROBLOCK_RATE = 23,
        /// A power state.
        POWER = 24,
        /// A position in the ring.
        POSITION = 25,
        /// The length of a chunk.
        LENGTH = 26,
        /// The kind of an input report.
        INPUT_KIND = 27,
        /// A point outside of the picture.
        POINT = 28,
        /// A factor of zoom.
        FACTOR = 29,
        /// How far is scrolled.
        AMOUNT = 30,
        /// What scrolling counts in.
        UNIT = 31,
        /// The code of a key.
        KEY = 32,
        /// The pointers, their number, or one that is outside of the picture.
        POINTERS = 33,
        /// The bytes of a HID device or their number.
        HID = 34,
        /// A number of audio channels.
        CHANNELS = 35,
        /// Samples a second.
        SAMPLE_RATE = 36,
    }
}

/// A message that breaks its layout or the rules of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The first field that is wrong.
    pub field: Field,
}

impl Malformed {
    /// The error for `field`.
    pub const fn new(field: Field) -> Self {
        Self { field }
    }

    /// The status with which such a message is refused.
    pub const fn status(self) -> NtStatus {
        match self.field {
            Field::SIZE => NtStatus::INFO_LENGTH_MISMATCH,
            Field::OPCODE | Field::CODEC => NtStatus::NOT_SUPPORTED,
            Field::VERSION => NtStatus::REVISION_MISMATCH,
            _ => NtStatus::INVALID_PARAMETER,
        }
    }
}

impl core::fmt::Display for Malformed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "field {} is wrong: {}", self.field, self.status())
    }
}

impl core::error::Error for Malformed {}

/// `Ok` if `good`, else `field` is wrong.
pub(crate) const fn require(good: bool, field: Field) -> Result<(), Malformed> {
    if good {
        Ok(())
    } else {
        Err(Malformed::new(field))
    }
}
