//! A miniport that breaks the rules of the chunk record: each case has its defined reaction.

use super::*;
use crate::limits;
use proptest::prelude::*;

const P: [u8; 3] = [1, 2, 3];

/// What is said of a chunk that is sent in one datagram.
fn sent(id: u64) -> [Said; 3] {
    [Said::Start(id), Said::Datagrams(1), Said::Done]
}

/// What is said of a chunk that is dropped.
fn dropped(id: u64, reason: DropReason) -> [Said; 2] {
    [Said::Dropped(id, reason), Said::Done]
}

/// What is said of a chunk that is dropped and makes an IDR necessary.
fn broken(id: u64, reason: DropReason) -> [Said; 3] {
    [Said::Dropped(id, reason), Said::NeedIdr, Said::Done]
}

#[test]
fn a_first_picture_that_is_not_idr_is_dropped_and_an_idr_asked_for_once() {
    let mut memory = memory();
    let mut rig = Rig::new(&mut memory);
    assert_eq!(rig.chunk(WHOLE, &P), broken(100, DropReason::AwaitingIdr));
    assert_eq!(rig.chunk(WHOLE, &P), dropped(101, DropReason::AwaitingIdr));
    assert_eq!(rig.chunk(WHOLE_IDR, &P), sent(102));
    assert_eq!(rig.chunk(WHOLE, &P), sent(103));
    let counters = rig.streamer.counters();
    assert_eq!((counters.units, counters.units_dropped), (2, 2));
    assert_eq!((counters.idr_units, counters.idr_requests), (1, 1));
    assert_eq!(counters.dropped(DropReason::AwaitingIdr), 2);
}

#[test]
fn the_slices_of_a_dropped_picture_are_dropped_with_it() {
    let mut memory = memory();
    let mut rig = Rig::new(&mut memory);
    let (first, last) = (ChunkFlags::FRAME_START, ChunkFlags::FRAME_END);
    let reason = DropReason::AwaitingIdr;
    assert_eq!(rig.chunk(first, &P), broken(100, reason));
    assert_eq!(rig.chunk(ChunkFlags::empty(), &P), dropped(101, reason));
    assert_eq!(rig.chunk(last, &P), dropped(102, reason));
    assert_eq!(rig.streamer.counters().units_dropped, 1);
}

#[test]
fn a_chunk_without_a_frame_start_is_dropped_with_its_unit() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    let reason = DropReason::NoFrameStart;
    assert_eq!(rig.chunk(ChunkFlags::empty(), &P), broken(101, reason));
    assert_eq!(rig.chunk(ChunkFlags::FRAME_END, &P), dropped(102, reason));
    assert_eq!(rig.chunk(WHOLE, &P), dropped(103, DropReason::AwaitingIdr));
    assert_eq!(rig.chunk(WHOLE_IDR, &P), sent(104));
}

#[test]
fn a_missing_frame_end_ends_the_unit_where_the_next_begins() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.receiver.take_units();
    assert_eq!(rig.chunk(ChunkFlags::FRAME_START, &P), sent(101));
    assert_eq!(rig.chunk(ChunkFlags::FRAME_START, &P), sent(102));
    assert_eq!(rig.chunk(ChunkFlags::FRAME_END, &P), sent(103));
    assert_eq!(rig.chunk(WHOLE, &P), sent(104));
    let marked: Vec<_> = rig
        .receiver
        .take_units()
        .iter()
        .map(|unit| unit.marked)
        .collect();
    assert_eq!(marked, [false, true, true]);
    let counters = rig.streamer.counters();
    assert_eq!((counters.units, counters.units_unterminated), (4, 1));
}

#[test]
fn an_empty_first_chunk_loses_its_unit() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    let reason = DropReason::Empty;
    assert_eq!(rig.chunk(ChunkFlags::FRAME_START, &[]), broken(101, reason));
    assert_eq!(rig.chunk(ChunkFlags::FRAME_END, &P), dropped(102, reason));
    assert_eq!(rig.chunk(WHOLE_IDR, &[]), broken(103, reason));
    assert_eq!(rig.chunk(WHOLE_IDR, &P), sent(104));
}

#[test]
fn an_empty_later_chunk_takes_nothing_away() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    let reason = DropReason::Empty;
    assert_eq!(rig.chunk(ChunkFlags::FRAME_START, &P), sent(101));
    assert_eq!(rig.chunk(ChunkFlags::empty(), &[]), dropped(102, reason));
    assert_eq!(rig.chunk(ChunkFlags::empty(), &P), sent(103));
    assert_eq!(rig.chunk(ChunkFlags::FRAME_END, &[]), dropped(104, reason));
    assert_eq!(rig.chunk(WHOLE, &P), sent(105));
    assert_eq!(rig.streamer.counters().units_unterminated, 0);
}

