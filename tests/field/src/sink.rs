//! A sink that answers every request of a session rightly, and M3 with what it was given.
//!
//! It has no quirks of its own, so that those that a session notices are those of the answer.

use core::fmt::Write as _;

use anyhow::{Context as _, ensure};

use crate::message::{Asks, Message};

/// What the sink has asked and has no answer to yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaits {
    Options,
    Setup,
    Play,
    Teardown,
}

/// The sink.
#[derive(Debug)]
pub struct Sink {
    capabilities: String,
    /// RTP port; SETUP asks for the next one, too.
    port: u16,
    url: String,
    session: String,
    awaits: Option<Awaits>,
    next_cseq: u32,
    /// Whether M16 is still answered.
    pub answers_keep_alive: bool,
}

/// The URL of a source before M4 has named one.
const NO_URL: &str = "rtsp://localhost/wfd1.0";

/// Where SETUP wants RTP if the answer to M3 names no port that can be read.
const PORT: u16 = 19_000;

impl Sink {
    /// A sink that answers M3 with this body.
    pub fn new(capabilities: &str) -> Self {
        let ports = capabilities
            .lines()
            .find_map(|line| line.strip_prefix("wfd_client_rtp_ports: "));
        let port = ports.and_then(|ports| ports.split(' ').nth(1)?.parse().ok());
        Self {
            capabilities: capabilities.to_owned(),
            port: port.unwrap_or(PORT),
            url: NO_URL.to_owned(),
            session: String::new(),
            awaits: None,
            next_cseq: 1,
            answers_keep_alive: true,
        }
    }

    /// Takes a message of the source; what it sends then, message by message.
    ///
    /// # Errors
    /// If the source may not say this now.
    pub fn take(&mut self, message: &Message) -> anyhow::Result<Vec<String>> {
        let Some(asks) = message.asks()? else {
            return Ok(self.reply(message)?.into_iter().collect());
        };
        let cseq = message.cseq()?;
        Ok(match asks {
            Asks::M1 => {
                let public = "Public: org.wfa.wfd1.0, GET_PARAMETER, SET_PARAMETER\r\n";
                let require = "Require: org.wfa.wfd1.0\r\n";
                vec![
                    ok(cseq, public, ""),
                    self.ask(Awaits::Options, "OPTIONS *", require),
                ]
            }
            Asks::M3 => vec![ok(cseq, "", &self.capabilities)],
            Asks::M4 => {
                let parameters = message.parameters();
                let url = parameters
                    .iter()
                    .find(|(name, _)| name == "wfd_presentation_URL")
                    .and_then(|(_, value)| value.split(' ').next());
                url.context("no URL in M4")?.clone_into(&mut self.url);
                vec![ok(cseq, "", "")]
            }
            Asks::SetupTrigger => {
                let (port, next) = (self.port, self.port.saturating_add(1));
                let header =
                    format!("Transport: RTP/AVP/UDP;unicast;client_port={port}-{next}\r\n");
                let line = format!("SETUP {}", self.url);
                vec![ok(cseq, "", ""), self.ask(Awaits::Setup, &line, &header)]
            }
            Asks::TeardownTrigger => {
                let line = format!("TEARDOWN {}", self.url);
                let session = format!("Session: {}\r\n", self.session);
                vec![
                    ok(cseq, "", ""),
                    self.ask(Awaits::Teardown, &line, &session),
                ]
            }
            Asks::Latency => vec![ok(cseq, "", "")],
            Asks::M16 if self.answers_keep_alive => vec![ok(cseq, "", "")],
            Asks::M16 => Vec::new(),
        })
    }

    /// Takes the answer to our last request.
    fn reply(&mut self, reply: &Message) -> anyhow::Result<Option<String>> {
        ensure!(reply.start == "RTSP/1.0 200 OK", "{}", reply.start);
        let asked = self.next_cseq.wrapping_sub(1);
        ensure!(reply.cseq()? == asked, "an answer to another number");
        match self.awaits.take().context("an answer to nothing")? {
            Awaits::Setup => {
                let session = reply.header("Session").context("no Session")?;
                let id = session.split(';').next().unwrap_or_default();
                id.clone_into(&mut self.session);
                let line = format!("PLAY {}", self.url);
                let session = format!("Session: {}\r\n", self.session);
                Ok(Some(self.ask(Awaits::Play, &line, &session)))
            }
            Awaits::Options | Awaits::Play | Awaits::Teardown => Ok(None),
        }
    }

    fn ask(&mut self, awaits: Awaits, line: &str, headers: &str) -> String {
        let cseq = self.next_cseq;
        self.next_cseq += 1;
        self.awaits = Some(awaits);
        format!("{line} RTSP/1.0\r\nCSeq: {cseq}\r\nUser-Agent: field\r\n{headers}\r\n")
    }
}

fn ok(cseq: u32, headers: &str, body: &str) -> String {
    let mut text = format!("RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nUser-Agent: field\r\n{headers}");
    if !body.is_empty() {
        let length = body.len();
        // Writing to a String does not fail.
        let _ = write!(
            text,
            "Content-Type: text/parameters\r\nContent-Length: {length}\r\n"
        );
    }
    text + "\r\n" + body
}
