//! A stream and its index: where the access units are, and the slices in them. A recording of H.264,
//! or sound that is made here.

use core::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::place::{Place, SOUND};

/// `nal_unit_type` of a slice of an IDR picture.
const IDR_SLICE: u8 = 5;
/// `nal_unit_type` of a slice of any other picture.
const SLICE: u8 = 1;
/// `nal_unit_type` of an access unit delimiter.
const DELIMITER: u8 = 9;

/// One access unit. It begins with a delimiter; that of an IDR picture has its parameter sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Where it begins in the stream.
    pub(crate) offset: usize,
    /// Its bytes.
    pub(crate) length: usize,
    /// Whether it is an IDR picture.
    pub(crate) idr: bool,
    /// The lengths of its parts, one for each slice; what is before the first slice is part of it.
    pub(crate) slices: Vec<usize>,
}

/// A stream in memory.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) bytes: Vec<u8>,
    pub(crate) units: Vec<Unit>,
}

impl Stream {
    /// Reads the stream at `path`, of which only the first `units` access units are kept.
    ///
    /// # Errors
    /// It cannot be read, or has no access unit.
    pub(crate) fn open(path: &Path, units: usize) -> anyhow::Result<Self> {
        let mut bytes = fs::read(path).with_context(|| path.display().to_string())?;
        let mut units_found = if path.ends_with(SOUND) {
            sound_units(&bytes)
        } else {
            index(&bytes)
        };
        units_found.truncate(units);
        let last = units_found.last().context("no access unit in the stream")?;
        bytes.truncate(last.offset + last.length);
        Ok(Self {
            bytes,
            units: units_found,
        })
    }

    /// Transport packets that the units need at least, with a PES header each.
    pub(crate) fn packets(&self) -> u64 {
        let packets = |unit: &Unit| (unit.length + 14).div_ceil(184) as u64;
        self.units.iter().map(packets).sum()
    }
}

/// A stream that is the same on every machine, for exact counts: access units of the sizes of 1080p60
/// at 30 Mbit/s, in four slices, an IDR picture each second.
pub(crate) fn synthetic(units: usize) -> Vec<u8> {
    const PICTURE: usize = 62_479;
    const IDR_PICTURE: usize = 102_356;
    let mut bytes = Vec::new();
    let mut seed = 1_u32;
    for number in 0..units {
        let idr = number % 60 == 0;
        let header = if idr { IDR_SLICE } else { SLICE };
        bytes.extend([0, 0, 0, 1, DELIMITER, 0xF0]);
        for _ in 0..4 {
            bytes.extend([0, 0, 1, header]);
            let length = if idr { IDR_PICTURE } else { PICTURE } / 4;
            // Sizes differ from slice to slice, so that tails of all lengths come.
            let length = length - (seed >> 24) as usize;
            bytes.extend((0..length).map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // No zero: nothing looks like a start code.
                (seed >> 24) as u8 | 1
            }));
        }
    }
    bytes
}

/// Bytes of a unit of LPCM: 10 ms of 48 kHz, two channels of 16 bit.
pub(crate) const SOUND_UNIT: usize = 1920;

/// Writes so many units of sound to `place`, and their index.
///
/// # Errors
/// A file cannot be written.
pub(crate) fn write_sound(place: &Place, units: usize) -> anyhow::Result<()> {
    // What it sounds like is nobody's matter.
    let bytes: Vec<u8> = (0..units * SOUND_UNIT).map(|at| at as u8).collect();
    let (stream, index) = (place.stream(SOUND), place.index(SOUND));
    fs::write(&stream, bytes).with_context(|| stream.display().to_string())?;
    write_index(&stream, &index)
}

/// The units of sound. Each can be played without the one before, as an IDR picture can.
fn sound_units(bytes: &[u8]) -> Vec<Unit> {
    let unit = |number: usize| Unit {
        offset: number * SOUND_UNIT,
        length: SOUND_UNIT,
        idr: true,
        slices: vec![SOUND_UNIT],
    };
    (0..bytes.len() / SOUND_UNIT).map(unit).collect()
}

