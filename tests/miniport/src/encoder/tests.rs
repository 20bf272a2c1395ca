use super::annex_b::{self, Coding, Kind, START_CODE};
use super::{Dressing, EncodedFrame, Encoder, OpenH264, Player, Settings, Source, Synthetic};
use crate::picture::read_counter;
use openh264::decoder::Decoder;
use openh264::formats::YUVSource;

fn settings(width: u16, height: u16, rate: u32, bit_rate: u64, slices: u16) -> Settings {
    Settings {
        coding: Coding::H264,
        width,
        height,
        rate_numerator: rate,
        rate_denominator: 1,
        level_idc: 40,
        bit_rate,
        slices,
        gop: 0,
    }
}

fn open(settings: Settings) -> OpenH264 {
    OpenH264::new(settings).expect("the settings are fine")
}

/// Decodes a dressed picture and reads its counter.
fn shown(decoder: &mut Decoder, bytes: &[u8]) -> Option<u32> {
    let picture = decoder.decode(bytes).expect("a valid stream")?;
    let (width, height) = picture.dimensions();
    read_counter(picture.y(), width, height, picture.strides().0)
}

const BOTH: Dressing = Dressing {
    delimiter: true,
    parameter_sets: true,
};

#[test]
fn the_counter_survives_encoder_and_decoder_at_low_rates() {
    let cases = [
        (640, 480, 400_000),
        (1280, 720, 800_000),
        (1366, 768, 800_000),
        (1920, 1080, 1_500_000),
    ];
    for (width, height, bit_rate) in cases {
        let mut encoder = open(settings(width, height, 30, bit_rate, 1));
        let parameter_sets = encoder.parameter_sets();
        let mut decoder = Decoder::new().expect("a decoder");
        for frame in (0..20).map(|frame| frame * 977) {
            let mut picture = encoder.encode(frame).expect("a picture");
            BOTH.apply(Coding::H264, &mut picture, &parameter_sets);
            let read = shown(&mut decoder, &picture.bytes());
            assert_eq!(read, Some(frame), "{width}x{height}");
        }
    }
}

#[test]
fn every_picture_has_the_slices_that_were_asked_for_and_they_are_equal() {
    for slices in 1..=4 {
        let mut encoder = open(settings(1280, 720, 60, 4_000_000, slices));
        let mut decoder = Decoder::new().expect("a decoder");
        let parameter_sets = encoder.parameter_sets();
        for frame in 0..6 {
            let mut picture = encoder.encode(frame).expect("a picture");
            assert_eq!(picture.slices.len(), usize::from(slices));
            for (index, slice) in picture.slices.iter().enumerate() {
                let each = 3600 / u32::from(slices);
                assert_eq!(first_macroblock(slice), index as u32 * each);
            }
            BOTH.apply(Coding::H264, &mut picture, &parameter_sets);
            assert_eq!(shown(&mut decoder, &picture.bytes()), Some(frame));
        }
    }
}

/// `first_mb_in_slice` (H.264 §7.3.3), ue(v) after start code and header.
fn first_macroblock(slice: &[u8]) -> u32 {
    let word = slice[5..9]
        .iter()
        .fold(0, |word: u32, byte| word << 8 | u32::from(*byte));
    let zeros = word.leading_zeros();
    ((word << zeros) >> (31 - zeros)) - 1
}

#[test]
fn slices_that_cannot_be_equal_become_fewer() {
    // 40 x 23 macroblocks: 920 is no multiple of 3.
    assert_eq!(settings(640, 360, 30, 1_000_000, 3).slice_count(), 2);
    assert_eq!(settings(640, 360, 30, 1_000_000, 0).slice_count(), 1);
    assert_eq!(settings(640, 480, 30, 1_000_000, 99).slice_count(), 4);
}

#[test]
fn an_idr_comes_first_and_then_on_request_only() {
    let mut encoder = open(settings(640, 480, 30, 2_000_000, 2));
    let mut idrs = Vec::new();
    for frame in 0..120 {
        if frame == 50 {
            encoder.request_idr();
            encoder.request_idr();
        }
        if encoder.encode(frame).expect("a picture").idr {
            idrs.push(frame);
        }
    }
    assert_eq!(idrs, [0, 50]);
}

