//! Which sound a session is to have: what the sink offers, what the miniport captures, and that it was
//! heard.

use core::fmt;

use clap::ValueEnum;
use miracast_kmd_iface::escape::AudioFormats;
use miracast_miniport::sound::CodedSound;
use miracast_sink::live::Options;

use crate::checks::Check;
use crate::source::Setup;
use crate::summary::SoundSummary;

/// A sound, as the command line names it; stereo at 48 kHz.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Wish {
    /// LPCM.
    Lpcm,
    /// AAC-LC in ADTS frames.
    Aac,
    /// AC-3.
    Ac3,
    /// The sink has no speaker.
    None,
}

impl Wish {
    /// Sets up both ends. `frames`: an ADTS or AC-3 file, what coded sound is made of; without one it has
    /// headers and nothing that a decoder takes.
    #[must_use]
    pub fn set_up(
        self,
        mut setup: Setup,
        mut sink: Options,
        frames: Option<Vec<u8>>,
    ) -> (Setup, Options) {
        let (offered, captured) = match self {
            Self::Lpcm => ("LPCM 00000002 00", AudioFormats::LPCM_48),
            Self::Aac => ("AAC 00000001 00", AudioFormats::AAC_2),
            Self::Ac3 => ("AC3 00000001 00", AudioFormats::AC3_2),
            Self::None => ("none", AudioFormats::LPCM_48),
        };
        offered.clone_into(&mut sink.settings.capabilities.audio_codecs);
        let miniport = &mut setup.miniport.options;
        miniport.audio = captured;
        miniport.coded_sound = frames.map_or(CodedSound::Headers, CodedSound::File);
        (setup, sink)
    }

    /// That this sound was heard, and how far it was from the pictures; or that there was none.
    pub fn checks(self, sound: &SoundSummary) -> Vec<Check> {
        let heard = sound.format.as_deref().unwrap_or("none");
        let wanted = self.to_string();
        let is_it = heard.starts_with(&wanted);
        let mut checks = vec![Check::new("sound", heard, wanted, is_it)];
        if self != Self::None {
            let moments = sound.measured;
            checks.push(Check::new(
                "moments at which sound and picture were held together",
                moments.to_string(),
                "at least 1",
                moments > 0 && sound.offset_ms.is_some(),
            ));
        }
        checks
    }
}

/// As a format begins that the summary names.
impl fmt::Display for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lpcm => "LPCM",
            Self::Aac => "AAC",
            Self::Ac3 => "AC-3",
            Self::None => "none",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::Sound;

    fn judged(wish: Wish, format: Option<&str>, offsets: &[i64]) -> Vec<bool> {
        let sound = Sound {
            format: format.map(ToOwned::to_owned),
            offsets: offsets.to_vec(),
            ..Sound::default()
        };
        let checks = wish.checks(&SoundSummary::from(&sound));
        checks.iter().map(|check| check.holds).collect()
    }

    #[test]
    fn what_is_wished_has_to_be_heard_and_measured() {
        let (lpcm, aac) = (Some("LPCM, 2 channels"), Some("AAC, 2 channels"));
        assert_eq!(judged(Wish::Lpcm, lpcm, &[1]), [true, true]);
        assert_eq!(judged(Wish::Lpcm, lpcm, &[]), [true, false]);
        assert_eq!(judged(Wish::Lpcm, None, &[]), [false, false]);
        assert_eq!(judged(Wish::Ac3, aac, &[1]), [false, true]);
        assert_eq!(judged(Wish::None, None, &[]), [true]);
        assert_eq!(judged(Wish::None, lpcm, &[1]), [false]);
    }
}
