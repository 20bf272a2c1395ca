//! A context of the driver, made and destroyed through its interface as Windows does it.

use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::ptr;

use anyhow::{Context as _, ensure};
use miracast_kmd_iface::codec::{decode_request, encode_reply};
use miracast_kmd_iface::escape::{
    AudioFormats, EncoderCaps, EncoderFlags, Escape, Features, Hello, HelloReply, HevcCaps,
};
use miracast_kmd_iface::header::VERSION;
use miracast_kmd_iface::{MESSAGE_MAX, NtStatus};
use miracast_umd::ddi::QueryMiracastDriverInterface;
use miracast_umd::ddi::abi::{
    BOOL, HANDLE, MIRACAST_CALLBACKS, MIRACAST_CHUNK_DATA, MIRACAST_DRIVER_INTERFACE,
    MIRACAST_DRIVER_INTERFACE_VERSION_1, MIRACAST_STATISTIC_DATA, MIRACAST_STATUS,
    PFN_DATARATE_NOTIFICATION, PVOID,
};

use super::{Made, Pace, Worker};

const ENCODER: EncoderCaps = EncoderCaps {
    profiles: 3,
    level_bit: 4,
    max_width: 1920,
    max_height: 1200,
    max_slices: 4,
    max_macroblocks_per_second: 522_240,
    flags: EncoderFlags::empty(),
    max_bit_rate: 40_000_000,
};

/// What Windows offers; only the miniport is asked while there is no session.
static CALLBACKS: MIRACAST_CALLBACKS = MIRACAST_CALLBACKS {
    ReportSessionStatus: Some(report_session_status),
    MiracastIoControl: Some(miracast_io_control),
    ReportStatistic: Some(report_statistic),
    GetNextChunkData: Some(get_next_chunk_data),
    RegisterForDataRateNotifications: Some(register_for_data_rate_notifications),
};

unsafe extern "system" fn report_session_status(_: HANDLE, _: MIRACAST_STATUS, _: NtStatus) {}

unsafe extern "system" fn report_statistic(_: HANDLE, _: *const MIRACAST_STATISTIC_DATA) {}

unsafe extern "system" fn get_next_chunk_data(
    _: HANDLE,
    _: u32,
    _: u32,
    _: *const HANDLE,
    _: *mut u32,
    _: *mut MIRACAST_CHUNK_DATA,
    _: *mut u32,
) -> NtStatus {
    NtStatus::INVALID_DEVICE_STATE
}

unsafe extern "system" fn register_for_data_rate_notifications(
    _: HANDLE,
    _: PVOID,
    _: PFN_DATARATE_NOTIFICATION,
) -> NtStatus {
    NtStatus::INVALID_DEVICE_STATE
}

/// The miniport: it answers HELLO.
unsafe extern "system" fn miracast_io_control(
    _: HANDLE,
    _: BOOL,
    input_size: u32,
    input: *const c_void,
    output_size: u32,
    output: *mut c_void,
    returned: *mut u32,
) -> NtStatus {
    // SAFETY: the driver lends `input_size` bytes for the time of the call.
    let input = unsafe { core::slice::from_raw_parts(input.cast::<u8>(), input_size as usize) };
    let mut reply = [0; MESSAGE_MAX];
    let Some(length) = answer(input, &mut reply).filter(|length| *length <= output_size as usize)
    else {
        return NtStatus::INVALID_PARAMETER;
    };
    // SAFETY: the driver lends `output_size` bytes, and the reply is not longer.
    unsafe { ptr::copy_nonoverlapping(reply.as_ptr(), output.cast(), length) };
    // SAFETY: the driver lends the place of the length.
    unsafe { returned.write(length as u32) };
    NtStatus::SUCCESS
}

fn answer(input: &[u8], reply: &mut [u8; MESSAGE_MAX]) -> Option<usize> {
    let Ok((sequence, Escape::Hello(_))) = decode_request::<Escape>(input) else {
        return None;
    };
    let hello = HelloReply {
        version: VERSION,
        features: Features::empty(),
        encoder: ENCODER,
        audio: AudioFormats::empty(),
        hevc: HevcCaps::default(),
    };
    encode_reply::<Hello>(sequence, &hello, reply).ok()
}

/// As many contexts in a pass as `turns`, one after the other.
pub(super) struct Contexts {
    driver: MIRACAST_DRIVER_INTERFACE,
    turns: usize,
}

impl Contexts {
    pub(super) fn new(turns: usize) -> anyhow::Result<Self> {
        const SIZE: u32 = size_of::<MIRACAST_DRIVER_INTERFACE>() as u32;
        let version = MIRACAST_DRIVER_INTERFACE_VERSION_1;
        let mut driver = MaybeUninit::<MIRACAST_DRIVER_INTERFACE>::uninit();
        // SAFETY: the pointer is valid for writes of the size that is stated.
        let status =
            unsafe { QueryMiracastDriverInterface(version, SIZE, driver.as_mut_ptr().cast()) };
        ensure!(status.is_success(), "the driver has no interface: {status}");
        // SAFETY: the driver says that it has filled it in.
        let driver = unsafe { driver.assume_init() };
        Ok(Self { driver, turns })
    }
}

impl Worker for Contexts {
    fn pass(&mut self, _: &mut Pace) -> anyhow::Result<Made> {
        let create = self.driver.CreateMiracastContext.context("no Create")?;
        let destroy = self.driver.DestroyMiracastContext.context("no Destroy")?;
        let device = HANDLE::default();
        for _ in 0..self.turns {
            let mut context = ptr::null_mut();
            // SAFETY: the callbacks are valid for as long as the program, the place of the context
            // for the call. The device is only handed back to the callbacks, which ignore it.
            let status = unsafe { create(device, &raw const CALLBACKS, &raw mut context) };
            ensure!(status.is_success(), "no context: {status}");
            // SAFETY: the context is the driver's own and is not used again.
            unsafe { destroy(context) };
        }
        Ok(Made::default())
    }
}
