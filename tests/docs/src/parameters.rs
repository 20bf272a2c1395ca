//! The rows of the parameters.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};
use miracast_core::wfd::parameters::{Need, QUESTIONS, SinkCapabilities, names};
use miracast_field::proof::Test;

use crate::conversation::Said;
use crate::{names as known, numbers, table};

mod rows;

/// What is done with a parameter.
#[derive(Clone, Copy)]
enum Use {
    /// This.
    ActedOn(&'static str),
    /// Nothing, for this reason.
    NotActedOn(&'static str),
    /// Nothing, and M3 never asks: the core's table of questions says why.
    NeverAsked,
}

struct Row {
    name: &'static str,
    usage: Use,
    tests: &'static [Test],
}

/// The table.
///
/// # Errors
/// If a name of the core has no row, a row no name or no test that exists, or if what it says is not
/// what the driver does.
pub(crate) fn table(said: &Said) -> anyhow::Result<String> {
    let names: BTreeSet<_> = rows::ROWS.iter().map(|row| row.name.to_owned()).collect();
    ensure!(names.len() == rows::ROWS.len(), "a name has two rows");
    let known = known::all()?;
    let missing: Vec<_> = known.difference(&names).collect();
    ensure!(missing.is_empty(), "without a row: {missing:?}");
    let unknown: Vec<_> = names.difference(&known).collect();
    ensure!(unknown.is_empty(), "no names of the core: {unknown:?}");
    let mut text = table::head(&["parameter", "sent in", "received in", "acted on", "tests"]);
    for row in &rows::ROWS {
        text += &cells(row, said).with_context(|| row.name)?;
    }
    Ok(text)
}

fn cells(row: &Row, said: &Said) -> anyhow::Result<String> {
    let is_named = |names: &Vec<String>| names.iter().any(|name| name == row.name);
    let sent = said.sent.iter().filter(|(_, names)| is_named(names));
    let sent: Vec<_> = sent.map(|(message, _)| *message).collect();
    let mut received = in_answer(row.name);
    received.extend(set_by(row.name, said));
    let asked = sent.contains(&"M3");
    let acted_on = match row.usage {
        Use::ActedOn(what) => {
            ensure!(!sent.is_empty() || !received.is_empty(), "it is never seen");
            numbers::filled(what)?
        }
        Use::NotActedOn(why) => {
            let mandatory = names::MANDATORY.contains(&row.name);
            ensure!(!asked || mandatory, "M3 asks for what is not acted on");
            format!("not acted on, because {why}")
        }
        Use::NeverAsked => {
            let mut questions = QUESTIONS.iter();
            let question = questions.find(|question| question.name == row.name);
            let question = question.filter(|question| question.need == Need::NeverAsked);
            let why = question
                .context("it is no question that is never asked")?
                .why;
            format!("not acted on, because {why}")
        }
    };
    let tests = table::tests(row.name, row.tests)?;
    let name = format!("`{}`", row.name);
    Ok(table::row(&[
        &name,
        &sent.join(", "),
        &received.join(", "),
        &acted_on,
        &tests,
    ]))
}

/// The messages of the sink that have it, each with the statuses of the answers.
fn set_by(name: &str, said: &Said) -> Vec<String> {
    let mut answers: BTreeMap<_, BTreeSet<u16>> = BTreeMap::new();
    for heard in said.received.iter().filter(|heard| heard.name() == name) {
        let statuses = answers.entry(heard.message).or_default();
        statuses.insert(heard.status);
    }
    let cell = |(message, statuses): (&str, BTreeSet<u16>)| {
        let statuses: Vec<_> = statuses.iter().map(u16::to_string).collect();
        format!("{message} ({})", statuses.join(", "))
    };
    answers.into_iter().map(cell).collect()
}

/// The answer to M3, if it is read there.
fn in_answer(name: &str) -> Vec<String> {
    let mut sink = SinkCapabilities::new();
    // What its value is does not matter: a name that nobody reads is counted as unknown.
    let _ = sink.read(format!("{name}: x\r\n").as_bytes());
    let is_read = sink.unknown.count == 0 && !names::PASSED_OVER.contains(&name);
    is_read
        .then(|| "answer to M3".to_owned())
        .into_iter()
        .collect()
}
