//! Wireshark's dissectors on the capture: are RTSP and RTP what they should be, is anything lost.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::Check;
use super::recording::{NAMES, Recording, each};
use super::runner::{Runner, TOOL_LIMIT};

pub(crate) const CHECK: Check = Check {
    name: "tshark",
    needs: &["tshark"],
    after: &NAMES,
    run: |runner| each(runner, examine),
};

/// The methods of a session that came to play.
const METHODS: [&str; 5] = ["OPTIONS", "GET_PARAMETER", "SET_PARAMETER", "SETUP", "PLAY"];

/// A capture and the ports that its session chose: dissectors have to be told.
#[derive(Debug)]
pub(crate) struct Capture<'a> {
    path: &'a Path,
    pub(crate) rtp_port: u16,
    /// If it has RTSP.
    rtsp_port: Option<u16>,
}

/// One line of `-z rtp,streams`.
#[derive(Debug, Eq, PartialEq)]
struct RtpStream {
    packets: u64,
    lost: i64,
    problems: bool,
}

pub(crate) fn examine(runner: &mut Runner, recording: &Recording) -> anyhow::Result<String> {
    let capture = Capture::open(runner, &recording.capture)?;
    let sent = recording.summary.count("rtp_packets")?;
    let messages = capture.examine_rtsp(runner)?;
    capture.examine_media(runner, sent)?;
    Ok(format!(
        "{messages} RTSP messages, {sent} RTP packets, none lost"
    ))
}

impl<'a> Capture<'a> {
    /// Finds the session's ports in the capture at `path`.
    ///
    /// # Errors
    /// If there is no TCP connection or no UDP packet in it.
    pub(crate) fn open(runner: &mut Runner, path: &'a Path) -> anyhow::Result<Self> {
        let opened = "tcp.flags.syn == 1 && tcp.flags.ack == 0";
        Ok(Self {
            rtsp_port: Some(port(runner, path, opened, "tcp.dstport")?),
            ..Self::of_media(runner, path)?
        })
    }

    /// Finds the port of the stream in a capture that may have nothing else.
    ///
    /// # Errors
    /// If there is no UDP packet in it.
    pub(crate) fn of_media(runner: &mut Runner, path: &'a Path) -> anyhow::Result<Self> {
        Ok(Self {
            path,
            rtp_port: port(runner, path, "udp", "udp.dstport")?,
            rtsp_port: None,
        })
    }

    /// Runs tshark over the capture with the session's ports.
    fn ask(&self, runner: &mut Runner, arguments: &[&str]) -> anyhow::Result<String> {
        let media = format!("udp.port=={},rtp", self.rtp_port);
        let mut words = vec!["-d", &media];
        let control = self.rtsp_port.map(|port| format!("tcp.port=={port},rtsp"));
        words.extend(control.iter().flat_map(|control| ["-d", control.as_str()]));
        tshark(runner, self.path, &[&words, arguments].concat())
    }

    /// The numbers of the packets that carry the stream.
    ///
    /// # Errors
    /// If tshark fails.
    pub(crate) fn media_frames(&self, runner: &mut Runner) -> anyhow::Result<Vec<u64>> {
        let filter = format!("udp.dstport == {}", self.rtp_port);
        let text = self.ask(
            runner,
            &["-Y", &filter, "-T", "fields", "-e", "frame.number"],
        )?;
        text.lines()
            .map(|line| line.parse().context("a frame number"))
            .collect()
    }

    fn examine_rtsp(&self, runner: &mut Runner) -> anyhow::Result<usize> {
        let strange = self.ask(runner, &["-Y", "tcp.len > 0 && !rtsp"])?;
        ensure!(strange.is_empty(), "not RTSP: {}", strange.trim());
        let fields = [
            "-Y",
            "rtsp",
            "-T",
            "fields",
            "-e",
            "rtsp.method",
            "-e",
            "rtsp.status",
        ];
        let text = self.ask(runner, &fields)?;
        let words: Vec<&str> = text
            .split(['\t', ',', '\n'])
            .filter(|w| !w.is_empty())
            .collect();
        for method in METHODS {
            ensure!(words.contains(&method), "no {method} request");
        }
        let refused = words
            .iter()
            .find(|word| word.parse::<u16>().is_ok_and(|code| code != 200));
        ensure!(refused.is_none(), "a request was answered {refused:?}");
        Ok(words.len())
    }

    /// Whether the stream has `sent` packets of RTP, nothing is lost, and nothing strikes the dissectors.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn examine_media(&self, runner: &mut Runner, sent: u64) -> anyhow::Result<()> {
        self.examine_rtp(runner, sent)?;
        let faults = self.ask(runner, &["-q", "-z", "expert"])?;
        let faults = expert_faults(&faults);
        ensure!(
            faults.is_empty(),
            "{} expert messages: {}",
            faults.len(),
            faults.join("; ")
        );
        let drops = self.ask(runner, &["-Y", "mp2t.cc.drop"])?;
        ensure!(
            drops.is_empty(),
            "{} gaps in continuity",
            drops.lines().count()
        );
        Ok(())
    }

    /// The RTP packets that begin a new time base: those whose PCR says so, and those whose marker does
    /// (RFC 2250 §2).
    ///
    /// # Errors
    /// If tshark fails.
    pub(crate) fn time_bases(&self, runner: &mut Runner) -> anyhow::Result<[Vec<String>; 2]> {
        let mut numbers = |filter| {
            let fields = ["-Y", filter, "-T", "fields", "-e", "frame.number"];
            let text = self.ask(runner, &fields)?;
            anyhow::Ok(text.lines().map(str::to_owned).collect())
        };
        Ok([numbers("mp2t.af.di == 1")?, numbers("rtp.marker == 1")?])
    }

    fn examine_rtp(&self, runner: &mut Runner, sent: u64) -> anyhow::Result<()> {
        let filter = format!("udp.dstport == {} && !(rtp && mp2t)", self.rtp_port);
        let strange = self.ask(runner, &["-Y", &filter])?;
        ensure!(
            strange.is_empty(),
            "{} packets are no MP2T",
            strange.lines().count()
        );
        let streams = rtp_streams(&self.ask(runner, &["-q", "-z", "rtp,streams"])?)?;
        let wanted = [RtpStream {
            packets: sent,
            lost: 0,
            problems: false,
        }];
        ensure!(streams == wanted, "{streams:?}, wanted {wanted:?}");
        Ok(())
    }
}

