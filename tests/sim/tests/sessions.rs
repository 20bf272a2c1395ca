//! Whole sessions in virtual time.

use core::time::Duration;

use miracast_core::session::Phase;
use miracast_kmd_iface::message::PowerState;
use miracast_kmd_iface::{NtStatus, Opcode};
use miracast_miniport::peer::BadSpan;
use miracast_miniport::script::{Action, Step};
use miracast_sim::{Outcome, Plan, UserDeed, UserStep, run};
use miracast_sink::machine::Command;
use miracast_umd::engine::SessionStatus;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Runs a plan that must play without any fault.
fn play(plan: &Plan) -> Outcome {
    let outcome = run(plan);
    let faults = outcome.faults();
    let trace = outcome.trace.join("\n");
    assert!(
        faults.is_empty(),
        "seed {}: {faults:#?}\n{trace}",
        plan.seed
    );
    outcome
}

#[test]
fn ten_minutes_are_played_without_a_fault_and_twice_the_same() {
    let plan = Plan::honest(1, seconds(600));
    let first = play(&plan);
    assert!(first.encoded > 17_900, "{} pictures", first.encoded);
    assert!(first.stream.psi_interval_max <= Duration::from_millis(100));
    assert!(first.stream.pcr_interval_max <= Duration::from_millis(100));
    assert_eq!(play(&plan).digest, first.digest);
}

#[test]
fn another_seed_is_another_session() {
    let digests = [1, 2, 3].map(|seed| play(&Plan::honest(seed, seconds(2))).digest);
    assert!(digests[0] != digests[1] && digests[1] != digests[2]);
}

#[test]
fn another_seed_has_another_ssrc_and_another_first_sequence_number() {
    let begin = |seed| {
        let stream = play(&Plan::honest(seed, seconds(1))).stream;
        (stream.ssrc.unwrap(), stream.first_sequence.unwrap())
    };
    let [one, two, three] = [1, 2, 3].map(begin);
    for (a, b) in [(one, two), (two, three), (three, one)] {
        assert!(a.0 != b.0 && a.1 != b.1, "{a:x?} and {b:x?}");
    }
    assert_eq!(begin(1), one);
}

#[test]
fn the_desktop_may_set_its_mode_at_once_or_late() {
    for after in [0, 4, 6, 30] {
        let plan = Plan::honest(4, seconds(40)).with_mode(seconds(after), 1920, 1080, 30);
        let outcome = play(&plan);
        assert_eq!(outcome.streams, [(1920, 1080)], "after {after} s");
        let m4 = outcome
            .messages
            .iter()
            .filter(|message| message.name == "M4")
            .count();
        // Up to 5 s M4 names the mode that was set; later it names the best, and a second M4
        // changes it.
        assert_eq!(m4, if after < 5 { 1 } else { 2 }, "after {after} s");
        let expected = (40 - after) * 30;
        assert!(
            outcome.encoded.abs_diff(expected) <= 30,
            "{} pictures after {after} s",
            outcome.encoded
        );
    }
}

#[test]
fn a_late_mode_that_is_the_best_one_needs_no_second_m4() {
    // 1280x720p30 is the sink's native mode.
    let plan = Plan::honest(5, seconds(20)).with_mode(seconds(8), 1280, 720, 30);
    let outcome = play(&plan);
    let m4 = outcome
        .messages
        .iter()
        .filter(|message| message.name == "M4")
        .count();
    assert_eq!((m4, outcome.streams.len()), (1, 1));
}

#[test]
fn a_desktop_that_never_sets_a_mode_gets_tables_and_clock_only() {
    let mut plan = Plan::honest(6, seconds(20));
    plan.desktop.clear();
    let outcome = play(&plan);
    assert_eq!(outcome.encoded, 0);
    assert!(outcome.stream.pcr > 300 && outcome.stream.pat > 300);
}

