//! One line of an AddReg section: `HKR, [subkey], name, [flags], value`.

use super::syntax::Entry;

/// FLG_ADDREG_TYPE_SZ, which is also what an empty field means.
const REG_SZ: &str = "0x00000000";

/// FLG_ADDREG_TYPE_DWORD.
const REG_DWORD: &str = "0x00010001";

/// Checks the line, whose strings are in their place. Returns the file of the driver store that the
/// value names, if it names one.
///
/// # Errors
/// What is wrong with the line.
pub(super) fn value(entry: &Entry) -> Result<Option<String>, String> {
    let [root, _subkey, name, flags, value] = entry.fields.as_slice() else {
        return Err("a registry value is `HKR,subkey,name,flags,value`".into());
    };
    if entry.key.is_some() || !root.eq_ignore_ascii_case("HKR") {
        return Err("an extension INF writes below HKR only".into());
    }
    if name.is_empty() || value.is_empty() {
        return Err("a registry value has no name or no value".into());
    }
    if flags == REG_DWORD {
        return match value.parse::<u32>() {
            Ok(_) => Ok(None),
            Err(_) => Err(format!("{value} is no number")),
        };
    }
    if !flags.is_empty() && flags != REG_SZ {
        return Err(format!(
            "{flags} is neither {REG_SZ}, a string, nor {REG_DWORD}"
        ));
    }
    match value.strip_prefix(r"%13%\") {
        Some(file) => Ok(Some(file.to_owned())),
        None if value.contains(['%', '\\']) => {
            Err(format!("{value} is no path of the driver store"))
        }
        None => Ok(None),
    }
}
