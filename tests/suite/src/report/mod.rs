//! `report.html`: a session for a reader, in one file that needs nothing else.

mod account;
mod facts;
mod ladder;
mod pictures;
mod plots;

use miracast_plot::{STYLE, escape};

pub use pictures::png;

use crate::checks::Check;
use crate::comparison::Comparison;
use crate::session::Record;
use crate::summary::Summary;
use crate::weather::{self, Course};

/// What the report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The session.
    pub record: &'a Record,
    /// Its counters.
    pub summary: &'a Summary,
    /// What was sent against what came.
    pub comparison: &'a Comparison,
    /// What must hold.
    pub checks: &'a [Check],
    /// What else is there of bad links.
    pub weather: &'a [Course],
}

/// The page.
pub fn page(facts: &Facts<'_>) -> String {
    let style = STYLE;
    let sections = [
        verdict(facts),
        tiles(facts.summary),
        note(facts.summary.received.record_truncated).to_owned(),
        section("Checks", &checks(facts.checks)),
        section("Pictures at the sink", &pictures::of(facts.record)),
        section("In time", &plots::of(facts)),
        section("On a bad link", &on_a_bad_link(facts.weather)),
        section("Messages", &ladder::of(facts)),
        section("The driver's account", &account::of(facts)),
        section("Session", &facts::of(facts)),
    ];
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <title>Miracast session</title>\n<style>\n{style}</style>\n</head>\n<body>\n\
         <h1>Miracast session</h1>\n\
         <p class=\"lead\">The user-mode driver between an emulated Windows, an emulated miniport \
         with a real H.264 encoder, and a strict sink.</p>\n\
         {}</body>\n</html>\n",
        sections.concat()
    )
}

fn on_a_bad_link(courses: &[Course]) -> String {
    let plots = weather::section(courses);
    if plots.is_empty() {
        return plots;
    }
    format!(
        "<p>Not this session: the same driver for two minutes of virtual time over links that lose \
         1, 5 and 10 % of the datagrams, that carry a third between 20 s and 60 s (step: what is too \
         much is lost on the way; backlog: it waits in the driver's send buffer), and that carry \
         nothing for 300 ms at 20 s. Always the same: they follow from a seed.</p>\n{plots}"
    )
}

fn section(title: &str, body: &str) -> String {
    if body.is_empty() {
        return String::new();
    }
    format!("<h2>{title}</h2>\n{body}\n")
}

fn verdict(facts: &Facts<'_>) -> String {
    let failed = facts.checks.iter().filter(|check| !check.holds).count();
    let (class, text) = if failed == 0 {
        let sent = facts.summary.sent.frames_sent;
        let text = format!(
            "All {} checks hold: {sent} pictures sent, received unchanged, decoded in order.",
            facts.checks.len()
        );
        ("good", text)
    } else {
        let text = format!("{failed} of {} checks do not hold.", facts.checks.len());
        ("bad", text)
    };
    format!("<div class=\"verdict {class}\">{text}</div>\n")
}

fn tiles(summary: &Summary) -> String {
    let (sent, received) = (&summary.sent, &summary.received);
    let (tail, jitter) = (&summary.tail_latency_us, &received.pcr_jitter_us);
    let tiles = [
        (sent.frames_sent.to_string(), "pictures sent"),
        (
            received
                .frames_decoded
                .map_or_else(|| "none".to_owned(), |count| count.to_string()),
            "pictures decoded",
        ),
        (received.rtp_packets.to_string(), "RTP packets"),
        (received.rtp_lost.to_string(), "RTP packets lost"),
        (
            format!("{:.0} µs", tail.p50),
            "last chunk to last datagram, median",
        ),
        (format!("{:.0} µs", tail.p99), "the same, 99 of 100"),
        (
            summary.sound.offset_ms.map_or_else(
                || "no sound".to_owned(),
                |offset| format!("{:.1} ms", offset.median),
            ),
            "sound after picture, median",
        ),
        (
            format!("{:.0} ms", received.pcr_interval_ms_max),
            "longest time without PCR",
        ),
        (
            format!("{:.0} µs", jitter.p50),
            "jitter of PCR against arrival, median",
        ),
        (format!("{:.0} µs", jitter.p99), "the same, 99 of 100"),
        (
            sent.driver_allocations
                .map_or_else(|| "not counted".to_owned(), |count| count.to_string()),
            "memory allocations of the driver",
        ),
    ];
    let tile = |(figure, name): (String, &str)| {
        format!("<div class=\"tile\"><b>{figure}</b><span>{name}</span></div>\n")
    };
    let tiles: String = tiles.into_iter().map(tile).collect();
    format!("<div class=\"tiles\">\n{tiles}</div>\n")
}

/// What a reader must know of the files beside the report.
fn note(record_truncated: bool) -> &'static str {
    if record_truncated {
        "<p>There were more datagrams than are kept: stream.ts and session.pcap have the beginning \
         of the session only. The checks are of all of it.</p>\n"
    } else {
        ""
    }
}

fn checks(checks: &[Check]) -> String {
    let row = |check: &Check| {
        let (class, mark) = if check.holds {
            ("", "holds")
        } else {
            ("failed", "FAILED")
        };
        let items = check.details.iter().map(|detail| escape(detail));
        let items = items.collect::<Vec<_>>().join("</li><li>");
        let details = if items.is_empty() {
            items
        } else {
            format!("<ul><li>{items}</li></ul>")
        };
        format!(
            "<tr class=\"{class}\"><td class=\"mark\">{mark}</td><td>{}{details}</td>\
             <td>{}</td><td>{}</td></tr>\n",
            escape(check.name),
            escape(&check.figure),
            escape(&check.limit)
        )
    };
    let rows: String = checks.iter().map(row).collect();
    format!("<table>\n<tr><th></th><th>check</th><th>is</th><th>wanted</th></tr>\n{rows}</table>")
}

#[cfg(test)]
mod tests {
    use super::{checks, escape, note};
    use crate::checks::Check;

    #[test]
    fn a_cut_record_is_said() {
        assert_eq!(note(false), "");
        assert!(note(true).contains("stream.ts and session.pcap"));
    }

    #[test]
    fn what_a_peer_says_cannot_become_markup() {
        let hostile = "<script>alert(\"&\")</script>";
        let escaped = "&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;";
        assert_eq!(escape(hostile), escaped);
        let mut check = Check::new("name", hostile, "0", false);
        check.details = vec![hostile.to_owned()];
        let table = checks(&[check]);
        assert!(
            table.contains("FAILED") && !table.contains("<script"),
            "{table}"
        );
        assert_eq!(table.matches(escaped).count(), 2);
    }
}
