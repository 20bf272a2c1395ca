//! Text of the sink that is only ever shown: bounded, and safe to print.

use core::fmt;

use heapless::String;

use super::Fault;

/// At most `N` bytes of text without control characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text<const N: usize> {
    text: String<N>,
}

impl<const N: usize> Text<N> {
    /// Nothing.
    pub const fn new() -> Self {
        Self {
            text: String::new(),
        }
    }

    /// Takes the beginning of `text`: as many whole characters as there is room for.
    ///
    /// # Errors
    ///
    /// [`Fault::Forbidden`] if there is a control character in it. Such text could forge lines of a
    /// log.
    pub fn read(text: &str) -> Result<Self, Fault> {
        if text.chars().any(char::is_control) {
            return Err(Fault::Forbidden);
        }
        let mut kept = Self::new();
        for character in text.chars() {
            if kept.text.push(character).is_err() {
                break;
            }
        }
        Ok(kept)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl<const N: usize> fmt::Display for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_between_characters_and_has_no_controls() {
        let read = |text| Text::<5>::read(text).map(|text| std::format!("{text}"));
        assert_eq!(read("abc").as_deref(), Ok("abc"));
        assert_eq!(read("abcdef").as_deref(), Ok("abcde"));
        assert_eq!(read("abcdé").as_deref(), Ok("abcd"));
        assert_eq!(read("").as_deref(), Ok(""));
        for text in ["a\nb", "\u{1b}[2J", "a\0", "\u{85}", "abcdefgh\n"] {
            assert_eq!(read(text), Err(Fault::Forbidden), "{text:?}");
        }
    }
}
