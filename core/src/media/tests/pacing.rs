//! Pacing and lateness, in virtual time.

use super::*;
use crate::limits::{BATCH_DATAGRAMS_MAX, IDR_RETRY, PACE_BURST, PSI_INTERVAL};

const PACED: StreamConfig = StreamConfig {
    pace: WINDOW,
    ..CONFIG
};
const WINDOW: Duration = Duration::from_millis(8);
const MILLISECOND: Duration = Duration::from_millis(1);

/// An IDR of four bursts.
fn four_bursts() -> Vec<u8> {
    slice(true, 4 * PACE_BURST * 7 * 184)
}

fn paced(memory: &mut [u8; BATCH_BYTES]) -> Rig<'_> {
    let mut rig = Rig::idle(memory);
    rig.input(Input::Start(&PACED));
    rig
}

/// Lets time go on to each wake-up until the chunk in hand is done. When each batch left, after the
/// start, and how many datagrams it had.
fn until_done(rig: &mut Rig<'_>, bytes: &[u8]) -> Vec<(Duration, usize)> {
    let (start, mut log) = (rig.now, Vec::new());
    loop {
        for said in rig.drain(bytes) {
            match said {
                Said::Datagrams(count) => log.push((rig.now.since(start), count)),
                Said::Done => return log,
                Said::Start(_) => {}
                other => panic!("{other:?}"),
            }
        }
        rig.now = rig.wake().expect("the chunk goes on");
    }
}

#[test]
fn an_idr_leaves_in_bursts_and_other_pictures_at_once() {
    let mut memory = memory();
    let mut rig = paced(&mut memory);
    rig.advance(MILLISECOND);
    rig.begin_chunk(WHOLE_IDR);
    let log = until_done(&mut rig, &four_bursts());
    let steps = [0, 2, 4, 6].map(|number| MILLISECOND * number);
    assert_eq!(log.iter().map(|(at, _)| *at).collect::<Vec<_>>(), steps);
    let sizes: Vec<_> = log.iter().map(|(_, count)| *count).collect();
    // The first burst also fills the datagram that the tables begin.
    assert_eq!(sizes, [PACE_BURST + 1, PACE_BURST, PACE_BURST, PACE_BURST]);
    rig.advance(MILLISECOND * 16);
    rig.begin_chunk(WHOLE);
    let log = until_done(&mut rig, &slice(false, 4 * PACE_BURST * 7 * 184));
    assert!(log.iter().all(|(at, _)| at.is_zero()));
    assert_eq!(log[0].1, BATCH_DATAGRAMS_MAX);
    assert_eq!(rig.receiver.take_units().len(), 2);
}

#[test]
fn pacing_does_not_change_a_byte_but_time_stamps_are_those_of_sending() {
    let bytes = four_bursts();
    let contents = |config: &StreamConfig| {
        let mut memory = memory();
        let mut rig = Rig::idle(&mut memory);
        rig.input(Input::Start(config));
        rig.datagrams.clear();
        rig.begin_chunk(WHOLE_IDR);
        until_done(&mut rig, &bytes);
        let stamps: Vec<_> = rig.datagrams.iter().map(|d| d[4..8].to_vec()).collect();
        let rest = rig.datagrams.concat();
        let packets: Vec<u8> = rig
            .datagrams
            .iter()
            .flat_map(|d| d[12..].to_vec())
            .collect();
        (stamps, packets, rest.len(), rig.receiver.take_units())
    };
    let (at_once, paced) = (contents(&CONFIG), contents(&PACED));
    assert!(at_once.1 == paced.1 && at_once.2 == paced.2 && at_once.3 == paced.3);
    assert!(at_once.0.iter().all(|stamp| *stamp == at_once.0[0]));
    let word = |stamp: &[u8]| u32::from_be_bytes(stamp.try_into().unwrap());
    // 6 ms are 540 of 90 kHz.
    let (first, last) = (&paced.0[0], paced.0.last().unwrap());
    assert_eq!(word(last) - word(first), 540);
}

#[test]
fn whoever_waits_gets_the_rest_at_once() {
    for input in [Input::Hurry, Input::Pause] {
        let mut memory = memory();
        let mut rig = paced(&mut memory);
        let bytes = four_bursts();
        rig.begin_chunk(WHOLE_IDR);
        assert_eq!(rig.drain(&bytes[..]).len(), 2, "the start and one burst");
        rig.streamer.handle(input, rig.now);
        let rest = [Said::Datagrams(49), Said::Done];
        assert_eq!(rig.drain(&bytes[..]), rest);
        assert_eq!(rig.receiver.take_units().len(), 1);
    }
}

#[test]
fn a_chunk_that_is_given_up_leaves_no_wake_up_behind() {
    let mut memory = memory();
    let mut rig = paced(&mut memory);
    let bytes = four_bursts();
    rig.begin_chunk(WHOLE_IDR);
    rig.drain(&bytes[..]);
    let said = rig.input(Input::ChunksLost);
    let lost = Said::Dropped(100, DropReason::Lost);
    assert_eq!(said, [Said::NeedIdr, lost, Said::Done]);
    assert_eq!(rig.wake(), Some(start_time() + PSI_INTERVAL));
}

