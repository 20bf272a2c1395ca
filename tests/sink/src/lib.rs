//! A strict Wi-Fi Display sink.
//!
//! It plays the television: an RTSP client that answers and commands the source ([`machine`]), a
//! checker for the RTP, TS, PES and H.264 layers ([`stream`]), a decoder off the receive path
//! ([`decode`]), the bytes of its user's input ([`input`]), and the sockets and threads that make a real sink of these ([`live`]).
//! `machine` and `stream` have no I/O and take the time as an argument, so that a simulation can
//! drive them.
//!
//! It is independent of the driver on purpose: none of the driver's code is in it, so that both
//! ends cannot be wrong together. It is strict in what it accepts, and says what is wrong by rule;
//! what it sends can be made to lie (see [`machine::Quirks`]), and one [`profile`] for each quirk of the
//! field says how.

#![deny(unsafe_code)]

pub mod capabilities;
pub mod capture;
pub mod choice;
pub mod decode;
pub mod input;
pub mod live;
pub mod machine;
pub mod profile;
pub mod rtcp;
pub mod rtsp;
pub mod screen;
pub mod stream;
