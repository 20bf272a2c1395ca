mod hevc;
mod hostile;

use miracast_kmd_iface::codec::{self, ReplyError, Request};
use miracast_kmd_iface::escape::{
    Codec, Connector, Edid, Features, Hello, InputKind, InputReport, ModeFailed, ModeList,
    MonitorArrive, MonitorDepart, RequestIdr, SetRate, StreamClose, StreamOpen, StreamStart,
    StreamStop, VersionRange,
};
use miracast_kmd_iface::timing::{DisplayMode, ModeFlags, Refresh};
use miracast_kmd_iface::{Field, MESSAGE_MAX, NtStatus};

use super::{Event, Options, Peer};
use crate::encoder::{Dressing, Source};
use crate::script::ModeWish;

fn peer(options: Options) -> Peer {
    Peer::new(options, Source::Synthetic { seed: 1 })
}

fn ask<R: Request>(peer: &mut Peer, request: &R) -> Result<R::Reply, ReplyError> {
    let mut input = [0; MESSAGE_MAX];
    let mut output = [0; MESSAGE_MAX];
    let length = codec::encode_request(9, request, &mut input).expect("room");
    let (status, length) = peer.io_control(&input[..length], &mut output);
    assert_eq!(status, NtStatus::SUCCESS);
    codec::decode_reply::<R>(&output[..length], 9)
}

/// The status and the field of a request that must be refused.
fn refusal<R: Request>(peer: &mut Peer, request: &R) -> (NtStatus, Field) {
    match ask(peer, request) {
        Err(ReplyError::Refused { status, field }) => (status, field),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("{:?} was not refused", R::OPCODE),
    }
}

fn hello() -> Hello {
    Hello {
        versions: VersionRange::SUPPORTED,
        features: Features::INPUT,
    }
}

fn mode(width: u16, height: u16, hertz: u32, flags: ModeFlags) -> DisplayMode {
    DisplayMode {
        width,
        height,
        refresh: Refresh::from_hertz(hertz),
        flags,
    }
}

fn monitor() -> MonitorArrive {
    let modes = [
        mode(1280, 720, 30, ModeFlags::NATIVE),
        mode(1920, 1080, 60, ModeFlags::INTERLACED),
        mode(640, 480, 60, ModeFlags::empty()),
    ];
    MonitorArrive {
        connector: Connector::HDMI,
        edid: Edid::from_slice(&[0; 128]).expect("one block"),
        modes: ModeList::from_slice(&modes).expect("three modes"),
    }
}

fn stream_open() -> StreamOpen {
    StreamOpen {
        codec: Codec::H264,
        profile_idc: 66,
        constraint_flags: 0xC0,
        level_idc: 31,
        slices: 2,
        width: 1280,
        height: 720,
        refresh: Refresh::from_hertz(30),
        flags: ModeFlags::empty(),
        bit_rate: 4_000_000,
        gop: 0,
        mode_sequence: 1,
    }
}

