//! What M3 asks. To ask for an optional parameter states that the source supports it (S2.1 §6.4.3),
//! so each question needs what the answer would be used for.

use bitflags::bitflags;

use super::names;

bitflags! {
    /// What this source can do in a session, as far as a question of M3 depends on it.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Abilities: u16 {
        /// The encoder has H.265, or H.264 above level 4.2.
        const R2_VIDEO = 1 << 0;
        /// R2 modes are asked for, beside which a sink names its sound in the way of R2 (S2.1 §6.4.4).
        const R2_AUDIO = 1 << 1;
        /// The miniport takes input of the sink's user.
        const INPUT = 1 << 2;
        /// The miniport can protect content.
        const CONTENT_PROTECTION = 1 << 3;
        /// The source can stand by.
        const STANDBY = 1 << 4;
        /// The encoder changes its format within the stream.
        const FORMAT_CHANGE = 1 << 5;
        /// The source has latency modes.
        const LATENCY_MODES = 1 << 6;
        /// The reason of a teardown is shown.
        const DIAGNOSTICS = 1 << 7;
        /// Modes of 3:2 can be encoded.
        const MICROSOFT_VIDEO = 1 << 8;
        /// The source can fit its picture to a part of the sink's screen.
        const MULTISCREEN = 1 << 9;
        /// The source can mute the sound for the sink.
        const AUDIO_MUTE = 1 << 10;
        /// The source can send the pointer apart from the picture.
        const CURSOR = 1 << 11;
        /// The source reacts to RTCP.
        const RTCP = 1 << 12;
    }
}

/// When a question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Nothing,
    /// If the source has this ability.
    Ability(Abilities),
    /// Never: there is no use for the answer.
    NeverAsked,
}

/// A parameter that M3 may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The name.
    pub name: &'static str,
    /// When it is asked.
    pub need: Need,
    /// Why it is asked then, or why it is not.
    pub why: &'static str,
}

/// The names to ask, in the order in which they are asked.
pub fn ask(abilities: Abilities) -> impl Iterator<Item = &'static str> {
    let asked = move |question: &&Question| match question.need {
        Need::Nothing => true,
        Need::Ability(ability) => abilities.contains(ability),
        Need::NeverAsked => false,
    };
    QUESTIONS.iter().filter(asked).map(|question| question.name)
}

const fn always(name: &'static str, why: &'static str) -> Question {
    let need = Need::Nothing;
    Question { name, need, why }
}

const fn with(name: &'static str, ability: Abilities, why: &'static str) -> Question {
    let need = Need::Ability(ability);
    Question { name, need, why }
}

const fn never(name: &'static str, why: &'static str) -> Question {
    let need = Need::NeverAsked;
    Question { name, need, why }
}

