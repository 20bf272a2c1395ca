//! The receiving side: how the strict sink is set up here, and what its report says in numbers.

use miracast_miniport::journal;
use miracast_miniport::picture::read_counter;
use miracast_os::ledger;
use miracast_sink::decode::DecodeOptions;
use miracast_sink::live::{Options, SinkReport};

/// Macroblocks of 640x480, the smallest mode: no slice of it may be smaller than a whole share.
const VGA_MACROBLOCKS: u16 = 40 * 30;

/// Largest ratio of two slices that can be stated (S2.1 Table 40): the slices of 1920x1080 are
/// 6.8 times those of 640x480.
const SLICE_RATIO_MAX: u16 = 7 << 10;

/// Datagrams are kept up to this many bytes: ten minutes at the bit rate of the demo would be more
/// than a memory should hold. The checks need none of them.
pub const RECORD_MAX: usize = 512 * 1024 * 1024;

/// A sink that takes pictures of up to `slices` slices and decodes them. It keeps `pictures` of
/// them, one of every `every`.
pub fn sink_options(slices: u8, pictures: usize, every: u64) -> Options {
    let mut options = Options {
        decode: Some(DecodeOptions {
            read_counter: Some(Box::new(read_counter)),
            pictures_max: pictures,
            picture_every: every,
        }),
        record_max: RECORD_MAX,
        // As many as the journal has to compare them with.
        units_max: journal::KEPT_MAX,
        // In one process with the driver: what these threads do is not its doing.
        thread_start: ledger::outside,
        ..Options::default()
    };
    if slices > 1 {
        let video = options.settings.capabilities.video.as_mut();
        for codec in video.into_iter().flat_map(|video| &mut video.codecs) {
            codec.min_slice = VGA_MACROBLOCKS / u16::from(slices);
            codec.slice_params = SLICE_RATIO_MAX | u16::from(slices - 1);
        }
    }
    options
}

/// Frames that came out of the decoder, if there was one.
pub fn frames_decoded(report: &SinkReport) -> Option<u64> {
    let decoded = report.decode.as_ref()?;
    Some(decoded.frames.len() as u64)
}

/// Frames in which the number that the emulated desktop draws can be read, if there was a decoder.
pub fn frames_numbered(report: &SinkReport) -> Option<u64> {
    let frames = report.decode.as_ref()?.frames.iter();
    Some(frames.filter(|frame| frame.counter.is_some()).count() as u64)
}

/// Frames whose drawn number is missing or does not follow, and units that were refused. Pictures
/// none of which has a number are somebody else's: then only refused units count.
pub fn frame_counter_errors(report: &SinkReport) -> u64 {
    let order = if frames_numbered(report).unwrap_or(0) == 0 {
        0
    } else {
        let decoded = report.decode.as_ref();
        decoded.map_or(0, |decode| decode.frame_counter_errors)
    };
    let refused = report.decode.as_ref().map_or(0, |decode| decode.errors);
    order + refused
}
