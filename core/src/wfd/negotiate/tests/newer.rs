//! Modes and codings above R1: `wfd2_video_formats`, `wfdx_video_formats`, `microsoft_video_formats`.

use super::*;
use crate::encoder::HevcCapabilities;
use crate::quirks::Fired;
use crate::wfd::hevc::HevcLevel;
use crate::wfd::modes::Table;
use crate::wfd::r2_video::R2VideoFormats;
use crate::wfd::wfdx_video::WfdxVideoFormats;

/// H.264 up to level 5.2.
const LARGE: EncoderCapabilities = EncoderCapabilities {
    level_bit: 7,
    ..STRONG
};

/// H.264 up to level 4.2, H.265 up to 5.1.
const HEVC: EncoderCapabilities = EncoderCapabilities {
    hevc: Some(HevcCapabilities {
        level_bit: 4,
        max_width: 4096,
        max_height: 2304,
        max_macroblocks_per_second: 2_073_600,
        max_bit_rate: 60_000_000,
    }),
    ..STRONG
};

fn r2(value: &str) -> R2VideoFormats {
    match R2VideoFormats::read(value, &mut Fired::new()) {
        Ok(Offer::Present(formats)) => formats,
        other => panic!("{value}: {other:?}"),
    }
}

fn wfdx(value: &str) -> WfdxVideoFormats {
    match WfdxVideoFormats::read(value) {
        Ok(Offer::Present(formats)) => formats,
        other => panic!("{value}: {other:?}"),
    }
}

fn of_r2(formats: &R2VideoFormats) -> VideoOffer<'_> {
    VideoOffer {
        r2: Some(formats),
        ..VideoOffer::default()
    }
}

fn choose(offer: &VideoOffer<'_>, encoder: &EncoderCapabilities, bit_rate: u64) -> Selection {
    super::super::select(offer, encoder, &Bounds::new(bit_rate))
}

/// What M4 says of this mode.
fn announced(selection: &Selection, size: (u16, u16, u8)) -> String {
    let id = ModeId::find(size.0, size.1, size.2, false).expect("a mode");
    let candidate = selection.candidate(id).expect("a candidate");
    candidate.chosen().to_string()
}

const WINDOWS: &str = "40 01 04 0080 000001ffbdeb 000155557fff 000000000fff 10 0000 001f 11, \
                       01 01 0080 000001ffbdeb 0001555557ff 000000000fff 10 0000 001f 11 00";

#[test]
fn a_windows_sink_shows_what_the_encoder_can() {
    let windows = r2(WINDOWS);
    let large = choose(&of_r2(&windows), &LARGE, FAST);
    assert_eq!(best(&large).as_deref(), Some("3840x2160p60"));
    assert_eq!(
        announced(&large, (3840, 2160, 60)),
        "wfd2_video_formats: 00 01 04 0080 000000200000 000000000000 000000000000 \
         00 0000 0000 01 00\r\n"
    );
    let usual = choose(&of_r2(&windows), &STRONG, FAST);
    assert_eq!(best(&usual).as_deref(), Some("1920x1080p60"));
    for large in [(3840, 2160, 60, false), (1920, 1200, 30, false)] {
        assert_eq!(reason(&usual, large), Some(Reason::Level));
    }
    assert_eq!(h264(&usual.candidates[0]), (Profile::Rhp2, Level::L42));
}

#[test]
fn constrained_high_is_said_to_a_sink_that_names_it() {
    let both = r2("00 01 06 0010 000000000100 0 0 00 0000 0000 00 00");
    let selection = choose(&of_r2(&both), &STRONG, FAST);
    assert_eq!(h264(&selection.candidates[0]), (Profile::Chp, Level::L42));
}

