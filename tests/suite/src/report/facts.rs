//! What was negotiated, by whom, and between which addresses.

use miracast_miniport::encoder::{Coding, Settings};
use miracast_sink::stream::Codec;

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
    vec![
        (
            "mode".to_owned(),
            format!("{}x{}p{}", settings.width, settings.height, settings.rate()),
        ),
        ("profile".to_owned(), profile(record).to_owned()),
        ("level".to_owned(), level(&settings)),
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

/// Tens and ones of H.264's level_idc (H.264 §A.3.1); general_level_idc is three times that (H.265
/// §A.4.1).
fn level(settings: &Settings) -> String {
    let times_ten = match settings.coding {
        Coding::H264 => settings.level_idc,
        Coding::H265 => settings.level_idc / 3,
    };
    format!("{}.{}", times_ten / 10, times_ten % 10)
}

/// The profile that M4 names (S2.1 Tables 38 and 77).
fn profile(record: &Record) -> &'static str {
    let chosen = record.sink.chosen.as_ref();
    match chosen.map(|chosen| (chosen.codec, chosen.profile)) {
        Some((Codec::H264, 1)) => "Constrained Baseline",
        Some((Codec::H264, 2)) => "Constrained High",
        Some((Codec::H265, 1)) => "H.265 Main",
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
