//! The sound that the desktop plays, from AUDIO_OPEN to AUDIO_CLOSE: its ring, and whether it is wanted.
//!
//! Two parties hold a [`Sound`], as two hold a [`Stream`](crate::stream::Stream): the
//! [peer](crate::peer), and whoever captures.

use core::fmt;
use std::sync::Mutex;

use miracast_kmd_iface::escape::AudioOpen;
use miracast_kmd_iface::ring::MapError;

use crate::ring::{Ring, RingAddress};
use crate::stream::lock;

/// An audio stream.
pub struct Sound {
    id: u32,
    settings: AudioOpen,
    ring: RingAddress,
    state: Mutex<State>,
}

struct State {
    running: bool,
    /// Owns the memory at [`Sound::ring`].
    _ring: Ring,
}

impl fmt::Debug for Sound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sound")
            .field("id", &self.id)
            .field("settings", &self.settings)
            .field("ring", &self.ring)
            .finish_non_exhaustive()
    }
}

impl Sound {
    /// Sound that is stopped, with a ring of `ring_bytes`.
    ///
    /// # Errors
    /// The ring cannot have that size.
    pub fn new(id: u32, settings: AudioOpen, ring_bytes: u32) -> Result<Self, MapError> {
        let ring = Ring::new(ring_bytes)?;
        Ok(Self {
            id,
            settings,
            ring: ring.address(),
            state: Mutex::new(State {
                running: false,
                _ring: ring,
            }),
        })
    }

    /// The number that names it.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What AUDIO_OPEN asked for.
    pub fn settings(&self) -> &AudioOpen {
        &self.settings
    }

    /// Where the ring is.
    pub fn ring(&self) -> RingAddress {
        self.ring
    }

    /// Whether samples are wanted.
    pub fn is_running(&self) -> bool {
        lock(&self.state).running
    }

    /// Samples are wanted.
    pub fn start(&self) {
        lock(&self.state).running = true;
    }

    /// Samples are not wanted: none is written once this has returned.
    pub fn stop(&self) {
        lock(&self.state).running = false;
    }
}
