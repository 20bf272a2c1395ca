//! The C header of the contract: up to date, accepted by every compiler that a vendor may use, and
//! able to tell a wrong layout from a right one.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::Check;
use super::runner::{Runner, TOOL_LIMIT};
use crate::generated::Generated;
use crate::header::HEADER;
use crate::suite::project_root;

const COMPILERS_NEED: &[&str] = &[
    "clang-tools-19",
    "g++-mingw-w64-x86-64",
    "gcc-mingw-w64-x86-64",
];

pub(crate) const CHECKS: [Check; 3] = [
    Check {
        name: "header",
        needs: &[],
        after: &[],
        run: up_to_date,
    },
    Check {
        name: "header-compiles",
        needs: COMPILERS_NEED,
        after: &[],
        run: compiles,
    },
    Check {
        name: "header-probe",
        needs: COMPILERS_NEED,
        after: &[],
        run: probe,
    },
];

fn up_to_date(runner: &mut Runner) -> anyhow::Result<String> {
    is_up_to_date(HEADER, runner)
}

/// Whether a file is what its program prints.
pub(super) fn is_up_to_date(file: Generated, runner: &mut Runner) -> anyhow::Result<String> {
    let program = runner.build(file.program)?;
    let mut command = Command::new(program);
    let printed = runner.run(command.args(file.arguments), TOOL_LIMIT)?.stdout;
    let written = fs::read_to_string(project_root().join(file.path)).context(file.path)?;
    match file.difference(&written, &printed) {
        None => Ok(format!("{} is up to date", file.path)),
        Some(difference) => Err(anyhow::Error::msg(difference)),
    }
}

/// One way to compile.
struct Compiler {
    program: &'static str,
    /// Language, version, warnings as errors.
    options: &'static [&'static str],
}

const STRICT_C: &[&str] = &[
    "-xc",
    "-std=c11",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Werror",
];
/// Before `_Static_assert`: the assertions have another form.
const OLD_C: &[&str] = &[
    "-xc",
    "-std=c99",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Werror",
];
const STRICT_CXX: &[&str] = &[
    "-xc++",
    "-std=c++17",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Werror",
];
const X64: &str = "--target=x86_64-pc-windows-msvc";
const ARM64: &str = "--target=aarch64-pc-windows-msvc";

/// clang-cl has neither Microsoft's headers nor those of the system here: the header must do with
/// what every compiler brings.
const COMPILERS: [Compiler; 9] = [
    by("gcc", STRICT_C),
    by("gcc", OLD_C),
    by("g++", STRICT_CXX),
    by("x86_64-w64-mingw32-gcc", STRICT_C),
    by("x86_64-w64-mingw32-g++", STRICT_CXX),
    by("clang-cl-19", &[X64, "/TC", "/W4", "/WX"]),
    by("clang-cl-19", &[X64, "/TP", "/W4", "/WX", "/std:c++17"]),
    by("clang-cl-19", &[ARM64, "/TC", "/W4", "/WX"]),
    by("clang-cl-19", &[ARM64, "/TP", "/W4", "/WX", "/std:c++17"]),
];

const fn by(program: &'static str, options: &'static [&'static str]) -> Compiler {
    Compiler { program, options }
}

impl Compiler {
    /// Compiles a file that includes the header of `include` and nothing else.
    fn command(&self, include: &Path, directory: &Path) -> Command {
        let mut command = Command::new(self.program);
        command.args(self.options);
        command.arg("-I").arg(include);
        command.current_dir(directory).args(["-c", "includes.c"]);
        command
    }
}

fn write_includer(directory: &Path) -> anyhow::Result<()> {
    // A declaration of its own: a file without one is not C.
    let text = "#include \"miracast_kmd.h\"\nint includes_miracast_kmd;\n";
    Ok(fs::write(directory.join("includes.c"), text)?)
}

fn compiles(runner: &mut Runner) -> anyhow::Result<String> {
    let directory = runner.scratch()?;
    write_includer(&directory)?;
    let include = project_root().join("kmd-iface/include");
    for compiler in &COMPILERS {
        runner.run(&mut compiler.command(&include, &directory), TOOL_LIMIT)?;
    }
    Ok(format!("by {} compilers and languages", COMPILERS.len()))
}

/// Shows that the assertions of the header can fail: a member that is too small moves those behind it.
fn probe(runner: &mut Runner) -> anyhow::Result<String> {
    let directory = runner.scratch()?;
    write_includer(&directory)?;
    let text = fs::read_to_string(project_root().join(HEADER.path)).context(HEADER.path)?;
    fs::write(directory.join("miracast_kmd.h"), with_wrong_offset(&text)?)?;
    for compiler in &COMPILERS {
        let printed = runner.finish(&mut compiler.command(&directory, &directory), TOOL_LIMIT)?;
        let said = printed.stdout + &printed.stderr;
        ensure!(
            !printed.status.success() && said.contains("offsetof(MCKI_CHUNK_RECORD, position)"),
            "{} {:?} does not see a wrong offset",
            compiler.program,
            compiler.options
        );
    }
    Ok(format!("a wrong offset is seen by all {}", COMPILERS.len()))
}

/// The header with a chunk record whose position comes four bytes early.
fn with_wrong_offset(text: &str) -> anyhow::Result<String> {
    let (before, record) = text
        .split_once("typedef struct MCKI_CHUNK_RECORD {")
        .context("no chunk record")?;
    let wrong = record.replacen("    mcki_u64 position;", "    mcki_u8 position[8];", 1);
    let wrong = wrong.replacen("    mcki_u32 flags;", "    mcki_u16 flags;", 1);
    ensure!(wrong != record, "the probe changed nothing");
    Ok(format!(
        "{before}typedef struct MCKI_CHUNK_RECORD {{{wrong}"
    ))
}
