//! What must come of each profile.

use core::time::Duration;

use miracast_core::quirks::Quirk;
use miracast_kmd_iface::NtStatus;
use miracast_kmd_iface::escape::AudioFormats;
use miracast_miniport::script::{Action, ModeWish, Step};
use miracast_sim::Plan;
use miracast_umd::engine::SessionStatus;

/// How a session goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected {
    /// For a minute, with every picture as it was encoded, and the screen shows them.
    Plays,
    /// The same, but for what came before the player was there.
    PlaysLate,
    /// The same, and the screen stays black or the speaker silent: that cannot be seen, and no setting tells.
    InVain,
    /// There are no pictures, and the sink stays.
    StaysStill,
    /// Start fails with this.
    NoSession(NtStatus),
    /// The driver reports this.
    Ends(SessionStatus, NtStatus),
}

/// One profile in one situation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) profile: &'static str,
    /// What differs from 1280x720p30 for a minute without settings.
    pub(crate) change: fn(&mut Plan),
    pub(crate) expected: Expected,
}

/// Profiles that show what is not noticed, and why.
pub(crate) const HIDDEN: [(&str, &str); 2] = [
    (
        "Q43-interleaved",
        "the answer is refused as a whole, and named in the error",
    ),
    (
        "Q43-mpt",
        "the answer is refused as a whole, and named in the error",
    ),
];

/// The sink closed the connection.
const LEFT: Expected = Expected::Ends(
    SessionStatus::SinkDisconnected,
    NtStatus::CONNECTION_DISCONNECTED,
);
/// It sent TEARDOWN.
const TORE_DOWN: Expected = Expected::Ends(
    SessionStatus::SinkDisconnected,
    NtStatus::GRACEFUL_DISCONNECT,
);
/// It sent TEARDOWN and said why.
const SAID_WHY: Expected =
    Expected::Ends(SessionStatus::SinkDisconnected, NtStatus::REMOTE_DISCONNECT);
/// The sink said no to everything that can be offered.
const REFUSED: Expected = Expected::Ends(SessionStatus::Critical, NtStatus::REQUEST_NOT_ACCEPTED);

const fn plays(profile: &'static str) -> Case {
    case(profile, |_| {}, Expected::Plays)
}

const fn ends(profile: &'static str, expected: Expected) -> Case {
    case(profile, |_| {}, expected)
}

const fn case(profile: &'static str, change: fn(&mut Plan), expected: Expected) -> Case {
    Case {
        profile,
        change,
        expected,
    }
}

/// The desktop sets one mode at once and another one after so many seconds.
fn modes(plan: &mut Plan, modes: [(u64, u16, u16, u32); 2]) {
    let step = |(after, width, height, hertz)| Step {
        after: Duration::from_secs(after),
        action: Action::SetMode(ModeWish::Exactly {
            width,
            height,
            hertz,
        }),
    };
    plan.desktop = modes.map(step).to_vec();
}

/// What a miniport captures that also encodes.
const LPCM_OR_AAC: AudioFormats = AudioFormats::LPCM_48.union(AudioFormats::AAC_2);

/// Longer than the two minutes of the sinks that watch RTP.
const THREE_MINUTES: Duration = Duration::from_mins(3);

