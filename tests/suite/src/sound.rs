//! The sound that was captured held against the sound that came, and how far it is from the pictures.

use miracast_miniport::journal::SoundNotes;
use miracast_miniport::sound::SECOND;
use miracast_sink::live::ReceivedUnit;
use miracast_sink::stream::{Click, SoundReport};

use crate::comparison::microseconds;
use crate::source::SentPicture;

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
    /// Units that came as they were handed over: one after the other from the first on.
    pub in_order: u64,
    /// Places where sound is missing between two units.
    pub gaps: u64,
    /// For each click how much later it is played than the picture of its moment, in units of
    /// 100 ns; negative if it is earlier.
    pub offsets: Vec<i64>,
}

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
        let same = notes.handed_over.iter().zip(&report.hashes);
        let moments: Vec<Moment> = pictures.iter().zip(units).map(Moment::of).collect();
        let offset = |click: &Click| Moment::offset(&moments, *click);
        Self {
            format: report.format.map(|format| format.to_string()),
            handed_over: notes.handed_over.len() as u64,
            dropped: notes.dropped,
            received: report.units,
            in_order: same.take_while(|(sent, came)| sent == came).count() as u64,
            gaps: report.gaps,
            offsets: report.clicks.iter().filter_map(offset).collect(),
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

    /// How much later than this the click is played, 27 MHz; the shorter way round.
    fn until(self, click: Click) -> i128 {
        let ahead = (i128::from(click.at_27mhz) - self.played).rem_euclid(WRAP);
        if ahead > WRAP / 2 {
            ahead - WRAP
        } else {
            ahead
        }
    }

    /// A click is captured at a whole second. Which one says the picture that is played nearest to it,
    /// as far as sound and pictures are less than half a second apart.
    fn offset(pictures: &[Self], click: Click) -> Option<i64> {
        let nearest = pictures
            .iter()
            .min_by_key(|picture| picture.until(click).abs())?;
        let at = nearest.captured + nearest.until(click) * 10 / 27;
        let second = i128::from(SECOND);
        let past = at.rem_euclid(second);
        let offset = if past > second / 2 {
            past - second
        } else {
            past
        };
        i64::try_from(offset).ok()
    }
}

#[cfg(test)]
mod tests;
