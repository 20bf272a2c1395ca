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

/// A test that prints without end hides the other checks' lines.
const FAILURE_LINES_MAX: usize = 200;

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
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]);
    let printed = runner.finish(&mut command, BUILD_LIMIT)?;
    // cargo's own closing lines belong in the output: they say what ran.
    let closing: Vec<_> = printed
        .stdout
        .lines()
        .filter(|line| line.starts_with("test result: "))
        .collect();
    for line in &closing {
        println!("{line}");
    }
    for line in failures(&printed.stdout) {
        println!("    {line}");
    }
    anyhow::ensure!(printed.status.success(), "cargo test: {}", printed.status);
    let passed: u32 = closing.iter().filter_map(|line| passed(line)).sum();
    anyhow::ensure!(passed > 0, "no test ran");
    Ok(format!("{passed} tests in {} programs", closing.len()))
}

/// What the failed tests of all programs printed, and their names. The log may be gone when somebody
/// asks which test it was.
fn failures(text: &str) -> impl Iterator<Item = &str> {
    let mut within = false;
    let told = text.lines().filter(move |line| {
        within = (within || *line == "failures:") && !line.starts_with("test result: ");
        within && !line.is_empty()
    });
    told.take(FAILURE_LINES_MAX)
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

    #[test]
    fn failed_tests_are_told_with_what_they_printed() {
        let text = "running 2 tests\ntest a ... ok\ntest b ... FAILED\n\nfailures:\n\n\
                    ---- b stdout ----\nleft: 1\n\nfailures:\n    b\n\n\
                    test result: FAILED. 1 passed; 1 failed\ntest c ... ok\n";
        let told: Vec<_> = failures(text).collect();
        let expected = [
            "failures:",
            "---- b stdout ----",
            "left: 1",
            "failures:",
            "    b",
        ];
        assert_eq!(told, expected);
    }
}
