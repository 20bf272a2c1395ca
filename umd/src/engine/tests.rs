//! What one turn does for a sink that sends without end, or does not read.

use core::net::Ipv4Addr;
use core::time::Duration;
use std::boxed::Box;
use std::vec::Vec;

use miracast_core::encoder::EncoderCapabilities;
use miracast_core::limits::{OUTBOX_MESSAGES_MAX, TRACE_OPENING};
use miracast_core::session::{Phase, Reason};
use miracast_core::time::Instant;
use miracast_core::trace::{Entry, Trace, What};
use miracast_kmd_iface::NtStatus;
use miracast_kmd_iface::escape::StreamOpened;
use miracast_kmd_iface::ring::{Consumer, MapError};

use super::trace::Tracer;
use super::{
    Engine, Memory, Notice, SessionStatus, Shell, Signal, StartInfo, Statistic, Totals, Wake,
};
use crate::limits;
use crate::os::Transfer;

mod totals;

const NOW: Instant = Instant::from_ticks(1_000_000);

/// A request that is answered in any phase before a session exists.
const REQUEST: &[u8] = b"GET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0\r\nCSeq: 1234567\r\n\r\n";

/// A sink that repeats [`REQUEST`] for ever; no miniport.
#[derive(Default)]
struct World {
    /// Bytes that the sink still takes.
    room: usize,
    sent: Vec<u8>,
    /// Bytes of the endless stream that were received.
    received: usize,
    receives: usize,
    rtcp_receives: usize,
    /// What the engine told of its trace.
    told: Vec<Entry>,
    /// Why it says that the session ended.
    end: Option<Reason>,
    /// What it says that each session came to, and what it had told by then.
    totals: Vec<(Totals, Vec<Entry>)>,
}

impl Shell for World {
    fn rtsp_send(&mut self, bytes: &[u8]) -> Transfer {
        let taken = bytes.len().min(self.room);
        self.room -= taken;
        self.sent.extend_from_slice(&bytes[..taken]);
        match taken {
            0 => Transfer::WouldBlock,
            taken => Transfer::Done(taken),
        }
    }

    fn rtsp_receive(&mut self, buffer: &mut [u8]) -> Transfer {
        self.receives += 1;
        let stream = REQUEST
            .iter()
            .copied()
            .cycle()
            .skip(self.received % REQUEST.len());
        for (place, byte) in buffer.iter_mut().zip(stream) {
            *place = byte;
        }
        self.received += buffer.len();
        Transfer::Done(buffer.len())
    }

    fn media_connect(&mut self, _: Ipv4Addr, _: u16, _: Option<u16>) -> Result<(), NtStatus> {
        Ok(())
    }

    fn media_send(&mut self, _: &[u8], _: usize) -> Transfer {
        Transfer::WouldBlock
    }

    fn wakes_precisely(&self) -> bool {
        true
    }

    fn rtcp_send(&mut self, datagram: &[u8]) -> Transfer {
        Transfer::Done(datagram.len())
    }

    fn rtcp_receive(&mut self, buffer: &mut [u8]) -> Transfer {
        self.rtcp_receives += 1;
        Transfer::Done(buffer.len())
    }

    fn input_receive(&mut self, _: &mut [u8]) -> Transfer {
        Transfer::WouldBlock
    }

    fn input_disconnect(&mut self) {}

    fn media_close(&mut self) {}

    fn escape(&mut self, _: &[u8], _: &mut [u8]) -> Result<usize, NtStatus> {
        Err(NtStatus::NOT_SUPPORTED)
    }

    fn map_ring(&mut self, _: &StreamOpened) -> Result<Consumer, MapError> {
        unreachable!("there is no miniport")
    }

    fn report_status(&mut self, _: SessionStatus, _: NtStatus) {}

    fn report_statistic(&mut self, _: Statistic) {}

    fn register_rates(&mut self, _: bool) -> NtStatus {
        NtStatus::SUCCESS
    }

    fn next_notice(&mut self) -> Option<Notice> {
        None
    }

    fn traced(&mut self, entry: &Entry, end: Option<&Reason>) {
        self.told.push(*entry);
        self.end = end.copied().or(self.end);
    }

    fn counted(&mut self, totals: &Totals) {
        let before = self.told.clone();
        self.totals.push((totals.clone(), before));
    }
}

