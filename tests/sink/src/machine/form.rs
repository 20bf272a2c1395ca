//! The form of a source's messages: start line, headers, session id, Transport.

use super::rules::{Breaches, Rule};
use crate::capabilities::Capabilities;
use crate::rtsp::Message;

/// Headers that a source sends, spelled as sinks that compare bytes want them (interop rule 7).
const HEADERS: [&str; 11] = [
    "CSeq",
    "Session",
    "Transport",
    "Public",
    "Content-Type",
    "Content-Length",
    "Require",
    "Unsupported",
    "Date",
    "Server",
    "Connection",
];

/// The methods that the reply to M2 lists: these and no other (interop rule 7).
const PUBLIC: [&str; 7] = [
    "org.wfa.wfd1.0",
    "SETUP",
    "TEARDOWN",
    "PLAY",
    "PAUSE",
    "GET_PARAMETER",
    "SET_PARAMETER",
];

/// What every message of a source must look like.
pub(super) fn check_head(message: &Message, breaches: &mut Breaches) {
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in &message.headers {
        let known = HEADERS
            .iter()
            .find(|known| known.eq_ignore_ascii_case(name));
        let spelled = known.is_none_or(|known| known == name) && !name.contains([' ', '\t']);
        let blanks = value.starts_with(' ') && value.trim() == value.get(1..).unwrap_or_default();
        let once = !seen.contains(&name.as_str());
        breaches.require(
            spelled && blanks && once && value.len() > 1,
            Rule::Header,
            || format!("{name}:{value}"),
        );
        seen.push(name);
    }
    let typed = message.header("Content-Type");
    let stated = message.header("Content-Length");
    if message.body.is_empty() {
        breaches.require(typed.is_none(), Rule::Body, || {
            "Content-Type without a body".to_owned()
        });
    } else {
        breaches.require(typed == Some("text/parameters"), Rule::Body, || {
            format!("Content-Type {typed:?}")
        });
        let lines = message.text().is_some_and(|t| t.ends_with("\r\n"));
        breaches.require(lines, Rule::Body, || "no CR LF at the end".to_owned());
        breaches.require(stated.is_some(), Rule::Body, || {
            "no Content-Length".to_owned()
        });
    }
}

/// The number of a message; a breach if there is none.
pub(super) fn cseq(message: &Message, breaches: &mut Breaches) -> Option<u32> {
    let text = message.header("CSeq");
    let digits = text.is_some_and(|t| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit()));
    breaches.require(digits, Rule::CSeq, || format!("CSeq {text:?}"));
    text.filter(|_| digits)?.parse().ok()
}

pub(super) fn check_public(reply: &Message, breaches: &mut Breaches) {
    let value = reply.header("Public").unwrap_or_default();
    let mut listed: Vec<&str> = value.split(", ").collect();
    let mut wanted = PUBLIC.to_vec();
    listed.sort_unstable();
    wanted.sort_unstable();
    breaches.require(listed == wanted, Rule::Public, || {
        format!("Public: {value}")
    });
}

/// A session as the reply to M6 gives it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Session {
    pub(super) id: String,
    /// The whole value, with `;timeout=N` if it was there.
    pub(super) value: String,
    /// Seconds; 60 if not stated (S2.1 §6.5).
    pub(super) timeout_s: u32,
}

/// Reads the Session header of the reply to M6.
pub(super) fn session(reply: &Message, breaches: &mut Breaches) -> Session {
    let value = reply.header("Session").unwrap_or_default().to_owned();
    let (id, timeout) = match value.split_once(';') {
        Some((id, attribute)) => (id, attribute.strip_prefix("timeout=")),
        None => (value.as_str(), Some("60")),
    };
    let digits = (1..=10).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit());
    let number = id
        .parse::<u64>()
        .ok()
        .filter(|n| (1..=0x7fff_ffff).contains(n));
    breaches.require(digits && number.is_some(), Rule::Session, || {
        format!("Session: {value}")
    });
    let timeout_s = timeout.and_then(|t| t.parse().ok()).filter(|t| *t >= 10);
    breaches.require(timeout_s.is_some(), Rule::Session, || {
        format!("Session: {value}")
    });
    Session {
        id: id.to_owned(),
        timeout_s: timeout_s.unwrap_or(60),
        value,
    }
}

/// A Session header in a request of the source: our id, nothing behind it (quirk Q9).
pub(super) fn check_session(message: &Message, session: Option<&Session>, breaches: &mut Breaches) {
    let got = message.header("Session");
    let right = got.is_none() || got == session.map(|s| s.id.as_str());
    breaches.require(right, Rule::Session, || {
        format!("Session: {got:?} in {}", message.start)
    });
}

/// The source's ports from the reply to M6: RTP, and RTCP if we want it.
pub(super) fn transport(
    reply: &Message,
    capabilities: &Capabilities,
    breaches: &mut Breaches,
) -> Option<(u16, Option<u16>)> {
    let value = reply.header("Transport").unwrap_or_default();
    let ports = parse_transport(value, capabilities);
    breaches.require(ports.is_some(), Rule::Transport, || {
        format!("Transport: {value}")
    });
    ports
}

fn parse_transport(value: &str, capabilities: &Capabilities) -> Option<(u16, Option<u16>)> {
    let rest = value.strip_prefix("RTP/AVP/UDP;unicast;client_port=")?;
    let (clients, servers) = rest.split_once(";server_port=")?;
    let client = capabilities.rtp_port;
    let echo = if capabilities.rtcp {
        format!("{client}-{}", client + 1)
    } else {
        client.to_string()
    };
    if clients != echo {
        return None;
    }
    if !capabilities.wants_rtcp() {
        return servers
            .parse()
            .ok()
            .filter(|&port| port != 0)
            .map(|port| (port, None));
    }
    let (first, second) = servers.split_once('-')?;
    let (first, second) = (first.parse::<u16>().ok()?, second.parse::<u16>().ok()?);
    let even = first != 0 && first % 2 == 0 && first.checked_add(1) == Some(second);
    even.then_some((first, Some(second)))
}
