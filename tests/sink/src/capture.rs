//! Writes what the sockets carried as a capture file that protocol analysers read, and the
//! transport stream by itself.
//!
//! Ethernet, IP, TCP and UDP headers are made up around the bytes: addresses and ports are the real
//! ones, sequence numbers and the handshake follow from the bytes, and the time stamps are those of
//! the arrival at (or the departure from) the sink. Lost segments and retransmissions cannot be in
//! it.

use core::net::{Ipv4Addr, SocketAddrV4};
use core::time::Duration;
use std::io::{self, Write};

use pcap_file::PcapError;
use pcap_file::pcap::{PcapPacket, PcapWriter};

use crate::machine::{Direction, Segment};

/// Bytes of TCP payload in one packet, as Ethernet has it.
const SEGMENT_MAX: usize = 1460;

/// Bytes of an RTP header.
const RTP_HEADER: usize = 12;

/// A UDP datagram that the sink received.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Received {
    /// When, nanoseconds of the real-time clock.
    pub at_ns: u64,
    /// Who sent it.
    pub from: SocketAddrV4,
    /// Its payload.
    pub bytes: Vec<u8>,
}

/// The addresses of a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Endpoints {
    /// The source's RTSP address.
    pub source: SocketAddrV4,
    /// The sink's end of that connection.
    pub sink: SocketAddrV4,
    /// The sink's RTP port.
    pub rtp_port: u16,
}

/// Writes a session in pcap form, in the order of time. The time stamps are whole microseconds: of
/// the analysers, tstools reads no others.
///
/// # Errors
/// Those of `out`.
pub fn write_pcap<W: Write>(
    out: W,
    endpoints: Endpoints,
    segments: &[Segment],
    datagrams: &[Received],
) -> io::Result<()> {
    let mut writer = PcapWriter::new(out).map_err(into_io)?;
    let mut tcp = tcp_packets(endpoints, segments).into_iter().peekable();
    let mut put = |at_ns: u64, frame: &[u8]| {
        let length = u32::try_from(frame.len()).unwrap_or(u32::MAX);
        let packet = PcapPacket::new(Duration::from_nanos(at_ns), length, frame);
        writer.write_packet(&packet).map_err(into_io)
    };
    let mut order: Vec<&Received> = datagrams.iter().collect();
    order.sort_by_key(|d| d.at_ns);
    for datagram in order {
        while let Some((at_ns, frame)) = tcp.next_if(|(at_ns, _)| *at_ns <= datagram.at_ns) {
            put(at_ns, &frame)?;
        }
        let to = SocketAddrV4::new(*endpoints.sink.ip(), endpoints.rtp_port);
        put(
            datagram.at_ns,
            &udp_frame(datagram.from, to, &datagram.bytes),
        )?;
    }
    tcp.try_for_each(|(at_ns, frame)| put(at_ns, &frame).map(drop))
}

/// Writes the TS packets of all datagrams, in the order they came.
///
/// # Errors
/// Those of `out`.
pub fn write_ts<W: Write>(mut out: W, datagrams: &[Received]) -> io::Result<()> {
    for datagram in datagrams {
        out.write_all(datagram.bytes.get(RTP_HEADER..).unwrap_or_default())?;
    }
    out.flush()
}

fn into_io(error: PcapError) -> io::Error {
    match error {
        PcapError::IoError(error) => error,
        other => io::Error::other(other),
    }
}

/// One direction's place in the TCP connection.
#[derive(Clone, Copy)]
struct Side {
    address: SocketAddrV4,
    sequence: u32,
}

mod flag {
    pub(super) const FIN: u8 = 0x01;
    pub(super) const SYN: u8 = 0x02;
    pub(super) const PSH: u8 = 0x08;
    pub(super) const ACK: u8 = 0x10;
}

