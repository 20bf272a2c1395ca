//! What must hold of a session, each with its figure and its limit.

use std::process::ExitCode;

use crate::summary::{Received, Sent, SoundSummary, Summary};

/// PSI and PCR come at least so often, in milliseconds (S2.1 App. D.4.2, ISO 13818-1 §2.7.2).
const INTERVAL_MS_MAX: f64 = 100.0;

/// Pictures between the encoder and the network when a session is stopped: one that is being sent
/// and one that was just finished.
const IN_FLIGHT_MAX: u64 = 2;

/// Median time from a picture's last chunk to its last datagram, in microseconds: a quarter of the
/// time of a picture at 60 Hz. It is some 100 on an idle machine; this is for one that builds
/// something besides. Not for a driver in a DLL: Wine may run that, whose threads have Wine's
/// delays.
const TAIL_US_MAX: f64 = 4000.0;

/// Chunks of sound between the miniport and the network when a session is stopped: as pictures, but
/// one comes every 10 ms.
const SOUND_IN_FLIGHT_MAX: u64 = 8;

/// How much earlier and later than the pictures sound may be, in milliseconds: the window that is
/// commonly cited for certification.
const OFFSET_MS: [f64; 2] = [-45.0, 125.0];

/// The checks that are of time.
const TAIL: &str = "last chunk to last datagram, median";
const PCR_INTERVAL: &str = "longest time without PCR";
const PSI_INTERVAL: &str = "longest time without PAT or PMT";
const SOUND_OFFSET: &str = "sound after picture, least, median and greatest";
/// Sound that is late is not sent.
const SOUND_WHOLE: &str = "units of sound received unchanged and in order";
const SOUND_GAPS: &str = "gaps in the sound";
/// Intervals that are too long are among them.
const STREAM_FAULTS: &str = "faults in RTP, TS, PES and pictures";

/// The end of a program of this package: 0 only if everything held; an error is said.
pub fn exit_code(outcome: anyhow::Result<bool>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// One thing that must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// What.
    pub name: &'static str,
    /// How it is.
    pub figure: String,
    /// How it must be.
    pub limit: String,
    /// Whether it is so.
    pub holds: bool,
    /// More about a failure.
    pub details: Vec<String>,
}

impl Check {
    /// A check whose figure and limit are in words.
    pub fn new(
        name: &'static str,
        figure: impl Into<String>,
        limit: impl Into<String>,
        holds: bool,
    ) -> Self {
        Self {
            name,
            figure: figure.into(),
            limit: limit.into(),
            holds,
            details: Vec::new(),
        }
    }

    fn none(name: &'static str, count: u64) -> Self {
        Self::new(name, count.to_string(), "0", count == 0)
    }

    fn some(name: &'static str, count: u64) -> Self {
        Self::new(name, count.to_string(), "at least 1", count > 0)
    }

    fn interval(name: &'static str, milliseconds: f64) -> Self {
        let holds = 0.0 < milliseconds && milliseconds <= INTERVAL_MS_MAX;
        let limit = format!("at most {INTERVAL_MS_MAX} ms");
        Self::new(name, format!("{milliseconds:.1} ms"), limit, holds)
    }

    /// Whether a machine that has something else to do can make it fail: it is of how late something was.
    pub fn is_of_time(&self) -> bool {
        [
            TAIL,
            PCR_INTERVAL,
            PSI_INTERVAL,
            SOUND_OFFSET,
            SOUND_WHOLE,
            SOUND_GAPS,
            STREAM_FAULTS,
        ]
        .contains(&self.name)
    }

    pub(crate) fn details(mut self, details: &[String]) -> Self {
        self.details = details.to_vec();
        self
    }
}

impl core::fmt::Display for Check {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let verdict = if self.holds { "ok    " } else { "FAILED" };
        let Self {
            name,
            figure,
            limit,
            ..
        } = self;
        write!(f, "{verdict}  {name}: {figure} (wanted: {limit})")?;
        for detail in &self.details {
            write!(f, "\n          {detail}")?;
        }
        Ok(())
    }
}

/// Prints the checks, one a line, and says whether all hold.
pub fn print(checks: &[Check]) -> bool {
    for check in checks {
        println!("{check}");
    }
    checks.iter().all(|check| check.holds)
}

