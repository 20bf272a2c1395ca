//! What the driver makes of the sinks that were seen in the field, without any I/O.
//!
//! A file of recorded answers to M3 ([`entry`]) is played line by line: a session of the driver's
//! core talks with a sink that answers as recorded ([`sink`]), in virtual time ([`stage`]), and what
//! comes of it is one line again ([`report`]). What M4 says is measured by a judge that has none of
//! the driver's code ([`offer`]).
//!
//! What it is not: no pictures flow, and nothing here needs an encoder or a socket.

#![deny(unsafe_code)]

pub mod entry;
pub mod message;
pub mod offer;
pub mod proof;
pub mod recording;
pub mod report;
pub mod sink;
pub mod stage;
