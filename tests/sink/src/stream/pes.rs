//! PES packets: put together from TS payloads, header checked
//! (ISO 13818-1 §2.4.3.6, S2.1 App. D.4).

use super::fault::{Fault, Faults};

/// Bytes of one PES that are kept: more than any picture. The rest is dropped as a length fault.
const PES_MAX: usize = 8 * 1024 * 1024;

/// Bytes of the part of a header that video and audio share: nine, and five of PTS.
const HEADER: usize = 14;

/// What a header must be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    first_id: u8,
    last_id: u8,
    /// The first byte of flags, but for original_or_copy.
    flags: u8,
    /// Stuffing bytes behind the PTS.
    stuffing: usize,
    /// PES_packet_length must be stated.
    length: bool,
}

impl Form {
    /// Aligned; any length.
    pub(super) const VIDEO: Self = Self {
        first_id: 0xe0,
        last_id: 0xef,
        flags: 0x84,
        stuffing: 0,
        length: false,
    };

    /// Two stuffing bytes, which are normative for all audio (S2.1 Tables 106, 107 and 109).
    pub(super) const fn audio(stream_id: u8) -> Self {
        Self {
            first_id: stream_id,
            last_id: stream_id,
            flags: 0x80,
            stuffing: 2,
            length: true,
        }
    }
}

/// When and in which datagram a byte came.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) arrival_ns: u64,
    /// Unwrapped RTP timestamp.
    pub(super) timestamp: u64,
    /// RTP marker of the datagram.
    pub(super) marker: bool,
    /// Running number of the datagram.
    pub(super) datagram: u64,
}

/// One PES as it came.
#[derive(Debug)]
pub(super) struct Pes {
    pub(super) bytes: Vec<u8>,
    pub(super) random_access: bool,
    pub(super) first: Place,
    pub(super) last: Place,
    overflowed: bool,
}

impl Pes {
    /// Length that the header states, header included; `None` if it states none or is not there.
    fn stated(&self) -> Option<usize> {
        let length = u16::from_be_bytes([*self.bytes.get(4)?, *self.bytes.get(5)?]);
        (length != 0).then_some(6 + usize::from(length))
    }
}

/// Puts the PES packets of one PID together.
#[derive(Debug, Default)]
pub(super) struct Assembler {
    current: Option<Pes>,
    idle: Idle,
}

/// Why there may be no PES in progress.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Idle {
    /// Nothing came so far, or the last one was whole: bytes without a start are a fault.
    #[default]
    Whole,
    /// Something was lost or wrong: bytes without a start are expected.
    Lost,
}

impl Assembler {
    /// Takes one payload. Up to two PES come of it: the one that this one's start ends, and one
    /// that this payload makes whole.
    pub(super) fn payload(
        &mut self,
        payload: &[u8],
        unit_start: bool,
        random_access: bool,
        place: Place,
        faults: &mut Faults,
    ) -> [Option<Pes>; 2] {
        let before = if unit_start {
            self.finish(faults)
        } else {
            None
        };
        if unit_start {
            self.idle = Idle::Whole;
            self.current = Some(Pes {
                bytes: Vec::new(),
                random_access,
                first: place,
                last: place,
                overflowed: false,
            });
        }
        let Some(pes) = self.current.as_mut() else {
            if self.idle == Idle::Whole {
                faults.add(Fault::PesStart, || {
                    format!("{} bytes without", payload.len())
                });
            }
            return [before, None];
        };
        if pes.bytes.len() + payload.len() > PES_MAX {
            pes.overflowed = true;
        } else {
            pes.bytes.extend_from_slice(payload);
        }
        pes.last = place;
        let whole = pes.stated().is_some_and(|stated| pes.bytes.len() >= stated);
        let after = if whole { self.finish(faults) } else { None };
        [before, after]
    }

    /// Ends the PES in progress and checks its length.
    pub(super) fn finish(&mut self, faults: &mut Faults) -> Option<Pes> {
        let pes = self.current.take()?;
        let wrong = pes.stated().is_some_and(|stated| stated != pes.bytes.len());
        if pes.overflowed || wrong {
            faults.add(Fault::PesLength, || {
                format!("{} bytes, stated {:?}", pes.bytes.len(), pes.stated())
            });
            self.idle = Idle::Lost;
            return None;
        }
        Some(pes)
    }

    /// Something was lost on the way; `true` if a PES was in progress and is gone.
    pub(super) fn lost(&mut self) -> bool {
        self.idle = Idle::Lost;
        self.current.take().is_some()
    }
}

/// Checks the header; gives the PTS (if it can be read) and the elementary stream.
pub(super) fn open<'a>(
    bytes: &'a [u8],
    form: &Form,
    faults: &mut Faults,
) -> Option<(u64, &'a [u8])> {
    let Some((header, es)) = bytes.split_first_chunk::<HEADER>() else {
        faults.add(Fault::PesStart, || format!("{} bytes", bytes.len()));
        return None;
    };
    let [
        s0,
        s1,
        s2,
        stream_id,
        l0,
        l1,
        flags1,
        flags2,
        length,
        pts @ ..,
    ] = *header;
    if [s0, s1, s2] != [0, 0, 1] {
        faults.add(Fault::PesStart, || format!("{header:02x?}"));
        return None;
    }
    if !(form.first_id..=form.last_id).contains(&stream_id) {
        faults.add(Fault::PesStreamId, || format!("{stream_id:02x}"));
        return None;
    }
    // '10', no scrambling, no priority, no copyright; PTS and nothing else. Audio may be an original.
    let original = u8::from(form.length);
    if flags1 & !original != form.flags || flags2 != 0x80 {
        faults.add(Fault::PesFlags, || format!("{flags1:02x} {flags2:02x}"));
        return None;
    }
    let stuffing = es.get(..form.stuffing);
    let stuffed = stuffing.is_some_and(|bytes| bytes.iter().all(|&b| b == 0xff));
    if usize::from(length) != 5 + form.stuffing || !stuffed {
        faults.add(Fault::PesHeaderLength, || format!("{length}"));
        return None;
    }
    if form.length && [l0, l1] == [0, 0] {
        faults.add(Fault::PesLength, || "none is stated".to_owned());
        return None;
    }
    let Some(pts) = time_stamp(pts) else {
        faults.add(Fault::PtsForm, || format!("{pts:02x?}"));
        return None;
    };
    Some((pts, es.get(form.stuffing..).unwrap_or_default()))
}

/// 33 bits in five bytes behind the prefix 0010, with their marker bits (§2.4.3.7).
fn time_stamp(bytes: [u8; 5]) -> Option<u64> {
    let bits = bytes
        .iter()
        .fold(0u64, |bits, &byte| bits << 8 | u64::from(byte));
    let marked = bits >> 36 == 0b0010 && bits & 0x1_0001_0001 == 0x1_0001_0001;
    let value = (bits >> 33 & 0x7) << 30 | (bits >> 17 & 0x7fff) << 15 | bits >> 1 & 0x7fff;
    marked.then_some(value)
}

#[cfg(test)]
mod tests {
    use super::time_stamp;

    #[test]
    fn reads_the_worked_time_stamps() {
        assert_eq!(time_stamp([0x21, 0x00, 0x05, 0xbf, 0x21]), Some(90_000));
        assert_eq!(
            time_stamp([0x2f, 0xff, 0xff, 0xff, 0xff]),
            Some((1 << 33) - 1)
        );
        assert_eq!(time_stamp([0x31, 0x00, 0x05, 0xbf, 0x21]), None);
        assert_eq!(time_stamp([0x21, 0x00, 0x04, 0xbf, 0x21]), None);
    }
}
