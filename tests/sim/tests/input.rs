//! Input of the sink's user, from the bytes of the channel to the miniport.

use core::time::Duration;

use miracast_core::session::Phase;
use miracast_kmd_iface::escape::{
    Features, InputFlags, InputHid, InputKind, InputPointer, InputReport,
};
use miracast_kmd_iface::{NtStatus, Opcode};
use miracast_sim::{Outcome, Plan, UserDeed, UserStep, run};
use miracast_sink::input::{GENERIC, HIDC, Touch, generic, hid, keys, packet, pointers};
use miracast_sink::machine::Command;

const OFFER: &str = "input_category_list=GENERIC, HIDC;generic_cap_list=Keyboard, MultiTouch;\
                     hidc_cap_list=Mouse/USB;port=none";

/// A session of six seconds with a sink that has input; it plays long before the third second.
fn plan(deeds: Vec<UserDeed>) -> Plan {
    let mut plan = Plan::honest(21, Duration::from_secs(6));
    let offer = ("wfd_uibc_capability".to_owned(), OFFER.to_owned());
    plan.sink.capabilities.extra.push(offer);
    let after = |number: u64| Duration::from_secs(3) + Duration::from_millis(number);
    let steps = (0..).zip(deeds);
    plan.user = steps
        .map(|(number, deed)| UserStep {
            after: after(number),
            deed,
        })
        .collect();
    plan
}

/// A connection on which these pieces come, a millisecond apart.
fn connection(pieces: impl IntoIterator<Item = Vec<u8>>) -> Vec<UserDeed> {
    let pieces = pieces.into_iter().map(UserDeed::Send);
    [UserDeed::Connect].into_iter().chain(pieces).collect()
}

/// Runs a plan whose input must not harm the session.
fn play(plan: &Plan) -> Outcome {
    let outcome = run(plan);
    let faults = outcome.faults();
    assert!(faults.is_empty(), "{faults:#?}");
    outcome
}

/// One packet of every kind of message, and the reports that must come of them.
fn everything() -> (Vec<Vec<u8>>, Vec<InputReport>) {
    let report = |kind, fill: &dyn Fn(&mut InputReport)| {
        let mut report = InputReport::new(kind, 1280, 720);
        fill(&mut report);
        report
    };
    let fingers = [(3, 1279, 719), (4, 0, 1)];
    let point = |report: &mut InputReport| {
        for (id, x, y) in fingers {
            let pointer = InputPointer { x, y, id };
            report.pointers.push(pointer).unwrap();
        }
    };
    let (descriptor, value) = ([0x05, 0x01, 0x09, 0x02], [0x28, 1, 0xFF, 2]);
    let device = |bytes: [u8; 4]| {
        move |report: &mut InputReport| {
            (report.hid_path, report.hid_device) = (1, 1);
            report.hid = InputHid::from_slice(&bytes).unwrap();
        }
    };
    let two = [generic(7, &[0x20, 5]), generic(8, &[0xFF, 0x80])].concat();
    let packets = vec![
        packet(GENERIC, Some(0xBEEF), &pointers(Touch::Down, &fingers)),
        packet(GENERIC, None, &pointers(Touch::Move, &fingers)),
        packet(GENERIC, None, &pointers(Touch::Up, &fingers)),
        packet(GENERIC, None, &keys(true, 0x41, 0x42)),
        packet(GENERIC, None, &keys(false, 0x41, 0)),
        packet(GENERIC, None, &generic(5, &[0, 9, 0, 8, 1, 0x80])),
        packet(GENERIC, None, &generic(6, &[0x40, 3])),
        packet(GENERIC, None, &two),
        packet(HIDC, None, &hid(1, 1, 1, &descriptor)),
        packet(HIDC, Some(1), &hid(1, 1, 0, &value)),
    ];
    let stamped = |mut report: InputReport, timestamp| {
        report.flags = InputFlags::TIMESTAMP;
        report.timestamp = timestamp;
        report
    };
    let reports = vec![
        stamped(report(InputKind::POINTER_DOWN, &point), 0xBEEF),
        report(InputKind::POINTER_MOVE, &point),
        report(InputKind::POINTER_UP, &point),
        report(InputKind::KEY_DOWN, &|r| {
            (r.first_key, r.second_key) = (0x41, 0x42);
        }),
        report(InputKind::KEY_UP, &|r| r.first_key = 0x41),
        report(InputKind::ZOOM, &|r| (r.x, r.y, r.factor) = (9, 8, 0x180)),
        report(InputKind::SCROLL_VERTICAL, &|r| {
            (r.amount, r.unit.0) = (-3, 1);
        }),
        report(InputKind::SCROLL_HORIZONTAL, &|r| r.amount = 5),
        report(InputKind::ROTATE, &|r| r.amount = -128),
        report(InputKind::HID_DESCRIPTOR, &device(descriptor)),
        stamped(report(InputKind::HID_REPORT, &device(value)), 1),
    ];
    (packets, reports)
}

