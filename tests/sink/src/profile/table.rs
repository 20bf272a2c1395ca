//! The profiles, in the order of the numbers. The strings are those of the field where they are
//! known; all sinks can show 1280x720p30 unless they say otherwise.

use core::time::Duration;

use super::Deviation::{self, Adds, Does, Omits, Renames, Says, Writes};
use super::Profile;
use crate::machine::Distortion::{Colon, Header, LineFeeds, Renamed, Uri, Without};
use crate::machine::{Greeting, OnKeepAlive, Refusal, Step, When};
use crate::screen::Need;

const VIDEO: &str = "wfd_video_formats";
const AUDIO: &str = "wfd_audio_codecs";
const PORTS: &str = "wfd_client_rtp_ports";
const EDID: &str = "wfd_display_edid";
const CONNECTOR: &str = "wfd_connector_type";
const INPUT: &str = "wfd_uibc_capability";
const PROTECTION: &str = "wfd_content_protection";

/// 1280x720p30, the mode of the emulated desktop (S2.1 T34).
const HD_30: u32 = 1 << 5;
/// 1920x1080p60.
const FULL_HD_60: u32 = 1 << 8;
/// Every mode of 1920x1080.
const FULL_HD: u32 = 0x0001_7380;

/// `wfd_display_edid` with this count and one valid block of a maker with the code SAM.
macro_rules! edid {
    ($count:literal) => {
        concat!(
            $count,
            " ",
            "00FFFFFFFFFFFF004C2D00000000000001100103800000780A000000000000000000000000000101010101",
            "01010101010101010101010000000000000000000000000000000000000000000000000000000000000000",
            "000000000000000000000000000000000000000000000000000000000000000000000000000000000066",
        )
    };
}

const fn profile(
    name: &'static str,
    does: &'static str,
    deviations: &'static [Deviation],
) -> Profile {
    Profile {
        name,
        does,
        deviations,
    }
}

/// Asks for an IDR picture now and then.
const ASKS_FOR_IDR: Deviation =
    Does(|quirks| quirks.idr_bursts = Some((1, Duration::from_secs(5))));

