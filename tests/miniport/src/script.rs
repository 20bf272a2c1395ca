//! What the desktop does after the monitor arrived, and when: the user and Windows, emulated.
//!
//! No I/O and no clock: the owner asks for what is due, sends it, and sleeps until the deadline.

use core::time::Duration;

use miracast_kmd_iface::NtStatus;
use miracast_kmd_iface::message::PowerState;

/// Ticks in one second: times are in units of 100 ns.
const TICKS_PER_SECOND: u64 = 10_000_000;

/// Which mode Windows sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeWish {
    /// The first of the driver's list: its best.
    First,
    /// The first of the list with this size and rate. If there is none it is set all the same, as
    /// a mode that is not from the list.
    Exactly {
        /// Width in pixels.
        width: u16,
        /// Height in pixels.
        height: u16,
        /// Whole hertz.
        hertz: u32,
    },
}

/// Something that reaches the driver as a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// MODE_SET.
    SetMode(ModeWish),
    /// MODE_SET with width 0: the path is off.
    PathOff,
    /// MONITOR_POWER.
    Power(PowerState),
    /// PROTECTION with this level of HDCP.
    Protection(u32),
    /// DEVICE_LOST with this cause. The stream stops.
    LoseDevice(NtStatus),
}

/// An [`Action`] and when it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Time since the arrival of the monitor.
    pub after: Duration,
    /// What happens.
    pub action: Action,
}

/// Steps that are played once for every arrival of a monitor.
#[derive(Clone, Debug)]
pub struct Script {
    steps: Vec<Step>,
    /// Arrival of the monitor, in units of 100 ns.
    start: Option<u64>,
    next: usize,
}

impl Script {
    /// A script of `steps`, in any order; steps of the same time keep theirs.
    pub fn new(mut steps: Vec<Step>) -> Self {
        steps.sort_by_key(|step| step.after);
        Self {
            steps,
            start: None,
            next: 0,
        }
    }

    /// Windows sets the best mode after `delay`, and that is all: 0 to 30 s are seen.
    pub fn set_first_mode(delay: Duration) -> Self {
        Self::new(vec![Step {
            after: delay,
            action: Action::SetMode(ModeWish::First),
        }])
    }

    /// The monitor arrived at `now`: the script begins, again if it did before.
    pub fn begin(&mut self, now: u64) {
        self.start = Some(now);
        self.next = 0;
    }

    /// The monitor is gone: nothing more happens.
    pub fn end(&mut self) {
        self.start = None;
    }

    /// When the next step is due, in units of 100 ns.
    pub fn deadline(&self) -> Option<u64> {
        let step = self.steps.get(self.next)?;
        Some(self.start?.saturating_add(ticks(step.after)))
    }

    /// Takes one step that is due at `now`.
    pub fn due(&mut self, now: u64) -> Option<Action> {
        if self.deadline()? > now {
            return None;
        }
        let step = self.steps.get(self.next)?;
        self.next += 1;
        Some(step.action)
    }
}

impl Default for Script {
    /// Windows sets the best mode at once.
    fn default() -> Self {
        Self::set_first_mode(Duration::ZERO)
    }
}

fn ticks(duration: Duration) -> u64 {
    let seconds = duration.as_secs().saturating_mul(TICKS_PER_SECOND);
    seconds.saturating_add(u64::from(duration.subsec_nanos()) / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_come_in_order_when_they_are_due_and_again_after_another_arrival() {
        let step = |seconds, action| Step {
            after: Duration::from_secs(seconds),
            action,
        };
        let power = Action::Power(PowerState::OFF);
        let mode = Action::SetMode(ModeWish::First);
        let mut script = Script::new(vec![step(2, power), step(1, mode)]);
        assert_eq!(script.due(u64::MAX), None, "no monitor yet");
        for start in [5, 100_000_000] {
            script.begin(start);
            assert_eq!(script.deadline(), Some(start + TICKS_PER_SECOND));
            assert_eq!(script.due(start), None);
            assert_eq!(script.due(start + 3 * TICKS_PER_SECOND), Some(mode));
            assert_eq!(script.due(start + 3 * TICKS_PER_SECOND), Some(power));
            assert_eq!(script.due(u64::MAX), None);
            assert_eq!(script.deadline(), None);
        }
        script.begin(7);
        script.end();
        assert_eq!(script.due(u64::MAX), None);
    }
}
