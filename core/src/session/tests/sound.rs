//! Sound: what M4 says of it, and what the host is told.

use core::time::Duration;
use std::format;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

use super::script::{Script, start};
use crate::media::AudioConfig;
use crate::quirks::{Fired, Quirk};
use crate::session::{Event, Input, Phase, Reason, Start, Step};
use crate::wfd::audio::{AudioCapabilities, ChosenAudio};
use crate::wfd::modes::ModeId;

mod quirks;

/// The answer to M3 of a sink with this sound, and whatever `more` says.
fn answer(audio: &str, more: &str) -> String {
    format!(
        "wfd_video_formats: 40 00 01 10 0001FFFF 1FFFFFFF 00000FFF 00 0000 0000 00 none none\r\n\
         wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n{audio}{more}"
    )
}

fn codecs(value: &str) -> String {
    answer(&format!("wfd_audio_codecs: {value}\r\n"), "")
}

const ALL: &str = "AC3 00000007 00, AAC 0000000F 00, LPCM 00000003 00";

/// A session whose source makes `sound`, that assumes `quirks`, and that has sent M4 to a sink with
/// these capabilities.
fn proposing(sound: AudioCapabilities, quirks: &[Quirk], capabilities: &str) -> Script {
    let mut script = Script::new();
    script.session.reset();
    script.sent.clear();
    let mut fired = Fired::new();
    for quirk in quirks {
        fired.note(*quirk);
    }
    script.session.assume(fired);
    script.input(Input::Start(&Start {
        audio: sound,
        ..start()
    }));
    script.negotiate(capabilities);
    script.mode(1, 1280, 720, 30);
    script
}

/// The value of `wfd_audio_codecs` in the M4 that was sent last.
fn offered(script: &Script) -> Option<String> {
    let message = script.sent.last().expect("M4");
    assert!(message.contains("wfd_video_formats: "), "{message}");
    let mut lines = message.lines();
    let value = lines.find_map(|line| line.strip_prefix("wfd_audio_codecs: "));
    value.map(ToString::to_string)
}

/// What the host is told of sound, and takes the events.
fn told(script: &mut Script) -> Vec<Option<AudioConfig>> {
    let events = script.events().into_iter();
    let audio = |event| match event {
        Event::Audio(config) => Some(config),
        _ => None,
    };
    events.filter_map(audio).collect()
}

const fn real(format: ChosenAudio) -> AudioConfig {
    AudioConfig {
        format,
        descriptors: true,
        silence: false,
    }
}

#[test]
fn m4_has_one_format_that_both_have_and_the_host_is_told_of_it() {
    let all = AudioCapabilities::all();
    for (sound, sink, format) in [
        (all, ALL, ChosenAudio::LPCM_48),
        (
            all,
            "LPCM 00000001 00, AAC 00000001 00",
            ChosenAudio::AAC_STEREO,
        ),
        (all, "LPCM 00000001 00", ChosenAudio::LPCM_44),
        (all, "AC3 00000007 00", ChosenAudio::AC3_STEREO),
        (AudioCapabilities::AC3_6, ALL, ChosenAudio::AC3_6),
        (AudioCapabilities::LPCM, ALL, ChosenAudio::LPCM_48),
    ] {
        let mut script = proposing(sound, &[], &codecs(sink));
        assert_eq!(offered(&script), Some(format.to_string()), "{sink}");
        assert!(told(&mut script).is_empty() && script.session.audio().is_none());
        script.ok(3);
        assert_eq!(told(&mut script), [Some(real(format))], "{sink}");
        assert_eq!(script.session.audio().copied(), Some(real(format)));
    }
}

#[test]
fn without_a_common_format_m4_is_silent_about_sound() {
    let all = AudioCapabilities::all();
    let aac = "AAC 00000001 00";
    for (sound, capabilities) in [
        (AudioCapabilities::empty(), codecs(ALL)),
        (AudioCapabilities::LPCM, codecs(aac)),
        (all, codecs("none")),
        (all, codecs("AC3 00000000 00")),
        (all, codecs("LPCM")),
        (all, answer("", "")),
    ] {
        let mut script = proposing(sound, &[], &capabilities);
        assert_eq!(offered(&script), None, "{capabilities}");
        script.establish();
        assert_eq!(script.session.phase(), Phase::Playing);
        assert!(told(&mut script).is_empty(), "{capabilities}");
    }
}

#[test]
fn q39_what_is_offered_with_modes_is_chosen() {
    for (sink, format) in [
        ("AC3 00000000 00, AAC 00000001 00", ChosenAudio::AAC_STEREO),
        ("AAC 00000000 00, LPCM 00000001 02", ChosenAudio::LPCM_44),
    ] {
        let script = proposing(AudioCapabilities::all(), &[], &codecs(sink));
        assert_eq!(offered(&script), Some(format.to_string()));
        assert!(script.session.quirks().has(Quirk::Q39));
    }
}

