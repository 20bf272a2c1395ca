//! Messages of the miniport: decoded on the thread that brings them, handed to the worker.
//!
//! The reply only says accepted, or which field is bad: what becomes of a mode follows as an escape.

use miracast_kmd_iface::codec::{self, Nothing, Refusal, Request};
use miracast_kmd_iface::field::Field;
use miracast_kmd_iface::message::{DeviceLost, Message, ModeSet, MonitorPower};
use miracast_kmd_iface::{NtStatus, Opcode};

use crate::engine::Notice;
use crate::inbox::Inbox;

/// Longest message that is read, and longest reply. Messages have at most 52 bytes today; what a
/// newer miniport appends is ignored.
pub(super) const SIZE_MAX: usize = 256;

/// What HandleKernelModeMessage returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// Bytes of the reply.
    pub(super) length: usize,
    /// The result of the call: the same as in the reply.
    pub(super) status: NtStatus,
}

/// Handles one message.
pub(super) fn handle(request: &[u8], reply: &mut [u8], inbox: &Inbox) -> Answer {
    let (sequence, message) = match codec::decode_request::<Message>(request) {
        Ok(decoded) => decoded,
        Err(refusal) => return refuse(&refusal, reply),
    };
    let opcode = message.opcode();
    let (notice, status) = match message {
        Message::ModeSet(set) => (Notice::ModeSet(set), NtStatus::SUCCESS),
        Message::MonitorPower(power) => (Notice::MonitorPower(power), NtStatus::SUCCESS),
        Message::DeviceLost(lost) => (Notice::DeviceLost(lost), NtStatus::SUCCESS),
        // HDCP is not there: the miniport is told so, and the picture stops.
        Message::Protection(protection) if protection.level != 0 => {
            (Notice::Protection(protection), NtStatus::NOT_SUPPORTED)
        }
        Message::Protection(protection) => (Notice::Protection(protection), NtStatus::SUCCESS),
    };
    let status = match inbox.push(notice) {
        Ok(()) => status,
        Err(_) => NtStatus::INSUFFICIENT_RESOURCES,
    };
    if status.is_success() {
        accept(opcode, sequence, reply)
    } else {
        refuse(
            &Refusal {
                sequence,
                opcode,
                status,
                field: Field::NONE,
            },
            reply,
        )
    }
}

fn accept(opcode: Opcode, sequence: u32, reply: &mut [u8]) -> Answer {
    let written = match opcode {
        ModeSet::OPCODE => codec::encode_reply::<ModeSet>(sequence, &Nothing {}, reply),
        MonitorPower::OPCODE => codec::encode_reply::<MonitorPower>(sequence, &Nothing {}, reply),
        DeviceLost::OPCODE => codec::encode_reply::<DeviceLost>(sequence, &Nothing {}, reply),
        _ => {
            let nothing = &Nothing {};
            codec::encode_reply::<miracast_kmd_iface::message::Protection>(sequence, nothing, reply)
        }
    };
    Answer {
        length: written.unwrap_or(0),
        status: NtStatus::SUCCESS,
    }
}

fn refuse(refusal: &Refusal, reply: &mut [u8]) -> Answer {
    let length = codec::encode_refusal(refusal, reply).unwrap_or(0);
    Answer {
        length,
        status: refusal.status,
    }
}

#[cfg(test)]
mod tests {
    use miracast_kmd_iface::message::Protection;
    use miracast_kmd_iface::timing::{ModeFlags, Refresh};

    use super::*;
    use crate::os::Event;
    use miracast_kmd_iface::codec::ReplyError;

    fn ask<R: Request>(inbox: &Inbox, request: &R) -> Result<R::Reply, ReplyError> {
        let mut bytes = [0; SIZE_MAX];
        let length = codec::encode_request(7, request, &mut bytes).unwrap();
        let mut reply = [0; SIZE_MAX];
        let answer = handle(&bytes[..length], &mut reply, inbox);
        let decoded = codec::decode_reply::<R>(&reply[..answer.length], 7);
        assert_eq!(answer.status.is_success(), decoded.is_ok());
        decoded
    }

    fn mode_set() -> ModeSet {
        ModeSet {
            sequence: 3,
            width: 1280,
            height: 720,
            refresh: Refresh::from_hertz(30),
            flags: ModeFlags::empty(),
            mode_index: 0,
            target_id: 1,
        }
    }

    #[test]
    fn a_mode_set_reaches_the_worker() {
        let inbox = Inbox::new(Event::new().unwrap());
        ask(&inbox, &mode_set()).unwrap();
        assert_eq!(inbox.pop(), Some(Notice::ModeSet(mode_set())));
    }

    #[test]
    fn a_bad_field_is_named_and_nothing_reaches_the_worker() {
        let inbox = Inbox::new(Event::new().unwrap());
        let bad = ModeSet {
            height: 0,
            ..mode_set()
        };
        let refused = ask(&inbox, &bad).unwrap_err();
        let (status, field) = (NtStatus::INVALID_PARAMETER, Field::HEIGHT);
        assert_eq!(refused, ReplyError::Refused { status, field });
        assert_eq!(inbox.pop(), None);
    }

    #[test]
    fn protection_is_refused_and_stops_the_picture() {
        let inbox = Inbox::new(Event::new().unwrap());
        let protection = Protection { level: 1 };
        let refused = ask(&inbox, &protection).unwrap_err();
        let (status, field) = (NtStatus::NOT_SUPPORTED, Field::NONE);
        assert_eq!(refused, ReplyError::Refused { status, field });
        assert_eq!(inbox.pop(), Some(Notice::Protection(protection)));
    }

    #[test]
    fn a_full_inbox_is_an_answer() {
        let inbox = Inbox::new(Event::new().unwrap());
        while inbox.push(Notice::ModeSet(mode_set())).is_ok() {}
        let refused = ask(&inbox, &mode_set()).unwrap_err();
        let (status, field) = (NtStatus::INSUFFICIENT_RESOURCES, Field::NONE);
        assert_eq!(refused, ReplyError::Refused { status, field });
    }

    #[test]
    fn bytes_that_are_no_message_are_refused() {
        let inbox = Inbox::new(Event::new().unwrap());
        let mut reply = [0; SIZE_MAX];
        for length in 0..64 {
            let answer = handle(&[0xA5; 64][..length], &mut reply, &inbox);
            assert!(!answer.status.is_success(), "{length}");
        }
        assert_eq!(inbox.pop(), None);
    }
}
