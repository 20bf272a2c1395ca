//! What the driver says of the session itself.

use miracast_plot::escape;

use super::Facts;
use crate::account::{Account, Modes, Moment};

/// Instead of an account of a driver that told ETW.
const ELSEWHERE: &str = "<p>None: a driver in a DLL tells its trace to ETW, which this program does not \
     read, and which Wine does not have. <code>cargo xtask trace</code> says how to record it on \
     Windows.</p>";

pub(super) fn of(facts: &Facts<'_>) -> String {
    let account = &facts.summary.sent.account;
    account.as_ref().map_or(ELSEWHERE.to_owned(), table)
}

fn table(account: &Account) -> String {
    let none = || vec!["none".to_owned()];
    let or_none = |lines: Vec<String>| if lines.is_empty() { none() } else { lines };
    let rows = [
        ("phases", moments(&account.phases)),
        ("quirks of the sink", or_none(moments(&account.quirks))),
        ("modes", or_none(account.modes.iter().map(modes).collect())),
        ("offers refused", or_none(moments(&account.refusals))),
        ("end", account.end.iter().cloned().collect()),
        ("counted", account.counts.iter().map(count).collect()),
    ];
    let row = |(name, lines): (&str, Vec<String>)| {
        let lines: Vec<_> = lines.iter().map(|line| escape(line)).collect();
        let value = lines.join("<br>");
        format!("<tr><td>{name}</td><td class=\"word\">{value}</td></tr>\n")
    };
    let rows: String = rows.into_iter().map(row).collect();
    let trace = escape(&account.trace.join("\n"));
    let count = account.trace.len();
    format!(
        "<table>\n{rows}</table>\n<details><summary>all {count} entries of the trace</summary>\
         <pre>{trace}</pre></details>"
    )
}

fn count((name, count): (&&str, &u64)) -> String {
    format!("{name}: {count}")
}

fn moments(moments: &[Moment]) -> Vec<String> {
    let line = |moment: &Moment| format!("{:.1} ms: {}", moment.t_ms, moment.what);
    moments.iter().map(line).collect()
}

fn modes(modes: &Modes) -> String {
    let (t_ms, names) = (modes.t_ms, modes.modes.join(" "));
    match &modes.left_out {
        None => format!("{t_ms:.1} ms: offered: {names}"),
        Some(reason) => format!("{t_ms:.1} ms: left out ({reason}): {names}"),
    }
}
