//! Requests of the source, and our answers to them.

use super::body::{self, Context};
use super::form;
use super::quirks::{Greeting, OnKeepAlive, OnTeardown, Step, When};
use super::rules::Rule;
use super::{Direction, End, Event, LOCAL_URI, Machine, Out, Phase};
use crate::rtsp::{Message, write};
use crate::screen::Need;

/// The body of M12.
const STANDBY: &[u8] = b"wfd_standby\r\n";

/// The name of the parameter that M4 does not have.
const LATENCY: &[u8] = b"microsoft_latency_management_capability: ";

/// What a request is, by its method and body: the numbers are not on the wire.
fn classify(method: &str, message: &Message) -> Option<Step> {
    match method {
        "OPTIONS" => Some(Step::M1),
        "GET_PARAMETER" if message.body.is_empty() => Some(Step::KeepAlive),
        "GET_PARAMETER" => Some(Step::M3),
        "SET_PARAMETER" if message.body == STANDBY => Some(Step::Standby),
        "SET_PARAMETER" if message.body.starts_with(LATENCY) => Some(Step::Latency),
        "SET_PARAMETER" => match message.text().and_then(body::trigger) {
            Some("SETUP") => Some(Step::SetupTrigger),
            Some("PLAY") => Some(Step::PlayTrigger),
            Some("PAUSE") => Some(Step::PauseTrigger),
            Some("TEARDOWN") => Some(Step::TeardownTrigger),
            _ => Some(Step::M4),
        },
        _ => None,
    }
}

/// The name of a request in the log.
pub(super) const fn log_name(step: Step) -> &'static str {
    match step {
        Step::M1 => "M1",
        Step::M3 => "M3",
        Step::M4 => "M4",
        Step::Latency => "latency",
        Step::SetupTrigger => "M5 SETUP",
        Step::PlayTrigger => "M5 PLAY",
        Step::PauseTrigger => "M5 PAUSE",
        Step::TeardownTrigger => "M5 TEARDOWN",
        Step::KeepAlive => "M16",
        Step::M2Reply => "M2 reply",
        Step::M6Reply => "M6 reply",
        Step::M7Reply => "M7 reply",
        Step::PauseReply => "M9 reply",
        Step::M8Reply => "M8 reply",
        Step::Standby => "M12",
        Step::StandbyReply => "M12 reply",
        Step::SetReply => "SET_PARAMETER reply",
    }
}

fn ok(cseq: &str, body: &str) -> Vec<u8> {
    write("RTSP/1.0 200 OK", &[("CSeq", cseq)], body)
}

impl Machine {
    /// Handles one request. The start line is known to be one.
    pub(super) fn request(&mut self, message: &Message) {
        let (method, uri) = message.request().unwrap_or_default();
        let step = classify(method, message);
        let name = match step {
            Some(step) => log_name(step),
            None => method,
        };
        self.keep_message(Direction::FromSource, name, &message.bytes);
        let Some(cseq) = form::cseq(message, &mut self.breaches) else {
            return;
        };
        let due = self.source_cseq;
        self.breaches.require(cseq == due, Rule::CSeq, || {
            format!("{name}: {cseq} for {due}")
        });
        self.source_cseq = cseq.wrapping_add(1);
        let want = if method == "OPTIONS" { "*" } else { LOCAL_URI };
        self.breaches
            .require(uri == want, Rule::Uri, || format!("{name}: {uri}"));
        form::check_session(message, self.session.as_ref(), &mut self.breaches);
        let cseq = cseq.to_string();
        let Some(step) = step else {
            self.breaches.add(Rule::Method, method.to_owned());
            let refusal = write("RTSP/1.0 405 Method Not Allowed", &[("CSeq", &cseq)], "");
            self.send(&[("405", refusal)]);
            return;
        };
        let allowed = [Step::KeepAlive, Step::PlayTrigger, Step::TeardownTrigger];
        let fits = self.phase != Phase::Standby || allowed.contains(&step);
        self.breaches
            .require(fits, Rule::Standby, || name.to_owned());
        let named_timeout = message.header("Session").is_some_and(|id| id.contains(';'));
        if self.misbehave(step) {
            return;
        }
        if self.settings.quirks.refuses_timeout && named_timeout && self.in_session() {
            self.send(&[("454", refusal(454, &cseq))]);
            return self.teardown();
        }
        self.answer(step, &cseq, message);
    }

