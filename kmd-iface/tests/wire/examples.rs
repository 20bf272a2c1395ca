//! One example of every request, reply and record; no two fields of one have the same value.

use miracast_kmd_iface::chunk::{ChunkFlags, ChunkRecord};
use miracast_kmd_iface::escape::{
    AudioClose, AudioCodec, AudioFormats, AudioOpen, AudioStart, AudioStarted, AudioStop, Codec,
    Connector, Edid, EncoderCaps, EncoderFlags, Features, Hello, HelloReply, HevcCaps, InputFlags,
    InputHid, InputKind, InputPointer, InputPointers, InputReport, ModeFailed, ModeList,
    MonitorArrive, MonitorDepart, ParameterSets, RequestIdr, ScrollUnit, SetRate, StreamAttributes,
    StreamClose, StreamOpen, StreamOpened, StreamStart, StreamStarted, StreamStop, VersionRange,
};
use miracast_kmd_iface::message::{DeviceLost, ModeSet, MonitorPower, PowerState, Protection};
use miracast_kmd_iface::timing::{DisplayMode, ModeFlags, Refresh};
use miracast_kmd_iface::{Member, NtStatus, Request};

pub(crate) const HELLO: Hello = Hello {
    versions: VersionRange {
        oldest: 1,
        newest: 3,
    },
    features: Features::AUDIO.union(Features::WRITE_COMBINED),
};

pub(crate) const HELLO_REPLY: HelloReply = HelloReply {
    version: 1,
    features: Features::INPUT.union(Features::HEVC),
    encoder: EncoderCaps {
        profiles: 3,
        level_bit: 4,
        max_width: 1920,
        max_height: 1088,
        max_slices: 8,
        max_macroblocks_per_second: 522_240,
        flags: EncoderFlags::INTERLACED,
        max_bit_rate: 5_000_000_000,
    },
    audio: AudioFormats::LPCM_48.union(AudioFormats::AC3_2),
    hevc: HevcCaps {
        profiles: 1,
        level_bit: 4,
        max_width: 4096,
        max_height: 2176,
        max_macroblocks_per_second: 2_073_600,
        max_bit_rate: 60_000_000,
    },
};

pub(crate) fn monitor_arrive() -> MonitorArrive {
    let mut edid = [0; 128];
    edid[1..7].fill(0xFF);
    let modes = [
        DisplayMode {
            width: 1920,
            height: 1080,
            refresh: Refresh::from_hertz(60),
            flags: ModeFlags::NATIVE,
        },
        DisplayMode {
            width: 720,
            height: 480,
            refresh: Refresh {
                numerator: 60_000,
                denominator: 1001,
            },
            flags: ModeFlags::INTERLACED,
        },
    ];
    MonitorArrive {
        connector: Connector::HDMI,
        edid: Edid::from_slice(&edid).expect("one block"),
        modes: ModeList::from_slice(&modes).expect("two modes"),
    }
}

pub(crate) const MONITOR_DEPART: MonitorDepart = MonitorDepart {};

pub(crate) const STREAM_OPEN: StreamOpen = StreamOpen {
    codec: Codec::H264,
    profile_idc: 66,
    constraint_flags: 0xC0,
    level_idc: 42,
    slices: 4,
    width: 1280,
    height: 720,
    refresh: Refresh::from_hertz(30),
    flags: ModeFlags::INTERLACED,
    bit_rate: 0x1_2345_6789,
    gop: 900,
    mode_sequence: 77,
};

pub(crate) const STREAM_OPENED: StreamOpened = StreamOpened {
    stream: 9,
    control_len: 4096,
    ring_base: 0x0000_7FF6_1234_5000,
    data_len: 0x0040_0000,
    attributes: StreamAttributes::WRITE_COMBINED,
};

pub(crate) const STREAM_START: StreamStart = StreamStart { stream: 9 };

pub(crate) fn stream_started() -> StreamStarted {
    let sets = [0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x1F];
    StreamStarted {
        parameter_sets: ParameterSets::from_slice(&sets).expect("eight bytes"),
    }
}

pub(crate) const STREAM_STOP: StreamStop = StreamStop { stream: 10 };
pub(crate) const STREAM_CLOSE: StreamClose = StreamClose { stream: 11 };
pub(crate) const REQUEST_IDR: RequestIdr = RequestIdr { stream: 12 };

pub(crate) const SET_RATE: SetRate = SetRate {
    bit_rate: 0x2_0000_0001,
    stream: 13,
    refresh: Refresh {
        numerator: 30_000,
        denominator: 1001,
    },
};

pub(crate) const MODE_FAILED: ModeFailed = ModeFailed {
    mode_sequence: 77,
    status: NtStatus::NOT_SUPPORTED,
};

pub(crate) const AUDIO_OPEN: AudioOpen = AudioOpen {
    codec: AudioCodec::AC3,
    channels: 6,
    sample_rate: 48_000,
    bit_rate: 384_000,
};