#[test]
fn beside_r2_modes_sound_goes_by_the_name_that_the_sink_has_answered() {
    let video = "wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n\
                 wfd2_video_formats: 40 01 01 0080 000001ffbdeb 000155557fff 000000000fff 10 0000 \
                 001f 11 00\r\n";
    let r1 = "wfd_audio_codecs: LPCM 00000003 00\r\n";
    let r2 = "wfd2_audio_codecs: LPCM 000001FF 00\r\n";
    for (sound, line) in [
        ([r2, ""], "wfd2_audio_codecs: LPCM 00000002 00\r\n"),
        ([r1, r2], "wfd2_audio_codecs: LPCM 00000002 00\r\n"),
        // Quirk Q40.
        ([r1, ""], "wfd_audio_codecs: LPCM 00000002 00\r\n"),
    ] {
        let answer = [&[video][..], &sound].concat().concat();
        let script = proposing(AudioCapabilities::LPCM, &[], &answer);
        let m4 = script.sent.last().expect("M4");
        assert!(m4.contains("wfd2_video_formats: "), "{m4}");
        assert_eq!(m4.matches("audio_codecs").count(), 1);
        assert!(m4.contains(line), "{m4}");
    }
}

/// The sink refuses the request with this CSeq.
fn refuse(script: &mut Script, cseq: u32, body: &str) {
    script.sent.clear();
    let length = body.len();
    script.bytes(&format!(
        "RTSP/1.0 303 x\r\nCSeq: {cseq}\r\nContent-Type: text/parameters\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    ));
}

const NOT_THIS_SOUND: &str = "wfd_audio_codecs: 415\r\n";

#[test]
fn refused_formats_are_followed_by_others_and_then_by_none() {
    let sound = AudioCapabilities::LPCM | AudioCapabilities::AAC_STEREO;
    let mut script = proposing(sound, &[], &codecs(ALL));
    let mut offers = vec![offered(&script)];
    for cseq in 3..6 {
        refuse(&mut script, cseq, NOT_THIS_SOUND);
        offers.push(offered(&script));
    }
    let expected = ["LPCM 00000002 00", "AAC 00000001 00", "LPCM 00000001 00"];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|text| Some(text.to_string()))
        .collect();
    assert_eq!(offers, [&expected[..], &[None]].concat());
    let reduced = |event: &Event| match event {
        Event::OfferReduced { refusal, step } => Some((*step, refusal.to_string())),
        _ => None,
    };
    let steps: Vec<_> = script.events().iter().filter_map(reduced).collect();
    let refusal = "the sink answered M4 SET_PARAMETER with 303 See Other: wfd_audio_codecs \
                   415 unsupported format; offered ";
    let row = |step, offer: &str| (step, format!("{refusal}{offer}"));
    assert_eq!(
        steps,
        [
            row(Step::OtherAudio, "LPCM 00000002 00"),
            row(Step::OtherAudio, "AAC 00000001 00"),
            row(Step::WithoutAudio, "LPCM 00000001 00"),
        ]
    );
    script.ok(6);
    assert!(told(&mut script).is_empty());
    assert_eq!(script.session.phase(), Phase::AwaitingSetup);
}

#[test]
fn a_refusal_without_a_reason_costs_the_sound_last() {
    let mut script = proposing(AudioCapabilities::LPCM, &[], &codecs(ALL));
    let mut offers = Vec::new();
    for cseq in 3.. {
        refuse(&mut script, cseq, "");
        if script.ended().is_some() {
            break;
        }
        offers.push(offered(&script).is_some());
    }
    let (last, before) = offers.split_last().expect("offers");
    assert!(!last && !before.is_empty() && before.iter().all(|sound| *sound));
    assert!(matches!(script.ended(), Some(Reason::OfferRefused(_))));
}

#[test]
fn an_offer_that_is_made_again_takes_the_sound_back() {
    let mut script = proposing(AudioCapabilities::LPCM, &[], &codecs(ALL));
    script.ok(3);
    assert_eq!(told(&mut script), [Some(real(ChosenAudio::LPCM_48))]);
    // The SETUP trigger is refused because of the sound.
    refuse(&mut script, 4, NOT_THIS_SOUND);
    assert_eq!(offered(&script).as_deref(), Some("LPCM 00000001 00"));
    script.ok(5);
    assert_eq!(told(&mut script), [Some(real(ChosenAudio::LPCM_44))]);
    refuse(&mut script, 6, NOT_THIS_SOUND);
    assert_eq!(offered(&script), None);
    script.ok(7);
    assert_eq!(told(&mut script), [None]);
}

/// The sink sets a parameter; the status of the answer.
fn set(script: &mut Script, line: &str) -> String {
    script.sent.clear();
    let length = line.len();
    script.bytes(&format!(
        "SET_PARAMETER x RTSP/1.0\r\nCSeq: 9\r\nContent-Length: {length}\r\n\r\n{line}"
    ));
    let message = script.message();
    message.split(' ').nth(1).expect("a status").to_string()
}

#[test]
fn the_sink_may_ask_for_silence_and_for_sound_again() {
    let mut script = proposing(AudioCapabilities::LPCM, &[], &codecs(ALL));
    script.establish();
    script.events.clear();
    assert_eq!(set(&mut script, "microsoft_audio_mute: 1"), "200");
    assert_eq!(set(&mut script, "microsoft_audio_mute: 1"), "200");
    assert_eq!(set(&mut script, "microsoft_audio_mute: 0"), "200");
    assert_eq!(set(&mut script, "microsoft_audio_mute: 2"), "400");
    assert_eq!(script.events(), [Event::Mute(true), Event::Mute(false)]);
    // One sink is fed: its sound comes out of it.
    assert_eq!(set(&mut script, "wfd_route: primary"), "200");
    assert_eq!(set(&mut script, "wfd_route: secondary"), "406");
    assert!(script.events().is_empty());
}

#[test]
fn m3_asks_for_mute_only_if_there_is_something_to_mute() {
    for (sound, asked, status) in [
        (AudioCapabilities::AAC_STEREO, true, "200"),
        (AudioCapabilities::empty(), false, "451"),
    ] {
        let mut script = Script::new();
        script.session.reset();
        script.sent.clear();
        script.input(Input::Start(&Start {
            audio: sound,
            ..start()
        }));
        script.ok(1);
        script.ask("OPTIONS *", 1, "");
        script.wait(crate::limits::GAP_BEFORE_M3);
        let m3 = script.sent.pop().expect("M3");
        assert_eq!(m3.contains("\r\nmicrosoft_audio_mute\r\n"), asked);
        assert!(m3.contains("\r\nwfd_audio_codecs\r\n"));
        script.ok_with(2, &codecs(ALL));
        script.mode(1, 1280, 720, 30);
        script.establish();
        assert_eq!(set(&mut script, "microsoft_audio_mute: 1"), status);
    }
}

#[test]
fn nothing_is_said_of_sound_in_a_mode_change() {
    let mut script = proposing(AudioCapabilities::LPCM, &[], &codecs(ALL));
    script.establish();
    script.sent.clear();
    script.events.clear();
    script.mode(2, 1920, 1080, 30);
    assert_eq!(offered(&script), None);
    script.ok(5);
    script.wait(Duration::from_secs(1));
    assert!(told(&mut script).is_empty());
    assert_eq!(
        script.session.audio().copied(),
        Some(real(ChosenAudio::LPCM_48))
    );
}

/// A session at this suggested rate that has sent M4 to a sink with this sound.
fn at_rate(bit_rate: u64, sound: &str) -> Script {
    let mut script = Script::with(&Start {
        audio: AudioCapabilities::all(),
        bit_rate,
        ..start()
    });
    script.negotiate(&codecs(sound));
    script.mode(1, 640, 480, 60);
    script
}

/// 1920x1080p30 needs 3.11 Mbit/s, LPCM 1.536 at 48 kHz and 1.411 at 44.1 kHz.
#[test]
fn the_suggested_rate_is_for_sound_and_pictures_together() {
    let full = ModeId::find(1920, 1080, 30, false).unwrap();
    let has = |bit_rate, sound| {
        let script = at_rate(bit_rate, sound);
        let selection = script.session.selection().unwrap();
        selection.candidate(full).is_some()
    };
    assert!(has(4_646_400, "LPCM 00000002 00"));
    assert!(!has(4_646_399, "LPCM 00000002 00"));
    assert!(has(4_521_600, "LPCM 00000001 00"));
    assert!(!has(4_521_599, "LPCM 00000001 00"));
    // What AAC takes is not known before it starts.
    assert!(has(3_110_400, "AAC 00000001 00"));
}

/// 1024x768p30, which every link has to carry, needs 1 179 648 bit/s.
#[test]
fn a_link_without_room_for_sound_has_pictures_all_the_same() {
    let lpcm = "LPCM 00000002 00";
    let both = 1_179_648 + 1_536_000;
    assert_eq!(offered(&at_rate(both, lpcm)).as_deref(), Some(lpcm));
    let pictures = at_rate(1_400_000, lpcm);
    assert_eq!(offered(&pictures), None);
}