    /// Does what a quirk wants instead of an answer; `true` if it did.
    pub(super) fn misbehave(&mut self, step: Step) -> bool {
        let quirks = &self.settings.quirks;
        if quirks.close_at == Some(step) {
            self.end(End::Quirk);
            return true;
        }
        if quirks.garbage_at == Some(step) {
            self.send(&[("garbage", b"\x00\xffHTTP/9 ??? \r\n: \r\n\r\n".to_vec())]);
            return true;
        }
        if quirks.silent_once_at == Some(step) && !self.silent_once_done {
            self.silent_once_done = true;
            return true;
        }
        quirks.silent_at == Some(step)
    }

    /// Refuses a request that a quirk wants refused; `true` if it did.
    fn refuse(&mut self, step: Step, cseq: &str) -> bool {
        let cea = self.offer.video.as_ref().map_or(0, |video| video.cea);
        let refusals = &self.settings.quirks.refusals;
        let meant = refusals.iter().find(|refusal| {
            let now = match refusal.when {
                When::Always => true,
                When::First => !self.refused.contains(&step),
                When::Cea(modes) => u64::from(modes) & cea != 0,
                When::WrongUrl => !self.offer.url_right,
            };
            refusal.step == step && now
        });
        let Some(status) = meant.map(|refusal| refusal.status) else {
            return false;
        };
        self.refused.push(step);
        let reply = match step {
            Step::SetupTrigger => "M5 reply".to_owned(),
            step => format!("{} reply", log_name(step)),
        };
        self.send(&[(&reply, refusal(status, cseq))]);
        true
    }

    fn answer(&mut self, step: Step, cseq: &str, message: &Message) {
        match step {
            Step::M1 => self.m1(cseq, message),
            Step::M3 => self.m3(cseq, message),
            Step::M4 => self.m4(cseq, message),
            Step::Latency => self.latency(cseq, message),
            Step::SetupTrigger => self.setup_trigger(cseq),
            Step::PlayTrigger => {
                let from = [Phase::Paused, Phase::Standby];
                self.trigger(&from, cseq, "PLAY", Step::M7Reply);
            }
            Step::PauseTrigger => {
                self.trigger(&[Phase::Playing], cseq, "PAUSE", Step::PauseReply);
            }
            Step::Standby => self.standby(cseq),
            Step::TeardownTrigger => self.teardown_trigger(cseq),
            Step::KeepAlive => self.keep_alive(cseq, message),
            Step::M2Reply
            | Step::M6Reply
            | Step::M7Reply
            | Step::PauseReply
            | Step::M8Reply
            | Step::StandbyReply
            | Step::SetReply => {}
        }
    }

    fn require_phase(&mut self, right: bool, name: &str) {
        let phase = self.phase;
        self.breaches
            .require(right, Rule::Order, || format!("{name} in {phase:?}"));
    }

    fn m1(&mut self, cseq: &str, message: &Message) {
        self.require_phase(self.phase == Phase::M1, "M1");
        let required = message.header("Require");
        self.breaches
            .require(required == Some("org.wfa.wfd1.0"), Rule::Require, || {
                format!("Require: {required:?}")
            });
        let public = "org.wfa.wfd1.0, GET_PARAMETER, SET_PARAMETER";
        let reply = write("RTSP/1.0 200 OK", &[("CSeq", cseq), ("Public", public)], "");
        let greeting = self.settings.quirks.greeting;
        if greeting == Greeting::Never {
            self.send(&[("M1 reply", reply)]);
            return self.expect(Phase::M3, "M3");
        }
        let m2 = self.options();
        match greeting {
            Greeting::WithReply => self.send(&[("M1 reply", reply), ("M2", m2)]),
            Greeting::BeforeReply => {
                self.send(&[("M2", m2)]);
                self.send(&[("M1 reply", reply)]);
            }
            Greeting::AfterReply | Greeting::Again | Greeting::Never => {
                self.send(&[("M1 reply", reply)]);
                self.send(&[("M2", m2)]);
            }
        }
        self.phase = Phase::M2Reply;
        self.due = None;
    }