#[test]
fn a_chunk_that_is_too_long_is_not_read() {
    struct Endless;
    impl Payload for Endless {
        fn len(&self) -> usize {
            limits::CHUNK_MAX as usize + 1
        }
        fn copy(&self, _offset: usize, _to: &mut [u8]) {
            panic!("read");
        }
    }
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.begin_chunk(WHOLE);
    assert_eq!(rig.drain(&Endless), broken(101, DropReason::TooLong));
}

#[test]
fn the_longest_chunk_is_sent() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.receiver.take_units();
    let bytes = slice(false, limits::CHUNK_MAX as usize);
    let said = rig.chunk(WHOLE, &bytes);
    assert_eq!(said[1], Said::Datagrams(limits::BATCH_DATAGRAMS_MAX));
    assert_eq!(said.last(), Some(&Said::Done));
    let unit = &rig.receiver.take_units()[0];
    assert!(unit.bytes[6..] == bytes[..]);
}

#[test]
fn a_discontinuity_needs_an_idr_unless_it_is_one() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    let (jump, reason) = (ChunkFlags::DISCONTINUITY, DropReason::Discontinuity);
    assert_eq!(rig.chunk(WHOLE_IDR | jump, &P), sent(101));
    assert_eq!(rig.chunk(WHOLE | jump, &P), broken(102, reason));
    // The IDR that was asked for may be what was lost now.
    assert_eq!(rig.chunk(WHOLE | jump, &P), broken(103, reason));
    assert_eq!(rig.chunk(WHOLE_IDR, &P), sent(104));
}

#[test]
fn a_discontinuity_inside_a_unit_drops_its_rest() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    let reason = DropReason::Discontinuity;
    assert_eq!(rig.chunk(ChunkFlags::FRAME_START, &P), sent(101));
    let jump = ChunkFlags::DISCONTINUITY;
    assert_eq!(rig.chunk(jump, &P), broken(102, reason));
    assert_eq!(rig.chunk(ChunkFlags::FRAME_END, &P), dropped(103, reason));
    assert_eq!(rig.streamer.counters().units_torn, 1);
}

#[test]
fn a_discontinuity_counts_even_without_bytes_and_in_a_dropped_unit() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    let jump = ChunkFlags::DISCONTINUITY;
    assert_eq!(rig.chunk(ChunkFlags::FRAME_START, &P), sent(101));
    assert_eq!(rig.chunk(jump, &[]), broken(102, DropReason::Empty));
    // What the first chunk of the IDR was, nobody knows.
    assert_eq!(
        rig.chunk(jump | ChunkFlags::IDR, &P),
        broken(103, DropReason::Empty)
    );
    assert_eq!(rig.chunk(WHOLE, &P), dropped(104, DropReason::AwaitingIdr));
    assert_eq!(rig.chunk(WHOLE_IDR, &P), sent(105));
}

#[test]
fn an_idr_that_does_not_come_is_asked_for_again() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    let reason = DropReason::AwaitingIdr;
    rig.receiver.gap_allowed = true;
    assert_eq!(rig.input(Input::ChunksLost), [Said::NeedIdr]);
    let mut asked = 0;
    for id in 101..161 {
        // The tables, then the picture: three seconds at 20 a second.
        rig.advance(Duration::from_millis(50));
        rig.drain(&NoPayload);
        let said = rig.chunk(WHOLE, &P);
        asked += u64::from(said == broken(id, reason));
        assert!(said == broken(id, reason) || said == dropped(id, reason));
    }
    assert_eq!(asked, 3);
}

#[test]
fn lost_chunks_drop_the_open_unit_and_ask_for_an_idr_each_time() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    assert_eq!(rig.chunk(ChunkFlags::FRAME_START, &P), sent(101));
    assert_eq!(rig.input(Input::ChunksLost), [Said::NeedIdr]);
    assert_eq!(
        rig.chunk(ChunkFlags::FRAME_END, &P),
        dropped(102, DropReason::Lost)
    );
    assert_eq!(rig.chunk(WHOLE, &P), dropped(103, DropReason::AwaitingIdr));
    assert_eq!(rig.input(Input::ChunksLost), [Said::NeedIdr]);
    assert_eq!(rig.chunk(WHOLE_IDR, &P), sent(104));
    let counters = rig.streamer.counters();
    assert_eq!((counters.units_torn, counters.idr_requests), (1, 2));
}

#[test]
fn a_wrong_delimiter_flag_does_not_cost_the_delimiter() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.receiver.take_units();
    let bytes = slice(true, 40);
    rig.chunk(WHOLE_IDR | ChunkFlags::HAS_AUD, &bytes);
    let unit = &rig.receiver.take_units()[0];
    assert_eq!(unit.bytes, [&AUD_IDR[..], &SPS, &PPS, &bytes].concat());
    assert_eq!(rig.streamer.counters().delimiter_flag_wrong, 1);
}

