//! M12, from the source and from the sink, and what must not be sent until PLAY.

use super::{LOCAL, M3_BODY, S, Source, honest};
use crate::machine::{Command, Event, Phase, Rule, Settings};

/// A session that plays with a source that has asked whether the sink can stand by.
fn playing(able: &str) -> Source<'static> {
    let mut settings = Settings::default();
    let answer = ("wfd_standby_resume_capability".to_owned(), able.to_owned());
    settings.capabilities.extra.push(answer);
    let mut source = Source::new(settings, &honest);
    source.up_to_play();
    let body = format!("{M3_BODY}wfd_standby_resume_capability\r\n");
    source.request("M3", "GET_PARAMETER", LOCAL, "", &body);
    source
}

fn standby(source: &mut Source<'_>) {
    source.request("M12", "SET_PARAMETER", LOCAL, "", "wfd_standby\r\n");
}

#[test]
fn the_source_sends_the_sink_into_standby_and_triggers_play() {
    let mut source = playing("supported");
    standby(&mut source);
    assert_eq!(source.machine.phase(), Phase::Standby);
    assert_eq!(source.events.last(), Some(&Event::StandingBy));
    source.keep_alive();
    source.trigger("PLAY");
    assert!(source.answer("M7 reply", "PLAY", ""));
    assert_eq!(source.machine.phase(), Phase::Playing);
    assert_eq!(source.machine.breaches(), []);
}

#[test]
fn the_sink_stands_by_when_the_source_agrees_and_plays_when_it_likes() {
    let mut source = playing("supported");
    source.machine.command(Command::Standby, S);
    source.drain();
    let asked = source.inbox.last().unwrap().text().unwrap();
    assert_eq!(asked, "wfd_standby\r\n");
    assert_eq!(source.machine.phase(), Phase::Playing);
    assert!(source.answer("M12 reply", "SET_PARAMETER", ""));
    assert_eq!(source.machine.phase(), Phase::Standby);
    source.machine.command(Command::Play, S);
    source.drain();
    // RTP may overtake the reply, but not the request.
    source.machine.media(4 * S);
    assert!(source.answer("M7 reply", "PLAY", ""));
    assert_eq!(source.machine.breaches(), []);
}

#[test]
fn nothing_but_keep_alive_play_and_teardown_comes_in_standby() {
    let mut source = playing("none");
    standby(&mut source);
    assert_eq!(source.rules(), [Rule::Standby], "not agreed on");

    let mut source = playing("supported");
    standby(&mut source);
    source.request("M3", "GET_PARAMETER", LOCAL, "", M3_BODY);
    assert_eq!(source.rules(), [Rule::Standby]);

    let mut source = playing("supported");
    standby(&mut source);
    source.machine.media(S + S / 2);
    assert_eq!(source.rules(), [], "on the way when M12 was answered");
    source.machine.media(S + S / 2 + 1);
    source.machine.media(2 * S);
    assert_eq!(source.rules(), [Rule::Standby]);
}
