//! How each parameter of an M3 answer is read into [`SinkCapabilities`], and by which names it is
//! known.

use super::capabilities::{Features, SinkCapabilities};
use super::{
    ContentProtection, CoupledSink, Edid, RtpPorts, UibcCapability, connector, intel, microsoft,
    names, r2,
};
use crate::quirks::Quirk;
use crate::wfd::audio::{AudioCodecs, Release};
use crate::wfd::fields::{decimal, is_none, offer};
use crate::wfd::r2_video::R2VideoFormats;
use crate::wfd::video::{self, VideoFormats};
use crate::wfd::wfdx_video::WfdxVideoFormats;
use crate::wfd::{Fault, Offer};

/// Below this many bit/s no stream is possible: a sink that states less means kbit/s (quirk Q47).
const MAX_BITRATE_LOWEST: u64 = 1_000_000;

/// Reads one value into its field.
type Reader = fn(&mut SinkCapabilities, &str) -> Result<(), Fault>;

/// What a name in an answer is.
pub(super) enum Known {
    /// A parameter that is read: its place in [`READERS`], and whether the name was misspelt.
    Read(usize, bool),
    /// One that is passed over.
    PassedOver,
    /// Nothing that is known.
    Unknown,
}

/// Looks a name up. Case does not matter (S2.1 §6.6.5), nor do hyphens for underscores and the
/// misspellings of [`names::MISSPELT`] (quirk Q46).
pub(super) fn known(name: &str) -> Known {
    let meant = names::MISSPELT.iter().find(|(wrong, _)| same(name, wrong));
    let right = meant.map_or(name, |(_, right)| *right);
    if let Some(place) = READERS.iter().position(|(known, _)| same(right, known)) {
        let exact = READERS
            .get(place)
            .is_some_and(|(known, _)| name.eq_ignore_ascii_case(known));
        return Known::Read(place, !exact);
    }
    if names::PASSED_OVER.iter().any(|known| same(name, known)) {
        return Known::PassedOver;
    }
    Known::Unknown
}

/// Whether `name` is `known`, but for case and hyphens.
pub(super) fn same(name: &str, known: &str) -> bool {
    let plain = |byte: u8| match byte {
        b'-' => b'_',
        byte => byte.to_ascii_lowercase(),
    };
    name.len() == known.len() && name.bytes().map(plain).eq(known.bytes().map(plain))
}

