//! What a run of the demo left: the stream, the capture and the counters that the analysers are
//! held against.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::runner::{CouldNotRun, Runner};
use super::summary::Summary;
use crate::suite::project_root;

/// One recorded session.
#[derive(Clone, Debug)]
pub(crate) struct Recording {
    /// The transport stream that the sink received, without RTP.
    pub(crate) stream: PathBuf,
    /// RTSP and RTP as they were on the wire.
    pub(crate) capture: PathBuf,
    /// The demo's own counters.
    pub(crate) summary: Summary,
    /// What the pictures are coded with.
    pub(crate) codec: Codec,
}

/// The sessions that the demo records, in the order of [`super::demo::CHECKS`].
pub(crate) const NAMES: [&str; 6] = [
    "demo",
    "demo-encoder-headers",
    "demo-slices",
    "demo-hevc",
    "demo-aac",
    "demo-ac3",
];

/// A codec of pictures in the words of the analysers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Codec {
    /// FFmpeg's name of it.
    pub(crate) ffmpeg: &'static str,
    /// GStreamer's parser and decoder.
    pub(crate) gstreamer: [&'static str; 2],
}

impl Codec {
    pub(crate) const H264: Self = Self {
        ffmpeg: "h264",
        gstreamer: ["h264parse", "avdec_h264"],
    };
    pub(crate) const H265: Self = Self {
        ffmpeg: "hevc",
        gstreamer: ["h265parse", "avdec_h265"],
    };

    /// That of the recording `name`.
    fn of(name: &str) -> Self {
        if name == NAMES[3] {
            Self::H265
        } else {
            Self::H264
        }
    }
}

const FILES: [&str; 4] = ["report.html", "summary.json", "stream.ts", "session.pcap"];

impl Recording {
    /// Removes what earlier runs left, so that nothing old can pass for new.
    ///
    /// # Errors
    /// If a file is there and stays.
    pub(crate) fn forget(name: &str) -> anyhow::Result<()> {
        for path in [place(name), project_root().join("target/demo")] {
            if path.exists() {
                fs::remove_dir_all(&path).with_context(|| path.display().to_string())?;
            }
        }
        Ok(())
    }

    /// Keeps what the demo has just written under `name`.
    ///
    /// # Errors
    /// If the demo did not write all of its files.
    pub(crate) fn keep(name: &str) -> anyhow::Result<Self> {
        let to = place(name);
        fs::create_dir_all(&to)?;
        for file in FILES {
            let from = project_root().join("target/demo").join(file);
            fs::copy(&from, to.join(file)).with_context(|| format!("the demo left no {file}"))?;
        }
        Self::open(name)
    }

    /// The recording that was kept under `name`.
    ///
    /// # Errors
    /// [`CouldNotRun`] if there is none.
    pub(crate) fn open(name: &str) -> anyhow::Result<Self> {
        let directory = place(name);
        if !directory.join("summary.json").exists() {
            return Err(CouldNotRun(format!("the check {name} left no recording")).into());
        }
        Self::read(&directory, Codec::of(name))
    }

    /// The one in a directory.
    ///
    /// # Errors
    /// If it has no summary.
    pub(crate) fn read(directory: &Path, codec: Codec) -> anyhow::Result<Self> {
        Ok(Self {
            stream: directory.join("stream.ts"),
            capture: directory.join("session.pcap"),
            summary: Summary::read(&directory.join("summary.json"))?,
            codec,
        })
    }
}

fn place(name: &str) -> PathBuf {
    project_root().join("target/check/recordings").join(name)
}

/// Lets an analyser look at every recording.
///
/// # Errors
/// The first fault, with the name of the recording.
pub(crate) fn each(
    runner: &mut Runner,
    examine: fn(&mut Runner, &Recording) -> anyhow::Result<String>,
) -> anyhow::Result<String> {
    let mut seen = String::new();
    for name in NAMES {
        let recording = Recording::open(name)?;
        seen = examine(runner, &recording).with_context(|| name)?;
    }
    Ok(format!("{} recordings; {seen} in the last", NAMES.len()))
}
