//! Decodes the pictures, on a thread of its own: a decoder must never hold up the receiver.

use core::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use openh264::OpenH264API;
use openh264::decoder::{DecodedYUV, Decoder as OpenH264, DecoderConfig, Flush};
use openh264::formats::YUVSource;

use crate::stream::AccessUnit;

/// Texts that are kept of one kind of error.
const TEXTS_MAX: usize = 4;

/// Reads the number that a test source draws into its pictures: luma, width, height, stride.
pub type ReadCounter = Box<dyn FnMut(&[u8], usize, usize, usize) -> Option<u32> + Send>;

/// What to look at in the pictures.
#[derive(Default)]
pub struct DecodeOptions {
    /// Reads a picture's number; without it the order of pictures is not checked.
    pub read_counter: Option<ReadCounter>,
    /// Pictures that are kept as RGB.
    pub pictures_max: usize,
    /// One picture in so many is kept; 0 and 1 keep each.
    pub picture_every: u64,
}

impl fmt::Debug for DecodeOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeOptions")
            .field("read_counter", &self.read_counter.is_some())
            .field("pictures_max", &self.pictures_max)
            .field("picture_every", &self.picture_every)
            .finish()
    }
}

/// A picture as it would be shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    /// The access unit that it came of.
    pub unit: u64,
    /// Pixels in a line.
    pub width: usize,
    /// Lines.
    pub height: usize,
    /// Three bytes a pixel, red first, no padding.
    pub rgb: Vec<u8>,
}

/// A decoded frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frame {
    /// The access unit that it came of.
    pub unit: u64,
    /// The number that was read from it.
    pub counter: Option<u32>,
}

/// What the decoder made of a stream.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DecodeReport {
    /// Units given to the decoder.
    pub units: u64,
    /// Every frame that came out, in order.
    pub frames: Vec<Frame>,
    /// Width and height of the last frame.
    pub size: Option<(usize, usize)>,
    /// Units that the decoder refused.
    pub errors: u64,
    /// The first few of them, in words.
    pub error_texts: Vec<String>,
    /// Frames without a number, or whose number does not follow the one before.
    pub frame_counter_errors: u64,
    /// The first few of them, in words.
    pub frame_counter_texts: Vec<String>,
    /// Pictures that were kept.
    pub pictures: Vec<Picture>,
}

/// A decoder at work.
#[derive(Debug)]
pub struct Decoder {
    units: Sender<Arc<AccessUnit>>,
    thread: JoinHandle<DecodeReport>,
}

impl Decoder {
    /// Starts the thread, which calls `thread_start` first.
    ///
    /// # Errors
    /// There is no thread or no decoder to be had.
    pub fn spawn(options: DecodeOptions, thread_start: fn()) -> std::io::Result<Self> {
        let config = DecoderConfig::new().flush_after_decode(Flush::Flush);
        let decoder = OpenH264::with_api_config(OpenH264API::from_source(), config)
            .map_err(std::io::Error::other)?;
        let (units, inbox) = channel();
        let worker = Worker {
            decoder,
            options,
            report: DecodeReport::default(),
            last: None,
        };
        let builder = std::thread::Builder::new().name("sink-decode".to_owned());
        let thread = builder.spawn(move || {
            thread_start();
            worker.run(&inbox)
        })?;
        Ok(Self { units, thread })
    }

    /// Queues one unit. The queue has no bound: every picture is to be looked at, and only a machine
    /// that cannot decode in real time lets it grow.
    pub fn push(&self, unit: Arc<AccessUnit>) {
        // The thread only ends before us if the decoder crashed; `finish` says so.
        let _gone = self.units.send(unit);
    }

    /// Waits until all units are decoded.
    ///
    /// # Errors
    /// The decoder's thread panicked.
    pub fn finish(self) -> std::io::Result<DecodeReport> {
        drop(self.units);
        self.thread
            .join()
            .map_err(|_| std::io::Error::other("the decoder panicked"))
    }
}

struct Worker {
    decoder: OpenH264,
    options: DecodeOptions,
    report: DecodeReport,
    last: Option<u32>,
}

impl Worker {
    fn run(mut self, inbox: &Receiver<Arc<AccessUnit>>) -> DecodeReport {
        while let Ok(unit) = inbox.recv() {
            self.report.units += 1;
            match self.decoder.decode(&unit.bytes) {
                Ok(Some(frame)) => {
                    let (report, options) = (&mut self.report, &mut self.options);
                    note_frame(&frame, unit.index, options, report, &mut self.last);
                }
                Ok(None) => {}
                Err(error) => {
                    self.report.errors += 1;
                    if self.report.error_texts.len() < TEXTS_MAX {
                        self.report
                            .error_texts
                            .push(format!("unit {}: {error}", unit.index));
                    }
                }
            }
        }
        self.report
    }
}