/// The parameters that are read.
pub(super) const READERS: [(&str, Reader); 37] = [
    (names::VIDEO_FORMATS, |sink, value| {
        let video = VideoFormats::read(value)?;
        match &video {
            Offer::Present(formats) => sink.quirks |= video::noticed(value, formats),
            Offer::Absent | Offer::None => sink.quirks.note(Quirk::Q54),
        }
        sink.video = video;
        Ok(())
    }),
    (names::AUDIO_CODECS, |sink, value| {
        sink.audio = AudioCodecs::read(value, Release::R1, &mut sink.quirks)?;
        Ok(())
    }),
    (names::CLIENT_RTP_PORTS, |sink, value| {
        let ports = RtpPorts::read(value)?;
        sink.quirks
            .note_if(ports.port1 != 0 || ports.tcp, Quirk::Q43);
        sink.rtp_ports = Some(ports);
        Ok(())
    }),
    (names::DISPLAY_EDID, |sink, value| {
        sink.edid = Edid::read(value, &mut sink.quirks)?;
        Ok(())
    }),
    (names::CONNECTOR_TYPE, |sink, value| {
        sink.quirks.note_if(value.len() == 1, Quirk::Q48);
        connector::read(value).map(|connector| sink.connector = connector)
    }),
    (names::R2_VIDEO_FORMATS, |sink, value| {
        sink.r2_video = R2VideoFormats::read(value, &mut sink.quirks)?;
        Ok(())
    }),
    (names::R2_AUDIO_CODECS, |sink, value| {
        sink.r2_audio = AudioCodecs::read(value, Release::R2, &mut sink.quirks)?;
        Ok(())
    }),
    (names::WFDX_VIDEO_FORMATS, |sink, value| {
        WfdxVideoFormats::read(value).map(|video| sink.wfdx_video = video)
    }),
    (names::CONTENT_PROTECTION, |sink, value| {
        sink.content_protection = ContentProtection::read(value, &mut sink.quirks)?;
        Ok(())
    }),
    (names::UIBC_CAPABILITY, |sink, value| {
        sink.uibc = UibcCapability::read(value, &mut sink.quirks)?;
        // Only a source has a port.
        if let Offer::Present(uibc) = &mut sink.uibc {
            uibc.port = None;
        }
        Ok(())
    }),
    (names::COUPLED_SINK, |sink, value| {
        CoupledSink::read(value).map(|coupled| sink.coupled = coupled)
    }),
    (names::I2C, |sink, value| {
        offer(value, port).map(|port| sink.i2c_port = port)
    }),
    (names::R2_AUX_STREAM_FORMATS, |sink, value| {
        r2::AuxStreams::read(value).map(|streams| sink.aux_streams = streams)
    }),
    (names::R2_BUFFER_LENGTH, |sink, value| {
        r2::buffer_length(value).map(|length| sink.buffer_length = length)
    }),
    (names::R2_AUDIO_PLAYBACK_STATUS, |sink, value| {
        r2::PlaybackStatus::read(value).map(|status| sink.audio_status = Some(status))
    }),
    (names::R2_VIDEO_PLAYBACK_STATUS, |sink, value| {
        r2::PlaybackStatus::read(value).map(|status| sink.video_status = Some(status))
    }),
    (names::R2_CTA_DATABLOCKS, |sink, value| {
        r2::data_blocks(value).map(|length| sink.data_blocks = length)
    }),
    (names::R2_VIDEO_STREAM_CONTROL, |sink, value| {
        r2::stream_control(value).map(|control| sink.stream_control = control)
    }),
    (names::R2_ROTATION, |sink, value| {
        feature(sink, value, Features::ROTATION)
    }),
    (names::STANDBY_RESUME_CAPABILITY, |sink, value| {
        feature(sink, value, Features::STANDBY_RESUME)
    }),
    (names::IDR_REQUEST_CAPABILITY, |sink, value| {
        let plain = value == "0" || value == "1";
        sink.quirks.note_if(!plain, Quirk::Q48);
        switch(value).map(|able| sink.idr_request = Some(able))
    }),
    (names::MICROSOFT_DIAGNOSTICS, |sink, value| {
        feature(sink, value, Features::DIAGNOSTICS)
    }),
    (names::MICROSOFT_FORMAT_CHANGE, |sink, value| {
        feature(sink, value, Features::FORMAT_CHANGE)
    }),
    (names::MICROSOFT_LATENCY, |sink, value| {
        feature(sink, value, Features::LATENCY_MODES)
    }),
    (names::MICROSOFT_RTCP, |sink, value| {
        feature(sink, value, Features::RTCP)
    }),
    (names::MICROSOFT_COLOR_SPACE, |sink, value| {
        feature(sink, value, Features::COLOR_SPACE)
    }),
    (names::MICROSOFT_MULTISCREEN, |sink, value| {
        feature(sink, value, Features::MULTISCREEN)
    }),
    (names::MICROSOFT_AUDIO_MUTE, |sink, value| {
        feature(sink, value, Features::AUDIO_MUTE)
    }),
    (names::MICROSOFT_MAX_BITRATE, max_bit_rate),
    (names::MICROSOFT_VIDEO_FORMATS, |sink, value| {
        microsoft::video_formats(value).map(|mask| sink.microsoft_video = mask)
    }),
    (names::MICROSOFT_CUSTOM_VIDEO_FORMATS, |sink, value| {
        microsoft::custom_modes(value).map(|modes| sink.custom_modes = modes)
    }),
    (names::MICROSOFT_CURSOR, |sink, value| {
        microsoft::CursorSupport::read(value).map(|cursor| sink.cursor = cursor)
    }),
    (names::INTEL_FRIENDLY_NAME, |sink, value| {
        intel::name(value).map(|name| sink.names.friendly = name)
    }),
    (names::INTEL_MANUFACTURER, |sink, value| {
        intel::name(value).map(|name| sink.names.manufacturer = name)
    }),
    (names::INTEL_MODEL, |sink, value| {
        intel::name(value).map(|name| sink.names.model = name)
    }),
    (names::INTEL_DEVICE_URL, |sink, value| {
        intel::name(value).map(|url| sink.names.device_url = url)
    }),
    (names::INTEL_VERSION, |sink, value| {
        let version = intel::SinkVersion::read(value, &mut sink.quirks)?;
        sink.names.version = version;
        Ok(())
    }),
];

/// `1` or `0`; sinks also answer with the words of other parameters (quirk Q48).
fn switch(value: &str) -> Result<bool, Fault> {
    if value == "1" || value.eq_ignore_ascii_case("supported") {
        Ok(true)
    } else if value == "0" || is_none(value) {
        Ok(false)
    } else {
        Err(Fault::UnknownWord)
    }
}

/// `supported` or `none`.
fn feature(sink: &mut SinkCapabilities, value: &str, feature: Features) -> Result<(), Fault> {
    let has = switch(value)?;
    sink.quirks
        .note_if(value == "0" || value == "1", Quirk::Q48);
    sink.features.set(feature, has);
    Ok(())
}

/// A number of bit/s, or of kbit/s where it is too small for that (quirk Q47); `none` and 0 are no
/// limit.
fn max_bit_rate(sink: &mut SinkCapabilities, value: &str) -> Result<(), Fault> {
    if is_none(value) {
        sink.max_bit_rate = None;
        return Ok(());
    }
    let rate = u64::from(decimal::<u32>(value)?);
    let is_kilo = (1..MAX_BITRATE_LOWEST).contains(&rate);
    sink.quirks.note_if(is_kilo, Quirk::Q47);
    sink.max_bit_rate = match rate {
        0 => None,
        rate if is_kilo => Some(rate * 1000),
        rate => Some(rate),
    };
    Ok(())
}

fn port(value: &str) -> Result<u16, Fault> {
    match decimal(value)? {
        0 => Err(Fault::Forbidden),
        port => Ok(port),
    }
}