/// What must hold of the driver towards Windows and the miniport.
pub fn of_source(sent: &Sent) -> Vec<Check> {
    let texts = sent.leak_texts.iter().cloned();
    let (threads, handles): (Vec<_>, Vec<_>) = texts.partition(|text| text.contains(" thread "));
    let mut checks = vec![
        Check::some("pictures sent", sent.frames_sent),
        Check::new(
            "pictures encoded and not sent at the end",
            sent.frames_in_flight_at_stop.to_string(),
            format!("at most {IN_FLIGHT_MAX}"),
            sent.frames_in_flight_at_stop <= IN_FLIGHT_MAX,
        ),
        Check::none(
            "breaches of the driver interface",
            sent.ddi_violations as u64,
        )
        .details(&sent.ddi_violation_texts),
        Check::none("session status reports", sent.session_status_reports as u64),
        Check::none("threads left behind", sent.threads_leaked as u64).details(&threads),
        Check::none("handles left behind", sent.handles_leaked as u64).details(&handles),
    ];
    let counted = sent.driver_allocations;
    checks.extend(counted.map(|count| Check::none("memory allocations of the driver", count)));
    checks
}

/// What must hold of what the sink saw.
pub fn of_sink(received: &Received) -> Vec<Check> {
    let breaches = &received.sink_breaches;
    let decoded = received.frames_decoded;
    let mut checks: Vec<Check> = Vec::new();
    checks.extend(decoded.map(|count| Check::some("pictures decoded", count)));
    checks.extend([
        Check::none(
            "pictures damaged, missing or out of order",
            received.frame_counter_errors,
        ),
        Check::some("RTP packets", received.rtp_packets),
        Check::none("RTP packets lost", received.rtp_lost),
        Check::none(STREAM_FAULTS, received.ts_errors).details(&received.ts_error_texts),
        Check::interval(PCR_INTERVAL, received.pcr_interval_ms_max),
        Check::interval(PSI_INTERVAL, received.psi_interval_ms_max),
        Check::none("breaches of RTSP", breaches.len() as u64).details(breaches),
        Check::new(
            "end of the session",
            received.end.clone(),
            "TornDown",
            received.end == "TornDown",
        ),
    ]);
    checks
}

/// What must hold of both sides together.
pub fn of_session(summary: &Summary) -> Vec<Check> {
    let (sent, received) = (&summary.sent, &summary.received);
    let tail = &summary.tail_latency_us;
    let difference: Vec<String> = summary.es_difference.iter().cloned().collect();
    let mut checks = Vec::new();
    checks.extend(received.frames_decoded.map(|decoded| {
        Check::new(
            "pictures decoded of those sent",
            format!("{decoded} of {}", sent.frames_sent),
            "all",
            decoded == sent.frames_sent,
        )
    }));
    checks.extend([
        Check::new(
            "the encoder's stream identical, NAL unit by NAL unit",
            format!(
                "{} of {} bytes",
                received.es_bytes_received, sent.es_bytes_sent
            ),
            "all, in order",
            summary.es_identical && received.es_bytes_received == sent.es_bytes_sent,
        )
        .details(&difference),
        tail_check(tail.p50, sent.driver.is_none()),
    ]);
    checks.extend(of_sound(&summary.sound));
    checks.extend(of_sink(received));
    checks.extend(of_source(sent));
    checks
}

/// What must hold of pictures that the emulated desktop draws: the sink reads its number in each.
pub fn of_desktop(received: &Received) -> Check {
    let [numbered, decoded] =
        [received.frames_numbered, received.frames_decoded].map(Option::unwrap_or_default);
    Check::new(
        "pictures whose number can be read",
        format!("{numbered} of {decoded}"),
        "all, and some",
        numbered == decoded && decoded > 0,
    )
}

