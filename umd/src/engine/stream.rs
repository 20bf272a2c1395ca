//! The encoder stream: opening, starting, stopping and closing it by escapes.

use core::time::Duration;

use miracast_core::media::{self, StreamConfig};
use miracast_core::rate::Signal;
use miracast_core::session::{Phase, Reason, StreamRequest};
use miracast_core::time::Instant;
use miracast_core::wfd::coded::Coded;
use miracast_core::wfd::modes::{self, Mode, ModeId};
use miracast_kmd_iface::escape::StreamOpened;
use miracast_kmd_iface::ring::Consumer;
use miracast_kmd_iface::{Field, NtStatus};

use super::Engine;
use super::hearing::Hearing;
use super::pictures::Stream;
use super::shell::Shell;
use crate::miniport::Refused;

/// What the miniport's encoder was asked for since the session began, as far as it can be told twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EncoderCounters {
    /// IDR pictures, for whatever reason.
    pub idr_requests: u64,
    /// Other rates.
    pub rates_set: u64,
}

impl Engine<'_> {
    /// Opens the stream for a mode, in place of the present one.
    pub(super) fn open_stream(
        &mut self,
        request: &StreamRequest,
        now: Instant,
        shell: &mut impl Shell,
    ) {
        self.close_stream(now, shell);
        let Some(rate) = self.rate_for(request) else {
            return;
        };
        let opened_with = rate.current();
        let opened = self
            .miniport
            .stream_open(shell, request, opened_with.bit_rate)
            .and_then(|opened| self.map_ring(&opened, shell));
        match opened {
            Ok((id, ring)) => {
                self.give_number(id, now, shell);
                self.rate = Some(rate);
                self.pictures.stream = Some(Stream {
                    id,
                    ring,
                    request: *request,
                    opened_with,
                    started: false,
                    hearing: Hearing::at(now),
                });
                self.start_stream(now, shell);
            }
            // Windows has set another mode meanwhile: its MODE_SET is in the inbox, or will be.
            Err(refused) if refused.field == Field::SEQUENCE => self.stream_overtaken = true,
            Err(refused) => {
                self.mode_failed(request.sequence, refused.status, shell);
                self.abort = Some(Reason::Miniport(refused.status.0));
            }
        }
    }

    fn map_ring(
        &mut self,
        opened: &StreamOpened,
        shell: &mut impl Shell,
    ) -> Result<(u32, Consumer), Refused> {
        if let Ok(ring) = shell.map_ring(opened) {
            return Ok((opened.stream, ring));
        }
        // The stream exists although its ring cannot be used.
        let _ = self.miniport.stream_close(shell, opened.stream);
        Err(NtStatus::INVALID_PARAMETER.into())
    }

    /// Starts the open stream, and the sound beside it, if the session plays.
    pub(super) fn start_stream(&mut self, now: Instant, shell: &mut impl Shell) {
        let Some(stream) = &mut self.pictures.stream else {
            return;
        };
        if !self.playing || stream.started {
            return;
        }
        stream.started = true;
        stream.hearing = Hearing::at(now);
        let coded = stream.request.candidate.coded;
        let coding = media::Input::Coding(coded.coding(), described(coded));
        self.streamer.handle(coding, now);
        self.clock_is_old = true;
        match self.miniport.stream_start(shell, stream.id) {
            Ok(started) => {
                // None at all is said too: those of an older stream must not stay.
                let sets = started.parameter_sets.as_slice();
                self.streamer.handle(media::Input::ParameterSets(sets), now);
                self.repeat_rate(shell);
                // What Windows recommended since the stream was opened: until now nobody acted on it.
                self.adapt(Signal::Recommended(self.recommended), now, shell);
                self.start_audio(now, shell);
            }
            Err(status) => {
                let sequence = stream.request.sequence;
                self.mode_failed(sequence, status, shell);
                self.abort = Some(Reason::Miniport(status.0));
            }
        }
    }

    /// Stops the encoder; the stream stays open.
    pub(super) fn stop_stream(&mut self, shell: &mut impl Shell) {
        let Some(stream) = &mut self.pictures.stream else {
            return;
        };
        if core::mem::take(&mut stream.started) {
            // A stop that is refused leaves chunks that nobody wants; they are dropped.
            let _ = self.miniport.stream_stop(shell, stream.id);
            self.pictures.interrupt();
            if let Some(rate) = &mut self.rate {
                rate.stop();
            }
        }
    }

    /// Closes the stream. Its ring is not touched any more from the moment that the request is out. What
    /// of the pictures has come by then leaves before, at once: a picture whose rest is spread over time
    /// would be cut. Nothing leaves if the session is over, or if an encoder was started in this turn:
    /// the clock is old then, and of that encoder nothing has come.
    pub(super) fn close_stream(&mut self, now: Instant, shell: &mut impl Shell) {
        self.stop_stream(shell);
        if self.pictures.stream.is_some() && !self.clock_is_old {
            self.streamer.handle(media::Input::Hurry, now);
            self.pump(usize::MAX, now, shell);
        }
        self.pictures.forget(shell);
        if let Some(stream) = self.pictures.stream.take() {
            self.streamer.handle(media::Input::EncoderClosed, now);
            // The miniport unmaps the ring whatever it answers.
            let _ = self.miniport.stream_close(shell, stream.id);
        }
    }

    /// Closes all streams. What was not sent by now is reported.
    pub(super) fn end_media(&mut self, now: Instant, shell: &mut impl Shell) {
        self.close_stream(now, shell);
        self.close_audio(shell);
        self.streamer.handle(media::Input::Stop, now);
        let sound = &mut self.audio.sound;
        // There is nothing left to send, only to say of the chunk in hand that it was not sent.
        let _ = self
            .pictures
            .pump(&mut self.streamer, sound, usize::MAX, now, shell);
    }

    pub(super) fn mode_failed(&mut self, sequence: u32, status: NtStatus, shell: &mut impl Shell) {
        // The session's own end tells the rest; a miniport that refuses to hear of a failure has
        // no other use for it.
        let _ = self.miniport.mode_failed(shell, sequence, status);
    }

    pub(super) fn request_idr(&mut self, shell: &mut impl Shell) {
        let Some(stream) = &self.pictures.stream else {
            return;
        };
        if !stream.started {
            return;
        }
        self.encoder_counters.idr_requests += 1;
        if let Err(status) = self.miniport.request_idr(shell, stream.id) {
            self.abort = Some(Reason::Miniport(status.0));
        }
    }

    /// M7: media begins.
    pub(super) fn play(
        &mut self,
        marker: bool,
        pts_lead: Duration,
        psi_version: u8,
        now: Instant,
        shell: &mut impl Shell,
    ) {
        let Some(info) = self.info else { return };
        let Some(candidate) = self.session.agreed() else {
            return;
        };
        self.playing = true;
        let coded = candidate.coded;
        let coding = media::Input::Coding(coded.coding(), described(coded));
        self.streamer.handle(coding, now);
        let [profile_idc, constraint_flags, level_idc] = described(coded);
        let config = StreamConfig {
            profile_idc,
            constraint_flags,
            level_idc,
            marker,
            psi_version,
            ssrc: info.ssrc(),
            first_sequence: info.first_sequence(),
            pts_lead,
            pace: self.pace_window(candidate.mode, shell),
        };
        self.streamer.handle(media::Input::Start(&config), now);
        self.begin_reports(now);
        self.start_stream(now, shell);
    }

    /// Over how long an IDR picture is spread: the share of the frame interval that the settings have.
    /// Not at all with a timer that would be late by more than the steps are long.
    fn pace_window(&self, mode: ModeId, shell: &mut impl Shell) -> Duration {
        let rate = modes::mode(mode).map_or(0, Mode::frames_per_second);
        if rate == 0 || !shell.wakes_precisely() {
            return Duration::ZERO;
        }
        Duration::from_secs(1) / u32::from(rate) * self.settings.pace_share / 100
    }

    /// Records were lost, here or in Windows: nothing before the next IDR picture is of use.
    pub(super) fn chunks_lost(&mut self, now: Instant, shell: &mut impl Shell) {
        self.pictures.lost(&mut self.audio.sound, shell);
        self.streamer.handle(media::Input::ChunksLost, now);
    }

    /// Gives up what a miniport has handed over without a word.
    pub(super) fn miss_records(&mut self, now: Instant, shell: &mut impl Shell) {
        if self.pictures.miss_records(now) {
            self.chunks_lost(now, shell);
        }
        self.pictures.miss_sound(&mut self.audio.sound, now);
    }

    /// Packs and sends what there is, up to `batches`.
    pub(super) fn pump(&mut self, batches: usize, now: Instant, shell: &mut impl Shell) {
        if self.session.phase() == Phase::Closed {
            return;
        }
        let sound = &mut self.audio.sound;
        let pumped = self
            .pictures
            .pump(&mut self.streamer, sound, batches, now, shell);
        self.adapt_to_turn(now, shell);
        if pumped.need_idr {
            self.request_idr(shell);
        }
        if pumped.bad_sound {
            self.lose_audio(now, shell);
        }
        if pumped.bad_span {
            self.abort = Some(Reason::Miniport(NtStatus::INVALID_PARAMETER.0));
        }
    }
}

/// What the PMT says of the pictures until their parameter sets are known.
const fn described(coded: Coded) -> [u8; 3] {
    [
        coded.profile_idc(),
        coded.constraint_flags(),
        coded.level_idc(),
    ]
}
