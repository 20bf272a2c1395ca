//! Messages of the generic category (S2.1 §4.11.3.1; the key and touch-up rows are S1.1's, which
//! S2.1 dropped and sinks send).

use super::packet::Resolution;

/// What the pointers of a message do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// Left button or finger down.
    Down,
    /// Left button or finger up.
    Up,
    /// Moved.
    Move,
}

/// What the keys of a message do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// Pressed.
    Down,
    /// Released.
    Up,
}

/// A key: ASCII or ISO 8859-1 in the low byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(pub u16);

/// The direction in which is scrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Positive is up.
    Vertical,
    /// Positive is left: the content moves right.
    Horizontal,
}

/// What scrolling counts in: a number with names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit(pub u8);

impl Unit {
    /// Pixels of the source's display.
    pub const PIXEL: Self = Self(0);
    /// Notches of a mouse wheel.
    pub const NOTCH: Self = Self(1);
}

/// One message of the generic category that is valid for the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message<'a> {
    /// Pointers: one of a mouse, or several of a touch screen.
    Pointers {
        /// What they do.
        touch: Touch,
        /// Where they are; at least one.
        pointers: Pointers<'a>,
    },
    /// One or two keys, in the order of time.
    Keys {
        /// What they do.
        stroke: Stroke,
        /// The first key.
        first: Key,
        /// The second one.
        second: Option<Key>,
    },
    /// Zoom around a point.
    Zoom {
        /// Column of the centre.
        x: u16,
        /// Line of the centre.
        y: u16,
        /// Factor in units of 1/256; positive.
        factor: u16,
    },
    /// Scroll.
    Scroll {
        /// The direction.
        axis: Axis,
        /// What `amount` counts in.
        unit: Unit,
        /// How far, with the sign of [`Axis`].
        amount: i16,
    },
    /// Rotate, by this angle in units of 1/256 radian; positive is counterclockwise.
    Rotate(i16),
}

/// One pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// Which finger.
    pub id: u8,
    /// Column, from the left of the stream's picture.
    pub x: u16,
    /// Line, from the top.
    pub y: u16,
}

/// The pointers of a message; all of them inside the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointers<'a>(&'a [[u8; POINTER]]);

/// Bytes of a pointer: id, x, y.
const POINTER: usize = 5;

impl Pointers<'_> {
    /// Their number.
    pub const fn count(&self) -> usize {
        self.0.len()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Pointer> {
        self.0.iter().map(|&[id, x1, x0, y1, y0]| Pointer {
            id,
            x: u16::from_be_bytes([x1, x0]),
            y: u16::from_be_bytes([y1, y0]),
        })
    }
}

/// Cuts one message off: its type, its describe field, and the rest. `None` if it is not whole.
pub(super) fn cut(body: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let ([kind, high, low], rest) = body.split_first_chunk::<3>()?;
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    let (describe, rest) = rest.split_at_checked(length)?;
    Some((*kind, describe, rest))
}

/// Reads one message (S2.1 Table 14). `None` if it contradicts itself, points outside the picture, or
/// has a type that is reserved.
pub(super) fn read(kind: u8, describe: &[u8], size: Resolution) -> Option<Message<'_>> {
    match kind {
        0 => pointers(Touch::Down, describe, size),
        1 => pointers(Touch::Up, describe, size),
        2 => pointers(Touch::Move, describe, size),
        3 => keys(Stroke::Down, describe),
        4 => keys(Stroke::Up, describe),
        5 => zoom(describe, size),
        6 => scroll(Axis::Vertical, describe),
        7 => scroll(Axis::Horizontal, describe),
        8 => <[u8; 2]>::try_from(describe)
            .ok()
            .map(i16::from_be_bytes)
            .map(Message::Rotate),
        _ => None,
    }
}

const fn inside(x: u16, y: u16, size: Resolution) -> bool {
    x < size.width && y < size.height
}

fn pointers(touch: Touch, describe: &[u8], size: Resolution) -> Option<Message<'_>> {
    let (count, list) = describe.split_first()?;
    let (list, rest) = list.as_chunks::<POINTER>();
    let pointers = Pointers(list);
    let consistent = rest.is_empty() && usize::from(*count) == list.len() && *count > 0;
    let all_inside = pointers
        .iter()
        .all(|pointer| inside(pointer.x, pointer.y, size));
    (consistent && all_inside).then_some(Message::Pointers { touch, pointers })
}

/// A reserved byte and two key codes; code 0 is no key.
fn keys(stroke: Stroke, describe: &[u8]) -> Option<Message<'_>> {
    let [_, first1, first0, second1, second0] = *<&[u8; 5]>::try_from(describe).ok()?;
    let key = |bytes| {
        Some(u16::from_be_bytes(bytes))
            .filter(|code| *code != 0)
            .map(Key)
    };
    Some(Message::Keys {
        stroke,
        first: key([first1, first0])?,
        second: key([second1, second0]),
    })
}

fn zoom(describe: &[u8], size: Resolution) -> Option<Message<'_>> {
    let [x1, x0, y1, y0, integer, fraction] = *<&[u8; 6]>::try_from(describe).ok()?;
    let (x, y) = (u16::from_be_bytes([x1, x0]), u16::from_be_bytes([y1, y0]));
    let factor = u16::from_be_bytes([integer, fraction]);
    (factor > 0 && inside(x, y, size)).then_some(Message::Zoom { x, y, factor })
}

/// Two bits of unit, one of direction, 13 of amount.
fn scroll(axis: Axis, describe: &[u8]) -> Option<Message<'_>> {
    let word = u16::from_be_bytes(<[u8; 2]>::try_from(describe).ok()?);
    let unit = Unit((word >> 14) as u8);
    let amount = (word & 0x1FFF).cast_signed();
    let amount = if word & 0x2000 == 0 { -amount } else { amount };
    matches!(unit, Unit::PIXEL | Unit::NOTCH).then_some(Message::Scroll { axis, unit, amount })
}
