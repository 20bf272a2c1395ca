//! Our own requests: what a trigger or the user of the sink makes us ask.

use super::answer::log_name;
use super::quirks::Step;
use super::{
    Command, End, Event, LOCAL_URI, Machine, Out, Pending, Phase, REPLY_MAX_NS, Route, form,
};
use crate::rtsp::{Message, write};

impl Machine {
    /// Does what the user of the sink wishes. What the phase does not allow is ignored.
    pub fn command(&mut self, command: Command, now_ns: u64) {
        self.breaches.now_ns = now_ns;
        let (plays, in_session) = (self.phase == Phase::Playing, self.in_session());
        match command {
            Command::RequestIdr if plays => self.request_idr(),
            Command::SwitchInput(on) if in_session => {
                let setting = if on { "enable" } else { "disable" };
                self.set(15, &format!("wfd_uibc_setting: {setting}"));
            }
            Command::ChangeInput(value) if in_session => {
                self.set(14, &format!("wfd_uibc_capability: {value}"));
            }
            Command::Mute(on) if in_session => {
                let body = format!("microsoft_audio_mute: {}\r\n", u8::from(on));
                self.set_parameter("microsoft_audio_mute", Step::SetReply, &body);
            }
            Command::Route(route) if plays => {
                let route = match route {
                    Route::Primary => "primary",
                    Route::Secondary => "secondary",
                };
                self.set(10, &format!("wfd_route: {route}"));
            }
            Command::Connect(connector) if in_session => {
                let value =
                    connector.map_or_else(|| "none".to_owned(), |code| format!("{code:02X}"));
                self.set(11, &format!("wfd_connector_type: {value}"));
            }
            Command::Standby if plays => {
                self.set_parameter("M12", Step::StandbyReply, "wfd_standby\r\n");
            }
            Command::Pause if plays => self.session_request("PAUSE", Step::PauseReply),
            Command::Play if in_session && !plays => self.session_request("PLAY", Step::M7Reply),
            Command::Teardown if in_session => self.teardown(),
            Command::Teardown | Command::Close if self.phase != Phase::Ended => {
                self.end(End::Closed);
            }
            _ => {}
        }
    }

    pub(super) fn request_idr(&mut self) {
        self.set(13, "wfd_idr_request");
    }

    /// M10, M11, M13 to M15: one line.
    fn set(&mut self, message: u8, line: &str) {
        let name = format!("M{message}");
        self.set_parameter(&name, Step::SetReply, &format!("{line}\r\n"));
    }

    fn set_parameter(&mut self, name: &str, reply: Step, body: &str) {
        let number = self.number_as(reply, format!("{name} reply"));
        let start = format!("SET_PARAMETER {LOCAL_URI} RTSP/1.0");
        let session = self.session_value();
        let headers = [("CSeq", number.as_str()), ("Session", &session)];
        let request = write(&start, &headers, body);
        self.send(&[(name, request)]);
    }

    /// M2.
    pub(super) fn options(&mut self) -> Vec<u8> {
        let number = self.number(Step::M2Reply);
        let headers = [
            ("CSeq", number.as_str()),
            ("User-Agent", "StrictSink/1.0"),
            ("Require", "org.wfa.wfd1.0"),
        ];
        write("OPTIONS * RTSP/1.0", &headers, "")
    }

    /// PLAY, PAUSE or TEARDOWN.
    pub(super) fn session_request(&mut self, method: &'static str, reply: Step) {
        if reply == Step::M7Reply {
            // RTP may overtake the reply.
            self.silent_from_ns = u64::MAX;
        }
        let number = self.number(reply);
        let start = format!("{method} {} RTSP/1.0", self.url);
        let session = self.session_value();
        let body = self.teardown_reason.take();
        let body = body.map(|reason| format!("microsoft_teardown_reason: {reason}\r\n"));
        let headers = [("CSeq", number.as_str()), ("Session", &session)];
        let request = write(&start, &headers, &body.unwrap_or_default());
        self.send(&[(method, request)]);
    }

    pub(super) fn teardown(&mut self) {
        self.session_request("TEARDOWN", Step::M8Reply);
        self.phase = Phase::TearingDown;
        self.due = None;
    }

    /// M12 was answered, by us or by the source.
    pub(super) fn stand_by(&mut self) {
        self.phase = Phase::Standby;
        self.silent_from_ns = self.breaches.now_ns;
        self.out.push_back(Out::Event(Event::StandingBy));
    }

    fn session_value(&self) -> String {
        let echo = self.settings.quirks.echo_timeout;
        let value = |s: &form::Session| if echo { s.value.clone() } else { s.id.clone() };
        self.session.as_ref().map(value).unwrap_or_default()
    }

    /// Numbers a request of ours and waits for its reply.
    pub(super) fn number(&mut self, step: Step) -> String {
        self.number_as(step, log_name(step).to_owned())
    }

    fn number_as(&mut self, step: Step, reply: String) -> String {
        let cseq = self.own_cseq;
        self.own_cseq = cseq.wrapping_add(1);
        let deadline_ns = self.breaches.now_ns.saturating_add(REPLY_MAX_NS);
        self.pending.push_back(Pending {
            cseq,
            step,
            reply,
            deadline_ns,
        });
        cseq.to_string()
    }

    /// Logs a reply of the source under the name of what it answers.
    pub(super) fn log_reply(&mut self, pending: Option<&Pending>, message: &Message) {
        let name = pending.map_or("reply", |pending| pending.reply.as_str());
        self.keep_message(super::Direction::FromSource, name, &message.bytes);
    }
}
