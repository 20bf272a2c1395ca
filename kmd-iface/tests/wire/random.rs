//! Random values come back as they went; random bytes are judged and never a panic.

use core::fmt::Debug;

use miracast_kmd_iface::chunk::{ChunkFlags, ChunkRecord};
use miracast_kmd_iface::codec::{
    Request, RequestSet, decode_reply, decode_request, encode_reply, encode_request,
};
use miracast_kmd_iface::escape::{
    AudioClose, AudioCodec, AudioOpen, AudioStart, AudioStop, Codec, Connector, Edid, Escape,
    Features, Hello, INPUT_POINTERS_MAX, InputFlags, InputHid, InputKind, InputPointer,
    InputPointers, InputReport, MODES_MAX, ModeFailed, ModeList, MonitorArrive, MonitorDepart,
    PARAMETER_SETS_MAX, ParameterSets, RequestIdr, ScrollUnit, SetRate, StreamClose, StreamOpen,
    StreamStart, StreamStarted, StreamStop, VersionRange,
};
use miracast_kmd_iface::message::{
    DeviceLost, Message, ModeSet, MonitorPower, PowerState, Protection,
};
use miracast_kmd_iface::timing::{DisplayMode, ModeFlags, Refresh};
use miracast_kmd_iface::{Field, MESSAGE_MAX, NtStatus};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::examples as e;

fn refresh() -> impl Strategy<Value = Refresh> {
    (24..=240_u32, 1..=1001_u32).prop_map(|(hertz, denominator)| Refresh {
        numerator: hertz * denominator,
        denominator,
    })
}

fn mode() -> impl Strategy<Value = DisplayMode> {
    (1_u16.., 1_u16.., refresh(), 0..4_u32).prop_map(|(width, height, refresh, flags)| {
        DisplayMode {
            width,
            height,
            refresh,
            flags: ModeFlags::from_bits_retain(flags),
        }
    })
}

fn interlaced() -> impl Strategy<Value = ModeFlags> {
    any::<bool>().prop_map(|interlaced| {
        if interlaced {
            ModeFlags::INTERLACED
        } else {
            ModeFlags::empty()
        }
    })
}

fn error_status() -> impl Strategy<Value = NtStatus> {
    (0x8000_0000_u32..).prop_map(NtStatus)
}

fn monitor_arrive() -> impl Strategy<Value = MonitorArrive> {
    let edid = (0..=4_usize).prop_flat_map(|blocks| vec(any::<u8>(), blocks * 128));
    let connector = prop_oneof![0..256_u32, Just(u32::MAX)];
    (connector, edid, vec(mode(), 1..=MODES_MAX)).prop_map(|(connector, edid, modes)| {
        MonitorArrive {
            connector: Connector(connector),
            edid: Edid::from_slice(&edid).unwrap(),
            modes: ModeList::from_slice(&modes).unwrap(),
        }
    })
}

fn stream_open() -> impl Strategy<Value = StreamOpen> {
    let codec = (1..=2_u16, 1_u8.., any::<u8>(), 1_u8..);
    let picture = (1_u16.., 1_u16.., refresh(), interlaced(), 1_u16..);
    let rate = (1_u64.., any::<u32>(), any::<u32>());
    (codec, picture, rate).prop_map(|(codec, picture, rate)| StreamOpen {
        codec: Codec(codec.0),
        profile_idc: codec.1,
        constraint_flags: codec.2,
        level_idc: codec.3,
        slices: picture.4,
        width: picture.0,
        height: picture.1,
        refresh: picture.2,
        flags: picture.3,
        bit_rate: rate.0,
        gop: rate.1,
        mode_sequence: rate.2,
    })
}

fn input_report() -> impl Strategy<Value = InputReport> {
    let size = (1_u16.., 1_u16..);
    let pointers = vec(any::<(u8, u16, u16)>(), 1..=INPUT_POINTERS_MAX);
    let rest = (
        any::<(bool, u16, u16, u16)>(),
        1_u16..,
        -8191..8192_i16,
        0..2_u8,
    );
    let device = (
        any::<(u8, u8)>(),
        1_u16..,
        any::<u16>(),
        vec(any::<u8>(), 1..40),
    );
    (1..12_u16, size, pointers, rest, device).prop_map(
        |(kind, (width, height), pointers, rest, device)| {
            let ((timed, timestamp, x, y), factor, amount, unit) = rest;
            let ((hid_path, hid_device), first_key, second_key, hid) = device;
            let inside = |&(id, x, y): &(u8, u16, u16)| InputPointer {
                x: x % width,
                y: y % height,
                id,
            };
            let pointers: Vec<_> = pointers.iter().map(inside).collect();
            InputReport {
                flags: if timed {
                    InputFlags::TIMESTAMP
                } else {
                    InputFlags::empty()
                },
                timestamp,
                x: x % width,
                y: y % height,
                factor,
                amount,
                unit: ScrollUnit(unit),
                hid_path,
                hid_device,
                first_key,
                second_key,
                pointers: InputPointers::from_slice(&pointers).unwrap(),
                hid: InputHid::from_slice(&hid).unwrap(),
                ..InputReport::new(InputKind(kind), width, height)
            }
        },
    )
}

