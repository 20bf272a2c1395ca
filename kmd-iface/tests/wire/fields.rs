//! The rule of every field of a request: one wrong value, and the refusal names the field.

use core::fmt::Debug;

use miracast_kmd_iface::chunk::{ChunkFlags, ChunkRecord};
use miracast_kmd_iface::codec::{Request, RequestSet, decode_request, encode_request};
use miracast_kmd_iface::escape::{
    AudioCodec, AudioFormats, AudioOpen, Codec, Connector, EDID_MAX, Edid, Escape, INPUT_HID_MAX,
    INPUT_POINTERS_MAX, InputFlags, InputHid, InputKind, InputPointer, InputPointers, InputReport,
    MODES_MAX, ModeList, ScrollUnit, VersionRange,
};
use miracast_kmd_iface::message::{Message, ModeSet, PowerState};
use miracast_kmd_iface::timing::{DisplayMode, ModeFlags, REFRESH_MIN_MILLIHERTZ, Refresh};
use miracast_kmd_iface::{Field, MESSAGE_MAX, Malformed, NtStatus};

use crate::examples as e;

/// What the other side says of `request` after `change`: `None` if it accepts it.
fn blamed<S, R>(request: &R, change: impl FnOnce(&mut R)) -> Option<Field>
where
    S: RequestSet + Debug,
    R: Request + Clone,
{
    let mut changed = request.clone();
    change(&mut changed);
    let mut out = [0; MESSAGE_MAX];
    encode_request(1, &changed, &mut out).expect("room");
    decode_request::<S>(&out).err().map(|refusal| refusal.field)
}

const UNKNOWN_FLAG: ModeFlags = ModeFlags::from_bits_retain(1 << 31);

const TOO_SLOW: Refresh = Refresh {
    numerator: 23_899,
    denominator: 1000,
};

#[test]
fn hello() {
    let range = |oldest, newest| {
        blamed::<Escape, _>(&e::HELLO, |r| r.versions = VersionRange { oldest, newest })
    };
    assert_eq!(range(1, 1), None);
    assert_eq!(
        range(5, 9),
        None,
        "whether they match is for the miniport to say"
    );
    assert_eq!(range(0, 1), Some(Field::VERSION));
    assert_eq!(range(2, 1), Some(Field::VERSION));
}

#[test]
fn monitor_arrive() {
    type Change = fn(&mut miracast_kmd_iface::escape::MonitorArrive);
    let check = |change: Change| blamed::<Escape, _>(&e::monitor_arrive(), change);
    assert_eq!(check(|r| r.connector = Connector::UNSPECIFIED), None);
    assert_eq!(
        check(|r| r.connector = Connector(256)),
        Some(Field::CONNECTOR)
    );
    assert_eq!(check(|r| r.edid = Edid::new()), None);
    assert_eq!(
        check(|r| r.edid = Edid::from_slice(&[0; 127]).unwrap()),
        Some(Field::EDID)
    );
    assert_eq!(check(|r| r.modes = ModeList::new()), Some(Field::MODES));
}

#[test]
fn every_mode_of_a_list() {
    let check = |change: fn(&mut DisplayMode)| {
        let request = e::monitor_arrive();
        let mut modes = request.modes.as_slice().to_vec();
        change(&mut modes[1]);
        blamed::<Escape, _>(&request, |r| {
            r.modes = ModeList::from_slice(&modes).unwrap();
        })
    };
    assert_eq!(check(|m| m.width = 0), Some(Field::WIDTH));
    assert_eq!(check(|m| m.height = 0), Some(Field::HEIGHT));
    assert_eq!(check(|m| m.refresh.denominator = 0), Some(Field::REFRESH));
    assert_eq!(check(|m| m.refresh = TOO_SLOW), Some(Field::REFRESH));
    assert_eq!(check(|m| m.flags = UNKNOWN_FLAG), Some(Field::FLAGS));
}

