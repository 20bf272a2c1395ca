//! A conversation in which the driver sends every message that it has, and is sent every message
//! that a sink has: what the columns "sent" and "received" are taken from.

use core::time::Duration;
use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use miracast_core::limits::RTSP_MESSAGE_MAX;
use miracast_core::session::{FrameRate, Input, ModeSet};
use miracast_core::wfd::modes::mode;
use miracast_field::message::Message;
use miracast_field::stage::{START, Source};

/// The answer to M3 of a sink that has everything but `microsoft_format_change_capability`, so that
/// a new mode needs an M4.
const CAPABILITIES: &str = "\
wfd_video_formats: 40 00 01 10 0001FFFF 1FFFFFFF 00000FFF 00 0000 0000 00 none none\r\n\
wfd_audio_codecs: LPCM 00000003 00, AAC 00000001 00\r\n\
wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n\
wfd_connector_type: 05\r\n\
wfd_uibc_capability: input_category_list=GENERIC;generic_cap_list=Mouse;hidc_cap_list=none;port=none\r\n\
wfd_standby_resume_capability: supported\r\n\
microsoft_latency_management_capability: supported\r\n";

/// M14 with the input of [`CAPABILITIES`].
const MOUSE: &str = "wfd_uibc_capability: input_category_list=GENERIC;generic_cap_list=Mouse;\
                     hidc_cap_list=none;port=none";

/// That of a sink that has only R2 names.
const R2_CAPABILITIES: &str = "\
wfd2_video_formats: 40 01 02 0010 00000001ffff 00001fffffff 000000000fff 00 0000 0000 00 00\r\n\
wfd2_audio_codecs: LPCM 00000003 00\r\n\
wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n";

/// What was said.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// The driver's requests: the message, and the names in its body.
    pub(crate) sent: BTreeMap<&'static str, Vec<String>>,
    /// The sink's requests, in order.
    pub(crate) received: Vec<Heard>,
}

/// A request of the sink.
#[derive(Debug)]
pub(crate) struct Heard {
    /// The message.
    pub(crate) message: &'static str,
    /// What tells it from others of the same message: its body, else its one header, else its method.
    pub(crate) form: String,
    /// The status of the answer.
    pub(crate) status: u16,
}

impl Heard {
    /// The name in its body, if it has one.
    pub(crate) fn name(&self) -> &str {
        self.form.split(':').next().unwrap_or_default()
    }
}

/// Holds the conversation.
///
/// # Errors
/// If the driver says something that has no number, or does not answer.
pub(crate) fn hold() -> anyhow::Result<Said> {
    let mut memory = Box::new([0; RTSP_MESSAGE_MAX]);
    let mut talk = Talk::begin(&mut memory, CAPABILITIES, Said::default())?;
    talk.set_what_a_sink_sets()?;
    talk.change_the_mode()?;
    talk.pause_and_stand_by()?;
    let reason = "microsoft_teardown_reason: C00D4278 no packets";
    talk.ask("M8", "TEARDOWN x", "", reason)?;
    let said = talk.said;
    Ok(Talk::begin(&mut memory, R2_CAPABILITIES, said)?.said)
}

/// The sink, which answers everything with 200.
struct Talk<'m> {
    source: Source<'m>,
    capabilities: &'static str,
    said: Said,
    /// Of the last answer.
    status: u16,
    cseq: u32,
}

impl<'m> Talk<'m> {
    /// A session until it plays.
    fn begin(
        memory: &'m mut [u8; RTSP_MESSAGE_MAX],
        capabilities: &'static str,
        said: Said,
    ) -> anyhow::Result<Self> {
        let mut start = START;
        // Level 5.2: what the parameters of R1 cannot name.
        start.encoder.level_bit = 7;
        let mut talk = Self {
            source: Source::new(memory, &start),
            capabilities,
            said,
            status: 0,
            cseq: 0,
        };
        talk.listen()?;
        talk.open()?;
        Ok(talk)
    }

    fn open(&mut self) -> anyhow::Result<()> {
        self.ask("M2", "OPTIONS *", "", "")?;
        // M3, M4 and the SETUP trigger follow one another.
        self.pass(Duration::from_secs(1))?;
        for transport in [
            "RTP/AVP/TCP;unicast;interleaved=0-1",
            "RTP/AVP/UDP;unicast;client_port=19000-19001",
            "RTP/AVP/UDP;unicast;client_port=20000-20001",
        ] {
            let header = format!("Transport: {transport}\r\n");
            self.ask("M6", "SETUP x", &header, "")?;
        }
        self.ask("M7", "PLAY x", "", "")?;
        ensure!(self.source.is_playing(), "the session does not play");
        self.pass(Duration::from_secs(11))
    }

