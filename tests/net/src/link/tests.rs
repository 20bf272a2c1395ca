use core::time::Duration;

use super::Link;
use crate::{Bandwidth, Conditions, Nanos};

const MS: Nanos = 1_000_000;
const ROOM: usize = 1 << 20;

fn milliseconds(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// What arrives until nothing is on its way, and when.
fn arrivals(link: &mut Link<u32>) -> Vec<(Nanos, u32)> {
    let mut found = Vec::new();
    while let Some(at) = link.next() {
        while let Some(number) = link.receive(at) {
            found.push((at, number));
        }
    }
    found
}

/// 1000 bytes each millisecond.
fn stream(link: &mut Link<u32>, count: u32) -> Vec<(Nanos, u32)> {
    let mut found = Vec::new();
    for number in 0..count {
        let now = u64::from(number) * MS;
        link.send(now, 1000, number);
        found.extend(core::iter::from_fn(|| Some((now, link.receive(now)?))));
    }
    found.extend(arrivals(link));
    found
}

#[test]
fn jitter_does_not_change_the_order_and_nothing_arrives_early() {
    let conditions = Conditions::delayed(milliseconds(1), milliseconds(20));
    let mut link = Link::new(conditions, ROOM, 7);
    for number in 0..100 {
        link.send(u64::from(number) * 1000, 100, number);
    }
    let found = arrivals(&mut link);
    assert!(found.is_sorted());
    assert_eq!(found.len(), 100);
    assert!(
        found
            .iter()
            .all(|(at, number)| *at >= u64::from(*number) * 1000 + MS)
    );
}

#[test]
fn one_seed_is_one_run_and_shares_are_kept() {
    let conditions = Conditions {
        loss: 50_000,
        duplicates: 20_000,
        ..Conditions::default()
    };
    let run = |seed| {
        let mut link = Link::new(conditions, ROOM, seed);
        (stream(&mut link, 10_000), link.carried())
    };
    let (first, carried) = run(1);
    assert_eq!(run(1), (first.clone(), carried));
    assert_ne!(run(2).0, first);
    assert!((400..600).contains(&carried.lost), "{carried:?}");
    assert!((120..280).contains(&carried.doubled), "{carried:?}");
    assert_eq!(carried.arrived, 10_000 - carried.lost + carried.doubled);
    assert_eq!(carried.arrived, first.len() as u64);
}

#[test]
fn what_is_late_is_overtaken() {
    let conditions = Conditions {
        late: 100_000,
        late_by: milliseconds(5),
        ..Conditions::delayed(milliseconds(1), Duration::ZERO)
    };
    let found = stream(&mut Link::new(conditions, ROOM, 3), 1000);
    let overtaken = found
        .iter()
        .filter(|(at, number)| *at == (u64::from(*number) + 6) * MS);
    assert!((60..140).contains(&overtaken.count()));
    assert!(!found.is_sorted_by_key(|(_, number)| *number));
}

#[test]
fn a_bandwidth_is_kept_and_its_queue_drops_the_tail() {
    // 1000 bytes in 2 ms: half of what is sent.
    let conditions = Conditions {
        bandwidth: Some(Bandwidth {
            rate: 4_000_000,
            burst: 1000,
        }),
        ..Conditions::default()
    };
    let mut link = Link::new(conditions, 10_000, 1);
    let found = stream(&mut link, 1000);
    let carried = link.carried();
    assert!(carried.overflowed.abs_diff(490) <= 10, "{carried:?}");
    assert!(found.windows(2).all(|pair| pair[1].0 - pair[0].0 == 2 * MS));
    assert_eq!(link.queue_delay() / MS, 20, "ten of them");
}

#[test]
fn after_a_rest_a_burst_leaves_at_once() {
    let conditions = Conditions {
        bandwidth: Some(Bandwidth {
            rate: 8_000_000,
            burst: 5000,
        }),
        ..Conditions::default()
    };
    let mut link = Link::new(conditions, ROOM, 1);
    for number in 0..8 {
        link.send(100 * MS, 1000, number);
    }
    let times: Vec<Nanos> = arrivals(&mut link)
        .iter()
        .map(|(at, _)| at / MS - 100)
        .collect();
    assert_eq!(times, [0, 0, 0, 0, 0, 1, 2, 3]);
}

#[test]
fn another_bandwidth_holds_for_what_waits() {
    let with = |rate| Conditions {
        bandwidth: Some(Bandwidth { rate, burst: 0 }),
        ..Conditions::default()
    };
    let mut link = Link::new(with(8_000_000), ROOM, 1);
    for number in 0..4 {
        link.send(0, 1000, number);
    }
    link.change(2 * MS, with(1_000_000));
    let times: Vec<Nanos> = arrivals(&mut link).iter().map(|(at, _)| at / MS).collect();
    assert_eq!(times, [1, 2, 10, 18], "two had left");
}

#[test]
fn an_outage_holds_what_the_queue_has_room_for() {
    let out = Conditions {
        outage: true,
        ..Conditions::default()
    };
    let mut link = Link::new(Conditions::default(), 3000, 1);
    link.send(0, 1000, 0);
    link.change(MS, out);
    for number in 1..=5 {
        link.send(2 * MS, 1000, number);
    }
    assert_eq!(link.receive(50 * MS), Some(0));
    assert_eq!((link.receive(50 * MS), link.next()), (None, None));
    assert_eq!(link.room(50 * MS), 0);
    link.change(300 * MS, Conditions::default());
    let numbers: Vec<(Nanos, u32)> = arrivals(&mut link);
    assert_eq!(numbers, [(300 * MS, 1), (300 * MS, 2), (300 * MS, 3)]);
    assert_eq!(link.carried().overflowed, 2);
}
