//! Input of the sink's user: the core's words to the contract's.

use miracast_core::uibc::{Axis, HidMessage, Message, Pointers, Report, Resolution, Stroke, Touch};
use miracast_kmd_iface::escape::{
    InputFlags, InputHid, InputKind, InputPointer, InputPointers, InputReport, ScrollUnit,
};

/// A report in the contract's words. `None` if it has more pointers or more bytes than a report holds.
pub fn input_report(
    report: &Report<'_>,
    timestamp: Option<u16>,
    size: Resolution,
) -> Option<InputReport> {
    let mut out = InputReport::new(kind(report), size.width, size.height);
    if let Some(timestamp) = timestamp {
        out.flags = InputFlags::TIMESTAMP;
        out.timestamp = timestamp;
    }
    match report {
        Report::Generic(message) => generic(message, &mut out)?,
        Report::Hid(message) => {
            out.hid_path = message.path;
            out.hid_device = message.device;
            out.hid = InputHid::from_slice(message.value).ok()?;
        }
    }
    Some(out)
}

const fn kind(report: &Report<'_>) -> InputKind {
    match report {
        Report::Generic(message) => match message {
            Message::Pointers { touch, .. } => match touch {
                Touch::Down => InputKind::POINTER_DOWN,
                Touch::Up => InputKind::POINTER_UP,
                Touch::Move => InputKind::POINTER_MOVE,
            },
            Message::Keys { stroke, .. } => match stroke {
                Stroke::Down => InputKind::KEY_DOWN,
                Stroke::Up => InputKind::KEY_UP,
            },
            Message::Zoom { .. } => InputKind::ZOOM,
            Message::Scroll { axis, .. } => match axis {
                Axis::Vertical => InputKind::SCROLL_VERTICAL,
                Axis::Horizontal => InputKind::SCROLL_HORIZONTAL,
            },
            Message::Rotate(_) => InputKind::ROTATE,
        },
        Report::Hid(HidMessage { is_descriptor, .. }) => {
            if *is_descriptor {
                InputKind::HID_DESCRIPTOR
            } else {
                InputKind::HID_REPORT
            }
        }
    }
}

fn generic(message: &Message<'_>, out: &mut InputReport) -> Option<()> {
    match *message {
        Message::Pointers { pointers, .. } => out.pointers = list(&pointers)?,
        Message::Keys { first, second, .. } => {
            out.first_key = first.0;
            out.second_key = second.map_or(0, |key| key.0);
        }
        Message::Zoom { x, y, factor } => (out.x, out.y, out.factor) = (x, y, factor),
        Message::Scroll { unit, amount, .. } => {
            out.unit = ScrollUnit(unit.0);
            out.amount = amount;
        }
        Message::Rotate(angle) => out.amount = angle,
    }
    Some(())
}

fn list(pointers: &Pointers<'_>) -> Option<InputPointers> {
    let mut list = InputPointers::new();
    for pointer in pointers.iter() {
        let (x, y, id) = (pointer.x, pointer.y, pointer.id);
        list.push(InputPointer { x, y, id }).ok()?;
    }
    Some(list)
}
