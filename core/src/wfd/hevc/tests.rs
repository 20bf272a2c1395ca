use super::*;
use crate::wfd::modes;

fn lowest(name: &str) -> Option<u8> {
    let (_, mode) = modes::all().find(|(_, mode)| std::format!("{mode}") == name)?;
    let level = HevcLevel::ALL.into_iter().find(|level| level.allows(mode));
    level.map(HevcLevel::level_idc)
}

#[test]
fn modes_need_the_levels_of_annex_a() {
    for (name, level_idc) in [
        ("640x480p60", 93),
        ("1280x720p30", 93),
        ("1280x720p60", 120),
        ("1366x768p60", 120),
        ("1920x1080p30", 120),
        ("1920x1080p60", 123),
        ("1920x1200p30", 150),
        ("2560x1600p60", 150),
        ("3840x2160p30", 150),
        ("3840x2160p60", 153),
        ("4096x2160p30", 150),
        ("4096x2160p60", 153),
    ] {
        assert_eq!(lowest(name), Some(level_idc), "{name}");
    }
    assert_eq!(lowest("1920x1080i60"), None, "no fields");
    assert_eq!(lowest("4500x3000p24"), None, "above level 5.1");
}

#[test]
fn each_limit_of_a_level_is_looked_at() {
    let mode = |width, height, rate| Mode {
        width,
        height,
        rate,
        interlaced: false,
    };
    let level = HevcLevel::L31;
    assert!(level.allows(&mode(1280, 768, 33)), "MaxLumaPs");
    assert!(!level.allows(&mode(1280, 776, 1)));
    assert!(!level.allows(&mode(1280, 768, 34)), "MaxLumaSr");
    // The square root of 8 * 983 040 is 2804.3.
    assert!(level.allows(&mode(2800, 8, 1)));
    assert!(!level.allows(&mode(2808, 8, 1)), "width");
    assert!(!level.allows(&mode(8, 2808, 1)), "height");
    assert!(!level.allows(&mode(2801, 8, 1)), "a side is rounded up");
}

#[test]
fn the_bits_of_the_two_parameters_differ() {
    let r2 = HevcLevel::ALL.map(HevcLevel::bit);
    let wfdx = HevcLevel::ALL.map(HevcLevel::wfdx_bit);
    assert_eq!((r2, wfdx), ([0, 1, 2, 3, 4], [0, 2, 3, 5, 6]));
    assert_eq!(HevcLevel::up_to_bit(3), HevcLevel::L5);
    assert_eq!(HevcLevel::up_to_bit(15), HevcLevel::L51);
    // 4.2 is no level of H.265: what has it has 4.1.
    assert_eq!(HevcLevel::up_to_wfdx_bit(4), HevcLevel::L41);
    assert_eq!(HevcLevel::up_to_wfdx_bit(1), HevcLevel::L31);
    assert_eq!(HevcLevel::up_to_wfdx_bit(7), HevcLevel::L51);
}

#[test]
fn bit_rates_are_those_of_the_nal_stream_in_the_main_tier() {
    assert_eq!(HevcLevel::L31.max_bit_rate(), 11_000_000);
    assert_eq!(HevcLevel::L51.max_bit_rate(), 44_000_000);
}