#[test]
fn bit_17_is_another_mode_in_each_parameter() {
    let r2 = r2("00 01 02 0040 000000020000 0 0 00 0000 0000 00 00");
    let selection = choose(&of_r2(&r2), &LARGE, FAST);
    assert_eq!(names(&selection), ["3840x2160p24"]);
    let wfdx = wfdx("0000 00 0002 0040 0000020000 0 0 00 0000 0000 00 none none");
    let offer = VideoOffer {
        wfdx: Some(&wfdx),
        ..VideoOffer::default()
    };
    let selection = choose(&offer, &LARGE, FAST);
    assert_eq!(names(&selection), ["3840x2160p30"]);
    assert_eq!(
        announced(&selection, (3840, 2160, 30)),
        "wfdx_video_formats: 0000 00 0002 0040 0000020000 0000000000 00000000 \
         00 0000 0000 00 none none\r\n"
    );
    let r1 = formats("00 00 02 10 00020000");
    assert_eq!(choose(&super::r1(&r1), &LARGE, FAST).candidates, []);
}

#[test]
fn the_r1_name_wins_where_r1_has_the_mode() {
    let (r1, r2) = (
        formats("00 00 02 10 00000100"),
        r2("00 01 02 0080 000000200140 0 0 00 0000 0000 00 00"),
    );
    let offer = VideoOffer {
        r1: Some(&r1),
        ..of_r2(&r2)
    };
    let selection = choose(&offer, &LARGE, FAST);
    let names = selection.candidates.iter().map(|one| (name(one), one.name));
    let names: Vec<_> = names.collect();
    assert_eq!(
        names,
        [
            ("3840x2160p60".into(), VideoName::R2),
            ("1920x1080p60".into(), VideoName::R1),
            ("1280x720p60".into(), VideoName::R2),
        ]
    );
    // What R1 cannot carry R2 may: level 3.1 is too low for 1080p60.
    let low = formats("00 00 02 01 00000100");
    let offer = VideoOffer {
        r1: Some(&low),
        ..offer
    };
    let selection = choose(&offer, &LARGE, FAST);
    assert_eq!(selection.candidates[1].name, VideoName::R2);
}

/// H.264 up to 1080p60, H.265 with 2160p60 besides.
const TWO_CODINGS: &str = "00 01 02 0010 000000000100 0 0 00 0000 0000 00, \
                           02 01 0010 000000200100 0 0 00 0000 0000 00 00";

#[test]
fn h265_is_for_what_h264_cannot_carry() {
    let sink = r2(TWO_CODINGS);
    let fast = choose(&of_r2(&sink), &HEVC, FAST);
    let coded: Vec<_> = fast.candidates.iter().map(|one| one.coded).collect();
    assert_eq!(
        coded,
        [
            Coded::H265(HevcLevel::L51),
            Coded::H264(Profile::Chp, Level::L42)
        ]
    );
    // 1080p60 needs 6.2 Mbit/s of H.264 and 3.7 of H.265, 2160p60 14.9 of that.
    let slow = choose(&of_r2(&sink), &HEVC, 5_000_000);
    assert_eq!(names(&slow), ["1920x1080p60"]);
    assert_eq!(slow.candidates[0].coded, Coded::H265(HevcLevel::L51));
    assert_eq!(
        announced(&slow, (1920, 1080, 60)),
        "wfd2_video_formats: 00 02 01 0010 000000000100 000000000000 000000000000 \
         00 0000 0000 00 00\r\n"
    );
    let large = (3840, 2160, 60, false);
    assert_eq!(reason(&slow, large), Some(Reason::Bandwidth));
    assert!(slow.reduced_by_bandwidth && !fast.reduced_by_bandwidth);
}

#[test]
fn h265_needs_both_sides_and_profile_main() {
    let large = (3840, 2160, 60, false);
    let why = |offer: &str, encoder| reason(&choose(&of_r2(&r2(offer)), encoder, FAST), large);
    assert_eq!(why(TWO_CODINGS, &STRONG), Some(Reason::Codec));
    let main_10 = TWO_CODINGS.replace("02 01 0010", "02 02 0010");
    assert_eq!(why(&main_10, &HEVC), Some(Reason::Profile));
    let low = TWO_CODINGS.replace("02 01 0010", "02 01 0008");
    assert_eq!(
        why(&low, &HEVC),
        Some(Reason::Level),
        "level 5 ends at 30 Hz"
    );
    let hevc = HEVC.hevc.map(|hevc| HevcCapabilities {
        max_width: 1920,
        ..hevc
    });
    let small = EncoderCapabilities { hevc, ..HEVC };
    assert_eq!(why(TWO_CODINGS, &small), Some(Reason::EncoderSize));
}

