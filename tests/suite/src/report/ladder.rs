//! The RTSP dialogue, and between its messages what the driver made the miniport do.

use miracast_plot::escape;

use super::Facts;
use crate::session::Record;
use crate::summary::Message;

/// A row and when it happened, in milliseconds since the first message.
struct Rung {
    t_ms: f64,
    html: String,
}

pub(super) fn of(facts: &Facts<'_>) -> String {
    let messages = facts.summary.received.messages.iter().map(message);
    let mut rungs: Vec<Rung> = messages.chain(deeds(facts.record)).collect();
    rungs.sort_by(|a, b| a.t_ms.total_cmp(&b.t_ms));
    let rows: String = rungs.into_iter().map(|rung| rung.html).collect();
    format!(
        "<div class=\"ladder\"><div class=\"ends\"><span></span><div><span>source</span>\
         <span>sink</span></div></div>\n{rows}</div>"
    )
}

fn message(message: &Message) -> Rung {
    let first = message.text.lines().next().unwrap_or_default();
    let html = format!(
        "<details class=\"rung\"><summary><span class=\"time\">{:.1} ms</span>\
         <span class=\"lane {}\"><b>{}</b>{}</span></summary><pre>{}</pre></details>\n",
        message.t_ms,
        message.from,
        escape(&message.kind),
        escape(first),
        escape(&message.text)
    );
    Rung {
        t_ms: message.t_ms,
        html,
    }
}

/// The deeds on the clock of the messages: the journal has both clocks.
fn deeds(record: &Record) -> Vec<Rung> {
    let stamps = record
        .source
        .journal
        .entries()
        .next()
        .map(|entry| entry.handed_over);
    let (Some(stamps), Some(first)) = (stamps, record.sink.messages.first()) else {
        return Vec::new();
    };
    let counter = i128::from(stamps.counter);
    let unix_ns = i128::from(stamps.unix_ns);
    let start = i128::from(first.at_ns);
    let rung = |noted: &crate::source::Noted| {
        let at = unix_ns + (i128::from(noted.at) - counter) * 100;
        let t_ms = milliseconds(at - start);
        let html = format!(
            "<div class=\"deed\"><span class=\"time\">{t_ms:.1} ms</span><span>miniport: {}\
             </span></div>\n",
            escape(&noted.deed.to_string())
        );
        Rung { t_ms, html }
    };
    record.source.deeds.iter().map(rung).collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "times of a session are far under 2^53 ns"
)]
fn milliseconds(nanoseconds: i128) -> f64 {
    nanoseconds as f64 / 1e6
}
