//! RTP datagrams with up to seven transport packets each, built side by side in one batch (RFC 3550
//! §5.1, RFC 2250 §2, S2.1 App. B.1).

use core::fmt;

use super::ts::{BODY_BYTES, HEADER_BYTES as TS_HEADER_BYTES, PACKET_BYTES};
use super::{Batch, Counters};
use crate::limits::{BATCH_BYTES, DATAGRAM_BYTES};

/// Bytes of the RTP header of each datagram: no contributing sources, no extension.
pub const RTP_HEADER_BYTES: usize = 12;

/// Packets of a full datagram.
pub(super) const DATAGRAM_PACKETS: usize = (DATAGRAM_BYTES - RTP_HEADER_BYTES) / PACKET_BYTES;

const _: () = assert!(
    (DATAGRAM_BYTES - RTP_HEADER_BYTES).is_multiple_of(PACKET_BYTES),
    "whole packets"
);

/// Version 2, no padding, no extension, no contributing sources; no marker; payload type 33, an
/// MPEG-2 transport stream (RFC 3551).
const START: u16 = u16::from_le_bytes([0x80, 33]);

/// The marker bit, beside the payload type.
const MARKER: u8 = 0x80;

/// The fields from the last byte to the first, as one word that is stored from its lowest byte on: all
/// but the sequence number stay what they are in a run of datagrams, and so do their halves of the word.
#[inline]
fn header(sequence: u16, timestamp: u32, ssrc: u32) -> [u8; RTP_HEADER_BYTES] {
    let last = u128::from(ssrc.swap_bytes()) << 64 | u128::from(timestamp.swap_bytes()) << 32;
    let word = last | u128::from(sequence.swap_bytes()) << 16 | u128::from(START);
    let [header @ .., _, _, _, _] = word.to_le_bytes();
    header
}

/// The RTP headers of datagrams that are begun together, one after the other.
#[derive(Clone, Copy, Debug)]
pub struct RtpHeaders {
    sequence: u16,
    timestamp: u32,
    ssrc: u32,
}

impl RtpHeaders {
    /// The header of the next datagram.
    #[inline]
    pub fn take(&mut self) -> [u8; RTP_HEADER_BYTES] {
        let sequence = self.sequence;
        self.sequence = sequence.wrapping_add(1);
        header(sequence, self.timestamp, self.ssrc)
    }
}

/// The send batch: first it is built, then it is handed out until all of it has left.
pub(super) struct BatchBuilder<'m> {
    bytes: &'m mut [u8; BATCH_BYTES],
    /// Bytes that are built.
    length: usize,
    /// Where the datagram under construction begins.
    datagram: usize,
    /// Where it ends if it becomes full; there the next packet begins a datagram.
    end: usize,
    /// Where the batch under construction is full.
    room: usize,
    /// Bytes that have left. Of a batch under construction none has.
    left: usize,
    closed: bool,
    headers: RtpHeaders,
}

impl<'m> BatchBuilder<'m> {
    pub(super) fn new(bytes: &'m mut [u8; BATCH_BYTES]) -> Self {
        Self {
            bytes,
            length: 0,
            datagram: 0,
            end: 0,
            room: BATCH_BYTES,
            left: 0,
            closed: false,
            headers: RtpHeaders {
                sequence: 0,
                timestamp: 0,
                ssrc: 0,
            },
        }
    }

    /// Throws away what is in the batch and begins a new RTP stream.
    pub(super) fn restart(&mut self, ssrc: u32, sequence: u16) {
        self.clear();
        self.headers.ssrc = ssrc;
        self.headers.sequence = sequence;
    }

    /// Throws away what is in the batch.
    pub(super) fn clear(&mut self) {
        self.length = 0;
        self.end = 0;
        self.room = BATCH_BYTES;
        self.left = 0;
        self.closed = false;
    }

    /// Lets the batch under construction grow by at most `datagrams` more.
    pub(super) fn limit(&mut self, datagrams: usize) {
        let bytes = datagrams.saturating_mul(DATAGRAM_BYTES);
        self.room = self.end.saturating_add(bytes).min(BATCH_BYTES);
    }

    /// The time stamp of the datagrams that are begun from now on, in 90 kHz.
    pub(super) fn stamp(&mut self, timestamp: u32) {
        self.headers.timestamp = timestamp;
    }

    /// Room for the next transport packet, header and body apart; `None` if the batch is full.
    #[inline]
    pub(super) fn packet(&mut self) -> Option<(&mut [u8; TS_HEADER_BYTES], &mut [u8; BODY_BYTES])> {
        if self.length == self.end {
            self.begin_datagram()?;
        }
        let room = self.bytes.get_mut(self.length..)?;
        let packet: &mut [u8; PACKET_BYTES] = room.first_chunk_mut()?;
        self.length += PACKET_BYTES;
        let (header, body) = packet.split_first_chunk_mut()?;
        Some((header, body.first_chunk_mut()?))
    }

