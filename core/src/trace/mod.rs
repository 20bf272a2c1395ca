//! What a session did, as a fixed number of small records: for whoever wants to know afterwards why it
//! went as it did.
//!
//! A session notes what it does ([`crate::session::Session::noted`]); its host adds what only a host
//! knows, stamps it with the time and keeps it in a [`Trace`]. What it is not: a log. Nothing is
//! formatted until somebody reads, nothing here is needed for the session to go on, and when the
//! trace is full the middle of the session is forgotten: its beginning, where everything is agreed,
//! and its end are what is asked for.

mod ring;
#[cfg(test)]
mod tests;
mod text;

pub use ring::Trace;

use crate::quirks::Quirk;
use crate::rtsp::Status;
use crate::session::{Alarm, Asked, PhaseKind, Step};
use crate::time::Instant;
use crate::wfd::modes::{ModeId, Table};
use crate::wfd::negotiate::{Reason, Selection};

/// Something that happened, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// What.
    pub what: What,
}

/// Something that happened. The layout is fixed so that the first variant is all zeros, and with it the
/// memory of an empty trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum What {
    /// The session is in this phase now.
    Phase(PhaseKind),
    /// We sent this request.
    Asked(Asked),
    /// The sink answered it.
    Answered(Asked, Status),
    /// The sink answered, and to what is not known: nothing is awaited under that number.
    AnsweredNothing(Status),
    /// The sink sent this request.
    Heard(Heard),
    /// We answered it.
    Replied(Status),
    /// This timer ran out.
    RanOut(Alarm),
    /// The sink showed this quirk for the first time.
    Quirk(Quirk),
    /// The sink refused what was offered: the step to the next offer, and the code of a 303 (S2.1
    /// Table 96), 0 if there is none.
    Reduced {
        /// How the next offer is smaller.
        step: Step,
        /// The refusal.
        status: Status,
        /// The code.
        code: u16,
    },
    /// Modes that can be had.
    Offered(Modes),
    /// Modes that the sink has and that cannot be had.
    LeftOut(Reason, Modes),
    /// The host asked the encoder's driver; numbers are those of their contract.
    Escape {
        /// What was asked.
        opcode: u16,
        /// The answer: 0 is success.
        status: u32,
    },
    /// Chunks of pictures were not sent.
    Dropped {
        /// How many since the last record of another kind.
        chunks: u32,
    },
    /// The sound of the encoder's driver is wrong.
    Sound(SoundFault),
    /// The session is over.
    Ended,
}

/// What is wrong with the sound of the encoder's driver. After all but the last it is not used any more;
/// the pictures go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundFault {
    /// Its stream has the number of the pictures' stream.
    Number,
    /// Its ring cannot be one.
    Ring,
    /// The record of a chunk names bytes that are not in the ring.
    Record,
    /// A chunk has a length that the format does not have: it is not sent. Only the first is noted.
    Length,
}

/// A request of the sink (S2.1 §6.4), or what it was that came as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// M2.
    Options,
    /// M6.
    Setup,
    /// M7.
    Play,
    /// M8.
    Teardown,
    /// M9.
    Pause,
    /// M10.
    Route,
    /// M11.
    Connector,
    /// M12.
    Standby,
    /// M13.
    IdrRequest,
    /// M14.
    Input,
    /// M15.
    InputSwitch,
    /// SET_PARAMETER microsoft_audio_mute.
    Mute,
    /// A GET_PARAMETER or SET_PARAMETER without a body: the sink's own keep-alive.
    KeepAlive,
    /// Parameters that a sink does not set or get.
    OtherParameters,
    /// A method that a sink does not send.
    OtherMethod,
}

/// Some modes of one table: half of its mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modes {
    table: Table,
    /// The place in the table of the mode of the lowest bit: 0 or 32.
    first: u8,
    /// A bit for each mode, little-endian: a number would need two bytes of padding before it.
    bits: [u8; 4],
}

impl Modes {
    /// `id` with those of `more` that are in the same half of the same table; `None` if one of
    /// `before` is, and so has told of it.
    fn of(
        id: ModeId,
        mut before: impl Iterator<Item = ModeId>,
        more: impl Iterator<Item = ModeId>,
    ) -> Option<Self> {
        let half = |id: ModeId| (id.table, id.index & 32);
        if before.any(|other| half(other) == half(id)) {
            return None;
        }
        let these = more.filter(|other| half(*other) == half(id));
        let (table, first) = half(id);
        let bits = these.fold(0_u32, |bits, id| bits | 1 << (id.index & 31));
        let bits = bits.to_le_bytes();
        Some(Self { table, first, bits })
    }

    /// The modes, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = ModeId> {
        let bits = u32::from_le_bytes(self.bits);
        let set = (0..32_u8).filter(move |bit| bits >> bit & 1 == 1);
        set.map(move |bit| ModeId {
            table: self.table,
            index: self.first + bit,
        })
    }
}

impl What {
    /// What a mode negotiation gave: the modes that can be had, and those that cannot with the
    /// reason, one of these for each half of a table and each reason.
    pub fn of_selection(selection: &Selection) -> impl Iterator<Item = Self> {
        let offered = || selection.candidates.iter().map(|candidate| candidate.mode);
        let with = |reason| {
            let left_out = selection.left_out.iter();
            left_out.filter_map(move |(id, why)| (*why == reason).then_some(*id))
        };
        let candidates = offered().enumerate();
        let told = candidates.filter_map(move |(place, id)| {
            Modes::of(id, offered().take(place), offered()).map(Self::Offered)
        });
        let left_out = selection.left_out.iter().enumerate();
        let why = left_out.filter_map(move |(place, (id, reason))| {
            let earlier = selection.left_out.iter().take(place);
            let earlier = earlier.filter_map(|(id, why)| (why == reason).then_some(*id));
            Modes::of(*id, earlier, with(*reason)).map(|modes| Self::LeftOut(*reason, modes))
        });
        told.chain(why)
    }
}

const _: () = assert!(size_of::<Entry>() == 16, "an entry is small");
