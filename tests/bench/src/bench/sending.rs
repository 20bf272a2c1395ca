//! From access units in memory to datagrams on the loopback interface, as fast as it goes.

use std::net::UdpSocket;

use super::Setup;
use crate::outcome::{Outcome, Target};
use crate::place::{ALL, ONE_SLICE, Who, Work};
use crate::rounds::{nanoseconds_per_packet, rounds};

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