/// The connection as packets: handshake, data, end.
fn tcp_packets(endpoints: Endpoints, segments: &[Segment]) -> Vec<(u64, Vec<u8>)> {
    let (Some(first), Some(last)) = (segments.first(), segments.last()) else {
        return Vec::new();
    };
    let mut sink = Side {
        address: endpoints.sink,
        sequence: 0x1000_0000,
    };
    let mut source = Side {
        address: endpoints.source,
        sequence: 0x2000_0000,
    };
    let start = first.at_ns.saturating_sub(3000);
    let none: &[u8] = &[];
    let mut packets = vec![(start, tcp_frame(&mut sink, &source, flag::SYN, none))];
    packets.push((
        start + 1000,
        tcp_frame(&mut source, &sink, flag::SYN | flag::ACK, none),
    ));
    packets.push((start + 2000, tcp_frame(&mut sink, &source, flag::ACK, none)));
    let mut now = start + 3000;
    for segment in segments {
        now = now.max(segment.at_ns);
        let (from, to) = match segment.direction {
            Direction::FromSource => (&mut source, &sink),
            Direction::ToSource => (&mut sink, &source),
        };
        for part in segment.bytes.chunks(SEGMENT_MAX) {
            packets.push((now, tcp_frame(from, to, flag::PSH | flag::ACK, part)));
        }
    }
    let end = now.max(last.at_ns) + 1000;
    packets.push((
        end,
        tcp_frame(&mut sink, &source, flag::FIN | flag::ACK, none),
    ));
    packets.push((
        end + 1000,
        tcp_frame(&mut source, &sink, flag::FIN | flag::ACK, none),
    ));
    packets.push((end + 2000, tcp_frame(&mut sink, &source, flag::ACK, none)));
    packets
}

/// A TCP packet; moves the sender's sequence number on.
fn tcp_frame(from: &mut Side, to: &Side, flags: u8, payload: &[u8]) -> Vec<u8> {
    let acknowledged = if flags & flag::ACK == 0 {
        0
    } else {
        to.sequence
    };
    let mut packet = Vec::with_capacity(20 + payload.len());
    packet.extend(from.address.port().to_be_bytes());
    packet.extend(to.address.port().to_be_bytes());
    packet.extend(from.sequence.to_be_bytes());
    packet.extend(acknowledged.to_be_bytes());
    // Five words of header, a full window, the checksum's place, no urgent data.
    packet.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
    packet.extend(payload);
    seal(&mut packet, 16, (*from.address.ip(), *to.address.ip()), 6);
    let length = u32::try_from(payload.len()).unwrap_or(0);
    let counted = length + u32::from(flags & (flag::SYN | flag::FIN) != 0);
    from.sequence = from.sequence.wrapping_add(counted);
    frame(*from.address.ip(), *to.address.ip(), 6, &packet)
}

fn udp_frame(from: SocketAddrV4, to: SocketAddrV4, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(8 + payload.len()).unwrap_or(u16::MAX);
    let mut packet = Vec::with_capacity(usize::from(length));
    packet.extend(from.port().to_be_bytes());
    packet.extend(to.port().to_be_bytes());
    packet.extend(length.to_be_bytes());
    packet.extend([0, 0]);
    packet.extend(payload);
    seal(&mut packet, 6, (*from.ip(), *to.ip()), 17);
    frame(*from.ip(), *to.ip(), 17, &packet)
}

/// Puts the checksum over the pseudo header and the packet to its place (RFC 793, RFC 768).
fn seal(packet: &mut [u8], place: usize, (from, to): (Ipv4Addr, Ipv4Addr), protocol: u8) {
    let length = u16::try_from(packet.len())
        .unwrap_or(u16::MAX)
        .to_be_bytes();
    let pseudo = [
        from.octets(),
        to.octets(),
        [0, protocol, length[0], length[1]],
    ]
    .concat();
    let sum = match checksum(&[&pseudo, packet]) {
        // 0 means "none" in UDP; the two are the same number.
        0 => 0xffff,
        sum => sum,
    };
    if let Some(field) = packet.get_mut(place..place + 2) {
        field.copy_from_slice(&sum.to_be_bytes());
    }
}

/// The Internet checksum (RFC 1071). All parts but the last have an even length.
fn checksum(parts: &[&[u8]]) -> u16 {
    let words = parts.iter().flat_map(|part| part.chunks(2));
    let sum: u32 = words
        .map(|word| match word {
            [high, low] => u32::from(u16::from_be_bytes([*high, *low])),
            [high] => u32::from(*high) << 8,
            _ => 0,
        })
        .sum();
    let folded = (sum & 0xffff) + (sum >> 16);
    !(((folded & 0xffff) + (folded >> 16)) as u16)
}

