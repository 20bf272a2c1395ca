//! The judge can tell wrong from right: each fault of a good M4, alone.

use super::*;

const PLACE: Place = Place {
    local: Ipv4Addr::new(10, 0, 0, 1),
    input_port: 50_002,
};

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    list.iter().map(owned).collect()
}

fn answers(video: &str) -> Answers {
    Answers(pairs(&[
        ("wfd_video_formats", video),
        ("wfd_audio_codecs", "LPCM 00000003 00, AAC 00000001 00"),
        (
            "wfd_client_rtp_ports",
            "RTP/AVP/UDP;unicast 19000 0 mode=play",
        ),
        (
            "wfd_uibc_capability",
            "input_category_list=GENERIC;generic_cap_list=Keyboard,Mouse;port=none",
        ),
    ]))
}

const OFFER: &str = "40 00 01 04 000101FF 00002000 00000000 00 0010 0403 03 none none, \
                     02 10 000001FF 00000000 00000000 00 0000 0000 00 none none";

const GOOD: [(&str, &str); 6] = [
    (
        "wfd_video_formats",
        "00 00 01 04 00000020 00000000 00000000 00 0010 0401 01 none none",
    ),
    ("wfd_audio_codecs", "LPCM 00000002 00"),
    (
        "wfd_presentation_URL",
        "rtsp://10.0.0.1/wfd1.0/streamid=0 none",
    ),
    (
        "wfd_client_rtp_ports",
        "RTP/AVP/UDP;unicast 19000 0 mode=play",
    ),
    (
        "wfd_uibc_capability",
        "input_category_list=GENERIC;generic_cap_list=Keyboard;hidc_cap_list=none;port=50002",
    ),
    ("wfd_uibc_setting", "enable"),
];

fn judge(m4: &[(&str, &str)]) -> anyhow::Result<Choice> {
    check(&answers(OFFER), &pairs(m4), PLACE)
}

#[test]
fn a_good_m4_passes() {
    let chosen = judge(&GOOD).unwrap();
    assert_eq!(chosen.mode, "1280x720p30");
    judge(&GOOD[..4]).unwrap();
}

/// Each the place of a parameter in [`GOOD`], and what it may not say.
#[rustfmt::skip]
const FAULTS: [(usize, &str); 35] = [
    // Native byte, preferred mode, latency, the last two fields, width of a field.
    (0, "40 00 01 04 00000020 00000000 00000000 00 0000 0000 00 none none"),
    (0, "00 01 01 04 00000020 00000000 00000000 00 0000 0000 00 none none"),
    (0, "00 00 01 04 00000020 00000000 00000000 02 0000 0000 00 none none"),
    (0, "00 00 01 04 00000020 00000000 00000000 00 0000 0000 00 0780 0438"),
    (0, "00 00 01 04 20 00000000 00000000 00 0000 0000 00 none none"),
    // No profile, two, one that is not offered with the mode; level likewise.
    (0, "00 00 00 04 00000020 00000000 00000000 00 0000 0000 00 none none"),
    (0, "00 00 03 04 00000020 00000000 00000000 00 0000 0000 00 none none"),
    (0, "00 00 02 04 00010000 00000000 00000000 00 0000 0000 00 none none"),
    (0, "00 00 01 00 00000020 00000000 00000000 00 0000 0000 00 none none"),
    (0, "00 00 01 0C 00000020 00000000 00000000 00 0000 0000 00 none none"),
    (0, "00 00 01 08 00000020 00000000 00000000 00 0000 0000 00 none none"),
    (0, "00 00 01 20 00000020 00000000 00000000 00 0000 0000 00 none none"),
    // No mode, two, one that is not offered, one above its level, fields in CBP.
    (0, "00 00 01 04 00000000 00000000 00000000 00 0000 0000 00 none none"),
    (0, "00 00 01 04 00000021 00000000 00000000 00 0000 0000 00 none none"),
    (0, "00 00 01 04 00000400 00000000 00000000 00 0000 0000 00 none none"),
    (0, "00 00 01 04 00000000 00002000 00000000 00 0000 0000 00 none none"),
    (0, "00 00 01 02 00000080 00000000 00000000 00 0000 0000 00 none none"),
    (0, "00 00 01 04 00000004 00000000 00000000 00 0000 0000 00 none none"),
    // Slices below the smallest, more than offered, of a greater ratio, without being offered.
    (0, "00 00 01 04 00000020 00000000 00000000 00 0008 0401 00 none none"),
    (0, "00 00 01 04 00000020 00000000 00000000 00 0010 0404 00 none none"),
    (0, "00 00 01 04 00000020 00000000 00000000 00 0010 0801 00 none none"),
    (0, "00 00 02 10 00000020 00000000 00000000 00 0010 0401 00 none none"),
    // Frame rate control that is not offered.
    (0, "00 00 01 04 00000020 00000000 00000000 00 0000 0000 11 none none"),
    (1, "LPCM 00000004 00"),
    (1, "LPCM 00000003 00"),
    (1, "AC3 00000001 00"),
    (1, "LPCM 00000002 02"),
    (2, "rtsp://10.0.0.2/wfd1.0/streamid=0 none"),
    (3, "RTP/AVP/UDP;unicast 19002 0 mode=play"),
    (4, "input_category_list=GENERIC;generic_cap_list=Camera;hidc_cap_list=none;port=50002"),
    (4, "input_category_list=GENERIC;generic_cap_list=Mouse;hidc_cap_list=none;port=none"),
    (4, "input_category_list=HIDC;generic_cap_list=Mouse;hidc_cap_list=none;port=50002"),
    (4, "input_category_list=none;generic_cap_list=none;hidc_cap_list=none;port=50002"),
    (4, "input_category_list=GENERIC;generic_cap_list=Mouse;port=50002"),
    (5, "disable"),
];

