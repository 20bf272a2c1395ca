//! Who takes part, and where the programs and the streams are.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;

/// The recorded streams, as `cargo xtask bench` names them.
pub(crate) const ONE_SLICE: &str = "1080p60_30M.h264";
pub(crate) const FOUR_SLICES: &str = "1080p60_30M_4sl.h264";
pub(crate) const FOUR_K: &str = "2160p60_100M.h264";

/// LPCM as Windows has it, made here.
pub(crate) const SOUND: &str = "lpcm48k.s16le";

/// More access units than any stream has.
pub(crate) const ALL: usize = 100_000;

/// A contestant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Ours,
    OursSlices,
    OursSound,
    OursContext,
    OursHandshake,
    Floor,
    Memcpy,
    MpegTsCore,
    LavfRtp,
    LavfTs,
    LavfSound,
    LavfContext,
    GStreamer,
    GStreamerSound,
    GStreamerContext,
    /// The driver's send calls without a packetizer before them.
    Segmented,
    Single,
    Together,
}

impl Who {
    /// As the tables call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ours | Self::OursSound | Self::OursContext | Self::OursHandshake => "this driver",
            Self::OursSlices => "this driver, slice by slice",
            Self::Floor => "floor: copy once",
            Self::Memcpy => "floor: memcpy",
            Self::MpegTsCore => "mpeg-ts-core",
            Self::LavfRtp | Self::LavfSound | Self::LavfContext => "libavformat rtp_mpegts",
            Self::LavfTs => "libavformat mpegts",
            Self::GStreamer | Self::GStreamerSound | Self::GStreamerContext => "GStreamer",
            Self::Segmented => "segmented send of 49",
            Self::Single => "a send for each",
            Self::Together => "sendmmsg of 49",
        }
    }

    /// The program in C and its first word, or that of ours.
    const fn program(self) -> (Option<&'static str>, &'static str) {
        match self {
            Self::Ours => (None, "ours"),
            Self::OursSlices => (None, "ours-slices"),
            Self::OursSound => (None, "ours-sound"),
            Self::OursContext => (None, "ours-context"),
            Self::OursHandshake => (None, "ours-handshake"),
            Self::Floor => (None, "floor"),
            Self::Memcpy => (None, "memcpy"),
            Self::MpegTsCore => (None, "mpeg-ts-core"),
            Self::Segmented => (None, "segmented"),
            Self::Single => (None, "single"),
            Self::Together => (None, "together"),
            Self::LavfRtp => (Some("lavf"), "rtp"),
            Self::LavfTs => (Some("lavf"), "ts"),
            Self::LavfSound => (Some("lavf"), "rtp-sound"),
            Self::LavfContext => (Some("lavf"), "rtp-create"),
            Self::GStreamer => (Some("gst"), "pictures"),
            Self::GStreamerSound => (Some("gst"), "sound"),
            Self::GStreamerContext => (Some("gst"), "create"),
        }
    }

    /// The function in which a pass is made, as callgrind names it.
    pub(crate) const fn measured_function(self) -> &'static str {
        match self.program() {
            (None, _) => "*work*measured*",
            (Some(_), _) => "measured",
        }
    }
}

/// What is gone through in a pass, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    pub(crate) stream: &'static str,
    /// Access units of the stream that are used.
    pub(crate) units: usize,
    /// Times that they are gone through in a pass.
    pub(crate) turns: usize,
    /// Chunks a second; 0 is as fast as it goes.
    pub(crate) rate: u32,
    /// Where datagrams go; 0 is nowhere.
    pub(crate) port: u16,
}

impl Work {
    /// As fast as it goes, from memory to memory.
    pub(crate) const fn memory(stream: &'static str, units: usize, turns: usize) -> Self {
        Self {
            stream,
            units,
            turns,
            rate: 0,
            port: 0,
        }
    }
}

/// The directory with the streams, and with the programs in `peers`.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) directory: PathBuf,
}

impl Place {
    pub(crate) fn stream(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    pub(crate) fn index(&self, name: &str) -> PathBuf {
        self.stream(name).with_extension("index")
    }

    pub(crate) fn peer(&self, name: &str) -> PathBuf {
        self.directory.join("peers").join(name)
    }

    /// The command that makes `who` ready for `work`, behind `prefix`, a program and its options.
    ///
    /// # Errors
    /// The system does not say where this program is.
    pub(crate) fn command(
        &self,
        prefix: &[OsString],
        who: Who,
        work: &Work,
    ) -> anyhow::Result<Command> {
        let (program, mode) = who.program();
        let mut words = prefix.to_vec();
        if let Some(peer) = program {
            words.push(self.peer(peer).into());
        } else {
            let me = std::env::current_exe().context("where this program is")?;
            words.extend([me.into(), "work".into()]);
        }
        words.extend([
            mode.into(),
            self.stream(work.stream).into(),
            self.index(work.stream).into(),
        ]);
        let numbers = [work.units as u64, work.turns as u64];
        words.extend(numbers.map(|number| number.to_string().into()));
        words.push(work.rate.to_string().into());
        words.push(work.port.to_string().into());
        let mut words = words.into_iter();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        Ok(command)
    }
}