fn audio_open() -> impl Strategy<Value = AudioOpen> {
    let coded =
        (2..=3_u16, 1..=3_u16, any::<u32>()).prop_map(|(codec, pairs, bit_rate)| AudioOpen {
            codec: AudioCodec(codec),
            channels: 2 * pairs,
            sample_rate: 48_000,
            bit_rate,
        });
    let lpcm = any::<bool>().prop_map(|fast| AudioOpen {
        codec: AudioCodec::LPCM,
        channels: 2,
        sample_rate: if fast { 48_000 } else { 44_100 },
        bit_rate: 0,
    });
    prop_oneof![coded, lpcm]
}

fn escape() -> impl Strategy<Value = Escape> {
    let hello =
        (1..1000_u16, 0..1000_u16, any::<u32>()).prop_map(|(oldest, more, features)| Hello {
            versions: VersionRange {
                oldest,
                newest: oldest + more,
            },
            features: Features::from_bits_retain(features),
        });
    let rate = prop_oneof![Just(Refresh::UNCHANGED), refresh()];
    let set_rate = (1_u64.., any::<u32>(), rate).prop_map(|(bit_rate, stream, refresh)| SetRate {
        bit_rate,
        stream,
        refresh,
    });
    let failed = (any::<u32>(), error_status()).prop_map(|(mode_sequence, status)| ModeFailed {
        mode_sequence,
        status,
    });
    prop_oneof![
        hello.prop_map(Escape::Hello),
        monitor_arrive().prop_map(Escape::MonitorArrive),
        Just(Escape::MonitorDepart(MonitorDepart {})),
        stream_open().prop_map(Escape::StreamOpen),
        any::<u32>().prop_map(|stream| Escape::StreamStart(StreamStart { stream })),
        any::<u32>().prop_map(|stream| Escape::StreamStop(StreamStop { stream })),
        any::<u32>().prop_map(|stream| Escape::StreamClose(StreamClose { stream })),
        any::<u32>().prop_map(|stream| Escape::RequestIdr(RequestIdr { stream })),
        set_rate.prop_map(Escape::SetRate),
        failed.prop_map(Escape::ModeFailed),
        audio_open().prop_map(Escape::AudioOpen),
        any::<u32>().prop_map(|stream| Escape::AudioStart(AudioStart { stream })),
        any::<u32>().prop_map(|stream| Escape::AudioStop(AudioStop { stream })),
        any::<u32>().prop_map(|stream| Escape::AudioClose(AudioClose { stream })),
        input_report().prop_map(Escape::InputReport),
    ]
}

fn message() -> impl Strategy<Value = Message> {
    let index = prop_oneof![0..MODES_MAX as u16, Just(ModeSet::NOT_FROM_LIST)];
    let mode_set = (
        any::<[u32; 2]>(),
        1_u16..,
        1_u16..,
        refresh(),
        interlaced(),
        index,
    )
        .prop_map(
            |([sequence, target_id], width, height, refresh, flags, mode_index)| ModeSet {
                sequence,
                width,
                height,
                refresh,
                flags,
                mode_index,
                target_id,
            },
        );
    let power = (0..2_u32).prop_map(|state| MonitorPower {
        state: PowerState(state),
    });
    prop_oneof![
        mode_set.prop_map(Message::ModeSet),
        power.prop_map(Message::MonitorPower),
        any::<u32>().prop_map(|level| Message::Protection(Protection { level })),
        error_status().prop_map(|status| Message::DeviceLost(DeviceLost { status })),
    ]
}

fn chunk() -> impl Strategy<Value = ChunkRecord> {
    (any::<[u64; 2]>(), any::<u32>(), 1_u32.., 0..64_u32).prop_map(
        |([position, capture_time], stream, length, flags)| ChunkRecord {
            stream,
            flags: ChunkFlags::from_bits_retain(flags) | ChunkFlags::FRAME_START,
            position,
            length,
            capture_time,
        },
    )
}

fn encode_any<R: Request>(sequence: u32, request: &R) -> Vec<u8> {
    let mut out = vec![0; MESSAGE_MAX];
    let written = encode_request(sequence, request, &mut out).unwrap();
    out.truncate(written);
    out
}

