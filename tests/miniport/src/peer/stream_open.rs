//! STREAM_OPEN: what the miniport holds against it, and setting up what it asks for.

use miracast_kmd_iface::escape::{Codec, EncoderCaps, StreamOpen};
use miracast_kmd_iface::message::ModeSet;
use miracast_kmd_iface::timing::ModeFlags;
use miracast_kmd_iface::{Field, Malformed, NtStatus};

use super::{Options, Refused};
use crate::encoder::{Settings, Source};
use crate::stream::Stream;

/// Constrained Baseline in an SPS: profile_idc 66 with constraint_set1_flag (H.264 §A.2.1.1).
const CBP_PROFILE_IDC: u8 = 66;
const CONSTRAINT_SET1: u8 = 0x40;
/// Bit of Constrained Baseline in the profile bitmap of `wfd_video_formats`.
const CBP_BIT: u8 = 0b01;
/// level_idc by bit number in `wfd_video_formats` (S2.1 Table 39 and Table 78).
const LEVELS: [u8; 8] = [31, 32, 40, 41, 42, 50, 51, 52];

/// Holds the request against the mode that Windows set and against the encoder.
pub(super) fn check(
    open: &StreamOpen,
    mode: &ModeSet,
    encoder: &EncoderCaps,
) -> Result<(), Malformed> {
    let require = |good: bool, field| {
        if good {
            Ok(())
        } else {
            Err(Malformed::new(field))
        }
    };
    require(open.mode_sequence == mode.sequence, Field::SEQUENCE)?;
    require(open.width == mode.width, Field::WIDTH)?;
    require(open.height == mode.height, Field::HEIGHT)?;
    let rate = open.refresh.millihertz();
    require(rate == mode.refresh.millihertz(), Field::REFRESH)?;
    require(open.flags == mode.flags, Field::FLAGS)?;
    require(open.codec == Codec::H264, Field::CODEC)?;
    let constrained = open.constraint_flags & CONSTRAINT_SET1 != 0;
    let is_cbp = open.profile_idc == CBP_PROFILE_IDC && constrained;
    require(is_cbp && encoder.profiles & CBP_BIT != 0, Field::PROFILE)?;
    let level_bit = LEVELS.iter().position(|level| *level == open.level_idc);
    let level_fits = level_bit.is_some_and(|bit| bit <= usize::from(encoder.level_bit));
    require(level_fits, Field::LEVEL)?;
    require(open.slices <= encoder.max_slices, Field::SLICES)?;
    require(open.width <= encoder.max_width, Field::WIDTH)?;
    require(open.height <= encoder.max_height, Field::HEIGHT)?;
    let interlaced = open.flags.contains(ModeFlags::INTERLACED);
    require(!interlaced || encoder.interlaced(), Field::FLAGS)?;
    let macroblocks = u64::from(settings(open).macroblocks());
    let load = macroblocks.saturating_mul(rate.unwrap_or(u64::MAX)) / 1000;
    let can_keep_up = load <= u64::from(encoder.max_macroblocks_per_second);
    require(can_keep_up, Field::REFRESH)?;
    require(open.bit_rate <= encoder.max_bit_rate, Field::BIT_RATE)
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
