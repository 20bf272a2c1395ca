//! `docs/PERFORMANCE.md`: the last figures, as text.

use core::fmt::Write as _;

use crate::machine::Machine;
use crate::outcome::{Outcome, short};
use crate::table;

/// How it was measured; what the tables do not say themselves.
const METHOD: &str = "\
Written by `cargo xtask bench --write-docs`; not by hand.

Each contestant is a process of its own. They make their passes over the same stream in turn, round by round; a
figure is the median of the rounds with the least and the most, a ratio that of the same round to this driver's, but for those of the lengths of a packet and of the tails,
which are quotients of the figures. Times are those of the process on a processor unless a table says otherwise. This driver is compiled as the DLL is, and reads its stream from the miniport's ring.
libavformat and GStreamer do as they do without being asked for more, with buffering off (`max_delay=0`, `flush_packets`,
`sync=false`). mpeg-ts-core is optimised for speed, as its users have it. The two floors copy from memory to memory: `memcpy` the bytes alone, `copy once` into packets
whose headers are nearly constant.

A target is a ratio that the project set itself before it was measured. Times depend on the machine and on what else it does:
they are reported and fail nothing. `cargo xtask bench --check` holds what does not depend on that.
";

/// The file.
pub(crate) fn markdown(machine: &Machine, outcomes: &[Outcome]) -> String {
    let mut text = format!(
        "# Performance\n\n{}\n\n{METHOD}\n## Targets\n\n",
        machine.sentence()
    );
    text += "| bench | what | is | wanted | |\n| --- | --- | --- | --- | --- |\n";
    for outcome in outcomes {
        for target in &outcome.targets {
            let word = if target.reached {
                "reached"
            } else {
                "**missed**"
            };
            let (measured, what, wanted) = (short(target.measured), &target.what, &target.wanted);
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "| {} | {what} | {measured} | {wanted} | {word} |",
                outcome.name
            );
        }
    }
    for outcome in outcomes {
        let _ = writeln!(text, "\n## {}\n\n{}\n", outcome.name, outcome.about);
        let unit = outcome.unit;
        let _ = writeln!(text, "| | {unit} | ratio |\n| --- | --- | --- |");
        for row in &outcome.rows {
            let ratio = row.ratio.as_ref().map(table::spread).unwrap_or_default();
            let mut value = table::spread(&row.value);
            if let Some(unit) = row.unit.filter(|unit| *unit != outcome.unit) {
                value += " ";
                value += unit;
            }
            let _ = writeln!(text, "| {} | {value} | {ratio} |", row.who);
        }
    }
    text
}
