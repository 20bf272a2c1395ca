//! What the driver's answers mean, for somebody in front of a television that stays dark.

use miracast_os::abi::{
    MIRACAST_STATUS_CRITICAL_ERROR, MIRACAST_STATUS_INSUFFICIENT_BANDWIDTH,
    MIRACAST_STATUS_MISSING_KEEPALIVE, MIRACAST_STATUS_SINK_DISOCNNECT_REQUEST,
    MIRACAST_STATUS_SINK_FAILED_STANDARD_MODE_CHANGE,
};
use miracast_os::{NtStatus, Report};

/// Why StartMiracastSession failed.
pub fn start_failure(status: NtStatus) -> String {
    let why = match status {
        NtStatus::PROTOCOL_NOT_SUPPORTED => "sink and encoder have no mode in common",
        NtStatus::CONNECTION_DISCONNECTED => "the sink closed the connection",
        NtStatus::GRACEFUL_DISCONNECT | NtStatus::REMOTE_DISCONNECT => "the sink ended the session",
        NtStatus::CONNECTION_RESET => "the sink reset the connection",
        NtStatus::IO_TIMEOUT => "the sink did not answer in time",
        NtStatus::INVALID_NETWORK_RESPONSE => "the sink's bytes are no RTSP",
        NtStatus::DEVICE_PROTOCOL_ERROR => "the sink's answer to M3 lacks what a session needs",
        NtStatus::UNEXPECTED_NETWORK_ERROR => "the sink refused a request",
        NtStatus::TOO_MANY_COMMANDS => "the sink asks more at once than is answered",
        NtStatus::NETWORK_BUSY => "the sink does not read what it is sent",
        NtStatus::DEVICE_INSUFFICIENT_RESOURCES => {
            "the recommended bit rate is too low for every mode of the sink"
        }
        _ => "the negotiation failed",
    };
    format!("{why}: StartMiracastSession returned {status}")
}

/// Why the driver ended a session.
pub fn report(report: &Report) -> String {
    let why = match report.status {
        MIRACAST_STATUS_CRITICAL_ERROR => "an error that has no other name",
        MIRACAST_STATUS_MISSING_KEEPALIVE => "the sink stayed silent",
        MIRACAST_STATUS_SINK_DISOCNNECT_REQUEST => "the sink ended the session",
        MIRACAST_STATUS_INSUFFICIENT_BANDWIDTH => "the link is too slow for the mode",
        MIRACAST_STATUS_SINK_FAILED_STANDARD_MODE_CHANGE => "the sink refused the mode",
        _ => "a status that is not for drivers",
    };
    format!("the driver ended the session: {why} ({})", report.ntstatus)
}