#[test]
fn what_the_user_does_comes_to_the_miniport_as_it_was() {
    let (packets, reports) = everything();
    let outcome = play(&plan(connection(packets)));
    assert_eq!(outcome.input_port, Some(50_002));
    assert_eq!(outcome.inputs, reports);
    assert_eq!(outcome.input.taken, reports.len() as u64);
    assert_eq!(outcome.input_closed, 1, "with the session");
}

#[test]
fn in_whatever_pieces_it_comes() {
    let (packets, reports) = everything();
    let bytes = packets.concat();
    let by_size = [1, 2, 3, 5, 7, 64].map(|size| bytes.chunks(size).map(<[u8]>::to_vec).collect());
    let cut_once = (1..bytes.len()).map(|cut| {
        let (first, second) = bytes.split_at(cut);
        vec![first.to_vec(), second.to_vec()]
    });
    let ways: Vec<Vec<Vec<u8>>> = by_size.into_iter().chain(cut_once).collect();
    let deeds = ways.iter().flat_map(|pieces| {
        let mut deeds = connection(pieces.clone());
        deeds.push(UserDeed::Leave);
        deeds
    });
    let outcome = play(&plan(deeds.collect()));
    assert_eq!(outcome.inputs.len(), ways.len() * reports.len());
    for (way, came) in ways.iter().zip(outcome.inputs.chunks(reports.len())) {
        assert_eq!(came, reports, "{way:02X?}");
    }
}

#[test]
fn a_stream_that_cannot_be_framed_ends_its_connection_and_the_next_one_is_heard() {
    let good = packet(GENERIC, None, &keys(true, 0x61, 0));
    // Another version; shorter than its header; longer than any.
    for bad in [[0x20, 0, 0, 4], [0x10, 0, 0, 5], [0, 0, 0xFF, 0xFF]] {
        let mut deeds = connection([[&good, &bad[..], &good].concat(), good.clone()]);
        deeds.extend(connection([good.clone(), good[..3].to_vec()]));
        // Half a packet does not become a whole one with what another connection brings.
        deeds.push(UserDeed::Leave);
        deeds.extend(connection([good.clone()]));
        let outcome = play(&plan(deeds));
        assert_eq!(outcome.inputs.len(), 3, "{bad:?}");
        assert_eq!((outcome.input.broken, outcome.input_closed), (1, 2));
    }
}

