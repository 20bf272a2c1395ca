//! AUDIO_OPEN to AUDIO_CLOSE: what the miniport holds against them, and what they do.

use std::sync::Arc;

use miracast_kmd_iface::codec::Nothing;
use miracast_kmd_iface::escape::{
    AudioClose, AudioCodec, AudioOpen, AudioStart, AudioStarted, AudioStop, Features, StreamOpened,
};
use miracast_kmd_iface::{Field, Malformed, NtStatus};

use super::{Event, Peer, Refused};
use crate::sound::Sound;

impl Peer {
    pub(super) fn audio_open(&mut self, open: &AudioOpen) -> Result<StreamOpened, Refused> {
        if !self.features.contains(Features::AUDIO) {
            return Err(Refused::STATE);
        }
        if self.sound.is_some() {
            return Err(Refused(NtStatus::RESOURCE_IN_USE, Field::NONE));
        }
        let offered = open
            .format()
            .is_some_and(|format| self.options.audio.contains(format));
        if !offered {
            let codec = Malformed::new(Field::CODEC);
            return Err(Refused(codec.status(), codec.field));
        }
        let (source, ring_bytes) = (&self.options.coded_sound, self.options.audio_ring_bytes);
        let bugs = &self.options.misbehaviour;
        let number = if bugs.numbers_alike {
            1
        } else {
            self.last_stream += 1;
            self.last_stream
        };
        let sound = Sound::new(number, *open, source, ring_bytes)
            .map_err(|_| Refused(NtStatus::INSUFFICIENT_RESOURCES, Field::NONE))?
            .spoiled(bugs.sound);
        let opened = self.opened(sound.id(), sound.ring(), bugs.sound_span);
        let sound = Arc::new(sound);
        self.sound = Some(Arc::clone(&sound));
        self.events.push_back(Event::AudioOpened(sound));
        Ok(opened)
    }

    pub(super) fn audio_start(&mut self, start: AudioStart) -> Result<AudioStarted, Refused> {
        let sound = self.named_sound(start.stream)?;
        let is_coded = sound.settings().codec != AudioCodec::LPCM;
        if !sound.is_running() {
            sound.start();
            self.events.push_back(Event::AudioStarted(sound));
        }
        let bit_rate = if is_coded {
            self.options.audio_bit_rate
        } else {
            0
        };
        Ok(AudioStarted { bit_rate })
    }

    pub(super) fn audio_stop(&mut self, stop: AudioStop) -> Result<Nothing, Refused> {
        self.named_sound(stop.stream)?;
        self.silence();
        Ok(Nothing::default())
    }

    pub(super) fn audio_close(&mut self, close: AudioClose) -> Result<Nothing, Refused> {
        if self.sound.is_none() && close.stream == self.closed_sound && close.stream != 0 {
            return Ok(Nothing::default());
        }
        self.closed_sound = self.named_sound(close.stream)?.id();
        self.silence();
        self.sound = None;
        self.events.push_back(Event::AudioClosed);
        Ok(Nothing::default())
    }

    /// Stops the sound, if there is any.
    pub(super) fn silence(&mut self) {
        if let Some(sound) = self.sound.as_ref().filter(|sound| sound.is_running()) {
            sound.stop();
            self.events.push_back(Event::AudioStopped);
        }
    }

    /// The open sound, if it has the number that the driver says.
    fn named_sound(&self, number: u32) -> Result<Arc<Sound>, Refused> {
        let named = self.sound.as_ref().filter(|sound| sound.id() == number);
        named
            .cloned()
            .ok_or(Refused(NtStatus::INVALID_PARAMETER, Field::STREAM))
    }
}
