//! The rules, from the datagram inwards.

use miracast_field::proof::Test;

use super::{Layer, Rule};

const RTP: &str = "core/src/media/rtp.rs";
const TS: &str = "core/src/media/ts.rs";
const PES: &str = "core/src/media/pes.rs";
const CLOCK: &str = "core/src/media/clock.rs";
const PACKETIZER: &str = "core/src/media/packetizer.rs";
const PSI: &str = "core/src/media/psi/tests.rs";
const RTCP: &str = "core/src/rtcp/tests.rs";
const UNITS: &str = "core/src/media/tests/access_units.rs";
const SENDING: &str = "core/src/media/tests/sending.rs";
const TIMING: &str = "core/src/media/tests/timing.rs";
const JUMPS: &str = "core/src/media/tests/clock.rs";
const PACING: &str = "core/src/media/tests/pacing.rs";
const SOUND: &str = "core/src/media/tests/sound.rs";
const HEVC: &str = "core/src/media/tests/hevc.rs";
const HOSTILE: &str = "core/src/media/tests/hostile.rs";
const NOTICED: &str = "core/src/session/tests/noticed.rs";
const NEGOTIATION: &str = "core/src/session/tests/negotiation.rs";
const STRANGERS: &str = "core/src/session/tests/hostile.rs";
const SOCKETS: &str = "umd/src/os/tests.rs";
const SIM: &str = "tests/sim/tests/sessions.rs";
const SIM_CLOCK: &str = "tests/sim/tests/clock.rs";
const PLAYING: &str = "tests/suite/tests/sessions/playing.rs";

const REPORTS: Test = (SIM, "reports_go_both_ways_where_the_sink_wants_them");
const SLEPT: Test = (JUMPS, "a_machine_that_slept_tells_of_a_new_time_base_once");
const PES_HEADER: Test = (PES, "the_header_has_a_pts_and_the_length_if_it_fits");
const WRAPS: Test = (TIMING, "all_clocks_wrap");
const LPCM: Test = (PSI, "a_pmt_with_lpcm_is_the_worked_packet");

const fn rule(asks: &'static str, from: &'static str, tests: &'static [Test]) -> Rule {
    Rule { asks, from, tests }
}

