//! Requests of the driver to the miniport (`MiracastIoControl`), and their replies.
//!
//! | Opcode | Request | Reply |
//! |---|---|---|
//! | HELLO | [`Hello`] | [`HelloReply`] |
//! | MONITOR_ARRIVE | [`MonitorArrive`] | [`Nothing`](crate::codec::Nothing) |
//! | MONITOR_DEPART | [`MonitorDepart`] | nothing |
//! | STREAM_OPEN | [`StreamOpen`] | [`StreamOpened`] |
//! | STREAM_START | [`StreamStart`] | [`StreamStarted`] |
//! | STREAM_STOP | [`StreamStop`] | nothing |
//! | STREAM_CLOSE | [`StreamClose`] | nothing |
//! | REQUEST_IDR | [`RequestIdr`] | nothing |
//! | SET_RATE | [`SetRate`] | nothing |
//! | MODE_FAILED | [`ModeFailed`] | nothing |
//! | AUDIO_OPEN | [`AudioOpen`] | [`StreamOpened`] |
//! | AUDIO_START | [`AudioStart`] | [`AudioStarted`] |
//! | AUDIO_STOP | [`AudioStop`] | nothing |
//! | AUDIO_CLOSE | [`AudioClose`] | nothing |
//! | INPUT_REPORT | [`InputReport`] | nothing |
//!
//! Every request may be repeated: a start or a stop of the session can fail half way. To stop a
//! stream that is stopped, or to report a departure twice, succeeds. Only INPUT_REPORT is sent once: it
//! tells of something that has happened.

mod audio;
mod hello;
mod input;
mod monitor;
mod stream;

pub use audio::{
    AUDIO_AAC_BYTES_MAX, AUDIO_AC3_BYTES_MAX, AUDIO_LPCM_BYTES, AudioClose, AudioCodec,
    AudioFormats, AudioOpen, AudioStart, AudioStarted, AudioStop,
};
pub use hello::{EncoderCaps, EncoderFlags, Features, Hello, HelloReply, HevcCaps, VersionRange};
pub use input::{
    INPUT_HID_MAX, INPUT_POINTERS_MAX, INPUT_SCROLL_MAX, InputFlags, InputHid, InputKind,
    InputPointer, InputPointers, InputReport, ScrollUnit,
};
pub use monitor::{
    Connector, EDID_MAX, Edid, MODES_MAX, ModeFailed, ModeList, MonitorArrive, MonitorDepart,
};
pub use stream::{
    Codec, PARAMETER_SETS_MAX, ParameterSets, RequestIdr, SetRate, StreamAttributes, StreamClose,
    StreamOpen, StreamOpened, StreamStart, StreamStarted, StreamStop,
};

use crate::codec::request_set;

request_set! {
    /// A request as the miniport receives it.
    #[expect(
        clippy::large_enum_variant,
        reason = "the mode list is part of the value: there is no heap to put it on"
    )]
    pub enum Escape {
        /// Versions, features, capabilities.
        Hello,
        /// A monitor is there.
        MonitorArrive,
        /// The monitor is gone.
        MonitorDepart,
        /// Set up an encoder.
        StreamOpen,
        /// Start encoding.
        StreamStart,
        /// Stop encoding.
        StreamStop,
        /// Give the encoder back.
        StreamClose,
        /// Make an IDR.
        RequestIdr,
        /// Change the rate.
        SetRate,
        /// A mode cannot be sent.
        ModeFailed,
        /// Set up the audio.
        AudioOpen,
        /// Start capturing.
        AudioStart,
        /// Stop capturing.
        AudioStop,
        /// Give the audio back.
        AudioClose,
        /// The sink's user has done something.
        InputReport,
    }
}
