//! A real H.264 encoder: OpenH264 through its C interface.
//!
//! The safe wrapper crate cannot fix the number of slices nor change the bit rate while it runs,
//! so the calls are made here ([`raw`]); this module knows the parameters.

#[expect(unsafe_code, reason = "OpenH264 has a C interface")]
mod raw;

use openh264_sys2 as sys;

use self::raw::Raw;
use super::annex_b::{self, Coding, Kind};
use super::{EncodeError, EncodedFrame, Encoder, Settings};
use crate::picture::{Canvas, Desktop};

/// Highest rate that OpenH264's rate control knows (`MAX_FRAME_RATE` in wels_const.h); faster
/// streams are encoded as if they were this fast.
const RATE_MAX: f64 = 60.0;
/// Threads of the encoder; more than slices would idle.
const THREADS_MAX: u32 = 2;
/// QP bounds: not so fine that a still desktop eats the link, not so coarse that text melts.
const QP_MIN: i32 = 12;
const QP_MAX: i32 = 51;

/// Paints the desktop of the frame number and encodes it: Constrained Baseline, IDR on request,
/// every slice with the same number of macroblocks, every picture one access unit.
#[derive(Debug)]
pub struct OpenH264 {
    raw: Raw,
    desktop: Desktop,
    settings: Settings,
    parameter_sets: Vec<u8>,
    /// Pictures given to the encoder: its clock.
    pictures: u64,
}

impl OpenH264 {
    /// An encoder for `settings`.
    ///
    /// # Errors
    /// [`EncodeError::Settings`] if the size is odd, zero or over 3840x2160, the rate is zero, or
    /// the bit rate is zero or over the level's; [`EncodeError::Library`] if OpenH264 refuses.
    pub fn new(settings: Settings) -> Result<Self, EncodeError> {
        validate(&settings)?;
        let mut raw = Raw::new()?;
        let mut parameters = raw.default_parameters()?;
        fill(&mut parameters, &settings);
        raw.initialize(&parameters)?;
        let parameter_sets = raw.parameter_sets()?.concat();
        let level = annex_b::units(&parameter_sets)
            .next()
            .and_then(|sps| sps.get(3));
        // OpenH264 raises a level that is too low for the size instead of refusing it.
        if level != Some(&settings.level_idc) {
            return Err(EncodeError::Settings("the mode does not fit the level"));
        }
        Ok(Self {
            desktop: Desktop::new(settings.width, settings.height),
            raw,
            settings,
            parameter_sets,
            pictures: 0,
        })
    }
}

impl Encoder for OpenH264 {
    fn parameter_sets(&mut self) -> Vec<u8> {
        self.parameter_sets.clone()
    }

    fn encode(&mut self, frame: u32) -> Result<EncodedFrame, EncodeError> {
        let seconds_1000 = self.pictures * 1000 * u64::from(self.settings.rate_denominator);
        let milliseconds = seconds_1000 / u64::from(self.settings.rate_numerator);
        self.pictures += 1;
        let picture = source(self.desktop.paint(frame), &self.settings, milliseconds);
        let units = self.raw.encode(&picture)?;
        let is_slice = |unit: &Vec<u8>| {
            let inner = unit.get(annex_b::START_CODE.len()..).unwrap_or_default();
            matches!(
                annex_b::kind(Coding::H264, inner),
                Kind::Slice | Kind::IdrSlice
            )
        };
        let slices: Vec<_> = units.into_iter().filter(is_slice).collect();
        let header = slices.first().ok_or(EncodeError::Skipped)?;
        let idr =
            annex_b::kind(Coding::H264, &header[annex_b::START_CODE.len()..]) == Kind::IdrSlice;
        Ok(EncodedFrame { idr, slices })
    }

    fn request_idr(&mut self) {
        self.raw.force_idr();
    }

    /// Rates outside of what the level allows are cut to it.
    fn set_bit_rate(&mut self, bits_per_second: u64) {
        let most = bit_rate_max(self.settings.level_idc).unwrap_or(bits_per_second);
        self.settings.bit_rate = bits_per_second.clamp(1, most);
        self.raw.set_bit_rate(self.settings.bit_rate as i32);
    }
}

/// MaxBR of the VCL for Constrained Baseline in bit/s (H.264 Table A-1, factor 1000).
fn bit_rate_max(level_idc: u8) -> Option<u64> {
    let kilobits = match level_idc {
        30 => 10_000,
        31 => 14_000,
        32 | 40 => 20_000,
        41 | 42 => 50_000,
        50 => 135_000,
        51 | 52 => 240_000,
        _ => return None,
    };
    Some(kilobits * 1000)
}

