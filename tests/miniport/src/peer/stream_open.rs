//! STREAM_OPEN: what the miniport holds against it, and setting up what it asks for.

use miracast_kmd_iface::escape::{Codec, EncoderCaps, Features, HevcCaps, StreamOpen};
use miracast_kmd_iface::message::ModeSet;
use miracast_kmd_iface::timing::ModeFlags;
use miracast_kmd_iface::{Field, Malformed, NtStatus};

use super::{Options, Refused};
use crate::encoder::{Coding, Settings, Source};
use crate::stream::Stream;

/// Constrained Baseline in an SPS: profile_idc 66 with constraint_set1_flag (H.264 §A.2.1.1).
const CBP_PROFILE_IDC: u8 = 66;
const CONSTRAINT_SET1: u8 = 0x40;
/// Bit of Constrained Baseline in the profile bitmap of `wfd_video_formats`.
const CBP_BIT: u8 = 0b01;
/// level_idc by bit number in `wfd_video_formats` (S2.1 Table 39 and Table 78).
const LEVELS: [u8; 8] = [31, 32, 40, 41, 42, 50, 51, 52];
/// general_profile_idc of H.265 profile Main (H.265 §A.3.2).
const MAIN_PROFILE_IDC: u8 = 1;
/// general_level_idc of H.265 by bit number in `wfd2_video_formats` (S2.1 Table 78).
const HEVC_LEVELS: [u8; 5] = [93, 120, 123, 150, 153];

/// What a picture of one codec may be at most.
struct Limits {
    width: u16,
    height: u16,
    slices: u16,
    macroblocks_per_second: u32,
    bit_rate: u64,
    interlaced: bool,
}

fn require(good: bool, field: Field) -> Result<(), Malformed> {
    if good {
        Ok(())
    } else {
        Err(Malformed::new(field))
    }
}

/// Holds the request against the mode that Windows set and against the encoder of its codec;
/// `features` are those of both sides.
pub(super) fn check(
    open: &StreamOpen,
    mode: &ModeSet,
    options: &Options,
    features: Features,
) -> Result<(), Malformed> {
    require(open.mode_sequence == mode.sequence, Field::SEQUENCE)?;
    require(open.width == mode.width, Field::WIDTH)?;
    require(open.height == mode.height, Field::HEIGHT)?;
    let rate = open.refresh.millihertz();
    require(rate == mode.refresh.millihertz(), Field::REFRESH)?;
    require(open.flags == mode.flags, Field::FLAGS)?;
    let limits = match open.codec {
        Codec::H264 => h264(open, &options.encoder)?,
        Codec::HEVC if features.contains(Features::HEVC) => hevc(open, &options.hevc)?,
        _ => return Err(Malformed::new(Field::CODEC)),
    };
    require(open.slices <= limits.slices, Field::SLICES)?;
    require(open.width <= limits.width, Field::WIDTH)?;
    require(open.height <= limits.height, Field::HEIGHT)?;
    let interlaced = open.flags.contains(ModeFlags::INTERLACED);
    require(!interlaced || limits.interlaced, Field::FLAGS)?;
    let macroblocks = u64::from(settings(open).macroblocks());
    let load = macroblocks.saturating_mul(rate.unwrap_or(u64::MAX)) / 1000;
    let can_keep_up = load <= u64::from(limits.macroblocks_per_second);
    require(can_keep_up, Field::REFRESH)?;
    require(open.bit_rate <= limits.bit_rate, Field::BIT_RATE)
}

fn h264(open: &StreamOpen, encoder: &EncoderCaps) -> Result<Limits, Malformed> {
    let constrained = open.constraint_flags & CONSTRAINT_SET1 != 0;
    let is_cbp = open.profile_idc == CBP_PROFILE_IDC && constrained;
    require(is_cbp && encoder.profiles & CBP_BIT != 0, Field::PROFILE)?;
    check_level(open, &LEVELS, encoder.level_bit)?;
    Ok(Limits {
        width: encoder.max_width,
        height: encoder.max_height,
        slices: encoder.max_slices,
        macroblocks_per_second: encoder.max_macroblocks_per_second,
        bit_rate: encoder.max_bit_rate,
        interlaced: encoder.interlaced(),
    })
}

fn hevc(open: &StreamOpen, encoder: &HevcCaps) -> Result<Limits, Malformed> {
    let is_main = (open.profile_idc, open.constraint_flags) == (MAIN_PROFILE_IDC, 0);
    let has_main = encoder.profiles & HevcCaps::MAIN != 0;
    require(is_main && has_main, Field::PROFILE)?;
    check_level(open, &HEVC_LEVELS, encoder.level_bit)?;
    Ok(Limits {
        width: encoder.max_width,
        height: encoder.max_height,
        slices: 1,
        macroblocks_per_second: encoder.max_macroblocks_per_second,
        bit_rate: encoder.max_bit_rate,
        interlaced: false,
    })
}

fn check_level(open: &StreamOpen, levels: &[u8], most: u8) -> Result<(), Malformed> {
    let bit = levels.iter().position(|level| *level == open.level_idc);
    let fits = bit.is_some_and(|bit| bit <= usize::from(most));
    require(fits, Field::LEVEL)
}

/// Sets up encoder and ring.
pub(super) fn open(
    request: &StreamOpen,
    options: &Options,
    source: &Source,
    number: u32,
) -> Result<Stream, Refused> {
    let settings = settings(request);
    let encoder = source
        .open(&settings)
        .map_err(|_| Refused(NtStatus::NOT_SUPPORTED, Field::NONE))?;
    Stream::new(
        number,
        settings,
        encoder,
        options.dressing,
        options.ring_bytes,
    )
    .map_err(|_| Refused(NtStatus::INSUFFICIENT_RESOURCES, Field::NONE))
}

fn settings(open: &StreamOpen) -> Settings {
    Settings {
        coding: if open.codec == Codec::HEVC {
            Coding::H265
        } else {
            Coding::H264
        },
        width: open.width,
        height: open.height,
        rate_numerator: open.refresh.numerator,
        rate_denominator: open.refresh.denominator,
        level_idc: open.level_idc,
        bit_rate: open.bit_rate,
        slices: open.slices,
        gop: open.gop,
    }
}
