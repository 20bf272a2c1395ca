//! The ways in which the sink can be told to misbehave, each seen in the field.

use core::time::Duration;

use super::wire::Distortion;
use crate::screen::Need;

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
    /// SET_PARAMETER with the latency mode (MS-WFDPE §2.4.1.1).
    Latency,
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

/// When the sink sends M2 (quirk Q11, interop rule 4).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Greeting {
    /// After its reply to M1.
    #[default]
    AfterReply,
    /// In one segment with that reply.
    WithReply,
    /// Before that reply.
    BeforeReply,
    /// After that reply, and again when it plays.
    Again,
    /// Not at all.
    Never,
}

/// What the sink does about M16.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum OnKeepAlive {
    /// 200.
    #[default]
    Reply,
    /// 200 with its capabilities as a body (interop rule 4).
    ReplyWithBody,
    /// TEARDOWN (quirk Q17).
    Teardown,
}

/// A request of the source that is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The request.
    pub step: Step,
    /// The status of the answer.
    pub status: u16,
    /// When it is refused.
    pub when: When,
}

/// Condition of a [`Refusal`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// Always.
    Always,
    /// The first time.
    First,
    /// While the mode of the last M4 is one of these (S2.1 T34).
    Cea(u32),
    /// Unless the last M4 had the URL that it must have.
    WrongUrl,
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
    /// Answer these requests with a refusal.
    pub refusals: Vec<Refusal>,
    /// Send messages in another form than they should have.
    pub forms: Vec<Distortion>,
    /// When M2 is sent.
    pub greeting: Greeting,
    /// Send SETUP before the reply to the trigger (interop rule 4).
    pub setup_before_m5_reply: bool,
    /// CSeq of our first request (quirk Q10).
    pub first_cseq: u32,
    /// Never send PLAY.
    pub never_play: bool,
    /// What becomes of M16.
    pub on_keep_alive: OnKeepAlive,
    /// Echo the session id with its `;timeout=N` (interop rule 9).
    pub echo_timeout: bool,
    /// What follows a TEARDOWN trigger.
    pub on_teardown: OnTeardown,
    /// Lose what comes so soon after the connection, and so soon after the reply to M2 (quirk Q20).
    pub deaf_for: Duration,
    /// Lose the media that comes so soon after the reply to PLAY (interop rule 20).
    pub player_opens_after: Duration,
    /// Close the connection if the session id is longer than this (quirk Q8).
    pub session_id_max: Option<usize>,
    /// Answer 454 to a request with `;timeout` behind the session id, and tear down (quirk Q9).
    pub refuses_timeout: bool,
    /// Close the connection so long after PLAY unless M16 has come (quirk Q16).
    pub patience: Option<Duration>,
    /// Send this method without a body every ten seconds while playing (quirk Q22).
    pub own_keep_alive: Option<&'static str>,
    /// Send so many M13 at once, and again after this time, while playing (quirk Q27).
    pub idr_bursts: Option<(u32, Duration)>,
    /// Wait for the source as long as it takes.
    pub waits_for_ever: bool,
    /// Say why in the TEARDOWN that follows when no RTP came (MS-WFDPE §2.2.1.2; quirk Q26).
    pub watchdog_reason: Option<&'static str>,
    /// Tear down once it plays if M4 had no audio (quirk Q63).
    pub needs_audio: bool,
    /// Take the lowest of several bits of M4's masks (quirk Q78).
    pub takes_lowest_bit: bool,
    /// What the screen stays black or the speaker silent without.
    pub needs: Vec<Need>,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            close_at: None,
            garbage_at: None,
            silent_at: None,
            silent_once_at: None,
            refusals: Vec::new(),
            forms: Vec::new(),
            greeting: Greeting::AfterReply,
            setup_before_m5_reply: false,
            first_cseq: 1,
            never_play: false,
            on_keep_alive: OnKeepAlive::Reply,
            echo_timeout: false,
            on_teardown: OnTeardown::Teardown,
            deaf_for: Duration::ZERO,
            player_opens_after: Duration::ZERO,
            session_id_max: None,
            refuses_timeout: false,
            patience: None,
            own_keep_alive: None,
            idr_bursts: None,
            waits_for_ever: false,
            watchdog_reason: None,
            needs_audio: false,
            takes_lowest_bit: false,
            needs: Vec::new(),
        }
    }
}
