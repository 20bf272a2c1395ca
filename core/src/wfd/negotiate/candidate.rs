//! What sink and encoder have in common for one mode, whatever the bit rate.

use super::slices::Slices;
use super::{Bounds, Candidate, Reason, bit_rate_floor};
use crate::encoder::EncoderCapabilities;
use crate::wfd::chosen::VideoName;
use crate::wfd::coded::{Coded, Coding};
use crate::wfd::hevc::HevcLevel;
use crate::wfd::levels::{Level, Profile};
use crate::wfd::modes::{Mode, ModeId};
use crate::wfd::video::VideoCodec;
use crate::wfd::video_offer::{Tuple, VideoOffer};

/// A way to send a mode: a coding, and by which parameters it is announced.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    coding: Coding,
    /// Only tuples of this parameter, or with `None` those of any.
    name: Option<VideoName>,
    /// Not tuples of this one.
    but: Option<VideoName>,
}

/// The ways in the order in which they are tried; the first that works is taken. H.264 comes first
/// because every sink decodes it, and R1's names because every sink knows them. H.265 is for what
/// H.264 cannot carry: a mode above its levels or a link below its floor.
pub(super) const WAYS: [Way; 3] = [
    Way {
        coding: Coding::H264,
        name: None,
        but: Some(VideoName::R2),
    },
    Way {
        coding: Coding::H264,
        name: Some(VideoName::R2),
        but: None,
    },
    Way {
        coding: Coding::H265,
        name: None,
        but: None,
    },
];

/// The two sides of a negotiation and what else bounds it.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) offer: &'a VideoOffer<'a>,
    pub(super) encoder: &'a EncoderCapabilities,
    pub(super) bounds: &'a Bounds,
}

/// What an encoder can do with one coding.
struct Limits {
    width: u16,
    height: u16,
    macroblocks_per_second: u32,
    bit_rate: u64,
    slices: u16,
    interlaced: bool,
}

impl Limits {
    fn of(encoder: &EncoderCapabilities, coding: Coding) -> Option<Self> {
        match coding {
            Coding::H264 => Some(Self {
                width: encoder.max_width,
                height: encoder.max_height,
                macroblocks_per_second: encoder.max_macroblocks_per_second,
                bit_rate: encoder.max_bit_rate,
                slices: encoder.max_slices,
                interlaced: encoder.interlaced,
            }),
            Coding::H265 => encoder.hevc.map(|hevc| Self {
                width: hevc.max_width,
                height: hevc.max_height,
                macroblocks_per_second: hevc.max_macroblocks_per_second,
                bit_rate: hevc.max_bit_rate,
                slices: 1,
                interlaced: false,
            }),
        }
    }

    fn allow(&self, mode: Mode) -> Result<(), Reason> {
        if mode.width > self.width || mode.height > self.height {
            Err(Reason::EncoderSize)
        } else if mode.macroblocks_per_second() > self.macroblocks_per_second {
            Err(Reason::EncoderSpeed)
        } else if mode.interlaced && !self.interlaced {
            Err(Reason::EncoderInterlace)
        } else {
            Ok(())
        }
    }
}

impl<'a> Sides<'a> {
    /// The mode in one way; `None` if the sink does not offer it so.
    pub(super) fn candidate(
        &self,
        way: Way,
        id: ModeId,
        mode: Mode,
    ) -> Option<Result<Candidate, Reason>> {
        self.tuples(way, id).next()?;
        Some(self.common(way, id, mode))
    }

