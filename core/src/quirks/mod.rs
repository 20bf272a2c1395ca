//! What sinks in the field do otherwise than the specification says, as data.
//!
//! [`TABLE`] has a row for each quirk: how it is recognised, what it changes, and the test that
//! proves it. The readers of `rtsp` and `wfd` note what they tolerate in a [`Fired`]; a sink that
//! can only be known by its name is looked up with [`recognise`]; what cannot be seen on the wire
//! is a setting of the user, who names the row. What a quirk changes is a [`Change`], which session
//! and streamer ask for: they know changes and not devices.
//!
//! What this is not: a list of devices. A quirk belongs to a behaviour, and nothing is guessed from
//! the name of a maker where the behaviour itself can be seen.
//!
//! The numbers go from 1 to 80. Those that are missing have no row on purpose, and a test compares:
//!
//! - Q18, Q19, Q68 and Q70 are of the Wi-Fi link and of the TCP connection, which Windows makes.
//! - Q28 and Q77 are of sources.
//! - Q42 is H.265 from a sink that plays it and has no tuple for it. Nothing tells such a sink from one
//!   without H.265, and what is sent is always one of the tuples that the sink has offered.
//! - Q61, Q67 and Q73 were seen with other sources and have no known cause.
//! - Q71 is a form of the clock that other sources get wrong and that sinks forgive.
//! - Q75 is of HDCP, which this driver has not got.
//! - Q76 is a way to tell models apart that nothing depends on.
//! - Q79 is a mode change that works as specified.
//! - Q80 is the bit rate of a radio link and not of a sink.
//! - Q25, Q29, Q55 to Q59 and Q74 do not exist.

use core::fmt;
use core::time::Duration;

use crate::wfd::modes::ModeId;

mod fired;
mod identity;
mod table;
#[cfg(test)]
mod tests;

pub use fired::Fired;
pub use identity::{Identity, recognise};
pub use table::{Quirk, TABLE};

/// One quirk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The quirk.
    pub quirk: Quirk,
    /// Its name in documents, logs and settings.
    pub id: &'static str,
    /// What such sinks do.
    pub title: &'static str,
    /// How it is recognised: one of these is enough.
    pub matches: &'static [Match],
    /// What it changes.
    pub changes: &'static [Change],
    /// The path in this crate of the test that proves it; `tests/field` looks it up.
    pub test: &'static str,
}

/// How a quirk is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// The reader that tolerates it sees it.
    Shape,
    /// It is not looked for: every sink is treated so that it does no harm.
    Everyone,
    /// The `User-Agent` of the sink contains this text, in any case.
    UserAgent(&'static str),
    /// `intel_sink_manufacturer_name` is this text, in any case.
    Manufacturer(&'static str),
    /// The maker of the display behind the sink has this code in the EDID (VESA E-EDID 1.4 §3.4.1).
    EdidVendor([u8; 3]),
    /// It cannot be seen: the user names the row in a setting.
    Setting,
}

/// What a quirk changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing but how the sink's words are read.
    Tolerated,
    /// Nothing for this sink: what is sent to every sink suits it.
    Always,
    /// M1 is sent so long after the connection is there.
    DelayBeforeM1(Duration),
    /// M3 is sent so long after the answer to M2.
    DelayBeforeM3(Duration),
    /// Media begins so long after the answer to PLAY.
    DelayAfterPlay(Duration),
    /// No M16 is sent.
    NoKeepAlive,
    /// After the refusal a lesser offer is made, in a new M4.
    LesserOffer,
    /// No larger mode than this one is offered, and none of more pixels per second.
    MaximumMode(ModeId),
    /// Constrained Baseline is sent, although the sink offers only Constrained High.
    BaselineFirst,
    /// A session without a common format of sound carries silence, if the sink has LPCM.
    SilenceInsteadOfNoAudio,
    /// Sound is AAC if source and sink both have it, although LPCM would go before it.
    PreferAac,
    /// The PMT has no descriptor for LPCM, nor for other sound.
    NoLpcmDescriptors,
    /// PAT and PMT begin with this `version_number`.
    PsiVersion(u8),
    /// The RTP marker is set on the last packet of a picture.
    RtpMarker,
}

impl Quirk {
    /// The quirk's row.
    pub const fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The quirk with this id, such as `Q60`, in any case.
    pub fn from_id(id: &str) -> Option<Self> {
        let named = |row: &&Row| row.id.eq_ignore_ascii_case(id);
        TABLE.iter().find(named).map(|row| row.quirk)
    }
}

/// The id.
impl fmt::Display for Quirk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().id)
    }
}
