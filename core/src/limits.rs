//! Every bound of the driver's core in one place, with the reason for its size, and the relations
//! between them as compile-time assertions.
//!
//! A number of a specification is not here but in the table that cites it; what is here is ours to
//! choose. Reaching a bound is a counted, reported result, never a panic.
//!
//! # What a hostile sink reaches
//!
//! Those of the host, for sockets and turns, are in its own `limits`. `tests/field` looks the tests of both
//! tables up.
//!
//! | what it sends | bound | what becomes of it | test |
//! | --- | --- | --- | --- |
//! | a long message | [`RTSP_MESSAGE_MAX`] | the session ends, unreadable | `rtsp::parser::tests::the_longest_message_fits_and_one_more_byte_does_not` |
//! | a long head | [`RTSP_MESSAGE_MAX`] | the session ends, unreadable | `rtsp::parser::tests::the_longest_head_fits_and_one_more_byte_does_not` |
//! | many headers | [`RTSP_HEADERS_MAX`] | the session ends, unreadable | `rtsp::parser::tests::the_most_header_lines_fit_and_one_more_does_not` |
//! | many lines in a body | [`BODY_LINES_MAX`] | the rest is not read, and that is noted | `wfd::parameters::tests::lines_end_with_the_limit` |
//! | many codecs, modes, names, faults | [`AUDIO_CODECS_MAX`], [`CUSTOM_MODES_MAX`], [`UNKNOWN_NAMES_MAX`], [`IGNORED_MAX`] | the parameter does not count, or the rest is only counted | `session::tests::hostile::an_answer_with_too_much_of_everything_is_kept_in_part_and_the_session_goes_on` |
//! | many blocks of EDID | [`EDID_MAX`] | the rest is left out | `wfd::parameters::tests::q45_the_bytes_say_how_many_blocks_there_are` |
//! | requests without waiting | [`MESSAGES_PER_READ_MAX`] | the session ends, flooded | `session::tests::closing::a_flood_of_requests_ends_the_session` |
//! | IDR requests (M13) | [`IDR_INTERVAL`] | one at once and one at the end of the interval | `session::tests::hostile::a_flood_of_idr_requests_is_answered_and_costs_three_pictures_a_second` |
//! | settings | one answer each | refused or acknowledged | `session::tests::hostile::a_flood_of_settings_has_one_answer_each_and_no_effect` |
//! | no mode at all | [`NO_MODE_WAIT`] | the session ends, without video | `session::tests::asking::a_sink_without_any_mode_does_not_stay` |
//! | bytes that make no message | 5 s for an answer, 6 s for a request, [`SESSION_TIMEOUT_S`] | the session ends, silent or overdue | `session::tests::hostile::bytes_that_make_no_message_hold_no_session` |
//! | a message that never ends | the same | the same | `session::tests::hostile::a_message_that_never_ends_holds_no_session` |
//! | requests in place of what is due | the same | the same | `session::tests::hostile::requests_do_not_take_the_place_of_the_answers_that_are_due` |
//! | ports | 1 to 65535, agreed once | 461, 455 | `session::tests::hostile::media_goes_to_the_ports_of_the_sink_and_nowhere_else` |
//! | packets of input | [`UIBC_PACKET_MAX`] | the connection cannot be framed any more | `uibc::tests::what_cannot_be_framed_ends_the_channel` |

use core::time::Duration;

/// Contexts that can exist at once. Windows allows one Miracast target per adapter (DDI-71), so
/// four covers every machine seen with room for a context that waits in quarantine.
pub const CONTEXTS_MAX: usize = 4;

/// Longest RTSP message in bytes, header and body, that is accepted or sent. The largest answers
/// seen in the field are some 5 KB (a 256-byte EDID is 512 characters, a Windows sink's M3 answer
/// 2 KB); twice the largest with room.
pub const RTSP_MESSAGE_MAX: usize = 16 * 1024;

/// Longest RTSP message that we write, in bytes: M4 with every parameter stays under 2 KB.
pub const RTSP_OUT_MAX: usize = 2 * 1024;

/// Header lines of one RTSP message that are accepted.
pub const RTSP_HEADERS_MAX: usize = 64;

/// Lines between a SET_PARAMETER request and the next start line that are skipped: what is left of
/// a body whose Content-Length was too small (quirk Q6) is one line; four with room.
pub const RTSP_STRAY_LINES_MAX: usize = 4;

