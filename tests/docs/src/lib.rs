//! Writes the tables of `docs/`.
//!
//! What a table says is taken from the driver itself where it can be: what is sent and received from
//! a `conversation`, why a parameter is not asked for from the core's own table of questions. What
//! nobody can compute, whether something is acted on or a requirement is kept, is a row of `messages`,
//! `parameters`, `conformance` or `media`; each names its tests, and a row without is refused.

#![deny(unsafe_code)]

mod conformance;
mod conversation;
mod media;
mod messages;
mod names;
mod numbers;
mod parameters;
mod table;

use anyhow::Context as _;

/// The text of docs/CONTROL-PLANE.md.
///
/// # Errors
/// The first row that is missing, has no test, names a test that does not exist, or says of the driver
/// what the driver does not do.
pub fn control_plane() -> anyhow::Result<String> {
    let said = conversation::hold().context("the conversation")?;
    Ok([
        OPENING,
        &messages::table(&said)?,
        PARAMETERS,
        &parameters::table(&said)?,
    ]
    .concat())
}

/// The text of docs/CONFORMANCE.md.
///
/// # Errors
/// The first requirement that is missing, or that the driver has to keep and no test proves; the first
/// proof that does not exist, or is run by no check.
pub fn conformance() -> anyhow::Result<String> {
    conformance::document()
}

/// The text of docs/MEDIA-PLANE.md.
///
/// # Errors
/// The first rule without a test, or whose test does not exist; a check that is none of `cargo xtask test`.
pub fn media_plane() -> anyhow::Result<String> {
    media::document()
}

const OPENING: &str = "\
<!-- Written by `cargo xtask docs`; do not edit. -->
# The control plane, message by message and parameter by parameter

Source and sink talk RTSP as the Wi-Fi Display Technical Specification 2.1 (S2.1) and MS-WFDPE have it. This
file says what this driver, as the source, sends, receives and acts on, and which test proves it. What leads
to what in which state is in [`matrix.txt`](../core/src/session/tests/matrix.txt), and what sinks do otherwise in
[`table.rs`](../core/src/quirks/table.rs).

## Messages

Under \"received\" is the status of our answer; if it depends on what the request says, that of each form. What
other states of the session change is in the matrix.

";

const PARAMETERS: &str = "
## Parameters

M3 asks for what is acted on and for nothing else, because to ask is to state support (S2.1 §6.4.3); the three
mandatory names are always asked for. The numbers behind a message of the sink are the statuses of our answers.
What comes in the answer to M3 unasked is read, too. Names that are not here are kept for the log and ignored.

";

#[cfg(test)]
mod tests {
    #[test]
    fn every_row_is_proven() {
        super::control_plane().expect("the tables");
        super::conformance().expect("the table");
        super::media_plane().expect("the rules");
    }
}
