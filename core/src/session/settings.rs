//! What the sink sets by SET_PARAMETER: M10 to M15, and its keep-alive without a body.
//!
//! A request is judged as a whole before any of it is acted on: it is applied, or refused with one
//! status.

use super::io::Event;
use super::machine::Machine;
use super::phase::PhaseKind;
use super::theirs::IN_STANDBY;
use crate::rtsp::{Method, Request, Status};
use crate::time::Instant;
use crate::trace::{Heard, What};
use crate::wfd::Offer;
use crate::wfd::parameters::{Abilities, Route, UibcCapability, UibcSetting, Update, lines};

/// What a parameter of the sink is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// M10 wfd_route (S2.1 §6.4.10).
    Route,
    /// M11 wfd_connector_type (S2.1 §6.4.11).
    Connector,
    /// M12 wfd_standby (S2.1 §6.4.12).
    Standby,
    /// M13 wfd_idr_request (S2.1 §6.4.13).
    IdrRequest,
    /// M14 wfd_uibc_capability (S2.1 §6.4.14).
    Input,
    /// M15 wfd_uibc_setting (S2.1 §6.4.15).
    InputSwitch,
    /// `microsoft_audio_mute` (MS-WFDPE §2.11).
    Mute,
    /// A feature that M3 did not ask for, or a name that we do not know.
    Unknown,
}

impl Setting {
    const fn of(update: &Update, abilities: Abilities) -> Self {
        match update {
            Update::Route(_) => Self::Route,
            Update::Connector(_) => Self::Connector,
            Update::Standby => Self::Standby,
            Update::IdrRequest => Self::IdrRequest,
            Update::Uibc(_) if abilities.contains(Abilities::INPUT) => Self::Input,
            Update::UibcSetting(_) if abilities.contains(Abilities::INPUT) => Self::InputSwitch,
            Update::AudioMute(_) if abilities.contains(Abilities::AUDIO_MUTE) => Self::Mute,
            Update::Uibc(_)
            | Update::UibcSetting(_)
            | Update::AudioMute(_)
            | Update::Projection(_)
            | Update::TeardownReason(_) => Self::Unknown,
        }
    }
}

impl Setting {
    const fn heard(self) -> Heard {
        match self {
            Self::Route => Heard::Route,
            Self::Connector => Heard::Connector,
            Self::Standby => Heard::Standby,
            Self::IdrRequest => Heard::IdrRequest,
            Self::Input => Heard::Input,
            Self::InputSwitch => Heard::InputSwitch,
            Self::Mute => Heard::Mute,
            Self::Unknown => Heard::OtherParameters,
        }
    }
}

/// What a setting leads to in a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ruling {
    /// 200, and it is acted on.
    Apply,
    /// 200, and there is nothing to do.
    Acknowledge,
    /// It is refused.
    Refuse(Refusal),
}

/// How a setting is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// 406: the session stands by (S2.1 §4.15).
    InStandby,
    /// This status.
    With(Status),
}

/// The table of settings and phases.
pub(super) const fn ruling(setting: Setting, phase: PhaseKind) -> Ruling {
    use PhaseKind as P;
    match (setting, phase) {
        (Setting::Unknown, _) => Ruling::Refuse(Refusal::With(Status::PARAMETER_NOT_UNDERSTOOD)),
        (Setting::Standby, P::Standby) => Ruling::Acknowledge,
        (_, P::Standby) => Ruling::Refuse(Refusal::InStandby),
        // In the goodbye nobody asks what is behind the sink.
        (Setting::Connector, P::Closing | P::Closed) => Ruling::Acknowledge,
        // A monitor is attached or detached whether or not anything plays (DDI-24).
        (Setting::Connector, _) => Ruling::Apply,
        (_, P::Playing) => Ruling::Apply,
        // Sinks ask before they play (quirk Q27); the first picture is an IDR picture, also after a pause.
        (Setting::IdrRequest, _) => Ruling::Acknowledge,
        (_, P::Paused) => Ruling::Apply,
        (
            Setting::Standby
            | Setting::Route
            | Setting::Input
            | Setting::InputSwitch
            | Setting::Mute,
            _,
        ) => Ruling::Refuse(Refusal::With(Status::METHOD_NOT_VALID_IN_THIS_STATE)),
    }
}

/// Handles a GET_PARAMETER or a SET_PARAMETER of the sink. Without a body both are its keep-alive
/// (quirk Q22). We have no parameter that a sink could get.
pub(super) fn request(machine: &mut Machine, request: &Request<'_>, cseq: u32, now: Instant) {
    if request.body.is_empty() {
        machine.note(What::Heard(Heard::KeepAlive));
    }
    match machine.judge(request) {
        Ok(wanted) => {
            machine.answer(Status::OK, cseq, now);
            machine.apply(&wanted, now);
        }
        Err(Refusal::InStandby) => machine.refuse_because(IN_STANDBY, cseq, now),
        Err(Refusal::With(status)) => machine.answer(status, cseq, now),
    }
}

