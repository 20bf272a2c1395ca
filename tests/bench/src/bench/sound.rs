//! Sound: 10 ms of LPCM from memory to datagrams in memory.

use super::Setup;
use crate::outcome::{Outcome, Target};
use crate::place::{SOUND, Who, Work};
use crate::rounds::{rounds, rows, to_f64};
use crate::stream::write_sound;

/// Units of the stream, and how often they are gone through.
const UNITS: usize = 100;
const TURNS: usize = 20;

/// Packets of a unit: 20 bytes of headers and 1920 of samples.
const PACKETS: f64 = 11.0;

/// Time for a unit, byte order included where the contestant turns it.
pub(super) fn lpcm(setup: &Setup) -> anyhow::Result<Outcome> {
    write_sound(&setup.place, UNITS)?;
    let work = Work::memory(SOUND, UNITS, TURNS);
    let who = [
        Who::OursSound,
        Who::Memcpy,
        Who::Floor,
        Who::LavfSound,
        Who::GStreamerSound,
    ];
    let lanes = rounds(&setup.place, &who.map(|who| (who, work)), setup.rounds)?;
    let units = to_f64((UNITS * TURNS) as u64);
    let table = rows(&lanes, |_, pass| to_f64(pass.cpu) / units);
    let packets = lanes.first().and_then(|lane| lane.passes.first());
    // Tables and clock come every 100 ms beside the units.
    let packets = packets.map_or(0.0, |pass| (to_f64(pass.packets) / units).floor());
    let ours = table.first().map_or(0.0, |row| row.value.median);
    Ok(Outcome {
        name: "lpcm_pes",
        about:
            "Time on a processor for a unit of LPCM, 10 ms of 48 kHz stereo, to transport packets \
                in datagrams. This driver turns the bytes of each sample; the others copy what is \
                in order already. libavformat does not know this LPCM: it carries the bytes as \
                SMPTE 302M, a private stream as well."
                .to_owned(),
        unit: "ns",
        rows: table,
        targets: vec![
            Target::at_most("transport packets of a unit", packets, PACKETS),
            Target::at_most("ns for a unit", ours, 100.0),
        ],
        series: Vec::new(),
    })
}
