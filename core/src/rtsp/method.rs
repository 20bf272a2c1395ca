//! The methods that a Wi-Fi Display source and sink exchange.

/// An RTSP method (RFC 2326 §10; S2.1 §6.4 has the subset). The names are case-sensitive, unlike
/// every other word of the protocol (S2.1 §6.6.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// M1 and M2: which methods the other side has.
    Options,
    /// M3 and M16: asks for values, or keeps the session alive.
    GetParameter,
    /// M4, M5 and M10 to M15: sets values.
    SetParameter,
    /// M6: the sink asks for the stream.
    Setup,
    /// M7: the sink wants it to run.
    Play,
    /// M9: the sink wants it to pause.
    Pause,
    /// M8: the sink ends the session.
    Teardown,
    /// Any other name; the request has it.
    Other,
}

impl Method {
    const NAMED: [Self; 7] = [
        Self::Options,
        Self::GetParameter,
        Self::SetParameter,
        Self::Setup,
        Self::Play,
        Self::Pause,
        Self::Teardown,
    ];

    /// The name on the wire; empty for [`Method::Other`], which is never written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Options => "OPTIONS",
            Self::GetParameter => "GET_PARAMETER",
            Self::SetParameter => "SET_PARAMETER",
            Self::Setup => "SETUP",
            Self::Play => "PLAY",
            Self::Pause => "PAUSE",
            Self::Teardown => "TEARDOWN",
            Self::Other => "",
        }
    }

    /// The method that `name` means.
    pub(super) fn from_name(name: &str) -> Self {
        let named = |method: &Self| method.name() == name;
        Self::NAMED.into_iter().find(named).unwrap_or(Self::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_case_sensitive() {
        for method in Method::NAMED {
            assert_eq!(Method::from_name(method.name()), method);
            assert_eq!(
                Method::from_name(&method.name().to_ascii_lowercase()),
                Method::Other
            );
        }
        assert_eq!(Method::from_name("DESCRIBE"), Method::Other);
        assert_eq!(Method::from_name(""), Method::Other);
    }
}
