//! RTCP of the sink (RFC 3550 §6): it counts what came over RTP, reports it, and holds the source's
//! sender reports against it. Without I/O; shares no code with the driver.

#[cfg(test)]
mod tests;

/// Time between two reports of ours, in nanoseconds.
pub const INTERVAL_NS: u64 = 1_000_000_000;

/// Who reports.
const OWN_SSRC: u32 = 0x5349_4E4B;

/// Ticks of 90 kHz by which the source's two clocks may differ: 10 ms.
const CLOCK_TOLERANCE: i64 = 900;

/// Findings that are kept.
const FINDINGS_MAX: usize = 16;

/// What the source's sender reports were.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SenderReports {
    /// Those in form.
    pub received: u64,
    /// Reports of ours that were due and handed out.
    pub sent: u64,
    /// What was wrong with the source's, in words.
    pub wrong: Vec<String>,
}

/// What the last sender report said.
#[derive(Clone, Copy, Debug)]
struct Heard {
    at_ns: u64,
    ntp: u64,
    timestamp: u32,
    packets: u32,
}

/// The sink's end of RTCP.
#[derive(Debug, Default)]
pub struct Reporter {
    ssrc: Option<u32>,
    first: u32,
    /// Highest sequence number, with its wraps in the upper half.
    highest: u32,
    received: u32,
    /// Expected and received when the last report was made.
    before: (u32, u32),
    /// Delay of the last packet against its time stamp, 90 kHz.
    transit: Option<u32>,
    /// Jitter, 16 times as great (RFC 3550 App. A.8).
    jitter: u32,
    heard: Option<Heard>,
    due_ns: Option<u64>,
    report: SenderReports,
}

impl Reporter {
    /// The source accepted RTCP: reports begin.
    pub fn begin(&mut self, now_ns: u64) {
        self.due_ns.get_or_insert(now_ns + INTERVAL_NS);
    }

    /// When the next report of ours is due.
    pub fn due_ns(&self) -> Option<u64> {
        self.due_ns
    }

    /// What became of the source's reports.
    pub fn sender_reports(&self) -> &SenderReports {
        &self.report
    }

    /// An RTP datagram came.
    pub fn rtp(&mut self, datagram: &[u8], at_ns: u64) {
        let [0x80, _, s0, s1, t0, t1, t2, t3, x0, x1, x2, x3, ..] = *datagram else {
            return;
        };
        let ssrc = u32::from_be_bytes([x0, x1, x2, x3]);
        let sequence = u16::from_be_bytes([s0, s1]);
        if self.ssrc != Some(ssrc) {
            self.ssrc = Some(ssrc);
            self.first = u32::from(sequence);
            self.highest = self.first;
            (self.received, self.before) = (0, (0, 0));
        }
        let ahead = sequence.wrapping_sub(self.highest as u16);
        if ahead < 0x8000 {
            self.highest = self.highest.wrapping_add(u32::from(ahead));
        }
        self.received += 1;
        let arrival = (u128::from(at_ns) * 9 / 100_000) as u32;
        let transit = arrival.wrapping_sub(u32::from_be_bytes([t0, t1, t2, t3]));
        let difference = transit.wrapping_sub(self.transit.unwrap_or(transit));
        let difference = difference.cast_signed().unsigned_abs();
        self.transit = Some(transit);
        self.jitter = (self.jitter - self.jitter.div_ceil(16)).saturating_add(difference);
    }

    /// Our report, if it is due.
    pub fn poll(&mut self, now_ns: u64) -> Option<Vec<u8>> {
        if self.due_ns.is_none_or(|due| due > now_ns) {
            return None;
        }
        self.due_ns = Some(now_ns + INTERVAL_NS);
        let ssrc = self.ssrc?;
        let expected = self.highest.wrapping_sub(self.first) + 1;
        let (expected_before, received_before) = self.before;
        self.before = (expected, self.received);
        let new = expected - expected_before;
        let lost = new.saturating_sub(self.received - received_before);
        let fraction = (lost * 256).checked_div(new).unwrap_or(0).min(255);
        let all_lost = expected.wrapping_sub(self.received) & 0x00FF_FFFF;
        let (last, delay) = self.heard.map_or((0, 0), |heard| {
            let ns = u128::from(now_ns - heard.at_ns);
            (
                (heard.ntp >> 16) as u32,
                ((ns << 16) / 1_000_000_000) as u32,
            )
        });
        let words = [
            0x81C9_0007,
            OWN_SSRC,
            ssrc,
            fraction << 24 | all_lost,
            self.highest,
            self.jitter / 16,
            last,
            delay,
            // The name that each compound packet must bring: "sink".
            0x81CA_0003,
            OWN_SSRC,
            u32::from_be_bytes([1, 4, b's', b'i']),
            u32::from_be_bytes([b'n', b'k', 0, 0]),
        ];
        self.report.sent += 1;
        Some(words.into_iter().flat_map(u32::to_be_bytes).collect())
    }