fn encode_escape(sequence: u32, request: &Escape) -> Vec<u8> {
    match request {
        Escape::Hello(r) => encode_any(sequence, r),
        Escape::MonitorArrive(r) => encode_any(sequence, r),
        Escape::MonitorDepart(r) => encode_any(sequence, r),
        Escape::StreamOpen(r) => encode_any(sequence, r),
        Escape::StreamStart(r) => encode_any(sequence, r),
        Escape::StreamStop(r) => encode_any(sequence, r),
        Escape::StreamClose(r) => encode_any(sequence, r),
        Escape::RequestIdr(r) => encode_any(sequence, r),
        Escape::SetRate(r) => encode_any(sequence, r),
        Escape::ModeFailed(r) => encode_any(sequence, r),
        Escape::AudioOpen(r) => encode_any(sequence, r),
        Escape::AudioStart(r) => encode_any(sequence, r),
        Escape::AudioStop(r) => encode_any(sequence, r),
        Escape::AudioClose(r) => encode_any(sequence, r),
        Escape::InputReport(r) => encode_any(sequence, r),
    }
}

fn encode_message(sequence: u32, request: &Message) -> Vec<u8> {
    match request {
        Message::ModeSet(r) => encode_any(sequence, r),
        Message::MonitorPower(r) => encode_any(sequence, r),
        Message::Protection(r) => encode_any(sequence, r),
        Message::DeviceLost(r) => encode_any(sequence, r),
    }
}

/// A refusal always has an error and names a field: nobody has to guess.
fn judge<S: RequestSet + Debug>(bytes: &[u8]) -> Option<(u32, S)> {
    match decode_request::<S>(bytes) {
        Ok(decoded) => Some(decoded),
        Err(refusal) => {
            assert!(!refusal.status.is_success());
            assert_ne!(refusal.field, Field::NONE);
            None
        }
    }
}

proptest! {
    #[test]
    fn an_escape_comes_back(sequence: u32, request in escape()) {
        let bytes = encode_escape(sequence, &request);
        prop_assert_eq!(decode_request::<Escape>(&bytes), Ok((sequence, request)));
    }

    #[test]
    fn a_message_comes_back(sequence: u32, request in message()) {
        let bytes = encode_message(sequence, &request);
        prop_assert_eq!(decode_request::<Message>(&bytes), Ok((sequence, request)));
    }

    #[test]
    fn a_reply_comes_back(sequence: u32, sets in vec(any::<u8>(), 0..=PARAMETER_SETS_MAX)) {
        let reply = StreamStarted { parameter_sets: ParameterSets::from_slice(&sets).unwrap() };
        let mut out = [0; MESSAGE_MAX];
        let written = encode_reply::<StreamStart>(sequence, &reply, &mut out).unwrap();
        prop_assert_eq!(decode_reply::<StreamStart>(&out[..written], sequence), Ok(reply));
    }

    #[test]
    fn a_record_comes_back(record in chunk()) {
        prop_assert_eq!(ChunkRecord::decode(&record.encode()), Ok(record));
    }

    #[test]
    fn random_bytes_are_judged(bytes in vec(any::<u8>(), 0..MESSAGE_MAX + 64)) {
        judge::<Escape>(&bytes);
        judge::<Message>(&bytes);
        let _ = ChunkRecord::decode(&bytes);
        prop_assert!(decode_reply::<StreamOpen>(&bytes, 1).is_err());
    }

    #[test]
    fn a_random_body_is_judged_and_what_passes_comes_back(
        request in escape(),
        body in vec(any::<u8>(), MESSAGE_MAX),
        dirt in vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        whole_body: bool,
    ) {
        let mut bytes = encode_escape(1, &request);
        if whole_body {
            let length = bytes.len();
            bytes[24..].copy_from_slice(&body[24..length]);
        }
        for (at, value) in dirt {
            let length = bytes.len();
            bytes[at.index(length)] = value;
        }
        if let Some((sequence, request)) = judge::<Escape>(&bytes) {
            let again = encode_escape(sequence, &request);
            prop_assert_eq!(decode_request::<Escape>(&again), Ok((sequence, request)));
        }
    }

    #[test]
    fn a_dirty_message_is_judged_and_what_passes_comes_back(
        request in message(),
        dirt in vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
    ) {
        let mut bytes = encode_message(1, &request);
        for (at, value) in dirt {
            let length = bytes.len();
            bytes[at.index(length)] = value;
        }
        if let Some((sequence, request)) = judge::<Message>(&bytes) {
            let again = encode_message(sequence, &request);
            prop_assert_eq!(decode_request::<Message>(&again), Ok((sequence, request)));
        }
    }

    #[test]
    fn a_dirty_reply_is_judged(
        dirt in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        length in 0..=48_usize,
    ) {
        let mut bytes = [0; 48];
        encode_reply::<StreamOpen>(1, &e::STREAM_OPENED, &mut bytes).unwrap();
        for (at, value) in dirt {
            bytes[at.index(48)] = value;
        }
        if let Ok(reply) = decode_reply::<StreamOpen>(&bytes[..length], 1) {
            prop_assert!(reply.attributes.is_known());
        }
    }
}
