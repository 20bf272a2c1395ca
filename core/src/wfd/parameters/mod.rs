//! The parameters of message bodies: their names, their lines, the sink's whole answer to M3, and
//! the small values that the source writes.

mod capabilities;
mod edid;
mod lines;
pub mod names;
mod outgoing;
mod rtp_ports;

pub use capabilities::{Ignored, SinkCapabilities};
pub use edid::Edid;
pub use lines::{Line, Lines, lines, mentions};
pub use outgoing::{PresentationUrl, Trigger};
pub use rtp_ports::RtpPorts;

#[cfg(test)]
mod tests;
