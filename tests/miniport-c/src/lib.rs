//! The vendor's worked example in C (`include/mk_miniport.h`, `model/`) as a Rust value, so that the
//! tests can hold it against the Rust ends of the contract and against the Rust miniport.
//!
//! What it is not: no part of the example. A vendor takes `include/` and `model/`, and
//! `kmd-iface/include/miracast_kmd.h`.

mod ffi;
mod memory;

use core::fmt;
use core::ptr;

use miracast_kmd_iface::chunk::CHUNK_RECORD_SIZE;
use miracast_kmd_iface::escape::{AudioFormats, EncoderCaps, Features};
use miracast_kmd_iface::header::HEADER_SIZE;
use miracast_kmd_iface::message::PowerState;
use miracast_kmd_iface::ring::{CONSUMER_OFFSET, Consumer, MapError, PAGE};
use miracast_kmd_iface::timing::DisplayMode;
use miracast_kmd_iface::wire::{Wire, Writer};
use miracast_kmd_iface::{ChunkFlags, Field, NtStatus};

pub use self::ffi::State;
use self::ffi::{FaceConfig, Miniport};
use self::memory::RingMemory;

/// What `mk_config` says, but for the addresses.
#[derive(Clone, Debug)]
pub struct Config {
    /// What HELLO says of the encoder.
    pub encoder: EncoderCaps,
    /// What HELLO says of features.
    pub features: Features,
    /// The target in MODE_SET.
    pub target_id: u32,
    /// What HELLO says of audio.
    pub audio: AudioFormats,
    /// What AUDIO_START's reply says of AAC and AC-3.
    pub audio_bit_rate: u32,
    /// Bytes of the data span of each ring.
    pub data_len: u32,
    /// SPS and PPS for STREAM_START's reply.
    pub parameter_sets: Vec<u8>,
}

/// One `mk_miniport` and the memory of its rings.
pub struct Model {
    /// The structure of C, in words of its alignment.
    words: Box<[u64]>,
    ring: RingMemory,
    audio_ring: RingMemory,
    data_len: u32,
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Model").field(&self.state()).finish()
    }
}

fn wire_bytes<const N: usize>(value: &impl Wire) -> [u8; N] {
    let mut bytes = [0; N];
    let written = value.write(&mut Writer::new(&mut bytes));
    written.expect("the array has the size of the value");
    bytes
}

/// The status and the bytes written as one result.
const fn length(status: u32, length: usize) -> Result<usize, NtStatus> {
    match NtStatus(status) {
        NtStatus::SUCCESS => Ok(length),
        status => Err(status),
    }
}

impl Model {
    /// A miniport as `mk_init` makes it.
    ///
    /// # Errors
    /// The status of `mk_init`.
    pub fn new(config: &Config) -> Result<Self, NtStatus> {
        let ring = RingMemory::new(config.data_len);
        let audio_ring = RingMemory::new(config.data_len);
        let mut words = vec![0; ffi::face_size().div_ceil(size_of::<u64>())].into_boxed_slice();
        let encoder: [u8; EncoderCaps::SIZE] = wire_bytes(&config.encoder);
        let wanted = FaceConfig {
            ring: ring.base().cast(),
            audio_ring: audio_ring.base().cast(),
            parameter_sets: config.parameter_sets.as_ptr(),
            parameter_sets_count: config.parameter_sets.len() as u32,
            control_len: PAGE,
            data_len: config.data_len,
            features: config.features.bits(),
            target_id: config.target_id,
            audio: config.audio.bits(),
            audio_bit_rate: config.audio_bit_rate,
        };
        // SAFETY: `words` is as large and as aligned as an mk_miniport; `encoder` are the bytes of an
        // MCKI_ENCODER_CAPS; the memory of each ring has a control page and the data span, and lives
        // in the same value as the miniport; the count is that of the parameter sets, which are copied.
        let status = unsafe {
            ffi::face_init(
                words.as_mut_ptr().cast(),
                encoder.as_ptr(),
                &raw const wanted,
            )
        };
        length(status, 0)?;
        Ok(Self {
            words,
            ring,
            audio_ring,
            data_len: config.data_len,
        })
    }

