//! What the sink's user does, for the miniport to hand to Windows.

use crate::codec::{Body, Nothing, Request};
use crate::field::{Field, Malformed, require};
use crate::layout::{wire_flags, wire_struct};
use crate::list::List;
use crate::opcode::Opcode;
use crate::open_enum::open_enum;

/// Most pointers of one report: more fingers than three people have.
pub const INPUT_POINTERS_MAX: usize = 32;

/// Most bytes of a HID report or of a report descriptor. The longest descriptor seen from a sink has
/// some 200.
pub const INPUT_HID_MAX: usize = 1024;

/// Furthest that one report scrolls: 13 bits (S2.1 §4.11.3.1).
pub const INPUT_SCROLL_MAX: u16 = 0x1FFF;

/// The pointers of a report.
pub type InputPointers = List<InputPointer, INPUT_POINTERS_MAX, { Field::POINTERS.0 }>;

/// A HID report, or the descriptor of the reports.
pub type InputHid = List<u8, INPUT_HID_MAX, { Field::HID.0 }>;

open_enum! {
    /// What a report is about. It says which members mean something.
    pub struct InputKind(u16) {
        /// Left button or fingers down: pointers.
        POINTER_DOWN = 1,
        /// Left button or fingers up: pointers.
        POINTER_UP = 2,
        /// Mouse or fingers moved: pointers.
        POINTER_MOVE = 3,
        /// One or two keys pressed, in the order of time: `first_key`, `second_key`.
        KEY_DOWN = 4,
        /// One or two keys released: `first_key`, `second_key`.
        KEY_UP = 5,
        /// Zoom around a point: x, y, factor.
        ZOOM = 6,
        /// Scroll: amount, positive is up; unit.
        SCROLL_VERTICAL = 7,
        /// Scroll: amount, positive is left; unit.
        SCROLL_HORIZONTAL = 8,
        /// Rotate: amount in units of 1/256 radian, positive is counterclockwise.
        ROTATE = 9,
        /// An input report of a HID device: `hid_path`, `hid_device`, hid.
        HID_REPORT = 10,
        /// The report descriptor of a HID device, before its first report: `hid_path`,
        /// `hid_device`, hid. Until it has come the boot protocol of USB HID 1.11 holds.
        HID_DESCRIPTOR = 11,
    }
}

wire_flags! {
    /// What else a report has.
    pub struct InputFlags: u16 {
        /// The sink said which picture its user saw: timestamp.
        const TIMESTAMP = 1 << 0;
    }
}

open_enum! {
    /// What scrolling counts in.
    pub struct ScrollUnit(u8) {
        /// Pixels of the source's display.
        PIXEL = 0,
        /// Notches of a mouse wheel.
        NOTCH = 1,
    }
}

wire_struct! {
    /// One pointer.
    #[derive(Copy, Default)]
    pub struct InputPointer: 6 {
        /// Column, from the left of the picture; less than the width.
        x: u16 = 0,
        /// Line, from the top of the picture; less than the height.
        y: u16 = 2,
        /// Which finger; 0 for a mouse.
        id: u8 = 4,
    }
}

