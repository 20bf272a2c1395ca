//! NTSTATUS: the 32-bit result that Windows, the driver and the miniport share.

use crate::shape::{Names, Value, doc_text};

/// Declares the named values once and derives constants and [`NtStatus::name`] from the list.
macro_rules! statuses {
    ($($(#[$($doc:tt)*])* $name:ident = $value:literal,)*) => {
        impl NtStatus {
            $($(#[$($doc)*])* pub const $name: Self = Self($value);)*

            /// How many values have a name.
            pub const NAMED: usize = Self::NAMES.values.len();

            /// Every value that has a name.
            pub(crate) const NAMES: Names = Names {
                name: "NtStatus",
                doc: "NTSTATUS.",
                size: size_of::<Self>(),
                is_flags: false,
                values: &[$(Value {
                    name: stringify!($name),
                    doc: doc_text!($(#[$($doc)*])*),
                    value: $value,
                },)*],
            };

            /// The name in ntstatus.h, without `STATUS_`; `None` for a value not in our list.
            pub const fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => Some(stringify!($name)),)*
                    Self(_) => None,
                }
            }
        }
    };
}

/// An NTSTATUS value. Any bit pattern is legal: the other side may return what it likes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct NtStatus(pub u32);

// Values: [MS-ERREF] §2.3.1 and ntstatus.h.
statuses! {
    /// The operation completed; the same value as `STATUS_WAIT_0`.
    SUCCESS = 0x0000_0000,
    /// `GetNextChunkData`: additional event 1 is signalled.
    WAIT_1 = 0x0000_0001,
    /// `GetNextChunkData`: additional event 2 is signalled.
    WAIT_2 = 0x0000_0002,
    /// `GetNextChunkData`: additional event 3 is signalled.
    WAIT_3 = 0x0000_0003,
    /// `GetNextChunkData`: nothing came within the timeout.
    TIMEOUT = 0x0000_0102,
    /// The operation goes on in the background.
    PENDING = 0x0000_0103,
    /// The output was cut to the size of the buffer.
    BUFFER_OVERFLOW = 0x8000_0005,
    /// Unspecified failure.
    UNSUCCESSFUL = 0xC000_0001,
    /// The function does not exist in this version.
    NOT_IMPLEMENTED = 0xC000_0002,
    /// A length field does not fit the data.
    INFO_LENGTH_MISMATCH = 0xC000_0004,
    /// An argument or a field has a value that is not allowed.
    INVALID_PARAMETER = 0xC000_000D,
    /// Out of memory.
    NO_MEMORY = 0xC000_0017,
    /// Access denied.
    ACCESS_DENIED = 0xC000_0022,
    /// The output buffer is too small.
    BUFFER_TOO_SMALL = 0xC000_0023,
    /// The two sides have no protocol version in common.
    REVISION_MISMATCH = 0xC000_0059,
    /// A fixed pool or an operating system resource is used up.
    INSUFFICIENT_RESOURCES = 0xC000_009A,
    /// The device is not ready.
    DEVICE_NOT_READY = 0xC000_00A3,
    /// The session was destroyed.
    INSTANCE_NOT_AVAILABLE = 0xC000_00AB,
    /// The other side did not answer in time.
    IO_TIMEOUT = 0xC000_00B5,
    /// The request is understood and not supported.
    NOT_SUPPORTED = 0xC000_00BB,
    /// The sink was not heard any more.
    REMOTE_NOT_LISTENING = 0xC000_00BC,
    /// The sink does not read what it is sent.
    NETWORK_BUSY = 0xC000_00BF,
    /// The sink asks more at once than is answered.
    TOO_MANY_COMMANDS = 0xC000_00C1,
    /// The sink's answer breaks the protocol.
    INVALID_NETWORK_RESPONSE = 0xC000_00C3,
    /// The sink refused a request that nothing can stand in for.
    UNEXPECTED_NETWORK_ERROR = 0xC000_00C4,
    /// The sink refused every offer.
    REQUEST_NOT_ACCEPTED = 0xC000_00D0,
    /// A bug of the driver.
    INTERNAL_ERROR = 0xC000_00E5,
    /// The operation was cancelled.
    CANCELLED = 0xC000_0120,
    /// The sink ended the session because something went wrong with it.
    REMOTE_DISCONNECT = 0xC000_013C,
    /// The request is not allowed in this state.
    INVALID_DEVICE_STATE = 0xC000_0184,
    /// A mandatory part of the sink's answer is missing, or cannot be read.
    DEVICE_PROTOCOL_ERROR = 0xC000_0186,
    /// A buffer has a size that is not allowed.
    INVALID_BUFFER_SIZE = 0xC000_0206,
    /// The sink closed the connection.
    CONNECTION_DISCONNECTED = 0xC000_020C,
    /// `GetNextChunkData`: outstanding chunks were lost. Sockets: reset by the sink.
    CONNECTION_RESET = 0xC000_020D,
    /// The sink did not go on with the session in time.
    TRANSACTION_TIMED_OUT = 0xC000_0210,
    /// The sink ended the session.
    GRACEFUL_DISCONNECT = 0xC000_0237,
    /// The sink asks for a transport that the source has not got.
    PROTOCOL_UNREACHABLE = 0xC000_023E,
    /// The connection was given up.
    CONNECTION_ABORTED = 0xC000_0241,
    /// The adapter is gone.
    DEVICE_REMOVED = 0xC000_02B6,
    /// `StartMiracastSession`: the link cannot carry the smallest mode (DDI-19).
    DEVICE_INSUFFICIENT_RESOURCES = 0xC000_0468,
    /// The resource is in use.
    RESOURCE_IN_USE = 0xC000_0708,
    /// The sink and the source have nothing in common.
    PROTOCOL_NOT_SUPPORTED = 0xC000_A013,
    /// The sink has no video.
    GRAPHICS_MONITOR_NOT_CONNECTED = 0xC01E_0338,
    /// The sink refused the new mode.
    GRAPHICS_MODE_NOT_IN_MODESET = 0xC01E_034A,
}

impl NtStatus {
    /// `NT_SUCCESS`: not an error and not a warning. `TIMEOUT` and `PENDING` are successes too.
    pub const fn is_success(self) -> bool {
        self.0 < 0x8000_0000
    }
}

impl core::fmt::Display for NtStatus {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.name() {
            Some(name) => write!(f, "STATUS_{name} ({:#010X})", self.0),
            None => write!(f, "NTSTATUS {:#010X}", self.0),
        }
    }
}

impl core::fmt::Debug for NtStatus {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::NtStatus;
    use std::format;

    #[test]
    fn success_is_the_sign_bit() {
        assert!(NtStatus::TIMEOUT.is_success());
        assert!(!NtStatus::BUFFER_OVERFLOW.is_success());
        assert!(!NtStatus(u32::MAX).is_success());
    }

    #[test]
    fn a_value_prints_with_its_name_if_it_has_one() {
        let known = format!("{}", NtStatus::CONNECTION_RESET);
        assert_eq!(known, "STATUS_CONNECTION_RESET (0xC000020D)");
        assert_eq!(format!("{}", NtStatus(0xC0DE_0001)), "NTSTATUS 0xC0DE0001");
    }
}