#[test]
fn a_list_is_full_at_its_bound_and_a_larger_count_is_refused() {
    let modes = [e::monitor_arrive().modes.as_slice()[0]; MODES_MAX];
    let full = |r: &mut miracast_kmd_iface::escape::MonitorArrive| {
        r.edid = Edid::from_slice(&[7; EDID_MAX]).unwrap();
        r.modes = ModeList::from_slice(&modes).unwrap();
    };
    assert_eq!(blamed::<Escape, _>(&e::monitor_arrive(), full), None);
    assert!(ModeList::from_slice(&[DisplayMode::default(); MODES_MAX + 1]).is_err());
    let mut list = ModeList::from_slice(&modes).unwrap();
    assert!(list.push(modes[0]).is_err());

    let mut bytes = [0; MESSAGE_MAX];
    encode_request(1, &e::monitor_arrive(), &mut bytes).expect("room");
    for (count_at, bound, field) in [
        (24 + 4, EDID_MAX, Field::EDID),
        (24 + 520, MODES_MAX, Field::MODES),
    ] {
        for count in [bound as u32 + 1, u32::MAX] {
            let mut hostile = bytes;
            hostile[count_at..count_at + 4].copy_from_slice(&count.to_le_bytes());
            let refusal = decode_request::<Escape>(&hostile).expect_err("over the bound");
            assert_eq!(refusal.field, field);
        }
    }
}

#[test]
fn stream_open() {
    type Change = fn(&mut miracast_kmd_iface::escape::StreamOpen);
    let check = |change: Change| blamed::<Escape, _>(&e::STREAM_OPEN, change);
    assert_eq!(check(|r| r.codec = Codec::HEVC), None);
    assert_eq!(check(|r| r.codec = Codec(3)), Some(Field::CODEC));
    assert_eq!(check(|r| r.profile_idc = 0), Some(Field::PROFILE));
    assert_eq!(check(|r| r.level_idc = 0), Some(Field::LEVEL));
    assert_eq!(check(|r| r.slices = 0), Some(Field::SLICES));
    assert_eq!(check(|r| r.width = 0), Some(Field::WIDTH));
    assert_eq!(check(|r| r.height = 0), Some(Field::HEIGHT));
    assert_eq!(
        check(|r| r.refresh = Refresh::UNCHANGED),
        Some(Field::REFRESH)
    );
    assert_eq!(check(|r| r.flags = UNKNOWN_FLAG), Some(Field::FLAGS));
    assert_eq!(check(|r| r.flags = ModeFlags::NATIVE), Some(Field::FLAGS));
    assert_eq!(check(|r| r.bit_rate = 0), Some(Field::BIT_RATE));
    assert_eq!(check(|r| r.gop = 0), None);
}

#[test]
fn set_rate_and_mode_failed() {
    let check = |refresh| blamed::<Escape, _>(&e::SET_RATE, |r| r.refresh = refresh);
    assert_eq!(check(Refresh::UNCHANGED), None);
    assert_eq!(
        check(TOO_SLOW),
        None,
        "fewer pictures than the mode has are allowed"
    );
    for numerator in [0, 1] {
        let denominator = 1 - numerator;
        let refresh = Refresh {
            numerator,
            denominator,
        };
        assert_eq!(check(refresh), Some(Field::REFRESH));
    }
    let no_rate = blamed::<Escape, _>(&e::SET_RATE, |r| r.bit_rate = 0);
    assert_eq!(no_rate, Some(Field::BIT_RATE));
    let success = blamed::<Escape, _>(&e::MODE_FAILED, |r| r.status = NtStatus::SUCCESS);
    assert_eq!(success, Some(Field::STATUS));
}

#[test]
fn audio_open() {
    type Change = fn(&mut AudioOpen);
    let check = |change: Change| blamed::<Escape, _>(&e::AUDIO_OPEN, change);
    assert_eq!(check(|r| r.bit_rate = 0), None);
    assert_eq!(check(|r| r.codec = AudioCodec(0)), Some(Field::CODEC));
    assert_eq!(check(|r| r.codec = AudioCodec(4)), Some(Field::CODEC));
    assert_eq!(check(|r| r.channels = 8), Some(Field::CHANNELS));
    assert_eq!(
        check(|r| r.sample_rate = 44_100),
        Some(Field::SAMPLE_RATE),
        "only LPCM has it"
    );
    let lpcm = |r: &mut AudioOpen| {
        (r.codec, r.channels, r.bit_rate) = (AudioCodec::LPCM, 2, 0);
    };
    let check = |sample_rate, bit_rate| {
        blamed::<Escape, _>(&e::AUDIO_OPEN, |r| {
            lpcm(r);
            (r.sample_rate, r.bit_rate) = (sample_rate, bit_rate);
        })
    };
    assert_eq!(check(48_000, 0), None);
    assert_eq!(check(44_100, 0), None);
    assert_eq!(check(96_000, 0), Some(Field::SAMPLE_RATE));
    assert_eq!(check(48_000, 1), Some(Field::BIT_RATE));
}

