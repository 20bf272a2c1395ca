//! `wfd_client_rtp_ports`: where the sink receives RTP (S2.1 §6.1.10).

use core::fmt;

use super::names;
use crate::wfd::fields::{Fields, decimal};
use crate::wfd::{Fault, Malformed};

const UDP: &str = "RTP/AVP/UDP;unicast";
const TCP: &str = "RTP/AVP/TCP;unicast";

/// The ports. Its text is the value of M4, which repeats that of M3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RtpPorts {
    /// The port of a primary sink; never 0.
    pub port0: u16,
    /// The port of a secondary sink; 0 for a primary one. Some primary sinks put their RTCP port
    /// here (quirk Q43): it does no harm and is repeated as it came.
    pub port1: u16,
    /// Whether the sink wants RTP over TCP (quirk Q43), which R1 does not have.
    pub tcp: bool,
}

impl RtpPorts {
    /// Reads the value of `wfd_client_rtp_ports`. What follows the ports is not looked at: it can
    /// only be `mode=play`.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if the transport is neither UDP nor TCP, if a port is missing or not a decimal
    /// number of 16 bits, or if the first one is 0: that is a secondary sink, which takes no video.
    pub fn parse(value: &str) -> Result<Self, Malformed> {
        Self::read(value).map_err(|fault| Malformed {
            parameter: names::CLIENT_RTP_PORTS,
            fault,
        })
    }

    pub(super) fn read(value: &str) -> Result<Self, Fault> {
        let mut fields = Fields::new(value);
        let transport = fields.word()?;
        let tcp = transport.eq_ignore_ascii_case(TCP);
        if !tcp && !transport.eq_ignore_ascii_case(UDP) {
            return Err(Fault::UnknownWord);
        }
        let port0 = decimal(fields.word()?)?;
        let port1 = decimal(fields.word()?)?;
        if port0 == 0 {
            return Err(Fault::Forbidden);
        }
        Ok(Self { port0, port1, tcp })
    }
}

impl fmt::Display for RtpPorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let transport = if self.tcp { TCP } else { UDP };
        write!(f, "{transport} {} {} mode=play", self.port0, self.port1)
    }
}
