//! The sound that was captured held against the sound that came, and how far it is from the pictures.
//!
//! LPCM is measured by its clicks: when the first loud sample is played. Coded sound is not decoded here:
//! it is measured by its units, as the miniport says when each was captured.

mod wish;

use miracast_miniport::journal::{HeardSound, SoundNotes};
use miracast_miniport::sound::SECOND;
use miracast_sink::live::ReceivedUnit;
use miracast_sink::stream::{Click, ReceivedSound, SoundReport};

use crate::comparison::microseconds;
use crate::source::SentPicture;

pub use wish::Wish;

/// Chunks of sound that the driver finds before a picture that was handed over before them.
const OVERTAKING_MAX: usize = 2;

/// The PTS clock at 27 MHz wraps here.
const WRAP: i128 = 300 << 33;

/// The outcome.
#[derive(Clone, Debug, Default)]
pub struct Sound {
    /// What came; `None` if there was no sound.
    pub format: Option<String>,
    /// Chunks that the miniport handed over.
    pub handed_over: u64,
    /// Chunks for which its ring, or Windows, had no room.
    pub dropped: u64,
    /// Units that came whole.
    pub received: u64,
    /// Chunks before the first that came: those that were handed over before a picture was.
    pub early: u64,
    /// Units that came as they were handed over: one after the other from there on.
    pub in_order: u64,
    /// Places where sound is missing between two units.
    pub gaps: u64,
    /// For each click, or without any for some units, how much later it is played than the picture of
    /// its moment, in units of 100 ns; negative if it is earlier.
    pub offsets: Vec<i64>,
}

/// Units that are measured of sound without clicks, evenly spread.
const UNITS_MEASURED: usize = 600;

/// The least, the median and the greatest offset, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Offsets {
    /// The least.
    pub min: f64,
    /// The median.
    pub median: f64,
    /// The greatest.
    pub max: f64,
}

impl Sound {
    /// Compares. The pictures that were sent and the units that came are those of
    /// [`Comparison`](crate::comparison::Comparison): one belongs to the other, in order.
    pub fn new(
        notes: &SoundNotes,
        report: &SoundReport,
        pictures: &[SentPicture<'_>],
        units: &[ReceivedUnit],
    ) -> Self {
        let moments: Vec<Moment> = pictures.iter().zip(units).map(Moment::of).collect();
        Self::with(notes, report, &moments)
    }

    fn with(notes: &SoundNotes, report: &SoundReport, moments: &[Moment]) -> Self {
        let (early, in_order) = match_up(notes, &report.received);
        let both = || notes.handed_over.iter().skip(early).zip(&report.received);
        let click = |click: &Click| Moment::of_click(moments, *click);
        let mut offsets: Vec<i64> = report.clicks.iter().filter_map(click).collect();
        if offsets.is_empty() {
            let step = in_order / UNITS_MEASURED + 1;
            let unit = |(sent, came)| Moment::of_unit(moments, sent, came);
            offsets.extend(both().take(in_order).step_by(step).filter_map(unit));
        }
        Self {
            format: report.format.map(|format| format.to_string()),
            handed_over: notes.handed_over.len() as u64,
            dropped: notes.dropped,
            received: report.units,
            early: early as u64,
            in_order: in_order as u64,
            gaps: report.gaps,
            offsets,
        }
    }

    /// The extremes of [`Self::offsets`].
    pub fn apart(&self) -> Option<Offsets> {
        let mut sorted = self.offsets.clone();
        sorted.sort_unstable();
        let milliseconds = |ticks: &i64| microseconds(ticks * 100) / 1000.0;
        Some(Offsets {
            min: sorted.first().map(milliseconds)?,
            median: sorted.get(sorted.len() / 2).map(milliseconds)?,
            max: sorted.last().map(milliseconds)?,
        })
    }
}

/// How many chunks were handed over before the first of `came`, and how many of these are what was
/// handed over from there on. A picture and a few chunks can overtake each other on their way to the
/// note. Sound repeats itself: of several places it is the last.
fn match_up(notes: &SoundNotes, came: &[ReceivedSound]) -> (usize, usize) {
    let in_order = |early: usize| {
        let sent = notes.handed_over.iter().skip(early);
        sent.zip(came)
            .take_while(|(sent, came)| sent.hash == came.hash)
            .count()
    };
    (0..=notes.before_pictures as usize + OVERTAKING_MAX)
        .map(|early| (early, in_order(early)))
        .max_by_key(|(_, in_order)| *in_order)
        .filter(|(_, in_order)| *in_order > 0)
        .unwrap_or_default()
}

/// A picture: when it was captured, and when it is to be played.
#[derive(Clone, Copy)]
struct Moment {
    /// Units of 100 ns.
    captured: i128,
    /// 27 MHz.
    played: i128,
}

impl Moment {
    fn of((picture, unit): (&SentPicture<'_>, &ReceivedUnit)) -> Self {
        Self {
            captured: picture.entry.capture_time.into(),
            played: i128::from(unit.pts) * 300,
        }
    }

    /// How much later than this something is played, 27 MHz; the shorter way round.
    fn until(self, at_27mhz: u64) -> i128 {
        let ahead = (i128::from(at_27mhz) - self.played).rem_euclid(WRAP);
        if ahead > WRAP / 2 {
            ahead - WRAP
        } else {
            ahead
        }
    }

    /// When a picture would have been captured that is played at this time, by the picture that is played
    /// nearest to it.
    fn captured_at(pictures: &[Self], at_27mhz: u64) -> Option<i128> {
        let nearest = pictures
            .iter()
            .min_by_key(|picture| picture.until(at_27mhz).abs())?;
        Some(nearest.captured + nearest.until(at_27mhz) * 10 / 27)
    }

    /// A click is captured at a whole second: the nearest one, as far as sound and pictures are less than
    /// half a second apart.
    fn of_click(pictures: &[Self], click: Click) -> Option<i64> {
        let at = Self::captured_at(pictures, click.at_27mhz)?;
        let second = i128::from(SECOND);
        let past = at.rem_euclid(second);
        let offset = if past > second / 2 {
            past - second
        } else {
            past
        };
        i64::try_from(offset).ok()
    }

    fn of_unit(pictures: &[Self], sent: &HeardSound, came: &ReceivedSound) -> Option<i64> {
        let at = Self::captured_at(pictures, came.pts * 300)?;
        i64::try_from(at - i128::from(sent.capture_time)).ok()
    }
}

#[cfg(test)]
mod tests;
