//! An hour of virtual time with every sink that plays: M16 keeps coming, and nothing ends.

use core::time::Duration;

use miracast_core::limits::RTSP_MESSAGE_MAX;
use miracast_core::time::Instant;
use miracast_field::entry::Entry;
use miracast_field::message::{Asks, Message};
use miracast_field::stage::{Source, Stage};

use super::{EXPECTED, Expected, sinks};

const HOUR: Duration = Duration::from_hours(1);

/// M16 comes at least so long before the session's timeout is over (S2.1 §6.5).
const AHEAD: Duration = Duration::from_secs(5);

/// The session timeout that the answer to SETUP states.
fn timeout(messages: &[(Instant, Message)]) -> Option<Duration> {
    let session = messages
        .iter()
        .find_map(|(_, message)| message.header("Session"))?;
    let seconds = session.split_once(";timeout=")?.1.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Judges an hour of messages: from the answer to PLAY on there is never so long without M16 that
/// the session could time out.
fn judge(stage: &Stage<'_>) -> Result<usize, String> {
    if let Some(reason) = stage.source.ended() {
        return Err(format!("ended: {reason}"));
    }
    let timeout = timeout(&stage.messages).ok_or("no session timeout")?;
    let plays = |message: &Message| message.header("Range").is_some();
    let played = stage.messages.iter().find(|(_, message)| plays(message));
    let mut last = played.ok_or("never played")?.0;
    let is_m16 = |message: &Message| matches!(message.asks(), Ok(Some(Asks::M16)));
    let m16 = stage.messages.iter().filter(|(_, message)| is_m16(message));
    let times: Vec<Instant> = m16.map(|(at, _)| *at).collect();
    for at in times.iter().copied().chain([stage.source.now()]) {
        if at.since(last) + AHEAD > timeout {
            return Err(format!("{:?} without M16", at.since(last)));
        }
        last = at;
    }
    Ok(times.len())
}

fn play<'m>(
    entry: &Entry,
    memory: &'m mut [u8; RTSP_MESSAGE_MAX],
) -> Result<Stage<'m>, anyhow::Error> {
    let mut answers = entry.answers.clone();
    answers.complete();
    let mut stage = Stage::new(memory, &answers.body());
    stage.play(HOUR, Source::is_playing)?;
    Ok(stage)
}

/// The sinks that play and have answered `supported` to `microsoft_latency_management_capability`: they
/// are asked once more, before M5.
const HAVE_LATENCY_MODES: [&str; 3] = ["CastKu", "castr receiver", "AirServer-type"];

#[test]
fn an_hour_passes_with_every_sink_that_plays() {
    for (entry, (name, expected, ..)) in sinks().iter().zip(EXPECTED) {
        if let Expected::Lacks(_) = expected {
            continue;
        }
        let mut memory = Box::new([0; RTSP_MESSAGE_MAX]);
        let mut stage = play(entry, &mut memory).expect(name);
        stage.play(HOUR, |_| false).expect(name);
        assert!(stage.source.is_playing(), "{name}");
        let count = judge(&stage).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        // The sink answers each, and each answer is accepted: no number is asked twice.
        let asked = stage
            .messages
            .iter()
            .filter(|(_, m)| matches!(m.asks(), Ok(Some(_))));
        let numbers: Vec<u32> = asked.map(|(_, m)| m.cseq().expect("CSeq")).collect();
        let latency = usize::from(HAVE_LATENCY_MODES.iter().any(|one| name.starts_with(one)));
        let expected: Vec<u32> = (1..).take(count + 4 + latency).collect();
        assert_eq!(numbers, expected, "{name}: M1, M3, M4, M5 and M16");
    }
}

#[test]
fn a_sink_that_no_longer_answers_does_not_pass() {
    let sinks = sinks();
    let mut memory = Box::new([0; RTSP_MESSAGE_MAX]);
    let mut stage = play(&sinks[0], &mut memory).expect("a session");
    stage.sink.answers_keep_alive = false;
    stage.play(HOUR, |_| false).expect("messages");
    let fault = judge(&stage).expect_err("silence");
    assert_eq!(
        fault,
        "ended: nothing heard from the sink for the session's timeout"
    );
}

#[test]
fn a_gap_between_two_keep_alives_does_not_pass() {
    let sinks = sinks();
    let mut memory = Box::new([0; RTSP_MESSAGE_MAX]);
    let mut stage = play(&sinks[0], &mut memory).expect("a session");
    stage.play(HOUR, |_| false).expect("messages");
    // Three in a row are missing: 40 s.
    stage.messages.drain(20..23);
    let fault = judge(&stage).expect_err("a gap");
    assert_eq!(fault, "40s without M16");
}
