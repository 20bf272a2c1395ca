//! The system clock: jumps of the machine's clock, years of pictures, and all counters at their ends.

use super::*;
use crate::limits::{CLOCK_LEAP, PSI_INTERVAL};

const SECOND: Duration = Duration::from_secs(1);

const UNMARKED: StreamConfig = StreamConfig {
    marker: false,
    ..CONFIG
};

/// A stream whose marker does not end pictures.
fn unmarked(memory: &mut [u8; BATCH_BYTES]) -> Rig<'_> {
    let mut rig = Rig::idle(memory);
    rig.receiver = Demuxer::new(&UNMARKED);
    rig.input(Input::Start(&UNMARKED));
    rig.chunk(WHOLE_IDR, &slice(true, 100));
    rig
}

/// How often a new time base was said, and how often one was counted.
fn bases(rig: &Rig<'_>) -> (usize, u64) {
    (rig.receiver.bases, rig.streamer.counters().clock_jumps)
}

#[test]
fn a_machine_that_slept_tells_of_a_new_time_base_once() {
    for (slept, jumps) in [(CLOCK_LEAP, 0), (CLOCK_LEAP + PSI_INTERVAL, 1)] {
        let mut memory = memory();
        let mut rig = unmarked(&mut memory);
        let before = rig.receiver.pcr.unwrap();
        rig.advance(slept);
        rig.receiver.gap_allowed = true;
        rig.chunk(WHOLE, &slice(false, 100));
        let step = rig.receiver.pcr.unwrap() - before;
        assert_eq!(step / 27, slept.as_micros() as u64, "the clock went on");
        rig.receiver.gap_allowed = false;
        for _ in 0..10 {
            rig.advance(PSI_INTERVAL);
            rig.chunk(WHOLE, &slice(false, 100));
        }
        assert_eq!(bases(&rig), (jumps, jumps as u64), "{slept:?}");
        assert_eq!(rig.receiver.take_units().len(), 12);
    }
}

#[test]
fn a_clock_that_goes_back_makes_a_new_time_base_that_goes_on() {
    let mut memory = memory();
    let mut rig = unmarked(&mut memory);
    rig.advance(SECOND / 50);
    rig.chunk(WHOLE, &slice(false, 100));
    let before = rig.receiver.timestamp.unwrap();
    for _ in 0..3 {
        // Before the start of the stream, too.
        rig.now = rig.now - SECOND * 30;
        // The receiver checks that nothing of it goes back, and that tables and clock go on.
        for _ in 0..10 {
            rig.chunk(WHOLE, &slice(false, 100));
            rig.advance(PSI_INTERVAL);
        }
    }
    assert_eq!(bases(&rig), (3, 3));
    let after = rig.receiver.timestamp.unwrap();
    assert_eq!(
        after - before,
        3 * 9 * 40 * 90,
        "what went by unseen is lost"
    );
    assert_eq!(rig.receiver.take_units().len(), 32);
}

#[test]
fn a_pause_is_no_jump_but_a_clock_that_goes_back_meanwhile_is_one() {
    let mut memory = memory();
    let mut rig = unmarked(&mut memory);
    rig.receiver.gap_allowed = true;
    for (step, jumps) in [(true, 0), (false, 1)] {
        rig.input(Input::Pause);
        rig.now = if step {
            rig.now + SECOND * 60
        } else {
            rig.now - SECOND * 5
        };
        rig.input(Input::Resume);
        assert_eq!(bases(&rig), (jumps, jumps as u64));
    }
    // A stream of its own has a time base of its own.
    rig.now = rig.now + SECOND * 60;
    rig.receiver = Demuxer::new(&UNMARKED);
    rig.input(Input::Start(&UNMARKED));
    assert_eq!(rig.receiver.bases, 0);
}

#[test]
fn an_idr_is_asked_for_again_in_the_time_of_a_clock_that_went_back() {
    let mut memory = memory();
    let mut rig = unmarked(&mut memory);
    rig.receiver.gap_allowed = true;
    rig.input(Input::ChunksLost);
    rig.now = rig.now - SECOND * 30;
    rig.chunk(WHOLE, &[1]);
    rig.advance(crate::limits::IDR_RETRY);
    rig.chunk(WHOLE, &[1]);
    assert_eq!(rig.streamer.counters().idr_requests, 2);
}

#[test]
fn a_marker_that_ends_pictures_does_not_begin_a_time_base() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.receiver.take_units();
    rig.advance(SECOND * 5);
    rig.receiver.gap_allowed = true;
    rig.drain(&NoPayload);
    let last = rig.datagrams.last().unwrap();
    assert_eq!((last[1], bases(&rig)), (0x21, (1, 1)));
}

#[test]
fn what_a_miniport_says_of_the_capture_is_no_jump() {
    let mut memory = memory();
    let mut rig = unmarked(&mut memory);
    let now = rig.now.ticks();
    for (number, captured) in [0, u64::MAX, now, 1, now * 2, now].into_iter().enumerate() {
        rig.advance(SECOND / 60);
        let chunk = Chunk {
            id: number as u64,
            flags: WHOLE,
            captured: Instant::from_ticks(captured),
            arrived: rig.now,
        };
        rig.streamer.handle(Input::Chunk(chunk), rig.now);
        // The receiver checks that each PTS is after the one before and within the second.
        rig.drain(&[1][..]);
    }
    let counters = rig.streamer.counters();
    assert_eq!((counters.captured_ahead, counters.chunks_dropped()), (2, 0));
    assert_eq!(bases(&rig), (0, 0));
}