pub(crate) const AUDIO_START: AudioStart = AudioStart { stream: 14 };
pub(crate) const AUDIO_STARTED: AudioStarted = AudioStarted { bit_rate: 384_000 };
pub(crate) const AUDIO_STOP: AudioStop = AudioStop { stream: 15 };
pub(crate) const AUDIO_CLOSE: AudioClose = AudioClose { stream: 16 };

/// Has what belongs to any kind, so that each kind is good.
pub(crate) fn input_report() -> InputReport {
    let pointers = [(7, 0x0102, 0x0103), (8, 1919, 1079)];
    let pointers = pointers.map(|(id, x, y)| InputPointer { x, y, id });
    InputReport {
        flags: InputFlags::TIMESTAMP,
        timestamp: 0xBEEF,
        x: 0x0304,
        y: 0x0305,
        factor: 0x0180,
        amount: -2,
        unit: ScrollUnit::NOTCH,
        hid_path: 3,
        hid_device: 6,
        first_key: 0x0041,
        second_key: 0x0042,
        pointers: InputPointers::from_slice(&pointers).expect("two pointers"),
        hid: InputHid::from_slice(&[0xA1, 0xB2, 0xC3]).expect("three bytes"),
        ..InputReport::new(InputKind::POINTER_MOVE, 1920, 1080)
    }
}

pub(crate) const MODE_SET: ModeSet = ModeSet {
    sequence: 77,
    width: 1280,
    height: 720,
    refresh: Refresh {
        numerator: 60_000,
        denominator: 1001,
    },
    flags: ModeFlags::INTERLACED,
    mode_index: 5,
    target_id: 0x0102_0304,
};

pub(crate) const MONITOR_POWER: MonitorPower = MonitorPower {
    state: PowerState::ON,
};

pub(crate) const PROTECTION: Protection = Protection { level: 2 };

pub(crate) const DEVICE_LOST: DeviceLost = DeviceLost {
    status: NtStatus::DEVICE_REMOVED,
};

pub(crate) const CHUNK: ChunkRecord = ChunkRecord {
    stream: 9,
    flags: ChunkFlags::FRAME_START.union(ChunkFlags::IDR),
    position: 0x0123_4567_89AB_CDEF,
    length: 0xFEDC,
    capture_time: 0x1122_3344_5566_7788,
};

/// A request with its reply, the members of its layout, and its place in the set of requests.
pub(crate) struct Case<R: Request, S> {
    pub request: R,
    pub reply: R::Reply,
    pub members: &'static [Member],
    pub wrap: fn(R) -> S,
}

/// Calls `$check` with the [`Case`] of every request and message.
macro_rules! for_each_request {
    ($check:ident) => {
        for_each_request! { $check;
            Hello, Escape::Hello, e::HELLO, e::HELLO_REPLY;
            MonitorArrive, Escape::MonitorArrive, e::monitor_arrive(), Nothing {};
            MonitorDepart, Escape::MonitorDepart, e::MONITOR_DEPART, Nothing {};
            StreamOpen, Escape::StreamOpen, e::STREAM_OPEN, e::STREAM_OPENED;
            StreamStart, Escape::StreamStart, e::STREAM_START, e::stream_started();
            StreamStop, Escape::StreamStop, e::STREAM_STOP, Nothing {};
            StreamClose, Escape::StreamClose, e::STREAM_CLOSE, Nothing {};
            RequestIdr, Escape::RequestIdr, e::REQUEST_IDR, Nothing {};
            SetRate, Escape::SetRate, e::SET_RATE, Nothing {};
            ModeFailed, Escape::ModeFailed, e::MODE_FAILED, Nothing {};
            AudioOpen, Escape::AudioOpen, e::AUDIO_OPEN, e::STREAM_OPENED;
            AudioStart, Escape::AudioStart, e::AUDIO_START, e::AUDIO_STARTED;
            AudioStop, Escape::AudioStop, e::AUDIO_STOP, Nothing {};
            AudioClose, Escape::AudioClose, e::AUDIO_CLOSE, Nothing {};
            InputReport, Escape::InputReport, e::input_report(), Nothing {};
            ModeSet, Message::ModeSet, e::MODE_SET, Nothing {};
            MonitorPower, Message::MonitorPower, e::MONITOR_POWER, Nothing {};
            Protection, Message::Protection, e::PROTECTION, Nothing {};
            DeviceLost, Message::DeviceLost, e::DEVICE_LOST, Nothing {};
        }
    };
    ($check:ident; $($kind:ident, $wrap:path, $request:expr, $reply:expr;)*) => {{
        use $crate::examples as e;
        $($check(&e::Case {
            request: $request,
            reply: $reply,
            members: $kind::MEMBERS,
            wrap: $wrap,
        });)*
    }};
}
