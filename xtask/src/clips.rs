//! Clips that the emulated miniport plays from a file: somebody else's encoder, by way of Debian's
//! FFmpeg. They are made once and stay in target/clips.

use core::time::Duration;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::runner::Runner;
use crate::suite::project_root;

/// An encoder at its fastest takes some times the clip's length.
const MAKE_LIMIT: Duration = Duration::from_mins(10);

/// How a clip is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clip {
    /// The file's name.
    name: &'static str,
    /// Words of the command line between the program and the file.
    words: &'static [&'static str],
}

/// 1280x720p30 in H.265 Main, 3 s, an IDR picture every 2 s: no reordering, one slice a picture, and
/// the headers that a byte stream needs.
pub(crate) const HEVC: Clip = Clip {
    name: "1280x720p30.h265",
    words: &[
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=1280x720:rate=30",
        "-t",
        "3",
        "-pix_fmt",
        "yuv420p",
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-b:v",
        "3M",
        "-x265-params",
        "aud=1:repeat-headers=1:bframes=0:keyint=60:scenecut=0:open-gop=0:slices=1:level-idc=3.1:\
         log-level=error",
        "-f",
        "hevc",
    ],
};

/// 3840x2160p60 in H.264 Constrained Baseline, 4 s of noise at 100 Mbit/s, an IDR picture a second. By
/// macroblocks, four slices are of equal size, as S2.1 App. D.1.1 demands; by number they would be whole
/// rows, which 135 are not four times.
pub(crate) const UHD: Clip = Clip {
    name: "3840x2160p60.h264",
    words: &[
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=3840x2160:rate=60,noise=alls=20:allf=t",
        "-t",
        "4",
        "-pix_fmt",
        "yuv420p",
        "-c:v",
        "libx264",
        "-profile:v",
        "baseline",
        "-level:v",
        "5.2",
        "-preset",
        "ultrafast",
        "-tune",
        "zerolatency",
        "-b:v",
        "100M",
        "-minrate",
        "100M",
        "-maxrate",
        "100M",
        "-bufsize",
        "20M",
        "-g",
        "60",
        "-keyint_min",
        "60",
        "-sc_threshold",
        "0",
        "-x264-params",
        "slice-max-mbs=8100:aud=1:threads=2:sliced-threads=0",
        "-f",
        "h264",
    ],
};

/// 640x480p60 in H.264 Constrained Baseline, 1 s that begins with its only IDR picture.
pub(crate) const VGA: Clip = Clip {
    name: "640x480p60.h264",
    words: &[
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=640x480:rate=60",
        "-t",
        "1",
        "-pix_fmt",
        "yuv420p",
        "-c:v",
        "libx264",
        "-profile:v",
        "baseline",
        "-level:v",
        "3.1",
        "-preset",
        "ultrafast",
        "-tune",
        "zerolatency",
        "-b:v",
        "2M",
        "-g",
        "60",
        "-sc_threshold",
        "0",
        "-x264-params",
        "slices=1",
        "-f",
        "h264",
    ],
};

impl Clip {
    /// Its file, made if there is none that was made so.
    ///
    /// # Errors
    /// If FFmpeg is missing or fails, or target/clips cannot be written.
    pub(crate) fn file(&self, runner: &mut Runner) -> anyhow::Result<PathBuf> {
        let directory = project_root().join("target/clips");
        fs::create_dir_all(&directory)?;
        let file = directory.join(self.name);
        let (made_by, words) = (file.with_extension("made-by"), self.words.join(" "));
        let is_made = fs::read_to_string(&made_by).is_ok_and(|text| text == words);
        if is_made && file.exists() {
            return Ok(file);
        }
        // Under another name until it is whole: what is interrupted must not be taken for a clip.
        let part = file.with_extension("part");
        let mut command = Command::new("ffmpeg");
        command.args(["-hide_banner", "-nostdin", "-y", "-v", "error"]);
        command.args(self.words).arg(&part);
        runner.run(&mut command, MAKE_LIMIT)?;
        fs::rename(part, &file)?;
        fs::write(made_by, words)?;
        Ok(file)
    }
}
