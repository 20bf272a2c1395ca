//! The display modes of Wi-Fi Display R1: three tables, in which the place of a mode is the number
//! of its bit in the masks of `wfd_video_formats`.
//!
//! R2 and Microsoft number further modes differently in each of their parameters; each of those is
//! a further [`Table`], never a longer version of one of these.

use core::fmt;

use crate::limits;

#[cfg(test)]
mod tests;

/// A table of modes. The number of the variant is the selector in the `native` byte (S2.1 Table
/// 37).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Consumer electronics timings (S2.1 Table 34).
    Cea = 0,
    /// Computer timings (S2.1 Table 35).
    Vesa = 1,
    /// Handheld timings (S2.1 Table 36).
    Hh = 2,
}

impl Table {
    /// Every table, in the order in which they win ties.
    pub const ALL: [Self; 3] = [Self::Cea, Self::Vesa, Self::Hh];

    /// The modes of this table, in the order of their bits.
    pub const fn modes(self) -> &'static [Mode] {
        match self {
            Self::Cea => &CEA,
            Self::Vesa => &VESA,
            Self::Hh => &HH,
        }
    }
}

/// The name of a mode: a table and a place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModeId {
    /// The table.
    pub table: Table,
    /// The place in the table, which is the number of the bit in the table's mask.
    pub index: u8,
}

impl ModeId {
    /// The mask in which only this mode's bit is set; zero for an index that no mask has.
    pub const fn mask(self) -> u32 {
        match 1_u32.checked_shl(self.index as u32) {
            Some(mask) => mask,
            None => 0,
        }
    }

    /// The `native` byte that names this mode (S2.1 Table 37): bits 2:0 table, bits 7:3 index.
    pub const fn native(self) -> u8 {
        (self.index << 3) | self.table as u8
    }

    /// The mode that a `native` byte names, if the tables have it.
    pub const fn from_native(native: u8) -> Option<Self> {
        let table = match native & 0b111 {
            0 => Table::Cea,
            1 => Table::Vesa,
            2 => Table::Hh,
            _ => return None,
        };
        let index = native >> 3;
        if (index as usize) < table.modes().len() {
            Some(Self { table, index })
        } else {
            None
        }
    }

    /// The mode of this size in pixels, rate in Hz (fields per second if interlaced) and scan. A
    /// mode that is in two tables is found in the first one.
    pub fn find(width: u16, height: u16, rate: u8, interlaced: bool) -> Option<Self> {
        let wanted = Mode {
            width,
            height,
            rate,
            interlaced,
        };
        all().find(|(_, mode)| **mode == wanted).map(|(id, _)| id)
    }
}

/// A display mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mode {
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels, of both fields if interlaced.
    pub height: u16,
    /// Frames per second in Hz, fields per second if interlaced. 60, 30 and 24 stand for 59.94,
    /// 29.97 and 23.98 as well (S2.1 §5.1.5.1).
    pub rate: u8,
    /// Whether a frame is two fields.
    pub interlaced: bool,
}

impl Mode {
    /// Whole frames per second.
    pub const fn frames_per_second(&self) -> u8 {
        if self.interlaced {
            self.rate / 2
        } else {
            self.rate
        }
    }

    /// Columns of macroblocks, 16 pixels wide.
    pub const fn macroblock_columns(&self) -> u16 {
        self.width.div_ceil(16)
    }

    /// Rows of macroblocks, 16 pixels high.
    pub const fn macroblock_rows(&self) -> u16 {
        self.height.div_ceil(16)
    }

    /// Macroblocks in one frame.
    pub const fn macroblocks_per_frame(&self) -> u32 {
        self.macroblock_columns() as u32 * self.macroblock_rows() as u32
    }

    /// Macroblocks in one second.
    pub const fn macroblocks_per_second(&self) -> u32 {
        self.macroblocks_per_frame() * self.frames_per_second() as u32
    }

    /// Pixels in one frame.
    pub const fn pixels(&self) -> u32 {
        self.width as u32 * self.height as u32
    }
}

