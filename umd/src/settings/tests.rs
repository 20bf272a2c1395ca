//! What the settings become, and that the documents say the same of them.

use std::format;
use std::string::String;
use std::vec::Vec;

use super::*;

enum Value {
    Number(u32),
    Text(&'static str),
    Unreadable,
}

use Value::{Number, Text, Unreadable};

/// The settings of a machine that has these.
fn read(stored: &[(&str, Value)]) -> Settings {
    Settings::read(
        |name, text| match stored.iter().find(|(known, _)| *known == name) {
            None => Stored::Missing,
            Some((_, Number(number))) => Stored::Number(*number),
            Some((_, Text(value))) => {
                text[..value.len()].copy_from_slice(value.as_bytes());
                Stored::Text(value.len())
            }
            Some((_, Unreadable)) => Stored::Unreadable,
        },
    )
}

#[test]
fn without_settings_the_defaults_hold() {
    assert_eq!(read(&[]), Settings::default());
    assert_eq!(Settings::default().latency, LatencyMode::Normal);
}

#[test]
fn every_setting_is_taken() {
    let settings = read(&[
        ("Quirks", Text("q17, Q20;  Q60")),
        ("LatencyMode", Number(1)),
        ("PtsLead", Number(900)),
        ("PaceShare", Number(0)),
    ]);
    assert_eq!(format!("{}", settings.quirks), "Q17, Q20, Q60");
    assert_eq!(settings.latency, LatencyMode::Low);
    assert_eq!(settings.pts_lead, Some(Duration::from_millis(900)));
    assert_eq!(settings.pace_share, 0);
    assert_eq!(settings.ignored, 0);
    assert_eq!(
        read(&[("LatencyMode", Number(3))]).latency,
        LatencyMode::High
    );
}

#[test]
fn what_is_of_no_use_is_counted_and_the_default_holds() {
    for (name, value, count) in [
        ("LatencyMode", Number(0), 1),
        ("LatencyMode", Number(4), 1),
        ("LatencyMode", Number(u32::MAX), 1),
        ("LatencyMode", Text("low"), 1),
        ("LatencyMode", Unreadable, 1),
        ("PtsLead", Number(901), 1),
        ("PaceShare", Number(101), 1),
        ("Quirks", Number(17), 1),
        ("Quirks", Unreadable, 1),
        ("Quirks", Text("Q18 x \u{1} Q Q9999999999999"), 5),
        // Quirks that show by themselves, or that every sink is treated for.
        ("Quirks", Text("Q1 Q16"), 2),
        ("Quirks", Text(""), 0),
    ] {
        let settings = read(&[(name, value)]);
        let expected = Settings {
            ignored: count,
            ..Settings::default()
        };
        assert_eq!(settings, expected, "{name}");
    }
    let settings = read(&[("Quirks", Text("Q18 Q17"))]);
    assert_eq!(format!("{}", settings.quirks), "Q17", "the rest counts");
}

#[test]
fn the_documents_have_every_setting_and_no_other() {
    let readme = include_str!("../../../README.md");
    let inf = include_str!("../../inf/miracast_umd.inx");
    let mut rows = Vec::new();
    for row in &TABLE {
        let (kind, range, flags) = match row.kind {
            Kind::Number(first, last, _) => {
                ("REG_DWORD", format!("{first} to {last}"), "REG_DWORD")
            }
            Kind::Words(_) => ("REG_SZ, REG_MULTI_SZ", String::from("ids"), "REG_SZ"),
        };
        rows.push(format!(
            "| `{}` | {kind} | {} | {range} | {} |",
            row.name, row.default, row.meaning
        ));
        let entry = format!("HKR,Miracast,{},%{flags}%,{}", row.name, row.default);
        assert!(inf.lines().any(|line| line == entry), "{entry}");
    }
    let section = readme.split("## Settings").nth(1).expect("the section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let table: Vec<_> = section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    assert_eq!(table, rows);
    let entries = inf.lines().filter(|line| line.starts_with("HKR,Miracast,"));
    assert_eq!(entries.count(), TABLE.len());
}

#[test]
fn the_defaults_of_the_table_are_the_defaults() {
    for row in &TABLE {
        let settings = match row.kind {
            Kind::Number(..) => {
                let number = row.default.parse().expect("a number");
                read(&[(row.name, Number(number))])
            }
            Kind::Words(_) => read(&[(row.name, Text(row.default))]),
        };
        assert_eq!(settings, Settings::default(), "{}", row.name);
    }
}
