//! The codec between driver and miniport, from both ends.
//!
//! What can be read is written again: what comes of it is read as the same, and a refusal can be
//! written and read whatever was refused.

use core::fmt::Debug;

use miracast_kmd_iface::chunk::{CHUNK_RECORD_SIZE, ChunkRecord};
use miracast_kmd_iface::codec::{
    ReplyError, Request, RequestSet, decode_reply, decode_request, encode_refusal, encode_reply,
    encode_request,
};
use miracast_kmd_iface::escape::{
    AudioOpen, AudioStart, Escape, Hello, InputReport, MonitorArrive, StreamOpen, StreamStart,
};
use miracast_kmd_iface::message::{Message, ModeSet};
use miracast_kmd_iface::{MESSAGE_MAX, Opcode};

/// A request of the set that can be read is written and read again.
macro_rules! read_again {
    ($set:ident: $bytes:ident; $($name:ident),*) => {
        if let Ok((sequence, request)) = decode_request::<$set>($bytes) {
            let mut out = [0; MESSAGE_MAX];
            let written = match &request {
                $($set::$name(one) => encode_request(sequence, one, &mut out),)*
            };
            let length = written.expect("room for a request");
            assert_eq!(decode_request::<$set>(&out[..length]), Ok((sequence, request)));
        }
    };
}

/// Reads `bytes` as everything that they may be.
///
/// # Panics
/// If something does not hold.
pub fn run(bytes: &[u8]) {
    // The miniport's end and the driver's.
    request::<Escape, Hello>(bytes);
    request::<Message, ModeSet>(bytes);
    read_again!(Escape: bytes; Hello, MonitorArrive, MonitorDepart, StreamOpen, StreamStart, StreamStop, StreamClose, RequestIdr, SetRate, ModeFailed, AudioOpen, AudioStart, AudioStop, AudioClose, InputReport);
    read_again!(Message: bytes; ModeSet, MonitorPower, Protection, DeviceLost);
    // The driver's end, and the miniport's.
    reply::<Hello>(bytes);
    reply::<MonitorArrive>(bytes);
    reply::<StreamOpen>(bytes);
    reply::<StreamStart>(bytes);
    reply::<AudioOpen>(bytes);
    reply::<AudioStart>(bytes);
    reply::<InputReport>(bytes);
    reply::<ModeSet>(bytes);
    if let Ok(record) = ChunkRecord::decode(bytes) {
        let written = record.encode();
        assert_eq!(ChunkRecord::decode(&written).as_ref(), Ok(&record));
        assert_eq!(written.len(), CHUNK_RECORD_SIZE);
    }
}

/// A request is read, or its refusal arrives, at a side that has asked `Asked`, as it was written.
fn request<Set: RequestSet + Debug, Asked: Request>(bytes: &[u8])
where
    Asked::Reply: Debug,
{
    let Err(refusal) = decode_request::<Set>(bytes) else {
        return;
    };
    assert!(!refusal.status.is_success(), "{refusal:?}");
    let mut out = [0; MESSAGE_MAX];
    let length = encode_refusal(&refusal, &mut out).expect("room for a refusal");
    let ours = [Asked::OPCODE, Opcode::UNREADABLE].contains(&refusal.opcode);
    match decode_reply::<Asked>(&out[..length], refusal.sequence) {
        Err(ReplyError::Refused { status, field }) if ours => {
            assert_eq!((status, field), (refusal.status, refusal.field));
        }
        Err(ReplyError::Malformed(_)) if !ours => {}
        other => panic!("{refusal:?} was read as {other:?}"),
    }
}

/// A reply that can be read is written and read again.
fn reply<Asked: Request>(bytes: &[u8])
where
    Asked::Reply: Debug + PartialEq,
{
    let sequence = bytes
        .get(12..16)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u32::from_le_bytes);
    let Ok(reply) = decode_reply::<Asked>(bytes, sequence) else {
        return;
    };
    let mut out = [0; MESSAGE_MAX];
    let length = encode_reply::<Asked>(sequence, &reply, &mut out).expect("room for a reply");
    let again = decode_reply::<Asked>(&out[..length], sequence);
    assert_eq!(again.as_ref().ok(), Some(&reply));
}
