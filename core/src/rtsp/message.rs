//! What the parser hands out: views into its memory.

use super::{Headers, Method, Status};

/// One complete message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message<'a> {
    /// The peer asks.
    Request(Request<'a>),
    /// The peer answers.
    Response(Response<'a>),
    /// `wfd_idr_request` behind a SET_PARAMETER whose Content-Length did not count it (quirk Q6).
    /// That request came before, as a [`Message::Request`] of its own without this body: an answer
    /// is due to it, and none to this.
    LateIdrRequest,
}

/// A request of the peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// What is asked.
    pub method: Method,
    /// The method as it was spelled.
    pub method_name: &'a str,
    /// The request URI; empty if there is none (quirk Q1), and without the words that a sink may
    /// have put behind it (rule `words_after_uri`).
    pub uri: &'a str,
    /// The header fields.
    pub headers: Headers<'a>,
    /// The body; empty without one.
    pub body: &'a [u8],
}

/// A reply of the peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Response<'a> {
    /// The status code.
    pub status: Status,
    /// The reason phrase as it was spelled; empty without one.
    pub reason: &'a str,
    /// The header fields.
    pub headers: Headers<'a>,
    /// The body; empty without one.
    pub body: &'a [u8],
}
