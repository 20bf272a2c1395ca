//! The sink's answer to M3, typed.

use bitflags::bitflags;

use super::intel::SinkNames;
use super::microsoft::{CursorSupport, CustomModes};
use super::r2::{AuxStreams, PlaybackStatus};
use super::readers::{Known, READERS, known, same};
use super::{
    ContentProtection, CoupledSink, Edid, Ignored, Line, RtpPorts, UibcCapability, Unknown, lines,
    names,
};
use crate::quirks::{Fired, Identity, Quirk, recognise};
use crate::wfd::audio::AudioCodecs;
use crate::wfd::fields::is_none;
use crate::wfd::r2_video::R2VideoFormats;
use crate::wfd::video::VideoFormats;
use crate::wfd::wfdx_video::WfdxVideoFormats;
use crate::wfd::{Fault, Malformed, Offer};

bitflags! {
    /// What a sink answers with `supported`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Features: u16 {
        /// `wfd_standby_resume_capability`
        const STANDBY_RESUME = 1 << 0;
        /// `wfd2_rotation_capability`
        const ROTATION = 1 << 1;
        /// `microsoft_diagnostics_capability`
        const DIAGNOSTICS = 1 << 2;
        /// `microsoft_format_change_capability`
        const FORMAT_CHANGE = 1 << 3;
        /// `microsoft_latency_management_capability`
        const LATENCY_MODES = 1 << 4;
        /// `microsoft_rtcp_capability`
        const RTCP = 1 << 5;
        /// `microsoft_color_space_conversion`
        const COLOR_SPACE = 1 << 6;
        /// `microsoft_multiscreen_projection`
        const MULTISCREEN = 1 << 7;
        /// `microsoft_audio_mute`
        const AUDIO_MUTE = 1 << 8;
    }
}

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
    /// `wfd_connector_type`: a code, see [`super::connector_name`].
    pub connector: Offer<u8>,
    /// `wfd2_video_formats`.
    pub r2_video: Offer<R2VideoFormats>,
    /// `wfd2_audio_codecs`.
    pub r2_audio: Offer<AudioCodecs>,
    /// `wfdx_video_formats`.
    pub wfdx_video: Offer<WfdxVideoFormats>,
    /// `wfd_content_protection`.
    pub content_protection: Offer<ContentProtection>,
    /// `wfd_uibc_capability`, without port.
    pub uibc: Offer<UibcCapability>,
    /// `wfd_coupled_sink`.
    pub coupled: Offer<CoupledSink>,
    /// `wfd_I2C`: a TCP port of the sink.
    pub i2c_port: Offer<u16>,
    /// `wfd2_aux_stream_formats`.
    pub aux_streams: Offer<AuxStreams>,
    /// `wfd2_buffer_length` in milliseconds.
    pub buffer_length: Offer<u16>,
    /// `wfd2_audio_playback_status`.
    pub audio_status: Option<PlaybackStatus>,
    /// `wfd2_video_playback_status`.
    pub video_status: Option<PlaybackStatus>,
    /// `wfd2_cta_datablock_collection`: how many bytes there are.
    pub data_blocks: Offer<u16>,
    /// `wfd2_video_stream_control`.
    pub stream_control: Offer<[u8; 2]>,
    /// What the sink supports.
    pub features: Features,
    /// `wfd_idr_request_capability`: whether the sink can ask for an IDR picture.
    pub idr_request: Option<bool>,
    /// `microsoft_max_bitrate` in bit/s.
    pub max_bit_rate: Option<u64>,
    /// `microsoft_video_formats`: a mask of 3:2 modes.
    pub microsoft_video: Offer<u64>,
    /// `microsoft_custom_video_formats`.
    pub custom_modes: Offer<CustomModes>,
    /// `microsoft_cursor`.
    pub cursor: Offer<CursorSupport>,
    /// Whether any `microsoft_*` name was answered with more than `none` or zero. Such a sink
    /// expects the RTP marker at the end of each picture (MS-WFDPE §2).
    pub microsoft_extension: bool,
    /// What it calls itself.
    pub names: SinkNames,
    /// Parameters that were given but could not be read.
    pub ignored: Ignored,
    /// Parameters that nothing is known of.
    pub unknown: Unknown,
    /// The quirks of the answers, and those that the sink is known for by its names.
    pub quirks: Fired,
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
            r2_video: Offer::Absent,
            r2_audio: Offer::Absent,
            wfdx_video: Offer::Absent,
            content_protection: Offer::Absent,
            uibc: Offer::Absent,
            coupled: Offer::Absent,
            i2c_port: Offer::Absent,
            aux_streams: Offer::Absent,
            buffer_length: Offer::Absent,
            audio_status: None,
            video_status: None,
            data_blocks: Offer::Absent,
            stream_control: Offer::Absent,
            features: Features::empty(),
            idr_request: None,
            max_bit_rate: None,
            microsoft_video: Offer::Absent,
            custom_modes: Offer::Absent,
            cursor: Offer::Absent,
            microsoft_extension: false,
            names: SinkNames::new(),
            ignored: Ignored::new(),
            unknown: Unknown::new(),
            quirks: Fired::new(),
        }
    }

    /// Merges the body of one answer to M3. Names may come in any order and unasked (quirk Q50);
    /// unknown ones are counted and otherwise passed over, as S2.1 §6.2.2 wants; of one that comes
    /// twice the last counts (Q48). A parameter that cannot be read counts as absent, or keeps the
    /// value of an earlier line, and is noted in [`Self::ignored`].
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
        let mut seen = 0;
        let mut lines = lines(body);
        for line in lines.by_ref() {
            self.microsoft_extension |= is_microsoft_extension(&line);
            match self.take(&line, &mut seen) {
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
        self.quirks |= lines.noticed() | recognise(self.identity());
        let only_r2 = self.video == Offer::Absent && self.r2_video != Offer::Absent;
        self.quirks.note_if(only_r2, Quirk::Q41);
        outcome
    }

    /// Reads one line. `seen` has a bit for each parameter that has come in this body.
    fn take(&mut self, line: &Line<'_>, seen: &mut u64) -> Result<(), Malformed> {
        let (place, misspelt) = match known(line.name) {
            Known::Read(place, misspelt) => (place, misspelt),
            Known::PassedOver => return Ok(()),
            Known::Unknown => {
                self.unknown.note(line.name);
                self.quirks.note(Quirk::Q53);
                return Ok(());
            }
        };
        self.quirks.note_if(misspelt, Quirk::Q46);
        self.quirks.note_if(*seen >> place & 1 == 1, Quirk::Q48);
        *seen |= 1 << place;
        let Some(&(parameter, read)) = READERS.get(place) else {
            return Ok(());
        };
        line.value
            .ok_or(Fault::Missing)
            .and_then(|value| read(self, value))
            .map_err(|fault| Malformed { parameter, fault })
    }

    /// What the sink calls itself, for [`recognise`]. Its User-Agent is not in a body.
    fn identity(&self) -> Identity<'_> {
        let manufacturer = &self.names.manufacturer;
        Identity {
            user_agent: None,
            manufacturer: (!manufacturer.is_empty()).then(|| manufacturer.as_str()),
            edid_vendor: self.edid.present().and_then(Edid::vendor),
        }
    }

    /// The first mandatory parameter that no answer has had, under none of its names. Of the ports only a readable answer
    /// counts.
    pub const fn missing(&self) -> Option<&'static str> {
        let video = [
            self.video.is_absent(),
            self.r2_video.is_absent(),
            self.wfdx_video.is_absent(),
        ];
        if let [true, true, true] = video {
            Some(names::VIDEO_FORMATS)
        } else if self.audio.is_absent() && self.r2_audio.is_absent() {
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
        !(self.connector.is_none() || no_edid || self.has_no_video())
    }

    /// Whether the sink says that it shows no pictures: it answers `none` to one parameter of video
    /// modes, and to no other one with a mode.
    pub const fn has_no_video(&self) -> bool {
        let none = self.video.is_none() || self.r2_video.is_none() || self.wfdx_video.is_none();
        let any = self.video.present().is_some()
            || self.r2_video.present().is_some()
            || self.wfdx_video.present().is_some();
        none && !any
    }
}

fn is_microsoft_extension(line: &Line<'_>) -> bool {
    let prefix = names::MICROSOFT_PREFIX.len();
    let is_microsoft = line
        .name
        .get(..prefix)
        .is_some_and(|start| same(start, names::MICROSOFT_PREFIX));
    let is_positive = |value: &str| !is_none(value) && value.bytes().any(|byte| byte != b'0');
    is_microsoft && line.value.is_some_and(is_positive)
}

const _: () = assert!(
    READERS.len() <= u64::BITS as usize,
    "a bit for each parameter"
);
