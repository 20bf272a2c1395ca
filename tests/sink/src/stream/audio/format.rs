//! The format of the sound: as M4 announces it, and as the PMT must describe it.

use core::fmt;

use super::frames::Ac3Rate;

/// How sound is coded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Coding {
    /// Linear PCM, 16 bit, big-endian.
    Lpcm,
    /// AAC-LC in ADTS frames.
    Aac,
    /// AC-3.
    Ac3,
}

/// What M4 announced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SoundFormat {
    /// How it is coded.
    pub coding: Coding,
    /// Channels.
    pub channels: u16,
    /// Samples a second of each channel.
    pub sample_rate: u32,
}

/// One audio entry of the PMT.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::stream) struct Entry {
    pub(in crate::stream) stream_type: u8,
    pub(in crate::stream) pid: u16,
    pub(in crate::stream) descriptors: Vec<u8>,
}

impl Entry {
    /// What its descriptor says of the rate of AC-3, if it is AC-3.
    pub(super) fn ac3_rate(&self) -> Option<Ac3Rate> {
        match self.descriptors[..] {
            [0x81, _, _, rate, ..] => Ac3Rate::of_code(rate >> 2),
            _ => None,
        }
    }
}

impl fmt::Display for SoundFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.coding {
            Coding::Lpcm => "LPCM",
            Coding::Aac => "AAC",
            Coding::Ac3 => "AC-3",
        };
        let (channels, rate) = (self.channels, self.sample_rate);
        write!(f, "{name}, {channels} channels, {rate} Hz")
    }
}

impl SoundFormat {
    /// Reads the value of `wfd_audio_codecs` in M4: one tuple, one mode (S2.1 Tables 43 to 45).
    pub fn parse(value: &str) -> Option<Self> {
        let (name, rest) = value.split_once(' ')?;
        let (modes, _latency) = rest.split_once(' ')?;
        let modes = u32::from_str_radix(modes, 16).ok()?;
        let (coding, channels, sample_rate) = match (name, modes) {
            ("LPCM", 1) => (Coding::Lpcm, 2, 44_100),
            ("LPCM", 2) => (Coding::Lpcm, 2, 48_000),
            ("AAC", 1) => (Coding::Aac, 2, 48_000),
            ("AAC", 2) => (Coding::Aac, 4, 48_000),
            ("AAC", 4) => (Coding::Aac, 6, 48_000),
            ("AAC", 8) => (Coding::Aac, 8, 48_000),
            ("AC3", 1) => (Coding::Ac3, 2, 48_000),
            ("AC3", 2) => (Coding::Ac3, 4, 48_000),
            ("AC3", 4) => (Coding::Ac3, 6, 48_000),
            _ => return None,
        };
        Some(Self {
            coding,
            channels,
            sample_rate,
        })
    }

    /// stream_id of its PES packets (S2.1 Table 105).
    pub(super) fn stream_id(self) -> u8 {
        match self.coding {
            Coding::Lpcm | Coding::Ac3 => 0xbd,
            Coding::Aac => 0xc0,
        }
    }

    /// What is wrong with the PMT's entry for it; `described`: whether LPCM and AC-3 must have their
    /// descriptor, or may do without.
    pub(super) fn wrong(self, entry: &Entry, described: bool) -> Option<&'static str> {
        let kind = match self.coding {
            Coding::Lpcm => 0x83,
            Coding::Aac => 0x0f,
            Coding::Ac3 => 0x81,
        };
        let found = entry.descriptors.as_slice();
        if entry.stream_type != kind {
            Some("another stream_type than M4's")
        } else if entry.pid != super::PID {
            Some("not on the first PID")
        } else if found.is_empty() && (!described || self.coding == Coding::Aac) {
            None
        } else if !self.describes(found) {
            Some("the descriptor")
        } else {
            None
        }
    }

    fn describes(self, found: &[u8]) -> bool {
        match self.coding {
            Coding::Lpcm if self.sample_rate == 44_100 => found == [0x83, 2, 0x26, 0x2f],
            Coding::Lpcm => found == [0x83, 2, 0x46, 0x2f],
            // ISO 13818-1 §2.6.68: profile LC, channel_configuration.
            Coding::Aac => {
                let configuration = if self.channels == 8 { 7 } else { self.channels };
                found == [0x2b, 3, 1, configuration as u8, 0]
            }
            // ATSC A/52 annex A: 48 kHz and bsid 8; a rate of the table, exact or at most; the channel
            // mode, exact or at most; a full service.
            Coding::Ac3 => match found {
                [0x81, length, 0x08, rate, service, ..] => {
                    let mode = service >> 1 & 0xf;
                    let modes: &[u8] = match self.channels {
                        2 => &[0b0010, 0b1001],
                        4 => &[0b0101, 0b0110, 0b1011],
                        _ => &[0b0111, 0b1101],
                    };
                    usize::from(*length) == found.len() - 2
                        && Ac3Rate::of_code(rate >> 2).is_some()
                        && service & 0xe1 == 1
                        && modes.contains(&mode)
                }
                _ => false,
            },
        }
    }
}
