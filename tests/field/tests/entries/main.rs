//! Every recorded sink of tests/data/sink-caps.jsonl: what must come of a session with it.
//!
//! The expectations were derived by hand from the records and from the rules of the choice (the
//! size that the EDID prefers, else the native mode, else pixels times rate with 5 % for the larger
//! picture; Annex A; the better profile; the highest level), and not taken from the program.

use miracast_field::entry::{self, Entry};
use miracast_field::offer::{self, Place};
use miracast_field::report::{Outcome, Report, report};
use miracast_field::stage::START;

mod hour;

const SINKS: &str = include_str!("../../../data/sink-caps.jsonl");

/// What must come of a session.
#[derive(Clone, Copy)]
enum Expected {
    /// Media flows, with this profile, level, mode and frame rate control, and by this parameter if it
    /// is not `wfd_video_formats`.
    Plays(&'static str),
    /// The same, and M4 takes input.
    TakesInput(&'static str),
    /// The answer to M3 lacks this parameter, or it cannot be used.
    Lacks(&'static str),
}

use Expected::{Lacks, Plays, TakesInput};

const VIDEO: &str = "wfd_video_formats";
const PORTS: &str = "wfd_client_rtp_ports";
const AUDIO: &str = "wfd_audio_codecs";

/// The start of the sink's name, what must come of it, the quirks, and what is completed.
type Row = (
    &'static str,
    Expected,
    &'static [&'static str],
    &'static [&'static str],
);

#[rustfmt::skip]
const EXPECTED: [Row; 39] = [
    // Native 1080p60 has no bit; 1366x768p60 has 1 % more pixels a second than 1080p30.
    ("LG OLED55BX9LB (webOS)", Plays("CHP 4.2 1920x1080p30 0F"), &["Q31"], &[]),
    ("LG webOS TV UN8000PTA", Plays("CHP 4.2 1920x1080p30 0F"), &["Q31"], &[]),
    // So has 1360x768p60, which levels 4 and 4.1 carry.
    ("Actiontec SBWD100A (ScreenBeam)", Plays("CHP 4.1 1920x1080p30 01"), &["Q39"], &[]),
    ("LG TV (2015, User-Agent LGE)", Plays("CHP 4.1 1920x1080p30 00"), &["Q30", "Q33"], &[]),
    ("Microsoft Wireless Display Adapter", Plays("CHP 4 1920x1080p30 01"), &["Q31", "Q33"], &[PORTS, AUDIO]),
    ("intel/wds own sink", Plays("CHP 4.2 1920x1080p60 00"), &[], &[]),
    // R2 names only. The encoder ends at level 4.2, and none of these has an EDID.
    ("LG OLED65C9PCA (webOS 4.5), R2", Plays("RHP2 4.2 1920x1080p60 0F wfd2_video_formats"), &["Q41", "Q50"], &[PORTS]),
    // Main and High are for streams that were not made for the sink; the third tuple is CHP.
    ("UGREEN Miracast receiver", Plays("CHP 4.2 1920x1080p60 01 wfd2_video_formats"), &["Q41", "Q50"], &[PORTS, AUDIO]),
    ("Rockchip-based 'MS-type' dongle", Plays("CHP 4 1920x1080p30 01"), &["Q31", "Q33", "Q39"], &[]),
    ("Q-WH-D1 dongle", Plays("CBP 4.1 1920x1080p30 01"), &[], &[PORTS, AUDIO]),
    // Native 1280x1024p60 has no bit and is above level 3.2; 720p60 needs all of it.
    ("NEC wsbox", Plays("CHP 3.2 1280x720p60 01"), &["Q32", "Q33"], &[PORTS, AUDIO]),
    ("Galaxy Tab S9 FE", Plays("CBP 3.1 640x480p60 00"), &["Q52"], &[PORTS, AUDIO]),
    ("Samsung (SEC-WDH/VND-DAREF)", Lacks(VIDEO), &["Q49", "Q50", "Q53"], &[PORTS, AUDIO]),
    ("Samsung TV (FluxCast session log)", Plays("CBP 4.2 1920x1080p60 00"), &["Q38", "Q50"], &[]),
    ("Windows 10 (1607) PC as sink", Plays("CHP 4.2 1920x1080p60 01"), &["Q37", "Q50"], &[]),
    ("Windows 10/11 PC as sink", TakesInput("RHP2 4.2 1920x1080p60 01 wfd2_video_formats"), &["Q41", "Q44", "Q50"], &[]),
    ("MStar TV (AOSP-derived sink)", Plays("CBP 4.1 1280x720p60 00"), &["Q50"], &[PORTS]),
    // No display, so no monitor: the session goes on by itself.
    ("Set-top/dongle sink", Plays("CBP 4.1 1920x1080p30 01"), &["Q37", "Q45", "Q50"], &[]),
    ("AOSP-based sink with UIBC", TakesInput("CHP 3.2 1280x720p60 01"), &["Q31", "Q33", "Q39"], &[PORTS]),
    // The first tuple is level 3.1 at most, the second carries 720p60.
    ("AOSP-derived TV sink, 9-digit", TakesInput("CBP 3.2 1280x720p60 01"), &["Q35", "Q36", "Q44"], &[]),
    ("kensuke AOSP sink (issue 8)", Plays("CBP 3.1 1280x720p30 00"), &["Q30", "Q39"], &[PORTS]),
    // The EDID prefers 1080p60; the masks have 1080p30 at most.
    ("AirServer-type receiver", TakesInput("RHP2 4.1 1920x1080p30 01 wfd2_video_formats"), &["Q41", "Q44", "Q50"], &[PORTS, AUDIO]),
    ("FoxLost universal-miracast-sink", Plays("CHP 4.2 1920x1080p60 01"), &["Q30", "Q37", "Q50"], &[PORTS]),
    ("lazycast (Raspberry Pi sink)", TakesInput("CHP 4.2 1920x1080p60 00"), &["Q30", "Q39", "Q50", "Q51"], &[]),
    // 1600x1200p60 is 450 000 macroblocks a second of 7500.
    ("lazycast, 1080p60 disabled", Plays("CHP 4.2 1600x1200p60 00"), &["Q30"], &[]),
    // Native 720x480p60 is not believed of a sink that offers 720p.
    ("picast", Plays("CHP 4.2 1920x1080p60 00"), &["Q34"], &[PORTS]),
    // Frame rate control 13: bit 4 would change the refresh rate.
    ("Windows desktop receiver", Plays("CHP 4.2 1920x1080p60 03"), &[], &[PORTS, AUDIO]),
    // It quotes TCP; SETUP is what counts, and that is UDP in R1.
    ("ColorOS / OPPO car display", TakesInput("CBP 3.1 1280x720p30 00"), &["Q30", "Q39", "Q43", "Q44", "Q50", "Q53"], &[]),
    ("Xiaomi 'MiPlay' audio sink", Lacks(PORTS), &["Q50", "Q53", "Q54"], &[AUDIO]),
    ("Xiaomi phone-relay sink", Lacks(PORTS), &["Q39", "Q50", "Q53", "Q54"], &[]),
    ("CastKu", TakesInput("CHP 4.2 1920x1080p60 01"), &["Q34", "Q50", "Q51", "Q72"], &[]),
    ("castr receiver (Rust)", Plays("CHP 4 1280x720p30 00"), &["Q31", "Q33", "Q46", "Q47", "Q50", "Q52"], &[]),
    ("Python test sink", Lacks(VIDEO), &["Q43", "Q50"], &[AUDIO]),
    ("Stub sink (truncated video line)", Plays("CHP 3.2 1280x720p60 00"), &["Q32", "Q38", "Q44", "Q49", "Q50", "Q52"], &[]),
    ("RDK / AOSP-type sink", Lacks(VIDEO), &["Q46", "Q50"], &[PORTS, AUDIO]),
    // What cannot be read is the least that every sink has.
    ("swaybeam mock 'LG TV'", Plays("CBP 3.1 640x480p60 00"), &[], &[PORTS, AUDIO]),
    // wfd_video_formats does not count where wfdx is answered: 1080p30, and two modes that are too large.
    ("Mira (macOS) test sink", Plays("CBP 4.2 1920x1080p30 01 wfdx_video_formats"), &["Q50"], &[]),
    // Level 3.1 carries the least mode alone.
    ("[MS-WFDPE] example: wfdx", Plays("CBP 3.1 640x480p60 01 wfdx_video_formats"), &["Q39", "Q50"], &[]),
    ("[MS-WFDPE] example: max bitrate", Plays("CBP 3.1 640x480p60 00"), &["Q50", "Q52"], &[PORTS]),
];

/// The sound of M4, by a source that has every format: the sink's order does not count.
const LPCM: &str = "LPCM 00000002 00";

/// The sinks that offer AAC alone.
const WITHOUT_LPCM: [&str; 4] = [
    "AOSP-based sink with UIBC",
    "kensuke AOSP sink (issue 8)",
    "lazycast (Raspberry Pi sink)",
    "ColorOS / OPPO car display",
];

/// The sink that names its sound in the way of R2; the others with R2 modes do not.
const R2_SOUND: &str = "Windows 10/11 PC as sink";

const PLACE: Place = Place {
    local: START.local,
    input_port: 50_002,
};

fn sinks() -> Vec<Entry> {
    entry::read(SINKS).expect("entries")
}

#[test]
fn every_recorded_sink_is_dealt_with_as_expected() {
    let sinks = sinks();
    assert_eq!(sinks.len(), EXPECTED.len());
    for (entry, (name, expected, quirks, completed)) in sinks.iter().zip(EXPECTED) {
        assert!(entry.device.starts_with(name), "{} {name}", entry.device);
        let report = report(entry).expect(name);
        match expected {
            Plays(choice) => check_playing(entry, &report, choice, false),
            TakesInput(choice) => check_playing(entry, &report, choice, true),
            Lacks(parameter) => {
                assert_eq!(report.outcome, Outcome::Refused, "{name}");
                let reason = format!("M3 answer: {parameter} missing or malformed");
                assert_eq!(report.reason, Some(reason), "{name}");
                assert!(report.m4.is_empty() && report.modes.is_empty(), "{name}");
            }
        }
        assert_eq!(report.quirks, quirks, "{name}");
        assert_eq!(report.completed, completed, "{name}");
        assert!(report.m4_refusals.is_empty(), "{name}");
    }
}

/// Media flows, M4 is within the offer and says `choice`, and the monitor's best mode is that.
fn check_playing(entry: &Entry, report: &Report, choice: &str, takes_input: bool) {
    let device = &entry.device;
    assert_eq!(report.outcome, Outcome::Playing, "{device}");
    assert_eq!(report.reason, None, "{device}");
    let mut answers = entry.answers.clone();
    answers.complete();
    let chosen = offer::check(&answers, &report.m4, PLACE)
        .unwrap_or_else(|error| panic!("{device}: {error:#}"));
    let words: Vec<&str> = choice.split(' ').collect();
    let [profile, level, mode, rate_control, parameter @ ..] = words.as_slice() else {
        panic!("{choice}")
    };
    let parameter = parameter.first().unwrap_or(&VIDEO);
    assert_eq!(chosen.parameter, *parameter, "{device}");
    let bit = |names: &[&str], name| names.iter().position(|one| *one == name).map(|n| 1 << n);
    let tuple = chosen.tuple;
    let profiles = ["CBP", "CHP", "RHP2"];
    assert_eq!(Some(tuple.profile), bit(&profiles, *profile), "{device}");
    let levels = ["3.1", "3.2", "4", "4.1", "4.2"];
    assert_eq!(Some(tuple.level), bit(&levels, *level), "{device}");
    assert_eq!(chosen.mode, *mode, "{device}");
    assert_eq!(
        format!("{:02X}", tuple.rate_control),
        *rate_control,
        "{device}"
    );
    let input = report
        .m4
        .iter()
        .any(|(name, _)| name == "wfd_uibc_capability");
    assert_eq!(input, takes_input, "{device}");
    let without_lpcm = WITHOUT_LPCM.iter().any(|name| device.starts_with(name));
    let sound = if without_lpcm {
        "AAC 00000001 00"
    } else {
        LPCM
    };
    let name = if device.starts_with(R2_SOUND) {
        "wfd2_audio_codecs"
    } else {
        AUDIO
    };
    let is_sound = |(name, _): &&(String, String)| name.ends_with("audio_codecs");
    let said: Vec<_> = report.m4.iter().filter(is_sound).cloned().collect();
    assert_eq!(said, [(name.to_owned(), sound.to_owned())], "{device}");
    let has_monitor = !device.starts_with("Set-top");
    let best = has_monitor.then_some(*mode);
    assert_eq!(report.modes.first().map(String::as_str), best, "{device}");
    assert!(
        report.modes.iter().all(|mode| !mode.contains('i')),
        "{device}"
    );
}

#[test]
fn a_mode_that_is_left_out_has_its_reason() {
    let sinks = sinks();
    let [_, _, _, lg, ..] = sinks.as_slice() else {
        panic!("no sinks")
    };
    let left_out = report(lg).expect("a report").modes_left_out;
    for (mode, reason) in [
        ("1920x1080p60", "no common level carries it"),
        ("1920x1200p30", "no common level carries it"),
        ("1920x1080i60", "interlaced, which the encoder cannot make"),
    ] {
        let found = left_out.iter().find(|(name, _)| name == mode);
        assert_eq!(found.map(|(_, why)| why.as_str()), Some(reason), "{mode}");
    }
}
