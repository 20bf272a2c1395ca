use core::net::Ipv4Addr;
use std::string::ToString;
use std::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::limits;
use crate::quirks::Fired;
use crate::wfd::Offer;
use crate::wfd::chosen::VideoName;
use crate::wfd::coded::Coded;
use crate::wfd::hevc::HevcLevel;
use crate::wfd::levels::{Level, Profile};
use crate::wfd::modes::{self, ModeId, Table};
use crate::wfd::parameters::{InputTypes, SinkCapabilities, lines};

fn video(mode: usize) -> ChosenVideo {
    let (mode, _) = modes::all()
        .filter(|(id, _)| id.r1_mask() != 0)
        .nth(mode)
        .expect("one of 58");
    ChosenVideo {
        name: VideoName::R1,
        mode,
        coded: Coded::H264(Profile::Chp, Level::L42),
        min_slice_size: 0,
        slice_encoding: 0,
        frame_rate_control: 1,
    }
}

fn r2_video(index: u8) -> ChosenVideo {
    ChosenVideo {
        name: VideoName::R2,
        mode: ModeId {
            table: Table::Cea,
            index,
        },
        coded: Coded::H265(HevcLevel::L51),
        min_slice_size: 0,
        slice_encoding: 0,
        frame_rate_control: 0,
    }
}

fn uibc() -> UibcCapability {
    let mut uibc = UibcCapability {
        port: Some(7239),
        ..UibcCapability::default()
    };
    uibc.categories = super::super::InputCategories::all();
    uibc.generic = InputTypes::all();
    uibc.hidc = [InputTypes::all(); 6];
    uibc
}

fn proposal() -> Proposal {
    Proposal {
        video: video(5),
        audio: Some((Release::R1, ChosenAudio::LPCM_48)),
        url: PresentationUrl {
            address: Ipv4Addr::new(10, 82, 24, 140),
        },
        ports: RtpPorts {
            port0: 1028,
            port1: 0,
            tcp: false,
        },
        uibc: None,
    }
}

#[test]
fn m4_is_exact() {
    let mut proposal = proposal();
    assert_eq!(
        proposal.to_string(),
        "wfd_video_formats: 00 00 02 10 00000020 00000000 00000000 00 0000 0000 01 none none\r\n\
         wfd_audio_codecs: LPCM 00000002 00\r\n\
         wfd_presentation_URL: rtsp://10.82.24.140/wfd1.0/streamid=0 none\r\n\
         wfd_client_rtp_ports: RTP/AVP/UDP;unicast 1028 0 mode=play\r\n"
    );
    proposal.video = r2_video(8);
    proposal.audio = Some((Release::R2, ChosenAudio::LPCM_48));
    let mut input = uibc();
    input.hidc = Default::default();
    input.generic = InputTypes::MOUSE;
    proposal.uibc = Some((input, UibcSetting::Enable));
    assert_eq!(
        proposal.to_string(),
        "wfd2_video_formats: 00 02 01 0010 000000000100 000000000000 000000000000 00 0000 0000 00 \
         00\r\n\
         wfd2_audio_codecs: LPCM 00000002 00\r\n\
         wfd_presentation_URL: rtsp://10.82.24.140/wfd1.0/streamid=0 none\r\n\
         wfd_client_rtp_ports: RTP/AVP/UDP;unicast 1028 0 mode=play\r\n\
         wfd_uibc_capability: input_category_list=GENERIC, HIDC;generic_cap_list=Mouse;\
         hidc_cap_list=none;port=7239\r\n\
         wfd_uibc_setting: enable\r\n"
    );
    proposal.audio = None;
    assert!(!proposal.to_string().contains("audio"));
}

#[test]
fn m4_in_a_session_that_plays_says_when() {
    let change = FormatChange {
        video: video(5),
        timing: FormatChangeTiming::at(6000),
    };
    let text = change.to_string();
    let lines: Vec<_> = text.split_inclusive("\r\n").collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        lines[1],
        "wfd_av_format_change_timing: 00000BB800 00000BB800\r\n"
    );
}

#[test]
fn the_longest_m4_fits_its_message() {
    let longest = Proposal {
        video: ChosenVideo {
            mode: ModeId {
                table: Table::ThreeToTwo,
                index: 20,
            },
            ..r2_video(0)
        },
        url: PresentationUrl {
            address: Ipv4Addr::BROADCAST,
        },
        ports: RtpPorts {
            port0: u16::MAX,
            port1: u16::MAX,
            tcp: true,
        },
        uibc: Some((uibc(), UibcSetting::Disable)),
        ..proposal()
    };
    // The head of the message has less than 256 bytes.
    let length = longest.to_string().len();
    assert!(length + 256 <= limits::RTSP_OUT_MAX, "{length}");
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        mode in 0..58_usize,
        address in any::<u32>(),
        port0 in 1..=u16::MAX,
        aac in any::<bool>(),
    ) {
        let audio = if aac { ChosenAudio::AAC_STEREO } else { ChosenAudio::LPCM_48 };
        let url = PresentationUrl { address: address.into() };
        let ports = RtpPorts { port0, ..proposal().ports };
        let proposal = Proposal {
            video: video(mode), audio: Some((Release::R1, audio)), url, ports, uibc: None,
        };
        let text = proposal.to_string();
        let lines = lines(text.as_bytes());
        prop_assert_eq!(lines.clone().count(), 4);
        let mut read = SinkCapabilities::new();
        prop_assert_eq!(read.read(text.as_bytes()), Ok(()));
        prop_assert_eq!(read.ignored.count, 0);
        prop_assert_eq!(read.rtp_ports, Some(ports));
        prop_assert!(read.audio.present().is_some_and(|codecs| codecs.offers(audio)));
        let offered: Vec<_> = read.video.present().unwrap().codecs[0].modes().collect();
        prop_assert_eq!(offered.len(), 1);
        prop_assert_eq!(offered[0].0, video(mode).mode);
    }

    #[test]
    fn input_is_read_back(generic in any::<u8>(), port in 1..=u16::MAX) {
        let capability = UibcCapability {
            generic: InputTypes::from_bits_retain(generic), port: Some(port), ..uibc()
        };
        let proposal = Proposal { uibc: Some((capability, UibcSetting::Enable)), ..proposal() };
        let text = proposal.to_string();
        let line = lines(text.as_bytes()).nth(4).unwrap();
        let read = UibcCapability::read(line.value.unwrap(), &mut Fired::new());
        prop_assert_eq!(read, Ok(Offer::Present(capability)));
    }
}
