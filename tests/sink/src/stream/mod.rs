//! The stream checker: RTP datagrams in, access units and a list of faults out.
//!
//! It has no I/O and no clock: the caller says when a datagram arrived. It is strict where Wi-Fi
//! Display leaves no choice and where this project's own rules go further (delimiters,
//! random_access_indicator, minimal PES headers); each rule is one [`Fault`]. What a network does
//! to a stream is counted apart from what a source did wrong: after a gap in the sequence numbers
//! the layers above start anew, silently.
//!
//! It is not a demultiplexer for any transport stream.

mod audio;
mod clock;
mod es;
mod fault;
mod pcr;
mod pes;
mod psi;
mod report;
mod rtp;
#[cfg(test)]
pub(crate) mod tests;
mod ts;
mod unit;

use core::time::Duration;
use std::collections::VecDeque;

pub use audio::{Click, Coding, SoundFormat};
pub use fault::{Fault, Faults, Finding};
pub use report::{Leads, ReceivedSound, SoundReport, StreamReport};
pub use ts::pid;
pub use unit::{AccessUnit, Codec, Marker, Rules};

use audio::Sound;
use pes::{Assembler, Form, Pes, Place};
use psi::Described;
use report::{Lead, ticks};

/// Longest time between two PATs or PMTs (S2.1 App. D.4.2), 90 kHz ticks.
const PSI_INTERVAL_MAX: u64 = 9_000;

/// Markers that may wait for the end of their unit: no unit has so many datagrams that are all
/// marked.
const MARKED_MAX: usize = 16;

/// When each table came last, and whether its lateness was said.
#[derive(Debug, Default)]
struct Watch {
    last: Option<u64>,
    said: bool,
}

impl Watch {
    /// A datagram of this RTP timestamp came; `true` when the table has just become overdue.
    fn overdue(&mut self, timestamp: u64) -> bool {
        let last = *self.last.get_or_insert(timestamp);
        let late = timestamp.saturating_sub(last) > PSI_INTERVAL_MAX && !self.said;
        self.said |= late;
        late
    }

    /// The table came; the time since the last one.
    fn seen(&mut self, timestamp: u64) -> Duration {
        let last = self.last.replace(timestamp).unwrap_or(timestamp);
        self.said = false;
        ticks(timestamp.saturating_sub(last))
    }
}

/// The checker of one stream.
#[derive(Debug)]
pub struct Checker {
    rules: Rules,
    report: StreamReport,
    receiver: rtp::Receiver,
    continuity: ts::Continuity,
    tables: psi::Tables,
    pat: Watch,
    pmt: Watch,
    clock: pcr::SystemClock,
    pcr: Watch,
    video: Assembler,
    sound: Sound,
    pts: Option<u64>,
    pmt_missing: bool,
    expect_idr: bool,
    /// Datagrams with a marker whose unit has not ended yet.
    marked: VecDeque<u64>,
    units: VecDeque<AccessUnit>,
}