#[test]
fn a_gop_gives_an_idr_by_itself() {
    let periodic = Settings {
        gop: 4,
        ..settings(640, 480, 30, 2_000_000, 1)
    };
    let encoders: [Box<dyn Encoder>; 2] = [
        Box::new(open(periodic)),
        Box::new(Synthetic::new(periodic, 1)),
    ];
    for mut encoder in encoders {
        let idrs: Vec<_> = (0..9)
            .map(|frame| encoder.encode(frame).expect("a picture").idr)
            .collect();
        assert_eq!(
            idrs,
            [true, false, false, false, true, false, false, false, true]
        );
    }
}

#[test]
fn the_parameter_sets_say_constrained_baseline_at_the_level_and_do_not_move() {
    let mut encoder = open(settings(1280, 720, 30, 2_000_000, 1));
    let sets = encoder.parameter_sets();
    let units: Vec<_> = annex_b::units(&sets).collect();
    assert_eq!(
        units
            .iter()
            .map(|unit| annex_b::kind(Coding::H264, unit))
            .collect::<Vec<_>>(),
        [Kind::Sps, Kind::Pps]
    );
    assert_eq!(units[0][1..4], [66, 0xC0, 40]);
    encoder.encode(0).expect("a picture");
    encoder.request_idr();
    encoder.encode(1).expect("a picture");
    assert_eq!(encoder.parameter_sets(), sets);
}

#[test]
fn settings_that_break_the_level_are_refused() {
    let fine = settings(1280, 720, 30, 2_000_000, 1);
    let refused = [
        Settings {
            level_idc: 30,
            ..fine
        },
        Settings {
            level_idc: 7,
            ..fine
        },
        Settings {
            bit_rate: 20_000_001,
            ..fine
        },
        Settings {
            bit_rate: 0,
            ..fine
        },
        Settings {
            coding: Coding::H264,
            width: 1281,
            ..fine
        },
        Settings { height: 0, ..fine },
        Settings {
            rate_denominator: 0,
            ..fine
        },
    ];
    for settings in refused {
        assert!(OpenH264::new(settings).is_err(), "{settings:?}");
    }
}

fn bytes_of(encoder: &mut dyn Encoder, frames: core::ops::Range<u32>) -> usize {
    frames
        .map(|frame| encoder.encode(frame).expect("a picture").len())
        .sum()
}

#[test]
fn a_lower_bit_rate_shrinks_the_stream() {
    let fast = settings(640, 480, 30, 6_000_000, 1);
    let encoders: [Box<dyn Encoder>; 2] = [Box::new(open(fast)), Box::new(Synthetic::new(fast, 1))];
    for mut encoder in encoders {
        bytes_of(&mut *encoder, 0..30);
        let before = bytes_of(&mut *encoder, 30..60);
        encoder.set_bit_rate(200_000);
        bytes_of(&mut *encoder, 60..90);
        let after = bytes_of(&mut *encoder, 90..120);
        assert!(after * 2 < before, "{before} bytes, then {after}");
    }
}

#[test]
fn dressing_puts_delimiter_and_sets_before_the_first_slice_in_order() {
    let sets = [0, 0, 0, 1, 0x67, 66, 0, 0, 0, 1, 0x68, 1];
    let frame = |idr| EncodedFrame {
        idr,
        slices: vec![vec![0, 0, 0, 1, 0x65, 0x80], vec![0, 0, 0, 1, 0x65, 0x40]],
    };
    let mut idr = frame(true);
    BOTH.apply(Coding::H264, &mut idr, &sets);
    let bytes = idr.bytes();
    let kinds: Vec<_> = annex_b::units(&bytes)
        .map(|unit| annex_b::kind(Coding::H264, unit))
        .collect();
    let slice = Kind::IdrSlice;
    assert_eq!(kinds, [Kind::Delimiter, Kind::Sps, Kind::Pps, slice, slice]);
    assert_eq!(bytes[..6], [0, 0, 0, 1, 0x09, 0x10]);
    let mut other = frame(false);
    BOTH.apply(Coding::H264, &mut other, &sets);
    assert_eq!(other.slices[0][..10], [0, 0, 0, 1, 0x09, 0x30, 0, 0, 0, 1]);
    let mut bare = frame(true);
    Dressing::default().apply(Coding::H264, &mut bare, &sets);
    assert_eq!(bare, frame(true));
}