#[test]
fn tables_are_due_while_a_burst_is_waited_for() {
    let config = StreamConfig {
        pace: Duration::from_millis(500),
        pts_lead: Duration::from_millis(900),
        ..CONFIG
    };
    let mut memory = memory();
    let mut rig = Rig::idle(&mut memory);
    rig.input(Input::Start(&config));
    rig.begin_chunk(WHOLE_IDR);
    // 222 ms in four bursts, and what the header makes longer with the last: the receiver checks the
    // 100 ms.
    let log = until_done(&mut rig, &four_bursts());
    assert_eq!(log.len(), 4 + 1 + 4, "bursts, and tables between them");
    rig.receiver.take_units();
}

/// A chunk that came `waited` ago and was captured 10 ms before that.
fn hand_over(rig: &mut Rig<'_>, flags: ChunkFlags, waited: Duration) -> Vec<Said> {
    let chunk = Chunk {
        id: rig.next_id,
        flags,
        captured: rig.now - waited - Duration::from_millis(10),
        arrived: rig.now - waited,
    };
    rig.next_id += 1;
    rig.streamer.handle(Input::Chunk(chunk), rig.now);
    rig.drain(&slice(flags.contains(ChunkFlags::IDR), 3000)[..])
}

#[test]
fn what_waited_past_its_presentation_is_dropped_and_one_idr_asked_for() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.receiver.gap_allowed = true;
    rig.advance(MILLISECOND);
    hand_over(&mut rig, WHOLE, Duration::ZERO);
    rig.advance(Duration::from_millis(200));
    assert_eq!(rig.drain(&NoPayload), [Said::Datagrams(1)], "the tables");
    let dropped = |id, reason| Said::Dropped(id, reason);
    // The lead is 80 ms, of which 10 went by before it came.
    let first = hand_over(&mut rig, ChunkFlags::FRAME_START, MILLISECOND * 70);
    let late = dropped(102, DropReason::Late);
    assert_eq!(first, [late, Said::NeedIdr, Said::Done]);
    // What is in time goes with its unit, and what is late or not waits for the IDR alike.
    let rest = [dropped(103, DropReason::Late), Said::Done];
    assert_eq!(
        hand_over(&mut rig, ChunkFlags::FRAME_END, MILLISECOND),
        rest
    );
    for (id, waited) in [(104, 70), (105, 69)] {
        let waiting = [dropped(id, DropReason::AwaitingIdr), Said::Done];
        assert_eq!(hand_over(&mut rig, WHOLE, MILLISECOND * waited), waiting);
    }
    let idr = hand_over(&mut rig, WHOLE_IDR, MILLISECOND);
    assert!(idr.contains(&Said::Start(106)), "{idr:?}");
    let counters = rig.streamer.counters();
    assert_eq!(counters.dropped(DropReason::Late), 2);
    assert_eq!(counters.idr_requests, 1);
    assert_eq!((counters.units_dropped, counters.units_torn), (3, 0));
    rig.receiver.take_units();
}

/// The IDR that follows takes as long as several pictures. To drop what is late because of it would
/// take another IDR, and so on.
#[test]
fn what_is_late_behind_the_idr_is_sent() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.receiver.gap_allowed = true;
    rig.advance(Duration::from_millis(200));
    hand_over(&mut rig, WHOLE, MILLISECOND * 70);
    for flags in [WHOLE_IDR, WHOLE] {
        rig.advance(MILLISECOND * 100);
        let id = rig.next_id;
        let said = hand_over(&mut rig, flags, MILLISECOND * 90);
        assert!(said.contains(&Said::Start(id)), "{said:?}");
    }
    rig.advance(IDR_RETRY);
    let said = hand_over(&mut rig, WHOLE, MILLISECOND * 90);
    assert!(
        said.contains(&Said::NeedIdr),
        "a second later it is judged again"
    );
    rig.receiver.take_units();
}

#[test]
fn a_unit_that_was_begun_goes_out_however_late_the_rest_is() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.receiver.gap_allowed = true;
    rig.advance(MILLISECOND);
    let first = hand_over(&mut rig, ChunkFlags::FRAME_START, Duration::ZERO);
    rig.advance(Duration::from_millis(300));
    let last = hand_over(&mut rig, ChunkFlags::FRAME_END, Duration::from_millis(300));
    for said in [first, last] {
        assert!(
            matches!(said[..], [Said::Start(_), .., Said::Done]),
            "{said:?}"
        );
    }
    assert_eq!(rig.receiver.take_units().len(), 2);
    assert_eq!(rig.streamer.counters().chunks_dropped(), 0);
}

#[test]
fn a_slow_encoder_is_not_late() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.receiver.gap_allowed = true;
    rig.advance(Duration::from_secs(2));
    for waited in [0, 19] {
        let chunk = Chunk {
            id: 7,
            flags: WHOLE,
            captured: rig.now - Duration::from_secs(1),
            arrived: rig.now - MILLISECOND * waited,
        };
        rig.streamer.handle(Input::Chunk(chunk), rig.now);
        assert!(rig.drain(&slice(false, 100)[..]).contains(&Said::Start(7)));
        rig.advance(MILLISECOND * 17);
    }
    rig.receiver.take_units();
}
