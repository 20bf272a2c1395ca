//! The rows.

use core::time::Duration;

use super::{Change, Match, Row};
use crate::wfd::modes::{ModeId, Table};

/// 1280x720p60.
const HD_60: ModeId = ModeId {
    table: Table::Cea,
    index: 6,
};

/// Makes the enum and the table of one list, so that neither can have a row that the other lacks.
macro_rules! quirks {
    ($($id:ident: $title:literal, [$($matches:expr),+], [$($change:expr),+], $test:literal;)+) => {
        /// A quirk; its number is the place of its row in [`TABLE`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Quirk {
            $(#[doc = concat!("See [`TABLE`]: ", $title, ".")] $id,)+
        }

        /// Every quirk that is dealt with, in the order of the numbers.
        pub static TABLE: [Row; [$(stringify!($id)),+].len()] = {
            use Change::*;
            use Match::*;
            [$(Row {
                quirk: Quirk::$id,
                id: stringify!($id),
                title: $title,
                matches: &[$($matches),+],
                changes: &[$($change),+],
                test: $test,
            }),+]
        };
    };
}

#[rustfmt::skip]
quirks! {
    Q1: "SETUP has no request URI",
        [Shape], [Tolerated],
        "rtsp::start_line::tests::q1_a_request_without_uri";
    Q2: "SETUP names another URI than the one of M4",
        [Shape], [Tolerated],
        "session::tests::noticed::q2_another_uri_is_taken_for_ours";
    Q3: "the Transport header has no client_port",
        [Shape], [Tolerated],
        "rtsp::transport::tests::q3_no_client_port";
    Q4: "the Transport header has a blank for a semicolon",
        [Shape], [Tolerated],
        "rtsp::transport::tests::q4_white_space_for_a_semicolon";
    Q5: "the RTCP port is 0 or that of RTP",
        [Shape], [Tolerated],
        "rtsp::transport::tests::q5_a_second_port_of_zero_or_the_same_is_no_rtcp";
    Q6: "the Content-Length of an IDR request is wrong",
        [Shape], [Tolerated],
        "rtsp::parser::tests::idr_request_q6_every_wrong_length";
    Q7: "PLAY, PAUSE or TEARDOWN has no Session header",
        [Shape], [Tolerated],
        "session::tests::noticed::q7_a_request_without_session_belongs_to_the_only_one";
    Q8: "session ids of more than ten characters are refused",
        [Everyone], [Always],
        "session::tests::noticed::q8_q9_the_session_id_is_short_and_goes_out_alone";
    Q9: "a Session header with a timeout in a request of the source is refused",
        [Everyone], [Always],
        "session::tests::noticed::q8_q9_the_session_id_is_short_and_goes_out_alone";
    Q10: "the CSeq of M2 is not 1",
        [Shape], [Tolerated],
        "session::tests::noticed::q10_any_first_number_is_taken";
    Q11: "M2 comes never, again, or before the answer to M1",
        [Shape], [Tolerated],
        "session::tests::noticed::q11_m2_may_come_at_any_time_or_never";
    Q12: "lines end with LF, have other blanks around the colon than one behind it, or have none",
        [Shape], [Tolerated],
        "wfd::parameters::tests::q12_lines_are_read_in_every_form_of_the_field";
    Q13: "a header name begins with a backslash, or the Public list is in quotes",
        [Shape], [Tolerated],
        "rtsp::headers::tests::q13_backslash_and_quotes";
    Q14: "Date is not the date of HTTP",
        [Shape], [Tolerated],
        "session::tests::noticed::q14_a_date_of_any_form_is_passed_over";
    Q15: "there is no User-Agent",
        [Shape], [Tolerated],
        "session::tests::noticed::q15_a_sink_needs_no_user_agent";
    Q16: "the sink leaves 40 s after PLAY if it has seen no M16",
        [Everyone], [Always],
        "session::tests::noticed::q16_m16_comes_long_before_40_s";
    Q17: "M16 is answered with TEARDOWN",
        [Setting], [NoKeepAlive],
        "session::tests::noticed::q17_m16_can_be_switched_off";
    Q20: "messages or media that come at once are lost",
        [Setting], [DelayBeforeM1(Duration::from_millis(500)), DelayBeforeM3(Duration::from_millis(500)), DelayAfterPlay(Duration::from_millis(300))],
        "session::tests::noticed::q20_media_begins_late";
    Q21: "a presentation URL of another name, or with another address than ours, is refused",
        [Everyone], [Always],
        "wfd::parameters::tests::what_only_the_source_writes_is_exact";
    Q22: "a parameter request without a body is the sink's keep-alive",
        [Shape], [Tolerated],
        "session::tests::playing::a_sinks_own_keep_alive_is_answered";
    Q23: "M4 is accepted and the SETUP trigger is refused, because of what M4 said",
        [Shape], [LesserOffer],
        "session::tests::ladder::q23_a_refused_setup_trigger_leads_to_a_smaller_offer";
    Q24: "M4 is refused with 303 although the mode was offered",
        [Shape], [LesserOffer],
        "session::tests::noticed::q23_q24_a_refusal_is_noticed";
    Q26: "the sink leaves after two minutes without RTP",
        [Everyone], [Always],
        "media::tests::timing::a_still_desktop_keeps_tables_and_clock_coming";
    Q27: "IDR requests come in bursts",
        [Shape], [Tolerated],
        "session::tests::playing::a_burst_of_idr_requests_gives_one_at_once_and_one_later";
    Q30: "reserved bits of the mode masks are set",
        [Shape], [Tolerated],
        "wfd::video::tests::q30_reserved_bits_are_no_modes";
    Q31: "1080p60 is native and not offered",
        [Shape], [Tolerated],
        "wfd::negotiate::tests::q31_q32_a_native_mode_that_is_not_offered_is_not_used";
    Q32: "the native mode is not offered, or is none",
        [Shape], [Tolerated],
        "wfd::negotiate::tests::q31_q32_a_native_mode_that_is_not_offered_is_not_used";
    Q33: "no level that is offered carries the native mode",
        [Shape], [Tolerated],
        "wfd::negotiate::tests::q33_a_native_mode_above_the_sinks_level_is_left_out";
    Q34: "a tuple has several profiles or levels",
        [Shape], [Tolerated],
        "wfd::video::tests::q34_of_several_profiles_all_and_of_several_levels_the_highest_counts";
    Q35: "a tuple has no profile or no level",
        [Shape], [Tolerated],
        "wfd::negotiate::tests::q35_a_tuple_without_profile_and_level_is_the_least_that_every_sink_has";
    Q36: "a mask has more digits than its field",
        [Shape], [Tolerated],
        "wfd::video::tests::q35_q36_no_profile_no_level_and_nine_digits";
    Q37: "a largest preferred mode is given by a sink that has no preferred modes",
        [Shape], [Tolerated],
        "wfd::video::tests::q37_preferred_sizes_are_read_where_they_must_not_be";
    Q38: "a codec tuple ends early",
        [Shape], [Tolerated],
        "wfd::video::tests::q38_rule_13_a_tuple_may_stop_after_its_first_mask";
    Q39: "an audio format has no modes, or 48 kHz LPCM is not offered",
        [Shape], [Tolerated],
        "session::tests::sound::q39_what_is_offered_with_modes_is_chosen";
    Q40: "audio formats of R2 are under the R1 name",
        [Shape], [Tolerated],
        "wfd::audio::tests::q40_formats_of_r2_are_passed_over";
    Q41: "of R1 and R2 names only those of R2 are answered",
        [Shape], [Tolerated],
        "session::tests::formats::q41_an_answer_with_r2_names_alone_plays";
    Q43: "wfd_client_rtp_ports has a second port, or wants TCP",
        [Shape], [Tolerated],
        "wfd::parameters::tests::q43_ports_are_read_with_their_transport";
    Q44: "the UIBC lists lack blanks or a part, or have words of their own",
        [Shape], [Tolerated],
        "wfd::parameters::uibc::tests::q44_every_form_of_the_field_is_read";
    Q45: "the EDID is `0000 none`, or its count is not that of its blocks",
        [Shape], [Tolerated],
        "wfd::parameters::tests::q45_the_bytes_say_how_many_blocks_there_are";
    Q46: "a parameter's name is misspelt",
        [Shape], [Tolerated],
        "wfd::parameters::tests::noticed::q46_misspelt_names_are_read";
    Q47: "microsoft_max_bitrate is in kbit/s",
        [Shape], [Tolerated],
        "wfd::parameters::tests::q47_a_bit_rate_that_is_too_small_is_in_kilobits";
    Q48: "a switch is answered with a word of another parameter, or a parameter comes twice",
        [Shape], [Tolerated],
        "wfd::parameters::tests::q48_idr_capability_is_answered_in_many_words";
    Q49: "content protection has no port, or a version that has no name",
        [Shape], [Tolerated],
        "wfd::parameters::content_protection::tests::q49_versions_and_ports_of_the_field";
    Q50: "parameters come unasked",
        [Shape], [Tolerated],
        "session::tests::noticed::q50_what_was_not_asked_is_read";
    Q51: "intel_sink_version has commas or no product_ID",
        [Shape], [Tolerated],
        "wfd::parameters::intel::tests::q51_versions_of_the_field";
    Q52: "640x480p60 is not offered, or nothing else is",
        [Shape], [Tolerated],
        "wfd::parameters::tests::noticed::q52_the_least_mode_alone_or_missing";
    Q53: "there are parameters that no specification names",
        [Shape], [Tolerated],
        "wfd::parameters::tests::noticed::q53_names_of_makers_are_counted_and_the_first_are_kept";
    Q54: "no video mode is offered",
        [Shape], [Tolerated],
        "wfd::negotiate::tests::q54_an_empty_offer_has_no_candidate_and_that_is_not_the_links_fault";
    Q60: "the screen stays black unless PAT and PMT have version 1",
        [Setting], [PsiVersion(1)],
        "session::tests::sound::quirks::q60_the_tables_begin_with_version_1";
    Q62: "the screen stays black if the PMT describes LPCM",
        [Setting], [NoLpcmDescriptors],
        "session::tests::sound::quirks::q62_the_pmt_does_not_describe_lpcm";
    Q63: "a session without an audio stream stays black or ends",
        [EdidVendor(*b"SAM"), Setting], [SilenceInsteadOfNoAudio],
        "session::tests::sound::quirks::q63_a_sink_that_needs_sound_gets_silence";
    Q64: "only Constrained High is offered and only Constrained Baseline is shown",
        [Setting], [BaselineFirst],
        "session::tests::formats::q64_baseline_is_sent_although_it_is_not_offered";
    Q65: "1080p is offered and not shown",
        [Setting], [MaximumMode(HD_60)],
        "session::tests::formats::q65_nothing_above_720p60_is_offered";
    Q66: "LPCM is offered and not played in the form that the specification gives it",
        [Setting], [PreferAac],
        "session::tests::sound::quirks::q66_aac_goes_before_lpcm_if_both_have_it";
    Q69: "the screen stays black until an IDR picture comes after PLAY",
        [Everyone], [Always],
        "session::tests::playing::an_idr_is_due_twice_after_the_start_and_after_each_resumption";
    Q72: "a picture is shown late if nothing marks its end",
        [Manufacturer("CastKu"), UserAgent("MSMiracastSink"), Setting], [RtpMarker],
        "session::tests::noticed::q72_the_marker_is_set_for_sinks_that_wait_for_it";
    Q78: "of several bits in M4 the lowest counts",
        [Everyone], [Always],
        "wfd::chosen::tests::m4_is_fixed_in_width_and_has_one_bit_each";
}
