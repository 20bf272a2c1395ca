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
    command.env("CARGO_TARGET_DIR", project_root().join("target/debian"));
    command
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1");
    for inherited in ["CARGO", "RUSTFLAGS", "RUSTUP_TOOLCHAIN", "RUSTC_WRAPPER"] {
        command.env_remove(inherited);
    }
    command.args([verb, "--target", target]);
    command
}