#[test]
fn access_units_are_cut_at_delimiters_sets_and_first_macroblocks() {
    const FIRST: u8 = 0x80;
    const LATER: u8 = 0x40;
    let mut stream = vec![
        0, 0, 0, 1, 0x09, 0x10, 0, 0, 1, 0x67, 66, 0, 0, 0, 1, 0x68, 1,
    ];
    for (header, begin) in [(0x65, FIRST), (0x65, LATER), (0x41, FIRST), (0x41, LATER)] {
        stream.extend([0, 0, 1, header, begin, 7]);
    }
    stream.extend([0, 0, 0, 1, 0x06, 5, 0x80, 0, 0, 1, 0x41, FIRST, 9, 0, 0]);
    let units = annex_b::access_units(Coding::H264, &stream);
    let lengths: Vec<_> = units.iter().map(Vec::len).collect();
    assert_eq!(lengths, [5, 2, 2]);
    assert_eq!(
        units[2][1],
        [0x41, FIRST, 9],
        "trailing zeros are not part of a unit"
    );
    assert!(annex_b::access_units(Coding::H264, &[1, 2, 3, 0, 0]).is_empty());
}

/// A file as an encoder would write it: `pictures` with an IDR at 0 and at 3.
fn file(dressing: Dressing) -> Vec<u8> {
    let periodic = Settings {
        gop: 3,
        ..settings(640, 480, 30, 300_000, 2)
    };
    let mut encoder = Synthetic::new(periodic, 9);
    let sets = encoder.parameter_sets();
    let mut bytes = Vec::new();
    for number in 0..5 {
        let mut frame = encoder.encode(number).expect("a picture");
        dressing.apply(Coding::H264, &mut frame, &sets);
        bytes.extend(frame.bytes());
    }
    bytes
}

#[test]
fn a_file_plays_in_a_loop_and_jumps_to_an_idr() {
    let mut player = Player::new(&file(BOTH)).expect("a good file");
    assert_eq!(player.pictures(), 5);
    let mut play = |count: u32| -> Vec<_> {
        (0..count)
            .map(|frame| player.encode(frame).expect("a picture"))
            .collect()
    };
    let first = play(5);
    let idrs: Vec<_> = first.iter().map(|frame| frame.idr).collect();
    assert_eq!(idrs, [true, false, false, true, false]);
    assert!(first.iter().all(|frame| frame.slices.len() == 2));
    let again = play(2);
    assert_eq!(again, first[..2]);
    player.request_idr();
    assert_eq!(player.encode(0).as_ref(), Ok(&first[3]));
    player.request_idr();
    assert_eq!(
        player.encode(0).as_ref(),
        Ok(&first[0]),
        "none is left: from the start"
    );
}

#[test]
fn a_file_that_cannot_be_played_is_refused() {
    let whole = file(BOTH);
    assert!(Player::new(&[]).is_err());
    assert!(
        Player::new(&file(Dressing::default())).is_err(),
        "no parameter sets"
    );
    let second = annex_b::access_units(Coding::H264, &whole)[1].clone();
    let sets = annex_b::access_units(Coding::H264, &whole)[0][1..3].to_vec();
    let headless: Vec<u8> = sets
        .iter()
        .chain(&second)
        .flat_map(|unit| annex_b::with_start_code(unit))
        .collect();
    assert!(Player::new(&headless).is_err(), "no IDR at the start");
    let mut changed = whole.clone();
    changed.extend([0, 0, 0, 1, 0x67, 100, 0, 40, 0x80]);
    assert!(Player::new(&changed).is_err(), "two different SPS");
}

