//! The worked example in C: accepted by the compilers that a vendor may use, and clean under
//! sanitizers when a hostile driver talks to it. That it answers right is for its own tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::Check;
use super::runner::{Runner, TOOL_LIMIT};
use crate::suite::project_root;

pub(crate) const CHECKS: [Check; 3] = [
    Check {
        name: "miniport-c-compiles",
        needs: &["clang-tools-19", "gcc-mingw-w64-x86-64"],
        after: &[],
        run: compiles,
    },
    Check {
        name: "miniport-c-hostile",
        needs: &[],
        after: &[],
        run: hostile,
    },
    Check {
        name: "miniport-c-probe",
        needs: &[],
        after: &[],
        run: probe,
    },
];

const SEEDS: [&str; 3] = ["1", "2", "3"];
const STEPS: &str = "200000";

const WARNINGS: [&str; 5] = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];

/// What the example takes of the C library and of the kit. There is neither here.
const STRING_H: &str = "#include <stddef.h>\n\
                        void *memcpy(void *to, const void *from, size_t length);\n\
                        void *memset(void *to, int byte, size_t length);\n";
const WDM_H: &str = "typedef unsigned long long ULONG64;\n\
                     ULONG64 ReadULong64Acquire(const volatile ULONG64 *word);\n\
                     void WriteULong64Release(volatile ULONG64 *word, ULONG64 value);\n";

fn directory() -> PathBuf {
    project_root().join("tests/miniport-c")
}

/// The sources of the example, in order.
fn sources() -> anyhow::Result<Vec<PathBuf>> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(directory().join("model"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "c") {
            sources.push(path);
        }
    }
    sources.sort();
    ensure!(!sources.is_empty(), "the example has no sources");
    Ok(sources)
}

fn compiler(program: &str, options: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(options);
    for include in [project_root().join("kmd-iface"), directory()] {
        command.arg("-I").arg(include.join("include"));
    }
    command
}

fn compiles(runner: &mut Runner) -> anyhow::Result<String> {
    let scratch = runner.scratch()?;
    fs::write(scratch.join("string.h"), STRING_H)?;
    fs::write(scratch.join("wdm.h"), WDM_H)?;
    let sources = sources()?;
    let mingw = [&["-std=c11"] as &[&str], &WARNINGS].concat();
    for source in &sources {
        let mut command = compiler("x86_64-w64-mingw32-gcc", &mingw);
        command.current_dir(&scratch).arg("-c").arg(source);
        runner.run(&mut command, TOOL_LIMIT)?;
        for target in ["x86_64", "aarch64"] {
            // Once as clang, and once with the kit's words for acquire and release.
            for kit in [&[] as &[&str], &["-U__clang__"]] {
                let mut command = compiler("clang-cl-19", &["/c", "/W4", "/WX", "/TC"]);
                command.arg(format!("--target={target}-pc-windows-msvc"));
                command.args(kit).arg("-I").arg(&scratch);
                command.current_dir(&scratch).arg(source);
                runner.run(&mut command, TOOL_LIMIT)?;
            }
        }
    }
    as_cxx(runner, &scratch)?;
    Ok(format!(
        "{} files by mingw and by clang-cl for x64 and ARM64",
        sources.len()
    ))
}

/// The example's header says that C++ may include it.
fn as_cxx(runner: &mut Runner, scratch: &Path) -> anyhow::Result<()> {
    let file = scratch.join("includes.cc");
    fs::write(
        &file,
        "#include \"mk_miniport.h\"\nint includes_mk_miniport;\n",
    )?;
    let strict = [&["-std=c++17", "-c"] as &[&str], &WARNINGS].concat();
    let mut command = compiler("g++", &strict);
    runner.run(command.current_dir(scratch).arg(&file), TOOL_LIMIT)?;
    Ok(())
}

/// The hostile driver and the example in one program, with sanitizers.
fn build(runner: &mut Runner) -> anyhow::Result<PathBuf> {
    let program = runner.scratch()?.join("hostile");
    let mut command = compiler(
        "gcc",
        &["-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-Werror"],
    );
    command.args(["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]);
    command.arg(directory().join("hostile/hostile.c"));
    command.args(sources()?).arg("-o").arg(&program);
    runner.run(&mut command, TOOL_LIMIT)?;
    Ok(program)
}

fn hostile(runner: &mut Runner) -> anyhow::Result<String> {
    let program = build(runner)?;
    let mut said = String::new();
    for seed in SEEDS {
        let mut command = Command::new(&program);
        said = runner.run(command.args([seed, STEPS]), TOOL_LIMIT)?.stdout;
        let chunks = chunks(&said).context("the program counted nothing")?;
        ensure!(chunks > 1000, "the sessions did not come to pictures");
    }
    Ok(format!("{} seeds; the last: {}", SEEDS.len(), said.trim()))
}

/// The number of chunks in `187242 requests answered, 20107 messages, 24450 chunks, 9120 of audio`.
fn chunks(said: &str) -> Option<u64> {
    let (words, _) = said.split_once(" chunks")?;
    words.rsplit(' ').next()?.parse().ok()
}

/// Shows that the sanitizers look: a buffer that is a byte shorter than its length is reported.
fn probe(runner: &mut Runner) -> anyhow::Result<String> {
    let program = build(runner)?;
    let mut command = Command::new(&program);
    let printed = runner.finish(command.args([SEEDS[0], STEPS, "--lie"]), TOOL_LIMIT)?;
    ensure!(
        !printed.status.success() && printed.stderr.contains("heap-buffer-overflow"),
        "a read behind a buffer was not seen"
    );
    Ok("a read behind a buffer is reported".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_of_chunks_is_found() {
        let said = "187242 requests answered, 20107 messages, 24450 chunks, 9120 of audio\n";
        assert_eq!(chunks(said), Some(24450));
        assert_eq!(chunks("nothing"), None);
    }
}
