//! The single numbers of the contract, and the NTSTATUS values that mean something in it.

use miracast_kmd_iface::chunk::CHUNK_RECORD_SIZE;
use miracast_kmd_iface::escape::{
    AUDIO_AAC_BYTES_MAX, AUDIO_AC3_BYTES_MAX, AUDIO_LPCM_BYTES, EDID_MAX, EncoderCaps, HevcCaps,
    INPUT_HID_MAX, INPUT_POINTERS_MAX, INPUT_SCROLL_MAX, MODES_MAX, PARAMETER_SETS_MAX,
};
use miracast_kmd_iface::header::{HEADER_SIZE, MAGIC, MESSAGE_MAX, VERSION};
use miracast_kmd_iface::message::ModeSet;
use miracast_kmd_iface::ring::{CONTROL_LEN_MAX, DATA_LEN_MAX, PAGE, STAMP};
use miracast_kmd_iface::timing::REFRESH_MIN_MILLIHERTZ;
use miracast_kmd_iface::{NtStatus, Opcode};

use crate::{comment, names};

/// Name, value, meaning.
type Number = (&'static str, String, &'static str);

fn decimal(number: usize) -> String {
    format!("{number}u")
}

fn numbers() -> Vec<Number> {
    vec![
        (
            "MAGIC",
            format!("0x{MAGIC:08X}u"),
            "The first four bytes of a message: \"MCKI\".",
        ),
        (
            "VERSION",
            decimal(VERSION.into()),
            "The version of the protocol that this header is.",
        ),
        (
            "HEADER_SIZE",
            decimal(HEADER_SIZE),
            "Bytes before the body.",
        ),
        (
            "MESSAGE_MAX",
            decimal(MESSAGE_MAX),
            "Most bytes of a message with its header. A buffer of this size takes every request and \
             every reply.",
        ),
        (
            "OPCODE_UNREADABLE",
            format!("0x{:04X}u", Opcode::UNREADABLE.0),
            "The opcode in the refusal of a message whose header could not be read; its sequence \
             number is 0 then.",
        ),
        (
            "MODE_SET_NOT_FROM_LIST",
            format!("0x{:04X}u", ModeSet::NOT_FROM_LIST),
            "Mode index of a mode that was not in the list of MONITOR_ARRIVE.",
        ),
        (
            "LEVEL_BIT_MAX",
            decimal(EncoderCaps::LEVEL_BIT_MAX.into()),
            "The highest bit number of an H.264 level: 5.2.",
        ),
        (
            "HEVC_LEVEL_BIT_MAX",
            decimal(HevcCaps::LEVEL_BIT_MAX.into()),
            "The highest bit number of an H.265 level: 5.1.",
        ),
        (
            "REFRESH_MIN_MILLIHERTZ",
            format!("{REFRESH_MIN_MILLIHERTZ}u"),
            "The slowest refresh rate of a stream, in thousandths of a hertz.",
        ),
        (
            "CHUNK_RECORD_SIZE",
            decimal(CHUNK_RECORD_SIZE),
            "Bytes of a chunk record. DXGK_MIRACAST_CAPS.MaxChunkPrivateDriverDataSize is at least \
             this.",
        ),
        (
            "RING_PAGE",
            format!("{PAGE}u"),
            "Address and control length are multiples of it.",
        ),
        (
            "RING_CONTROL_LEN_MAX",
            format!("{CONTROL_LEN_MAX}u"),
            "Most bytes before the data span.",
        ),
        (
            "RING_DATA_LEN_MAX",
            format!("{DATA_LEN_MAX}u"),
            "Most bytes of the data span.",
        ),
        (
            "RING_STAMP",
            format!("0x{STAMP:016X}ull"),
            "\"MCRING\", the version of the ring's layout, 0.",
        ),
    ]
}

