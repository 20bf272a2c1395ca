//! The quirks that change the sound, or what the tables say of it.

use std::boxed::Box;

use super::*;
use crate::limits::BATCH_BYTES;
use crate::media::{self, NoPayload, StreamConfig, Streamer};

/// The first two packets, PAT and PMT, of a stream as the host of this session makes it.
fn tables(script: &mut Script) -> Vec<Vec<u8>> {
    script.events.clear();
    script.establish();
    let memory: Box<[u8; BATCH_BYTES]> = vec![0; BATCH_BYTES].try_into().expect("its size");
    let mut streamer = Streamer::new(Box::leak(memory));
    let now = script.now;
    for event in script.events() {
        match event {
            Event::Audio(Some(config)) => {
                streamer.handle(media::Input::StartAudio(&config), now);
            }
            Event::Play {
                marker,
                pts_lead,
                psi_version,
            } => {
                let config = StreamConfig {
                    profile_idc: 0x42,
                    constraint_flags: 0xC0,
                    level_idc: 0x1F,
                    marker,
                    psi_version,
                    ssrc: 1,
                    first_sequence: 0,
                    pts_lead,
                    pace: Duration::ZERO,
                };
                streamer.handle(media::Input::Start(&config), now);
            }
            _ => {}
        }
    }
    let media::Output::Datagrams(batch) = streamer.poll(&NoPayload, now) else {
        panic!("no tables")
    };
    let packets = batch.bytes[12..].chunks(188).take(2);
    packets.map(<[u8]>::to_vec).collect()
}

/// What the PMT says behind the video: `stream_type`, PID, length, descriptors.
fn described(pmt: &[u8]) -> &[u8] {
    let length = usize::from(pmt[7]);
    &pmt[5 + 27..8 + length - 4]
}

#[test]
fn q60_the_tables_begin_with_version_1() {
    for (quirks, version) in [(&[][..], 0xC1), (&[Quirk::Q60], 0xC3)] {
        let mut script = proposing(AudioCapabilities::empty(), quirks, &codecs(ALL));
        let tables = tables(&mut script);
        let versions: Vec<u8> = tables.iter().map(|packet| packet[10]).collect();
        assert_eq!(versions, [version; 2]);
    }
}

#[test]
fn q62_the_pmt_does_not_describe_lpcm() {
    for (quirks, entry) in [
        (
            &[][..],
            &[0x83, 0xF1, 0x00, 0xF0, 4, 0x83, 0x02, 0x46, 0x2F][..],
        ),
        (&[Quirk::Q62], &[0x83, 0xF1, 0x00, 0xF0, 0]),
    ] {
        let mut script = proposing(AudioCapabilities::LPCM, quirks, &codecs(ALL));
        assert_eq!(described(&tables(&mut script)[1]), entry);
    }
}

/// A base EDID block whose maker is Samsung.
fn samsung() -> String {
    let mut block = [0_u8; 128];
    block[..10].copy_from_slice(&[0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0x4C, 0x2D]);
    let sum = block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    block[127] = sum.wrapping_neg();
    let digits = format!("{block:02X?}").replace(['[', ']', ',', ' '], "");
    format!("wfd_display_edid: 0001 {digits}\r\n")
}

#[test]
fn q63_a_sink_that_needs_sound_gets_silence() {
    let silence = |format| {
        Some(AudioConfig {
            silence: true,
            ..real(format)
        })
    };
    let line = "wfd_audio_codecs: LPCM 00000003 00, AAC 00000001 00\r\n";
    let none = AudioCapabilities::empty();
    let needs = &[Quirk::Q63][..];
    for (sound, quirks, capabilities, expected) in [
        (none, needs, codecs(ALL), silence(ChosenAudio::LPCM_48)),
        (
            none,
            &[],
            answer(line, &samsung()),
            silence(ChosenAudio::LPCM_48),
        ),
        (
            AudioCapabilities::AC3_6,
            needs,
            codecs("LPCM 00000001 00, AC3 00000001 00"),
            silence(ChosenAudio::LPCM_44),
        ),
        // Real sound goes before silence, and what the sink has not got is not offered.
        (
            AudioCapabilities::AAC_STEREO,
            needs,
            codecs(ALL),
            Some(real(ChosenAudio::AAC_STEREO)),
        ),
        (none, needs, codecs("AAC 00000001 00"), None),
        (none, needs, codecs("none"), None),
        (none, &[], codecs(ALL), None),
    ] {
        let mut script = proposing(sound, quirks, &capabilities);
        let format = expected.map(|config: AudioConfig| config.format.to_string());
        assert_eq!(offered(&script), format, "{capabilities}");
        script.ok(3);
        let told = told(&mut script);
        assert_eq!(told.first().copied().flatten(), expected, "{capabilities}");
    }
}

#[test]
fn q66_aac_goes_before_lpcm_if_both_have_it() {
    let all = AudioCapabilities::all();
    let lpcm_and_ac3 = AudioCapabilities::LPCM | AudioCapabilities::AC3_STEREO;
    for (sound, sink, format) in [
        (all, ALL, ChosenAudio::AAC_STEREO),
        (all, "LPCM 00000002 00, AAC 00000004 00", ChosenAudio::AAC_6),
        // One of the two has no AAC, or none that the other has: all is as without the setting.
        (
            all,
            "LPCM 00000002 00, AC3 00000001 00",
            ChosenAudio::LPCM_48,
        ),
        (
            all,
            "LPCM 00000002 00, AAC 00000000 00",
            ChosenAudio::LPCM_48,
        ),
        (lpcm_and_ac3, ALL, ChosenAudio::LPCM_48),
        (
            AudioCapabilities::LPCM | AudioCapabilities::AAC_STEREO,
            "LPCM 00000001 00, AAC 00000008 00",
            ChosenAudio::LPCM_44,
        ),
    ] {
        let mut script = proposing(sound, &[Quirk::Q66], &codecs(sink));
        assert_eq!(offered(&script), Some(format.to_string()), "{sink}");
        script.ok(3);
        assert_eq!(told(&mut script), [Some(real(format))], "{sink}");
    }
}

/// What is preferred is given up like anything else that the sink refuses.
#[test]
fn q66_a_sink_that_refuses_aac_gets_lpcm() {
    let source = AudioCapabilities::AAC_STEREO | AudioCapabilities::LPCM;
    let mut script = proposing(source, &[Quirk::Q66], &codecs(ALL));
    refuse(&mut script, 3, NOT_THIS_SOUND);
    assert_eq!(offered(&script).as_deref(), Some("LPCM 00000002 00"));
}
