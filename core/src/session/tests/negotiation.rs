//! M1 to M7: what is said, in which order, and what goes wrong.

use core::time::Duration;
use std::string::String;

use super::script::{CAPABILITIES, Script, start};
use crate::limits;
use crate::rtsp::transport::Unsupported;
use crate::rtsp::{Method, Status};
use crate::session::phase::PhaseKind;
use crate::session::theirs::{Verdict, verdict};
use crate::session::{Asked, Awaited, Event, Input, Phase, Reason, Start};

const MILLISECOND: Duration = Duration::from_millis(1);

#[test]
fn the_whole_conversation_is_as_the_specification_writes_it() {
    let mut script = Script::new();
    assert_eq!(
        script.message(),
        "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nRequire: org.wfa.wfd1.0\r\n\r\n"
    );
    script.ok(1);
    script.ask("OPTIONS *", 100, "Require: org.wfa.wfd1.0\r\n");
    assert_eq!(
        script.message(),
        "RTSP/1.0 200 OK\r\nCSeq: 100\r\nPublic: org.wfa.wfd1.0, SETUP, TEARDOWN, PLAY, PAUSE, \
         GET_PARAMETER, SET_PARAMETER\r\n\r\n"
    );
    script.wait(limits::GAP_BEFORE_M3);
    assert_eq!(
        script.message(),
        "GET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0\r\nCSeq: 2\r\n\
         Content-Type: text/parameters\r\nContent-Length: 347\r\n\r\n\
         wfd_video_formats\r\nwfd_audio_codecs\r\nwfd_client_rtp_ports\r\nwfd_display_edid\r\n\
         wfd_connector_type\r\nmicrosoft_max_bitrate\r\nwfd_idr_request_capability\r\n\
         intel_sink_manufacturer_name\r\nwfd_standby_resume_capability\r\n\
         microsoft_format_change_capability\r\nmicrosoft_latency_management_capability\r\n\
         microsoft_diagnostics_capability\r\nmicrosoft_rtcp_capability\r\n"
    );
    script.ok_with(2, CAPABILITIES);
    assert_eq!(
        script.events(),
        [Event::Negotiated {
            monitor: true,
            reduced: false
        }]
    );
    script.mode(1, 1280, 720, 30);
    assert_eq!(
        script.message(),
        "SET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0\r\nCSeq: 3\r\n\
         Content-Type: text/parameters\r\nContent-Length: 213\r\n\r\n\
         wfd_video_formats: 00 00 01 10 00000020 00000000 00000000 00 0000 0000 00 none none\r\n\
         wfd_presentation_URL: rtsp://192.168.173.1/wfd1.0/streamid=0 none\r\n\
         wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n"
    );
    script.ok(3);
    assert_eq!(
        script.message(),
        "SET_PARAMETER rtsp://localhost/wfd1.0 RTSP/1.0\r\nCSeq: 4\r\n\
         Content-Type: text/parameters\r\nContent-Length: 27\r\n\r\nwfd_trigger_method: SETUP\r\n"
    );
    script.ok(4);
    let transport = "Transport: RTP/AVP/UDP;unicast;client_port=19000-19001\r\n";
    script.ask(
        "SETUP rtsp://192.168.173.1/wfd1.0/streamid=0",
        101,
        transport,
    );
    assert_eq!(
        script.message(),
        "RTSP/1.0 200 OK\r\nCSeq: 101\r\nSession: 305419896;timeout=30\r\n\
         Transport: RTP/AVP/UDP;unicast;client_port=19000-19001;server_port=50000-50001\r\n\r\n"
    );
    script.ask(
        "PLAY rtsp://192.168.173.1/wfd1.0/streamid=0",
        102,
        "Session: 305419896\r\n",
    );
    assert_eq!(
        script.message(),
        "RTSP/1.0 200 OK\r\nCSeq: 102\r\nSession: 305419896;timeout=30\r\nRange: npt=now-\r\n\r\n"
    );
    assert_eq!(script.session.phase(), Phase::Playing);
}

#[test]
fn m3_leaves_a_gap_after_the_answer_to_m2() {
    let mut script = Script::new();
    script.ok(1);
    script.ask("OPTIONS *", 1, "");
    script.sent.clear();
    script.wait(limits::GAP_BEFORE_M3.saturating_sub(MILLISECOND));
    assert!(script.sent.is_empty());
    script.wait(MILLISECOND);
    assert!(script.message().starts_with("GET_PARAMETER"));
}

