//! One row for each name, in the order of the specifications.

use miracast_core::wfd::parameters::names;
use miracast_field::proof::Test;

use super::Row;
use super::Use::{ActedOn, NeverAsked, NotActedOn};

const VIDEO: &str = "core/src/wfd/video/tests.rs";
const AUDIO: &str = "core/src/wfd/audio/tests.rs";
const R2_VIDEO: &str = "core/src/wfd/r2_video/tests.rs";
const R2: &str = "core/src/wfd/parameters/r2/tests.rs";
const ANSWER: &str = "core/src/wfd/parameters/tests.rs";
const NOTICED: &str = "core/src/wfd/parameters/tests/noticed.rs";
const PROPOSAL: &str = "core/src/wfd/parameters/proposal/tests.rs";
const UIBC: &str = "core/src/wfd/parameters/uibc/tests.rs";
const UPDATE: &str = "core/src/wfd/parameters/update.rs";
const COUPLING: &str = "core/src/wfd/parameters/coupling.rs";
const MICROSOFT: &str = "core/src/wfd/parameters/microsoft/tests.rs";
const INTEL: &str = "core/src/wfd/parameters/intel/tests.rs";
const NEGOTIATION: &str = "core/src/session/tests/negotiation.rs";
const PLAYING: &str = "core/src/session/tests/playing.rs";
const STANDBY: &str = "core/src/session/tests/standby.rs";
const CLOSING: &str = "core/src/session/tests/closing.rs";
const INPUT: &str = "core/src/session/tests/input.rs";
const MODES: &str = "core/src/session/tests/modes.rs";
const SOUND: &str = "core/src/session/tests/sound.rs";
const FORMATS: &str = "core/src/session/tests/formats.rs";
const LATENCY: &str = "core/src/session/tests/latency.rs";
const WHOLE: Test = (
    NEGOTIATION,
    "the_whole_conversation_is_as_the_specification_writes_it",
);
const SET: Test = (UPDATE, "every_parameter_that_a_sink_sets_is_read");
const FEATURE: Test = (NOTICED, "every_feature_is_a_switch_of_its_own");
const PASSED_OVER: &[Test] = &[(
    NOTICED,
    "names_that_are_passed_over_are_neither_unknown_nor_ignored",
)];

const fn row(name: &'static str, usage: super::Use, tests: &'static [Test]) -> Row {
    Row { name, usage, tests }
}

/// A name that is only passed over.
const fn passed_over(name: &'static str, why: &'static str) -> Row {
    row(name, NotActedOn(why), PASSED_OVER)
}

