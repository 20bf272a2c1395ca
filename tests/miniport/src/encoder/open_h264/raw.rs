//! OpenH264's C interface: one object, its table of functions, and who may call what.
//!
//! The unsafe edge of the encoder. Nothing here knows why a parameter has its value.

use core::ffi::c_void;
use core::marker::PhantomData;
use core::ptr::null_mut;

use openh264_sys2::source::APILoader;
use openh264_sys2::{
    API, ENCODER_OPTION, ENCODER_OPTION_BITRATE, ENCODER_OPTION_TRACE_LEVEL, ISVCEncoder,
    ISVCEncoderVtbl, SBitrateInfo, SEncParamExt, SFrameBSInfo, SLayerBSInfo, SPATIAL_LAYER_ALL,
    SSourcePicture, WELS_LOG_QUIET,
};

use crate::encoder::EncodeError;
use crate::picture::Canvas;

/// A source picture whose planes are borrowed from a canvas.
pub(super) struct Picture<'a> {
    picture: SSourcePicture,
    canvas: PhantomData<&'a Canvas>,
}

impl<'a> Picture<'a> {
    /// `picture` points into `canvas` and has its sizes.
    pub(super) fn new(picture: SSourcePicture, _canvas: &'a Canvas) -> Self {
        Self {
            picture,
            canvas: PhantomData,
        }
    }
}

/// An encoder object; destroyed on drop.
#[derive(Debug)]
pub(super) struct Raw {
    encoder: *mut ISVCEncoder,
    calls: ISVCEncoderVtbl,
}

// SAFETY: the object has no tie to the thread that made it, and every call takes `&mut self`.
unsafe impl Send for Raw {}

impl Raw {
    /// An object that is not initialised yet. It writes no log: without frame skipping OpenH264
    /// warns at every start, and tests read stderr.
    pub(super) fn new() -> Result<Self, EncodeError> {
        let mut encoder = null_mut();
        let api = APILoader::new();
        // SAFETY: the argument is a place for one pointer.
        let value = unsafe { api.WelsCreateSVCEncoder(&raw mut encoder) };
        if value != 0 || encoder.is_null() {
            return Err(EncodeError::Library("WelsCreateSVCEncoder", value));
        }
        // SAFETY: a created encoder begins with a pointer to its table of functions.
        let table = unsafe { *encoder };
        // SAFETY: the table is static data of the library.
        let calls = unsafe { *table };
        let mut raw = Self { encoder, calls };
        raw.set(ENCODER_OPTION_TRACE_LEVEL, &mut WELS_LOG_QUIET.clone())?;
        Ok(raw)
    }

    /// The library's default parameters.
    pub(super) fn default_parameters(&mut self) -> Result<SEncParamExt, EncodeError> {
        let call = self.calls.GetDefaultParams;
        let call = call.ok_or(EncodeError::Library("GetDefaultParams", -1))?;
        let mut parameters = SEncParamExt::default();
        // SAFETY: the object is alive, the argument is a whole structure.
        let value = unsafe { call(self.encoder, &raw mut parameters) };
        check("GetDefaultParams", value).map(|()| parameters)
    }

    /// Makes the object ready to encode.
    pub(super) fn initialize(&mut self, parameters: &SEncParamExt) -> Result<(), EncodeError> {
        let call = self.calls.InitializeExt;
        let call = call.ok_or(EncodeError::Library("InitializeExt", -1))?;
        // SAFETY: the object is alive, the structure is read during the call only.
        let value = unsafe { call(self.encoder, parameters) };
        check("InitializeExt", value)
    }

    /// SPS and PPS, each with its start code.
    pub(super) fn parameter_sets(&mut self) -> Result<Vec<Vec<u8>>, EncodeError> {
        let call = self.calls.EncodeParameterSets;
        let call = call.ok_or(EncodeError::Library("EncodeParameterSets", -1))?;
        let mut info = SFrameBSInfo::default();
        // SAFETY: the object is initialised, the argument is a whole structure.
        let value = unsafe { call(self.encoder, &raw mut info) };
        check("EncodeParameterSets", value).map(|()| units(&info))
    }

