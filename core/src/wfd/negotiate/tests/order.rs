//! Which mode is better.

use super::*;
use crate::quirks::Fired;
use crate::wfd::parameters::DetailedTiming;
use crate::wfd::r2_video::R2VideoFormats;

/// 1080p60 native, and every mode of R1.
const USUAL: &str = "40 00 02 10 0001FFFF 1FFFFFFF 00000FFF";

fn preferring((width, height, rate, interlaced): (u16, u16, u8, bool), sink: &str) -> Selection {
    let formats = formats(sink);
    let offer = VideoOffer {
        preferred: Some(DetailedTiming {
            width,
            height,
            rate,
            interlaced,
        }),
        ..r1(&formats)
    };
    super::super::select(&offer, &STRONG, &Bounds::new(FAST))
}

#[test]
fn the_edid_counts_more_than_the_native_byte() {
    let selection = preferring((1366, 768, 60, false), USUAL);
    assert_eq!(
        names(&selection)[..3],
        ["1366x768p60", "1366x768p30", "1920x1080p60"]
    );
    assert_eq!(selection.native, ModeId::find(1366, 768, 60, false));
}

/// The masks of AirServer and the EDID that it passes on.
#[test]
fn the_size_of_the_edid_counts_from_30_hz_on() {
    let selection = preferring((1920, 1080, 60, false), "30 00 02 08 000194A0");
    assert_eq!(
        names(&selection),
        [
            "1920x1080p30",
            "1920x1080p25",
            "1920x1080p24",
            "1280x720p30",
            "1280x720p25",
            "1280x720p24"
        ]
    );
    let slow = preferring((1920, 1080, 60, false), "40 00 02 10 00010040");
    assert_eq!(names(&slow), ["1280x720p60", "1920x1080p24"]);
    let exact = preferring((1920, 1080, 24, false), "40 00 02 10 00010040");
    assert_eq!(names(&exact), ["1920x1080p24", "1280x720p60"]);
}

#[test]
fn an_interlaced_preference_is_met_by_itself_alone_or_by_frames() {
    let sink = "00 00 02 10 00000380";
    let selection = preferring((1920, 1080, 60, true), sink);
    assert_eq!(
        names(&selection),
        ["1920x1080i60", "1920x1080p60", "1920x1080p30"]
    );
}

#[test]
fn an_edid_of_a_size_that_is_not_offered_says_nothing() {
    let selection = preferring((3440, 1440, 60, false), USUAL);
    assert_eq!(best(&selection).as_deref(), Some("1920x1080p60"));
    assert_eq!(selection.native, ModeId::find(1920, 1080, 60, false));
}

#[test]
fn a_small_native_mode_is_not_believed_of_a_sink_that_can_do_720p() {
    // 08 is 720x480p60, 32 is 640x360p30.
    let order = |sink| names(&select(&formats(sink), &STRONG, FAST));
    assert_eq!(order("08 00 02 10 00000042")[0], "1280x720p60");
    assert_eq!(order("32 00 02 10 00000002 0 00000040")[0], "640x360p30");
    assert_eq!(
        order("28 00 02 10 00000060")[0],
        "1280x720p30",
        "large enough"
    );
}

#[test]
fn of_modes_within_5_percent_the_larger_is_better() {
    let order = |sink| names(&select(&formats(sink), &STRONG, FAST));
    // 103.7 and 105.8 million pixels a second.
    let two = "00 00 02 10 00002000 08000000";
    assert_eq!(order(two), ["1920x1080p50", "1680x1050p60"]);
    // 62.2 and 78.6.
    let apart = "00 00 02 10 00000080 00008000";
    assert_eq!(order(apart), ["1280x1024p60", "1920x1080p30"]);
}

/// Both are 221 184 000 pixels a second.
#[test]
fn size_does_not_make_up_for_less_than_30_hz() {
    let value = "00 01 02 0080 000000800000 000080000000 0 00 0000 0000 00 00";
    let Ok(Offer::Present(r2)) = R2VideoFormats::read(value, &mut Fired::new()) else {
        panic!("{value}")
    };
    let offer = VideoOffer {
        r2: Some(&r2),
        ..VideoOffer::default()
    };
    let encoder = EncoderCapabilities {
        level_bit: 7,
        ..STRONG
    };
    let selection = super::super::select(&offer, &encoder, &Bounds::new(FAST));
    assert_eq!(names(&selection), ["2560x1440p60", "4096x2160p25"]);
}

#[test]
fn a_known_maximum_bounds_size_and_rate() {
    let sink = formats(USUAL);
    let bounds = Bounds {
        maximum: ModeId::find(1280, 720, 60, false),
        ..Bounds::new(FAST)
    };
    let selection = super::super::select(&r1(&sink), &STRONG, &bounds);
    assert_eq!(best(&selection).as_deref(), Some("1280x720p60"));
    for mode in [(1920, 1080, 60, false), (1920, 1080, 24, false)] {
        assert_eq!(reason(&selection, mode), Some(Reason::Quirk), "{mode:?}");
    }
    assert_eq!(reason(&selection, (1024, 768, 60, false)), None);
}