/// The body of an M13 that was answered without it (quirk Q6).
pub(super) fn late_idr_request(machine: &mut Machine, now: Instant) {
    if ruling(Setting::IdrRequest, machine.phase.kind()) == Ruling::Apply {
        machine.idr_requested(now);
    }
}

/// What one request wants done.
#[derive(Clone, Debug, Default)]
struct Wanted {
    connector: Option<Offer<u8>>,
    input: Option<Offer<UibcCapability>>,
    input_switch: Option<UibcSetting>,
    mute: Option<u8>,
    secondary: bool,
    standby: bool,
    idr: bool,
}

impl Wanted {
    fn note(&mut self, update: &Update) {
        match update {
            Update::Connector(connector) => self.connector = Some(connector.clone()),
            Update::Route(route) => self.secondary = *route == Route::Secondary,
            Update::Standby => self.standby = true,
            Update::IdrRequest => self.idr = true,
            Update::Uibc(capability) => self.input = Some(capability.clone()),
            Update::UibcSetting(setting) => self.input_switch = Some(*setting),
            Update::AudioMute(number) => self.mute = Some(*number),
            Update::Projection(_) | Update::TeardownReason(_) => {}
        }
    }
}

impl Machine {
    /// What a request wants, if all of it can be had.
    fn judge(&mut self, request: &Request<'_>) -> Result<Wanted, Refusal> {
        let phase = self.phase.kind();
        let abilities = self.abilities();
        let sets = request.method == Method::SetParameter;
        let mut wanted = Wanted::default();
        let mut heard = 0_u32;
        for line in lines(request.body) {
            let update = if sets {
                Update::read(&line, &mut self.sink.quirks)
            } else {
                None
            };
            let setting = match &update {
                Some(Ok(update)) => Setting::of(update, abilities),
                Some(Err(_)) => return Err(Refusal::With(Status::BAD_REQUEST)),
                None => Setting::Unknown,
            };
            // Once for a request: a body of many lines leaves room for what follows it.
            let bit = 1 << setting as u8;
            if heard & bit == 0 {
                self.note(What::Heard(setting.heard()));
            }
            heard |= bit;
            match (ruling(setting, phase), update) {
                (Ruling::Apply, Some(Ok(update))) => wanted.note(&update),
                (Ruling::Apply | Ruling::Acknowledge, _) => {}
                (Ruling::Refuse(refusal), _) => return Err(refusal),
            }
        }
        if wanted.secondary {
            // No other sink is coupled to this one: its sound comes out of it.
            return Err(Refusal::With(Status::NOT_ACCEPTABLE));
        }
        // Whether input can be switched on depends on what the same request says of it.
        let switch_on = wanted.input_switch == Some(UibcSetting::Enable);
        if switch_on && !self.has_input(wanted.input.as_ref()) {
            return Err(Refusal::With(Status::METHOD_NOT_VALID_IN_THIS_STATE));
        }
        Ok(wanted)
    }

    fn apply(&mut self, wanted: &Wanted, now: Instant) {
        self.change_input(wanted.input.as_ref(), wanted.input_switch);
        if wanted.idr {
            self.idr_requested(now);
        }
        if let Some(connector) = &wanted.connector {
            self.connector_changed(connector);
        }
        if let Some(number) = wanted.mute {
            self.mute(number);
        }
        if wanted.standby {
            self.stands_by();
        }
    }

    /// M11: what the sink answered to M3 about its monitor is not true any more.
    fn connector_changed(&mut self, connector: &Offer<u8>) {
        let before = self.sink.monitor_connected();
        self.sink.connector = connector.clone();
        let connected = self.sink.monitor_connected();
        if connected != before && self.selection.is_some() {
            if !connected {
                self.modes.forget_path();
            }
            self.emit(Event::Monitor { connected });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;

    /// The whole table as text: a change of a ruling is a change of this picture.
    #[test]
    fn the_ruling_matrix_is_the_reviewed_one() {
        let settings = [
            Setting::Route,
            Setting::Connector,
            Setting::Standby,
            Setting::IdrRequest,
            Setting::Input,
            Setting::InputSwitch,
            Setting::Mute,
            Setting::Unknown,
        ];
        let mut matrix = String::new();
        for setting in settings {
            for phase in PhaseKind::ALL {
                matrix.push(match ruling(setting, phase) {
                    Ruling::Apply => 'A',
                    Ruling::Acknowledge => '2',
                    Ruling::Refuse(Refusal::InStandby) => 's',
                    Ruling::Refuse(Refusal::With(status)) => match status {
                        Status::METHOD_NOT_VALID_IN_THIS_STATE => 'v',
                        Status::PARAMETER_NOT_UNDERSTOOD => 'u',
                        _ => '?',
                    },
                });
            }
            matrix.push('\n');
        }
        // Rows: M10 to M15, microsoft_audio_mute, unknown. Columns: the phases from Idle to Closed.
        let reviewed = "\
vvvvvvvvAAsvv
AAAAAAAAAAs22
vvvvvvvvAA2vv
22222222A2s22
vvvvvvvvAAsvv
vvvvvvvvAAsvv
vvvvvvvvAAsvv
uuuuuuuuuuuuu
";
        assert_eq!(matrix, reviewed);
    }
}
