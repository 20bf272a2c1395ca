//! The miniport's messages as the driver reads them, and the driver's answers as the miniport does.

use miracast_kmd_iface::codec::{Nothing, Refusal, decode_request, encode_refusal, encode_reply};
use miracast_kmd_iface::message::{
    DeviceLost, Message, ModeSet, MonitorPower, PowerState, Protection,
};
use miracast_kmd_iface::timing::{DisplayMode, Refresh};
use miracast_kmd_iface::{Field, MESSAGE_MAX, NtStatus, Opcode};
use miracast_miniport_c::accepted;

use crate::driver::{Driver, MODE, config};

/// What the driver reads of what `send` wrote.
fn read(send: impl FnOnce(&mut [u8]) -> Result<usize, NtStatus>) -> (u32, Message) {
    let mut out = [0xAA; MESSAGE_MAX];
    let length = send(&mut out).expect("room");
    decode_request(&out[..length]).expect("a message")
}

#[test]
fn a_mode_is_told_with_its_place_in_the_list() {
    let mut driver = Driver::with_mode();
    let (sequence, message) = read(|out| driver.model.mode_set(Some(MODE), out));
    let expected = ModeSet {
        sequence: 2,
        width: 1920,
        height: 1080,
        refresh: Refresh::from_hertz(60),
        flags: MODE.flags,
        mode_index: 0,
        target_id: config().target_id,
    };
    assert_eq!((sequence, message), (2, Message::ModeSet(expected)));
    let other = DisplayMode { width: 800, ..MODE };
    let (_, message) = read(|out| driver.model.mode_set(Some(other), out));
    let expected = ModeSet {
        sequence: 3,
        width: 800,
        mode_index: ModeSet::NOT_FROM_LIST,
        ..expected
    };
    assert_eq!(message, Message::ModeSet(expected));
    let (_, message) = read(|out| driver.model.mode_set(None, out));
    assert!(matches!(message, Message::ModeSet(set) if set.is_off() && set.sequence == 4));
}

#[test]
fn no_mode_without_a_monitor_and_none_that_cannot_be() {
    let mut out = [0; MESSAGE_MAX];
    let sent = Driver::greeted().model.mode_set(Some(MODE), &mut out);
    assert_eq!(sent, Err(NtStatus::INVALID_DEVICE_STATE));
    let slow = DisplayMode {
        refresh: Refresh::from_hertz(23),
        ..MODE
    };
    let sent = Driver::with_mode().model.mode_set(Some(slow), &mut out);
    assert_eq!(sent, Err(NtStatus::INVALID_PARAMETER));
}

#[test]
fn the_other_messages_are_read_as_they_were_meant() {
    let (mut driver, _, _ring) = Driver::running();
    let model = &mut driver.model;
    let (first, message) = read(|out| model.monitor_power(PowerState::OFF, out));
    let state = PowerState::OFF;
    assert_eq!(message, Message::MonitorPower(MonitorPower { state }));
    let (second, message) = read(|out| model.protection(2, out));
    assert_eq!(message, Message::Protection(Protection { level: 2 }));
    assert_eq!(second, first + 1, "each message has a number of its own");
    assert_eq!(model.state().running, 1);
    let status = NtStatus::DEVICE_REMOVED;
    let (_, message) = read(|out| model.device_lost(status, out));
    assert_eq!(message, Message::DeviceLost(DeviceLost { status }));
    assert_eq!(model.state().running, 0);
}

#[test]
fn what_the_driver_would_refuse_is_not_sent() {
    let mut driver = Driver::greeted();
    let mut out = [0; MESSAGE_MAX];
    let bad = Err(NtStatus::INVALID_PARAMETER);
    assert_eq!(driver.model.monitor_power(PowerState(2), &mut out), bad);
    assert_eq!(driver.model.device_lost(NtStatus::SUCCESS, &mut out), bad);
    let small = driver.model.protection(1, &mut out[..27]);
    assert_eq!(small, Err(NtStatus::BUFFER_TOO_SMALL));
}

#[test]
fn the_driver_answers_yes_or_no_or_nothing() {
    let mut driver = Driver::greeted();
    let mut message = [0; MESSAGE_MAX];
    let length = driver.model.protection(1, &mut message).unwrap();
    let message = &message[..length];
    let (sequence, _) = decode_request::<Message>(message).unwrap();
    let mut answer = [0; MESSAGE_MAX];
    let length = encode_reply::<Protection>(sequence, &Nothing {}, &mut answer).unwrap();
    assert_eq!(
        accepted(message, &answer[..length]),
        (NtStatus::SUCCESS, Field::NONE)
    );
    let no = Refusal {
        sequence,
        opcode: Opcode::PROTECTION,
        status: NtStatus::NOT_SUPPORTED,
        field: Field::FLAGS,
    };
    let length = encode_refusal(&no, &mut answer).unwrap();
    assert_eq!(
        accepted(message, &answer[..length]),
        (NtStatus::NOT_SUPPORTED, Field::FLAGS)
    );
    let none = (NtStatus::UNSUCCESSFUL, Field::NONE);
    assert_eq!(accepted(message, message), none, "still the message");
    assert_eq!(accepted(message, &[]), none);
    assert_eq!(accepted(message, &answer[..length - 1]), none);
    let length = encode_reply::<Protection>(sequence + 1, &Nothing {}, &mut answer).unwrap();
    assert_eq!(accepted(message, &answer[..length]), none, "of another");
}
