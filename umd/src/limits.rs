//! The bounds of the driver's shell, with the reason for each. Those of the protocol are in
//! `miracast_core::limits`.
//!
//! # What a hostile sink reaches
//!
//! `tests/field` looks the tests up.
//!
//! | what it does | bound | what becomes of it | test |
//! | --- | --- | --- | --- |
//! | sends RTSP without end | [`RTSP_READS_PER_TURN`] | the next turn follows at once | `engine::tests::a_flood_of_requests_takes_a_bounded_part_of_a_turn` |
//! | asks and does not read | `core::limits::OUTBOX_MESSAGES_MAX` | the session ends, unread | `engine::tests::a_sink_that_does_not_read_ends_its_session` |
//! | sends RTCP without end | [`RTCP_READS_PER_TURN`] | the next turn follows at once | `engine::tests::a_flood_of_receiver_reports_takes_a_bounded_part_of_a_turn` |
//! | lets another machine send RTCP | its own address and port | not heard | `os::tests::rtcp_is_heard_from_the_sink_alone` |
//! | lets another machine connect for input | its own address | closed | `os::tests::input::who_is_not_the_sink_is_closed` |
//! | connects twice for input | one connection | the second is closed | `os::tests::input::a_second_client_is_closed_and_the_first_stays` |
//! | sends input without end | [`INPUT_READS_PER_TURN`], [`INPUT_REPORTS_PER_TURN`] | the next turn follows at once | `tests/sim/tests/input.rs`: `a_flood_is_taken_in_turns_and_nothing_is_lost` |

use core::time::Duration;

use miracast_kmd_iface::chunk;

use crate::ddi::abi::PRIVATE_DATA_OFFSET;

/// Bytes of the buffer that `GetNextChunkData` fills: 256 records of ours. Windows keeps far fewer
/// chunks outstanding.
pub const CHUNK_BUFFER: usize = 16 * 1024;

/// Chunk records that wait for the packetizer. More than one buffer full, because records of a
/// picture that is being sent stay in the queue while new ones come: 1.6 s of 60 pictures of four slices,
/// and a picture that waits for longer than its lead is not sent.
pub const RECORDS_MAX: usize = 384;

/// Records of audio that wait for the packetizer: 160 ms of LPCM, which a sink would not play any more.
pub const AUDIO_RECORDS_MAX: usize = 16;

/// Messages of the miniport that wait for the worker. Modes change by hand and power rarely:
/// sixteen is a worker that hangs.
pub const INBOX_MAX: usize = 16;

/// Units of text in one setting: some forty names of quirks with the blanks between them.
pub const SETTING_TEXT_MAX: usize = 192;

/// Software keys of display adapters in which settings are looked for. Windows counts on when an
/// adapter is installed anew; a machine with more than a few is rare.
pub const ADAPTER_KEYS_MAX: u16 = 32;

/// Bytes of RTSP that are received in one call.
pub const RTSP_READ: usize = 2048;

/// Receive calls on the RTSP socket in one turn. What is left is read in the next turn, which
/// follows at once: a flood cannot keep the driver from its other work.
pub const RTSP_READS_PER_TURN: usize = 16;

/// Bytes of an RTCP datagram that are read: 31 report blocks of 24 bytes would be 752, and a sink has
/// one stream to report. A longer one is cut, and then not in form.
pub const RTCP_READ: usize = 512;

/// RTCP datagrams that are read in one turn.
pub const RTCP_READS_PER_TURN: usize = 16;

/// Bytes of the sink's input that are received in one call: some twenty messages.
pub const INPUT_READ: usize = 256;

/// Receive calls on the sink's input connection in one turn. What is left is read in the next turn,
/// which follows at once.
pub const INPUT_READS_PER_TURN: usize = 16;

/// Reports to the miniport in one turn, and out of one packet; a turn that begins its last packet
/// below that bound may have twice as many. Each is a call into the kernel, and pictures wait
/// meanwhile; to a miniport that takes its time the sink can send no faster. An eager mouse reports a
/// thousand times a second, so these are 32 ms of it.
pub const INPUT_REPORTS_PER_TURN: usize = 32;

/// Connections to the input port that one read accepts. More than the backlog has, so that whoever is
/// not the sink does not keep it out.
pub const INPUT_ACCEPTS_PER_READ: usize = 4;

/// When a send that found no room is tried again.
pub const RTSP_RETRY: Duration = Duration::from_millis(5);

/// How long the record of bytes that the ring holds may stay away before it counts as lost, and for how long
/// no other has come before the ring is looked at. A miniport hands a record over in milliseconds; our
/// choice.
pub const RECORDS_OVERDUE: Duration = Duration::from_millis(500);

/// When a media send that found no room is tried again: about half the time that 30 Mbit/s take to
/// drain one batch.
pub const MEDIA_RETRY: Duration = Duration::from_millis(1);

/// Batches of media that one turn sends: 126 KiB, half a picture of 3840x2160p60 at 100 Mbit/s. What is left is
/// sent in the next turn, which follows at once. Where the system cuts no batches and each datagram is a call, the
/// clock that a turn goes by is late at its end by what two batches take, and so are sound, tables, PCR, RTSP and
/// Stop.
pub const BATCHES_PER_TURN: usize = 2;

/// How long one wait lasts at most. Nothing depends on it: deadlines come through the timer. It is
/// the net under a lost event.
pub const SAFETY_NET: Duration = Duration::from_secs(1);

/// Bytes of stack that the worker has, whatever the program says that has loaded the driver. The
/// driver and the emulated callbacks touch 32 KiB of it in the demonstration; the rest is for what
/// Windows does inside of its callbacks. It is committed when the thread is made, so that a machine
/// that runs out of memory later cannot stop a session for it.
pub const WORKER_STACK: usize = 256 * 1024;

/// How long Stop waits for the worker. The worker leaves at its next wake-up; only a callback that
/// hangs in the kernel can use this up. Stop and Destroy share the three seconds of DDI-12.
pub const WORKER_JOIN: Duration = Duration::from_millis(1500);

/// How long Destroy waits for calls of other threads that are still inside the driver.
pub const LEASE_WAIT: Duration = Duration::from_millis(500);

/// Inputs that one turn may feed back into the session (an escape that fails ends the session, and
/// so on). Each step ends a phase, so there are fewer phases than this.
pub const STEPS_PER_TURN: usize = 64;

const _: () = {
    assert!(CHUNK_BUFFER / (PRIVATE_DATA_OFFSET + chunk::CHUNK_RECORD_SIZE) < RECORDS_MAX);
    assert!(
        WORKER_JOIN.as_millis() + LEASE_WAIT.as_millis() < 3000,
        "DDI-12"
    );
};
