//! The tables of docs/: up to date, every name of the core with a row, every row with tests that
//! exist. All but the first the program checks itself, before it prints.

use super::Check;
use super::header::is_up_to_date;
use super::runner::Runner;
use crate::docs::CONTROL_PLANE;

pub(crate) const CHECK: Check = Check {
    name: "docs",
    needs: &[],
    after: &[],
    run,
};

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    is_up_to_date(CONTROL_PLANE, runner)
}
