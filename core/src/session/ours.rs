//! The requests that the source sends: M1, M3, M4, M5, M12, M16, and the latency mode.
//!
//! Their form is strict because sinks are not: the request URI is always the same text (interop
//! rule 6), CSeq counts 1, 2, 3 (rule 5), M16 has neither body nor Content-Type (rule 8).

use super::end::{Asked, Reason};
use super::machine::Machine;
use crate::limits;
use crate::rtsp::{Full, Method, Writer};
use crate::time::Instant;
use crate::trace::What;
use crate::wfd::negotiate::Candidate;
use crate::wfd::parameters::microsoft::LatencyMode;
use crate::wfd::parameters::{
    Abilities, FormatChange, FormatChangeTiming, PresentationUrl, Proposal, Trigger, ask, names,
};

/// The URI of every request of ours but M1 (S2.1 §6.4.3).
const URI: &str = "rtsp://localhost/wfd1.0";

/// What every session can do, as far as M3 asks for it.
const ABILITIES: Abilities = Abilities::STANDBY
    .union(Abilities::FORMAT_CHANGE)
    .union(Abilities::LATENCY_MODES)
    .union(Abilities::RTCP)
    .union(Abilities::DIAGNOSTICS);

/// The option tag of Wi-Fi Display (S2.1 §6.4.1).
pub(super) const WFD_TAG: &str = "org.wfa.wfd1.0";

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

    /// What this session can do, as far as M3 asks for it.
    pub(super) fn abilities(&self) -> Abilities {
        let Some(start) = &self.start else {
            return ABILITIES;
        };
        let mut abilities = ABILITIES;
        abilities.set(Abilities::INPUT, start.input_port.is_some());
        // An R2 sink that is asked for its R2 modes names its sound in the way of R2, too.
        let r2 = Abilities::R2_VIDEO | Abilities::R2_AUDIO;
        abilities.set(r2, start.encoder.exceeds_r1());
        abilities.set(Abilities::MICROSOFT_VIDEO, start.encoder.has_large_h264());
        abilities.set(Abilities::AUDIO_MUTE, !start.audio.is_empty());
        abilities
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
            self.note(What::Asked(asked));
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

/// M3: the full list, or the mandatory names if that was refused or not answered.
pub(super) fn capabilities(machine: &mut Machine, now: Instant) {
    let again = machine.asked_again;
    let abilities = machine.abilities();
    machine.ask(Asked::Capabilities, now, |buffer, cseq| {
        Writer::request(buffer, Method::GetParameter, URI, cseq).finish_with_parameters(|body| {
            let mut line = |name: &str| write!(body, "{name}\r\n");
            if again {
                names::MANDATORY.into_iter().try_for_each(&mut line)
            } else {
                ask(abilities).try_for_each(&mut line)
            }
        })
    });
}

/// M4 before the session plays.
pub(super) fn formats(machine: &mut Machine, candidate: &Candidate, now: Instant) {
    let Some(start) = machine.start else { return };
    let Some(ports) = machine.sink.rtp_ports else {
        return;
    };
    let proposal = Proposal {
        video: candidate.chosen(),
        audio: machine.offer_sound(candidate),
        url: PresentationUrl {
            address: start.local,
        },
        ports,
        uibc: machine.offer_input(),
    };
    machine.ask(Asked::Formats, now, |buffer, cseq| {
        Writer::request(buffer, Method::SetParameter, URI, cseq)
            .finish_with_parameters(|body| write!(body, "{proposal}"))
    });
}

/// M4 in a session that plays: the formats of a new mode, and the PTS from which they hold.
pub(super) fn mode_change(machine: &mut Machine, candidate: &Candidate, pts: u64, now: Instant) {
    let change = FormatChange {
        video: candidate.chosen(),
        timing: FormatChangeTiming::at(pts),
    };
    machine.ask(Asked::ModeChange, now, |buffer, cseq| {
        Writer::request(buffer, Method::SetParameter, URI, cseq)
            .finish_with_parameters(|body| write!(body, "{change}"))
    });
}

/// M5.
pub(super) fn trigger(machine: &mut Machine, trigger: Trigger, now: Instant) {
    machine.ask(Asked::Trigger(trigger), now, |buffer, cseq| {
        Writer::request(buffer, Method::SetParameter, URI, cseq)
            .finish_with_parameters(|body| write!(body, "{}: {trigger}\r\n", names::TRIGGER_METHOD))
    });
}

/// The latency mode (MS-WFDPE §2.4.1.1).
pub(super) fn latency(machine: &mut Machine, mode: LatencyMode, now: Instant) {
    machine.ask(Asked::Latency, now, |buffer, cseq| {
        Writer::request(buffer, Method::SetParameter, URI, cseq)
            .finish_with_parameters(|body| write!(body, "{}: {mode}\r\n", names::MICROSOFT_LATENCY))
    });
}

/// M12: the name alone, without colon or value (S2.1 §6.1.18).
pub(super) fn standby(machine: &mut Machine, now: Instant) {
    machine.ask(Asked::Standby, now, |buffer, cseq| {
        Writer::request(buffer, Method::SetParameter, URI, cseq)
            .finish_with_parameters(|body| write!(body, "{}\r\n", names::STANDBY))
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