    /// Room for up to `most` packets that follow each other in one datagram; none if the batch is
    /// full.
    pub(super) fn packets(&mut self, most: usize) -> &mut [[u8; PACKET_BYTES]] {
        if most == 0 || self.length == self.end && self.begin_datagram().is_none() {
            return &mut [];
        }
        let room = self
            .bytes
            .get_mut(self.length..self.end)
            .unwrap_or_default();
        let (packets, _none) = room.as_chunks_mut();
        let count = most.min(packets.len());
        self.length += count * PACKET_BYTES;
        &mut packets[..count]
    }

    /// Up to `most` full datagrams and the headers that belong into them; none if one is under
    /// construction, or the batch is full.
    pub(super) fn datagrams(&mut self, most: usize) -> (&mut [[u8; DATAGRAM_BYTES]], RtpHeaders) {
        let headers = self.headers;
        if self.length != self.end {
            return (&mut [], headers);
        }
        let room = self.bytes.get_mut(self.length..self.room);
        let room = room.unwrap_or_default();
        let (datagrams, _none) = room.as_chunks_mut();
        let count = most.min(datagrams.len());
        if count > 0 {
            self.headers.sequence = headers.sequence.wrapping_add(count as u16);
            self.length += count * DATAGRAM_BYTES;
            self.datagram = self.length - DATAGRAM_BYTES;
            self.end = self.length;
        }
        (&mut datagrams[..count], headers)
    }

    /// Appends a packet that was made elsewhere. One that finds no room is not sent.
    pub(super) fn push(&mut self, packet: &[u8; PACKET_BYTES]) {
        let (from_header, from_body) = packet.split_at(TS_HEADER_BYTES);
        if let Some((header, body)) = self.packet() {
            header.copy_from_slice(from_header);
            body.copy_from_slice(from_body);
        }
    }

    /// Puts the marker on the datagram that was begun last.
    pub(super) fn mark(&mut self) {
        if let Some(byte) = self.bytes.get_mut(self.datagram + 1) {
            *byte |= MARKER;
        }
    }

    fn begin_datagram(&mut self) -> Option<()> {
        let room = self.bytes.get_mut(self.length..self.room)?;
        let header = room.first_chunk_mut()?;
        *header = self.headers.take();
        self.datagram = self.length;
        self.end = self.length + DATAGRAM_BYTES;
        self.length += RTP_HEADER_BYTES;
        Some(())
    }

    /// Closes the batch: the datagram under construction stays as short as it is. `marker` is put
    /// on the last datagram.
    pub(super) fn flush(&mut self, marker: bool, counters: &mut Counters) {
        if marker {
            self.mark();
        }
        let datagrams = self.length.div_ceil(DATAGRAM_BYTES);
        counters.datagrams += datagrams as u64;
        counters.ts_packets += ((self.length - datagrams * RTP_HEADER_BYTES) / PACKET_BYTES) as u64;
        self.closed = true;
    }

    /// Whether there are datagrams that have not left.
    pub(super) fn is_pending(&self) -> bool {
        self.closed
    }

    /// The datagrams that have not left.
    pub(super) fn pending(&self) -> Batch<'_> {
        Batch {
            bytes: self.bytes.get(self.left..self.length).unwrap_or_default(),
            segment: DATAGRAM_BYTES,
        }
    }

    /// `datagrams` more have left. Whether any are still there.
    pub(super) fn sent(&mut self, datagrams: usize) -> bool {
        if self.closed {
            let bytes = datagrams.saturating_mul(DATAGRAM_BYTES);
            self.left = self.left.saturating_add(bytes);
            if self.left >= self.length {
                self.clear();
            }
        }
        self.closed
    }
}

