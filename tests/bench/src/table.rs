//! Outcomes as text.

use core::fmt::Write as _;

use crate::outcome::{Outcome, Spread, Target, short};

/// The table of one bench.
pub(crate) fn text(outcome: &Outcome) -> String {
    let mut text = format!("\n{}: {}\n", outcome.name, outcome.about);
    for row in &outcome.rows {
        let ratio = row.ratio.map_or_else(String::new, |ratio| spread(&ratio));
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "  {:44} {:>28} {:14} {ratio:>24}",
            row.who,
            spread(&row.value),
            row.unit.unwrap_or(outcome.unit)
        );
    }
    text
}

/// What was wanted of all benches, and what was found.
pub(crate) fn verdicts(outcomes: &[Outcome]) -> String {
    let mut text = "\n".to_owned();
    for outcome in outcomes {
        for target in &outcome.targets {
            let _ = writeln!(text, "{}: {}", outcome.name, verdict(target));
        }
    }
    text
}

/// One line of them.
pub(crate) fn verdict(target: &Target) -> String {
    let word = if target.reached { "reached" } else { "MISSED" };
    let Target { what, wanted, .. } = target;
    format!(
        "{word}: {what}: {}, wanted {wanted}",
        short(target.measured)
    )
}

/// `median [least-most]`, or the value alone where all rounds agree.
#[expect(
    clippy::float_cmp,
    reason = "exact values are written as one, others never agree by chance"
)]
pub(crate) fn spread(spread: &Spread) -> String {
    let Spread { median, min, max } = *spread;
    if min == max {
        return short(median);
    }
    format!("{} [{}-{}]", short(median), short(min), short(max))
}
