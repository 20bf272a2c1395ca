//! What `whoami /groups /fo csv /nh` prints: `"name","type","sid","attributes"`, a line for each group
//! of this process's token.

/// The mandatory labels of a token with all of an administrator's rights and of that of the system.
/// Group names are translated, their SIDs are not.
const ELEVATED: [&str; 2] = ["S-1-16-12288", "S-1-16-16384"];

/// Whether the process has the rights of an administrator, and not only a user who could ask for
/// them; nothing if there is no mandatory label.
pub(crate) fn is_elevated(printed: &str) -> Option<bool> {
    let sids = printed
        .lines()
        .filter_map(|line| line.split("\",\"").nth(2));
    let mut labels = sids.filter(|sid| sid.starts_with("S-1-16-"));
    labels.next().map(|sid| ELEVATED.contains(&sid))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An administrator's token, which names the group of administrators whether it may use it or not.
    const GROUPS: &str = "\"Everyone\",\"Well-known group\",\"S-1-1-0\",\"Mandatory group, Enabled by default, Enabled group\"\r\n\
        \"BUILTIN\\Administrators\",\"Alias\",\"S-1-5-32-544\",\"Group used for deny only\"\r\n\
        \"Mandatory Label\\Medium Mandatory Level\",\"Label\",\"S-1-16-8192\",\"\"\r\n";

    #[test]
    fn the_label_decides_and_not_the_group() {
        assert_eq!(is_elevated(GROUPS), Some(false));
        for label in ["12288", "16384"] {
            let printed = GROUPS.replace("8192", label);
            assert_eq!(is_elevated(&printed), Some(true), "{label}");
        }
        let (without, _) = GROUPS.split_once("\"Mandatory Label").unwrap();
        assert_eq!(is_elevated(without), None);
    }
}
