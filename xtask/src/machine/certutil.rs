//! What `certutil -store STORE THUMBPRINT` prints.

/// Whether it shows the certificate: a line whose value is the thumbprint, with or without blanks
/// between its bytes.
pub(crate) fn holds(printed: &str, thumbprint: &str) -> bool {
    printed.lines().any(|line| {
        let value = line.rsplit(": ").next().unwrap_or_default();
        value
            .replace(' ', "")
            .trim_end()
            .eq_ignore_ascii_case(thumbprint)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const THUMBPRINT: &str = "e6cc21e72b8357bd5a0990db7ded3421f3f8b9aa";
    const FOUND: &str = "Root \"Trusted Root Certification Authorities\"\r\n\
        ================ Certificate 0 ================\r\n\
        Serial Number: 40d7e4a080d857b7418f88e767a9c405\r\n\
        Issuer: CN=Miracast driver test certificate\r\n\
        Subject: CN=Miracast driver test certificate\r\n\
        Signature matches Public Key\r\n\
        Root Certificate: Subject matches Issuer\r\n\
        Cert Hash(sha1): e6cc21e72b8357bd5a0990db7ded3421f3f8b9aa\r\n\
        CertUtil: -store command completed successfully.\r\n";

    #[test]
    fn the_thumbprint_is_a_value() {
        assert!(holds(FOUND, THUMBPRINT));
        assert!(holds(FOUND, &THUMBPRINT.to_uppercase()));
        let spaced = FOUND.replace("e6cc21e7", "e6 cc 21 e7 ");
        assert!(holds(&spaced, THUMBPRINT));
        assert!(!holds(&FOUND.replace("e6cc", "e6cd"), THUMBPRINT));
    }

    #[test]
    fn a_complaint_about_the_thumbprint_does_not_hold_it() {
        let printed = "Root \"Trusted Root Certification Authorities\"\r\n\
            CertUtil: -store command FAILED: 0x80090011 (-2146893807 NTE_NOT_FOUND)\r\n\
            CertUtil: Object was not found.\r\n";
        assert!(!holds(printed, THUMBPRINT));
    }
}