/// How much there is at most of what has no fixed number.
fn bounds() -> Vec<Number> {
    vec![
        (
            "EDID_MAX",
            decimal(EDID_MAX),
            "Most bytes of an EDID: four blocks of 128.",
        ),
        (
            "MODES_MAX",
            decimal(MODES_MAX),
            "Most modes of a MONITOR_ARRIVE.",
        ),
        (
            "PARAMETER_SETS_MAX",
            decimal(PARAMETER_SETS_MAX),
            "Most bytes of SPS and PPS together.",
        ),
        (
            "AUDIO_LPCM_BYTES",
            decimal(AUDIO_LPCM_BYTES),
            "Bytes of an LPCM chunk: 480 frames of two 16-bit samples.",
        ),
        (
            "AUDIO_AAC_BYTES_MAX",
            decimal(AUDIO_AAC_BYTES_MAX),
            "Most bytes of an AAC chunk: the payload of one PES packet.",
        ),
        (
            "AUDIO_AC3_BYTES_MAX",
            decimal(AUDIO_AC3_BYTES_MAX),
            "Most bytes of an AC-3 chunk: the payload of one PES packet.",
        ),
        (
            "INPUT_POINTERS_MAX",
            decimal(INPUT_POINTERS_MAX),
            "Most pointers of an INPUT_REPORT.",
        ),
        (
            "INPUT_HID_MAX",
            decimal(INPUT_HID_MAX),
            "Most bytes of a HID report or a report descriptor.",
        ),
        (
            "INPUT_SCROLL_MAX",
            decimal(INPUT_SCROLL_MAX.into()),
            "Furthest that one INPUT_REPORT scrolls.",
        ),
    ]
}

/// What a miniport answers or receives. Another error is allowed wherever an error is.
const STATUSES: [(NtStatus, &str); 13] = [
    (NtStatus::SUCCESS, "Done."),
    (NtStatus::PENDING, "In the header of every request."),
    (
        NtStatus::INFO_LENGTH_MISMATCH,
        "Refusal that blames MCKI_FIELD_SIZE.",
    ),
    (
        NtStatus::NOT_SUPPORTED,
        "Refusal that blames MCKI_FIELD_OPCODE or MCKI_FIELD_CODEC.",
    ),
    (
        NtStatus::REVISION_MISMATCH,
        "Refusal that blames MCKI_FIELD_VERSION.",
    ),
    (
        NtStatus::INVALID_PARAMETER,
        "Refusal that blames any other field.",
    ),
    (
        NtStatus::INVALID_DEVICE_STATE,
        "Refusal: not in this state, no field is to blame.",
    ),
    (
        NtStatus::RESOURCE_IN_USE,
        "Refusal of a second STREAM_OPEN or AUDIO_OPEN.",
    ),
    (
        NtStatus::INSUFFICIENT_RESOURCES,
        "Refusal: no encoder or no memory is left.",
    ),
    (
        NtStatus::BUFFER_TOO_SMALL,
        "Result of a call whose output buffer cannot hold the answer.",
    ),
    (NtStatus::UNSUCCESSFUL, "A failure that has no better name."),
    (NtStatus::DEVICE_NOT_READY, "The device is not ready."),
    (
        NtStatus::DEVICE_REMOVED,
        "The adapter is gone: DEVICE_LOST.",
    ),
];

/// Writes the definitions.
pub(crate) fn write(out: &mut String) {
    for (name, value, meaning) in numbers().into_iter().chain(bounds()) {
        comment::define(out, &format!("#define MCKI_{name:<23} {value}"), meaning);
    }
    out.push('\n');
    comment::block(
        out,
        0,
        "NTSTATUS values as an mcki_u32, so that no header of Windows is needed. They are those of \
         ntstatus.h.",
    );
    for (status, meaning) in STATUSES {
        let name = names::macro_name("NtStatus", status.name().expect("it is in the table"));
        comment::define(
            out,
            &format!("#define {name:<34} 0x{:08X}u", status.0),
            meaning,
        );
    }
    out.push_str("\n/* Whether a status is no warning and no error. */\n");
    out.push_str("#define MCKI_IS_SUCCESS(status) ((mcki_u32)(status) < 0x80000000u)\n\n");
}
