//! What was sent held against what came: the same pictures, bit by bit, and how long they took.

use miracast_miniport::journal;
use miracast_sink::live::{NalUnit, ReceivedUnit};

use crate::source::SentPicture;

/// The outcome.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Bytes of the NAL units that the encoder handed over of the pictures that were sent.
    pub bytes_sent: u64,
    /// Bytes of those of them that came, unchanged and in order.
    pub bytes_received: u64,
    /// The first difference between what was sent and what came; `None` if there is none.
    pub difference: Option<String>,
    /// For each picture, in order: nanoseconds from the handing over of its last chunk by the
    /// miniport to the arrival of its last datagram, by the kernel's receive stamp.
    pub tail_ns: Vec<i64>,
}

impl Comparison {
    /// Compares the pictures that were sent with the units that came, in order. Of `cut`, the picture
    /// in which the driver was stopped, something may have come at the end.
    pub fn new(
        sent: &[SentPicture<'_>],
        cut: Option<SentPicture<'_>>,
        came: &[ReceivedUnit],
    ) -> Self {
        let mut comparison = Self {
            bytes_sent: sent.iter().map(SentPicture::bytes).sum(),
            ..Self::default()
        };
        let is_cut = |unit| cut.is_some_and(|cut| Found::is_part(&cut, unit));
        let rest = came.get(sent.len()..);
        if !matches!(rest, Some([])) && !matches!(rest, Some([unit]) if is_cut(unit)) {
            let text = format!("{} pictures were sent, {} came", sent.len(), came.len());
            comparison.difference = Some(text);
        }
        for (picture, unit) in sent.iter().zip(came) {
            let found = Found::new(&picture.handed_over.units, &unit.nals);
            comparison.bytes_received += found.bytes;
            let differs = found.difference(picture, unit);
            let text = differs.map(|text| format!("frame {}: {text}", picture.entry.frame));
            comparison.difference = comparison.difference.take().or(text);
            let begin = picture.entry.handed_over.unix_ns.cast_signed();
            let end = unit.last_arrival_ns.cast_signed();
            comparison.tail_ns.push(end.saturating_sub(begin));
        }
        comparison
    }

    /// Whether every NAL unit of the encoder came as it was sent, in order, and nothing else did
    /// but delimiters, and parameter sets that the miniport gave for that.
    pub fn identical(&self) -> bool {
        self.difference.is_none()
    }
}

/// The NAL units that were sent, found among those that came.
struct Found<'u> {
    /// How many, from the first on.
    count: usize,
    /// Their bytes.
    bytes: u64,
    /// What came besides.
    added: Vec<&'u NalUnit>,
}

impl<'u> Found<'u> {
    fn new(sent: &[journal::NalUnit], came: &'u [NalUnit]) -> Self {
        let mut rest = sent.iter().peekable();
        let mut found = Self {
            count: 0,
            bytes: 0,
            added: Vec::new(),
        };
        for nal in came {
            if rest.next_if(|next| same(next, nal)).is_some() {
                found.count += 1;
                found.bytes += nal.length as u64;
            } else {
                found.added.push(nal);
            }
        }
        found
    }

    /// Whether `unit` is the beginning of `picture`.
    fn is_part(picture: &SentPicture<'_>, unit: &'u ReceivedUnit) -> bool {
        let found = Self::new(&picture.handed_over.units, &unit.nals);
        found.count > 0 && found.strange(picture).is_none()
    }

    /// The first NAL unit that was added and must not be.
    fn strange(&self, picture: &SentPicture<'_>) -> Option<&'u NalUnit> {
        let given = &picture.handed_over.parameter_sets;
        let may_be_added = |nal: &NalUnit| {
            nal.is_delimiter() || nal.is_addable() && given.iter().any(|set| same(set, nal))
        };
        self.added.iter().copied().find(|nal| !may_be_added(nal))
    }

    fn difference(&self, picture: &SentPicture<'_>, unit: &ReceivedUnit) -> Option<String> {
        let sent = picture.handed_over;
        if sent.idr != unit.idr {
            return Some(format!("IDR: {} was sent, {} came", sent.idr, unit.idr));
        }
        if self.count < sent.units.len() {
            let (place, all) = (self.count + 1, sent.units.len());
            return Some(format!(
                "NAL unit {place} of {all} came changed or not at all"
            ));
        }
        let strange = self.strange(picture)?;
        Some(if strange.is_addable() {
            "a parameter set was added that the miniport did not give".to_owned()
        } else {
            format!("a NAL unit of type {} was added", strange.kind)
        })
    }
}

fn same(sent: &journal::NalUnit, came: &NalUnit) -> bool {
    sent.length == came.length && sent.hash == came.hash
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
