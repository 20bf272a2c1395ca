//! The requests that the source sends: M1, M3, M4, M5, M16.
//!
//! Their form is strict because sinks are not: the request URI is always the same text (interop
//! rule 6), CSeq counts 1, 2, 3 (rule 5), M16 has neither body nor Content-Type (rule 8).

use super::end::{Asked, Reason};
use super::machine::Machine;
use crate::limits;
use crate::rtsp::{Full, Method, Writer};
use crate::time::Instant;
use crate::wfd::negotiate::Candidate;
use crate::wfd::parameters::{PresentationUrl, Trigger, names};

/// The URI of every request of ours but M1 (S2.1 §6.4.3).
const URI: &str = "rtsp://localhost/wfd1.0";

/// The option tag of Wi-Fi Display (S2.1 §6.4.1).
pub(super) const WFD_TAG: &str = "org.wfa.wfd1.0";

/// What M3 asks. Asking for an optional parameter states that we support it (S2.1 §6.4.3), so the
/// list holds exactly what is acted on.
const ASKED: &[&str] = &[
    names::VIDEO_FORMATS,
    names::AUDIO_CODECS,
    names::CLIENT_RTP_PORTS,
    names::DISPLAY_EDID,
    names::CONNECTOR_TYPE,
];

/// What M3 asks if the full question was refused or not answered: the mandatory names.
const ASKED_AGAIN: &[&str] = &[
    names::VIDEO_FORMATS,
    names::AUDIO_CODECS,
    names::CLIENT_RTP_PORTS,
];

impl Machine {
    /// Takes the result of a writer as the message to send next.
    pub(super) fn queue(&mut self, written: Result<usize, Full>, now: Instant) -> bool {
        match written {
            // A message in the buffer was overwritten before it left.
            Ok(_) if self.out.is_some() => self.end(Reason::MessageLost),
            Ok(length) => self.out = Some(length),
            Err(Full) => self.fail(Reason::MessageTooLong, now),
        }
        written.is_ok()
    }

    fn ask(
        &mut self,
        asked: Asked,
        now: Instant,
        write: impl FnOnce(&mut [u8], u32) -> Result<usize, Full>,
    ) {
        let cseq = self.next_cseq;
        let written = write(&mut self.buffer, cseq);
        if self.queue(written, now) {
            self.next_cseq = self.next_cseq.wrapping_add(1);
            self.expect_reply(cseq, asked, now);
        }
    }
}

/// M1.
pub(super) fn options(machine: &mut Machine, now: Instant) {
    machine.ask(Asked::Options, now, |buffer, cseq| {
        Writer::request(buffer, Method::Options, "*", cseq)
            .header("Require", format_args!("{WFD_TAG}"))
            .finish()
    });
}

/// M3: the full list, or the short one the second time.
pub(super) fn capabilities(machine: &mut Machine, now: Instant) {
    let list = if machine.asked_again {
        ASKED_AGAIN
    } else {
        ASKED
    };
    machine.ask(Asked::Capabilities, now, |buffer, cseq| {
        Writer::request(buffer, Method::GetParameter, URI, cseq).finish_with_parameters(|body| {
            list.iter().try_for_each(|name| write!(body, "{name}\r\n"))
        })
    });
}

/// M4 before the session plays.
pub(super) fn formats(machine: &mut Machine, candidate: &Candidate, now: Instant) {
    let Some(start) = machine.start else { return };
    let Some(ports) = machine.sink.rtp_ports else {
        return;
    };
    let chosen = candidate.chosen();
    machine.ask(Asked::Formats, now, |buffer, cseq| {
        Writer::request(buffer, Method::SetParameter, URI, cseq).finish_with_parameters(|body| {
            write!(body, "{}: {chosen}\r\n", names::VIDEO_FORMATS)?;
            let url = PresentationUrl {
                address: start.local,
            };
            write!(body, "{}: {url}\r\n", names::PRESENTATION_URL)?;
            write!(body, "{}: {ports}\r\n", names::CLIENT_RTP_PORTS)
        })
    });
}

/// M4 in a session that plays: the formats of a new mode, and the PTS from which they hold
/// (S2.1 §6.1.13: the 33 bits of the time stamp above 7 zero bits).
pub(super) fn mode_change(machine: &mut Machine, candidate: &Candidate, pts: u64, now: Instant) {
    let chosen = candidate.chosen();
    let stamp = (pts & 0x1_FFFF_FFFF) << 7;
    machine.ask(Asked::ModeChange, now, |buffer, cseq| {
        Writer::request(buffer, Method::SetParameter, URI, cseq).finish_with_parameters(|body| {
            write!(body, "{}: {chosen}\r\n", names::VIDEO_FORMATS)?;
            write!(
                body,
                "{}: {stamp:010X} {stamp:010X}\r\n",
                names::AV_FORMAT_CHANGE_TIMING
            )
        })
    });
}

/// M5.
pub(super) fn trigger(machine: &mut Machine, trigger: Trigger, now: Instant) {
    machine.ask(Asked::Trigger(trigger), now, |buffer, cseq| {
        Writer::request(buffer, Method::SetParameter, URI, cseq)
            .finish_with_parameters(|body| write!(body, "{}: {trigger}\r\n", names::TRIGGER_METHOD))
    });
}

/// M16: the session id goes out without its timeout (quirk Q9).
pub(super) fn keep_alive(machine: &mut Machine, now: Instant) {
    let session = machine.session_id();
    machine.ask(Asked::KeepAlive, now, |buffer, cseq| {
        Writer::request(buffer, Method::GetParameter, URI, cseq)
            .header("Session", format_args!("{session}"))
            .finish()
    });
}

const _: () = assert!(
    limits::RTSP_OUT_MAX >= 1024,
    "M4 with every parameter of ours"
);
