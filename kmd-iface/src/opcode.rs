//! The opcodes of both directions.

use crate::open_enum::open_enum;

open_enum! {
    /// What a message is. Numbers are never changed and never reused.
    ///
    /// 0x0001 to 0x7FFF go from the driver to the miniport, 0x8001 to 0xFFFF the other way. 0 is
    /// in the refusal of a message whose header could not be read.
    pub struct Opcode(u16) {
        /// Versions, features and capabilities; the first request of a context.
        HELLO = 0x0001,
        /// The sink has a monitor.
        MONITOR_ARRIVE = 0x0010,
        /// The monitor is gone.
        MONITOR_DEPART = 0x0011,
        /// Sets up an encoder and its ring.
        STREAM_OPEN = 0x0020,
        /// Starts encoding.
        STREAM_START = 0x0021,
        /// Stops encoding.
        STREAM_STOP = 0x0022,
        /// Gives the encoder and the ring back.
        STREAM_CLOSE = 0x0023,
        /// The next picture must be an IDR.
        REQUEST_IDR = 0x0024,
        /// Another bit rate or picture rate.
        SET_RATE = 0x0025,
        /// A mode that the miniport has set cannot be sent.
        MODE_FAILED = 0x0030,
        /// Sets up the audio and its ring.
        AUDIO_OPEN = 0x0040,
        /// Starts capturing.
        AUDIO_START = 0x0041,
        /// Stops capturing.
        AUDIO_STOP = 0x0042,
        /// Gives the audio and its ring back.
        AUDIO_CLOSE = 0x0043,
        /// The sink's user has done something.
        INPUT_REPORT = 0x0050,
        /// Windows has set a mode, or switched the path off.
        MODE_SET = 0x8001,
        /// The monitor's power.
        MONITOR_POWER = 0x8002,
        /// Content protection is wanted.
        PROTECTION = 0x8003,
        /// The device is lost.
        DEVICE_LOST = 0x8004,
    }
}

impl Opcode {
    /// The opcode in the refusal of a message whose header could not be read.
    pub const UNREADABLE: Self = Self(0);
}