#[test]
fn synthetic_pictures_repeat_by_seed_and_look_like_nal_units() {
    let base = settings(1920, 1080, 60, 10_000_000, 4);
    let run = |seed| -> Vec<_> {
        let mut encoder = Synthetic::new(base, seed);
        (0..20)
            .map(|frame| encoder.encode(frame).expect("a picture"))
            .collect()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
    for frame in run(3) {
        for (index, slice) in frame.slices.iter().enumerate() {
            assert_eq!(slice[..4], START_CODE);
            let pairs = slice[4..].windows(2).filter(|pair| pair == &[0, 0]);
            assert_eq!(pairs.count(), 0, "two zeros could make a start code");
            assert_eq!(first_macroblock(slice), index as u32 * 2040);
        }
    }
    let sizes: Vec<_> = run(4).iter().map(EncodedFrame::len).collect();
    let others = &sizes[1..];
    let mean = others.iter().sum::<usize>() / others.len();
    assert!(sizes[0] > mean * 4, "the IDR is large: {sizes:?}");
    assert!(
        (15_000..27_000).contains(&mean),
        "10 Mbit/s at 60 Hz are 20 833 bytes: {mean}"
    );
}

#[test]
fn synthetic_parameter_sets_match_what_ffprobe_read() {
    // ffprobe of these bytes: profile Constrained Baseline, level 42, 1920x1080, refs 1.
    let mut encoder = Synthetic::new(
        Settings {
            level_idc: 42,
            ..settings(1920, 1080, 60, 10_000_000, 1)
        },
        0,
    );
    let expected = [
        0, 0, 0, 1, 103, 66, 192, 42, 141, 104, 7, 128, 34, 126, 88, 7, 132, 66, 53, 0, 0, 0, 1,
        104, 206, 60, 128,
    ];
    assert_eq!(encoder.parameter_sets(), expected);
}

/// Three pictures of H.265, an IDR first, as x265 writes them.
fn hevc_file() -> Vec<u8> {
    let sets: [&[u8]; 3] = [&[0x40, 1, 12], &[0x42, 1, 1, 2], &[0x44, 1, 0xc1]];
    let delimiter: &[u8] = &[0x46, 1, 0x10];
    let picture = |header| vec![delimiter.to_vec(), vec![header, 1, 0x80, 7]];
    let mut units = vec![delimiter.to_vec()];
    units.extend(sets.map(<[u8]>::to_vec));
    units.extend([vec![0x4e, 1, 5, 0x80], vec![0x28, 1, 0x80, 9]]);
    units.extend(picture(0x02));
    units.extend(picture(0x00));
    units
        .iter()
        .flat_map(|unit| annex_b::with_start_code(unit))
        .collect()
}

#[test]
fn a_file_of_h265_is_known_and_played() {
    let bytes = hevc_file();
    assert_eq!(Source::File(bytes.clone()).coding(), Coding::H265);
    assert_eq!(Source::File(file(BOTH)).coding(), Coding::H264);
    let mut player = Player::new(&bytes).expect("a good file");
    let kinds = |bytes: &[u8]| -> Vec<_> {
        annex_b::units(bytes)
            .map(|unit| annex_b::kind(Coding::H265, unit))
            .collect()
    };
    assert_eq!(
        kinds(&player.parameter_sets()),
        [Kind::Vps, Kind::Sps, Kind::Pps]
    );
    let mut frames = (0..3).map(|frame| player.encode(frame).expect("a picture"));
    let mut first = frames.next().expect("a picture");
    assert_eq!(
        (first.idr, kinds(&first.bytes())),
        (true, vec![Kind::IdrSlice])
    );
    assert!(frames.all(|frame| !frame.idr && frame.slices.len() == 1));
    BOTH.apply(Coding::H265, &mut first, &[0, 0, 0, 1, 0x40, 1]);
    assert_eq!(
        first.bytes()[..13],
        [0, 0, 0, 1, 0x46, 1, 0x10, 0, 0, 0, 1, 0x40, 1]
    );
    let without_vps = bytes[13..].to_vec();
    assert!(Player::new(&without_vps).is_err());
}

#[test]
fn a_source_has_one_coding() {
    let source = Source::File(hevc_file());
    let asked = settings(640, 480, 30, 300_000, 1);
    assert!(source.open(&asked).is_err());
    let hevc = Settings {
        coding: Coding::H265,
        ..asked
    };
    assert!(source.open(&hevc).is_ok());
    assert!(Source::OpenH264.open(&hevc).is_err());
}