    fn miniport(&mut self) -> *mut Miniport {
        self.words.as_mut_ptr().cast()
    }

    /// `mk_escape`: the status of the call, and the bytes of the answer in `output`.
    pub fn escape(&mut self, input: &[u8], output: &mut [u8]) -> (NtStatus, usize) {
        let mut written = 0;
        // SAFETY: the miniport is initialised; both buffers are valid for their lengths.
        let status = unsafe {
            ffi::mk_escape(
                self.miniport(),
                input.as_ptr().cast(),
                input.len(),
                output.as_mut_ptr().cast(),
                output.len(),
                &raw mut written,
            )
        };
        (NtStatus(status), written)
    }

    /// `mk_escape` with one buffer for request and reply, as D3DKMTEscape has it.
    ///
    /// # Panics
    /// If the buffer is shorter than the request.
    pub fn escape_in_place(&mut self, buffer: &mut [u8], in_length: usize) -> (NtStatus, usize) {
        assert!(in_length <= buffer.len(), "the request is in the buffer");
        let mut written = 0;
        let (address, capacity) = (buffer.as_mut_ptr().cast(), buffer.len());
        // SAFETY: the miniport is initialised; the buffer is valid for both lengths, and the model
        // allows that the two are one.
        let status = unsafe {
            ffi::mk_escape(
                self.miniport(),
                address,
                in_length,
                address,
                capacity,
                &raw mut written,
            )
        };
        (NtStatus(status), written)
    }

    /// `mk_mode_set`: the size of the message in `out`.
    ///
    /// # Errors
    /// The status of the call.
    pub fn mode_set(
        &mut self,
        mode: Option<DisplayMode>,
        out: &mut [u8],
    ) -> Result<usize, NtStatus> {
        let mode = mode.map(|mode| wire_bytes::<{ DisplayMode::SIZE }>(&mode));
        let mode = mode.as_ref().map_or(ptr::null(), |bytes| bytes.as_ptr());
        let mut written = 0;
        let (address, capacity) = (out.as_mut_ptr().cast(), out.len());
        // SAFETY: the miniport is initialised; `mode` is null or the bytes of an MCKI_DISPLAY_MODE;
        // `out` is valid for its length.
        let status = unsafe {
            ffi::face_mode_set(self.miniport(), mode, address, capacity, &raw mut written)
        };
        length(status, written)
    }

    /// `mk_monitor_power`: the size of the message in `out`.
    ///
    /// # Errors
    /// The status of the call.
    pub fn monitor_power(&mut self, state: PowerState, out: &mut [u8]) -> Result<usize, NtStatus> {
        let mut written = 0;
        let (address, capacity) = (out.as_mut_ptr().cast(), out.len());
        // SAFETY: the miniport is initialised; `out` is valid for its length.
        let status = unsafe {
            ffi::mk_monitor_power(
                self.miniport(),
                state.0,
                address,
                capacity,
                &raw mut written,
            )
        };
        length(status, written)
    }

    /// `mk_protection`: the size of the message in `out`.
    ///
    /// # Errors
    /// The status of the call.
    pub fn protection(&mut self, level: u32, out: &mut [u8]) -> Result<usize, NtStatus> {
        let mut written = 0;
        let (address, capacity) = (out.as_mut_ptr().cast(), out.len());
        // SAFETY: the miniport is initialised; `out` is valid for its length.
        let status = unsafe {
            ffi::mk_protection(self.miniport(), level, address, capacity, &raw mut written)
        };
        length(status, written)
    }

    /// `mk_device_lost`: the size of the message in `out`.
    ///
    /// # Errors
    /// The status of the call.
    pub fn device_lost(&mut self, why: NtStatus, out: &mut [u8]) -> Result<usize, NtStatus> {
        let mut written = 0;
        let (address, capacity) = (out.as_mut_ptr().cast(), out.len());
        // SAFETY: the miniport is initialised; `out` is valid for its length.
        let status = unsafe {
            ffi::mk_device_lost(self.miniport(), why.0, address, capacity, &raw mut written)
        };
        length(status, written)
    }