#[test]
fn what_is_not_valid_is_dropped_and_counted() {
    let outside = pointers(Touch::Down, &[(0, 1280, 0)]);
    let crowd = pointers(Touch::Down, &[(0, 1, 1); 33]);
    let long = hid(1, 0, 1, &[7; 1025]);
    let mixed = [outside.clone(), keys(true, 0x61, 0), generic(9, &[1])].concat();
    let pieces = [
        packet(GENERIC, None, &outside),
        packet(GENERIC, None, &mixed),
        packet(GENERIC, None, &crowd),
        packet(HIDC, None, &long),
        packet(2, None, b"whatever"),
        packet(GENERIC, None, &[0, 0, 9, 1]),
    ];
    let outcome = play(&plan(connection(pieces)));
    assert_eq!(outcome.inputs.len(), 1);
    let input = outcome.input;
    assert_eq!((input.taken, input.too_many), (1, 2));
    assert_eq!(input.invalid, 5, "{input:?}");
}

#[test]
fn a_flood_is_taken_in_turns_and_nothing_is_lost() {
    let key = packet(GENERIC, None, &keys(true, 0x61, 0));
    let outcome = play(&plan(connection([key.repeat(5000)])));
    assert_eq!(outcome.inputs.len(), 5000);
}

#[test]
fn a_packet_that_is_a_flood_by_itself_loses_what_is_too_much() {
    let body = generic(8, &[1, 0]).repeat(800);
    let outcome = play(&plan(connection([packet(GENERIC, None, &body)])));
    assert_eq!(outcome.input.taken + outcome.input.too_many, 800);
    assert!((1..100).contains(&outcome.inputs.len()));
}

#[test]
fn what_comes_while_input_is_switched_off_is_dropped() {
    let [first, second, third] =
        [0x61, 0x62, 0x63].map(|code| packet(GENERIC, None, &keys(true, code, 0)));
    let pause = |plan: &mut Plan, from: usize| {
        for step in &mut plan.user[from..] {
            step.after += Duration::from_millis(200);
        }
    };
    let mut deeds = connection([first]);
    deeds.extend([
        UserDeed::Tell(Command::SwitchInput(false)),
        UserDeed::Send(second),
    ]);
    deeds.extend([
        UserDeed::Tell(Command::SwitchInput(true)),
        UserDeed::Send(third),
    ]);
    let mut plan = plan(deeds);
    // M15 has to arrive before what follows.
    pause(&mut plan, 3);
    pause(&mut plan, 5);
    let outcome = play(&plan);
    let codes: Vec<u16> = outcome.inputs.iter().map(|input| input.first_key).collect();
    assert_eq!(codes, [0x61, 0x63]);
    assert_eq!(outcome.input.unwanted, 1);
    let m15 = |message: &&miracast_sink::machine::Logged| message.name == "M15";
    assert_eq!(outcome.messages.iter().filter(m15).count(), 2);
}

#[test]
fn a_miniport_that_refuses_loses_the_report_and_not_the_session() {
    let key = packet(GENERIC, None, &keys(true, 0x61, 0));
    for mute in [false, true] {
        let mut plan = plan(connection([key.repeat(3)]));
        let misbehaviour = &mut plan.miniport.misbehaviour;
        if mute {
            misbehaviour.mute.push(Opcode::INPUT_REPORT);
        } else {
            let refusal = (Opcode::INPUT_REPORT, NtStatus::DEVICE_NOT_READY);
            misbehaviour.refuse.push(refusal);
        }
        let outcome = play(&plan);
        assert_eq!((outcome.inputs.len(), outcome.input.refused), (0, 3));
    }
}

#[test]
fn nobody_is_asked_for_input_that_the_miniport_does_not_take() {
    let (packets, _) = everything();
    let mut deaf = plan(connection(packets.clone()));
    deaf.miniport.features = Features::empty();
    let outcome = play(&deaf);
    assert_eq!((outcome.input_port, outcome.inputs.len()), (None, 0));
    // Nor where the sink has none: what comes all the same is not wanted.
    let mut none = plan(connection(packets));
    none.sink.capabilities.extra.clear();
    let outcome = play(&none);
    assert_eq!((outcome.input_port, outcome.inputs.len()), (None, 0));
    assert_eq!(outcome.input.unwanted, 10);
    assert_eq!(outcome.phase, Phase::Playing);
}
