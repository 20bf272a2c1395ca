//! What a sink sets in a SET_PARAMETER of its own while it plays: M10 to M15, Microsoft's requests,
//! and the body of M8.

use super::microsoft::{Projection, TeardownReason};
use super::{Line, Route, UibcCapability, UibcSetting, connector, names};
use crate::quirks::Fired;
use crate::wfd::{Fault, Malformed, Offer};

/// One parameter that the sink sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    /// M10: where the sound goes.
    Route(Route),
    /// M11: the display was attached, changed or taken away.
    Connector(Offer<u8>),
    /// M12: the sink stands by.
    Standby,
    /// M13: the sink needs an IDR picture.
    IdrRequest,
    /// M14: the input that comes back has changed.
    Uibc(Offer<UibcCapability>),
    /// M15: input is switched on or off.
    UibcSetting(UibcSetting),
    /// How much of the sink's screen we have.
    Projection(Projection),
    /// The number of `microsoft_audio_mute`. MS-WFDPE contradicts itself on which one is silence.
    AudioMute(u8),
    /// Why the sink ends the session, in M8.
    TeardownReason(TeardownReason),
}

impl Update {
    /// Reads one line; `None` if a sink does not set this parameter.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if the parameter is one of these and its value cannot be read.
    pub fn read(line: &Line<'_>, fired: &mut Fired) -> Option<Result<Self, Malformed>> {
        let is_name = |name: &&&str| line.name.eq_ignore_ascii_case(name);
        let parameter = *NAMES.iter().find(is_name)?;
        let read = match line.value {
            // The two bare names, which some write with a colon.
            None if parameter == names::STANDBY => Ok(Self::Standby),
            None if parameter == names::IDR_REQUEST => Ok(Self::IdrRequest),
            None => Err(Fault::Missing),
            Some(value) => Self::value(parameter, value, fired),
        };
        Some(read.map_err(|fault| Malformed { parameter, fault }))
    }

    fn value(parameter: &str, value: &str, fired: &mut Fired) -> Result<Self, Fault> {
        match parameter {
            names::ROUTE => Route::read(value).map(Self::Route),
            names::CONNECTOR_TYPE => connector::read(value).map(Self::Connector),
            names::UIBC_CAPABILITY => UibcCapability::read(value, fired).map(Self::Uibc),
            names::UIBC_SETTING => UibcSetting::read(value).map(Self::UibcSetting),
            names::MICROSOFT_MULTISCREEN => Projection::read(value).map(Self::Projection),
            names::MICROSOFT_AUDIO_MUTE => match value {
                "0" => Ok(Self::AudioMute(0)),
                "1" => Ok(Self::AudioMute(1)),
                _ => Err(Fault::UnknownWord),
            },
            names::MICROSOFT_TEARDOWN_REASON => {
                TeardownReason::read(value).map(Self::TeardownReason)
            }
            _ => Err(Fault::Extra),
        }
    }
}

/// The parameters that a sink sets.
const NAMES: [&str; 9] = [
    names::ROUTE,
    names::CONNECTOR_TYPE,
    names::STANDBY,
    names::IDR_REQUEST,
    names::UIBC_CAPABILITY,
    names::UIBC_SETTING,
    names::MICROSOFT_MULTISCREEN,
    names::MICROSOFT_AUDIO_MUTE,
    names::MICROSOFT_TEARDOWN_REASON,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wfd::parameters::lines;

    fn read(body: &str) -> Option<Result<Update, Fault>> {
        let line = lines(body.as_bytes()).next()?;
        let read = Update::read(&line, &mut Fired::new())?;
        Some(read.map_err(|malformed| malformed.fault))
    }

    #[test]
    fn every_parameter_that_a_sink_sets_is_read() {
        for (body, update) in [
            ("wfd_route: primary", Update::Route(Route::Primary)),
            (
                "wfd_connector_type: 05",
                Update::Connector(Offer::Present(5)),
            ),
            ("wfd_standby", Update::Standby),
            ("wfd_standby:\r\n", Update::Standby),
            ("WFD_IDR_REQUEST\r\n", Update::IdrRequest),
            ("wfd_uibc_capability: none", Update::Uibc(Offer::None)),
            (
                "wfd_uibc_setting: disable",
                Update::UibcSetting(UibcSetting::Disable),
            ),
            (
                "microsoft_multiscreen_projection: primary",
                Update::Projection(Projection::Primary),
            ),
            ("microsoft_audio_mute: 1", Update::AudioMute(1)),
        ] {
            assert_eq!(read(body), Some(Ok(update)), "{body}");
        }
        let reason = read("microsoft_teardown_reason: C00D4278 gone");
        assert!(matches!(reason, Some(Ok(Update::TeardownReason(_)))));
    }

    #[test]
    fn other_parameters_are_none_and_garbage_says_why() {
        assert_eq!(read("wfd_video_formats: none"), None);
        assert_eq!(read("x"), None);
        for (body, fault) in [
            ("wfd_route", Fault::Missing),
            ("wfd_route: x", Fault::UnknownWord),
            ("wfd_standby: x", Fault::Extra),
            ("wfd_idr_request: 1", Fault::Extra),
            ("microsoft_audio_mute: 2", Fault::UnknownWord),
        ] {
            assert_eq!(read(body), Some(Err(fault)), "{body}");
        }
    }
}
