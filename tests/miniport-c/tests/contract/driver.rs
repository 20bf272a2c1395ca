//! The driver's end, and a miniport in C that got as far as a test needs.

use miracast_kmd_iface::codec::{Request, decode_reply, encode_request};
use miracast_kmd_iface::escape::{
    AudioCodec, AudioFormats, AudioOpen, AudioStart, Codec, Connector, Edid, EncoderCaps,
    EncoderFlags, Features, Hello, InputFlags, InputHid, InputKind, InputPointer, InputPointers,
    InputReport, ModeList, MonitorArrive, StreamOpen, StreamOpened, StreamStart, VersionRange,
};
use miracast_kmd_iface::ring::{Consumer, PAGE};
use miracast_kmd_iface::timing::{DisplayMode, ModeFlags, Refresh};
use miracast_kmd_iface::{MESSAGE_MAX, NtStatus, ReplyError};
use miracast_miniport_c::{Config, Model};

pub(crate) const HELLO: Hello = Hello {
    versions: VersionRange::SUPPORTED,
    features: Features::INPUT.union(Features::AUDIO),
};

pub(crate) const MODE: DisplayMode = DisplayMode {
    width: 1920,
    height: 1080,
    refresh: Refresh::from_hertz(60),
    flags: ModeFlags::empty(),
};

/// STREAM_OPEN as it fits [`MODE`], the first MODE_SET and [`config`].
pub(crate) const STREAM_OPEN: StreamOpen = StreamOpen {
    codec: Codec::H264,
    profile_idc: 66,
    constraint_flags: 0xC0,
    level_idc: 42,
    slices: 4,
    width: 1920,
    height: 1080,
    refresh: Refresh::from_hertz(60),
    flags: ModeFlags::empty(),
    bit_rate: 20_000_000,
    gop: 0,
    mode_sequence: 1,
};

/// AUDIO_OPEN as it fits [`config`].
pub(crate) const AUDIO_OPEN: AudioOpen = AudioOpen {
    codec: AudioCodec::LPCM,
    channels: 2,
    sample_rate: 48_000,
    bit_rate: 0,
};

/// An encoder of level 4.2 for constrained baseline, and the smallest ring.
pub(crate) fn config() -> Config {
    Config {
        encoder: EncoderCaps {
            profiles: 0b01,
            level_bit: 4,
            max_width: 1920,
            max_height: 1088,
            max_slices: 4,
            max_macroblocks_per_second: 489_600,
            flags: EncoderFlags::empty(),
            max_bit_rate: 50_000_000,
        },
        features: Features::WRITE_COMBINED
            .union(Features::INPUT)
            .union(Features::AUDIO),
        audio: AudioFormats::LPCM_48.union(AudioFormats::AAC_2),
        audio_bit_rate: 192_000,
        target_id: 0x0107,
        data_len: PAGE,
        parameter_sets: b"\0\0\0\x01\x67sps\0\0\0\x01\x68pps".to_vec(),
    }
}

pub(crate) fn monitor_arrive() -> MonitorArrive {
    let small = DisplayMode {
        width: 1280,
        height: 720,
        refresh: Refresh::from_hertz(30),
        flags: ModeFlags::NATIVE,
    };
    MonitorArrive {
        connector: Connector::HDMI,
        edid: Edid::from_slice(&[7; 256]).expect("two blocks"),
        modes: ModeList::from_slice(&[MODE, small]).expect("two modes"),
    }
}

/// A report that is good whatever kind it is given.
pub(crate) fn input_report() -> InputReport {
    let pointers = [InputPointer { x: 1, y: 2, id: 3 }; 2];
    InputReport {
        flags: InputFlags::TIMESTAMP,
        timestamp: 77,
        factor: 256,
        amount: -8191,
        first_key: 0x41,
        pointers: InputPointers::from_slice(&pointers).expect("two pointers"),
        hid: InputHid::from_slice(&[1, 2, 3]).expect("three bytes"),
        ..InputReport::new(InputKind::POINTER_DOWN, 1920, 1080)
    }
}

/// Asks a model and reads its answers.
#[derive(Debug)]
pub(crate) struct Driver {
    pub(crate) model: Model,
    sequence: u32,
}

impl Driver {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            model: Model::new(config).expect("a possible configuration"),
            sequence: 0,
        }
    }

    /// A driver whose HELLO was answered.
    pub(crate) fn greeted() -> Self {
        let mut driver = Self::new(&config());
        driver.ask(&HELLO).expect("a greeting");
        driver
    }

    /// A driver that knows of a mode that Windows has set.
    pub(crate) fn with_mode() -> Self {
        let mut driver = Self::greeted();
        driver.ask(&monitor_arrive()).expect("a monitor");
        let mut message = [0; MESSAGE_MAX];
        let sent = driver.model.mode_set(Some(MODE), &mut message);
        sent.expect("a mode of the list");
        driver
    }

    /// A driver whose stream runs, and its end of the ring.
    pub(crate) fn running() -> (Self, StreamOpened, Consumer) {
        let mut driver = Self::with_mode();
        let opened = driver.ask(&STREAM_OPEN).expect("a stream");
        let start = StreamStart {
            stream: opened.stream,
        };
        driver.ask(&start).expect("a start");
        // SAFETY: both go to the caller together, who keeps the driver for as long as the ring, and
        // nobody else makes a consumer.
        let ring = unsafe { driver.model.consumer() }.expect("a ring");
        (driver, opened, ring)
    }

    /// A driver whose audio runs, and its end of the audio's ring.
    pub(crate) fn hearing(open: &AudioOpen) -> (Self, StreamOpened, Consumer) {
        let mut driver = Self::greeted();
        let opened = driver.ask(open).expect("audio");
        let start = AudioStart {
            stream: opened.stream,
        };
        driver.ask(&start).expect("a start");
        // SAFETY: as in `running`.
        let ring = unsafe { driver.model.audio_consumer() }.expect("a ring");
        (driver, opened, ring)
    }

    /// One request, with exactly its bytes in the one buffer and room for any answer in the other.
    pub(crate) fn ask<R: Request>(&mut self, request: &R) -> Result<R::Reply, ReplyError> {
        self.sequence += 1;
        let mut input = vec![0; MESSAGE_MAX];
        let length = encode_request(self.sequence, request, &mut input).expect("room");
        input.truncate(length);
        let mut output = [0xAA; MESSAGE_MAX];
        let (status, length) = self.model.escape(&input, &mut output);
        assert_eq!(status, NtStatus::SUCCESS, "a refusal is an answer");
        decode_reply::<R>(&output[..length], self.sequence)
    }
}
