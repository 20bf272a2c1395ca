use super::*;
use crate::wfd::modes;
use crate::wfd::reference::ROWS;

const fn progressive(width: u16, height: u16, rate: u8) -> Mode {
    Mode {
        width,
        height,
        rate,
        interlaced: false,
    }
}

#[test]
fn every_mode_needs_the_level_of_annex_a() {
    for ((_, mode), row) in modes::all().zip(&ROWS) {
        let lowest = Level::lowest_for(mode).map_or(60, Level::level_idc);
        assert_eq!(lowest, row.level_idc, "{}", row.name);
    }
}

#[test]
fn annex_a_is_stricter_than_table_10() {
    let needs = |width, height, rate| Level::lowest_for(&progressive(width, height, rate));
    // Table 10 says 3.2, 3.1 and 4.2.
    assert_eq!(needs(1920, 1080, 24), Some(Level::L4));
    assert_eq!(needs(960, 540, 60), Some(Level::L32));
    assert_eq!(needs(1920, 1200, 30), Some(Level::L5));
    assert!(!Level::HIGHEST_R1.allows(&progressive(1920, 1200, 30)));
}

#[test]
fn each_limit_of_a_level_is_looked_at() {
    let level = Level::L31;
    assert!(level.allows(&progressive(1280, 720, 30)), "at both limits");
    assert!(!level.allows(&progressive(1280, 720, 31)), "MaxMBPS");
    assert!(!level.allows(&progressive(1280, 736, 1)), "MaxFS");
    // 8 * 3600 = 28 800: a side has at most 169 macroblocks.
    assert!(level.allows(&progressive(169 * 16, 16, 1)));
    assert!(!level.allows(&progressive(170 * 16, 16, 1)), "width");
    assert!(level.allows(&progressive(16, 169 * 16, 1)));
    assert!(!level.allows(&progressive(16, 170 * 16, 1)), "height");
}

#[test]
fn interlaced_modes_end_at_level_4_1() {
    let mode = Mode {
        interlaced: true,
        ..progressive(1920, 1080, 60)
    };
    assert_eq!(Level::lowest_for(&mode), Some(Level::L4));
    assert_eq!(Level::L52.highest_for(&mode), Some(Level::L41));
}

#[test]
fn the_highest_level_is_bounded_by_both_ends() {
    let mode = progressive(1280, 720, 60);
    assert_eq!(Level::L42.highest_for(&mode), Some(Level::L42));
    assert_eq!(Level::L32.highest_for(&mode), Some(Level::L32));
    assert_eq!(Level::L31.highest_for(&mode), None);
}

#[test]
fn bits_are_the_places_in_the_list() {
    for (bit, level) in (0_u8..).zip(Level::ALL) {
        assert_eq!((level.bit(), level.mask()), (bit, 1 << bit));
        assert_eq!(Level::from_bit(bit), Some(level));
    }
    assert_eq!(Level::from_bit(8), None);
    assert_eq!(Level::HIGHEST_R1.mask(), 0x10);
    assert_eq!(
        Level::ALL.map(Level::level_idc),
        [31, 32, 40, 41, 42, 50, 51, 52]
    );
}

#[test]
fn profiles_are_written_as_the_field_writes_them() {
    let written = |profile: Profile| {
        let flags = profile.constraint_flags();
        (profile.mask(), profile.profile_idc(), flags)
    };
    assert_eq!(written(Profile::Cbp), (0x01, 66, 0xC0));
    assert_eq!(written(Profile::Chp), (0x02, 100, 0x0C));
    assert_eq!(written(Profile::Rhp2), (0x04, 100, 0x0C));
}

#[test]
fn bit_rates_are_those_of_the_nal_stream() {
    assert_eq!(Level::L31.max_bit_rate(Profile::Chp), 21_000_000);
    assert_eq!(Level::L31.max_bit_rate(Profile::Cbp), 16_800_000);
    assert_eq!(Level::L42.max_bit_rate(Profile::Cbp), 60_000_000);
    assert_eq!(Level::L42.max_bit_rate(Profile::Chp), 75_000_000);
}

#[test]
fn limits_grow_with_the_level() {
    for (lower, higher) in Level::ALL.into_iter().zip(Level::ALL.into_iter().skip(1)) {
        assert!(lower.max_macroblocks_per_frame() <= higher.max_macroblocks_per_frame());
        assert!(lower.max_macroblocks_per_second() <= higher.max_macroblocks_per_second());
    }
}
