//! Messages of the miniport to the driver (`HandleKernelModeMessage`).
//!
//! The reply only says accepted ([`Nothing`]), or refused and which field is bad. What becomes of a
//! MODE_SET follows later as STREAM_OPEN or MODE_FAILED. Repeats are harmless.

use crate::NtStatus;
use crate::codec::{Body, Nothing, Request, request_set};
use crate::field::{Field, Malformed, require};
use crate::layout::wire_struct;
use crate::opcode::Opcode;
use crate::open_enum::open_enum;
use crate::timing::{ModeFlags, Refresh};

request_set! {
    /// A message as the driver receives it.
    pub enum Message {
        /// Windows has set a mode.
        ModeSet,
        /// The monitor's power.
        MonitorPower,
        /// Content protection is wanted.
        Protection,
        /// The device is lost.
        DeviceLost,
    }
}

wire_struct! {
    /// MODE_SET: Windows has set a mode on the Miracast target, or switched the path off.
    ///
    /// | Offset in the body | Field |
    /// |---|---|
    /// | 0 | sequence, u32 |
    /// | 4, 6 | width, height, u16 |
    /// | 8 | refresh numerator, denominator, u32 |
    /// | 16 | flags, u32 |
    /// | 20 | mode index, u16; 22 is reserved |
    /// | 24 | target id, u32 |
    #[derive(Copy)]
    pub struct ModeSet: 28 {
        /// Chosen by the miniport; STREAM_OPEN and MODE_FAILED name it.
        sequence: u32 = 0,
        /// Pixels a line; 0: the path is off, and the fields from here to the flags mean nothing.
        width: u16 = 4,
        /// Lines of a picture; not 0.
        height: u16 = 6,
        /// Refresh rate of the stream, after vSyncFreqDivider (DDI-86); at least 23.9 Hz.
        refresh: Refresh = 8,
        /// [`ModeFlags::INTERLACED`] or nothing.
        flags: ModeFlags = 16,
        /// Place in the list of the last MONITOR_ARRIVE, or [`ModeSet::NOT_FROM_LIST`].
        mode_index: u16 = 20,
        /// The target of the video present network.
        target_id: u32 = 24,
    }
}

impl ModeSet {
    /// The mode is not one of the list.
    pub const NOT_FROM_LIST: u16 = 0xFFFF;

    /// Whether the path is switched off.
    pub const fn is_off(&self) -> bool {
        self.width == 0
    }
}

impl Body for ModeSet {
    fn check(&self) -> Result<(), Malformed> {
        if self.is_off() {
            return Ok(());
        }
        require(self.height != 0, Field::HEIGHT)?;
        self.refresh.check()?;
        let flags_allowed = ModeFlags::INTERLACED.contains(self.flags);
        require(flags_allowed, Field::FLAGS)?;
        let index = usize::from(self.mode_index);
        let listed = index < crate::escape::MODES_MAX || self.mode_index == Self::NOT_FROM_LIST;
        require(listed, Field::MODE_INDEX)
    }
}

impl Request for ModeSet {
    const OPCODE: Opcode = Opcode::MODE_SET;
    type Reply = Nothing;
}

open_enum! {
    /// The power of the Miracast monitor.
    pub struct PowerState(u32) {
        /// Off: the sink may go to standby (DDI-33).
        OFF = 0,
        /// On.
        ON = 1,
    }
}

wire_struct! {
    /// MONITOR_POWER: Windows has switched the monitor on or off.
    #[derive(Copy)]
    pub struct MonitorPower: 4 {
        /// On or off.
        state: PowerState = 0,
    }
}

impl Body for MonitorPower {
    fn check(&self) -> Result<(), Malformed> {
        require(self.state.name().is_some(), Field::POWER)
    }
}

impl Request for MonitorPower {
    const OPCODE: Opcode = Opcode::MONITOR_POWER;
    type Reply = Nothing;
}

wire_struct! {
    /// PROTECTION: content that must be protected is about to be shown, or no longer.
    ///
    /// A driver without HDCP refuses a level that is not 0 with `STATUS_NOT_SUPPORTED`, and shows
    /// nothing until the level is 0 again.
    #[derive(Copy)]
    pub struct Protection: 4 {
        /// The level of HDCP that is wanted; 0 is none.
        level: u32 = 0,
    }
}

impl Body for Protection {}

impl Request for Protection {
    const OPCODE: Opcode = Opcode::PROTECTION;
    type Reply = Nothing;
}

wire_struct! {
    /// DEVICE_LOST: the GPU was reset or removed. The ring of the stream holds nothing any more.
    #[derive(Copy)]
    pub struct DeviceLost: 4 {
        /// Why: an error.
        status: NtStatus = 0,
    }
}

impl Body for DeviceLost {
    fn check(&self) -> Result<(), Malformed> {
        require(!self.status.is_success(), Field::STATUS)
    }
}

impl Request for DeviceLost {
    const OPCODE: Opcode = Opcode::DEVICE_LOST;
    type Reply = Nothing;
}
