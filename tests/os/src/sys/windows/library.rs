//! A driver's DLL in this process.

use core::ffi::c_void;
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::path::{Path, absolute};

use windows_sys::Win32::Foundation::{FreeLibrary, HMODULE};
use windows_sys::Win32::System::LibraryLoader::{GetModuleHandleW, GetProcAddress, LoadLibraryW};

use crate::abi::QUERY_MIRACAST_DRIVER_INTERFACE;

/// The only name that Windows looks for.
const EXPORT: &[u8] = b"QueryMiracastDriverInterface\0";

/// A loaded DLL that has the export. It stays loaded if it is dropped.
#[derive(Debug)]
pub(crate) struct Library {
    /// The path, as the system takes it.
    file: Vec<u16>,
    /// The address of the module.
    module: usize,
    query: QUERY_MIRACAST_DRIVER_INTERFACE,
}

impl Library {
    /// Loads `file`.
    ///
    /// # Errors
    /// What the loader says: there is no such file, it is not for this processor, or needs what is
    /// not there; or it has no such export.
    pub(crate) fn load(file: &Path) -> io::Result<Self> {
        let path = absolute(file)?;
        let file: Vec<u16> = path.as_os_str().encode_wide().chain([0]).collect();
        // SAFETY: the name ends with a zero. The DLL may run code of its own: that is what it is
        // loaded for.
        let module = unsafe { LoadLibraryW(file.as_ptr()) };
        if module.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the module is loaded, the name ends with a zero.
        let Some(export) = (unsafe { GetProcAddress(module, EXPORT.as_ptr()) }) else {
            let error = io::Error::last_os_error();
            free(module);
            return Err(error);
        };
        // SAFETY: by the interface's definition the export of this name has this type.
        let query = unsafe {
            core::mem::transmute::<
                unsafe extern "system" fn() -> isize,
                QUERY_MIRACAST_DRIVER_INTERFACE,
            >(export)
        };
        Ok(Self {
            file,
            module: module.expose_provenance(),
            query,
        })
    }

    pub(crate) fn query(&self) -> QUERY_MIRACAST_DRIVER_INTERFACE {
        self.query
    }

    /// Unloads it; false if it is still there afterwards: somebody else holds it.
    pub(crate) fn unload(self) -> bool {
        free(core::ptr::with_exposed_provenance_mut::<c_void>(
            self.module,
        ));
        // SAFETY: the name ends with a zero.
        unsafe { GetModuleHandleW(self.file.as_ptr()) }.is_null()
    }
}

/// Gives up one hold on a module.
fn free(module: HMODULE) {
    // SAFETY: each hold that LoadLibraryW gave is given up once, and none of the module's
    // functions is called after that.
    unsafe { FreeLibrary(module) };
}
