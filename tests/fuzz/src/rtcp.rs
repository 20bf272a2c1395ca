//! The sink's reports, and the rate control that they feed beside Windows, the socket and the clock.
//!
//! The first bytes are the bounds of the stream, then come operations ([`op`]). Whatever they are: a
//! datagram is read as a second, slower reader reads it; the rate stays within its bounds and its
//! divider within the sink's; bad news does not raise it, and what Windows recommends is not exceeded;
//! nothing is given up that was not short for as long as it must be. And when the link is well again, the
//! rate comes back to the most.

use core::time::Duration;

use miracast_core::rate::{Backlog, Bounds, Decision, Rate, RateControl, Signal};
use miracast_core::rtcp::{self, Reception};
use miracast_core::time::{Instant, TICKS_PER_SECOND};

use crate::operands::Operands;

/// The numbers of the operations. Those that have no name are [`REPORT`](op::REPORT).
pub mod op {
    /// The sink reports: loss in 1/256 (one byte), packets since the last report, jitter in 90 kHz, round
    /// trip in milliseconds (two bytes each; a round trip of 65535 is none).
    pub const REPORT: u8 = 0;
    /// A datagram comes: length (two bytes), bytes.
    pub const DATAGRAM: u8 = 1;
    /// Time passes, and what the rate control waits for comes: milliseconds (two bytes).
    pub const WAIT: u8 = 2;
    /// Windows recommends: units of 10 kbit/s (two bytes).
    pub const RECOMMEND: u8 = 3;
    /// Windows recommends: bit/s (eight bytes).
    pub const ABSURD: u8 = 4;
    /// The sound takes: units of 1 kbit/s (two bytes).
    pub const SOUND: u8 = 5;
    /// Media waits: since so many milliseconds, bits that left in kbit (two bytes each), the pictures'
    /// part in 1/256 (one byte).
    pub const BACKLOG: u8 = 6;
    /// Nothing waits.
    pub const DRAINED: u8 = 7;
    /// The stream stops and starts.
    pub const STOP: u8 = 8;
}

/// Our stream.
pub const SSRC: u32 = 7;

/// Most operations of one list.
const OPERATIONS_MAX: usize = 4096;

/// How long the link is short before it is given up.
const STARVING: Duration = Duration::from_secs(3);

/// How long a link is well before the rate must be at its most: the longest hold, then an eighth a second
/// from the least.
const HEALING_SECONDS: u32 = 300;

/// Plays the operations that `bytes` are.
///
/// # Panics
/// If something does not hold.
pub fn run(bytes: &[u8]) {
    let mut rest = Operands::new(bytes);
    let mut link = Link::new(&mut rest);
    for _ in 0..OPERATIONS_MAX {
        let Some(code) = rest.next() else { break };
        link.operate(code, &mut rest);
        if link.given_up {
            return;
        }
    }
    link.heal();
}

struct Link {
    control: RateControl,
    bounds: Bounds,
    now: Instant,
    sequence: u32,
    sound: u64,
    /// Since when the link may have been short.
    short_since: Instant,
    given_up: bool,
}

impl Link {
    fn new(rest: &mut Operands<'_>) -> Self {
        const UNIT: u64 = 100_000;
        let bounds = Bounds {
            floor: (1 + u64::from(rest.byte())) * UNIT,
            ceiling: (1 + u64::from(rest.word() % 1000)) * UNIT,
            divider_max: 1 << (rest.byte() % 3),
        };
        let (recommended, sound) = (
            u64::from(rest.word()) * 10_000,
            u64::from(rest.word()) * 1000,
        );
        let now = Instant::from_ticks(1000 * TICKS_PER_SECOND);
        Self {
            control: RateControl::new(recommended, sound, bounds),
            bounds,
            now,
            sequence: 0,
            sound,
            short_since: now,
            given_up: false,
        }
    }

