//! TS packets: header, adaptation field, continuity (ISO 13818-1 §2.4.3).

use std::collections::BTreeMap;

use super::fault::{Fault, Faults};

/// Bytes of a TS packet.
pub(super) const PACKET: usize = 188;

/// PIDs of the Wi-Fi Display programme (S2.1 App. D.4.2).
pub mod pid {
    /// Program association table.
    pub const PAT: u16 = 0x0000;
    /// Program map table.
    pub const PMT: u16 = 0x0100;
    /// Program clock reference.
    pub const PCR: u16 = 0x1000;
    /// The video elementary stream.
    pub const VIDEO: u16 = 0x1011;
    /// The first audio elementary stream.
    pub const AUDIO_FIRST: u16 = 0x1100;
    /// The last PID that audio may have.
    pub const AUDIO_LAST: u16 = 0x111f;
}

/// One TS packet, taken apart.
pub(super) struct Packet<'a> {
    pub(super) pid: u16,
    pub(super) unit_start: bool,
    pub(super) discontinuity: bool,
    pub(super) random_access: bool,
    pub(super) pcr: Option<[u8; 6]>,
    pub(super) payload: Option<&'a [u8]>,
    counter: u8,
}

/// Takes a packet apart; `None` if nothing in it can be trusted.
pub(super) fn parse<'a>(bytes: &'a [u8], faults: &mut Faults) -> Option<Packet<'a>> {
    let (&[sync, b1, b2, b3], rest) = bytes.split_first_chunk::<4>()?;
    let pid = u16::from_be_bytes([b1 & 0x1f, b2]);
    if sync != 0x47 {
        faults.add(Fault::TsSync, || format!("{sync:02x} for 47"));
        return None;
    }
    if b1 & 0x80 != 0 {
        faults.add(Fault::TsTransportError, || format!("PID {pid:04x}"));
        return None;
    }
    if b3 & 0xc0 != 0 {
        faults.add(Fault::TsScrambling, || {
            format!("PID {pid:04x}: {:02b}", b3 >> 6)
        });
        return None;
    }
    let has_payload = b3 & 0x10 != 0;
    let mut packet = Packet {
        pid,
        unit_start: b1 & 0x40 != 0,
        discontinuity: false,
        random_access: false,
        pcr: None,
        payload: has_payload.then_some(rest),
        counter: b3 & 0x0f,
    };
    match b3 & 0x30 {
        0x00 => {
            faults.add(Fault::TsControl, || format!("PID {pid:04x}"));
            return None;
        }
        0x10 => {}
        _ => {
            let Some(payload) = adaptation(rest, has_payload, &mut packet) else {
                let head = rest.get(..8).unwrap_or(rest);
                faults.add(Fault::TsAdaptation, || {
                    format!("PID {pid:04x}: {head:02x?}")
                });
                return None;
            };
            packet.payload = has_payload.then_some(payload);
        }
    }
    if packet.unit_start && !has_payload {
        faults.add(Fault::TsUnitStart, || format!("PID {pid:04x}"));
    }
    Some(packet)
}

/// Whether this is a PCR that does not go on from the one before (§2.4.3.5).
pub(super) fn begins_time_base(packet: &[u8]) -> bool {
    let mut nothing = Faults::default();
    let packet = parse(packet, &mut nothing).filter(|packet| packet.pid == pid::PCR);
    packet.is_some_and(|packet| packet.pcr.is_some() && packet.discontinuity)
}

/// Reads the adaptation field into `packet` and gives what follows it; `None` if it is malformed.
fn adaptation<'a>(rest: &'a [u8], has_payload: bool, packet: &mut Packet<'_>) -> Option<&'a [u8]> {
    let (&length, rest) = rest.split_first()?;
    let length = usize::from(length);
    if (has_payload && length > 182) || (!has_payload && length != 183) {
        return None;
    }
    let (field, payload) = rest.split_at_checked(length)?;
    let Some((&flags, mut field)) = field.split_first() else {
        return Some(payload);
    };
    // OPCR, splicing point, private data and extension have no use in Wi-Fi Display; nor has the
    // priority bit.
    if flags & 0x2f != 0 {
        return None;
    }
    packet.discontinuity = flags & 0x80 != 0;
    packet.random_access = flags & 0x40 != 0;
    if flags & 0x10 != 0 {
        let (pcr, stuffing) = field.split_first_chunk::<6>()?;
        packet.pcr = Some(*pcr);
        field = stuffing;
    }
    field.iter().all(|&b| b == 0xff).then_some(payload)
}

/// The continuity counters, by PID.
#[derive(Debug, Default)]
pub(super) struct Continuity {
    last: BTreeMap<u16, u8>,
}

impl Continuity {
    /// Checks the counter: one more with each payload, the same without (§2.4.3.3). A packet sent
    /// twice, which the standard allows, is a fault here: nobody asked the source for it.
    pub(super) fn check(&mut self, packet: &Packet<'_>, faults: &mut Faults) -> bool {
        let last = self.last.insert(packet.pid, packet.counter);
        let Some(last) = last.filter(|_| !packet.discontinuity) else {
            return true;
        };
        let want = if packet.payload.is_some() {
            (last + 1) & 0x0f
        } else {
            last
        };
        if want == packet.counter {
            return true;
        }
        faults.add(Fault::TsContinuity, || {
            format!("PID {:04x}: {} for {want}", packet.pid, packet.counter)
        });
        false
    }

    /// Forgets everything: packets were lost on the way, so any counter may follow.
    pub(super) fn reset(&mut self) {
        self.last.clear();
    }
}
