//! The C model's functions as C sees them: mk_miniport.h and face.c.

use core::ffi::c_void;

/// What a test looks at: `face_state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct State {
    /// What the encoder has to keep to, in bit/s.
    pub bit_rate: u64,
    /// Reports of input so far.
    pub inputs: u64,
    /// The open stream; 0 if there is none.
    pub stream: u32,
    /// What the last MODE_FAILED said; 0 if there was none since the last MODE_SET.
    pub mode_failure: u32,
    /// 1: HELLO was answered.
    pub greeted: u32,
    /// 1: a monitor is there.
    pub has_monitor: u32,
    /// 1: pictures are wanted.
    pub running: u32,
    /// 1: the next picture must be an IDR.
    pub idr_wanted: u32,
    /// The open audio; 0 if there is none.
    pub audio: u32,
    /// 1: samples are wanted.
    pub capturing: u32,
}

/// What a test sets: `face_config`.
#[repr(C)]
pub(crate) struct FaceConfig {
    pub(crate) ring: *mut c_void,
    pub(crate) audio_ring: *mut c_void,
    pub(crate) parameter_sets: *const u8,
    pub(crate) parameter_sets_count: u32,
    pub(crate) control_len: u32,
    pub(crate) data_len: u32,
    pub(crate) features: u32,
    pub(crate) target_id: u32,
    pub(crate) audio: u32,
    pub(crate) audio_bit_rate: u32,
}

/// `mk_miniport`, whose size only C knows.
#[repr(C)]
pub(crate) struct Miniport {
    opaque: [u8; 0],
}

unsafe extern "C" {
    pub(crate) safe fn face_size() -> usize;
    pub(crate) fn face_init(
        miniport: *mut Miniport,
        encoder: *const u8,
        wanted: *const FaceConfig,
    ) -> u32;
    pub(crate) fn face_mode_set(
        miniport: *mut Miniport,
        mode: *const u8,
        out: *mut c_void,
        out_capacity: usize,
        out_length: *mut usize,
    ) -> u32;
    pub(crate) fn face_push_chunk(
        miniport: *mut Miniport,
        bytes: *const c_void,
        length: u32,
        flags: u32,
        capture_time: u64,
        record: *mut u8,
    ) -> u32;
    pub(crate) fn face_push_audio(
        miniport: *mut Miniport,
        bytes: *const c_void,
        length: u32,
        capture_time: u64,
        record: *mut u8,
    ) -> u32;
    pub(crate) fn face_idr_made(miniport: *mut Miniport);
    pub(crate) fn face_look(miniport: *const Miniport) -> State;
    pub(crate) fn mk_close(miniport: *mut Miniport);
    pub(crate) fn mk_escape(
        miniport: *mut Miniport,
        input: *const c_void,
        in_length: usize,
        out: *mut c_void,
        out_capacity: usize,
        out_length: *mut usize,
    ) -> u32;
    pub(crate) fn mk_monitor_power(
        miniport: *mut Miniport,
        state: u32,
        out: *mut c_void,
        out_capacity: usize,
        out_length: *mut usize,
    ) -> u32;
    pub(crate) fn mk_protection(
        miniport: *mut Miniport,
        level: u32,
        out: *mut c_void,
        out_capacity: usize,
        out_length: *mut usize,
    ) -> u32;
    pub(crate) fn mk_device_lost(
        miniport: *mut Miniport,
        status: u32,
        out: *mut c_void,
        out_capacity: usize,
        out_length: *mut usize,
    ) -> u32;
    pub(crate) fn mk_accepted(
        message: *const c_void,
        answer: *const c_void,
        answer_length: usize,
        field: *mut u16,
    ) -> u32;
}