    fn set_what_a_sink_sets(&mut self) -> anyhow::Result<()> {
        for (message, body) in [
            ("M10", "wfd_route: primary"),
            ("M10", "wfd_route: secondary"),
            ("M10", "wfd_route"),
            ("M11", "wfd_connector_type: 0A"),
            ("M11", "wfd_connector_type: x"),
            ("M12", "wfd_standby: x"),
            ("M13", "wfd_idr_request"),
            ("M13", "wfd_idr_request:"),
            ("M13", "wfd_idr_request: 1"),
            ("M15", "wfd_uibc_setting: disable"),
            ("M15", "wfd_uibc_setting: enable"),
            ("M15", "wfd_uibc_setting: x"),
            ("M14", MOUSE),
            ("M14", "wfd_uibc_capability: none"),
            ("M14", "wfd_uibc_capability: x"),
            ("SET_PARAMETER", "microsoft_multiscreen_projection: primary"),
            ("SET_PARAMETER", "microsoft_audio_mute: 1"),
            ("SET_PARAMETER", "microsoft_audio_mute: 2"),
        ] {
            self.ask(message, "SET_PARAMETER x", "", body)?;
        }
        self.ask("M16", "SET_PARAMETER x", "", "")?;
        self.ask("M16", "GET_PARAMETER x", "", "")
    }

    fn change_the_mode(&mut self) -> anyhow::Result<()> {
        let monitor = self.source.session().monitor().context("no monitor")?;
        let other = monitor.modes.last().context("one mode")?.mode;
        let other = *mode(other).context("no such mode")?;
        self.source.input(Input::ModeSet(&ModeSet {
            sequence: 2,
            width: other.width,
            height: other.height,
            rate: FrameRate {
                numerator: other.rate.into(),
                denominator: 1,
            },
            interlaced: other.interlaced,
        }));
        self.listen()
    }

    fn pause_and_stand_by(&mut self) -> anyhow::Result<()> {
        self.ask("M9", "PAUSE x", "", "")?;
        self.ask("M7", "PLAY x", "", "")?;
        // M12 by us, and the PLAY trigger.
        self.tell(Input::MonitorPower(false))?;
        self.tell(Input::MonitorPower(true))?;
        self.ask("M7", "PLAY x", "", "")?;
        // The PAUSE trigger.
        self.tell(Input::Protected(true))?;
        self.ask("M9", "PAUSE x", "", "")?;
        self.tell(Input::Protected(false))?;
        self.ask("M7", "PLAY x", "", "")?;
        self.ask("M12", "SET_PARAMETER x", "", "wfd_standby")?;
        self.ask("M7", "PLAY x", "", "")
    }

    fn tell(&mut self, input: Input<'_>) -> anyhow::Result<()> {
        self.source.input(input);
        self.listen()
    }

    fn pass(&mut self, time: Duration) -> anyhow::Result<()> {
        let end = self.source.now() + time;
        while self.source.pass(end) {
            self.listen()?;
        }
        Ok(())
    }

    /// Asks, and notes the status of the answer.
    fn ask(
        &mut self,
        message: &'static str,
        line: &str,
        headers: &str,
        body: &str,
    ) -> anyhow::Result<()> {
        self.cseq += 1;
        self.status = 0;
        let cseq = self.cseq;
        let content = if body.is_empty() {
            String::new()
        } else {
            let length = body.len() + 2;
            format!("Content-Type: text/parameters\r\nContent-Length: {length}\r\n\r\n{body}")
        };
        let text = format!("{line} RTSP/1.0\r\nCSeq: {cseq}\r\n{headers}{content}\r\n");
        self.tell(Input::Received(text.as_bytes()))?;
        ensure!(self.status != 0, "{message} {body} is not answered");
        let form = if !body.is_empty() {
            body
        } else if let Some((_, value)) = headers.trim().split_once(": ") {
            value
        } else {
            line.split(' ').next().unwrap_or_default()
        };
        self.said.received.push(Heard {
            message,
            form: form.to_owned(),
            status: self.status,
        });
        Ok(())
    }

    /// Takes what the driver says, and answers its requests.
    fn listen(&mut self) -> anyhow::Result<()> {
        while let Some((_, bytes)) = self.source.sent.pop_front() {
            let message = Message::read(&bytes)?;
            if let Some(status) = message.start.strip_prefix("RTSP/1.0 ") {
                self.status = status.get(..3).context("no status")?.parse()?;
                continue;
            }
            let number = number(&message)?;
            let names = self.said.sent.entry(number).or_default();
            for line in message.body.lines() {
                let name = line.split(':').next().unwrap_or_default().to_owned();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            let body = if number == "M3" {
                self.capabilities
            } else {
                ""
            };
            let answer = format!(
                "RTSP/1.0 200 OK\r\nCSeq: {}\r\nContent-Length: {}\r\n\r\n{body}",
                message.cseq()?,
                body.len()
            );
            self.source.input(Input::Received(answer.as_bytes()));
        }
        Ok(())
    }
}

/// The number of a request of the driver (S2.1 §6.4).
fn number(message: &Message) -> anyhow::Result<&'static str> {
    let method = message.start.split(' ').next().unwrap_or_default();
    let has = |name| message.body.lines().any(|line| line.starts_with(name));
    Ok(match method {
        "OPTIONS" => "M1",
        "GET_PARAMETER" if message.body.is_empty() => "M16",
        "GET_PARAMETER" => "M3",
        "SET_PARAMETER" if has("wfd_trigger_method") => "M5",
        "SET_PARAMETER" if message.body == "wfd_standby\r\n" => "M12",
        "SET_PARAMETER" if has("wfd_video_formats") || has("wfd2_video_formats") => "M4",
        // Microsoft's own settings have none.
        "SET_PARAMETER" if has("microsoft_") => "SET_PARAMETER",
        _ => anyhow::bail!("no number: {}", message.start),
    })
}