/// Ethernet and IPv4 around a packet.
fn frame(from: Ipv4Addr, to: Ipv4Addr, protocol: u8, packet: &[u8]) -> Vec<u8> {
    // Locally administered addresses: 2 and the IPv4 address.
    let [a, b, c, d] = to.octets();
    let mut frame = vec![0x02, 0, a, b, c, d];
    let [a, b, c, d] = from.octets();
    frame.extend([0x02, 0, a, b, c, d, 0x08, 0x00]);
    let length = u16::try_from(20 + packet.len())
        .unwrap_or(u16::MAX)
        .to_be_bytes();
    let mut ip = vec![
        0x45, 0, length[0], length[1], 0, 0, 0x40, 0, 64, protocol, 0, 0,
    ];
    ip.extend(from.octets());
    ip.extend(to.octets());
    let sum = checksum(&[&ip]).to_be_bytes();
    if let Some(field) = ip.get_mut(10..12) {
        field.copy_from_slice(&sum);
    }
    frame.extend(ip);
    frame.extend(packet);
    frame
}

#[cfg(test)]
mod tests {
    use pcap_file::pcap::PcapReader;

    use super::{Endpoints, Received, checksum, write_pcap, write_ts};
    use crate::machine::{Direction, Segment};

    fn endpoints() -> Endpoints {
        Endpoints {
            source: "10.0.0.1:7236".parse().unwrap(),
            sink: "10.0.0.2:40000".parse().unwrap(),
            rtp_port: 1028,
        }
    }

    #[test]
    fn a_session_can_be_read_back() {
        let segment = |direction, at_ns, bytes: &[u8]| Segment {
            direction,
            at_ns,
            bytes: bytes.to_vec(),
        };
        let long = [b'x'; 2000];
        let segments = [
            segment(Direction::FromSource, 10_000_001_123, b"OPTIONS"),
            segment(Direction::ToSource, 10_000_100_000, b"RTSP"),
            segment(Direction::FromSource, 10_000_300_000, &long),
        ];
        let from = "10.0.0.1:5000".parse().unwrap();
        let datagram = |at_ns, bytes: &[u8]| Received {
            at_ns,
            from,
            bytes: bytes.to_vec(),
        };
        let datagrams = [
            datagram(10_000_200_001, &[7; 13]),
            datagram(10_000_200_000, &[8; 12]),
        ];
        let mut file = Vec::new();
        write_pcap(&mut file, endpoints(), &segments, &datagrams).unwrap();

        let mut reader = PcapReader::new(file.as_slice()).unwrap();
        let mut packets = Vec::new();
        while let Some(packet) = reader.next_packet() {
            let packet = packet.unwrap();
            packets.push((packet.timestamp.as_nanos(), packet.data.into_owned()));
        }
        assert_eq!(packets.len(), 3 + 2 + 2 + 2 + 3);
        assert!(packets.is_sorted_by_key(|(at, _)| *at));
        assert_eq!(packets[3].0, 10_000_001_000, "whole microseconds");
        let mut streams: [Vec<u8>; 2] = [Vec::new(), Vec::new()];
        for (_, frame) in &packets {
            let (ip, packet) = frame[14..].split_at(20);
            assert_eq!(checksum(&[ip]), 0);
            let length = u16::try_from(packet.len()).unwrap().to_be_bytes();
            let pseudo = [&ip[12..20], &[0, ip[9]], &length].concat();
            assert_eq!(checksum(&[&pseudo, packet]), 0);
            if ip[9] == 6 {
                streams[usize::from(ip[15] == 1)].extend(&packet[20..]);
            } else {
                assert_eq!(packet[..4], [0x13, 0x88, 0x04, 0x04]);
            }
        }
        assert_eq!(streams[0], b"RTSP");
        assert_eq!(streams[1], [&b"OPTIONS"[..], &long].concat());

        let mut ts = Vec::new();
        write_ts(&mut ts, &datagrams).unwrap();
        assert_eq!(ts, [7]);
    }

    #[test]
    fn sequence_and_acknowledgement_numbers_follow_the_bytes() {
        let packets = super::tcp_packets(
            endpoints(),
            &[Segment {
                direction: Direction::FromSource,
                at_ns: 5000,
                bytes: vec![0; 10],
            }],
        );
        let numbers: Vec<(u32, u32)> = packets
            .iter()
            .map(|(_, frame)| {
                let number = |at: usize| u32::from_be_bytes(*frame[at..].first_chunk().unwrap());
                (number(38) & 0xffff, number(42) & 0xffff)
            })
            .collect();
        assert_eq!(
            numbers,
            [(0, 0), (0, 1), (1, 1), (1, 1), (1, 11), (11, 2), (2, 12)]
        );
    }
}
