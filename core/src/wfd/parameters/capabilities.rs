//! The sink's answer to M3, typed.

use super::{Edid, Line, RtpPorts, lines, names};
use crate::wfd::audio::AudioCodecs;
use crate::wfd::fields::{decimal, hex, is_none};
use crate::wfd::video::VideoFormats;
use crate::wfd::{Fault, Malformed, Offer};

/// Below this many bit/s no stream is possible: a sink that states less means kbit/s (quirk Q47).
const MAX_BITRATE_LOWEST: u64 = 1_000_000;

/// What the sink said of itself, in one answer to M3 or in several.
#[derive(Clone, Debug, Default)]
pub struct SinkCapabilities {
    /// `wfd_video_formats`.
    pub video: Offer<VideoFormats>,
    /// `wfd_audio_codecs`.
    pub audio: Offer<AudioCodecs>,
    /// `wfd_client_rtp_ports`.
    pub rtp_ports: Option<RtpPorts>,
    /// `wfd_display_edid`.
    pub edid: Offer<Edid>,
    /// `wfd_connector_type`: a code of the table in S2.1 §6.1.19.
    pub connector: Offer<u8>,
    /// `wfd_idr_request_capability`: whether the sink can ask for an IDR picture.
    pub idr_request: Option<bool>,
    /// `microsoft_max_bitrate` in bit/s.
    pub max_bit_rate: Option<u64>,
    /// Whether any `microsoft_*` name was answered with more than `none` or zero. Such a sink
    /// expects the RTP marker at the end of each picture (MS-WFDPE §2).
    pub microsoft_extension: bool,
    /// Parameters that were given but could not be read.
    pub ignored: Ignored,
}

/// What an answer had, but could not be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ignored {
    /// How many there were; it stops at the largest number.
    pub count: u16,
    /// The last of them.
    pub last: Option<Malformed>,
}

impl Ignored {
    fn note(&mut self, malformed: Malformed) {
        self.count = self.count.saturating_add(1);
        self.last = Some(malformed);
    }
}

impl SinkCapabilities {
    /// The capabilities before any answer: everything absent.
    pub const fn new() -> Self {
        Self {
            video: Offer::Absent,
            audio: Offer::Absent,
            rtp_ports: None,
            edid: Offer::Absent,
            connector: Offer::Absent,
            idr_request: None,
            max_bit_rate: None,
            microsoft_extension: false,
            ignored: Ignored {
                count: 0,
                last: None,
            },
        }
    }

    /// Merges the body of one answer to M3. Names may come in any order and unasked (quirk Q50);
    /// unknown ones are passed over, as S2.1 §6.2.2 wants; of one that comes twice the last counts
    /// (Q48). A parameter that cannot be read is passed over and noted in [`Self::ignored`].
    ///
    /// Video formats that cannot be read stand for what every sink must decode, 640x480p60
    /// ([`VideoFormats::least`]): a sink that plays answers garbage (interop rule 13).
    ///
    /// # Errors
    ///
    /// `wfd_client_rtp_ports` cannot be read: there is nowhere to send to. The rest of the body has
    /// been merged.
    pub fn read(&mut self, body: &[u8]) -> Result<(), Malformed> {
        let mut outcome = Ok(());
        let mut lines = lines(body);
        for line in lines.by_ref() {
            self.microsoft_extension |= is_microsoft_extension(&line);
            match self.take(&line) {
                Ok(()) => {}
                Err(malformed) if malformed.parameter == names::CLIENT_RTP_PORTS => {
                    outcome = Err(malformed);
                }
                Err(malformed) => {
                    if malformed.parameter == names::VIDEO_FORMATS {
                        self.video = Offer::Present(VideoFormats::least());
                    }
                    self.ignored.note(malformed);
                }
            }
        }
        if lines.is_cut() {
            self.ignored.note(Malformed {
                parameter: "body",
                fault: Fault::TooMany,
            });
        }
        outcome
    }

