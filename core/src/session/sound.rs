//! Sound: in which format, if any, and whether the sink wants to hear it.
//!
//! M4 names the best format that source and sink have in common and that the sink has not refused. A
//! session without a common one goes without sound: its M4 leaves the parameter out, because `none` has
//! made sinks leave (quirk Q63). What is agreed stays to the end (S2.1 §4.10.3.2).

use super::io::Event;
use super::machine::Machine;
use crate::media::AudioConfig;
use crate::quirks::Change;
use crate::wfd::audio::{AudioCapabilities, AudioCodecs, ChosenAudio, Release};
use crate::wfd::negotiate::Candidate;
use crate::wfd::parameters::microsoft;

#[derive(Clone, Copy, Debug)]
pub(super) struct Sound {
    /// Formats that the sink refused although it offers them.
    refused: AudioCapabilities,
    /// M4 is made without sound: the sink refused it otherwise, or the link has no room for it.
    given_up: bool,
    /// What the last M4 offered.
    offered: Option<AudioConfig>,
    agreed: Option<AudioConfig>,
    muted: bool,
}

impl Sound {
    pub(super) const fn new() -> Self {
        Self {
            refused: AudioCapabilities::empty(),
            given_up: false,
            offered: None,
            agreed: None,
            muted: false,
        }
    }

    /// The format of the last M4.
    pub(super) fn offered(&self) -> Option<ChosenAudio> {
        self.offered.map(|config| config.format)
    }

    /// M4 does without sound from now on.
    pub(super) const fn give_up(&mut self) {
        self.given_up = true;
    }

    /// What the sink has agreed to.
    pub(super) const fn agreed(&self) -> Option<&AudioConfig> {
        self.agreed.as_ref()
    }
}

impl Machine {
    /// The formats that the source makes.
    fn source_sound(&self) -> AudioCapabilities {
        self.start
            .map_or(AudioCapabilities::empty(), |start| start.audio)
    }

    /// What M4 says about sound beside this mode, and by the name of which release.
    pub(super) fn offer_sound(&mut self, candidate: &Candidate) -> Option<(Release, ChosenAudio)> {
        let (release, config) = self.choose_sound(candidate).unzip();
        self.sound.offered = config;
        release.zip(self.sound.offered())
    }

    /// What the sink offers, and by which name. That of the video counts (S2.1 §6.4.4); sinks with R2
    /// modes also write their sound under the R1 name alone (quirk Q40).
    fn offered_sound(&self, candidate: &Candidate) -> Option<(Release, &AudioCodecs)> {
        let r1 = self.sink.audio.present().map(|offer| (Release::R1, offer));
        match candidate.name.release() {
            Release::R1 => r1,
            Release::R2 => {
                let r2 = self.sink.r2_audio.present();
                r2.map(|offer| (Release::R2, offer)).or(r1)
            }
        }
    }

    fn choose_sound(&self, candidate: &Candidate) -> Option<(Release, AudioConfig)> {
        if self.sound.given_up {
            return None;
        }
        let (release, sink) = self.offered_sound(candidate)?;
        Some((release, self.common_sound(sink)?))
    }

    /// The format to take of those that the sink offers.
    fn common_sound(&self, sink: &AudioCodecs) -> Option<AudioConfig> {
        let left = AudioCapabilities::all() - self.sound.refused;
        let fired = self.fired();
        let both = self.source_sound() & left;
        let aac = || {
            let due = fired.changes_to(Change::PreferAac);
            due.then(|| sink.choose(both & AudioCapabilities::AAC))
                .flatten()
        };
        let common = aac().or_else(|| sink.choose(both));
        let silent = || {
            let due = fired.changes_to(Change::SilenceInsteadOfNoAudio);
            due.then(|| sink.choose(AudioCapabilities::LPCM & left))
                .flatten()
        };
        Some(AudioConfig {
            format: common.or_else(silent)?,
            descriptors: !fired.changes_to(Change::NoLpcmDescriptors),
            silence: common.is_none(),
        })
    }

    /// Bits a second that the sound will take of what Windows suggests for both (DDI-26). It is not
    /// known yet under which release's name M4 will be, so the dearer sound counts. What coded sound
    /// takes its encoder says when it starts; it is little beside a mode's floor.
    pub(super) fn sound_rate(&self) -> u64 {
        if self.sound.given_up {
            return 0;
        }
        let lists = [self.sink.audio.present(), self.sink.r2_audio.present()];
        let rates = lists.into_iter().flatten().filter_map(|sink| {
            let config = self.common_sound(sink)?;
            config.format.bit_rate()
        });
        rates.max().unwrap_or(0)
    }

    /// The sink said 200 to M4.
    pub(super) fn sound_agreed(&mut self) {
        if self.sound.agreed != self.sound.offered {
            self.sound.agreed = self.sound.offered;
            self.emit(Event::Audio(self.sound.agreed));
        }
    }

    /// The sink refused M4: the format that it named is not offered again. Whether there is another.
    pub(super) fn refuse_sound(&mut self, candidate: &Candidate) -> bool {
        let Some(format) = self.sound.offered() else {
            return false;
        };
        self.sound.refused |= format.capability();
        self.choose_sound(candidate).is_some()
    }

    /// The sink refused M4: sound is not offered any more. Whether it was.
    pub(super) fn give_up_sound(&mut self) -> bool {
        self.sound.give_up();
        self.sound.offered.is_some()
    }

    /// The sink wants silence, or sound again.
    pub(super) fn mute(&mut self, number: u8) {
        let muted = microsoft::mutes(number);
        if self.sound.muted != muted {
            self.sound.muted = muted;
            self.emit(Event::Mute(muted));
        }
    }
}
