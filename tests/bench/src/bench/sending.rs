//! From access units in memory to datagrams on the loopback interface, as fast as it goes.

use std::net::UdpSocket;

use super::Setup;
use crate::outcome::{Outcome, Target};
use crate::place::{ALL, ONE_SLICE, Who, Work};
use crate::rounds::{nanoseconds_per_packet, rounds, rows, to_f64};

/// Processor time of packing and sending. Nobody reads the datagrams: what does not fit into the
/// receiver's buffer is dropped behind the send call, alike for all.
pub(super) fn cpu(setup: &Setup) -> anyhow::Result<Outcome> {
    let receiver = UdpSocket::bind("127.0.0.1:0")?;
    let work = Work {
        port: receiver.local_addr()?.port(),
        ..Work::memory(ONE_SLICE, ALL, 1)
    };
    let who = [Who::Ours, Who::LavfRtp, Who::LavfTs, Who::GStreamer];
    let contest = who.map(|who| (who, work));
    let lanes = rounds(&setup.place, &contest, setup.rounds)?;
    let mut outcome = Outcome {
        name: "e2e_cpu",
        about: "Time on a processor for a transport packet that is packed and sent over the \
                loopback interface, 10 s of 1080p60 at 30 Mbit/s as fast as it goes; segmented \
                sends of this driver, no pacing."
            .to_owned(),
        unit: "ns",
        rows: nanoseconds_per_packet(&setup.place, &work, &lanes)?,
        targets: Vec::new(),
        series: Vec::new(),
    };
    let ratio = |who: Who| outcome.ratio(who.name());
    outcome.targets = vec![
        Target::at_least("libavformat rtp_mpegts / ours", ratio(Who::LavfRtp), 6.0),
        Target::at_least("GStreamer / ours", ratio(Who::GStreamer), 12.0),
    ];
    Ok(outcome)
}

/// Batches of a pass of `udp_send`.
const BATCHES: usize = 200;

/// Processor time of the send calls alone. Nobody reads the datagrams, as in [`cpu`].
pub(super) fn calls(setup: &Setup) -> anyhow::Result<Outcome> {
    let receiver = UdpSocket::bind("127.0.0.1:0")?;
    let work = Work {
        port: receiver.local_addr()?.port(),
        ..Work::memory(ONE_SLICE, 1, BATCHES)
    };
    let who = [Who::Segmented, Who::Together, Who::Single];
    let lanes = rounds(&setup.place, &who.map(|who| (who, work)), setup.rounds)?;
    let mut outcome = Outcome {
        name: "udp_send",
        about: "Time on a processor for a datagram of 1328 bytes that is sent over the loopback \
                interface: the driver's socket with 49 in one segmented call and with a call for \
                each, and sendmmsg, which the driver does not use."
            .to_owned(),
        unit: "ns",
        rows: rows(&lanes, |_, pass| to_f64(pass.cpu) / to_f64(pass.datagrams)),
        targets: Vec::new(),
        series: Vec::new(),
    };
    let single = outcome.ratio(Who::Single.name());
    outcome.targets = vec![Target::at_least("a send for each / segmented", single, 5.0)];
    Ok(outcome)
}
