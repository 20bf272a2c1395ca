//! Reading a data span that is write-combined. No cache keeps such memory: an ordinary load of a few
//! bytes costs the way to the memory and back, each time. A streaming load (MOVNTDQA, SSE4.1) fetches the
//! line of 64 bytes once and has it ready for the loads that follow at once. So whole lines are fetched,
//! one after the other, to a [`Stage`] in cached memory, from which everybody copies as from anywhere.
//!
//! On ordinary memory a streaming load is a load (Intel SDM vol. 1, 12.10.3; AMD APM vol. 4, MOVNTDQA):
//! a miniport that says too much loses a little time. ARM64 has no such instruction: its loads from
//! memory of the kind Normal Non-cacheable may be merged as they are. Nor has code that must leave the
//! vector registers alone, as a kernel's.

use core::ptr::NonNull;

use super::RTP_BODIES;

/// Bytes of a line.
const LINE: usize = 64;

/// Most bytes that are staged at once: those of a datagram, in the case that is all that counts.
pub(super) const STAGE_BYTES: usize = RTP_BODIES;

/// Lines on which these may lie.
const LINES: usize = STAGE_BYTES.div_ceil(LINE) + 1;

/// Cached memory for some lines.
#[cfg_attr(
    not(all(target_arch = "x86_64", target_feature = "sse2")),
    expect(dead_code, reason = "only streaming loads fill it and read it")
)]
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Stage([[u8; LINE]; LINES]);

impl Stage {
    pub(super) const fn new() -> Self {
        Self([[0; LINE]; LINES])
    }
}

/// That the processor can.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[derive(Clone, Copy, Debug)]
pub(super) struct StreamingLoads(());

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
impl StreamingLoads {
    /// `None` for a processor that has no such instruction.
    pub(super) fn detect() -> Option<Self> {
        /// CPUID, leaf 1, ECX.
        const SSE4_1: u32 = 1 << 19;
        let leaf = core::arch::x86_64::__cpuid(1);
        (leaf.ecx & SSE4_1 != 0).then_some(Self(()))
    }

    /// Fetches `length` bytes from `offset` of the span on, around its end if need be.
    ///
    /// # Safety
    ///
    /// `data` is at a line and is valid for reads of `span` bytes, a power of two and at least one
    /// line; `offset` is inside; `length` is at most [`STAGE_BYTES`] and `span`; nobody writes
    /// the bytes meanwhile.
    #[expect(clippy::unused_self, reason = "it is the proof that the processor can")]
    pub(super) unsafe fn fetch(
        self,
        data: NonNull<u8>,
        span: usize,
        offset: usize,
        length: usize,
        stage: &mut Stage,
    ) -> &[u8] {
        debug_assert!(length <= STAGE_BYTES && length <= span && offset < span);
        let before = offset % LINE;
        let lines = stage.0.get_mut(..(before + length).div_ceil(LINE));
        let lines = lines.unwrap_or_default();
        // SAFETY: the processor can (`self`); the rest is the caller's promise: a line that begins
        // inside the span ends there.
        unsafe { fetch_lines(data, span - 1, offset - before, lines) };
        let bytes = stage.0.as_flattened();
        bytes.get(before..before + length).unwrap_or_default()
    }
}

/// Fetches `lines` from `offset` on, each around the end of the span, of which `mask` is the last offset.
///
/// # Safety
///
/// The processor has SSE4.1; `data` is at a line and valid for reads of `mask + 1` bytes, of which nobody
/// writes those that are fetched; `offset` is a multiple of the line.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[target_feature(enable = "sse4.1")]
unsafe fn fetch_lines(data: NonNull<u8>, mask: usize, mut offset: usize, lines: &mut [[u8; LINE]]) {
    use core::arch::x86_64::{__m128i, _mm_mfence, _mm_stream_load_si128};

    const PART: usize = size_of::<__m128i>();
    // A streaming load may be served from a line that was fetched earlier: not by one of before the miniport
    // handed these bytes over (SDM vol. 1, 12.10.3 asks for MFENCE).
    _mm_mfence();
    for line in lines {
        // SAFETY: `offset & mask` is inside the span.
        let source = unsafe { data.add(offset & mask) };
        let (parts, _none) = line.as_chunks_mut::<PART>();
        for (number, part) in parts.iter_mut().enumerate() {
            // SAFETY: the whole line is inside.
            let source = unsafe { source.add(number * PART) };
            // SAFETY: inside, and at a multiple of 16, as `data` and `offset` are.
            let loaded = unsafe { _mm_stream_load_si128(source.cast().as_ptr()) };
            // SAFETY: both are 16 bytes of which any are good.
            *part = unsafe { core::mem::transmute::<__m128i, [u8; PART]>(loaded) };
        }
        offset += LINE;
    }
}

/// Nothing of this kind can: see the module.
#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
#[derive(Clone, Copy, Debug)]
pub(super) enum StreamingLoads {}

#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
impl StreamingLoads {
    pub(super) const fn detect() -> Option<Self> {
        None
    }

    /// # Safety
    ///
    /// None: nobody has the value to call it with.
    pub(super) unsafe fn fetch(
        self,
        _: NonNull<u8>,
        _: usize,
        _: usize,
        _: usize,
        _: &mut Stage,
    ) -> &[u8] {
        match self {}
    }
}
