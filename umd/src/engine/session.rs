//! The session's output, and the notices of other threads: what the control plane makes the engine
//! do.

use miracast_core::media;
use miracast_core::session::{Event, Input, Output, Reason};
use miracast_core::time::Instant;
use miracast_kmd_iface::NtStatus;
use miracast_kmd_iface::message::PowerState;

use super::shell::{Notice, SessionInfo, Shell, Statistic};
use super::{Engine, status};
use crate::miniport;

impl Engine<'_> {
    /// Takes the session's output until it is idle.
    pub(super) fn drain_session(&mut self, now: Instant, shell: &mut impl Shell) {
        loop {
            match self.session.poll(now) {
                Output::Send(message) => {
                    if !self.outbox.push(message) {
                        self.abort = Some(Reason::Unread);
                    }
                    let flushed = self.outbox.flush(|bytes| shell.rtsp_send(bytes));
                    if flushed == super::outbox::Flushed::Blocked {
                        self.outbox_retry = Some(now + crate::limits::RTSP_RETRY);
                    }
                }
                Output::Event(event) => {
                    self.follow_event(&event, now);
                    self.event(event, now, shell);
                }
                Output::Idle { .. } => return self.tell(false, now, shell),
            }
            self.tell(false, now, shell);
        }
    }

    fn event(&mut self, event: Event, now: Instant, shell: &mut impl Shell) {
        match event {
            Event::Negotiated { monitor, reduced } => self.negotiated(monitor, reduced, shell),
            // The trace has it; the next offer is out already.
            Event::OfferReduced { .. } => {}
            Event::ModesCut { failed } => self.modes_cut(failed, shell),
            Event::Encode(request) => self.open_stream(&request, now, shell),
            Event::StopPictures => {
                self.close_stream(now, shell);
                self.stop_audio(shell);
            }
            Event::ModeNotOffered { sequence } => {
                self.mode_failed(sequence, NtStatus::NOT_SUPPORTED, shell);
            }
            Event::Transport { rtp, rtcp } => self.connect_media(rtp, rtcp, shell),
            Event::Audio(config) => self.change_audio(config, now, shell),
            Event::Mute(muted) => self.mute(muted, now, shell),
            Event::Play {
                marker,
                pts_lead,
                psi_version,
            } => self.play(marker, pts_lead, psi_version, now, shell),
            Event::Pause => {
                self.playing = false;
                self.stop_stream(shell);
                self.stop_audio(shell);
                self.streamer.handle(media::Input::Pause, now);
            }
            Event::Resume => {
                self.playing = true;
                self.streamer.handle(media::Input::Resume, now);
                self.start_stream(now, shell);
            }
            Event::IdrRequested => {
                shell.report_statistic(Statistic::IdrRequested);
                self.request_idr(shell);
            }
            Event::IdrDue => self.request_idr(shell),
            Event::Input { open } => self.input.open = open,
            Event::Monitor { connected } => self.monitor_changed(connected, now, shell),
            Event::Ended(reason) => self.ended(reason, now, shell),
        }
    }

    /// M3 is answered: Start may return. The monitor is reported by the worker (DDI-22).
    fn negotiated(&mut self, monitor: bool, reduced: bool, shell: &mut impl Shell) {
        self.arrival_due = monitor;
        // Without notices the rate stays what it is; that is no reason to fail.
        self.notices = shell.register_rates(true).is_success();
        self.started = Some(Ok(SessionInfo {
            monitor_connected: monitor,
            reduced,
        }));
    }

    /// The sink refused modes: Windows is told what is left of the list, and that the mode that it
    /// has set is not to be had. Before the first report the list goes with that.
    fn modes_cut(&mut self, failed: Option<u32>, shell: &mut impl Shell) {
        if !self.arrival_due {
            self.report_monitor(shell);
        }
        if let Some(sequence) = failed {
            self.mode_failed(sequence, NtStatus::NOT_SUPPORTED, shell);
        }
    }

    fn connect_media(&mut self, rtp: u16, rtcp: Option<u16>, shell: &mut impl Shell) {
        let Some(info) = self.info else { return };
        self.reports.wanted = rtcp.is_some();
        // Connecting drops old datagrams, and with them the signal of whoever shares their event.
        self.more_auxiliary = true;
        if let Err(status) = shell.media_connect(info.sink, rtp, rtcp) {
            self.abort = Some(Reason::System(status.0));
        }
    }

    /// M11 (DDI-24, DDI-36: here the monitor is known to be gone).
    fn monitor_changed(&mut self, connected: bool, now: Instant, shell: &mut impl Shell) {
        if connected {
            return self.report_monitor(shell);
        }
        self.arrival_due = false;
        self.close_stream(now, shell);
        self.stop_audio(shell);
        match self.miniport.monitor_depart(shell) {
            Ok(()) => shell.report_statistic(Statistic::MonitorDeparted),
            Err(status) => self.abort = Some(Reason::Miniport(status.0)),
        }
    }

    pub(super) fn report_monitor(&mut self, shell: &mut impl Shell) {
        self.arrival_due = false;
        let Some(monitor) = self.session.monitor() else {
            return;
        };
        match self.miniport.monitor_arrive(shell, &monitor) {
            Ok(()) => shell.report_statistic(Statistic::MonitorArrived),
            Err(status) => self.abort = Some(Reason::Miniport(status.0)),
        }
    }

    fn ended(&mut self, reason: Reason, now: Instant, shell: &mut impl Shell) {
        self.playing = false;
        self.reports.due = None;
        self.input.open = false;
        self.arrival_due = false;
        self.abort = None;
        if reason == Reason::Stopped {
            return;
        }
        // On the worker's thread, and not within Stop: the miniport can still be called.
        self.end_media(now, shell);
        let (told, cause) = status::of(reason);
        // Until Start has its result, the end is that result: there is nothing to report about a
        // session that never was.
        if self.returned {
            shell.report_status(told, cause);
        } else {
            self.started = Some(Err(cause));
        }
    }

    pub(super) fn drop_notices(&mut self, shell: &mut impl Shell) {
        if core::mem::take(&mut self.notices) {
            shell.register_rates(false);
        }
    }

    /// Takes every notice of other threads.
    pub(super) fn read_inbox(&mut self, now: Instant, shell: &mut impl Shell) {
        // The inbox is bounded, and refilled only by a few messages a second.
        for _ in 0..=crate::limits::INBOX_MAX {
            let Some(notice) = shell.next_notice() else {
                return;
            };
            self.notice(notice, now, shell);
            self.settle(now, shell);
        }
    }

    fn notice(&mut self, notice: Notice, now: Instant, shell: &mut impl Shell) {
        match notice {
            Notice::ModeSet(set) => {
                let set = miniport::mode_set(&set);
                self.session.handle(Input::ModeSet(&set), now);
            }
            Notice::MonitorPower(power) => {
                let on = power.state == PowerState::ON;
                self.session.handle(Input::MonitorPower(on), now);
            }
            // We cannot protect: the picture stops, the refusal has been sent.
            Notice::Protection(protection) => {
                let protected = protection.level != 0;
                self.session.handle(Input::Protected(protected), now);
            }
            Notice::DeviceLost(lost) => self.abort = Some(Reason::DeviceLost(lost.status.0)),
            Notice::Rate(Some(recommended)) => self.recommend(recommended, now, shell),
            Notice::Rate(None) => {}
        }
    }
}
