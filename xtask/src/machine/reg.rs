//! What `reg query` prints.

/// One value of the registry.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Value {
    pub(crate) key: String,
    pub(crate) name: String,
    /// As printed: numbers in hexadecimal with 0x.
    pub(crate) data: String,
}

/// All values, in their order. Keys stand at the start of a line, values behind four blanks, with
/// four blanks between name, type and data.
pub(crate) fn values(printed: &str) -> Vec<Value> {
    let mut key = "";
    let mut found = Vec::new();
    for line in printed.lines().map(str::trim_end) {
        if line.starts_with("HKEY_") {
            key = line;
        } else if let Some(value) = line.strip_prefix("    ")
            && let Some((name, rest)) = value.split_once("    REG_")
        {
            let data = rest.split_once("    ").map_or("", |(_, data)| data);
            found.push(Value {
                key: key.into(),
                name: name.into(),
                data: data.into(),
            });
        }
    }
    found
}

/// The number that is printed as `0x1`.
pub(crate) fn number(data: &str) -> Option<u32> {
    u32::from_str_radix(data.strip_prefix("0x")?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `reg query HKLM\SYSTEM\CurrentControlSet\Control\Class\{…} /s /v MiracastDriverName`
    const CLASS: &str = "\r\n\
        HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0001\r\n    \
        MiracastDriverName    REG_SZ    C:\\Windows\\System32\\DriverStore\\FileRepository\\miracast_umd.inf_amd64_0123\\miracast_umd.dll\r\n\
        \r\n\
        End of search: 1 match(es) found.\r\n";

    #[test]
    fn values_have_their_key() {
        let found = values(CLASS);
        assert_eq!(found.len(), 1);
        assert!(found[0].key.ends_with(r"\0001"));
        assert_eq!(found[0].name, "MiracastDriverName");
        assert!(found[0].data.ends_with(r"_0123\miracast_umd.dll"));
    }

    #[test]
    fn data_keep_their_blanks_and_may_be_empty() {
        let printed = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\r\n    \
                       SystemStartOptions    REG_SZ     TESTSIGNING  NOEXECUTE=OPTIN    X\r\n    \
                       Empty Name    REG_SZ    \r\n";
        let found = values(printed);
        assert_eq!(found[0].data, " TESTSIGNING  NOEXECUTE=OPTIN    X");
        assert_eq!(
            (found[1].name.as_str(), found[1].data.as_str()),
            ("Empty Name", "")
        );
    }

    #[test]
    fn a_missing_value_is_none() {
        let printed =
            "ERROR: The system was unable to find the specified registry key or value.\r\n";
        assert_eq!(values(printed), []);
        assert_eq!(values("\r\nEnd of search: 0 match(es) found.\r\n"), []);
    }

    #[test]
    fn numbers_are_hexadecimal() {
        assert_eq!(number("0x1a"), Some(26));
        for bad in ["", "1", "0x", "0xg", "0x100000000"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }
}
