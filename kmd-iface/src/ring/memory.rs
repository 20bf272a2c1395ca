//! The ring's memory: checked once, then reached by word and by position. All pointer work is here.

use core::ptr::NonNull;
use core::sync::atomic::AtomicU64;

use super::streaming::{STAGE_BYTES, Stage, StreamingLoads};
use super::{
    CONSUMER_OFFSET, CONTROL_LEN_MAX, DATA_LEN_MAX, MapError, PAGE, PRODUCER_OFFSET, RTP_BODIES,
    RTP_DATAGRAM, RTP_HEADER, STAMP_OFFSET, TS_BODY, TS_HEADER, TS_PACKET,
};

const _: () = assert!(STAMP_OFFSET + size_of::<AtomicU64>() <= PAGE as usize);
const _: () = assert!(DATA_LEN_MAX.is_power_of_two() && PAGE.is_power_of_two());

/// A control page and a data span whose sizes and address have been checked.
///
/// Invariants: `control` is at a page and is valid for [`PAGE`] bytes; `data` is at a page and valid for
/// `data_len` bytes; `data_len` is a power of two and at least [`PAGE`].
#[derive(Debug)]
pub(super) struct Memory {
    control: NonNull<u8>,
    data: NonNull<u8>,
    data_len: usize,
    /// How the span is read if it is write-combined.
    streaming: Option<StreamingLoads>,
}

// SAFETY: `Memory` is two pointers to memory that, by the contract of `Memory::new`, stays valid on
// whichever thread it is used; nothing in it is bound to the thread that made it.
unsafe impl Send for Memory {}

impl Memory {
    /// Checks address and sizes. Nothing is read or written.
    ///
    /// # Safety
    ///
    /// If the checks pass, `base` is valid for reads and writes of `control_len + data_len` bytes
    /// for as long as the value lives, on every thread.
    pub(super) unsafe fn new(
        base: *mut u8,
        control_len: u32,
        data_len: u32,
    ) -> Result<Self, MapError> {
        let control = NonNull::new(base).ok_or(MapError::Null)?;
        if !control.addr().get().is_multiple_of(PAGE as usize) {
            return Err(MapError::Alignment);
        }
        if control_len == 0 || control_len > CONTROL_LEN_MAX || !control_len.is_multiple_of(PAGE) {
            return Err(MapError::ControlLength(control_len));
        }
        if !(PAGE..=DATA_LEN_MAX).contains(&data_len) || !data_len.is_power_of_two() {
            return Err(MapError::DataLength(data_len));
        }
        // Both are bounded by the checks above: the sum stays far below `isize::MAX`.
        let (control_len, data_len) = (control_len as usize, data_len as usize);
        if control.addr().checked_add(control_len + data_len).is_none() {
            return Err(MapError::AddressRange);
        }
        // SAFETY: the caller's range begins at `base`, does not wrap (checked), and is longer than
        // `control_len`.
        let data = unsafe { control.add(control_len) };
        Ok(Self {
            control,
            data,
            data_len,
            streaming: None,
        })
    }

    /// Reads the span by streaming loads from now on, if the processor can.
    pub(super) fn stream(&mut self) {
        self.streaming = StreamingLoads::detect();
    }

    /// Bytes of the data span.
    pub(super) const fn data_len(&self) -> u64 {
        self.data_len as u64
    }

    /// The producer's position.
    pub(super) fn producer(&self) -> &AtomicU64 {
        self.word::<PRODUCER_OFFSET>()
    }

    /// The consumer's position.
    pub(super) fn consumer(&self) -> &AtomicU64 {
        self.word::<CONSUMER_OFFSET>()
    }

    /// The stamp.
    pub(super) fn stamp(&self) -> &AtomicU64 {
        self.word::<STAMP_OFFSET>()
    }

    fn word<const OFFSET: usize>(&self) -> &AtomicU64 {
        const {
            assert!(OFFSET + size_of::<AtomicU64>() <= PAGE as usize);
            assert!(OFFSET.is_multiple_of(align_of::<AtomicU64>()));
        }
        // SAFETY: `control` is valid for `PAGE` bytes (invariant) and `OFFSET` is within (asserted).
        let word = unsafe { self.control.add(OFFSET) }.cast::<u64>();
        // SAFETY: the word is aligned (`control` is at a page, `OFFSET` asserted), valid for as long
        // as `self`, and both sides reach it by atomic operations only.
        unsafe { AtomicU64::from_ptr(word.as_ptr()) }
    }