#[test]
fn every_audio_format_can_be_asked_for() {
    let mut found = AudioFormats::empty();
    for (codec, channels, sample_rate) in [
        (AudioCodec::LPCM, [2].as_slice(), 48_000),
        (AudioCodec::LPCM, &[2], 44_100),
        (AudioCodec::AAC, &[2, 4, 6, 8], 48_000),
        (AudioCodec::AC3, &[2, 4, 6], 48_000),
    ] {
        for channels in channels.iter().copied() {
            let open = AudioOpen {
                codec,
                channels,
                sample_rate,
                bit_rate: 0,
            };
            assert_eq!(blamed::<Escape, _>(&open, |_| ()), None, "{open:?}");
            found |= open.format().expect("it was accepted");
        }
    }
    assert_eq!(found, AudioFormats::all());
}

#[test]
fn an_audio_chunk_is_one_pes_packet() {
    let takes = |codec: AudioCodec, lengths: [usize; 4]| lengths.map(|length| codec.takes(length));
    let lpcm = takes(AudioCodec::LPCM, [0, 1919, 1920, 1921]);
    assert_eq!(lpcm, [false, false, true, false]);
    let aac = takes(AudioCodec::AAC, [0, 1, 2020, 2021]);
    assert_eq!(aac, [false, true, true, false]);
    let ac3 = takes(AudioCodec::AC3, [0, 1, 2560, 2561]);
    assert_eq!(ac3, [false, true, true, false]);
    assert_eq!(takes(AudioCodec(4), [0, 1, 1920, 2020]), [false; 4]);
}

/// What is blamed in a report of `kind` after `change`.
fn input(kind: InputKind, change: impl FnOnce(&mut InputReport)) -> Option<Field> {
    blamed::<Escape, _>(&e::input_report(), |report| {
        report.kind = kind;
        change(report);
    })
}

#[test]
fn input_reports_of_every_kind() {
    for kind in InputKind::ALL {
        assert_eq!(input(*kind, |_| ()), None, "{kind}");
        assert_eq!(input(*kind, |r| r.flags = InputFlags::empty()), None);
        let unknown = InputFlags::from_bits_retain(2);
        assert_eq!(input(*kind, |r| r.flags = unknown), Some(Field::FLAGS));
        assert_eq!(input(*kind, |r| r.width = 0), Some(Field::WIDTH));
        assert_eq!(input(*kind, |r| r.height = 0), Some(Field::HEIGHT));
    }
    for kind in [0, 12] {
        assert_eq!(input(InputKind(kind), |_| ()), Some(Field::INPUT_KIND));
    }
}

#[test]
fn input_of_pointers() {
    let pointers = |list: &[(u16, u16)]| {
        let list: Vec<_> = list
            .iter()
            .map(|&(x, y)| InputPointer { x, y, id: 0 })
            .collect();
        let list = InputPointers::from_slice(&list).unwrap();
        input(InputKind::POINTER_DOWN, |r| r.pointers = list)
    };
    assert_eq!(pointers(&[(1919, 1079); INPUT_POINTERS_MAX]), None);
    assert_eq!(pointers(&[]), Some(Field::POINTERS));
    assert_eq!(pointers(&[(0, 0), (1920, 0)]), Some(Field::POINTERS));
    assert_eq!(pointers(&[(0, 1080)]), Some(Field::POINTERS));
}

