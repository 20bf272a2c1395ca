//! What an access unit looks like when it arrives.

use core::time::Duration;

use proptest::prelude::*;

use super::demuxer::{AccessUnit, Arrival};
use super::*;
use crate::wfd::coded::Coding;

/// The only unit that the receiver has.
fn only(rig: &mut Rig<'_>) -> AccessUnit {
    let mut units = rig.receiver.take_units();
    assert_eq!(units.len(), 1);
    units.remove(0)
}

#[test]
fn units_of_every_small_size_arrive_whole() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.receiver.take_units();
    for length in 1..=2000 {
        for idr in [false, true] {
            let flags = if idr { WHOLE_IDR } else { WHOLE };
            let bytes = slice(idr, length);
            rig.advance(Duration::from_millis(10));
            rig.chunk(flags, &bytes);
            let unit = only(&mut rig);
            let expected = if idr {
                [&AUD_IDR[..], &SPS, &PPS, &bytes].concat()
            } else {
                [&AUD_P[..], &bytes].concat()
            };
            assert_eq!(unit.bytes, expected);
            assert_eq!(usize::from(unit.length_field), expected.len() + 8);
            assert_eq!((unit.random_access, unit.marked), (idr, true));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_stream_arrives_as_it_was_given(
        units in prop::collection::vec(
            (prop::collection::vec(1..400_000_usize, 1..=4), any::<bool>(), any::<bool>(),
             0..30_000_u64),
            1..5,
        ),
    ) {
        let mut memory = memory();
        let mut rig = Rig::playing(&mut memory);
        rig.receiver.take_units();
        let mut expected = vec![];
        for (slices, idr, has_delimiter, pause) in units {
            rig.advance(Duration::from_micros(pause));
            let mut bytes = match (idr, has_delimiter) {
                (true, _) => [&AUD_IDR[..], &SPS, &PPS].concat(),
                (false, false) => AUD_P.to_vec(),
                (false, true) => vec![],
            };
            for (number, length) in slices.iter().enumerate() {
                let first = number == 0;
                let mut flags = ChunkFlags::empty();
                flags.set(ChunkFlags::FRAME_START, first);
                flags.set(ChunkFlags::FRAME_END, number + 1 == slices.len());
                flags.set(ChunkFlags::IDR, idr);
                flags.set(ChunkFlags::HAS_AUD, first && has_delimiter);
                let mut chunk = slice(idr, *length);
                bytes.extend_from_slice(if idr && first && has_delimiter {
                    chunk.splice(..0, AUD_IDR);
                    &chunk[AUD_IDR.len()..]
                } else {
                    if first && has_delimiter {
                        chunk.splice(..0, AUD_P);
                    }
                    &chunk
                });
                rig.chunk(flags, &chunk);
                // Nothing is held back: the receiver has all of this chunk before the next.
                prop_assert_eq!(&rig.receiver.units.last().unwrap().bytes, &bytes);
                rig.advance(Duration::from_millis(2));
            }
            expected.push((bytes, idr, slices.len() == 1));
        }
        let received = rig.receiver.take_units();
        prop_assert_eq!(received.len(), expected.len());
        for (unit, (bytes, idr, whole)) in received.into_iter().zip(expected) {
            let counted = if whole { u16::try_from(bytes.len() + 8).unwrap_or(0) } else { 0 };
            prop_assert_eq!(unit.length_field, counted);
            prop_assert!(unit.bytes == bytes);
            prop_assert_eq!((unit.random_access, unit.marked), (idr, true));
        }
        let counters = rig.streamer.counters();
        prop_assert_eq!(counters.datagrams, rig.datagrams.len() as u64);
        let packets: usize = rig.datagrams.iter().map(|datagram| datagram.len() / 188).sum();
        prop_assert_eq!(counters.ts_packets, packets as u64);
        prop_assert_eq!(counters.chunks_dropped(), 0);
    }
}

#[test]
fn all_of_a_slice_has_left_before_the_next_one_exists() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.receiver.take_units();
    let bytes = slice(false, 1000);
    let said = rig.chunk(ChunkFlags::FRAME_START, &bytes);
    assert_eq!(said, [Said::Start(101), Said::Datagrams(1), Said::Done]);
    assert_eq!(
        rig.receiver.units[0].bytes,
        [&AUD_P[..], &bytes].concat(),
        "the last byte of the slice is not held"
    );
    assert!(!rig.receiver.units[0].marked);
    rig.chunk(ChunkFlags::FRAME_END, &bytes);
    let unit = only(&mut rig);
    assert_eq!(unit.bytes, [&AUD_P[..], &bytes, &bytes].concat());
    assert_eq!((unit.length_field, unit.marked), (0, true));
}

