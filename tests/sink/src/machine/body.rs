//! The bodies of M3, M4 and M5.

use core::net::Ipv4Addr;
use std::collections::BTreeSet;

use super::r2;
use super::rules::{Breaches, Rule};
use crate::capabilities::{Capabilities, VideoCodec};
use crate::choice::Choice;
use crate::stream::SoundFormat;

/// Names that must have been asked before M4 (S2.1 T97).
const MANDATORY: [&str; 3] = [
    "wfd_video_formats",
    "wfd_audio_codecs",
    "wfd_client_rtp_ports",
];

/// Lines of a body that are read.
const LINES_MAX: usize = 256;

/// The names in M3.
pub(super) fn names<'a>(text: &'a str, breaches: &mut Breaches) -> Vec<&'a str> {
    let mut names = Vec::new();
    for line in text.split_terminator("\r\n").take(LINES_MAX) {
        let word = line.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if line.is_empty() || !word || names.contains(&line) {
            breaches.add(Rule::M3, format!("line {line:?}"));
        } else {
            names.push(line);
        }
    }
    names
}

/// The method in M5, if the body is exactly that.
pub(super) fn trigger(text: &str) -> Option<&str> {
    text.strip_prefix("wfd_trigger_method: ")?
        .strip_suffix("\r\n")
}

/// What an M4 is measured by.
pub(super) struct Context<'a> {
    pub(super) capabilities: &'a Capabilities,
    pub(super) asked: &'a BTreeSet<String>,
    /// The source's address as we see it.
    pub(super) source: Option<Ipv4Addr>,
    /// Whether the WFD session exists: formats may change, addresses may not.
    pub(super) in_session: bool,
    /// Whether Constrained Baseline is taken that was not offered (quirk Q64).
    pub(super) takes_baseline: bool,
}

/// What an M4 says, as far as it matters later.
#[derive(Clone, Debug, Default)]
pub(super) struct Offer {
    pub(super) video: Option<Choice>,
    pub(super) has_audio: bool,
    /// The URL is there and what it must be.
    pub(super) url_right: bool,
}

/// Checks M4.
pub(super) fn check_m4(text: &str, context: &Context<'_>, breaches: &mut Breaches) -> Offer {
    let mut seen = BTreeSet::new();
    let mut offer = Offer::default();
    for line in text.split_terminator("\r\n").take(LINES_MAX) {
        let Some((name, value)) = line.split_once(": ") else {
            breaches.add(Rule::M4, format!("line {line:?}"));
            continue;
        };
        breaches.require(seen.insert(name), Rule::M4, || format!("{name} twice"));
        match name {
            "wfd_video_formats" => {
                offer.video = check_video(value, context, breaches)
                    .as_ref()
                    .map(Choice::from);
            }
            "wfd2_video_formats" => {
                let offered = context.capabilities.said(name).unwrap_or_default();
                breaches.require(r2::is_choice(value, offered), Rule::M4Video, || {
                    format!("{name}: {value}, offered {offered}")
                });
                offer.video = r2::choice(value);
            }
            "wfd_audio_codecs" | "wfd2_audio_codecs" => {
                offer.has_audio = true;
                check_audio(name, value, context.capabilities, breaches);
            }
            "wfd_presentation_URL" => {
                offer.url_right = check_url(value, context.source, breaches);
            }
            "wfd_client_rtp_ports" => {
                let want = context.capabilities.answer(name);
                let echoed = want.as_deref() == Some(value);
                breaches.require(echoed, Rule::M4Ports, || format!("{value:?}, not {want:?}"));
            }
            "wfd_av_format_change_timing" => {
                breaches.require(context.in_session, Rule::M4, || {
                    format!("{name} before PLAY")
                });
            }
            "wfd_uibc_setting" => {
                let right = matches!(value, "enable" | "disable");
                let offered = context.capabilities.offers("wfd_uibc_capability");
                breaches.require(right && offered, Rule::M4, || format!("{name}: {value}"));
            }
            other => {
                let offered = context.capabilities.offers(other) && context.asked.contains(other);
                breaches.require(offered, Rule::M4, || format!("{other} was not offered"));
            }
        }
    }
    check_set(&seen, context, breaches);
    let (capability, setting) = (
        seen.contains("wfd_uibc_capability"),
        seen.contains("wfd_uibc_setting"),
    );
    let usable = !capability || input_port(text).is_some();
    breaches.require(usable && capability == setting, Rule::M4, || {
        format!("input: {capability}, setting: {setting}, usable port: {usable}")
    });
    offer
}

/// The port of M4's `wfd_uibc_capability`, which must have one (S2.1 §6.4.14).
pub(super) fn input_port(text: &str) -> Option<u16> {
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix("wfd_uibc_capability: "))?;
    let (_, port) = value.rsplit_once(";port=")?;
    port.parse().ok().filter(|port| *port != 0)
}

