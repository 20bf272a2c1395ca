//! The events: what the sink asks and answers, what Windows does, and time.

use std::format;
use std::string::String;

use super::states::OTHER;
use crate::session::io::Alarm;
use crate::session::tests::script::{CAPABILITIES, Script, start};
use crate::session::{Asked, Input, PhaseKind, Reason};
use crate::time::{Instant, Timer as _};
use crate::wfd::parameters::Trigger;

/// One event.
pub(super) struct What {
    pub(super) name: &'static str,
    how: How,
}

/// How it comes about.
enum How {
    /// The sink or Windows does something, which they may at any time.
    Comes(fn(&mut Script)),
    /// The sink answers this request of ours: status and body.
    Answer(Asked, &'static str, &'static str),
    /// The sink does not answer this request in time.
    NoAnswer(Asked),
    /// This timer runs out.
    RunsOut(Alarm),
}

/// The phases in which a request of ours may be out.
#[rustfmt::skip]
const OUT: [(Asked, &[PhaseKind]); 11] = {
    use PhaseKind::*;
    [
        (Asked::Options, &[Greeting]),
        (Asked::Capabilities, &[Asking]),
        (Asked::Formats, &[Proposing]),
        (Asked::Latency, &[AwaitingSetup, AwaitingPlay, Playing, Paused, Standby]),
        (Asked::ModeChange, &[Playing, Paused]),
        (Asked::Trigger(Trigger::Setup), &[AwaitingSetup, AwaitingPlay, Playing, Paused, Standby]),
        (Asked::Trigger(Trigger::Play), &[Playing, Paused, Standby]),
        (Asked::Trigger(Trigger::Pause), &[Playing, Paused]),
        (Asked::Trigger(Trigger::Teardown), &[Closing]),
        (Asked::Standby, &[Paused]),
        (Asked::KeepAlive, &[AwaitingPlay, Playing, Paused, Standby]),
    ]
};

/// The phases in which a timer may run.
#[rustfmt::skip]
const RUNS: [(Alarm, &[PhaseKind]); 12] = {
    use PhaseKind::*;
    [
        (Alarm::Gap, &[Gap]),
        (Alarm::OptionsWait, &[Greeting]),
        (Alarm::AskAgain, &[Asking]),
        (Alarm::Reply, &[Greeting, Asking, Proposing, AwaitingSetup, AwaitingPlay, Playing, Paused, Standby, Closing]),
        (Alarm::ModeWait, &[AwaitingMode]),
        (Alarm::Request, &[AwaitingSetup, AwaitingPlay, Paused, Standby]),
        (Alarm::IdrPause, &[Playing, Paused, Standby]),
        (Alarm::MediaStart, &[Playing, Paused, Standby]),
        (Alarm::IdrDue, &[Playing, Paused, Standby]),
        (Alarm::KeepAlive, &[AwaitingPlay, Playing, Paused, Standby]),
        (Alarm::Silence, &[AwaitingPlay, Playing, Paused, Standby]),
        (Alarm::TeardownGrace, &[Closing]),
    ]
};

impl What {
    /// Whether it is possible as things are.
    pub(super) fn is_possible(&self, script: &Script) -> bool {
        let machine = &script.session.machine;
        match self.how {
            How::Comes(_) => true,
            How::Answer(asked, ..) | How::NoAnswer(asked) => machine.awaits(asked),
            How::RunsOut(alarm) => machine.timers.deadline(alarm).is_some(),
        }
    }

    /// Makes it possible, if it can be in this phase.
    pub(super) fn prepare(&self, script: &mut Script) {
        if self.is_possible(script) {
            return;
        }
        let phase = script.session.phase().kind();
        let (machine, now) = (&mut script.session.machine, script.now);
        match self.how {
            How::Answer(asked, ..) | How::NoAnswer(asked) if may(&OUT, asked, phase) => {
                machine.expect_reply(machine.next_cseq, asked, now);
                machine.next_cseq += 1;
            }
            How::RunsOut(alarm) if may(&RUNS, alarm, phase) => machine.timers.set(alarm, now),
            How::Comes(_) | How::Answer(..) | How::NoAnswer(_) | How::RunsOut(_) => {}
        }
    }

