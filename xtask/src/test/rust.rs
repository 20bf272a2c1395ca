//! What the Rust tools say about the whole workspace.

use super::Check;
use super::runner::{BUILD_LIMIT, Runner};
use crate::suite::cargo;

pub(crate) const CHECKS: [Check; 4] = [
    Check {
        name: "fmt",
        needs: &[],
        after: &[],
        run: fmt,
    },
    Check {
        name: "clippy",
        needs: &["nasm"],
        after: &[],
        run: clippy,
    },
    Check {
        name: "doc",
        needs: &["nasm"],
        after: &[],
        run: doc,
    },
    Check {
        name: "cargo-test",
        needs: &["nasm"],
        after: &[],
        run: cargo_test,
    },
];

fn fmt(runner: &mut Runner) -> anyhow::Result<String> {
    runner.run(
        cargo().args(["fmt", "--all", "--check", "--", "--color", "never"]),
        BUILD_LIMIT,
    )?;
    Ok("all files formatted".into())
}

fn clippy(runner: &mut Runner) -> anyhow::Result<String> {
    let mut command = cargo();
    command.args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]);
    runner.run(&mut command, BUILD_LIMIT)?;
    Ok("no warning".into())
}

fn doc(runner: &mut Runner) -> anyhow::Result<String> {
    let mut command = cargo();
    command
        .args(["doc", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings");
    runner.run(&mut command, BUILD_LIMIT)?;
    Ok("no warning".into())
}

fn cargo_test(runner: &mut Runner) -> anyhow::Result<String> {
    let printed = runner.finish(cargo().args(["test", "--workspace"]), BUILD_LIMIT)?;
    // cargo's own closing lines belong in the output: they say what ran.
    let closing: Vec<_> = printed
        .stdout
        .lines()
        .filter(|line| line.starts_with("test result: "))
        .collect();
    for line in &closing {
        println!("{line}");
    }
    anyhow::ensure!(printed.status.success(), "cargo test: {}", printed.status);
    let passed: u32 = closing.iter().filter_map(|line| passed(line)).sum();
    anyhow::ensure!(passed > 0, "no test ran");
    Ok(format!("{passed} tests in {} programs", closing.len()))
}

/// The first number of `test result: ok. 12 passed; …`.
fn passed(line: &str) -> Option<u32> {
    line.split_once(" passed;")?
        .0
        .rsplit(' ')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_line_of_cargo_test_is_read() {
        let line = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(passed(line), Some(12));
        assert_eq!(passed("test result: ok."), None);
    }
}
