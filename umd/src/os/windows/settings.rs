//! Settings in the registry: below the software keys of the display adapters, which is where an INF
//! can write (`HKR`).
//!
//! Which of the adapters the driver was loaded for it is not told. Of several that have a value the
//! one with the lowest number counts.

use windows_sys::Win32::Foundation as win32;
use windows_sys::Win32::System::Registry as registry;

use crate::limits::{ADAPTER_KEYS_MAX, SETTING_TEXT_MAX};
use crate::os::Stored;

/// The software key of the first display adapter, and the subkey of the driver's settings.
const KEY: &[u8] =
    br"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}\0000\Miracast";

/// Where the four digits of the adapter's number end in [`KEY`].
const NUMBER_END: usize = KEY.len() - br"\Miracast".len();

/// Room for a name or a path, with the NUL at its end.
type Wide = [u16; KEY.len() + 1];

/// The value of a setting. Text goes into `text`, see [`Stored::Text`].
pub fn setting(name: &str, text: &mut [u8; SETTING_TEXT_MAX]) -> Stored {
    let mut key = wide(KEY);
    for number in 0..ADAPTER_KEYS_MAX {
        write_number(&mut key, number);
        match read(registry::HKEY_LOCAL_MACHINE, &key, name, text) {
            Stored::Missing => {}
            found => return found,
        }
    }
    Stored::Missing
}

/// ASCII as Windows takes it; the rest is NUL.
fn wide(ascii: &[u8]) -> Wide {
    let mut wide = [0; KEY.len() + 1];
    for (to, from) in wide[..KEY.len()].iter_mut().zip(ascii) {
        *to = u16::from(*from);
    }
    wide
}

fn write_number(key: &mut Wide, number: u16) {
    let mut rest = number;
    for digit in key[NUMBER_END - 4..NUMBER_END].iter_mut().rev() {
        *digit = u16::from(b'0') + rest % 10;
        rest /= 10;
    }
}

fn read(root: registry::HKEY, key: &Wide, name: &str, text: &mut [u8; SETTING_TEXT_MAX]) -> Stored {
    const TYPES: u32 =
        registry::RRF_RT_REG_DWORD | registry::RRF_RT_REG_SZ | registry::RRF_RT_REG_MULTI_SZ;
    let name = wide(name.as_bytes());
    let mut data = [0_u16; SETTING_TEXT_MAX];
    let mut size = size_of_val(&data) as u32;
    let mut kind = 0;
    // SAFETY: root is a key that is always open, both texts end with NUL, and `data` has `size` bytes.
    let error = unsafe {
        registry::RegGetValueW(
            root,
            key.as_ptr(),
            name.as_ptr(),
            TYPES,
            &raw mut kind,
            data.as_mut_ptr().cast(),
            &raw mut size,
        )
    };
    match error {
        win32::ERROR_SUCCESS if kind == registry::REG_DWORD => {
            Stored::Number(u32::from(data[0]) | u32::from(data[1]) << 16)
        }
        win32::ERROR_SUCCESS => {
            let units = data.iter().take(size as usize / size_of::<u16>());
            Stored::text(units.copied(), text)
        }
        win32::ERROR_FILE_NOT_FOUND | win32::ERROR_PATH_NOT_FOUND => Stored::Missing,
        _ => Stored::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: registry::HKEY = registry::HKEY_CURRENT_USER;

    fn set(key: &Wide, name: &str, kind: u32, data: &[u8]) {
        let name = wide(name.as_bytes());
        // SAFETY: both texts end with NUL; pointer and length are those of a slice.
        let error = unsafe {
            registry::RegSetKeyValueW(
                ROOT,
                key.as_ptr(),
                name.as_ptr(),
                kind,
                data.as_ptr().cast(),
                data.len() as u32,
            )
        };
        assert_eq!(error, win32::ERROR_SUCCESS);
    }

    fn bytes(text: &str) -> std::vec::Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn each_type_is_read_and_what_is_too_long_or_of_another_type_is_refused() {
        let key = wide(br"Software\miracast_umd_test");
        set(
            &key,
            "number",
            registry::REG_DWORD,
            &0x1234_5678_u32.to_le_bytes(),
        );
        set(&key, "text", registry::REG_SZ, &bytes("Q17 Q60\0"));
        set(&key, "list", registry::REG_MULTI_SZ, &bytes("Q17\0Q60\0\0"));
        set(&key, "binary", registry::REG_BINARY, &[1, 2, 3, 4]);
        set(
            &key,
            "long",
            registry::REG_SZ,
            &bytes(&("x".repeat(SETTING_TEXT_MAX) + "\0")),
        );
        let mut text = [0; SETTING_TEXT_MAX];
        let mut read = |name| read(ROOT, &key, name, &mut text);
        assert_eq!(read("number"), Stored::Number(0x1234_5678));
        assert_eq!(read("absent"), Stored::Missing);
        assert_eq!(read("binary"), Stored::Unreadable);
        assert_eq!(read("long"), Stored::Unreadable);
        assert_eq!(read("text"), Stored::Text(7));
        assert_eq!(read("list"), Stored::Text(7));
        assert_eq!(&text[..7], b"Q17 Q60");
        // SAFETY: the text ends with NUL.
        let error = unsafe { registry::RegDeleteTreeW(ROOT, key.as_ptr()) };
        assert_eq!(error, win32::ERROR_SUCCESS);
    }

    #[test]
    fn the_adapters_have_numbers_of_four_digits() {
        let mut key = wide(KEY);
        write_number(&mut key, 31);
        let text = std::string::String::from_utf16(&key).unwrap();
        assert!(text.ends_with("0318}\\0031\\Miracast\0"), "{text}");
    }
}
