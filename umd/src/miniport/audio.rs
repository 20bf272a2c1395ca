//! The audio stream: formats in both languages, and its escapes.

use miracast_core::wfd::audio::{AudioCapabilities, AudioCoding, ChosenAudio};
use miracast_kmd_iface::NtStatus;
use miracast_kmd_iface::escape::{
    AudioClose, AudioCodec, AudioFormats, AudioOpen, AudioStart, AudioStarted, AudioStop,
    StreamOpened,
};

use super::Miniport;
use crate::engine::Shell;

/// The formats one by one: the same bits today, and translated so that a change of either side does
/// not slip through.
const FORMATS: [(AudioFormats, AudioCapabilities); 9] = [
    (AudioFormats::LPCM_48, AudioCapabilities::LPCM_48),
    (AudioFormats::LPCM_44, AudioCapabilities::LPCM_44),
    (AudioFormats::AAC_2, AudioCapabilities::AAC_STEREO),
    (AudioFormats::AAC_4, AudioCapabilities::AAC_4),
    (AudioFormats::AAC_6, AudioCapabilities::AAC_6),
    (AudioFormats::AAC_8, AudioCapabilities::AAC_8),
    (AudioFormats::AC3_2, AudioCapabilities::AC3_STEREO),
    (AudioFormats::AC3_4, AudioCapabilities::AC3_4),
    (AudioFormats::AC3_6, AudioCapabilities::AC3_6),
];

/// What the miniport offers, in the core's words.
pub(super) fn capabilities(formats: AudioFormats) -> AudioCapabilities {
    let offered = FORMATS
        .iter()
        .filter(|(format, _)| formats.contains(*format));
    offered.map(|(_, capability)| *capability).collect()
}

impl Miniport<'_> {
    /// The formats of audio that the miniport captures. Known after [`Miniport::hello`].
    pub const fn audio(&self) -> AudioCapabilities {
        self.audio
    }

    /// Opens the audio stream.
    ///
    /// # Errors
    ///
    /// The miniport refused.
    pub fn audio_open(
        &mut self,
        shell: &mut impl Shell,
        format: ChosenAudio,
    ) -> Result<StreamOpened, NtStatus> {
        let codec = match format.coding() {
            AudioCoding::Lpcm => AudioCodec::LPCM,
            AudioCoding::Aac => AudioCodec::AAC,
            AudioCoding::Ac3 => AudioCodec::AC3,
        };
        let open = AudioOpen {
            codec,
            channels: format.channels(),
            sample_rate: format.sample_rate(),
            bit_rate: 0,
        };
        self.ask(shell, &open)
    }

    /// Starts capturing.
    ///
    /// # Errors
    ///
    /// The miniport refused.
    pub fn audio_start(
        &mut self,
        shell: &mut impl Shell,
        stream: u32,
    ) -> Result<AudioStarted, NtStatus> {
        self.ask(shell, &AudioStart { stream })
    }

    /// Stops capturing.
    ///
    /// # Errors
    ///
    /// The miniport refused.
    pub fn audio_stop(&mut self, shell: &mut impl Shell, stream: u32) -> Result<(), NtStatus> {
        self.ask(shell, &AudioStop { stream }).map(|_| ())
    }

    /// Closes the audio stream. Its ring must not be touched from here on.
    ///
    /// # Errors
    ///
    /// The miniport refused.
    pub fn audio_close(&mut self, shell: &mut impl Shell, stream: u32) -> Result<(), NtStatus> {
        self.ask(shell, &AudioClose { stream }).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::{AudioCapabilities, AudioFormats, FORMATS, capabilities};

    #[test]
    fn every_format_has_its_own_capability() {
        assert_eq!(capabilities(AudioFormats::all()), AudioCapabilities::all());
        for (format, capability) in FORMATS {
            assert_eq!(capabilities(format), capability);
        }
        let unknown = AudioFormats::from_bits_retain(1 << 31);
        assert_eq!(capabilities(unknown), AudioCapabilities::empty());
    }
}
