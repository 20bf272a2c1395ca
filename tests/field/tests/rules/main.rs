//! The twenty rules without which sinks that were written independently of each other fail, and the
//! tests that fail when one is broken.
//!
//! The rules are those that the comments of the driver call interop rules, by their numbers.

use miracast_field::proof::{self, Test};

mod dialogue;

struct Rule {
    number: u32,
    what: &'static str,
    tests: &'static [Test],
}

const NEGOTIATION: &str = "core/src/session/tests/negotiation.rs";
const NOTICED: &str = "core/src/session/tests/noticed.rs";
const PLAYING: &str = "core/src/session/tests/playing.rs";
const CLOSING: &str = "core/src/session/tests/closing.rs";
const WRITER: &str = "core/src/rtsp/writer/tests.rs";
const PSI: &str = "core/src/media/psi/tests.rs";
const SOUND: &str = "core/src/media/tests/sound.rs";
const SILENCE: &str = "core/src/media/tests/silence.rs";
const TIMING: &str = "core/src/media/tests/timing.rs";
const OS: &str = "umd/src/os/tests.rs";
const DIALOGUES: &str = "tests/field/tests/dialogues.rs";
const RULES: &str = "tests/field/tests/rules/dialogue.rs";
const HOUR: &str = "tests/field/tests/entries/hour.rs";
const WHOLE: Test = (
    NEGOTIATION,
    "the_whole_conversation_is_as_the_specification_writes_it",
);