/// What OpenH264 would not refuse, or refuses without saying why.
fn validate(settings: &Settings) -> Result<(), EncodeError> {
    let even = settings.width.is_multiple_of(2) && settings.height.is_multiple_of(2);
    let sized = (16..=3840).contains(&settings.width) && (16..=2160).contains(&settings.height);
    if !(even && sized) {
        return Err(EncodeError::Settings("width or height"));
    }
    if settings.rate_denominator == 0 || settings.rate_numerator < settings.rate_denominator {
        return Err(EncodeError::Settings("frame rate"));
    }
    let most = bit_rate_max(settings.level_idc).ok_or(EncodeError::Settings("level_idc"))?;
    if settings.mean_picture_bytes() == 0 || settings.bit_rate > most {
        return Err(EncodeError::Settings("bit rate"));
    }
    Ok(())
}

/// Low latency and a stream that S2.1 §3.4.2 allows: CAVLC, one reference, no B pictures.
fn fill(parameters: &mut sys::SEncParamExt, settings: &Settings) {
    let slices = settings.slice_count();
    parameters.iUsageType = sys::CAMERA_VIDEO_REAL_TIME;
    parameters.iPicWidth = settings.width.into();
    parameters.iPicHeight = settings.height.into();
    parameters.iTargetBitrate = settings.bit_rate as i32;
    parameters.iRCMode = sys::RC_BITRATE_MODE;
    parameters.fMaxFrameRate = settings.rate().min(RATE_MAX) as f32;
    parameters.iTemporalLayerNum = 1;
    parameters.iSpatialLayerNum = 1;
    parameters.iComplexityMode = sys::LOW_COMPLEXITY;
    parameters.uiIntraPeriod = settings.gop;
    parameters.iNumRefFrame = 1;
    // Parameter sets are handed over once, so their ids must not move at an IDR.
    parameters.eSpsPpsIdStrategy = sys::CONSTANT_ID;
    parameters.bPrefixNalAddingCtrl = false;
    parameters.iEntropyCodingModeFlag = 0;
    parameters.bEnableFrameSkip = false;
    parameters.iMaxQp = QP_MAX;
    parameters.iMinQp = QP_MIN;
    parameters.bEnableLongTermReference = false;
    parameters.iMultipleThreadIdc = slices.min(THREADS_MAX) as u16;
    parameters.bUseLoadBalancing = false;
    parameters.bEnableDenoise = false;
    parameters.bEnableBackgroundDetection = false;
    parameters.bEnableAdaptiveQuant = false;
    // A scene change would become an IDR that nobody asked for.
    parameters.bEnableSceneChangeDetect = false;
    fill_layer(&mut parameters.sSpatialLayers[0], settings, slices);
}

/// The one spatial layer. Slices are given as macroblock counts: the mode that takes only their
/// number rounds to groups of four rows, and S2.1 App. D.1.1 wants equal slices.
fn fill_layer(layer: &mut sys::SSpatialLayerConfig, settings: &Settings, slices: u32) {
    layer.iVideoWidth = settings.width.into();
    layer.iVideoHeight = settings.height.into();
    layer.fFrameRate = settings.rate().min(RATE_MAX) as f32;
    layer.iSpatialBitrate = settings.bit_rate as i32;
    layer.iMaxSpatialBitrate = 0; // UNSPECIFIED_BIT_RATE: the level's
    layer.uiProfileIdc = sys::PRO_BASELINE;
    layer.uiLevelIdc = settings.level_idc.into();
    if slices == 1 {
        layer.sSliceArgument.uiSliceMode = sys::SM_SINGLE_SLICE;
        layer.sSliceArgument.uiSliceNum = 1;
        return;
    }
    layer.sSliceArgument.uiSliceMode = sys::SM_RASTER_SLICE;
    layer.sSliceArgument.uiSliceNum = slices;
    let each = settings.macroblocks() / slices;
    for count in layer
        .sSliceArgument
        .uiSliceMbNum
        .iter_mut()
        .take(slices as usize)
    {
        *count = each;
    }
}

/// The canvas in OpenH264's words. It only reads the planes.
fn source<'a>(canvas: &'a Canvas, settings: &Settings, milliseconds: u64) -> raw::Picture<'a> {
    let (width, height) = (i32::from(settings.width), i32::from(settings.height));
    let planes = [canvas.luma(), canvas.cb(), canvas.cr()];
    let mut picture = sys::SSourcePicture {
        iColorFormat: sys::videoFormatI420,
        iStride: [width, width / 2, width / 2, 0],
        iPicWidth: width,
        iPicHeight: height,
        uiTimeStamp: milliseconds.cast_signed(),
        ..Default::default()
    };
    for (target, plane) in picture.pData.iter_mut().zip(planes) {
        *target = plane.as_ptr().cast_mut();
    }
    raw::Picture::new(picture, canvas)
}
