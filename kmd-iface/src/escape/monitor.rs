//! The sink's monitor: arrival, departure, and a mode that could not be sent.

use crate::NtStatus;
use crate::codec::{Body, Nothing, Request};
use crate::field::{Field, Malformed, require};
use crate::layout::wire_struct;
use crate::list::List;
use crate::opcode::Opcode;
use crate::open_enum::open_enum;
use crate::timing::DisplayMode;

/// Most bytes of an EDID: four blocks of 128.
pub const EDID_MAX: usize = 512;

/// Most modes of a list: the three tables of WFD R1 have 58.
pub const MODES_MAX: usize = 64;

/// An EDID; empty if the sink gave none that is valid.
pub type Edid = List<u8, EDID_MAX, { Field::EDID.0 }>;

/// The modes that sink, encoder and link allow, best first.
pub type ModeList = List<DisplayMode, MODES_MAX, { Field::MODES.0 }>;

open_enum! {
    /// The connector between the sink and its monitor: the code of `wfd_connector_type`
    /// (S2.1 §6.1.19). The codes from 0 to 12 but 7 are those of
    /// D3DKMDT_VIDEO_OUTPUT_TECHNOLOGY too.
    pub struct Connector(u32) {
        /// VGA.
        VGA = 0,
        /// S-Video.
        S_VIDEO = 1,
        /// Composite video.
        COMPOSITE = 2,
        /// Component video.
        COMPONENT = 3,
        /// DVI.
        DVI = 4,
        /// HDMI.
        HDMI = 5,
        /// Wi-Fi Display: the sink is built into the display. D3DKMDT_VOT_MIRACAST (DDI-74).
        WIFI_DISPLAY = 7,
        /// Japanese D connector.
        D_JPN = 8,
        /// SDI.
        SDI = 9,
        /// DisplayPort.
        DISPLAY_PORT = 10,
        /// UDI.
        UDI = 12,
        /// Another physical connector.
        OTHER = 255,
        /// The sink did not say. The miniport reports D3DKMDT_VOT_MIRACAST.
        UNSPECIFIED = 0xFFFF_FFFF,
    }
}

wire_struct! {
    /// MONITOR_ARRIVE: the sink has a monitor. A second one replaces the first.
    ///
    /// | Offset in the body | Field |
    /// |---|---|
    /// | 0 | connector, u32 |
    /// | 4 | bytes of EDID, u32; 8: 512 places of one byte |
    /// | 520 | number of modes, u32; 524: 64 places of 16 bytes |
    pub struct MonitorArrive: 1548 {
        /// How the monitor is connected to the sink; up to 255, or unspecified.
        connector: Connector = 0,
        /// The monitor's EDID in whole blocks of 128 bytes. Empty: the miniport makes one (DDI-89).
        edid: Edid = 4,
        /// The modes that can be sent, best first; at least one.
        modes: ModeList = 520,
    }
}

impl Body for MonitorArrive {
    fn check(&self) -> Result<(), Malformed> {
        let connector = self.connector;
        let has_meaning = connector.0 <= 0xFF || connector == Connector::UNSPECIFIED;
        require(has_meaning, Field::CONNECTOR)?;
        let whole_blocks = self.edid.as_slice().len().is_multiple_of(128);
        require(whole_blocks, Field::EDID)?;
        require(!self.modes.as_slice().is_empty(), Field::MODES)?;
        self.modes
            .as_slice()
            .iter()
            .try_for_each(DisplayMode::check)
    }
}

impl Request for MonitorArrive {
    const OPCODE: Opcode = Opcode::MONITOR_ARRIVE;
    type Reply = Nothing;
}

wire_struct! {
    /// MONITOR_DEPART: the monitor is gone.
    #[derive(Copy)]
    pub struct MonitorDepart: 0 {}
}

impl Body for MonitorDepart {}

impl Request for MonitorDepart {
    const OPCODE: Opcode = Opcode::MONITOR_DEPART;
    type Reply = Nothing;
}

wire_struct! {
    /// MODE_FAILED: the mode of a MODE_SET cannot be sent. The other outcome is STREAM_OPEN.
    #[derive(Copy)]
    pub struct ModeFailed: 8 {
        /// [`ModeSet::sequence`](crate::message::ModeSet::sequence).
        mode_sequence: u32 = 0,
        /// Why: an error.
        status: NtStatus = 4,
    }
}

impl Body for ModeFailed {
    fn check(&self) -> Result<(), Malformed> {
        require(!self.status.is_success(), Field::STATUS)
    }
}

impl Request for ModeFailed {
    const OPCODE: Opcode = Opcode::MODE_FAILED;
    type Reply = Nothing;
}
