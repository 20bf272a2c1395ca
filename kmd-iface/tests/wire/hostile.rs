//! What every request has to withstand: cut, lengthened, with a wrong header, with dirt in the
//! reserved bytes.

use core::fmt::Debug;

use miracast_kmd_iface::chunk::{CHUNK_RECORD_SIZE, ChunkRecord};
use miracast_kmd_iface::codec::{
    Nothing, Refusal, Request, RequestSet, decode_reply, decode_request, encode_reply,
    encode_request,
};
use miracast_kmd_iface::escape::{
    AudioClose, AudioOpen, AudioStart, AudioStop, Escape, Hello, InputReport, ModeFailed,
    MonitorArrive, MonitorDepart, RequestIdr, SetRate, StreamClose, StreamOpen, StreamStart,
    StreamStop,
};
use miracast_kmd_iface::header::HEADER_SIZE;
use miracast_kmd_iface::message::{DeviceLost, Message, ModeSet, MonitorPower, Protection};
use miracast_kmd_iface::{Field, MESSAGE_MAX, Malformed, Member, NtStatus, Opcode, ReplyError};

use crate::examples::{CHUNK, Case, monitor_arrive};

const SEQUENCE: u32 = 0x5EC5_0001;

fn bytes_of<R: Request>(request: &R) -> Vec<u8> {
    let mut out = vec![0; MESSAGE_MAX];
    let written = encode_request(SEQUENCE, request, &mut out).expect("room");
    out.truncate(written);
    out
}

/// `bytes` with `value` at `offset`.
fn with<const N: usize>(bytes: &[u8], offset: usize, value: [u8; N]) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[offset..offset + N].copy_from_slice(&value);
    changed
}

fn refused_field<S: RequestSet + Debug>(bytes: &[u8]) -> (u32, Field, NtStatus) {
    let refusal: Refusal = decode_request::<S>(bytes).expect_err("hostile");
    (refusal.sequence, refusal.field, refusal.status)
}

#[test]
fn a_request_that_is_cut_is_refused_at_every_length() {
    fn check<R: Request + Clone, S: RequestSet + Debug>(case: &Case<R, S>) {
        let bytes = bytes_of(&case.request);
        for length in 0..bytes.len() {
            let known = if length < HEADER_SIZE { 0 } else { SEQUENCE };
            let expected = (known, Field::SIZE, NtStatus::INFO_LENGTH_MISMATCH);
            assert_eq!(refused_field::<S>(&bytes[..length]), expected, "{length}");
            // The header may be honest about it: the body is too short all the same.
            if length >= HEADER_SIZE {
                let honest = with(&bytes, 8, (length as u32).to_le_bytes());
                assert_eq!(refused_field::<S>(&honest), expected, "{length}");
            }
        }
    }
    for_each_request!(check);
}

/// A miniport that maps the body to a structure checks its size first, and both must blame alike.
#[test]
fn a_short_body_is_blamed_for_its_size_before_its_members() {
    let bytes = bytes_of(&monitor_arrive());
    let too_many = with(&bytes, HEADER_SIZE + 4, 513_u32.to_le_bytes());
    assert_eq!(refused_field::<Escape>(&too_many).1, Field::EDID);
    let size = bytes.len() as u32 - 1;
    let short = with(&too_many, 8, size.to_le_bytes());
    assert_eq!(refused_field::<Escape>(&short).1, Field::SIZE);
}

#[test]
fn a_reply_that_is_cut_is_malformed_at_every_length() {
    fn check<R: Request + Clone, S>(case: &Case<R, S>) {
        let mut out = [0; MESSAGE_MAX];
        let written = encode_reply::<R>(SEQUENCE, &case.reply, &mut out).expect("room");
        for length in 0..written {
            let result = decode_reply::<R>(&out[..length], SEQUENCE);
            let expected = ReplyError::Malformed(Malformed::new(Field::SIZE));
            assert_eq!(result.err(), Some(expected), "{length}");
        }
        assert!(decode_reply::<R>(&out[..written], SEQUENCE).is_ok());
    }
    for_each_request!(check);
}

#[test]
fn a_buffer_that_is_too_small_is_not_written_beyond() {
    fn check<R: Request + Clone, S>(case: &Case<R, S>) {
        let size = bytes_of(&case.request).len();
        let mut out = [0; MESSAGE_MAX];
        for length in 0..size {
            assert!(encode_request(SEQUENCE, &case.request, &mut out[..length]).is_err());
        }
        assert!(out[size..].iter().all(|byte| *byte == 0));
        assert!(encode_request(SEQUENCE, &case.request, &mut out[..size]).is_ok());
        assert!(encode_reply::<R>(SEQUENCE, &case.reply, &mut out[..HEADER_SIZE - 1]).is_err());
    }
    for_each_request!(check);
}

