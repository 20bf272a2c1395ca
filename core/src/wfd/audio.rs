//! `wfd_audio_codecs` and `wfd2_audio_codecs`: the audio formats that a sink offers (M3), and the
//! one that we choose (M4).
//!
//! The grammar is S2.1 §6.1.2, the mode bits are S2.1 Tables 43 to 45, those of R2 Table 83.

use core::fmt;

use heapless::Vec;

use super::fields::{Fields, offer};
use super::parameters::names;
use super::{Fault, Malformed, Offer};
use crate::limits;
use crate::quirks::{Fired, Quirk};

mod choice;
#[cfg(test)]
mod tests;

pub use choice::{AudioCapabilities, AudioCoding, ChosenAudio, PREFERENCE};

/// An audio format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AudioFormat {
    /// Linear PCM. Mode bit 0 is 44.1 kHz stereo of 16 bit, bit 1 is 48 kHz stereo of 16 bit; R2
    /// has bits 2 to 9 as well.
    Lpcm,
    /// AAC-LC, 48 kHz. Mode bits 0 to 3 are 2, 4, 6 and 8 channels.
    Aac,
    /// AC-3, 48 kHz. Mode bits 0 to 2 are 2, 4 and 6 channels.
    Ac3,
    /// CTA-861-G formats, as the EDID has them; R2 only.
    Cta,
    /// AAC-ELDv2. Mode bits 0 and 1 are mono and stereo; R2 only.
    AacEld,
}

/// The parameter that a list of formats is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// `wfd_audio_codecs`
    R1,
    /// `wfd2_audio_codecs`
    R2,
}

impl AudioFormat {
    const ALL: [Self; 5] = [Self::Lpcm, Self::Aac, Self::Ac3, Self::Cta, Self::AacEld];

    /// LPCM mode bits that R1 has.
    const LPCM_R1: u32 = 0b11;

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lpcm => "LPCM",
            Self::Aac => "AAC",
            Self::Ac3 => "AC3",
            Self::Cta => "CTA",
            Self::AacEld => "AAC-ELDv2",
        }
    }

    const fn is_in(self, release: Release) -> bool {
        match self {
            Self::Lpcm | Self::Aac | Self::Ac3 => true,
            Self::Cta | Self::AacEld => matches!(release, Release::R2),
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|format| format.name().eq_ignore_ascii_case(name))
    }
}

/// One tuple: the modes of one format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioCodec {
    /// The format.
    pub format: AudioFormat,
    /// Mode bits. None may be set (quirk Q39): then the sink does not have the format.
    pub modes: u32,
    /// Latency of the decoder in units of 5 ms; 0 is not stated.
    pub latency: u8,
}

/// What a sink offers. It may lack LPCM, which is mandatory (quirk Q39).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AudioCodecs {
    /// The tuples, in the order of the sink.
    pub codecs: Vec<AudioCodec, { limits::AUDIO_CODECS_MAX }>,
}

impl AudioCodecs {
    /// Reads the value of `wfd_audio_codecs`. See [`Self::read`].
    ///
    /// # Errors
    ///
    /// [`Malformed`] if [`Self::read`] has a fault.
    pub fn parse(value: &str) -> Result<Offer<Self>, Malformed> {
        Self::read(value, Release::R1, &mut Fired::new()).map_err(|fault| Malformed {
            parameter: names::AUDIO_CODECS,
            fault,
        })
    }

    /// Reads the value of the parameter of `release`. Tuples of a format that it does not know are
    /// left out: sinks write their R2 list under the R1 name (quirk Q40).
    ///
    /// # Errors
    ///
    /// The fault if a tuple is not a word and two hexadecimal numbers, or if there are more tuples
    /// than [`limits::AUDIO_CODECS_MAX`].
    pub fn read(value: &str, release: Release, fired: &mut Fired) -> Result<Offer<Self>, Fault> {
        offer(value, |value| {
            let mut codecs = Self::default();
            for tuple in value.split(',') {
                let mut fields = Fields::new(tuple);
                let format = AudioFormat::from_name(fields.word()?);
                let (modes, latency) = (fields.hex()?, fields.hex()?);
                fields.end()?;
                let Some(format) = format.filter(|format| format.is_in(release)) else {
                    fired.note_if(format.is_some(), Quirk::Q40);
                    continue;
                };
                let codec = AudioCodec {
                    format,
                    modes,
                    latency,
                };
                codecs.codecs.push(codec).map_err(|_| Fault::TooMany)?;
            }
            *fired |= codecs.noticed(release);
            Ok(codecs)
        })
    }

    fn noticed(&self, release: Release) -> Fired {
        let mut fired = Fired::new();
        for codec in &self.codecs {
            fired.note_if(codec.modes == 0, Quirk::Q39);
            let beyond_r1 =
                codec.format == AudioFormat::Lpcm && codec.modes & !AudioFormat::LPCM_R1 != 0;
            fired.note_if(beyond_r1 && release == Release::R1, Quirk::Q40);
        }
        fired.note_if(!self.offers(ChosenAudio::LPCM_48), Quirk::Q39);
        fired
    }

    /// Whether the sink offers `choice`.
    pub fn offers(&self, choice: ChosenAudio) -> bool {
        self.codecs
            .iter()
            .any(|codec| codec.format == choice.format() && codec.modes & choice.mode() != 0)
    }

    /// The first of [`PREFERENCE`] that is among `wanted` and that the sink offers.
    pub fn choose(&self, wanted: AudioCapabilities) -> Option<ChosenAudio> {
        let fits =
            |choice: &ChosenAudio| wanted.contains(choice.capability()) && self.offers(*choice);
        PREFERENCE.into_iter().find(fits)
    }
}

/// The form of M3.
impl fmt::Display for AudioCodecs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, codec) in self.codecs.iter().enumerate() {
            let separator = if place == 0 { "" } else { ", " };
            let name = codec.format.name();
            write!(
                f,
                "{separator}{name} {:08X} {:02X}",
                codec.modes, codec.latency
            )?;
        }
        Ok(())
    }
}
