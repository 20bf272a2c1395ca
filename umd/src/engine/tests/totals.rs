//! What a session came to in numbers.

use std::collections::HashSet;
use std::string::ToString as _;

use miracast_core::media;

use super::*;

#[test]
fn a_session_that_windows_stops_is_counted_once_behind_its_end() {
    let mut world = World::default();
    let mut engine = started(&mut world);
    engine.turn(Wake::Timeout, NOW, &mut world);
    assert_eq!(world.totals, []);
    for _ in 0..2 {
        engine.turn(Wake::Stop, NOW, &mut world);
    }
    let [(_, told)] = &world.totals[..] else {
        panic!("told {} times", world.totals.len());
    };
    assert_eq!(*told, world.told);
    assert!(told.iter().any(|entry| entry.what == What::Ended));
}

#[test]
fn a_session_that_fails_in_start_is_counted_once() {
    let mut world = World {
        room: 1,
        ..World::default()
    };
    let mut engine = started(&mut world);
    let wait = engine.turn(Wake::Event(Signal::Rtsp), NOW, &mut world);
    assert_eq!(wait.started, Some(Err(NtStatus::NETWORK_BUSY)));
    assert_eq!(world.totals.len(), 1);
    assert_eq!(world.totals[0].1, world.told);
    engine.turn(Wake::Timeout, NOW, &mut world);
    engine.turn(Wake::Stop, NOW, &mut world);
    assert_eq!(world.totals.len(), 1);
}

#[test]
fn a_session_without_a_miniport_is_counted_once() {
    let (mut world, mut engine) = (World::default(), created());
    let wait = engine.turn(Wake::Start(&INFO), NOW, &mut world);
    assert_eq!(wait.started, Some(Err(NtStatus::INVALID_DEVICE_STATE)));
    engine.turn(Wake::Stop, NOW, &mut world);
    assert_eq!(world.totals.len(), 1);
}

/// Makes each of the sources count something so many times.
fn count(engine: &mut Engine<'_>, world: &mut World, times: u64) {
    engine.encoder_counters.rates_set += times;
    engine.pictures.counters.malformed += times;
    engine.audio.sound.counters.chunks += times;
    engine.input.counters.taken += times;
    for _ in 0..times {
        let no_sets = media::Input::ParameterSets(b"no parameter sets");
        engine.streamer.handle(no_sets, NOW);
        let chunk = media::Chunk {
            id: 1,
            flags: media::ChunkFlags::empty(),
            captured: NOW,
            arrived: NOW,
        };
        engine.streamer.handle(media::Input::Chunk(chunk), NOW);
        // The sink of this world sends RTCP that is none, without end.
        engine.turn(Wake::Event(Signal::Auxiliary), NOW, world);
    }
}

#[test]
fn each_session_counts_anew_and_each_count_has_its_name() {
    let mut world = World::default();
    let mut engine = started(&mut world);
    let reads = limits::RTCP_READS_PER_TURN as u64;
    for times in [3, 2] {
        count(&mut engine, &mut world, times);
        engine.turn(Wake::Stop, NOW, &mut world);
        let (totals, _) = world.totals.last().unwrap();
        let found: Vec<_> = totals.iter().filter(|(_, count)| *count != 0).collect();
        let expected = [
            ("ParameterSetsRefused", times),
            ("DroppedStopped", times),
            ("ChunksReportedDropped", times),
            ("RatesSet", times),
            ("RecordsMalformed", times),
            ("AudioChunks", times),
            ("ReportsMalformed", times * reads),
            ("InputTaken", times),
        ];
        assert_eq!(found, expected);
        engine.turn(Wake::Start(&INFO), NOW, &mut world);
    }
}

#[test]
fn no_two_counts_have_one_name() {
    let names: HashSet<_> = Totals::NAMES.into_iter().collect();
    assert_eq!(names.len(), Totals::NAMES.len());
}

#[test]
fn what_is_not_zero_is_a_line_of_text() {
    let mut world = World::default();
    let mut engine = started(&mut world);
    engine.turn(Wake::Stop, NOW, &mut world);
    let text = |world: &World| world.totals.last().unwrap().0.to_string();
    assert_eq!(text(&world), "counted: nothing");
    engine.turn(Wake::Start(&INFO), NOW, &mut world);
    engine.pictures.counters.malformed = 7;
    engine.input.counters.taken = 1;
    engine.turn(Wake::Stop, NOW, &mut world);
    assert_eq!(text(&world), "counted: RecordsMalformed 7, InputTaken 1");
}
