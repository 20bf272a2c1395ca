//! The miniport's audio: opened in the format that the sink agreed to, started and stopped with the
//! pictures.
//!
//! Audio is not worth the session: a miniport that refuses it, or that breaks the contract of its ring,
//! loses the audio alone. The sink gets silence then, if the format allows that, because it was told of
//! a stream and some wait for it.

use miracast_core::media::{self, AudioConfig};
use miracast_core::time::Instant;
use miracast_kmd_iface::NtStatus;

use super::Engine;
use super::hearing::Hearing;
use super::shell::Shell;
use super::sound::AudioStream;

impl Engine<'_> {
    /// M4 is agreed: this is the sound of the session from now on.
    pub(super) fn change_audio(
        &mut self,
        config: Option<AudioConfig>,
        now: Instant,
        shell: &mut impl Shell,
    ) {
        self.close_audio(shell);
        self.audio.agreed = config;
        self.sound_takes(0, now, shell);
        let Some(config) = config else {
            self.streamer.handle(media::Input::StopAudio, now);
            return;
        };
        self.streamer.handle(media::Input::StartAudio(&config), now);
        if config.silence {
            return;
        }
        match self.open_audio(&config, now, shell) {
            Ok(stream) => {
                self.audio.sound.stream = Some(stream);
                self.start_audio(now, shell);
            }
            Err(_) => self.lose_audio(now, shell),
        }
    }

    fn open_audio(
        &mut self,
        config: &AudioConfig,
        now: Instant,
        shell: &mut impl Shell,
    ) -> Result<AudioStream, NtStatus> {
        let opened = self.miniport.audio_open(shell, config.format)?;
        let id = opened.stream;
        let pictures = self.pictures.stream.as_ref();
        if pictures.is_some_and(|stream| stream.id == id) {
            self.audio.sound.counters.same_number += 1;
        } else if let Ok(ring) = shell.map_ring(&opened) {
            return Ok(AudioStream {
                id,
                ring,
                started: false,
                hearing: Hearing::at(now),
            });
        } else {
            self.audio.sound.counters.bad_ring += 1;
        }
        // The stream exists although it cannot be used.
        let _ = self.miniport.audio_close(shell, id);
        Err(NtStatus::INVALID_PARAMETER)
    }

    /// The miniport numbers its pictures, which are being opened, like its sound: whose record is
    /// whose cannot be told any more, and the pictures are what the session is for.
    pub(super) fn give_number(&mut self, id: u32, now: Instant, shell: &mut impl Shell) {
        let sound = &mut self.audio.sound;
        if sound.stream.as_ref().is_some_and(|stream| stream.id == id) {
            sound.counters.same_number += 1;
            self.lose_audio(now, shell);
        }
    }

    /// Starts capturing if there are pictures and the sink wants to hear something.
    pub(super) fn start_audio(&mut self, now: Instant, shell: &mut impl Shell) {
        let pictures = self.pictures.stream.as_ref();
        let streams = pictures.is_some_and(|stream| stream.started);
        let Some(stream) = &mut self.audio.sound.stream else {
            return;
        };
        if !streams || self.audio.muted || stream.started {
            return;
        }
        stream.started = true;
        stream.hearing = Hearing::at(now);
        self.clock_is_old = true;
        match self.miniport.audio_start(shell, stream.id) {
            Ok(started) => {
                let rate = media::Input::AudioRate(started.bit_rate);
                self.streamer.handle(rate, now);
                self.sound_takes(started.bit_rate, now, shell);
            }
            Err(_) => self.lose_audio(now, shell),
        }
    }

    /// Stops capturing; the stream stays open.
    pub(super) fn stop_audio(&mut self, shell: &mut impl Shell) {
        let Some(stream) = &mut self.audio.sound.stream else {
            return;
        };
        if core::mem::take(&mut stream.started) {
            // A stop that is refused leaves chunks that nobody wants; they are dropped.
            let _ = self.miniport.audio_stop(shell, stream.id);
        }
    }

    /// Closes the stream. Its ring is not touched any more from the moment that the request is out.
    pub(super) fn close_audio(&mut self, shell: &mut impl Shell) {
        self.stop_audio(shell);
        self.pictures.forget_sound(&mut self.audio.sound);
        if let Some(stream) = self.audio.sound.stream.take() {
            // The miniport unmaps the ring whatever it answers.
            let _ = self.miniport.audio_close(shell, stream.id);
        }
    }

    /// The miniport's audio is of no use: silence in its place.
    pub(super) fn lose_audio(&mut self, now: Instant, shell: &mut impl Shell) {
        self.audio.sound.counters.lost_streams += 1;
        self.close_audio(shell);
        self.sound_takes(0, now, shell);
        if let Some(agreed) = self.audio.agreed {
            let silent = AudioConfig {
                silence: true,
                ..agreed
            };
            self.streamer.handle(media::Input::StartAudio(&silent), now);
        }
    }

    /// `microsoft_audio_mute`.
    pub(super) fn mute(&mut self, muted: bool, now: Instant, shell: &mut impl Shell) {
        self.audio.muted = muted;
        if muted {
            self.stop_audio(shell);
        } else {
            self.start_audio(now, shell);
        }
    }
}