/// Every profile at least once, in the order of the numbers.
#[rustfmt::skip]
pub(crate) const CASES: &[Case] = &[
    plays("Q1"),
    plays("Q2"),
    plays("Q3"),
    plays("Q4"),
    plays("Q5"),
    plays("Q5-same"),
    plays("Q6"),
    plays("Q6-long"),
    plays("Q6-zero"),
    plays("Q6-none"),
    plays("Q7"),
    plays("Q8"),
    plays("Q9"),
    plays("Q10"),
    plays("Q10-zero"),
    plays("Q11"),
    plays("Q11-again"),
    plays("Q11-early"),
    plays("Q12"),
    plays("Q12-blank"),
    plays("Q12-dense"),
    plays("Q13"),
    plays("Q13-backslash"),
    plays("Q14"),
    plays("Q15"),
    plays("Q16"),
    ends("Q17", TORE_DOWN),
    case("Q17", |plan| plan.settings.quirks.note(Quirk::Q17), Expected::Plays),
    // M1 is not answered.
    ends("Q20", Expected::NoSession(NtStatus::IO_TIMEOUT)),
    case("Q20", |plan| plan.settings.quirks.note(Quirk::Q20), Expected::Plays),
    plays("Q21"),
    plays("Q22"),
    plays("Q22-get"),
    // What is left after the refusal is 640x480p60 and 720x480p60.
    case("Q23", |plan| modes(plan, [(0, 1280, 720, 30), (1, 640, 480, 60)]), Expected::Plays),
    ends("Q23-always", REFUSED),
    case("Q24", |plan| { plan.bit_rate = 20_000_000; modes(plan, [(0, 1920, 1080, 60), (1, 1280, 720, 30)]); }, Expected::Plays),
    ends("Q24-always", REFUSED),
    // Tables and clock are RTP, too.
    case("Q26", |plan| { plan.length = THREE_MINUTES; plan.desktop.clear(); }, Expected::StaysStill),
    case("Q26", |plan| { plan.length = THREE_MINUTES; plan.media_refused = true; }, SAID_WHY),
    plays("Q27"),
    plays("Q30"),
    plays("Q31"),
    plays("Q32"),
    plays("Q33"),
    plays("Q34"),
    plays("Q34-level"),
    plays("Q35"),
    plays("Q36"),
    plays("Q37"),
    plays("Q38"),
    plays("Q38-ten"),
    plays("Q39"),
    plays("Q39-aac"),
    plays("Q40"),
    plays("Q41"),
    plays("Q43"),
    // SETUP is answered with 461.
    ends("Q43-tcp", Expected::Ends(SessionStatus::Critical, NtStatus::PROTOCOL_UNREACHABLE)),
    ends("Q43-interleaved", Expected::NoSession(NtStatus::DEVICE_PROTOCOL_ERROR)),
    ends("Q43-mpt", Expected::NoSession(NtStatus::DEVICE_PROTOCOL_ERROR)),
    plays("Q44"),
    plays("Q44-port"),
    plays("Q44-short"),
    plays("Q45"),
    plays("Q45-count"),
    plays("Q46"),
    plays("Q46-hyphens"),
    plays("Q47"),
    plays("Q48"),
    plays("Q48-digit"),
    plays("Q48-twice"),
    plays("Q49"),
    plays("Q49-version"),
    plays("Q50"),
    plays("Q51"),
    plays("Q51-bare"),
    case("Q52", |plan| modes(plan, [(0, 640, 480, 60); 2]), Expected::Plays),
    plays("Q52-missing"),
    plays("Q53"),
    ends("Q54", Expected::NoSession(NtStatus::PROTOCOL_NOT_SUPPORTED)),
    // There is no M4 for it, and it goes after six seconds.
    ends("Q54-none", LEFT),
    ends("Q54-waits", Expected::Ends(SessionStatus::Critical, NtStatus::GRAPHICS_MONITOR_NOT_CONNECTED)),
    ends("Q60", Expected::InVain),
    case("Q60", |plan| plan.settings.quirks.note(Quirk::Q60), Expected::Plays),
    ends("Q62", Expected::InVain),
    case("Q62", |plan| plan.settings.quirks.note(Quirk::Q62), Expected::Plays),
    // Its EDID tells that it wants sound: M4 has some, though the miniport has none.
    plays("Q63"),
    // An encoder of Constrained Baseline alone has nothing to offer to it.
    ends("Q64", Expected::NoSession(NtStatus::PROTOCOL_NOT_SUPPORTED)),
    case("Q64", |plan| plan.settings.quirks.note(Quirk::Q64), Expected::Plays),
    plays("Q65"),
    case("Q65", |plan| { plan.settings.quirks.note(Quirk::Q65); modes(plan, [(0, 1920, 1080, 30), (1, 1280, 720, 30)]); }, Expected::Plays),
    case("Q65", |plan| { plan.bit_rate = 5_000_000; modes(plan, [(0, 1920, 1080, 30); 2]); }, Expected::InVain),
    ends("Q66", Expected::InVain),
    case("Q66", |plan| { plan.settings.quirks.note(Quirk::Q66); plan.miniport.audio = LPCM_OR_AAC; }, Expected::Plays),
    // Without AAC of its own the driver sends what it can.
    case("Q66", |plan| plan.settings.quirks.note(Quirk::Q66), Expected::InVain),
    ends("Q69", Expected::PlaysLate),
    plays("Q72"),
    plays("Q72-maker"),
    plays("Q78"),
];
