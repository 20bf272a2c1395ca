//! What the asking side makes of answers.

use miracast_kmd_iface::codec::{
    Nothing, Refusal, decode_reply, decode_request, encode_refusal, encode_reply, encode_request,
};
use miracast_kmd_iface::escape::{
    AudioFormats, EncoderCaps, Escape, Features, Hello, HelloReply, HevcCaps, MonitorDepart,
    StreamAttributes, StreamOpen, StreamOpened, VersionRange,
};
use miracast_kmd_iface::header::HEADER_SIZE;
use miracast_kmd_iface::message::{Message, ModeSet};
use miracast_kmd_iface::{Field, MESSAGE_MAX, Malformed, NtStatus, Opcode, ReplyError, Request};

use crate::examples as e;

fn reply_bytes<R: Request>(sequence: u32, reply: &R::Reply) -> Vec<u8> {
    let mut out = vec![0; MESSAGE_MAX];
    let written = encode_reply::<R>(sequence, reply, &mut out).expect("room");
    out.truncate(written);
    out
}

const fn malformed<T>(field: Field) -> Result<T, ReplyError> {
    Err(ReplyError::Malformed(Malformed::new(field)))
}

#[test]
fn a_buffer_that_nobody_touched_is_unanswered() {
    let mut buffer = [0; MESSAGE_MAX];
    encode_request(3, &e::MONITOR_DEPART, &mut buffer).expect("room");
    let result = decode_reply::<MonitorDepart>(&buffer, 3);
    assert_eq!(result, Err(ReplyError::Unanswered));
}

#[test]
fn a_reply_to_another_request_is_not_ours() {
    let bytes = reply_bytes::<MonitorDepart>(3, &Nothing {});
    assert_eq!(
        decode_reply::<MonitorDepart>(&bytes, 4),
        malformed(Field::SEQUENCE)
    );
    assert_eq!(decode_reply::<ModeSet>(&bytes, 3), malformed(Field::OPCODE));
}

#[test]
fn a_refusal_is_understood_in_every_version_and_without_a_body() {
    let refusal = Refusal {
        sequence: 3,
        opcode: Opcode::STREAM_OPEN,
        status: NtStatus::RESOURCE_IN_USE,
        field: Field::NONE,
    };
    let mut bytes = [0; 64];
    encode_refusal(&refusal, &mut bytes).expect("room");
    bytes[4..6].copy_from_slice(&9_u16.to_le_bytes());
    let expected = Err(ReplyError::Refused {
        status: NtStatus::RESOURCE_IN_USE,
        field: Field::NONE,
    });
    assert_eq!(decode_reply::<StreamOpen>(&bytes, 3), expected);
    bytes[8..12].copy_from_slice(&(HEADER_SIZE as u32).to_le_bytes());
    assert_eq!(
        decode_reply::<StreamOpen>(&bytes[..HEADER_SIZE], 3),
        expected
    );
}

#[test]
fn the_refusal_of_an_unreadable_request_comes_through() {
    let refusal = decode_request::<Message>(b"not a message of ours at all").expect_err("magic");
    assert_eq!(refusal.opcode, Opcode::UNREADABLE);
    let mut bytes = [0; 64];
    encode_refusal(&refusal, &mut bytes).expect("room");
    let expected = Err(ReplyError::Refused {
        status: NtStatus::INVALID_PARAMETER,
        field: Field::MAGIC,
    });
    assert_eq!(decode_reply::<ModeSet>(&bytes, 3), expected);
}

#[test]
fn an_unknown_opcode_is_refused_and_the_asking_side_learns_it() {
    let mut bytes = [0; MESSAGE_MAX];
    encode_request(3, &e::MODE_SET, &mut bytes).expect("room");
    let refusal = decode_request::<Escape>(&bytes).expect_err("a message, not an escape");
    encode_refusal(&refusal, &mut bytes).expect("room");
    let expected = Err(ReplyError::Refused {
        status: NtStatus::NOT_SUPPORTED,
        field: Field::OPCODE,
    });
    assert_eq!(decode_reply::<ModeSet>(&bytes, 3), expected);
}

#[test]
fn a_reply_in_a_version_that_we_do_not_speak_is_malformed() {
    let mut bytes = reply_bytes::<StreamOpen>(3, &e::STREAM_OPENED);
    bytes[4] = 2;
    assert_eq!(
        decode_reply::<StreamOpen>(&bytes, 3),
        malformed(Field::VERSION)
    );
}

