//! The rows of the requirements, in order. What they ask is in our words; the documentation's are in
//! the pages of netdispumdddi.h.

use miracast_field::proof::Test;

use super::Party::{self, Driver, Miniport, Windows};
use super::Row;
use super::proof::Proof::{self, Check, Host, Simulated, Test as T, Watched};

const RAW: &str = "tests/suite/tests/driver_interface/main.rs";
const PLAYING: &str = "tests/suite/tests/sessions/playing.rs";
const SINK: &str = "tests/suite/tests/sessions/sink_mishaps.rs";
const MINIPORT: &str = "tests/suite/tests/sessions/miniport_mishaps.rs";
const DESKTOP: &str = "tests/suite/tests/sessions/desktop.rs";
const SESSIONS: &str = "tests/sim/tests/sessions.rs";
const SENDING: &str = "tests/sim/tests/sending.rs";
const CONTROL: &str = "tests/sim/tests/control.rs";
const NEGOTIATION: &str = "core/src/session/tests/negotiation.rs";
const FLOOR: &str = "core/src/wfd/negotiate/tests.rs";
const STANDBY: &str = "core/src/session/tests/standby.rs";
const CLOSING: &str = "core/src/session/tests/closing.rs";
const RATE: &str = "core/src/rate/tests.rs";
const STATUS: &str = "umd/src/engine/status/tests.rs";
const CALLBACKS: &str = "umd/src/ddi/callbacks/tests.rs";
const RTSP_SOCKET: &str = "umd/src/os/tests/control.rs";

const QUERY: Test = (RAW, "only_version_1_of_the_right_size_is_given");
const HANG: Test = (
    "tests/suite/tests/hang.rs",
    "a_worker_that_hangs_delays_neither_stop_nor_destroy_and_gives_its_slot_back_later",
);
const WHOLE: Test = (
    PLAYING,
    "pictures_arrive_unchanged_in_slices_or_whole_whoever_writes_the_headers",
);
const NO_HELLO: Test = (MINIPORT, "without_hello_there_is_no_context");
const TOO_MANY: Test = (RAW, "one_context_too_many_is_refused_until_another_goes");
const EARLY_END: Test = (
    SINK,
    "a_sink_that_closes_before_start_has_returned_makes_it_fail",
);
const EACH_END: Test = (
    STATUS,
    "each_end_names_its_cause_and_has_the_status_that_windows_acts_on",
);
const LOST: Test = (
    DESKTOP,
    "lost_chunks_cost_pictures_and_an_idr_but_not_the_session",
);
const REGISTERS: &str = "registration_elsewhere_twice_and_left";

const fn row(
    number: usize,
    concerns: &'static [Party],
    asks: &'static str,
    proofs: &'static [Proof],
) -> Row {
    Row {
        number,
        asks,
        concerns,
        proofs,
        on_windows: &[],
    }
}

impl Row {
    const fn windows(self, on_windows: &'static [(&'static str, &'static str)]) -> Self {
        Self { on_windows, ..self }
    }
}

const OURS: &[Party] = &[Driver];
const THEIRS: &[Party] = &[Windows];
const MINIPORTS: &[Party] = &[Miniport];
const BOTH: &[Party] = &[Driver, Windows];
const WITH_MINIPORT: &[Party] = &[Driver, Miniport];