/// What must hold of the sound, if there is any.
fn of_sound(sound: &SoundSummary) -> Vec<Check> {
    if sound.format.is_none() {
        return Vec::new();
    }
    let due = sound.units_sent.saturating_sub(sound.units_early);
    let missing = due.saturating_sub(sound.units_in_order);
    let mut checks = vec![
        Check::new(
            SOUND_WHOLE,
            format!("{} of {due}", sound.units_in_order),
            format!("all but at most {SOUND_IN_FLIGHT_MAX} in flight at the end"),
            sound.units_in_order == sound.units_received && missing <= SOUND_IN_FLIGHT_MAX,
        ),
        Check::none(
            "units of sound dropped by the miniport",
            sound.units_dropped,
        ),
        Check::none(SOUND_GAPS, sound.gaps),
    ];
    let [least, most] = OFFSET_MS;
    checks.extend(sound.offset_ms.map(|offset| {
        Check::new(
            SOUND_OFFSET,
            format!(
                "{:.2}, {:.2} and {:.2} ms at {} moments",
                offset.min, offset.median, offset.max, sound.measured
            ),
            format!("{least} to {most} ms"),
            least <= offset.min && offset.max <= most,
        )
    }));
    checks
}

/// The median time from a picture's last chunk to its last datagram; without a limit it has to be
/// there.
fn tail_check(microseconds: f64, limited: bool) -> Check {
    let (limit, most) = if limited {
        (format!("over 0, at most {TAIL_US_MAX} µs"), TAIL_US_MAX)
    } else {
        ("over 0 µs".to_owned(), f64::INFINITY)
    };
    Check::new(
        TAIL,
        format!("{microseconds:.0} µs"),
        limit,
        0.0 < microseconds && microseconds <= most,
    )
}

#[cfg(test)]
mod tests {
    use super::{Check, of_sound, tail_check};
    use crate::sound::Offsets;
    use crate::summary::SoundSummary;

    fn sound(change: impl FnOnce(&mut SoundSummary)) -> Vec<bool> {
        let mut sound = SoundSummary {
            format: Some("LPCM".to_owned()),
            units_sent: 507,
            units_early: 7,
            units_dropped: 0,
            units_received: 492,
            units_in_order: 492,
            gaps: 0,
            measured: 5,
            offset_ms: Some(Offsets {
                min: -45.0,
                median: 0.0,
                max: 125.0,
            }),
        };
        change(&mut sound);
        of_sound(&sound).iter().map(|check| check.holds).collect()
    }

    #[test]
    fn sound_is_whole_and_in_step_with_the_pictures() {
        let apart = |min, max| {
            Some(Offsets {
                min,
                median: 0.0,
                max,
            })
        };
        assert_eq!(sound(|_| ()), [true; 4]);
        assert_eq!(sound(|s| s.units_sent = 508), [false, true, true, true]);
        assert_eq!(sound(|s| s.units_in_order = 491), [false, true, true, true]);
        assert_eq!(sound(|s| s.units_dropped = 1), [true, false, true, true]);
        assert_eq!(sound(|s| s.gaps = 1), [true, true, false, true]);
        let early = sound(|s| s.offset_ms = apart(-45.1, 0.0));
        assert_eq!(early, [true, true, true, false]);
        let late = sound(|s| s.offset_ms = apart(0.0, 125.1));
        assert_eq!(late, [true, true, true, false]);
        assert!(sound(|s| s.format = None).is_empty());
    }

    #[test]
    fn a_tail_latency_must_be_there_and_short_where_it_is_limited() {
        let limited = [0.0, 100.0, 4001.0].map(|us| tail_check(us, true).holds);
        assert_eq!(limited, [false, true, false]);
        let free = [0.0, 100.0, 4001.0].map(|us| tail_check(us, false).holds);
        assert_eq!(free, [false, true, true]);
    }

    #[test]
    fn a_failure_is_loud_and_has_its_details() {
        let details = ["DDI-16: closed".to_owned()];
        let check = Check::none("breaches", 1).details(&details);
        assert!(!check.holds);
        let text = check.to_string();
        assert!(
            text.starts_with("FAILED  breaches: 1 (wanted: 0)\n"),
            "{text}"
        );
        assert!(text.ends_with("DDI-16: closed"), "{text}");
    }

    #[test]
    fn intervals_must_be_there_and_short() {
        let holds = [0.0, 0.1, 100.0, 100.1].map(|ms| Check::interval("x", ms).holds);
        assert_eq!(holds, [false, true, true, false]);
    }
}
