//! Cuts the bytes of a PES packet into transport packets, straight from the payload into the batch.

use super::rtp::{BatchBuilder, DATAGRAM_PACKETS};
use super::ts::{self, BODY_BYTES, Content};
use super::{PacketHeaders, Payload};

/// Payload bytes of a full packet of a stream that is not encrypted. HDCP allows 176, a multiple of
/// its block; the rest is stuffing then.
pub(super) const CLEAR: usize = BODY_BYTES;

/// Bytes of a PES packet that are at hand: what was written before the chunk, then the chunk.
#[derive(Debug)]
pub(super) struct PesBytes<'a, P: ?Sized> {
    prefix: &'a [u8],
    payload: &'a P,
    /// First bytes of the payload that are left out.
    skip: usize,
    length: usize,
}

impl<'a, P: Payload + ?Sized> PesBytes<'a, P> {
    /// `prefix`, then `payload` without its first `skip` bytes.
    pub(super) fn new(prefix: &'a [u8], payload: &'a P, skip: usize) -> Self {
        let length = prefix.len() + payload.len().saturating_sub(skip);
        Self {
            prefix,
            payload,
            skip,
            length,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    fn copy(&self, offset: usize, to: &mut [u8]) {
        let head = self.prefix.get(offset..).unwrap_or_default();
        let (from_prefix, from_payload) = to.split_at_mut(head.len().min(to.len()));
        from_prefix.copy_from_slice(&head[..from_prefix.len()]);
        if !from_payload.is_empty() {
            let offset = offset.saturating_sub(self.prefix.len()) + self.skip;
            self.payload.copy(offset, from_payload);
        }
    }

    /// Where in the payload the byte at `offset` is; `None` if it is in the prefix.
    fn payload_offset(&self, offset: usize) -> Option<usize> {
        Some(offset.checked_sub(self.prefix.len())? + self.skip)
    }
}

/// How far a run of bytes has been cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// Bytes that are in packets.
    pub(super) done: usize,
    /// Whether the first byte begins a PES packet.
    pub(super) starts: bool,
    /// Whether the first packet is a point to begin decoding at.
    pub(super) random_access: bool,
}

/// One elementary stream: its PID, its packet headers with their continuity counter, and at most `PAYLOAD` bytes in a packet.
#[derive(Clone, Debug)]
pub(super) struct Packetizer<const PAYLOAD: usize> {
    pid: u16,
    headers: PacketHeaders,
}

impl<const PAYLOAD: usize> Packetizer<PAYLOAD> {
    /// Bytes of each packet that are not for payload.
    const RESERVED: usize = BODY_BYTES - PAYLOAD;

    pub(super) const fn new(pid: u16) -> Self {
        Self {
            pid,
            headers: PacketHeaders::new(pid),
        }
    }

    /// Packs from `cut` on until the bytes or the batch end, and moves `cut`. The last packet is
    /// stuffed: no byte waits for the next chunk. Whether the bytes have ended.
    pub(super) fn pack<P: Payload + ?Sized>(
        &mut self,
        batch: &mut BatchBuilder<'_>,
        bytes: &PesBytes<'_, P>,
        cut: &mut Cut,
    ) -> bool {
        while cut.done < bytes.len() {
            let Some(count) = self.pack_any(batch, bytes, cut) else {
                return false;
            };
            cut.done += count;
            self.pack_full(batch, bytes, cut);
        }
        true
    }

    /// All the packets from `cut` on that are nothing but payload. Nearly all are: here the time is
    /// spent.
    fn pack_full<P: Payload + ?Sized>(
        &mut self,
        batch: &mut BatchBuilder<'_>,
        bytes: &PesBytes<'_, P>,
        cut: &mut Cut,
    ) {
        let Some(mut offset) = bytes.payload_offset(cut.done) else {
            return;
        };
        if Self::RESERVED > 0 {
            return;
        }
        loop {
            let left = (bytes.len() - cut.done) / BODY_BYTES;
            let (datagrams, starts) = batch.datagrams(left / DATAGRAM_PACKETS);
            bytes
                .payload
                .copy_datagrams(offset, datagrams, starts, &mut self.headers);
            let packets = datagrams.len() * DATAGRAM_PACKETS;
            offset += packets * BODY_BYTES;
            cut.done += packets * BODY_BYTES;

            // What is left of a datagram that is begun, or too little for a whole one.
            let packets = batch.packets(left - packets);
            if packets.is_empty() {
                return;
            }
            bytes
                .payload
                .copy_packets(offset, packets, &mut self.headers);
            offset += packets.len() * BODY_BYTES;
            cut.done += packets.len() * BODY_BYTES;
        }
    }

