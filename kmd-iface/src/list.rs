//! [`List`]: up to `N` values in a layout of fixed size, for EDIDs, mode lists, parameter sets.
//!
//! Always the full `N` places are on the wire, so that everything behind a list keeps its offset
//! and C sees an array.

use crate::field::{Field, Malformed};
use crate::shape::Shape;
use crate::wire::{NoRoom, Reader, Wire, Writer};

/// More values than a list has places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

impl core::fmt::Display for TooMany {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("more values than the list has places")
    }
}

impl core::error::Error for TooMany {}

/// Up to `N` values of `T`: a u32 count and `N` places. `FIELD` is the [`Field`] to blame for a
/// count over `N`.
///
/// Not `Copy`: an EDID or a mode list is up to a kilobyte, and a copy should be seen.
#[derive(Clone)]
pub struct List<T, const N: usize, const FIELD: u16> {
    count: usize,
    items: [T; N],
}

impl<T: Copy + Default, const N: usize, const FIELD: u16> List<T, N, FIELD> {
    /// Most values that it holds.
    pub const MAX: usize = N;

    /// A list without values.
    pub fn new() -> Self {
        Self {
            count: 0,
            items: [T::default(); N],
        }
    }

    /// A list of `values`.
    ///
    /// # Errors
    ///
    /// [`TooMany`] if there are more than `N`.
    pub fn from_slice(values: &[T]) -> Result<Self, TooMany> {
        let mut list = Self::new();
        list.items
            .get_mut(..values.len())
            .ok_or(TooMany)?
            .copy_from_slice(values);
        list.count = values.len();
        Ok(list)
    }

    /// Appends `value`.
    ///
    /// # Errors
    ///
    /// [`TooMany`] if the list is full.
    pub fn push(&mut self, value: T) -> Result<(), TooMany> {
        *self.items.get_mut(self.count).ok_or(TooMany)? = value;
        self.count += 1;
        Ok(())
    }
}

impl<T, const N: usize, const FIELD: u16> List<T, N, FIELD> {
    /// The values.
    pub fn as_slice(&self) -> &[T] {
        self.items.get(..self.count).unwrap_or_default()
    }
}

impl<T: Copy + Default, const N: usize, const FIELD: u16> Default for List<T, N, FIELD> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: PartialEq, const N: usize, const FIELD: u16> PartialEq for List<T, N, FIELD> {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<T: Eq, const N: usize, const FIELD: u16> Eq for List<T, N, FIELD> {}

impl<T: core::fmt::Debug, const N: usize, const FIELD: u16> core::fmt::Debug for List<T, N, FIELD> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.as_slice().fmt(f)
    }
}

impl<T: Wire + Copy + Default, const N: usize, const FIELD: u16> Wire for List<T, N, FIELD> {
    const SIZE: usize = u32::SIZE + N * T::SIZE;
    const ALIGN: usize = u32::ALIGN;
    const SHAPE: Shape = Shape::List {
        item: &T::SHAPE,
        places: N,
    };

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), NoRoom> {
        const {
            assert!(
                T::ALIGN <= u32::ALIGN,
                "the places follow the count at once"
            );
        }
        let start = writer.position();
        (self.count as u32).write(writer)?;
        for value in self.as_slice() {
            value.write(writer)?;
        }
        writer.zeros_to(start + Self::SIZE)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let start = reader.position();
        let count = u32::read(reader)?;
        let mut list = Self::new();
        list.count = usize::try_from(count).unwrap_or(usize::MAX);
        let places = list.items.get_mut(..list.count);
        for place in places.ok_or(Malformed::new(Field(FIELD)))? {
            *place = T::read(reader)?;
        }
        reader.skip_to(start + Self::SIZE)?;
        Ok(list)
    }
}
