//! What stands before the slices of an access unit, and who puts it there.

use super::EncodedFrame;
use super::annex_b::{Coding, START_CODE};

/// What the emulated hardware puts into an access unit by itself. What it leaves out, the driver
/// must insert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dressing {
    /// An access unit delimiter before every picture.
    pub delimiter: bool,
    /// The parameter sets before every IDR picture.
    pub parameter_sets: bool,
}

impl Dressing {
    /// Puts before the first slice what the settings say, in the order of H.264 §7.4.1.2.3 and H.265
    /// §7.4.2.4.4.
    pub fn apply(self, coding: Coding, frame: &mut EncodedFrame, parameter_sets: &[u8]) {
        let Some(first) = frame.slices.first_mut() else {
            return;
        };
        let mut dressed = Vec::with_capacity(first.len() + parameter_sets.len() + 7);
        if self.delimiter {
            dressed.extend_from_slice(&START_CODE);
            // nal_unit_type 9; 35 in layer 0.
            dressed.extend_from_slice(match coding {
                Coding::H264 => &[0x09],
                Coding::H265 => &[0x46, 0x01],
            });
            // primary_pic_type and pic_type 0 (I) or 1 (I and P), then the stop bit.
            dressed.push(if frame.idr { 0x10 } else { 0x30 });
        }
        if self.parameter_sets && frame.idr {
            dressed.extend_from_slice(parameter_sets);
        }
        dressed.append(first);
        *first = dressed;
    }
}
