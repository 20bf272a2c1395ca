//! The `Transport` header of SETUP (S2.1 §6.2.4; RFC 2326 §12.39).

use core::fmt;

use crate::quirks::{Fired, Quirk};

/// The RTP port of a sink that names none (quirk Q3): what the AOSP source takes for old dongles.
pub const DEFAULT_CLIENT_PORT: u16 = 19000;

/// The transport that the sink wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transport {
    /// Where it receives RTP; `None` if it does not say, see [`DEFAULT_CLIENT_PORT`].
    pub client_port: Option<u16>,
    /// Where it receives RTCP; `None` if it wants none.
    pub client_rtcp_port: Option<u16>,
    /// Over TCP instead of UDP.
    pub tcp: bool,
    /// What was tolerated in it.
    pub noticed: Fired,
}

/// Why a `Transport` header is answered 461.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsupported {
    /// RTP over TCP, which nobody offered.
    Tcp,
    /// Neither RTP over UDP nor over TCP.
    Profile,
    /// Not `unicast`.
    NotUnicast,
    /// `client_port` is no port or pair of ports.
    ClientPort,
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tcp => "RTP over TCP, which was not offered",
            Self::Profile => "neither RTP/AVP/UDP nor RTP/AVP/TCP",
            Self::NotUnicast => "not unicast",
            Self::ClientPort => "client_port is no port or pair of ports",
        })
    }
}

impl core::error::Error for Unsupported {}

/// Reads the value of a `Transport` header.
///
/// Of several transports, separated by commas, it is the first over UDP that can be used, else the
/// first over TCP: TCP is only for sinks that asked for it by `wfd2_transport_switch`. Attributes
/// that are not known are ignored. Tolerated are: attributes separated by white space (Q4), no
/// `client_port` (Q3), and a second port that is 0 or that of RTP, for no RTCP (Q5).
///
/// # Errors
/// What is wrong with the first transport, if none can be used.
pub fn parse(value: &str) -> Result<Transport, Unsupported> {
    let usable = |wanted: bool| {
        value
            .split(',')
            .find_map(move |one| parse_one(one).ok().filter(|one| one.tcp == wanted))
    };
    match usable(false).or_else(|| usable(true)) {
        Some(transport) => Ok(transport),
        None => parse_one(value.split(',').next().unwrap_or(value)),
    }
}

fn parse_one(value: &str) -> Result<Transport, Unsupported> {
    let separator = |character: char| character == ';' || character.is_ascii_whitespace();
    let mut attributes = value
        .split(separator)
        .filter(|attribute| !attribute.is_empty());
    let profile = attributes.next().ok_or(Unsupported::Profile)?;
    let tcp = is_tcp(profile).ok_or(Unsupported::Profile)?;
    let mut unicast = false;
    let mut ports = None;
    for attribute in attributes {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        if name.eq_ignore_ascii_case("unicast") {
            unicast = true;
        } else if name.eq_ignore_ascii_case("client_port") && ports.is_none() {
            ports = Some(client_ports(value).ok_or(Unsupported::ClientPort)?);
        }
    }
    if !unicast && !tcp {
        return Err(Unsupported::NotUnicast);
    }
    let client_rtcp_port = ports.and_then(|(_, control)| control.port());
    let mut noticed = Fired::new();
    noticed.note_if(ports.is_none() && !tcp, Quirk::Q3);
    noticed.note_if(value.trim().contains(char::is_whitespace), Quirk::Q4);
    noticed.note_if(
        ports.is_some_and(|(_, control)| control == Control::NotOne),
        Quirk::Q5,
    );
    Ok(Transport {
        client_port: ports.map(|(media, _)| media),
        client_rtcp_port,
        tcp,
        noticed,
    })
}

/// Whether the profile is over TCP; `None` if it is no profile of Wi-Fi Display. The form without
/// a transport is UDP by RFC 2326 §12.39.
fn is_tcp(profile: &str) -> Option<bool> {
    const PROFILES: [(&str, bool); 3] = [
        ("RTP/AVP/UDP", false),
        ("RTP/AVP", false),
        ("RTP/AVP/TCP", true),
    ];
    let named = |(name, _): &&(&str, bool)| name.eq_ignore_ascii_case(profile);
    PROFILES.iter().find(named).map(|(_, tcp)| *tcp)
}

/// What is said of the port of RTCP.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Control {
    /// Nothing.
    Absent,
    /// 0 or the port of RTP, which cannot be meant (quirk Q5).
    NotOne,
    Port(u16),
}

impl Control {
    const fn port(self) -> Option<u16> {
        match self {
            Self::Port(port) => Some(port),
            Self::Absent | Self::NotOne => None,
        }
    }
}

/// The port of RTP and what is said of that of RTCP.
fn client_ports(value: &str) -> Option<(u16, Control)> {
    let (media, control) = match value.split_once('-') {
        Some((media, control)) => (port(media)?, Some(port(control)?)),
        None => (port(value)?, None),
    };
    let control = match control {
        None => Control::Absent,
        Some(control) if control == 0 || control == media => Control::NotOne,
        Some(control) => Control::Port(control),
    };
    (media != 0).then_some((media, control))
}

fn port(digits: &str) -> Option<u16> {
    let decimal = digits.bytes().all(|byte| byte.is_ascii_digit());
    decimal.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests;
