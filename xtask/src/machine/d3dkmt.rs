//! Whose Miracast driver each display adapter uses: the question KMTQAITYPE_QUERY_MIRACAST_DRIVER_TYPE
//! of d3dkmthk.h, which no tool of Windows asks.

use super::Reading;

/// D3DKMT_MIRACAST_DRIVER_TYPE.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Driver {
    /// The adapter can do no Miracast.
    NotSupported,
    /// That of the adapter's vendor.
    Vendor,
    /// That of Windows.
    Microsoft,
    /// A value that d3dkmthk.h does not have.
    Other(i32),
}

impl From<i32> for Driver {
    fn from(number: i32) -> Self {
        match number {
            0 => Self::NotSupported,
            1 => Self::Vendor,
            2 => Self::Microsoft,
            other => Self::Other(other),
        }
    }
}

/// The answer of each adapter that answers.
#[cfg(not(windows))]
pub(crate) fn drivers() -> Reading<Vec<Driver>> {
    Err("only Windows has display adapters to ask".into())
}

/// The answer of each adapter that answers.
#[cfg(windows)]
pub(crate) fn drivers() -> Reading<Vec<Driver>> {
    use windows_sys::Wdk::Graphics::Direct3D::{D3DKMT_ADAPTERINFO, D3DKMT_ENUMADAPTERS2};
    /// More than a machine has.
    const ADAPTERS_MAX: usize = 64;

    let mut adapters = [D3DKMT_ADAPTERINFO::default(); ADAPTERS_MAX];
    let mut list = D3DKMT_ENUMADAPTERS2 {
        NumAdapters: ADAPTERS_MAX as u32,
        pAdapters: adapters.as_mut_ptr(),
    };
    let enumerate = enumerate().ok_or("gdi32.dll has no D3DKMTEnumAdapters2")?;
    // SAFETY: the list says how many entries the array has, and both live until the call returns.
    let status = unsafe { enumerate(&raw mut list) };
    if status < 0 {
        return Err(format!("D3DKMTEnumAdapters2 returned {status:#010x}"));
    }
    let found = adapters.iter().take(list.NumAdapters as usize);
    Ok(found.filter_map(|adapter| ask(adapter.hAdapter)).collect())
}

/// D3DKMTEnumAdapters2.
#[cfg(windows)]
type Enumerate = unsafe extern "system" fn(
    *mut windows_sys::Wdk::Graphics::Direct3D::D3DKMT_ENUMADAPTERS2,
) -> windows_sys::Win32::Foundation::NTSTATUS;

/// Looks for the function, which gdi32.dll of Wine does not have: linked, it would end the process.
#[cfg(windows)]
fn enumerate() -> Option<Enumerate> {
    use windows_sys::Win32::System::LibraryLoader::{GetModuleHandleA, GetProcAddress};

    // SAFETY: the name ends with a zero.
    let module = unsafe { GetModuleHandleA(c"gdi32.dll".as_ptr().cast()) };
    if module.is_null() {
        return None;
    }
    // SAFETY: the functions that `ask` links to keep the module loaded; the name ends with a zero.
    let found = unsafe { GetProcAddress(module, c"D3DKMTEnumAdapters2".as_ptr().cast()) }?;
    // SAFETY: d3dkmthk.h gives the function of this name this type.
    Some(unsafe { core::mem::transmute::<unsafe extern "system" fn() -> isize, Enumerate>(found) })
}

/// Asks one adapter and closes it.
#[cfg(windows)]
fn ask(adapter: u32) -> Option<Driver> {
    use windows_sys::Wdk::Graphics::Direct3D::{
        D3DKMT_CLOSEADAPTER, D3DKMT_QUERYADAPTERINFO, D3DKMTCloseAdapter, D3DKMTQueryAdapterInfo,
        KMTQAITYPE_QUERY_MIRACAST_DRIVER_TYPE,
    };
    let mut answer = 0_i32;
    let mut query = D3DKMT_QUERYADAPTERINFO {
        hAdapter: adapter,
        Type: KMTQAITYPE_QUERY_MIRACAST_DRIVER_TYPE,
        pPrivateDriverData: (&raw mut answer).cast(),
        PrivateDriverDataSize: size_of_val(&answer) as u32,
    };
    // SAFETY: the query points to an i32, says its size, and both live until the call returns.
    let status = unsafe { D3DKMTQueryAdapterInfo(&raw mut query) };
    let close = D3DKMT_CLOSEADAPTER { hAdapter: adapter };
    // SAFETY: the enumeration opened the handle, and nobody uses it after this.
    let _ = unsafe { D3DKMTCloseAdapter(&raw const close) };
    (status >= 0).then(|| answer.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_d3dkmthk() {
        assert_eq!(
            [0, 1, 2, 3].map(Driver::from),
            [
                Driver::NotSupported,
                Driver::Vendor,
                Driver::Microsoft,
                Driver::Other(3)
            ]
        );
    }
}
