use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use super::*;
use crate::wfd::Offer;
use crate::wfd::coded::Coding;
use crate::wfd::levels::{Level, Profile};
use crate::wfd::video::{VideoCodec, VideoFormats};

mod newer;
mod order;
mod properties;

/// An encoder without limits that matter to R1.
const STRONG: EncoderCapabilities = EncoderCapabilities {
    profiles: 0x03,
    level_bit: 4,
    max_width: 4096,
    max_height: 2304,
    max_macroblocks_per_second: 2_073_600,
    max_bit_rate: 60_000_000,
    max_slices: 16,
    interlaced: true,
    hevc: None,
};

const FAST: u64 = 40_000_000;

/// A selection before anything was refused.
fn select(video: &VideoFormats, encoder: &EncoderCapabilities, bit_rate: u64) -> Selection {
    super::select(&r1(video), encoder, &Bounds::new(bit_rate))
}

fn r1(video: &VideoFormats) -> VideoOffer<'_> {
    VideoOffer {
        r1: Some(video),
        ..VideoOffer::default()
    }
}

fn h264(candidate: &Candidate) -> (Profile, Level) {
    match candidate.coded {
        Coded::H264(profile, level) => (profile, level),
        Coded::H265(_) => panic!("{candidate:?}"),
    }
}

/// The value of `wfd_video_formats` in M4.
fn value(candidate: &Candidate) -> String {
    let text = candidate.chosen().to_string();
    let line = text.strip_suffix("\r\n").expect("a line");
    line.strip_prefix("wfd_video_formats: ")
        .expect("the R1 name")
        .to_string()
}

fn formats(value: &str) -> VideoFormats {
    match VideoFormats::parse(value) {
        Ok(Offer::Present(formats)) => formats,
        other => panic!("{value}: {other:?}"),
    }
}

/// The best mode, as text.
fn best(selection: &Selection) -> Option<String> {
    selection.candidates.first().map(name)
}

