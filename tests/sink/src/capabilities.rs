//! What the sink says it can do: the answer to M3, and the measure for M4.

use core::fmt;

/// One codec tuple of `wfd_video_formats` (S2.1 §6.1.3).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VideoCodec {
    /// Profile bitmap (S2.1 T38): 01 CBP, 02 CHP.
    pub profile: u8,
    /// Level bitmap (S2.1 T39): bit 0 is 3.1, bit 4 is 4.2.
    pub level: u8,
    /// CEA modes (S2.1 T34).
    pub cea: u32,
    /// VESA modes (S2.1 T35).
    pub vesa: u32,
    /// Handheld modes (S2.1 T36).
    pub hh: u32,
    /// Decoder latency, 5 ms units.
    pub latency: u8,
    /// Smallest slice in macroblocks; 0: one slice per picture.
    pub min_slice: u16,
    /// Slice parameters (S2.1 T40): bits 9:0 most slices less one, 12:10 size ratio.
    pub slice_params: u16,
    /// Frame rate control (S2.1 T41).
    pub frame_rate_control: u8,
}

impl fmt::Display for VideoCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X} {:02X} ", self.profile, self.level)?;
        write!(f, "{:08X} {:08X} {:08X} ", self.cea, self.vesa, self.hh)?;
        write!(
            f,
            "{:02X} {:04X} {:04X} ",
            self.latency, self.min_slice, self.slice_params
        )?;
        write!(f, "{:02X} none none", self.frame_rate_control)
    }
}

impl VideoCodec {
    /// Reads one tuple strictly: the widths of the grammar, single blanks. The two fields behind
    /// may be `none` or four digits, and are not kept.
    pub fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split(' ').collect();
        let &[
            profile,
            level,
            cea,
            vesa,
            hh,
            latency,
            min_slice,
            slice_params,
            rate,
            h,
            v,
        ] = fields.as_slice()
        else {
            return None;
        };
        let limit = |text: &str| text == "none" || hex(text, 4).is_some();
        if !limit(h) || !limit(v) {
            return None;
        }
        Some(Self {
            profile: hex(profile, 2)? as u8,
            level: hex(level, 2)? as u8,
            cea: hex(cea, 8)?,
            vesa: hex(vesa, 8)?,
            hh: hex(hh, 8)?,
            latency: hex(latency, 2)? as u8,
            min_slice: hex(min_slice, 4)? as u16,
            slice_params: hex(slice_params, 4)? as u16,
            frame_rate_control: hex(rate, 2)? as u8,
        })
    }
}

/// Exactly `digits` hexadecimal digits, at most 8.
fn hex(text: &str, digits: usize) -> Option<u32> {
    let right = text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit());
    u32::from_str_radix(text, 16).ok().filter(|_| right)
}

/// The value of `wfd_video_formats`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VideoFormats {
    /// Native mode: index << 3, table below (S2.1 T37).
    pub native: u8,
    /// Whether a preferred display mode is supported (v1 only).
    pub preferred: u8,
    /// The codec tuples.
    pub codecs: Vec<VideoCodec>,
}

impl VideoFormats {
    /// Reads the value strictly; tuples are separated by a comma, with or without a blank.
    pub fn parse(text: &str) -> Option<Self> {
        let (native, rest) = text.split_once(' ')?;
        let (preferred, rest) = rest.split_once(' ')?;
        let tuples = rest
            .split(',')
            .map(|t| VideoCodec::parse(t.strip_prefix(' ').unwrap_or(t)));
        Some(Self {
            native: hex(native, 2)? as u8,
            preferred: hex(preferred, 2)? as u8,
            codecs: tuples.collect::<Option<Vec<_>>>()?,
        })
    }
}