/// Every parameter of an answer to M3 that is read.
#[rustfmt::skip]
pub static QUESTIONS: [Question; 37] = [
    always(names::VIDEO_FORMATS, "mandatory; the modes to choose from"),
    always(names::AUDIO_CODECS, "mandatory; the sound to choose from"),
    always(names::CLIENT_RTP_PORTS, "mandatory; where RTP goes"),
    always(names::DISPLAY_EDID, "the monitor that Windows sees"),
    always(names::CONNECTOR_TYPE, "whether there is a monitor, and M11 when that changes"),
    always(names::MICROSOFT_MAX_BITRATE, "an upper bound of the bit rate"),
    always(names::IDR_REQUEST_CAPABILITY, "a sink that cannot send M13 gets an IDR picture now and then"),
    always(names::INTEL_MANUFACTURER, "quirks that only the maker tells"),
    with(names::R2_VIDEO_FORMATS, Abilities::R2_VIDEO, "an R2 sink then leaves the R1 name out"),
    with(names::R2_AUDIO_CODECS, Abilities::R2_AUDIO, "an R2 sink then leaves the R1 name out"),
    with(names::UIBC_CAPABILITY, Abilities::INPUT, "the input to take in M4"),
    with(names::CONTENT_PROTECTION, Abilities::CONTENT_PROTECTION, "mandatory for a source with HDCP"),
    with(names::STANDBY_RESUME_CAPABILITY, Abilities::STANDBY, "M12 needs both sides"),
    with(names::MICROSOFT_FORMAT_CHANGE, Abilities::FORMAT_CHANGE, "a new mode without M4"),
    with(names::MICROSOFT_LATENCY, Abilities::LATENCY_MODES, "how much the sink buffers"),
    with(names::MICROSOFT_DIAGNOSTICS, Abilities::DIAGNOSTICS, "M8 says why"),
    with(names::MICROSOFT_VIDEO_FORMATS, Abilities::MICROSOFT_VIDEO, "modes of 3:2"),
    with(names::MICROSOFT_MULTISCREEN, Abilities::MULTISCREEN, "the size of our part of the screen"),
    with(names::MICROSOFT_AUDIO_MUTE, Abilities::AUDIO_MUTE, "the sink may ask for silence"),
    with(names::MICROSOFT_CURSOR, Abilities::CURSOR, "where the pointer goes"),
    with(names::MICROSOFT_RTCP, Abilities::RTCP, "the sink reports losses"),
    never(names::INTEL_MODEL, "it is only shown"),
    never(names::INTEL_FRIENDLY_NAME, "it is only shown"),
    never(names::INTEL_VERSION, "it is only shown"),
    never(names::INTEL_DEVICE_URL, "it is only shown"),
    never(names::COUPLED_SINK, "one sink is fed"),
    never(names::I2C, "nothing here talks to the display"),
    never(names::WFDX_VIDEO_FORMATS, "only Windows 10 version 1511 asks it, wfd_video_formats does not count then, and R2 has the same modes"),
    never(names::MICROSOFT_COLOR_SPACE, "the encoder has 4:2:0 only"),
    never(names::MICROSOFT_CUSTOM_VIDEO_FORMATS, "no specification has it, so none says how M4 names such a mode"),
    never(names::R2_AUX_STREAM_FORMATS, "there are no auxiliary streams"),
    never(names::R2_BUFFER_LENGTH, "there is no direct streaming"),
    never(names::R2_AUDIO_PLAYBACK_STATUS, "there is no direct streaming"),
    never(names::R2_VIDEO_PLAYBACK_STATUS, "there is no direct streaming"),
    never(names::R2_CTA_DATABLOCKS, "the EDID has the same"),
    never(names::R2_ROTATION, "S2.1 does not have it, and its use is not known"),
    never(names::R2_VIDEO_STREAM_CONTROL, "S2.1 does not have it, and its use is not known"),
];

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;
    use crate::wfd::parameters::readers::READERS;

    #[test]
    fn a_source_without_abilities_asks_what_every_session_needs() {
        let asked: Vec<_> = ask(Abilities::empty()).collect();
        assert_eq!(asked[..3], names::MANDATORY);
        let optional = [
            "wfd_display_edid",
            "wfd_connector_type",
            "microsoft_max_bitrate",
            "wfd_idr_request_capability",
            "intel_sink_manufacturer_name",
        ];
        assert_eq!(asked[3..], optional);
    }

    #[test]
    fn an_ability_adds_its_question_and_nothing_else() {
        let least = ask(Abilities::empty()).count();
        for ability in Abilities::all().iter() {
            let asked: Vec<_> = ask(ability).collect();
            assert_eq!(asked.len(), least + 1, "{ability:?}");
        }
        let input = Abilities::INPUT;
        assert!(ask(input).any(|name| name == "wfd_uibc_capability"));
        let all = ask(Abilities::all()).count();
        let abilities = Abilities::all().iter().count();
        assert_eq!(all, least + abilities);
    }

    #[test]
    fn every_parameter_that_is_read_has_one_question_that_says_why() {
        for (place, question) in QUESTIONS.iter().enumerate() {
            assert!(!question.why.is_empty());
            let before = &QUESTIONS[..place];
            assert!(before.iter().all(|other| other.name != question.name));
        }
        let sorted = |names: &mut dyn Iterator<Item = &'static str>| {
            let mut names: Vec<_> = names.collect();
            names.sort_unstable();
            names
        };
        let asked = sorted(&mut QUESTIONS.iter().map(|question| question.name));
        assert_eq!(asked, sorted(&mut READERS.iter().map(|(name, _)| *name)));
    }
}