#[test]
fn a_mode_change_while_playing_goes_on_with_an_idr_of_the_new_size() {
    let mut plan = Plan::honest(7, seconds(10));
    let second = Plan::honest(7, seconds(10)).with_mode(seconds(5), 1920, 1080, 30);
    plan.desktop.extend(second.desktop);
    let outcome = run(&plan);
    assert_eq!(outcome.streams, [(1280, 720), (1920, 1080)]);
    assert_eq!(outcome.units_wrong, 0);
    assert_eq!(outcome.phase, Phase::Playing);
    assert!(outcome.stream.idr_units >= 2);
    assert!(outcome.violations.is_empty() && outcome.reports.is_empty());
}

/// What of a picture is in the ring leaves before the stream is closed. An IDR picture of 127 datagrams is
/// spread over half of the frame interval; some of these changes come meanwhile.
#[test]
fn a_mode_change_cuts_no_picture() {
    for step in 0..24 {
        let mut plan = Plan::honest(7, seconds(6)).with_mode(Duration::ZERO, 1280, 720, 30);
        let changed = Duration::from_millis(3940) + Duration::from_millis(2) * step;
        let second = Plan::honest(7, seconds(6)).with_mode(changed, 1920, 1080, 30);
        plan.desktop.extend(second.desktop);
        plan.user = vec![UserStep {
            after: seconds(4),
            deed: UserDeed::Tell(Command::RequestIdr),
        }];
        let outcome = run(&plan);
        assert_eq!(outcome.streams, [(1280, 720), (1920, 1080)]);
        assert!(outcome.violations.is_empty() && outcome.reports.is_empty());
        assert_eq!((outcome.units_wrong, outcome.media.units_torn), (0, 0));
    }
}

#[test]
fn reports_go_both_ways_where_the_sink_wants_them() {
    let mut plan = Plan::honest(17, seconds(20));
    plan.sink.capabilities.rtcp = true;
    let outcome = play(&plan);
    let theirs = &outcome.sender_reports;
    assert!((18..=20).contains(&theirs.received), "{theirs:?}");
    let ours = outcome.rtcp;
    assert_eq!(ours.sent, theirs.received);
    // The sink's last one may come after Stop.
    assert!(
        (theirs.sent - 1..=theirs.sent).contains(&ours.received),
        "{ours:?}"
    );
    assert_eq!((ours.other, ours.malformed), (0, 0));
    let last = ours.last.expect("a report");
    assert_eq!((last.fraction_lost, last.lost), (0, 0));
    assert!(last.jitter > Duration::ZERO && last.jitter < Duration::from_millis(2));

    // A sink that names no port gets none, and what it sends all the same is heard.
    let silent = play(&Plan::honest(17, seconds(5)));
    assert_eq!(silent.rtcp.sent, 0);
}

#[test]
fn the_bit_rate_follows_the_notices_down_and_up() {
    let mut plan = Plan::honest(8, seconds(12));
    // The sound takes 1.536 Mbit/s of each.
    plan.bit_rate = 9_536_000;
    plan.rates = vec![9_536_000, 4_536_000, 4_536_000, 9_536_000];
    let outcome = play(&plan);
    assert_eq!(outcome.rates_set.first(), Some(&3_000_000));
    assert!(
        outcome.rates_set.last() > Some(&7_000_000),
        "{:?}",
        outcome.rates_set
    );
}

/// A miniport may take STREAM_START for a new beginning.
#[test]
fn after_a_pause_the_encoder_is_told_its_rate_again() {
    let mut plan = Plan::honest(8, seconds(12));
    let power = |after, state| Step {
        after: seconds(after),
        action: Action::Power(state),
    };
    plan.desktop
        .extend([power(5, PowerState::OFF), power(8, PowerState::ON)]);
    // The sound takes 1.536 Mbit/s of each.
    let before = [6_536_000; 3];
    plan.rates = [&before[..], &[4_536_000]].concat();
    assert_eq!(run(&plan).rates_set, [3_000_000, 3_000_000]);
    // What STREAM_OPEN said needs no repetition.
    plan.rates.clear();
    assert_eq!(run(&plan).rates_set, [0; 0]);
}

