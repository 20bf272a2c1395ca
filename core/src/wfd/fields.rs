//! Reading the blank-separated fields of a parameter's value.
//!
//! A number may have more or fewer digits than its field is wide, as long as its value fits:
//! sinks write handheld masks of nine digits (quirk Q36) and connector types of one (Q48).

use core::iter::Peekable;
use core::str::SplitAsciiWhitespace;

use super::{Fault, Offer};

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
    pub(super) fn hex<T: TryFrom<u64>>(&mut self) -> Result<T, Fault> {
        hex(self.word()?)
    }

    /// The next field, a hexadecimal number; zero where the value has ended or says `none`.
    pub(super) fn hex_or_zero<T: TryFrom<u64> + Default>(&mut self) -> Result<T, Fault> {
        match self.words.peek() {
            None => Ok(T::default()),
            Some(word) if is_none(word) => Ok(T::default()),
            Some(_) => self.hex(),
        }
    }

    /// The next field, `none` or a hexadecimal number; none also where the value has ended.
    pub(super) fn hex_or_none<T: TryFrom<u64>>(&mut self) -> Result<Option<T>, Fault> {
        match self.words.next() {
            None => Ok(None),
            Some(word) if is_none(word) => Ok(None),
            Some(word) => hex(word).map(Some),
        }
    }

    /// The next field, a decimal number.
    pub(super) fn decimal<T: TryFrom<u64>>(&mut self) -> Result<T, Fault> {
        decimal(self.word()?)
    }

    /// The next field, `none` or a decimal number.
    pub(super) fn decimal_or_none<T: TryFrom<u64>>(&mut self) -> Result<Option<T>, Fault> {
        let word = self.word()?;
        if is_none(word) {
            return Ok(None);
        }
        decimal(word).map(Some)
    }

    /// Whether nothing follows.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.words.peek().is_none()
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

/// `none`, or what `read` makes of the value.
pub(super) fn offer<T>(
    value: &str,
    read: impl FnOnce(&str) -> Result<T, Fault>,
) -> Result<Offer<T>, Fault> {
    let value = value.trim();
    if is_none(value) {
        return Ok(Offer::None);
    }
    read(value).map(Offer::Present)
}

/// `word` as a hexadecimal number. No sign is accepted.
pub(super) fn hex<T: TryFrom<u64>>(word: &str) -> Result<T, Fault> {
    number(word, 16).and_then(|value| T::try_from(value).map_err(|_| Fault::TooLarge))
}

/// `word` as a decimal number. No sign is accepted.
pub(super) fn decimal<T: TryFrom<u64>>(word: &str) -> Result<T, Fault> {
    number(word, 10).and_then(|value| T::try_from(value).map_err(|_| Fault::TooLarge))
}

fn number(word: &str, base: u32) -> Result<u64, Fault> {
    if word.is_empty() {
        return Err(Fault::Missing);
    }
    word.chars().try_fold(0_u64, |value, digit| {
        let digit = digit.to_digit(base).ok_or(Fault::NotANumber)?;
        value
            .checked_mul(base.into())
            .and_then(|value| value.checked_add(digit.into()))
            .ok_or(Fault::TooLarge)
    })
}
