//! Which faults are there now, and what happens at this moment.

use core::ops::Range;
use core::time::Duration;
use std::collections::VecDeque;

use miracast_net::{Bandwidth, Conditions, Nanos, Random, nanos};

use crate::fault::{Answer, BadRecord, Fault, Timed, Way};
use crate::pipe::Flow;
use miracast_kmd_iface::Opcode;

/// Extra time of a datagram that is overtaken: about a picture.
const LATE_BY: Duration = Duration::from_millis(25);

/// Bytes that a narrow link lets pass at once.
const BURST: u32 = 4096;

/// The faults of one session.
#[derive(Debug)]
pub(crate) struct Injector {
    lasting: Vec<(Range<Nanos>, Fault)>,
    /// Those of one moment that have not happened.
    moments: VecDeque<(Nanos, Fault)>,
    /// When something begins or ends.
    edges: VecDeque<Nanos>,
    /// What is drawn while a fault is there.
    pub(crate) random: Random,
}

impl Injector {
    pub(crate) fn new(faults: &[Timed], start: Nanos, seed: u64) -> Self {
        let mut injector = Self {
            lasting: Vec::new(),
            moments: VecDeque::new(),
            edges: VecDeque::new(),
            random: Random::new(seed),
        };
        for fault in faults {
            injector.add(fault, start);
        }
        injector
    }

    /// One more, counted from `start`.
    pub(crate) fn add(&mut self, timed: &Timed, start: Nanos) {
        let Timed {
            after,
            length,
            fault,
        } = *timed;
        let from = start + nanos(after);
        if fault.is_moment() {
            self.repeat(from, fault);
        } else {
            let end = from + nanos(length);
            self.lasting.push((from..end, fault));
            self.insert_edge(from);
            self.insert_edge(end);
        }
    }

    /// Whether nothing that lasts has ever been wrong: such a thing may leave something behind.
    pub(crate) fn is_calm(&self) -> bool {
        self.lasting.is_empty()
    }

    /// When something begins or ends next.
    pub(crate) fn next(&self) -> Option<Nanos> {
        self.edges.front().copied()
    }

    /// Whether something begins or ends.
    pub(crate) fn passes(&mut self, now: Nanos) -> bool {
        let mut passed = false;
        while self.edges.pop_front_if(|edge| *edge <= now).is_some() {
            passed = true;
        }
        passed
    }

    /// What happens at this moment; `works` after StartMiracastSession has returned.
    pub(crate) fn due(&mut self, now: Nanos, works: bool) -> Option<Fault> {
        let can = |(at, fault): &(Nanos, Fault)| *at <= now && (works || !fault.waits_for_worker());
        let place = self.moments.iter().position(can)?;
        self.moments.remove(place).map(|(_, fault)| fault)
    }

    /// Lets something happen once more, at `at`.
    pub(crate) fn repeat(&mut self, at: Nanos, fault: Fault) {
        let place = self.moments.partition_point(|(other, _)| *other <= at);
        self.moments.insert(place, (at, fault));
        self.insert_edge(at);
    }

    fn insert_edge(&mut self, at: Nanos) {
        let place = self.edges.partition_point(|edge| *edge <= at);
        self.edges.insert(place, at);
    }

    fn active(&self, now: Nanos) -> impl Iterator<Item = &Fault> {
        let active = self.lasting.iter();
        active
            .filter(move |(when, _)| when.contains(&now))
            .map(|(_, fault)| fault)
    }

    fn find<T>(&self, now: Nanos, wanted: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        self.active(now).find_map(wanted)
    }

    /// How one direction of the connection flows.
    pub(crate) fn flow(&self, now: Nanos, of: Way) -> Flow {
        let held = self.find(now, |fault| {
            (*fault == Fault::Hold(of)).then_some(Flow::Held)
        });
        let pieces = |fault: &Fault| match *fault {
            Fault::Pieces { way, bytes, every } if way == of => Some(Flow::Pieces { bytes, every }),
            _ => None,
        };
        held.or_else(|| self.find(now, pieces))
            .unwrap_or(Flow::Free)
    }

    /// Bytes that the RTSP socket takes.
    pub(crate) fn rtsp_room(&self, now: Nanos) -> usize {
        let room = |fault: &Fault| match *fault {
            Fault::Full => Some(0),
            Fault::Narrow(bytes) => Some(bytes),
            _ => None,
        };
        self.active(now)
            .filter_map(room)
            .min()
            .unwrap_or(usize::MAX)
    }

    /// What the link of media is like.
    pub(crate) fn conditions(&self, now: Nanos, calm: Conditions) -> Conditions {
        let mut conditions = calm;
        for fault in self.active(now) {
            match *fault {
                Fault::Loss(share) => conditions.loss = share,
                Fault::Doubles(share) => conditions.duplicates = share,
                Fault::Overtaken(share) => {
                    (conditions.late, conditions.late_by) = (share, LATE_BY);
                }
                Fault::Outage => conditions.outage = true,
                Fault::Bandwidth(rate) => {
                    conditions.bandwidth = Some(Bandwidth { rate, burst: BURST });
                }
                _ => {}
            }
        }
        conditions
    }

    /// Datagrams that the media socket takes; `None` if it refuses them.
    pub(crate) fn media_room(&self, now: Nanos) -> Option<usize> {
        if self.active(now).any(|fault| *fault == Fault::MediaRefused) {
            return None;
        }
        let room = |fault: &Fault| match *fault {
            Fault::MediaFull => Some(0),
            Fault::MediaRoom(datagrams) => Some(datagrams),
            _ => None,
        };
        Some(
            self.active(now)
                .filter_map(room)
                .min()
                .unwrap_or(usize::MAX),
        )
    }

    /// What the miniport does with an escape.
    pub(crate) fn answer(&self, now: Nanos, asked: Opcode) -> Option<Answer> {
        self.find(now, |fault| match *fault {
            Fault::Escape(opcode, answer) if opcode == asked => Some(answer),
            _ => None,
        })
    }

    /// What is wrong with the records of pictures.
    pub(crate) fn bad_record(&self, now: Nanos) -> Option<BadRecord> {
        self.find(now, |fault| match *fault {
            Fault::Records(bad) => Some(bad),
            _ => None,
        })
    }

    /// What is wrong with those of sound.
    pub(crate) fn bad_sound_record(&self, now: Nanos) -> Option<BadRecord> {
        self.find(now, |fault| match *fault {
            Fault::SoundRecords(bad) => Some(bad),
            _ => None,
        })
    }

    /// Whether Windows has no room for chunks.
    pub(crate) fn loses_chunks(&self, now: Nanos) -> bool {
        self.active(now).any(|fault| *fault == Fault::ChunksLost)
    }

    /// How late deadlines are kept.
    pub(crate) fn lateness(&self, now: Nanos) -> Nanos {
        let late = |fault: &Fault| match *fault {
            Fault::Late(late) => Some(nanos(late)),
            _ => None,
        };
        self.find(now, late).unwrap_or(0)
    }
}
