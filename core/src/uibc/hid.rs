//! Messages of the human interface device command category (HIDC, S2.1 §4.11.3.2).

/// One message: a report of a device of the sink, or the descriptor of its reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HidMessage<'a> {
    /// How the device is attached: 0 infrared, 1 USB, 2 Bluetooth, 3 Zigbee, 4 Wi-Fi, 255 vendor.
    pub path: u8,
    /// What it is: 0 keyboard, 1 mouse, 2 single touch, 3 multi touch, 4 joystick, 5 camera,
    /// 6 gesture, 7 remote control, 255 vendor.
    pub device: u8,
    /// Whether `value` is the report descriptor and not a report.
    pub is_descriptor: bool,
    /// The report or the descriptor as USB HID 1.11 has it; not empty.
    pub value: &'a [u8],
}

/// Cuts one message off and reads it. The outer `None`: it is not whole; the inner one: a usage
/// that is reserved, or no value.
pub(super) fn cut(body: &[u8]) -> Option<(Option<HidMessage<'_>>, &[u8])> {
    let ([path, device, usage, high, low], rest) = body.split_first_chunk::<5>()?;
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    let (value, rest) = rest.split_at_checked(length)?;
    let message = HidMessage {
        path: *path,
        device: *device,
        is_descriptor: *usage == 1,
        value,
    };
    let valid = *usage <= 1 && !value.is_empty();
    Some((valid.then_some(message), rest))
}