/// Every profile.
#[rustfmt::skip]
pub static PROFILES: [Profile; 88] = [
    profile("Q1", "SETUP has no URI", &[Writes(Uri("M6 SETUP", ""))]),
    profile("Q2", "SETUP and PLAY name rtsp://localhost/wfd1.0",
        &[Writes(Uri("M6 SETUP", "rtsp://localhost/wfd1.0")), Writes(Uri("PLAY", "rtsp://localhost/wfd1.0"))]),
    profile("Q3", "Transport has no client_port", &[Writes(Header("M6 SETUP", "Transport", "RTP/AVP/UDP;unicast"))]),
    profile("Q4", "Transport has a blank for a semicolon",
        &[Writes(Header("M6 SETUP", "Transport", "RTP/AVP/UDP;unicast client_port={port}"))]),
    profile("Q5", "the RTCP port is 0",
        &[Writes(Header("M6 SETUP", "Transport", "RTP/AVP/UDP;unicast;client_port={port}-0"))]),
    profile("Q5-same", "the RTCP port is that of RTP",
        &[Writes(Header("M6 SETUP", "Transport", "RTP/AVP/UDP;unicast;client_port={port}-{port}"))]),
    profile("Q6", "the length of M13 is too small", &[ASKS_FOR_IDR, Writes(Header("M13", "Content-Length", "9"))]),
    profile("Q6-long", "the length of M13 is too large", &[ASKS_FOR_IDR, Writes(Header("M13", "Content-Length", "40"))]),
    profile("Q6-zero", "the length of M13 is 0", &[ASKS_FOR_IDR, Writes(Header("M13", "Content-Length", "0"))]),
    profile("Q6-none", "M13 has no length", &[ASKS_FOR_IDR, Writes(Without("M13", "Content-Length"))]),
    profile("Q7", "PLAY and TEARDOWN have no session", &[Writes(Without("PLAY", "Session")), Writes(Without("TEARDOWN", "Session"))]),
    profile("Q8", "a session id of more than ten characters is too long for it", &[Does(|quirks| quirks.session_id_max = Some(10))]),
    profile("Q9", "a request with ;timeout= is refused, and the session ended", &[Does(|quirks| quirks.refuses_timeout = true)]),
    profile("Q10", "M2 has the number 301", &[Does(|quirks| quirks.first_cseq = 301)]),
    profile("Q10-zero", "M2 has the number 0", &[Does(|quirks| quirks.first_cseq = 0)]),
    profile("Q11", "there is no M2", &[Does(|quirks| quirks.greeting = Greeting::Never)]),
    profile("Q11-again", "M2 comes again when it plays", &[Does(|quirks| quirks.greeting = Greeting::Again)]),
    profile("Q11-early", "M2 comes before the answer to M1", &[Does(|quirks| quirks.greeting = Greeting::BeforeReply)]),
    profile("Q12", "lines end with LF", &[Writes(LineFeeds)]),
    profile("Q12-blank", "there is a blank before the colon", &[Writes(Colon(" : "))]),
    profile("Q12-dense", "there is no blank behind the colon", &[Writes(Colon(":"))]),
    profile("Q13", "the methods are in quotes",
        &[Writes(Header("M1 reply", "Public", "\"org.wfa.wfd1.0, GET_PARAMETER, SET_PARAMETER\""))]),
    profile("Q13-backslash", "Public begins with a backslash", &[Writes(Renamed("M1 reply", "Public", "\\Public"))]),
    profile("Q14", "Date is in a form of its own", &[Writes(Header("*", "Date", "Fri, Jan 01 2010 00:00:30 GMT"))]),
    profile("Q15", "there is no User-Agent", &[Writes(Without("M2", "User-Agent"))]),
    profile("Q16", "it leaves 40 s after PLAY unless M16 came", &[Does(|quirks| quirks.patience = Some(Duration::from_secs(40)))]),
    profile("Q17", "M16 is answered with TEARDOWN", &[Does(|quirks| quirks.on_keep_alive = OnKeepAlive::Teardown)]),
    profile("Q20", "what comes at once is lost",
        &[Does(|quirks| quirks.deaf_for = Duration::from_millis(400)), Does(|quirks| quirks.player_opens_after = Duration::from_millis(250))]),
    profile("Q21", "M4 is refused unless its URL is ours", &[Does(|quirks| quirks.refusals.push(refusal(Step::M4, 403, When::WrongUrl)))]),
    profile("Q22", "it keeps alive by an empty SET_PARAMETER", &[Does(|quirks| quirks.own_keep_alive = Some("SET_PARAMETER"))]),
    profile("Q22-get", "it keeps alive by an empty GET_PARAMETER", &[Does(|quirks| quirks.own_keep_alive = Some("GET_PARAMETER"))]),
    profile("Q23", "the SETUP trigger is refused after an M4 with 1280x720p30",
        &[Does(|quirks| quirks.refusals.push(refusal(Step::SetupTrigger, 403, When::Cea(HD_30))))]),
    profile("Q23-always", "the SETUP trigger is always refused",
        &[Does(|quirks| quirks.refusals.push(refusal(Step::SetupTrigger, 403, When::Always)))]),
    profile("Q24", "M4 with 1920x1080p60 is refused with 303", &[Does(|quirks| quirks.refusals.push(refusal(Step::M4, 303, When::Cea(FULL_HD_60))))]),
    profile("Q24-always", "every M4 is refused with 303", &[Does(|quirks| quirks.refusals.push(refusal(Step::M4, 303, When::Always)))]),
    profile("Q26", "it leaves after two minutes without RTP", &[Does(|quirks| quirks.watchdog_reason = Some("C00D4278 no packets"))]),
    profile("Q27", "M13 comes eight times at once", &[Does(|quirks| quirks.idr_bursts = Some((8, Duration::from_secs(5))))]),
    profile("Q30", "reserved mode bits are set", &[Says(VIDEO, "28 00 01 10 0001FFFF 3FFFFFFF 00003FFF 00 0000 0000 00 none none")]),
    profile("Q31", "1080p60 is native and not offered", &[Says(VIDEO, "40 00 01 10 000194FF 155575DF 00000555 00 0000 0000 1F none none")]),
    profile("Q32", "the native mode is none", &[Says(VIDEO, "79 00 01 10 0001DEFF 157C7FFF 00000FFF 00 0000 0000 11 none none")]),
    profile("Q33", "the level is too low for the native mode", &[Says(VIDEO, "40 00 01 02 0001FFFF 00000000 00000000 00 0000 0000 00 none none")]),
    profile("Q34", "a tuple has two profiles", &[Says(VIDEO, "28 00 03 10 0001FFFF 0FFFFFFF 00000000 00 0000 0000 00 none none")]),
    profile("Q34-level", "a tuple has all levels", &[Says(VIDEO, "28 00 01 1F 0001FFFF 0FFFFFFF 00000000 00 0000 0000 00 none none")]),
    profile("Q35", "a tuple has no profile and no level", &[Says(VIDEO, "00 00 00 00 00000063 00000000 00000000 00 0000 0000 11 none none")]),
    profile("Q36", "a mask has nine digits", &[Says(VIDEO, "28 00 01 10 000001E3 00000000 000000000 00 0000 0000 11 none none")]),
    profile("Q37", "a largest preferred mode is given without any", &[Says(VIDEO, "28 00 01 10 0001BDEB 051557FF 00000FFF 10 0000 001F 11 0780 0438")]),
    profile("Q38", "the tuple ends after its first mask", &[Says(VIDEO, "40 00 01 10 000001e3")]),
    profile("Q38-ten", "there are ten tuples, the last one cut", &[Says(VIDEO, concat!(
        "00 00 02 10 0001FFFF 0F3FFFFF 00000FFF 00 0000 0000 13 none none, 02 08 0001FFFF 0F3FFFFF 00000FFF 00 0000 0000 13 none none, ",
        "02 04 0001FFFF 0F3FFFFF 00000FFF 00 0000 0000 13 none none, 02 02 0001FFFF 0F3FFFFF 00000FFF 00 0000 0000 13 none none, ",
        "02 01 0001FFFF 0F3FFFFF 00000FFF 00 0000 0000 13 none none, 01 10 0001FFFF 0F3FFFFF 00000FFF 00 0000 0000 13 none none, ",
        "01 08 0001FFFF 0F3FFFFF 00000FFF 00 0000 0000 13 none none, 01 04 0001FFFF 0F3FFFFF 00000FFF 00 0000 0000 13 none none, ",
        "01 02 0001FFFF 0F3FFFFF 00000FFF 00 0000 0000 13 none none, 01 01 0001FFFF 0F3FFFFF"))]),
    profile("Q39", "AC3 has no modes", &[Says(AUDIO, "LPCM 00000003 02, AAC 00000001 02, AC3 00000000 02")]),
    profile("Q39-aac", "there is AAC and no LPCM", &[Says(AUDIO, "AAC 0000000F 00")]),
    profile("Q40", "the audio modes of R2 are under the R1 name", &[Says(AUDIO, "LPCM 000001FF 00, AAC-ELDv2 00000003 00")]),
    profile("Q41", "only R2 names are answered", &[Omits(VIDEO), Omits(AUDIO), Adds("wfd2_audio_codecs", "LPCM 000001ff 00"),
        Adds("wfd2_video_formats", "40 01 01 0080 000001ffbdeb 0001555557ff 000000000fff 10 0000 001f 11 00")]),
    profile("Q43", "there is a second RTP port", &[Says(PORTS, "RTP/AVP/UDP;unicast {port} 19001 mode=play")]),
    profile("Q43-tcp", "RTP is wanted over TCP", &[Says(PORTS, "RTP/AVP/TCP;unicast {port} 0 mode=play"),
        Writes(Header("M6 SETUP", "Transport", "RTP/AVP/TCP;unicast;client_port={port}"))]),
    profile("Q43-interleaved", "RTP is wanted in the RTSP connection", &[Says(PORTS, "RTP/AVP/TCP;interleaved mode=play")]),
    profile("Q43-mpt", "RTP is wanted over a transport of its maker", &[Says(PORTS, "RTP/AVP/MPT;unicast {port} 0 mode=play")]),
    profile("Q44", "the input lists have no blanks",
        &[Says(INPUT, "input_category_list=GENERIC;generic_cap_list=Keyboard,Mouse,SingleTouch;hidc_cap_list=none;port=none")]),
    profile("Q44-port", "the sink names an input port, and a key of its own",
        &[Says(INPUT, "input_category_list=GENERIC;generic_cap_list=Keyboard, Mouse;hidc_cap_list=none;port=7336;uibc_encrypted=false")]),
    profile("Q44-short", "the input of HIDC alone, without the rest",
        &[Says(INPUT, "input_category_list=HIDC;hidc_cap_list=Keyboard/USB, Mouse/USB, KBD_Windows/USB")]),
    profile("Q45", "the EDID is `0000 none`", &[Says(EDID, "0000 none")]),
    profile("Q45-count", "the EDID has less blocks than it says", &[Says(EDID, edid!("0002"))]),
    profile("Q46", "wfd_client_rtpports", &[Renames(PORTS, "wfd_client_rtpports")]),
    profile("Q46-hyphens", "microsoft-max-bitrate",
        &[Renames("microsoft_max_bitrate", "microsoft-max-bitrate"), Says("microsoft_max_bitrate", "15000000")]),
    profile("Q47", "the largest bit rate is in kbit/s", &[Says("microsoft_max_bitrate", "8000")]),
    profile("Q48", "a switch is answered with none", &[Says("wfd_idr_request_capability", "none")]),
    profile("Q48-digit", "the connector type has one digit", &[Says(CONNECTOR, "5")]),
    profile("Q48-twice", "the connector type comes twice", &[Adds(CONNECTOR, "05")]),
    profile("Q49", "HDCP has no port", &[Adds(PROTECTION, "HDCP2.1")]),
    profile("Q49-version", "HDCP has a version without a name", &[Adds(PROTECTION, "HDCP2.2 port=7250")]),
    profile("Q50", "an answer comes unasked", &[Adds("wfd_I2C", "none")]),
    profile("Q51", "the version has commas", &[Adds("intel_sink_version", "product_ID=SMP8673, hw_version=1.0.0.1, sw_version=2.0.5.7")]),
    profile("Q51-bare", "the version is a number", &[Adds("intel_sink_version", "20.4.26")]),
    profile("Q52", "640x480p60 is all that it offers", &[Says(VIDEO, "00 00 01 01 00000001 00000000 00000000 00 0000 0000 00 none none")]),
    profile("Q52-missing", "640x480p60 is not offered", &[Says(VIDEO, "28 00 01 10 00000020 00000000 00000000 00 0000 0000 00 none none")]),
    profile("Q53", "there are names of its maker", &[Adds("wfd_sec_screensharing", "1"), Adds("ovm_control_capability", "supported")]),
    profile("Q54", "no mode is offered", &[Says(VIDEO, "28 00 01 10 00000000 00000000 00000000 00 0000 0000 00 none none")]),
    profile("Q54-none", "there is no video", &[Says(VIDEO, "none")]),
    profile("Q54-waits", "there is no video, and it waits for M4 as long as it takes",
        &[Says(VIDEO, "none"), Does(|quirks| quirks.waits_for_ever = true)]),
    profile("Q60", "black unless PAT and PMT have version 1", &[Does(|quirks| quirks.needs.push(Need::PsiVersion(1)))]),
    profile("Q62", "black if the PMT describes the sound", &[Does(|quirks| quirks.needs.push(Need::NoAudioDescriptors))]),
    profile("Q63", "it ends a session without sound", &[Says(EDID, edid!("0001")), Does(|quirks| quirks.needs_audio = true)]),
    profile("Q64", "Constrained High is offered and Constrained Baseline shown",
        &[Says(VIDEO, "28 00 02 10 000001E3 00000000 00000000 00 0000 0000 00 none none"), Does(|quirks| quirks.needs.push(Need::Baseline))]),
    profile("Q65", "1920x1080 is offered and not shown", &[Does(|quirks| quirks.needs.push(Need::NotCea(FULL_HD)))]),
    profile("Q66", "LPCM is offered and only AAC is heard",
        &[Says(AUDIO, "LPCM 00000003 00, AAC 00000001 00"), Does(|quirks| quirks.needs.push(Need::Aac))]),
    profile("Q69", "its player opens half a second late", &[Does(|quirks| quirks.player_opens_after = Duration::from_millis(500))]),
    profile("Q72", "it needs the marker, and is known by its User-Agent",
        &[Writes(Header("M2", "User-Agent", "MSMiracastSink/10.00.19041.2486")), Does(|quirks| quirks.needs.push(Need::Marker))]),
    profile("Q72-maker", "it needs the marker, and is known by its maker",
        &[Says("intel_sink_manufacturer_name", "CastKu"), Does(|quirks| quirks.needs.push(Need::Marker))]),
    profile("Q78", "of several bits in M4 the lowest counts", &[Does(|quirks| quirks.takes_lowest_bit = true)]),
];

const fn refusal(step: Step, status: u16, when: When) -> Refusal {
    Refusal { step, status, when }
}
