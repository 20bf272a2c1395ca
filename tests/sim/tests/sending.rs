//! A socket that takes a part, or nothing for a while.

use core::time::Duration;

use miracast_core::media::DropReason;
use miracast_core::session::Phase;
use miracast_kmd_iface::Opcode;
use miracast_sim::{Answer, BadRecord, Fault, Outcome, Plan, Timed, UserDeed, UserStep, run};
use miracast_sink::machine::Command;
use miracast_sink::stream;

const SECOND: Duration = Duration::from_secs(1);

/// Seconds after the start from which on nothing but keep-alive and pictures goes on.
const SETTLED: Duration = Duration::from_secs(4);

fn assert_sound(outcome: &Outcome) {
    let trace = outcome.trace.join("\n");
    assert_eq!(outcome.phase, Phase::Playing, "{trace}");
    assert!(outcome.violations.is_empty(), "{:?}", outcome.violations);
    assert!(outcome.breaches.is_empty(), "{:?}", outcome.breaches);
    assert_eq!((outcome.units_wrong, outcome.stream.rtp_lost), (0, 0));
}

#[test]
fn a_socket_that_takes_a_few_datagrams_at_a_time_loses_nothing() {
    for room in [4, 7, 20] {
        let mut plan = Plan::honest(31, SECOND * 5);
        plan.media_room = room;
        let outcome = run(&plan);
        let faults = outcome.faults();
        assert!(faults.is_empty(), "room for {room}: {faults:#?}");
        assert!(outcome.media.partial_sends > 10);
    }
}

#[test]
fn a_socket_that_is_full_for_a_moment_loses_nothing() {
    let mut plan = Plan::honest(32, SECOND * 8);
    plan.media_blocked = vec![(SETTLED, Duration::from_millis(60))];
    let outcome = run(&plan);
    assert_sound(&outcome);
    assert_eq!((outcome.units_missing, outcome.media.idr_requests), (0, 0));
    assert_eq!(outcome.encoded, outcome.units_right);
}

/// What could not be sent in time is left out by whole pictures, is reported, and is followed by one
/// IDR: the sink sees no gap in the RTP stream.
#[test]
fn a_socket_that_is_full_for_200_ms_costs_whole_pictures_and_one_idr() {
    for seed in 33..43 {
        let mut plan = Plan::honest(seed, SECOND * 8);
        plan.media_blocked = vec![(SETTLED, Duration::from_millis(200))];
        let outcome = run(&plan);
        assert_sound(&outcome);
        let late = outcome.media.dropped(DropReason::Late);
        let after = outcome.media.dropped(DropReason::AwaitingIdr);
        assert!(late == 1 && (4..=8).contains(&after), "{late}, {after}");
        assert_eq!(outcome.units_missing, late + after);
        assert_eq!(outcome.chunks.1, late + after, "FRAME_DROPPED");
        assert_eq!(outcome.media.idr_requests, 1);
        assert_eq!(outcome.media.units_torn, 0);
        let silence = [
            stream::Fault::PcrClock,
            stream::Fault::PtsLate,
            stream::Fault::PcrInterval,
            stream::Fault::PsiInterval,
        ];
        let others: Vec<_> = outcome
            .stream
            .faults
            .iter()
            .filter(|(fault, _)| !silence.contains(fault))
            .collect();
        assert!(others.is_empty(), "{others:?}");
    }
}

#[test]
fn a_network_that_is_away_for_ten_seconds_comes_back_with_one_idr() {
    let mut plan = Plan::honest(44, SECOND * 20);
    plan.media_blocked = vec![(SETTLED, SECOND * 10)];
    let outcome = run(&plan);
    assert_sound(&outcome);
    assert_eq!(outcome.chunks.1, outcome.units_missing);
    assert_eq!(outcome.media.idr_requests, 1);
    let last = outcome.encoded - outcome.units_missing;
    assert!(outcome.units_right == last && last > 150);
}

/// A thread that is busy with nothing but sending, as it is where the system cuts no batches and each datagram costs
/// a call, has room for sound, tables, PCR and RTSP all the same.
#[test]
fn a_send_that_takes_its_time_keeps_nothing_else_waiting() {
    let mut plan = Plan::honest(54, SECOND * 20).with_mode(Duration::ZERO, 1920, 1080, 60);
    plan.bit_rate = 41_536_000;
    plan.media_time = Duration::from_micros(300);
    let outcome = run(&plan);
    assert_sound(&outcome);
    assert_eq!(outcome.units_missing, 0);
    assert!(outcome.media.datagrams > 60_000, "busy");
    for longest in [
        outcome.stream.pcr_interval_max,
        outcome.stream.psi_interval_max,
    ] {
        // ISO 13818-1 §2.7.2.
        assert!(longest <= Duration::from_millis(100), "{longest:?}");
    }
    // What comes while an IDR picture leaves may be too late.
    let late = outcome.media.dropped(DropReason::AudioLate);
    assert!(late < 50, "{late} units of sound");
}

