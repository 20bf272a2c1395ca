//! Coded sound: the frames of a file in a loop, or frames with a true header and no sound in them.
//!
//! What it is not: an encoder. ffmpeg makes the files.

use miracast_kmd_iface::escape::AudioCodec;

use crate::random::Random;

/// Samples of each channel in a frame: of AAC 1024, of AC-3 1536.
pub(super) fn samples(codec: AudioCodec) -> u64 {
    if codec == AudioCodec::AAC { 1024 } else { 1536 }
}

/// Bytes of a frame that is made here: 192 kbit/s at 48 kHz.
const AAC_FRAME: usize = 512;
const AC3_FRAME: usize = 768;

/// Different frames that are made here.
const MADE: usize = 64;

/// Frames in a loop.
#[derive(Debug)]
pub(super) struct Coded {
    frames: Vec<Vec<u8>>,
    next: usize,
}

impl Coded {
    /// The frames of an ADTS or AC-3 file; `None` if it has none, or something else between them.
    pub(super) fn of_file(codec: AudioCodec, file: &[u8]) -> Option<Self> {
        let mut frames = Vec::new();
        let mut rest = file;
        while !rest.is_empty() {
            let length = if codec == AudioCodec::AAC {
                adts_length(rest)?
            } else {
                ac3_length(rest)?
            };
            let (frame, after) = rest.split_at_checked(length)?;
            frames.push(frame.to_vec());
            rest = after;
        }
        (!frames.is_empty()).then_some(Self { frames, next: 0 })
    }

    /// Frames that a demultiplexer takes for such a stream of `channels` channels; no decoder does.
    pub(super) fn made(codec: AudioCodec, channels: u16) -> Self {
        let mut random = Random::new(0xA0D10);
        let (header, length) = if codec == AudioCodec::AAC {
            (adts_header(channels).to_vec(), AAC_FRAME)
        } else {
            // Syncword, a CRC, 48 kHz with 768 bytes a frame (ATSC A/52 Table 5.18), bsid 8.
            (vec![0x0B, 0x77, 0, 0, 0x14, 0x40], AC3_FRAME)
        };
        let frame = |_| {
            let mut frame = header.clone();
            // No 0xFF and no 0x0B: a syncword is found in headers alone.
            frame.resize_with(length, || random.below(11) as u8);
            frame
        };
        Self {
            frames: (0..MADE).map(frame).collect(),
            next: 0,
        }
    }

    /// The next frame.
    pub(super) fn next(&mut self) -> Vec<u8> {
        let frame = self.frames.get(self.next).cloned().unwrap_or_default();
        self.next = (self.next + 1) % self.frames.len();
        frame
    }
}

/// MPEG-4, no CRC, LC, 48 kHz (ISO 13818-7 §6.2).
fn adts_header(channels: u16) -> [u8; 7] {
    let configuration = if channels == 8 { 7 } else { channels as u8 };
    let length = AAC_FRAME as u16;
    [
        0xFF,
        0xF1,
        0x4C | configuration >> 2,
        configuration << 6 | (length >> 11) as u8,
        (length >> 3) as u8,
        (length << 5) as u8 | 0x1F,
        0xFC,
    ]
}

fn adts_length(bytes: &[u8]) -> Option<usize> {
    let &[sync, second, _, high, middle, low, ..] = bytes else {
        return None;
    };
    let length = usize::from(high & 3) << 11 | usize::from(middle) << 3 | usize::from(low >> 5);
    (sync == 0xFF && second & 0xF6 == 0xF0 && length >= 7).then_some(length)
}

/// Bytes of an AC-3 frame at 48 kHz (ATSC A/52 Table 5.18): four for each kbit/s.
fn ac3_length(bytes: &[u8]) -> Option<usize> {
    const KBIT: [usize; 19] = [
        32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640,
    ];
    let &[0x0B, 0x77, _, _, code, ..] = bytes else {
        return None;
    };
    let rate = KBIT.get(usize::from(code & 0x3F) / 2)?;
    (code >> 6 == 0).then_some(rate * 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_cut_at_its_headers_and_played_in_a_loop() {
        for (codec, channels) in [
            (AudioCodec::AAC, 2),
            (AudioCodec::AAC, 8),
            (AudioCodec::AC3, 6),
        ] {
            let mut made = Coded::made(codec, channels);
            let frames: Vec<_> = (0..3).map(|_| made.next()).collect();
            assert!(codec.takes(frames[0].len()));
            let mut file = Coded::of_file(codec, &frames.concat()).expect("frames");
            for turn in 0..6 {
                assert_eq!(file.next(), frames[turn % 3]);
            }
            assert!(Coded::of_file(codec, &frames.concat()[1..]).is_none());
            assert!(Coded::of_file(codec, &frames.concat()[..frames[0].len() + 9]).is_none());
        }
        assert!(Coded::of_file(AudioCodec::AAC, &[]).is_none());
    }

    #[test]
    fn the_worked_header_of_adts() {
        // 300 bytes, stereo: FF F1 4C 80 25 9F FC.
        assert_eq!(
            adts_length(&[0xFF, 0xF1, 0x4C, 0x80, 0x25, 0x9F, 0xFC]),
            Some(300)
        );
        assert_eq!(adts_header(2)[..4], [0xFF, 0xF1, 0x4C, 0x80]);
        assert_eq!(ac3_length(&[0x0B, 0x77, 0, 0, 0x14, 0x40]), Some(768));
    }
}
