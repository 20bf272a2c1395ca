//! Event Tracing for Windows, as far as a provider needs it that describes its events itself.

use windows_sys::Win32::System::Diagnostics::Etw as etw;
use windows_sys::core::GUID;

/// `WINEVENT_CHANNEL_TRACELOGGING` of winmeta.h: the event is described by its first two parts.
const CHANNEL_TRACELOGGING: u8 = 11;

/// A registration with ETW. It must be gone before the DLL is: ETW calls into a module to tell of its
/// sessions, and remembers it.
#[derive(Debug)]
pub struct EventProvider(etw::REGHANDLE);

impl EventProvider {
    /// Registers the provider of this GUID. If that fails, events go nowhere: nothing depends on them.
    pub fn register(id: u128) -> Self {
        let (id, mut handle) = (GUID::from_u128(id), 0);
        // SAFETY: the pointers are to locals, and no function is to be called.
        let failed =
            unsafe { etw::EventRegister(&raw const id, None, core::ptr::null(), &raw mut handle) };
        Self(if failed == 0 { handle } else { 0 })
    }

    /// Whether somebody records events of this level and keyword.
    pub fn is_enabled(&self, level: u8, keyword: u64) -> bool {
        // SAFETY: the function has no preconditions; 0 is no registration.
        self.0 != 0 && unsafe { etw::EventProviderEnabled(self.0, level, keyword) }
    }

    /// Writes an event: TraceLogging's description of the provider, that of the event, and the values of
    /// its fields. That nobody may see it is no error here.
    pub fn write(&self, level: u8, keyword: u64, parts: [&[u8]; 3]) {
        let event = etw::EVENT_DESCRIPTOR {
            Channel: CHANNEL_TRACELOGGING,
            Level: level,
            Keyword: keyword,
            ..etw::EVENT_DESCRIPTOR::default()
        };
        let kinds = [
            etw::EVENT_DATA_DESCRIPTOR_TYPE_PROVIDER_METADATA,
            etw::EVENT_DATA_DESCRIPTOR_TYPE_EVENT_METADATA,
            etw::EVENT_DATA_DESCRIPTOR_TYPE_NONE,
        ];
        let mut place = 0;
        let parts = parts.map(|part| {
            let kind = kinds.get(place).copied().unwrap_or_default();
            place += 1;
            etw::EVENT_DATA_DESCRIPTOR {
                Ptr: part.as_ptr().addr() as u64,
                Size: part.len() as u32,
                // The kind is the lowest byte.
                Anonymous: etw::EVENT_DATA_DESCRIPTOR_0 { Reserved: kind },
            }
        });
        let (handle, count, data) = (self.0, parts.len() as u32, parts.as_ptr());
        let none = core::ptr::null();
        // SAFETY: the descriptors are locals, and what they point to lives as long as `parts` does.
        unsafe { etw::EventWriteTransfer(handle, &raw const event, none, none, count, data) };
    }
}

impl Drop for EventProvider {
    fn drop(&mut self) {
        if self.0 != 0 {
            // SAFETY: `self` owns the registration, which is given up nowhere else.
            unsafe { etw::EventUnregister(self.0) };
        }
    }
}
