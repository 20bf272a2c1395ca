//! `report.html`: the benches for a reader, in one file that needs nothing else.

use core::fmt::Write as _;

use miracast_plot::{Plot, STYLE, Scale, bars, escape};

use crate::machine::Machine;
use crate::outcome::{Outcome, Row, Series, quantile, short};
use crate::rounds::to_f64;
use crate::table;

/// The page.
pub(crate) fn page(machine: &Machine, outcomes: &[Outcome]) -> String {
    let sections: String = outcomes.iter().map(section).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <title>Miracast media plane</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <h1>Miracast media plane, measured</h1>\n<p class=\"lead\">{}</p>\n{}{sections}</body>\n\
         </html>\n",
        escape(&machine.sentence()),
        targets(outcomes)
    )
}

fn targets(outcomes: &[Outcome]) -> String {
    let all = || outcomes.iter().flat_map(|outcome| &outcome.targets);
    let missed = all().filter(|target| !target.reached).count();
    let (class, text) = if missed == 0 {
        (
            "good",
            format!("All {} targets are reached.", all().count()),
        )
    } else {
        (
            "bad",
            format!("{missed} of {} targets are missed.", all().count()),
        )
    };
    let mut rows = String::new();
    for outcome in outcomes {
        for target in &outcome.targets {
            let (class, mark) = if target.reached {
                ("", "reached")
            } else {
                ("failed", "missed")
            };
            // Writing to a string cannot fail.
            let _ = writeln!(
                rows,
                "<tr class=\"{class}\"><td class=\"mark\">{mark}</td><td>{}</td><td>{}</td>\
                 <td>{}</td><td>{}</td></tr>",
                outcome.name,
                escape(&target.what),
                short(target.measured),
                escape(&target.wanted)
            );
        }
    }
    format!(
        "<div class=\"verdict {class}\">{text}</div>\n<table>\n<tr><th></th><th>bench</th>\
         <th>what</th><th>is</th><th>wanted</th></tr>\n{rows}</table>\n"
    )
}

fn section(outcome: &Outcome) -> String {
    let text = |row: &Row| {
        let value = table::spread(&row.value) + " " + row.unit.unwrap_or(outcome.unit);
        (row.who.clone(), row.value.median, value)
    };
    let rows: Vec<_> = outcome.rows.iter().map(text).collect();
    let drawn = if outcome.series.is_empty() {
        bars(&rows, &outcome.about)
    } else {
        let body = rows.iter().map(|(who, _, value)| {
            format!(
                "<tr><td>{}</td><td>{}</td></tr>\n",
                escape(who),
                escape(value)
            )
        });
        let plots: String = outcome.series.iter().map(series).collect();
        format!(
            "<p>{}</p>\n<div class=\"plots\">\n{plots}</div>\n<table>\n{}</table>",
            escape(&outcome.about),
            body.collect::<String>()
        )
    };
    format!("<h2>{}</h2>\n{drawn}\n", outcome.name)
}

/// One contestant's times, picture by picture.
fn series(series: &Series) -> String {
    let count = to_f64(series.microseconds.len() as u64);
    let title = "hand-over to last datagram, µs";
    let mut plot = Plot::new(
        Scale::reaching(count),
        Scale::Decades(1, 5),
        "picture",
        title,
    );
    for (number, value) in (0_u64..).zip(&series.microseconds) {
        plot.dot("one", to_f64(number), *value);
    }
    let mut sorted = series.microseconds.clone();
    sorted.sort_by(f64::total_cmp);
    let half = quantile(&sorted, 0.5);
    plot.level(half, &format!("half: {half:.0} µs"));
    plot.finish(&series.who)
}