#[test]
fn m2_may_come_before_the_answer_to_m1_with_it_or_never() {
    for early in [true, false] {
        let mut script = Script::new();
        script.sent.clear();
        let (answer, m2) = (
            "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n",
            "OPTIONS * RTSP/1.0\r\nCSeq: 0\r\n\r\n",
        );
        let both = if early {
            [m2, answer].concat()
        } else {
            [answer, m2].concat()
        };
        script.bytes(&both);
        assert!(script.message().contains("Public: "));
        assert_eq!(script.session.phase(), Phase::Gap);
    }
    let mut script = Script::new();
    script.ok(1);
    script.wait(limits::OPTIONS_WAIT + limits::GAP_BEFORE_M3);
    assert_eq!(script.session.phase(), Phase::Asking);
    script.sent.clear();
    script.ask("OPTIONS *", 0, "");
    assert!(script.message().contains("Public: "));
}

#[test]
fn setup_may_come_before_the_answer_to_its_trigger() {
    let mut script = Script::proposing();
    script.ok(3);
    script.sent.clear();
    script.setup(2, "RTP/AVP/UDP;unicast;client_port=15550");
    assert!(
        script
            .message()
            .contains("client_port=15550;server_port=50000\r\n")
    );
    script.ok(4);
    script.ask("PLAY x", 3, "");
    assert_eq!(script.session.phase(), Phase::Playing);
}

#[test]
fn the_port_of_setup_wins_and_a_second_setup_and_play_get_the_same_answers() {
    let mut script = Script::proposing();
    script.ok(3);
    script.ok(4);
    script.sent.clear();
    let transport = "Transport: RTP/AVP/UDP;unicast;client_port=15550-15551\r\n";
    script.ask("SETUP x none", 2, transport);
    let first = script.message();
    script.ask("SETUP x", 2, transport);
    assert_eq!(script.message(), first);
    let expected = Event::Transport {
        rtp: 15_550,
        rtcp: Some(15_551),
    };
    assert_eq!(
        script
            .events()
            .iter()
            .filter(|event| **event == expected)
            .count(),
        1
    );
    script.ask("PLAY x", 4, "Session: 1\r\n");
    script.ask("PLAY x", 4, "Session: 1\r\n");
    assert_eq!(script.sent[0], script.sent[1]);
    script.sent.clear();
    let other = "Transport: RTP/AVP/UDP;unicast;client_port=9-10\r\n";
    script.ask("SETUP x", 6, other);
    assert!(script.message().starts_with("RTSP/1.0 455 "));
}

/// MS-WFDPE §2.8.1.1, and S2.1 §6.2.4 for everybody else.
#[test]
fn a_sink_that_reports_by_rtcp_gets_two_ports_and_any_other_as_many_as_it_named() {
    let supported = "microsoft_rtcp_capability: supported\r\n";
    for (extension, client, server) in [
        ("", "1028", "50000"),
        ("", "1028-1029", "50000-50001"),
        ("", "1028-0", "50000"),
        ("microsoft_rtcp_capability: none\r\n", "1028", "50000"),
        (supported, "1028", "50000-50001"),
        (supported, "1028-1029", "50000-50001"),
    ] {
        let mut script = Script::new();
        script.negotiate(&std::format!("{CAPABILITIES}{extension}"));
        script.mode(1, 1280, 720, 30);
        script.ok(3);
        script.sent.clear();
        script.setup(2, &std::format!("RTP/AVP/UDP;unicast;client_port={client}"));
        let echo = client.trim_end_matches("-0");
        let expected = std::format!("unicast;client_port={echo};server_port={server}\r\n");
        assert!(script.message().contains(&expected), "{extension}{client}");
    }
}

#[test]
fn a_transport_that_is_not_udp_is_refused_and_the_session_waits_on() {
    let mut script = Script::proposing();
    script.ok(3);
    script.sent.clear();
    script.setup(2, "RTP/AVP/TCP;unicast;client_port=5");
    assert!(script.message().starts_with("RTSP/1.0 461 "));
    assert_eq!(script.session.phase(), Phase::AwaitingSetup);
}

