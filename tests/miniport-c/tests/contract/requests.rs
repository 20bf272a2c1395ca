//! Every request of the driver: what it does, its repetition, and what the state forbids.

use miracast_kmd_iface::codec::{Request, encode_request};
use miracast_kmd_iface::escape::{
    Features, Hello, ModeFailed, MonitorDepart, RequestIdr, SetRate, StreamClose, StreamOpen,
    StreamStart, StreamStop, VersionRange,
};
use miracast_kmd_iface::ring::PAGE;
use miracast_kmd_iface::timing::Refresh;
use miracast_kmd_iface::{Field, MESSAGE_MAX, NtStatus, ReplyError};
use miracast_miniport_c::Model;

use crate::driver::{Driver, HELLO, MODE, STREAM_OPEN, config, input_report, monitor_arrive};

fn refused<T>(status: NtStatus, field: Field) -> Result<T, ReplyError> {
    Err(ReplyError::Refused { status, field })
}

fn wrong_state<T>() -> Result<T, ReplyError> {
    refused(NtStatus::INVALID_DEVICE_STATE, Field::NONE)
}

fn blames<T>(field: Field) -> Result<T, ReplyError> {
    refused(NtStatus::INVALID_PARAMETER, field)
}

#[test]
fn hello_names_version_features_and_encoder_and_may_be_repeated() {
    let mut driver = Driver::new(&config());
    for _ in 0..2 {
        let reply = driver.ask(&HELLO).unwrap();
        assert_eq!(reply.version, 1);
        assert_eq!(reply.features, config().features);
        assert_eq!(reply.encoder, config().encoder);
        assert_eq!(reply.audio, config().audio);
    }
    let newer = Hello {
        versions: VersionRange {
            oldest: 2,
            newest: 9,
        },
        ..HELLO
    };
    let too_new = refused(NtStatus::REVISION_MISMATCH, Field::VERSION);
    assert_eq!(driver.ask(&newer), too_new);
    let both = Hello {
        versions: VersionRange {
            oldest: 1,
            newest: 9,
        },
        ..HELLO
    };
    assert_eq!(driver.ask(&both).map(|reply| reply.version), Ok(1));
}

#[test]
fn nothing_comes_before_hello() {
    let mut driver = Driver::new(&config());
    assert_eq!(driver.ask(&monitor_arrive()), wrong_state());
    assert_eq!(driver.ask(&MonitorDepart {}), wrong_state());
    assert_eq!(driver.ask(&STREAM_OPEN), wrong_state());
    assert_eq!(driver.ask(&StreamStart { stream: 1 }), wrong_state());
    assert_eq!(driver.ask(&HELLO).map(|reply| reply.version), Ok(1));
    assert!(driver.ask(&monitor_arrive()).is_ok());
}

#[test]
fn a_monitor_comes_and_goes_more_than_once() {
    let mut driver = Driver::with_mode();
    assert!(driver.ask(&monitor_arrive()).is_ok());
    assert_eq!(driver.model.state().has_monitor, 1);
    for _ in 0..2 {
        assert!(driver.ask(&MonitorDepart {}).is_ok());
        assert_eq!(driver.model.state().has_monitor, 0);
    }
    assert_eq!(driver.ask(&STREAM_OPEN), wrong_state(), "the mode is gone");
}

#[test]
fn a_stream_goes_through_its_life_and_every_step_may_be_repeated() {
    let mut driver = Driver::with_mode();
    let opened = driver.ask(&STREAM_OPEN).unwrap();
    let stream = opened.stream;
    assert_ne!(stream, 0);
    assert_eq!((opened.control_len, opened.data_len), (PAGE, PAGE));
    assert!(opened.attributes.is_empty());
    assert_eq!(driver.model.state().running, 0);
    for _ in 0..2 {
        let started = driver.ask(&StreamStart { stream }).unwrap();
        let sets = started.parameter_sets;
        assert_eq!(sets.as_slice(), config().parameter_sets);
        let state = driver.model.state();
        assert_eq!((state.running, state.bit_rate), (1, STREAM_OPEN.bit_rate));
    }
    for _ in 0..2 {
        assert!(driver.ask(&StreamStop { stream }).is_ok());
        assert_eq!(driver.model.state().running, 0);
    }
    for _ in 0..2 {
        assert!(driver.ask(&StreamClose { stream }).is_ok());
        assert_eq!(driver.model.state().stream, 0);
    }
    assert_eq!(driver.ask(&StreamStart { stream }), blames(Field::STREAM));
    let again = driver.ask(&STREAM_OPEN).unwrap();
    assert_ne!(again.stream, stream, "numbers are not used again");
}

