//! The transport stream in a capture: the RTP datagrams with it, in the order of the file.
//!
//! Not a dissector: it knows Ethernet, IPv4 without fragments, UDP and RTP as far as to get at the
//! payload, and passes over what is anything else.

use core::time::Duration;
use std::io::Read;

use anyhow::Context as _;
use pcap_file::pcap::PcapReader;

/// EtherType of IPv4, where Ethernet has it.
const IPV4: [u8; 2] = [0x08, 0x00];
const ETHERNET_HEADER: usize = 14;
/// UDP among the protocols over IP.
const UDP: u8 = 17;
const UDP_HEADER: usize = 8;
const RTP_HEADER: usize = 12;
/// RTP version 2, with neither padding nor extension nor contributing sources, as Wi-Fi Display
/// has it.
const RTP_PLAIN: u8 = 0x80;
/// Payload type of a transport stream (RFC 3551 Table 5).
const MP2T: u8 = 33;

/// The TS packets of one datagram.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Datagram<'a> {
    /// When it came, since the first one of the file.
    pub(crate) at: Duration,
    /// What is behind the RTP header.
    pub(crate) payload: &'a [u8],
}

/// Hands each datagram of a capture that has a transport stream to `take`.
///
/// # Errors
/// If the capture is not of pcap form, or its time goes back.
pub(crate) fn datagrams(
    capture: impl Read,
    mut take: impl FnMut(Datagram<'_>),
) -> anyhow::Result<()> {
    let mut reader = PcapReader::new(capture)?;
    let mut first = None;
    let mut last = Duration::ZERO;
    while let Some(packet) = reader.next_packet() {
        let packet = packet?;
        let Some(payload) = transport_stream(&packet.data) else {
            continue;
        };
        let first = *first.get_or_insert(packet.timestamp);
        let at = packet.timestamp.checked_sub(first);
        last = at.filter(|at| *at >= last).context("time goes back")?;
        take(Datagram { at: last, payload });
    }
    Ok(())
}

/// What is behind the RTP header, if `frame` is one of Ethernet with a transport stream in it.
fn transport_stream(frame: &[u8]) -> Option<&[u8]> {
    let (ethernet, ip) = frame.split_at_checked(ETHERNET_HEADER)?;
    let first = *ip.first()?;
    let udp = ip.get(usize::from(first & 0x0F) * 4..)?;
    let rtp = udp.get(UDP_HEADER..)?;
    let (header, payload) = rtp.split_at_checked(RTP_HEADER)?;
    let is_stream = ethernet.ends_with(&IPV4)
        && first >> 4 == 4
        && ip.get(9) == Some(&UDP)
        && header[0] == RTP_PLAIN
        && header[1] & 0x7F == MP2T;
    is_stream.then_some(payload)
}

#[cfg(test)]
mod tests {
    use pcap_file::pcap::{PcapPacket, PcapWriter};

    use super::*;

    /// A frame with an RTP header and `payload`.
    fn frame(payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![0; ETHERNET_HEADER + 20 + UDP_HEADER + RTP_HEADER];
        frame[12..14].copy_from_slice(&IPV4);
        frame[14] = 0x45;
        frame[14 + 9] = UDP;
        frame[42] = RTP_PLAIN;
        frame[43] = 0x80 | MP2T;
        frame.extend(payload);
        frame
    }

    /// A capture of frames, each with its microsecond.
    fn capture(frames: &[(u64, Vec<u8>)]) -> Vec<u8> {
        let mut writer = PcapWriter::new(Vec::new()).unwrap();
        for (at, frame) in frames {
            let length = u32::try_from(frame.len()).unwrap();
            let packet = PcapPacket::new(Duration::from_micros(*at), length, frame);
            writer.write_packet(&packet).unwrap();
        }
        writer.into_writer()
    }

    fn read(frames: &[(u64, Vec<u8>)]) -> anyhow::Result<Vec<(u128, Vec<u8>)>> {
        let mut read = Vec::new();
        datagrams(capture(frames).as_slice(), |datagram| {
            read.push((datagram.at.as_micros(), datagram.payload.to_vec()));
        })?;
        Ok(read)
    }

    #[test]
    fn payloads_come_with_their_times_since_the_first() {
        let other = (1_000, vec![0; 60]);
        let frames = [other, (5_000, frame(b"one")), (7_500, frame(b"two"))];
        let wanted = [(0, b"one".to_vec()), (2_500, b"two".to_vec())];
        assert_eq!(read(&frames).unwrap(), wanted);
    }

    #[test]
    fn what_is_no_transport_stream_is_passed_over() {
        let good = frame(b"x");
        assert!(transport_stream(&good).is_some());
        // EtherType, IP version, TCP, RTP version, RTCP.
        for (at, byte) in [(12, 0x86), (14, 0x65), (23, 6), (42, 0x40), (43, 200)] {
            let mut bad = good.clone();
            bad[at] = byte;
            assert_eq!(transport_stream(&bad), None, "byte {at}");
        }
        for length in 0..good.len() - 1 {
            assert_eq!(transport_stream(&good[..length]), None, "{length}");
        }
    }

    #[test]
    fn time_that_goes_back_is_an_error() {
        assert!(read(&[(2, frame(b"a")), (2, frame(b"b"))]).is_ok());
        assert!(read(&[(2, frame(b"a")), (1, frame(b"b"))]).is_err());
        let back = [(2, frame(b"a")), (9, frame(b"b")), (8, frame(b"c"))];
        assert!(read(&back).is_err());
        assert!(datagrams(b"no capture".as_slice(), |_| ()).is_err());
    }
}
