//! The rows of the messages M1 to M16 (S2.1 §6.4).

use std::collections::BTreeMap;

use anyhow::ensure;
use miracast_field::proof::Test;

use crate::conversation::Said;
use crate::{numbers, table};

struct Row {
    number: &'static str,
    request: &'static str,
    acted_on: &'static str,
    tests: &'static [Test],
}

const NEGOTIATION: &str = "core/src/session/tests/negotiation.rs";
const PLAYING: &str = "core/src/session/tests/playing.rs";
const CLOSING: &str = "core/src/session/tests/closing.rs";
const STANDBY: &str = "core/src/session/tests/standby.rs";
const INPUT: &str = "core/src/session/tests/input.rs";
const ASKING: &str = "core/src/session/tests/asking.rs";
const LADDER: &str = "core/src/session/tests/ladder.rs";
const MODES: &str = "core/src/session/tests/modes.rs";
const WHOLE: Test = (
    NEGOTIATION,
    "the_whole_conversation_is_as_the_specification_writes_it",
);

#[rustfmt::skip]
const ROWS: [Row; 16] = [
    Row { number: "M1", request: "OPTIONS", acted_on: "the answer lets the session go on; its list of methods is not looked at, because nothing depends on it",
        tests: &[WHOLE, (NEGOTIATION, "a_reply_without_our_number_answers_the_only_question")] },
    Row { number: "M2", request: "OPTIONS", acted_on: "answered with our methods; M3 follows {GAP_BEFORE_M3} later, or {OPTIONS_WAIT} after the answer to M1 if M2 stays away",
        tests: &[WHOLE, (NEGOTIATION, "m2_may_come_before_the_answer_to_m1_with_it_or_never")] },
    Row { number: "M3", request: "GET_PARAMETER with names", acted_on: "the answer makes the list of modes; refused or unanswered for {M3_RETRY}, the mandatory names are asked for once more",
        tests: &[WHOLE, (ASKING, "m3_is_asked_once_more_with_the_mandatory_names_if_refused_or_not_answered"), (NEGOTIATION, "what_the_sink_lacks_is_named")] },
    Row { number: "M4", request: "SET_PARAMETER with formats", acted_on: "a refusal leads to smaller offers; in a session that plays M4 changes the mode",
        tests: &[WHOLE, (LADDER, "every_negotiable_status_leads_to_another_offer_and_no_other_does"), (LADDER, "each_step_is_taken_once_and_the_last_offer_is_the_least"), (MODES, "a_change_in_a_session_that_plays_ends_the_old_pictures_first")] },
    Row { number: "M5", request: "SET_PARAMETER wfd_trigger_method", acted_on: "SETUP after M4, PAUSE and PLAY as Windows allows pictures, TEARDOWN at the end",
        tests: &[WHOLE, (PLAYING, "power_and_protection_are_two_reasons_not_to_show"), (CLOSING, "every_way_of_saying_goodbye_is_understood")] },
    Row { number: "M6", request: "SETUP", acted_on: "RTP goes to its ports; a second one gets the same answer",
        tests: &[WHOLE, (NEGOTIATION, "the_port_of_setup_wins_and_a_second_setup_and_play_get_the_same_answers"), (NEGOTIATION, "setup_may_come_before_the_answer_to_its_trigger")] },
    Row { number: "M7", request: "PLAY", acted_on: "media flows, with an IDR picture first",
        tests: &[WHOLE, (PLAYING, "the_sink_may_pause_and_play"), (PLAYING, "an_idr_is_due_twice_after_the_start_and_after_each_resumption")] },
    Row { number: "M8", request: "TEARDOWN", acted_on: "the session ends; the reason in its body is the reason of the end",
        tests: &[(CLOSING, "the_sinks_teardown_is_answered_and_ends_the_session"), (CLOSING, "the_sink_may_say_why_it_goes")] },
    Row { number: "M9", request: "PAUSE", acted_on: "pictures stop, PSI and PCR go on",
        tests: &[(PLAYING, "the_sink_may_pause_and_play"), (PLAYING, "a_sink_that_paused_itself_is_left_alone")] },
    Row { number: "M10", request: "SET_PARAMETER wfd_route", acted_on: "`primary` is what is; `secondary` is refused, because no second sink is fed",
        tests: &[(PLAYING, "what_is_not_acted_on_is_refused_and_the_session_goes_on")] },
    Row { number: "M11", request: "SET_PARAMETER wfd_connector_type", acted_on: "the monitor is reported to the miniport, or its departure",
        tests: &[(PLAYING, "a_monitor_may_come_and_go")] },
    Row { number: "M12", request: "SET_PARAMETER wfd_standby", acted_on: "sent when Windows switches the monitor off; from the sink pictures stop until its M7",
        tests: &[(STANDBY, "a_monitor_that_is_off_puts_the_sink_into_standby_and_on_wakes_it"), (STANDBY, "the_sink_may_stand_by_and_wakes_by_itself"), (STANDBY, "in_standby_everything_but_play_teardown_and_standby_is_refused")] },
    Row { number: "M13", request: "SET_PARAMETER wfd_idr_request", acted_on: "the encoder is asked for an IDR picture, at most every {IDR_INTERVAL}",
        tests: &[(PLAYING, "an_idr_request_is_answered_and_passed_on_in_every_form"), (PLAYING, "a_burst_of_idr_requests_gives_one_at_once_and_one_later")] },
    Row { number: "M14", request: "SET_PARAMETER wfd_uibc_capability", acted_on: "input is taken as both sides have it from then on; not sent, because what the miniport takes does not change",
        tests: &[(INPUT, "m14_takes_input_away_and_brings_it_back")] },
    Row { number: "M15", request: "SET_PARAMETER wfd_uibc_setting", acted_on: "input is switched on or off; not sent, because Windows has no such wish",
        tests: &[(INPUT, "m15_switches_input_off_and_on"), (INPUT, "a_source_without_input_knows_neither_m14_nor_m15")] },
    Row { number: "M16", request: "GET_PARAMETER without names", acted_on: "sent every {KEEP_ALIVE_INTERVAL}; {SESSION_TIMEOUT_S} without a word of the sink end the session; the sink's own is answered",
        tests: &[(PLAYING, "keep_alive_has_neither_body_nor_content_type_and_any_answer_is_life"), (PLAYING, "a_silent_sink_is_given_up_after_the_session_timeout"), (PLAYING, "a_sinks_own_keep_alive_is_answered")] },
];

