//! Status codes of RTSP replies.

use core::fmt;

/// The status of a reply. Any three digits can arrive, so this is a number with names and not a
/// closed enum.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Status(pub u16);

/// The table: name, code, reason phrase. From it come the constants and [`Status::reason`].
macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $code:literal $reason:literal;)*) => {
        impl Status {
            $($(#[$doc])* pub const $name: Self = Self($code);)*

            /// The reason phrase of RFC 2326 §7.1.1; empty for a code without one there.
            pub const fn reason(self) -> &'static str {
                match self.0 {
                    $($code => $reason,)*
                    _ => "",
                }
            }

            /// Every code that has a name.
            #[cfg(test)]
            const NAMED: &[Self] = &[$(Self::$name),*];
        }
    };
}

// RFC 2326 §7.1.1, the codes that S2.1 §6 and the sinks of the field use.
statuses! {
    /// The request succeeded.
    OK = 200 "OK";
    /// Some parameters of a SET_PARAMETER failed; the body lists them (S2.1 §6.2.3).
    SEE_OTHER = 303 "See Other";
    /// The request could not be understood.
    BAD_REQUEST = 400 "Bad Request";
    /// The sink refuses; seen when M4 does not suit it (quirk Q23).
    FORBIDDEN = 403 "Forbidden";
    /// Nothing has the request's URI.
    NOT_FOUND = 404 "Not Found";
    /// The method is known but not allowed here.
    METHOD_NOT_ALLOWED = 405 "Method Not Allowed";
    /// The session is in play, pause or standby already (S2.1 §6.4.7, §6.4.9); the reason phrase
    /// then says which, see [`Writer::response_because`](super::Writer::response_because).
    NOT_ACCEPTABLE = 406 "Not Acceptable";
    /// A parameter of the body is unknown.
    PARAMETER_NOT_UNDERSTOOD = 451 "Parameter Not Understood";
    /// The link cannot carry the stream.
    NOT_ENOUGH_BANDWIDTH = 453 "Not Enough Bandwidth";
    /// The `Session` header names no session of ours.
    SESSION_NOT_FOUND = 454 "Session Not Found";
    /// The method makes no sense in the session's state.
    METHOD_NOT_VALID_IN_THIS_STATE = 455 "Method Not Valid in This State";
    /// The `Range` header cannot be met.
    INVALID_RANGE = 457 "Invalid Range";
    /// The method cannot be applied to the aggregate URI.
    AGGREGATE_OPERATION_NOT_ALLOWED = 459 "Aggregate operation not allowed";
    /// No transport of the `Transport` header can be used.
    UNSUPPORTED_TRANSPORT = 461 "Unsupported transport";
    /// The other side failed.
    INTERNAL_SERVER_ERROR = 500 "Internal Server Error";
    /// The method is not known.
    NOT_IMPLEMENTED = 501 "Not Implemented";
    /// The other side cannot do it now.
    SERVICE_UNAVAILABLE = 503 "Service Unavailable";
    /// The RTSP version is not 1.0.
    VERSION_NOT_SUPPORTED = 505 "RTSP Version not supported";
    /// A tag of the `Require` header is unknown; the `Unsupported` header repeats it.
    OPTION_NOT_SUPPORTED = 551 "Option not supported";
}

impl Status {
    /// Whether the code says success (2xx).
    pub const fn is_success(self) -> bool {
        matches!(self.0, 200..=299)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason() {
            "" => write!(f, "{}", self.0),
            reason => write!(f, "{} {reason}", self.0),
        }
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Status({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn the_table_is_sorted_and_every_code_has_a_reason() {
        assert!(Status::NAMED.is_sorted_by(|a, b| a < b));
        assert!(
            Status::NAMED
                .iter()
                .all(|status| !status.reason().is_empty())
        );
    }

    #[test]
    fn a_code_without_a_name_is_printed_as_its_number() {
        assert_eq!(format!("{}", Status(299)), "299");
        assert_eq!(format!("{}", Status::OK), "200 OK");
        assert!(Status(299).is_success() && !Status(300).is_success());
    }
}
