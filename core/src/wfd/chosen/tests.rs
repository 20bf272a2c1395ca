use std::string::{String, ToString};

use super::*;
use crate::quirks::Fired;
use crate::wfd::Offer;
use crate::wfd::hevc::HevcLevel;
use crate::wfd::levels::{Level, Profile};
use crate::wfd::modes::{self, Mode};
use crate::wfd::r2_video::R2VideoFormats;
use crate::wfd::video::VideoFormats;
use crate::wfd::wfdx_video::WfdxVideoFormats;

fn chosen(name: VideoName, (width, height, rate): (u16, u16, u8), coded: Coded) -> ChosenVideo {
    ChosenVideo {
        name,
        mode: ModeId::find(width, height, rate, false).expect("a mode"),
        coded,
        min_slice_size: 0,
        slice_encoding: 0,
        frame_rate_control: 0,
    }
}

const CHP_4: Coded = Coded::H264(Profile::Chp, Level::L4);

#[test]
fn m4_is_fixed_in_width_and_has_one_bit_each() {
    let whole = ChosenVideo {
        frame_rate_control: 0x11,
        ..chosen(VideoName::R1, (1280, 720, 30), CHP_4)
    };
    assert_eq!(
        whole.to_string(),
        "wfd_video_formats: \
         00 00 02 04 00000020 00000000 00000000 00 0000 0000 11 none none\r\n"
    );
    let sliced = ChosenVideo {
        min_slice_size: 0xF0,
        slice_encoding: 0x0403,
        ..chosen(
            VideoName::R1,
            (1366, 768, 30),
            Coded::H264(Profile::Cbp, Level::L4),
        )
    };
    assert_eq!(
        sliced.to_string(),
        "wfd_video_formats: \
         00 00 01 04 00000000 00001000 00000000 00 00F0 0403 00 none none\r\n"
    );
}

/// The mode of bit 21 in R2 is that of bit 18 in wfdx, and the levels of H.265 have other bits there.
#[test]
fn m4_of_each_name_has_its_own_bits() {
    let large = (3840, 2160, 60);
    for (name, coded, text) in [
        (
            VideoName::R2,
            Coded::H265(HevcLevel::L51),
            "wfd2_video_formats: 00 02 01 0010 000000200000 000000000000 000000000000 \
             00 0000 0000 00 00\r\n",
        ),
        (
            VideoName::R2,
            Coded::H264(Profile::Rhp2, Level::L52),
            "wfd2_video_formats: 00 01 04 0080 000000200000 000000000000 000000000000 \
             00 0000 0000 00 00\r\n",
        ),
        (
            VideoName::Wfdx,
            Coded::H265(HevcLevel::L51),
            "wfdx_video_formats: 0000 00 0004 0040 0000040000 0000000000 00000000 \
             00 0000 0000 00 none none\r\n",
        ),
    ] {
        assert_eq!(chosen(name, large, coded).to_string(), text);
    }
}

#[test]
fn a_mode_of_3_to_2_has_a_line_of_its_own() {
    let coded = Coded::H264(Profile::Cbp, Level::L52);
    assert_eq!(
        chosen(VideoName::R2, (2736, 1824, 60), coded).to_string(),
        "wfd2_video_formats: 00 01 01 0080 000000000000 000000000000 000000000000 \
         00 0000 0000 00 00\r\n\
         microsoft_video_formats: 000000000400\r\n"
    );
}

/// What M4 says is read by the reader of M3 as this mode and no other.
#[test]
fn every_mode_is_announced_alone() {
    let tables = modes::all().filter(|(id, _)| id.table != Table::ThreeToTwo);
    for (id, mode) in tables {
        for name in [VideoName::R1, VideoName::R2, VideoName::Wfdx] {
            let has = match name {
                VideoName::R1 => id.r1_mask() != 0,
                VideoName::R2 => true,
                VideoName::Wfdx => id.wfdx_bit().is_some(),
            };
            if has {
                assert_eq!(offered(name, id), [*mode], "{name:?} {mode}");
            }
        }
    }
}

fn offered(name: VideoName, id: ModeId) -> std::vec::Vec<Mode> {
    let chosen = ChosenVideo {
        name,
        mode: id,
        coded: CHP_4,
        min_slice_size: u16::MAX,
        slice_encoding: u16::MAX,
        frame_rate_control: u8::MAX,
    };
    let text: String = chosen.to_string();
    let (_, value) = text.trim_end().split_once(": ").expect("a line");
    let has = |id: ModeId| match name {
        VideoName::R1 => {
            // "00 00 " and 58 characters; the 60 of AOSP count the ", " of the next tuple.
            assert_eq!(value.len(), 6 + 58);
            let read = VideoFormats::parse(value);
            matches!(read, Ok(Offer::Present(formats)) if formats.offers(id))
        }
        VideoName::R2 => {
            let read = R2VideoFormats::read(value, &mut Fired::new());
            matches!(read, Ok(Offer::Present(formats)) if formats.codecs[0].offers(id))
        }
        VideoName::Wfdx => {
            let read = WfdxVideoFormats::read(value);
            matches!(read, Ok(Offer::Present(formats)) if formats.codecs[0].offers(id))
        }
    };
    let offered = modes::all().filter(|(id, _)| has(*id));
    offered.map(|(_, mode)| *mode).collect()
}
