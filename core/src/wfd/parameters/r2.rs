//! The small parameters of R2 (S2.1 §6.1.21 to §6.1.30). The formats are not here: they are in
//! [`r2_video`](crate::wfd::r2_video) and [`audio`](crate::wfd::audio).

use core::fmt;

use crate::wfd::fields::{Fields, decimal, hex, is_none, offer};
use crate::wfd::{Fault, Offer};

#[cfg(test)]
mod tests;

/// `wfd2_aux_stream_formats`: pictures that lie over the video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuxStreams {
    /// Codec bits: 0 PNG, 1 JPEG, 2 H.264 CBP.
    pub codecs: u8,
    /// Most layers.
    pub layers: u8,
    /// The code of the reference resolution.
    pub resolution: u8,
}

impl AuxStreams {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// The fault if it is not three hexadecimal numbers of 8 bits.
    pub fn read(value: &str) -> Result<Offer<Self>, Fault> {
        offer(value, |value| {
            let mut fields = Fields::new(value);
            let streams = Self {
                codecs: fields.hex()?,
                layers: fields.hex()?,
                resolution: fields.hex()?,
            };
            fields.end()?;
            Ok(streams)
        })
    }
}

impl fmt::Display for AuxStreams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (layers, resolution) = (self.layers, self.resolution);
        write!(f, "{:02X} {layers:02X} {resolution:02X}", self.codecs)
    }
}

/// `wfd2_audio_playback_status` and `wfd2_video_playback_status`: how far the sink is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlaybackStatus {
    /// Milliseconds that are buffered, up to 9999.
    pub buffered: Option<u16>,
    /// The PTS of what is shown, 33 bits.
    pub pts: Option<u64>,
}

impl PlaybackStatus {
    /// Reads the value: two fields, each of which may be `none`.
    ///
    /// # Errors
    ///
    /// The fault if a field is missing, is no number or does not fit.
    pub fn read(value: &str) -> Result<Self, Fault> {
        let mut fields = Fields::new(value);
        let buffered = fields.decimal_or_none()?;
        if buffered.is_some_and(|time| time > BUFFER_LONGEST) {
            return Err(Fault::TooLarge);
        }
        let pts = match fields.word()? {
            word if is_none(word) => None,
            word => Some(super::timing::pts(word)?),
        };
        fields.end()?;
        Ok(Self { buffered, pts })
    }
}

/// The largest number of the four digits that a time in milliseconds has.
const BUFFER_LONGEST: u16 = 9999;

/// Reads `wfd2_buffer_length`: milliseconds that the sink buffers, up to 9999.
///
/// # Errors
///
/// The fault if the value is not a decimal number up to 9999.
pub(super) fn buffer_length(value: &str) -> Result<Offer<u16>, Fault> {
    offer(value, |value| match decimal(value)? {
        time if time > BUFFER_LONGEST => Err(Fault::TooLarge),
        time => Ok(time),
    })
}

/// `wfd2_video_stream_control`, which S2.1 has not got: two bytes, seen in Windows' answers.
///
/// # Errors
///
/// The fault if the value is not two hexadecimal numbers of 8 bits.
pub(super) fn stream_control(value: &str) -> Result<Offer<[u8; 2]>, Fault> {
    offer(value, |value| {
        let mut fields = Fields::new(value);
        let control = [fields.hex()?, fields.hex()?];
        fields.end()?;
        Ok(control)
    })
}

/// Reads `wfd2_cta_datablock_collection`: how many bytes of CTA-861 data blocks there are. The bytes
/// are counted and not kept: the EDID has the same.
///
/// # Errors
///
/// The fault if the length is not a hexadecimal number of 16 bits, or if the bytes are not as many.
pub(super) fn data_blocks(value: &str) -> Result<Offer<u16>, Fault> {
    offer(value, |value| {
        let (length, digits) = value.split_once(' ').unwrap_or((value, ""));
        let (length, digits) = (hex::<u16>(length)?, digits.trim());
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(Fault::NotANumber);
        }
        match digits.len().cmp(&(2 * usize::from(length))) {
            core::cmp::Ordering::Less => Err(Fault::Missing),
            core::cmp::Ordering::Equal => Ok(length),
            core::cmp::Ordering::Greater => Err(Fault::Extra),
        }
    })
}

/// `wfd2_direct_streaming_mode`: whether the stream is sent as it was coded elsewhere (M4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectStreaming {
    /// It is.
    Active,
    /// It is coded for the sink.
    Inactive,
}

impl fmt::Display for DirectStreaming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        })
    }
}

/// `wfd2_transport_switch`: what RTP goes over from the next SETUP on (M4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportSwitch {
    /// UDP.
    Udp,
    /// TCP, each packet with its length before it.
    Tcp,
}

impl fmt::Display for TransportSwitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Udp => "RTP/AVP/UDP;unicast mode=play",
            Self::Tcp => "RTP/AVP/TCP;unicast mode=play",
        })
    }
}