    /// Copies `out.len()` bytes from `position` on, around the end of the span if need be.
    ///
    /// # Safety
    ///
    /// `out` is not longer than the span, and nobody writes the bytes meanwhile.
    #[inline]
    pub(super) unsafe fn read(&self, position: u64, out: &mut [u8]) {
        debug_assert!(out.len() <= self.data_len);
        if let Some(streaming) = self.streaming {
            // SAFETY: the contract is the same.
            return unsafe { self.read_streaming(streaming, position, out) };
        }
        let (offset, first) = self.locate(position, out.len());
        // SAFETY: `offset < data_len` (`locate`), so the pointer stays inside the span.
        let source = unsafe { self.data.add(offset) };
        let target = NonNull::from(&mut *out).cast();
        // SAFETY: `offset + first <= data_len` and `first <= out.len()` (`locate`); `out` is
        // exclusively borrowed, so it is not a part of the ring, to which no reference exists.
        unsafe { source.copy_to_nonoverlapping(target, first) };
        if let Some(rest @ [_, ..]) = out.get_mut(first..) {
            let target = NonNull::from(&mut *rest).cast();
            // SAFETY: what is left goes to the start of the span and is not longer than it, because
            // `out` is not (contract).
            unsafe { self.data.copy_to_nonoverlapping(target, rest.len()) };
        }
    }

    /// Fills `packets`: each with the header that `header` makes and with the next bytes from
    /// `position` on.
    ///
    /// # Safety
    ///
    /// The bodies together are not longer than the span, and nobody writes the bytes meanwhile.
    pub(super) unsafe fn read_packets(
        &self,
        position: u64,
        packets: &mut [[u8; TS_PACKET]],
        mut header: impl FnMut() -> [u8; TS_HEADER],
    ) {
        let length = packets.len() * TS_BODY;
        if let Some(streaming) = self.streaming {
            // SAFETY: the contract is the same.
            return unsafe { self.stream_packets(streaming, position, packets, header) };
        }
        let (offset, first) = self.locate(position, length);
        if first < length {
            // SAFETY: the contract is the same.
            return unsafe { self.read_packets_around(position, packets, header) };
        }
        // SAFETY: `offset < data_len` (`locate`), so the pointer stays inside the span.
        let mut source = unsafe { self.data.add(offset) };
        for packet in packets {
            let header = header();
            // SAFETY: the bytes of all bodies are inside the span (`first`), from `source` on those
            // of this packet and of the next ones.
            unsafe { copy_packet(source, packet, header) };
            // SAFETY: that is where this body ends: inside the span, or at its end.
            source = unsafe { source.add(TS_BODY) };
        }
    }

    /// [`read_packets`](Self::read_packets) for all the packets of `datagrams`, each of which begins with
    /// what `start` makes.
    ///
    /// # Safety
    ///
    /// The same.
    pub(super) unsafe fn read_datagrams(
        &self,
        mut position: u64,
        datagrams: &mut [[u8; RTP_DATAGRAM]],
        mut start: impl FnMut() -> [u8; RTP_HEADER],
        mut header: impl FnMut() -> [u8; TS_HEADER],
    ) {
        let length = datagrams.len() * RTP_BODIES;
        let (offset, first) = self.locate(position, length);
        if first < length || self.streaming.is_some() {
            for datagram in datagrams {
                let packets = begin(datagram, start());
                // SAFETY: the bodies of one datagram are not longer than all (contract).
                unsafe { self.read_packets(position, packets, &mut header) };
                position = position.wrapping_add(RTP_BODIES as u64);
            }
            return;
        }
        // SAFETY: `offset < data_len` (`locate`), so the pointer stays inside the span.
        let mut source = unsafe { self.data.add(offset) };
        for datagram in datagrams {
            let packets = begin(datagram, start());
            for packet in packets {
                let header = header();
                // SAFETY: as in `read_packets`.
                unsafe { copy_packet(source, packet, header) };
                // SAFETY: as in `read_packets`.
                source = unsafe { source.add(TS_BODY) };
            }
        }
    }

    /// [`read_packets`](Self::read_packets) around the end of the span.
    ///
    /// # Safety
    ///
    /// The same.
    #[cold]
    unsafe fn read_packets_around(
        &self,
        mut position: u64,
        packets: &mut [[u8; TS_PACKET]],
        mut header: impl FnMut() -> [u8; TS_HEADER],
    ) {
        for packet in packets {
            let (place, body) = packet.split_at_mut(TS_HEADER);
            place.copy_from_slice(&header());
            // SAFETY: one body is not longer than all (contract).
            unsafe { self.read(position, body) };
            position = position.wrapping_add(TS_BODY as u64);
        }
    }

    /// [`read`](Self::read) by streaming loads.
    ///
    /// # Safety
    ///
    /// The same.
    #[cold]
    unsafe fn read_streaming(&self, streaming: StreamingLoads, mut position: u64, out: &mut [u8]) {
        let mut stage = Stage::new();
        for piece in out.chunks_mut(STAGE_BYTES) {
            // SAFETY: the piece is a part of the bytes that the contract is about.
            let bytes = unsafe { self.fetch(streaming, position, piece.len(), &mut stage) };
            piece.copy_from_slice(bytes);
            position = position.wrapping_add(piece.len() as u64);
        }
    }

