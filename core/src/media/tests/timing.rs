//! Timers and time stamps, in virtual time.

use super::*;
use crate::limits::PSI_INTERVAL;
use crate::time::TICKS_PER_SECOND;

const FRAME: Duration = Duration::from_micros(16_667);

#[test]
fn a_still_desktop_keeps_tables_and_clock_coming() {
    let mut memory = memory();
    let mut rig = Rig::new(&mut memory);
    let end = rig.now + Duration::from_secs(10);
    let mut groups = 1;
    while rig.now < end {
        // The receiver checks the 100 ms. Each wake-up comes a millisecond late.
        rig.now = rig.wake().unwrap() + Duration::from_millis(1);
        assert_eq!(rig.drain(&NoPayload), [Said::Datagrams(1)]);
        groups += 1;
    }
    assert_eq!(rig.streamer.counters().psi_groups, groups);
    assert_eq!(groups, 245, "10 s in steps of 41 ms");
    assert!(
        rig.datagrams
            .iter()
            .all(|datagram| datagram.len() == 12 + 3 * 188)
    );
}

#[test]
fn pictures_do_not_delay_the_tables() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    for _ in 0..600 {
        rig.advance(FRAME);
        rig.chunk(WHOLE, &slice(false, 20_000));
    }
    // No timer fired in these 10 s: the groups went out with the pictures, every third.
    assert_eq!(rig.streamer.counters().psi_groups, 2 + 200);
}

#[test]
fn a_slow_socket_does_not_delay_the_tables() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    let bytes = slice(false, 4_000_000);
    rig.begin_chunk(WHOLE);
    while rig.poll(&bytes[..]).is_some() {
        // 49 datagrams in 10 ms are some 50 Mbit/s.
        rig.advance(Duration::from_millis(10));
    }
    assert!(rig.streamer.counters().psi_groups > 15);
}

#[test]
fn a_pause_is_silent_and_ends_with_the_tables() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    assert_eq!(rig.input(Input::Pause), []);
    assert_eq!(rig.wake(), None);
    rig.advance(Duration::from_mins(1));
    assert_eq!(rig.drain(&NoPayload), []);
    let dropped = [Said::Dropped(101, DropReason::Paused), Said::Done];
    assert_eq!(rig.chunk(WHOLE_IDR, &[1]), dropped);
    assert_eq!(rig.input(Input::ChunksLost), []);
    rig.receiver.gap_allowed = true;
    assert_eq!(rig.input(Input::Resume), [Said::Datagrams(1)]);
    rig.receiver.gap_allowed = false;
    assert_eq!(rig.wake(), Some(rig.now + PSI_INTERVAL));
    let reason = DropReason::AwaitingIdr;
    let asked = [Said::Dropped(102, reason), Said::NeedIdr, Said::Done];
    assert_eq!(rig.chunk(WHOLE, &[1]), asked);
    let sent = [Said::Start(103), Said::Datagrams(1), Said::Done];
    assert_eq!(rig.chunk(WHOLE_IDR, &[1]), sent);
}

#[test]
fn an_idr_as_first_picture_after_a_pause_is_not_asked_for() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.chunk(ChunkFlags::FRAME_START, &[1]);
    rig.input(Input::Pause);
    rig.input(Input::Resume);
    let rest = [Said::Dropped(102, DropReason::Paused), Said::Done];
    assert_eq!(rig.chunk(ChunkFlags::FRAME_END, &[1]), rest);
    let sent = [Said::Start(103), Said::Datagrams(1), Said::Done];
    assert_eq!(rig.chunk(WHOLE_IDR, &[1]), sent);
    assert_eq!(rig.streamer.counters().idr_requests, 0);
}

#[test]
fn pause_and_resume_out_of_turn_do_nothing() {
    let mut memory = memory();
    let mut rig = Rig::idle(&mut memory);
    assert_eq!(rig.input(Input::Resume), []);
    assert_eq!(rig.input(Input::Pause), []);
    assert_eq!(rig.input(Input::Start(&CONFIG)), [Said::Datagrams(1)]);
    assert_eq!(rig.input(Input::Resume), []);
    assert_eq!(rig.wake(), Some(rig.now + PSI_INTERVAL));
}

#[test]
fn the_pts_is_the_capture_and_the_lead() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.advance(Duration::from_millis(500));
    rig.receiver.gap_allowed = true;
    rig.chunk(WHOLE, &[1]);
    let units = rig.receiver.take_units();
    // The clock starts at one second; captured 10 ms ago; 80 ms lead.
    let milliseconds = units.iter().map(|unit| unit.pts / 90);
    assert!(milliseconds.eq([1000 - 10 + 80, 1500 - 10 + 80]));
    assert_eq!(rig.receiver.timestamp, Some(1500 * 90));
}

#[test]
fn all_clocks_wrap() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    // 2^33 / 90 kHz is 26.5 hours. The receiver checks order and distance across the wrap; half of
    // the 32 bits of a time stamp are 6.6 hours.
    rig.receiver.gap_allowed = true;
    for seconds in [20_000, 40_000, 60_000, 80_000, 95_442] {
        rig.now = start_time() + Duration::from_secs(seconds);
        rig.chunk(WHOLE, &[1]);
    }
    rig.receiver.gap_allowed = false;
    let mut last = u64::MAX;
    let mut wraps = 0;
    for _ in 0..120 {
        rig.advance(FRAME);
        rig.chunk(WHOLE, &slice(false, 3000));
        let pts = rig.receiver.units.last().unwrap().pts;
        wraps += u64::from(pts < last);
        last = pts;
    }
    assert_eq!(wraps, 2, "the first comparison and the wrap");
    assert!(
        rig.receiver.pcr.unwrap() < 2 * 27_000_000,
        "beyond the wrap"
    );
    assert_eq!(rig.streamer.counters().pts_nudged, 0);
    rig.receiver.take_units();
}

#[test]
fn a_new_start_is_a_new_stream() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.advance(Duration::from_secs(5));
    let config = StreamConfig {
        ssrc: 9,
        first_sequence: 7,
        ..CONFIG
    };
    rig.receiver = Demuxer::new(&config);
    assert_eq!(rig.input(Input::Start(&config)), [Said::Datagrams(1)]);
    assert_eq!(rig.receiver.timestamp, Some(90_000));
    let asked = [
        Said::Dropped(101, DropReason::AwaitingIdr),
        Said::NeedIdr,
        Said::Done,
    ];
    assert_eq!(rig.chunk(WHOLE, &[1]), asked);
    // The receiver expects every counter to begin again.
    rig.chunk(WHOLE_IDR, &[1]);
    assert_eq!(rig.receiver.take_units().len(), 1);
}

#[test]
fn a_capture_time_of_zero_still_makes_a_stream() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    for ticks in [0, u64::MAX, TICKS_PER_SECOND] {
        let chunk = Chunk {
            id: 1,
            flags: WHOLE,
            captured: Instant::from_ticks(ticks),
            arrived: rig.now,
        };
        rig.streamer.handle(Input::Chunk(chunk), rig.now);
        rig.drain(&[1][..]);
        rig.advance(FRAME);
    }
    rig.receiver.take_units();
    let counters = rig.streamer.counters();
    assert_eq!((counters.pts_late, counters.captured_ahead), (2, 1));
}