const INFO: StartInfo = StartInfo {
    local: Ipv4Addr::LOCALHOST,
    sink: Ipv4Addr::LOCALHOST,
    server_port: 50_000,
    input_port: None,
    bit_rate: 20_000_000,
    seed: 1,
};

fn created() -> Engine<'static> {
    Engine::new(Box::leak(Box::new(Memory::new())))
}

/// An engine whose session has sent M1.
fn started(world: &mut World) -> Engine<'static> {
    let mut engine = created();
    engine.encoder = Some(EncoderCapabilities {
        profiles: 1,
        level_bit: 4,
        max_width: 1920,
        max_height: 1080,
        max_macroblocks_per_second: 522_240,
        max_bit_rate: 40_000_000,
        max_slices: 4,
        interlaced: false,
        hevc: None,
    });
    engine.turn(Wake::Start(&INFO), NOW, world);
    assert_eq!(engine.phase(), Phase::Greeting);
    world.sent.clear();
    engine
}

#[test]
fn a_flood_of_requests_takes_a_bounded_part_of_a_turn() {
    let mut world = World {
        room: usize::MAX,
        ..World::default()
    };
    let mut engine = started(&mut world);
    let wait = engine.turn(Wake::Event(Signal::Rtsp), NOW, &mut world);
    // The event's reads, and as many for what they left.
    assert_eq!(world.receives, 2 * limits::RTSP_READS_PER_TURN);
    assert_eq!(wait.deadline, Some(NOW), "the rest follows at once");
    let answers = world.sent.windows(8).filter(|bytes| *bytes == b"RTSP/1.0");
    assert_eq!(answers.count(), world.received / REQUEST.len());
    assert_eq!(engine.phase(), Phase::Greeting);
}

#[test]
fn a_sink_that_does_not_read_ends_its_session() {
    for room in [1, 100, 1000] {
        let mut world = World {
            room: usize::MAX,
            ..World::default()
        };
        let mut engine = started(&mut world);
        world.room = room;
        let wait = engine.turn(Wake::Event(Signal::Rtsp), NOW, &mut world);
        assert_eq!(wait.started, Some(Err(NtStatus::NETWORK_BUSY)));
        assert!(wait.ended);
        assert_eq!(world.sent.len(), room);
        // Each answer that is kept is one request that was read.
        let answered = world.received / REQUEST.len();
        assert!(answered >= OUTBOX_MESSAGES_MAX, "{answered}");
        let wait = engine.turn(Wake::Timeout, NOW + Duration::from_secs(9), &mut world);
        assert_eq!(wait.deadline, None);
    }
}

#[test]
fn a_flood_of_receiver_reports_takes_a_bounded_part_of_a_turn() {
    let mut world = World::default();
    let mut engine = started(&mut world);
    world.rtcp_receives = 0;
    let wait = engine.turn(Wake::Event(Signal::Auxiliary), NOW, &mut world);
    assert_eq!(world.rtcp_receives, limits::RTCP_READS_PER_TURN);
    assert_eq!(wait.deadline, Some(NOW));
}

#[test]
fn each_entry_of_the_trace_is_told_once_and_the_end_with_its_reason() {
    let mut world = World {
        room: usize::MAX,
        ..World::default()
    };
    let mut engine = started(&mut world);
    assert_ne!(world.told, []);
    engine.turn(Wake::Event(Signal::Rtsp), NOW, &mut world);
    assert_eq!(world.end, None);
    engine.turn(Wake::Stop, NOW, &mut world);
    assert_eq!(world.end, Some(Reason::Stopped));
    let kept: Vec<_> = engine.trace().iter().copied().collect();
    let opening = TRACE_OPENING.min(kept.len());
    assert_eq!(world.told[..opening], kept[..opening]);
    assert_eq!(world.told.len() as u32, engine.trace().total());
    assert_eq!(world.told.last(), kept.last());
}

#[test]
fn dropped_chunks_are_told_when_their_row_is_over() {
    let mut trace = Trace::new();
    let (mut world, mut tracer) = (World::default(), Tracer::new(&mut trace));
    for total in [1, 3] {
        tracer.dropped(total, NOW);
        tracer.tell(false, &mut world);
        assert_eq!(world.told, []);
    }
    tracer.tell(true, &mut world);
    tracer.tell(true, &mut world);
    let dropped = |chunks| What::Dropped { chunks };
    let told: Vec<_> = world.told.iter().map(|entry| entry.what).collect();
    assert_eq!(told, [dropped(3)]);
}
