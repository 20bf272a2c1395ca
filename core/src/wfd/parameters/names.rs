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

/// Audio formats of R2 (S2.1 §6.1.21 to §6.1.30, as all names of R2).
pub const R2_AUDIO_CODECS: &str = "wfd2_audio_codecs";
/// Video modes of R2.
pub const R2_VIDEO_FORMATS: &str = "wfd2_video_formats";
/// Pictures that lie over the video.
pub const R2_AUX_STREAM_FORMATS: &str = "wfd2_aux_stream_formats";
/// Whether the stream is sent as it was coded elsewhere.
pub const R2_DIRECT_STREAMING_MODE: &str = "wfd2_direct_streaming_mode";
/// What RTP goes over.
pub const R2_TRANSPORT_SWITCH: &str = "wfd2_transport_switch";
/// How long the sink buffers.
pub const R2_BUFFER_LENGTH: &str = "wfd2_buffer_length";
/// How far the sound is.
pub const R2_AUDIO_PLAYBACK_STATUS: &str = "wfd2_audio_playback_status";
/// How far the picture is.
pub const R2_VIDEO_PLAYBACK_STATUS: &str = "wfd2_video_playback_status";
/// The CTA-861 data blocks of the display.
pub const R2_CTA_DATABLOCKS: &str = "wfd2_cta_datablock_collection";
/// Whether the sink takes a turned picture; not in S2.1, seen with Windows.
pub const R2_ROTATION: &str = "wfd2_rotation_capability";
/// Two bytes; not in S2.1, seen with Windows.
pub const R2_VIDEO_STREAM_CONTROL: &str = "wfd2_video_stream_control";
/// HDCP (S2.1 §6.1.5).
pub const CONTENT_PROTECTION: &str = "wfd_content_protection";
/// A second sink (S2.1 §6.1.7).
pub const COUPLED_SINK: &str = "wfd_coupled_sink";
/// Which of two sinks plays the sound (S2.1 §6.1.11).
pub const ROUTE: &str = "wfd_route";
/// The I2C channel to the display (S2.1 §6.1.12).
pub const I2C: &str = "wfd_I2C";
/// Which input comes back (S2.1 §6.1.15).
pub const UIBC_CAPABILITY: &str = "wfd_uibc_capability";
/// Whether input may come back (S2.1 §6.1.16).
pub const UIBC_SETTING: &str = "wfd_uibc_setting";
/// Whether the sink can stand by (S2.1 §6.1.17).
pub const STANDBY_RESUME_CAPABILITY: &str = "wfd_standby_resume_capability";
/// Stand by (S2.1 §6.1.18): a bare name.
pub const STANDBY: &str = "wfd_standby";
/// Whether M8 says why (MS-WFDPE, as all that follow).
pub const MICROSOFT_DIAGNOSTICS: &str = "microsoft_diagnostics_capability";
/// Why the sink ends the session.
pub const MICROSOFT_TEARDOWN_REASON: &str = "microsoft_teardown_reason";
/// Whether the sink follows new parameter sets in the stream.
pub const MICROSOFT_FORMAT_CHANGE: &str = "microsoft_format_change_capability";
/// Whether the sink has latency modes, and which one it shall use.
pub const MICROSOFT_LATENCY: &str = "microsoft_latency_management_capability";
/// Whether the sink sends RTCP.
pub const MICROSOFT_RTCP: &str = "microsoft_rtcp_capability";
/// Whether the sink takes chroma in repeated pictures.
pub const MICROSOFT_COLOR_SPACE: &str = "microsoft_color_space_conversion";
/// Modes of 3:2.
pub const MICROSOFT_VIDEO_FORMATS: &str = "microsoft_video_formats";
/// Modes of any size; not in MS-WFDPE.
pub const MICROSOFT_CUSTOM_VIDEO_FORMATS: &str = "microsoft_custom_video_formats";
/// Whether the sink shows several sources at once, and how large we are.
pub const MICROSOFT_MULTISCREEN: &str = "microsoft_multiscreen_projection";
/// Whether the sink can ask for silence.
pub const MICROSOFT_AUDIO_MUTE: &str = "microsoft_audio_mute";
/// Whether the sink draws the pointer (MS-WDHCE).
pub const MICROSOFT_CURSOR: &str = "microsoft_cursor";
/// Video modes for Windows 10 version 1511 (MS-WFDPE §2.7.1.1).
pub const WFDX_VIDEO_FORMATS: &str = "wfdx_video_formats";
/// What the user calls the sink (MS-WFDPE §2.1, as all names of Intel).
pub const INTEL_FRIENDLY_NAME: &str = "intel_friendly_name";
/// Who made the sink.
pub const INTEL_MANUFACTURER: &str = "intel_sink_manufacturer_name";
/// Which model it is.
pub const INTEL_MODEL: &str = "intel_sink_model_name";
/// Its versions.
pub const INTEL_VERSION: &str = "intel_sink_version";
/// Where there is more about it.
pub const INTEL_DEVICE_URL: &str = "intel_sink_device_URL";

/// Names that specifications have and that are passed over in an answer: S2.1 has removed the first
/// two, only a source sets the next ones, and nothing depends on the rest.
pub const PASSED_OVER: [&str; 24] = [
    "wfd_3d_video_formats",
    "wfd_preferred_display_mode",
    AV_FORMAT_CHANGE_TIMING,
    PRESENTATION_URL,
    TRIGGER_METHOD,
    UIBC_SETTING,
    R2_DIRECT_STREAMING_MODE,
    R2_TRANSPORT_SWITCH,
    "wfd2_cta_audio_infoframe",
    "intel_sink_manufacturer_logo",
    "intel_lower_bandwidth",
    "intel_interactivity_mode",
    "intel_sink_information",
    "intel_fast_cursor",
    "intel_overscan_comp",
    "intel_sigma_pipeline_params",
    "intel_topology",
    "intel_enable_widi_rtcp",
    "intel_usboip",
    "intel_managed_meetings",
    "intel_source_connection_confirmation_enabled",
    "intel_source_connection_indicator_enabled",
    "wfdx_rotation_capability",
    MICROSOFT_TEARDOWN_REASON,
];

/// Names as sinks misspell them, and what they mean (quirk Q46). A hyphen for an underscore is read
/// in every name.
pub const MISSPELT: [(&str, &str); 3] = [
    ("wfd_uibc_capablility", UIBC_CAPABILITY),
    ("microsoft_format_change_support", MICROSOFT_FORMAT_CHANGE),
    ("wfd_client_rtpports", CLIENT_RTP_PORTS),
];

/// The names that every M3 asks for, and that an R1 sink must answer (S2.1 Table 97).
pub const MANDATORY: [&str; 3] = [VIDEO_FORMATS, AUDIO_CODECS, CLIENT_RTP_PORTS];

/// The start of the names of Microsoft's extensions.
pub const MICROSOFT_PREFIX: &str = "microsoft_";
