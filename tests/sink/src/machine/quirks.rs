//! The ways in which the sink can be told to misbehave, each seen in the field.

/// The messages of a source, by what they are for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// M1, its OPTIONS.
    M1,
    /// Its reply to our OPTIONS.
    M2Reply,
    /// M3, GET_PARAMETER with names.
    M3,
    /// M4, SET_PARAMETER with choices.
    M4,
    /// M5 with SETUP.
    SetupTrigger,
    /// Its reply to our SETUP.
    M6Reply,
    /// Its reply to our PLAY.
    M7Reply,
    /// M5 with PLAY.
    PlayTrigger,
    /// M5 with PAUSE.
    PauseTrigger,
    /// M5 with TEARDOWN.
    TeardownTrigger,
    /// Its reply to our PAUSE.
    PauseReply,
    /// Its reply to our TEARDOWN.
    M8Reply,
    /// M12, SET_PARAMETER wfd_standby.
    Standby,
    /// Its reply to our M12.
    StandbyReply,
    /// Its reply to another SET_PARAMETER of ours: M10, M11, M13 to M15.
    SetReply,
    /// M16.
    KeepAlive,
}

/// What the sink does after TEARDOWN was triggered (interop rule 14).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum OnTeardown {
    /// 200, then its own TEARDOWN.
    #[default]
    Teardown,
    /// 200 and nothing more: the source has to close.
    ReplyOnly,
    /// 200, then it closes.
    ReplyAndClose,
    /// It closes without a reply.
    Close,
}

/// How the sink deviates. The default does not.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a deviation of its own, and any set of them may be wanted"
)]
pub struct Quirks {
    /// Close the connection instead of handling this message.
    pub close_at: Option<Step>,
    /// Answer this message with bytes that are no RTSP.
    pub garbage_at: Option<Step>,
    /// Ignore this message, always.
    pub silent_at: Option<Step>,
    /// Ignore this message the first time it comes.
    pub silent_once_at: Option<Step>,
    /// Send SETUP before the reply to the trigger (interop rule 4).
    pub setup_before_m5_reply: bool,
    /// Send the reply to M1 and M2 in one segment (interop rule 4).
    pub m2_with_m1_reply: bool,
    /// CSeq of our first request (quirk Q10).
    pub first_cseq: u32,
    /// Never send PLAY.
    pub never_play: bool,
    /// Status of the answer to M4 (quirks Q21, Q24).
    pub m4_status: u16,
    /// Status of the answer to the first M3.
    pub first_m3_status: u16,
    /// Answer M16 with the capabilities as a body (interop rule 4).
    pub keep_alive_body: bool,
    /// Echo the session id with its `;timeout=N` (interop rule 9).
    pub echo_timeout: bool,
    /// What follows a TEARDOWN trigger.
    pub on_teardown: OnTeardown,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            close_at: None,
            garbage_at: None,
            silent_at: None,
            silent_once_at: None,
            setup_before_m5_reply: false,
            m2_with_m1_reply: false,
            first_cseq: 1,
            never_play: false,
            m4_status: 200,
            first_m3_status: 200,
            keep_alive_body: false,
            echo_timeout: false,
            on_teardown: OnTeardown::Teardown,
        }
    }
}
