//! The names of everything that can be wrong with a stream, and where the findings are kept.

use std::collections::BTreeMap;

/// Texts that are kept of one kind of fault; the count goes on.
const TEXTS_MAX: usize = 4;

/// One rule that a stream broke. What only a network does (loss, reordering) is not here but
/// counted in [`StreamReport`](super::StreamReport).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Fault {
    /// Datagram shorter than an RTP header (RFC 3550 §5.1).
    RtpShort,
    /// RTP version is not 2.
    RtpVersion,
    /// Padding, extension or CSRC in a header that has none in Wi-Fi Display (S2.1 T110).
    RtpHeader,
    /// Payload type is not 33, MP2T (S2.1 T110, RFC 3551).
    RtpPayloadType,
    /// The SSRC changed within a session (S2.1 T110).
    RtpSsrc,
    /// The timestamp went back.
    RtpTimestamp,
    /// The timestamp does not run like the arrival times do, at 90 kHz.
    RtpClock,
    /// The marker bit is not where the session's rule wants it.
    RtpMarker,
    /// The payload is not 1 to 7 whole TS packets (S2.1 App. B.1).
    RtpPayload,
    /// A TS packet does not begin with 0x47.
    TsSync,
    /// transport_error_indicator is set.
    TsTransportError,
    /// transport_scrambling_control is not 00.
    TsScrambling,
    /// adaptation_field_control is the reserved 00.
    TsControl,
    /// The continuity counter does not follow (ISO 13818-1 §2.4.3.3).
    TsContinuity,
    /// Length, flags or stuffing bytes of an adaptation field.
    TsAdaptation,
    /// payload_unit_start_indicator in a packet without payload.
    TsUnitStart,
    /// A PID that the Wi-Fi Display layout does not have, null packets among them (S2.1 D.4.2).
    TsPid,
    /// random_access_indicator is not on the first packet of an IDR unit, or is on another.
    TsRandomAccess,
    /// Framing of a PSI section: unit start, pointer, length, syntax bits, stuffing.
    PsiSection,
    /// The CRC-32 over a section is not 0.
    PsiCrc,
    /// A section changed without its version number, or the reverse.
    PsiVersion,
    /// No PAT or no PMT for more than 100 ms (S2.1 D.4.2).
    PsiInterval,
    /// The PAT is not that of Wi-Fi Display: program 1 on PID 0x0100.
    PatContent,
    /// The PMT is not that of Wi-Fi Display: PCR on 0x1000, the negotiated codec on
    /// 0x1011, audio from 0x1100.
    PmtContent,
    /// A descriptor of the PMT is missing or malformed (S2.1 T105, D.4.3).
    PmtDescriptor,
    /// The PMT's audio is not what M4 announced, or its descriptor is wrong (S2.1 T105).
    PmtAudio,
    /// Picture data before the first PMT, or sound before a PMT that has it.
    PmtMissing,
    /// A PCR on another PID than 0x1000, or a packet there without one.
    PcrPlace,
    /// The six bytes of a PCR: reserved bits, extension of 300 or more.
    PcrForm,
    /// More than 100 ms without a PCR (ISO 13818-1 §2.7.2).
    PcrInterval,
    /// The PCR did not advance.
    PcrOrder,
    /// The PCR does not run like the arrival times do, at 27 MHz.
    PcrClock,
    /// A PES does not begin with 00 00 01, or bytes belong to none.
    PesStart,
    /// stream_id is not that of video, or of the audio's coding.
    PesStreamId,
    /// Flags other than alignment, which audio has not, and PTS only.
    PesFlags,
    /// PES_header_data_length is not 5; of audio 7, with two bytes 0xFF.
    PesHeaderLength,
    /// PES_packet_length and the bytes that came disagree, or audio states none.
    PesLength,
    /// Prefix or marker bits of the PTS.
    PtsForm,
    /// The PTS did not advance.
    PtsOrder,
    /// The PTS is not after the PCR at the arrival of the unit's last byte.
    PtsLate,
    /// The PTS is a second or more ahead of the PCR.
    PtsEarly,
    /// The content of an audio PES: private header, length, whole frames of the announced format.
    AudioFrame,
    /// A unit of sound begins before the end of the one before.
    AudioOverlap,
    /// A unit does not begin with a four byte start code.
    EsStartCode,
    /// The access unit delimiter is missing, not first, or denies the slices that follow.
    EsDelimiter,
    /// A NAL unit header that the negotiated stream cannot have.
    EsNal,
    /// Not exactly one access unit in a PES (S2.1 D.4.1).
    EsUnits,
    /// An IDR picture without its parameter sets before it (S2.1 §4.10.5).
    EsParameterSets,
    /// The first picture after PLAY is not an IDR (S2.1 §6.4.7).
    EsFirstPicture,
    /// Slices: more, smaller or less even than was negotiated, or of a type that is forbidden.
    EsSlices,
    /// Profile and level (with H.265 the tier, too) of the SPS are not those of the PMT's descriptor.
    EsDescriptor,
}

/// What was found of one kind.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Finding {
    /// How often.
    pub count: u64,
    /// The first few, in words.
    pub texts: Vec<String>,
}

/// All findings by kind.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Faults {
    found: BTreeMap<Fault, Finding>,
}

impl Faults {
    /// Counts one fault; `text` is only asked for while few of its kind are known.
    pub(super) fn add(&mut self, fault: Fault, text: impl FnOnce() -> String) {
        let finding = self.found.entry(fault).or_default();
        finding.count += 1;
        if finding.texts.len() < TEXTS_MAX {
            finding.texts.push(text());
        }
    }

    /// Whether the stream broke no rule.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How often this rule was broken.
    pub fn count(&self, fault: Fault) -> u64 {
        self.found.get(&fault).map_or(0, |f| f.count)
    }

    /// Faults of all kinds together.
    pub fn total(&self) -> u64 {
        self.found.values().map(|f| f.count).sum()
    }

    /// Every kind that was found, in the order of the layers.
    pub fn iter(&self) -> impl Iterator<Item = (Fault, &Finding)> {
        self.found.iter().map(|(fault, finding)| (*fault, finding))
    }
}
