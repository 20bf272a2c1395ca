//! STREAM_OPEN to STREAM_CLOSE, REQUEST_IDR and SET_RATE: what they do to the pictures.

use std::sync::Arc;

use miracast_kmd_iface::codec::Nothing;
use miracast_kmd_iface::escape::{
    ParameterSets, RequestIdr, SetRate, StreamClose, StreamOpen, StreamOpened, StreamStart,
    StreamStarted, StreamStop,
};
use miracast_kmd_iface::{Field, NtStatus};

use super::{Event, Peer, Refused, stream_open};
use crate::stream::Stream;

impl Peer {
    pub(super) fn stream_open(&mut self, open: &StreamOpen) -> Result<StreamOpened, Refused> {
        let mode = self
            .mode
            .filter(|mode| !mode.is_off())
            .ok_or(Refused::STATE)?;
        if self.stream.is_some() {
            return Err(Refused(NtStatus::RESOURCE_IN_USE, Field::NONE));
        }
        stream_open::check(open, &mode, &self.options, self.features)
            .map_err(|bad| Refused(bad.status(), bad.field))?;
        let stream = stream_open::open(open, &self.options, &self.source, self.last_stream + 1)?;
        self.last_stream = stream.id();
        let stream = Arc::new(stream);
        self.stream = Some(Arc::clone(&stream));
        let opened = self.opened(stream.id(), stream.ring(), self.options.misbehaviour.span);
        self.events.push_back(Event::StreamOpened(stream));
        Ok(opened)
    }

    pub(super) fn stream_start(&mut self, start: StreamStart) -> Result<StreamStarted, Refused> {
        let stream = self.named(start.stream)?;
        let parameter_sets = ParameterSets::from_slice(&stream.parameter_sets_apart())
            .map_err(|_| Refused(NtStatus::INVALID_BUFFER_SIZE, Field::PARAMETER_SETS))?;
        if !stream.is_running() {
            stream.start();
            self.events.push_back(Event::StreamStarted(stream));
        }
        Ok(StreamStarted { parameter_sets })
    }

    pub(super) fn stream_stop(&mut self, stop: StreamStop) -> Result<Nothing, Refused> {
        let stream = self.named(stop.stream)?;
        self.stop(&stream);
        Ok(Nothing::default())
    }

    pub(super) fn stream_close(&mut self, close: StreamClose) -> Result<Nothing, Refused> {
        if self.stream.is_none() && close.stream == self.closed_stream && close.stream != 0 {
            return Ok(Nothing::default());
        }
        let stream = self.named(close.stream)?;
        self.stop(&stream);
        self.closed_stream = stream.id();
        self.stream = None;
        self.events.push_back(Event::StreamClosed);
        Ok(Nothing::default())
    }

    pub(super) fn request_idr(&mut self, request: RequestIdr) -> Result<Nothing, Refused> {
        self.named(request.stream)?.request_idr();
        self.events.push_back(Event::IdrRequested);
        Ok(Nothing::default())
    }

    pub(super) fn set_rate(&mut self, rate: SetRate) -> Result<Nothing, Refused> {
        let stream = self.named(rate.stream)?;
        if rate.bit_rate > self.options.max_bit_rate(stream.settings().coding) {
            return Err(Refused(NtStatus::INVALID_PARAMETER, Field::BIT_RATE));
        }
        stream.set_rate(rate.bit_rate, rate.refresh);
        self.events.push_back(Event::RateChanged(rate.bit_rate));
        Ok(Nothing::default())
    }

    /// The open stream, if it has the number that the driver says.
    fn named(&self, number: u32) -> Result<Arc<Stream>, Refused> {
        let named = self.stream.as_ref().filter(|stream| stream.id() == number);
        named
            .cloned()
            .ok_or(Refused(NtStatus::INVALID_PARAMETER, Field::STREAM))
    }

    pub(super) fn stop(&mut self, stream: &Stream) {
        if stream.is_running() {
            stream.stop();
            self.events.push_back(Event::StreamStopped);
        }
    }
}