#[rustfmt::skip]
pub(super) const LAYERS: [Layer; 7] = [
    Layer { title: "RTP", rules: &[
        rule("version 2; no padding, extension or contributing source; payload type 33", "RFC 3550 §5.1, RFC 3551 §6, S2.1 T110",
            &[(RTP, "the_header_is_the_worked_one")]),
        rule("one to seven whole transport packets, at most 1328 bytes", "RFC 2250 §2, S2.1 App. B.1",
            &[(RTP, "a_full_batch_has_49_datagrams_and_takes_no_more"), (SENDING, "only_the_last_datagram_of_a_chunk_is_short")]),
        rule("sequence numbers go up by one, through their end, whatever the socket takes", "RFC 3550 §5.1",
            &[(SENDING, "sequence_numbers_wrap_and_the_marker_is_on_the_last"), (SENDING, "datagrams_that_were_not_confirmed_are_given_again"), (SIM_CLOCK, "pts_pcr_and_sequence_numbers_wrap_and_the_sink_sees_nothing_of_it")]),
        rule("SSRC and first sequence number are random: each session has its own", "RFC 3550 §5.1, §8",
            &[(SIM, "another_seed_has_another_ssrc_and_another_first_sequence_number"), (PLAYING, "one_context_carries_one_session_after_the_other"), (SOCKETS, "the_clock_goes_on_and_random_numbers_differ")]),
        rule("the SSRC stays, and sequence numbers go on, when the mode changes", "RFC 3550 §5.1",
            &[(SIM, "a_mode_change_while_playing_goes_on_with_an_idr_of_the_new_size")]),
        rule("the time stamp is the base of the PCR when the datagram is made: 90 kHz, not a PTS, and without an offset of its own", "S2.1 T110, RFC 2250 §2",
            &[(TIMING, "the_pts_is_the_capture_and_the_lead"), (PACING, "pacing_does_not_change_a_byte_but_time_stamps_are_those_of_sending")]),
        rule("the marker says that the time stamp does not go on from the one before", "RFC 2250 §2",
            &[SLEPT, (UNITS, "without_the_setting_there_is_no_marker")]),
        rule("for a sink with a Microsoft extension the marker ends a picture instead", "MS-WFDPE §2, RFC 2250 §3.3",
            &[(NOTICED, "q72_the_marker_is_set_for_sinks_that_wait_for_it"), (SENDING, "sequence_numbers_wrap_and_the_marker_is_on_the_last"), (JUMPS, "a_marker_that_ends_pictures_does_not_begin_a_time_base")]),
        rule("datagrams leave from the even port that the answer to M6 names, and go to the sink's alone", "RFC 3550 §11, S2.1 §6.4.6",
            &[(SOCKETS, "rtp_leaves_from_its_own_port"), (SOCKETS, "media_ports_are_an_even_one_and_the_next"), (STRANGERS, "media_goes_to_the_ports_of_the_sink_and_nowhere_else")]),
    ] },
    Layer { title: "RTCP", rules: &[
        rule("only for a sink that names a port for it, or answers `microsoft_rtcp_capability`", "S2.1 §6.4.6, MS-WFDPE",
            &[REPORTS, (NEGOTIATION, "a_sink_that_reports_by_rtcp_gets_two_ports_and_any_other_as_many_as_it_named")]),
        rule("a sender report comes first in its packet, then SDES with CNAME; it counts datagrams and bytes of payload", "RFC 3550 §6.1, §6.4.1, §6.5.1",
            &[(RTCP, "a_sender_report_is_the_worked_one"), (PLAYING, "a_sink_that_names_a_port_for_them_gets_good_sender_reports")]),
        rule("one a second: the reduced minimum for sessions of more than 360 kbit/s", "RFC 3550 §6.2",
            &[REPORTS]),
        rule("of the sink's packets only reports on our SSRC count, and only whole ones", "RFC 3550 §6.4.2",
            &[(RTCP, "only_reports_about_our_stream_count"), (RTCP, "a_datagram_that_is_not_in_form_is_not_believed"), (SOCKETS, "rtcp_is_heard_from_the_sink_alone")]),
        rule("the round trip is what has passed since our report without the time that the sink held it", "RFC 3550 §6.4.1",
            &[(RTCP, "the_round_trip_is_what_the_sink_did_not_hold"), (RTCP, "the_middle_of_the_clock_wraps_within_a_round_trip")]),
    ] },
    Layer { title: "Transport packets", rules: &[
        rule("188 bytes from 0x47; no error, priority or scrambling bit", "13818-1 §2.4.3.2",
            &[(TS, "a_header_is_four_bytes")]),
        rule("PIDs: PAT 0x0000, PMT 0x0100, PCR 0x1000, pictures 0x1011, sound 0x1100; no other, and no null packets", "S2.1 App. D.4.2",
            &[(PSI, "the_pat_packet_is_the_worked_one"), LPCM, (TIMING, "pictures_do_not_delay_the_tables")]),
        rule("the continuity counter of a PID counts packets with payload, modulo 16", "13818-1 §2.4.3.3",
            &[(TS, "headers_of_payload_count_to_fifteen"), (TS, "continuity_counts_to_fifteen"), (UNITS, "units_of_every_small_size_arrive_whole"), (SOUND, "sound_that_comes_and_goes_changes_the_version_and_not_the_counter")]),
        rule("stuffing is an adaptation field of just the size, one byte long if one byte is missing", "13818-1 §2.4.3.5",
            &[(PACKETIZER, "a_tail_that_lacks_one_byte_has_an_empty_adaptation_field"), (TS, "an_adaptation_field_fills_what_it_is_given")]),
        rule("`random_access_indicator` is on the first packet of an IDR picture and on no other", "13818-1 §2.4.3.5",
            &[(PACKETIZER, "only_the_first_packet_starts_the_unit_and_is_for_random_access"), (UNITS, "units_of_every_small_size_arrive_whole")]),
        rule("a packet holds at most as many bytes of payload as it may: 184, or 176 where they are encrypted by blocks", "13818-1 §2.4.3.2, S2.1 App. B.1",
            &[(PACKETIZER, "a_packet_never_has_more_than_its_payload_bytes"), (PACKETIZER, "the_bytes_come_out_as_they_went_in")]),
    ] },
    Layer { title: "Clock", rules: &[
        rule("a PCR is six bytes: 33 bits of 90 kHz, six reserved ones, 9 bits of 27 MHz", "13818-1 §2.4.3.5",
            &[(CLOCK, "a_pcr_has_six_right_bytes")]),
        rule("it stands in packets of its own PID without payload, whose counter stands still", "S2.1 App. D.4.2, 13818-1 §2.4.3.3",
            &[(TS, "a_pcr_packet_is_adaptation_only")]),
        rule("it comes every 100 ms at the latest, with the tables: on a still desktop, beside large pictures, through a slow socket", "13818-1 §2.7.2, S2.1 §4.10.3.1",
            &[(TIMING, "a_still_desktop_keeps_tables_and_clock_coming"), (TIMING, "pictures_do_not_delay_the_tables"), (TIMING, "a_slow_socket_does_not_delay_the_tables")]),
        rule("`discontinuity_indicator` is on the first PCR that does not go on from the one before, and on no other", "13818-1 §2.4.3.5",
            &[SLEPT, (JUMPS, "a_clock_that_goes_back_makes_a_new_time_base_that_goes_on"), (JUMPS, "a_pause_is_no_jump_but_a_clock_that_goes_back_meanwhile_is_one"), (SIM_CLOCK, "a_machine_that_sleeps_or_sets_its_clock_back_tells_the_sink")]),
        rule("PCR and PTS go through their end", "13818-1 §2.4.3.5, §2.4.3.7",
            &[(CLOCK, "pts_and_pcr_wrap_at_33_bits"), WRAPS]),
    ] },
    Layer { title: "Tables", rules: &[
        rule("PAT and PMT come every 100 ms at the latest, and before each IDR picture", "S2.1 App. D.4.2",
            &[(TIMING, "a_still_desktop_keeps_tables_and_clock_coming"), (TIMING, "a_pause_is_silent_and_ends_with_the_tables"), (UNITS, "tables_come_before_every_idr")]),
        rule("one programme, number 1", "S2.1 App. D.4.2",
            &[(PSI, "the_pat_packet_is_the_worked_one")]),
        rule("a section fills its packet behind `pointer_field`, and ends with the CRC of Annex A", "13818-1 §2.4.4, Annex A",
            &[(PSI, "a_section_with_its_crc_has_crc_zero"), (PSI, "other_pmts_have_the_worked_crcs"), (PSI, "the_pat_of_another_stream_and_version_has_its_crc")]),
        rule("`version_number` goes up by one with each change, and with nothing else", "13818-1 §2.4.4.5, §2.4.4.9",
            &[(PSI, "a_new_description_has_a_new_version_and_the_same_one_has_not"), (PSI, "sound_is_stated_and_taken_back_with_a_new_version_each"), (UNITS, "what_no_map_has_said_is_corrected_without_a_new_version")]),
        rule("H.264 is stream type 0x1B with the AVC descriptor, as the parameter set has it, and AVC timing and HRD", "S2.1 T105, App. D.4.3",
            &[LPCM, (UNITS, "the_map_follows_the_parameter_sets")]),
        rule("H.265 is stream type 0x24 with its descriptor", "13818-1 §2.6.95",
            &[(HEVC, "the_pmt_says_h265_and_then_what_the_parameter_set_says")]),
        rule("sound has the stream type and the descriptor of its format", "S2.1 T105, T106",
            &[LPCM, (SOUND, "the_pmt_describes_each_format_in_its_own_bytes"), (SOUND, "the_pmt_has_the_rate_of_ac3")]),
    ] },
    Layer { title: "PES packets", rules: &[
        rule("one PES packet is one access unit, also if that comes in slices", "S2.1 App. D.4.1",
            &[(UNITS, "units_of_every_small_size_arrive_whole"), (UNITS, "all_of_a_slice_has_left_before_the_next_one_exists")]),
        rule("`PES_packet_length` is the real one if it is known and fits, else 0, which pictures alone may have", "13818-1 §2.4.3.7",
            &[PES_HEADER, (UNITS, "the_pes_length_is_real_as_long_as_it_fits")]),
        rule("pictures: stream 0xE0, `data_alignment_indicator`, a header of 14 bytes without stuffing", "S2.1 T105, MS-WFDPE §2.9",
            &[PES_HEADER]),
        rule("each packet has a PTS and no DTS: nothing is reordered", "13818-1 §2.4.3.7, §2.7.4",
            &[PES_HEADER, (PES, "a_pts_is_33_bits_between_markers")]),
        rule("PTS go up and are exact: 23.976 and 59.94 Hz do not drift", "13818-1 §2.4.3.7",
            &[(CLOCK, "presentation_follows_capture_by_the_lead"), (CLOCK, "a_year_of_pictures_does_not_drift"), (JUMPS, "what_a_miniport_says_of_the_capture_is_no_jump")]),
        rule("a PTS is ahead of the PCR, by less than a second", "13818-1 §2.4.2",
            &[(CLOCK, "a_late_picture_is_counted_from_now_and_the_next_is_not"), (CLOCK, "a_lead_that_is_too_long_is_cut"), (JUMPS, "what_a_miniport_says_of_the_capture_is_no_jump"), (PACING, "what_waited_past_its_presentation_is_dropped_and_one_idr_asked_for")]),
        rule("sound: stream, flags and the two bytes of stuffing of its format, real length, PTS of the first sample", "S2.1 T106, T107, T109",
            &[(PES, "the_header_of_sound_is_the_worked_one"), (SOUND, "the_first_packet_of_lpcm_is_the_worked_one"), (SOUND, "aac_and_ac3_pass_as_they_come"), (SOUND, "the_pts_is_that_of_the_first_sample_to_the_tick")]),
    ] },
    Layer { title: "Access units", rules: &[
        rule("a delimiter comes first, then the parameter sets before each IDR picture, whatever the encoder leaves out", "13818-1 §2.14.1, S2.1 §4.10.5",
            &[(UNITS, "delimiter_and_parameter_sets_come_first_whatever_the_chunk_has"), (HOSTILE, "a_wrong_delimiter_flag_does_not_cost_the_delimiter"), (HEVC, "an_idr_gets_the_delimiter_and_the_three_sets")]),
        rule("the first picture of a stream, after a pause and after a loss is an IDR", "S2.1 §6.4.7",
            &[(HOSTILE, "a_first_picture_that_is_not_idr_is_dropped_and_an_idr_asked_for_once"), (HOSTILE, "lost_chunks_drop_the_open_unit_and_ask_for_an_idr_each_time"), (TIMING, "a_pause_is_silent_and_ends_with_the_tables")]),
        rule("a unit goes out whole or not at all", "S2.1 App. D.4.1",
            &[(HOSTILE, "the_slices_of_a_dropped_picture_are_dropped_with_it"), (PACING, "a_unit_that_was_begun_goes_out_however_late_the_rest_is")]),
    ] },
];
