//! A trace as text, one line an entry.

use core::fmt;

use super::{Entry, Heard, Modes, SoundFault, What};
use crate::session::Alarm;
use crate::time::TICKS_PER_SECOND;
use crate::wfd::modes::mode;

/// Seconds of the clock with four digits, and what happened.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ticks = self.at.ticks();
        let (seconds, part) = (ticks / TICKS_PER_SECOND, ticks % TICKS_PER_SECOND);
        write!(f, "{seconds}.{:04} {}", part / 1000, self.what)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phase(phase) => write!(f, "phase {phase:?}"),
            Self::Asked(asked) => write!(f, "sent {asked}"),
            Self::Answered(asked, status) => write!(f, "the sink answered {asked} with {status}"),
            Self::AnsweredNothing(status) => write!(f, "the sink answered nothing with {status}"),
            Self::Heard(heard) => write!(f, "the sink sent {heard}"),
            Self::Replied(status) => write!(f, "answered {status}"),
            Self::RanOut(alarm) => write!(f, "timer: {alarm}"),
            Self::Quirk(quirk) => write!(f, "quirk {quirk}: {}", quirk.row().title),
            Self::Reduced { step, status, code } => {
                write!(f, "refused with {status}")?;
                if *code != 0 {
                    write!(f, ", code {code}")?;
                }
                write!(f, ": next offer {step:?}")
            }
            Self::Offered(modes) => write!(f, "offered: {modes}"),
            Self::LeftOut(reason, modes) => write!(f, "left out ({reason}): {modes}"),
            Self::Escape { opcode, status } => write!(f, "escape {opcode:#06X}: {status:#010X}"),
            Self::Dropped { chunks } => write!(f, "{chunks} chunks dropped"),
            Self::Sound(fault) => fault.fmt(f),
            Self::Ended => f.write_str("ended"),
        }
    }
}

impl fmt::Display for SoundFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "sound lost: it has the number of the pictures",
            Self::Ring => "sound lost: its ring cannot be one",
            Self::Record => "sound lost: a chunk is not in the ring",
            Self::Length => "sound: a chunk has a length that the format does not have",
        })
    }
}

/// The modes with blanks between them.
impl fmt::Display for Modes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let modes = self.iter().filter_map(mode);
        for (place, mode) in modes.enumerate() {
            let separator = if place == 0 { "" } else { " " };
            write!(f, "{separator}{mode}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Options => "M2 OPTIONS",
            Self::Setup => "M6 SETUP",
            Self::Play => "M7 PLAY",
            Self::Teardown => "M8 TEARDOWN",
            Self::Pause => "M9 PAUSE",
            Self::Route => "M10 wfd_route",
            Self::Connector => "M11 wfd_connector_type",
            Self::Standby => "M12 wfd_standby",
            Self::IdrRequest => "M13 wfd_idr_request",
            Self::Input => "M14 wfd_uibc_capability",
            Self::InputSwitch => "M15 wfd_uibc_setting",
            Self::Mute => "microsoft_audio_mute",
            Self::KeepAlive => "a keep-alive",
            Self::OtherParameters => "parameters that are not for us",
            Self::OtherMethod => "a method that is not for us",
        })
    }
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gap => "the gap before a request is over",
            Self::OptionsWait => "M2 stays away",
            Self::AskAgain => "M3 is not answered, and asked once more",
            Self::Reply => "an answer is overdue",
            Self::ModeWait => "Windows has set no mode",
            Self::Request => "M6 or M7 is overdue",
            Self::MediaStart => "the sink had its time before media",
            Self::IdrPause => "another M13 may be passed on",
            Self::IdrDue => "an IDR picture is due",
            Self::KeepAlive => "M16 is due",
            Self::Silence => "nothing was heard for the session's timeout",
            Self::TeardownGrace => "the time for the goodbye is over",
        })
    }
}