#[test]
fn a_session_that_ends_for_want_of_a_transport_says_which_one_was_refused() {
    let refused = |header, end: fn(&mut Script)| {
        let mut script = Script::proposing();
        script.ok(3);
        script.ok(4);
        script.setup(2, header);
        end(&mut script);
        script.ended()
    };
    let closes = |script: &mut Script| script.input(Input::Closed);
    let leaves = |script: &mut Script| script.ask("TEARDOWN rtsp://x/wfd1.0/streamid=0", 3, "");
    let waits = |script: &mut Script| script.wait(Duration::from_secs(6));
    for (header, why) in [
        ("RTP/AVP/TCP;unicast;client_port=5", Unsupported::Tcp),
        ("RTP/AVP/MPT;unicast;client_port=5", Unsupported::Profile),
        ("RTP/AVP/UDP;client_port=5", Unsupported::NotUnicast),
        ("RTP/AVP/UDP;unicast;client_port=0", Unsupported::ClientPort),
    ] {
        for end in [closes, leaves, waits] {
            assert_eq!(refused(header, end), Some(Reason::NoTransport(why)));
        }
    }
    // What the sink itself says, and what comes of a later SETUP, is another reason.
    let says_why = |script: &mut Script| {
        script.bytes(
            "TEARDOWN rtsp://x/wfd1.0/streamid=0 RTSP/1.0\r\nCSeq: 3\r\n\
             Content-Type: text/parameters\r\nContent-Length: 41\r\n\r\n\
             microsoft_teardown_reason: C00D4278 none\r\n",
        );
    };
    let tcp = "RTP/AVP/TCP;unicast;client_port=5";
    assert_eq!(refused(tcp, says_why), Some(Reason::SinkFault(0xC00D_4278)));
    let mends = |script: &mut Script| {
        script.setup(3, "RTP/AVP/UDP;unicast;client_port=5");
        script.setup(4, "RTP/AVP/TCP;unicast;client_port=5");
        script.input(Input::Closed);
    };
    assert_eq!(refused(tcp, mends), Some(Reason::SinkClosed));
}

#[test]
fn a_reply_without_our_number_answers_the_only_question() {
    for head in ["", "CSeq: 0\r\n", "CSeq: 301\r\n"] {
        let mut script = Script::new();
        script.ask("OPTIONS *", 1, "");
        script.bytes(&std::format!("RTSP/1.0 200 OK\r\n{head}\r\n"));
        assert_eq!(script.session.phase(), Phase::Gap, "{head}");
    }
}

#[test]
fn a_sink_that_falls_silent_is_named_by_what_it_owes() {
    let mut script = Script::new();
    script.wait(Duration::from_secs(5));
    assert_eq!(script.ended(), Some(Reason::NoReply(Asked::Options)));

    let mut script = Script::new();
    script.ok(1);
    script.ask("OPTIONS *", 1, "");
    script.wait(Duration::from_secs(8));
    assert_eq!(script.ended(), Some(Reason::NoReply(Asked::Capabilities)));

    let mut script = Script::proposing();
    script.wait(Duration::from_secs(5));
    assert_eq!(script.ended(), Some(Reason::NoReply(Asked::Formats)));

    let mut script = Script::proposing();
    script.ok(3);
    script.ok(4);
    script.wait(Duration::from_secs(6));
    assert_eq!(script.ended(), Some(Reason::NoRequest(Awaited::Setup)));
}

#[test]
fn no_play_after_setup_ends_with_a_teardown_trigger() {
    let mut script = Script::proposing();
    script.ok(3);
    script.ok(4);
    script.setup(2, "RTP/AVP/UDP;unicast;client_port=15550");
    script.sent.clear();
    script.wait(Duration::from_secs(6));
    assert!(
        script
            .message()
            .ends_with("wfd_trigger_method: TEARDOWN\r\n")
    );
    script.wait(limits::TEARDOWN_GRACE);
    assert_eq!(script.ended(), Some(Reason::NoRequest(Awaited::Play)));
}

#[test]
fn what_the_sink_lacks_is_named() {
    let parameters = [
        (
            "wfd_video_formats: 00 00 ff\r\n",
            Reason::BadCapabilities("wfd_client_rtp_ports"),
        ),
        (
            "wfd_audio_codecs: none\r\nwfd_client_rtp_ports: RTP/AVP/UDP;unicast 9 0 mode=play\r\n",
            Reason::BadCapabilities("wfd_video_formats"),
        ),
        (
            "wfd_video_formats: 00 00 01 10 00000001 00000000 00000000 00 0000 0000 00 none none\r\n",
            Reason::BadCapabilities("wfd_client_rtp_ports"),
        ),
    ];
    for (body, reason) in parameters {
        let mut script = Script::new();
        script.negotiate(body);
        assert_eq!(script.ended(), Some(reason), "{body}");
    }
}

