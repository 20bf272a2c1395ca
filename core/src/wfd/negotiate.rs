//! Which of the sink's modes we can send, and which of them is best.
//!
//! Wi-Fi Display leaves the choice to the source (S2.1 §4.6). A mode is a candidate if the sink
//! offers it, the encoder can make it with a profile and a level of the sink (H.264 Annex A
//! decides), and the suggested bit rate carries it. This module does not choose for good: Windows
//! sets the mode, out of the candidates.

use core::cmp::Reverse;
use core::fmt;

use heapless::Vec;

use super::levels::{Level, Profile};
use super::modes::{self, Mode, ModeId};
use super::video::{ChosenVideo, VideoCodec, VideoFormats};
use crate::encoder::EncoderCapabilities;
use crate::limits;

mod floor;
mod slices;

#[cfg(test)]
mod tests;

pub use floor::bit_rate_floor;

use slices::Slices;

/// A mode that can be sent, with what M4 must say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The mode.
    pub mode: ModeId,
    /// The profile: the greater one that both sides have for this mode.
    pub profile: Profile,
    /// The highest level that both sides have and that may carry the mode. Raising the level later
    /// can reset a decoder, so all of it is announced (S2.1 §4.10.3.2); the stream may have less.
    pub level: Level,
    /// How many slices a picture is cut into, all with the same number of macroblocks; 1 if the
    /// sink or the encoder takes whole pictures only.
    pub slices_max: u16,
    /// Fewest macroblocks of a slice, for M4; 0 with one slice.
    pub min_slice_size: u16,
    /// Slice parameters (S2.1 Table 40), for M4; 0 with one slice.
    pub slice_encoding: u16,
    /// Frame rate control (S2.1 Table 41), for M4: frame skipping, if the sink has it, within the
    /// interval that the sink states. Our encoder sends a picture only when the desktop changes.
    pub frame_rate_control: u8,
    /// The lowest bit rate in bit/s that carries the mode; see [`bit_rate_floor`].
    pub bit_rate_floor: u64,
}

impl Candidate {
    /// What M4 says when this candidate is taken.
    pub const fn chosen(&self) -> ChosenVideo {
        ChosenVideo {
            mode: self.mode,
            profile: self.profile,
            level: self.level,
            min_slice_size: self.min_slice_size,
            slice_encoding: self.slice_encoding,
            frame_rate_control: self.frame_rate_control,
        }
    }
}

/// Why a mode that the sink offers is not a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The picture is larger than the encoder takes.
    EncoderSize,
    /// The encoder is not fast enough.
    EncoderSpeed,
    /// The mode is interlaced and the encoder is not.
    EncoderInterlace,
    /// Sink and encoder have no profile in common that can code the mode.
    Profile,
    /// No level up to the highest that sink and encoder have in common may carry the mode.
    Level,
    /// The encoder's highest bit rate is below the mode's floor.
    EncoderRate,
    /// The suggested bit rate is below the mode's floor.
    Bandwidth,
    /// The sink has refused this mode, or one that is no larger (M4).
    Refused,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EncoderSize => "larger than the encoder takes",
            Self::EncoderSpeed => "more macroblocks per second than the encoder makes",
            Self::EncoderInterlace => "interlaced, which the encoder cannot make",
            Self::Profile => "no common profile",
            Self::Level => "no common level carries it",
            Self::EncoderRate => "needs more bits than the encoder makes",
            Self::Bandwidth => "needs more than the available bit rate",
            Self::Refused => "the sink refused it, or a smaller one",
        })
    }
}

/// What sink, encoder and link have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The modes that can be sent, best first.
    pub candidates: Vec<Candidate, { limits::MODES_MAX }>,
    /// The modes of the sink that cannot, in the order of the tables.
    pub left_out: Vec<(ModeId, Reason), { limits::MODES_MAX }>,
    /// Whether the bit rate has cut the list (DDI-20).
    pub reduced_by_bandwidth: bool,
    /// Whether the bit rate carries the least that a session needs (DDI-19); see [`select`].
    pub sustains_floor: bool,
}

impl Selection {
    /// Puts a candidate in its place. A sort of the whole list would be ten KiB of code.
    fn insert(&mut self, candidate: Candidate, native: Option<ModeId>) {
        let new = rank(candidate.mode, native);
        let before = |other: &Candidate| rank(other.mode, native) < new;
        let place = self.candidates.partition_point(before);
        // There is room for every mode (asserted in `modes`), so nothing is lost.
        let _ = self.candidates.insert(place, candidate);
    }

    /// The candidate with this mode.
    pub fn candidate(&self, mode: ModeId) -> Option<&Candidate> {
        self.candidates
            .iter()
            .find(|candidate| candidate.mode == mode)
    }
}

/// What bounds a selection besides sink and encoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The bit rate for video in bit/s that the link carries.
    pub bit_rate: u64,
    /// The sink refused a mode of so many macroblocks per second: only modes with fewer are left.
    pub below: Option<u32>,
    /// The sink refused the greater profile: only Constrained Baseline is left.
    pub baseline: bool,
}

impl Bounds {
    /// Nothing has been refused.
    pub const fn new(bit_rate: u64) -> Self {
        Self {
            bit_rate,
            below: None,
            baseline: false,
        }
    }

    const fn profiles(&self) -> u8 {
        if self.baseline {
            Profile::Cbp.mask()
        } else {
            u8::MAX
        }
    }

    fn allow(&self, mode: Mode) -> bool {
        self.below
            .is_none_or(|refused| mode.macroblocks_per_second() < refused)
    }
}