    /// Encodes one picture: its NAL units, each with its start code. None: it was skipped.
    pub(super) fn encode(&mut self, picture: &Picture<'_>) -> Result<Vec<Vec<u8>>, EncodeError> {
        let call = self.calls.EncodeFrame;
        let call = call.ok_or(EncodeError::Library("EncodeFrame", -1))?;
        let mut info = SFrameBSInfo::default();
        // SAFETY: the object is initialised; the planes live as long as `picture` and have the
        // sizes that were given at initialisation; the library does not keep their addresses.
        let value = unsafe { call(self.encoder, &raw const picture.picture, &raw mut info) };
        check("EncodeFrame", value).map(|()| units(&info))
    }

    /// The next picture is an IDR.
    pub(super) fn force_idr(&mut self) {
        if let Some(call) = self.calls.ForceIntraFrame {
            // SAFETY: the object is alive. (The C++ method has a further argument, the layer,
            // which it looks at only with simulcast on.) It fails only before initialisation.
            unsafe { call(self.encoder, true) };
        }
    }

    /// A new target in bit/s. It stays as it was if the library refuses.
    pub(super) fn set_bit_rate(&mut self, bits_per_second: i32) {
        let mut info = SBitrateInfo {
            iLayer: SPATIAL_LAYER_ALL,
            iBitrate: bits_per_second,
        };
        let result = self.set(ENCODER_OPTION_BITRATE, &mut info);
        debug_assert_eq!(result, Ok(()), "the rate was checked against the level");
    }

    /// `SetOption`; `T` is the type that codec_api.h names for `option`.
    fn set<T>(&mut self, option: ENCODER_OPTION, argument: &mut T) -> Result<(), EncodeError> {
        let call = self.calls.SetOption;
        let call = call.ok_or(EncodeError::Library("SetOption", -1))?;
        let argument: *mut c_void = (&raw mut *argument).cast();
        // SAFETY: the object is alive; the two callers pass the type that belongs to the option.
        let value = unsafe { call(self.encoder, option, argument) };
        check("SetOption", value)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        if let Some(call) = self.calls.Uninitialize {
            // SAFETY: the object is alive; uninitialising one that never was is allowed.
            unsafe { call(self.encoder) };
        }
        let api = APILoader::new();
        // SAFETY: the object is alive and nobody has its address any more.
        unsafe { api.WelsDestroySVCEncoder(self.encoder) };
    }
}

/// The library's idea of success is 0 everywhere.
fn check(call: &'static str, value: i32) -> Result<(), EncodeError> {
    match value {
        0 => Ok(()),
        _ => Err(EncodeError::Library(call, value)),
    }
}

/// Copies the NAL units out of the encoder's buffers, which the next call overwrites.
fn units(info: &SFrameBSInfo) -> Vec<Vec<u8>> {
    let count = usize::try_from(info.iLayerNum).unwrap_or(0);
    info.sLayerInfo
        .iter()
        .take(count)
        .flat_map(layer_units)
        .collect()
}

fn layer_units(layer: &SLayerBSInfo) -> Vec<Vec<u8>> {
    let count = usize::try_from(layer.iNalCount).unwrap_or(0);
    if count == 0 || layer.pNalLengthInByte.is_null() || layer.pBsBuf.is_null() {
        return Vec::new();
    }
    // SAFETY: the library says that there are `iNalCount` lengths, valid until the next call.
    let lengths = unsafe { core::slice::from_raw_parts(layer.pNalLengthInByte, count) };
    let lengths = lengths
        .iter()
        .map(|length| usize::try_from(*length).unwrap_or(0));
    let total = lengths.clone().sum();
    // SAFETY: the units lie back to back in the buffer, valid until the next call.
    let mut rest = unsafe { core::slice::from_raw_parts(layer.pBsBuf, total) };
    lengths
        .map(|length| {
            let (unit, tail) = rest.split_at(length);
            rest = tail;
            unit.to_vec()
        })
        .collect()
}
