//! What a sink offers of video, whichever of its parameters says it.
//!
//! Three parameters have codec tuples. Where `wfdx_video_formats` is answered `wfd_video_formats` does
//! not count (MS-WFDPE §2.7.1.1). Where R1 and R2 are both answered both count, and R1 comes first:
//! there is no sink that does not know it. `microsoft_video_formats` has no tuples of its own: its modes
//! go with every H.264 tuple (MS-WFDPE §2.7.1.2).

use super::Offer;
use super::chosen::VideoName;
use super::coded::Coding;
use super::hevc::HevcLevel;
use super::levels::{Level, Profile};
use super::modes::{self, ModeId, Table};
use super::parameters::{DetailedTiming, Edid, SinkCapabilities};
use super::r2_video::{R2VideoCodec, R2VideoFormats};
use super::video::{VideoCodec, VideoFormats};
use super::wfdx_video::{WfdxVideoCodec, WfdxVideoFormats};

#[cfg(test)]
mod tests;

/// What a sink says of video.
#[derive(Clone, Copy, Debug, Default)]
pub struct VideoOffer<'a> {
    /// `wfd_video_formats`.
    pub r1: Option<&'a VideoFormats>,
    /// `wfd2_video_formats`.
    pub r2: Option<&'a R2VideoFormats>,
    /// `wfdx_video_formats`.
    pub wfdx: Option<&'a WfdxVideoFormats>,
    /// `microsoft_video_formats`: the mask of [`Table::ThreeToTwo`].
    pub three_to_two: u64,
    /// What the display behind the sink prefers.
    pub preferred: Option<DetailedTiming>,
}

impl<'a> VideoOffer<'a> {
    /// What counts of the answers to M3; `None` if the sink has answered no parameter of video that can
    /// be used.
    pub fn of(sink: &'a SinkCapabilities) -> Option<Self> {
        let r2 = sink.r2_video.present();
        let wfdx = sink.wfdx_video.present();
        let r1 = sink.video.present().filter(|_| wfdx.is_none());
        if r1.is_none() && r2.is_none() && wfdx.is_none() {
            return None;
        }
        Some(Self {
            r1,
            r2,
            wfdx,
            three_to_two: sink.microsoft_video.present().copied().unwrap_or(0),
            preferred: match &sink.edid {
                Offer::Present(edid) => Edid::preferred(edid),
                Offer::Absent | Offer::None => None,
            },
        })
    }

    /// The mode that the sink calls native, if it says so in a way that can be read: what R2 says cannot
    /// (see [`r2_video`](super::r2_video)). A field that nobody filled in is 0, also in sinks of 1080p
    /// (quirk Q32): it names the mode that every sink must offer, and is no wish for it.
    pub fn native(&self) -> Option<ModeId> {
        let r1 = self.r1.filter(|r1| r1.native != 0);
        let wfdx = self.wfdx.filter(|wfdx| wfdx.native != 0);
        let native = r1.and_then(VideoFormats::native_mode);
        native.or_else(|| wfdx.and_then(WfdxVideoFormats::native_mode))
    }

    /// Whether any tuple offers `mode`.
    pub fn offers(&self, mode: ModeId) -> bool {
        self.tuples().any(|tuple| self.has(&tuple, mode))
    }

    /// The tuples: those of R1 or wfdx, then those of R2.
    pub(super) fn tuples(&self) -> impl Iterator<Item = Tuple<'a>> {
        let r1 = self.r1.into_iter().flat_map(|r1| &r1.codecs);
        let wfdx = self.wfdx.into_iter().flat_map(|wfdx| &wfdx.codecs);
        let r2 = self.r2.into_iter().flat_map(|r2| &r2.codecs);
        let older = r1.map(Tuple::R1).chain(wfdx.map(Tuple::Wfdx));
        older.chain(r2.map(Tuple::R2))
    }

    /// Whether `mode` goes with `tuple`.
    pub(super) fn has(&self, tuple: &Tuple<'_>, mode: ModeId) -> bool {
        match mode.table {
            Table::ThreeToTwo => tuple.has_h264() && self.three_to_two & mode.mask() != 0,
            Table::Cea | Table::Vesa | Table::Hh => tuple.offers(mode),
        }
    }

    /// Whether a picture of at least so many pixels is offered.
    pub(super) fn has_pixels(&self, pixels: u32) -> bool {
        modes::all().any(|(id, mode)| mode.pixels() >= pixels && self.offers(id))
    }
}

