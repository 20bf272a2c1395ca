//! Sound in whole sessions, in virtual time.

use core::time::Duration;

use miracast_kmd_iface::escape::{AudioFormats, Features};
use miracast_kmd_iface::{NtStatus, Opcode};
use miracast_miniport::peer::{BadSound, BadSpan, SoundFault};
use miracast_miniport::script::{Action, Step};
use miracast_sim::{BadRecord, Outcome, Plan, Timed, UserDeed, UserStep, run};
use miracast_sink::machine::{Command, Logged};
use miracast_sink::stream::{Coding, Fault};

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

/// The sink holds the descriptor against the frames, which have 192 kbit/s.
#[test]
fn the_pmt_has_the_rate_that_the_miniport_says_of_ac3() {
    let at = |bit_rate| {
        let mut plan = plan("AC3 00000001 00", AudioFormats::AC3_2);
        plan.miniport.audio_bit_rate = bit_rate;
        run(&plan).stream.faults.count(Fault::PmtAudio)
    };
    for right in [192_000, 200_000, 0] {
        assert_eq!(at(right), 0, "{right} bit/s");
    }
    for wrong in [448_000, 160_000] {
        assert!(at(wrong) > 500, "{wrong} bit/s");
    }
}

/// What Windows recommends is for both (DDI-26).
#[test]
fn the_sound_takes_its_part_of_the_recommended_rate() {
    let opened = |plan: &Plan| {
        let outcome = play(plan);
        let mut rates = outcome.series.0.iter().map(|sample| sample.rate);
        (rates.find(|rate| *rate != 0), outcome.rates_set)
    };
    let mut lpcm = plan("LPCM 00000002 00", AudioFormats::LPCM_48);
    lpcm.bit_rate = 4_000_000;
    assert_eq!(opened(&lpcm), (Some(2_464_000), vec![]));
    // What AAC takes is said when it starts.
    let mut aac = plan("AAC 00000001 00", AudioFormats::AAC_2);
    aac.bit_rate = 2_500_000;
    aac.miniport.audio_bit_rate = 200_000;
    assert_eq!(opened(&aac), (Some(2_300_000), vec![2_300_000]));
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

/// The chunks of sound that the miniport captures in this time.
fn chunks_in(length: Duration) -> usize {
    length.as_millis() as usize / 10
}

fn after(seconds: u64, deed: Command) -> UserStep {
    UserStep {
        after: Duration::from_secs(seconds),
        deed: UserDeed::Tell(deed),
    }
}

fn mutes(outcome: &Outcome) -> usize {
    let is_mute = |m: &&Logged| m.name == "microsoft_audio_mute";
    outcome.messages.iter().filter(is_mute).count()
}

#[test]
fn a_sink_that_is_mute_gets_no_sound_until_it_wants_it_again() {
    let mut plan = Plan::honest(3, LENGTH);
    plan.user = vec![
        after(5, Command::Mute(true)),
        after(10, Command::Mute(false)),
    ];
    let outcome = play(&plan);
    assert_eq!(mutes(&outcome), 2);
    let sound = &outcome.stream.sound;
    let captured = outcome.captured.len();
    let wanted = chunks_in(LENGTH) - chunks_in(Duration::from_secs(5));
    assert!((wanted - 50..=wanted).contains(&captured), "{captured}");
    assert_eq!((sound.gaps, sound.damaged_units), (1, 0));
    let missing = sound.gap_ticks / 90_000;
    assert!((4..=5).contains(&missing), "{missing} s");
    assert_eq!(outcome.audio.lost_streams, 0);
}

#[test]
fn a_ring_full_of_sound_without_a_record_is_emptied() {
    let mut plan = Plan::honest(3, LENGTH);
    plan.faults = vec![Timed {
        after: Duration::from_secs(4),
        length: Duration::from_secs(4),
        fault: miracast_sim::Fault::SoundRecords(BadRecord::Lost),
    }];
    let outcome = run(&plan);
    assert!(
        outcome.stream.faults.is_empty(),
        "{:?}",
        outcome.stream.faults
    );
    assert!((1..=8).contains(&outcome.audio.missing));
    assert_eq!(outcome.encoded, outcome.units_right, "pictures go on");
    let (heard, least) = (
        outcome.stream.sound.units,
        chunks_in(LENGTH) - chunks_in(Duration::from_secs(6)),
    );
    assert!(heard as usize > least, "{heard}");
}

#[test]
fn sound_does_not_start_where_pictures_are_refused() {
    let mut plan = Plan::honest(3, LENGTH);
    let refusal = (Opcode::STREAM_START, NtStatus::DEVICE_NOT_READY);
    plan.miniport.misbehaviour.refuse.push(refusal);
    let outcome = run(&plan);
    assert_eq!(said(&outcome, "escape 0x0021: 0xC00000A3"), 1);
    let starts_sound = |line: &String| line.contains("escape 0x0041");
    assert!(!outcome.trace.iter().any(starts_sound));
}

#[test]
fn sound_does_not_come_back_without_the_pictures() {
    let mut plan = Plan::honest(3, LENGTH);
    plan.desktop.push(Step {
        after: Duration::from_secs(5),
        action: Action::PathOff,
    });
    plan.user = vec![
        after(7, Command::Mute(true)),
        after(9, Command::Mute(false)),
    ];
    let outcome = play(&plan);
    assert_eq!(mutes(&outcome), 2);
    let captured = outcome.captured.len();
    assert!(captured <= chunks_in(Duration::from_secs(6)), "{captured}");
}

/// A miniport whose chunk of two seconds after the start has this fault.
fn spoiled(fault: SoundFault) -> Outcome {
    let mut plan = Plan::honest(3, LENGTH);
    plan.miniport.misbehaviour.sound = Some(BadSound { chunk: 200, fault });
    let outcome = run(&plan);
    let (stream, picture) = (&outcome.stream, &outcome.reports);
    assert!(stream.faults.is_empty(), "{:?}", stream.faults);
    assert!(picture.is_empty(), "the session goes on");
    assert_eq!(outcome.encoded, outcome.units_right, "so do the pictures");
    outcome
}

/// How often the trace says it.
fn said(outcome: &Outcome, what: &str) -> usize {
    let lines = outcome.trace.iter();
    lines.filter(|line| line.ends_with(what)).count()
}

#[test]
fn a_record_outside_of_the_ring_ends_in_silence() {
    let outcome = spoiled(SoundFault::OutsideRing);
    assert_eq!(said(&outcome, "sound lost: a chunk is not in the ring"), 1);
    assert_eq!((outcome.audio.bad_span, outcome.audio.lost_streams), (1, 1));
    assert_eq!(outcome.captured.len(), 201, "it is closed");
    let sound = &outcome.stream.sound;
    assert_eq!(sound.hashes()[..200], outcome.captured[..200]);
    assert_eq!(sound.units, 200 + outcome.media.silent_units);
    assert!(sound.units > 1900, "{}", sound.units);
}

#[test]
fn a_chunk_that_is_no_whole_frames_is_left_out() {
    let outcome = spoiled(SoundFault::CutFrame);
    let told = "sound: a chunk has a length that the format does not have";
    assert_eq!(said(&outcome, told), 1);
    assert_eq!((outcome.audio.misfit, outcome.audio.lost_streams), (1, 0));
    let mut whole = outcome.captured.clone();
    whole.remove(200);
    assert_eq!(outcome.stream.sound.hashes(), whole);
    assert_eq!(outcome.stream.sound.gaps, 1);
}

#[test]
fn sound_with_the_number_of_the_pictures_gives_way_to_them() {
    let mut plan = Plan::honest(3, LENGTH);
    plan.miniport.misbehaviour.numbers_alike = true;
    let outcome = run(&plan);
    assert!(outcome.reports.is_empty(), "{:?}", outcome.reports);
    assert_eq!(outcome.encoded, outcome.units_right);
    assert!(outcome.encoded > 550, "{}", outcome.encoded);
    let told = "sound lost: it has the number of the pictures";
    assert_eq!(said(&outcome, told), 1);
    assert_eq!(outcome.audio.lost_streams, 1);
    assert_eq!(outcome.media.silent_units, outcome.stream.sound.units);
}

#[test]
fn a_ring_of_sound_that_cannot_be_one_leaves_silence() {
    let mut plan = Plan::honest(3, LENGTH);
    plan.miniport.misbehaviour.sound_span = Some(BadSpan::OddLength);
    let outcome = run(&plan);
    assert!(outcome.reports.is_empty(), "{:?}", outcome.reports);
    assert_eq!(outcome.encoded, outcome.units_right);
    assert_eq!(said(&outcome, "sound lost: its ring cannot be one"), 1);
    assert_eq!(outcome.media.silent_units, outcome.stream.sound.units);
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
