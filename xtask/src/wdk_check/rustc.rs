//! xtask in the place of rustc: wdk-build and what it depends on, compiled where the host is not
//! Windows.
//!
//! They are made for Windows hosts and say so by `cfg`, so those few crates are told that this is
//! one. Cargo and the driver's own build script are told `wdk_check`: to cargo, a host that is a
//! Windows would be one for all crates. All of this is about host units, which are the compiler's
//! calls without `--target`; what is built for the driver's target passes unchanged. The registry's sources are not touched: one file of wdk-build calls a function of
//! Windows' `std`, and a changed copy is compiled in its place.

use std::ffi::OsString;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use anyhow::{Context as _, ensure};

use super::shape;

/// The variable that gives xtask this role.
pub(crate) const ROLE: &str = "XTASK_IS_RUSTC_OF_WDK_CHECK";

/// Crates that are empty, or lack a part, unless the host is a Windows.
const WINDOWS_ONLY: [&str; 8] = [
    "windows",
    "windows_collections",
    "windows_core",
    "windows_future",
    "windows_numerics",
    "windows_result",
    "windows_strings",
    "windows_threading",
];

/// What umd/Cargo.toml and umd/build.rs ask for besides `windows`.
const WDK_CHECK: [&str; 2] = ["--cfg", "wdk_check"];

/// The call that only `std` of Windows has, in the one place where wdk-build makes it, and one of
/// the same type. It makes a link for cargo-make, which this project does not use.
const SYMLINK: (&str, &str) = (
    "std::os::windows::fs::symlink_file",
    "std::os::unix::fs::symlink",
);

/// Compiles as rustc would, given what cargo gives to a wrapper: the compiler and its arguments.
///
/// # Errors
/// If the compiler cannot be started, or wdk-build is not as expected.
pub(crate) fn run(mut words: impl Iterator<Item = OsString>) -> anyhow::Result<ExitCode> {
    let rustc = words.next().context("cargo named no compiler")?;
    let words: Option<Vec<String>> = words.map(|word| word.into_string().ok()).collect();
    let call = Call {
        words: words.context("an argument is not UTF-8")?,
    };
    let status = Command::new(&rustc).args(call.changed()?).status();
    let status = status.with_context(|| rustc.display().to_string())?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// One call of the compiler, as cargo makes it.
struct Call {
    words: Vec<String>,
}

impl Call {
    /// The value of an option that is written as two words or with `=`.
    fn value(&self, option: &str) -> Option<&str> {
        let mut words = self.words.iter();
        while let Some(word) = words.next() {
            match word.strip_prefix(option) {
                Some("") => return words.next().map(String::as_str),
                Some(rest) if rest.starts_with('=') => return rest.get(1..),
                _ => {}
            }
        }
        None
    }

    fn has_extern(&self, name: &str) -> bool {
        let mut pairs = self.words.windows(2);
        pairs.any(|pair| matches!(pair, [option, value] if option == "--extern" && value.starts_with(name)))
    }

    /// The arguments for the compiler.
    fn changed(mut self) -> anyhow::Result<Vec<String>> {
        if self.value("--target").is_some() {
            return Ok(self.words);
        }
        match self.value("--crate-name").unwrap_or_default() {
            // Cargo asks for the host's `cfg`, and chooses dependencies by it.
            "___" => self.push(&WDK_CHECK),
            "build_script_build" if is_ours() => self.push(&WDK_CHECK),
            "wdk_build" => self.wdk_build()?,
            "windows_strings" => {
                self.on_windows();
                self.without_std();
            }
            name if WINDOWS_ONLY.contains(&name) => self.on_windows(),
            _ => {}
        }
        if self.has_extern("wdk_build=") {
            let object = shape::windows_calls();
            self.push(&["-C", &format!("link-arg={}", object.display())]);
        }
        Ok(self.words)
    }

    fn push(&mut self, words: &[&str]) {
        self.words.extend(words.iter().map(ToString::to_string));
    }

    fn on_windows(&mut self) {
        self.push(&["--cfg", "windows", "-A", "explicit_builtin_cfgs_in_flags"]);
    }

    /// Takes the feature `std` away, which is about `std::os::windows`.
    fn without_std(&mut self) {
        let feature = self.words.iter().position(|word| word == "feature=\"std\"");
        if let Some(at) = feature {
            // The word before it is `--cfg`.
            self.words.drain(at.saturating_sub(1)..=at);
        }
    }

    fn wdk_build(&mut self) -> anyhow::Result<()> {
        let out = PathBuf::from(self.value("--out-dir").context("no --out-dir")?);
        let root = self.words.iter_mut().find(|word| word.ends_with("lib.rs"));
        let root = root.context("no root of the crate")?;
        let source = Path::new(root).parent().context("no directory")?;
        let copy = out.join("wdk-build-for-this-host");
        copy_changed(source, &copy)?;
        *root = copy.join("lib.rs").display().to_string();
        self.push(&["--cfg", "target_os=\"windows\""]);
        self.on_windows();
        Ok(())
    }
}

/// Whether the build script is that of the driver. Cargo tells the compiler the package.
fn is_ours() -> bool {
    env::var_os("CARGO_PKG_NAME").is_some_and(|name| name == "miracast-umd")
}

/// Copies a directory and changes [`SYMLINK`] on the way.
fn copy_changed(source: &Path, copy: &Path) -> anyhow::Result<()> {
    let changed = copy_directory(source, copy)?;
    ensure!(
        changed == 1,
        "{changed} files of wdk-build call {}, not 1: this is another version of it",
        SYMLINK.0
    );
    Ok(())
}

/// Returns how many files were changed.
fn copy_directory(source: &Path, copy: &Path) -> anyhow::Result<u32> {
    fs::create_dir_all(copy)?;
    let mut changed = 0;
    for entry in fs::read_dir(source)? {
        let entry = entry?;
        let (path, copy) = (entry.path(), copy.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            changed += copy_directory(&path, &copy)?;
            continue;
        }
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        changed += u32::from(text.contains(SYMLINK.0));
        let mut file = File::create(copy)?;
        file.write_all(text.replace(SYMLINK.0, SYMLINK.1).as_bytes())?;
        // The time of the original: cargo compiles again what is younger than its own note of it.
        file.set_modified(entry.metadata()?.modified()?)?;
    }
    Ok(changed)
}
