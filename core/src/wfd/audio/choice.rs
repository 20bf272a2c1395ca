//! The formats of sound that this driver sends, and which of them it prefers.

use core::fmt;

use bitflags::bitflags;

use super::AudioFormat;

bitflags! {
    /// Formats that a source can make; a bit for each mode of S2.1 Tables 43 to 45.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct AudioCapabilities: u16 {
        /// See [`ChosenAudio::LPCM_48`].
        const LPCM_48 = 1 << 0;
        /// See [`ChosenAudio::LPCM_44`].
        const LPCM_44 = 1 << 1;
        /// See [`ChosenAudio::AAC_STEREO`].
        const AAC_STEREO = 1 << 2;
        /// See [`ChosenAudio::AAC_4`].
        const AAC_4 = 1 << 3;
        /// See [`ChosenAudio::AAC_6`].
        const AAC_6 = 1 << 4;
        /// See [`ChosenAudio::AAC_8`].
        const AAC_8 = 1 << 5;
        /// See [`ChosenAudio::AC3_STEREO`].
        const AC3_STEREO = 1 << 6;
        /// See [`ChosenAudio::AC3_4`].
        const AC3_4 = 1 << 7;
        /// See [`ChosenAudio::AC3_6`].
        const AC3_6 = 1 << 8;
    }
}

impl AudioCapabilities {
    /// What needs no encoder: the streamer itself can make silence of it.
    pub const LPCM: Self = Self::LPCM_48.union(Self::LPCM_44);
    /// AAC with any number of channels.
    pub const AAC: Self = Self::AAC_STEREO
        .union(Self::AAC_4)
        .union(Self::AAC_6)
        .union(Self::AAC_8);
}

/// How sound is coded: those of the [`AudioFormat`]s that R1 has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AudioCoding {
    /// Linear PCM, 16 bit, stereo.
    Lpcm,
    /// AAC-LC in ADTS frames.
    Aac,
    /// AC-3.
    Ac3,
}

/// The format that M4 announces. Its text is the value of `wfd_audio_codecs`, with latency 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChosenAudio {
    coding: AudioCoding,
    mode: u32,
    capability: AudioCapabilities,
    channels: u16,
}

/// The order in which formats are chosen, whatever that of the sink.
///
/// LPCM at 48 kHz is first: every sink that has sound must have it (S2.1 Table 43), it costs no
/// encoder and no delay, and Windows mixes at that rate. AAC costs a frame of 21.3 ms, AC-3 one of
/// 32 ms. LPCM at 44.1 kHz is last of the stereo formats, because all that Windows mixes would have
/// to be resampled. Stereo goes before more channels: that is what a display has.
pub const PREFERENCE: [ChosenAudio; 9] = [
    ChosenAudio::LPCM_48,
    ChosenAudio::AAC_STEREO,
    ChosenAudio::AC3_STEREO,
    ChosenAudio::LPCM_44,
    ChosenAudio::AAC_6,
    ChosenAudio::AC3_6,
    ChosenAudio::AAC_8,
    ChosenAudio::AAC_4,
    ChosenAudio::AC3_4,
];

impl ChosenAudio {
    /// LPCM, 48 kHz, 16 bit, stereo: mandatory for every sink that has audio (S2.1 Table 43).
    pub const LPCM_48: Self = Self::new(AudioCoding::Lpcm, 1, AudioCapabilities::LPCM_48, 2);
    /// LPCM, 44.1 kHz, 16 bit, stereo (S2.1 Table 43).
    pub const LPCM_44: Self = Self::new(AudioCoding::Lpcm, 0, AudioCapabilities::LPCM_44, 2);
    /// AAC-LC, 48 kHz, stereo (S2.1 Table 44).
    pub const AAC_STEREO: Self = Self::new(AudioCoding::Aac, 0, AudioCapabilities::AAC_STEREO, 2);
    /// AAC-LC, 48 kHz, four channels (S2.1 Table 44).
    pub const AAC_4: Self = Self::new(AudioCoding::Aac, 1, AudioCapabilities::AAC_4, 4);
    /// AAC-LC, 48 kHz, six channels (S2.1 Table 44).
    pub const AAC_6: Self = Self::new(AudioCoding::Aac, 2, AudioCapabilities::AAC_6, 6);
    /// AAC-LC, 48 kHz, eight channels (S2.1 Table 44).
    pub const AAC_8: Self = Self::new(AudioCoding::Aac, 3, AudioCapabilities::AAC_8, 8);
    /// AC-3, 48 kHz, stereo (S2.1 Table 45).
    pub const AC3_STEREO: Self = Self::new(AudioCoding::Ac3, 0, AudioCapabilities::AC3_STEREO, 2);
    /// AC-3, 48 kHz, four channels (S2.1 Table 45).
    pub const AC3_4: Self = Self::new(AudioCoding::Ac3, 1, AudioCapabilities::AC3_4, 4);
    /// AC-3, 48 kHz, six channels (S2.1 Table 45).
    pub const AC3_6: Self = Self::new(AudioCoding::Ac3, 2, AudioCapabilities::AC3_6, 6);

    const fn new(
        coding: AudioCoding,
        bit: u32,
        capability: AudioCapabilities,
        channels: u16,
    ) -> Self {
        Self {
            coding,
            mode: 1 << bit,
            capability,
            channels,
        }
    }

    /// The coding.
    pub const fn coding(self) -> AudioCoding {
        self.coding
    }

    /// The format by whose name it goes.
    pub const fn format(self) -> AudioFormat {
        match self.coding {
            AudioCoding::Lpcm => AudioFormat::Lpcm,
            AudioCoding::Aac => AudioFormat::Aac,
            AudioCoding::Ac3 => AudioFormat::Ac3,
        }
    }

    /// The mode, one bit.
    pub const fn mode(self) -> u32 {
        self.mode
    }

    /// The capability that a source needs for it.
    pub const fn capability(self) -> AudioCapabilities {
        self.capability
    }

    /// Channels.
    pub const fn channels(self) -> u16 {
        self.channels
    }

    /// Bits a second of LPCM, two channels of 16 bit; `None` where its encoder decides.
    pub const fn bit_rate(self) -> Option<u64> {
        match self.coding {
            AudioCoding::Lpcm => Some(self.sample_rate() as u64 * 32),
            AudioCoding::Aac | AudioCoding::Ac3 => None,
        }
    }

    /// Samples a second of each channel.
    pub const fn sample_rate(self) -> u32 {
        if self.capability.contains(AudioCapabilities::LPCM_44) {
            44_100
        } else {
            48_000
        }
    }
}

impl fmt::Display for ChosenAudio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:08X} 00", self.format().name(), self.mode)
    }
}
