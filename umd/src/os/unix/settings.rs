//! Settings where there is no registry: what the program that loads the driver has provided.

use spin::Mutex;

use crate::limits::SETTING_TEXT_MAX;
use crate::os::Stored;

/// A value that is provided.
#[derive(Clone, Copy, Debug)]
pub enum Provided {
    /// REG_DWORD.
    Number(u32),
    /// REG_SZ; with NUL between its parts, REG_MULTI_SZ.
    Text(&'static str),
}

static PROVIDED: Mutex<&[(&str, Provided)]> = Mutex::new(&[]);

/// Provides settings for all contexts that are created from now on.
pub fn provide_settings(settings: &'static [(&'static str, Provided)]) {
    *PROVIDED.lock() = settings;
}

/// The value of a setting. Text goes into `text`, see [`Stored::Text`].
pub fn setting(name: &str, text: &mut [u8; SETTING_TEXT_MAX]) -> Stored {
    let provided: &'static [(&str, Provided)] = *PROVIDED.lock();
    match provided.iter().find(|(known, _)| *known == name) {
        None => Stored::Missing,
        Some((_, Provided::Number(number))) => Stored::Number(*number),
        Some((_, Provided::Text(value))) => Stored::text(value.encode_utf16(), text),
    }
}
