//! What every event leads to in every state: one picture, [`REVIEWED`], in which a change of the
//! session's behaviour is a change of a line.
//!
//! The states are the phases, and where a phase holds what the next event depends on, several of one
//! phase. What is not here: how a refusal of M4 walks down the ladder (`super::ladder`), and times.

use std::collections::BTreeMap;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use super::script::Script;
use crate::session::{Event, Reason};
use crate::wfd::modes::mode;
use events::EVENTS;
use states::STATES;

mod events;
mod states;

/// For each event the states that it is possible in, and what it leads to: what is sent (`200` for an
/// answer, `M5 PLAY` for a request), what the host is told, and the phase if that changes. `-` is
/// nothing. A data-rate notice is no event of the session: if the rate falls below what the mode
/// needs, the host aborts with `LinkTooSlow`.
const REVIEWED: &str = include_str!("matrix.txt");

/// What the session does, as text.
fn verdict(script: &mut Script, event: &events::What) -> String {
    let before = script.session.phase();
    script.sent.clear();
    script.events.clear();
    event.happen(script);
    let mut parts: Vec<String> = script.sent.iter().map(|message| name(message)).collect();
    parts.extend(script.events.iter().map(told));
    let after = script.session.phase();
    if after != before {
        parts.push(format!("-> {:?}", after.kind()));
    }
    if parts.is_empty() {
        parts.push("-".to_string());
    }
    parts.join(", ")
}

/// A message of ours in two words: the status of an answer, the number of a request.
fn name(message: &str) -> String {
    let (head, body) = message.split_once("\r\n\r\n").expect("a whole message");
    let (method, rest) = head.split_once(' ').expect("a start line");
    let body = body.trim_end();
    let request = match method {
        "RTSP/1.0" => {
            let line = rest.lines().next().unwrap_or_default();
            return line.strip_suffix(" OK").unwrap_or(line).to_string();
        }
        "OPTIONS" => "M1",
        "GET_PARAMETER" if body.is_empty() => "M16",
        "GET_PARAMETER" if body.lines().count() == 3 => "M3 (mandatory names)",
        "GET_PARAMETER" => "M3",
        "SET_PARAMETER" if body == "wfd_standby" => "M12",
        "SET_PARAMETER" if body.contains("wfd_av_format_change_timing") => "M4 (new mode)",
        "SET_PARAMETER" if body.contains("wfd_presentation_URL") => "M4",
        "SET_PARAMETER" if body.starts_with("microsoft_latency") => "latency mode",
        "SET_PARAMETER" => {
            let trigger = body.strip_prefix("wfd_trigger_method: ");
            return format!("M5 {}", trigger.expect("a trigger"));
        }
        other => panic!("a source does not ask {other}"),
    };
    request.to_string()
}

/// An event for the host, without its numbers.
fn told(event: &Event) -> String {
    match event {
        Event::Encode(request) => match mode(request.candidate.mode) {
            Some(mode) => format!("Encode {mode}"),
            None => panic!("no mode"),
        },
        Event::Ended(reason) => format!("Ended ({reason})"),
        Event::OfferReduced { step, .. } => format!("OfferReduced {step:?}"),
        other => {
            let text = format!("{other:?}");
            text.replace("{ ", "(").replace(" }", ")")
        }
    }
}

/// The verdicts of one event: states with the same one share a line, in the order of the states.
fn paragraph(script: &mut Script, event: &events::What) -> String {
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for state in &STATES {
        state.bring(script);
        event.prepare(script);
        if !event.is_possible(script) {
            continue;
        }
        let verdict = verdict(script, event);
        match lines.iter_mut().find(|(known, _)| *known == verdict) {
            Some((_, states)) => states.push(state.name),
            None => lines.push((verdict, Vec::from([state.name]))),
        }
    }
    let lines = lines
        .into_iter()
        .map(|(verdict, states)| format!("  {}: {verdict}\n", states.join(" ")));
    [format!("{}\n", event.name)]
        .into_iter()
        .chain(lines)
        .collect()
}

#[test]
fn every_event_leads_to_what_was_reviewed_in_every_state() {
    let mut script = Script::idle();
    let matrix: String = EVENTS
        .iter()
        .map(|event| paragraph(&mut script, event))
        .collect();
    if matrix != REVIEWED {
        // The whole picture, to be reviewed and put in place of the old one.
        std::println!("{matrix}");
    }
    for (number, (now, reviewed)) in (1..).zip(matrix.lines().zip(REVIEWED.lines())) {
        assert_eq!(now, reviewed, "matrix.txt:{number}");
    }
    assert_eq!(matrix.lines().count(), REVIEWED.lines().count());
}

#[test]
fn states_are_what_they_are_called_and_every_phase_is_there() {
    let mut script = Script::idle();
    let mut phases = BTreeMap::new();
    for state in &STATES {
        state.bring(&mut script);
        assert_eq!(script.session.phase().kind(), state.phase, "{}", state.name);
        assert!(phases.insert(state.name, state.phase).is_none());
    }
    for phase in crate::session::PhaseKind::ALL {
        assert!(phases.values().any(|one| *one == phase), "{phase:?}");
    }
}

/// Two events in a row: neither makes the session do what its own tables forbid, and nothing is out
/// or runs in a phase in which the matrix does not have it.
#[test]
fn no_two_events_lead_outside_of_the_tables() {
    let mut script = Script::idle();
    for state in &STATES {
        for first in EVENTS {
            for second in EVENTS {
                state.bring(&mut script);
                for event in [first, second] {
                    if event.is_possible(&script) {
                        event.happen(&mut script);
                    }
                    let way = || format!("{}: {}, {}", state.name, first.name, second.name);
                    assert_eq!(events::outside_of_the_tables(&script), None, "{}", way());
                    assert!(!is_bug(script.ended()), "{}", way());
                }
            }
        }
    }
}

fn is_bug(ended: Option<Reason>) -> bool {
    use Reason::{IllegalPhaseChange, MessageLost, MessageTooLong};
    matches!(
        ended,
        Some(IllegalPhaseChange | MessageLost | MessageTooLong)
    )
}
