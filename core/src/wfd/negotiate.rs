//! Which of the sink's modes we can send, and which of them is best.
//!
//! Wi-Fi Display leaves the choice to the source (S2.1 §4.6). A mode is a candidate if the sink
//! offers it, the encoder can make it with a coding, a profile and a level of the sink (Annex A of
//! H.264 and H.265 decides), and the suggested bit rate carries it. This module does not choose for
//! good: Windows sets the mode, out of the candidates. `rank` says which is better, and why.

use core::fmt;

use heapless::Vec;

use super::chosen::{ChosenVideo, VideoName};
use super::coded::Coded;
use super::modes::{self, Mode, ModeId};
use super::video_offer::VideoOffer;
use crate::encoder::EncoderCapabilities;
use crate::limits;

mod candidate;
mod floor;
mod rank;
mod slices;

#[cfg(test)]
mod tests;

pub use floor::bit_rate_floor;

use candidate::{Sides, WAYS};
use rank::Wishes;

/// A mode that can be sent, with what M4 must say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The mode.
    pub mode: ModeId,
    /// The parameter that offers it, and that announces it in M4.
    pub name: VideoName,
    /// The coding, the better profile that both sides have for this mode, and the highest level that
    /// both sides have and that may carry it. Raising the level later can reset a decoder, so all of it
    /// is announced (S2.1 §4.10.3.2); the stream may have less.
    pub coded: Coded,
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
            name: self.name,
            mode: self.mode,
            coded: self.coded,
            min_slice_size: self.min_slice_size,
            slice_encoding: self.slice_encoding,
            frame_rate_control: self.frame_rate_control,
        }
    }
}

/// Why a mode that the sink offers is not a candidate. A mode that can be sent in several ways has the
/// greatest reason, in this order: that of the way that failed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The encoder has not got the coding.
    Codec,
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
    /// The sink is known not to show modes of this size or rate, or the user says so.
    Quirk,
    /// The sink has refused this mode, or one that is no larger, or its coding (M4).
    Refused,
    /// The suggested bit rate is below the mode's floor.
    Bandwidth,
    /// There are more modes than the miniport's list takes, and all of those are better.
    ListFull,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Codec => "the encoder has not got the coding",
            Self::EncoderSize => "larger than the encoder takes",
            Self::EncoderSpeed => "more macroblocks per second than the encoder makes",
            Self::EncoderInterlace => "interlaced, which the encoder cannot make",
            Self::Profile => "no common profile",
            Self::Level => "no common level carries it",
            Self::EncoderRate => "needs more bits than the encoder makes",
            Self::Quirk => "more than such sinks show",
            Self::Refused => "the sink refused it, or a smaller one",
            Self::Bandwidth => "needs more than the available bit rate",
            Self::ListFull => "the list is full of better ones",
        })
    }
}

/// What sink, encoder and link have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The modes that can be sent, best first.
    pub candidates: Vec<Candidate, { limits::MODES_MAX }>,
    /// The modes of the sink that cannot, in the order of the tables.
    pub left_out: Vec<(ModeId, Reason), { modes::COUNT }>,
    /// The mode that the display behind the sink has of itself: what its EDID prefers, or what the sink
    /// calls native. It need not be a candidate.
    pub native: Option<ModeId>,
    /// Whether the bit rate has cut the list (DDI-20).
    pub reduced_by_bandwidth: bool,
    /// Whether the bit rate carries the least that a session needs (DDI-19); see [`select`].
    pub sustains_floor: bool,
}

