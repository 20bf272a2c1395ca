//! `wfd_uibc_capability` and `wfd_uibc_setting`: which input of the sink's user comes back to the
//! source, and whether it may (S2.1 §6.1.15, §6.1.16). The input itself is not here.

use core::fmt;

use bitflags::bitflags;

use crate::quirks::{Fired, Quirk};
use crate::wfd::fields::{decimal, is_none, offer};
use crate::wfd::{Fault, Offer};

#[cfg(test)]
mod tests;

bitflags! {
    /// Kinds of input devices.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct InputTypes: u8 {
        /// `Keyboard`
        const KEYBOARD = 1 << 0;
        /// `Mouse`
        const MOUSE = 1 << 1;
        /// `SingleTouch`
        const SINGLE_TOUCH = 1 << 2;
        /// `MultiTouch`
        const MULTI_TOUCH = 1 << 3;
        /// `Joystick`
        const JOYSTICK = 1 << 4;
        /// `Camera`
        const CAMERA = 1 << 5;
        /// `Gesture`
        const GESTURE = 1 << 6;
        /// `RemoteControl`
        const REMOTE_CONTROL = 1 << 7;
    }

    /// How input is described.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct InputCategories: u8 {
        /// `GENERIC`: the messages of S2.1 §4.11.3.
        const GENERIC = 1 << 0;
        /// `HIDC`: HID reports and their descriptors.
        const HIDC = 1 << 1;
    }
}

/// The words of a set, in the order of its bits.
type Words = [&'static str];

const CATEGORIES: &Words = &["GENERIC", "HIDC"];

const TYPES: &Words = &[
    "Keyboard",
    "Mouse",
    "SingleTouch",
    "MultiTouch",
    "Joystick",
    "Camera",
    "Gesture",
    "RemoteControl",
];

/// How a HID device is connected to the sink: the words behind the slash.
const PATHS: &Words = &["Infrared", "USB", "BT", "Zigbee", "Wi-Fi", "No-SP"];

/// What input a side can send or take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UibcCapability {
    /// The categories.
    pub categories: InputCategories,
    /// Devices of category GENERIC.
    pub generic: InputTypes,
    /// Devices of category HIDC, for each path: infrared, USB, Bluetooth, Zigbee, Wi-Fi, and what the
    /// specification has no name for.
    pub hidc: [InputTypes; PATHS.len()],
    /// The TCP port that the source listens on, never 0; `None` in the sink's answer.
    pub port: Option<u16>,
}

impl UibcCapability {
    /// Reads the value. Sinks leave out blanks, lists and the port, put blanks around the equals
    /// sign, have words and keys of their own, and name a port that only a source has (quirk Q44);
    /// their words and keys are passed over.
    ///
    /// # Errors
    ///
    /// The fault if a part is not a key and a value, or if the port is not one.
    pub fn read(value: &str, fired: &mut Fired) -> Result<Offer<Self>, Fault> {
        offer(value, |value| {
            let mut reading = Reading::default();
            let parts = value.split(';').map(str::trim);
            for part in parts.filter(|part| !part.is_empty()) {
                let (key, list) = part.split_once('=').ok_or(Fault::Missing)?;
                reading.part(key, list)?;
            }
            // Each of the four parts once.
            fired.note_if(reading.odd || reading.parts != [1; 4], Quirk::Q44);
            Ok(reading.found)
        })
    }

    /// What both sides have. M4 must not offer more than the sink's answer (S2.1 §6.4.14). The port
    /// is ours.
    #[must_use]
    pub fn in_common_with(&self, sink: &Self) -> Self {
        let mut common = *self;
        common.categories &= sink.categories;
        common.generic &= sink.generic;
        for (ours, theirs) in common.hidc.iter_mut().zip(sink.hidc) {
            *ours &= theirs;
        }
        common
    }

    /// Whether there is a device of a category that is offered.
    pub fn has_input(&self) -> bool {
        let generic = self.categories.contains(InputCategories::GENERIC);
        let hidc = self.categories.contains(InputCategories::HIDC);
        (generic && !self.generic.is_empty())
            || (hidc && self.hidc.iter().any(|types| !types.is_empty()))
    }
}

#[derive(Default)]
struct Reading {
    found: UibcCapability,
    /// How often each part has come.
    parts: [u8; 4],
    /// Whether anything had to be tolerated.
    odd: bool,
}