#[test]
fn a_notice_between_stream_open_and_stream_start_is_not_forgotten() {
    let mut plan = Plan::honest(8, Duration::from_millis(1900)).with_mode(
        Duration::from_millis(100),
        1280,
        720,
        30,
    );
    plan.delay = Duration::from_millis(100);
    // One notice, after a second. The sound takes 1.536 Mbit/s.
    plan.bit_rate = 9_536_000;
    plan.rates = vec![4_536_000];
    let outcome = run(&plan);
    assert_eq!(outcome.rates_set, [3_000_000]);
}

#[test]
fn a_link_that_starves_is_reported() {
    let mut plan = Plan::honest(9, seconds(12));
    plan.rates = vec![5_000_000, 10_000];
    let outcome = run(&plan);
    let cause = NtStatus::DEVICE_INSUFFICIENT_RESOURCES;
    assert_eq!(
        outcome.reports,
        [(SessionStatus::InsufficientBandwidth, cause)]
    );
    assert!(outcome.violations.is_empty(), "{:?}", outcome.violations);
}

/// Not a word of a picture that never left stays true, and the session lives on: RTSP finds out.
#[test]
fn what_the_network_refuses_is_taken_back() {
    let mut plan = Plan::honest(16, seconds(4));
    plan.media_refused = true;
    let outcome = run(&plan);
    let (sent, dropped) = outcome.chunks;
    assert!(
        sent > 100 && sent == dropped,
        "{sent} sent, {dropped} dropped"
    );
    assert!(outcome.records.unsendable >= sent, "{:?}", outcome.records);
    assert_eq!(outcome.phase, Phase::Playing);
    assert!(outcome.violations.is_empty(), "{:?}", outcome.violations);
}

/// The simulated Windows looks at every datagram (DDI-27, DDI-57); here is that it finds the pictures.
#[test]
fn no_picture_leaves_before_it_is_announced() {
    let outcome = play(&Plan::honest(18, seconds(5)));
    assert!(outcome.encoded > 140, "{} pictures", outcome.encoded);
    let (announced, dropped) = outcome.chunks;
    assert_eq!((announced, dropped), (outcome.pictures_begun, 0));
    assert!(outcome.encoded - announced <= 1, "{announced} announced");
}

/// The desktop does not change, and Windows asks for pictures all the same (DDI-56).
#[test]
fn a_picture_with_the_numbers_of_the_last_is_announced_again() {
    let mut plan = Plan::honest(19, seconds(5));
    plan.pictures_per_frame = 3;
    let outcome = play(&plan);
    assert!(outcome.encoded > 140, "{} pictures", outcome.encoded);
    assert!(
        outcome.encoded - outcome.chunks.0 <= 1,
        "{:?}",
        outcome.chunks
    );
    assert_eq!(outcome.units_right, outcome.chunks.0);
}

#[test]
fn a_monitor_that_is_switched_off_pauses_the_stream_and_on_resumes_it() {
    let mut plan = Plan::honest(10, seconds(12));
    let power = |after, state| Step {
        after: seconds(after),
        action: Action::Power(state),
    };
    plan.desktop
        .extend([power(4, PowerState::OFF), power(8, PowerState::ON)]);
    let outcome = run(&plan);
    assert_eq!((outcome.units_wrong, outcome.phase), (0, Phase::Playing));
    assert!(
        outcome.violations.is_empty() && outcome.breaches.is_empty(),
        "{outcome:#?}"
    );
    let seconds_of_pictures = outcome.encoded / 30;
    assert!(
        (7..=9).contains(&seconds_of_pictures),
        "{seconds_of_pictures}"
    );
}

#[test]
fn a_lost_device_ends_the_session_with_its_status() {
    let mut plan = Plan::honest(11, seconds(6));
    let action = Action::LoseDevice(NtStatus::DEVICE_REMOVED);
    plan.desktop.push(Step {
        after: seconds(3),
        action,
    });
    let outcome = run(&plan);
    assert_eq!(
        outcome.reports,
        [(SessionStatus::Critical, NtStatus::DEVICE_REMOVED)]
    );
    assert!(outcome.violations.is_empty(), "{:?}", outcome.violations);
}

