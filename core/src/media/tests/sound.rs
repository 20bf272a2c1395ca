//! Sound: what goes over the wire for it, and what is refused.

use super::demuxer::Arrival;
use super::*;

const LPCM: AudioConfig = in_format(ChosenAudio::LPCM_48);
const UNIT: usize = 1920;
const TEN_MS: Duration = Duration::from_millis(10);

/// 480 samples as Windows has them: left counts up, right is -1.
fn samples(first: u16) -> Vec<u8> {
    let left = (0..480).map(|number| first.wrapping_add(number));
    left.flat_map(|left| [left.to_le_bytes(), [0xFF, 0xFF]].concat())
        .collect()
}

/// A stream with sound that has begun, in this format, and has sent a picture.
fn with_sound<'m>(memory: &'m mut [u8; BATCH_BYTES], config: &AudioConfig) -> Rig<'m> {
    let mut rig = Rig::idle(memory);
    assert_eq!(rig.input(Input::StartAudio(config)), []);
    assert_eq!(rig.input(Input::Start(&CONFIG)), [Said::Datagrams(1)]);
    begin_pictures(&mut rig);
    rig.receiver.take_units();
    rig
}

/// Sends an IDR picture that fits into one datagram; what comes next has the number 100.
fn begin_pictures(rig: &mut Rig<'_>) {
    rig.next_id = 99;
    let said = rig.chunk(WHOLE_IDR, &slice(true, 100));
    assert_eq!(said, [Said::Start(99), Said::Datagrams(1), Said::Done]);
}

fn sent(id: u64) -> Vec<Said> {
    // Eleven packets, in datagrams of seven.
    [Said::Start(id), Said::Datagrams(2), Said::Done].into()
}

fn dropped(id: u64, reason: DropReason) -> Vec<Said> {
    [Said::Dropped(id, reason), Said::Done].into()
}

#[test]
fn the_first_packet_of_lpcm_is_the_worked_one() {
    let mut memory = memory();
    let mut rig = with_sound(&mut memory, &LPCM);
    rig.begin_sound(rig.now);
    rig.drain(&samples(0x1234)[..]);
    let packet = &rig.datagrams[2][12..][..188];
    // With the lead of 80 ms the PTS is 97 200 and not 90 000.
    let start = [
        0x47, 0x51, 0x00, 0x10, 0x00, 0x00, 0x01, 0xBD, 0x07, 0x8E, 0x80, 0x80, 0x07, 0x21, 0x00,
        0x05, 0xF7, 0x61, 0xFF, 0xFF, 0xA0, 0x06, 0x00, 0x11, 0x12, 0x34, 0xFF, 0xFF, 0x12, 0x35,
    ];
    assert_eq!(packet[..30], start);
}

#[test]
fn lpcm_is_swapped_and_complete() {
    let mut memory = memory();
    let mut rig = with_sound(&mut memory, &LPCM);
    assert_eq!(rig.sound(&samples(0xFF00)), sent(100));
    let units = rig.receiver.take_sound();
    assert_eq!(units.len(), 1);
    assert_eq!(units[0].stream_id, 0xBD);
    let (header, bytes) = units[0].bytes.split_at(4);
    assert_eq!(header, [0xA0, 0x06, 0x00, 0x11]);
    let swapped: Vec<u8> = samples(0xFF00)
        .chunks(2)
        .flat_map(|s| [s[1], s[0]])
        .collect();
    assert_eq!(bytes, swapped);
    // 1940 bytes are ten full packets and one of 100 bytes.
    let last = &rig.datagrams[3][12 + 3 * 188..];
    assert_eq!((last.len(), last[3] >> 4, last[4]), (188, 3, 83));
    let counters = rig.streamer.counters();
    assert_eq!((counters.audio_units, counters.es_bytes), (1, 6 + 100));
}

