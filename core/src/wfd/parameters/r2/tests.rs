use std::string::ToString;

use proptest::prelude::*;

use super::*;

#[test]
fn auxiliary_streams_are_three_bytes() {
    let streams = AuxStreams {
        codecs: 7,
        layers: 2,
        resolution: 0x1F,
    };
    assert_eq!(AuxStreams::read("07 02 1f"), Ok(Offer::Present(streams)));
    assert_eq!(streams.to_string(), "07 02 1F");
    assert_eq!(AuxStreams::read("none"), Ok(Offer::None));
    assert_eq!(AuxStreams::read("07 02"), Err(Fault::Missing));
    assert_eq!(AuxStreams::read("07 02 100"), Err(Fault::TooLarge));
    assert_eq!(AuxStreams::read("07 02 1 0"), Err(Fault::Extra));
}

#[test]
fn a_playback_status_has_two_fields_that_may_be_none() {
    let read = PlaybackStatus::read;
    let status = |buffered, pts| Ok(PlaybackStatus { buffered, pts });
    assert_eq!(read("none none"), status(None, None));
    // The 33 bits of the time stamp are above seven zero bits.
    assert_eq!(read("0120 00000bb800"), status(Some(120), Some(6000)));
    assert_eq!(read("none 00000bb800"), status(None, Some(6000)));
    assert_eq!(read("10000 none"), Err(Fault::TooLarge));
    assert_eq!(read("none 10000000000"), Err(Fault::TooLarge));
    assert_eq!(read("none 0000000001"), Err(Fault::Forbidden));
    assert_eq!(read("0120"), Err(Fault::Missing));
    assert_eq!(read("none none none"), Err(Fault::Extra));
}

#[test]
fn a_buffer_length_has_four_digits() {
    assert_eq!(buffer_length("0500"), Ok(Offer::Present(500)));
    assert_eq!(buffer_length("none"), Ok(Offer::None));
    assert_eq!(buffer_length("10000"), Err(Fault::TooLarge));
    assert_eq!(buffer_length("1F"), Err(Fault::NotANumber));
}

#[test]
fn stream_control_is_two_bytes() {
    assert_eq!(stream_control("0f 0f"), Ok(Offer::Present([15, 15])));
    assert_eq!(stream_control("0f"), Err(Fault::Missing));
    assert_eq!(stream_control("0f 0f 0f"), Err(Fault::Extra));
}

#[test]
fn data_blocks_have_their_length() {
    assert_eq!(data_blocks("0000"), Ok(Offer::Present(0)));
    assert_eq!(data_blocks("0003 AbCdEf"), Ok(Offer::Present(3)));
    assert_eq!(data_blocks("none"), Ok(Offer::None));
    assert_eq!(data_blocks("0003 abcd"), Err(Fault::Missing));
    assert_eq!(data_blocks("0001 abcd"), Err(Fault::Extra));
    assert_eq!(data_blocks("0001 +1"), Err(Fault::NotANumber));
    assert_eq!(data_blocks("10000"), Err(Fault::TooLarge));
}

#[test]
fn what_only_a_source_says() {
    assert_eq!(DirectStreaming::Active.to_string(), "active");
    assert_eq!(DirectStreaming::Inactive.to_string(), "inactive");
    let udp = TransportSwitch::Udp.to_string();
    assert_eq!(udp, "RTP/AVP/UDP;unicast mode=play");
    assert_eq!(TransportSwitch::Tcp.to_string(), udp.replace("UDP", "TCP"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(value in "(none )?[0-9a-f +é]{0,60}") {
        let _ = AuxStreams::read(&value);
        let _ = PlaybackStatus::read(&value);
        let _ = (buffer_length(&value), stream_control(&value), data_blocks(&value));
    }

    #[test]
    fn auxiliary_streams_are_read_back((codecs, layers, resolution) in any::<(u8, u8, u8)>()) {
        let one = AuxStreams { codecs, layers, resolution };
        prop_assert_eq!(AuxStreams::read(&one.to_string()), Ok(Offer::Present(one)));
    }
}
