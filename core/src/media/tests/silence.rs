//! Silence that is made here, for sinks that must have sound.

use super::*;
use crate::limits::{AUDIO_LEAD_MIN, SILENT_UNITS_MAX};

const SILENCE: AudioConfig = AudioConfig {
    silence: true,
    ..in_format(ChosenAudio::LPCM_48)
};

/// A stream of silence that has begun; its first unit came behind the first picture.
fn silent<'m>(memory: &'m mut [u8; BATCH_BYTES], config: &AudioConfig) -> Rig<'m> {
    let mut rig = Rig::idle(memory);
    rig.input(Input::StartAudio(config));
    assert_eq!(rig.input(Input::Start(&CONFIG)), [Said::Datagrams(1)]);
    let said = rig.chunk(WHOLE_IDR, &slice(true, 100));
    let picture = [Said::Start(100), Said::Datagrams(1), Said::Done];
    assert_eq!(said, [&picture[..], &[Said::Datagrams(2)]].concat());
    rig.receiver.take_units();
    rig
}

/// Lets the timer run for so long.
fn run(rig: &mut Rig<'_>, time: Duration) {
    let end = rig.now + time;
    while let Some(wake) = rig.wake().filter(|wake| *wake <= end) {
        rig.now = rig.now.max(wake);
        assert!(!rig.drain(&NoPayload).is_empty());
    }
    rig.now = end;
}

#[test]
fn silence_is_zeros_every_ten_milliseconds() {
    let mut memory = memory();
    let mut rig = silent(&mut memory, &SILENCE);
    run(&mut rig, Duration::from_secs(10));
    let units = rig.receiver.take_sound();
    assert_eq!(units.len(), 1001);
    for (number, unit) in (0..).zip(&units) {
        assert_eq!(unit.pts, 97_200 + number * 900);
        assert_eq!(unit.bytes[..4], [0xA0, 0x06, 0x00, 0x11]);
        assert!(unit.bytes[4..].iter().all(|byte| *byte == 0));
        assert_eq!(unit.bytes.len(), 4 + 1920);
    }
    let counters = rig.streamer.counters();
    assert_eq!(
        (counters.silent_units, counters.silent_units_skipped),
        (1001, 0)
    );
    assert_eq!(counters.audio_units, 0);
}

#[test]
fn silence_waits_for_the_first_picture_also_in_a_pause() {
    let mut memory = memory();
    let mut rig = Rig::idle(&mut memory);
    rig.input(Input::Start(&CONFIG));
    assert_eq!(rig.input(Input::StartAudio(&SILENCE)), [Said::Datagrams(1)]);
    run(&mut rig, Duration::from_secs(1));
    rig.input(Input::Pause);
    rig.input(Input::Resume);
    run(&mut rig, Duration::from_secs(1));
    assert_eq!(rig.receiver.take_sound().len(), 0);
    // The pause comes while the picture is on its way: its rest is sent, and no silence.
    rig.begin_chunk(WHOLE_IDR);
    assert_eq!(rig.poll(&slice(true, 100)[..]), Some(Said::Start(100)));
    rig.streamer.handle(Input::Pause, rig.now);
    rig.drain(&slice(true, 100)[..]);
    run(&mut rig, Duration::from_secs(1));
    assert_eq!(rig.receiver.take_sound().len(), 0);
    rig.receiver.gap_allowed = true;
    rig.input(Input::Resume);
    assert_eq!(rig.receiver.take_sound().len(), 1);
}

#[test]
fn at_44_100_hertz_the_steps_are_those_of_the_samples() {
    let mut memory = memory();
    let config = AudioConfig {
        format: ChosenAudio::LPCM_44,
        ..SILENCE
    };
    let mut rig = silent(&mut memory, &config);
    run(&mut rig, Duration::from_secs(16));
    let units = rig.receiver.take_sound();
    // 147 units are 1.6 s.
    assert_eq!(units.len(), 1471);
    for (number, unit) in (0..).zip(&units) {
        assert_eq!(unit.pts, 97_200 + number * 480 * 90_000 / 44_100);
    }
    assert_eq!(units[1470].pts, 97_200 + 16 * 90_000);
}

