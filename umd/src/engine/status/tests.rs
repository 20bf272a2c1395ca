//! Every end of a session, and what Windows is told of it.

use std::collections::BTreeMap;
use std::format;
use std::string::{String, ToString};

use miracast_core::rtsp::transport::Unsupported;
use miracast_core::rtsp::{Malformed, Status};
use miracast_core::session::{Awaited, OfferRefused};
use miracast_core::wfd::modes::{ModeId, Table};
use miracast_core::wfd::parameters::Trigger;

use super::*;

const REFUSED: OfferRefused = OfferRefused {
    asked: Asked::Formats,
    status: Status::SEE_OTHER,
    blamed: Some(("wfd_video_formats", 415)),
    mode: ModeId {
        table: Table::Cea,
        index: 6,
    },
    audio: None,
};

/// A status that the miniport, or the system, may have.
const THEIRS: u32 = 0xC000_0F00;

/// Where a reason stands in [`ENDS`]: a reason that is new has to be put there.
const fn kind(reason: Reason) -> usize {
    match reason {
        Reason::Stopped => 0,
        Reason::SinkTeardown => 1,
        Reason::SinkFault(_) => 2,
        Reason::SinkClosed => 3,
        Reason::ConnectionFailed(_) => 4,
        Reason::Silent => 5,
        Reason::NoReply(_) => 6,
        Reason::NoRequest(_) => 7,
        Reason::Refused(..) => 8,
        Reason::OfferRefused(_) => 9,
        Reason::Unreadable(_) => 10,
        Reason::BadCapabilities(_) => 11,
        Reason::NoCommonMode => 12,
        Reason::LinkTooSlow => 13,
        Reason::Flooded => 14,
        Reason::Unread => 15,
        Reason::MessageTooLong => 16,
        Reason::MessageLost => 17,
        Reason::IllegalPhaseChange => 18,
        Reason::Miniport(_) => 19,
        Reason::DeviceLost(_) => 20,
        Reason::System(_) => 21,
        Reason::NoTransport(_) => 22,
        Reason::NoVideo => 23,
    }
}
const KINDS: usize = 24;

