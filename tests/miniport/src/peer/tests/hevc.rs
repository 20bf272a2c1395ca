//! A miniport that has H.265: what it says, and what it holds STREAM_OPEN against.

use miracast_kmd_iface::escape::HevcCaps;

use super::*;

/// A delimiter, the parameter sets and an IDR picture.
const FILE: [u8; 39] = [
    0, 0, 0, 1, 0x46, 1, 0x10, 0, 0, 0, 1, 0x40, 1, 12, 0, 0, 0, 1, 0x42, 1, 1, 2, 0, 0, 0, 1,
    0x44, 1, 0xc1, 0, 0, 0, 1, 0x28, 1, 0x80, 9, 8, 7,
];

fn options() -> Options {
    let mut options = Options::default();
    options.announce(&Source::File(FILE.to_vec()));
    options
}

fn open() -> StreamOpen {
    StreamOpen {
        codec: Codec::HEVC,
        profile_idc: 1,
        constraint_flags: 0,
        level_idc: 153,
        slices: 1,
        ..stream_open()
    }
}

/// A peer whose Windows has set a mode; `features` are the driver's.
fn with_mode(options: Options, features: Features) -> Peer {
    let mut peer = Peer::new(options, Source::File(FILE.to_vec()));
    let hello = Hello {
        features,
        ..hello()
    };
    let reply = ask(&mut peer, &hello).expect("HELLO");
    assert_eq!(reply.hevc.profiles & HevcCaps::MAIN, HevcCaps::MAIN);
    ask(&mut peer, &monitor()).expect("MONITOR_ARRIVE");
    peer.set_mode(ModeWish::First).expect("a monitor");
    peer
}

#[test]
fn a_file_of_h265_is_opened_and_gives_its_three_parameter_sets() {
    let mut peer = with_mode(options(), Features::HEVC);
    ask(&mut peer, &open()).expect("STREAM_OPEN");
    let started = ask(&mut peer, &StreamStart { stream: 1 }).expect("STREAM_START");
    assert_eq!(started.parameter_sets.as_slice(), &FILE[7..29]);
    let too_fast = rate(40_000_001);
    let bit_rate = (NtStatus::INVALID_PARAMETER, Field::BIT_RATE);
    assert_eq!(refusal(&mut peer, &too_fast), bit_rate);
    ask(&mut peer, &rate(40_000_000)).expect("SET_RATE");
}

#[test]
fn stream_open_is_held_against_the_encoder_of_its_codec() {
    type Change = fn(&mut StreamOpen);
    let cases: [(Change, Field); 6] = [
        (|open| open.profile_idc = 2, Field::PROFILE),
        (|open| open.constraint_flags = 0x40, Field::PROFILE),
        (|open| open.level_idc = 42, Field::LEVEL),
        (|open| open.level_idc = 156, Field::LEVEL),
        (|open| open.slices = 2, Field::SLICES),
        (|open| open.bit_rate = 40_000_001, Field::BIT_RATE),
    ];
    for (change, field) in cases {
        let mut wrong = open();
        change(&mut wrong);
        let mut peer = with_mode(options(), Features::HEVC);
        assert_eq!(refusal(&mut peer, &wrong).1, field);
    }
}

#[test]
fn h265_is_for_sides_that_both_have_it() {
    let mut peer = with_mode(options(), Features::empty());
    assert_eq!(refusal(&mut peer, &open()).1, Field::CODEC);
    let mut peer = at(Stage::Mode, Options::default());
    assert_eq!(refusal(&mut peer, &open()).1, Field::CODEC);
    // The file is not of H.264.
    let mut peer = with_mode(options(), Features::HEVC);
    assert_eq!(
        refusal(&mut peer, &stream_open()).0,
        NtStatus::NOT_SUPPORTED
    );
}
