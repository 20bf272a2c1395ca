//! Sound: units that come, and silence that is made.

use super::{Phase, Step, Streamer, Work};
use crate::limits;
use crate::media::audio::{self, Samples, Zeros};
use crate::media::clock::BASE_MODULUS;
use crate::media::packetizer::{Cut, PesBytes};
use crate::media::{AudioChunk, AudioConfig, DropReason, Payload};
use crate::time::Instant;
use crate::wfd::audio::ChosenAudio;

/// A unit is one PES packet, and never a place to begin the pictures at.
const WHOLE: Cut = Cut {
    done: 0,
    starts: true,
    random_access: false,
};

/// A unit that is to be packed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packing {
    pub(super) id: u64,
    format: ChosenAudio,
    /// Bytes of the payload.
    length: usize,
    pts: u64,
}

impl Streamer<'_> {
    pub(super) fn change_sound(&mut self, config: Option<&AudioConfig>, now: Instant) {
        if matches!(self.work, Work::SoundWaiting(_) | Work::SoundPacking(_)) {
            self.abandon(DropReason::NoAudio);
        }
        self.sound.change(config);
        self.begin_silence(now);
        self.describe_sound(now);
    }

    pub(super) fn rate_sound(&mut self, bit_rate: u32, now: Instant) {
        self.sound.set_bit_rate(bit_rate);
        self.describe_sound(now);
    }

    /// A change of the PMT goes out at once: what follows is of no use without it.
    fn describe_sound(&mut self, now: Instant) {
        let changed = self.tables.describe_sound(self.sound.entry());
        if changed && self.phase == Phase::Streaming {
            self.tables.set_due(Some(now));
        }
    }

    /// A packet of a picture is in the batch: sound may follow.
    pub(super) fn admit_sound_from_here(&mut self, now: Instant) {
        if !self.pictures_began {
            self.pictures_began = true;
            self.begin_silence(now);
        }
    }

    /// Begins silence, unless nothing flows or it would come before the pictures.
    pub(super) fn begin_silence(&mut self, now: Instant) {
        if self.phase != Phase::Streaming || !self.pictures_began {
            return;
        }
        if let Some(silence) = &mut self.sound.silence {
            silence.begin(now);
        }
    }

    pub(super) fn end_silence(&mut self) {
        if let Some(silence) = &mut self.sound.silence {
            silence.end();
        }
    }

    pub(super) fn begin_sound(&mut self, chunk: AudioChunk, length: usize, now: Instant) -> Step {
        match self.admit_sound(chunk, length, now) {
            Ok(packing) => {
                self.work = Work::SoundPacking(packing);
                Step::ChunkStart { id: chunk.id }
            }
            Err(reason) => self.drop_sound(chunk.id, reason),
        }
    }

    fn admit_sound(
        &mut self,
        chunk: AudioChunk,
        length: usize,
        now: Instant,
    ) -> Result<Packing, DropReason> {
        match self.phase {
            Phase::Streaming => {}
            Phase::Stopped => return Err(DropReason::Stopped),
            Phase::Paused => return Err(DropReason::Paused),
        }
        let format = self.sound.taken().ok_or(DropReason::NoAudio)?;
        if !self.pictures_began {
            return Err(DropReason::BeforePictures);
        }
        audio::judge(format, length)?;
        let (last, counters) = (self.sound.last_pts, &mut self.counters);
        let pts = self.clock.sound(last, chunk.captured, now, counters);
        let pts = pts.ok_or(DropReason::AudioLate)?;
        self.sound.last_pts = Some(pts);
        counters.audio_units += 1;
        counters.audio_discontinuities += u64::from(chunk.discontinuity);
        Ok(Packing {
            id: chunk.id,
            format,
            length,
            pts,
        })
    }

    fn drop_sound(&mut self, id: u64, reason: DropReason) -> Step {
        self.counters.drop_chunk(reason);
        self.report_drop(id, reason)
    }

    pub(super) fn pack_sound<P: Payload + ?Sized>(
        &mut self,
        sound: Packing,
        payload: &P,
        now: Instant,
    ) -> Step {
        if payload.len() != sound.length {
            return self.drop_sound(sound.id, DropReason::PayloadChanged);
        }
        self.write_due(now);
        let samples = Samples::new(sound.format, payload);
        self.write_unit(sound.format, sound.pts, &samples, now);
        self.batch.flush(false, &mut self.counters);
        self.work = Work::Done { id: sound.id };
        Step::Datagrams
    }

    /// Writes the silence that is due. What would come too late for a sink is left out.
    pub(super) fn write_silence(&mut self, now: Instant) {
        let Some(format) = self.sound.made() else {
            return;
        };
        for _ in 0..limits::SILENT_UNITS_MAX {
            let Some(pts) = self.next_silence(now) else {
                return;
            };
            self.write_unit(format, pts, &Zeros, now);
            self.counters.silent_units += 1;
        }
    }

    fn next_silence(&mut self, now: Instant) -> Option<u64> {
        let silence = self.sound.silence.as_mut()?;
        self.counters.silent_units_skipped += silence.skip(now);
        if silence.due()? > now {
            return None;
        }
        let (began, behind) = silence.position()?;
        silence.advance();
        let least = self.sound.last_pts.map_or(0, |last| last + 1);
        let pts = (self.clock.silence(began) + behind).max(least);
        self.sound.last_pts = Some(pts);
        Some(pts)
    }

    /// Packs a unit. A batch with nothing but what the timer asked for has room for all of it
    /// ([`limits`]).
    fn write_unit(&mut self, format: ChosenAudio, pts: u64, payload: &dyn Payload, now: Instant) {
        self.batch.stamp(self.clock.rtp(now));
        let header = audio::header(format, pts % BASE_MODULUS, payload.len());
        let bytes = PesBytes::new(&header, payload, 0);
        let track = &mut self.sound.packetizer;
        let mut cut = WHOLE;
        track.pack(&mut self.batch, &bytes, &mut cut);
    }
}