/// Finds the modes that the sink, the encoder and `bounds` allow.
///
/// The order is: the sink's native mode, unless its byte is 0; then the highest score, pixels times
/// rate, doubled if progressive (AOSP's measure); then CEA before VESA before handheld, and the lower
/// bit. The tables have a progressive mode before the interlaced one of the same score.
///
/// DDI-19 wants the rate to carry "at least the lowest sink mode, 1024x768". It is read so: the
/// rate must carry 1024x768 at 30 Hz and the lowest mode that sink and encoder have in common; if
/// all of those are smaller than 1024x768, that lowest mode is enough.
pub fn select(video: &VideoFormats, encoder: &EncoderCapabilities, bounds: &Bounds) -> Selection {
    let encoder = &EncoderCapabilities {
        profiles: encoder.profiles & bounds.profiles(),
        ..*encoder
    };
    let bit_rate = bounds.bit_rate;
    let mut selection = Selection::default();
    let mut floor = floor::SessionFloor::default();
    // A byte that nobody filled in is 0, too, also in sinks of 1080p (quirk Q32): it names the mode that
    // every sink must offer, and is no wish for it.
    let native = video.native_mode().filter(|_| video.native != 0);
    for (id, &mode) in modes::all().filter(|(id, _)| video.offers(*id)) {
        let found = candidate(video, encoder, id, mode).and_then(|candidate| {
            floor.include(mode, candidate.bit_rate_floor);
            if !bounds.allow(mode) {
                Err(Reason::Refused)
            } else if candidate.bit_rate_floor <= bit_rate {
                Ok(candidate)
            } else {
                Err(Reason::Bandwidth)
            }
        });
        selection.reduced_by_bandwidth |= found == Err(Reason::Bandwidth);
        // Both lists have room for every mode (asserted in `modes`), so nothing is lost.
        match found {
            Ok(candidate) => selection.insert(candidate, native),
            Err(reason) => drop(selection.left_out.push((id, reason))),
        }
    }
    selection.sustains_floor = floor.bit_rate() <= bit_rate;
    selection
}

/// The place of a mode in the order of [`select`]; the least is the best.
fn rank(id: ModeId, native: Option<ModeId>) -> (bool, Reverse<u64>, ModeId) {
    let score = modes::mode(id).map_or(0, |mode| {
        let weight = if mode.interlaced { 1 } else { 2 };
        u64::from(mode.pixels()) * u64::from(mode.rate) * weight
    });
    (native != Some(id), Reverse(score), id)
}

/// What sink and encoder have in common for one mode, whatever the bit rate.
fn candidate(
    video: &VideoFormats,
    encoder: &EncoderCapabilities,
    id: ModeId,
    mode: Mode,
) -> Result<Candidate, Reason> {
    encoder_makes(encoder, mode)?;
    let (codec, profile, level) = best_codec(video, encoder, id, mode)?;
    let slices = Slices::agree(codec, encoder.max_slices, mode);
    let floor = bit_rate_floor(&mode);
    if floor > encoder.max_bit_rate {
        return Err(Reason::EncoderRate);
    }
    Ok(Candidate {
        mode: id,
        profile,
        level,
        slices_max: slices.count,
        min_slice_size: slices.min_slice_size,
        slice_encoding: slices.encoding,
        frame_rate_control: frame_rate_control(codec),
        bit_rate_floor: floor,
    })
}

fn encoder_makes(encoder: &EncoderCapabilities, mode: Mode) -> Result<(), Reason> {
    if mode.width > encoder.max_width || mode.height > encoder.max_height {
        Err(Reason::EncoderSize)
    } else if mode.macroblocks_per_second() > encoder.max_macroblocks_per_second {
        Err(Reason::EncoderSpeed)
    } else if mode.interlaced && !encoder.interlaced {
        Err(Reason::EncoderInterlace)
    } else {
        Ok(())
    }
}

/// The tuple to use for a mode: the greater profile, then the higher level, then the first.
fn best_codec<'a>(
    video: &'a VideoFormats,
    encoder: &EncoderCapabilities,
    id: ModeId,
    mode: Mode,
) -> Result<(&'a VideoCodec, Profile, Level), Reason> {
    let encoder_level = Level::from_bit(encoder.level_bit).unwrap_or(Level::HIGHEST_R1);
    let codecs = video.codecs.iter().filter(|codec| codec.offers(id));
    let mut best: Option<(&VideoCodec, Profile, Level)> = None;
    let mut reason = Reason::Profile;
    for codec in codecs {
        for profile in Profile::ALL {
            let able = codec.offers_profile(profile) && encoder.profiles & profile.mask() != 0;
            if !able || (mode.interlaced && !profile.interlaced()) {
                continue;
            }
            reason = Reason::Level;
            let Some(level) = codec.level().min(encoder_level).highest_for(&mode) else {
                continue;
            };
            if best.is_none_or(|(_, p, l)| (profile, level) > (p, l)) {
                best = Some((codec, profile, level));
            }
        }
    }
    best.ok_or(reason)
}

/// Only what the sink has, and of that only frame skipping: nothing here changes the refresh rate
/// without the user.
const fn frame_rate_control(codec: &VideoCodec) -> u8 {
    if codec.frame_rate_control & VideoCodec::FRAME_SKIPPING == 0 {
        return 0;
    }
    codec.frame_rate_control & (VideoCodec::FRAME_SKIPPING | VideoCodec::SKIP_INTERVAL)
}