/// Parameter lines of one body that are read; the longest M3 of the field asks for 40.
pub const BODY_LINES_MAX: usize = 128;

/// Longest UIBC packet in bytes. The longest seen is a HID report descriptor of some 200 bytes; the
/// length field would allow 65 535.
pub const UIBC_PACKET_MAX: usize = 4096;

/// Codec tuples read from one `wfd_video_formats`; ten is the most seen (quirk Q38).
pub const VIDEO_CODECS_MAX: usize = 16;

/// Codec tuples read from one `wfdx_video_formats`: it has four profiles.
pub const WFDX_CODECS_MAX: usize = 4;

/// Bytes kept of a text by which a sink names itself: Intel's grammar has up to 32 for the maker and
/// the model.
pub const SINK_NAME_MAX: usize = 32;

/// Bytes kept of a text that is only shown: URLs, and the reasons and values of extensions.
pub const SINK_TEXT_MAX: usize = 64;

/// Names of parameters that nothing is known of that are kept for the report; the rest is counted.
/// The most seen in one answer is nine.
pub const UNKNOWN_NAMES_MAX: usize = 4;

/// Parameters that cannot be read that are kept for the report; the rest is counted.
pub const IGNORED_MAX: usize = 4;

/// Modes read from one `microsoft_custom_video_formats`; one is the most seen.
pub const CUSTOM_MODES_MAX: usize = 4;

/// Tuples read from one `wfd_audio_codecs`.
pub const AUDIO_CODECS_MAX: usize = 8;

/// Bytes of EDID that are kept: four blocks of 128. More blocks than that are cut.
pub const EDID_MAX: usize = 512;

/// Display modes in one list: the three R1 tables have 17 + 29 + 12.
pub const MODES_MAX: usize = 64;

/// Bytes of one parameter set block (SPS and PPS together, Annex B) that an encoder may have.
pub const PARAMETER_SETS_MAX: usize = 512;

/// Milliseconds between our reply to M2 and M3. Two sinks break when both arrive in one segment;
/// 50 ms was enough for all (interop rule 3).
pub const GAP_BEFORE_M3: Duration = Duration::from_millis(50);

/// How long M2 may stay away after the answer to M1 before M3 is sent without it (quirk Q11).
pub const OPTIONS_WAIT: Duration = Duration::from_secs(2);

/// How long a full M3 may stay unanswered before it is asked once more with the mandatory names.
pub const M3_RETRY: Duration = Duration::from_secs(2);

/// How long the negotiation waits for Windows to set a mode before it goes on with the best mode
/// that was reported. WFD allows 6 s between the answer to M3 and M4.
pub const MODE_SET_WAIT: Duration = Duration::from_secs(5);

/// How long a session stays after the answer to M3 if there is no mode that M4 could name. Nothing that the
/// sink may say meanwhile adds one. A sink that keeps time leaves by itself after the 6 s that M4 may take;
/// one that does not would hold the session, and with it the adapter's only target, for ever.
pub const NO_MODE_WAIT: Duration = Duration::from_secs(10);

/// After our own decision to end a session: how long the sink may take to answer the TEARDOWN
/// trigger and to send M8.
pub const TEARDOWN_GRACE: Duration = Duration::from_millis(500);

/// Least time between two IDR requests of the sink that are passed on. Sinks ask in bursts of eight
/// and until they see the picture (quirk Q27); a request that comes meanwhile is passed on at the end.
pub const IDR_INTERVAL: Duration = Duration::from_millis(300);

/// When an IDR picture is asked for again after the sink has begun to play, besides the first one.
/// Players open their port up to a second after PLAY, and what came before is lost (interop rule
/// 20); not every sink asks for an IDR by M13.
pub const START_IDRS: [Duration; 2] = [Duration::from_millis(300), Duration::from_millis(1100)];

/// Interval of the IDR pictures for a sink that says that it cannot ask for one
/// (`wfd_idr_request_capability: 0`): how long a picture that was lost stays broken. No specification
/// has a number; an IDR picture is some ten times a predicted one.
pub const IDR_PERIOD: Duration = Duration::from_secs(5);

/// Session timeout that we state in the reply to M6, in seconds (specification example and AOSP).
pub const SESSION_TIMEOUT_S: u32 = 30;

