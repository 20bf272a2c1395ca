//! Batches: how they are cut, and what happens if not all of one leaves.

use proptest::prelude::*;

use super::*;

/// Sends `chunks` through a socket that takes only as many datagrams at a time as `room` says.
fn datagrams(chunks: &[usize], room: &mut dyn FnMut() -> usize) -> Vec<Vec<u8>> {
    let mut memory = memory();
    let mut rig = Rig::new(&mut memory);
    for (number, length) in chunks.iter().enumerate() {
        let bytes = slice(number == 0, *length);
        rig.begin_chunk(if number == 0 { WHOLE_IDR } else { WHOLE });
        loop {
            match rig.streamer.poll(&bytes[..], rig.now) {
                Output::Idle { .. } => break,
                Output::Datagrams(batch) => {
                    let count = receive(&mut rig.receiver, &mut rig.datagrams, &batch, room());
                    rig.streamer.sent(count);
                }
                Output::ChunkStart { .. } | Output::ChunkDone => {}
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(rig.receiver.take_units().len(), chunks.len());
    rig.datagrams
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_socket_that_takes_a_part_gets_the_rest_in_order(
        chunks in prop::collection::vec(1..200_000_usize, 1..5),
        rooms in prop::collection::vec(0..50_usize, 1..20),
    ) {
        let at_once = datagrams(&chunks, &mut || usize::MAX);
        let mut rooms = rooms.into_iter().chain([1]).cycle();
        let in_parts = datagrams(&chunks, &mut || rooms.next().unwrap());
        prop_assert!(at_once == in_parts);
    }
}

#[test]
fn datagrams_that_were_not_confirmed_are_given_again() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    let bytes = slice(false, 5000);
    rig.begin_chunk(WHOLE);
    assert_eq!(rig.poll(&bytes[..]), Some(Said::Start(101)));
    let Output::Datagrams(first) = rig.streamer.poll(&bytes[..], rig.now) else {
        panic!("no datagrams");
    };
    let first = first.bytes.to_vec();
    rig.advance(Duration::from_secs(1));
    let again = rig.streamer.poll(&NoPayload, rig.now);
    let segment = DATAGRAM_BYTES;
    assert_eq!(
        again,
        Output::Datagrams(Batch {
            bytes: &first,
            segment
        })
    );
    assert_eq!(rig.streamer.counters().partial_sends, 0);
    rig.streamer.sent(1);
    assert_eq!(rig.streamer.counters().partial_sends, 1);
    let bytes = &first[segment..];
    assert_eq!(
        rig.streamer.poll(&NoPayload, rig.now),
        Output::Datagrams(Batch { bytes, segment })
    );
}

#[test]
fn only_the_last_datagram_of_a_chunk_is_short() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.datagrams.clear();
    rig.chunk(WHOLE, &slice(false, 200_000));
    let (last, full) = rig.datagrams.split_last().unwrap();
    assert!(full.iter().all(|datagram| datagram.len() == DATAGRAM_BYTES));
    assert!(last.len() <= DATAGRAM_BYTES);
    // 200 020 bytes of PES in packets of 184: 1088 packets, 155 full datagrams and 3 packets.
    assert_eq!((full.len(), last.len()), (155, 12 + 3 * 188));
}

#[test]
fn sequence_numbers_wrap_and_the_marker_is_on_the_last() {
    let mut memory = memory();
    let mut rig = Rig::new(&mut memory);
    rig.chunk(WHOLE_IDR, &slice(true, 100_000));
    let numbers = rig
        .datagrams
        .iter()
        .map(|d| u16::from_be_bytes([d[2], d[3]]));
    let expected = (0..).map(|n: u16| n.wrapping_add(CONFIG.first_sequence));
    assert!(rig.datagrams.len() > 16, "beyond the wrap");
    assert!(
        numbers
            .zip(expected)
            .all(|(number, expected)| number == expected)
    );
    let marked: Vec<_> = rig.datagrams.iter().map(|d| d[1] >> 7).collect();
    assert_eq!(marked.iter().sum::<u8>(), 1);
    assert_eq!(marked.last(), Some(&1));
}

#[test]
fn inputs_while_datagrams_wait_do_not_reorder_them() {
    for (input, reason) in [
        (Input::ChunksLost, Some(DropReason::Lost)),
        (Input::Pause, None),
    ] {
        let mut memory = memory();
        let mut rig = Rig::playing(&mut memory);
        let bytes = slice(false, 150_000);
        rig.begin_chunk(WHOLE);
        rig.poll(&bytes[..]);
        assert!(matches!(
            rig.streamer.poll(&bytes[..], rig.now),
            Output::Datagrams(_)
        ));
        rig.streamer.handle(input, rig.now);
        let said = rig.drain(&bytes[..]);
        match reason {
            // The chunk ends with the batch that was built.
            Some(reason) => assert_eq!(
                said,
                [
                    Said::Datagrams(49),
                    Said::NeedIdr,
                    Said::Dropped(101, reason),
                    Said::Done
                ]
            ),
            // The chunk goes out to its end.
            None => assert_eq!(
                said,
                [
                    Said::Datagrams(49),
                    Said::Datagrams(49),
                    Said::Datagrams(19),
                    Said::Done
                ]
            ),
        }
    }
}

/// Whether all of the chunk is built or not.
#[test]
fn a_stop_throws_away_what_waits_and_reports_the_chunk() {
    for length in [150_000, 1000] {
        let mut memory = memory();
        let mut rig = Rig::playing(&mut memory);
        let bytes = slice(false, length);
        rig.begin_chunk(WHOLE);
        rig.poll(&bytes[..]);
        rig.streamer.poll(&bytes[..], rig.now);
        let said = rig.input(Input::Stop);
        assert_eq!(said, [Said::Dropped(101, DropReason::Stopped), Said::Done]);
        assert_eq!(rig.wake(), None);
        let said = rig.chunk(WHOLE_IDR, &bytes);
        assert_eq!(said, [Said::Dropped(102, DropReason::Stopped), Said::Done]);
    }
}