#[test]
fn h265_is_dropped_when_it_was_refused() {
    let sink = r2(TWO_CODINGS);
    for bounds in [
        Bounds {
            h264_only: true,
            ..Bounds::new(FAST)
        },
        Bounds {
            baseline: true,
            ..Bounds::new(FAST)
        },
    ] {
        let selection = super::super::select(&of_r2(&sink), &HEVC, &bounds);
        let large = reason(&selection, (3840, 2160, 60, false));
        assert_eq!(large, Some(Reason::Refused), "{bounds:?}");
    }
}

/// 2736x1824p60 is 1 169 640 macroblocks a second: level 5.2.
#[test]
fn modes_of_3_to_2_go_with_tuples_that_carry_them() {
    let (r1, large) = (
        formats("00 00 02 10 00000100"),
        r2("00 01 02 0080 000000000100 0 0 00 0000 0000 00 00"),
    );
    let mut offer = VideoOffer {
        three_to_two: 1 << 10,
        ..super::r1(&r1)
    };
    let wide = (2736, 1824, 60, false);
    let selection = choose(&offer, &LARGE, FAST);
    assert_eq!(reason(&selection, wide), Some(Reason::Level));
    offer.r2 = Some(&large);
    let selection = choose(&offer, &LARGE, FAST);
    assert_eq!(
        names(&selection),
        ["1920x1080p60", "2736x1824p60"],
        "how M4 says it is in no specification"
    );
    let only_h265 = r2("00 02 01 0010 000000000100 0 0 00 0000 0000 00 00");
    offer = VideoOffer {
        three_to_two: 1 << 10,
        ..of_r2(&only_h265)
    };
    assert_eq!(names(&choose(&offer, &HEVC, FAST)), ["1920x1080p60"]);
}

#[test]
fn the_list_keeps_the_best_and_names_what_it_has_no_room_for() {
    let all = r2("00 01 03 0080 ffffffffffff ffffffffffff ffffffffffff 00 0000 0000 00 00");
    let offer = VideoOffer {
        three_to_two: u64::MAX,
        ..of_r2(&all)
    };
    let selection = choose(&offer, &LARGE, 60_000_000);
    assert_eq!(selection.candidates.len(), limits::MODES_MAX);
    let full = selection.left_out.iter();
    let full = full.filter(|(_, reason)| *reason == Reason::ListFull);
    // 94 modes, of which three are larger than the encoder takes.
    assert_eq!(full.count(), 94 - 3 - limits::MODES_MAX);
    assert_eq!(
        reason(&selection, (640, 360, 30, false)),
        Some(Reason::ListFull)
    );
    let is_three_to_two = |one: &Candidate| one.mode.table == Table::ThreeToTwo;
    assert!(!selection.candidates.iter().any(is_three_to_two));
    assert_eq!(best(&selection).as_deref(), Some("4096x2160p60"));
}

/// No level is too low for the rate alone; the ceiling of the rate is the engine's matter.
#[test]
fn the_floor_of_a_mode_is_within_the_lowest_level_that_carries_it() {
    for (_, mode) in modes::all() {
        if let Some(level) = Level::lowest_for(mode) {
            let most = Coded::H264(Profile::Cbp, level).max_bit_rate();
            assert!(bit_rate_floor(mode, Coding::H264) <= most, "{mode}");
        }
        let mut levels = HevcLevel::ALL.into_iter();
        if let Some(level) = levels.find(|level| level.allows(mode)) {
            let most = Coded::H265(level).max_bit_rate();
            assert!(bit_rate_floor(mode, Coding::H265) <= most, "{mode}");
        }
    }
}
