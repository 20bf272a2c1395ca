//! The bytes of a chunk in the miniport's ring, as core's packetizer asks for them.

use miracast_core::media::{PacketHeaders, Payload, RtpHeaders};
use miracast_kmd_iface::ring::{Consumer, RTP_DATAGRAM, SpanRange, TS_PACKET};

/// A chunk that is held: its span was checked and is not released yet.
#[derive(Debug)]
pub struct RingPayload<'r> {
    ring: &'r Consumer,
    span: SpanRange,
}

impl<'r> RingPayload<'r> {
    /// The bytes of `span`, which `ring` gave out.
    pub const fn new(ring: &'r Consumer, span: SpanRange) -> Self {
        Self { ring, span }
    }
}

impl Payload for RingPayload<'_> {
    fn len(&self) -> usize {
        self.span.length() as usize
    }

    fn copy(&self, offset: usize, to: &mut [u8]) {
        // The span was checked and is held: a failure is a bug, and must not send old bytes.
        if self.ring.copy(self.span, offset, to).is_err() {
            to.fill(0);
        }
    }

    fn copy_packets(
        &self,
        offset: usize,
        packets: &mut [[u8; TS_PACKET]],
        headers: &mut PacketHeaders,
    ) {
        let header = || headers.take();
        let copied = self.ring.copy_packets(self.span, offset, packets, header);
        if copied.is_err() {
            // Without headers: the sink takes them for no packets.
            packets.fill([0; TS_PACKET]);
        }
    }

    fn copy_datagrams(
        &self,
        offset: usize,
        datagrams: &mut [[u8; RTP_DATAGRAM]],
        mut starts: RtpHeaders,
        headers: &mut PacketHeaders,
    ) {
        let start = || starts.take();
        let header = || headers.take();
        let copied = self
            .ring
            .copy_datagrams(self.span, offset, datagrams, start, header);
        if copied.is_err() {
            datagrams.fill([0; RTP_DATAGRAM]);
        }
    }
}
