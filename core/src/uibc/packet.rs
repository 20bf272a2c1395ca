//! One packet and the messages in it.

use super::generic::{self, Message};
use super::hid::{self, HidMessage};

/// The input category of a packet: a number with names (S2.1 Table 13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category(pub u8);

impl Category {
    /// Messages of [`Message`].
    pub const GENERIC: Self = Self(0);
    /// Messages of [`HidMessage`].
    pub const HIDC: Self = Self(1);
}

/// One packet of the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// How the body is to be read.
    pub category: Category,
    /// The low 16 bits of the RTP time stamp (90 kHz) of the picture that the user saw.
    pub timestamp: Option<u16>,
    /// The messages, and perhaps a byte of padding.
    pub body: &'a [u8],
}

/// Width and height of the negotiated stream in pixels: what coordinates count in (S2.1 Table 16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// Pixels in a line.
    pub width: u16,
    /// Lines.
    pub height: u16,
}

/// One valid message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report<'a> {
    /// Of category [`Category::GENERIC`].
    Generic(Message<'a>),
    /// Of category [`Category::HIDC`].
    Hid(HidMessage<'a>),
}

impl<'a> Packet<'a> {
    /// The messages that are valid for a stream of this size. A packet of another category has
    /// none.
    pub const fn reports(&self, resolution: Resolution) -> Reports<'a> {
        Reports {
            category: self.category,
            rest: self.body,
            resolution,
            skipped: 0,
        }
    }
}

/// The valid messages of a packet, in order.
#[derive(Clone, Debug)]
pub struct Reports<'a> {
    category: Category,
    rest: &'a [u8],
    resolution: Resolution,
    skipped: u32,
}

impl Reports<'_> {
    /// Messages so far that were skipped: unknown, contradictory, or outside the picture. A body
    /// that ends within a message counts as one.
    pub const fn skipped(&self) -> u32 {
        self.skipped
    }
}

impl<'a> Iterator for Reports<'a> {
    type Item = Report<'a>;

    fn next(&mut self) -> Option<Report<'a>> {
        // Each turn takes at least the head of a message, so a body is walked once.
        loop {
            // One byte is padding to an even length (S2.1 Fig. 20).
            if self.rest.len() <= 1 {
                return None;
            }
            let cut = match self.category {
                Category::GENERIC => generic::cut(self.rest).map(|(head, describe, rest)| {
                    let message = generic::read(head, describe, self.resolution);
                    (message.map(Report::Generic), rest)
                }),
                Category::HIDC => {
                    hid::cut(self.rest).map(|(message, rest)| (message.map(Report::Hid), rest))
                }
                _ => None,
            };
            let Some((report, rest)) = cut else {
                self.rest = &[];
                self.skipped = self.skipped.saturating_add(1);
                return None;
            };
            self.rest = rest;
            if report.is_some() {
                return report;
            }
            self.skipped = self.skipped.saturating_add(1);
        }
    }
}
