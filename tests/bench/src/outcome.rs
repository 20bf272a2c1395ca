//! What a bench found: figures, ratios and verdicts.

use serde::Serialize;

/// Median, least and most of the rounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Spread {
    /// Of values in any order; all 0 of none.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |part: usize| values.get(part).copied().unwrap_or_default();
        Self {
            median: f64::midpoint(at(values.len() / 2), at(values.len().saturating_sub(1) / 2)),
            min: at(0),
            max: at(values.len().saturating_sub(1)),
        }
    }

    /// A value that is the same in each round.
    pub(crate) const fn exact(value: f64) -> Self {
        Self {
            median: value,
            min: value,
            max: value,
        }
    }
}

/// The value below which the part `share` of `sorted` lies.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a place in a list of some thousand"
    )]
    let place = (last as f64 * share.clamp(0.0, 1.0)).round() as usize;
    sorted.get(place).copied().unwrap_or_default()
}

/// One line of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Row {
    pub(crate) who: String,
    pub(crate) value: Spread,
    /// The value in terms of ours of the same round.
    pub(crate) ratio: Option<Spread>,
    /// The unit of the value, if it is not that of the outcome.
    pub(crate) unit: Option<&'static str>,
}

impl Row {
    /// A value that is the same in each round and is compared with no other.
    pub(crate) fn exact(who: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            who: who.into(),
            value: Spread::exact(value),
            ratio: None,
            unit: Some(unit),
        }
    }
}

/// Something that must be reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Target {
    pub(crate) what: String,
    pub(crate) wanted: String,
    pub(crate) measured: f64,
    pub(crate) reached: bool,
}

impl Target {
    pub(crate) fn at_most(what: impl Into<String>, measured: f64, most: f64) -> Self {
        Self {
            what: what.into(),
            wanted: format!("at most {most}"),
            measured,
            reached: measured <= most,
        }
    }

    pub(crate) fn at_least(what: impl Into<String>, measured: f64, least: f64) -> Self {
        Self {
            what: what.into(),
            wanted: format!("at least {least}"),
            measured,
            reached: measured >= least,
        }
    }
}

/// One contestant's times, in the order in which they came.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Series {
    pub(crate) who: String,
    pub(crate) microseconds: Vec<f64>,
}

/// What one bench found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Outcome {
    pub(crate) name: &'static str,
    /// What was measured, for a reader.
    pub(crate) about: String,
    pub(crate) unit: &'static str,
    pub(crate) rows: Vec<Row>,
    pub(crate) targets: Vec<Target>,
    /// What is drawn picture by picture.
    pub(crate) series: Vec<Series>,
}

impl Outcome {
    /// The ratio of the row of `who`, 0 if there is none.
    pub(crate) fn ratio(&self, who: &str) -> f64 {
        let row = self.rows.iter().find(|row| row.who == who);
        row.and_then(|row| row.ratio)
            .map_or(0.0, |ratio| ratio.median)
    }

    /// The value of the row of `who`, 0 if there is none.
    pub(crate) fn value(&self, who: &str) -> f64 {
        let row = self.rows.iter().find(|row| row.who == who);
        row.map_or(0.0, |row| row.value.median)
    }
}

/// A number with three digits that tell something.
pub(crate) fn short(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_in_the_middle_of_its_values() {
        let spread = Spread::of([3.0, 1.0, 2.0]);
        assert_eq!((spread.median, spread.min, spread.max), (2.0, 1.0, 3.0));
        let even = Spread::of([4.0, 1.0, 2.0, 3.0]);
        assert_eq!(even.median.to_string(), "2.5");
        assert_eq!(Spread::of([]), Spread::exact(0.0));
    }

    #[test]
    fn quantiles_are_of_the_list() {
        let list: Vec<f64> = (0..=100).map(f64::from).collect();
        let found = [
            quantile(&list, 0.5),
            quantile(&list, 0.99),
            quantile(&[], 0.5),
        ];
        assert_eq!(found.map(|value| value.to_string()), ["50", "99", "0"]);
    }

    #[test]
    fn a_target_is_reached_at_its_bound() {
        assert!(Target::at_most("", 60.0, 60.0).reached);
        assert!(!Target::at_most("", 60.1, 60.0).reached);
        assert!(Target::at_least("", 8.0, 8.0).reached);
        assert!(!Target::at_least("", 7.9, 8.0).reached);
    }
}
