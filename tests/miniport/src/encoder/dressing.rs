//! What stands before the slices of an access unit, and who puts it there.

use super::EncodedFrame;
use super::annex_b::START_CODE;

/// What the emulated hardware puts into an access unit by itself. What it leaves out, the driver
/// must insert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dressing {
    /// An access unit delimiter before every picture.
    pub delimiter: bool,
    /// SPS and PPS before every IDR picture.
    pub parameter_sets: bool,
}

impl Dressing {
    /// Puts before the first slice what the settings say, in the order of H.264 §7.4.1.2.3.
    pub fn apply(self, frame: &mut EncodedFrame, parameter_sets: &[u8]) {
        let Some(first) = frame.slices.first_mut() else {
            return;
        };
        let mut dressed = Vec::with_capacity(first.len() + parameter_sets.len() + 6);
        if self.delimiter {
            dressed.extend_from_slice(&START_CODE);
            // nal_unit_type 9; primary_pic_type 0 (I) or 1 (I and P), then the stop bit.
            dressed.extend_from_slice(&[0x09, if frame.idr { 0x10 } else { 0x30 }]);
        }
        if self.parameter_sets && frame.idr {
            dressed.extend_from_slice(parameter_sets);
        }
        dressed.append(first);
        *first = dressed;
    }
}