impl Reading {
    fn part(&mut self, key: &str, list: &str) -> Result<(), Fault> {
        self.odd |= key.ends_with(' ') || list.starts_with(' ');
        let keys = [
            "input_category_list",
            "generic_cap_list",
            "hidc_cap_list",
            "port",
        ];
        let is_key = |name: &str| key.trim().eq_ignore_ascii_case(name);
        let Some(place) = keys.iter().position(|name| is_key(name)) else {
            self.odd = true;
            return Ok(());
        };
        self.parts[place] = self.parts[place].saturating_add(1);
        let list = list.trim();
        if place == 3 {
            return self.port(list);
        }
        if is_none(list) {
            return Ok(());
        }
        self.odd |= list.split(',').skip(1).any(|item| !item.starts_with(' '));
        for item in list.split(',').map(str::trim) {
            let known = match place {
                0 => self.category(item),
                1 => self.generic(item),
                _ => self.hidc(item),
            };
            self.odd |= known.is_none();
        }
        Ok(())
    }

    fn category(&mut self, item: &str) -> Option<()> {
        let bit = 1 << place(CATEGORIES, item)?;
        self.found.categories |= InputCategories::from_bits_retain(bit);
        Some(())
    }

    fn generic(&mut self, item: &str) -> Option<()> {
        self.found.generic |= input_type(item)?;
        Some(())
    }

    fn hidc(&mut self, item: &str) -> Option<()> {
        let (name, path) = item.split_once('/')?;
        let types = self.found.hidc.get_mut(place(PATHS, path)?)?;
        *types |= input_type(name)?;
        Some(())
    }

    fn port(&mut self, word: &str) -> Result<(), Fault> {
        if is_none(word) {
            return Ok(());
        }
        self.odd = true;
        match decimal(word)? {
            0 => Err(Fault::Forbidden),
            port => {
                self.found.port = Some(port);
                Ok(())
            }
        }
    }
}

fn place(words: &Words, word: &str) -> Option<usize> {
    words.iter().position(|one| one.eq_ignore_ascii_case(word))
}

fn input_type(word: &str) -> Option<InputTypes> {
    place(TYPES, word).map(|place| InputTypes::from_bits_retain(1 << place))
}

/// The value, with every blank and part that the grammar has.
impl fmt::Display for UibcCapability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("input_category_list=")?;
        let categories = set(CATEGORIES, self.categories.bits());
        list(f, categories.map(|word| (word, "")))?;
        f.write_str(";generic_cap_list=")?;
        let generic = set(TYPES, self.generic.bits());
        list(f, generic.map(|word| (word, "")))?;
        f.write_str(";hidc_cap_list=")?;
        let of_path = |(types, path): (&InputTypes, &'static str)| {
            set(TYPES, types.bits()).map(move |word| (word, path))
        };
        list(
            f,
            self.hidc
                .iter()
                .zip(PATHS.iter().copied())
                .flat_map(of_path),
        )?;
        match self.port {
            Some(port) => write!(f, ";port={port}"),
            None => f.write_str(";port=none"),
        }
    }
}

fn set(words: &'static Words, bits: u8) -> impl Iterator<Item = &'static str> {
    let is_set = move |place: &usize| bits >> place & 1 == 1;
    let places = (0..words.len()).filter(is_set);
    places.filter_map(|place| words.get(place).copied())
}

fn list(
    f: &mut fmt::Formatter<'_>,
    items: impl Iterator<Item = (&'static str, &'static str)>,
) -> fmt::Result {
    let mut empty = true;
    for (word, path) in items {
        let separator = if empty { "" } else { ", " };
        let slash = if path.is_empty() { "" } else { "/" };
        write!(f, "{separator}{word}{slash}{path}")?;
        empty = false;
    }
    if empty { f.write_str("none") } else { Ok(()) }
}

/// `wfd_uibc_setting`: whether input may be sent (M4, M15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UibcSetting {
    /// It may.
    Enable,
    /// It may not.
    Disable,
}

impl UibcSetting {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// [`Fault::UnknownWord`] if it is neither word.
    pub fn read(value: &str) -> Result<Self, Fault> {
        match value.trim() {
            word if word.eq_ignore_ascii_case("enable") => Ok(Self::Enable),
            word if word.eq_ignore_ascii_case("disable") => Ok(Self::Disable),
            _ => Err(Fault::UnknownWord),
        }
    }
}

impl fmt::Display for UibcSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Enable => "enable",
            Self::Disable => "disable",
        })
    }
}
