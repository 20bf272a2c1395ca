//! The machine and the day, without which a figure says nothing.

use std::fs;
use std::process::Command;

/// Where and when it was measured.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Machine {
    processor: String,
    processors: usize,
    kernel: String,
    compiler: String,
    libavformat: String,
    gstreamer: String,
    day: String,
}

impl Machine {
    /// This machine, today. What cannot be found out is called unknown.
    pub(crate) fn here() -> Self {
        let processors = std::thread::available_parallelism();
        Self {
            processor: processor().unwrap_or_else(unknown),
            processors: processors.map_or(0, usize::from),
            kernel: said("uname", &["-sr"]),
            compiler: said("rustc", &["--version"]),
            libavformat: said("pkg-config", &["--modversion", "libavformat"]),
            gstreamer: said("pkg-config", &["--modversion", "gstreamer-1.0"]),
            day: said("date", &["--utc", "+%Y-%m-%d"]),
        }
    }

    /// All of it in a sentence.
    pub(crate) fn sentence(&self) -> String {
        let Self {
            processor,
            processors,
            kernel,
            compiler,
            libavformat,
            gstreamer,
            day,
        } = self;
        format!(
            "Measured on {day} on {processors} processors of {processor}, {kernel}; {compiler}, \
             libavformat {libavformat}, GStreamer {gstreamer}."
        )
    }
}

fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("model name"))?;
    Some(line.trim_start_matches([' ', '\t', ':']).to_owned())
}

/// The first line that a program prints.
fn said(program: &str, words: &[&str]) -> String {
    let output = Command::new(program).args(words).output();
    let line = output.ok().and_then(|output| {
        let text = String::from_utf8(output.stdout).ok()?;
        Some(text.lines().next()?.to_owned())
    });
    line.unwrap_or_else(unknown)
}

fn unknown() -> String {
    "unknown".to_owned()
}