#[test]
fn the_pmt_describes_each_format_in_its_own_bytes() {
    for (format, entry) in [
        (
            ChosenAudio::LPCM_48,
            &[0x83, 0xF1, 0x00, 0xF0, 4, 0x83, 0x02, 0x46, 0x2F][..],
        ),
        (
            ChosenAudio::LPCM_44,
            &[0x83, 0xF1, 0x00, 0xF0, 4, 0x83, 0x02, 0x26, 0x2F],
        ),
        (ChosenAudio::AAC_STEREO, &[0x0F, 0xF1, 0x00, 0xF0, 0]),
        (
            ChosenAudio::AC3_STEREO,
            &[0x81, 0xF1, 0x00, 0xF0, 5, 0x81, 3, 0x08, 0xC8, 0x05],
        ),
        (
            ChosenAudio::AC3_4,
            &[0x81, 0xF1, 0x00, 0xF0, 5, 0x81, 3, 0x08, 0xC8, 0x17],
        ),
        (
            ChosenAudio::AC3_6,
            &[0x81, 0xF1, 0x00, 0xF0, 5, 0x81, 3, 0x08, 0xC8, 0x0F],
        ),
    ] {
        let mut memory = memory();
        let rig = with_sound(&mut memory, &in_format(format));
        assert_eq!(rig.receiver.sound_entry(), entry, "{format}");
        assert_eq!(rig.receiver.pmt[5], 0xC1, "version 0");
    }
}

/// The version of the PMT, and the byte of its AC-3 descriptor with the rate.
fn described_rate(rig: &Rig<'_>) -> (u8, u8) {
    let version = rig.receiver.pmt[5] >> 1 & 0x1F;
    (version, rig.receiver.sound_entry()[8])
}

