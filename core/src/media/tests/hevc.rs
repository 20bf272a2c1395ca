//! Pictures in H.265: delimiter, parameter sets and the PMT.

use super::*;
use crate::wfd::coded::Coding;

const VPS: [u8; 7] = [0, 0, 0, 1, 0x40, 1, 0x0C];
const SPS: [u8; 24] = [
    0, 0, 0, 1, 0x42, 1, 1, 0x01, 0x60, 0, 0, 3, 0, 0x90, 0, 0, 3, 0, 0, 3, 0, 0x5D, 0xA0, 0x02,
];
const PPS: [u8; 7] = [0, 0, 0, 1, 0x44, 1, 0xC1];
const AUD_IDR: [u8; 7] = [0, 0, 0, 1, 0x46, 1, 0x10];

/// Main, level 4.1.
const STATED: [u8; 3] = [1, 0, 123];

fn hevc(memory: &mut [u8; BATCH_BYTES]) -> Rig<'_> {
    let mut rig = Rig::idle(memory);
    assert_eq!(rig.input(Input::Coding(Coding::H265, STATED)), []);
    let config = StreamConfig {
        profile_idc: STATED[0],
        constraint_flags: STATED[1],
        level_idc: STATED[2],
        ..CONFIG
    };
    rig.input(Input::Start(&config));
    rig
}

fn entry(profile_tier_level: [u8; 12]) -> Vec<u8> {
    let head = [0x24, 0xF0, 0x11, 0xF0, 15, 0x38, 13];
    [&head[..], &profile_tier_level, &[0x1F]].concat()
}

#[test]
fn the_pmt_says_h265_and_then_what_the_parameter_set_says() {
    let mut memory = memory();
    let mut rig = hevc(&mut memory);
    let stated = [1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 123];
    assert_eq!(rig.receiver.video_entry(), entry(stated));
    rig.input(Input::ParameterSets(&[&VPS[..], &SPS, &PPS].concat()));
    rig.chunk(WHOLE_IDR, &slice(true, 100));
    let read = [1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93];
    assert_eq!(rig.receiver.video_entry(), entry(read));
}

#[test]
fn an_idr_gets_the_delimiter_and_the_three_sets() {
    let mut memory = memory();
    let mut rig = hevc(&mut memory);
    rig.input(Input::ParameterSets(&[&VPS[..], &SPS, &PPS].concat()));
    let bytes = slice(true, 3000);
    rig.chunk(WHOLE_IDR, &bytes);
    // A delimiter of the chunk is taken from its place: the sets go behind it.
    let own = [0, 0, 0, 1, 0x46, 1, 0x50];
    let with_own = [&own[..], &bytes].concat();
    rig.advance(Duration::from_millis(20));
    rig.chunk(WHOLE_IDR | ChunkFlags::HAS_AUD, &with_own);
    let units = rig.receiver.take_units();
    let sets = [&VPS[..], &SPS, &PPS].concat();
    assert_eq!(units[0].bytes, [&AUD_IDR[..], &sets, &bytes].concat());
    assert_eq!(units[1].bytes, [&own[..], &sets, &bytes].concat());
}

#[test]
fn another_coding_forgets_the_sets_of_the_one_before() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    rig.receiver.take_units();
    rig.input(Input::Coding(Coding::H264, STATED));
    rig.advance(Duration::from_millis(20));
    rig.chunk(WHOLE_IDR, &slice(true, 100));
    assert_eq!(
        rig.streamer.counters().parameter_sets_missing,
        0,
        "no change"
    );
    rig.input(Input::Coding(Coding::H265, STATED));
    rig.advance(Duration::from_millis(20));
    rig.chunk(WHOLE_IDR, &slice(true, 100));
    assert_eq!(rig.streamer.counters().parameter_sets_missing, 1);
    assert_eq!(rig.receiver.video_entry()[0], 0x24);
}