#[test]
fn a_longer_request_of_a_newer_peer_is_read_as_far_as_known() {
    fn check<R: Request + Clone, S: RequestSet + Debug + PartialEq>(case: &Case<R, S>) {
        let mut bytes = bytes_of(&case.request);
        bytes.resize(MESSAGE_MAX, 0xEE);
        let expected = Ok((SEQUENCE, (case.wrap)(case.request.clone())));
        // The size is of the newer layout.
        let longer = with(&bytes, 8, (MESSAGE_MAX as u32).to_le_bytes());
        assert_eq!(decode_request::<S>(&longer), expected);
        // The size is right and the buffer is longer.
        assert_eq!(decode_request::<S>(&bytes), expected);
    }
    for_each_request!(check);
}

#[test]
fn every_byte_of_the_header_is_judged() {
    fn check<R: Request + Clone, S: RequestSet + Debug>(case: &Case<R, S>) {
        let bytes = bytes_of(&case.request);
        let size = bytes.len() as u32;
        let refused = |bytes: &[u8]| refused_field::<S>(bytes);

        let invalid = NtStatus::INVALID_PARAMETER;
        assert_eq!(
            refused(&with(&bytes, 0, *b"ICKM")),
            (0, Field::MAGIC, invalid)
        );
        let mismatch = NtStatus::INFO_LENGTH_MISMATCH;
        for wrong in [0, 23, size + 1, MESSAGE_MAX as u32 + 1, u32::MAX] {
            let changed = with(&bytes, 8, wrong.to_le_bytes());
            assert_eq!(refused(&changed), (SEQUENCE, Field::SIZE, mismatch));
        }
        for reply_status in [NtStatus::SUCCESS, NtStatus::NOT_SUPPORTED] {
            let changed = with(&bytes, 16, reply_status.0.to_le_bytes());
            assert_eq!(refused(&changed), (SEQUENCE, Field::STATUS, invalid));
        }
        let unsupported = NtStatus::NOT_SUPPORTED;
        for unknown in [0_u16, 0x0002, 0x7FFF, 0x8000, 0xFFFF] {
            let changed = with(&bytes, 6, unknown.to_le_bytes());
            assert_eq!(refused(&changed), (SEQUENCE, Field::OPCODE, unsupported));
        }
        for version in [0_u16, 2, 0xFFFF] {
            let changed = with(&bytes, 4, version.to_le_bytes());
            let expected = (SEQUENCE, Field::VERSION, NtStatus::REVISION_MISMATCH);
            if R::OPCODE == Opcode::HELLO {
                assert!(decode_request::<S>(&changed).is_ok());
            } else {
                assert_eq!(refused(&changed), expected);
            }
        }
    }
    for_each_request!(check);
}

#[test]
fn a_size_over_the_maximum_is_refused_even_if_the_bytes_are_there() {
    let mut bytes = bytes_of(&crate::examples::PROTECTION);
    bytes.resize(MESSAGE_MAX + 1, 0);
    let changed = with(&bytes, 8, (MESSAGE_MAX as u32 + 1).to_le_bytes());
    assert_eq!(refused_field::<Message>(&changed).1, Field::SIZE);
}

#[test]
fn the_wrong_direction_is_an_unknown_opcode() {
    let expected = (SEQUENCE, Field::OPCODE, NtStatus::NOT_SUPPORTED);
    let message = bytes_of(&crate::examples::MODE_SET);
    assert_eq!(refused_field::<Escape>(&message), expected);
    let request = bytes_of(&crate::examples::HELLO);
    assert_eq!(refused_field::<Message>(&request), expected);
}

/// Places that no member covers.
fn reserved(members: &[Member], size: usize) -> Vec<usize> {
    let covered = |at: &usize| {
        members
            .iter()
            .any(|member| (member.offset..member.offset + member.size).contains(at))
    };
    (0..size).filter(|at| !covered(at)).collect()
}

#[test]
fn reserved_bytes_are_written_as_zero_and_ignored() {
    fn check<R: Request + Clone, S: RequestSet + Debug + PartialEq>(case: &Case<R, S>) {
        let bytes = bytes_of(&case.request);
        let in_body = reserved(case.members, bytes.len() - HEADER_SIZE);
        let in_body = in_body.iter().map(|at| HEADER_SIZE + at);
        let mut dirty = bytes.clone();
        for at in (20..24).chain(in_body) {
            assert_eq!(bytes[at], 0, "at {at}");
            dirty[at] = 0xFF;
        }
        assert_eq!(
            decode_request::<S>(&dirty),
            Ok((SEQUENCE, (case.wrap)(case.request.clone())))
        );
    }
    for_each_request!(check);
}

#[test]
fn a_record_that_is_cut_is_refused_and_a_longer_one_is_read() {
    let mut bytes = CHUNK.encode().to_vec();
    for length in 0..CHUNK_RECORD_SIZE {
        let cut = ChunkRecord::decode(&bytes[..length]);
        assert_eq!(cut, Err(Malformed::new(Field::SIZE)));
    }
    let gaps = reserved(ChunkRecord::MEMBERS, CHUNK_RECORD_SIZE);
    assert_eq!(gaps, [20, 21, 22, 23]);
    bytes[20..24].fill(0xFF);
    bytes.extend([0xEE; 9]);
    assert_eq!(ChunkRecord::decode(&bytes), Ok(CHUNK));
}