    fn common(&self, way: Way, id: ModeId, mode: Mode) -> Result<Candidate, Reason> {
        let limits = Limits::of(self.encoder, way.coding).ok_or(Reason::Codec)?;
        limits.allow(mode)?;
        let (tuple, coded) = match way.coding {
            Coding::H264 => self.best_h264(way, id, mode)?,
            Coding::H265 => self.best_h265(way, id, mode)?,
        };
        let slices = Slices::agree(tuple.slices(), limits.slices, mode);
        let floor = bit_rate_floor(&mode, way.coding);
        if floor > limits.bit_rate {
            return Err(Reason::EncoderRate);
        }
        Ok(Candidate {
            mode: id,
            name: tuple.name(),
            coded,
            slices_max: slices.count,
            min_slice_size: slices.min_slice_size,
            slice_encoding: slices.encoding,
            frame_rate_control: frame_rate_control(tuple.frame_rate_control()),
            bit_rate_floor: floor,
        })
    }

    /// The tuples that offer the mode in this way.
    fn tuples(&self, way: Way, id: ModeId) -> impl Iterator<Item = Tuple<'a>> {
        let offer = self.offer;
        offer.tuples().filter(move |tuple| {
            let name = tuple.name();
            let is_coding = match way.coding {
                Coding::H264 => tuple.has_h264(),
                Coding::H265 => tuple.has_h265(),
            };
            is_coding
                && way.name.is_none_or(|only| only == name)
                && way.but != Some(name)
                && offer.has(tuple, id)
        })
    }

    /// The tuple to use with H.264: the better profile, then the higher level, then the first.
    fn best_h264(&self, way: Way, id: ModeId, mode: Mode) -> Result<(Tuple<'a>, Coded), Reason> {
        let encoder_level = Level::from_bit(self.encoder.level_bit).unwrap_or(Level::L52);
        let mut best: Option<(Tuple<'_>, Profile, Level)> = None;
        let mut reason = Reason::Profile;
        for tuple in self.tuples(way, id) {
            for profile in Profile::ALL {
                let encodes = self.encoder.profiles & profile.of_stream().mask() != 0;
                let fields = !mode.interlaced || profile.interlaced();
                if !(encodes && fields && self.takes(&tuple, profile)) {
                    continue;
                }
                reason = Reason::Level;
                let common = tuple.h264_level().min(encoder_level);
                let Some(level) = common.highest_for(&mode) else {
                    continue;
                };
                if best.is_none_or(|(_, p, l)| (profile, level) > (p, l)) {
                    best = Some((tuple, profile, level));
                }
            }
        }
        let (tuple, profile, level) = best.ok_or(reason)?;
        Ok((tuple, Coded::H264(profile, level)))
    }

    /// Whether a profile may be sent with this tuple.
    fn takes(&self, tuple: &Tuple<'_>, profile: Profile) -> bool {
        let offered = tuple.h264_profiles();
        if profile == Profile::Cbp {
            offered & Profile::Cbp.mask() != 0 || self.bounds.baseline_first
        } else {
            offered & profile.mask() != 0 && !self.bounds.only_baseline()
        }
    }

    /// The tuple to use with H.265: the highest level, then the first.
    fn best_h265(&self, way: Way, id: ModeId, mode: Mode) -> Result<(Tuple<'a>, Coded), Reason> {
        let encoder = self.encoder.hevc.ok_or(Reason::Codec)?;
        let encoder_level = HevcLevel::up_to_bit(encoder.level_bit);
        let mut best: Option<(Tuple<'_>, HevcLevel)> = None;
        let mut reason = Reason::Profile;
        for tuple in self.tuples(way, id) {
            let Some(level) = tuple.h265_level() else {
                continue;
            };
            reason = Reason::Level;
            let level = level.min(encoder_level);
            if level.allows(&mode) && best.is_none_or(|(_, other)| level > other) {
                best = Some((tuple, level));
            }
        }
        let (tuple, level) = best.ok_or(reason)?;
        Ok((tuple, Coded::H265(level)))
    }
}

/// Only what the sink has, and of that only frame skipping: nothing here changes the refresh rate
/// without the user.
const fn frame_rate_control(offered: u8) -> u8 {
    if offered & VideoCodec::FRAME_SKIPPING == 0 {
        return 0;
    }
    offered & (VideoCodec::FRAME_SKIPPING | VideoCodec::SKIP_INTERVAL)
}
