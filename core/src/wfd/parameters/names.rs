//! The names of the parameters, as we write them. Reading them ignores case (S2.1 §6.6.5).

/// Video modes of R1 (S2.1 §6.1.3).
pub const VIDEO_FORMATS: &str = "wfd_video_formats";
/// Audio formats of R1 (S2.1 §6.1.2).
pub const AUDIO_CODECS: &str = "wfd_audio_codecs";
/// Where the sink receives RTP (S2.1 §6.1.10).
pub const CLIENT_RTP_PORTS: &str = "wfd_client_rtp_ports";
/// The sink's EDID (S2.1 §6.1.6).
pub const DISPLAY_EDID: &str = "wfd_display_edid";
/// What connects the sink to its display (S2.1 §6.1.19).
pub const CONNECTOR_TYPE: &str = "wfd_connector_type";
/// Where the stream is (S2.1 §6.1.9); mind the capitals.
pub const PRESENTATION_URL: &str = "wfd_presentation_URL";
/// What the sink shall ask for next (S2.1 §6.1.8).
pub const TRIGGER_METHOD: &str = "wfd_trigger_method";
/// When a new format begins (S2.1 §6.1.13).
pub const AV_FORMAT_CHANGE_TIMING: &str = "wfd_av_format_change_timing";
/// The sink wants an IDR picture (S2.1 §6.1.20).
pub const IDR_REQUEST: &str = "wfd_idr_request";
/// Whether the sink can send `wfd_idr_request` (MS-WFDPE §2.6.1.1).
pub const IDR_REQUEST_CAPABILITY: &str = "wfd_idr_request_capability";
/// The highest video bit rate of the sink (MS-WFDPE).
pub const MICROSOFT_MAX_BITRATE: &str = "microsoft_max_bitrate";

/// The names that every M3 asks for, and that an R1 sink must answer (S2.1 Table 97).
pub const MANDATORY: [&str; 3] = [VIDEO_FORMATS, AUDIO_CODECS, CLIENT_RTP_PORTS];

/// The start of the names of Microsoft's extensions.
pub const MICROSOFT_PREFIX: &str = "microsoft_";
