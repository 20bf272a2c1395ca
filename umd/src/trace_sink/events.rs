//! The events as ETW has them: what `cargo xtask trace` prints, and what the driver describes each event
//! with.
//!
//! The file stands for itself: xtask has it too, and links nothing of the driver. What each event says, for a
//! reader, is there alone.

/// The provider's name.
pub(crate) const PROVIDER: &str = "Miracast.UserModeDriver";

/// Its GUID: that which TraceLogging makes of the name, so that tools find it by either.
pub(crate) const PROVIDER_ID: u128 = 0xE5D9_0ED5_468A_55F9_A887_7C7D_4D9F_05F8;

/// The keyword of all events.
pub(crate) const KEYWORD: u64 = 1;

/// The level of all events: informational.
pub(crate) const LEVEL: u8 = 4;

/// How a field is written, by TraceLogging's number.
#[derive(Clone, Copy)]
pub(crate) enum Type {
    /// Text that ends with NUL.
    Text = 2,
    /// 16 bits.
    U16 = 6,
    /// 32 bits.
    U32 = 8,
    /// 64 bits.
    U64 = 10,
    /// 32 bits, shown in hexadecimal.
    Hex32 = 20,
    /// 64 bits, shown in hexadecimal.
    Hex64 = 21,
}

/// One kind of event. Before its own fields each has [`CONTEXT`].
pub(crate) struct Event {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [(&'static str, Type)],
}

/// The first field: the value that CreateMiracastContext returned as the context.
pub(crate) const CONTEXT: (&str, Type) = ("Context", Type::Hex64);

const fn event(name: &'static str, fields: &'static [(&'static str, Type)]) -> Event {
    Event { name, fields }
}

const REQUEST: (&str, Type) = ("Request", Type::Text);
const RTSP_STATUS: (&str, Type) = ("RtspStatus", Type::U16);
const MODES: (&str, Type) = ("Modes", Type::Text);

/// One for each kind of `miracast_core::trace::What`, by its name there, and [`TOTALS`].
pub(crate) const EVENTS: [Event; 16] = [
    event("Phase", &[("Phase", Type::Text)]),
    event("Asked", &[REQUEST]),
    event("Answered", &[REQUEST, RTSP_STATUS]),
    event("AnsweredNothing", &[RTSP_STATUS]),
    event("Heard", &[REQUEST]),
    event("Replied", &[RTSP_STATUS]),
    event("RanOut", &[("Timer", Type::Text)]),
    event("Quirk", &[("Quirk", Type::Text)]),
    event(
        "Reduced",
        &[RTSP_STATUS, ("Code", Type::U16), ("Step", Type::Text)],
    ),
    event("Offered", &[MODES]),
    event("LeftOut", &[("Reason", Type::Text), MODES]),
    event(
        "Escape",
        &[("Opcode", Type::U16), ("NtStatus", Type::Hex32)],
    ),
    event("Dropped", &[("Chunks", Type::U32)]),
    event("Sound", &[("Fault", Type::Text)]),
    event("Ended", &[("Reason", Type::Text)]),
    event("Totals", &TOTALS),
];

const fn count(name: &'static str) -> (&'static str, Type) {
    (name, Type::U64)
}

/// What is counted in a session, by the names of `crate::engine::Totals`.
const TOTALS: [(&str, Type); 71] = [
    count("Chunks"),
    count("Units"),
    count("IdrUnits"),
    count("UnitsDropped"),
    count("UnitsTorn"),
    count("UnitsUnterminated"),
    count("IdrNeeded"),
    count("DelimitersInserted"),
    count("ParameterSetsInserted"),
    count("ParameterSetsMissing"),
    count("ParameterSetsRefused"),
    count("DelimiterFlagWrong"),
    count("PtsNudged"),
    count("PtsLate"),
    count("CapturedAhead"),
    count("ClockJumps"),
    count("AudioUnits"),
    count("AudioDiscontinuities"),
    count("SilentUnits"),
    count("SilentUnitsSkipped"),
    count("PsiGroups"),
    count("Datagrams"),
    count("TsPackets"),
    count("EsBytes"),
    count("PartialSends"),
    count("DroppedStopped"),
    count("DroppedPaused"),
    count("DroppedEmpty"),
    count("DroppedTooLong"),
    count("DroppedNoFrameStart"),
    count("DroppedAwaitingIdr"),
    count("DroppedDiscontinuity"),
    count("DroppedLost"),
    count("DroppedLate"),
    count("DroppedOverrun"),
    count("DroppedPayloadChanged"),
    count("DroppedNoAudio"),
    count("DroppedAudioLength"),
    count("DroppedAudioLate"),
    count("DroppedBeforePictures"),
    count("ChunksReportedDropped"),
    count("IdrRequested"),
    count("RatesSet"),
    count("RecordsMalformed"),
    count("RecordsOfOtherStream"),
    count("RecordsBadSpan"),
    count("RecordsStale"),
    count("RecordsOverrun"),
    count("RecordsMissing"),
    count("DatagramsUnsendable"),
    count("AudioChunks"),
    count("AudioDropped"),
    count("AudioOverrun"),
    count("AudioMissing"),
    count("AudioDiscarded"),
    count("AudioStale"),
    count("AudioBadSpan"),
    count("AudioMisfit"),
    count("AudioSameNumber"),
    count("AudioBadRing"),
    count("AudioStreamsLost"),
    count("ReportsSent"),
    count("ReportsReceived"),
    count("ReportsOther"),
    count("ReportsMalformed"),
    count("InputTaken"),
    count("InputRefused"),
    count("InputInvalid"),
    count("InputTooMany"),
    count("InputUnwanted"),
    count("InputBroken"),
];
