//! Numbers and bytes that must never change: a vendor's miniport is compiled against them.

use core::fmt::Debug;

use miracast_kmd_iface::codec::{
    Refusal, Request, RequestSet, decode_reply, decode_request, encode_refusal, encode_reply,
    encode_request,
};
use miracast_kmd_iface::header::{HEADER_SIZE, MAGIC, VERSION};
use miracast_kmd_iface::{
    ChunkFlags, ChunkRecord, Field, MESSAGE_MAX, NtStatus, Opcode, ReplyError,
};

use crate::examples as e;
use miracast_kmd_iface::escape::{AudioFormats, Escape, Features, InputKind};
use miracast_kmd_iface::message::Message;

/// Bytes of hexadecimal digits; spaces are for the reader.
fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(16)).collect();
    let byte = |pair: &[u32]| (pair[0] * 16 + pair[1]) as u8;
    digits.chunks(2).map(byte).collect()
}

/// A buffer of `size` bytes with `parts` at their offsets and zeros elsewhere.
fn laid_out(size: usize, parts: &[(usize, &str)]) -> Vec<u8> {
    let mut bytes = vec![0; size];
    for (offset, digits) in parts {
        let part = hex(digits);
        bytes[*offset..offset + part.len()].copy_from_slice(&part);
    }
    bytes
}

/// `request` has exactly the bytes of `header` and `parts`, and is read back from them.
fn pin<R, S>(request: R, wrap: fn(R) -> S, header: &str, size: usize, parts: &[(usize, &str)])
where
    R: Request,
    S: RequestSet + PartialEq + Debug,
{
    let mut expected = laid_out(size, parts);
    expected[..HEADER_SIZE].copy_from_slice(&hex(header));
    let mut out = [0xAA; MESSAGE_MAX];
    let written = encode_request(0x0403_0201, &request, &mut out).expect("room");
    assert_eq!(&out[..written], expected);
    let decoded = decode_request::<S>(&expected).expect("our own bytes");
    assert_eq!(decoded, (0x0403_0201, wrap(request)));
}

/// As [`pin`], for the reply to `R`.
fn pin_reply<R: Request>(reply: &R::Reply, header: &str, size: usize, parts: &[(usize, &str)])
where
    R::Reply: PartialEq + Debug,
{
    let mut expected = laid_out(size, parts);
    expected[..HEADER_SIZE].copy_from_slice(&hex(header));
    let mut out = [0xAA; MESSAGE_MAX];
    let written = encode_reply::<R>(0x0403_0201, reply, &mut out).expect("room");
    assert_eq!(&out[..written], expected);
    let decoded = decode_reply::<R>(&expected, 0x0403_0201).expect("our own bytes");
    assert_eq!(&decoded, reply);
}

#[test]
fn constants() {
    assert_eq!((HEADER_SIZE, MESSAGE_MAX, VERSION), (24, 2048, 1));
    assert_eq!(MAGIC.to_le_bytes(), *b"MCKI");
    assert_eq!(Features::all().bits(), 0b1111);
    assert_eq!(ChunkFlags::all().bits(), 0b11_1111);
    assert_eq!(AudioFormats::all().bits(), 0x1FF);
}

#[test]
fn opcodes_keep_their_numbers() {
    let numbers: Vec<(&str, u16)> = Opcode::ALL
        .iter()
        .map(|opcode| (opcode.name().expect("named"), opcode.0))
        .collect();
    let expected = [
        ("HELLO", 0x0001),
        ("MONITOR_ARRIVE", 0x0010),
        ("MONITOR_DEPART", 0x0011),
        ("STREAM_OPEN", 0x0020),
        ("STREAM_START", 0x0021),
        ("STREAM_STOP", 0x0022),
        ("STREAM_CLOSE", 0x0023),
        ("REQUEST_IDR", 0x0024),
        ("SET_RATE", 0x0025),
        ("MODE_FAILED", 0x0030),
        ("AUDIO_OPEN", 0x0040),
        ("AUDIO_START", 0x0041),
        ("AUDIO_STOP", 0x0042),
        ("AUDIO_CLOSE", 0x0043),
        ("INPUT_REPORT", 0x0050),
        ("MODE_SET", 0x8001),
        ("MONITOR_POWER", 0x8002),
        ("PROTECTION", 0x8003),
        ("DEVICE_LOST", 0x8004),
    ];
    assert_eq!(numbers, expected);
}

