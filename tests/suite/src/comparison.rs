//! What was sent held against what came: the same pictures, bit by bit, and how long they took.

use miracast_miniport::journal::hash;
use miracast_sink::stream::AccessUnit;

use crate::playback::{kind, slices};
use crate::source::SentPicture;

/// NAL units that a driver may add: SPS, PPS and access unit delimiter (H.264 Table 7-1).
const MAY_BE_ADDED: [u8; 3] = [7, 8, 9];

/// The outcome.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Bytes of the slices that were sent.
    pub bytes_sent: u64,
    /// The first difference between what was sent and what came; `None` if there is none.
    pub difference: Option<String>,
    /// For each picture, in order: nanoseconds from the handing over of its last chunk by the
    /// miniport to the arrival of its last datagram, by the kernel's receive stamp.
    pub tail_ns: Vec<i64>,
}

impl Comparison {
    /// Compares the pictures that were sent with the units that came, in order.
    pub fn new<'u>(
        sent: &[SentPicture<'_>],
        came: impl ExactSizeIterator<Item = &'u AccessUnit>,
    ) -> Self {
        let bytes = |picture: &SentPicture<'_>| -> u64 {
            picture.slices.iter().map(|slice| slice.length as u64).sum()
        };
        let mut comparison = Self {
            bytes_sent: sent.iter().map(bytes).sum(),
            ..Self::default()
        };
        if sent.len() != came.len() {
            let text = format!("{} pictures were sent, {} came", sent.len(), came.len());
            comparison.difference = Some(text);
        }
        for (picture, unit) in sent.iter().zip(came) {
            let differs = difference(picture, unit);
            let text = differs.map(|text| format!("frame {}: {text}", picture.entry.frame));
            comparison.difference = comparison.difference.take().or(text);
            let begin = picture.entry.handed_over.unix_ns.cast_signed();
            let end = unit.last_arrival_ns.cast_signed();
            comparison.tail_ns.push(end.saturating_sub(begin));
        }
        comparison
    }

    /// Whether every slice came as it was sent, in order, and nothing else did but what a driver
    /// may add.
    pub fn identical(&self) -> bool {
        self.difference.is_none()
    }
}

fn difference(picture: &SentPicture<'_>, unit: &AccessUnit) -> Option<String> {
    if picture.idr != unit.idr {
        return Some(format!("IDR: {} was sent, {} came", picture.idr, unit.idr));
    }
    let mut others = unit.nal_units().map(kind);
    if let Some(added) = others.find(|kind| !matches!(kind, 1 | 5) && !MAY_BE_ADDED.contains(kind))
    {
        return Some(format!("a NAL unit of type {added} was added"));
    }
    let came: Vec<&[u8]> = slices(unit).collect();
    if came.len() != picture.slices.len() {
        let (sent, came) = (picture.slices.len(), came.len());
        return Some(format!("{sent} slices were sent, {came} came"));
    }
    let differs = |(sent, came): (&miracast_miniport::journal::Slice, &&[u8])| {
        sent.length != came.len() || sent.hash != hash(came)
    };
    let place = picture.slices.iter().zip(&came).position(differs)?;
    Some(format!("slice {place} came changed"))
}

/// Three marks of a distribution, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Percentiles {
    /// The median.
    pub p50: f64,
    /// 99 of 100 are not longer.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

impl Percentiles {
    /// Those of `times`, in nanoseconds; 0 without any.
    pub fn of(times: &[i64]) -> Self {
        let mut sorted = times.to_vec();
        sorted.sort_unstable();
        let at = |hundredths: usize| {
            let place = (sorted.len() * hundredths).div_ceil(100).max(1) - 1;
            sorted.get(place).map_or(0.0, |time| microseconds(*time))
        };
        Self {
            p50: at(50),
            p99: at(99),
            max: at(100),
        }
    }
}

/// Nanoseconds as microseconds, for people.
#[expect(
    clippy::cast_precision_loss,
    reason = "times of a session are far under 2^53 ns"
)]
pub fn microseconds(nanoseconds: i64) -> f64 {
    nanoseconds as f64 / 1000.0
}

#[cfg(test)]
mod tests;
