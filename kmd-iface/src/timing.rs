//! Display modes: picture size and refresh rate, as both sides write them.

use crate::field::{Field, Malformed, require};
use crate::layout::{wire_flags, wire_struct};

/// The slowest stream that Windows allows, in thousandths of a hertz (DDI-86).
pub const REFRESH_MIN_MILLIHERTZ: u64 = 23_900;

wire_struct! {
    /// A refresh rate in hertz as a fraction; fields per second if the mode is interlaced.
    #[derive(Copy, Default)]
    pub struct Refresh: 8 {
        /// Numerator.
        numerator: u32 = 0,
        /// Denominator.
        denominator: u32 = 4,
    }
}

impl Refresh {
    /// 0/0: the rate stays as it is, where a request allows that.
    pub const UNCHANGED: Self = Self {
        numerator: 0,
        denominator: 0,
    };

    /// `hertz`/1.
    pub const fn from_hertz(hertz: u32) -> Self {
        Self {
            numerator: hertz,
            denominator: 1,
        }
    }

    /// The rate in thousandths of a hertz, rounded down; `None` if the denominator is 0.
    pub const fn millihertz(self) -> Option<u64> {
        (self.numerator as u64 * 1000).checked_div(self.denominator as u64)
    }

    /// Whether this is a rate that a stream can have: at least [`REFRESH_MIN_MILLIHERTZ`].
    pub(crate) fn check(self) -> Result<(), Malformed> {
        let fast_enough = self.millihertz() >= Some(REFRESH_MIN_MILLIHERTZ);
        require(fast_enough, Field::REFRESH)
    }
}

wire_flags! {
    /// What a mode is besides its size and rate.
    pub struct ModeFlags: u32 {
        /// Interlaced; the refresh rate counts fields.
        const INTERLACED = 1 << 0;
        /// The sink's native mode. Only in a list of modes.
        const NATIVE = 1 << 1;
    }
}

wire_struct! {
    /// One display mode that can be sent.
    #[derive(Copy, Default)]
    pub struct DisplayMode: 16 {
        /// Pixels a line; not 0.
        width: u16 = 0,
        /// Lines of a picture (of both fields if interlaced); not 0.
        height: u16 = 2,
        /// Refresh rate; at least 23.9 Hz.
        refresh: Refresh = 4,
        /// Interlaced, native.
        flags: ModeFlags = 12,
    }
}

impl DisplayMode {
    /// Checks every field.
    pub(crate) fn check(&self) -> Result<(), Malformed> {
        require(self.width != 0, Field::WIDTH)?;
        require(self.height != 0, Field::HEIGHT)?;
        self.refresh.check()?;
        require(self.flags.is_known(), Field::FLAGS)
    }
}