wire_struct! {
    /// INPUT_REPORT: the sink's user has done something. Only with
    /// [`Features::INPUT`](super::Features::INPUT) on both sides.
    ///
    /// The bytes come from the sink; the driver has checked them against the rules here and no
    /// further: a key code or a HID descriptor may be anything. Members that do not belong to the
    /// kind are 0, and no rule of theirs is checked; but no list has more than its places.
    ///
    /// | Offset in the body | Field |
    /// |---|---|
    /// | 0, 2 | kind, flags, u16 |
    /// | 4 | time stamp, u16 |
    /// | 6, 8 | width, height, u16 |
    /// | 10, 12 | x, y, u16 |
    /// | 14 | factor, u16 |
    /// | 16 | amount, i16 |
    /// | 18, 19, 20 | unit, HID path, HID device, u8; 21 is reserved |
    /// | 22, 24 | keys, u16; 26 is reserved |
    /// | 28 | number of pointers, u32; 32: 32 places of 6 bytes |
    /// | 224 | bytes of HID, u32; 228: 1024 places of one byte |
    pub struct InputReport: 1252 {
        /// What the report is about; one that has a name.
        kind: InputKind = 0,
        /// [`InputFlags::TIMESTAMP`] or nothing.
        flags: InputFlags = 2,
        /// The low 16 bits of the RTP time stamp, in units of 1/90000 s, of the picture that the
        /// user saw.
        timestamp: u16 = 4,
        /// Pixels a line of the stream that coordinates count in; not 0.
        width: u16 = 6,
        /// Lines of that stream's picture; not 0.
        height: u16 = 8,
        /// Column of the point; less than the width.
        x: u16 = 10,
        /// Line of the point; less than the height.
        y: u16 = 12,
        /// Zoom in units of 1/256; not 0.
        factor: u16 = 14,
        /// How far; when scrolling from -8191 to 8191.
        amount: i16 = 16,
        /// What scrolling counts in.
        unit: ScrollUnit = 18,
        /// How the HID device is attached: 0 infrared, 1 USB, 2 Bluetooth, 3 Zigbee, 4 Wi-Fi,
        /// 255 vendor (S2.1 §4.11.3.2).
        hid_path: u8 = 19,
        /// What the HID device is: 0 keyboard, 1 mouse, 2 single touch, 3 multi touch, 4 joystick,
        /// 5 camera, 6 gesture, 7 remote control, 255 vendor.
        hid_device: u8 = 20,
        /// Code of the first key, not 0: ASCII or ISO 8859-1 in the low byte.
        first_key: u16 = 22,
        /// Code of the second key; 0: there is none.
        second_key: u16 = 24,
        /// The pointers; at least one.
        pointers: InputPointers = 28,
        /// The HID report or the descriptor, at least one byte.
        hid: InputHid = 224,
    }
}

impl InputReport {
    /// A report of this kind for a stream of this size, with nothing in it yet.
    pub fn new(kind: InputKind, width: u16, height: u16) -> Self {
        Self {
            kind,
            flags: InputFlags::empty(),
            timestamp: 0,
            width,
            height,
            x: 0,
            y: 0,
            factor: 0,
            amount: 0,
            unit: ScrollUnit::PIXEL,
            hid_path: 0,
            hid_device: 0,
            first_key: 0,
            second_key: 0,
            pointers: InputPointers::new(),
            hid: InputHid::new(),
        }
    }

    fn check_pointers(&self) -> Result<(), Malformed> {
        let pointers = self.pointers.as_slice();
        let inside = |pointer: &InputPointer| pointer.x < self.width && pointer.y < self.height;
        let good = !pointers.is_empty() && pointers.iter().all(inside);
        require(good, Field::POINTERS)
    }

    fn check_zoom(&self) -> Result<(), Malformed> {
        require(self.x < self.width && self.y < self.height, Field::POINT)?;
        require(self.factor != 0, Field::FACTOR)
    }

    fn check_scroll(&self) -> Result<(), Malformed> {
        let near = self.amount.unsigned_abs() <= INPUT_SCROLL_MAX;
        require(near, Field::AMOUNT)?;
        require(self.unit.name().is_some(), Field::UNIT)
    }
}

impl Body for InputReport {
    fn check(&self) -> Result<(), Malformed> {
        require(self.kind.name().is_some(), Field::INPUT_KIND)?;
        require(self.flags.is_known(), Field::FLAGS)?;
        require(self.width != 0, Field::WIDTH)?;
        require(self.height != 0, Field::HEIGHT)?;
        match self.kind {
            InputKind::POINTER_DOWN | InputKind::POINTER_UP | InputKind::POINTER_MOVE => {
                self.check_pointers()
            }
            InputKind::KEY_DOWN | InputKind::KEY_UP => require(self.first_key != 0, Field::KEY),
            InputKind::ZOOM => self.check_zoom(),
            InputKind::SCROLL_VERTICAL | InputKind::SCROLL_HORIZONTAL => self.check_scroll(),
            InputKind::HID_REPORT | InputKind::HID_DESCRIPTOR => {
                require(!self.hid.as_slice().is_empty(), Field::HID)
            }
            // Any angle will do.
            _ => Ok(()),
        }
    }
}

impl Request for InputReport {
    const OPCODE: Opcode = Opcode::INPUT_REPORT;
    type Reply = Nothing;
}
