//! The states, each brought about by the conversation that leads to it.

use core::time::Duration;

use crate::limits;
use crate::session::tests::script::{CAPABILITIES, Script, start};
use crate::session::{Input, PhaseKind, Reason, Start};

/// What the sink has besides the common answer.
const MORE: &str = "\
wfd_uibc_capability: input_category_list=GENERIC;generic_cap_list=Mouse;hidc_cap_list=none;port=none\r\n\
wfd_standby_resume_capability: supported\r\n";

/// The number of a MODE_SET that is not the last one.
pub(super) const OTHER: u32 = 2;

/// A state.
pub(super) struct State {
    pub(super) name: &'static str,
    pub(super) phase: PhaseKind,
    /// How many steps of [`LIFE`] lead to it.
    steps: usize,
    /// What comes after them.
    then: fn(&mut Script),
}

impl State {
    pub(super) fn bring(&self, script: &mut Script) {
        script.begin_again();
        for step in LIFE.iter().take(self.steps) {
            step(script);
        }
        (self.then)(script);
    }
}

/// The straight way from the start to pictures.
const LIFE: [fn(&mut Script); 10] = [
    |script| {
        let input_port = Some(50_124);
        script.input(Input::Start(&Start {
            input_port,
            ..start()
        }));
    },
    |script| script.ok(1),
    |script| script.ask("OPTIONS *", 1, ""),
    |script| script.wait(limits::GAP_BEFORE_M3),
    |script| script.ok_with(2, &std::format!("{CAPABILITIES}{MORE}")),
    |script| script.mode(1, 1280, 720, 30),
    |script| script.ok(3),
    |script| script.ok(4),
    |script| script.setup(2, "RTP/AVP/UDP;unicast;client_port=19000-19001"),
    |script| script.ask("PLAY x", 3, ""),
];

const fn after(steps: usize, name: &'static str, phase: PhaseKind) -> State {
    State {
        name,
        phase,
        steps,
        then: |_| {},
    }
}

const fn playing(name: &'static str, phase: PhaseKind, then: fn(&mut Script)) -> State {
    State {
        name,
        phase,
        steps: LIFE.len(),
        then,
    }
}

#[rustfmt::skip]
pub(super) const STATES: [State; 21] = [
    after(0, "Idle", PhaseKind::Idle),
    after(1, "Greeting", PhaseKind::Greeting),
    after(2, "Greeting-M2", PhaseKind::Greeting),
    after(3, "Gap", PhaseKind::Gap),
    after(4, "Asking", PhaseKind::Asking),
    State {
        name: "Asking-again",
        phase: PhaseKind::Asking,
        steps: 4,
        then: |script| script.wait(limits::M3_RETRY),
    },
    after(5, "AwaitingMode", PhaseKind::AwaitingMode),
    // The answer to M3 says that there is no video.
    State {
        name: "No-video",
        phase: PhaseKind::AwaitingMode,
        steps: 4,
        then: |script| {
            let video = "wfd_video_formats: none\r\n";
            let ports = "wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n";
            script.ok_with(2, &std::format!("{video}{ports}"));
        },
    },
    after(6, "Proposing", PhaseKind::Proposing),
    after(7, "AwaitingSetup", PhaseKind::AwaitingSetup),
    after(9, "AwaitingPlay", PhaseKind::AwaitingPlay),
    playing("Playing", PhaseKind::Playing, |_| {}),
    // M4 for another mode is out.
    playing("Changing", PhaseKind::Playing, |script| script.mode(OTHER, 1920, 1080, 30)),
    // By the sink's M9.
    playing("Paused", PhaseKind::Paused, |script| script.ask("PAUSE x", 4, "")),
    // By us: the sink has answered M5 PAUSE, and its M9 comes next.
    playing("Pausing", PhaseKind::Paused, |script| {
        script.input(Input::Protected(true));
        script.ok(5);
    }),
    playing("Protected", PhaseKind::Paused, |script| {
        script.input(Input::Protected(true));
        script.ok(5);
        script.ask("PAUSE x", 4, "");
    }),
    // The monitor is switched off, and M12 is out.
    playing("Going-off", PhaseKind::Paused, |script| script.input(Input::MonitorPower(false))),
    playing("Off", PhaseKind::Standby, |script| {
        script.input(Input::MonitorPower(false));
        script.ok(5);
    }),
    // By the sink's M12.
    playing("Standby", PhaseKind::Standby, |script| {
        script.set(4, "wfd_standby\r\n");
        // What comes after a SET_PARAMETER may be the rest of it (quirk Q6); nothing does here.
        script.ask("GET_PARAMETER x", 5, "");
    }),
    playing("Closing", PhaseKind::Closing, |script| {
        script.input(Input::Abort(Reason::DeviceLost(1)));
        script.wait(Duration::from_millis(1));
    }),
    playing("Closed", PhaseKind::Closed, |script| script.input(Input::Closed)),
];
