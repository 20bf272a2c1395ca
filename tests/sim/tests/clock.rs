//! The clocks of the stream at their ends and at jumps of the machine's, as the strict sink sees them.

use core::time::Duration;

use miracast_core::limits::BATCH_BYTES;
use miracast_core::media::{Input, StreamConfig};
use miracast_sim::{Arrival, Wire};
use miracast_sink::stream::{Checker, Rules};

const FRAME: Duration = Duration::from_micros(16_683);

/// A sequence parameter set of Constrained Baseline, level 3.1, and a picture parameter set.
const SETS: [u8; 19] = [
    0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x1F, 0xDA, 0x01, 0x40, 0, 0, 0, 1, 0x68, 0xCE, 0x3C, 0x80,
];

const CONFIG: StreamConfig = StreamConfig {
    profile_idc: 0x42,
    constraint_flags: 0xC0,
    level_idc: 0x1F,
    marker: false,
    psi_version: 0,
    ssrc: 7,
    first_sequence: 65_000,
    pts_lead: Duration::from_millis(80),
    pace: Duration::ZERO,
};

/// A streamer and the strict sink.
struct Rig<'m> {
    wire: Wire<'m>,
    checker: Checker,
    last: (u16, u64),
    /// How often sequence numbers and PTS wrapped.
    wraps: (u32, u32),
}

impl<'m> Rig<'m> {
    fn new(memory: &'m mut [u8; BATCH_BYTES]) -> Self {
        let mut rig = Self {
            wire: Wire::new(memory, &CONFIG, &SETS),
            checker: Checker::new(Rules::default()),
            last: (0, 0),
            wraps: (0, 0),
        };
        rig.picture(true);
        rig
    }

    fn input(&mut self, input: Input<'_>) {
        self.wire.input(input);
        self.receive();
    }

    fn receive(&mut self) {
        for Arrival { at, bytes } in self.wire.take_arrivals() {
            let sequence = u16::from_be_bytes([bytes[2], bytes[3]]);
            self.wraps.0 += u32::from(sequence < self.last.0);
            self.last.0 = sequence;
            let at_ns = u64::try_from(at.as_nanos()).expect("centuries");
            self.checker.datagram(&bytes, at_ns);
        }
        while let Some(unit) = self.checker.take_unit() {
            self.wraps.1 += u32::from(unit.pts < self.last.1);
            self.last.1 = unit.pts;
        }
    }

    fn picture(&mut self, idr: bool) {
        let start = if idr { [0x65, 0x88] } else { [0x41, 0x9A] };
        let bytes = [&[0, 0, 0, 1][..], &start, &vec![0x55; 20_000]].concat();
        self.wire.picture(&bytes, idr);
        self.receive();
    }

    fn pictures(&mut self, count: usize) {
        for _ in 0..count {
            self.wire.pass(FRAME);
            self.picture(false);
        }
    }

    /// Everything that was sent was in order, and this many pictures came.
    fn end(mut self, units: u64, bases: u64) -> (u32, u32) {
        let report = self.checker.finish();
        assert!(report.faults.is_empty(), "{:#?}", report.faults);
        assert_eq!((report.access_units, report.rtp_lost), (units, 0));
        assert_eq!(report.time_bases, bases);
        self.wraps
    }
}

/// 33 bits of 90 kHz are 26.5 hours, of which the stream starts with one second.
#[test]
fn pts_pcr_and_sequence_numbers_wrap_and_the_sink_sees_nothing_of_it() {
    let mut memory = Wire::memory();
    let mut rig = Rig::new(&mut memory);
    let wrap = Duration::from_nanos(((1 << 33) - 90_000) * 100_000 / 9);
    // In legs, because half of the 32 bits of an RTP time stamp are 6.6 hours; paused, because nobody has
    // 26 hours.
    for leg in 1..=5 {
        rig.input(Input::Pause);
        rig.checker.pause();
        let goal = (wrap * leg / 5).saturating_sub(Duration::from_secs(2));
        rig.wire.pass(goal.saturating_sub(rig.wire.passed()));
        rig.input(Input::Resume);
        rig.picture(true);
    }
    rig.pictures(240);
    assert_eq!(rig.end(246, 0), (1, 1));
}

#[test]
fn a_machine_that_sleeps_or_sets_its_clock_back_tells_the_sink() {
    let mut memory = Wire::memory();
    let mut rig = Rig::new(&mut memory);
    rig.pictures(10);
    // It slept.
    rig.wire.pass(Duration::from_hours(1));
    rig.picture(false);
    rig.pictures(10);
    // Its clock leaps, and goes back.
    rig.wire.leap(Duration::from_secs(5));
    rig.pictures(10);
    rig.wire.go_back(Duration::from_secs(20));
    rig.pictures(60);
    rig.end(92, 3);
}
