//! What was negotiated, by whom, and between which addresses.

use miracast_sink::capabilities::VideoFormats;

use miracast_plot::escape;

use super::Facts;
use crate::session::Record;
use crate::summary::{Message, SoundSummary};

pub(super) fn of(facts: &Facts<'_>) -> String {
    let mut rows = stream(facts.record);
    rows.extend(sound(&facts.summary.sound));
    rows.extend(connection(facts));
    let parameters = [
        ("M3 reply", "the sink's answer"),
        ("M4", "the driver's choice"),
    ];
    for (kind, name) in parameters {
        let message = facts
            .summary
            .received
            .messages
            .iter()
            .find(|m| m.kind == kind);
        let lines = message.map_or("", |message| body(message)).lines();
        let fields = lines.filter_map(|line| line.split_once(':'));
        rows.extend(fields.map(|(field, value)| {
            (
                format!("{name}: {field}"),
                format!("<code>{}</code>", escape(value.trim())),
            )
        }));
    }
    let row = |(name, value): (String, String)| {
        format!(
            "<tr><td>{}</td><td class=\"word\">{value}</td></tr>\n",
            escape(&name)
        )
    };
    let rows: String = rows.into_iter().map(row).collect();
    format!("<table>\n{rows}</table>")
}

/// What the encoder was asked for.
fn stream(record: &Record) -> Vec<(String, String)> {
    let Some(settings) = record.source.settings() else {
        return Vec::new();
    };
    let (tens, ones) = (settings.level_idc / 10, settings.level_idc % 10);
    vec![
        (
            "mode".to_owned(),
            format!("{}x{}p{}", settings.width, settings.height, settings.rate()),
        ),
        ("profile".to_owned(), profile(record).to_owned()),
        ("level".to_owned(), format!("{tens}.{ones}")),
        (
            "slices in a picture".to_owned(),
            settings.slice_count().to_string(),
        ),
        (
            "bit rate at the start".to_owned(),
            format!("{} kbit/s", settings.bit_rate / 1000),
        ),
    ]
}

/// What was heard.
fn sound(sound: &SoundSummary) -> Vec<(String, String)> {
    let format = sound.format.as_deref().unwrap_or("none");
    vec![
        ("sound".to_owned(), escape(format)),
        (
            "units of sound, sent and received".to_owned(),
            format!("{}, {}", sound.units_sent, sound.units_received),
        ),
        ("gaps in the sound".to_owned(), sound.gaps.to_string()),
    ]
}

/// The profile that M4 names (S2.1 Table 38).
fn profile(record: &Record) -> &'static str {
    let m4 = record
        .sink
        .messages
        .iter()
        .find(|message| message.name == "M4");
    let text = m4.map(|message| String::from_utf8_lossy(&message.bytes).into_owned());
    let value = text.as_deref().and_then(|text| {
        let mut lines = text.lines();
        lines.find_map(|line| line.strip_prefix("wfd_video_formats: "))
    });
    let formats = value.and_then(VideoFormats::parse);
    match formats.and_then(|formats| Some(formats.codecs.first()?.profile)) {
        Some(1) => "Constrained Baseline",
        Some(2) => "Constrained High",
        _ => "unknown",
    }
}

/// Addresses, and how long the entry points took.
fn connection(facts: &Facts<'_>) -> Vec<(String, String)> {
    let sink = &facts.record.sink;
    let mut rows = vec![
        (
            "RTSP".to_owned(),
            format!("{} ← {}", sink.endpoints.source, sink.endpoints.sink),
        ),
        (
            "RTP to".to_owned(),
            format!("{}:{}", sink.endpoints.sink.ip(), sink.endpoints.rtp_port),
        ),
    ];
    let from = sink
        .datagrams
        .first()
        .map(|datagram| datagram.from.to_string());
    rows.extend(from.map(|from| ("RTP from".to_owned(), from)));
    rows.extend(facts.record.source.timings.iter().map(|timing| {
        let took = timing.duration.as_secs_f64() * 1000.0;
        (format!("{:?} took", timing.call), format!("{took:.1} ms"))
    }));
    rows
}

fn body(message: &Message) -> &str {
    message
        .text
        .split_once("\r\n\r\n")
        .map_or("", |(_, body)| body)
}