    pub(super) fn happen(&self, script: &mut Script) {
        match self.how {
            How::Comes(what) => what(script),
            How::Answer(asked, status, body) => answer(script, asked, status, body),
            How::NoAnswer(asked) => {
                let (machine, now) = (&mut script.session.machine, script.now);
                let pending = machine.pending.iter_mut().find(|one| one.asked == asked);
                pending.expect("it is out").deadline = Some(now);
                machine.timers.set(Alarm::Reply, now);
                script.input(Input::Timeout);
            }
            How::RunsOut(alarm) => {
                // Before all others: one call takes one timer.
                script.session.machine.timers.set(alarm, Instant::ZERO);
                script.input(Input::Timeout);
            }
        }
    }
}

fn may<T: Copy + PartialEq>(table: &[(T, &[PhaseKind])], what: T, phase: PhaseKind) -> bool {
    let row = table.iter().find(|(one, _)| *one == what);
    row.is_some_and(|(_, phases)| phases.contains(&phase))
}

/// A request that is out, or a timer that runs, in a phase in which the tables do not have it.
pub(super) fn outside_of_the_tables(script: &Script) -> Option<String> {
    let phase = script.session.phase().kind();
    let machine = &script.session.machine;
    let mut asked = machine.pending.iter().map(|pending| pending.asked);
    let request = asked.find(|asked| !may(&OUT, *asked, phase));
    let mut alarms = Alarm::ALL.iter().copied();
    let timer = alarms
        .find(|alarm| machine.timers.deadline(*alarm).is_some() && !may(&RUNS, *alarm, phase));
    request
        .map(|asked| format!("{asked} in {phase:?}"))
        .or(timer.map(|alarm| format!("{alarm:?} in {phase:?}")))
}

