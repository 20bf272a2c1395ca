//! The frame number as black and white blocks that survive any sane H.264 quantiser.
//!
//! ```text
//!   + + + + + + + + + + + + + + + + + +     + quiet border, black
//!   + 31 30 29                     16 +     48 blocks of SIDE x SIDE luma pixels, white is 1:
//!   + 15 14 13                      0 +     the number, most significant bit first,
//!   + CRC-16 of the number            +     and its check
//!   + + + + + + + + + + + + + + + + + +
//! ```
//!
//! Plain binary with a check word, not a Gray code: a picture that is torn between two frames must
//! be unreadable, not off by one. The blocks lie on the macroblock grid at the top left, so each is
//! coded by whole macroblocks.

use super::canvas::{Area, Canvas, Colour};

/// Bits in a row of blocks.
const COLUMNS: usize = 16;
/// Two rows of number, one of check.
const ROWS: usize = 3;
/// H.264 macroblock: blocks are a multiple of it and lie on its grid.
const MACROBLOCK: usize = 16;
/// Luma of a black and of a white block (studio range).
const BLACK: u8 = 16;
const WHITE: u8 = 235;
/// A block whose mean lies between these is unreadable: mid-grey is damage, not a bit.
const DARK_MAX: u32 = 96;
const BRIGHT_MIN: u32 = 160;

/// Side of a block in luma pixels for a picture of this size: a fortieth of the height, at least
/// one macroblock, and such that the field fits the width. `None`: the picture is too small.
fn side(width: usize, height: usize) -> Option<usize> {
    let fits = |side: &usize| (COLUMNS + 2) * side <= width && (ROWS + 2) * side <= height;
    let wanted = (height / 40 / MACROBLOCK).max(1) * MACROBLOCK;
    Some(wanted).filter(fits)
}

/// The area that the counter and its border cover; empty if the picture is too small for one.
pub(super) fn field(width: usize, height: usize) -> Area {
    let side = side(width, height).unwrap_or(0);
    Area {
        x: 0,
        y: 0,
        width: (COLUMNS + 2) * side,
        height: (ROWS + 2) * side,
    }
}

/// CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF) of the number, big endian. A picture that
/// is all black or all white has a wrong check.
fn check(number: u32) -> u16 {
    number.to_be_bytes().iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            let carry = crc & 0x8000 != 0;
            (crc << 1) ^ if carry { 0x1021 } else { 0 }
        })
    })
}

/// Paints `number` over the picture's top left.
pub(super) fn paint(canvas: &mut Canvas, number: u32) {
    let Some(side) = side(canvas.width(), canvas.height()) else {
        return;
    };
    canvas.fill(field(canvas.width(), canvas.height()), Colour::grey(BLACK));
    let word = (u64::from(number) << 16) | u64::from(check(number));
    for bit in 0..COLUMNS * ROWS {
        if word >> (COLUMNS * ROWS - 1 - bit) & 1 == 1 {
            let area = Area {
                x: (1 + bit % COLUMNS) * side,
                y: (1 + bit / COLUMNS) * side,
                width: side,
                height: side,
            };
            canvas.fill(area, Colour::grey(WHITE));
        }
    }
}

/// Reads the frame number from a luma plane of `height` rows, `stride` bytes apart.
///
/// `None` if there is no counter, if it is damaged, or if `luma` is shorter than the numbers say.
pub fn read_counter(luma: &[u8], width: usize, height: usize, stride: usize) -> Option<u32> {
    let side = side(width, height)?;
    let mut word = 0_u64;
    for bit in 0..COLUMNS * ROWS {
        let (x, y) = ((1 + bit % COLUMNS) * side, (1 + bit / COLUMNS) * side);
        let mean = centre_mean(luma, stride, x, y, side)?;
        word = (word << 1)
            | match mean {
                0..=DARK_MAX => 0,
                BRIGHT_MIN.. => 1,
                _ => return None,
            };
    }
    let number = u32::try_from(word >> 16).ok()?;
    (word & 0xFFFF == u64::from(check(number))).then_some(number)
}

/// Mean luma of the middle half of a block: the deblocking filter smears only its edges.
fn centre_mean(luma: &[u8], stride: usize, x: usize, y: usize, side: usize) -> Option<u32> {
    let (margin, inner) = (side / 4, side / 2);
    let mut sum = 0_u32;
    for row in y + margin..y + margin + inner {
        let start = row.checked_mul(stride)?.checked_add(x + margin)?;
        let pixels = luma.get(start..start.checked_add(inner)?)?;
        sum += pixels.iter().map(|pixel| u32::from(*pixel)).sum::<u32>();
    }
    sum.checked_div(u32::try_from(inner * inner).ok()?)
}