/// The common short form, for example `1280x720p30`.
impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scan = if self.interlaced { 'i' } else { 'p' };
        write!(f, "{}x{}{scan}{}", self.width, self.height, self.rate)
    }
}

/// The mode that `id` names, if its table has it.
pub fn mode(id: ModeId) -> Option<&'static Mode> {
    id.table.modes().get(usize::from(id.index))
}

/// Every mode of every table, table by table.
pub fn all() -> impl Iterator<Item = (ModeId, &'static Mode)> {
    Table::ALL.into_iter().flat_map(|table| {
        (0_u8..)
            .zip(table.modes())
            .map(move |(index, mode)| (ModeId { table, index }, mode))
    })
}

const fn p(width: u16, height: u16, rate: u8) -> Mode {
    Mode {
        width,
        height,
        rate,
        interlaced: false,
    }
}

const fn i(width: u16, height: u16, rate: u8) -> Mode {
    Mode {
        width,
        height,
        rate,
        interlaced: true,
    }
}

/// S2.1 Table 34; bits 31:17 are reserved.
const CEA: [Mode; 17] = [
    p(640, 480, 60),
    p(720, 480, 60),
    i(720, 480, 60),
    p(720, 576, 50),
    i(720, 576, 50),
    p(1280, 720, 30),
    p(1280, 720, 60),
    p(1920, 1080, 30),
    p(1920, 1080, 60),
    i(1920, 1080, 60),
    p(1280, 720, 25),
    p(1280, 720, 50),
    p(1920, 1080, 25),
    p(1920, 1080, 50),
    i(1920, 1080, 50),
    p(1280, 720, 24),
    p(1920, 1080, 24),
];

/// S2.1 Table 35; bits 31:29 are reserved.
const VESA: [Mode; 29] = [
    p(800, 600, 30),
    p(800, 600, 60),
    p(1024, 768, 30),
    p(1024, 768, 60),
    p(1152, 864, 30),
    p(1152, 864, 60),
    p(1280, 768, 30),
    p(1280, 768, 60),
    p(1280, 800, 30),
    p(1280, 800, 60),
    p(1360, 768, 30),
    p(1360, 768, 60),
    p(1366, 768, 30),
    p(1366, 768, 60),
    p(1280, 1024, 30),
    p(1280, 1024, 60),
    p(1400, 1050, 30),
    p(1400, 1050, 60),
    p(1440, 900, 30),
    p(1440, 900, 60),
    p(1600, 900, 30),
    p(1600, 900, 60),
    p(1600, 1200, 30),
    p(1600, 1200, 60),
    p(1680, 1024, 30),
    p(1680, 1024, 60),
    p(1680, 1050, 30),
    p(1680, 1050, 60),
    p(1920, 1200, 30),
];

/// S2.1 Table 36; bits 31:12 are reserved.
const HH: [Mode; 12] = [
    p(800, 480, 30),
    p(800, 480, 60),
    p(854, 480, 30),
    p(854, 480, 60),
    p(864, 480, 30),
    p(864, 480, 60),
    p(640, 360, 30),
    p(640, 360, 60),
    p(960, 540, 30),
    p(960, 540, 60),
    p(848, 480, 30),
    p(848, 480, 60),
];

/// A list with one entry for each mode fits into the lists of `limits`, an index fits into the
/// five bits that `native` has for it, and no mode is twice in one table.
const _: () = {
    let mut total = 0;
    let mut table = 0;
    while table < Table::ALL.len() {
        let modes = Table::ALL[table].modes();
        assert!(Table::ALL[table] as usize == table);
        assert!(modes.len() <= 32);
        total += modes.len();
        let mut at = 0;
        while at < modes.len() {
            let mut before = 0;
            while before < at {
                assert!(!same(modes[before], modes[at]));
                before += 1;
            }
            at += 1;
        }
        table += 1;
    }
    assert!(total == 58);
    assert!(total <= limits::MODES_MAX);
};

const fn same(one: Mode, other: Mode) -> bool {
    one.width == other.width
        && one.height == other.height
        && one.rate == other.rate
        && one.interlaced == other.interlaced
}
