//! Three planes in I420 and the two things that are done to them: filling and overwriting.

/// A colour in studio range (BT.601/BT.709 8-bit: luma 16 to 235, chroma 16 to 240).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour {
    pub(super) y: u8,
    pub(super) cb: u8,
    pub(super) cr: u8,
}

impl Colour {
    /// A grey of the given luma.
    pub(super) const fn grey(y: u8) -> Self {
        Self {
            y,
            cb: 128,
            cr: 128,
        }
    }
}

/// A rectangle in luma pixels. Even numbers, so that it has an exact chroma area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Area {
    /// The area that is cut to what lies inside `width` x `height`.
    fn clipped(self, width: usize, height: usize) -> Self {
        let (x, y) = (self.x.min(width), self.y.min(height));
        Self {
            x,
            y,
            width: self.width.min(width - x),
            height: self.height.min(height - y),
        }
    }
}

/// A picture in I420: luma, then the two chroma planes at half the size, without padding.
#[derive(Clone, Debug)]
pub struct Canvas {
    width: usize,
    height: usize,
    luma: Vec<u8>,
    cb: Vec<u8>,
    cr: Vec<u8>,
}

impl Canvas {
    /// A black picture. Odd sizes are rounded down to even ones: 4:2:0 has no half pixels.
    pub(super) fn new(width: usize, height: usize) -> Self {
        let (width, height) = (width & !1, height & !1);
        let chroma = vec![128; width * height / 4];
        Self {
            width,
            height,
            luma: vec![16; width * height],
            cb: chroma.clone(),
            cr: chroma,
        }
    }

    /// Width in luma pixels; also the stride of the luma plane.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in luma pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The luma plane; its stride is the width.
    pub fn luma(&self) -> &[u8] {
        &self.luma
    }

    /// The Cb plane; its stride is half the width.
    pub fn cb(&self) -> &[u8] {
        &self.cb
    }

    /// The Cr plane; its stride is half the width.
    pub fn cr(&self) -> &[u8] {
        &self.cr
    }

    /// Makes this picture equal to `other`, which has the same size.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.luma.copy_from_slice(&other.luma);
        self.cb.copy_from_slice(&other.cb);
        self.cr.copy_from_slice(&other.cr);
    }

    /// Fills the part of `area` that lies inside the picture.
    pub(super) fn fill(&mut self, area: Area, colour: Colour) {
        let area = area.clipped(self.width, self.height);
        for y in area.y..area.y + area.height {
            let start = y * self.width + area.x;
            self.luma[start..start + area.width].fill(colour.y);
        }
        let stride = self.width / 2;
        for y in area.y / 2..area.y / 2 + area.height / 2 {
            let start = y * stride + area.x / 2;
            self.cb[start..start + area.width / 2].fill(colour.cb);
            self.cr[start..start + area.width / 2].fill(colour.cr);
        }
    }

    /// Overwrites luma from (x, y) to the right with `pixels`, cut at the picture's edge.
    pub(super) fn write_luma(&mut self, x: usize, y: usize, pixels: &[u8]) {
        if x >= self.width || y >= self.height {
            return;
        }
        let length = pixels.len().min(self.width - x);
        let start = y * self.width + x;
        self.luma[start..start + length].copy_from_slice(&pixels[..length]);
    }
}
