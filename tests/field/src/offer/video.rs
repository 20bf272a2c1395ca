//! `wfd_video_formats` (S2.1 §6.1.3, Tables 34 to 41) and the levels of H.264 Annex A.

use anyhow::{Context as _, ensure};

/// The modes by the number of their bit: S2.1 Tables 34, 35 and 36.
const MODES: [&str; 3] = [
    "640x480p60 720x480p60 720x480i60 720x576p50 720x576i50 1280x720p30 1280x720p60 \
     1920x1080p30 1920x1080p60 1920x1080i60 1280x720p25 1280x720p50 1920x1080p25 1920x1080p50 \
     1920x1080i50 1280x720p24 1920x1080p24",
    "800x600p30 800x600p60 1024x768p30 1024x768p60 1152x864p30 1152x864p60 1280x768p30 \
     1280x768p60 1280x800p30 1280x800p60 1360x768p30 1360x768p60 1366x768p30 1366x768p60 \
     1280x1024p30 1280x1024p60 1400x1050p30 1400x1050p60 1440x900p30 1440x900p60 1600x900p30 \
     1600x900p60 1600x1200p30 1600x1200p60 1680x1024p30 1680x1024p60 1680x1050p30 1680x1050p60 \
     1920x1200p30",
    "800x480p30 800x480p60 854x480p30 854x480p60 864x480p30 864x480p60 640x360p30 640x360p60 \
     960x540p30 960x540p60 848x480p30 848x480p60",
];

/// MaxMBPS and MaxFS of the levels 3.1, 3.2, 4, 4.1 and 4.2, by the number of their bit (H.264
/// Table A-1).
const LEVELS: [(u32, u32); 5] = [
    (108_000, 3_600),
    (216_000, 5_120),
    (245_760, 8_192),
    (245_760, 8_192),
    (522_240, 8_704),
];

/// The bit of CBP, which cannot code fields (H.264 A.2.1).
const CBP: u32 = 1;

/// One codec tuple: the fields of the grammar, but for the last two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuple {
    /// Profile bits (S2.1 Table 38).
    pub profile: u32,
    /// Level bits (S2.1 Table 39).
    pub level: u32,
    /// The three masks of modes.
    pub masks: [u32; 3],
    latency: u32,
    min_slice: u32,
    slices: u32,
    rate_control: u32,
}

impl Tuple {
    /// What every sink decodes, whatever it says (S2.1 §3.4.2).
    const LEAST: Self = Self {
        profile: CBP,
        level: 1,
        masks: [1, 0, 0],
        latency: 0,
        min_slice: 0,
        slices: 0,
        rate_control: 0,
    };

    /// A tuple as sinks write it: behind the first mask fields may be missing (interop rule 13). None
    /// of profile or level means the least (quirk Q35).
    fn lenient(text: &str) -> Option<Self> {
        let words = text.split_whitespace().filter(|word| *word != "none");
        let read = |word| u32::from_str_radix(word, 16).ok();
        let fields: Vec<u32> = words.map(read).collect::<Option<_>>()?;
        let at = |place: usize| fields.get(place).copied();
        Some(Self {
            profile: at(0)?.max(CBP),
            level: at(1)?.max(1),
            masks: [at(2)?, at(3).unwrap_or(0), at(4).unwrap_or(0)],
            latency: at(5).unwrap_or(0),
            min_slice: at(6).unwrap_or(0),
            slices: at(7).unwrap_or(0),
            rate_control: at(8).unwrap_or(0),
        })
    }

    /// The value of M4 that says this.
    fn value(&self) -> String {
        let [cea, vesa, hh] = self.masks;
        format!(
            "00 00 {:02X} {:02X} {cea:08X} {vesa:08X} {hh:08X} {:02X} {:04X} {:04X} {:02X} none none",
            self.profile, self.level, self.latency, self.min_slice, self.slices, self.rate_control
        )
    }

    fn mode(&self) -> Option<Mode> {
        let bits = self.masks.iter().map(|mask| mask.count_ones());
        if bits.sum::<u32>() != 1 {
            return None;
        }
        let (names, mask) = MODES.iter().zip(self.masks).find(|(_, mask)| *mask != 0)?;
        Mode::read(names.split(' ').nth(mask.trailing_zeros() as usize)?)
    }

