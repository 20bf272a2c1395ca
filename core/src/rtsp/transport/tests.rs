//! The forms of the field, and those that are refused.

use super::*;

const fn udp(client_port: Option<u16>, client_rtcp_port: Option<u16>) -> Transport {
    Transport {
        client_port,
        client_rtcp_port,
        tcp: false,
        noticed: Fired::new(),
    }
}

fn udp_with(quirk: Quirk, client_port: Option<u16>) -> Transport {
    let mut transport = udp(client_port, None);
    transport.noticed.note(quirk);
    transport
}

#[test]
fn the_forms_of_the_specification() {
    assert_eq!(
        parse("RTP/AVP/UDP;unicast;client_port=1028"),
        Ok(udp(Some(1028), None))
    );
    let pair = "RTP/AVP/UDP;unicast;client_port=15550-15551";
    assert_eq!(parse(pair), Ok(udp(Some(15550), Some(15551))));
    let tcp = "RTP/AVP/TCP;unicast;client_port=1028";
    assert_eq!(
        parse(tcp),
        Ok(Transport {
            tcp: true,
            ..udp(Some(1028), None)
        })
    );
}

#[test]
fn case_order_and_unknown_attributes_are_free() {
    let value = "rtp/avp;mode=play;CLIENT_PORT=53151-53153;ssrc=1;Unicast;blocksize=1=2;;";
    assert_eq!(parse(value), Ok(udp(Some(53151), Some(53153))));
}

#[test]
fn q3_no_client_port() {
    assert_eq!(parse("RTP/AVP/UDP;unicast"), Ok(udp_with(Quirk::Q3, None)));
}

#[test]
fn q4_white_space_for_a_semicolon() {
    assert_eq!(
        parse("RTP/AVP/UDP;unicast client_port=1028"),
        Ok(udp_with(Quirk::Q4, Some(1028)))
    );
    assert_eq!(
        parse(" RTP/AVP/UDP; unicast;\tclient_port=1028 "),
        Ok(udp_with(Quirk::Q4, Some(1028)))
    );
}

#[test]
fn q5_a_second_port_of_zero_or_the_same_is_no_rtcp() {
    for pair in ["53000-0", "53000-53000"] {
        let value = std::format!("RTP/AVP/UDP;unicast;client_port={pair}");
        assert_eq!(
            parse(&value),
            Ok(udp_with(Quirk::Q5, Some(53000))),
            "{pair}"
        );
    }
}

#[test]
fn q43_interleaved_has_no_port() {
    let tcp = Transport {
        tcp: true,
        ..udp(None, None)
    };
    assert_eq!(parse("RTP/AVP/TCP;interleaved=0-1"), Ok(tcp));
}

#[test]
fn of_several_the_first_usable_one_over_udp() {
    let value = "RTP/AVP/MPT;unicast,RTP/AVP/TCP;unicast;client_port=1,\
                 RTP/AVP/UDP;unicast;client_port=2,RTP/AVP/UDP;unicast;client_port=3";
    assert_eq!(parse(value), Ok(udp(Some(2), None)));
    let only_tcp = "RTP/AVP/UDP;multicast,RTP/AVP/TCP;unicast;client_port=1";
    assert_eq!(
        parse(only_tcp),
        Ok(Transport {
            tcp: true,
            ..udp(Some(1), None)
        })
    );
}

#[test]
fn what_is_refused_and_why() {
    for (value, reason) in [
        ("", Unsupported::Profile),
        (",", Unsupported::Profile),
        ("unicast", Unsupported::Profile),
        ("RTP/SAVP/UDP;unicast;client_port=1", Unsupported::Profile),
        (
            "RTP/AVP/UDP;multicast;client_port=1",
            Unsupported::NotUnicast,
        ),
        ("RTP/AVP/UDP;client_port=1", Unsupported::NotUnicast),
        ("RTP/AVP/UDP;unicast;client_port", Unsupported::ClientPort),
        ("RTP/AVP/UDP;unicast;client_port=0", Unsupported::ClientPort),
        (
            "RTP/AVP/UDP;unicast;client_port=65536",
            Unsupported::ClientPort,
        ),
        (
            "RTP/AVP/UDP;unicast;client_port=+1",
            Unsupported::ClientPort,
        ),
        (
            "RTP/AVP/UDP;unicast;client_port=1-",
            Unsupported::ClientPort,
        ),
        (
            "RTP/AVP/UDP;unicast;client_port=1-2-3",
            Unsupported::ClientPort,
        ),
        (
            "RTP/AVP/UDP;unicast;client_port=0-1,x",
            Unsupported::ClientPort,
        ),
    ] {
        assert_eq!(parse(value), Err(reason), "{value:?}");
    }
}
