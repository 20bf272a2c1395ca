//! Every parameter that the core knows by name: the constants of `core::wfd::parameters::names`, read
//! from their source, so that none can be added without a row.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use miracast_core::wfd::parameters::names::{MICROSOFT_PREFIX, MISSPELT};

const SOURCE: &str = "core/src/wfd/parameters/names.rs";

/// The names, without those that are only misspelt.
///
/// # Errors
/// If the source cannot be read.
pub(crate) fn all() -> anyhow::Result<BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(root.join(SOURCE)).context(SOURCE)?;
    Ok(texts(&text))
}

fn texts(source: &str) -> BTreeSet<String> {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code = source.lines().filter(is_code);
    let between_quotes = code.flat_map(|line| line.split('"').skip(1).step_by(2));
    let misspelt = |name: &str| MISSPELT.iter().any(|(wrong, _)| *wrong == name);
    between_quotes
        .filter(|name| !misspelt(name) && *name != MICROSOFT_PREFIX)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_and_lists_are_found_and_comments_are_not() {
        let source = "/// As \"no_name\".\npub const A: &str = \"wfd_a\";\n\
                      const B: [(&str, &str); 1] = [(\"wfd_client_rtpports\", A)];\n    \"wfd_c\",\n";
        let found: Vec<_> = texts(source).into_iter().collect();
        assert_eq!(found, ["wfd_a", "wfd_c"]);
        assert!(all().is_ok_and(|names| names.contains("wfd_video_formats")));
    }
}
