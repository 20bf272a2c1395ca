//! What arrives: datagrams to packets to PES packets, leniently, for only the pictures' bytes are looked
//! for. Formats are held to their specifications elsewhere (`tests/sink`).

/// Bytes of an RTP header, of a TS packet and of the PES header of a picture.
const RTP: usize = 12;
const TS: usize = 188;
const PES: usize = 14;

/// The packet identifier of pictures (S2.1 App. D).
const VIDEO: u16 = 0x1011;

/// The receiver.
#[derive(Debug, Default)]
pub(super) struct Receiver {
    /// The RTP sequence number of the last datagram of this stream.
    sequence: Option<u16>,
    /// The elementary stream of each PES packet.
    pub(super) units: Vec<Vec<u8>>,
}

impl Receiver {
    /// Another stream begins.
    pub(super) fn restart(&mut self) {
        self.sequence = None;
    }

    pub(super) fn datagram(&mut self, datagram: &[u8]) {
        let (header, packets) = datagram.split_at(RTP);
        let sequence = u16::from_be_bytes([header[2], header[3]]);
        let next = self.sequence.map_or(sequence, |last| last.wrapping_add(1));
        assert_eq!(sequence, next, "a datagram is missing");
        self.sequence = Some(sequence);
        assert!(!packets.is_empty() && packets.len().is_multiple_of(TS));
        for packet in packets.chunks(TS) {
            self.packet(packet);
        }
    }

    fn packet(&mut self, packet: &[u8]) {
        assert_eq!(packet[0], 0x47, "no packet");
        let starts = packet[1] & 0x40 != 0;
        let pid = u16::from_be_bytes([packet[1] & 0x1F, packet[2]]);
        if pid != VIDEO {
            return;
        }
        let adaptation = if packet[3] & 0x20 == 0 {
            0
        } else {
            1 + usize::from(packet[4])
        };
        let mut payload = &packet[4 + adaptation..];
        if starts {
            assert_eq!(payload[..4], [0, 0, 1, 0xE0], "no PES packet");
            payload = &payload[PES..];
            self.units.push(Vec::new());
        }
        let unit = self.units.last_mut().expect("a PES packet that began");
        unit.extend_from_slice(payload);
    }
}