impl Selection {
    /// Puts a candidate in its place. A sort of the whole list would be ten KiB of code. Returns the
    /// mode that has no place any more.
    fn insert(&mut self, candidate: Candidate, wishes: &Wishes) -> Option<ModeId> {
        let new = wishes.rank(candidate.mode);
        let before = |other: &Candidate| wishes.rank(other.mode) < new;
        let place = self.candidates.partition_point(before);
        if place == limits::MODES_MAX {
            return Some(candidate.mode);
        }
        let last = if self.candidates.is_full() {
            self.candidates.pop()
        } else {
            None
        };
        // There is room now, and the last one was not before the place.
        let _ = self.candidates.push(candidate);
        if let Some(behind @ [_, ..]) = self.candidates.get_mut(place..) {
            behind.rotate_right(1);
        }
        last.map(|last| last.mode)
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
    /// The sink refused the better profile: only Constrained Baseline is left.
    pub baseline: bool,
    /// The sink refused H.265.
    pub h264_only: bool,
    /// A quirk: nothing larger than this mode, and nothing of more pixels per second, is shown.
    pub maximum: Option<ModeId>,
    /// A quirk: only Constrained Baseline is shown, whatever is offered.
    pub baseline_first: bool,
}

impl Bounds {
    /// Nothing has been refused, and there is no quirk.
    pub const fn new(bit_rate: u64) -> Self {
        Self {
            bit_rate,
            below: None,
            baseline: false,
            h264_only: false,
            maximum: None,
            baseline_first: false,
        }
    }

    const fn only_baseline(&self) -> bool {
        self.baseline || self.baseline_first
    }

    fn judge(&self, candidate: Candidate, mode: Mode) -> Result<Candidate, Reason> {
        let is_h265 = matches!(candidate.coded, Coded::H265(_));
        let is_too_much = |maximum: &Mode| {
            mode.pixels() > maximum.pixels() || rank::pixel_rate(mode) > rank::pixel_rate(*maximum)
        };
        if self.maximum.and_then(modes::mode).is_some_and(is_too_much)
            || (is_h265 && self.baseline_first)
        {
            Err(Reason::Quirk)
        } else if self
            .below
            .is_some_and(|refused| mode.macroblocks_per_second() >= refused)
            || (is_h265 && (self.h264_only || self.baseline))
        {
            Err(Reason::Refused)
        } else if candidate.bit_rate_floor > self.bit_rate {
            Err(Reason::Bandwidth)
        } else {
            Ok(candidate)
        }
    }
}

/// Finds the modes that the sink, the encoder and `bounds` allow, best first (`rank`).
///
/// DDI-19 wants the rate to carry "at least the lowest sink mode, 1024x768". It is read so: the
/// rate must carry 1024x768 at 30 Hz and the lowest mode that sink and encoder have in common; if
/// all of those are smaller than 1024x768, that lowest mode is enough.
pub fn select(offer: &VideoOffer<'_>, encoder: &EncoderCapabilities, bounds: &Bounds) -> Selection {
    let sides = Sides {
        offer,
        encoder,
        bounds,
    };
    let wishes = Wishes::of(offer);
    let mut selection = Selection {
        native: wishes.native(),
        ..Selection::default()
    };
    let mut floor = floor::SessionFloor::default();
    for (id, &mode) in modes::all() {
        let left_out = match find(&sides, &mut floor, id, mode) {
            Some(Ok(candidate)) => selection
                .insert(candidate, &wishes)
                .map(|dropped| (dropped, Reason::ListFull)),
            Some(Err(reason)) => Some((id, reason)),
            None => None,
        };
        if let Some(left_out) = left_out {
            selection.reduced_by_bandwidth |= left_out.1 == Reason::Bandwidth;
            // There is room for every mode.
            let _ = selection.left_out.push(left_out);
        }
    }
    wishes.even_out(&mut selection.candidates);
    selection.sustains_floor = floor.bit_rate() <= bounds.bit_rate;
    selection
}

/// The mode in the first way that works, or why none does; `None` if the sink does not offer it.
fn find(
    sides: &Sides<'_>,
    floor: &mut floor::SessionFloor,
    id: ModeId,
    mode: Mode,
) -> Option<Result<Candidate, Reason>> {
    let mut failed = None;
    for way in WAYS {
        let Some(found) = sides.candidate(way, id, mode) else {
            continue;
        };
        let judged = found.and_then(|candidate| {
            floor.include(mode, candidate.bit_rate_floor);
            sides.bounds.judge(candidate, mode)
        });
        match judged {
            Ok(candidate) => return Some(Ok(candidate)),
            Err(reason) => failed = failed.max(Some(reason)),
        }
    }
    failed.map(Err)
}
