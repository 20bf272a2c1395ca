//! What the driver made the miniport do, in a form that keeps no stream alive.

use miracast_kmd_iface::escape::{AudioOpen, InputReport};
use miracast_kmd_iface::timing::DisplayMode;
use miracast_kmd_iface::{NtStatus, Refusal};
use miracast_miniport::encoder::Settings;
use miracast_miniport::peer::Event;

/// One effect of an escape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// HELLO.
    Greeted,
    /// MONITOR_ARRIVE.
    MonitorArrived {
        /// Bytes of EDID.
        edid_bytes: usize,
        /// The modes, best first.
        modes: Vec<DisplayMode>,
    },
    /// MONITOR_DEPART.
    MonitorDeparted,
    /// STREAM_OPEN.
    StreamOpened(Settings),
    /// STREAM_START.
    StreamStarted,
    /// STREAM_STOP.
    StreamStopped,
    /// STREAM_CLOSE.
    StreamClosed,
    /// REQUEST_IDR.
    IdrRequested,
    /// SET_RATE, in bit/s.
    RateChanged(u64),
    /// MODE_FAILED.
    ModeFailed(NtStatus),
    /// AUDIO_OPEN.
    AudioOpened(AudioOpen),
    /// AUDIO_START.
    AudioStarted,
    /// AUDIO_STOP.
    AudioStopped,
    /// AUDIO_CLOSE.
    AudioClosed,
    /// INPUT_REPORT.
    Input(Box<InputReport>),
    /// The miniport refused a request.
    Refused(Refusal),
}

/// A deed and when it was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Units of 100 ns of the performance counter.
    pub at: u64,
    /// What was done.
    pub deed: Deed,
}

impl From<Event> for Deed {
    fn from(event: Event) -> Self {
        match event {
            Event::Greeted => Self::Greeted,
            Event::MonitorArrived { edid, modes, .. } => Self::MonitorArrived {
                edid_bytes: edid.len(),
                modes,
            },
            Event::MonitorDeparted => Self::MonitorDeparted,
            Event::StreamOpened(stream) => Self::StreamOpened(*stream.settings()),
            Event::StreamStarted(_) => Self::StreamStarted,
            Event::StreamStopped => Self::StreamStopped,
            Event::StreamClosed => Self::StreamClosed,
            Event::IdrRequested => Self::IdrRequested,
            Event::RateChanged(bit_rate) => Self::RateChanged(bit_rate),
            Event::ModeFailed(status) => Self::ModeFailed(status),
            Event::AudioOpened(sound) => Self::AudioOpened(*sound.settings()),
            Event::AudioStarted(_) => Self::AudioStarted,
            Event::AudioStopped => Self::AudioStopped,
            Event::AudioClosed => Self::AudioClosed,
            Event::Input(report) => Self::Input(report),
            Event::Refused(refusal) => Self::Refused(refusal),
        }
    }
}

impl core::fmt::Display for Deed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Greeted => f.write_str("the driver greets the miniport"),
            Self::MonitorArrived { modes, edid_bytes } => {
                write!(
                    f,
                    "monitor with {} modes, EDID of {edid_bytes} bytes",
                    modes.len()
                )
            }
            Self::MonitorDeparted => f.write_str("the monitor is gone"),
            Self::StreamOpened(settings) => write!(
                f,
                "encoder opened: {}x{}, {:.3} pictures/s, slices: {}, {} kbit/s",
                settings.width,
                settings.height,
                settings.rate(),
                settings.slice_count(),
                settings.bit_rate / 1000
            ),
            Self::StreamStarted => f.write_str("encoder started"),
            Self::StreamStopped => f.write_str("encoder stopped"),
            Self::StreamClosed => f.write_str("encoder closed"),
            Self::IdrRequested => f.write_str("IDR picture requested"),
            Self::RateChanged(rate) => write!(f, "bit rate set to {} kbit/s", rate / 1000),
            Self::ModeFailed(status) => write!(f, "the mode cannot be sent: {status}"),
            Self::AudioOpened(open) => write!(
                f,
                "audio opened: {}, {} channels, {} Hz",
                open.codec, open.channels, open.sample_rate
            ),
            Self::AudioStarted => f.write_str("audio started"),
            Self::AudioStopped => f.write_str("audio stopped"),
            Self::AudioClosed => f.write_str("audio closed"),
            Self::Input(report) => write!(f, "input of the sink's user: {}", report.kind),
            Self::Refused(refusal) => write!(f, "the miniport refused: {refusal:?}"),
        }
    }
}