fn answer(script: &mut Script, asked: Asked, status: &str, body: &str) {
    let mut pending = script.session.machine.pending.iter();
    let cseq = pending
        .find(|one| one.asked == asked)
        .expect("it is out")
        .cseq;
    script.bytes(&format!(
        "RTSP/1.0 {status}\r\nCSeq: {cseq}\r\nContent-Type: text/parameters\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    ));
}

const fn comes(name: &'static str, what: fn(&mut Script)) -> What {
    What {
        name,
        how: How::Comes(what),
    }
}

const fn ok(name: &'static str, asked: Asked) -> What {
    What {
        name,
        how: How::Answer(asked, "200 OK", ""),
    }
}

const fn refused(name: &'static str, asked: Asked) -> What {
    What {
        name,
        how: How::Answer(asked, "406 Not Acceptable", ""),
    }
}

/// The answer has a header that cannot be read.
const fn unreadable(name: &'static str, asked: Asked) -> What {
    What {
        name,
        how: How::Answer(asked, "2xx", ""),
    }
}

const fn unanswered(name: &'static str, asked: Asked) -> What {
    What {
        name,
        how: How::NoAnswer(asked),
    }
}

const fn runs_out(name: &'static str, alarm: Alarm) -> What {
    What {
        name,
        how: How::RunsOut(alarm),
    }
}

const SETUP: Asked = Asked::Trigger(Trigger::Setup);
const PLAY: Asked = Asked::Trigger(Trigger::Play);
const PAUSE: Asked = Asked::Trigger(Trigger::Pause);
const TEARDOWN: Asked = Asked::Trigger(Trigger::Teardown);

#[rustfmt::skip]
pub(super) const EVENTS: &[What] = &[
    comes("M2", |script| script.ask("OPTIONS *", 9, "")),
    comes("M6", |script| script.setup(9, "RTP/AVP/UDP;unicast;client_port=19000-19001")),
    comes("M6 for other ports", |script| script.setup(9, "RTP/AVP/UDP;unicast;client_port=9-10")),
    comes("M6 for TCP", |script| script.setup(9, "RTP/AVP/TCP;unicast;client_port=19000")),
    comes("M7", |script| script.ask("PLAY x", 9, "")),
    comes("M8", |script| script.ask("TEARDOWN x", 9, "")),
    comes("M9", |script| script.ask("PAUSE x", 9, "")),
    comes("M10 primary", |script| script.set(9, "wfd_route: primary\r\n")),
    comes("M10 secondary", |script| script.set(9, "wfd_route: secondary\r\n")),
    comes("M11 none", |script| script.set(9, "wfd_connector_type: none\r\n")),
    comes("M11 as before", |script| script.set(9, "wfd_connector_type: 05\r\n")),
    comes("M12", |script| script.set(9, "wfd_standby\r\n")),
    comes("M13", |script| script.set(9, "wfd_idr_request\r\n")),
    comes("M13 twice", |script| {
        script.set(9, "wfd_idr_request\r\n");
        script.set(10, "wfd_idr_request\r\n");
    }),
    comes("M14 none", |script| script.set(9, "wfd_uibc_capability: none\r\n")),
    comes("M15 disable", |script| script.set(9, "wfd_uibc_setting: disable\r\n")),
    comes("M15 enable", |script| script.set(9, "wfd_uibc_setting: enable\r\n")),
    comes("the sink's keep-alive", |script| script.ask("GET_PARAMETER x", 9, "")),
    comes("the sink asks for a parameter", |script| {
        let head = "Content-Type: text/parameters\r\nContent-Length: 19\r\n\r\nwfd_video_formats";
        script.ask("GET_PARAMETER x", 9, head);
    }),
    comes("the sink sets what only a source sets", |script| script.set(9, "wfd_trigger_method: PLAY\r\n")),
    comes("the sink sets what M3 did not ask for", |script| script.set(9, "microsoft_audio_mute: 1\r\n")),
    comes("the sink sets nonsense", |script| script.set(9, "wfd_route: x\r\n")),
    comes("the sink sets a known and an unknown name", |script| script.set(9, "wfd_connector_type: none\r\nx: y\r\n")),
    comes("a method of no use here", |script| script.ask("ANNOUNCE x", 9, "")),
    comes("a request without CSeq", |script| script.bytes("PLAY x RTSP/1.0\r\n\r\n")),
    comes("bytes that are no message", |script| script.bytes("\u{1}\r\n\r\n")),
    comes("an answer with a number of its own", |script| script.bytes("RTSP/1.0 406 Not Acceptable\r\nCSeq: 77\r\n\r\n")),
    comes("the sink closes", |script| script.input(Input::Closed)),
    comes("the connection fails", |script| script.input(Input::Failed(104))),

    What { name: "M1: 200", how: How::Answer(Asked::Options, "200 OK", "") },
    refused("M1: 406", Asked::Options),
    unreadable("M1: unreadable", Asked::Options),
    unanswered("M1: no answer", Asked::Options),
    What { name: "M3: 200", how: How::Answer(Asked::Capabilities, "200 OK", CAPABILITIES) },
    ok("M3: 200 without parameters", Asked::Capabilities),
    What { name: "M3: 200 with nonsense", how: How::Answer(Asked::Capabilities, "200 OK", "wfd_client_rtp_ports: x\r\n") },
    refused("M3: 406", Asked::Capabilities),
    unreadable("M3: unreadable", Asked::Capabilities),
    unanswered("M3: no answer", Asked::Capabilities),
    ok("M4: 200", Asked::Formats),
    refused("M4: 406", Asked::Formats),
    What { name: "M4: 500", how: How::Answer(Asked::Formats, "500 Internal Server Error", "") },
    unreadable("M4: unreadable", Asked::Formats),
    unanswered("M4: no answer", Asked::Formats),
    ok("latency mode: 200", Asked::Latency),
    refused("latency mode: 406", Asked::Latency),
    unreadable("latency mode: unreadable", Asked::Latency),
    unanswered("latency mode: no answer", Asked::Latency),
    ok("M4 (new mode): 200", Asked::ModeChange),
    refused("M4 (new mode): 406", Asked::ModeChange),
    unreadable("M4 (new mode): unreadable", Asked::ModeChange),
    unanswered("M4 (new mode): no answer", Asked::ModeChange),
    ok("M5 SETUP: 200", SETUP),
    refused("M5 SETUP: 406", SETUP),
    What { name: "M5 SETUP: 500", how: How::Answer(SETUP, "500 Internal Server Error", "") },
    unreadable("M5 SETUP: unreadable", SETUP),
    unanswered("M5 SETUP: no answer", SETUP),
    ok("M5 PLAY: 200", PLAY),
    refused("M5 PLAY: 406", PLAY),
    What { name: "M5 PLAY: 455", how: How::Answer(PLAY, "455 Method Not Valid in This State", "") },
    unreadable("M5 PLAY: unreadable", PLAY),
    unanswered("M5 PLAY: no answer", PLAY),
    ok("M5 PAUSE: 200", PAUSE),
    refused("M5 PAUSE: 406", PAUSE),
    unreadable("M5 PAUSE: unreadable", PAUSE),
    unanswered("M5 PAUSE: no answer", PAUSE),
    ok("M5 TEARDOWN: 200", TEARDOWN),
    refused("M5 TEARDOWN: 406", TEARDOWN),
    unreadable("M5 TEARDOWN: unreadable", TEARDOWN),
    unanswered("M5 TEARDOWN: no answer", TEARDOWN),
    ok("M12: 200", Asked::Standby),
    refused("M12: 406", Asked::Standby),
    unreadable("M12: unreadable", Asked::Standby),
    unanswered("M12: no answer", Asked::Standby),
    ok("M16: 200", Asked::KeepAlive),
    refused("M16: 406", Asked::KeepAlive),
    unreadable("M16: unreadable", Asked::KeepAlive),

    runs_out("the gap before M3 ends", Alarm::Gap),
    runs_out("M2 stays away", Alarm::OptionsWait),
    runs_out("M3 has to be asked again", Alarm::AskAgain),
    runs_out("Windows sets no mode", Alarm::ModeWait),
    runs_out("M6 or M7 stays away", Alarm::Request),
    runs_out("another M13 may be passed on", Alarm::IdrPause),
    runs_out("media may begin", Alarm::MediaStart),
    runs_out("the sink may listen only now", Alarm::IdrDue),
    runs_out("M16 is due", Alarm::KeepAlive),
    runs_out("nothing was heard for the timeout", Alarm::Silence),
    runs_out("the time for the goodbye is over", Alarm::TeardownGrace),
    comes("no timer is due", |script| script.input(Input::Timeout)),

    comes("Start again", |script| script.input(Input::Start(&start()))),
    comes("MODE_SET for 720p30", |script| script.mode(7, 1280, 720, 30)),
    comes("MODE_SET for 1080p30", |script| script.mode(7, 1920, 1080, 30)),
    comes("MODE_SET repeated", |script| {
        script.mode(1, 1920, 1080, 30);
        script.mode(OTHER, 1280, 720, 30);
    }),
    comes("MODE_SET for what was not offered", |script| script.mode(7, 1111, 700, 30)),
    comes("MODE_SET path off", |script| script.mode(7, 0, 0, 0)),
    comes("the stream was overtaken", |script| script.input(Input::StreamOvertaken)),
    comes("the stream was overtaken, and MODE_SET", |script| {
        script.input(Input::StreamOvertaken);
        script.mode(7, 1280, 720, 30);
    }),
    comes("monitor off", |script| script.input(Input::MonitorPower(false))),
    comes("monitor on", |script| script.input(Input::MonitorPower(true))),
    comes("protected", |script| script.input(Input::Protected(true))),
    comes("not protected", |script| script.input(Input::Protected(false))),
    comes("the rate falls below the floor", |script| script.input(Input::Abort(Reason::LinkTooSlow))),
    comes("the miniport refuses", |script| script.input(Input::Abort(Reason::Miniport(0xC000_00BB)))),
    comes("Stop", |script| script.input(Input::Stop)),
];
