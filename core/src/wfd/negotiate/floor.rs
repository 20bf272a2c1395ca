//! The lowest bit rates: of a mode, and of a session.

use crate::wfd::coded::Coding;
use crate::wfd::modes::Mode;

/// Thousandths of a bit that a pixel needs at least.
///
/// No specification has this number; it is engineering, and not measured here. Sources start at
/// some 0.07 to 0.12 bit per pixel, and AOSP carries 1080p30 with 5 Mbit/s (0.08). A desktop
/// changes little between two frames, so 0.05 is still legible; below that a smaller mode is the
/// better picture. It gives 0.9 Mbit/s for 640x480p60, 1.4 for 720p30, 2.8 for 720p60, 3.1 for
/// 1080p30, 6.2 for 1080p60 and 24.9 for 2160p60. H.265 needs some 40 % less for the same picture.
const MILLIBITS_PER_PIXEL: [u64; 2] = [50, 30];

/// The mode that DDI-19 names; at 30 Hz, the lowest rate that the tables have it with.
const DDI_19: Mode = Mode {
    width: 1024,
    height: 768,
    rate: 30,
    interlaced: false,
};

/// The lowest video bit rate in bit/s that carries `mode` legibly. It is below what the lowest level that
/// carries the mode allows (`MaxBR`), so no level is too low for the rate alone.
pub const fn bit_rate_floor(mode: &Mode, coding: Coding) -> u64 {
    let [h264, h265] = MILLIBITS_PER_PIXEL;
    let millibits = match coding {
        Coding::H264 => h264,
        Coding::H265 => h265,
    };
    mode.pixels() as u64 * mode.frames_per_second() as u64 * millibits / 1000
}

/// The lowest bit rate of a session, gathered mode by mode over what sink and encoder have in
/// common. [`select`](super::select) says how DDI-19 is read.
#[derive(Default)]
pub(super) struct SessionFloor {
    lowest: Option<u64>,
    any_of_ddi_19_size: bool,
}

impl SessionFloor {
    pub(super) fn include(&mut self, mode: Mode, floor: u64) {
        self.lowest = Some(self.lowest.map_or(floor, |lowest| lowest.min(floor)));
        self.any_of_ddi_19_size |= mode.pixels() >= DDI_19.pixels();
    }

    /// The rate in bit/s; 0 without any mode, for then it is not the rate that is missing.
    pub(super) fn bit_rate(&self) -> u64 {
        match self.lowest {
            Some(lowest) if self.any_of_ddi_19_size => {
                lowest.max(bit_rate_floor(&DDI_19, Coding::H264))
            }
            Some(lowest) => lowest,
            None => 0,
        }
    }
}