#[test]
fn only_the_open_stream_is_known() {
    let (mut driver, opened, _ring) = Driver::running();
    let in_use = refused(NtStatus::RESOURCE_IN_USE, Field::NONE);
    assert_eq!(driver.ask(&STREAM_OPEN), in_use);
    for stream in [0, opened.stream + 1] {
        assert_eq!(driver.ask(&StreamStart { stream }), blames(Field::STREAM));
        assert_eq!(driver.ask(&StreamStop { stream }), blames(Field::STREAM));
        assert_eq!(driver.ask(&StreamClose { stream }), blames(Field::STREAM));
        assert_eq!(driver.ask(&RequestIdr { stream }), blames(Field::STREAM));
    }
    assert_eq!(driver.model.state().running, 1);
}

#[test]
fn a_start_wants_an_idr_once_and_a_request_another() {
    let (mut driver, opened, _ring) = Driver::running();
    let stream = opened.stream;
    assert_eq!(driver.model.state().idr_wanted, 1);
    driver.model.idr_made();
    assert!(driver.ask(&StreamStart { stream }).is_ok());
    assert_eq!(driver.model.state().idr_wanted, 0, "it was running");
    assert!(driver.ask(&RequestIdr { stream }).is_ok());
    assert_eq!(driver.model.state().idr_wanted, 1);
}

#[test]
fn a_rate_is_held_against_the_encoder() {
    let (mut driver, opened, _ring) = Driver::running();
    let rate = |bit_rate| SetRate {
        bit_rate,
        stream: opened.stream,
        refresh: Refresh::UNCHANGED,
    };
    assert!(driver.ask(&rate(3_000_000)).is_ok());
    assert_eq!(driver.model.state().bit_rate, 3_000_000);
    assert_eq!(driver.ask(&rate(50_000_001)), blames(Field::BIT_RATE));
    assert_eq!(driver.ask(&rate(0)), blames(Field::BIT_RATE));
    assert_eq!(driver.model.state().bit_rate, 3_000_000);
}

#[test]
fn a_failed_mode_is_the_last_one_or_none() {
    let mut driver = Driver::with_mode();
    let failed = |mode_sequence| ModeFailed {
        mode_sequence,
        status: NtStatus::NOT_SUPPORTED,
    };
    assert_eq!(driver.ask(&failed(2)), blames(Field::SEQUENCE));
    assert!(driver.ask(&failed(1)).is_ok());
    let told = NtStatus(driver.model.state().mode_failure);
    assert_eq!(told, NtStatus::NOT_SUPPORTED);
    assert_eq!(Driver::greeted().ask(&failed(0)), wrong_state());
}

#[test]
fn input_is_taken_if_both_sides_named_it() {
    let mut driver = Driver::greeted();
    assert!(driver.ask(&input_report()).is_ok());
    assert!(driver.ask(&input_report()).is_ok());
    assert_eq!(driver.model.state().inputs, 2, "each is one of its own");
    let mut bad = input_report();
    bad.first_key = 0;
    assert!(driver.ask(&bad).is_ok(), "it is no report of keys");
    bad.width = 1;
    assert_eq!(driver.ask(&bad), blames(Field::POINTERS));
    assert_eq!(driver.model.state().inputs, 3);
    let deaf = Hello {
        features: Features::empty(),
        ..HELLO
    };
    assert!(driver.ask(&deaf).is_ok());
    assert_eq!(driver.ask(&input_report()), wrong_state());
    let mut config = config();
    config.features = Features::empty();
    let mut driver = Driver::new(&config);
    assert!(driver.ask(&HELLO).is_ok());
    assert_eq!(driver.ask(&input_report()), wrong_state());
}