    fn operate(&mut self, code: u8, rest: &mut Operands<'_>) {
        match code {
            op::DATAGRAM => {
                let length = usize::from(rest.word());
                self.datagram(rest.bytes(length));
            }
            op::WAIT => self.wait(Duration::from_millis(rest.word().into())),
            op::RECOMMEND => self.recommend(u64::from(rest.word()) * 10_000),
            op::ABSURD => self.recommend(rest.long()),
            op::SOUND => {
                self.sound = u64::from(rest.word()) * 1000;
                self.signal(Signal::Sound(self.sound));
            }
            op::BACKLOG => {
                let since = self.now - Duration::from_millis(rest.word().into());
                let drained = u64::from(rest.word()) * 1000;
                let pictures = drained * u64::from(rest.byte()) / 256;
                self.bad_news(Signal::Backlog(Backlog {
                    since,
                    drained,
                    pictures,
                }));
            }
            op::DRAINED => self.bad_news(Signal::Drained),
            op::STOP => {
                self.control.stop();
                self.short_since = self.now;
            }
            _ => {
                let loss = rest.byte();
                let numbers = [rest.word(), rest.word(), rest.word()];
                self.report(loss, numbers);
            }
        }
    }

    /// A report in form.
    fn report(&mut self, loss: u8, [packets, jitter, round_trip]: [u16; 3]) {
        self.sequence = self.sequence.wrapping_add(packets.into());
        let datagram = report(
            loss,
            self.sequence,
            jitter,
            (round_trip != u16::MAX).then_some(round_trip),
            self.now,
        );
        assert!(self.datagram(&datagram), "a report in form is not read");
    }

    /// A datagram; whether it has a report about our stream.
    fn datagram(&mut self, datagram: &[u8]) -> bool {
        let read = rtcp::read(datagram, SSRC);
        let blocks = blocks(datagram);
        assert_eq!(read.is_ok(), blocks.is_some(), "{read:?}");
        let last = blocks.and_then(|blocks| blocks.last().copied());
        let (Ok(Some(reception)), Some(last)) = (read, last) else {
            assert!(!matches!(read, Ok(Some(_))) && last.is_none(), "{read:?}");
            return false;
        };
        check(&reception, last, self.now);
        self.bad_news(Signal::Reception(&reception));
        true
    }

    fn wait(&mut self, duration: Duration) {
        let end = self.now + duration;
        while let Some(wake) = self.control.wake().filter(|wake| *wake <= end) {
            self.now = wake.max(self.now);
            self.signal(Signal::Time);
            let next = self.control.wake();
            let later = next.is_none_or(|next| next > self.now);
            assert!(later, "waits for {next:?} at {:?}", self.now);
        }
        self.now = end;
    }

    fn recommend(&mut self, rate: u64) {
        self.signal(Signal::Recommended(rate));
        if rate == 0 || self.given_up {
            return;
        }
        // Followed at once, but for a step that is not worth it.
        let bit_rate = self.control.current().bit_rate;
        let bound = rate.saturating_sub(self.sound).max(self.least());
        assert!(bit_rate - bit_rate / 16 <= bound, "{bit_rate} at {rate}");
    }

    /// A signal that is no reason to raise the rate.
    fn bad_news(&mut self, signal: Signal<'_>) {
        let before = self.control.current().bit_rate;
        self.signal(signal);
        let after = self.control.current().bit_rate;
        assert!(after <= before, "{signal:?} raises {before} to {after}");
    }

    fn signal(&mut self, signal: Signal<'_>) {
        let before = self.control.current();
        let decision = self.control.handle(signal, self.now);
        let after = self.control.current();
        match decision {
            Decision::Keep => assert_eq!(before, after),
            Decision::Set(rate) => {
                assert_eq!(rate, after);
                assert_ne!(before, after);
            }
            Decision::GiveUp => {
                assert_eq!(before, after);
                assert!(after.bit_rate <= self.least(), "given up at {after:?}");
                assert!(self.now.since(self.short_since) >= STARVING);
                self.given_up = true;
            }
        }
        let most = self.bounds.ceiling;
        assert!(
            (self.least()..=most).contains(&after.bit_rate),
            "{after:?} of {:?}",
            self.bounds
        );
        assert!(after.divider.is_power_of_two() && after.divider <= self.bounds.divider_max);
    }

