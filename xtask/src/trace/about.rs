//! What the events say, for a reader: the driver has no use for the words.

use super::events::EVENTS;

/// One for each event, by its name and in the order of the driver's table.
pub(super) const ABOUT: [(&str, &str); EVENTS.len()] = [
    ("Phase", "the session is in this phase now"),
    ("Asked", "the driver sent this request"),
    ("Answered", "the sink answered it"),
    (
        "AnsweredNothing",
        "the sink answered, and nothing was asked",
    ),
    ("Heard", "the sink sent this request"),
    ("Replied", "the driver answered it"),
    ("RanOut", "a timer ran out"),
    ("Quirk", "the sink showed this quirk for the first time"),
    (
        "Reduced",
        "the sink refused the offer, with this code of a 303; the next offer is smaller by this step",
    ),
    ("Offered", "modes that can be had"),
    ("LeftOut", "modes that cannot be had, and why"),
    ("Escape", "a request to the miniport, and its answer"),
    ("Dropped", "chunks of pictures that were not sent"),
    ("Sound", "the miniport's sound is wrong; the pictures go on"),
    ("Ended", "the session is over"),
    (
        "Totals",
        "what the session came to, once, at the end of the turn in which it ended",
    ),
];