    /// A packet with whatever it needs: a start, flags, bytes of the prefix, stuffing.
    fn pack_any<P: Payload + ?Sized>(
        &mut self,
        batch: &mut BatchBuilder<'_>,
        bytes: &PesBytes<'_, P>,
        cut: &Cut,
    ) -> Option<usize> {
        let (header, body) = batch.packet()?;
        let first = cut.done == 0;
        let random_access = first && cut.random_access;
        let flags = if random_access {
            ts::FLAGS_FIELD_BYTES
        } else {
            0
        };
        let left = bytes.len() - cut.done;
        let stuffing = BODY_BYTES.saturating_sub(left);
        let adaptation = Self::RESERVED.max(flags).max(stuffing);
        let content = if adaptation == 0 {
            Content::Payload
        } else {
            Content::AdaptationAndPayload
        };
        let number = self.headers.take_number();
        *header = ts::header(self.pid, first && cut.starts, content, number);
        let (field, data) = body.split_at_mut(adaptation);
        ts::write_adaptation(field, random_access);
        bytes.copy(cut.done, data);
        Some(data.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::Counters;
    use crate::media::tests::memory;
    use std::vec::Vec;

    const STARTS: Cut = Cut {
        done: 0,
        starts: true,
        random_access: true,
    };

    /// The packets of `length` bytes behind a prefix of 20, with `PAYLOAD` bytes at most.
    fn packets<const PAYLOAD: usize>(length: usize, mut cut: Cut) -> Vec<[u8; 188]> {
        let content: Vec<u8> = (0..length).map(|at| at as u8).collect();
        let mut memory = memory();
        let mut batch = BatchBuilder::new(&mut memory);
        let bytes = PesBytes::new(&[0xEE; 20], &content[..], 3);
        let mut packetizer = Packetizer::<PAYLOAD>::new(ts::pid::VIDEO);
        assert!(packetizer.pack(&mut batch, &bytes, &mut cut));
        assert_eq!(cut.done, bytes.len());
        batch.flush(false, &mut Counters::default());
        let datagrams = batch.pending();
        let packets = datagrams
            .datagrams()
            .flat_map(|datagram| datagram[12..].chunks(188));
        packets.map(|packet| packet.try_into().unwrap()).collect()
    }

    /// Bytes behind the adaptation field.
    fn payload(packet: &[u8; 188]) -> &[u8] {
        match packet[3] >> 4 {
            1 => &packet[4..],
            3 => &packet[5 + usize::from(packet[4])..],
            other => panic!("adaptation_field_control {other}"),
        }
    }

    #[test]
    fn a_packet_never_has_more_than_its_payload_bytes() {
        for length in 3..1000 {
            for packet in packets::<176>(length, STARTS).split_last().unwrap().1 {
                assert_eq!(payload(packet).len(), 176);
            }
            let clear = packets::<CLEAR>(length, STARTS);
            for (at, packet) in clear.split_last().unwrap().1.iter().enumerate() {
                assert_eq!(payload(packet).len(), if at == 0 { 182 } else { 184 });
            }
        }
    }

    #[test]
    fn the_bytes_come_out_as_they_went_in() {
        for length in 3..1000 {
            let expected: Vec<u8> = (3..length).map(|at| at as u8).collect();
            let expected = [&[0xEE; 20], &expected[..]].concat();
            for packets in [
                packets::<176>(length, STARTS),
                packets::<CLEAR>(length, STARTS),
            ] {
                let bytes: Vec<u8> = packets.iter().flat_map(payload).copied().collect();
                assert_eq!(bytes, expected);
            }
        }
    }

    #[test]
    fn a_tail_that_lacks_one_byte_has_an_empty_adaptation_field() {
        let cut = Cut {
            random_access: false,
            ..STARTS
        };
        let one = &packets::<CLEAR>(3 + 163, cut)[0];
        assert_eq!(one[..6], [0x47, 0x50, 0x11, 0x30, 0x00, 0xEE]);
        let two = &packets::<CLEAR>(3 + 162, cut)[0];
        assert_eq!(two[..7], [0x47, 0x50, 0x11, 0x30, 0x01, 0x00, 0xEE]);
        let three = &packets::<CLEAR>(3 + 161, cut)[0];
        assert_eq!(three[..8], [0x47, 0x50, 0x11, 0x30, 0x02, 0x00, 0xFF, 0xEE]);
    }

    #[test]
    fn only_the_first_packet_starts_the_unit_and_is_for_random_access() {
        let packets = packets::<CLEAR>(1000, STARTS);
        assert_eq!(packets[0][..6], [0x47, 0x50, 0x11, 0x30, 0x01, 0x40]);
        for (number, packet) in packets.iter().enumerate().skip(1) {
            assert_eq!(packet[1], 0x10, "no payload_unit_start_indicator");
            assert_eq!(usize::from(packet[3] & 0x0F), number % 16);
            assert!(packet[3] >> 4 == 1 || packet[5] == 0, "no flags");
        }
    }
}
