//! The body of M4: what the source chooses of the sink's offer. Its text is the whole body, line by
//! line, each with CRLF.

use core::fmt;

use super::{FormatChangeTiming, PresentationUrl, RtpPorts, UibcCapability, UibcSetting, names};
use crate::wfd::audio::{ChosenAudio, Release};
use crate::wfd::chosen::ChosenVideo;

/// M4 before the session plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The video format.
    pub video: ChosenVideo,
    /// The sound, by the name of a release; `None` for a session without. Beside the R2 name of a video
    /// format it is that of R2, if the sink has answered it (S2.1 §6.4.4).
    pub audio: Option<(Release, ChosenAudio)>,
    /// Where the stream is.
    pub url: PresentationUrl,
    /// Where RTP goes, as the sink said.
    pub ports: RtpPorts,
    /// The input to take, with our port, and whether it may come at once.
    pub uibc: Option<(UibcCapability, UibcSetting)>,
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.video)?;
        if let Some((release, audio)) = self.audio {
            let name = match release {
                Release::R1 => names::AUDIO_CODECS,
                Release::R2 => names::R2_AUDIO_CODECS,
            };
            write!(f, "{name}: {audio}\r\n")?;
        }
        write!(f, "{}: {}\r\n", names::PRESENTATION_URL, self.url)?;
        write!(f, "{}: {}\r\n", names::CLIENT_RTP_PORTS, self.ports)?;
        if let Some((capability, setting)) = self.uibc {
            write!(f, "{}: {capability}\r\n", names::UIBC_CAPABILITY)?;
            write!(f, "{}: {setting}\r\n", names::UIBC_SETTING)?;
        }
        Ok(())
    }
}

/// M4 in a session that plays: another video format, and from when on it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatChange {
    /// The video format.
    pub video: ChosenVideo,
    /// From when on.
    pub timing: FormatChangeTiming,
}

impl fmt::Display for FormatChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.video)?;
        write!(f, "{}: {}\r\n", names::AV_FORMAT_CHANGE_TIMING, self.timing)
    }
}

#[cfg(test)]
mod tests;