#[test]
fn field_codes_keep_their_numbers() {
    let names: Vec<&str> = Field::ALL.iter().filter_map(|field| field.name()).collect();
    let expected = [
        "NONE",
        "MAGIC",
        "VERSION",
        "OPCODE",
        "SIZE",
        "SEQUENCE",
        "STATUS",
        "FLAGS",
        "WIDTH",
        "HEIGHT",
        "REFRESH",
        "MODE_INDEX",
        "TARGET_ID",
        "CONNECTOR",
        "EDID",
        "MODES",
        "CODEC",
        "PROFILE",
        "LEVEL",
        "BIT_RATE",
        "SLICES",
        "STREAM",
        "PARAMETER_SETS",
        "MACROBLOCK_RATE",
        "POWER",
        "POSITION",
        "LENGTH",
        "INPUT_KIND",
        "POINT",
        "FACTOR",
        "AMOUNT",
        "UNIT",
        "KEY",
        "POINTERS",
        "HID",
        "CHANNELS",
        "SAMPLE_RATE",
    ];
    assert_eq!(names, expected);
    let in_order = (0..)
        .zip(Field::ALL)
        .all(|(number, field)| field.0 == number);
    assert!(in_order, "the numbers ascend without a gap");
}

#[test]
fn hello() {
    let header = "4d434b49 0100 0100 20000000 01020304 03010000 00000000";
    pin(
        e::HELLO,
        Escape::Hello,
        header,
        32,
        &[(24, "0100 0300"), (28, "09000000")],
    );
    let header = "4d434b49 0100 0100 58000000 01020304 00000000 00000000";
    pin_reply::<miracast_kmd_iface::escape::Hello>(
        &e::HELLO_REPLY,
        header,
        88,
        &[
            (24, "0100"),
            (28, "06000000"),
            (32, "03 04 8007 4004 0800"),
            (40, "00f80700"),
            (44, "01000000"),
            (48, "00f2052a 01000000"),
            (56, "41000000"),
            (64, "01 04 0010 8008"),
            (72, "00a41f00"),
            (80, "00879303 00000000"),
        ],
    );
}

#[test]
fn monitor() {
    let header = "4d434b49 0100 1000 24060000 01020304 03010000 00000000";
    pin(
        e::monitor_arrive(),
        Escape::MonitorArrive,
        header,
        1572,
        &[
            (24, "05000000"),
            (28, "80000000 00 ffffffffffff 00"),
            (544, "02000000"),
            (548, "8007 3804 3c000000 01000000 02000000"),
            (564, "d002 e001 60ea0000 e9030000 01000000"),
        ],
    );
    let header = "4d434b49 0100 1100 18000000 01020304 03010000 00000000";
    pin(e::MONITOR_DEPART, Escape::MonitorDepart, header, 24, &[]);
    let header = "4d434b49 0100 3000 20000000 01020304 03010000 00000000";
    pin(
        e::MODE_FAILED,
        Escape::ModeFailed,
        header,
        32,
        &[(24, "4d000000 bb0000c0")],
    );
}

#[test]
fn stream_open() {
    let header = "4d434b49 0100 2000 40000000 01020304 03010000 00000000";
    pin(
        e::STREAM_OPEN,
        Escape::StreamOpen,
        header,
        64,
        &[
            (24, "0100 42 c0 2a 00 0400"),
            (32, "0005 d002 1e000000 01000000"),
            (44, "01000000"),
            (48, "89674523 01000000"),
            (56, "84030000 4d000000"),
        ],
    );
    let header = "4d434b49 0100 2000 30000000 01020304 00000000 00000000";
    pin_reply::<miracast_kmd_iface::escape::StreamOpen>(
        &e::STREAM_OPENED,
        header,
        48,
        &[
            (24, "09000000 00100000"),
            (32, "00503412 f67f0000"),
            (40, "00004000 01000000"),
        ],
    );
}

#[test]
fn stream_start() {
    let header = "4d434b49 0100 2100 1c000000 01020304 03010000 00000000";
    pin(
        e::STREAM_START,
        Escape::StreamStart,
        header,
        28,
        &[(24, "09000000")],
    );
    let header = "4d434b49 0100 2100 1c020000 01020304 00000000 00000000";
    let parts = [(24, "08000000 00000001 6742c01f")];
    pin_reply::<miracast_kmd_iface::escape::StreamStart>(&e::stream_started(), header, 540, &parts);
}

#[test]
fn stream_control() {
    let header = "4d434b49 0100 2200 1c000000 01020304 03010000 00000000";
    pin(
        e::STREAM_STOP,
        Escape::StreamStop,
        header,
        28,
        &[(24, "0a000000")],
    );
    let header = "4d434b49 0100 2300 1c000000 01020304 03010000 00000000";
    pin(
        e::STREAM_CLOSE,
        Escape::StreamClose,
        header,
        28,
        &[(24, "0b000000")],
    );
    let header = "4d434b49 0100 2400 1c000000 01020304 03010000 00000000";
    pin(
        e::REQUEST_IDR,
        Escape::RequestIdr,
        header,
        28,
        &[(24, "0c000000")],
    );
    let header = "4d434b49 0100 2500 30000000 01020304 03010000 00000000";
    pin(
        e::SET_RATE,
        Escape::SetRate,
        header,
        48,
        &[
            (24, "01000000 02000000"),
            (32, "0d000000 30750000 e9030000"),
        ],
    );
}

