//! What Windows is told of the end of a session.

use miracast_core::session::{Asked, Reason};
use miracast_kmd_iface::NtStatus;

use super::shell::SessionStatus;
use crate::os::OsError;

/// MIRACAST_STATUS for a reason (DDI-30).
pub(super) fn session_status(reason: Reason) -> SessionStatus {
    match reason {
        Reason::Silent | Reason::NoReply(Asked::KeepAlive) => SessionStatus::MissingKeepAlive,
        Reason::SinkTeardown | Reason::SinkFault(_) | Reason::SinkClosed => {
            SessionStatus::SinkDisconnected
        }
        Reason::LinkTooSlow => SessionStatus::InsufficientBandwidth,
        reason if reason.is_mode_change() => SessionStatus::SinkFailedModeChange,
        Reason::Stopped
        | Reason::ConnectionFailed(_)
        | Reason::NoReply(_)
        | Reason::NoRequest(_)
        | Reason::Refused(..)
        | Reason::OfferRefused(_)
        | Reason::Unreadable(_)
        | Reason::BadCapabilities(_)
        | Reason::NoCommonMode
        | Reason::Flooded
        | Reason::MessageTooLong
        | Reason::MessageLost
        | Reason::Miniport(_)
        | Reason::DeviceLost(_)
        | Reason::System(_)
        | Reason::IllegalPhaseChange => SessionStatus::Critical,
    }
}

/// NTSTATUS for a reason: what StartMiracastSession returns, and what is logged with a session
/// status (DDI-29).
pub(super) fn nt_status(reason: Reason) -> NtStatus {
    match reason {
        Reason::Stopped => NtStatus::CANCELLED,
        Reason::SinkTeardown | Reason::SinkFault(_) | Reason::SinkClosed => {
            NtStatus::CONNECTION_DISCONNECTED
        }
        Reason::ConnectionFailed(error) => OsError(error).status(),
        Reason::NoReply(_) | Reason::NoRequest(_) | Reason::Silent => NtStatus::IO_TIMEOUT,
        Reason::Refused(..)
        | Reason::OfferRefused(_)
        | Reason::Unreadable(_)
        | Reason::BadCapabilities(_) => NtStatus::INVALID_NETWORK_RESPONSE,
        Reason::NoCommonMode => NtStatus::PROTOCOL_NOT_SUPPORTED,
        // DDI-19.
        Reason::LinkTooSlow => NtStatus::DEVICE_INSUFFICIENT_RESOURCES,
        Reason::Flooded => NtStatus::CONNECTION_ABORTED,
        Reason::MessageTooLong => NtStatus::INVALID_BUFFER_SIZE,
        Reason::Miniport(status) | Reason::DeviceLost(status) | Reason::System(status) => {
            NtStatus(status)
        }
        Reason::IllegalPhaseChange | Reason::MessageLost => NtStatus::INVALID_DEVICE_STATE,
    }
}
