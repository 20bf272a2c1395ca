//! What the sink's user does, as bytes of the input back channel (UIBC, S2.1 §4.11).
//!
//! It is written from the specification, not from the driver, and makes whatever it is told to make:
//! lengths and categories are the caller's to get wrong.

/// What a pointer does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Touch {
    /// Left button or finger down.
    Down = 0,
    /// Left button or finger up.
    Up = 1,
    /// Moved.
    Move = 2,
}

/// One message of the generic category: its number and what describes it (S2.1 Table 14).
pub fn generic(number: u8, describe: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number];
    bytes.extend((describe.len() as u16).to_be_bytes());
    bytes.extend(describe);
    bytes
}

/// Pointers: number, column and line of each.
pub fn pointers(touch: Touch, pointers: &[(u8, u16, u16)]) -> Vec<u8> {
    let mut describe = vec![pointers.len() as u8];
    for (number, x, y) in pointers {
        describe.push(*number);
        describe.extend(x.to_be_bytes());
        describe.extend(y.to_be_bytes());
    }
    generic(touch as u8, &describe)
}

/// Two keys, pressed or released; 0 is none.
pub fn keys(pressed: bool, first: u16, second: u16) -> Vec<u8> {
    let mut describe = vec![0];
    describe.extend(first.to_be_bytes());
    describe.extend(second.to_be_bytes());
    generic(if pressed { 3 } else { 4 }, &describe)
}

/// One message of the HIDC category: path, type, usage (0 a report, 1 the descriptor), value.
pub fn hid(path: u8, kind: u8, usage: u8, value: &[u8]) -> Vec<u8> {
    let mut bytes = vec![path, kind, usage];
    bytes.extend((value.len() as u16).to_be_bytes());
    bytes.extend(value);
    bytes
}

/// The category of [`generic`] messages.
pub const GENERIC: u8 = 0;
/// The category of [`hid`] messages.
pub const HIDC: u8 = 1;

/// A packet (S2.1 Fig. 20), padded to an even length, which its length field counts.
pub fn packet(category: u8, timestamp: Option<u16>, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![u8::from(timestamp.is_some()) << 4, category, 0, 0];
    bytes.extend(timestamp.iter().flat_map(|stamp| stamp.to_be_bytes()));
    bytes.extend(body);
    if !bytes.len().is_multiple_of(2) {
        bytes.push(0);
    }
    let length = (bytes.len() as u16).to_be_bytes();
    bytes[2..4].copy_from_slice(&length);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_those_of_a_real_sink() {
        // lazycast sends these to Windows.
        let expected = [
            0x10, 0x01, 0x00, 0x0E, 0x3C, 0xE2, 0x01, 0x03, 0x00, 0x00, 0x03, 0x12, 0x0A, 0x00,
        ];
        let message = hid(1, 3, 0, &[0x12, 0x0A, 0x00]);
        assert_eq!(packet(HIDC, Some(0x3CE2), &message), expected);
        // The example of the specification: touch down at (960, 540).
        let expected = [
            0x00, 0x00, 0x00, 0x0E, 0x00, 0x00, 0x06, 0x01, 0x00, 0x03, 0xC0, 0x02, 0x1C, 0x00,
        ];
        let message = pointers(Touch::Down, &[(0, 960, 540)]);
        assert_eq!(packet(GENERIC, None, &message), expected);
    }
}
