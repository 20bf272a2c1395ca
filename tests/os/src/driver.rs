//! A driver that is loaded: its functions, and the DLL that they are in.

use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::abi::{MIRACAST_DRIVER_INTERFACE, NtStatus, QUERY_MIRACAST_DRIVER_INTERFACE};
use crate::log::Violation;
use crate::query;
use crate::sys::Library;

/// Why a driver cannot be used.
#[derive(Debug)]
pub enum LoadError {
    /// The file cannot be loaded, or has no `QueryMiracastDriverInterface`.
    File(io::Error),
    /// What the driver answered, or `INVALID_PARAMETER` if it filled in no usable interface.
    Refused(NtStatus),
}

impl core::fmt::Display for LoadError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::File(error) => write!(f, "the driver's file: {error}"),
            Self::Refused(status) => write!(f, "the driver refused: {status}"),
        }
    }
}

impl core::error::Error for LoadError {}

impl From<NtStatus> for LoadError {
    fn from(status: NtStatus) -> Self {
        Self::Refused(status)
    }
}

/// The functions of a driver. Whoever may call them has a clone: so long the DLL stays.
#[derive(Clone, Debug)]
pub(crate) struct Driver {
    pub(crate) interface: MIRACAST_DRIVER_INTERFACE,
    /// `None` if the driver is linked into the program.
    library: Option<Arc<Library>>,
}

impl Driver {
    /// The driver behind `query`, which is in the program itself.
    pub(crate) fn linked(
        query: QUERY_MIRACAST_DRIVER_INTERFACE,
        violations: &mut Vec<Violation>,
    ) -> Result<Self, NtStatus> {
        query::check_refusals(query, violations);
        Ok(Self {
            interface: query::interface(query, violations)?,
            library: None,
        })
    }

    /// The driver in a DLL.
    pub(crate) fn from_file(
        file: &Path,
        violations: &mut Vec<Violation>,
    ) -> Result<Self, LoadError> {
        let library = Library::load(file).map_err(LoadError::File)?;
        match Self::linked(library.query(), violations) {
            Ok(linked) => Ok(Self {
                library: Some(Arc::new(library)),
                ..linked
            }),
            Err(status) => {
                library.unload();
                Err(status.into())
            }
        }
    }

    /// Whether the driver is in the program itself.
    pub(crate) fn is_linked(&self) -> bool {
        self.library.is_none()
    }

    /// Unloads the DLL, if there is one. A breach of DDI-13 if it does not go: Windows takes it
    /// away right after the last context.
    pub(crate) fn unload(self) -> Option<Violation> {
        let gone = match Arc::into_inner(self.library?) {
            Some(library) => library.unload(),
            None => false,
        };
        (!gone).then(|| Violation::new("DDI-13", "the driver's DLL is still loaded"))
    }
}