#[test]
fn input_of_keys_zoom_scrolling_and_devices() {
    let (key, hid) = (InputKind::KEY_UP, InputKind::HID_REPORT);
    assert_eq!(input(key, |r| r.first_key = 0), Some(Field::KEY));
    assert_eq!(input(key, |r| r.second_key = 0), None);
    let zoom = |change: fn(&mut InputReport)| input(InputKind::ZOOM, change);
    assert_eq!(zoom(|r| r.x = 1920), Some(Field::POINT));
    assert_eq!(zoom(|r| r.y = 1080), Some(Field::POINT));
    assert_eq!(zoom(|r| r.factor = 0), Some(Field::FACTOR));
    for kind in [InputKind::SCROLL_VERTICAL, InputKind::SCROLL_HORIZONTAL] {
        for (amount, expected) in [(8191, None), (-8191, None), (8192, Some(Field::AMOUNT))] {
            assert_eq!(input(kind, |r| r.amount = amount), expected);
        }
        assert_eq!(input(kind, |r| r.amount = i16::MIN), Some(Field::AMOUNT));
        assert_eq!(input(kind, |r| r.unit = ScrollUnit(2)), Some(Field::UNIT));
    }
    assert_eq!(input(InputKind::ROTATE, |r| r.amount = i16::MIN), None);
    assert_eq!(input(hid, |r| r.hid = InputHid::new()), Some(Field::HID));
    let longest = InputHid::from_slice(&[1; INPUT_HID_MAX]).unwrap();
    assert_eq!(input(hid, |r| r.hid = longest), None);
}

#[test]
fn mode_set() {
    let check = |change: fn(&mut ModeSet)| blamed::<Message, _>(&e::MODE_SET, change);
    let off = |r: &mut ModeSet| {
        r.width = 0;
        r.height = 0;
        r.refresh = Refresh::UNCHANGED;
    };
    assert_eq!(check(off), None, "the path is off: the rest means nothing");
    assert_eq!(check(|r| r.height = 0), Some(Field::HEIGHT));
    assert_eq!(check(|r| r.refresh.denominator = 0), Some(Field::REFRESH));
    assert_eq!(check(|r| r.refresh = TOO_SLOW), Some(Field::REFRESH));
    assert_eq!(check(|r| r.flags = UNKNOWN_FLAG), Some(Field::FLAGS));
    assert_eq!(check(|r| r.flags = ModeFlags::NATIVE), Some(Field::FLAGS));
    assert_eq!(check(|r| r.mode_index = ModeSet::NOT_FROM_LIST), None);
    assert_eq!(check(|r| r.mode_index = 64), Some(Field::MODE_INDEX));
}

#[test]
fn power_and_loss() {
    let power = |state| blamed::<Message, _>(&e::MONITOR_POWER, |r| r.state = state);
    assert_eq!(power(PowerState::OFF), None);
    assert_eq!(power(PowerState(2)), Some(Field::POWER));
    let success = blamed::<Message, _>(&e::DEVICE_LOST, |r| r.status = NtStatus::SUCCESS);
    assert_eq!(success, Some(Field::STATUS));
}

#[test]
fn refresh_rates_are_compared_exactly() {
    let rate = |numerator, denominator| {
        Refresh {
            numerator,
            denominator,
        }
        .millihertz()
    };
    assert_eq!(rate(24_000, 1001), Some(23_976));
    assert_eq!(rate(60, 1), Some(60_000));
    assert_eq!(rate(1, 0), None);
    assert_eq!(rate(u32::MAX, 1), Some(u64::from(u32::MAX) * 1000));
    assert!(rate(24_000, 1001) >= Some(REFRESH_MIN_MILLIHERTZ));
}

#[test]
fn chunk_record() {
    let check = |change: fn(&mut ChunkRecord)| {
        let mut record = e::CHUNK;
        change(&mut record);
        ChunkRecord::decode(&record.encode())
            .err()
            .map(|Malformed { field }| field)
    };
    let unknown = |r: &mut ChunkRecord| r.flags |= ChunkFlags::from_bits_retain(1 << 6);
    assert_eq!(check(unknown), Some(Field::FLAGS));
    assert_eq!(check(|r| r.flags = ChunkFlags::HAS_AUD), Some(Field::FLAGS));
    let sets_in_the_middle =
        |r: &mut ChunkRecord| r.flags = ChunkFlags::FRAME_END | ChunkFlags::HAS_PARAMETER_SETS;
    assert_eq!(check(sets_in_the_middle), Some(Field::FLAGS));
    assert_eq!(check(|r| r.flags |= ChunkFlags::HAS_AUD), None);
    assert_eq!(check(|r| r.flags = ChunkFlags::empty()), None);
    assert_eq!(check(|r| r.length = 0), Some(Field::LENGTH));
}
