//! What `pnputil` prints and returns.

/// The names under which Windows keeps INFs that were called `original`, from `pnputil
/// /enum-drivers`: blocks of lines with blank lines between, in each the names of one package. There
/// is one package for each version that was installed.
pub(crate) fn published(printed: &str, original: &str) -> Vec<String> {
    let lines: Vec<&str> = printed.lines().map(str::trim).collect();
    // The captions are translated, so the values decide.
    let values = |block: &[&'_ str]| -> Vec<String> {
        let values = block.iter().filter_map(|line| line.split_once(':'));
        values
            .map(|(_, value)| value.trim().to_ascii_lowercase())
            .collect()
    };
    lines
        .split(|line| line.is_empty())
        .map(values)
        .filter(|values| {
            values
                .iter()
                .any(|value| value.eq_ignore_ascii_case(original))
        })
        .filter_map(|values| values.into_iter().find(|value| is_published(value)))
        .collect()
}

/// `oem`, a number, `.inf`.
fn is_published(name: &str) -> bool {
    let number = name
        .strip_prefix("oem")
        .and_then(|rest| rest.strip_suffix(".inf"));
    number.is_some_and(|number| number.parse::<u32>().is_ok())
}

/// What the exit code of `/add-driver /install` says, when no package of ours was there before.
///
/// # Errors
/// If the package was not taken, with the code.
pub(crate) fn added(code: Option<i32>) -> Result<&'static str, String> {
    match code {
        Some(0) => Ok("the package is installed"),
        // ERROR_NO_MORE_ITEMS
        Some(259) => {
            Ok("the package is in the driver store, but no device here has its hardware id")
        }
        // ERROR_SUCCESS_REBOOT_REQUIRED
        Some(3010) => Ok("the package is installed when Windows has been restarted"),
        other => Err(format!(
            "pnputil did not take the package (exit code {other:?})"
        )),
    }
}

/// Whether the exit code of `/delete-driver /uninstall` says that the package is gone.
pub(crate) const fn removed(code: Option<i32>) -> bool {
    // ERROR_SUCCESS_REBOOT_REQUIRED
    matches!(code, Some(0 | 3010))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRIVERS: &str = "Microsoft PnP Utility\r\n\r\n\
        Published Name:     oem3.inf\r\n\
        Original Name:      vendor_display.inf\r\n\
        Provider Name:      Example Vendor\r\n\
        Class Name:         Display adapters\r\n\
        Class GUID:         {4d36e968-e325-11ce-bfc1-08002be10318}\r\n\
        Driver Version:     08/14/2026 32.0.15.6094\r\n\
        Signer Name:        Microsoft Windows Hardware Compatibility Publisher\r\n\r\n\
        Published Name:     oem16.inf\r\n\
        Original Name:      miracast_umd.inf\r\n\
        Provider Name:      Example Vendor\r\n\
        Class Name:         Extensions\r\n\
        Class GUID:         {e2f84ce7-8efa-411c-aa69-97454ca4cb57}\r\n\
        Extension ID:       {f59c77e6-6c78-4fab-9a6b-aa4eadeaa2db}\r\n\
        Driver Version:     11/22/2026 0.1.0.0\r\n\
        Signer Name:        Miracast driver test certificate\r\n\r\n";

    #[test]
    fn the_published_name_is_that_of_the_block() {
        assert_eq!(published(DRIVERS, "miracast_umd.inf"), ["oem16.inf"]);
        assert!(published(DRIVERS, "other.inf").is_empty());
        assert!(published("", "miracast_umd.inf").is_empty());
    }

    #[test]
    fn each_version_has_a_published_name() {
        let (_, ours) = DRIVERS
            .split_once("\r\n\r\nPublished Name:     oem16")
            .unwrap();
        let both = format!("{DRIVERS}Published Name:     oem21{ours}");
        assert_eq!(
            published(&both, "miracast_umd.inf"),
            ["oem16.inf", "oem21.inf"]
        );
    }

    #[test]
    fn the_captions_may_be_translated() {
        let german = DRIVERS
            .replace("Published Name", "Veröffentlichter Name")
            .replace("Original Name", "Originalname");
        assert_eq!(published(&german, "Miracast_UMD.inf"), ["oem16.inf"]);
    }

    #[test]
    fn exit_codes_have_their_meaning() {
        assert!(added(Some(0)).is_ok());
        assert!(added(Some(259)).unwrap().contains("no device here"));
        assert!(added(Some(3010)).unwrap().contains("restarted"));
        assert!(added(Some(5)).unwrap_err().contains('5'));
        assert!(added(None).is_err());
        assert!(removed(Some(0)) && removed(Some(3010)));
        assert!(!removed(Some(2)) && !removed(None));
    }
}