impl fmt::Debug for BatchBuilder<'_> {
    /// Without the bytes: there are 65 072.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchBuilder")
            .field("length", &self.length)
            .field("left", &self.left)
            .field("closed", &self.closed)
            .field("sequence", &self.headers.sequence)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::BATCH_DATAGRAMS_MAX;
    use crate::media::tests::memory;
    use std::vec::Vec;

    const PACKET: [u8; PACKET_BYTES] = [0x47; PACKET_BYTES];

    fn flush(batch: &mut BatchBuilder<'_>, marker: bool) -> Counters {
        let mut counters = Counters::default();
        batch.flush(marker, &mut counters);
        counters
    }

    /// Writes the headers, as a payload does; there are `count` datagrams.
    fn fill((datagrams, mut headers): (&mut [[u8; DATAGRAM_BYTES]], RtpHeaders), count: usize) {
        assert_eq!(datagrams.len(), count);
        for datagram in datagrams {
            datagram[..RTP_HEADER_BYTES].copy_from_slice(&headers.take());
        }
    }

    #[test]
    fn the_header_is_the_worked_one() {
        let expected = [
            0x80, 0x21, 0x12, 0x34, 0x00, 0x01, 0x5F, 0x90, 0x11, 0x22, 0x33, 0x44,
        ];
        assert_eq!(header(0x1234, 90_000, 0x1122_3344), expected);
    }

    #[test]
    fn a_full_batch_has_49_datagrams_and_takes_no_more() {
        let mut memory = memory();
        let mut batch = BatchBuilder::new(&mut memory);
        batch.restart(1, 65_520);
        for _ in 0..BATCH_DATAGRAMS_MAX * 7 {
            assert!(batch.packet().is_some());
        }
        assert!(batch.packet().is_none());
        let counters = flush(&mut batch, true);
        assert_eq!((counters.datagrams, counters.ts_packets), (49, 343));
        let datagrams: Vec<_> = batch.pending().datagrams().collect();
        assert!(datagrams.iter().all(|datagram| datagram.len() == 1328));
        let numbers: Vec<_> = datagrams
            .iter()
            .map(|d| u16::from_be_bytes([d[2], d[3]]))
            .collect();
        let expected: Vec<_> = (0..49).map(|n| 65_520_u16.wrapping_add(n)).collect();
        assert_eq!(numbers, expected);
        let marked: Vec<_> = datagrams.iter().map(|d| d[1] >> 7).collect();
        assert_eq!((marked[48], marked.iter().sum::<u8>()), (1, 1));
    }

    #[test]
    fn runs_of_packets_end_with_the_datagram_and_with_the_batch() {
        let mut memory = memory();
        let mut batch = BatchBuilder::new(&mut memory);
        batch.push(&PACKET);
        assert_eq!(batch.packets(2).len(), 2);
        assert_eq!(batch.packets(usize::MAX).len(), 4, "7 in a datagram");
        for _ in 1..BATCH_DATAGRAMS_MAX {
            let packets = batch.packets(100);
            assert_eq!(packets.len(), 7);
            packets.fill(PACKET);
        }
        assert!(batch.packets(1).is_empty());
        let counters = flush(&mut batch, false);
        assert_eq!((counters.datagrams, counters.ts_packets), (49, 343));
        let pending = batch.pending();
        let last = pending.datagrams().last().unwrap();
        assert_eq!(last[..2], [0x80, 0x21]);
        assert!(last[12..].iter().all(|byte| *byte == 0x47));
    }

    #[test]
    fn full_datagrams_begin_where_none_is_begun() {
        let mut memory = memory();
        let mut batch = BatchBuilder::new(&mut memory);
        batch.restart(1, 65_535);
        assert!(batch.packets(0).is_empty(), "and no datagram is begun");
        assert!(batch.datagrams(0).0.is_empty());
        fill(batch.datagrams(2), 2);
        batch.push(&PACKET);
        assert!(batch.datagrams(1).0.is_empty(), "one is under construction");
        assert_eq!(batch.packets(100).len(), 6);
        fill(batch.datagrams(100), BATCH_DATAGRAMS_MAX - 3);
        assert!(batch.datagrams(1).0.is_empty() && batch.packet().is_none());
        let counters = flush(&mut batch, true);
        assert_eq!((counters.datagrams, counters.ts_packets), (49, 343));
        let starts: Vec<_> = batch
            .pending()
            .datagrams()
            .map(|d| (d[1] >> 7, d[3]))
            .collect();
        assert_eq!(starts[..2], [(0, 255), (0, 0)]);
        assert_eq!(starts[48], (1, 47));
    }

    #[test]
    fn the_last_datagram_is_as_short_as_its_packets() {
        let mut memory = memory();
        let mut batch = BatchBuilder::new(&mut memory);
        for _ in 0..8 {
            batch.push(&PACKET);
        }
        let counters = flush(&mut batch, false);
        assert_eq!((counters.datagrams, counters.ts_packets), (2, 8));
        let sizes: Vec<_> = batch.pending().datagrams().map(<[u8]>::len).collect();
        assert_eq!(sizes, [1328, 200]);
    }

    #[test]
    fn what_was_not_sent_stays_in_order() {
        let mut memory = memory();
        let mut batch = BatchBuilder::new(&mut memory);
        for _ in 0..20 {
            batch.push(&PACKET);
        }
        flush(&mut batch, false);
        assert!(batch.sent(0));
        assert!(batch.sent(1));
        let sequences: Vec<_> = batch.pending().datagrams().map(|d| d[3]).collect();
        assert_eq!(sequences, [1, 2]);
        assert!(!batch.sent(usize::MAX));
        assert!(batch.pending().bytes.is_empty());
        assert!(!batch.sent(3), "nothing was handed out");
    }
}
