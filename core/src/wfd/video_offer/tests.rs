use super::*;

fn sink(body: &str) -> SinkCapabilities {
    let mut sink = SinkCapabilities::new();
    sink.read(body.as_bytes()).expect("an answer");
    sink
}

const R1: &str = "wfd_video_formats: 38 00 02 10 00000180\r\n";
const R2: &str = "wfd2_video_formats: 40 01 02 0080 000000200000 0 0 00 0000 0000 00 00\r\n";
const WFDX: &str =
    "wfdx_video_formats: 0040 00 0002 0040 0000000100 0 0 00 0000 0000 00 none none\r\n";

/// Which of the three parameters count.
fn counted(body: &str) -> Option<(bool, bool, bool)> {
    let sink = sink(body);
    let offer = VideoOffer::of(&sink)?;
    Some((offer.r1.is_some(), offer.r2.is_some(), offer.wfdx.is_some()))
}

fn together(parts: &[&str]) -> std::string::String {
    parts.concat()
}

#[test]
fn where_wfdx_is_answered_r1_does_not_count() {
    assert_eq!(counted(R1), Some((true, false, false)));
    assert_eq!(counted(&together(&[R1, R2])), Some((true, true, false)));
    assert_eq!(counted(&together(&[R1, WFDX])), Some((false, false, true)));
    assert_eq!(counted("wfd_video_formats: none\r\n"), None);
    assert_eq!(counted("wfd_connector_type: 05\r\n"), None);
}

#[test]
fn the_native_field_of_r2_is_no_wish() {
    let native = |body: &str| VideoOffer::of(&sink(body))?.native();
    assert_eq!(native(R2), None);
    assert_eq!(native(R1), ModeId::find(1920, 1080, 30, false));
    assert_eq!(
        native(&together(&[R1, WFDX])),
        ModeId::find(1920, 1080, 60, false)
    );
}

#[test]
fn profiles_of_h265_are_not_those_of_h264() {
    let body = "wfd2_video_formats: 00 02 07 0010 1 0 0 00 0000 0000 00, \
                01 00 0000 1 0 0 00 0000 0000 00 00\r\n";
    let sink = sink(body);
    let offer = VideoOffer::of(&sink).expect("R2");
    let tuples: std::vec::Vec<_> = offer.tuples().collect();
    let [h265, h264] = tuples.as_slice() else {
        panic!("{tuples:?}")
    };
    assert_eq!(
        (h265.h264_profiles(), h265.h265_level()),
        (0, Some(HevcLevel::L51))
    );
    // Without bits it is the least that every sink has.
    assert_eq!((h264.h264_profiles(), h264.h265_level()), (1, None));
    assert_eq!(h264.h264_level(), Level::L31);
}

#[test]
fn wfdx_has_both_codings_in_one_tuple() {
    let body = "wfdx_video_formats: 0000 00 0005 0040 1 0 0 00 0000 0000 00 none none\r\n";
    let sink = sink(body);
    let offer = VideoOffer::of(&sink).expect("wfdx");
    let tuple = offer.tuples().next().expect("a tuple");
    assert_eq!(tuple.h264_profiles(), Profile::Cbp.mask());
    assert_eq!(
        (tuple.h264_level(), tuple.h265_level()),
        (Level::L51, Some(HevcLevel::L51))
    );
}

/// R1 has two profiles; the third bit is not RHP2 there.
#[test]
fn a_reserved_profile_of_r1_is_none() {
    let sink = sink("wfd_video_formats: 00 00 06 10 00000100\r\n");
    let offer = VideoOffer::of(&sink).expect("R1");
    let tuple = offer.tuples().next().expect("a tuple");
    assert_eq!(tuple.h264_profiles(), Profile::Chp.mask());
}
