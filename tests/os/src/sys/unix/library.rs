//! Files of drivers are for Windows: here a driver is linked into the program.

use std::io;
use std::path::Path;

use crate::abi::QUERY_MIRACAST_DRIVER_INTERFACE;

/// There is none.
#[derive(Debug)]
pub(crate) enum Library {}

impl Library {
    pub(crate) fn load(_file: &Path) -> io::Result<Self> {
        let text = "a driver's DLL can be loaded on Windows only";
        Err(io::Error::new(io::ErrorKind::Unsupported, text))
    }

    pub(crate) fn query(&self) -> QUERY_MIRACAST_DRIVER_INTERFACE {
        match *self {}
    }

    pub(crate) fn unload(self) -> bool {
        match self {}
    }
}
