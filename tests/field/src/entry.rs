//! A recorded sink: one line of a file of JSON objects.
//!
//! Most records are excerpts. What an answer to M3 must have and the record does not quote is
//! completed, so that the session gets to what is quoted; what a record does quote stays as it is,
//! `none` and nonsense too.

use core::fmt;

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

/// A sink.
#[derive(Clone, Debug, Deserialize)]
pub struct Entry {
    /// What it is.
    pub device: String,
    /// What it answered to M3.
    #[serde(rename = "m3_response")]
    pub answers: Answers,
}

/// Names and values, in the order of the record. A name may be there twice (quirk Q48).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(pub Vec<(String, String)>);

impl<'de> Deserialize<'de> for Answers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Answers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Answers, A::Error> {
                let mut answers = Answers::default();
                while let Some(pair) = map.next_entry()? {
                    answers.0.push(pair);
                }
                Ok(answers)
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

const PORTS: (&str, &str) = (
    "wfd_client_rtp_ports",
    "RTP/AVP/UDP;unicast 19000 0 mode=play",
);
const AUDIO: (&str, &str) = ("wfd_audio_codecs", "LPCM 00000002 00");
const R2_AUDIO: &str = "wfd2_audio_codecs";

impl Answers {
    /// The value of a name.
    pub fn value(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Adds what the record does not quote, and returns the names of that: ports, and sound if
    /// neither release's is quoted. Video is what the session is about: it is never added.
    pub fn complete(&mut self) -> Vec<&'static str> {
        let has = |name| self.value(name).is_some();
        let missing = [
            (has(PORTS.0), PORTS),
            (has(AUDIO.0) || has(R2_AUDIO), AUDIO),
        ];
        let missing = missing.into_iter().filter(|(has, _)| !has);
        let missing: Vec<_> = missing.map(|(_, parameter)| parameter).collect();
        for (name, value) in &missing {
            self.0.push(((*name).to_owned(), (*value).to_owned()));
        }
        missing.into_iter().map(|(name, _)| name).collect()
    }

    /// The body of the answer.
    pub fn body(&self) -> String {
        let line = |(name, value): &(String, String)| format!("{name}: {value}\r\n");
        self.0.iter().map(line).collect()
    }
}

/// Reads a file of entries, one a line; blank lines are left out.
///
/// # Errors
/// If a line is no entry, or there is none.
pub fn read(text: &str) -> anyhow::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if !line.trim().is_empty() {
            let entry = serde_json::from_str(line).with_context(|| format!("line {number}"))?;
            entries.push(entry);
        }
    }
    ensure!(!entries.is_empty(), "no entry");
    Ok(entries)
}

/// The entry whose device is `name`, or the only one whose device begins so.
///
/// # Errors
/// If there is none, or if there are several.
pub fn find<'e>(entries: &'e [Entry], name: &str) -> anyhow::Result<&'e Entry> {
    if let Some(entry) = entries.iter().find(|entry| entry.device == name) {
        return Ok(entry);
    }
    let mut found = entries
        .iter()
        .filter(|entry| entry.device.starts_with(name));
    let first = found
        .next()
        .with_context(|| format!("no device begins with {name:?}"))?;
    ensure!(
        found.next().is_none(),
        "several devices begin with {name:?}"
    );
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(answers: &str) -> Entry {
        let line = format!(r#"{{"device": "d", "kind": "k", "m3_response": {answers}}}"#);
        read(&line).unwrap().remove(0)
    }

    #[test]
    fn order_and_repetition_are_kept() {
        let entry = entry(r#"{"b": "1", "a": "2", "b": "none"}"#);
        assert_eq!(entry.answers.body(), "b: 1\r\na: 2\r\nb: none\r\n");
    }

    #[test]
    fn only_what_is_not_quoted_is_completed() {
        for (answers, completed) in [
            ("{}", &["wfd_client_rtp_ports", "wfd_audio_codecs"][..]),
            (r#"{"wfd2_audio_codecs": "x"}"#, &["wfd_client_rtp_ports"]),
            (r#"{"wfd_client_rtp_ports": ""}"#, &["wfd_audio_codecs"]),
            (
                r#"{"wfd_client_rtp_ports": "none", "wfd_audio_codecs": ""}"#,
                &[],
            ),
        ] {
            let mut entry = entry(answers);
            let quoted = entry.answers.0.clone();
            assert_eq!(entry.answers.complete(), completed, "{answers}");
            assert_eq!(entry.answers.0[..quoted.len()], quoted);
            assert_eq!(entry.answers.value("wfd_video_formats"), None);
        }
    }

    #[test]
    fn a_device_is_found_by_its_name_or_an_unmistakable_beginning() {
        let line = |name| format!(r#"{{"device": "{name}", "m3_response": {{}}}}"#);
        let text = ["cast", "cast 2", "other"].map(line).join("\n");
        let entries = read(&text).unwrap();
        let device = |name| find(&entries, name).ok().map(|entry| entry.device.as_str());
        assert_eq!(device("cast"), Some("cast"));
        assert_eq!(device("o"), Some("other"));
        assert_eq!(device("cas"), None);
        assert_eq!(device("x"), None);
    }

    #[test]
    fn what_is_no_entry_is_refused_with_its_line() {
        let good = r#"{"device": "d", "m3_response": {}}"#;
        for bad in [
            "{",
            "[]",
            r#"{"device": "d"}"#,
            r#"{"device": "d", "m3_response": {"a": 1}}"#,
        ] {
            let error = read(&format!("{good}\n\n{bad}\n")).unwrap_err();
            assert_eq!(error.to_string(), "line 3", "{bad}");
        }
        assert!(read("\n").is_err());
    }
}