    /// `mk_push_chunk`: the bytes of the record.
    ///
    /// # Errors
    /// The status of the call.
    pub fn push_chunk(
        &mut self,
        bytes: &[u8],
        flags: ChunkFlags,
        capture_time: u64,
    ) -> Result<[u8; CHUNK_RECORD_SIZE], NtStatus> {
        let mut record = [0; CHUNK_RECORD_SIZE];
        // SAFETY: the miniport is initialised and its ring's memory is alive; `bytes` is valid for
        // its length, and is not a part of the ring, to which no reference exists; the record has
        // the size of an MCKI_CHUNK_RECORD.
        let status = unsafe {
            ffi::face_push_chunk(
                self.miniport(),
                bytes.as_ptr().cast(),
                bytes.len() as u32,
                flags.bits(),
                capture_time,
                record.as_mut_ptr(),
            )
        };
        length(status, 0).map(|_| record)
    }

    /// `mk_push_audio`: the bytes of the record.
    ///
    /// # Errors
    /// The status of the call.
    pub fn push_audio(
        &mut self,
        bytes: &[u8],
        capture_time: u64,
    ) -> Result<[u8; CHUNK_RECORD_SIZE], NtStatus> {
        let mut record = [0; CHUNK_RECORD_SIZE];
        // SAFETY: as in `push_chunk`.
        let status = unsafe {
            ffi::face_push_audio(
                self.miniport(),
                bytes.as_ptr().cast(),
                bytes.len() as u32,
                capture_time,
                record.as_mut_ptr(),
            )
        };
        length(status, 0).map(|_| record)
    }

    /// The encoder has made the IDR picture that was wanted.
    pub fn idr_made(&mut self) {
        // SAFETY: the miniport is initialised.
        unsafe { ffi::face_idr_made(self.miniport()) };
    }

    /// `mk_close`.
    pub fn close(&mut self) {
        // SAFETY: the miniport is initialised.
        unsafe { ffi::mk_close(self.miniport()) };
    }

    /// What the miniport says that the encoder has to do.
    pub fn state(&self) -> State {
        // SAFETY: the miniport is initialised, and is only read.
        unsafe { ffi::face_look(self.words.as_ptr().cast()) }
    }

    /// The driver's end of the pictures' ring.
    ///
    /// # Errors
    /// Why the memory is no ring.
    ///
    /// # Safety
    ///
    /// The model outlives it, and there is no other one that is used.
    pub unsafe fn consumer(&self) -> Result<Consumer, MapError> {
        // SAFETY: the memory has these lengths; the C side reaches the words atomically and does not
        // write what it has handed over, which is what the tests are about; the rest is the caller's
        // promise.
        unsafe { Consumer::map(self.ring.base(), PAGE, self.data_len) }
    }

    /// The driver's end of the audio's ring.
    ///
    /// # Errors
    /// Why the memory is no ring.
    ///
    /// # Safety
    ///
    /// As for [`Self::consumer`].
    pub unsafe fn audio_consumer(&self) -> Result<Consumer, MapError> {
        // SAFETY: as in `consumer`.
        unsafe { Consumer::map(self.audio_ring.base(), PAGE, self.data_len) }
    }

    /// Writes the driver's position, as a driver with bugs may.
    pub fn write_consumer_position(&self, position: u64) {
        use core::sync::atomic::{AtomicU64, Ordering};

        let word = self.ring.base().wrapping_add(CONSUMER_OFFSET).cast();
        // SAFETY: the word lies in the control page, is aligned, and both sides reach it by atomic
        // operations only.
        let word = unsafe { AtomicU64::from_ptr(word) };
        word.store(position, Ordering::Release);
    }
}

/// `mk_accepted`: what the answer to `message` says.
///
/// # Panics
/// If the message has no header.
pub fn accepted(message: &[u8], answer: &[u8]) -> (NtStatus, Field) {
    assert!(message.len() >= HEADER_SIZE, "a message has a header");
    let mut field = 0;
    // SAFETY: the message has a header (asserted); the answer is valid for its length.
    let status = unsafe {
        ffi::mk_accepted(
            message.as_ptr().cast(),
            answer.as_ptr().cast(),
            answer.len(),
            &raw mut field,
        )
    };
    (NtStatus(status), Field(field))
}
