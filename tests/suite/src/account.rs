//! What the driver told of a session, sorted for a reader.

use std::collections::BTreeMap;

use miracast_core::time::Instant;
use miracast_core::trace::What;
use miracast_os::{Told, Trace};
use miracast_umd::engine::Totals;
use serde::Serialize;

/// The driver's own account of a session. Times are milliseconds since it began.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    /// Quirks that the sink showed.
    pub quirks: Vec<Moment>,
    /// Display modes that could be had, and those that could not with the reason.
    pub modes: Vec<Modes>,
    /// Refusals of the sink, each with the next offer.
    pub refusals: Vec<Moment>,
    /// The phases of the session.
    pub phases: Vec<Moment>,
    /// Why the session ended.
    pub end: Option<String>,
    /// What the session came to in numbers, by name; what is 0 is left out.
    pub counts: BTreeMap<&'static str, u64>,
    /// Everything, a line each, on the driver's clock.
    pub trace: Vec<String>,
}

/// Something and when.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moment {
    /// When.
    pub t_ms: f64,
    /// What, in words.
    pub what: String,
}

/// Modes of one kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Modes {
    /// When they were sorted: again after each change of what the sink can do.
    pub t_ms: f64,
    /// Why they were left out; null if they were not.
    pub left_out: Option<String>,
    /// The modes.
    pub modes: Vec<String>,
}

impl Account {
    /// Sorts.
    pub fn new(trace: &Trace) -> Self {
        let entries = &trace.entries;
        let start = entries.first().map_or(Instant::ZERO, |told| told.entry.at);
        let moments = |word: fn(&What) -> Option<String>| {
            let moment = |told: &Told| {
                let (t_ms, what) = (milliseconds(told, start), word(&told.entry.what)?);
                Some(Moment { t_ms, what })
            };
            entries.iter().filter_map(moment).collect()
        };
        Self {
            quirks: moments(|what| match what {
                What::Quirk(_) => Some(what.to_string()),
                _ => None,
            }),
            modes: entries
                .iter()
                .filter_map(|told| modes(told, start))
                .collect(),
            refusals: moments(|what| match what {
                What::Reduced { .. } => Some(what.to_string()),
                _ => None,
            }),
            phases: moments(|what| match what {
                What::Phase(phase) => Some(format!("{phase:?}")),
                _ => None,
            }),
            end: entries.iter().rev().find_map(|told| told.end.clone()),
            counts: trace.totals.last().map(counts).unwrap_or_default(),
            trace: entries.iter().map(ToString::to_string).collect(),
        }
    }
}

fn counts(totals: &Totals) -> BTreeMap<&'static str, u64> {
    totals.iter().filter(|(_, count)| *count != 0).collect()
}

fn modes(told: &Told, start: Instant) -> Option<Modes> {
    let (left_out, modes) = match told.entry.what {
        What::Offered(modes) => (None, modes),
        What::LeftOut(reason, modes) => (Some(reason.to_string()), modes),
        _ => return None,
    };
    Some(Modes {
        t_ms: milliseconds(told, start),
        left_out,
        modes: modes.to_string().split(' ').map(str::to_owned).collect(),
    })
}

fn milliseconds(told: &Told, start: Instant) -> f64 {
    told.entry.at.since(start).as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use miracast_core::quirks::Quirk;
    use miracast_core::rtsp::Status;
    use miracast_core::session::{PhaseKind, Step};
    use miracast_core::trace::Entry;

    #[test]
    fn each_kind_has_its_place() {
        let reduced = What::Reduced {
            step: Step::Baseline,
            status: Status::SEE_OTHER,
            code: 457,
        };
        let told = [
            What::Phase(PhaseKind::Greeting),
            What::Quirk(Quirk::from_id("Q60").unwrap()),
            reduced,
            What::Ended,
        ];
        let told = told.into_iter().enumerate().map(|(number, what)| Told {
            entry: Entry {
                at: Instant::from_ticks(77 + 10_000 * number as u64),
                what,
            },
            end: (what == What::Ended).then(|| "why".to_owned()),
        });
        let entries = told.collect();
        let totals = Vec::new();
        let account = Account::new(&Trace { entries, totals });
        let moment = |t_ms, what: &str| {
            let what = what.to_owned();
            [Moment { t_ms, what }]
        };
        assert_eq!(account.phases, moment(0.0, "Greeting"));
        let quirks: Vec<_> = account
            .quirks
            .iter()
            .map(|quirk| &quirk.what[..10])
            .collect();
        assert_eq!(quirks, ["quirk Q60:"]);
        assert_eq!(account.refusals, moment(2.0, &reduced.to_string()));
        assert_eq!(account.end.as_deref(), Some("why"));
        assert_eq!(account.trace.len(), 4);
        assert!(account.trace[3].ends_with("ended: why"));
    }
}
