//! Writes down what a sink gets when the machine's clock jumps while pictures flow, for analysers that
//! were not written here: `cargo xtask test clock-jumps` shows it to them.
//!
//! For the sink nothing jumps: a picture comes every [`FRAME`]. So whatever an analyser finds wrong with
//! the time is what the stream says of it.

use core::net::{Ipv4Addr, SocketAddrV4};
use core::time::Duration;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use clap::Parser;
use miracast_core::media::StreamConfig;
use miracast_miniport::encoder::{EncodeError, Encoder as _, Player};
use miracast_sim::Wire;
use miracast_sink::capture::{self, Endpoints, Received};

/// Pictures before the clock leaps, up to where it goes back, and behind that.
const PICTURES: u32 = 60;

const FRAME: Duration = Duration::from_nanos(16_666_667);

const LEAP: Duration = Duration::from_secs(5);
const BACK: Duration = Duration::from_secs(20);

const CONFIG: StreamConfig = StreamConfig {
    profile_idc: 0x42,
    constraint_flags: 0xC0,
    level_idc: 0x1F,
    marker: false,
    psi_version: 0,
    ssrc: 0x1234_5678,
    first_sequence: 65_400,
    pts_lead: Duration::from_millis(80),
    pace: Duration::ZERO,
};

const SOURCE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
const SINK: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);

/// The addresses of the session that there might have been.
const ENDPOINTS: Endpoints = Endpoints {
    source: SocketAddrV4::new(SOURCE, 7236),
    sink: SocketAddrV4::new(SINK, 40_000),
    rtp_port: 1028,
};
const SENDER: SocketAddrV4 = SocketAddrV4::new(SOURCE, 50_000);

/// Writes stream.ts, session.pcap and summary.json of a stream during which the machine's clock jumps
#[derive(Debug, Parser)]
struct Arguments {
    /// The pictures: an H.264 byte stream, played in a loop
    pictures: PathBuf,
    /// The directory for the files
    out: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let Arguments { pictures, out } = Arguments::parse();
    let file = fs::read(&pictures).with_context(|| pictures.display().to_string())?;
    let datagrams = record(&file).map_err(|error| anyhow!("{error}"))?;
    fs::create_dir_all(&out)?;
    let create = |name| File::create(out.join(name)).map(BufWriter::new);
    capture::write_ts(create("stream.ts")?, &datagrams)?;
    let mut pcap = create("session.pcap")?;
    capture::write_pcap(&mut pcap, ENDPOINTS, &[], &datagrams)?;
    pcap.flush()?;
    let (packets, frames) = (datagrams.len(), 3 * PICTURES);
    let summary = format!(
        r#"{{"rtp_packets":{packets},"frames_sent":{frames},"sound":{{"format":"none"}}}}"#
    );
    Ok(fs::write(out.join("summary.json"), summary)?)
}

fn record(file: &[u8]) -> Result<Vec<Received>, EncodeError> {
    let mut pictures = Player::new(file)?;
    let mut memory = Wire::memory();
    let mut wire = Wire::new(&mut memory, &CONFIG, &pictures.parameter_sets());
    play(&mut wire, &mut pictures)?;
    wire.leap(LEAP);
    play(&mut wire, &mut pictures)?;
    wire.go_back(BACK);
    play(&mut wire, &mut pictures)?;
    let arrivals = wire.take_arrivals().into_iter();
    let received = arrivals.map(|arrival| Received {
        at_ns: u64::try_from(arrival.at.as_nanos()).unwrap_or(u64::MAX),
        from: SENDER,
        bytes: arrival.bytes,
    });
    Ok(received.collect())
}

fn play(wire: &mut Wire<'_>, pictures: &mut Player) -> Result<(), EncodeError> {
    for number in 0..PICTURES {
        let picture = pictures.encode(number)?;
        wire.picture(&picture.bytes(), picture.idr);
        wire.pass(FRAME);
    }
    Ok(())
}
