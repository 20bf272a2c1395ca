//! What came of a session with a recorded sink: one JSON object.

use core::time::Duration;

use miracast_core::limits::RTSP_MESSAGE_MAX;
use miracast_core::session::Event;
use miracast_core::wfd::modes::{ModeId, mode};
use serde::{Serialize, Serializer};

use crate::entry::Entry;
use crate::message::{Asks, Message};
use crate::stage::{Source, Stage};

/// Longer than any session takes to play or to give up: every wait of the negotiation is 6 s at most
/// (S2.1 §6.5), and there are fewer than ten.
const LIMIT: Duration = Duration::from_mins(1);

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Media flows.
    Playing,
    /// The session ended before.
    Refused,
}

/// What came of a session.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The sink.
    pub device: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The parameters of the last M4, in their order; none if there was none.
    #[serde(serialize_with = "object")]
    pub m4: Vec<(String, String)>,
    /// Why it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the sink said to an M4 that it refused.
    pub m4_refusals: Vec<String>,
    /// The quirks that were noticed.
    pub quirks: Vec<&'static str>,
    /// The modes that the miniport is told, best first; none without a monitor.
    pub modes: Vec<String>,
    /// The modes of the sink that cannot be sent, and why.
    #[serde(serialize_with = "object")]
    pub modes_left_out: Vec<(String, String)>,
    /// The parameters that the record does not quote.
    pub completed: Vec<&'static str>,
}

fn object<S: Serializer>(pairs: &[(String, String)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

/// Plays a session with `entry` until media flows or it has ended.
///
/// # Errors
/// If the source says what a sink cannot take, or neither happens.
pub fn report(entry: &Entry) -> anyhow::Result<Report> {
    let mut answers = entry.answers.clone();
    let completed = answers.complete();
    let mut memory = Box::new([0; RTSP_MESSAGE_MAX]);
    let mut stage = Stage::new(&mut memory, &answers.body());
    stage.play(LIMIT, Source::is_playing)?;
    let reason = stage.source.ended().map(|reason| reason.to_string());
    anyhow::ensure!(
        reason.is_some() || stage.source.is_playing(),
        "neither played nor ended in {LIMIT:?}"
    );
    let session = stage.source.session();
    let monitor = session.monitor();
    let modes = monitor.into_iter().flat_map(|monitor| monitor.modes);
    let left_out = session.selection().into_iter().flat_map(|s| &s.left_out);
    Ok(Report {
        device: entry.device.clone(),
        outcome: if reason.is_none() {
            Outcome::Playing
        } else {
            Outcome::Refused
        },
        m4: last_m4(&stage),
        reason,
        m4_refusals: stage.source.events.iter().filter_map(refusal).collect(),
        quirks: session.quirks().iter().map(|row| row.id).collect(),
        modes: modes.map(|candidate| name(candidate.mode)).collect(),
        modes_left_out: left_out
            .map(|(id, reason)| (name(*id), reason.to_string()))
            .collect(),
        completed,
    })
}

fn last_m4(stage: &Stage<'_>) -> Vec<(String, String)> {
    let is_m4 = |asks| matches!(asks, Ok(Some(Asks::M4)));
    let mut messages = stage.messages.iter().map(|(_, message)| message);
    let last = messages.rfind(|message| is_m4(message.asks()));
    last.map(Message::parameters).unwrap_or_default()
}

fn refusal(event: &Event) -> Option<String> {
    match event {
        Event::OfferReduced { refusal, .. } => Some(refusal.to_string()),
        _ => None,
    }
}

fn name(id: ModeId) -> String {
    mode(id).map(ToString::to_string).unwrap_or_default()
}
