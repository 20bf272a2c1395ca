//! `wfd_content_protection`: whether and where the sink takes HDCP 2 (S2.1 §6.1.5).

use core::fmt;

use crate::quirks::{Fired, Quirk};
use crate::wfd::fields::{decimal, offer};
use crate::wfd::{Fault, Offer};

/// The sink's HDCP 2 receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentProtection {
    /// The digit behind `HDCP2.`; 1 stands for every version from 2.1 on.
    pub minor: u8,
    /// The TCP port that the sink listens on, never 0; `None` if it does not say.
    pub port: Option<u16>,
}

impl ContentProtection {
    /// Reads the value. There may be a blank before the version, which may be higher than the names
    /// that the specification has, and the port may be missing (quirk Q49).
    ///
    /// # Errors
    ///
    /// The fault if the value does not begin with `HDCP2.` and a digit, or if the port is not one.
    pub fn read(value: &str, fired: &mut Fired) -> Result<Offer<Self>, Fault> {
        offer(value, |value| {
            let version = after(value, "HDCP").ok_or(Fault::UnknownWord)?;
            let version = after(version.trim_start(), "2.").ok_or(Fault::UnknownWord)?;
            let (digit, rest) = version.split_at_checked(1).ok_or(Fault::Missing)?;
            let minor = decimal(digit)?;
            if rest.starts_with(|next: char| !next.is_whitespace()) {
                return Err(Fault::TooLarge);
            }
            let port = port(rest.trim_start())?;
            fired.note_if(port.is_none() || minor > 1, Quirk::Q49);
            Ok(Self { minor, port })
        })
    }
}

fn port(text: &str) -> Result<Option<u16>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    match decimal(after(text, "port=").ok_or(Fault::UnknownWord)?)? {
        0 => Err(Fault::Forbidden),
        port => Ok(Some(port)),
    }
}

/// What follows `start` in `text`, in any case.
fn after<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(start.len())?;
    head.eq_ignore_ascii_case(start).then_some(rest)
}

/// The form of M3.
impl fmt::Display for ContentProtection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HDCP2.{}", self.minor)?;
        match self.port {
            Some(port) => write!(f, " port={port}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
