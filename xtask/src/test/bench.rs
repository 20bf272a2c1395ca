//! The counts that are the same on every machine: instructions, allocations, packets and datagrams of
//! the media plane, that nothing is held back; and what a handshake and a context take.

use core::time::Duration;

use anyhow::ensure;

use super::Check;
use super::runner::Runner;
use crate::bench;

pub(crate) const CHECK: Check = Check {
    name: "bench-counts",
    needs: &["valgrind"],
    after: &[],
    run,
};

const LIMIT: Duration = Duration::from_mins(1);

fn run(runner: &mut Runner) -> anyhow::Result<String> {
    let mut command = bench::check(runner, &bench::place()?)?;
    let printed = runner.finish(&mut command, LIMIT)?;
    let (good, wrong): (Vec<_>, Vec<_>) = printed
        .stdout
        .lines()
        .partition(|line| line.contains(": ok: "));
    ensure!(printed.status.success(), "{}", wrong.join("; "));
    ensure!(!good.is_empty(), "nothing was counted");
    Ok(format!("{} counts", good.len()))
}