#[test]
fn protected_content_stops_the_picture() {
    let mut plan = Plan::honest(12, seconds(6));
    plan.desktop.push(Step {
        after: seconds(3),
        action: Action::Protection(1),
    });
    let outcome = run(&plan);
    assert_eq!(outcome.phase, Phase::Paused);
    assert!((80..=95).contains(&outcome.encoded), "{}", outcome.encoded);
    assert!(outcome.violations.is_empty() && outcome.reports.is_empty());
}

#[test]
fn each_refused_escape_is_an_outcome() {
    let (hello, status) = (Opcode::HELLO, NtStatus::ACCESS_DENIED);
    for opcode in [
        hello,
        Opcode::MONITOR_ARRIVE,
        Opcode::STREAM_OPEN,
        Opcode::STREAM_START,
    ] {
        let mut plan = Plan::honest(13, seconds(5));
        plan.miniport.misbehaviour.refuse.push((opcode, status));
        let outcome = run(&plan);
        if opcode == hello {
            assert_eq!(outcome.started, Some(Err(status)));
        } else {
            assert_eq!(
                outcome.reports,
                [(SessionStatus::Critical, status)],
                "{opcode:?}"
            );
        }
        assert!(
            outcome.violations.is_empty(),
            "{opcode:?}: {:?}",
            outcome.violations
        );
    }
}

#[test]
fn the_trace_tells_how_a_session_went() {
    let mut plan = Plan::honest(17, seconds(5));
    plan.bit_rate = 5_000_000;
    let refused = (Opcode::STREAM_START, NtStatus::ACCESS_DENIED);
    plan.miniport.misbehaviour.refuse.push(refused);
    let trace = run(&plan).trace;
    let text = trace.join("\n");
    let mut rest = text.as_str();
    for part in [
        "escape 0x0001: 0x00000000",
        "phase Greeting",
        "sent M1 OPTIONS",
        "the sink answered M1 OPTIONS with 200 OK",
        "the sink sent M2 OPTIONS",
        "answered 200 OK",
        "timer: the gap before a request is over",
        "sent M3 GET_PARAMETER",
        "phase AwaitingMode",
        "offered: ",
        "1280x720p30",
        "left out (needs more than the available bit rate): ",
        "sent M4 SET_PARAMETER",
        "escape 0x0020: 0x00000000",
        "the sink sent M7 PLAY",
        "phase Playing",
        "escape 0x0021: 0xC0000022",
        "phase Closing",
        "sent M5 TEARDOWN",
        "the sink sent M8 TEARDOWN",
        "phase Closed",
        "ended",
        "the end: miniport: NTSTATUS 0xC0000022",
    ] {
        let place = rest.find(part);
        let place = place.unwrap_or_else(|| panic!("no {part:?} in its place:\n{text}"));
        rest = &rest[place + part.len()..];
    }
}

#[test]
fn dropped_chunks_are_in_the_trace() {
    let mut plan = Plan::honest(18, seconds(3));
    plan.media_refused = true;
    let outcome = run(&plan);
    let dropped: u64 = outcome
        .trace
        .iter()
        .filter_map(|line| line.strip_suffix(" chunks dropped")?.rsplit(' ').next())
        .map(|count| count.parse::<u64>().expect("a number"))
        .sum();
    assert_eq!(dropped, outcome.chunks.1, "{:#?}", outcome.trace);
}

#[test]
fn an_escape_without_an_answer_is_an_outcome() {
    let mut plan = Plan::honest(14, seconds(5));
    plan.miniport.misbehaviour.mute.push(Opcode::STREAM_OPEN);
    let outcome = run(&plan);
    assert_eq!(outcome.reports.len(), 1);
    assert!(outcome.violations.is_empty(), "{:?}", outcome.violations);
}

#[test]
fn a_ring_that_cannot_be_one_is_refused() {
    for span in BadSpan::ALL {
        let mut plan = Plan::honest(15, seconds(5));
        plan.miniport.misbehaviour.span = Some(span);
        let outcome = run(&plan);
        let cause = NtStatus::INVALID_PARAMETER;
        assert_eq!(
            outcome.reports,
            [(SessionStatus::Critical, cause)],
            "{span:?}"
        );
        assert!(
            outcome.violations.is_empty(),
            "{span:?}: {:?}",
            outcome.violations
        );
    }
}