#[test]
fn silence_goes_on_beside_pictures() {
    let mut memory = memory();
    let mut rig = silent(&mut memory, &SILENCE);
    // Eight batches in steps of 10 ms: each begins with what is due, and so does the last.
    let bytes = slice(true, 450_000);
    rig.begin_chunk(WHOLE_IDR);
    let mut batches = 0;
    loop {
        match rig.poll(&bytes[..]) {
            Some(Said::Datagrams(_)) => {
                rig.advance(Duration::from_millis(10));
                batches += 1;
            }
            Some(Said::Done) => break,
            _ => {}
        }
    }
    assert_eq!(batches, 8);
    assert_eq!(rig.receiver.take_sound().len(), 8);
    assert_eq!(rig.receiver.take_units()[0].bytes.len(), 6 + 450_000);
}

#[test]
fn a_late_timer_makes_up_for_what_can_still_be_played() {
    let mut memory = memory();
    let mut rig = silent(&mut memory, &SILENCE);
    rig.receiver.gap_allowed = true;
    rig.advance(Duration::from_secs(1));
    rig.drain(&NoPayload);
    let units = rig.receiver.take_sound();
    // The first one; then those of the last 60 ms, the last of them due just now.
    let times: Vec<_> = units.iter().map(|unit| unit.pts - 97_200).collect();
    let expected: Vec<_> = [0].into_iter().chain((95..=100).map(|n| n * 900)).collect();
    assert_eq!(times, expected);
    let skipped = rig.streamer.counters().silent_units_skipped;
    assert_eq!(skipped, 100 - SILENT_UNITS_MAX);
}

#[test]
fn a_pause_is_silent_without_silence() {
    let mut memory = memory();
    let mut rig = silent(&mut memory, &SILENCE);
    run(&mut rig, Duration::from_millis(25));
    rig.input(Input::Pause);
    assert_eq!(rig.wake(), None);
    rig.advance(Duration::from_mins(1));
    assert_eq!(rig.drain(&NoPayload), []);
    rig.receiver.gap_allowed = true;
    assert_eq!(rig.input(Input::Resume), [Said::Datagrams(2)]);
    run(&mut rig, Duration::from_millis(10));
    let units = rig.receiver.take_sound();
    let times: Vec<_> = units.iter().map(|unit| unit.pts - 97_200).collect();
    let again = (60_000 + 25) * 90;
    assert_eq!(times, [0, 900, 1800, again, again + 900]);
}

#[test]
fn silence_takes_no_sound_and_other_formats_have_no_silence() {
    let mut memory = memory();
    let mut rig = silent(&mut memory, &SILENCE);
    let refused = [Said::Dropped(101, DropReason::NoAudio), Said::Done];
    assert_eq!(rig.sound(&[0; 1920]), refused);
    let aac = AudioConfig {
        format: ChosenAudio::AAC_STEREO,
        ..SILENCE
    };
    rig.advance(Duration::from_millis(5));
    assert_eq!(rig.input(Input::StartAudio(&aac)), [Said::Datagrams(1)]);
    run(&mut rig, Duration::from_secs(1));
    assert_eq!(rig.receiver.take_sound().len(), 1, "that of the beginning");
}

#[test]
fn silence_has_time_to_arrive_whatever_the_lead() {
    let mut memory = memory();
    let mut rig = Rig::idle(&mut memory);
    let config = StreamConfig {
        pts_lead: Duration::ZERO,
        ..CONFIG
    };
    rig.input(Input::StartAudio(&SILENCE));
    rig.input(Input::Start(&config));
    rig.chunk(WHOLE_IDR, &slice(true, 100));
    run(&mut rig, Duration::from_secs(1));
    let lead = AUDIO_LEAD_MIN.as_millis() as u64 * 90;
    assert_eq!(rig.receiver.take_sound()[0].pts, 90_000 + lead);
}
