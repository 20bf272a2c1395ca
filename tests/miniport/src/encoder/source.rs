//! Where the pictures come from, as a test or a command line chooses it.

use super::{Coding, EncodeError, Encoder, OpenH264, Player, Settings, Synthetic};

/// The kind of encoder that a miniport has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A real encoder on the emulated desktop.
    OpenH264,
    /// The content of an Annex B file, H.264 or H.265, whatever else the settings ask for.
    File(Vec<u8>),
    /// Framed pseudo-random bytes.
    Synthetic {
        /// The same seed makes the same bytes.
        seed: u64,
    },
}

impl Source {
    /// What the pictures are coded with.
    pub fn coding(&self) -> Coding {
        match self {
            Self::OpenH264 | Self::Synthetic { .. } => Coding::H264,
            Self::File(bytes) => Coding::of(bytes),
        }
    }

    /// Sets up an encoder.
    ///
    /// # Errors
    /// The settings, the library or the file do not allow it.
    pub fn open(&self, settings: &Settings) -> Result<Box<dyn Encoder>, EncodeError> {
        if settings.coding != self.coding() {
            return Err(EncodeError::Settings("another coding"));
        }
        Ok(match self {
            Self::OpenH264 => Box::new(OpenH264::new(*settings)?),
            Self::File(bytes) => Box::new(Player::new(bytes)?),
            Self::Synthetic { seed } => Box::new(Synthetic::new(*settings, *seed)),
        })
    }
}
