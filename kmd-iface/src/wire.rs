//! Little-endian bytes: cursors with bounds, and the [`Wire`] form of integers.

use crate::field::{Field, Malformed};
use crate::shape::Shape;
use crate::status::NtStatus;

/// The buffer is too small for what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRoom;

impl core::fmt::Display for NoRoom {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the buffer is too small for the message")
    }
}

impl core::error::Error for NoRoom {}

/// A value with one layout on the wire.
pub trait Wire: Sized {
    /// Bytes on the wire.
    const SIZE: usize;
    /// The alignment that a C compiler gives the layout.
    const ALIGN: usize;
    /// What it is.
    const SHAPE: Shape;

    /// Writes exactly [`Self::SIZE`] bytes.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] if the buffer ends before.
    fn write(&self, writer: &mut Writer<'_>) -> Result<(), NoRoom>;

    /// Reads exactly [`Self::SIZE`] bytes.
    ///
    /// # Errors
    ///
    /// [`Field::SIZE`] if the bytes end before; the field of a length that exceeds its bound.
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed>;
}

/// A cursor that writes into a buffer and stops at its end.
#[derive(Debug)]
pub struct Writer<'a> {
    buffer: &'a mut [u8],
    position: usize,
}

impl<'a> Writer<'a> {
    /// A cursor at the start of `buffer`.
    pub const fn new(buffer: &'a mut [u8]) -> Self {
        Self {
            buffer,
            position: 0,
        }
    }

    /// Bytes written so far.
    pub const fn position(&self) -> usize {
        self.position
    }

    /// Appends `bytes`.
    ///
    /// # Errors
    ///
    /// [`NoRoom`]; nothing is written then.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), NoRoom> {
        let free = self.buffer.get_mut(self.position..).ok_or(NoRoom)?;
        free.get_mut(..bytes.len())
            .ok_or(NoRoom)?
            .copy_from_slice(bytes);
        self.position += bytes.len();
        Ok(())
    }

    /// Writes zeros up to `position`, counted from the start of the buffer; reserved bytes.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] if the buffer ends before.
    pub fn zeros_to(&mut self, position: usize) -> Result<(), NoRoom> {
        if position > self.position {
            self.buffer
                .get_mut(self.position..position)
                .ok_or(NoRoom)?
                .fill(0);
            self.position = position;
        }
        Ok(())
    }
}

/// A cursor that reads bytes and stops at their end.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Reader<'a> {
    /// A cursor at the start of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    /// Bytes read or skipped so far.
    pub const fn position(&self) -> usize {
        self.position
    }

    /// Bytes that are neither read nor skipped.
    pub const fn left(&self) -> usize {
        self.bytes.len() - self.position
    }

    /// Takes `N` bytes.
    ///
    /// # Errors
    ///
    /// [`Field::SIZE`] if fewer are left.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let (array, _) = rest
            .split_first_chunk::<N>()
            .ok_or(Malformed::new(Field::SIZE))?;
        self.position += N;
        Ok(*array)
    }

    /// Copies what is left to the start of `out`, as far as it fits; nothing is taken.
    pub(crate) fn rest_into(&self, out: &mut [u8]) {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        for (place, byte) in out.iter_mut().zip(rest) {
            *place = *byte;
        }
    }

    /// Skips to `position`, counted from the start of the bytes; reserved bytes.
    ///
    /// # Errors
    ///
    /// [`Field::SIZE`] if the bytes end before.
    pub const fn skip_to(&mut self, position: usize) -> Result<(), Malformed> {
        if position > self.bytes.len() {
            return Err(Malformed::new(Field::SIZE));
        }
        if position > self.position {
            self.position = position;
        }
        Ok(())
    }
}

/// Implements [`Wire`] for integers: little-endian, aligned to their size.
macro_rules! wire_integers {
    ($shape:ident: $($integer:ty)*) => {$(
        impl Wire for $integer {
            const SIZE: usize = size_of::<Self>();
            const ALIGN: usize = Self::SIZE;
            const SHAPE: Shape = Shape::$shape(Self::SIZE);

            fn write(&self, writer: &mut Writer<'_>) -> Result<(), NoRoom> {
                writer.bytes(&self.to_le_bytes())
            }

            fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
                Ok(Self::from_le_bytes(reader.array()?))
            }
        }
    )*};
}

wire_integers!(Integer: u8 u16 u32 u64);
wire_integers!(Signed: i16);

impl Wire for NtStatus {
    const SIZE: usize = u32::SIZE;
    const ALIGN: usize = u32::ALIGN;
    const SHAPE: Shape = Shape::Named(&Self::NAMES);

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), NoRoom> {
        self.0.write(writer)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(u32::read(reader)?))
    }
}
