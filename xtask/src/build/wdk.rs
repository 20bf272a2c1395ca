//! The driver built on Windows, through the Windows Driver Kit: with the feature `wdk`, by which
//! the compiler holds our types against the kit's own headers.
//!
//! What it is not: linked by Microsoft's linker. LLVM must be there in any case, because bindgen
//! reads the headers with it; and with the linker and the options of the build on Linux, what is
//! checked on that DLL holds for this one.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::ensure;

use super::{Arch, cross, link};
use crate::runner::{BUILD_LIMIT, Runner, TOOL_LIMIT};
use crate::suite::{cargo, project_root};

/// Where the setup programs put things, for what no variable says otherwise.
const KIT: &str = r"C:\Program Files (x86)\Windows Kits\10";
const LLVM: &str = r"C:\Program Files\LLVM\bin";

/// What this machine must have.
#[derive(Debug, Eq, PartialEq)]
struct Tools {
    /// The directory of libclang.dll, lld-link.exe and llvm-rc.exe.
    llvm: PathBuf,
}

/// Builds the DLL and its PDB into `directory`, and returns the DLL's path.
///
/// # Errors
/// If the kit, LLVM or the sources of `core` are not there, each with the remedy; or if the build
/// fails.
pub(crate) fn build(runner: &mut Runner, arch: Arch, directory: &Path) -> anyhow::Result<PathBuf> {
    let mut rustc = Command::new("rustc");
    // In the project's directory, where rustup chooses the pinned compiler.
    rustc
        .args(["--print", "sysroot"])
        .current_dir(project_root());
    let sysroot = runner.run(&mut rustc, TOOL_LIMIT)?.stdout;
    let variable = |name: &str| env::var_os(name).map(PathBuf::from);
    let tools = tools(variable, Path::new(sysroot.trim()))?;
    link::forget(directory)?;
    let mut compile = command(arch, &tools, &cross::rust_flags()?);
    runner.run(&mut compile, BUILD_LIMIT)?;
    let built = target_directory().join(arch.triple()).join("dll");
    let tool = |name: &str| Command::new(tools.llvm.join(name));
    link::link(runner, arch, &built, directory, tool)
}

/// Finds the tools, asking `variable` for the environment.
///
/// # Errors
/// What is missing, and what to do.
fn tools(variable: impl Fn(&str) -> Option<PathBuf>, sysroot: &Path) -> anyhow::Result<Tools> {
    let kit = variable("WDKContentRoot").unwrap_or_else(|| KIT.into());
    ensure!(
        has_driver_header(&kit),
        "no netdispumdddi.h below {}: work in the prompt of the eWDK (LaunchBuildEnv.cmd), or install \
         the WDK and set WDKContentRoot",
        kit.join("Include").display()
    );
    let llvm = variable("LIBCLANG_PATH").unwrap_or_else(|| LLVM.into());
    for file in ["libclang.dll", "lld-link.exe", "llvm-rc.exe"] {
        ensure!(
            llvm.join(file).is_file(),
            "no {file} in {}: install LLVM (winget install LLVM.LLVM), or set LIBCLANG_PATH",
            llvm.display()
        );
    }
    ensure!(
        sysroot.join("lib/rustlib/src/rust/library/core").is_dir(),
        "the sources of core are not in {}: rustup component add rust-src",
        sysroot.display()
    );
    Ok(Tools { llvm })
}

/// Whether some version of the kit below `root` has the header.
fn has_driver_header(root: &Path) -> bool {
    let versions = fs::read_dir(root.join("Include")).into_iter().flatten();
    versions
        .flatten()
        .any(|version| version.path().join("um/netdispumdddi.h").is_file())
}

/// The compiler's part. `core` is built too: without the C runtime it must bring memcpy and its
/// like, and the calls in it are to be guarded as ours are.
fn command(arch: Arch, tools: &Tools, flags: &[String]) -> Command {
    let mut command = cargo();
    command.args(["rustc", "--target", arch.triple(), "-p", "miracast-umd"]);
    command.args([
        "--features",
        "dll",
        "--profile",
        "dll",
        "--crate-type",
        "staticlib",
    ]);
    command.args(["-Z", "build-std=core"]);
    command.args(["-Z", "build-std-features=compiler-builtins-mem"]);
    // The pinned compiler is a stable one; `-Z` is for others unless this is set.
    command.env("RUSTC_BOOTSTRAP", "1");
    // Inside of the workspace, because wdk-build looks upwards from there for the lock file.
    command.env("CARGO_TARGET_DIR", target_directory());
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    command.env("LIBCLANG_PATH", &tools.llvm);
    command
}

fn target_directory() -> PathBuf {
    project_root().join("target/wdk")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files of a machine that has all, below a scratch directory.
    const FILES: [&str; 5] = [
        "kit/Include/10.0.26100.0/um/netdispumdddi.h",
        "llvm/libclang.dll",
        "llvm/lld-link.exe",
        "llvm/llvm-rc.exe",
        "rust/lib/rustlib/src/rust/library/core/Cargo.toml",
    ];

    fn on_machine_without(missing: &str) -> anyhow::Result<Tools> {
        let root = Runner::open("build-wdk").unwrap().scratch().unwrap();
        for file in FILES.iter().filter(|file| **file != missing) {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let variable = |name: &str| match name {
            "WDKContentRoot" => Some(root.join("kit")),
            "LIBCLANG_PATH" => Some(root.join("llvm")),
            _ => None,
        };
        tools(variable, &root.join("rust"))
    }

    #[test]
    fn what_is_missing_is_named_with_its_remedy() {
        assert!(on_machine_without("").is_ok());
        let remedies = ["eWDK", "LLVM.LLVM", "LLVM.LLVM", "LLVM.LLVM", "rust-src"];
        for (file, remedy) in FILES.into_iter().zip(remedies) {
            let error = on_machine_without(file).unwrap_err().to_string();
            assert!(error.contains(remedy), "{error}");
        }
    }

    #[test]
    fn a_machine_without_variables_is_looked_at_in_the_places_of_the_setup_programs() {
        let error = tools(|_| None, Path::new("")).unwrap_err().to_string();
        assert!(error.contains("Windows Kits"), "{error}");
    }

    #[test]
    fn the_kit_is_not_left_out() {
        let tools = Tools {
            llvm: "llvm".into(),
        };
        let command = command(Arch::Arm64, &tools, &[]);
        let words: Vec<_> = command
            .get_args()
            .filter_map(|word| word.to_str())
            .collect();
        assert!(words.contains(&"aarch64-pc-windows-msvc"));
        // It would take the feature `wdk` away.
        assert!(!words.contains(&"--no-default-features"));
    }
}