/// The table.
///
/// # Errors
/// If a row has no test that exists, or its message is neither sent nor received.
pub(crate) fn table(said: &Said) -> anyhow::Result<String> {
    let mut text = table::head(&[
        "message", "request", "sent", "received", "acted on", "tests",
    ]);
    for (number, row) in (1..).zip(&ROWS) {
        ensure!(
            row.number == format!("M{number}"),
            "{} is not M{number}",
            row.number
        );
        let sent = said.sent.contains_key(row.number);
        let received = received(row.number, said);
        ensure!(
            sent || !received.is_empty(),
            "{} is neither sent nor received",
            row.number
        );
        let tests = table::tests(row.number, row.tests)?;
        text += &table::row(&[
            row.number,
            row.request,
            if sent { "yes" } else { "" },
            &received,
            &numbers::filled(row.acted_on)?,
            &tests,
        ]);
    }
    Ok(text)
}

/// The statuses of our answers to the message, with the forms that have each if there are several.
fn received(number: &str, said: &Said) -> String {
    let mut answers: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for heard in said.received.iter().filter(|heard| heard.message == number) {
        let forms = answers.entry(heard.status).or_default();
        let form = format!("`{}`", heard.form);
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    let several = answers.len() > 1;
    let cell = |(status, forms): (u16, Vec<String>)| {
        if several {
            format!("{status}: {}", forms.join(", "))
        } else {
            status.to_string()
        }
    };
    let cells: Vec<_> = answers.into_iter().map(cell).collect();
    cells.join("; ")
}