/// Ends of every kind, what Windows is told, and a word that the text must have.
#[rustfmt::skip]
const ENDS: &[(Reason, SessionStatus, &str)] = {
    use SessionStatus::*;
    &[
        (Reason::Stopped, Critical, "Windows"),
        (Reason::SinkTeardown, SinkDisconnected, "M8"),
        (Reason::SinkFault(0xC00D_4278), SinkDisconnected, "C00D4278, no RTP"),
        (Reason::SinkFault(1), SinkDisconnected, "00000001"),
        (Reason::SinkClosed, SinkDisconnected, "closed"),
        (Reason::ConnectionFailed(1), Critical, "error 1"),
        (Reason::Silent, MissingKeepAlive, "timeout"),
        (Reason::NoReply(Asked::Options), Critical, "M1"),
        (Reason::NoReply(Asked::Capabilities), Critical, "M3"),
        (Reason::NoReply(Asked::Formats), Critical, "M4"),
        (Reason::NoReply(Asked::ModeChange), SinkFailedModeChange, "new mode"),
        (Reason::NoReply(Asked::Latency), Critical, "latency"),
        (Reason::NoReply(Asked::Trigger(Trigger::Setup)), Critical, "M5 SETUP"),
        (Reason::NoReply(Asked::Trigger(Trigger::Play)), Critical, "M5 PLAY"),
        (Reason::NoReply(Asked::Trigger(Trigger::Pause)), Critical, "M5 PAUSE"),
        (Reason::NoReply(Asked::Trigger(Trigger::Teardown)), Critical, "M5 TEARDOWN"),
        (Reason::NoReply(Asked::Standby), Critical, "M12"),
        (Reason::NoReply(Asked::KeepAlive), MissingKeepAlive, "M16"),
        (Reason::NoRequest(Awaited::Setup), Critical, "M6"),
        (Reason::NoRequest(Awaited::Play), Critical, "M7"),
        (Reason::NoTransport(Unsupported::Tcp), Critical, "461: RTP over TCP"),
        (Reason::NoTransport(Unsupported::NotUnicast), Critical, "461: not unicast"),
        (Reason::Refused(Asked::Options, Status::NOT_IMPLEMENTED), Critical, "M1 OPTIONS with 501"),
        (Reason::Refused(Asked::Capabilities, Status::NOT_IMPLEMENTED), Critical, "M3 GET_PARAMETER with 501"),
        (Reason::Refused(Asked::ModeChange, Status::SEE_OTHER), SinkFailedModeChange, "new mode with 303"),
        (Reason::Refused(Asked::Trigger(Trigger::Play), Status::FORBIDDEN), Critical, "M5 PLAY with 403"),
        (Reason::OfferRefused(REFUSED), Critical, "M4 SET_PARAMETER with 303 See Other: wfd_video_formats 415"),
        (Reason::OfferRefused(REFUSED), Critical, "; offered 1280x720p60"),
        (Reason::OfferRefused(OfferRefused { asked: Asked::Trigger(Trigger::Setup), ..REFUSED }), Critical, "M5 SETUP with 303"),
        (Reason::Unreadable(Malformed::BadStartLine), Critical, "unreadable"),
        (Reason::Unreadable(Malformed::BadContentLength), Critical, "unreadable"),
        (Reason::BadCapabilities("wfd_video_formats"), Critical, "wfd_video_formats"),
        (Reason::BadCapabilities("wfd_client_rtp_ports"), Critical, "wfd_client_rtp_ports"),
        (Reason::NoVideo, Critical, "M3 answer: no video"),
        (Reason::NoCommonMode, Critical, "no mode in common"),
        (Reason::LinkTooSlow, InsufficientBandwidth, "bit rate"),
        (Reason::Flooded, Critical, "too many requests"),
        (Reason::Unread, Critical, "does not read"),
        (Reason::MessageTooLong, Critical, "buffer"),
        (Reason::MessageLost, Critical, "bug of the driver"),
        (Reason::IllegalPhaseChange, Critical, "bug of the driver"),
        (Reason::Miniport(THEIRS), Critical, "miniport: NTSTATUS 0xC0000F00"),
        (Reason::DeviceLost(THEIRS), Critical, "adapter is lost: NTSTATUS 0xC0000F00"),
        (Reason::System(THEIRS), Critical, "operating system: NTSTATUS 0xC0000F00"),
    ]
};

#[test]
fn each_end_names_its_cause_and_has_the_status_that_windows_acts_on() {
    let mut seen = [false; KINDS];
    for (reason, status, text) in ENDS {
        let (told, logged) = of(*reason);
        assert_eq!(told, *status, "{reason}");
        assert!(reason.to_string().contains(text), "{reason}: {text}");
        assert!(!logged.is_success(), "{reason}: {logged}");
        seen[kind(*reason)] = true;
    }
    assert_eq!(seen, [true; KINDS]);
}

#[test]
fn no_two_ends_are_told_alike() {
    let mut told: BTreeMap<String, Reason> = BTreeMap::new();
    let mut kinds: BTreeMap<u32, usize> = BTreeMap::new();
    for (reason, ..) in ENDS {
        let (_, logged) = of(*reason);
        let line = format!("{logged}: {reason}");
        if let Some(other) = told.insert(line, *reason) {
            assert_eq!(other, *reason);
        }
        // What others have said is passed on as it is.
        let theirs = matches!(
            reason,
            Reason::Miniport(_)
                | Reason::DeviceLost(_)
                | Reason::System(_)
                | Reason::ConnectionFailed(_)
        );
        if !theirs {
            let kind = kind(*reason);
            let other = *kinds.entry(logged.0).or_insert(kind);
            assert_eq!(other, kind, "{logged} has two meanings");
        }
    }
}
