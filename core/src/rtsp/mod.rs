//! RTSP 1.0 as Wi-Fi Display uses it: an incremental [`Parser`] over lent memory and a strict
//! [`Writer`].
//!
//! Reading is lenient where sinks in the field need it, and each leniency is one rule with a test
//! that names its quirk; the rules are listed at [`parser`]. What is written follows S2.1 §6.6 to
//! the letter and lands contiguously in one buffer, because several sinks take one received
//! segment for one message (interop rule 1).
//!
//! This module is not an RTSP stack: it keeps no state of the session, matches no replies to
//! requests and knows no parameter of Wi-Fi Display but the one that rule `idr_request` needs. It
//! does no I/O: bytes come in and go out through slices.

mod headers;
mod idr_request;
mod line;
mod malformed;
mod message;
mod method;
pub mod parser;
mod start_line;
mod status;
pub mod transport;
mod writer;

pub use headers::Headers;
pub use malformed::Malformed;
pub use message::{Message, Request, Response};
pub use method::Method;
pub use parser::Parser;
pub use status::Status;
pub use writer::{Full, Writer};