#[test]
fn the_pes_length_is_real_as_long_as_it_fits() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.receiver.take_units();
    for (length, field) in [(65_535 - 8 - 6, 65_535), (65_535 - 8 - 5, 0)] {
        rig.chunk(WHOLE, &slice(false, length));
        assert_eq!(only(&mut rig).length_field, field);
    }
}

#[test]
fn delimiter_and_parameter_sets_come_first_whatever_the_chunk_has() {
    let picture = slice(true, 700);
    let delimiter = [0, 0, 1, 9, 0xF0];
    let long_delimiter = [0, 0, 0, 1, 9, 0xF0];
    let sets = [&SPS[..], &PPS].concat();
    let both = ChunkFlags::HAS_AUD | ChunkFlags::HAS_PARAMETER_SETS;
    for (flags, chunk, expected) in [
        (
            ChunkFlags::empty(),
            picture.clone(),
            [&AUD_IDR[..], &sets, &picture].concat(),
        ),
        (
            ChunkFlags::HAS_PARAMETER_SETS,
            [&sets[..], &picture].concat(),
            [&AUD_IDR[..], &sets, &picture].concat(),
        ),
        (
            ChunkFlags::HAS_AUD,
            [&delimiter[..], &picture].concat(),
            [&long_delimiter[..], &sets, &picture].concat(),
        ),
        (
            both,
            [&long_delimiter[..], &sets, &picture].concat(),
            [&long_delimiter[..], &sets, &picture].concat(),
        ),
    ] {
        let mut memory = memory();
        let mut rig = Rig::playing(&mut memory);
        rig.receiver.take_units();
        rig.chunk(WHOLE_IDR | flags, &chunk);
        assert_eq!(only(&mut rig).bytes, expected, "{flags:?}");
    }
}

#[test]
fn tables_come_before_every_idr() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.chunk(WHOLE, &slice(false, 100));
    rig.advance(Duration::from_millis(1));
    rig.chunk(WHOLE_IDR, &slice(true, 100));
    let group = [Arrival::Pat, Arrival::Pmt, Arrival::Pcr];
    let units: Vec<_> = rig
        .receiver
        .arrivals
        .split(|a| *a == Arrival::UnitGoesOn)
        .collect();
    let all = units.concat();
    let start = [Arrival::UnitStart];
    assert_eq!(
        all,
        [&group[..], &group, &start, &start, &group, &start].concat()
    );
}

/// Two clock references with the same value would say that no time went by between them.
#[test]
fn tables_that_were_just_written_are_not_repeated_before_an_idr() {
    let mut memory = memory();
    let mut rig = Rig::new(&mut memory);
    rig.chunk(WHOLE_IDR, &slice(true, 100));
    let clocks = rig.receiver.arrivals.iter();
    assert_eq!(clocks.filter(|a| **a == Arrival::Pcr).count(), 1);
}

#[test]
fn the_map_follows_the_parameter_sets() {
    let mut memory = memory();
    let mut rig = Rig::new(&mut memory);
    assert_eq!(rig.receiver.pmt[5], 0xC1);
    assert_eq!(rig.receiver.pmt[19..22], [0x42, 0xC0, 0x1F], "configured");
    let sets = [&SPS[..], &PPS].concat();
    rig.input(Input::ParameterSets(&sets));
    rig.chunk(WHOLE_IDR, &slice(true, 100));
    assert_eq!(rig.receiver.pmt[5], 0xC3, "version 1");
    assert_eq!(rig.receiver.pmt[19..22], [0x64, 0x0C, 0x28], "known");
    rig.input(Input::ParameterSets(&sets));
    rig.chunk(WHOLE_IDR, &slice(true, 100));
    assert_eq!(rig.receiver.pmt[5], 0xC3, "no change");
}

