//! One encoder stream, from STREAM_OPEN to STREAM_CLOSE.
//!
//! Two parties hold a [`Stream`]: the [peer](crate::peer), which turns the driver's requests into
//! [controls](Stream::request_idr), and whoever makes pictures. They meet at two locks: a small one
//! around the controls, so that no request waits for the encoder, and a large one around encoder
//! and ring, which [`Stream::stop`] takes so that nothing is written once it returned.

mod chunk;
mod pipeline;

use core::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use miracast_kmd_iface::ring::MapError;
use miracast_kmd_iface::timing::Refresh;

pub use self::chunk::{Chunk, ChunkId, ChunkInfo, ChunkType};
pub use self::pipeline::Dropped;
use self::pipeline::{Pipeline, Timing};
use crate::encoder::{Dressing, EncodedFrame, Encoder, Settings};
use crate::ring::RingAddress;

/// Ticks of a clock in one microsecond: times are in units of 100 ns.
const TICKS_PER_MICROSECOND: u64 = 10;

/// What the driver asked of a stream that the encoder has not heard of yet.
#[derive(Debug)]
struct Controls {
    running: bool,
    idr: bool,
    bit_rate: Option<u64>,
    refresh: Refresh,
}

/// A picture that was encoded, or was not.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The frame of the desktop.
    pub frame: u32,
    /// When it was captured, in units of 100 ns.
    pub capture_time: u64,
    /// SPS and PPS that STREAM_START's reply gives, as a byte stream; empty if they come in the
    /// chunks.
    pub parameter_sets: Vec<u8>,
    /// The chunks in the ring and what lies there, [dressed](Dressing); or why not.
    pub result: Result<(Vec<Chunk>, EncodedFrame), Dropped>,
}

/// An encoder stream.
pub struct Stream {
    id: u32,
    settings: Settings,
    ring: RingAddress,
    controls: Mutex<Controls>,
    pipeline: Mutex<Pipeline>,
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("id", &self.id)
            .field("settings", &self.settings)
            .field("ring", &self.ring)
            .finish_non_exhaustive()
    }
}

impl Stream {
    /// A stream that is stopped, with a ring of `ring_bytes`.
    ///
    /// # Errors
    /// The ring cannot have that size.
    pub fn new(
        id: u32,
        settings: Settings,
        encoder: Box<dyn Encoder>,
        dressing: Dressing,
        ring_bytes: u32,
    ) -> Result<Self, MapError> {
        let mut pipeline = Pipeline::new(id, encoder, dressing, ring_bytes)?;
        pipeline.set_bit_rate(settings.bit_rate, (1, 1));
        let ring = pipeline.ring();
        let refresh = Refresh {
            numerator: settings.rate_numerator,
            denominator: settings.rate_denominator,
        };
        Ok(Self {
            id,
            settings,
            ring,
            controls: Mutex::new(Controls {
                running: false,
                idr: true,
                bit_rate: None,
                refresh,
            }),
            pipeline: Mutex::new(pipeline),
        })
    }

    /// The number that names it.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What STREAM_OPEN asked for.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Where the ring is.
    pub fn ring(&self) -> RingAddress {
        self.ring
    }

    /// SPS and PPS as a byte stream.
    pub fn parameter_sets(&self) -> Vec<u8> {
        lock(&self.pipeline).parameter_sets().to_vec()
    }

    /// The same, if they do not come in the chunks: what STREAM_START's reply gives.
    pub fn parameter_sets_apart(&self) -> Vec<u8> {
        lock(&self.pipeline).parameter_sets_apart().to_vec()
    }

    /// Whether pictures are wanted.
    pub fn is_running(&self) -> bool {
        lock(&self.controls).running
    }

    /// Time from one picture to the next in units of 100 ns, after the last SET_RATE.
    pub fn period(&self) -> u64 {
        period(lock(&self.controls).refresh)
    }

    /// Pictures are wanted; the first is an IDR.
    pub fn start(&self) {
        let mut controls = lock(&self.controls);
        controls.running = true;
        controls.idr = true;
    }

    /// Pictures are not wanted. Waits for the one that is being encoded.
    pub fn stop(&self) {
        lock(&self.controls).running = false;
        drop(lock(&self.pipeline));
    }

    /// The next picture is an IDR.
    pub fn request_idr(&self) {
        lock(&self.controls).idr = true;
    }

    /// Another bit rate (bit/s) and, unless it is [`Refresh::UNCHANGED`], another picture rate.
    pub fn set_rate(&self, bits_per_second: u64, refresh: Refresh) {
        let mut controls = lock(&self.controls);
        controls.bit_rate = Some(bits_per_second);
        if refresh != Refresh::UNCHANGED {
            controls.refresh = refresh;
        }
    }

    /// Encodes and hands over the frame `frame`, which was captured at `captured`: the vertical sync
    /// that it belongs to, not the moment at which a thread got round to it. `clock` tells the time.
    /// Both in units of 100 ns. `None`: the stream does not run.
    pub fn make_picture(
        &self,
        frame: u32,
        captured: u64,
        clock: &dyn Fn() -> u64,
    ) -> Option<Picture> {
        let mut pipeline = lock(&self.pipeline);
        self.apply_controls(&mut pipeline)?;
        let begin = clock();
        let result = pipeline.encode(frame).and_then(|mut encoded| {
            let ticks = clock().saturating_sub(begin);
            let timing = Timing {
                capture_time: captured,
                processing_us: u32::try_from(ticks / TICKS_PER_MICROSECOND).unwrap_or(u32::MAX),
            };
            let chunks = pipeline.hand_over(&mut encoded, frame, timing)?;
            Ok((chunks, encoded))
        });
        Some(Picture {
            frame,
            capture_time: captured,
            parameter_sets: pipeline.parameter_sets_apart().to_vec(),
            result,
        })
    }

    /// Tells the encoder what was asked meanwhile; `None` if the stream does not run.
    fn apply_controls(&self, pipeline: &mut Pipeline) -> Option<()> {
        let mut controls = lock(&self.controls);
        if !controls.running {
            return None;
        }
        if core::mem::take(&mut controls.idr) {
            pipeline.request_idr();
        }
        if let Some(rate) = controls.bit_rate.take() {
            let made_for = Refresh {
                numerator: self.settings.rate_numerator,
                denominator: self.settings.rate_denominator,
            };
            pipeline.set_bit_rate(rate, (period(controls.refresh), period(made_for)));
        }
        Some(())
    }
}

/// Time from one picture to the next in units of 100 ns.
fn period(refresh: Refresh) -> u64 {
    let ticks = u64::from(refresh.denominator) * 1_000_000 * TICKS_PER_MICROSECOND;
    ticks / u64::from(refresh.numerator).max(1)
}

/// A lock whose holder panicked is as good as any: a test is failing already, and its own message
/// is the one to see.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