impl Checker {
    /// A checker for a stream that has yet to begin.
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            report: StreamReport::default(),
            receiver: rtp::Receiver::default(),
            continuity: ts::Continuity::default(),
            tables: psi::Tables::default(),
            pat: Watch::default(),
            pmt: Watch::default(),
            clock: pcr::SystemClock::default(),
            pcr: Watch::default(),
            video: Assembler::default(),
            sound: Sound::default(),
            pts: None,
            pmt_missing: false,
            expect_idr: true,
            marked: VecDeque::new(),
            units: VecDeque::new(),
        }
    }

    /// Takes one UDP datagram; `arrival_ns` is the caller's clock, nanoseconds.
    pub fn datagram(&mut self, bytes: &[u8], arrival_ns: u64) {
        let accepted = self
            .receiver
            .accept(bytes, arrival_ns, &self.rules, &mut self.report);
        let Some(datagram) = accepted else {
            return;
        };
        if datagram.lost > 0 {
            self.lost();
        }
        if datagram.new_base {
            self.begin_base();
        }
        let place = Place {
            arrival_ns,
            timestamp: datagram.timestamp,
            marker: datagram.marker,
            datagram: self.report.rtp_packets,
        };
        self.check_intervals(datagram.timestamp);
        self.check_marker(place, datagram.new_base);
        for packet in datagram.payload.chunks_exact(ts::PACKET) {
            self.packet(packet, place);
        }
    }

    /// M4 was sent again: from now on these rules hold.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// M4 announced this sound. Without that there may be none.
    pub fn announce(&mut self, sound: SoundFormat) {
        self.sound.announce(sound);
    }

    /// The next whole access unit.
    pub fn take_unit(&mut self) -> Option<AccessUnit> {
        self.units.pop_front()
    }

    /// The source was told to stop sending: intervals are not measured across, and what comes
    /// next has to begin with an IDR picture.
    pub fn pause(&mut self) {
        self.end_unit();
        self.sound.interrupt();
        self.pat = Watch::default();
        self.pmt = Watch::default();
        self.pcr = Watch::default();
        self.clock.pause();
        self.expect_idr = true;
    }

    /// Nobody listened until now: what comes first may be the middle of a picture, and is then no
    /// fault of the source.
    pub fn join_late(&mut self) {
        self.lost();
        self.sound.join_late();
        self.pmt_missing = true;
    }

    /// What is known so far. A unit whose PES states no length is not in it before the next one
    /// begins.
    pub fn report(&self) -> &StreamReport {
        &self.report
    }

    /// The stream is over: the last unit ends too. Units can still be taken.
    pub fn finish(&mut self) -> &StreamReport {
        self.end_unit();
        while let Some(datagram) = self.marked.pop_front() {
            self.wrong_marker(datagram);
        }
        &self.report
    }

    fn lost(&mut self) {
        self.continuity.reset();
        self.report.damaged_units += u64::from(self.video.lost());
        self.sound.lost(&mut self.report.sound);
        // What is lost may have been a table or a PCR.
        self.pat = Watch::default();
        self.pmt = Watch::default();
        self.pcr = Watch::default();
        self.clock.pause();
        self.marked.clear();
        // The lost picture may have been the IDR.
        self.expect_idr = false;
    }

    fn check_intervals(&mut self, timestamp: u64) {
        let faults = &mut self.report.faults;
        for (watch, what) in [(&mut self.pat, "PAT"), (&mut self.pmt, "PMT")] {
            if watch.overdue(timestamp) {
                faults.add(Fault::PsiInterval, || {
                    format!("no {what} for more than 100 ms")
                });
            }
        }
        if self.pcr.overdue(timestamp) {
            faults.add(Fault::PcrInterval, || {
                "no PCR for more than 100 ms".to_owned()
            });
        }
    }

    /// The source's clock has jumped and says so: neither intervals nor PTS are measured across.
    fn begin_base(&mut self) {
        self.report.time_bases += 1;
        self.sound.interrupt();
        self.pat = Watch::default();
        self.pmt = Watch::default();
        self.pcr = Watch::default();
        self.pts = None;
    }

    /// Where it does not end units, a marker says that the timestamp is of a new time base
    /// (RFC 2250 §2).
    fn check_marker(&mut self, place: Place, new_base: bool) {
        if self.rules.marker == Marker::Never && place.marker != new_base {
            self.wrong_marker(place.datagram);
        }
        if !place.marker {
            return;
        }
        match self.rules.marker {
            Marker::Any | Marker::Never => {}
            Marker::EndOfUnit => self.marked.push_back(place.datagram),
        }
        if self.marked.len() > MARKED_MAX
            && let Some(oldest) = self.marked.pop_front()
        {
            self.wrong_marker(oldest);
        }
    }

    fn wrong_marker(&mut self, datagram: u64) {
        self.report
            .faults
            .add(Fault::RtpMarker, || format!("datagram {datagram}"));
    }

    fn packet(&mut self, bytes: &[u8], place: Place) {
        self.report.ts_packets += 1;
        let Some(packet) = ts::parse(bytes, &mut self.report.faults) else {
            return;
        };
        let follows = self.continuity.check(&packet, &mut self.report.faults);
        if (packet.pid == pid::PCR) != packet.pcr.is_some() {
            let pid = packet.pid;
            self.report
                .faults
                .add(Fault::PcrPlace, || format!("PID {pid:04x}"));
        }
        match (packet.pid, packet.payload) {
            (pid::PAT, Some(payload)) => {
                self.section(psi::Table::Pat, packet.unit_start, payload, place);
            }
            (pid::PMT, Some(payload)) => {
                self.section(psi::Table::Pmt, packet.unit_start, payload, place);
            }
            (pid::VIDEO, Some(payload)) => {
                if !follows {
                    self.expect_idr = false;
                    self.report.damaged_units += u64::from(self.video.lost());
                }
                self.video(&packet, payload, place);
            }
            (pid::PCR, None) => {
                let seen = packet.pcr.map(|bytes| (bytes, packet.discontinuity));
                self.reference(seen, place);
            }
            (pid::PCR, Some(_)) if packet.pcr.is_some() => {
                let fault = Fault::PcrPlace;
                self.report
                    .faults
                    .add(fault, || "in a packet with payload".to_owned());
            }
            (pid::AUDIO_FIRST, Some(payload)) => self.sound(&packet, follows, payload, place),
            (pid::PAT | pid::PMT | pid::VIDEO | pid::AUDIO_FIRST, None) | (pid::PCR, Some(_)) => {}
            (other, _) => {
                self.report
                    .faults
                    .add(Fault::TsPid, || format!("PID {other:04x}"));
            }
        }
    }

    fn section(&mut self, table: psi::Table, start: bool, payload: &[u8], place: Place) {
        let (codec, faults) = (self.rules.codec, &mut self.report.faults);
        if !self.tables.section(table, start, payload, codec, faults) {
            return;
        }
        let (watch, count) = match table {
            psi::Table::Pat => (&mut self.pat, &mut self.report.pat),
            psi::Table::Pmt => (&mut self.pmt, &mut self.report.pmt),
        };
        *count += 1;
        self.report.psi_version = self.tables.version_number();
        let mut audio = self.tables.audio.iter();
        self.report.audio_described = audio.any(|entry| !entry.descriptors.is_empty());
        self.report.profile = self.tables.video.map(Described::profile);
        if table == psi::Table::Pmt {
            let described = self.rules.audio_descriptors;
            let faults = &mut self.report.faults;
            self.sound.entries(&self.tables.audio, described, faults);
        }
        let interval = watch.seen(place.timestamp);
        self.report.psi_interval_max = self.report.psi_interval_max.max(interval);
    }

    fn reference(&mut self, seen: Option<([u8; 6], bool)>, place: Place) {
        let Some((bytes, discontinuity)) = seen else {
            return;
        };
        let _interval = self.pcr.seen(place.timestamp);
        let when = (place.timestamp, place.arrival_ns);
        self.clock
            .reference(bytes, discontinuity, when, &self.rules, &mut self.report);
    }

    fn video(&mut self, packet: &ts::Packet<'_>, payload: &[u8], place: Place) {
        if !self.tables.known && !self.pmt_missing {
            self.pmt_missing = true;
            self.report
                .faults
                .add(Fault::PmtMissing, || "picture before PMT".to_owned());
        }
        if packet.random_access && !packet.unit_start {
            self.report
                .faults
                .add(Fault::TsRandomAccess, || "inside a unit".to_owned());
        }
        let (start, access) = (packet.unit_start, packet.random_access);
        let faults = &mut self.report.faults;
        let whole = self.video.payload(payload, start, access, place, faults);
        for pes in whole.into_iter().flatten() {
            self.unit(&pes);
        }
    }

    fn sound(&mut self, packet: &ts::Packet<'_>, follows: bool, payload: &[u8], place: Place) {
        let report = &mut self.report;
        report.audio_packets += 1;
        if !follows {
            self.sound.lost(&mut report.sound);
        }
        let clock = |place: Place| self.clock.at(place.timestamp);
        let (sound, faults) = (&mut report.sound, &mut report.faults);
        let piece = (payload, packet.unit_start);
        self.sound.payload(piece, place, clock, (sound, faults));
    }

    fn end_unit(&mut self) {
        if let Some(pes) = self.video.finish(&mut self.report.faults) {
            self.unit(&pes);
        }
    }

    fn unit(&mut self, pes: &Pes) {
        self.unit_marker(pes.last);
        let Some((pts, es)) = pes::open(&pes.bytes, &Form::VIDEO, &mut self.report.faults) else {
            return;
        };
        self.check_pts(pts, pes.last);
        let faults = &mut self.report.faults;
        let unit = es::check(es, self.tables.video, &self.rules, faults);
        if self.expect_idr && !unit.idr {
            faults.add(Fault::EsFirstPicture, || format!("PTS {pts}"));
        }
        self.expect_idr = false;
        if pes.random_access != unit.idr {
            faults.add(Fault::TsRandomAccess, || {
                format!("PTS {pts}, IDR: {}", unit.idr)
            });
        }
        let report = &mut self.report;
        let index = report.access_units;
        report.access_units += 1;
        report.idr_units += u64::from(unit.idr);
        report.es_bytes += es.len() as u64;
        report.slices_max = report.slices_max.max(unit.slices);
        self.units.push_back(AccessUnit {
            index,
            pts,
            codec: self.rules.codec,
            idr: unit.idr,
            slices: unit.slices,
            bytes: es.to_vec(),
            nals: unit.nals,
            first_arrival_ns: pes.first.arrival_ns,
            last_arrival_ns: pes.last.arrival_ns,
        });
    }

    /// The unit's last byte was in `last`: if markers end units, that datagram must have one, and
    /// none before it that ended no unit.
    fn unit_marker(&mut self, last: Place) {
        if self.rules.marker != Marker::EndOfUnit {
            return;
        }
        if !last.marker {
            self.wrong_marker(last.datagram);
        }
        while let Some(marked) = self.marked.pop_front_if(|m| *m <= last.datagram) {
            if marked < last.datagram {
                self.wrong_marker(marked);
            }
        }
    }

    /// The PTS must advance, and be ahead of the clock by less than a second when the unit's last
    /// byte arrives.
    fn check_pts(&mut self, pts: u64, last: Place) {
        if let Some(before) = self.pts {
            let step = pts.wrapping_sub(before) & ((1 << 33) - 1);
            if step == 0 || step >= 1 << 32 {
                self.report
                    .faults
                    .add(Fault::PtsOrder, || format!("{pts} after {before}"));
                return;
            }
            self.report.pts_interval_max = self.report.pts_interval_max.max(ticks(step));
        }
        self.pts = Some(pts);
        let Some(clock) = self.clock.at(last.timestamp) else {
            return;
        };
        let lead = Lead::of(pts, clock);
        self.report.lead.note(lead);
        lead.judge("picture", pts, &mut self.report.faults);
    }
}

/// A difference of two 33 bit counters, as the shorter way round.
fn signed_33(difference: u64) -> i64 {
    // Bring bit 32 to the sign, and back with it.
    (difference << 31).cast_signed() >> 31
}
