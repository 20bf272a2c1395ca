//! The parameters of video modes (S2.1 §6.1.3, Tables 33 to 41 and 71 to 78) and the levels of H.264
//! Annex A.

use anyhow::{Context as _, ensure};

use super::form::Form;

/// MaxMBPS and MaxFS of the levels 3.1, 3.2, 4, 4.1, 4.2, 5, 5.1 and 5.2, by the number of their bit
/// (H.264 Table A-1). R1 has the first five.
const LEVELS: [(u32, u32); 8] = [
    (108_000, 3_600),
    (216_000, 5_120),
    (245_760, 8_192),
    (245_760, 8_192),
    (522_240, 8_704),
    (589_824, 22_080),
    (983_040, 36_864),
    (2_073_600, 36_864),
];

/// The bit of CBP, which cannot code fields (H.264 A.2.1).
const CBP: u32 = 1;

/// One codec tuple: the fields of the grammar, but for the last two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuple {
    /// Profile bits (S2.1 Tables 38 and 77).
    pub profile: u32,
    /// Level bits (S2.1 Tables 39 and 78).
    pub level: u32,
    /// The three masks of modes.
    pub masks: [u64; 3],
    /// Frame rate control (S2.1 Table 41).
    pub rate_control: u32,
    latency: u32,
    min_slice: u32,
    slices: u32,
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
        let read = |word| u64::from_str_radix(word, 16).ok();
        let fields: Vec<u64> = words.map(read).collect::<Option<_>>()?;
        let at = |place: usize| fields.get(place).map(|field| *field as u32);
        let mask = |place: usize| fields.get(place).copied();
        Some(Self {
            profile: at(0)?.max(CBP),
            level: at(1)?.max(1),
            masks: [mask(2)?, mask(3).unwrap_or(0), mask(4).unwrap_or(0)],
            latency: at(5).unwrap_or(0),
            min_slice: at(6).unwrap_or(0),
            slices: at(7).unwrap_or(0),
            rate_control: at(8).unwrap_or(0),
        })
    }

    /// The value of M4 that says this.
    fn value(&self, form: &Form) -> String {
        let [cea, vesa, hh] = self.masks;
        let [profile, level, first, second, third] = form.widths;
        format!(
            "{}{:0profile$X} {:0level$X} {cea:0first$X} {vesa:0second$X} {hh:0third$X} \
             {:02X} {:04X} {:04X} {:02X}{}",
            form.before,
            self.profile,
            self.level,
            self.latency,
            self.min_slice,
            self.slices,
            self.rate_control,
            form.after
        )
    }

    /// The name of the one mode of a choice.
    fn mode(&self, form: &Form) -> Option<&'static str> {
        let bits = self.masks.iter().map(|mask| mask.count_ones());
        if bits.sum::<u32>() != 1 {
            return None;
        }
        let table = self.masks.iter().position(|mask| *mask != 0)?;
        form.mode(table, self.masks.get(table)?.trailing_zeros())
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

/// What M4 chose of video.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The parameter.
    pub parameter: &'static str,
    /// The mode, such as `1280x720p30`.
    pub mode: &'static str,
    /// The rest.
    pub tuple: Tuple,
}

/// Judges the value of M4 by that of M3.
pub(super) fn check(form: &'static Form, offer: &str, value: &str) -> anyhow::Result<Choice> {
    let rest = value.strip_prefix(form.before);
    let rest = rest.context("native, preferred or codec")?;
    let rest = rest.strip_suffix(form.after).context("end")?;
    let tuple = Tuple::lenient(rest).context("form")?;
    ensure!(tuple.value(form) == value, "form");
    ensure!(tuple.latency == 0, "latency");
    ensure!(tuple.profile.is_power_of_two(), "not one profile");
    ensure!(tuple.level.is_power_of_two(), "not one level");
    let name = tuple.mode(form).context("not one mode")?;
    let mode = Mode::read(name).context("no mode")?;
    let level = LEVELS.get(tuple.level.trailing_zeros() as usize);
    ensure!(mode.fits(*level.context("no level")?), "level");
    ensure!(!mode.interlaced || tuple.profile != CBP, "fields");
    let offered = tuples(form, offer);
    ensure!(
        offered.iter().any(|offer| tuple.is_within(offer)),
        "not within {offer}"
    );
    Ok(Choice {
        parameter: form.name,
        mode: name,
        tuple,
    })
}

/// The H.264 tuples of an offer; the least that every sink has, if it cannot be read.
fn tuples(form: &Form, offer: &str) -> Vec<Tuple> {
    let mut words = offer.splitn(form.head + 1, ' ').skip(form.head);
    let tuples = words.next().unwrap_or_default().split(',');
    let h264 = tuples.filter_map(|tuple| {
        if form.has_codec {
            tuple.trim_start().strip_prefix("01 ")
        } else {
            Some(tuple)
        }
    });
    let tuples: Option<Vec<Tuple>> = h264.map(Tuple::lenient).collect();
    tuples.unwrap_or_else(|| vec![Tuple::LEAST])
}