    /// The least that the mode needs, which is never more than the most.
    fn least(&self) -> u64 {
        self.bounds.floor.min(self.bounds.ceiling) / u64::from(self.bounds.divider_max)
    }

    /// From now on the link is well.
    fn heal(&mut self) {
        self.signal(Signal::Drained);
        self.control.stop();
        self.short_since = self.now;
        for _ in 0..HEALING_SECONDS {
            self.wait(Duration::from_secs(1));
            self.recommend(self.bounds.ceiling + self.sound);
        }
        let most = Rate {
            bit_rate: self.bounds.ceiling,
            divider: 1,
        };
        assert_eq!(self.control.current(), most);
        assert_eq!(self.control.wake(), None, "waits for nothing");
    }
}

/// A receiver report with one block about our stream (RFC 3550 §6.4.2). The round trip is in
/// milliseconds: the sink held no sender report.
pub fn report(
    loss: u8,
    sequence: u32,
    jitter: u16,
    round_trip: Option<u16>,
    now: Instant,
) -> Vec<u8> {
    let sent = round_trip.map_or(0, |trip| {
        let ticks = (now - Duration::from_millis(trip.into())).ticks();
        ((u128::from(ticks) << 16) / u128::from(TICKS_PER_SECOND)) as u32
    });
    let words = [
        0x81C9_0007,
        1,
        SSRC,
        u32::from(loss) << 24,
        sequence,
        jitter.into(),
        sent,
        0,
    ];
    words.into_iter().flat_map(u32::to_be_bytes).collect()
}

/// What a reader that walks by index finds: the blocks about our stream of a datagram in form; `None`
/// if it is not in form.
fn blocks(datagram: &[u8]) -> Option<Vec<[u8; 24]>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < datagram.len() {
        let header: [u8; 4] = datagram.get(at..at + 4)?.try_into().ok()?;
        let end = at + 4 * (1 + usize::from(header[2]) * 256 + usize::from(header[3]));
        if header[0] & 0xC0 != 0x80 || end > datagram.len() {
            return None;
        }
        let mut last = end;
        if header[0] & 0x20 != 0 {
            let padding = usize::from(datagram[end - 1]);
            if end != datagram.len() || end - at == 4 || padding == 0 || padding > end - at - 4 {
                return None;
            }
            last -= padding;
        }
        let first = match header[1] {
            200 => at + 28,
            201 => at + 8,
            _ => last,
        };
        let count = if matches!(header[1], 200 | 201) {
            usize::from(header[0] & 0x1F)
        } else {
            0
        };
        if first + 24 * count > last {
            return None;
        }
        for number in 0..count {
            let place = first + 24 * number;
            let block: [u8; 24] = datagram[place..place + 24].try_into().ok()?;
            if block[..4] == SSRC.to_be_bytes() {
                found.push(block);
            }
        }
        at = end;
    }
    Some(found)
}

/// Holds what was read against the bytes of its block.
fn check(reception: &Reception, block: [u8; 24], now: Instant) {
    let word =
        |at: usize| u32::from_be_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]]);
    let lost = i64::from(word(4) & 0x00FF_FFFF);
    let lost = if lost < 1 << 23 {
        lost
    } else {
        lost - (1 << 24)
    };
    assert_eq!(reception.fraction_lost, block[4]);
    assert_eq!(i64::from(reception.lost), lost);
    assert_eq!(reception.highest_sequence, word(8));
    assert_eq!(reception.jitter.as_micros(), u128::from(word(12)) * 100 / 9);
    let trip = reception.round_trip(now);
    assert!(
        trip.is_none_or(|trip| trip <= Duration::from_secs(16)),
        "{trip:?}"
    );
    assert!(trip.is_none() || word(16) != 0, "of no report of ours");
}