    fn take(&mut self, line: &Line<'_>) -> Result<(), Malformed> {
        let is_line = |(name, _): &&(&str, Reader)| line.name.eq_ignore_ascii_case(name);
        let Some(&(parameter, read)) = READERS.iter().find(is_line) else {
            return Ok(());
        };
        line.value
            .ok_or(Fault::Missing)
            .and_then(|value| read(self, value))
            .map_err(|fault| Malformed { parameter, fault })
    }

    /// The first mandatory parameter that no answer has had. Of the ports only a readable answer
    /// counts.
    pub const fn missing(&self) -> Option<&'static str> {
        if matches!(self.video, Offer::Absent) {
            Some(names::VIDEO_FORMATS)
        } else if matches!(self.audio, Offer::Absent) {
            Some(names::AUDIO_CODECS)
        } else if self.rtp_ports.is_none() {
            Some(names::CLIENT_RTP_PORTS)
        } else {
            None
        }
    }

    /// Whether a display is behind the sink, for `MonitorConnected` (DDI-18). There is none only
    /// if the sink says so: its connector is `none`, or its EDID is `none` and it gave no
    /// connector, or its video formats are `none`. What it does not answer counts for it.
    pub const fn monitor_connected(&self) -> bool {
        let no_edid = self.edid.is_none() && !matches!(self.connector, Offer::Present(_));
        !(self.connector.is_none() || no_edid || self.video.is_none())
    }
}

/// Reads one value into its field.
type Reader = fn(&mut SinkCapabilities, &str) -> Result<(), Fault>;

/// The parameters that are read.
const READERS: [(&str, Reader); 7] = [
    (names::VIDEO_FORMATS, |sink, value| {
        VideoFormats::read(value).map(|video| sink.video = video)
    }),
    (names::AUDIO_CODECS, |sink, value| {
        AudioCodecs::read(value).map(|audio| sink.audio = audio)
    }),
    (names::CLIENT_RTP_PORTS, |sink, value| {
        RtpPorts::read(value).map(|ports| sink.rtp_ports = Some(ports))
    }),
    (names::DISPLAY_EDID, |sink, value| {
        Edid::read(value).map(|edid| sink.edid = edid)
    }),
    (names::CONNECTOR_TYPE, |sink, value| {
        connector(value).map(|connector| sink.connector = connector)
    }),
    (names::IDR_REQUEST_CAPABILITY, |sink, value| {
        switch(value).map(|able| sink.idr_request = Some(able))
    }),
    (names::MICROSOFT_MAX_BITRATE, |sink, value| {
        max_bit_rate(value).map(|rate| sink.max_bit_rate = rate)
    }),
];

/// `none`, or a code of one or two digits (quirk Q48).
fn connector(value: &str) -> Result<Offer<u8>, Fault> {
    if is_none(value) {
        return Ok(Offer::None);
    }
    hex(value).map(Offer::Present)
}

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

/// A number of bit/s, or of kbit/s where it is too small for that (quirk Q47); `none` and 0 are no
/// limit.
fn max_bit_rate(value: &str) -> Result<Option<u64>, Fault> {
    if is_none(value) {
        return Ok(None);
    }
    let rate = u64::from(decimal::<u32>(value)?);
    Ok(match rate {
        0 => None,
        1..MAX_BITRATE_LOWEST => Some(rate * 1000),
        _ => Some(rate),
    })
}

fn is_microsoft_extension(line: &Line<'_>) -> bool {
    let prefix = names::MICROSOFT_PREFIX.len();
    let is_microsoft = line
        .name
        .get(..prefix)
        .is_some_and(|start| start.eq_ignore_ascii_case(names::MICROSOFT_PREFIX));
    let is_positive = |value: &str| !is_none(value) && value.bytes().any(|byte| byte != b'0');
    is_microsoft && line.value.is_some_and(is_positive)
}