#[rustfmt::skip]
pub(super) const ROWS: [Row; 64] = [
    // Loading.
    row(1, OURS, "a DLL of its own, apart from those of Direct3D",
        &[Check("dll-exports"), Check("inf")])
        .windows(&[("Windows loads it as MiracastDriverName", "Loading")]),
    row(2, OURS, "QueryMiracastDriverInterface is exported under exactly that name",
        &[T(QUERY), Check("dll-exports"), Host("load")]),
    row(3, OURS, "made for a process of session 0: no window, no desktop, no user's profile",
        &[Check("dll-imports")])
        .windows(&[("which process and account that is, and whether it may read the settings", "Loading")]),
    row(4, OURS, "built for the system's own processor; there is none for WOW64",
        &[Check("dll-headers"), Check("inf")]),
    row(5, OURS, "version 1 with room for the table: five functions, Size = 48, success",
        &[T(QUERY), Host("query-table"), Check("wdk-check")]),
    row(6, OURS, "another version, or too little room: an error, and nothing is written",
        &[Watched("wrong_versions_and_sizes_are_to_be_refused"), T(QUERY), Host("query-versions"), Host("query-sizes"), Host("query-null")]),
    row(7, OURS, "nothing is written behind the size that the caller states",
        &[Watched("wrong_versions_and_sizes_are_to_be_refused"), T(QUERY), Host("query-table")]),
    // The context.
    row(8, OURS, "Create readies what a session needs, without a network",
        &[T(NO_HELLO), T(TOO_MANY), Host("create"), Host("create-nulls")]),
    row(9, OURS, "a Create that fails says so and leaves nothing behind",
        &[T(NO_HELLO), T(TOO_MANY), Host("create-fails"), Host("contexts-max")]),
    row(10, OURS, "callbacks are called between Create and the end of Destroy only; their table is copied",
        &[Watched("callbacks_after_destroy"), T(HANG), Host("create"), Host("hang")]),
    row(11, OURS, "Destroy gives back all that Create took",
        &[T((RAW, "stop_without_start_and_destroy_without_stop_are_harmless")), Host("cycles")]),
    row(12, OURS, "Destroy takes at most 3 s",
        &[Watched("destroy_that_takes_more_than_three_seconds"), T(HANG), Host("hang"), Host("cycles")])
        .windows(&[("that holds in the system's own process while a device is removed", "Removal")]),
    row(13, OURS, "after Destroy no thread of the driver runs and nothing stays open: the DLL is unloaded then",
        &[Watched("a_thread_and_a_handle_that_are_left"), T(("umd/src/slot/lifecycle.rs", "the_code_is_kept_for_a_thread_that_does_not_end_and_for_no_other")),
          Host("cycles"), Host("hang"), Host("unload"), Check("leaks-windows")])
        .windows(&[("the DLL is gone from the process", "Removal")]),
    row(14, OURS, "in Destroy the driver may have the monitor reported as gone, or leave it to the miniport: it leaves it",
        &[T((DESKTOP, "the_end_leaves_the_monitor_to_the_miniport")), Host("end-by-windows")])
        .windows(&[("the monitor vanishes from the desktop all the same", "Session")]),
    // Start.
    row(15, OURS, "RTSP is spoken on the connected socket that Start is given",
        &[T(WHOLE), T((RTSP_SOCKET, "the_control_socket_carries_bytes_and_knows_both_ends")), Host("session-modes")])
        .windows(&[("what the socket is like that Windows passes: blocking or not, overlapped or not", "Session")]),
    row(16, OURS, "that socket is never closed or shut down by the driver",
        &[Watched("the_rtsp_socket_closed_or_shut_down"), T((PLAYING, "the_connection_outlives_the_drivers_use_of_it")),
          T((RTSP_SOCKET, "dropping_the_control_socket_leaves_the_connection_to_its_owner")), Host("session-order")]),
    row(17, OURS, "Start negotiates until it is known whether the sink has a monitor (M1 to M3)",
        &[T(EARLY_END), T((NEGOTIATION, "a_sink_without_a_monitor_is_reported_so")), Host("session-modes"), Host("session-no-monitor")]),
    row(18, OURS, "MonitorConnected is 1 exactly if the answer to M3 says that there is one",
        &[T((SINK, "a_sink_without_video_has_no_monitor")), T((NEGOTIATION, "a_sink_without_a_monitor_is_reported_so")), Host("session-modes"), Host("session-no-monitor")]),
    row(19, OURS, "a rate that does not carry the least mode (1024x768) fails Start by STATUS_DEVICE_INSUFFICIENT_RESOURCES",
        &[T((SINK, "a_rate_that_carries_no_mode_gets_no_session")), T((FLOOR, "ddi_19_wants_1024x768")),
          T((FLOOR, "ddi_19_wants_the_lowest_mode_of_a_sink_that_has_only_larger_ones")), T((FLOOR, "ddi_19_is_content_with_the_lowest_mode_of_a_sink_that_has_only_smaller_ones")), Host("session-too-slow")])
        .windows(&[("which rates Windows suggests on real links", "Session")]),
    row(20, OURS, "ReducedModeListDueToBandwidth is 1 exactly if the rate cuts the list of modes",
        &[T((NEGOTIATION, "a_slow_link_cuts_the_list_and_says_so")), Host("session-modes"), Host("session-fewer-modes")]),
    row(21, OURS, "the other bits of MIRACAST_SESSION_INFO are 0",
        &[Watched("reserved_bits_of_the_session_information"), Host("session-modes")]),
    row(22, OURS, "the miniport is asked to report the monitor only after Start has returned",
        &[Simulated("the monitor is not reported within Start"), Host("session-arrival")])
        .windows(&[("the hot plug is taken and the desktop sets a mode", "Session")]),
    row(23, OURS, "the sink's address comes from Winsock, and so do the media sockets",
        &[T((RTSP_SOCKET, "the_control_socket_carries_bytes_and_knows_both_ends")), T((RTSP_SOCKET, "a_connection_over_a_mapped_address_is_one_over_ipv4")),
          T(("umd/src/os/tests.rs", "media_ports_are_an_even_one_and_the_next")), Check("dll-imports"), Host("media-pictures")]),
    row(24, OURS, "a monitor is reported to the miniport by MiracastIoControl, with what is known of it",
        &[T((CONTROL, "a_display_that_is_unplugged_and_plugged_in_again_is_a_departure_and_an_arrival")), T((DESKTOP, "the_monitor_is_reported_with_its_edid")), Host("session-arrival")]),
    row(25, OURS, "a Start that fails stops what it began; the context can start again or be destroyed",
        &[Watched("a_failed_start_that_stays_registered"), T(EARLY_END), Host("no-session"), Host("session-again")]),
    // The session.
    row(26, OURS, "the encoder begins at or below CurrentBitRate, which is for pictures and sound",
        &[T(("core/src/session/tests/sound.rs", "the_suggested_rate_is_for_sound_and_pictures_together")), T(("tests/sim/tests/audio.rs", "the_sound_takes_its_part_of_the_recommended_rate")), Host("media-rates")]),
    row(27, OURS, "statistics of media are reported before it is sent",
        &[T((SESSIONS, "no_picture_leaves_before_it_is_announced")), Host("media-announced")]),
    row(28, OURS, "an error is reported once and ends the session",
        &[Watched("a_second_report_and_one_without_a_session"), Simulated("the end by Stop is not reported"), T((CLOSING, "nothing_happens_after_the_end")), Host("end-by-sink"), Host("end-by-windows")]),
    row(29, OURS, "the NTSTATUS of a report tells causes apart",
        &[T((STATUS, "no_two_ends_are_told_alike")), Host("end-by-sink"), Host("end-by-mode-change"), Host("end-by-bandwidth"), Host("end-by-large-chunk")])
        .windows(&[("where Windows logs it", "Log")]),
    row(30, OURS, "the MIRACAST_STATUS that fits: keep-alive, the sink's TEARDOWN, bandwidth, a mode change that fails; else critical",
        &[Watched("a_second_report_and_one_without_a_session"), T(EACH_END), Host("end-by-silence"), Host("end-by-sink"), Host("end-by-bandwidth"), Host("end-by-mode-change"), Host("end-by-large-chunk")]),
    row(31, OURS, "IDR requests and the coming and going of the monitor are reported as protocol events",
        &[T((PLAYING, "the_sinks_wish_for_an_idr_picture_is_fulfilled_and_logged")), T((CALLBACKS, "each_statistic_is_written_as_its_type_has_it")), T((CONTROL, "a_display_that_is_unplugged_and_plugged_in_again_is_a_departure_and_an_arrival")),
          Host("media-idr"), Host("session-arrival"), Host("monitor-goes")])
        .windows(&[("they are in Windows' log", "Log")]),
    row(32, OURS, "SINK_FAILED_PREFERRED_MODE_CHANGE is not used",
        &[Watched("a_reserved_event"), Host("media-idr"), Host("end-by-mode-change")]),
    row(33, OURS, "a monitor that is switched off puts the sink into standby",
        &[T((STANDBY, "a_monitor_that_is_off_puts_the_sink_into_standby_and_on_wakes_it")), T((DESKTOP, "a_monitor_that_is_switched_off_pauses_the_sink")), Host("media-standby")])
        .windows(&[("the miniport hears of it in DxgkDdiCommitVidPn", "Power")]),
    // Stop.
    row(34, OURS, "Stop closes every socket that the driver made",
        &[T(("tests/sim/tests/trials.rs", "a_few_seeds_of_each_kind_play")), Host("end-closes-ports"), Host("cycles")]),
    row(35, OURS, "Stop waits for nothing on the network",
        &[Watched("entry_points_that_hang"), T((CLOSING, "stop_tells_the_sink_in_one_message_and_waits_for_nothing")), T(HANG), Host("end-unheard"), Host("hang")]),
    row(36, OURS, "Stop does not report the monitor as gone, unless the sink has said so",
        &[T((DESKTOP, "the_end_leaves_the_monitor_to_the_miniport")), Host("end-by-windows"), Host("monitor-goes")]),
    row(37, BOTH, "what the miniport delivers after Stop is dropped",
        &[T((SENDING, "pictures_that_wait_when_the_sink_goes_are_reported")), Host("end-by-windows"), Host("session-arrival")]),
    // Threads.
    row(38, THEIRS, "Create, Destroy, Start and Stop come one at a time", &[])
        .windows(&[("that it is so with two displays", "Session")]),
    row(39, OURS, "HandleKernelModeMessage may come on several threads at once",
        &[Check("loom"), T(("core/src/pool/tests.rs", "no_lease_outlives_its_context")), T(("umd/src/ddi/message.rs", "a_full_inbox_is_an_answer")), Host("message-threads")]),
    row(40, THEIRS, "no message comes within Create, Destroy, Start or Stop: those of Start wait, those of Stop are dropped", &[])
        .windows(&[("that a MODE_SET of Start's time comes after it", "Session")]),
    row(41, BOTH, "MiracastIoControl of another thread waits for Start's end and fails within Stop: Start must not wait for such a thread",
        &[Watched("start_that_waits_for_a_request_of_another_thread"), Host("session-arrival"), Host("end-by-windows")])
        .windows(&[("that real Windows does so", "Session")]),
    row(42, OURS, "HardwareAccess, which flushes the GPU, is not asked for",
        &[Watched("a_request_that_flushes_the_gpu"), T((CALLBACKS, "no_request_flushes_the_gpu")), Host("create"), Host("media-pictures")]),
    row(43, OURS, "one thread at a time calls GetNextChunkData",
        &[Watched("two_threads_in_get_next_chunk_data"), Host("media-pictures")]),
    row(44, OURS, "data-rate notices are registered on the thread inside Start or Stop",
        &[Watched(REGISTERS), Host("session-arrival")])
        .windows(&[("real Windows takes the registration", "Session")]),
    row(45, OURS, "they are registered once, and once taken back",
        &[Watched(REGISTERS), Host("session-arrival"), Host("session-again")]),
    row(46, THEIRS, "they come once a second", &[])
        .windows(&[("how often they come; steps of the bit rate count on it", "Session")]),
    row(47, OURS, "NULL in place of the statistics: no more will come",
        &[T((RATE, "small_changes_and_empty_notices_are_ignored")), Host("media-rates")]),
    row(48, OURS, "Stop takes the registration back",
        &[Watched(REGISTERS), Simulated("Stop declines the data-rate notices"), Host("session-arrival")]),
    row(49, OURS, "a notice may come on any thread, and is not held up",
        &[Check("loom"), T(("umd/src/inbox.rs", "a_wait_for_the_bell_ends_when_something_is_there_and_not_before")), Host("media-rates")])
        .windows(&[("on which thread they come", "Session")]),
    // Chunks.
    row(50, WITH_MINIPORT, "GetNextChunkData is for miniports that pass private data with a chunk; this contract does",
        &[T(("umd/src/records.rs", "records_follow_each_other_without_padding")), Host("media-packed")])
        .windows(&[("whether Windows pads between records", "Session")]),
    row(51, OURS, "STATUS_CONNECTION_RESET: chunks are lost, an IDR picture has to come",
        &[T(LOST), Simulated("after a loss nothing is sent before an IDR picture"), Host("media-lost")]),
    row(52, OURS, "STATUS_SUCCESS without bytes is event 0 and no chunk",
        &[T((CALLBACKS, "each_answer_of_get_next_chunk_data_is_told_apart")), Host("media-pictures")]),
    row(53, OURS, "at most four events of its own are waited for with the chunks",
        &[Watched("five_events_and_one_that_is_closed"), T((PLAYING, "pictures_arrive_where_windows_takes_no_timer_for_an_event")), Host("session-arrival"), Check("abi-probe")])
        .windows(&[("whether a waitable timer is taken for an event", "Session")]),
    row(54, WITH_MINIPORT, "all parts of a picture have its number, each a part number of its own; the driver passes both on unchanged",
        &[T(WHOLE), Host("media-pictures"), Check("demo-windows-4-slices")]),
    row(55, MINIPORTS, "the last part of a picture has part number 0", &[]),
    row(56, WITH_MINIPORT, "a picture that did not change keeps its numbers; the driver reports it each time",
        &[T((SESSIONS, "a_picture_with_the_numbers_of_the_last_is_announced_again")), Host("media-repeated")]),
    row(57, OURS, "CHUNK_SENT comes once a part, immediately before its first send",
        &[Watched("parts_that_are_sent_twice_and_stages_that_are_the_miniports"), T((SESSIONS, "no_picture_leaves_before_it_is_announced")),
          T((SENDING, "a_socket_that_takes_a_few_datagrams_at_a_time_loses_nothing")), Host("media-announced"), Host("media-pictures")]),
    row(58, WITH_MINIPORT, "times and rates are filled in where a stage has them; the driver's one stage, FRAME_DROPPED, has none",
        &[T((CALLBACKS, "each_statistic_is_written_as_its_type_has_it")), Host("media-lost")]),
    row(59, MINIPORTS, "colour conversion of a whole picture is part 0", &[]),
    row(60, WITH_MINIPORT, "FRAME_START is the miniport's to report",
        &[Watched("parts_that_are_sent_twice_and_stages_that_are_the_miniports"), Host("media-pictures")]),
    row(61, WITH_MINIPORT, "what was begun and will not be sent is reported as FRAME_DROPPED",
        &[T((SESSIONS, "what_the_network_refuses_is_taken_back")), T((SENDING, "pictures_that_wait_when_the_sink_goes_are_reported")), Host("media-lost")]),
    row(62, WITH_MINIPORT, "a stage is reported as it happens: the time of the report is its time",
        &[T((SESSIONS, "no_picture_leaves_before_it_is_announced")), Host("media-announced"), Host("media-lost")])
        .windows(&[("the times in Windows' log", "Log")]),
    row(63, WITH_MINIPORT, "a stage is reported by the driver or by the miniport, not by both",
        &[Watched("parts_that_are_sent_twice_and_stages_that_are_the_miniports"), Host("media-pictures")]),
    row(64, WITH_MINIPORT, "frame numbers have 40 bits and wrap, part numbers 24",
        &[T(("umd/src/ddi/abi.rs", "a_chunk_id_has_the_bytes_of_the_bit_fields")), T(("umd/src/ddi/abi.rs", "numbers_are_cut_to_their_widths")), Host("media-pictures"), Host("chunk-identity")]),
];