    /// [`read_packets`](Self::read_packets) by streaming loads.
    ///
    /// # Safety
    ///
    /// The same.
    #[cold]
    unsafe fn stream_packets(
        &self,
        streaming: StreamingLoads,
        mut position: u64,
        packets: &mut [[u8; TS_PACKET]],
        mut header: impl FnMut() -> [u8; TS_HEADER],
    ) {
        let mut stage = Stage::new();
        for packets in packets.chunks_mut(STAGE_BYTES / TS_BODY) {
            let length = packets.len() * TS_BODY;
            // SAFETY: these bodies are a part of the bytes that the contract is about.
            let bytes = unsafe { self.fetch(streaming, position, length, &mut stage) };
            for (packet, from) in packets.iter_mut().zip(bytes.chunks_exact(TS_BODY)) {
                let (place, body) = packet.split_at_mut(TS_HEADER);
                place.copy_from_slice(&header());
                body.copy_from_slice(from);
            }
            position = position.wrapping_add(length as u64);
        }
    }

    /// Has `length` bytes from `position` on in `stage`.
    ///
    /// # Safety
    ///
    /// `length` is at most [`STAGE_BYTES`] and not longer than the span, and nobody writes the bytes meanwhile.
    unsafe fn fetch<'s>(
        &self,
        streaming: StreamingLoads,
        position: u64,
        length: usize,
        stage: &'s mut Stage,
    ) -> &'s [u8] {
        let (offset, _) = self.locate(position, length);
        // SAFETY: `data` is at a page and valid for `data_len` bytes, a power of two and at least a page
        // (invariants); `offset < data_len` (`locate`); the rest is the contract.
        unsafe { streaming.fetch(self.data, self.data_len, offset, length, stage) }
    }

    /// Writes `bytes` from `position` on, around the end of the span if need be.
    ///
    /// # Safety
    ///
    /// `bytes` is not longer than the span, and nobody else reads or writes that part meanwhile.
    pub(super) unsafe fn write(&self, position: u64, bytes: &[u8]) {
        debug_assert!(bytes.len() <= self.data_len);
        let (offset, first) = self.locate(position, bytes.len());
        // SAFETY: `offset < data_len` (`locate`), so the pointer stays inside the span.
        let target = unsafe { self.data.add(offset) };
        // SAFETY: `offset + first <= data_len` and `first <= bytes.len()` (`locate`); `bytes` is a
        // Rust reference, and none exists into the ring.
        unsafe { target.copy_from_nonoverlapping(NonNull::from(bytes).cast(), first) };
        if let Some(rest @ [_, ..]) = bytes.get(first..) {
            // SAFETY: what is left goes to the start of the span and is not longer than it, because
            // `bytes` is not (contract).
            unsafe {
                self.data
                    .copy_from_nonoverlapping(NonNull::from(rest).cast(), rest.len());
            };
        }
    }

    /// Where `position` is in the span, and how many of `length` bytes come before the span's end.
    #[inline]
    const fn locate(&self, position: u64, length: usize) -> (usize, usize) {
        let offset = (position & (self.data_len as u64 - 1)) as usize;
        let before_end = self.data_len - offset;
        let first = if length < before_end {
            length
        } else {
            before_end
        };
        (offset, first)
    }
}

/// Writes the header of one datagram; its packets are what is left.
#[inline]
fn begin(datagram: &mut [u8; RTP_DATAGRAM], start: [u8; RTP_HEADER]) -> &mut [[u8; TS_PACKET]] {
    let (place, packets) = datagram.split_at_mut(RTP_HEADER);
    place.copy_from_slice(&start);
    let (packets, _none) = packets.as_chunks_mut();
    packets
}

/// Writes the header of one packet and copies its body, that in three pieces: in one, compilers call a function for it, which
/// costs more than the copy.
///
/// # Safety
///
/// `source` is valid for reads of [`TS_BODY`] bytes, which nobody writes meanwhile and which are not
/// in `packet`.
#[inline]
unsafe fn copy_packet(source: NonNull<u8>, packet: &mut [u8; TS_PACKET], header: [u8; TS_HEADER]) {
    const { assert!(TS_BODY == 64 + 64 + 56) };
    let (place, body) = packet.split_at_mut(TS_HEADER);
    place.copy_from_slice(&header);
    let (one, rest) = body.split_at_mut(64);
    let (two, three) = rest.split_at_mut(64);
    let (one, two, three) = (NonNull::from(one), NonNull::from(two), NonNull::from(three));
    // SAFETY: 64 bytes are inside both (contract; the split).
    unsafe { one.cast().copy_from_nonoverlapping(source, 64) };
    // SAFETY: the first 128 bytes are inside.
    let source = unsafe { source.add(64) };
    // SAFETY: as above.
    unsafe { two.cast().copy_from_nonoverlapping(source, 64) };
    // SAFETY: as above.
    let source = unsafe { source.add(64) };
    // SAFETY: what is left is 56 bytes, on both sides.
    unsafe { three.cast().copy_from_nonoverlapping(source, 56) };
}
