//! Reading the blank-separated fields of a parameter's value.
//!
//! A number may have more or fewer digits than its field is wide, as long as its value fits:
//! sinks write handheld masks of nine digits (quirk Q36) and connector types of one (Q48).

use core::iter::Peekable;
use core::str::SplitAsciiWhitespace;

use super::Fault;

/// The fields of one value, or of one tuple of a value.
pub(super) struct Fields<'a> {
    words: Peekable<SplitAsciiWhitespace<'a>>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            words: text.split_ascii_whitespace().peekable(),
        }
    }

    /// The next field.
    pub(super) fn word(&mut self) -> Result<&'a str, Fault> {
        self.words.next().ok_or(Fault::Missing)
    }

    /// The next field, a hexadecimal number.
    pub(super) fn hex<T: TryFrom<u32>>(&mut self) -> Result<T, Fault> {
        hex(self.word()?)
    }

    /// The next field, a hexadecimal number; zero where the value has ended or says `none`.
    pub(super) fn hex_or_zero<T: TryFrom<u32> + Default>(&mut self) -> Result<T, Fault> {
        match self.words.peek() {
            None => Ok(T::default()),
            Some(word) if is_none(word) => Ok(T::default()),
            Some(_) => self.hex(),
        }
    }

    /// The next field, `none` or a hexadecimal number; none also where the value has ended.
    pub(super) fn hex_or_none<T: TryFrom<u32>>(&mut self) -> Result<Option<T>, Fault> {
        match self.words.next() {
            None => Ok(None),
            Some(word) if is_none(word) => Ok(None),
            Some(word) => hex(word).map(Some),
        }
    }

    /// Nothing may follow.
    pub(super) fn end(mut self) -> Result<(), Fault> {
        self.words.next().map_or(Ok(()), |_| Err(Fault::Extra))
    }
}

/// Whether `word` is the word `none`; text has no case (S2.1 §6.6.5).
pub(super) fn is_none(word: &str) -> bool {
    word.eq_ignore_ascii_case("none")
}

/// `word` as a hexadecimal number. No sign is accepted.
pub(super) fn hex<T: TryFrom<u32>>(word: &str) -> Result<T, Fault> {
    number(word, 16).and_then(|value| T::try_from(value).map_err(|_| Fault::TooLarge))
}

/// `word` as a decimal number. No sign is accepted.
pub(super) fn decimal<T: TryFrom<u32>>(word: &str) -> Result<T, Fault> {
    number(word, 10).and_then(|value| T::try_from(value).map_err(|_| Fault::TooLarge))
}

/// A word is never empty: it was split off at blanks, or is the trimmed value of a line.
fn number(word: &str, base: u32) -> Result<u32, Fault> {
    word.chars().try_fold(0_u32, |value, digit| {
        let digit = digit.to_digit(base).ok_or(Fault::NotANumber)?;
        value
            .checked_mul(base)
            .and_then(|value| value.checked_add(digit))
            .ok_or(Fault::TooLarge)
    })
}
