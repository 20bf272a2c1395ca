//! The sink's user, over a real connection: only the sink's first one is heard.

use core::cell::Cell;
use core::net::Ipv4Addr;
use std::io::{Read, Write};
use std::net::TcpStream;

use miracast_kmd_iface::escape::{InputKind, InputReport};
use miracast_os::ledger;
use miracast_sink::input::{GENERIC, keys, packet};
use miracast_sink::live::Options;
use miracast_sink::machine::Event;
use miracast_suite::session::{Session, wait_until};
use miracast_suite::source::{BIT_RATE, Deed};

use crate::stage::{SOON, assert_good, connect, sink, vga};

/// The usual sink, with a keyboard.
fn sink_with_keyboard() -> Options {
    let mut options = sink();
    let offer =
        "input_category_list=GENERIC;generic_cap_list=Keyboard;hidc_cap_list=none;port=none";
    let answer = ("wfd_uibc_capability".to_owned(), offer.to_owned());
    options.settings.capabilities.extra.push(answer);
    options
}

/// Starts a session; the result is the port that M4 names for input.
fn play(session: &mut Session) -> u16 {
    session.start(BIT_RATE).expect("a session");
    let port = Cell::new(0);
    let is_port = |event: &Event| {
        if let Event::InputPort(named) = event {
            port.set(*named);
        }
        port.get() != 0
    };
    assert!(session.wait_for_event(SOON, is_port), "no port in M4");
    assert!(session.wait_for_play(SOON), "the sink does not play");
    port.get()
}

fn open(port: u16) -> TcpStream {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("a listener");
    stream.set_read_timeout(Some(SOON)).expect("a timeout");
    stream
}

/// The input that has come to the miniport.
fn inputs(session: &Session) -> Vec<InputReport> {
    let deeds = session.source().deeds().into_iter();
    let input = deeds.filter_map(|noted| match noted.deed {
        Deed::Input(report) => Some(*report),
        _ => None,
    });
    input.collect()
}

#[test]
fn what_the_sinks_user_types_comes_to_the_miniport_and_nobody_elses() {
    let _alone = ledger::alone();
    let mut session = connect(vga(), sink_with_keyboard());
    let port = play(&mut session);
    let key = |code| packet(GENERIC, Some(7), &keys(true, code, 0));
    let mut first = open(port);
    first.write_all(&key(0x61)).expect("sent");
    assert!(wait_until(SOON, || inputs(&session).len() == 1));

    let mut second = open(port);
    assert_eq!(second.read(&mut [0]).unwrap_or(0), 0, "closed at once");
    let (half, other) = (key(0x62), key(0x63));
    first.write_all(&half[..5]).expect("sent");
    first
        .write_all(&[&half[5..], &other].concat())
        .expect("sent");
    assert!(wait_until(SOON, || inputs(&session).len() == 3));

    // A stream that cannot be framed ends the connection; another is welcome.
    first.write_all(&[0xFF; 4]).expect("sent");
    assert_eq!(first.read(&mut [0]).unwrap_or(0), 0, "closed");
    let mut third = open(port);
    third.write_all(&key(0x64)).expect("sent");
    assert!(wait_until(SOON, || inputs(&session).len() == 4));

    let came = inputs(&session);
    let codes: Vec<u16> = came.iter().map(|input| input.first_key).collect();
    assert_eq!(codes, [0x61, 0x62, 0x63, 0x64]);
    let whole = |input: &InputReport| {
        let size = (input.width, input.height) == (640, 480);
        size && input.kind == InputKind::KEY_DOWN && input.timestamp == 7
    };
    assert!(came.iter().all(whole), "{came:?}");
    drop((first, second, third));
    assert!(session.wait_for_pictures(30, SOON));
    // No listener and no connection of the driver is left: that is counted.
    assert_good(&session.finish().expect("a sink"));
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect_err("nobody listens");
}
