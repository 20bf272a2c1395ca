//! What the driver's requests led to, for the owner of the peer.

use std::sync::Arc;

use miracast_kmd_iface::escape::{Connector, InputReport};
use miracast_kmd_iface::timing::DisplayMode;
use miracast_kmd_iface::{NtStatus, Refusal};

use crate::sound::Sound;
use crate::stream::Stream;

/// What the driver's requests led to.
#[derive(Clone, Debug)]
pub enum Event {
    /// HELLO: the driver can be talked to.
    Greeted,
    /// MONITOR_ARRIVE: a monitor, or another in its place.
    MonitorArrived {
        /// How it is connected to the sink.
        connector: Connector,
        /// Its EDID; may be empty.
        edid: Vec<u8>,
        /// Its modes, best first.
        modes: Vec<DisplayMode>,
    },
    /// MONITOR_DEPART.
    MonitorDeparted,
    /// STREAM_OPEN.
    StreamOpened(Arc<Stream>),
    /// STREAM_START: pictures are wanted.
    StreamStarted(Arc<Stream>),
    /// STREAM_STOP, or a CLOSE or a lost device without one. Nothing is written any more.
    StreamStopped,
    /// STREAM_CLOSE: the ring is gone.
    StreamClosed,
    /// REQUEST_IDR.
    IdrRequested,
    /// SET_RATE: the new bit rate in bit/s.
    RateChanged(u64),
    /// MODE_FAILED: the mode that Windows set cannot be sent.
    ModeFailed(NtStatus),
    /// AUDIO_OPEN.
    AudioOpened(Arc<Sound>),
    /// AUDIO_START: samples are wanted.
    AudioStarted(Arc<Sound>),
    /// AUDIO_STOP, or a CLOSE or a lost device without one. Nothing is written any more.
    AudioStopped,
    /// AUDIO_CLOSE: the ring is gone.
    AudioClosed,
    /// INPUT_REPORT: what the sink's user did.
    Input(Box<InputReport>),
    /// A request was refused.
    Refused(Refusal),
}