/// Which parameters must be there, and which not (S2.1 T97).
fn check_set(seen: &BTreeSet<&str>, context: &Context<'_>, breaches: &mut Breaches) {
    let has = |name| seen.contains(name);
    let video = [has("wfd_video_formats"), has("wfd2_video_formats")];
    if context.in_session {
        let formats = video.contains(&true) || has("wfd_audio_codecs") || has("wfd2_audio_codecs");
        let timed = has("wfd_av_format_change_timing");
        breaches.require(formats == timed, Rule::M4, || {
            format!("in a session, formats: {formats}, wfd_av_format_change_timing: {timed}")
        });
        return;
    }
    let once = video[0] != video[1];
    breaches.require(once, Rule::M4, || {
        format!("video by R1's name: {}, by R2's: {}", video[0], video[1])
    });
    for name in ["wfd_presentation_URL", "wfd_client_rtp_ports"] {
        breaches.require(has(name), Rule::M4, || format!("{name} missing"));
    }
    for name in MANDATORY {
        let asked = context.asked.contains(name);
        breaches.require(asked, Rule::M3, || format!("{name} was never asked"));
    }
}

fn check_video(value: &str, context: &Context<'_>, breaches: &mut Breaches) -> Option<VideoCodec> {
    let mut wrong = |what: &str| breaches.add(Rule::M4Video, format!("{what}: {value}"));
    let codec = value.strip_prefix("00 00 ").and_then(VideoCodec::parse);
    let Some(codec) = codec.filter(|_| value.ends_with(" none none")) else {
        wrong("form");
        return None;
    };
    let modes = codec.cea.count_ones() + codec.vesa.count_ones() + codec.hh.count_ones();
    if modes != 1 || codec.profile.count_ones() != 1 || codec.level.count_ones() != 1 {
        wrong("not one mode, profile and level");
        return Some(codec);
    }
    if codec.latency != 0 {
        wrong("latency");
    }
    let mut offer = context.capabilities.offered_video();
    for offered in offer.iter_mut().flat_map(|offer| &mut offer.codecs) {
        offered.profile |= u8::from(context.takes_baseline);
    }
    if let Some(offer) = offer
        && !offer.codecs.iter().any(|offered| within(&codec, offered))
    {
        wrong("not within the offer");
    }
    Some(codec)
}

/// Whether a choice of one mode, profile and level is within one offered tuple.
fn within(choice: &VideoCodec, offer: &VideoCodec) -> bool {
    let modes = choice.cea & !offer.cea | choice.vesa & !offer.vesa | choice.hh & !offer.hh;
    let slices = choice.min_slice == 0 && choice.slice_params == 0
        || offer.min_slice != 0
            && choice.min_slice >= offer.min_slice
            && choice.slice_params & 0x3ff != 0
            && choice.slice_params & 0x3ff <= offer.slice_params & 0x3ff
            && choice.slice_params & 0x1c00 <= offer.slice_params & 0x1c00;
    // No bit is the least that there is (quirk Q35).
    modes == 0
        && choice.profile & offer.profile.max(1) != 0
        // One bit each: the higher level is the greater number.
        && choice.level <= offer.level.max(1)
        && slices
        && choice.frame_rate_control & !offer.frame_rate_control == 0
}

/// The sound that an M4 announces.
pub(super) fn sound(text: &str) -> Option<SoundFormat> {
    let mut lines = text.lines();
    lines.find_map(|line| {
        let r1 = line.strip_prefix("wfd_audio_codecs: ");
        SoundFormat::parse(r1.or_else(|| line.strip_prefix("wfd2_audio_codecs: "))?)
    })
}

/// One tuple, one mode bit, of those offered.
fn check_audio(name: &str, value: &str, capabilities: &Capabilities, breaches: &mut Breaches) {
    let parse = |tuple: &str| {
        let mut fields = tuple.trim().split(' ');
        let (format, modes, latency) = (fields.next()?, fields.next()?, fields.next()?);
        let right = modes.len() == 8 && latency.len() == 2 && fields.next().is_none();
        let modes = u32::from_str_radix(modes, 16).ok().filter(|_| right)?;
        Some((format.to_owned(), modes))
    };
    let offer = if name == "wfd_audio_codecs" {
        capabilities.answer(name).unwrap_or_default()
    } else {
        capabilities.said(name).unwrap_or_default().to_owned()
    };
    let offered: Vec<_> = offer.split(',').filter_map(parse).collect();
    let right = parse(value).is_some_and(|(format, mode)| {
        let matches = |(f, modes): &(String, u32)| *f == format && modes & mode == mode;
        mode.is_power_of_two() && offered.iter().any(matches)
    });
    breaches.require(right, Rule::M4Audio, || {
        format!("{name}: {value}, offered {offer}")
    });
}

fn check_url(value: &str, source: Option<Ipv4Addr>, breaches: &mut Breaches) -> bool {
    let host = value
        .strip_prefix("rtsp://")
        .and_then(|rest| rest.strip_suffix("/wfd1.0/streamid=0 none"))
        .and_then(|host| host.parse::<Ipv4Addr>().ok());
    let right = host.is_some() && source.is_none_or(|source| host == Some(source));
    breaches.require(right, Rule::M4Url, || {
        format!("{value:?}, source is {source:?}")
    });
    right
}
