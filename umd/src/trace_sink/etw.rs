//! An entry of the trace as an ETW event: TraceLogging's description of it, and the values of its fields.
//!
//! The `tracelogging` crate is not used: it makes code for each event where a table does, and asks for an
//! import library that only the Windows SDK has.

use core::fmt::{self, Display, Write as _};

use heapless::Vec;
use miracast_core::session::Reason;
use miracast_core::trace::What;

use super::events::{CONTEXT, EVENTS, Event, PROVIDER, Type};
use crate::engine::Totals;

/// Bytes of the values of one event. The longest are the modes of half a table: 32, each with a name of
/// at most 15 bytes and a blank.
const PAYLOAD_MAX: usize = 640;

/// The provider as TraceLogging describes it: the size of the description, and the name.
pub(crate) const PROVIDER_DESCRIPTION: [u8; PROVIDER.len() + 3] = {
    let mut bytes = [0; PROVIDER.len() + 3];
    let size = bytes.len();
    let place = put(&mut bytes, 0, &(size as u16).to_le_bytes());
    put(&mut bytes, place, PROVIDER.as_bytes());
    bytes
};

/// Where in the table the event of this name is.
const fn place_of(name: &str) -> usize {
    let mut place = 0;
    while !is(EVENTS[place].name.as_bytes(), name.as_bytes()) {
        place += 1;
    }
    place
}

const fn is(one: &[u8], other: &[u8]) -> bool {
    let mut place = 0;
    while place < one.len() && place < other.len() && one[place] == other[place] {
        place += 1;
    }
    place == one.len() && place == other.len()
}

const TOTALS: usize = place_of("Totals");

/// The table names the counts as those do who count.
const _: () = {
    let fields = EVENTS[TOTALS].fields;
    assert!(fields.len() == Totals::NAMES.len());
    let mut number = 0;
    while number < fields.len() {
        let (name, kind) = fields[number];
        assert!(is(name.as_bytes(), Totals::NAMES[number].as_bytes()) && matches!(kind, Type::U64));
        number += 1;
    }
    assert!(8 + 8 * fields.len() <= PAYLOAD_MAX, "the counts have room");
};

/// Where the description of each event is in [`DESCRIPTIONS`].
const PLACES: [usize; EVENTS.len() + 1] = {
    let mut places = [0; EVENTS.len() + 1];
    let mut number = 0;
    while number < EVENTS.len() {
        places[number + 1] = places[number] + size(&EVENTS[number]);
        number += 1;
    }
    places
};

/// The events as TraceLogging describes them, one behind the other.
static DESCRIPTIONS: [u8; PLACES[EVENTS.len()]] = {
    let mut bytes = [0; PLACES[EVENTS.len()]];
    let mut number = 0;
    while number < EVENTS.len() {
        describe(&mut bytes, PLACES[number], &EVENTS[number]);
        number += 1;
    }
    bytes
};

/// Bytes of a description: its size, no tags, the name, and the fields.
const fn size(event: &Event) -> usize {
    let mut size = 2 + 1 + event.name.len() + 1 + field_size(CONTEXT.0);
    let mut number = 0;
    while number < event.fields.len() {
        size += field_size(event.fields[number].0);
        number += 1;
    }
    size
}

const fn field_size(name: &str) -> usize {
    name.len() + 2
}

const fn describe(bytes: &mut [u8], place: usize, event: &Event) {
    let place = put(bytes, place, &(size(event) as u16).to_le_bytes());
    let place = put(bytes, place + 1, event.name.as_bytes());
    let mut place = describe_field(bytes, place + 1, CONTEXT);
    let mut number = 0;
    while number < event.fields.len() {
        place = describe_field(bytes, place, event.fields[number]);
        number += 1;
    }
}

const fn describe_field(bytes: &mut [u8], place: usize, (name, kind): (&str, Type)) -> usize {
    let place = put(bytes, place, name.as_bytes());
    put(bytes, place + 1, &[kind as u8])
}

/// Writes at `place`, and says where that ends.
const fn put(bytes: &mut [u8], place: usize, what: &[u8]) -> usize {
    let mut number = 0;
    while number < what.len() {
        bytes[place + number] = what[number];
        number += 1;
    }
    place + number
}

