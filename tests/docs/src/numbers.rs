//! The numbers in the rows: what is written there is the name of a limit of the core, in braces.

use core::time::Duration;

use anyhow::{Context as _, ensure};
use miracast_core::limits;

/// The limits that rows name.
const TIMES: [(&str, Duration); 7] = [
    ("GAP_BEFORE_M3", limits::GAP_BEFORE_M3),
    ("OPTIONS_WAIT", limits::OPTIONS_WAIT),
    ("M3_RETRY", limits::M3_RETRY),
    ("IDR_INTERVAL", limits::IDR_INTERVAL),
    ("IDR_PERIOD", limits::IDR_PERIOD),
    ("KEEP_ALIVE_INTERVAL", limits::KEEP_ALIVE_INTERVAL),
    (
        "SESSION_TIMEOUT_S",
        Duration::from_secs(limits::SESSION_TIMEOUT_S as u64),
    ),
];

/// The text with the limits in place of their names.
///
/// # Errors
/// If it names something else, or has a time that is typed in.
pub(crate) fn filled(text: &str) -> anyhow::Result<String> {
    let words: Vec<&str> = text.split(' ').collect();
    for pair in words.windows(2) {
        let is_time = pair[0].parse::<f64>().is_ok() && is_unit(pair[1]);
        ensure!(!is_time, "a time that is typed in: {text}");
    }
    let mut parts = text.split('{');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').context("a brace is not closed")?;
        let limit = TIMES.iter().find(|(known, _)| *known == name);
        let (_, time) = limit.with_context(|| format!("no limit {name}"))?;
        filled += &written(*time);
        filled += rest;
    }
    Ok(filled)
}

fn is_unit(word: &str) -> bool {
    ["s", "ms", "min"].contains(&word.trim_end_matches([',', ';', '.']))
}

/// Whole seconds, or milliseconds.
fn written(time: Duration) -> String {
    let milliseconds = time.as_millis();
    if milliseconds.is_multiple_of(1000) {
        format!("{} s", milliseconds / 1000)
    } else {
        format!("{milliseconds} ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_numbers_and_nothing_else_does() {
        let text = filled("in {M3_RETRY}, or {GAP_BEFORE_M3}; never {SESSION_TIMEOUT_S}");
        assert_eq!(text.ok().as_deref(), Some("in 2 s, or 50 ms; never 30 s"));
        assert_eq!(filled("406").ok().as_deref(), Some("406"));
        for text in [
            "every 5 s",
            "0.3 s; x",
            "in 50 ms,",
            "{M4_RETRY}",
            "{M3_RETRY",
        ] {
            assert!(filled(text).is_err(), "{text}");
        }
    }
}
