//! What the boot loader was told about test signatures: `bcdedit /enum {current}` for the next start,
//! the registry value SystemStartOptions for this one.

/// Whether `bcdedit` prints that test signing is on. `Yes` is translated on some Windows; there it
/// counts as off, and the options of this start decide.
pub(crate) fn test_signing(printed: &str) -> bool {
    printed.lines().any(|line| {
        let mut words = line.split_whitespace();
        words.next() == Some("testsigning") && words.next() == Some("Yes")
    })
}

/// Whether SystemStartOptions says that this start has it on.
pub(crate) fn started_with_test_signing(options: &str) -> bool {
    options.split_whitespace().any(|word| word == "TESTSIGNING")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = "\r\nWindows Boot Loader\r\n-------------------\r\n\
        identifier              {current}\r\n\
        device                  partition=C:\r\n\
        path                    \\Windows\\system32\\winload.efi\r\n\
        description             Windows 11\r\n\
        testsigning             Yes\r\n\
        nx                      OptIn\r\n";

    #[test]
    fn the_line_and_its_value_count() {
        assert!(test_signing(ENTRY));
        assert!(!test_signing(&ENTRY.replace("Yes", "No")));
        assert!(!test_signing(
            &ENTRY.replace("testsigning", "nointegritychecks")
        ));
        assert!(!test_signing(
            "The boot configuration data store could not be opened.\r\n"
        ));
    }

    #[test]
    fn the_option_is_a_whole_word() {
        assert!(started_with_test_signing(" TESTSIGNING  NOEXECUTE=OPTIN"));
        assert!(!started_with_test_signing(" NOEXECUTE=OPTIN"));
        assert!(!started_with_test_signing(" NOTESTSIGNING"));
    }
}