/// One event, encoded.
pub(crate) struct Encoded {
    /// Its place in the table.
    place: usize,
    values: Vec<u8, PAYLOAD_MAX>,
}

impl Encoded {
    /// An event of the context with this token, which is still to be filled.
    pub(crate) fn new(token: usize) -> Self {
        let (place, values) = (0, Vec::new());
        let mut event = Self { place, values };
        event.number(&(token as u64).to_le_bytes());
        event
    }

    /// Makes it that of an entry of the trace; `end` is why the session ended.
    pub(crate) fn entry(&mut self, what: What, end: Option<&Reason>) {
        self.place = self.fields(what, end);
    }

    /// Makes it that of what a session came to.
    pub(crate) fn totals(&mut self, totals: &Totals) {
        self.place = TOTALS;
        for count in totals.values() {
            self.number(&count.to_le_bytes());
        }
    }

    /// TraceLogging's description of it.
    pub(crate) fn description(&self) -> &'static [u8] {
        let end = PLACES.get(self.place + 1);
        let place = PLACES.get(self.place).zip(end);
        let description = place.and_then(|(from, to)| DESCRIPTIONS.get(*from..*to));
        description.unwrap_or_default()
    }

    /// The values of its fields, one behind the other.
    pub(crate) fn values(&self) -> &[u8] {
        &self.values
    }

    /// Writes the fields that the kind has besides the context, and returns its place in the table.
    fn fields(&mut self, what: What, end: Option<&Reason>) -> usize {
        match what {
            What::Phase(phase) => {
                self.text(&format_args!("{phase:?}"));
                const { place_of("Phase") }
            }
            What::Asked(asked) => {
                self.text(&asked);
                const { place_of("Asked") }
            }
            What::Answered(asked, status) => {
                self.text(&asked);
                self.number(&status.0.to_le_bytes());
                const { place_of("Answered") }
            }
            What::AnsweredNothing(status) => {
                self.number(&status.0.to_le_bytes());
                const { place_of("AnsweredNothing") }
            }
            What::Heard(heard) => {
                self.text(&heard);
                const { place_of("Heard") }
            }
            What::Replied(status) => {
                self.number(&status.0.to_le_bytes());
                const { place_of("Replied") }
            }
            What::RanOut(alarm) => {
                self.text(&alarm);
                const { place_of("RanOut") }
            }
            What::Quirk(quirk) => {
                self.text(&quirk);
                const { place_of("Quirk") }
            }
            What::Reduced { step, status, code } => {
                self.number(&status.0.to_le_bytes());
                self.number(&code.to_le_bytes());
                self.text(&format_args!("{step:?}"));
                const { place_of("Reduced") }
            }
            What::Offered(modes) => {
                self.text(&modes);
                const { place_of("Offered") }
            }
            What::LeftOut(reason, modes) => {
                self.text(&reason);
                self.text(&modes);
                const { place_of("LeftOut") }
            }
            What::Escape { opcode, status } => {
                self.number(&opcode.to_le_bytes());
                self.number(&status.to_le_bytes());
                const { place_of("Escape") }
            }
            What::Dropped { chunks } => {
                self.number(&chunks.to_le_bytes());
                const { place_of("Dropped") }
            }
            What::Sound(fault) => {
                self.text(&fault);
                const { place_of("Sound") }
            }
            What::Ended => {
                match end {
                    Some(reason) => self.text(reason),
                    None => self.text(&""),
                }
                const { place_of("Ended") }
            }
        }
    }

    /// A number of the size of its field. There is room: texts leave it.
    fn number(&mut self, bytes: &[u8]) {
        let _ = self.values.extend_from_slice(bytes);
    }

    /// Text, cut where there is no more room, with the NUL that ends it.
    fn text(&mut self, text: &dyn Display) {
        let _ = write!(self, "{text}");
        self.number(&[0]);
    }
}

/// Room that texts leave for what comes behind them: a NUL, and a status or another text that is empty.
const RESERVE: usize = 3;

impl fmt::Write for Encoded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = PAYLOAD_MAX.saturating_sub(self.values.len() + RESERVE);
        let part = text.as_bytes().get(..text.len().min(room));
        self.number(part.unwrap_or_default());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