    fn m3(&mut self, cseq: &str, message: &Message) {
        self.require_phase(self.phase >= Phase::M3, "M3");
        let gap = self.reads != self.m2_reply_read || !self.settings.whole_segments;
        self.breaches
            .require(gap, Rule::Gap, || "M3 beside the reply to M2".to_owned());
        let names = body::names(message.text().unwrap_or_default(), &mut self.breaches);
        self.asked.extend(names.iter().map(|&name| name.to_owned()));
        let answer = self.settings.capabilities.body(names.into_iter());
        if !self.refuse(Step::M3, cseq) {
            self.send(&[("M3 reply", ok(cseq, &answer))]);
        }
        if self.phase <= Phase::M4 {
            self.expect(Phase::M4, "M4");
        }
    }

    fn m4(&mut self, cseq: &str, message: &Message) {
        let text = message.text().unwrap_or_default();
        if text.contains("wfd_trigger_method") {
            self.breaches.add(Rule::Trigger, text.to_owned());
            self.send(&[("M5 reply", refusal(451, cseq))]);
            return;
        }
        let in_session = matches!(self.phase, Phase::Playing | Phase::Paused);
        self.require_phase(self.phase == Phase::M4 || in_session, "M4");
        let context = Context {
            capabilities: &self.settings.capabilities,
            asked: &self.asked,
            source: self.settings.source,
            in_session,
            takes_baseline: self.settings.quirks.needs.contains(&Need::Baseline),
        };
        self.offer = body::check_m4(text, &context, &mut self.breaches);
        if self.settings.quirks.takes_lowest_bit
            && let Some(video) = &mut self.offer.video
        {
            *video = video.lowest();
        }
        if let Some(url) = text
            .lines()
            .find_map(|l| l.strip_prefix("wfd_presentation_URL: "))
        {
            url.split(' ')
                .next()
                .unwrap_or(LOCAL_URI)
                .clone_into(&mut self.url);
        }
        if self.refuse(Step::M4, cseq) {
            if !in_session {
                self.expect(Phase::M4, "M4");
            }
            return;
        }
        self.send(&[("M4 reply", ok(cseq, ""))]);
        if let Some(choice) = self.offer.video.clone() {
            self.chosen = Some(choice.clone());
            self.out.push_back(Out::Event(Event::Chosen(choice)));
        }
        let sound = body::sound(text).map(|sound| Out::Event(Event::SoundChosen(sound)));
        self.out.extend(sound);
        let port = body::input_port(text).map(|port| Out::Event(Event::InputPort(port)));
        self.out.extend(port);
        if !in_session {
            self.expect(Phase::SetupTrigger, "M5");
        }
    }

    /// The latency mode: one that there is, for a sink that has them (MS-WFDPE §2.4.1.1).
    fn latency(&mut self, cseq: &str, message: &Message) {
        let name = "microsoft_latency_management_capability";
        let offered = self.settings.capabilities.offers(name) && self.asked.contains(name);
        let text = message.text().unwrap_or_default();
        let value = text.split_once(": ").map(|(_, value)| value);
        let known = ["low\r\n", "normal\r\n", "high\r\n"];
        let right = offered && value.is_some_and(|value| known.contains(&value));
        self.breaches
            .require(right, Rule::Latency, || text.to_owned());
        self.send(&[("latency reply", ok(cseq, ""))]);
        if self.phase == Phase::SetupTrigger {
            self.expect(Phase::SetupTrigger, "M5");
        }
    }

