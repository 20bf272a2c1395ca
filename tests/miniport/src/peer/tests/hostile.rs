//! Both sides lie: requests that are damaged, and a miniport that misbehaves as ordered.

use miracast_kmd_iface::codec::{self, ReplyError};
use miracast_kmd_iface::escape::{HelloReply, StreamOpen, StreamOpened, StreamStart};
use miracast_kmd_iface::header::HEADER_SIZE;
use miracast_kmd_iface::wire::Wire as _;
use miracast_kmd_iface::{Field, MESSAGE_MAX, NtStatus, Opcode};

use super::{Stage, ask, at, hello, peer, refusal, stream_open};
use crate::peer::{BadSpan, Misbehaviour, Options};
use crate::random::Random;
use crate::ring::{RingAddress, driver_end};

/// What the driver does with a ring: it must find out.
fn map(opened: &StreamOpened) -> bool {
    let address = RingAddress {
        base: opened.ring_base,
        control_len: opened.control_len,
        data_len: opened.data_len,
    };
    driver_end(address).is_ok()
}

#[test]
fn a_good_span_can_be_mapped_and_every_bad_one_is_found() {
    let mut honest = at(Stage::Mode, Options::default());
    assert!(map(&ask(&mut honest, &stream_open()).expect("OPEN")));
    for bad in BadSpan::ALL {
        let options = Options {
            misbehaviour: Misbehaviour {
                span: Some(bad),
                ..Misbehaviour::default()
            },
            ..Options::default()
        };
        let mut peer = at(Stage::Mode, options);
        let opened = ask(&mut peer, &stream_open()).expect("OPEN");
        assert!(!map(&opened), "{bad:?}");
    }
}

#[test]
fn misbehaviour_is_what_was_ordered() {
    let with = |misbehaviour| Options {
        misbehaviour,
        ..Options::default()
    };
    let refuse = with(Misbehaviour {
        refuse: vec![(Opcode::STREAM_START, NtStatus::INSUFFICIENT_RESOURCES)],
        ..Misbehaviour::default()
    });
    let start = StreamStart { stream: 1 };
    let refused = refusal(&mut at(Stage::Open, refuse), &start);
    assert_eq!(refused, (NtStatus::INSUFFICIENT_RESOURCES, Field::NONE));

    let mute = with(Misbehaviour {
        mute: vec![Opcode::HELLO],
        ..Misbehaviour::default()
    });
    assert!(matches!(
        ask(&mut peer(mute), &hello()),
        Err(ReplyError::Malformed(_))
    ));

    let lie = with(Misbehaviour {
        wrong_sequence: true,
        ..Misbehaviour::default()
    });
    assert!(matches!(
        ask(&mut peer(lie), &hello()),
        Err(ReplyError::Malformed(_))
    ));
}

#[test]
fn cut_and_random_requests_are_refused_without_a_panic() {
    let mut whole = [0; MESSAGE_MAX];
    let mut output = [0; MESSAGE_MAX];
    let length = codec::encode_request(1, &stream_open(), &mut whole).expect("room");
    let mut peer = at(Stage::Mode, Options::default());
    for cut in 0..length {
        let (status, bytes) = peer.io_control(&whole[..cut], &mut output);
        assert_eq!(status, NtStatus::SUCCESS);
        let reply = codec::decode_reply::<StreamOpen>(&output[..bytes], 1);
        assert!(
            matches!(reply, Err(ReplyError::Refused { .. })),
            "{cut} bytes: {reply:?}"
        );
    }
    assert!(peer.stream().is_none());
    let mut random = Random::new(11);
    for _ in 0..5_000 {
        let mut bytes = whole[..length].to_vec();
        for _ in 0..=random.below(4) {
            let place = random.below(length as u64) as usize;
            bytes[place] = random.next() as u8;
        }
        peer.io_control(&bytes, &mut output);
        if peer.stream().is_some() {
            peer = at(Stage::Mode, Options::default());
        }
    }
}

#[test]
fn a_reply_that_does_not_fit_fails_the_call() {
    let mut input = [0; MESSAGE_MAX];
    let length = codec::encode_request(1, &hello(), &mut input).expect("room");
    let mut peer = peer(Options::default());
    let whole = HEADER_SIZE + HelloReply::SIZE;
    for room in [0, HEADER_SIZE - 1, HEADER_SIZE, whole - 1] {
        let answer = peer.io_control(&input[..length], &mut vec![0; room]);
        assert_eq!(answer, (NtStatus::BUFFER_TOO_SMALL, 0), "{room}");
    }
    let answer = peer.io_control(&input[..length], &mut vec![0; whole]);
    assert_eq!(answer.1, whole);
}
