//! The rate of the encoder stream: what is known of the link goes to the rate control, what that
//! decides goes to the miniport.

use miracast_core::rate::{Bounds, Decision, Rate, RateControl, Signal, picture_divider_max};
use miracast_core::session::{Reason, StreamRequest};
use miracast_core::time::Instant;
use miracast_core::wfd::modes;

use super::{Engine, Shell};

impl Engine<'_> {
    /// The rate control for the stream that is asked for: the encoder, the level and the sink bound it.
    pub(super) fn rate_for(&self, request: &StreamRequest) -> Option<RateControl> {
        let encoder = self.encoder?;
        let candidate = request.candidate;
        let level = candidate.coded.max_bit_rate();
        let sink = self.session.sink().max_bit_rate.unwrap_or(u64::MAX);
        let most = encoder.bit_rate_with(candidate.coded.coding());
        let pictures = modes::mode(candidate.mode).map_or(0, modes::Mode::frames_per_second);
        let bounds = Bounds {
            floor: candidate.bit_rate_floor,
            ceiling: most.min(level).min(sink),
            divider_max: picture_divider_max(pictures.into(), candidate.frame_rate_control),
        };
        Some(RateControl::new(
            self.recommended,
            self.audio.bit_rate,
            bounds,
        ))
    }

    /// Takes a recommendation of Windows, in bit/s; 0 is none.
    pub(super) fn recommend(&mut self, recommended: u64, now: Instant, shell: &mut impl Shell) {
        if recommended != 0 {
            self.recommended = recommended;
        }
        self.adapt(Signal::Recommended(recommended), now, shell);
    }

    /// The sound takes its part of the recommendation: LPCM what it has by nature, coded sound what its
    /// encoder said when it started, in bit/s.
    pub(super) fn sound_takes(&mut self, coded: u32, now: Instant, shell: &mut impl Shell) {
        let agreed = self.audio.agreed.as_ref();
        let rate = agreed.map_or(0, |agreed| {
            let of_format = agreed.format.bit_rate();
            of_format.unwrap_or(coded.into())
        });
        self.audio.bit_rate = rate;
        self.adapt(Signal::Sound(rate), now, shell);
    }

    /// When the rate may rise by itself.
    pub(super) fn rate_wake(&self) -> Option<Instant> {
        self.rate.as_ref().filter(|_| self.streams())?.wake()
    }

    /// Tells the rate control what became of this turn.
    pub(super) fn adapt_to_turn(&mut self, now: Instant, shell: &mut impl Shell) {
        let backlog = self.pictures.backlog(self.streamer.counters());
        let signal = backlog.map_or(Signal::Drained, Signal::Backlog);
        self.adapt(signal, now, shell);
        if self.rate_wake().is_some_and(|wake| wake <= now) {
            self.adapt(Signal::Time, now, shell);
        }
    }

    /// Takes one signal. A rate is too low or too high only for a stream that is sent.
    pub(super) fn adapt(&mut self, signal: Signal<'_>, now: Instant, shell: &mut impl Shell) {
        let streams = self.streams();
        let Some(control) = self.rate.as_mut().filter(|_| streams) else {
            return;
        };
        let divider = control.current().divider;
        match control.handle(signal, now) {
            Decision::Keep => {}
            Decision::Set(rate) => self.set_rate(rate, rate.divider != divider, shell),
            Decision::GiveUp => self.abort = Some(Reason::LinkTooSlow),
        }
    }

    fn streams(&self) -> bool {
        let stream = self.pictures.stream.as_ref();
        stream.is_some_and(|stream| stream.started)
    }

    /// A stream that is started again has the rate that was set last. A miniport that took STREAM_START
    /// for a new beginning would make what STREAM_OPEN said, and nothing here would change that: it is
    /// said again.
    pub(super) fn repeat_rate(&mut self, shell: &mut impl Shell) {
        let opened_with = self
            .pictures
            .stream
            .as_ref()
            .map(|stream| stream.opened_with);
        let current = self.rate.as_ref().map(RateControl::current);
        if let Some(rate) = current.filter(|_| current != opened_with) {
            self.set_rate(rate, true, shell);
        }
    }

    fn set_rate(&mut self, rate: Rate, other_pictures: bool, shell: &mut impl Shell) {
        let Some(stream) = &self.pictures.stream else {
            return;
        };
        let mut pictures = stream.request.rate;
        pictures.denominator = pictures.denominator.saturating_mul(rate.divider);
        let pictures = other_pictures.then_some(pictures);
        let id = stream.id;
        self.encoder_counters.rates_set += 1;
        if let Err(status) = self.miniport.set_rate(shell, id, rate.bit_rate, pictures) {
            self.abort = Some(Reason::Miniport(status.0));
        }
    }
}
