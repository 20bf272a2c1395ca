//! The display modes of Wi-Fi Display: four tables, in which the place of a mode is its name.
//!
//! Three tables are those of R2, whose beginnings are those of R1: there the place is the number of
//! the bit in the masks of `wfd2_video_formats` and, up to [`Table::r1_len`], of `wfd_video_formats`.
//! `wfdx_video_formats` numbers the modes above R1 in an order of its own: [`ModeId::wfdx_bit`]. The
//! fourth table is that of `microsoft_video_formats`.

use core::fmt;

#[cfg(test)]
mod tests;

/// A table of modes. The number of the variant is the selector in the `native` byte (S2.1 Table
/// 37), which names no mode of the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Consumer electronics timings (S2.1 Tables 34 and 71).
    Cea = 0,
    /// Computer timings (S2.1 Tables 35 and 72).
    Vesa = 1,
    /// Handheld timings (S2.1 Tables 36 and 73).
    Hh = 2,
    /// Timings of 3:2 (MS-WFDPE §2.7.1.2).
    ThreeToTwo = 3,
}

impl Table {
    /// Every table, in the order in which they win ties.
    pub const ALL: [Self; 4] = [Self::Cea, Self::Vesa, Self::Hh, Self::ThreeToTwo];

    /// The modes of this table, in the order of their bits.
    pub const fn modes(self) -> &'static [Mode] {
        match self {
            Self::Cea => &CEA,
            Self::Vesa => &VESA,
            Self::Hh => &HH,
            Self::ThreeToTwo => &THREE_TO_TWO,
        }
    }

    /// How many modes of this table, from its beginning, R1 has. Further bits of a mask of R1 are
    /// reserved, and sinks set them (quirk Q30).
    pub const fn r1_len(self) -> usize {
        match self {
            Self::Cea => 17,
            Self::Vesa => 29,
            Self::Hh => 12,
            Self::ThreeToTwo => 0,
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
    /// The mask of R2 in which only this mode's bit is set; zero for an index that no mask has.
    pub const fn mask(self) -> u64 {
        match 1_u64.checked_shl(self.index as u32) {
            Some(mask) => mask,
            None => 0,
        }
    }

    /// The mask of R1 in which only this mode's bit is set; zero if R1 has not got the mode.
    pub const fn r1_mask(self) -> u32 {
        if (self.index as usize) < self.table.r1_len() {
            1 << self.index
        } else {
            0
        }
    }

    /// The number of the mode's bit in a mask of `wfdx_video_formats`, if it has the mode (MS-WFDPE
    /// §2.7.1.1.1).
    pub fn wfdx_bit(self) -> Option<u8> {
        if self.r1_mask() != 0 {
            return Some(self.index);
        }
        let order: &[u8] = match self.table {
            Table::Cea => &WFDX_CEA,
            Table::Vesa => &WFDX_VESA,
            Table::Hh | Table::ThreeToTwo => return None,
        };
        let place = order.iter().position(|index| *index == self.index)?;
        Some((self.table.r1_len() + place) as u8)
    }

    /// The `native` byte of R1 that names this mode (S2.1 Table 37): bits 2:0 table, bits 7:3 index.
    pub const fn native(self) -> u8 {
        (self.index << 3) | self.table as u8
    }

    /// The mode that a `native` byte of R1 names, if its tables have it.
    pub const fn from_native(native: u8) -> Option<Self> {
        let table = match native & 0b111 {
            0 => Table::Cea,
            1 => Table::Vesa,
            2 => Table::Hh,
            _ => return None,
        };
        let index = native >> 3;
        if (index as usize) < table.r1_len() {
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

/// S2.1 Tables 34 and 71; bits 47:27 are reserved, and 31:17 in R1.
const CEA: [Mode; 27] = [
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
    p(3840, 2160, 24),
    p(3840, 2160, 25),
    p(3840, 2160, 30),
    p(3840, 2160, 50),
    p(3840, 2160, 60),
    p(4096, 2160, 24),
    p(4096, 2160, 25),
    p(4096, 2160, 30),
    p(4096, 2160, 50),
    p(4096, 2160, 60),
];

/// The CEA modes above R1 in the order of their bits in `wfdx_video_formats`, from 17 on (MS-WFDPE
/// §2.7.1.1.1).
const WFDX_CEA: [u8; 10] = [19, 21, 24, 26, 18, 20, 23, 25, 17, 22];

/// The same of the VESA modes, from 29 on: it has not got 1920x1200p60.
const WFDX_VESA: [u8; 4] = [30, 31, 32, 33];

/// S2.1 Tables 35 and 72; bits 47:34 are reserved, and 31:29 in R1.
const VESA: [Mode; 34] = [
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
    p(1920, 1200, 60),
    p(2560, 1440, 30),
    p(2560, 1440, 60),
    p(2560, 1600, 30),
    p(2560, 1600, 60),
];

/// S2.1 Tables 36 and 73; bits 47:12 are reserved.
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

/// MS-WFDPE §2.7.1.2; bits 47:21 are reserved.
const THREE_TO_TWO: [Mode; 21] = [
    p(1920, 1280, 30),
    p(1920, 1280, 60),
    p(1920, 1280, 24),
    p(2160, 1440, 30),
    p(2160, 1440, 60),
    p(2160, 1440, 24),
    p(2256, 1504, 30),
    p(2256, 1504, 60),
    p(2256, 1504, 24),
    p(2736, 1824, 30),
    p(2736, 1824, 60),
    p(2736, 1824, 24),
    p(3000, 2000, 30),
    p(3000, 2000, 60),
    p(3000, 2000, 24),
    p(3240, 2160, 30),
    p(3240, 2160, 60),
    p(3240, 2160, 24),
    p(4500, 3000, 30),
    p(4500, 3000, 60),
    p(4500, 3000, 24),
];

/// How many modes there are in all tables.
pub const COUNT: usize = CEA.len() + VESA.len() + HH.len() + THREE_TO_TWO.len();

/// An index of R1 fits into the five bits that `native` has for it, and no mode is twice in one
/// table.
const _: () = {
    let mut table = 0;
    while table < Table::ALL.len() {
        let modes = Table::ALL[table].modes();
        assert!(Table::ALL[table] as usize == table);
        assert!(Table::ALL[table].r1_len() <= 32);
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
};

const fn same(one: Mode, other: Mode) -> bool {
    one.width == other.width
        && one.height == other.height
        && one.rate == other.rate
        && one.interlaced == other.interlaced
}