#[test]
fn the_pmt_has_the_rate_of_ac3() {
    let mut memory = memory();
    let ac3 = in_format(ChosenAudio::AC3_STEREO);
    let mut rig = Rig::idle(&mut memory);
    rig.input(Input::StartAudio(&ac3));
    rig.input(Input::AudioRate(192_000));
    assert_eq!(rig.input(Input::Start(&CONFIG)), [Said::Datagrams(1)]);
    // 192 kbit/s is the code 10; what was stated before anybody saw it is no change.
    assert_eq!(described_rate(&rig), (0, 10 << 2));
    let cases: [(Input<'_>, usize, (u8, u8)); 5] = [
        (Input::AudioRate(192_000), 0, (0, 10 << 2)),
        (Input::StartAudio(&ac3), 0, (0, 10 << 2)),
        (Input::AudioRate(448_000), 1, (1, 15 << 2)),
        // Not one of AC-3: at most the next.
        (Input::AudioRate(200_000), 1, (2, 0x2B << 2)),
        (Input::AudioRate(0), 1, (3, 0x32 << 2)),
    ];
    for (input, datagrams, described) in cases {
        rig.advance(TEN_MS / 10);
        assert_eq!(rig.input(input).len(), datagrams, "{described:?}");
        assert_eq!(described_rate(&rig), described);
    }
}

#[test]
fn a_rate_is_that_of_its_format_alone() {
    let mut memory = memory();
    let mut rig = Rig::idle(&mut memory);
    rig.input(Input::StartAudio(&in_format(ChosenAudio::AC3_6)));
    rig.input(Input::AudioRate(448_000));
    rig.input(Input::StartAudio(&in_format(ChosenAudio::AC3_STEREO)));
    rig.input(Input::Start(&CONFIG));
    assert_eq!(described_rate(&rig), (0, 0xC8));
    // Of LPCM and AAC it says nothing.
    for format in [ChosenAudio::LPCM_48, ChosenAudio::AAC_STEREO] {
        rig.advance(TEN_MS / 10);
        rig.input(Input::StartAudio(&in_format(format)));
        let before = rig.receiver.pmt.clone();
        rig.advance(TEN_MS / 10);
        assert_eq!(rig.input(Input::AudioRate(192_000)), []);
        assert_eq!(rig.receiver.pmt, before, "{format}");
    }
}

#[test]
fn q62_descriptors_can_be_left_out() {
    for format in [ChosenAudio::LPCM_48, ChosenAudio::AC3_STEREO] {
        let mut memory = memory();
        let config = AudioConfig {
            descriptors: false,
            ..in_format(format)
        };
        let rig = with_sound(&mut memory, &config);
        let entry = rig.receiver.sound_entry();
        assert_eq!(entry[1..], [0xF1, 0x00, 0xF0, 0x00], "{format}");
    }
}

#[test]
fn sound_that_comes_and_goes_changes_the_version_and_not_the_counter() {
    let mut memory = memory();
    let mut rig = Rig::playing(&mut memory);
    assert_eq!(rig.sound(&samples(0)), dropped(101, DropReason::NoAudio));
    // The parameter sets were the first change.
    for (input, version, entry) in [
        (Input::StartAudio(&LPCM), 2, 9),
        (Input::StopAudio, 3, 0),
        (Input::StartAudio(&LPCM), 4, 9),
    ] {
        rig.advance(TEN_MS);
        // The new table goes out at once, and once.
        assert_eq!(rig.input(input), [Said::Datagrams(1)]);
        assert_eq!(rig.receiver.pmt[5], 0xC1 | version << 1);
        assert_eq!(rig.receiver.sound_entry().len(), entry);
        if entry > 0 {
            rig.sound(&samples(0));
        }
    }
    assert_eq!(rig.input(Input::StartAudio(&LPCM)), [], "no change");
    assert_eq!(rig.receiver.take_sound().len(), 2);
}

#[test]
fn a_new_stream_keeps_the_sound_and_counts_anew() {
    let mut memory = memory();
    let mut rig = with_sound(&mut memory, &LPCM);
    rig.sound(&samples(0));
    rig.receiver = Demuxer::new(&CONFIG);
    assert_eq!(rig.input(Input::Start(&CONFIG)), [Said::Datagrams(1)]);
    begin_pictures(&mut rig);
    assert_eq!(rig.sound(&samples(0)), sent(100));
    assert_eq!(rig.receiver.take_sound().len(), 1);
    // The end of the stream is the end of its sound.
    rig.input(Input::Stop);
    rig.receiver = Demuxer::new(&CONFIG);
    rig.input(Input::Start(&CONFIG));
    assert!(rig.receiver.sound_entry().is_empty());
}

#[test]
fn aac_and_ac3_pass_as_they_come() {
    for (format, stream_id, longest) in [
        (ChosenAudio::AAC_STEREO, 0xC0, 2020_usize),
        (ChosenAudio::AC3_STEREO, 0xBD, 2560),
    ] {
        let mut memory = memory();
        let mut rig = with_sound(&mut memory, &in_format(format));
        for length in [1, 2, 167, 168, 169, 300, longest - 1, longest] {
            let bytes: Vec<u8> = (0..length).map(|at| at as u8).collect();
            rig.advance(Duration::from_millis(32));
            rig.sound(&bytes);
            let unit = &rig.receiver.take_sound()[0];
            assert_eq!((unit.stream_id, &unit.bytes), (stream_id, &bytes));
        }
    }
}

#[test]
fn a_length_that_the_format_has_not_got_is_refused() {
    for (format, wrong) in [
        (ChosenAudio::LPCM_48, &[1, 1919, 1921, 3840, 5_000_000][..]),
        (ChosenAudio::AAC_8, &[2021, 2560, 65_536]),
        (ChosenAudio::AC3_6, &[2561, 65_520, 65_537]),
    ] {
        let mut memory = memory();
        let mut rig = with_sound(&mut memory, &in_format(format));
        for (id, length) in (100..).zip(wrong) {
            let said = rig.sound(&std::vec![0; *length]);
            assert_eq!(said, dropped(id, DropReason::AudioLength), "{length}");
        }
        let id = rig.next_id;
        assert_eq!(rig.sound(&[]), dropped(id, DropReason::Empty));
        let counters = rig.streamer.counters();
        assert_eq!(
            counters.dropped(DropReason::AudioLength),
            wrong.len() as u64
        );
        assert_eq!((counters.audio_units, counters.idr_requests), (0, 0));
    }
}

#[test]
fn the_pts_is_that_of_the_first_sample_to_the_tick() {
    // 48 kHz in 100 ns, and 44.1 kHz rounded down as a miniport does; handed over late by chance.
    for (format, rate) in [
        (ChosenAudio::LPCM_48, 48_000),
        (ChosenAudio::LPCM_44, 44_100),
    ] {
        let mut memory = memory();
        let mut rig = with_sound(&mut memory, &in_format(format));
        let began = rig.now;
        for unit in 0..2000_u64 {
            let ticks = unit * 480 * 10_000_000 / rate;
            let late = 100_000 + unit * 7919 % 500_000;
            let captured = began + Duration::from_nanos(ticks * 100);
            rig.now = rig.now.max(captured + Duration::from_nanos(late * 100));
            rig.drain(&NoPayload);
            rig.begin_sound(captured);
            rig.drain(&samples(0)[..]);
            let pts = rig.receiver.sound.last().unwrap().pts;
            assert_eq!(pts, 90_000 + 7_200 + ticks * 9 / 1000);
        }
        let header = if rate == 44_100 { 0x09 } else { 0x11 };
        let units = rig.receiver.take_sound();
        assert!(units.iter().all(|unit| unit.bytes[3] == header));
        assert_eq!(units.len(), 2000);
    }
}

#[test]
fn what_is_past_is_not_sent_and_what_follows_is() {
    let mut memory = memory();
    let mut rig = with_sound(&mut memory, &LPCM);
    rig.advance(Duration::from_millis(90));
    rig.drain(&NoPayload);
    rig.begin_sound(rig.now - Duration::from_millis(80));
    let said = rig.drain(&samples(0)[..]);
    assert_eq!(said, dropped(100, DropReason::AudioLate));
    rig.begin_sound(rig.now - Duration::from_millis(79));
    assert_eq!(rig.drain(&samples(0)[..]), sent(101));
}

#[test]
fn there_is_no_sound_before_media_flows_nor_in_a_pause() {
    let mut memory = memory();
    let mut rig = Rig::idle(&mut memory);
    rig.input(Input::StartAudio(&LPCM));
    assert_eq!(rig.sound(&samples(0)), dropped(100, DropReason::Stopped));
    rig.input(Input::Start(&CONFIG));
    begin_pictures(&mut rig);
    assert_eq!(rig.sound(&samples(0)), sent(100));
    rig.input(Input::Pause);
    assert_eq!(rig.sound(&samples(0)), dropped(101, DropReason::Paused));
    rig.advance(Duration::from_secs(1));
    assert_eq!(rig.drain(&NoPayload), []);
    rig.receiver.gap_allowed = true;
    rig.input(Input::Resume);
    assert_eq!(rig.sound(&samples(7)), sent(102));
    let units = rig.receiver.take_sound();
    assert_eq!(units[1].bytes.len(), 4 + UNIT, "whole");
}

#[test]
fn no_sound_comes_before_the_first_picture_of_a_stream() {
    let mut memory = memory();
    let mut rig = Rig::idle(&mut memory);
    rig.input(Input::StartAudio(&LPCM));
    for _ in 0..2 {
        // A picture that cannot be sent is none.
        rig.receiver = Demuxer::new(&CONFIG);
        rig.next_id = 100;
        rig.input(Input::Start(&CONFIG));
        let early = DropReason::BeforePictures;
        assert_eq!(rig.sound(&samples(0)), dropped(100, early));
        rig.chunk(WHOLE, &slice(false, 100));
        assert_eq!(rig.sound(&samples(0)), dropped(102, early));
        let idr = ChunkFlags::FRAME_START | ChunkFlags::IDR;
        rig.chunk(idr, &slice(true, 100));
        assert_eq!(rig.sound(&samples(0)), sent(104));
        let mut order = rig.receiver.arrivals.clone();
        order.retain(|arrival| matches!(arrival, Arrival::UnitStart | Arrival::Sound));
        assert_eq!(order[..2], [Arrival::UnitStart, Arrival::Sound]);
    }
    assert_eq!(
        rig.streamer.counters().dropped(DropReason::BeforePictures),
        4
    );
}

#[test]
fn sound_and_pictures_come_in_the_order_in_which_they_were_given() {
    let mut memory = memory();
    let mut rig = with_sound(&mut memory, &LPCM);
    rig.receiver.arrivals.clear();
    rig.datagrams.clear();
    rig.sound(&samples(0));
    rig.chunk(WHOLE_IDR, &slice(true, 100));
    rig.sound(&samples(1));
    let mut order = rig.receiver.arrivals.clone();
    order.dedup();
    let tables = [Arrival::Pat, Arrival::Pmt, Arrival::Pcr];
    let expected = [&[Arrival::Sound][..], &[Arrival::UnitStart, Arrival::Sound]].concat();
    order.retain(|arrival| !tables.contains(arrival));
    assert_eq!(order, expected);
    // Only the picture has the marker.
    let marked: Vec<_> = rig.datagrams.iter().map(|d| d[1] >> 7).collect();
    assert_eq!(marked, [0, 0, 1, 0, 0]);
}

#[test]
fn sound_between_the_slices_of_a_picture_leaves_it_whole() {
    let mut memory = memory();
    let mut rig = with_sound(&mut memory, &LPCM);
    let idr = ChunkFlags::FRAME_START | ChunkFlags::IDR;
    rig.chunk(idr, &slice(true, 3000));
    rig.sound(&samples(0));
    rig.chunk(ChunkFlags::FRAME_END, &[7; 500]);
    let units = rig.receiver.take_units();
    assert_eq!((units.len(), units[0].bytes.len()), (1, 6 + 3500));
    assert!(units[0].marked);
    assert_eq!(rig.receiver.take_sound().len(), 1);
}

#[test]
fn the_loss_of_pictures_costs_no_sound_and_that_of_sound_no_picture() {
    let mut memory = memory();
    let mut rig = with_sound(&mut memory, &LPCM);
    rig.chunk(WHOLE_IDR, &[1]);
    rig.begin_sound(rig.now);
    assert_eq!(rig.poll(&samples(0)[..]), Some(Said::Start(101)));
    rig.streamer.handle(Input::ChunksLost, rig.now);
    let said = rig.drain(&samples(0)[..]);
    assert_eq!(said, [Said::NeedIdr, Said::Datagrams(2), Said::Done]);
    rig.chunk(WHOLE_IDR, &[1]);
    // A unit before the former is done, and one whose bytes change.
    rig.begin_sound(rig.now);
    rig.begin_sound(rig.now + TEN_MS);
    let said = rig.drain(&samples(0)[..]);
    let overrun = Said::Dropped(103, DropReason::Overrun);
    assert_eq!(said, [vec![overrun], sent(104)].concat());
    rig.begin_sound(rig.now);
    assert_eq!(rig.poll(&samples(0)[..]), Some(Said::Start(105)));
    let said = rig.drain(&[1][..]);
    assert_eq!(said, dropped(105, DropReason::PayloadChanged));
    let said = rig.chunk(WHOLE, &[1]);
    assert_eq!(said, [Said::Start(106), Said::Datagrams(1), Said::Done]);
}

#[test]
fn sound_in_hand_ends_with_its_stream() {
    for (input, reason) in [
        (Input::StopAudio, DropReason::NoAudio),
        (Input::StartAudio(&LPCM), DropReason::NoAudio),
        (Input::Stop, DropReason::Stopped),
    ] {
        let mut memory = memory();
        let mut rig = with_sound(&mut memory, &LPCM);
        rig.begin_sound(rig.now);
        rig.poll(&samples(0)[..]);
        rig.streamer.handle(input, rig.now);
        let said = rig.drain(&samples(0)[..]);
        assert_eq!(said[..2], dropped(100, reason));
    }
}

#[test]
fn q60_both_tables_can_begin_with_version_1() {
    let mut memory = memory();
    let mut rig = Rig::idle(&mut memory);
    let config = StreamConfig {
        psi_version: 1,
        ..CONFIG
    };
    rig.input(Input::Start(&config));
    let tables = &rig.datagrams[0][12..];
    assert_eq!((tables[10], tables[188 + 10]), (0xC3, 0xC3));
    assert_eq!(tables[188 + 1..][..2], [0x41, 0x00], "PMT on 0x100");
}