fn name(candidate: &Candidate) -> String {
    modes::mode(candidate.mode)
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn names(selection: &Selection) -> Vec<String> {
    selection.candidates.iter().map(name).collect()
}

fn reason(selection: &Selection, mode: (u16, u16, u8, bool)) -> Option<Reason> {
    let id = ModeId::find(mode.0, mode.1, mode.2, mode.3)?;
    let left_out = selection
        .left_out
        .iter()
        .find(|(left_out, _)| *left_out == id);
    left_out.map(|(_, reason)| *reason)
}

fn m4(offer: &str, encoder: &EncoderCapabilities) -> Option<String> {
    let selection = select(&formats(offer), encoder, FAST);
    selection.candidates.first().map(value)
}

#[test]
fn the_native_mode_is_first() {
    let sink = "28 00 02 10 0001FFFF 00000000 00000000 00 0000 0000 00 none none";
    let selection = select(&formats(sink), &STRONG, FAST);
    assert_eq!(
        names(&selection)[..3],
        ["1280x720p30", "1920x1080p60", "1920x1080p50"]
    );
}

#[test]
fn q31_q32_a_native_mode_that_is_not_offered_is_not_used() {
    let lg = "40 00 01 10 000194FF 155575DF 00000555 00 0000 0000 1F none none";
    let selection = select(&formats(lg), &STRONG, FAST);
    // 1366x768p60 has 1 % more pixels per second than 1080p30, which is larger.
    assert_eq!(names(&selection)[..2], ["1920x1080p30", "1366x768p60"]);
    let native_is_no_mode = "07 00 01 10 00000021";
    let selection = select(&formats(native_is_no_mode), &STRONG, FAST);
    assert_eq!(names(&selection), ["1280x720p30", "640x480p60"]);
}

/// A dongle of 1080p that has 0 there answered the SETUP trigger with 403 after an M4 with 640x480
/// (quirk Q23); Windows takes 0 for no wish (Q77).
#[test]
fn q32_a_native_byte_of_zero_is_no_wish_for_the_least_mode() {
    let dongle = "00 01 02 08 00019ceb 05557fff 00000fff 02 0000 00ff 11 0780 0438";
    let selection = select(&formats(dongle), &STRONG, FAST);
    assert_eq!(names(&selection)[..2], ["1920x1080p30", "1360x768p60"]);
    let only_least = "00 00 01 01 00000001";
    assert_eq!(
        names(&select(&formats(only_least), &STRONG, FAST)),
        ["640x480p60"]
    );
}

#[test]
fn q33_a_native_mode_above_the_sinks_level_is_left_out() {
    let sink = "40 00 02 02 0001FFFF 157C7FFF 00000FFF 00 0000 0000 11 none none";
    let selection = select(&formats(sink), &STRONG, FAST);
    assert_eq!(
        reason(&selection, (1920, 1080, 60, false)),
        Some(Reason::Level)
    );
    assert_eq!(best(&selection).as_deref(), Some("1280x720p60"));
    assert_eq!(h264(&selection.candidates[0]).1, Level::L32);
}

#[test]
fn progressive_wins_a_tie_and_then_the_first_table() {
    // 1080p30 and 1080i60 have the same score.
    let selection = select(&formats("00 00 02 10 00000280"), &STRONG, FAST);
    assert_eq!(names(&selection), ["1920x1080p30", "1920x1080i60"]);
    // 640x480p60 (CEA), 848x480p30 and others; scores decide, tables only on ties.
    let selection = select(
        &formats("00 00 02 10 00000001 00000001 00000001"),
        &STRONG,
        FAST,
    );
    assert_eq!(
        names(&selection),
        ["640x480p60", "800x600p30", "800x480p30"]
    );
}

#[test]
fn the_greater_profile_and_then_the_higher_level_win() {
    let both = "00 00 01 10 00000020 00000000 00000000 00 0000 0000 00 none none, \
                02 04 00000020 00000000 00000000 00 0000 0000 00 none none";
    let text = "00 00 02 04 00000020 00000000 00000000 00 0000 0000 00 none none";
    assert_eq!(m4(both, &STRONG).as_deref(), Some(text));
    let baseline = EncoderCapabilities {
        profiles: 0x01,
        ..STRONG
    };
    let text = "00 00 01 10 00000020 00000000 00000000 00 0000 0000 00 none none";
    assert_eq!(m4(both, &baseline).as_deref(), Some(text));
    let levels = "00 00 02 01 20, 02 08 20, 02 04 20";
    let level = select(&formats(levels), &STRONG, FAST).candidates[0];
    let (_, level) = h264(&level);
    assert_eq!(level, Level::L41);
}

#[test]
fn of_equal_tuples_the_first_wins() {
    let sink = "00 00 02 10 20 0 0 00 0000 0000 01 none none, \
                02 10 20 0 0 00 0000 0000 03 none none";
    let candidate = select(&formats(sink), &STRONG, FAST).candidates[0];
    assert_eq!(candidate.frame_rate_control, 0x01);
}

#[test]
fn a_profile_that_cannot_carry_a_mode_gives_way_to_the_other() {
    // 1080p60 is beyond the level of the CHP tuple.
    let sink = "40 00 02 01 00000100, 01 10 00000100";
    let selection = select(&formats(sink), &STRONG, FAST);
    assert_eq!(h264(&selection.candidates[0]), (Profile::Cbp, Level::L42));
}

#[test]
fn the_level_is_the_highest_of_both_sides() {
    let level = |bit, sink: &str| {
        let encoder = EncoderCapabilities {
            level_bit: bit,
            ..STRONG
        };
        let selection = select(&formats(sink), &encoder, FAST);
        selection.candidates.first().map(|one| h264(one).1)
    };
    let sink = "00 00 02 08 00000020";
    assert_eq!(level(4, sink), Some(Level::L41));
    assert_eq!(level(1, sink), Some(Level::L32));
    assert_eq!(level(200, sink), Some(Level::L41));
    assert_eq!(
        level(4, "00 00 02 80 00000020"),
        Some(Level::L42),
        "R1 ends there"
    );
    assert_eq!(level(0, "00 00 02 08 00000040"), None, "720p60 needs 3.2");
    assert_eq!(
        level(4, "00 00 02 10 00000200"),
        Some(Level::L41),
        "interlaced"
    );
}

#[test]
fn no_level_of_r1_carries_1920x1200() {
    let selection = select(&formats("00 00 02 80 00000001 10000000"), &STRONG, FAST);
    assert_eq!(
        reason(&selection, (1920, 1200, 30, false)),
        Some(Reason::Level)
    );
    assert_eq!(names(&selection), ["640x480p60"]);
}

#[test]
fn each_limit_of_the_encoder_has_its_reason() {
    let all = "40 00 02 10 0001FFFF 0FFFFFFF 00000FFF 00 0000 0000 00 none none";
    let why = |encoder, mode| reason(&select(&formats(all), &encoder, FAST), mode);
    let narrow = EncoderCapabilities {
        max_width: 1280,
        ..STRONG
    };
    assert_eq!(
        why(narrow, (1360, 768, 30, false)),
        Some(Reason::EncoderSize)
    );
    assert_eq!(why(narrow, (1280, 1024, 30, false)), None);
    let low = EncoderCapabilities {
        max_height: 720,
        ..STRONG
    };
    assert_eq!(why(low, (1024, 768, 30, false)), Some(Reason::EncoderSize));
    let slow = EncoderCapabilities {
        max_macroblocks_per_second: 244_800,
        ..STRONG
    };
    assert_eq!(
        why(slow, (1920, 1080, 60, false)),
        Some(Reason::EncoderSpeed)
    );
    assert_eq!(why(slow, (1920, 1080, 30, false)), None);
    let whole = EncoderCapabilities {
        interlaced: false,
        ..STRONG
    };
    assert_eq!(
        why(whole, (1920, 1080, 60, true)),
        Some(Reason::EncoderInterlace)
    );
    let baseline = EncoderCapabilities {
        profiles: 0x01,
        ..STRONG
    };
    assert_eq!(
        why(baseline, (1920, 1080, 60, false)),
        Some(Reason::Profile)
    );
}

#[test]
fn a_720p30_encoder_makes_720p30_of_a_1080p60_sink() {
    let encoder = EncoderCapabilities {
        profiles: 0x01,
        level_bit: 0,
        max_width: 1280,
        max_height: 720,
        max_macroblocks_per_second: 108_000,
        max_bit_rate: 10_000_000,
        max_slices: 1,
        interlaced: false,
        hevc: None,
    };
    let sink = "40 00 02 10 0001DEFF 053C7FFF 00000FFF 00 0000 0000 11 none none, \
                01 10 0001DEFF 053C7FFF 00000FFF 00 0000 0000 11 none none";
    let text = "00 00 01 01 00000020 00000000 00000000 00 0000 0000 01 none none";
    assert_eq!(m4(sink, &encoder).as_deref(), Some(text));
}

#[test]
fn the_m4_of_a_known_source_is_met() {
    let samsung = "28 00 02 04 0001DEFF 053C7FFF 00000FFF 00 0000 0000 11 none none, \
                   01 04 0001DEFF 053C7FFF 00000FFF 00 0000 0000 11 none none";
    // A captured source wrote 11; bit 4 is for changes of the rate, which we do not make.
    let text = "00 00 02 04 00000020 00000000 00000000 00 0000 0000 01 none none";
    assert_eq!(m4(samsung, &STRONG).as_deref(), Some(text));
}

#[test]
fn interlaced_modes_need_constrained_high() {
    let selection = select(&formats("00 00 01 10 00000201"), &STRONG, FAST);
    assert_eq!(
        reason(&selection, (1920, 1080, 60, true)),
        Some(Reason::Profile)
    );
}

#[test]
fn q35_a_tuple_without_profile_and_level_is_the_least_that_every_sink_has() {
    let sink = "00 00 00 00 00000060 00000000 000000000 00 0000 0000 11 none none";
    let selection = select(&formats(sink), &STRONG, FAST);
    assert_eq!(names(&selection), ["1280x720p30"]);
    assert_eq!(h264(&selection.candidates[0]), (Profile::Cbp, Level::L31));
}

#[test]
fn frame_skipping_is_written_only_if_the_sink_has_it() {
    let written = |frc: &str| {
        let sink = format!("00 00 02 10 00000020 0 0 00 0000 0000 {frc} none none");
        select(&formats(&sink), &STRONG, FAST).candidates[0].frame_rate_control
    };
    assert_eq!(written("00"), 0x00);
    assert_eq!(written("11"), 0x01);
    assert_eq!(written("1F"), 0x0F);
    assert_eq!(written("10"), 0x00);
    assert_eq!(
        written("FE"),
        0x00,
        "an interval without skipping means nothing"
    );
}

fn slices(mode: &str, min_and_encoding: &str, max_slices: u16) -> (u16, u16, u16) {
    let sink = format!("00 00 02 10 {mode} 0 0 00 {min_and_encoding} 00 none none");
    let encoder = EncoderCapabilities {
        max_slices,
        ..STRONG
    };
    let candidate = select(&formats(&sink), &encoder, FAST).candidates[0];
    (
        candidate.slices_max,
        candidate.min_slice_size,
        candidate.slice_encoding,
    )
}

const MODE_720P30: &str = "00000020";
const MODE_1080P30: &str = "00000080";
const MODE_1080I60: &str = "00000200";

#[test]
fn slices_are_cut_only_for_a_sink_that_takes_them() {
    assert_eq!(slices(MODE_720P30, "0000 0000", 16), (1, 0, 0));
    assert_eq!(
        slices(MODE_720P30, "0000 001F", 16),
        (1, 0, 0),
        "a Windows sink"
    );
    assert_eq!(
        slices(MODE_720P30, "0050 001F", 1),
        (1, 0, 0),
        "the encoder cannot"
    );
    assert_eq!(
        slices(MODE_1080I60, "0001 03FF", 16),
        (1, 0, 0),
        "interlaced"
    );
}

#[test]
fn all_slices_have_the_same_size() {
    // 720p has 3600 macroblocks: 2, 3, 4, 15 and 16 divide them, 7 and 14 do not.
    assert_eq!(slices(MODE_720P30, "0050 001F", 16), (16, 0x50, 15));
    assert_eq!(slices(MODE_720P30, "0050 0003", 16), (4, 0x50, 3));
    assert_eq!(slices(MODE_720P30, "0050 001F", 2), (2, 0x50, 1));
    assert_eq!(
        slices(MODE_720P30, "0050 000D", 16),
        (12, 0x50, 11),
        "14 and 13 do not divide them"
    );
    // 1080p has 8160 macroblocks.
    assert_eq!(slices(MODE_1080P30, "0050 001F", 4), (4, 0x50, 3));
    assert_eq!(slices(MODE_1080P30, "0050 001F", 17), (17, 0x50, 16));
}

#[test]
fn slices_keep_to_the_sizes_of_the_sink() {
    // 720p has 3600 macroblocks: 1200 is a third, 1800 a half.
    assert_eq!(slices(MODE_720P30, "04B0 03FF", 16), (3, 0x4B0, 2));
    assert_eq!(slices(MODE_720P30, "04B1 03FF", 16), (2, 0x4B1, 1));
    assert_eq!(slices(MODE_720P30, "0709 03FF", 16), (1, 0, 0));
    // Ratio 2 with 240 at least is 480 at most: nine slices of 400, fifteen of 240.
    assert_eq!(slices(MODE_720P30, "00F0 0BFF", 16), (15, 0xF0, 0x080E));
    assert_eq!(slices(MODE_720P30, "00F0 0BFF", 9), (9, 0xF0, 0x0808));
    assert_eq!(
        slices(MODE_720P30, "00F0 0BFF", 5),
        (1, 0, 0),
        "720 is above the ratio"
    );
}

#[test]
fn modes_above_the_bit_rate_are_left_out() {
    let sink = formats("40 00 02 10 000001E1");
    let all = select(&sink, &STRONG, FAST);
    assert!(!all.reduced_by_bandwidth && all.sustains_floor);
    let selection = select(&sink, &STRONG, 5_000_000);
    assert_eq!(
        reason(&selection, (1920, 1080, 60, false)),
        Some(Reason::Bandwidth)
    );
    assert_eq!(best(&selection).as_deref(), Some("1920x1080p30"));
    assert!(selection.reduced_by_bandwidth && selection.sustains_floor);
    let exact = select(&sink, &STRONG, 6_220_800);
    assert_eq!(best(&exact).as_deref(), Some("1920x1080p60"));
    let weak = EncoderCapabilities {
        max_bit_rate: 5_000_000,
        ..STRONG
    };
    let weak = select(&sink, &weak, FAST);
    assert_eq!(weak.candidates, selection.candidates);
    assert_eq!(
        reason(&weak, (1920, 1080, 60, false)),
        Some(Reason::EncoderRate),
        "not the link's fault"
    );
    assert!(!weak.reduced_by_bandwidth && weak.sustains_floor);
}

#[test]
fn floors_are_those_that_the_constant_promises() {
    let floor = |width, height, rate| {
        ModeId::find(width, height, rate, false)
            .and_then(modes::mode)
            .map(|mode| bit_rate_floor(mode, Coding::H264))
    };
    assert_eq!(floor(640, 480, 60), Some(921_600));
    assert_eq!(floor(1024, 768, 30), Some(1_179_648));
    assert_eq!(floor(1280, 720, 30), Some(1_382_400));
    assert_eq!(floor(1920, 1080, 60), Some(6_220_800));
}

#[test]
fn ddi_19_wants_1024x768() {
    let sustains = |sink, rate| select(&formats(sink), &STRONG, rate).sustains_floor;
    let usual = "00 00 02 10 00000021";
    assert!(sustains(usual, 1_179_648));
    assert!(!sustains(usual, 1_179_647), "640x480 alone would fit");
    let itself = "00 00 02 10 00000001 00000004";
    assert!(sustains(itself, 1_179_648));
    assert!(!sustains(itself, 1_179_647));
}

#[test]
fn ddi_19_wants_the_lowest_mode_of_a_sink_that_has_only_larger_ones() {
    let sustains = |rate| select(&formats("00 00 02 10 00000100"), &STRONG, rate).sustains_floor;
    assert!(sustains(6_220_800));
    assert!(!sustains(6_220_799));
}

#[test]
fn ddi_19_is_content_with_the_lowest_mode_of_a_sink_that_has_only_smaller_ones() {
    let sustains = |rate| select(&formats("00 00 01 01 00000003"), &STRONG, rate).sustains_floor;
    assert!(sustains(921_600));
    assert!(!sustains(921_599));
}

#[test]
fn q54_an_empty_offer_has_no_candidate_and_that_is_not_the_links_fault() {
    let selection = select(&formats("40 00 02 10 00000000"), &STRONG, 0);
    let nothing = Selection {
        native: ModeId::find(1920, 1080, 60, false),
        sustains_floor: true,
        ..Selection::default()
    };
    assert_eq!(selection, nothing);
}

#[test]
fn a_candidate_is_found_by_its_mode() {
    let selection = select(&formats("00 00 02 10 00000021"), &STRONG, FAST);
    let vga = ModeId::find(640, 480, 60, false).expect("CEA 0");
    assert_eq!(
        selection.candidate(vga).map(name).as_deref(),
        Some("640x480p60")
    );
    let wide = ModeId::find(1920, 1080, 60, false).expect("CEA 8");
    assert_eq!(selection.candidate(wide), None);
}
