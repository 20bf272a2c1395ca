//! A copy of a recorded stream without its LPCM, for FFmpeg.
//!
//! FFmpeg knows no stream type 0x83 outside of Blu-ray discs: it takes the samples for mp3, and
//! complains of each unit. GStreamer knows it and gets the stream as it is.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

/// Bytes of a TS packet.
const PACKET: usize = 188;

/// PIDs of the PMT and of the sound (S2.1 App. D.4.2).
const PMT: u16 = 0x0100;
const SOUND: u16 = 0x1100;

/// Stream type of LPCM (S2.1 Table 105).
const LPCM: u8 = 0x83;

/// Writes the copy beside `stream` and gives its path.
pub(super) fn copy(stream: &Path) -> anyhow::Result<PathBuf> {
    let bytes = std::fs::read(stream).with_context(|| format!("no {}", stream.display()))?;
    let to = stream.with_extension("pictures.ts");
    std::fs::write(&to, without_lpcm(&bytes)?)?;
    Ok(to)
}

fn without_lpcm(stream: &[u8]) -> anyhow::Result<Vec<u8>> {
    let (packets, rest) = stream.as_chunks::<PACKET>();
    ensure!(rest.is_empty(), "no whole number of packets");
    let mut lpcm = false;
    let mut out = Vec::new();
    for packet in packets {
        let mut packet = *packet;
        let pid = u16::from_be_bytes([packet[1] & 0x1F, packet[2]]);
        if pid == PMT {
            lpcm = strip(&mut packet).context("a PMT that cannot be read")?;
        }
        if pid != SOUND || !lpcm {
            out.extend(packet);
        }
    }
    Ok(out)
}

/// Takes the entry of LPCM, which is the last, out of a PMT; whether there is one.
fn strip(packet: &mut [u8; PACKET]) -> Option<bool> {
    let length = |bytes: &[u8], at: usize| -> Option<usize> {
        Some(usize::from(u16::from_be_bytes([
            bytes.get(at)? & 0x0F,
            *bytes.get(at + 1)?,
        ])))
    };
    // No adaptation field, pointer 0: the section begins at 5.
    let start = 5;
    let end = start + 3 + length(packet, start + 1)?;
    let mut at = start + 12 + length(packet, start + 10)?;
    while *packet.get(at)? != LPCM {
        at += 5 + length(packet, at + 3)?;
        if at + 4 >= end {
            return Some(false);
        }
    }
    let section = u16::try_from(at + 4 - start - 3).ok()?;
    let [high, low] = section.to_be_bytes();
    packet[start + 1] = packet[start + 1] & 0xF0 | high;
    packet[start + 2] = low;
    let crc = crc32(packet.get(start..at)?).to_be_bytes();
    packet.get_mut(at..at + 4)?.copy_from_slice(&crc);
    packet.get_mut(at + 4..)?.fill(0xFF);
    Some(true)
}

/// CRC-32 of MPEG (ISO 13818-1 annex A).
fn crc32(bytes: &[u8]) -> u32 {
    let bit = |crc: u32, _| crc << 1 ^ if crc >> 31 == 1 { 0x04C1_1DB7 } else { 0 };
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte) << 24, bit);
    bytes.iter().fold(u32::MAX, byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// H.264 and LPCM.
    const BOTH: &[u8] = &[
        0x02, 0xb0, 0x25, 0x00, 0x01, 0xc1, 0x00, 0x00, 0xf0, 0x00, 0xf0, 0x00, 0x1b, 0xf0, 0x11,
        0xf0, 0x0a, 0x28, 0x04, 0x42, 0xc0, 0x1f, 0x3f, 0x2a, 0x02, 0x7e, 0x1f, 0x83, 0xf1, 0x00,
        0xf0, 0x04, 0x83, 0x02, 0x46, 0x2f, 0xd2, 0x50, 0x17, 0xd6,
    ];

    fn packet(pid: u16, payload: &[u8]) -> Vec<u8> {
        let [high, low] = pid.to_be_bytes();
        let mut packet = vec![0x47, 0x40 | high, low, 0x10, 0];
        packet.extend(payload);
        packet.resize(PACKET, 0xFF);
        packet
    }

    #[test]
    fn the_entry_and_its_packets_go_and_the_crc_is_right() {
        let stream = [packet(PMT, BOTH), packet(SOUND, &[1]), packet(0x1011, &[2])].concat();
        let stripped = without_lpcm(&stream).unwrap();
        assert_eq!(stripped.len(), 2 * PACKET);
        let section = &stripped[5..5 + 3 + 0x1C];
        assert_eq!(section[..3], [0x02, 0xb0, 0x1C]);
        assert_eq!(section[3..27], BOTH[3..27]);
        assert_eq!(crc32(section), 0, "the remainder of a section with its CRC");
        assert_eq!(without_lpcm(&stripped).unwrap(), stripped);
    }

    #[test]
    fn sound_that_ffmpeg_knows_stays() {
        let mut aac = BOTH.to_vec();
        aac[27] = 0x0F;
        let stream = [packet(PMT, &aac), packet(SOUND, &[1])].concat();
        assert_eq!(without_lpcm(&stream).unwrap(), stream);
    }
}