#[test]
fn parameter_sets_that_are_none_are_refused_and_the_old_ones_kept() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.receiver.take_units();
    for stream in [&SPS[..], &PPS, &[0; 2000], &[0xFF; 2000]] {
        assert_eq!(rig.input(Input::ParameterSets(stream)), []);
    }
    rig.chunk(WHOLE_IDR, &P);
    let unit = &rig.receiver.take_units()[0];
    assert_eq!(unit.bytes, [&AUD_IDR[..], &SPS, &PPS, &P].concat());
    assert_eq!(rig.streamer.counters().parameter_sets_refused, 4);
}

#[test]
fn what_is_in_hand_of_an_encoder_that_is_closed_is_dropped_and_no_idr_asked_for() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    let dropped = [Said::Dropped(101, DropReason::Stopped), Said::Done];
    rig.begin_chunk(WHOLE);
    assert_eq!(rig.poll(&P[..]), Some(Said::Start(101)));
    assert_eq!(rig.input(Input::EncoderClosed), dropped);
    // What it had handed over goes the same way, and the next encoder begins with an IDR.
    let rest = [Said::Dropped(102, DropReason::Stopped), Said::Done];
    assert_eq!(rig.chunk(ChunkFlags::FRAME_END, &P), rest);
    assert_eq!(rig.chunk(WHOLE_IDR, &P), sent(103));
    assert_eq!(rig.streamer.counters().idr_requests, 0);
    // If it does not, it is asked.
    rig.input(Input::EncoderClosed);
    let reason = DropReason::AwaitingIdr;
    let asked = [Said::Dropped(104, reason), Said::NeedIdr, Said::Done];
    assert_eq!(rig.chunk(WHOLE, &P), asked);
}

#[test]
fn sound_in_hand_outlives_the_encoder_of_the_pictures() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.input(Input::StartAudio(&in_format(ChosenAudio::LPCM_48)));
    rig.begin_sound(rig.now);
    rig.streamer.handle(Input::EncoderClosed, rig.now);
    let whole = [Said::Start(101), Said::Datagrams(2), Said::Done];
    assert_eq!(rig.drain(&[0; 1920][..]), whole);
}

#[test]
fn a_chunk_before_the_former_is_done_drops_the_former() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.begin_chunk(WHOLE);
    rig.begin_chunk(WHOLE_IDR);
    let overrun = Said::Dropped(101, DropReason::Overrun);
    let [start, datagrams, done] = sent(102);
    assert_eq!(
        rig.drain(&P[..]),
        [overrun, Said::NeedIdr, start, datagrams, done]
    );
}

#[test]
fn a_payload_that_changes_is_not_read_on() {
    for other in [&[][..], &[1, 2, 3, 4]] {
        let mut memory = memory();
        let mut rig = Rig::playing(&mut memory);
        rig.begin_chunk(WHOLE);
        assert_eq!(rig.poll(&P[..]), Some(Said::Start(101)));
        let reason = DropReason::PayloadChanged;
        assert_eq!(rig.drain(other), broken(101, reason));
        assert_eq!(rig.chunk(WHOLE_IDR, &P), sent(102));
    }
}

proptest! {
    #[test]
    fn any_sequence_of_chunks_makes_a_stream_that_a_strict_receiver_accepts(
        chunks in prop::collection::vec(
            (any::<u32>(), prop_oneof![0..3_usize, 100..300_usize, 60_000..70_000_usize], 0..8_u8,
             any::<u64>()),
            1..60,
        ),
    ) {
        let mut memory = memory();
        let mut rig = Rig::playing(&mut memory);
        rig.receiver.gap_allowed = true;
        for (flags, length, other, captured) in chunks {
            rig.advance(Duration::from_micros(captured % 50_000));
            let (said, ids) = match other {
                0 => (rig.input(Input::ChunksLost), 0),
                1 => (rig.input(Input::Pause), 0),
                2 => (rig.input(Input::Resume), 0),
                _ => {
                    // Flags of the delimiter are left out: the receiver looks for it.
                    let flags = ChunkFlags::from_bits_retain(flags) - ChunkFlags::HAS_AUD;
                    let captured = Instant::from_ticks(captured);
                    let chunk = Chunk { id: 7, flags, captured, arrived: rig.now };
                    rig.streamer.handle(Input::Chunk(chunk), rig.now);
                    (rig.drain(&slice(false, length)[..]), 1)
                }
            };
            let count = |wanted: fn(&Said) -> bool| said.iter().filter(|s| wanted(s)).count();
            let (done, dropped, started) = (
                count(|s| *s == Said::Done),
                count(|s| matches!(s, Said::Dropped(7, _))),
                count(|s| *s == Said::Start(7)),
            );
            prop_assert_eq!((done, dropped + started), (ids, ids));
            prop_assert!(count(|s| *s == Said::NeedIdr) <= 1);
        }
        rig.receiver.take_units();
    }
}
