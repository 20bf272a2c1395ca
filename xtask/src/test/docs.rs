//! The tables of docs/: up to date, every name of the core and every requirement of the driver interface
//! with a row, every row with tests that exist. All but the first the program checks itself, before it
//! prints.

use super::Check;
use super::header::is_up_to_date;
use super::runner::Runner;
use crate::docs::FILES;

pub(crate) const CHECK: Check = Check {
    name: "docs",
    needs: &[],
    after: &[],
    run,
};

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let each = FILES.map(|file| is_up_to_date(file, runner));
    let each: Vec<String> = each.into_iter().collect::<anyhow::Result<_>>()?;
    Ok(each.join(", "))
}