fn rate(bit_rate: u64) -> SetRate {
    SetRate {
        bit_rate,
        stream: 1,
        refresh: Refresh::UNCHANGED,
    }
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum Stage {
    Silent,
    Greeted,
    Monitor,
    Mode,
    Open,
    Running,
    Closed,
}

/// A peer that was brought there, its events taken.
fn at(stage: Stage, options: Options) -> Peer {
    let mut peer = peer(options);
    if stage >= Stage::Greeted {
        ask(&mut peer, &hello()).expect("HELLO");
    }
    if stage >= Stage::Monitor {
        ask(&mut peer, &monitor()).expect("MONITOR_ARRIVE");
    }
    if stage >= Stage::Mode {
        peer.set_mode(ModeWish::First).expect("a monitor");
    }
    if stage >= Stage::Open {
        ask(&mut peer, &stream_open()).expect("STREAM_OPEN");
    }
    if stage >= Stage::Running {
        ask(&mut peer, &StreamStart { stream: 1 }).expect("STREAM_START");
    }
    if stage >= Stage::Closed {
        ask(&mut peer, &StreamClose { stream: 1 }).expect("STREAM_CLOSE");
    }
    while peer.poll_event().is_some() {}
    peer
}

const STAGES: [Stage; 7] = [
    Stage::Silent,
    Stage::Greeted,
    Stage::Monitor,
    Stage::Mode,
    Stage::Open,
    Stage::Running,
    Stage::Closed,
];

/// The outcome of one request at every stage, one letter each: `.` done, `o` wrong order, `s` no
/// such stream, `b` busy.
fn row<R: Request>(request: &R) -> String {
    let outcome = |stage| match ask(&mut at(stage, Options::default()), request) {
        Ok(_) => '.',
        Err(ReplyError::Refused { status, field }) => match (status, field) {
            (NtStatus::INVALID_DEVICE_STATE, Field::NONE) => 'o',
            (NtStatus::INVALID_PARAMETER, Field::STREAM) => 's',
            (NtStatus::RESOURCE_IN_USE, Field::NONE) => 'b',
            other => panic!("{other:?} at {stage:?}"),
        },
        Err(other) => panic!("{other} at {stage:?}"),
    };
    STAGES.into_iter().map(outcome).collect()
}

#[test]
fn every_request_at_every_stage() {
    let failed = ModeFailed {
        mode_sequence: 1,
        status: NtStatus::NOT_SUPPORTED,
    };
    let mut input = InputReport::new(InputKind::KEY_DOWN, 1280, 720);
    input.first_key = 0x61;
    let stream = 1;
    let table = [
        // Silent, Greeted, Monitor, Mode, Open, Running, Closed
        ("HELLO         ", row(&hello()), "......."),
        ("MONITOR_ARRIVE", row(&monitor()), "o......"),
        ("MONITOR_DEPART", row(&MonitorDepart {}), "o......"),
        ("STREAM_OPEN   ", row(&stream_open()), "ooo.bb."),
        ("STREAM_START  ", row(&StreamStart { stream }), "osss..s"),
        ("STREAM_STOP   ", row(&StreamStop { stream }), "osss..s"),
        ("STREAM_CLOSE  ", row(&StreamClose { stream }), "osss..."),
        ("REQUEST_IDR   ", row(&RequestIdr { stream }), "osss..s"),
        ("SET_RATE      ", row(&rate(1_000_000)), "osss..s"),
        ("MODE_FAILED   ", row(&failed), "ooo...."),
        ("INPUT_REPORT  ", row(&input), "o......"),
    ];
    for (name, outcome, expected) in table {
        assert_eq!(outcome, expected, "{name}");
    }
}

#[test]
fn a_stream_that_was_never_opened_is_unknown() {
    let mut peer = at(Stage::Running, Options::default());
    for stream in [0, 2, u32::MAX] {
        let expected = (NtStatus::INVALID_PARAMETER, Field::STREAM);
        assert_eq!(refusal(&mut peer, &StreamClose { stream }), expected);
        assert_eq!(refusal(&mut peer, &RequestIdr { stream }), expected);
    }
}

#[test]
fn stream_open_is_held_against_mode_and_encoder() {
    type Change = fn(&mut StreamOpen);
    let cases: [(Change, Field); 15] = [
        (|open| open.mode_sequence = 2, Field::SEQUENCE),
        (|open| open.width = 1920, Field::WIDTH),
        (|open| open.height = 480, Field::HEIGHT),
        (
            |open| open.refresh = Refresh::from_hertz(60),
            Field::REFRESH,
        ),
        (|open| open.flags = ModeFlags::INTERLACED, Field::FLAGS),
        (|open| open.codec = Codec::HEVC, Field::CODEC),
        (|open| open.codec = Codec(77), Field::CODEC),
        (|open| open.profile_idc = 100, Field::PROFILE),
        (|open| open.constraint_flags = 0, Field::PROFILE),
        (|open| open.level_idc = 33, Field::LEVEL),
        (|open| open.level_idc = 50, Field::LEVEL),
        (|open| open.slices = 0, Field::SLICES),
        (|open| open.slices = 5, Field::SLICES),
        (|open| open.bit_rate = 50_000_001, Field::BIT_RATE),
        (|open| open.bit_rate = 0, Field::BIT_RATE),
    ];
    for (change, field) in cases {
        let mut open = stream_open();
        change(&mut open);
        let mut peer = at(Stage::Mode, Options::default());
        assert_eq!(refusal(&mut peer, &open).1, field);
        assert!(
            ask(&mut peer, &stream_open()).is_ok(),
            "a refusal changes nothing"
        );
    }
}

#[test]
fn a_mode_that_the_encoder_cannot_do_is_refused() {
    let open_first = |change: fn(&mut Options)| {
        let mut options = Options::default();
        change(&mut options);
        refusal(&mut at(Stage::Mode, options), &stream_open()).1
    };
    assert_eq!(
        open_first(|options| options.encoder.max_width = 1279),
        Field::WIDTH
    );
    assert_eq!(
        open_first(|options| options.encoder.max_height = 719),
        Field::HEIGHT
    );
    let slow: fn(&mut Options) =
        |options| options.encoder.max_macroblocks_per_second = 3600 * 30 - 1;
    assert_eq!(open_first(slow), Field::REFRESH);
    assert_eq!(
        open_first(|options| options.encoder.profiles = 0b10),
        Field::PROFILE
    );

    let mut peer = at(Stage::Monitor, Options::default());
    let wish = ModeWish::Exactly {
        width: 1920,
        height: 1080,
        hertz: 60,
    };
    let set = peer.set_mode(wish).expect("a monitor");
    assert_eq!(
        set.mode_index, 0xFFFF,
        "the interlaced one of the list is another mode"
    );
}

#[test]
fn modes_are_set_from_the_list_or_not() {
    let mut peer = at(Stage::Monitor, Options::default());
    let first = peer.set_mode(ModeWish::First).expect("a monitor");
    assert_eq!(
        (first.sequence, first.mode_index, first.target_id),
        (1, 0, 0x0100)
    );
    assert_eq!(
        first.flags,
        ModeFlags::empty(),
        "native is a word of the list only"
    );
    let wish = ModeWish::Exactly {
        width: 640,
        height: 480,
        hertz: 60,
    };
    let other = peer.set_mode(wish).expect("a monitor");
    assert_eq!((other.sequence, other.mode_index), (2, 2));
    assert!(peer.switch_path_off().is_off());
    assert_eq!(
        refusal(&mut peer, &stream_open()).0,
        NtStatus::INVALID_DEVICE_STATE
    );
    ask(&mut peer, &MonitorDepart {}).expect("MONITOR_DEPART");
    assert_eq!(peer.set_mode(ModeWish::First), None);
}

#[test]
fn versions_without_a_common_one_are_refused() {
    let versions = VersionRange {
        oldest: 900,
        newest: 901,
    };
    let hello = Hello {
        versions,
        features: Features::empty(),
    };
    let mut peer = peer(Options::default());
    let expected = (NtStatus::REVISION_MISMATCH, Field::VERSION);
    assert_eq!(refusal(&mut peer, &hello), expected);
    assert_eq!(
        refusal(&mut peer, &monitor()).0,
        NtStatus::INVALID_DEVICE_STATE
    );
}

#[test]
fn events_tell_what_changed_and_only_that() {
    let mut peer = at(Stage::Open, Options::default());
    for _ in 0..2 {
        ask(&mut peer, &StreamStart { stream: 1 }).expect("START");
    }
    ask(&mut peer, &rate(2_000_000)).expect("SET_RATE");
    ask(&mut peer, &StreamClose { stream: 1 }).expect("CLOSE");
    ask(&mut peer, &StreamClose { stream: 1 }).expect("CLOSE");
    refusal(&mut peer, &RequestIdr { stream: 1 });
    let names: Vec<_> = core::iter::from_fn(|| peer.poll_event())
        .map(|event| match event {
            Event::StreamStarted(stream) => format!("started {}", stream.id()),
            Event::RateChanged(rate) => format!("rate {rate}"),
            Event::StreamStopped => "stopped".into(),
            Event::StreamClosed => "closed".into(),
            Event::Refused(refusal) => format!("refused {:?}", refusal.opcode.name()),
            other => panic!("{other:?}"),
        })
        .collect();
    let refused = "refused Some(\"REQUEST_IDR\")";
    assert_eq!(
        names,
        ["started 1", "rate 2000000", "stopped", "closed", refused]
    );
}

#[test]
fn input_is_taken_if_both_sides_named_it() {
    let mut input = InputReport::new(InputKind::KEY_DOWN, 1280, 720);
    input.first_key = 0x61;
    let mut open = at(Stage::Greeted, Options::default());
    ask(&mut open, &input).expect("INPUT_REPORT");
    let taken = open.poll_event();
    assert!(
        matches!(&taken, Some(Event::Input(report)) if **report == input),
        "{taken:?}"
    );

    let deaf = Options {
        features: Features::empty(),
        ..Options::default()
    };
    let wrong_state = (NtStatus::INVALID_DEVICE_STATE, Field::NONE);
    assert_eq!(refusal(&mut at(Stage::Greeted, deaf), &input), wrong_state);
    let mute = Hello {
        features: Features::empty(),
        ..hello()
    };
    ask(&mut open, &mute).expect("HELLO");
    assert_eq!(refusal(&mut open, &input), wrong_state);
}

#[test]
fn parameter_sets_come_once_or_in_the_chunks() {
    let start = StreamStart { stream: 1 };
    let outside = ask(&mut at(Stage::Open, Options::default()), &start).expect("START");
    assert_eq!(outside.parameter_sets.as_slice()[..5], [0, 0, 0, 1, 0x67]);
    let options = Options {
        dressing: Dressing {
            delimiter: false,
            parameter_sets: true,
        },
        ..Options::default()
    };
    let inside = ask(&mut at(Stage::Open, options), &start).expect("START");
    assert!(inside.parameter_sets.as_slice().is_empty());
}

#[test]
fn a_lost_device_or_a_destroyed_context_makes_no_pictures() {
    let mut peer = at(Stage::Running, Options::default());
    let stream = peer.stream().expect("open").clone();
    assert!(stream.make_picture(0, 0, &|| 0).is_some());
    peer.lose_device();
    assert!(stream.make_picture(1, 0, &|| 0).is_none());
    ask(&mut peer, &StreamStart { stream: 1 }).expect("START");
    assert!(stream.make_picture(1, 0, &|| 0).is_some());
    peer.close();
    assert!(stream.make_picture(2, 0, &|| 0).is_none());
    assert_eq!(
        refusal(&mut peer, &monitor()).0,
        NtStatus::INVALID_DEVICE_STATE
    );
}