/// Interval of M16. It must be under the session timeout less 5 s.
pub const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(10);

/// Interval of PAT, PMT and PCR while streaming. The limit is 100 ms (S2.1 App. D.4.2; ISO
/// 13818-1 §2.7.2); 40 ms leaves room for one that is lost.
pub const PSI_INTERVAL: Duration = Duration::from_millis(40);

/// RTSP messages of ours that wait for room in the socket.
pub const OUTBOX_MESSAGES_MAX: usize = 8;

/// Requests of the sink that are answered within one call of `handle`. A flood beyond it ends the
/// session.
pub const MESSAGES_PER_READ_MAX: usize = 64;

/// RTP datagrams in one batch: what one segmented send takes (65 072 of at most 65 507 bytes).
pub const BATCH_DATAGRAMS_MAX: usize = 49;

/// Bytes of one full RTP datagram: 12 of header and 7 TS packets of 188 (S2.1 App. B.1).
pub const DATAGRAM_BYTES: usize = 12 + 7 * 188;

/// Bytes of the send batch.
pub const BATCH_BYTES: usize = BATCH_DATAGRAMS_MAX * DATAGRAM_BYTES;

/// Bytes of unsent media that the system is asked to hold: three intra pictures of the largest size
/// measured (346 kB at 4K). It may give less.
pub const MEDIA_SEND_BUFFER: u32 = 1024 * 1024;

/// Pairs of ports that are tried for RTP and RTCP. A try fails if the neighbour of a free port is
/// taken; with half of all ports taken, 32 tries fail once in four thousand million.
pub const PORT_PAIR_TRIES: usize = 32;

/// How often one send is repeated when it only reports that an earlier datagram was refused
/// (interop rule 20). Each attempt takes one report; a third in a row means that nobody listens.
pub const SEND_REFUSED_RETRIES: usize = 3;

/// Time between two sender reports. RFC 3550 §6.2 allows 360 s divided by the session's kbit/s, under
/// 0.4 s at 1 Mbit/s; once a second is often enough to find the round trip while the rate is adapted.
pub const SENDER_REPORT_INTERVAL: Duration = Duration::from_secs(1);

/// RTCP packets that are dropped when the sink's address becomes known: strangers may have sent them.
pub const RTCP_STALE_MAX: usize = 64;

/// Handles that one wait of the driver's own takes: as many as `GetNextChunkData` (DDI-53).
pub const WAIT_HANDLES_MAX: usize = 4;

/// Largest chunk in bytes that is accepted from the miniport: a 4K intra picture of twice the size
/// of the largest measured (346 kB), rounded up.
pub const CHUNK_MAX: u32 = 4 * 1024 * 1024;

/// Default lead of PTS over PCR: the decoder's budget between the arrival of a picture's last byte
/// and its display. Low latency sinks work with 0 to 50 ms (quirk Q71). In the latency mode `normal`
/// that is to be under 100 ms (MS-WFDPE §2.4.1.1).
pub const PTS_LEAD: Duration = Duration::from_millis(80);

/// Lead of PTS over PCR in the latency mode `low`, which is for less than 50 ms.
pub const PTS_LEAD_LOW: Duration = Duration::from_millis(40);

/// Lead of PTS over PCR in the latency mode `high`, which is for up to 500 ms: the most that other
/// sources are known to use.
pub const PTS_LEAD_HIGH: Duration = Duration::from_millis(200);

/// How long the sink may take to answer the request for a latency mode before the session goes on
/// without one. The SETUP trigger waits meanwhile, and S2.1 §6.5 gives it 6 s.
pub const LATENCY_WAIT: Duration = Duration::from_secs(2);

/// Largest lead of PTS over PCR that a setting can ask for. A byte stays less than 1 s in the decoder
/// (ISO 13818-1, T-STD); the difference is room for PTS that had to be moved.
pub const PTS_LEAD_MAX: Duration = Duration::from_millis(900);

/// Between two looks at the machine's clock while media flows there are at most [`PSI_INTERVAL`] and what
/// the system delays a thread. A second is more than a sink may have in store ([`PTS_LEAD_MAX`]): whatever
/// has happened, it has nothing to lose when it sets its clock anew.
pub const CLOCK_LEAP: Duration = Duration::from_secs(1);

