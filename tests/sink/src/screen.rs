//! What the screen stays black or the speaker silent without: streams that sinks of the field take and do
//! not play.

use crate::choice::Choice;
use crate::stream::{Coding, StreamReport};

/// profile_idc of Baseline (ITU-T H.264 §A.2.1).
const BASELINE: u8 = 66;

/// A condition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// PAT and PMT have this `version_number` (quirk Q60).
    PsiVersion(u8),
    /// No audio stream of the PMT has descriptors (quirk Q62).
    NoAudioDescriptors,
    /// The stream is of Constrained Baseline profile (quirk Q64).
    Baseline,
    /// None of these modes was chosen (S2.1 T34; quirk Q65).
    NotCea(u32),
    /// The sound is AAC (quirk Q66).
    Aac,
    /// The RTP marker ends each picture (quirk Q72): without it a picture is shown late.
    Marker,
}

impl Need {
    /// Whether a stream that was opened by such an M4 is seen and heard.
    pub fn is_met(self, stream: &StreamReport, chosen: Option<&Choice>) -> bool {
        match self {
            Self::PsiVersion(version) => stream.psi_version == Some(version),
            Self::NoAudioDescriptors => !stream.audio_described,
            Self::Baseline => stream.profile == Some(BASELINE),
            Self::NotCea(modes) => chosen.is_some_and(|it| it.cea & u64::from(modes) == 0),
            Self::Aac => {
                let sound = stream.sound.format;
                sound.is_some_and(|format| format.coding == Coding::Aac)
            }
            // The checker has a rule of its own for it.
            Self::Marker => true,
        }
    }
}

/// What of `needs` is missing; nothing if all of it is seen and heard.
pub fn missing(needs: &[Need], stream: &StreamReport, chosen: Option<&Choice>) -> Vec<Need> {
    let unmet = needs.iter().filter(|need| !need.is_met(stream, chosen));
    unmet.copied().collect()
}
