//! The recorded streams: made once, by ffmpeg's libx264 out of its own test pictures.

use core::time::Duration;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::runner::{Runner, TOOL_LIMIT};

/// One stream; noise makes the encoder use all of its rate.
struct Recipe {
    name: &'static str,
    size: &'static str,
    seconds: &'static str,
    rate: &'static str,
    buffer: &'static str,
    slices: &'static str,
}

const RECIPES: [Recipe; 3] = [
    Recipe {
        name: "1080p60_30M",
        size: "1920x1080",
        seconds: "10",
        rate: "30M",
        buffer: "1M",
        slices: "1",
    },
    Recipe {
        name: "1080p60_30M_4sl",
        size: "1920x1080",
        seconds: "10",
        rate: "30M",
        buffer: "1M",
        slices: "4",
    },
    Recipe {
        name: "2160p60_100M",
        size: "3840x2160",
        seconds: "4",
        rate: "100M",
        buffer: "3400k",
        slices: "1",
    },
];

/// For ten seconds of 1080p on a small machine.
const LIMIT: Duration = Duration::from_mins(10);

/// Records the streams that are not in `place` yet, and has `program` write their indexes.
///
/// # Errors
/// ffmpeg fails, or a file cannot be written.
pub(super) fn record(place: &Path, program: &Path, runner: &mut Runner) -> anyhow::Result<()> {
    for recipe in &RECIPES {
        let stream = place.join(format!("{}.h264", recipe.name));
        let index = stream.with_extension("index");
        if stream.exists() && index.exists() {
            continue;
        }
        // Under its name only when it is whole: what was interrupted is made again.
        let unfinished = stream.with_extension("part");
        runner.run(recipe.ffmpeg().arg(&unfinished), LIMIT)?;
        fs::rename(&unfinished, &stream)?;
        let mut command = Command::new(program);
        command.arg("index").arg(&stream).arg(&index);
        runner.run(&mut command, TOOL_LIMIT)?;
    }
    Ok(())
}

impl Recipe {
    /// The command but for its output: constant rate, an IDR picture each second, delimiters and
    /// parameter sets as an encoder for Miracast makes them.
    fn ffmpeg(&self) -> Command {
        let picture = format!("testsrc2=s={}:r=60,noise=alls=40:allf=t", self.size);
        let x264 = format!(
            "keyint=60:min-keyint=60:scenecut=0:aud=1:repeat-headers=1:nal-hrd=cbr:force-cfr=1:\
             slices={}:sliced-threads=0:threads=2",
            self.slices
        );
        let mut command = Command::new("ffmpeg");
        command
            .args(["-v", "error", "-y", "-f", "lavfi", "-i", &picture])
            .args(["-t", self.seconds, "-pix_fmt", "yuv420p"])
            .args(["-c:v", "libx264", "-profile:v", "baseline"])
            .args(["-preset", "ultrafast", "-tune", "zerolatency"])
            .args(["-b:v", self.rate, "-maxrate", self.rate])
            .args(["-bufsize", self.buffer, "-x264-params", &x264])
            .args(["-f", "h264"]);
        command
    }
}