/// How long a picture may wait in the driver at least, however soon it was to be presented: longer than
/// one that comes a frame interval of 60 Hz later.
pub const LATE_WAIT_MIN: Duration = Duration::from_millis(20);

/// Datagrams of one burst of a picture that is paced. A radio acknowledges up to 64 frames at once, and an
/// aggregate of 802.11n ends at 65 535 bytes, which are 46 of ours: a third of either fills an aggregate
/// well, and what others send finds its turn in between.
pub const PACE_BURST: usize = 16;

/// The part of the frame interval over which an IDR picture is spread, in percent: half of it, so that
/// the picture has left well before the next one comes.
pub const PACE_SHARE: u32 = 50;

/// A picture is paced over at most this part of the time that is left until its presentation. The other
/// three quarters are for the radio, the sink's buffer and its decoder.
pub const PACE_BUDGET_PART: u32 = 4;

/// Least lead of the PTS of sound over PCR. A unit of AC-3 is 32 ms long before it can be encoded; what
/// is left is for encoder and hand-over. With a smaller [`PTS_LEAD`] sound lags by the difference,
/// which is well within the 125 ms that are allowed.
pub const AUDIO_LEAD_MIN: Duration = Duration::from_millis(60);

/// Units of silence, of 10 ms and more, that are made at once if the timer was late. Older ones would
/// be past when they came.
pub const SILENT_UNITS_MAX: u64 = 6;

/// How long pictures may go on without the IDR that was asked for before it is asked for again. An
/// encoder answers within a frame or two; a request that got lost must not leave the screen black.
pub const IDR_RETRY: Duration = Duration::from_secs(1);

/// Entries of the trace of one session, 16 bytes each: with their count a page of memory.
pub const TRACE_ENTRIES: usize = 255;

/// Entries at the beginning of a session that are never forgotten. A negotiation with every rung of the
/// ladder, ten quirks and a mode list that was cut for three reasons has some 90.
pub const TRACE_OPENING: usize = 127;

const _: () = {
    use crate::time::duration_ticks as ticks;
    assert!(
        ticks(GAP_BEFORE_M3) < ticks(Duration::from_secs(6)),
        "S2.1 §6.5: M2 reply to M3"
    );
    assert!(
        ticks(MODE_SET_WAIT) < ticks(Duration::from_secs(6)),
        "S2.1 §6.5: M3 reply to M4"
    );
    assert!(
        ticks(NO_MODE_WAIT) > ticks(Duration::from_secs(6)),
        "the sink leaves first"
    );
    assert!(
        ticks(KEEP_ALIVE_INTERVAL) + ticks(Duration::from_secs(5))
            < ticks(Duration::from_secs(SESSION_TIMEOUT_S as u64)),
        "S2.1 §6.5: keep-alive interval"
    );
    assert!(SESSION_TIMEOUT_S >= 10, "S2.1 §6.5");
    assert!(ticks(PSI_INTERVAL) * 2 <= ticks(Duration::from_millis(100)));
    assert!(BATCH_BYTES <= 65_507, "largest UDP payload over IPv4");
    assert!(ticks(AUDIO_LEAD_MIN) >= SILENT_UNITS_MAX * ticks(Duration::from_millis(10)));
    assert!(
        3 + SILENT_UNITS_MAX as usize * 11 + 14 <= BATCH_DATAGRAMS_MAX * 7,
        "tables, silence and a unit of sound fit one batch"
    );
    assert!(0 < PACE_BURST && PACE_BURST <= BATCH_DATAGRAMS_MAX && PACE_SHARE <= 100);
    assert!(RTSP_OUT_MAX <= RTSP_MESSAGE_MAX);
    assert!(
        ticks(PTS_LEAD_LOW) < ticks(Duration::from_millis(50))
            && ticks(PTS_LEAD) < ticks(Duration::from_millis(100))
            && ticks(PTS_LEAD_HIGH) < ticks(Duration::from_millis(500)),
        "MS-WFDPE §2.4.1.1"
    );
    assert!(
        ticks(PTS_LEAD_HIGH) <= ticks(PTS_LEAD_MAX)
            && ticks(PTS_LEAD_MAX) < ticks(Duration::from_secs(1)),
        "ISO 13818-1 T-STD"
    );
    assert!(ticks(PTS_LEAD_MAX) < ticks(CLOCK_LEAP));
};
