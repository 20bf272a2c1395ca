//! What `certutil -store STORE` prints, of all certificates or of the one that is named behind it.

/// A thumbprint is a SHA-1 in hexadecimal.
const SHA1_DIGITS: usize = 40;

/// Whether it shows the certificate: a line whose value is the thumbprint, with or without blanks
/// between its bytes.
pub(crate) fn holds(printed: &str, thumbprint: &str) -> bool {
    let mut values = printed.lines().filter_map(hexadecimal);
    values.any(|value| value.eq_ignore_ascii_case(thumbprint))
}

/// The thumbprints of the certificates that name `subject` as theirs and as their issuer's. Each
/// begins with a line of equals signs; its thumbprint is the last value of 20 bytes, behind the serial
/// number, which may be as long.
pub(crate) fn of_subject(printed: &str, subject: &str) -> Vec<String> {
    let lines: Vec<&str> = printed.lines().collect();
    lines
        .split(|line| line.starts_with("===="))
        .filter(|block| block.iter().filter(|line| value(line) == subject).count() == 2)
        .filter_map(|block| {
            let mut values = block.iter().rev().filter_map(|line| hexadecimal(line));
            values.find(|value| value.len() == SHA1_DIGITS)
        })
        .collect()
}

/// What stands behind the caption of a line.
fn value(line: &str) -> &str {
    line.rsplit(": ").next().unwrap_or_default().trim()
}

/// A value of bytes, without the blanks that older Windows prints between them.
fn hexadecimal(line: &str) -> Option<String> {
    let digits = value(line).replace(' ', "");
    digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then_some(digits)
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
    fn the_certificates_of_the_subject_are_found_and_no_others() {
        let block = FOUND.find("====").unwrap();
        let (head, ours) = FOUND.split_at(block);
        let (ours, end) = ours.split_at(ours.find("CertUtil").unwrap());
        let older = ours.replace("e6cc21e7", "01 02 03 04 ");
        let long_serial = ours
            .replace("40d7e4a080d857b7418f88e767a9c405", &"7".repeat(40))
            .replace("e6cc", "e6cd");
        let subject = "CN=Miracast driver test certificate";
        let issued = ours.replace(&format!("Issuer: {subject}"), "Issuer: CN=Root of another");
        let longer = ours.replace(subject, &format!("{subject} of another"));
        let printed = [head, &older, &longer, ours, &issued, &long_serial, end].concat();
        assert_eq!(
            of_subject(&printed, subject),
            [
                "010203042b8357bd5a0990db7ded3421f3f8b9aa",
                THUMBPRINT,
                "e6cd21e72b8357bd5a0990db7ded3421f3f8b9aa"
            ]
        );
        assert!(of_subject(&[head, end].concat(), subject).is_empty());
    }

    #[test]
    fn a_complaint_about_the_thumbprint_does_not_hold_it() {
        let printed = "Root \"Trusted Root Certification Authorities\"\r\n\
            CertUtil: -store command FAILED: 0x80090011 (-2146893807 NTE_NOT_FOUND)\r\n\
            CertUtil: Object was not found.\r\n";
        assert!(!holds(printed, THUMBPRINT));
    }
}