impl fmt::Display for VideoFormats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X} {:02X} ", self.native, self.preferred)?;
        for (n, codec) in self.codecs.iter().enumerate() {
            write!(f, "{}{codec}", if n == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

/// What the sink answers to M3.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Capabilities {
    /// Video; `None` answers `none`.
    pub video: Option<VideoFormats>,
    /// The value of `wfd_audio_codecs`.
    pub audio_codecs: String,
    /// UDP port for RTP.
    pub rtp_port: u16,
    /// Whether SETUP asks for RTCP on the next port.
    pub rtcp: bool,
    /// EDID blocks; `None` answers `none`.
    pub edid: Option<Vec<u8>>,
    /// Connector type (S2.1 §6.1.19); `None` answers `none`.
    pub connector: Option<u8>,
    /// More answers, name and value. They come before the ones above, so that any value can be
    /// replaced, by nonsense too. `{port}` stands for the RTP port.
    pub extra: Vec<(String, String)>,
    /// Lines that come at the end of every answer, asked for or not.
    pub unasked: Vec<(String, String)>,
    /// Names that are not answered.
    pub omitted: Vec<String>,
    /// Names that are answered under another one.
    pub renamed: Vec<(String, String)>,
    /// Instead of everything else: names and values as a sink of the field sent them. All of them
    /// are sent, asked for or not.
    pub recorded: Option<Vec<(String, String)>>,
}

/// CEA 640x480p60, 720x480p60, 1280x720p30, p60, 1920x1080p30, p60.
const CEA_DEFAULT: u32 = 0x01 | 0x02 | 0x20 | 0x40 | 0x80 | 0x100;

/// Native mode CEA 5, 1280x720p30: index << 3.
const NATIVE_DEFAULT: u8 = 5 << 3;

impl Default for Capabilities {
    fn default() -> Self {
        let codec = |profile| VideoCodec {
            profile,
            level: 0x10,
            cea: CEA_DEFAULT,
            vesa: 0,
            hh: 0,
            latency: 0,
            min_slice: 0,
            slice_params: 0,
            frame_rate_control: 0,
        };
        Self {
            video: Some(VideoFormats {
                native: NATIVE_DEFAULT,
                preferred: 0,
                codecs: vec![codec(0x02), codec(0x01)],
            }),
            audio_codecs: "LPCM 00000002 00".to_owned(),
            rtp_port: 1028,
            rtcp: false,
            edid: None,
            connector: Some(0x05),
            extra: Vec::new(),
            unasked: Vec::new(),
            omitted: Vec::new(),
            renamed: Vec::new(),
            recorded: None,
        }
    }
}

impl Capabilities {
    /// The value for one name; `None` if the sink does not know the name and says nothing.
    pub fn answer(&self, name: &str) -> Option<String> {
        let said = |pairs: &[(String, String)]| {
            let found = pairs.iter().find(|(n, _)| n == name);
            found.map(|(_, value)| value.clone())
        };
        if let Some(recorded) = &self.recorded {
            return said(recorded);
        }
        if self.omitted.iter().any(|omitted| omitted == name) {
            return None;
        }
        if let Some(value) = said(&self.extra) {
            return Some(value.replace("{port}", &self.rtp_port.to_string()));
        }
        let none = || "none".to_owned();
        match name {
            "wfd_video_formats" => Some(self.video.as_ref().map_or_else(none, ToString::to_string)),
            "wfd_audio_codecs" => Some(self.audio_codecs.clone()),
            "wfd_client_rtp_ports" => {
                Some(format!("RTP/AVP/UDP;unicast {} 0 mode=play", self.rtp_port))
            }
            "wfd_display_edid" => Some(self.edid.as_deref().map_or_else(none, edid_value)),
            "wfd_connector_type" => Some(
                self.connector
                    .map_or_else(none, |code| format!("{code:02X}")),
            ),
            "wfd_content_protection"
            | "wfd_3d_video_formats"
            | "wfd_coupled_sink"
            | "wfd_uibc_capability"
            | "wfd_standby_resume_capability"
            | "wfd_I2C" => Some(none()),
            _ => None,
        }
    }

    /// The body of the answer to M3 that asks for these names.
    pub fn body<'n>(&self, names: impl Iterator<Item = &'n str>) -> String {
        let line = |name: &str, value: &str| format!("{name}: {value}\r\n");
        if let Some(recorded) = &self.recorded {
            return recorded.iter().map(|(n, value)| line(n, value)).collect();
        }
        let answers = names.filter_map(|name| Some(line(self.spelt(name), &self.answer(name)?)));
        let unasked = self.unasked.iter().map(|(name, value)| line(name, value));
        answers.chain(unasked).collect()
    }

    /// The name under which this one is answered.
    fn spelt<'n>(&'n self, name: &'n str) -> &'n str {
        let renamed = self.renamed.iter().find(|(asked, _)| asked == name);
        renamed.map_or(name, |(_, said)| said)
    }

    /// The value of a name as it is said, asked for or not; the names that the sink answers by
    /// default are not among these.
    pub fn said(&self, name: &str) -> Option<&str> {
        let mut pairs = self.extra.iter().chain(&self.unasked);
        let found = pairs.find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether the sink says that it has an extension of Microsoft's: the source then has to set the
    /// RTP marker at the end of each picture (MS-WFDPE §2).
    pub fn has_microsoft_extension(&self) -> bool {
        let said = [
            Some(&self.extra),
            Some(&self.unasked),
            self.recorded.as_ref(),
        ];
        let mut said = said.into_iter().flatten().flatten();
        said.any(|(name, value)| {
            name.starts_with("microsoft") && !matches!(value.as_str(), "none" | "0")
        })
    }

    /// Whether the source has to name a port for RTCP: SETUP names one, or M3 says so (MS-WFDPE
    /// §2.8.1.1).
    pub fn wants_rtcp(&self) -> bool {
        self.rtcp || self.answer("microsoft_rtcp_capability").as_deref() == Some("supported")
    }

    /// Whether the sink answers this name with more than `none`.
    pub fn offers(&self, name: &str) -> bool {
        self.answer(name).is_some_and(|value| value != "none")
    }

    /// The video formats as they are answered; `None` if that is `none` or nonsense.
    pub fn offered_video(&self) -> Option<VideoFormats> {
        VideoFormats::parse(&self.answer("wfd_video_formats")?)
    }
}

/// Count of 128-byte blocks and their digits (S2.1 §6.1.6).
fn edid_value(edid: &[u8]) -> String {
    let nibbles = edid.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
    let digits: String = nibbles
        .filter_map(|n| char::from_digit(u32::from(n), 16))
        .collect();
    format!("{:04X} {digits}", edid.len().div_ceil(128))
}

#[cfg(test)]
mod tests {
    use super::{Capabilities, VideoFormats};

    #[test]
    fn the_default_is_what_it_says() {
        let text = Capabilities::default().answer("wfd_video_formats").unwrap();
        assert_eq!(
            text,
            "28 00 02 10 000001E3 00000000 00000000 00 0000 0000 00 none none, \
             01 10 000001E3 00000000 00000000 00 0000 0000 00 none none"
        );
        assert_eq!(VideoFormats::parse(&text).unwrap().to_string(), text);
    }

    #[test]
    fn a_recorded_answer_is_all_that_is_said() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let sink = Capabilities {
            recorded: Some(vec![
                pair("x_unasked", "1"),
                pair("wfd_audio_codecs", "none"),
            ]),
            ..Capabilities::default()
        };
        let asked = ["wfd_video_formats", "wfd_audio_codecs"];
        let body = sink.body(asked.into_iter());
        assert_eq!(body, "x_unasked: 1\r\nwfd_audio_codecs: none\r\n");
        assert_eq!(sink.answer("wfd_video_formats"), None);
        assert!(!sink.offers("wfd_audio_codecs"));
    }

    #[test]
    fn extra_answers_come_first() {
        let mut sink = Capabilities {
            edid: Some(vec![0xff; 128]),
            ..Capabilities::default()
        };
        assert_eq!(
            sink.answer("wfd_display_edid"),
            Some(format!("0001 {}", "ff".repeat(128)))
        );
        sink.extra
            .push(("wfd_display_edid".to_owned(), "0000 none".to_owned()));
        assert_eq!(
            sink.answer("wfd_display_edid").as_deref(),
            Some("0000 none")
        );
        assert!(sink.offers("wfd_audio_codecs") && !sink.offers("wfd_coupled_sink"));
        assert_eq!(sink.answer("wfd9_unknown"), None);
        sink.extra
            .push(("wfd_video_formats".to_owned(), "xxx".to_owned()));
        assert_eq!(sink.offered_video(), None);
    }
}
