//! The desktop: what is painted once, and what is painted for each frame.

use super::canvas::{Area, Canvas, Colour};
use super::counter;
use crate::random::Random;

/// A glyph's cell and the pixels of it that carry ink, in luma pixels.
const CELL_WIDTH: usize = 12;
const CELL_HEIGHT: usize = 20;
const INK_COLUMNS: usize = 5;
const INK_ROWS: usize = 7;
/// Different lines of text before the page repeats.
const LINES: usize = 64;
/// Height of the bar at the bottom and of the window's title, in luma pixels.
const BAR: usize = 40;
const TITLE: usize = 24;
/// Height of the pointer in luma pixels.
const POINTER: usize = 20;

const INK: u8 = 40;
const PAPER: Colour = Colour::grey(226);
const WINDOW: Colour = Colour {
    y: 180,
    cb: 140,
    cr: 116,
};
const TITLE_BAR: Colour = Colour {
    y: 90,
    cb: 180,
    cr: 100,
};

/// Paints the picture of any frame number. About 0.5 ms for 1920x1080 (one copy of the background
/// and one of the text).
#[derive(Debug)]
pub struct Desktop {
    background: Canvas,
    canvas: Canvas,
    /// Where the text is, and its page: `LINES` lines of luma, as wide as the area.
    text: Area,
    page: Vec<u8>,
}

impl Desktop {
    /// A desktop of `width` x `height` luma pixels.
    pub fn new(width: u16, height: u16) -> Self {
        let background = wallpaper(usize::from(width), usize::from(height));
        let text = text_area(&background);
        Self {
            canvas: background.clone(),
            page: page(text.width),
            background,
            text,
        }
    }

    /// The picture of frame `number`.
    pub fn paint(&mut self, number: u32) -> &Canvas {
        self.canvas.copy_from(&self.background);
        self.scroll_text(number as usize);
        self.drag_window(number as usize);
        self.move_pointer(number as usize);
        counter::paint(&mut self.canvas, number);
        &self.canvas
    }

    /// One pixel a frame: what a reader's scrolling looks like to motion estimation.
    fn scroll_text(&mut self, number: usize) {
        let (stride, rows) = (self.text.width, LINES * CELL_HEIGHT);
        for row in 0..self.text.height {
            let start = (number + row) % rows * stride;
            let pixels = &self.page[start..start + stride];
            self.canvas
                .write_luma(self.text.x, self.text.y + row, pixels);
        }
    }

    fn drag_window(&mut self, number: usize) {
        let (width, height) = (self.canvas.width(), self.canvas.height());
        let area = Area {
            x: to_and_fro(number * 6, width - width / 4) & !1,
            y: to_and_fro(number * 4, height.saturating_sub(height / 4 + BAR)) & !1,
            width: (width / 4) & !1,
            height: (height / 4) & !1,
        };
        self.canvas.fill(area, WINDOW);
        let title = Area {
            height: TITLE,
            ..area
        };
        self.canvas.fill(title, TITLE_BAR);
    }

    fn move_pointer(&mut self, number: usize) {
        let x = to_and_fro(number * 10, self.canvas.width()) & !1;
        let y = to_and_fro(number * 8, self.canvas.height()) & !1;
        for row in 0..POINTER {
            let arrow = [235; POINTER];
            self.canvas.write_luma(x, y + row, &arrow[..=row * 2 / 3]);
        }
    }
}

/// The part that never changes: a gradient, a sheet of paper, a bar.
fn wallpaper(width: usize, height: usize) -> Canvas {
    let mut canvas = Canvas::new(width, height);
    for y in (0..height).step_by(2) {
        let stripe = Area {
            x: 0,
            y,
            width,
            height: 2,
        };
        let colour = Colour {
            y: (60 + y * 80 / height) as u8,
            cb: (150 - y * 30 / height) as u8,
            cr: 110,
        };
        canvas.fill(stripe, colour);
    }
    canvas.fill(text_area(&canvas), PAPER);
    let bar = Area {
        x: 0,
        y: height.saturating_sub(BAR) & !1,
        width,
        height: BAR,
    };
    canvas.fill(bar, Colour::grey(48));
    canvas
}

/// Two thirds of the width below the counter, above the bar.
fn text_area(canvas: &Canvas) -> Area {
    let top = counter::field(canvas.width(), canvas.height()).height + 16;
    Area {
        x: 16,
        y: top,
        width: (canvas.width() * 2 / 3) & !1,
        height: canvas.height().saturating_sub(top + BAR + 16) & !1,
    }
}

/// Lines of invented glyphs on paper. Each line has its own length, words have gaps.
fn page(width: usize) -> Vec<u8> {
    let mut random = Random::new(0x5EED);
    let mut page = vec![PAPER.y; width * LINES * CELL_HEIGHT];
    let cells = width / CELL_WIDTH;
    for line in 0..LINES {
        let length = cells / 2 + random.below(cells as u64 / 2 + 1) as usize;
        for cell in 1..length.min(cells) {
            // Every sixth cell on average is a space.
            if random.below(6) != 0 {
                let origin = line * CELL_HEIGHT * width + cell * CELL_WIDTH;
                stamp(&mut page[origin..], width, random.next());
            }
        }
    }
    page
}

/// Draws one glyph of double-sized pixels; `shape` says which carry ink.
fn stamp(page: &mut [u8], stride: usize, shape: u64) {
    for dot in 0..INK_COLUMNS * INK_ROWS {
        if shape >> dot & 1 == 1 {
            let (x, y) = (dot % INK_COLUMNS * 2, dot / INK_COLUMNS * 2);
            for row in y..y + 2 {
                page[row * stride + x..][..2].fill(INK);
            }
        }
    }
}

/// A position that runs from 0 to `range` and back, one step a unit of `way`.
fn to_and_fro(way: usize, range: usize) -> usize {
    if range == 0 {
        return 0;
    }
    let place = way % (2 * range);
    place.min(2 * range - place)
}