#[rustfmt::skip]
const TABLE: [Rule; 20] = [
    Rule { number: 1, what: "one message is one send", tests: &[
        ("umd/src/engine/outbox.rs", "each_message_is_one_send"), WHOLE] },
    Rule { number: 2, what: "M3 comes after the answer to M2", tests: &[
        (RULES, "rule_2_m3_waits_for_a_late_m2"),
        (NEGOTIATION, "m3_leaves_a_gap_after_the_answer_to_m2")] },
    Rule { number: 3, what: "50 ms between the answer to M2 and M3", tests: &[
        (RULES, "rule_3_m3_comes_50_ms_after_the_answer_to_m2")] },
    Rule { number: 4, what: "messages merged, early, quoted, with bodies and blank lines", tests: &[
        ("core/src/rtsp/parser/tests.rs", "blank_lines_between_messages_rule_4"),
        ("core/src/rtsp/headers.rs", "q13_backslash_and_quotes"),
        (NEGOTIATION, "setup_may_come_before_the_answer_to_its_trigger"),
        (DIALOGUES, "aosp"), (DIALOGUES, "rdk")] },
    Rule { number: 5, what: "our requests count 1, 2, 3; the sink's have numbers of their own", tests: &[
        (HOUR, "an_hour_passes_with_every_sink_that_plays"),
        (NOTICED, "q10_any_first_number_is_taken"), (DIALOGUES, "picast")] },
    Rule { number: 6, what: "the URI is rtsp://localhost/wfd1.0", tests: &[WHOLE, (DIALOGUES, "picast")] },
    Rule { number: 7, what: "Public has these methods and no other; spelling is exact", tests: &[
        WHOLE, (WRITER, "a_reply_has_the_spelling_that_sinks_compare")] },
    Rule { number: 8, what: "M16 has no body, the answer to M7 neither Public nor Transport", tests: &[
        (PLAYING, "keep_alive_has_neither_body_nor_content_type_and_any_answer_is_life"),
        (WRITER, "a_message_without_parameters_has_no_content_headers_rule_8"),
        (RULES, "rule_8_headers_tell_the_messages_apart")] },
    Rule { number: 9, what: "session ids are decimal and small, and taken back in any form", tests: &[
        WHOLE, (NOTICED, "q8_q9_the_session_id_is_short_and_goes_out_alone"),
        (DIALOGUES, "lazycast"), (DIALOGUES, "foxlost_quirky")] },
    Rule { number: 10, what: "a pair of ports is answered with a pair, one with one", tests: &[
        WHOLE, (DIALOGUES, "aosp"), (DIALOGUES, "picast"),
        (OS, "media_ports_are_an_even_one_and_the_next")] },
    Rule { number: 11, what: "RTP leaves from server_port; RTCP has a socket", tests: &[
        (OS, "rtp_leaves_from_its_own_port"), (OS, "rtcp_is_heard_from_the_sink_alone")] },
    Rule { number: 12, what: "the port of SETUP wins; a second SETUP and PLAY are answered", tests: &[
        (NEGOTIATION, "the_port_of_setup_wins_and_a_second_setup_and_play_get_the_same_answers"),
        (DIALOGUES, "foxlost_quirky")] },
    Rule { number: 13, what: "wfd_video_formats of any form", tests: &[
        ("core/src/wfd/video/tests.rs", "q38_rule_13_a_tuple_may_stop_after_its_first_mask"),
        ("tests/field/tests/entries/main.rs", "every_recorded_sink_is_dealt_with_as_expected")] },
    Rule { number: 14, what: "every answer to the TEARDOWN trigger ends the session", tests: &[
        (CLOSING, "every_way_of_saying_goodbye_is_understood"),
        (DIALOGUES, "lazycast"), (DIALOGUES, "aosp"), (DIALOGUES, "wds")] },
    Rule { number: 15, what: "PAUSE and PLAY, triggered or not", tests: &[
        (PLAYING, "the_sink_may_pause_and_play"),
        (PLAYING, "a_monitor_that_is_switched_off_pauses_the_sink_and_on_resumes_it")] },
    Rule { number: 16, what: "M13 is answered and asks for an IDR picture", tests: &[
        (PLAYING, "an_idr_request_is_answered_and_passed_on_in_every_form")] },
    Rule { number: 17, what: "M16 keeps coming", tests: &[
        (HOUR, "an_hour_passes_with_every_sink_that_plays"),
        (NOTICED, "q16_m16_comes_long_before_40_s")] },
    Rule { number: 18, what: "the PIDs of AOSP; a PES header of 14 bytes; 14, 2 and 4 before LPCM", tests: &[
        (PSI, "the_pat_packet_is_the_worked_one"), (PSI, "a_pmt_with_lpcm_is_the_worked_packet"),
        ("core/src/media/pes.rs", "the_header_has_a_pts_and_the_length_if_it_fits"),
        (SOUND, "the_first_packet_of_lpcm_is_the_worked_one")] },
    Rule { number: 19, what: "the descriptors 40 and 42 of video, 83 of LPCM; its packets", tests: &[
        (PSI, "a_pmt_with_lpcm_is_the_worked_packet"),
        (SOUND, "the_first_packet_of_lpcm_is_the_worked_one"),
        (SOUND, "lpcm_is_swapped_and_complete")] },
    Rule { number: 20, what: "payload type 33, seven packets, tables and IDR pictures again, sound after a picture", tests: &[
        (SOUND, "no_sound_comes_before_the_first_picture_of_a_stream"),
        (SILENCE, "silence_waits_for_the_first_picture_also_in_a_pause"),
        ("core/src/media/rtp.rs", "the_header_is_the_worked_one"),
        ("core/src/media/tests/sending.rs", "only_the_last_datagram_of_a_chunk_is_short"),
        (TIMING, "a_still_desktop_keeps_tables_and_clock_coming"),
        (PLAYING, "an_idr_is_due_twice_after_the_start_and_after_each_resumption")] },
];

#[test]
fn every_rule_has_tests_that_exist() {
    for (number, rule) in (1..).zip(&TABLE) {
        assert_eq!(rule.number, number);
        assert!(!rule.what.is_empty() && !rule.tests.is_empty(), "{number}");
        for test in rule.tests {
            proof::exists(*test).unwrap_or_else(|error| panic!("rule {number}: {error:#}"));
        }
    }
}