#[rustfmt::skip]
pub(super) const ROWS: [Row; 64] = [
    row(names::AUDIO_CODECS, ActedOn("the sound to choose from; M4 has the one that is chosen, and leaves the name out if there is none"),
        &[(SOUND, "m4_has_one_format_that_both_have_and_the_host_is_told_of_it"), (SOUND, "without_a_common_format_m4_is_silent_about_sound"), (AUDIO, "a_real_answer_is_read_tuple_by_tuple"), (AUDIO, "q39_our_order_decides_and_not_the_sinks")]),
    row(names::VIDEO_FORMATS, ActedOn("the modes to choose from; M4 has the one that is chosen"),
        &[WHOLE, (VIDEO, "a_real_answer_is_read_field_by_field"), ("core/src/wfd/chosen/tests.rs", "m4_is_fixed_in_width_and_has_one_bit_each")]),
    passed_over("wfd_3d_video_formats", "S2.1 has removed it"),
    row(names::CONTENT_PROTECTION, NotActedOn("there is no HDCP yet"),
        &[("core/src/wfd/parameters/content_protection/tests.rs", "the_forms_of_the_specification")]),
    row(names::DISPLAY_EDID, ActedOn("the miniport gets it for the monitor; `none` may mean that there is no monitor"),
        &[(ANSWER, "an_edid_is_valid_with_header_and_checksum"), (ANSWER, "a_monitor_is_missing_only_if_the_sink_says_so")]),
    row(names::COUPLED_SINK, NeverAsked, &[(COUPLING, "a_coupled_sink_has_a_status_and_an_address")]),
    row(names::TRIGGER_METHOD, ActedOn("what M5 triggers; only a source sets it"),
        &[WHOLE, (ANSWER, "what_only_the_source_writes_is_exact")]),
    row(names::PRESENTATION_URL, ActedOn("where the stream is; only a source sets it"),
        &[WHOLE, (ANSWER, "what_only_the_source_writes_is_exact")]),
    row(names::CLIENT_RTP_PORTS, ActedOn("RTP goes there if M6 says nothing else; M4 repeats it"),
        &[WHOLE, (ANSWER, "q43_ports_are_read_with_their_transport"), (ANSWER, "ports_that_cannot_be_read_are_the_error_and_the_rest_is_read")]),
    row(names::ROUTE, ActedOn("`secondary` is refused, because no second sink is fed"),
        &[(COUPLING, "a_route_is_one_of_two_words"), (PLAYING, "what_is_not_acted_on_is_refused_and_the_session_goes_on")]),
    row(names::I2C, NeverAsked, &[(ANSWER, "a_port_for_i2c_is_a_number")]),
    row(names::AV_FORMAT_CHANGE_TIMING, ActedOn("the time stamp from which a new mode holds; only a source sets it"),
        &[(PROPOSAL, "m4_in_a_session_that_plays_says_when"), (MODES, "a_change_in_a_session_that_plays_ends_the_old_pictures_first")]),
    passed_over("wfd_preferred_display_mode", "S2.1 has removed it"),
    row(names::UIBC_CAPABILITY, ActedOn("M4 offers what both sides have; M14 changes it"),
        &[(UIBC, "the_form_of_the_specification_is_read_without_notice"), (INPUT, "m4_offers_what_both_sides_have_at_our_port"), (INPUT, "m14_takes_input_away_and_brings_it_back")]),
    row(names::UIBC_SETTING, ActedOn("input is taken, or not"),
        &[(UIBC, "a_setting_is_one_of_two_words"), (INPUT, "m15_switches_input_off_and_on")]),
    row(names::STANDBY_RESUME_CAPABILITY, ActedOn("a monitor that is off puts the sink into standby"),
        &[FEATURE, (STANDBY, "a_monitor_that_is_off_puts_the_sink_into_standby_and_on_wakes_it")]),
    row(names::STANDBY, ActedOn("M12"),
        &[SET, (STANDBY, "the_sink_may_stand_by_and_wakes_by_itself")]),
    row(names::CONNECTOR_TYPE, ActedOn("whether there is a monitor, and by what it is connected"),
        &[(ANSWER, "q48_connectors_have_one_digit_or_two_and_the_last_counts"), (NEGOTIATION, "a_sink_without_a_monitor_is_reported_so"), (PLAYING, "a_monitor_may_come_and_go")]),
    row(names::IDR_REQUEST, ActedOn("M13"),
        &[(ANSWER, "an_idr_request_is_a_bare_name_with_or_without_colon"), (PLAYING, "an_idr_request_is_answered_and_passed_on_in_every_form")]),
    row(names::IDR_REQUEST_CAPABILITY, ActedOn("a sink that cannot send M13 gets an IDR picture every {IDR_PERIOD}"),
        &[(ANSWER, "q48_idr_capability_is_answered_in_many_words"), (PLAYING, "a_sink_that_cannot_ask_gets_an_idr_picture_now_and_then")]),

    row(names::R2_AUDIO_CODECS, ActedOn("the sound beside R2 modes"),
        &[(SOUND, "beside_r2_modes_sound_goes_by_the_name_that_the_sink_has_answered"), (AUDIO, "r2_has_more_formats")]),
    row(names::R2_VIDEO_FORMATS, ActedOn("H.265 and the modes of R2, if the encoder has more than R1 can name or the sink names nothing else"),
        &[(R2_VIDEO, "a_real_answer_is_read_field_by_field"), (FORMATS, "m3_asks_for_what_the_encoder_can_send"), (FORMATS, "q41_an_answer_with_r2_names_alone_plays")]),
    row(names::R2_AUX_STREAM_FORMATS, NeverAsked, &[(R2, "auxiliary_streams_are_three_bytes")]),
    passed_over(names::R2_DIRECT_STREAMING_MODE, "there is no direct streaming; only a source sets it"),
    passed_over(names::R2_TRANSPORT_SWITCH, "RTP goes over UDP; only a source sets it"),
    row(names::R2_BUFFER_LENGTH, NeverAsked, &[(R2, "a_buffer_length_has_four_digits")]),
    row(names::R2_AUDIO_PLAYBACK_STATUS, NeverAsked, &[(R2, "a_playback_status_has_two_fields_that_may_be_none")]),
    row(names::R2_VIDEO_PLAYBACK_STATUS, NeverAsked, &[(R2, "a_playback_status_has_two_fields_that_may_be_none")]),
    row(names::R2_CTA_DATABLOCKS, NeverAsked, &[(R2, "data_blocks_have_their_length")]),
    passed_over("wfd2_cta_audio_infoframe", "only a source sets it, for sound that it has not"),
    row(names::R2_ROTATION, NeverAsked, &[FEATURE]),
    row(names::R2_VIDEO_STREAM_CONTROL, NeverAsked, &[(R2, "stream_control_is_two_bytes")]),

    row(names::MICROSOFT_DIAGNOSTICS, ActedOn("to ask is to be told why in M8"),
        &[FEATURE, (CLOSING, "the_sink_may_say_why_it_goes")]),
    row(names::MICROSOFT_TEARDOWN_REASON, ActedOn("the reason of the session's end"),
        &[(MICROSOFT, "a_teardown_reason_is_a_code_and_a_text"), (CLOSING, "the_sink_may_say_why_it_goes")]),
    row(names::MICROSOFT_FORMAT_CHANGE, ActedOn("a new mode of the same profile needs no M4"),
        &[FEATURE, (MODES, "a_sink_that_follows_the_stream_is_not_asked_about_a_new_mode")]),
    row(names::MICROSOFT_LATENCY, ActedOn("the sink is asked for a latency mode, and the lead of PTS over PCR follows it"),
        &[FEATURE, (MICROSOFT, "latency_modes_are_words"), (LATENCY, "the_mode_is_asked_for_before_the_trigger_and_the_lead_follows_it")]),
    row(names::MICROSOFT_RTCP, ActedOn("the answer to M6 has a port for the sink's reports of what it received"),
        &[FEATURE, (NEGOTIATION, "a_sink_that_reports_by_rtcp_gets_two_ports_and_any_other_as_many_as_it_named")]),
    row(names::MICROSOFT_COLOR_SPACE, NeverAsked, &[FEATURE]),
    row(names::MICROSOFT_MAX_BITRATE, ActedOn("an upper bound of the encoder's bit rate, and so of the modes"),
        &[(ANSWER, "q47_a_bit_rate_that_is_too_small_is_in_kilobits"), (NEGOTIATION, "a_sink_may_bound_the_bit_rate_as_the_link_does")]),
    row(names::MICROSOFT_VIDEO_FORMATS, ActedOn("modes of 3:2, if the encoder is large enough for them"),
        &[(MICROSOFT, "masks_of_3_2_modes_have_48_bits"), (FORMATS, "m3_asks_for_what_the_encoder_can_send")]),
    row(names::MICROSOFT_CUSTOM_VIDEO_FORMATS, NeverAsked, &[(MICROSOFT, "custom_modes_are_three_numbers_each")]),
    row(names::MICROSOFT_MULTISCREEN, NotActedOn("the picture is not fitted to a part of the sink's screen"),
        &[FEATURE, SET, (MICROSOFT, "a_projection_is_all_of_the_screen_or_a_part")]),
    row(names::MICROSOFT_AUDIO_MUTE, ActedOn("the sound stops, or goes on"),
        &[FEATURE, SET, (SOUND, "the_sink_may_ask_for_silence_and_for_sound_again")]),
    row(names::MICROSOFT_CURSOR, NotActedOn("the pointer is a part of the picture"), &[(MICROSOFT, "a_cursor_has_a_word_and_three_numbers")]),
    row(names::WFDX_VIDEO_FORMATS, NeverAsked, &[("core/src/wfd/wfdx_video/tests.rs", "the_example_is_read_field_by_field")]),
    passed_over("wfdx_rotation_capability", "no specification says what it is"),

    row(names::INTEL_MANUFACTURER, ActedOn("quirks that only the maker tells (Q72)"),
        &[(INTEL, "q51_a_name_may_have_blanks_and_none_is_no_name"), (NOTICED, "a_sink_is_recognised_by_its_maker_and_its_display")]),
    row(names::INTEL_FRIENDLY_NAME, NeverAsked, &[(NOTICED, "every_parameter_of_a_windows_sink_is_kept")]),
    row(names::INTEL_MODEL, NeverAsked, &[(NOTICED, "every_parameter_of_a_windows_sink_is_kept")]),
    row(names::INTEL_VERSION, NeverAsked, &[(INTEL, "the_form_of_the_specification"), (INTEL, "q51_versions_of_the_field")]),
    row(names::INTEL_DEVICE_URL, NeverAsked, &[(NOTICED, "every_parameter_of_a_windows_sink_is_kept")]),
    passed_over("intel_sink_manufacturer_logo", "it is only shown"),
    passed_over("intel_lower_bandwidth", "it is a wish of Intel's own sources"),
    passed_over("intel_interactivity_mode", "it is a wish of Intel's own sources"),
    passed_over("intel_sink_information", "it is only shown"),
    passed_over("intel_fast_cursor", "the pointer is a part of the picture"),
    passed_over("intel_overscan_comp", "the picture is not cropped"),
    passed_over("intel_sigma_pipeline_params", "it is for one maker's decoder"),
    passed_over("intel_topology", "Windows decides what is shown where"),
    passed_over("intel_enable_widi_rtcp", "only Intel's own sources set it"),
    passed_over("intel_usboip", "there is no USB over IP"),
    passed_over("intel_managed_meetings", "no specification says what it is"),
    passed_over("intel_source_connection_confirmation_enabled", "no specification says what it is"),
    passed_over("intel_source_connection_indicator_enabled", "no specification says what it is"),
];
