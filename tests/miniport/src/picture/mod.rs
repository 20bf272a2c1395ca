//! What the emulated GPU scans out: a desktop that moves, in I420.
//!
//! [`Desktop`] paints the picture of a frame number: text that scrolls, a window that is dragged, a
//! pointer, and the frame number itself in blocks ([`read_counter`] reads it back). The picture
//! depends on the number only, so every party of a test can say what a frame must look like.
//!
//! What it is not: a picture to look at for its beauty. It has what screens have and cameras have
//! not (sharp edges, exact repeats, whole areas that move by whole pixels), because that is what
//! the encoder of a Miracast source gets.

mod canvas;
mod counter;
mod desktop;

pub use canvas::Canvas;
pub use counter::read_counter;
pub use desktop::Desktop;

#[cfg(test)]
mod tests;
