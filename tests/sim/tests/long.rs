//! Two hours in virtual time, with all that recurs in a session: sound, keep-alives, changes of the bit rate and
//! of the mode. What counts round meanwhile, above all RTP's sequence numbers, does so without anybody noticing.

use core::time::Duration;

use miracast_kmd_iface::escape::AudioFormats;
use miracast_miniport::script::{Action, ModeWish, Step};
use miracast_sim::{Plan, run};

const LENGTH: Duration = Duration::from_hours(2);

/// The modes, and from when on: mostly that of the fewest pictures, so that two hours take some seconds.
const MODES: [(Duration, (u16, u16, u32)); 3] = [
    (Duration::ZERO, (1280, 720, 30)),
    (Duration::from_hours(1), (640, 480, 60)),
    (Duration::from_mins(62), (1280, 720, 30)),
];

/// What Windows recommends, in bit/s, five minutes each: little more than the mode needs.
const RATES: [u64; 2] = [1_900_000, 1_600_000];
const RATE_STAYS: usize = 300;

/// A sink may wait for a keep-alive for a minute (S2.1 §6.5.1): there are more than so many.
const KEEP_ALIVES_MIN: usize = 2 * 60;

fn plan() -> Plan {
    let mut plan = Plan::honest(1, LENGTH);
    let step = |(after, (width, height, hertz))| Step {
        after,
        action: Action::SetMode(ModeWish::Exactly {
            width,
            height,
            hertz,
        }),
    };
    plan.desktop = MODES.map(step).to_vec();
    plan.bit_rate = RATES[0];
    let rate = |second: usize| RATES[second / RATE_STAYS % RATES.len()];
    plan.rates = (0..LENGTH.as_secs() as usize).map(rate).collect();
    // The bytes of LPCM would be most of the work.
    "AAC 00000001 00".clone_into(&mut plan.sink.capabilities.audio_codecs);
    plan.miniport.audio = AudioFormats::AAC_2;
    plan
}

#[test]
fn two_hours_leave_nothing_behind_and_lose_nothing() {
    let outcome = run(&plan());
    assert_eq!(outcome.faults(), [""; 0]);
    let seconds = LENGTH.as_secs();
    assert!(
        (30 * seconds..31 * seconds).contains(&outcome.encoded),
        "{} pictures",
        outcome.encoded
    );
    // Once round for each of these, and far more than once.
    assert!(outcome.stream.rtp_packets > 10 * u64::from(u16::MAX));
    assert_eq!(outcome.streams.len(), MODES.len());
    let changes = seconds as usize / RATE_STAYS - 1;
    assert!(
        outcome.rates_set.len() >= changes,
        "{} changes of the rate",
        outcome.rates_set.len()
    );
    let named = |name: &str| {
        let messages = outcome.messages.iter();
        messages.filter(|message| message.name == name).count()
    };
    assert!(
        named("M16") > KEEP_ALIVES_MIN,
        "{} keep-alives",
        named("M16")
    );
    assert_eq!(named("M16"), named("M16 reply"));
    let media = &outcome.media;
    let lost = [
        media.units_dropped,
        media.units_torn,
        media.pts_nudged,
        media.pts_late,
        media.clock_jumps,
        media.partial_sends,
    ];
    assert_eq!(lost, [0; 6]);
    // The sound pauses while the mode changes; all that was captured comes.
    let sound = &outcome.stream.sound;
    assert_eq!(
        (sound.gaps as usize, sound.damaged_units),
        (MODES.len() - 1, 0)
    );
    assert_eq!(sound.hashes(), outcome.captured);
    let frames = seconds * 48_000 / 1024;
    assert!(
        (frames - 20..=frames).contains(&sound.units),
        "{}",
        sound.units
    );
}