fn tshark(runner: &mut Runner, path: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = Command::new("tshark");
    command.arg("-r").arg(path).arg("-n").args(arguments);
    // Its standard error only warns root about being root.
    Ok(runner.run(&mut command, TOOL_LIMIT)?.stdout)
}

/// The port that `field` most often names in what `filter` lets through.
fn port(runner: &mut Runner, path: &Path, filter: &str, field: &str) -> anyhow::Result<u16> {
    let text = tshark(runner, path, &["-Y", filter, "-T", "fields", "-e", field])?;
    most_frequent(&text).with_context(|| format!("no {field} in the capture"))
}

/// The number that most lines have.
fn most_frequent(lines: &str) -> Option<u16> {
    let mut counts = BTreeMap::<u16, u32>::new();
    for port in lines.lines().filter_map(|line| line.trim().parse().ok()) {
        *counts.entry(port).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(port, _)| port)
}

/// The lines under `RTP Streams`: packets, then `N (P%)` lost, at the end an X if there are problems.
fn rtp_streams(text: &str) -> anyhow::Result<Vec<RtpStream>> {
    let lines = text.lines().filter(|line| line.contains("%)"));
    let read = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let percent = words.iter().position(|word| word.ends_with("%)"))?;
        let packets = words.get(percent.checked_sub(2)?)?.parse().ok()?;
        let lost = words.get(percent.checked_sub(1)?)?.parse().ok()?;
        Some(RtpStream {
            packets,
            lost,
            problems: words.last() == Some(&"X"),
        })
    };
    lines
        .map(|line| read(line).with_context(|| format!("not understood: {line}")))
        .collect()
}

/// The errors and warnings of `-z expert`; notes and chats tell of ordinary events.
fn expert_faults(text: &str) -> Vec<&str> {
    let mut bad = false;
    let mut faults = Vec::new();
    for line in text.lines() {
        let indented = line.starts_with(' ');
        if !indented && line.ends_with(')') {
            bad = line.starts_with("Errors") || line.starts_with("Warn");
        } else if bad && indented && !line.trim_start().starts_with("Frequency") {
            faults.push(line.trim());
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAMS: &str = "\
========================= RTP Streams ========================
   Start time      End time     Src IP addr  Port    Dest IP addr  Port       SSRC          Payload  Pkts         Lost   Min Delta(ms)  Mean Delta(ms)   Max Delta(ms)  Min Jitter(ms) Mean Jitter(ms)  Max Jitter(ms) Problems?
     0.044665      5.011787       127.0.0.1 19002       127.0.0.1  1028 0x11223344  MPEG-II streams  2490     0 (0.0%)           0.007           1.996          66.509           0.002           0.042           0.413 
     0.044665      5.011787       127.0.0.1 19002       127.0.0.1  1028 0x11223344  MPEG-II streams  2487     3 (0.1%)           0.007           1.998          66.509           0.002           0.042           0.413 X
==============================================================
";

    const EXPERT: &str = "
Errors (1)
=============
   Frequency      Group           Protocol  Summary
           1   Sequence               MP2T  Detected 7 missing TS frames before this (last_cc:12 total skips:7 discontinuity:1)

Warns (1)
=============
   Frequency      Group           Protocol  Summary
           2   Protocol               RTSP  Something odd

Notes (2)
=============
   Frequency      Group           Protocol  Summary
           1   Sequence                TCP  This frame initiates the connection closing
";

    #[test]
    fn rtp_streams_are_read() {
        let good = RtpStream {
            packets: 2490,
            lost: 0,
            problems: false,
        };
        let lossy = RtpStream {
            packets: 2487,
            lost: 3,
            problems: true,
        };
        assert_eq!(rtp_streams(STREAMS).unwrap(), [good, lossy]);
        assert!(rtp_streams("x (0.0%)").is_err());
    }

    #[test]
    fn only_errors_and_warnings_are_faults() {
        let faults = expert_faults(EXPERT);
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(
            faults
                .iter()
                .all(|fault| fault.contains("MP2T") || fault.contains("RTSP"))
        );
        let (_, notes) = EXPERT.split_at(EXPERT.find("Notes").unwrap());
        assert!(expert_faults(notes).is_empty());
    }

    #[test]
    fn the_port_of_the_stream_is_the_busy_one() {
        assert_eq!(most_frequent("1029\n1028\n1028\n"), Some(1028));
        assert_eq!(most_frequent("\n"), None);
    }
}
