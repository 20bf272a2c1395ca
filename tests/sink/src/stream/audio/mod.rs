//! The sound of a stream: what the PMT says of it, its PES packets, its frames and its times
//! (S2.1 Tables 105, 106, 107 and 109).
//!
//! LPCM is looked through for clicks, sample by sample. AAC and AC-3 are looked at as far as their
//! headers go. What it is not: it plays nothing.

mod click;
mod format;
mod frames;
#[cfg(test)]
mod tests;

pub use click::Click;
pub(super) use format::Entry;
pub use format::{Coding, SoundFormat};

use super::fault::{Fault, Faults};
use super::pes::{self, Assembler, Form, Pes, Place};
use super::report::{Lead, ReceivedSound, SoundReport};
use super::ts;
use click::Clicks;
use frames::Ac3Rate;

/// The PID of the only audio stream that there can be (S2.1 Table 105).
const PID: u16 = ts::pid::AUDIO_FIRST;

/// Units that are kept: an hour of LPCM, 100 a second.
const UNITS_MAX: usize = 100 * 3600;

/// Clicks that are kept: one a second for a day.
const CLICKS_MAX: usize = 24 * 3600;

/// 90 kHz ticks by which two time stamps may be rounded apart.
const ROUNDING: i64 = 1;

/// The audio stream so far.
#[derive(Debug, Default)]
pub(super) struct Sound {
    announced: Option<SoundFormat>,
    /// The PMT has it.
    listed: bool,
    /// What that says of the rate, if it is AC-3.
    rate: Option<Ac3Rate>,
    missing_said: bool,
    assembler: Assembler,
    /// PTS and samples of the unit before.
    last: Option<(u64, u64)>,
    clicks: Clicks,
}

impl Sound {
    /// M4 announced this.
    pub(super) fn announce(&mut self, format: SoundFormat) {
        self.announced = Some(format);
    }

    /// The audio entries of a PMT. It may have none: the sound may begin later, or have ended.
    pub(super) fn entries(&mut self, entries: &[Entry], described: bool, faults: &mut Faults) {
        self.listed = !entries.is_empty();
        self.rate = entries.first().and_then(Entry::ac3_rate);
        let wrong = match (entries, self.announced) {
            ([], _) => None,
            ([entry], Some(format)) => format.wrong(entry, described),
            ([_], None) => Some("M4 announced none"),
            _ => Some("more than one stream"),
        };
        if let Some(wrong) = wrong {
            faults.add(Fault::PmtAudio, || format!("{wrong}: {entries:02x?}"));
        }
    }

    /// Something is missing; what follows need not fit to what was before.
    pub(super) fn lost(&mut self, report: &mut SoundReport) {
        report.damaged_units += u64::from(self.assembler.lost());
        self.interrupt();
    }

    /// Nobody listened until now: the PMT may have come before.
    pub(super) fn join_late(&mut self) {
        self.missing_said = true;
    }

    /// The source was told to stop sending.
    pub(super) fn interrupt(&mut self) {
        self.last = None;
        self.clicks.reset();
    }

    /// The payload of a packet of [`PID`]. `clock` gives the source's clock, in 90 kHz modulo 2^33,
    /// when a datagram was made.
    pub(super) fn payload(
        &mut self,
        (payload, unit_start): (&[u8], bool),
        place: Place,
        clock: impl Fn(Place) -> Option<u64>,
        (report, faults): (&mut SoundReport, &mut Faults),
    ) {
        if !self.listed && !self.missing_said {
            self.missing_said = true;
            faults.add(Fault::PmtMissing, || "sound that no PMT has".to_owned());
        }
        let whole = self
            .assembler
            .payload(payload, unit_start, false, place, faults);
        for pes in whole.into_iter().flatten() {
            if let Some(pts) = self.unit(&pes, report, faults) {
                let lead = clock(pes.last).map(|clock| Lead::of(pts, clock));
                if let Some(lead) = lead {
                    report.lead.note(lead);
                    lead.judge("sound", pts, faults);
                }
            }
        }
    }

    /// Checks a PES; gives its PTS.
    fn unit(&mut self, pes: &Pes, report: &mut SoundReport, faults: &mut Faults) -> Option<u64> {
        let format = self.announced?;
        let form = Form::audio(format.stream_id());
        let (pts, payload) = pes::open(&pes.bytes, &form, faults)?;
        let content = match frames::open(format, payload) {
            Ok(content) => content,
            Err(wrong) => {
                faults.add(Fault::AudioFrame, || wrong);
                return None;
            }
        };
        if let Some(rate) = self.rate.filter(|rate| !rate.holds(content.bytes)) {
            faults.add(Fault::PmtAudio, || {
                format!("{rate:?}, but not of PTS {pts}")
            });
        }
        self.step(pts, format.sample_rate, report, faults);
        self.last = Some((pts, content.samples));
        report.format = Some(format);
        report.units += 1;
        report.bytes += content.bytes.len() as u64;
        if report.received.len() < UNITS_MAX {
            let hash = hash(format, content.bytes);
            report.received.push(ReceivedSound { hash, pts });
        }
        if format.coding == Coding::Lpcm {
            let click = self.clicks.find(content.bytes, pts, format.sample_rate);
            let room = CLICKS_MAX.saturating_sub(report.clicks.len());
            report.clicks.extend(click.into_iter().take(room));
        }
        Some(pts)
    }

    /// A unit begins where the one before ends, or later: then samples are missing.
    fn step(&mut self, pts: u64, rate: u32, report: &mut SoundReport, faults: &mut Faults) {
        let Some((before, samples)) = self.last else {
            return;
        };
        let step = super::signed_33(pts.wrapping_sub(before));
        let wanted = (samples * 90_000 / u64::from(rate.max(1))).cast_signed();
        if step < wanted - ROUNDING {
            faults.add(Fault::AudioOverlap, || {
                format!("{pts} after {before}, which lasts {wanted} ticks")
            });
        } else if step > wanted + 1 + ROUNDING {
            report.gaps += 1;
            report.gap_ticks += (step - wanted).cast_unsigned();
            self.clicks.reset();
        }
    }
}

/// FNV-1a, 64 bits; of LPCM as a sound card has it, the low byte first.
fn hash(format: SoundFormat, bytes: &[u8]) -> u64 {
    let turn = usize::from(format.coding == Coding::Lpcm);
    let turned = (0..bytes.len()).filter_map(|at| bytes.get(at ^ turn));
    turned.fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}