#[test]
fn a_stream_is_held_against_mode_and_encoder() {
    type Change = fn(&mut StreamOpen);
    let changes: [(Change, Field); 9] = [
        (|open| open.mode_sequence = 2, Field::SEQUENCE),
        (|open| open.width = 1280, Field::WIDTH),
        (|open| open.height = 720, Field::HEIGHT),
        (
            |open| open.refresh = Refresh::from_hertz(30),
            Field::REFRESH,
        ),
        (|open| open.profile_idc = 100, Field::PROFILE),
        (|open| open.constraint_flags = 0, Field::PROFILE),
        (|open| open.level_idc = 50, Field::LEVEL),
        (|open| open.slices = 5, Field::SLICES),
        (|open| open.bit_rate = 50_000_001, Field::BIT_RATE),
    ];
    let mut driver = Driver::with_mode();
    for (change, field) in changes {
        let mut open = STREAM_OPEN;
        change(&mut open);
        assert_eq!(driver.ask(&open), blames(field), "{open:?}");
    }
    assert!(driver.ask(&STREAM_OPEN).is_ok());
}

#[test]
fn a_stream_needs_a_mode_and_an_answer_for_the_newest() {
    let mut driver = Driver::greeted();
    assert_eq!(driver.ask(&STREAM_OPEN), wrong_state());
    let mut driver = Driver::with_mode();
    let mut message = [0; MESSAGE_MAX];
    driver.model.mode_set(Some(MODE), &mut message).unwrap();
    assert_eq!(driver.ask(&STREAM_OPEN), blames(Field::SEQUENCE));
    let newest = StreamOpen {
        mode_sequence: 2,
        ..STREAM_OPEN
    };
    assert!(driver.ask(&newest).is_ok());
    let mut driver = Driver::with_mode();
    driver.model.mode_set(None, &mut message).unwrap();
    assert_eq!(driver.ask(&newest), wrong_state(), "the path is off");
}

/// What the call says of `request` with room for `capacity` bytes of answer.
fn with_room<R: Request>(model: &mut Model, request: &R, capacity: usize) -> (NtStatus, usize) {
    let mut input = [0; MESSAGE_MAX];
    let length = encode_request(1, request, &mut input).unwrap();
    model.escape(&input[..length], &mut vec![0; capacity])
}

#[test]
fn without_room_for_the_answer_nothing_is_done() {
    let too_small = (NtStatus::BUFFER_TOO_SMALL, 0);
    let mut driver = Driver::new(&config());
    assert_eq!(with_room(&mut driver.model, &HELLO, 87), too_small);
    assert_eq!(driver.model.state().greeted, 0);
    assert_eq!(
        with_room(&mut driver.model, &HELLO, 88),
        (NtStatus::SUCCESS, 88)
    );
    let mut driver = Driver::with_mode();
    assert_eq!(with_room(&mut driver.model, &STREAM_OPEN, 47), too_small);
    assert_eq!(driver.model.state().stream, 0);
    // A refusal has a body of four bytes, and any request may be refused.
    assert_eq!(
        with_room(&mut driver.model, &MonitorDepart {}, 27),
        too_small
    );
    assert_eq!(driver.model.state().has_monitor, 1);
}

#[test]
fn one_buffer_serves_for_request_and_reply() {
    let mut driver = Driver::new(&config());
    let mut buffer = [0; MESSAGE_MAX];
    let length = encode_request(5, &HELLO, &mut buffer).unwrap();
    let (status, length) = driver.model.escape_in_place(&mut buffer, length);
    assert_eq!(status, NtStatus::SUCCESS);
    let reply = miracast_kmd_iface::codec::decode_reply::<Hello>(&buffer[..length], 5);
    assert_eq!(reply.map(|reply| reply.encoder), Ok(config().encoder));
}

#[test]
fn after_the_end_of_the_context_nothing_is_known() {
    let (mut driver, opened, _ring) = Driver::running();
    driver.model.close();
    assert_eq!(driver.model.state().running, 0);
    let start = StreamStart {
        stream: opened.stream,
    };
    assert_eq!(driver.ask(&start), wrong_state());
}

#[test]
fn memory_that_is_no_ring_is_refused() {
    for data_len in [0, PAGE / 2, PAGE * 3] {
        let mut config = config();
        config.data_len = data_len;
        let refused = Model::new(&config).map(|_| ());
        assert_eq!(refused, Err(NtStatus::INVALID_PARAMETER), "{data_len}");
    }
}