/// Writes the index of the stream at `path` for the peers, which do not parse H.264: a line of
/// offset, length, and 1 for an IDR picture, for each unit.
///
/// # Errors
/// The stream cannot be read, or the index not written.
pub(crate) fn write_index(path: &Path, index: &Path) -> anyhow::Result<()> {
    let stream = Stream::open(path, usize::MAX)?;
    let mut text = String::new();
    for unit in &stream.units {
        let idr = u8::from(unit.idr);
        writeln!(text, "{} {} {idr}", unit.offset, unit.length)?;
    }
    ensure!(
        stream.units[0].idr,
        "the stream begins without an IDR picture"
    );
    fs::write(index, text).with_context(|| index.display().to_string())
}

/// The access units of an Annex B stream with delimiters.
fn index(bytes: &[u8]) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut parts: Vec<usize> = Vec::new();
    for (offset, kind) in nal_units(bytes) {
        if kind == DELIMITER {
            close(&mut units, &mut parts, offset);
            units.push(Unit {
                offset,
                length: 0,
                idr: false,
                slices: Vec::new(),
            });
        }
        if let (SLICE | IDR_SLICE, Some(unit)) = (kind, units.last_mut()) {
            unit.idr |= kind == IDR_SLICE;
            parts.push(offset);
        }
    }
    close(&mut units, &mut parts, bytes.len());
    units
}

/// Ends the last unit at `end`. Its parts begin at the slices `parts`, the first at the unit.
fn close(units: &mut [Unit], parts: &mut Vec<usize>, end: usize) {
    let Some(unit) = units.last_mut() else { return };
    unit.length = end - unit.offset;
    if let Some(first) = parts.first_mut() {
        *first = unit.offset;
    }
    parts.push(end);
    unit.slices = parts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    parts.clear();
}

/// Where each NAL unit begins, with the zero byte before its start code, and its type.
fn nal_units(bytes: &[u8]) -> impl Iterator<Item = (usize, u8)> {
    bytes.windows(4).enumerate().filter_map(|(at, window)| {
        let [0, 0, 1, header] = *window else {
            return None;
        };
        let longer = at.checked_sub(1).filter(|before| bytes[*before] == 0);
        Some((longer.unwrap_or(at), header & 0x1F))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUD: [u8; 6] = [0, 0, 0, 1, 9, 0xF0];

    #[test]
    fn units_and_slices_are_found() {
        let sps = [0, 0, 0, 1, 0x67, 1, 2];
        let slice = |header: u8, length: usize| {
            let mut nal = vec![0, 0, 1, header];
            nal.resize(4 + length, 0xAA);
            nal
        };
        let first = [&AUD[..], &sps, &slice(0x65, 10), &slice(0x65, 20)].concat();
        let second = [&AUD[..], &slice(0x41, 5)].concat();
        let units = index(&[&first[..], &second].concat());
        let expected = [
            Unit {
                offset: 0,
                length: first.len(),
                idr: true,
                slices: vec![6 + 7 + 14, 24],
            },
            Unit {
                offset: first.len(),
                length: second.len(),
                idr: false,
                slices: vec![second.len()],
            },
        ];
        assert_eq!(units, expected);
    }

    #[test]
    fn the_synthetic_stream_is_what_it_says() {
        let units = index(&synthetic(61));
        assert_eq!(units.len(), 61);
        assert!(units.iter().all(|unit| unit.slices.len() == 4));
        let idr: Vec<_> = units.iter().map(|unit| unit.idr).collect();
        assert!(idr[0] && idr[60] && !idr[1..60].contains(&true));
    }

    #[test]
    fn no_delimiter_is_no_unit() {
        assert!(index(&[0, 0, 1, 0x65, 1, 2, 3]).is_empty());
    }
}
