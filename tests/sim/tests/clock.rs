//! The clocks of the stream at their ends and at jumps of the machine's, as the strict sink sees them.

use core::time::Duration;

use miracast_core::limits::BATCH_BYTES;
use miracast_core::media::{
    Chunk, ChunkFlags, Input, NoPayload, Output, Payload, StreamConfig, Streamer,
};
use miracast_core::time::Instant;
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

/// A streamer and the sink at the other end of a wire that takes no time.
struct Wire<'m> {
    streamer: Streamer<'m>,
    checker: Checker,
    /// The machine's clock, and the time that has gone by for the sink.
    now: Instant,
    real: Duration,
    last: (u16, u64),
    /// How often sequence numbers and PTS wrapped.
    wraps: (u32, u32),
}

impl<'m> Wire<'m> {
    fn new(memory: &'m mut [u8; BATCH_BYTES]) -> Self {
        let mut wire = Self {
            streamer: Streamer::new(memory),
            checker: Checker::new(Rules::default()),
            now: Instant::from_ticks(98_765_432_109),
            real: Duration::ZERO,
            last: (0, 0),
            wraps: (0, 0),
        };
        wire.input(Input::ParameterSets(&SETS));
        wire.input(Input::Start(&CONFIG));
        wire.picture(true);
        wire
    }

    fn input(&mut self, input: Input<'_>) {
        self.streamer.handle(input, self.now);
        self.drain(&NoPayload);
    }

    fn drain<P: Payload + ?Sized>(&mut self, payload: &P) {
        let arrival = u64::try_from(self.real.as_nanos()).expect("centuries");
        loop {
            match self.streamer.poll(payload, self.now) {
                Output::Datagrams(batch) => {
                    let count = batch.datagrams().len();
                    for datagram in batch.datagrams() {
                        let sequence = u16::from_be_bytes([datagram[2], datagram[3]]);
                        self.wraps.0 += u32::from(sequence < self.last.0);
                        self.last.0 = sequence;
                        self.checker.datagram(datagram, arrival);
                    }
                    self.streamer.sent(count);
                }
                Output::Idle { .. } => break,
                _ => {}
            }
        }
        while let Some(unit) = self.checker.take_unit() {
            self.wraps.1 += u32::from(unit.pts < self.last.1);
            self.last.1 = unit.pts;
        }
    }

    fn picture(&mut self, idr: bool) {
        let start = if idr { [0x65, 0x88] } else { [0x41, 0x9A] };
        let bytes = [&[0, 0, 0, 1][..], &start, &vec![0x55; 20_000]].concat();
        let whole = ChunkFlags::FRAME_START | ChunkFlags::FRAME_END;
        let chunk = Chunk {
            id: 1,
            flags: if idr { whole | ChunkFlags::IDR } else { whole },
            captured: self.now - FRAME,
            arrived: self.now,
        };
        self.streamer.handle(Input::Chunk(chunk), self.now);
        self.drain(&bytes[..]);
    }

    fn pictures(&mut self, count: usize) {
        for _ in 0..count {
            self.pass(FRAME);
            self.picture(false);
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now = self.now + time;
        self.real += time;
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

fn memory() -> Box<[u8; BATCH_BYTES]> {
    vec![0; BATCH_BYTES]
        .try_into()
        .expect("as long as it was made")
}

/// 33 bits of 90 kHz are 26.5 hours, of which the stream starts with one second.
#[test]
fn pts_pcr_and_sequence_numbers_wrap_and_the_sink_sees_nothing_of_it() {
    let mut memory = memory();
    let mut wire = Wire::new(&mut memory);
    let wrap = Duration::from_nanos(((1 << 33) - 90_000) * 100_000 / 9);
    // In legs, because half of the 32 bits of an RTP time stamp are 6.6 hours; paused, because nobody has
    // 26 hours.
    for leg in 1..=5 {
        wire.input(Input::Pause);
        wire.checker.pause();
        let goal = (wrap * leg / 5).saturating_sub(Duration::from_secs(2));
        wire.pass(goal.saturating_sub(wire.real));
        wire.input(Input::Resume);
        wire.picture(true);
    }
    wire.pictures(240);
    assert_eq!(wire.end(246, 0), (1, 1));
}

#[test]
fn a_machine_that_sleeps_or_sets_its_clock_back_tells_the_sink() {
    let mut memory = memory();
    let mut wire = Wire::new(&mut memory);
    wire.pictures(10);
    // It slept.
    wire.pass(Duration::from_hours(1));
    wire.picture(false);
    wire.pictures(10);
    // Its clock leaps, and goes back.
    wire.now = wire.now + Duration::from_secs(5);
    wire.pictures(10);
    wire.now = wire.now - Duration::from_secs(20);
    wire.pictures(60);
    wire.end(92, 3);
}
