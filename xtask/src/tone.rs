//! The coded sound that the emulated miniport hands over: a tone on each side, coded once by FFmpeg.
//!
//! Encoders are not this project's matter: AAC and AC-3 pass through the driver as they come.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::suite::project_root;

/// Seconds of sound; the miniport plays them again and again.
const SECONDS: u32 = 8;

/// Bits a second: what the emulated miniport says of its sound.
const BIT_RATE: &str = "192k";

/// The Debian package that makes it.
pub(crate) const PACKAGE: &str = "ffmpeg";

/// The file with the frames of `sound`, as the program's `--sound` names it, below the project's directory;
/// made if it is not there. `None` of sound that has none: the miniport makes LPCM itself.
///
/// # Errors
/// If FFmpeg is not installed, or does not make it.
pub(crate) fn frames(sound: &str) -> anyhow::Result<Option<PathBuf>> {
    let format = match sound {
        "aac" => "adts",
        "ac3" => "ac3",
        _ => return Ok(None),
    };
    let path = PathBuf::from(format!("target/sound/tone.{sound}"));
    let whole = project_root().join(&path);
    if whole.exists() {
        return Ok(Some(path));
    }
    fs::create_dir_all(whole.parent().context("a file without a directory")?)?;
    let part = whole.with_extension("part");
    let tone = format!("aevalsrc=0.06*sin(2*PI*440*t)|0.06*sin(2*PI*660*t):s=48000:d={SECONDS}");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", &tone]);
    ffmpeg.args(["-c:a", sound, "-b:a", BIT_RATE, "-f", format]);
    let made = ffmpeg.arg(&part).output();
    let made = made.context("ffmpeg, which makes the sound: install it")?;
    let said = String::from_utf8_lossy(&made.stderr);
    ensure!(made.status.success(), "ffmpeg makes no {sound}: {said}");
    fs::rename(&part, &whole)?;
    Ok(Some(path))
}