#[test]
fn every_fault_is_seen() {
    for (place, value) in FAULTS {
        let mut spoiled = GOOD;
        spoiled[place].1 = value;
        assert!(judge(&spoiled).is_err(), "{value}");
    }
}

#[test]
fn what_is_missing_twice_or_unknown_is_seen() {
    for place in [0, 2, 3, 4, 5] {
        let mut short = GOOD.to_vec();
        let (name, _) = short.remove(place);
        assert!(judge(&short).is_err(), "without {name}");
    }
    let mut twice = GOOD.to_vec();
    twice.push(GOOD[3]);
    assert!(judge(&twice).is_err());
    let mut other = GOOD.to_vec();
    other.push(("wfd_standby", "x"));
    assert!(judge(&other).is_err());
}

#[test]
fn an_offer_that_cannot_be_read_is_the_least_of_every_sink() {
    let least = "00 00 01 01 00000001 00000000 00000000 00 0000 0000 00 none none";
    let more = "00 00 01 01 00000002 00000000 00000000 00 0000 0000 00 none none";
    for offer in ["01 01 00 0000000000000007", "xxx", ""] {
        assert!(video::check(&FORMS[0], offer, least).is_ok(), "{offer}");
        assert!(video::check(&FORMS[0], offer, more).is_err(), "{offer}");
    }
    let short = "00 00 02 02 00000040 none none";
    let hd = "00 00 02 02 00000040 00000000 00000000 00 0000 0000 00 none none";
    assert!(video::check(&FORMS[0], short, hd).is_ok());
    assert!(video::check(&FORMS[0], short, least).is_err());
}

/// The offer, a good choice, and faults that only this parameter can have.
#[test]
fn the_other_parameters_are_judged_by_their_own_tables() {
    let r2 = "40 01 04 0080 000000200100 0 0 00 0000 0000 11, 02 01 0010 000000200000 0 0 00 0000 0000 11 00";
    let form = &FORMS[1];
    let good = "00 01 04 0080 000000200000 000000000000 000000000000 00 0000 0000 01 00";
    assert_eq!(video::check(form, r2, good).unwrap().mode, "3840x2160p60");
    for bad in [
        // Native, codec, level 5.1, a mode that is not offered, direct streaming, R1's form.
        "40 01 04 0080 000000200000 000000000000 000000000000 00 0000 0000 01 00",
        "00 02 01 0010 000000200000 000000000000 000000000000 00 0000 0000 01 00",
        "00 01 04 0040 000000200000 000000000000 000000000000 00 0000 0000 01 00",
        "00 01 04 0080 000000040000 000000000000 000000000000 00 0000 0000 01 00",
        "00 01 04 0080 000000200000 000000000000 000000000000 00 0000 0000 01 01",
        "00 00 02 10 00000100 00000000 00000000 00 0000 0000 01 none none",
    ] {
        assert!(video::check(form, r2, bad).is_err(), "{bad}");
    }
    let wfdx = "0040 00 0001 0080 0000040100 0 0 00 0000 0000 11 none none";
    let good = "0000 00 0001 0080 0000040000 0000000000 00000000 00 0000 0000 01 none none";
    let chosen = video::check(&FORMS[2], wfdx, good).unwrap();
    assert_eq!(
        (chosen.mode, chosen.parameter),
        ("3840x2160p60", "wfdx_video_formats")
    );
    let wide = good.replace("0000040000 0000000000", "000000040000 000000000000");
    assert!(video::check(&FORMS[2], wfdx, &wide).is_err());
}
