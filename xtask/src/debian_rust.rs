//! Debian's Rust toolchain, which builds for targets that the pinned toolchain has no library for.
//!
//! rustup's toolchain has no library sources here, Debian's packages rustc-web, cargo-web and
//! rust-web-src do; `-Z build-std` is unstable, so their stable compiler is told to accept it.

use std::process::Command;

use crate::suite::project_root;

/// The packages behind [`debian_cargo`].
pub(crate) const PACKAGES: &[&str] = &["cargo-web", "rust-web-src", "rustc-web"];

/// `cargo VERB` of Debian's toolchain with `core` alone, built for `target`.
pub(crate) fn debian_cargo(verb: &str, target: &str) -> Command {
    let mut command = toolchain(verb, target);
    command.args(["-Z", "build-std=core"]);
    command.args(["-Z", "build-std-features=compiler-builtins-mem"]);
    command
}

/// The same with all of the standard library, for the programs that test what ships.
pub(crate) fn debian_cargo_std(verb: &str, target: &str) -> Command {
    let mut command = toolchain(verb, target);
    command.arg("-Z").arg(if verb == "test" {
        "build-std=std,panic_abort,test"
    } else {
        "build-std=std,panic_abort"
    });
    command
}

/// It has a target directory of its own: another compiler's artifacts would be thrown away on each
/// change between the two.
fn toolchain(verb: &str, target: &str) -> Command {
    let mut command = Command::new("/usr/bin/cargo");
    command.current_dir(project_root());
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(steers_the_build) {
            command.env_remove(name);
        }
    }
    command
        .env("CARGO_TARGET_DIR", project_root().join("target/debian"))
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1");
    command.args([verb, "--target", target]);
    command
}

/// Whether a variable of the environment is one by which the caller's build is led. This one
/// must not be: it comes to the same on every machine.
fn steers_the_build(variable: &str) -> bool {
    const NAMES: [&str; 6] = [
        "CARGO",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTC_WRAPPER",
        "RUSTFLAGS",
        "RUSTUP_TOOLCHAIN",
    ];
    const BEGINNINGS: [&str; 3] = ["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_TARGET_"];
    let begins = |beginning| variable.starts_with(beginning);
    NAMES.contains(&variable) || BEGINNINGS.into_iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_the_callers_build_is_told_from_the_rest() {
        for variable in [
            "CARGO_BUILD_RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_PROFILE_DLL_OPT_LEVEL",
            "CARGO_TARGET_X86_64_PC_WINDOWS_MSVC_RUSTFLAGS",
            "RUSTC_WORKSPACE_WRAPPER",
        ] {
            assert!(steers_the_build(variable), "{variable}");
        }
        for variable in ["CARGO_HOME", "CARGO_NET_OFFLINE", "HOME", "RUSTUP_HOME"] {
            assert!(!steers_the_build(variable), "{variable}");
        }
    }
}