#[test]
fn the_fields_of_a_reply_are_checked() {
    let hello = |change: fn(&mut HelloReply)| {
        let mut reply = e::HELLO_REPLY;
        change(&mut reply);
        decode_reply::<Hello>(&reply_bytes::<Hello>(1, &reply), 1).map(|_| ())
    };
    let level_beyond = |r: &mut HelloReply| r.encoder.level_bit = EncoderCaps::LEVEL_BIT_MAX + 1;
    assert_eq!(hello(|_| ()), Ok(()));
    assert_eq!(hello(|r| r.version = 2), malformed(Field::VERSION));
    assert_eq!(hello(|r| r.encoder.profiles = 0), malformed(Field::PROFILE));
    assert_eq!(hello(level_beyond), malformed(Field::LEVEL));
    assert_eq!(hello(|r| r.encoder.max_width = 0), malformed(Field::WIDTH));
    assert_eq!(
        hello(|r| r.encoder.max_height = 0),
        malformed(Field::HEIGHT)
    );
    assert_eq!(
        hello(|r| r.encoder.max_slices = 0),
        malformed(Field::SLICES)
    );
    assert_eq!(
        hello(|r| r.encoder.max_macroblocks_per_second = 0),
        malformed(Field::MACROBLOCK_RATE)
    );
    assert_eq!(
        hello(|r| r.encoder.max_bit_rate = 0),
        malformed(Field::BIT_RATE)
    );

    let opened = StreamOpened {
        attributes: StreamAttributes::from_bits_retain(2),
        ..e::STREAM_OPENED
    };
    let bytes = reply_bytes::<StreamOpen>(1, &opened);
    assert_eq!(
        decode_reply::<StreamOpen>(&bytes, 1),
        malformed(Field::FLAGS)
    );
}

#[test]
fn what_a_hello_of_an_older_miniport_lacks_is_zero() {
    let mut old = e::HELLO_REPLY;
    old.features = Features::INPUT;
    let bytes = reply_bytes::<Hello>(3, &old);
    for size in 0..=bytes.len() {
        let mut cut = bytes.clone();
        cut[8..12].copy_from_slice(&(size as u32).to_le_bytes());
        let reply = decode_reply::<Hello>(&cut, 3);
        let from_before = |field: usize| size <= HEADER_SIZE + field;
        if size < HEADER_SIZE + 32 {
            assert_eq!(reply, malformed(Field::SIZE), "{size}");
            continue;
        }
        let reply = reply.expect("a whole reply");
        assert_eq!(reply.encoder, old.encoder, "{size}");
        assert_eq!(reply.audio.is_empty(), from_before(32), "{size}");
        assert_eq!(reply.hevc == HevcCaps::default(), from_before(40), "{size}");
    }
}

#[test]
fn h265_is_looked_at_only_if_the_miniport_names_it() {
    type Change = fn(&mut HevcCaps);
    let hello = |features, change: Change| {
        let mut reply = e::HELLO_REPLY;
        reply.features = features;
        change(&mut reply.hevc);
        decode_reply::<Hello>(&reply_bytes::<Hello>(1, &reply), 1).map(|_| ())
    };
    let changes: [(Change, Field); 6] = [
        (|r| r.profiles = 2, Field::PROFILE),
        (|r| r.level_bit = HevcCaps::LEVEL_BIT_MAX + 1, Field::LEVEL),
        (|r| r.max_width = 0, Field::WIDTH),
        (|r| r.max_height = 0, Field::HEIGHT),
        (|r| r.max_macroblocks_per_second = 0, Field::MACROBLOCK_RATE),
        (|r| r.max_bit_rate = 0, Field::BIT_RATE),
    ];
    for (change, field) in changes {
        assert_eq!(hello(Features::HEVC, change), malformed(field));
        assert_eq!(hello(Features::empty(), change), Ok(()));
    }
}

#[test]
fn audio_formats_that_we_do_not_know_are_no_mistake() {
    let mut newer = e::HELLO_REPLY;
    newer.audio = AudioFormats::from_bits_retain(1 << 31 | 1);
    let bytes = reply_bytes::<Hello>(3, &newer);
    assert_eq!(decode_reply::<Hello>(&bytes, 3), Ok(newer));
}

#[test]
fn the_newest_common_version_is_chosen() {
    let range = |oldest, newest| VersionRange { oldest, newest };
    assert_eq!(range(1, 3).newest_common(range(2, 5)), Some(3));
    assert_eq!(range(2, 5).newest_common(range(1, 3)), Some(3));
    assert_eq!(range(1, 9).newest_common(range(4, 4)), Some(4));
    assert_eq!(range(1, 1).newest_common(range(2, 3)), None);
    assert_eq!(range(2, 3).newest_common(range(1, 1)), None);
}