    fn setup_trigger(&mut self, cseq: &str) {
        self.require_phase(self.phase == Phase::SetupTrigger, "M5 SETUP");
        if self.phase >= Phase::M6Reply {
            self.send(&[("M5 reply", ok(cseq, ""))]);
            return;
        }
        if self.refuse(Step::SetupTrigger, cseq) {
            return self.expect(Phase::M4, "M4");
        }
        let capabilities = &self.settings.capabilities;
        let port = capabilities.rtp_port;
        let pair = if capabilities.rtcp {
            format!("{port}-{}", port.saturating_add(1))
        } else {
            port.to_string()
        };
        let transport = format!("RTP/AVP/UDP;unicast;client_port={pair}");
        let number = self.number(Step::M6Reply);
        let start = format!("SETUP {} RTSP/1.0", self.url);
        let setup = write(&start, &[("CSeq", &number), ("Transport", &transport)], "");
        let reply = ("M5 reply", ok(cseq, ""));
        if self.settings.quirks.setup_before_m5_reply {
            self.send(&[("M6 SETUP", setup)]);
            self.send(&[reply]);
        } else {
            self.send(&[reply]);
            self.send(&[("M6 SETUP", setup)]);
        }
        self.phase = Phase::M6Reply;
        self.due = None;
    }

    fn trigger(&mut self, from: &[Phase], cseq: &str, method: &'static str, reply: Step) {
        let right = from.contains(&self.phase);
        self.require_phase(right, method);
        self.send(&[("M5 reply", ok(cseq, ""))]);
        if right {
            self.session_request(method, reply);
        }
    }

    /// M12: the source may send it if we can stand by, and only then (S2.1 §4.15).
    fn standby(&mut self, cseq: &str) {
        self.require_phase(matches!(self.phase, Phase::Playing | Phase::Paused), "M12");
        if self.refuse(Step::Standby, cseq) {
            return;
        }
        let name = "wfd_standby_resume_capability";
        let agreed = self.settings.capabilities.offers(name) && self.asked.contains(name);
        self.breaches.require(agreed, Rule::Standby, || {
            "M12 that was not agreed on".to_owned()
        });
        self.send(&[("M12 reply", ok(cseq, ""))]);
        self.stand_by();
    }

    fn teardown_trigger(&mut self, cseq: &str) {
        self.require_phase(self.in_session(), "M5 TEARDOWN");
        let manner = self.settings.quirks.on_teardown;
        if manner != OnTeardown::Close {
            self.send(&[("M5 reply", ok(cseq, ""))]);
        }
        match manner {
            OnTeardown::Teardown if self.in_session() => self.teardown(),
            OnTeardown::ReplyOnly => self.phase = Phase::TearingDown,
            _ => self.end(End::TornDown),
        }
    }

    fn keep_alive(&mut self, cseq: &str, message: &Message) {
        self.require_phase(self.in_session(), "M16");
        let bare = message.header("Content-Length").is_none();
        self.breaches
            .require(bare, Rule::KeepAlive, || "Content-Length".to_owned());
        let timeout_s = self.session.as_ref().map_or(60, |s| u64::from(s.timeout_s));
        let since = self.breaches.now_ns.saturating_sub(self.last_keep_alive_ns);
        let in_time = since < timeout_s.saturating_sub(5).saturating_mul(1_000_000_000);
        self.breaches.require(in_time, Rule::Timing, || {
            format!("M16 after {} ms, timeout {timeout_s} s", since / 1_000_000)
        });
        self.last_keep_alive_ns = self.breaches.now_ns;
        self.kept_alive();
        let manner = self.settings.quirks.on_keep_alive;
        if manner == OnKeepAlive::Teardown && self.in_session() {
            return self.teardown();
        }
        let all = [
            "wfd_video_formats",
            "wfd_audio_codecs",
            "wfd_client_rtp_ports",
        ];
        let body = if manner == OnKeepAlive::ReplyWithBody {
            self.settings.capabilities.body(all.into_iter())
        } else {
            String::new()
        };
        self.send(&[("M16 reply", ok(cseq, &body))]);
    }
}

fn refusal(status: u16, cseq: &str) -> Vec<u8> {
    let reason = match status {
        303 => "See Other",
        403 => "Forbidden",
        404 => "Not Found",
        406 => "Not Acceptable",
        451 => "Parameter Not Understood",
        454 => "Session Not Found",
        _ => "Refused",
    };
    write(
        &format!("RTSP/1.0 {status} {reason}"),
        &[("CSeq", cseq)],
        "",
    )
}