/// An encoder that takes its time to open or to start delays the stream; the clock that the sink sets itself by is not
/// older for it.
#[test]
fn a_stream_that_opens_or_starts_slowly_begins_by_the_clock_after_it() {
    let sound = [true, false];
    let slow = [
        Opcode::STREAM_OPEN,
        Opcode::STREAM_START,
        Opcode::AUDIO_OPEN,
        Opcode::AUDIO_START,
    ];
    for (slow, sound) in slow
        .into_iter()
        .flat_map(|slow| sound.map(|sound| (slow, sound)))
    {
        let mut plan = Plan::honest(55, SECOND * 5);
        if !sound {
            "none".clone_into(&mut plan.sink.capabilities.audio_codecs);
        }
        plan.faults = vec![Timed {
            after: Duration::ZERO,
            length: SECOND * 3,
            fault: Fault::Escape(slow, Answer::Slow(Duration::from_millis(220))),
        }];
        let outcome = run(&plan);
        assert_sound(&outcome);
        let faults = &outcome.stream.faults;
        assert!(faults.is_empty(), "{slow:?}, sound {sound}: {faults:?}");
    }
}

/// A miniport that forgets records fills its ring: no picture would have room any more, and none a record.
#[test]
fn a_ring_full_of_pictures_without_a_record_is_emptied() {
    let mut plan = Plan::honest(57, SECOND * 8);
    plan.miniport.ring_bytes = 512 * 1024;
    let (after, length) = (SECOND, SECOND * 2);
    let fault = Fault::Records(BadRecord::Lost);
    plan.faults = vec![Timed {
        after,
        length,
        fault,
    }];
    let outcome = run(&plan);
    assert_sound(&outcome);
    // Each takes half a second until the ring is looked at, and another until what is in it is lost.
    assert!((1..=2).contains(&outcome.records.missing));
    // Four seconds and more of thirty pictures.
    assert!(outcome.units_right > 150, "{}", outcome.units_right);
}

/// IDR pictures leave in bursts if there is a timer to keep their steps, and all at once without.
#[test]
fn idr_pictures_are_spread_if_there_is_a_timer_for_it() {
    let mut plan = Plan::honest(45, SECOND * 5);
    let most = [false, true].map(|coarse| {
        plan.coarse_timer = coarse;
        let outcome = run(&plan);
        let faults = outcome.faults();
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(outcome.media.idr_units >= 3);
        outcome.media_most
    });
    // 5 Mbit/s at 30 Hz: an IDR has some 120 datagrams, another picture up to 27.
    assert!(most[0] < 30 && most[1] > 100, "{most:?}");
}

/// What waits while the mode changes is reported chunk by chunk, the picture that was half sent
/// among them, and the new encoder is not asked for the IDR with which it begins.
#[test]
fn pictures_that_wait_while_the_mode_changes_are_reported() {
    for seed in 46..52 {
        let mut plan = Plan::honest(seed, SECOND * 10);
        plan.desktop.extend(
            Plan::honest(seed, SECOND)
                .with_mode(SECOND * 5, 1920, 1080, 30)
                .desktop,
        );
        plan.media_blocked = vec![(SECOND / 50 * 249, Duration::from_millis(150))];
        let outcome = run(&plan);
        assert_sound(&outcome);
        assert_eq!(outcome.streams, [(1280, 720), (1920, 1080)]);
        assert!(outcome.units_missing > 0, "nothing waited");
        assert_eq!(outcome.chunks.1, outcome.units_missing, "FRAME_DROPPED");
        assert_eq!(outcome.media.idr_requests, 0);
        let late = outcome.media.dropped(DropReason::AudioLate);
        assert_eq!(outcome.audio.dropped, late, "no picture among them");
    }
}

#[test]
fn pictures_that_wait_when_the_sink_goes_are_reported() {
    let mut plan = Plan::honest(52, SECOND * 10);
    // What finds the socket full is a picture then.
    "none".clone_into(&mut plan.sink.capabilities.audio_codecs);
    plan.user = vec![UserStep {
        after: SECOND * 6,
        deed: UserDeed::Tell(Command::Teardown),
    }];
    plan.media_blocked = vec![(SECOND / 10 * 59, SECOND)];
    let outcome = run(&plan);
    assert_eq!(outcome.phase, Phase::Closed);
    assert!(outcome.units_missing > 1, "{}", outcome.units_missing);
    assert_eq!(outcome.chunks.1, outcome.units_missing, "FRAME_DROPPED");
}

/// What is held back of a slice until the next one comes is a slice late (S2.1 App. D.1.1 has slices for
/// nothing else).
#[test]
fn all_of_a_slice_has_left_before_the_next_one_is_handed_over() {
    let mut plan = Plan::honest(53, SECOND * 6).with_mode(Duration::ZERO, 1280, 720, 60);
    plan.slice_gap = Duration::from_micros(500);
    "none".clone_into(&mut plan.sink.capabilities.audio_codecs);
    let codecs = plan.sink.capabilities.video.iter_mut();
    for codec in codecs.flat_map(|video| &mut video.codecs) {
        // At least 300 macroblocks, four slices, the largest of them seven times the smallest.
        (codec.min_slice, codec.slice_params) = (300, 7 << 10 | 3);
    }
    let outcome = run(&plan);
    assert_sound(&outcome);
    // The picture in which the session is stopped.
    assert!(outcome.encoded - outcome.units_right <= 1);
    let followed = outcome.slices.windows(2).filter(|two| two[1].index > 0);
    let (mut idr, mut others) = (0, 0);
    for two in followed {
        let left = two[1].left_before - two[0].left_before;
        if two[0].idr {
            // Paced, but begun at once.
            idr += 1;
            assert!(left > 0, "{two:?}");
        } else {
            others += 1;
            assert!(left >= two[0].bytes, "{two:?}");
        }
    }
    assert!(idr >= 6 && others > 800, "{idr} and {others} slices");
}
