//! What the negotiation must know of the encoder, in this crate's own words.

/// What the miniport's encoder can do. A mode is offered to Windows only if the encoder, the sink
/// and the link allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncoderCapabilities {
    /// Bitmap of H.264 profiles as in `wfd_video_formats`: bit 0 CBP, bit 1 CHP.
    pub profiles: u8,
    /// Bit number of the highest H.264 level, as in `wfd_video_formats`: 0 is 3.1, 4 is 4.2.
    pub level_bit: u8,
    /// Widest picture in pixels.
    pub max_width: u16,
    /// Highest picture in pixels.
    pub max_height: u16,
    /// Macroblocks of 16x16 pixels per second.
    pub max_macroblocks_per_second: u32,
    /// Highest bit rate in bit/s.
    pub max_bit_rate: u64,
    /// Most slices per picture; 1 if the encoder cannot cut a picture.
    pub max_slices: u16,
    /// Whether interlaced modes can be encoded.
    pub interlaced: bool,
}