#[test]
fn a_sink_without_a_common_mode_is_refused() {
    let mut script = Script::new();
    let interlaced_only =
        CAPABILITIES.replace("0001FFFF 1FFFFFFF 00000FFF", "00000204 00000000 00000000");
    script.negotiate(&interlaced_only);
    assert_eq!(script.ended(), Some(Reason::NoCommonMode));
}

#[test]
fn a_link_that_carries_no_mode_is_refused() {
    let mut script = Script::with(&Start {
        bit_rate: 100_000,
        ..start()
    });
    script.negotiate(CAPABILITIES);
    assert_eq!(script.ended(), Some(Reason::LinkTooSlow));
}

#[test]
fn a_link_has_nothing_to_carry_where_there_is_no_monitor() {
    let mut script = Script::with(&Start {
        bit_rate: 100_000,
        ..start()
    });
    script.negotiate(&CAPABILITIES.replace("wfd_connector_type: 05", "wfd_connector_type: none"));
    assert_eq!(script.ended(), None);
}

#[test]
fn a_slow_link_cuts_the_list_and_says_so() {
    let mut script = Script::with(&Start {
        bit_rate: 5_000_000,
        ..start()
    });
    script.negotiate(CAPABILITIES);
    assert_eq!(
        script.events(),
        [Event::Negotiated {
            monitor: true,
            reduced: true
        }]
    );
}

#[test]
fn a_sink_may_bound_the_bit_rate_as_the_link_does() {
    let mut slow_link = Script::with(&Start {
        bit_rate: 5_000_000,
        ..start()
    });
    slow_link.negotiate(CAPABILITIES);
    let mut slow_sink = Script::new();
    slow_sink.negotiate(&std::format!(
        "{CAPABILITIES}microsoft_max_bitrate: 5000000\r\n"
    ));
    assert_eq!(slow_sink.events(), slow_link.events());
    assert_eq!(slow_sink.session.selection(), slow_link.session.selection());
}

#[test]
fn a_sink_without_a_monitor_is_reported_so() {
    let mut script = Script::new();
    script.negotiate(&CAPABILITIES.replace("wfd_connector_type: 05", "wfd_connector_type: none"));
    assert_eq!(
        script.events(),
        [Event::Negotiated {
            monitor: false,
            reduced: false
        }]
    );
    assert!(script.session.monitor().is_none());
}

/// Which request leads to what in which phase: a change of the table is a change of this picture.
#[test]
fn the_matrix_of_requests_and_phases_is_the_reviewed_one() {
    let methods = [
        Method::Options,
        Method::GetParameter,
        Method::SetParameter,
        Method::Setup,
        Method::Play,
        Method::Pause,
        Method::Teardown,
        Method::Other,
    ];
    let mut matrix = String::new();
    for method in methods {
        for phase in PhaseKind::ALL {
            matrix.push(match verdict(method, phase) {
                Verdict::Greet => 'o',
                Verdict::Setup => 's',
                Verdict::Play => 'p',
                Verdict::Resume => 'r',
                Verdict::Pause => 'h',
                Verdict::Teardown => 't',
                Verdict::Parameters => 'b',
                Verdict::Acknowledge => '=',
                Verdict::Refuse(Status::METHOD_NOT_VALID_IN_THIS_STATE) => '5',
                Verdict::Refuse(Status::NOT_IMPLEMENTED) => '1',
                Verdict::Refuse(_) => '?',
                // in-pause-state, in-standby-mode: their letter after in-.
                Verdict::Because(phrase) => phrase
                    .chars()
                    .nth(3)
                    .map_or('?', |c| c.to_ascii_uppercase()),
            });
        }
        matrix.push('\n');
    }
    // Columns: Idle Greeting Gap Asking AwaitingMode Proposing AwaitingSetup AwaitingPlay Playing
    // Paused Standby Closing Closed. Rows: as above.
    let reviewed = "\
ooooooooooSoo
bbbbbbbbbbbbb
bbbbbbbbbbbbb
555555ssssS55
5555555p=rr55
5555555PhhS55
ttttttttttttt
1111111111111
";
    assert_eq!(matrix, reviewed);
}
