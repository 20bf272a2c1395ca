//! Sound in whole sessions, in virtual time.

use core::time::Duration;

use miracast_kmd_iface::escape::{AudioFormats, Features};
use miracast_kmd_iface::{NtStatus, Opcode};
use miracast_sim::{Outcome, Plan, run};
use miracast_sink::stream::Coding;

const LENGTH: Duration = Duration::from_secs(20);

fn play(plan: &Plan) -> Outcome {
    let outcome = run(plan);
    let faults = outcome.faults();
    assert!(faults.is_empty(), "seed {}: {faults:#?}", plan.seed);
    outcome
}

/// A sink that offers `codecs`, and a miniport that captures `formats`.
fn plan(codecs: &str, formats: AudioFormats) -> Plan {
    let mut plan = Plan::honest(3, LENGTH);
    codecs.clone_into(&mut plan.sink.capabilities.audio_codecs);
    plan.miniport.audio = formats;
    plan
}

/// Whether the M4 of the session names audio.
fn announces(outcome: &Outcome) -> bool {
    let m4 = outcome.messages.iter().find(|m| m.name == "M4");
    let text = String::from_utf8_lossy(&m4.expect("an M4").bytes).into_owned();
    text.contains("wfd_audio_codecs: ")
}

#[test]
fn what_the_desktop_plays_comes_whole_and_without_a_gap() {
    let outcome = play(&Plan::honest(3, LENGTH));
    let sound = &outcome.stream.sound;
    assert_eq!(sound.format.map(|format| format.coding), Some(Coding::Lpcm));
    assert!(sound.units > 1900, "{}", sound.units);
    assert_eq!((sound.gaps, sound.damaged_units), (0, 0));
    assert!((19..=20).contains(&sound.clicks.len()));
    assert_eq!(outcome.audio.chunks, sound.units);
    assert_eq!((outcome.audio.dropped, outcome.audio.overrun), (0, 0));
}

#[test]
fn coded_sound_passes_as_it_is() {
    let cases = [
        ("AAC 00000001 00", AudioFormats::AAC_2, Coding::Aac, 900),
        ("AC3 00000004 00", AudioFormats::AC3_6, Coding::Ac3, 600),
        (
            "LPCM 00000001 00",
            AudioFormats::LPCM_44,
            Coding::Lpcm,
            1750,
        ),
    ];
    for (codecs, formats, coding, units) in cases {
        let sound = play(&plan(codecs, formats)).stream.sound;
        assert_eq!(sound.format.map(|format| format.coding), Some(coding));
        assert!(sound.units > units, "{codecs}: {}", sound.units);
        assert_eq!(sound.gaps, 0, "{codecs}");
    }
}

#[test]
fn without_a_common_format_there_is_no_sound_and_no_word_of_it() {
    let mut deaf = Plan::honest(3, LENGTH);
    deaf.miniport.features = Features::INPUT;
    let cases = [
        plan("AAC 00000001 00", AudioFormats::LPCM_48),
        plan("none", AudioFormats::LPCM_48),
        deaf,
    ];
    for plan in cases {
        let outcome = play(&plan);
        assert!(!announces(&outcome));
        assert_eq!(outcome.stream.audio_packets, 0);
        assert!(outcome.captured.is_empty());
    }
}

#[test]
fn a_miniport_that_fails_with_its_audio_leaves_silence() {
    for opcode in [Opcode::AUDIO_OPEN, Opcode::AUDIO_START] {
        let mut plan = Plan::honest(3, LENGTH);
        let refusal = (opcode, NtStatus::DEVICE_NOT_READY);
        plan.miniport.misbehaviour.refuse.push(refusal);
        let outcome = run(&plan);
        let sound = &outcome.stream.sound;
        assert!(
            outcome.stream.faults.is_empty(),
            "{:?}",
            outcome.stream.faults
        );
        assert!(outcome.reports.is_empty(), "the session goes on");
        assert!(announces(&outcome));
        assert!(sound.units > 1900, "{opcode}: {}", sound.units);
        assert_eq!((sound.gaps, sound.clicks.len()), (0, 0));
        assert_eq!(outcome.audio.lost_streams, 1);
        assert_eq!(outcome.media.silent_units, sound.units);
    }
}