#[test]
fn audio() {
    let header = "4d434b49 0100 4000 24000000 01020304 03010000 00000000";
    pin(
        e::AUDIO_OPEN,
        Escape::AudioOpen,
        header,
        36,
        &[(24, "0300 0600 80bb0000 00dc0500")],
    );
    let header = "4d434b49 0100 4000 30000000 01020304 00000000 00000000";
    let opened = [
        (24, "09000000 00100000"),
        (32, "00503412 f67f0000"),
        (40, "00004000 01000000"),
    ];
    pin_reply::<miracast_kmd_iface::escape::AudioOpen>(&e::STREAM_OPENED, header, 48, &opened);
    let header = "4d434b49 0100 4100 1c000000 01020304 03010000 00000000";
    let start = [(24, "0e000000")];
    pin(e::AUDIO_START, Escape::AudioStart, header, 28, &start);
    let header = "4d434b49 0100 4100 1c000000 01020304 00000000 00000000";
    let rate = [(24, "00dc0500")];
    pin_reply::<miracast_kmd_iface::escape::AudioStart>(&e::AUDIO_STARTED, header, 28, &rate);
    let header = "4d434b49 0100 4200 1c000000 01020304 03010000 00000000";
    let stop = [(24, "0f000000")];
    pin(e::AUDIO_STOP, Escape::AudioStop, header, 28, &stop);
    let header = "4d434b49 0100 4300 1c000000 01020304 03010000 00000000";
    let close = [(24, "10000000")];
    pin(e::AUDIO_CLOSE, Escape::AudioClose, header, 28, &close);
}

#[test]
fn input_report() {
    let header = "4d434b49 0100 5000 fc040000 01020304 03010000 00000000";
    pin(
        e::input_report(),
        Escape::InputReport,
        header,
        1276,
        &[
            (24, "0300 0100 efbe 8007 3804 0403 0503 8001 feff"),
            (42, "01 03 06 00 4100 4200 0000"),
            (52, "02000000 0201 0301 07 00 7f07 3704 08 00"),
            (248, "03000000 a1b2c3"),
        ],
    );
}

#[test]
fn input_kinds_keep_their_numbers() {
    let names: Vec<&str> = InputKind::ALL
        .iter()
        .filter_map(|kind| kind.name())
        .collect();
    let expected = [
        "POINTER_DOWN",
        "POINTER_UP",
        "POINTER_MOVE",
        "KEY_DOWN",
        "KEY_UP",
        "ZOOM",
        "SCROLL_VERTICAL",
        "SCROLL_HORIZONTAL",
        "ROTATE",
        "HID_REPORT",
        "HID_DESCRIPTOR",
    ];
    assert_eq!(names, expected);
    let in_order = (1..)
        .zip(InputKind::ALL)
        .all(|(number, kind)| kind.0 == number);
    assert!(in_order, "the numbers ascend without a gap");
}

#[test]
fn messages() {
    let header = "4d434b49 0100 0180 34000000 01020304 03010000 00000000";
    pin(
        e::MODE_SET,
        Message::ModeSet,
        header,
        52,
        &[
            (24, "4d000000 0005 d002 60ea0000 e9030000"),
            (40, "01000000 0500 0000 04030201"),
        ],
    );
    let header = "4d434b49 0100 0280 1c000000 01020304 03010000 00000000";
    pin(
        e::MONITOR_POWER,
        Message::MonitorPower,
        header,
        28,
        &[(24, "01000000")],
    );
    let header = "4d434b49 0100 0380 1c000000 01020304 03010000 00000000";
    pin(
        e::PROTECTION,
        Message::Protection,
        header,
        28,
        &[(24, "02000000")],
    );
    let header = "4d434b49 0100 0480 1c000000 01020304 03010000 00000000";
    pin(
        e::DEVICE_LOST,
        Message::DeviceLost,
        header,
        28,
        &[(24, "b60200c0")],
    );
}

#[test]
fn refusal() {
    let refusal = Refusal {
        sequence: 7,
        opcode: Opcode::MODE_SET,
        status: NtStatus::INVALID_PARAMETER,
        field: Field::HEIGHT,
    };
    let mut out = [0xAA; 64];
    let written = encode_refusal(&refusal, &mut out).expect("room");
    let expected = hex("4d434b49 0100 0180 1c000000 07000000 0d0000c0 00000000 0900 0000");
    assert_eq!(&out[..written], expected);
    let refused = decode_reply::<miracast_kmd_iface::message::ModeSet>(&expected, 7);
    let status = NtStatus::INVALID_PARAMETER;
    let field = Field::HEIGHT;
    assert_eq!(refused, Err(ReplyError::Refused { status, field }));
}

#[test]
fn chunk_record() {
    let expected = laid_out(
        32,
        &[
            (0, "09000000 05000000"),
            (8, "efcdab8967452301"),
            (16, "dcfe0000 00000000"),
            (24, "8877665544332211"),
        ],
    );
    assert_eq!(e::CHUNK.encode().as_slice(), expected);
    assert_eq!(ChunkRecord::decode(&expected), Ok(e::CHUNK));
}
