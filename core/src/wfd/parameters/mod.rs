//! The parameters of message bodies: their names, their lines, the sink's whole answer to M3, what
//! a sink sets while it plays, and what the source asks and writes.

mod ask;
mod capabilities;
mod connector;
mod content_protection;
mod coupling;
mod edid;
pub mod intel;
mod lines;
pub mod microsoft;
pub mod names;
mod outgoing;
mod proposal;
pub mod r2;
mod readers;
mod refusal;
mod rtp_ports;
mod timing;
mod uibc;
mod unread;
mod update;

pub use ask::{Abilities, Need, QUESTIONS, Question, ask};
pub use capabilities::{Features, SinkCapabilities};
pub use connector::connector_name;
pub use content_protection::ContentProtection;
pub use coupling::{CoupledSink, Route};
pub use edid::{DetailedTiming, Edid};
pub use lines::{Line, Lines, lines, mentions};
pub use outgoing::{PresentationUrl, Trigger};
pub use proposal::{FormatChange, Proposal};
pub use refusal::{RefusalCode, refusals};
pub use rtp_ports::RtpPorts;
pub use timing::FormatChangeTiming;
pub use uibc::{InputCategories, InputTypes, UibcCapability, UibcSetting};
pub use unread::{Ignored, Unknown};
pub use update::Update;

#[cfg(test)]
mod tests;
