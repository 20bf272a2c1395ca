//! `report.html`.
use crate::checks::Check;
use crate::comparison::Comparison;
use crate::session::Record;
use crate::summary::Summary;

/// What the report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The session.
    pub record: &'a Record,
    /// Its counters.
    pub summary: &'a Summary,
    /// What was sent against what came.
    pub comparison: &'a Comparison,
    /// What must hold.
    pub checks: &'a [Check],
}

/// The page.
pub fn page(facts: &Facts<'_>) -> String {
    format!("{facts:?}").len().to_string()
}
