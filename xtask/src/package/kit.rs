//! Where the tools of the Windows kits are: below `bin\VERSION\PROCESSOR` or `Tools\VERSION\PROCESSOR`
//! of the kit's directory. Processes of the tools for x64 and x86 run on every Windows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

/// What says where the kit is: the WDK's own variable, then where its setup puts it.
const ROOT_VARIABLE: &str = "WDKContentRoot";
const ROOT_DEFAULT: &str = r"C:\Program Files (x86)\Windows Kits\10";

/// The tool `name` of the youngest kit.
///
/// # Errors
/// If no kit has it.
pub(super) fn tool(name: &str) -> anyhow::Result<Command> {
    let root = std::env::var_os(ROOT_VARIABLE).map_or_else(|| ROOT_DEFAULT.into(), PathBuf::from);
    let path = find(&root, name).with_context(|| {
        format!(
            "{name}.exe is not below {}: install the WDK, or set {ROOT_VARIABLE}",
            root.display()
        )
    })?;
    Ok(Command::new(path))
}

fn find(root: &Path, name: &str) -> Option<PathBuf> {
    let mut versions = Vec::new();
    for kind in ["bin", "Tools"] {
        let entries = fs::read_dir(root.join(kind))
            .into_iter()
            .flatten()
            .flatten();
        versions.extend(entries.map(|entry| (version(&entry.path()), entry.path())));
    }
    versions.sort();
    let tool = |directory: &Path, processor| directory.join(processor).join(format!("{name}.exe"));
    versions
        .iter()
        .rev()
        .flat_map(|(_, directory)| ["x64", "x86"].map(|processor| tool(directory, processor)))
        .find(|path| path.is_file())
}

/// `10.0.26100.0` as numbers, so that 10.0.9 comes before 10.0.10; other names come first.
fn version(directory: &Path) -> Option<Vec<u32>> {
    let name = directory.file_name()?.to_str()?;
    name.split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::Runner;

    #[test]
    fn the_tool_is_that_of_the_youngest_kit_that_has_it() {
        let root = Runner::open("kit-find").unwrap().scratch().unwrap();
        for path in [
            "bin/10.0.9600.0/x64/signtool.exe",
            "bin/10.0.26100.0/x64/signtool.exe",
            "bin/10.0.26100.0/x86/signtool.exe",
            "bin/10.0.26100.0/x86/inf2cat.exe",
            "bin/x64/signtool.exe",
            "Tools/10.0.22621.0/x64/infverif.exe",
        ] {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = |name| find(&root, name);
        assert_eq!(
            found("signtool"),
            Some(root.join("bin/10.0.26100.0/x64/signtool.exe"))
        );
        assert_eq!(
            found("inf2cat"),
            Some(root.join("bin/10.0.26100.0/x86/inf2cat.exe"))
        );
        assert_eq!(
            found("infverif"),
            Some(root.join("Tools/10.0.22621.0/x64/infverif.exe"))
        );
        assert_eq!(found("stampinf"), None);
        assert_eq!(find(&root.join("none"), "signtool"), None);
    }
}