/// Some sinks take no other version than the first (quirk Q60).
#[test]
fn what_no_map_has_said_is_corrected_without_a_new_version() {
    let mut memory = memory();
    let mut rig = Rig::idle(&mut memory);
    let config = StreamConfig {
        psi_version: 1,
        ..CONFIG
    };
    rig.streamer.handle(Input::Start(&config), rig.now);
    let sets = [&SPS[..], &PPS].concat();
    rig.input(Input::ParameterSets(&sets));
    assert_eq!(rig.receiver.pmt[19..22], [0x64, 0x0C, 0x28]);
    assert_eq!(rig.receiver.pmt[5], 0xC3, "version 1");
    let packets = &rig.datagrams[0][12..];
    assert_eq!(packets[5 + 5], 0xC3, "as the PAT");
    rig.input(Input::StartAudio(&in_format(ChosenAudio::LPCM_48)));
    assert_eq!(rig.receiver.pmt[5], 0xC5, "what was said has changed");
}

#[test]
fn parameter_sets_may_come_before_the_stream_and_end_with_it() {
    let mut memory = memory();
    let mut rig = Rig::idle(&mut memory);
    let sets = [&SPS[..], &PPS].concat();
    assert_eq!(rig.input(Input::ParameterSets(&sets)), []);
    rig.input(Input::Start(&CONFIG));
    assert_eq!(rig.receiver.pmt[5], 0xC1);
    assert_eq!(rig.receiver.pmt[19..22], [0x64, 0x0C, 0x28]);
    rig.input(Input::Stop);
    rig.receiver = Demuxer::new(&CONFIG);
    rig.input(Input::Start(&CONFIG));
    assert_eq!(rig.receiver.pmt[19..22], [0x42, 0xC0, 0x1F]);
}

#[test]
fn the_parameter_sets_of_another_encoder_are_not_used() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.receiver.take_units();
    assert_eq!(rig.input(Input::ParameterSets(&[])), []);
    let bytes = slice(true, 100);
    rig.chunk(WHOLE_IDR, &bytes);
    assert_eq!(only(&mut rig).bytes, [&AUD_IDR[..], &bytes].concat());
    assert_eq!(rig.streamer.counters().parameter_sets_refused, 0);
}

/// As after a change of the mode, when the new encoder brings its sets in the stream.
#[test]
fn the_map_forgets_the_parameter_sets_with_their_encoder() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    assert_eq!(rig.receiver.pmt[19..22], [0x64, 0x0C, 0x28]);
    let mut stated_by = |input: Input<'_>| {
        rig.input(input);
        rig.advance(Duration::from_millis(20));
        rig.chunk(WHOLE_IDR, &slice(true, 100));
        rig.receiver.pmt[19..22].to_vec()
    };
    let level_4 = Input::Coding(Coding::H264, [0x42, 0xC0, 0x28]);
    assert_eq!(stated_by(level_4), [0x64, 0x0C, 0x28], "they still hold");
    let none = Input::ParameterSets(&[]);
    assert_eq!(stated_by(none), [0x42, 0xC0, 0x28]);
    let level_4_2 = Input::Coding(Coding::H264, [0x42, 0xC0, 0x2A]);
    assert_eq!(stated_by(level_4_2), [0x42, 0xC0, 0x2A]);
    assert_eq!(stated_by(level_4_2), [0x42, 0xC0, 0x2A]);
    assert_eq!(rig.receiver.pmt[5], 0xC1 | 3 << 1, "three changes");
}

#[test]
fn an_idr_without_any_parameter_sets_is_sent_and_counted() {
    let mut memory = memory();
    let mut rig = Rig::new(&mut memory);
    let bytes = slice(true, 100);
    rig.chunk(WHOLE_IDR, &bytes);
    assert_eq!(only(&mut rig).bytes, [&AUD_IDR[..], &bytes].concat());
    assert_eq!(rig.streamer.counters().parameter_sets_missing, 1);
}

#[test]
fn without_the_setting_there_is_no_marker() {
    let mut memory = memory();
    let mut rig = Rig::idle(&mut memory);
    let config = StreamConfig {
        marker: false,
        ..CONFIG
    };
    rig.input(Input::Start(&config));
    rig.chunk(WHOLE_IDR, &slice(true, 10_000));
    assert!(!only(&mut rig).marked);
    assert!(rig.datagrams.iter().all(|datagram| datagram[1] == 33));
}