/// One codec tuple.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tuple<'a> {
    R1(&'a VideoCodec),
    R2(&'a R2VideoCodec),
    Wfdx(&'a WfdxVideoCodec),
}

impl Tuple<'_> {
    /// The parameter that the tuple is in.
    pub(super) const fn name(&self) -> VideoName {
        match self {
            Self::R1(_) => VideoName::R1,
            Self::R2(_) => VideoName::R2,
            Self::Wfdx(_) => VideoName::Wfdx,
        }
    }

    fn offers(&self, mode: ModeId) -> bool {
        match self {
            Self::R1(codec) => codec.offers(mode),
            Self::R2(codec) => codec.offers(mode),
            Self::Wfdx(codec) => codec.offers(mode),
        }
    }

    pub(super) fn has_h264(&self) -> bool {
        match self {
            Self::R1(_) => true,
            Self::R2(codec) => codec.coding == Coding::H264,
            Self::Wfdx(_) => self.h264_profiles() != 0,
        }
    }

    pub(super) fn has_h265(&self) -> bool {
        match self {
            Self::R1(_) => false,
            Self::R2(codec) => codec.coding == Coding::H265,
            Self::Wfdx(codec) => codec.profiles & WfdxVideoCodec::H265 != 0,
        }
    }

    /// The H.264 profiles that the tuple has, as in `wfd2_video_formats`. Several bits in one tuple are
    /// all meant (quirk Q34). A tuple without any is read as Constrained Baseline, which every sink must
    /// decode (Q35; S2.1 §3.4.2).
    pub(super) fn h264_profiles(&self) -> u8 {
        let (said, known) = match self {
            Self::R1(codec) => (codec.profiles.into(), Profile::R1),
            Self::Wfdx(codec) => (codec.profiles, Profile::R1),
            Self::R2(codec) if codec.coding == Coding::H265 => return 0,
            Self::R2(codec) => (codec.profiles.into(), u8::MAX),
        };
        match said {
            0 => Profile::Cbp.mask(),
            said => said as u8 & known,
        }
    }

    /// The highest H.264 level that the sink decodes with this tuple. Of several bits the highest
    /// counts (quirk Q34), a reserved one as the highest that the parameter has; a tuple without any is
    /// read as 3.1, which every sink must decode (Q35; S2.1 §3.4.2).
    pub(super) fn h264_level(&self) -> Level {
        let named = |levels: u16| {
            let bit = levels.checked_ilog2().unwrap_or(0);
            Level::from_bit(bit as u8).unwrap_or(Level::L52)
        };
        match self {
            Self::R1(codec) => codec.level(),
            Self::R2(codec) => named(codec.levels),
            Self::Wfdx(codec) => named(codec.levels),
        }
    }

    /// The highest H.265 level that the sink decodes with this tuple; `None` if it has not got profile
    /// Main.
    pub(super) fn h265_level(&self) -> Option<HevcLevel> {
        let highest = |levels: u16| levels.checked_ilog2().unwrap_or(0) as u8;
        match self {
            Self::R1(_) => None,
            Self::R2(codec) => {
                let main = codec.profiles & R2VideoCodec::H265_MAIN != 0;
                let has = main && codec.coding == Coding::H265;
                has.then(|| HevcLevel::up_to_bit(highest(codec.levels)))
            }
            Self::Wfdx(codec) => {
                let has = codec.profiles & WfdxVideoCodec::H265_MAIN != 0;
                has.then(|| HevcLevel::up_to_wfdx_bit(highest(codec.levels)))
            }
        }
    }

    /// Fewest macroblocks of a slice, and the slice parameters.
    pub(super) const fn slices(&self) -> (u16, u16) {
        match self {
            Self::R1(codec) => (codec.min_slice_size, codec.slice_encoding),
            Self::R2(codec) => (codec.min_slice_size, codec.slice_encoding),
            Self::Wfdx(codec) => (codec.min_slice_size, codec.slice_encoding),
        }
    }

    /// Frame rate control.
    pub(super) const fn frame_rate_control(&self) -> u8 {
        match self {
            Self::R1(codec) => codec.frame_rate_control,
            Self::R2(codec) => codec.frame_rate_control,
            Self::Wfdx(codec) => codec.frame_rate_control,
        }
    }
}