    /// A datagram of the source came.
    pub fn rtcp(&mut self, datagram: &[u8], at_ns: u64) {
        if let Err(what) = self.sender_report(datagram, at_ns)
            && self.report.wrong.len() < FINDINGS_MAX
        {
            self.report.wrong.push(what);
        }
    }

    /// One sender report without blocks, then one description with a name: nothing else is needed.
    fn sender_report(&mut self, datagram: &[u8], at_ns: u64) -> Result<(), String> {
        let (report, description) = datagram.split_at_checked(28).ok_or("no sender report")?;
        let (report, rest) = report.as_chunks();
        debug_assert!(rest.is_empty(), "28 is seven words");
        let words: Vec<u32> = report
            .iter()
            .map(|word| u32::from_be_bytes(*word))
            .collect();
        let &[
            0x80C8_0006,
            ssrc,
            seconds,
            fraction,
            timestamp,
            packets,
            octets,
        ] = &words[..]
        else {
            return Err(format!("not a sender report: {:08x}", words[0]));
        };
        check_description(description, ssrc)?;
        if self.ssrc.is_some_and(|known| known != ssrc) {
            return Err(format!("SSRC {ssrc:08x} is not that of the stream"));
        }
        let heard = Heard {
            at_ns,
            ntp: u64::from(seconds) << 32 | u64::from(fraction),
            timestamp,
            packets,
        };
        self.check_counts(packets, octets)?;
        if let Some(before) = self.heard.replace(heard) {
            check_clocks(before, heard)?;
        }
        self.report.received += 1;
        Ok(())
    }

    /// More packets than in the report before, each with one to seven transport packets. What came is no
    /// measure: packets of after the report may have overtaken it.
    fn check_counts(&self, packets: u32, octets: u32) -> Result<(), String> {
        let before = self.heard.map_or(0, |heard| heard.packets);
        if packets <= before {
            return Err(format!("{packets} packets after {before}"));
        }
        let (least, most) = (188 * u64::from(packets), 1316 * u64::from(packets));
        if !(least..=most).contains(&octets.into()) || !octets.is_multiple_of(188) {
            return Err(format!("{octets} bytes in {packets} packets"));
        }
        Ok(())
    }
}

/// Both clocks of the source have gone on by the same.
fn check_clocks(before: Heard, now: Heard) -> Result<(), String> {
    let step = now
        .ntp
        .checked_sub(before.ntp)
        .ok_or("NTP time goes back")?;
    let wall = i64::try_from((u128::from(step) * 90_000) >> 32).map_err(|_| "NTP time jumps")?;
    let media = i64::from(now.timestamp.wrapping_sub(before.timestamp));
    if wall.abs_diff(media) > CLOCK_TOLERANCE.unsigned_abs() {
        return Err(format!("{media} ticks of RTP in {wall} of NTP"));
    }
    Ok(())
}

/// Exactly one source, ours, with a CNAME and the zeros that end it.
fn check_description(bytes: &[u8], ssrc: u32) -> Result<(), String> {
    let wrong = || format!("not a source description with a name: {bytes:02x?}");
    let (&[0x81, 0xCA, high, low], rest) = bytes.split_first_chunk().ok_or_else(wrong)? else {
        return Err(wrong());
    };
    let length = 4 * usize::from(u16::from_be_bytes([high, low]));
    let (about, items) = rest.split_first_chunk().ok_or_else(wrong)?;
    let (&[1, name], text) = items.split_first_chunk().ok_or_else(wrong)? else {
        return Err(wrong());
    };
    let (name, end) = text.split_at_checked(name.into()).ok_or_else(wrong)?;
    let in_form = rest.len() == length
        && *about == ssrc.to_be_bytes()
        && !name.is_empty()
        && (1..=4).contains(&end.len())
        && end.iter().all(|byte| *byte == 0);
    if in_form { Ok(()) } else { Err(wrong()) }
}
