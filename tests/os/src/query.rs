//! `QueryMiracastDriverInterface`, asked as Windows does and as it should not be.

use crate::abi::{
    MIRACAST_DRIVER_INTERFACE, MIRACAST_DRIVER_INTERFACE_VERSION_1, NtStatus,
    QUERY_MIRACAST_DRIVER_INTERFACE,
};
use crate::ledger;
use crate::log::Violation;

/// The right size, in bytes.
const SIZE: u32 = size_of::<MIRACAST_DRIVER_INTERFACE>() as u32;

/// A structure with room behind it, to see what is written.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Buffer {
    interface: [u64; size_of::<MIRACAST_DRIVER_INTERFACE>() / 8],
    behind: [u64; 8],
}

const UNTOUCHED: u64 = 0xA5A5_A5A5_A5A5_A5A5;

impl Buffer {
    pub(crate) fn ask(
        query: QUERY_MIRACAST_DRIVER_INTERFACE,
        version: u32,
        size: u32,
    ) -> (NtStatus, Self) {
        let mut buffer = Self {
            interface: [UNTOUCHED; _],
            behind: [UNTOUCHED; _],
        };
        let pointer = (&raw mut buffer).cast();
        let _driver = ledger::enter_driver("QueryMiracastDriverInterface");
        // SAFETY: the pointer is to a local with room for more than `size` bytes.
        let status = unsafe { query(version, size, pointer) };
        (status, buffer)
    }

    pub(crate) fn is_untouched(&self) -> bool {
        self.interface
            .iter()
            .chain(&self.behind)
            .all(|word| *word == UNTOUCHED)
    }
}

/// Asks with versions and sizes that a driver must refuse (DDI-6).
pub(crate) fn check_refusals(
    query: QUERY_MIRACAST_DRIVER_INTERFACE,
    violations: &mut Vec<Violation>,
) {
    let version = MIRACAST_DRIVER_INTERFACE_VERSION_1;
    for (version, size) in [(0, SIZE), (2, SIZE), (version, SIZE - 1), (version, 0)] {
        let (status, buffer) = Buffer::ask(query, version, size);
        let asked = format!("version {version} with {size} bytes");
        if status.is_success() {
            violations.push(Violation::new("DDI-6", format!("{asked} was accepted")));
        }
        if !buffer.is_untouched() {
            let text = format!("{asked} was refused, and the buffer written to");
            violations.push(Violation::new("DDI-6", text));
        }
    }
}

/// Asks as Windows does (DDI-5).
///
/// # Errors
/// The driver's status, or `INVALID_PARAMETER` if the structure is not filled in.
pub(crate) fn interface(
    query: QUERY_MIRACAST_DRIVER_INTERFACE,
    violations: &mut Vec<Violation>,
) -> Result<MIRACAST_DRIVER_INTERFACE, NtStatus> {
    let (status, buffer) = Buffer::ask(query, MIRACAST_DRIVER_INTERFACE_VERSION_1, SIZE);
    if !status.is_success() {
        violations.push(Violation::new(
            "DDI-5",
            format!("version 1 was refused: {status}"),
        ));
        return Err(status);
    }
    if buffer.behind.iter().any(|word| *word != UNTOUCHED) {
        let text = format!("more than {SIZE} bytes were written");
        violations.push(Violation::new("DDI-7", text));
    }
    let [size, functions @ ..] = &buffer.interface;
    let filled = functions
        .iter()
        .all(|word| *word != UNTOUCHED && *word != 0);
    if *size as u32 != SIZE || !filled {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    // SAFETY: the buffer has the size and the alignment of the structure, and the driver says that
    // the words are its functions.
    Ok(unsafe {
        (&raw const buffer)
            .cast::<MIRACAST_DRIVER_INTERFACE>()
            .read()
    })
}
