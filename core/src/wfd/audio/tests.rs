use std::format;
use std::string::{String, ToString};

use proptest::prelude::*;

use super::*;

fn parse(value: &str) -> AudioCodecs {
    match AudioCodecs::parse(value) {
        Ok(Offer::Present(codecs)) => codecs,
        other => panic!("{value}: {other:?}"),
    }
}

fn fault(value: &str) -> Option<Fault> {
    AudioCodecs::parse(value)
        .err()
        .map(|malformed| malformed.fault)
}

#[test]
fn a_real_answer_is_read_tuple_by_tuple() {
    let text = "LPCM 00000003 02, AAC 00000001 02, AC3 00000000 02";
    let offer = parse(text);
    let tuple = |format, modes| AudioCodec {
        format,
        modes,
        latency: 2,
    };
    let tuples = [
        tuple(AudioFormat::Lpcm, 3),
        tuple(AudioFormat::Aac, 1),
        tuple(AudioFormat::Ac3, 0),
    ];
    assert_eq!(offer.codecs, tuples);
    assert_eq!(offer.to_string(), text);
}

fn noticed(value: &str, release: Release) -> String {
    let mut fired = Fired::new();
    assert!(AudioCodecs::read(value, release, &mut fired).is_ok());
    fired.to_string()
}

#[test]
fn q39_q40_are_noticed() {
    for (value, ids) in [
        ("LPCM 00000003 00, AAC 00000001 00", "none"),
        ("none", "none"),
        ("LPCM 00000003 00, AC3 00000000 00", "Q39"),
        ("AAC 00000001 00", "Q39"),
        ("LPCM 00000001 00", "Q39"),
        ("LPCM 000001ff 00", "Q40"),
        ("LPCM 00000002 00, CTA 00000001 00", "Q40"),
    ] {
        assert_eq!(noticed(value, Release::R1), ids, "{value}");
    }
    assert_eq!(noticed("LPCM 000001ff 00", Release::R2), "none");
}

#[test]
fn r2_has_more_formats() {
    let value = "LPCM 000001FF 00, CTA 00000001 00, AAC-ELDv2 00000003 00, X 1 0";
    let read = AudioCodecs::read(value, Release::R2, &mut Fired::new());
    let Ok(Offer::Present(codecs)) = read else {
        panic!("{read:?}")
    };
    let text = value.split_at(value.len() - 7).0;
    assert_eq!(codecs.to_string(), text);
}

#[test]
fn none_is_an_answer() {
    assert_eq!(AudioCodecs::parse("none"), Ok(Offer::None));
}

#[test]
fn q39_a_format_without_modes_is_not_offered() {
    let offer = parse("LPCM 00000003 00, AAC 00000001 00, AC3 00000000 00");
    assert!(!offer.offers(ChosenAudio::AC3_STEREO));
    assert!(offer.offers(ChosenAudio::LPCM_44));
}

#[test]
fn q39_our_order_decides_and_not_the_sinks() {
    let choose = |value, wanted| parse(value).choose(wanted);
    let all = AudioCapabilities::all();
    let everything = "AC3 00000007 00, AAC 0000000F 00, LPCM 00000003 00";
    let mut wanted = all;
    for choice in PREFERENCE {
        assert_eq!(choose(everything, wanted), Some(choice));
        wanted -= choice.capability();
    }
    assert_eq!(wanted, AudioCapabilities::empty());
    assert_eq!(choose(everything, wanted), None);
    let aac = "AAC 0000000F 00";
    assert_eq!(choose(aac, all), Some(ChosenAudio::AAC_STEREO));
    assert_eq!(choose(aac, AudioCapabilities::LPCM), None);
}

#[test]
fn a_mode_has_the_bit_and_the_numbers_of_its_table() {
    for (choice, text, rate, channels) in [
        (ChosenAudio::LPCM_44, "LPCM 00000001 00", 44_100, 2),
        (ChosenAudio::LPCM_48, "LPCM 00000002 00", 48_000, 2),
        (ChosenAudio::AAC_STEREO, "AAC 00000001 00", 48_000, 2),
        (ChosenAudio::AAC_4, "AAC 00000002 00", 48_000, 4),
        (ChosenAudio::AAC_6, "AAC 00000004 00", 48_000, 6),
        (ChosenAudio::AAC_8, "AAC 00000008 00", 48_000, 8),
        (ChosenAudio::AC3_STEREO, "AC3 00000001 00", 48_000, 2),
        (ChosenAudio::AC3_4, "AC3 00000002 00", 48_000, 4),
        (ChosenAudio::AC3_6, "AC3 00000004 00", 48_000, 6),
    ] {
        assert_eq!(choice.to_string(), text);
        assert_eq!((choice.sample_rate(), choice.channels()), (rate, channels));
    }
}

#[test]
fn q40_formats_of_r2_are_passed_over() {
    let offer = parse("AAC-ELDv2 00000001 00, lpcm 00000002 00");
    assert_eq!(offer.codecs.len(), 1);
    assert!(offer.offers(ChosenAudio::LPCM_48));
}

#[test]
fn garbage_is_an_error_that_says_why() {
    assert_eq!(fault(""), Some(Fault::Missing));
    assert_eq!(fault("LPCM"), Some(Fault::Missing));
    assert_eq!(fault("LPCM 00000002"), Some(Fault::Missing));
    assert_eq!(fault("LPCM x 00"), Some(Fault::NotANumber));
    assert_eq!(fault("LPCM 00000002 100"), Some(Fault::TooLarge));
    assert_eq!(fault("LPCM 00000002 00 00"), Some(Fault::Extra));
    assert_eq!(fault("LPCM 00000002 00,"), Some(Fault::Missing));
    let nine = ["LPCM 00000002 00"; 9].join(", ");
    assert_eq!(fault(&nine), Some(Fault::TooMany));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(value in any::<String>()) {
        let _ = AudioCodecs::parse(&value);
    }

    #[test]
    fn what_is_printed_is_read_back(
        tuples in prop::collection::vec((0_usize..3, any::<u32>(), any::<u8>()), 1..=8),
    ) {
        let codec = |(format, modes, latency)| AudioCodec {
            format: AudioFormat::ALL[format],
            modes,
            latency,
        };
        let offer = AudioCodecs { codecs: tuples.into_iter().map(codec).collect() };
        prop_assert_eq!(parse(&format!("{offer}")), offer);
    }
}