    /// Whether this choice, one bit of each, is within one tuple of an offer.
    fn is_within(&self, offer: &Self) -> bool {
        let masks = self.masks.iter().zip(offer.masks);
        let highest = |bits: u32| bits.checked_ilog2();
        // Bits 9:0 slices less one, bits 12:10 ratio of largest to smallest (S2.1 Table 40).
        let slices = if offer.min_slice == 0 || self.min_slice == 0 {
            self.min_slice == 0 && self.slices == 0
        } else {
            self.min_slice >= offer.min_slice
                && (1..=offer.slices & 0x3ff).contains(&(self.slices & 0x3ff))
                && self.slices & 0x1c00 <= offer.slices & 0x1c00
        };
        let skips = offer.rate_control & 1 != 0;
        masks.into_iter().all(|(mine, theirs)| mine & !theirs == 0)
            && self.profile & offer.profile != 0
            && highest(self.level) <= highest(offer.level)
            && slices
            && self.rate_control & !offer.rate_control == 0
            // An interval means something only if frames may be left out (S2.1 Table 41).
            && (skips || self.rate_control & 0x0e == 0)
    }
}

struct Mode {
    columns: u32,
    rows: u32,
    frames: u32,
    interlaced: bool,
}

impl Mode {
    fn read(text: &str) -> Option<Self> {
        let (width, rest) = text.split_once('x')?;
        let interlaced = rest.contains('i');
        let (height, rate) = rest.split_once(['p', 'i'])?;
        let rate: u32 = rate.parse().ok()?;
        Some(Self {
            columns: width.parse::<u32>().ok()?.div_ceil(16),
            rows: height.parse::<u32>().ok()?.div_ceil(16),
            frames: if interlaced { rate / 2 } else { rate },
            interlaced,
        })
    }

    /// Whether a level may carry the mode (H.264 A.3.1 a, f, g).
    fn fits(&self, (per_second, per_frame): (u32, u32)) -> bool {
        let size = self.columns * self.rows;
        size <= per_frame
            && size * self.frames <= per_second
            && self.columns.pow(2) <= 8 * per_frame
            && self.rows.pow(2) <= 8 * per_frame
    }
}

/// Judges the value of M4 by that of M3.
pub(super) fn check(offer: &str, value: &str) -> anyhow::Result<Tuple> {
    let rest = value
        .strip_prefix("00 00 ")
        .context("native or preferred")?;
    let chosen = Tuple::lenient(rest).context("form")?;
    ensure!(chosen.value() == value, "form");
    ensure!(chosen.latency == 0, "latency");
    ensure!(chosen.profile.is_power_of_two(), "not one profile");
    ensure!(chosen.level.is_power_of_two(), "not one level");
    let mode = chosen.mode().context("not one mode")?;
    let level = LEVELS.get(chosen.level.trailing_zeros() as usize);
    ensure!(mode.fits(*level.context("no level")?), "level");
    ensure!(!mode.interlaced || chosen.profile != CBP, "fields");
    ensure!(
        tuples(offer).iter().any(|tuple| chosen.is_within(tuple)),
        "not within {offer}"
    );
    Ok(chosen)
}

/// The tuples of an offer; the least that every sink has, if it cannot be read.
fn tuples(offer: &str) -> Vec<Tuple> {
    let mut words = offer.splitn(3, ' ').skip(2);
    let tuples = words.next().unwrap_or_default().split(',');
    let tuples: Option<Vec<Tuple>> = tuples.map(Tuple::lenient).collect();
    tuples.unwrap_or_else(|| vec![Tuple::LEAST])
}

/// The name of the one mode of a choice, such as `1280x720p30`.
pub fn name(chosen: &Tuple) -> Option<&'static str> {
    let tables = MODES.iter().zip(chosen.masks);
    let mut found = tables.filter(|(_, mask)| *mask != 0);
    let (names, mask) = found.next()?;
    names.split(' ').nth(mask.trailing_zeros() as usize)
}
