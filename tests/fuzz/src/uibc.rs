//! The user input back channel: a byte stream of packets, in pieces.
//!
//! The first byte says how long the pieces are. However they are cut, the packets are the same, and a
//! stream that is broken stays broken.

use miracast_core::limits::UIBC_PACKET_MAX;
use miracast_core::uibc::{Framer, Resolution};

/// Feeds `bytes` in pieces and in one, and compares.
///
/// # Panics
/// If something does not hold.
pub fn run(bytes: &[u8]) {
    let Some((first, stream)) = bytes.split_first() else {
        return;
    };
    let piece = usize::from(*first).max(1);
    assert_eq!(reports(stream, piece), reports(stream, stream.len().max(1)));
}

/// What the packets of a stream say, and whether it is broken at the end.
fn reports(stream: &[u8], piece: usize) -> (Vec<String>, bool) {
    const SIZE: Resolution = Resolution {
        width: 1920,
        height: 1080,
    };
    let mut memory = Box::new([0; UIBC_PACKET_MAX]);
    let mut framer = Framer::new(&mut memory);
    let mut reports = Vec::new();
    for mut rest in stream.chunks(piece) {
        while !rest.is_empty() {
            let taken = framer.feed(rest);
            rest = &rest[taken..];
            loop {
                match framer.poll() {
                    None => break,
                    Some(Err(_)) => return (reports, true),
                    Some(Ok(packet)) => {
                        let said = packet.reports(SIZE).map(|report| format!("{report:?}"));
                        reports.extend(said);
                    }
                }
            }
            assert!(taken > 0, "a framer that is empty takes nothing");
        }
    }
    (reports, false)
}