fn note_frame(
    frame: &DecodedYUV<'_>,
    unit: u64,
    options: &mut DecodeOptions,
    report: &mut DecodeReport,
    last: &mut Option<u32>,
) {
    let (width, height) = frame.dimensions();
    report.size = Some((width, height));
    let mut counter = None;
    if let Some(read) = options.read_counter.as_mut() {
        let (stride, _, _) = frame.strides();
        counter = read(frame.y(), width, height, stride);
        let wanted = last.map(|l| l.wrapping_add(1));
        if counter.is_none() || wanted.is_some_and(|w| Some(w) != counter) {
            report.frame_counter_errors += 1;
            if report.frame_counter_texts.len() < TEXTS_MAX {
                let text = format!("unit {unit}: {counter:?} for {wanted:?}");
                report.frame_counter_texts.push(text);
            }
        }
        *last = counter.or(wanted);
    }
    let nth = report.frames.len() as u64;
    report.frames.push(Frame { unit, counter });
    let kept = report.pictures.len() < options.pictures_max;
    if kept && nth.is_multiple_of(options.picture_every.max(1)) {
        let mut rgb = vec![0; width * height * 3];
        frame.write_rgb8(&mut rgb);
        report.pictures.push(Picture {
            unit,
            width,
            height,
            rgb,
        });
    }
}

#[cfg(test)]
mod tests {
    use openh264::encoder::Encoder;
    use openh264::formats::YUVBuffer;

    use crate::stream::Codec;

    use super::{AccessUnit, Arc, DecodeOptions, DecodeReport, Decoder};

    const SIZE: usize = 64;

    /// A clip of flat pictures, the luma of which is the frame's number.
    fn clip(numbers: &[u8]) -> Vec<AccessUnit> {
        let mut encoder = Encoder::new().unwrap();
        let units = numbers.iter().enumerate().map(|(n, number)| {
            let mut yuv = vec![32 + number * 16; SIZE * SIZE];
            yuv.extend(vec![128; SIZE * SIZE / 2]);
            let picture = YUVBuffer::from_vec(yuv, SIZE, SIZE);
            AccessUnit {
                index: n as u64,
                pts: 0,
                codec: Codec::H264,
                idr: n == 0,
                slices: 1,
                bytes: encoder.encode(&picture).unwrap().to_vec(),
                nals: Vec::new(),
                first_arrival_ns: 0,
                last_arrival_ns: 0,
            }
        });
        units.collect()
    }

    fn decode(units: Vec<AccessUnit>) -> DecodeReport {
        let read = |luma: &[u8], _: usize, _: usize, stride: usize| {
            let middle = *luma.get(stride * SIZE / 2 + SIZE / 2)?;
            Some((u32::from(middle) - 32 + 8) / 16)
        };
        let decoder = Decoder::spawn(
            DecodeOptions {
                read_counter: Some(Box::new(read)),
                pictures_max: 2,
                picture_every: 3,
            },
            || {},
        );
        let decoder = decoder.unwrap();
        for unit in units {
            decoder.push(Arc::new(unit));
        }
        decoder.finish().unwrap()
    }

    #[test]
    fn a_clip_comes_out_whole_and_in_order() {
        let report = decode(clip(&[0, 1, 2, 3, 4, 5, 6, 7]));
        assert_eq!(
            (report.units, report.errors, report.frame_counter_errors),
            (8, 0, 0)
        );
        assert_eq!(report.size, Some((SIZE, SIZE)));
        let frames: Vec<_> = report.frames.iter().map(|f| (f.unit, f.counter)).collect();
        assert_eq!(
            frames,
            (0..8).map(|n| (u64::from(n), Some(n))).collect::<Vec<_>>()
        );
        let kept: Vec<_> = report
            .pictures
            .iter()
            .map(|p| (p.unit, p.rgb.len()))
            .collect();
        assert_eq!(kept, [(0, SIZE * SIZE * 3), (3, SIZE * SIZE * 3)]);
    }

    #[test]
    fn gaps_and_garbage_are_found() {
        let report = decode(clip(&[0, 1, 3, 4]));
        assert_eq!((report.errors, report.frame_counter_errors), (0, 1));
        assert_eq!(report.frame_counter_texts, ["unit 2: Some(3) for Some(2)"]);

        let mut units = clip(&[0, 1, 2, 3]);
        let cut = units[2].bytes.len() / 2;
        units[2].bytes.truncate(cut);
        units[2].bytes.extend([0xff; 40]);
        let report = decode(units);
        assert!(
            report.errors > 0 || report.frame_counter_errors > 0,
            "{report:?}"
        );
    }
}
