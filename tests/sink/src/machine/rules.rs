//! The rules that a source can break in its RTSP messages.

/// One rule of the control plane.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Rule {
    /// Bytes that are no RTSP message, or a start line that is neither request nor status.
    Message,
    /// A message came in more than one segment (interop rule 1).
    Segments,
    /// M3 came in the same segment as the reply to M2 (interop rule 3).
    Gap,
    /// A header's spelling, blanks, or its second occurrence (interop rule 7).
    Header,
    /// Content-Type and the lines of a body (S2.1 §6.6).
    Body,
    /// Requests count 1, 2, 3 (interop rule 5), replies repeat our number.
    CSeq,
    /// The URI is not `rtsp://localhost/wfd1.0`, or not `*` for OPTIONS (interop rule 6).
    Uri,
    /// A method that a source does not send (S2.1 T98).
    Method,
    /// M1 without `Require: org.wfa.wfd1.0`.
    Require,
    /// Not exactly the methods that the reply to M2 must list (interop rule 7).
    Public,
    /// A message that does not belong where it came.
    Order,
    /// Too late (S2.1 §6.5).
    Timing,
    /// A refusal of a request that was right.
    Status,
    /// Form or value of a session id, or `;timeout` where it may not be (interop rule 9).
    Session,
    /// The Transport header of the reply to M6 (interop rule 10).
    Transport,
    /// A header that the reply to M7 must not have (interop rule 8).
    PlayReply,
    /// M16 with a body or the headers of one (interop rule 8).
    KeepAlive,
    /// M3: names only, each once, the mandatory ones before M4 (S2.1 §6.2.2).
    M3,
    /// M4: a parameter missing, twice, not offered, or not allowed here (S2.1 T97).
    M4,
    /// `wfd_video_formats` in M4: form, one choice, within the offer (S2.1 §6.1.3).
    M4Video,
    /// `wfd_audio_codecs` in M4.
    M4Audio,
    /// `wfd_presentation_URL` in M4.
    M4Url,
    /// `wfd_client_rtp_ports` in M4.
    M4Ports,
    /// The body of M5.
    Trigger,
    /// A latency mode that there is not, or that the sink did not offer (MS-WFDPE §2.4.1.1).
    Latency,
    /// M12 that was not agreed on, and what a source must not send in standby (S2.1 §4.15).
    Standby,
}

/// One breach of a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Breach {
    /// The rule.
    pub rule: Rule,
    /// When, in the caller's nanoseconds.
    pub at_ns: u64,
    /// What was wrong.
    pub text: String,
}

/// Breaches that are kept; a hostile source must not fill the memory.
const BREACHES_MAX: usize = 1000;

/// The breaches so far, and the time at which the next one happens.
#[derive(Debug, Default)]
pub(super) struct Breaches {
    pub(super) now_ns: u64,
    pub(super) list: Vec<Breach>,
}

impl Breaches {
    pub(super) fn add(&mut self, rule: Rule, text: impl Into<String>) {
        if self.list.len() < BREACHES_MAX {
            self.list.push(Breach {
                rule,
                at_ns: self.now_ns,
                text: text.into(),
            });
        }
    }

    /// Adds a breach unless `holds`.
    pub(super) fn require(&mut self, holds: bool, rule: Rule, text: impl FnOnce() -> String) {
        if !holds {
            self.add(rule, text());
        }
    }
}
