//! The driver's settings: what the wire does not show, and what the user of a machine may choose.
//!
//! They are read once for each context, when it is created. `TABLE` has them all; README.md and the
//! INF say the same, and a test compares. A value that cannot be used is counted and does not count:
//! its default holds. Where they are kept is the matter of [`crate::os::setting`].

use core::time::Duration;

use miracast_core::limits::{PACE_SHARE, PTS_LEAD_MAX};
use miracast_core::quirks::{Fired, Match, Quirk};
use miracast_core::wfd::parameters::microsoft::LatencyMode;

use crate::limits::SETTING_TEXT_MAX;
use crate::os::Stored;

#[cfg(test)]
mod tests;

/// What one context goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The quirks that every sink is taken to have.
    pub quirks: Fired,
    /// The latency mode to ask for if the sink has some.
    pub latency: LatencyMode,
    /// By how much PTS leads PCR, whatever the latency mode.
    pub pts_lead: Option<Duration>,
    /// The part of the frame interval over which an IDR picture is spread, in percent; 0: not at all.
    pub pace_share: u32,
    /// Values, and words of values, that were of no use.
    pub ignored: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            quirks: Fired::default(),
            latency: LatencyMode::default(),
            pts_lead: None,
            pace_share: PACE_SHARE,
            ignored: 0,
        }
    }
}

/// What a setting may be.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// REG_DWORD from the first to the last of these.
    Number(u32, u32, fn(&mut Settings, u32)),
    /// REG_SZ or REG_MULTI_SZ; the function takes one word and says whether it is of use.
    Words(fn(&mut Settings, &str) -> bool),
}

/// One setting.
#[derive(Debug)]
struct Row {
    name: &'static str,
    kind: Kind,
    /// What stands in the INF: what holds without the setting.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the test compares the INF with it")
    )]
    default: &'static str,
    /// What it is for.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the test compares README.md with it")
    )]
    meaning: &'static str,
}

/// The settings.
static TABLE: [Row; 4] = [
    Row {
        name: "Quirks",
        kind: Kind::Words(assume),
        default: "none",
        meaning: "ids of quirks that every sink is taken to have, such as `Q17 Q20`",
    },
    Row {
        name: "LatencyMode",
        kind: Kind::Number(1, 3, |settings, number| {
            settings.latency = match number {
                1 => LatencyMode::Low,
                3 => LatencyMode::High,
                _ => LatencyMode::Normal,
            };
        }),
        default: "2",
        meaning: "how much a sink that has latency modes may buffer: 1 low, 2 normal, 3 high",
    },
    Row {
        name: "PtsLead",
        kind: Kind::Number(0, PTS_LEAD_MAX.as_millis() as u32, |settings, number| {
            let lead = Duration::from_millis(number.into());
            settings.pts_lead = (number != 0).then_some(lead);
        }),
        default: "0",
        meaning: "milliseconds by which PTS leads PCR; 0: as the latency mode has it",
    },
    Row {
        name: "PaceShare",
        kind: Kind::Number(0, 100, |settings, number| settings.pace_share = number),
        default: "50",
        meaning: "percent of the frame interval over which an IDR picture is sent; 0: at once",
    },
];

/// Adds one quirk, if it is one that only a setting can tell.
fn assume(settings: &mut Settings, word: &str) -> bool {
    let quirk = Quirk::from_id(word).filter(|quirk| quirk.row().matches.contains(&Match::Setting));
    if let Some(quirk) = quirk {
        settings.quirks.note(quirk);
    }
    quirk.is_some() || word.eq_ignore_ascii_case("none")
}

impl Settings {
    /// Reads all of them; `stored` gives a value by its name, and text into the room that it is lent.
    pub fn read(stored: impl Fn(&str, &mut [u8; SETTING_TEXT_MAX]) -> Stored) -> Self {
        let mut settings = Self::default();
        let mut text = [0; SETTING_TEXT_MAX];
        for row in &TABLE {
            match (row.kind, stored(row.name, &mut text)) {
                (_, Stored::Missing) => {}
                (Kind::Number(first, last, take), Stored::Number(number))
                    if (first..=last).contains(&number) =>
                {
                    take(&mut settings, number);
                }
                (Kind::Words(take), Stored::Text(length)) => {
                    settings.take_words(text.get(..length).unwrap_or_default(), take);
                }
                (Kind::Number(..) | Kind::Words(_), _) => settings.ignored += 1,
            }
        }
        settings
    }

    fn take_words(&mut self, text: &[u8], take: fn(&mut Self, &str) -> bool) {
        let words = text.split(|byte| matches!(byte, b' ' | b',' | b';'));
        for word in words.filter(|word| !word.is_empty()) {
            let taken = core::str::from_utf8(word).is_ok_and(|word| take(self, word));
            self.ignored += u32::from(!taken);
        }
    }
}
