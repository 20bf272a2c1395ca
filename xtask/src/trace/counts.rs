//! What the counts of the event Totals say, for a reader: the driver has no use for the words.

/// One for each count, by its name and in the order of the driver's table.
pub(super) const COUNTS: [(&str, &str); 71] = [
    ("Chunks", "chunks of pictures that were begun to be sent"),
    ("Units", "access units (pictures) that were begun"),
    ("IdrUnits", "IDR pictures among them"),
    ("UnitsDropped", "pictures of which nothing was sent"),
    ("UnitsTorn", "pictures whose rest was dropped"),
    (
        "UnitsUnterminated",
        "pictures without an end before the next one began",
    ),
    (
        "IdrNeeded",
        "losses after which nothing is of use before an IDR picture",
    ),
    (
        "DelimitersInserted",
        "access unit delimiters that the encoder left out",
    ),
    (
        "ParameterSetsInserted",
        "parameter sets inserted before an IDR picture",
    ),
    (
        "ParameterSetsMissing",
        "IDR pictures without parameter sets: the encoder gave none",
    ),
    (
        "ParameterSetsRefused",
        "parameter sets of STREAM_START that are none, or too long",
    ),
    (
        "DelimiterFlagWrong",
        "chunks with HAS_AUD that do not begin with a delimiter",
    ),
    ("PtsNudged", "PTS moved behind the one before"),
    (
        "PtsLate",
        "pictures captured so long ago that their PTS counts from now",
    ),
    ("CapturedAhead", "chunks captured in the future"),
    ("ClockJumps", "jumps of the machine's clock"),
    ("AudioUnits", "units of sound sent"),
    ("AudioDiscontinuities", "units before which sound was lost"),
    ("SilentUnits", "units of silence sent"),
    (
        "SilentUnitsSkipped",
        "units of silence that were due too long ago",
    ),
    ("PsiGroups", "groups of PAT, PMT and PCR"),
    ("Datagrams", "RTP datagrams made"),
    ("TsPackets", "TS packets in them, of 188 bytes"),
    ("EsBytes", "bytes of the pictures in these"),
    (
        "PartialSends",
        "times that the socket did not take all datagrams",
    ),
    (
        "DroppedStopped",
        "chunks dropped: no stream ran, or it ended while they were in hand",
    ),
    ("DroppedPaused", "chunks dropped: the stream was paused"),
    ("DroppedEmpty", "chunks dropped: no bytes"),
    ("DroppedTooLong", "chunks dropped: longer than any may be"),
    (
        "DroppedNoFrameStart",
        "chunks dropped: the picture's first chunk never came",
    ),
    (
        "DroppedAwaitingIdr",
        "chunks dropped: the picture needs others that were not sent",
    ),
    (
        "DroppedDiscontinuity",
        "chunks dropped: the encoder says that some before are lost",
    ),
    (
        "DroppedLost",
        "chunks dropped: others were lost on the way from the encoder",
    ),
    (
        "DroppedLate",
        "chunks dropped: they waited until their presentation was past",
    ),
    (
        "DroppedOverrun",
        "chunks dropped: the next one came before they were done",
    ),
    (
        "DroppedPayloadChanged",
        "chunks dropped: they changed their length",
    ),
    (
        "DroppedNoAudio",
        "chunks of sound dropped: there is no stream for it",
    ),
    (
        "DroppedAudioLength",
        "chunks of sound dropped: no unit of the format is so long",
    ),
    (
        "DroppedAudioLate",
        "chunks of sound dropped: their presentation is past",
    ),
    (
        "DroppedBeforePictures",
        "chunks of sound dropped: before the first picture",
    ),
    (
        "ChunksReportedDropped",
        "chunks that Windows was told are not sent",
    ),
    (
        "IdrRequested",
        "REQUEST_IDR to the miniport, for whatever reason",
    ),
    ("RatesSet", "SET_RATE to the miniport"),
    (
        "RecordsMalformed",
        "private data of Windows' records that is no chunk record",
    ),
    (
        "RecordsOfOtherStream",
        "chunk records of a stream that is not open",
    ),
    (
        "RecordsBadSpan",
        "chunk records of bytes that are not in the ring",
    ),
    (
        "RecordsStale",
        "chunk records of bytes that were given back after a loss",
    ),
    (
        "RecordsOverrun",
        "chunk records for which the queue had no room",
    ),
    (
        "RecordsMissing",
        "times that pictures were in the ring without a record",
    ),
    ("DatagramsUnsendable", "datagrams that the network refused"),
    (
        "AudioChunks",
        "chunks of the miniport's sound that were taken up",
    ),
    (
        "AudioDropped",
        "of these, those that were not sent: Dropped... says why",
    ),
    (
        "AudioOverrun",
        "records of sound for which the queue had no room",
    ),
    (
        "AudioMissing",
        "times that sound was in the ring without a record",
    ),
    (
        "AudioDiscarded",
        "records of sound thrown away because others were lost, or at its end",
    ),
    (
        "AudioStale",
        "records of sound that was given back after a loss",
    ),
    ("AudioBadSpan", "records of sound that is not in the ring"),
    (
        "AudioMisfit",
        "chunks of a length that the format does not have",
    ),
    (
        "AudioSameNumber",
        "streams of sound with the number of the pictures",
    ),
    ("AudioBadRing", "rings of sound that could not be mapped"),
    (
        "AudioStreamsLost",
        "times that the miniport's sound was given up",
    ),
    ("ReportsSent", "RTCP sender reports"),
    (
        "ReportsReceived",
        "RTCP reports of the sink about the stream",
    ),
    ("ReportsOther", "RTCP datagrams without one"),
    ("ReportsMalformed", "datagrams that are not RTCP"),
    (
        "InputTaken",
        "reports of the sink's user that the miniport took",
    ),
    (
        "InputRefused",
        "reports of the sink's user that the miniport refused",
    ),
    (
        "InputInvalid",
        "input that contradicts itself, or is outside of the picture",
    ),
    (
        "InputTooMany",
        "input that no report can hold, or too much of it at once",
    ),
    (
        "InputUnwanted",
        "input that was not agreed on, or is switched off",
    ),
    (
        "InputBroken",
        "input connections closed, because what came had no form",
    ),
];
