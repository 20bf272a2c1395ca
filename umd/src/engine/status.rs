//! What Windows is told of the end of a session: the MIRACAST_STATUS on which it acts (DDI-30), and the
//! NTSTATUS that it logs with it, or that StartMiracastSession returns (DDI-29).
//!
//! Each kind of end has an NTSTATUS of its own; what is more to say of it is in the reason's text.

use miracast_core::session::{Asked, Reason};
use miracast_kmd_iface::NtStatus;

use super::shell::SessionStatus;
use crate::os::OsError;

#[cfg(test)]
mod tests;

/// The two statuses for a reason.
pub(super) fn of(reason: Reason) -> (SessionStatus, NtStatus) {
    use SessionStatus as Status;
    match reason {
        Reason::Stopped => (Status::Critical, NtStatus::CANCELLED),
        Reason::SinkTeardown => (Status::SinkDisconnected, NtStatus::GRACEFUL_DISCONNECT),
        Reason::SinkFault(_) => (Status::SinkDisconnected, NtStatus::REMOTE_DISCONNECT),
        Reason::SinkClosed => (Status::SinkDisconnected, NtStatus::CONNECTION_DISCONNECTED),
        Reason::ConnectionFailed(error) => (Status::Critical, OsError(error).status()),
        Reason::Silent => (Status::MissingKeepAlive, NtStatus::REMOTE_NOT_LISTENING),
        Reason::NoReply(Asked::KeepAlive) => (Status::MissingKeepAlive, NtStatus::IO_TIMEOUT),
        Reason::NoReply(Asked::ModeChange) => (Status::SinkFailedModeChange, NtStatus::IO_TIMEOUT),
        Reason::NoReply(_) => (Status::Critical, NtStatus::IO_TIMEOUT),
        Reason::NoRequest(_) => (Status::Critical, NtStatus::TRANSACTION_TIMED_OUT),
        Reason::NoTransport(_) => (Status::Critical, NtStatus::PROTOCOL_UNREACHABLE),
        Reason::Refused(Asked::ModeChange, _) => (
            Status::SinkFailedModeChange,
            NtStatus::GRAPHICS_MODE_NOT_IN_MODESET,
        ),
        Reason::Refused(..) => (Status::Critical, NtStatus::UNEXPECTED_NETWORK_ERROR),
        Reason::OfferRefused(_) => (Status::Critical, NtStatus::REQUEST_NOT_ACCEPTED),
        Reason::Unreadable(_) => (Status::Critical, NtStatus::INVALID_NETWORK_RESPONSE),
        Reason::BadCapabilities(_) => (Status::Critical, NtStatus::DEVICE_PROTOCOL_ERROR),
        Reason::NoVideo => (Status::Critical, NtStatus::GRAPHICS_MONITOR_NOT_CONNECTED),
        Reason::NoCommonMode => (Status::Critical, NtStatus::PROTOCOL_NOT_SUPPORTED),
        // DDI-19.
        Reason::LinkTooSlow => (
            Status::InsufficientBandwidth,
            NtStatus::DEVICE_INSUFFICIENT_RESOURCES,
        ),
        Reason::Flooded => (Status::Critical, NtStatus::TOO_MANY_COMMANDS),
        Reason::Unread => (Status::Critical, NtStatus::NETWORK_BUSY),
        Reason::MessageTooLong => (Status::Critical, NtStatus::INVALID_BUFFER_SIZE),
        Reason::MessageLost => (Status::Critical, NtStatus::INTERNAL_ERROR),
        Reason::IllegalPhaseChange => (Status::Critical, NtStatus::INVALID_DEVICE_STATE),
        // What the miniport or the system says is more than we could.
        Reason::Miniport(status) | Reason::DeviceLost(status) | Reason::System(status) => {
            (Status::Critical, NtStatus(status))
        }
    }
}
