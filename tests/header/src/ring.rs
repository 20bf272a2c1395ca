//! The control page of the ring as a structure.

use miracast_kmd_iface::Shape;
use miracast_kmd_iface::ring::{CONSUMER_OFFSET, PAGE, PRODUCER_OFFSET, STAMP_OFFSET};
use miracast_kmd_iface::shape::{Layout, Member};

use crate::{chapters, structure};

const WORD: usize = size_of::<u64>();

const CONTROL: Layout = Layout {
    name: "RingControl",
    doc: "The first page of the ring. Its words are reached by atomic operations only.",
    size: PAGE as usize,
    members: &[
        word(
            "producer",
            "Position of the producer. Written by the miniport alone.",
            PRODUCER_OFFSET,
        ),
        word(
            "consumer",
            "Position of the consumer. Written by the driver alone, but for the 0 that the \
             miniport puts there before it writes the stamp.",
            CONSUMER_OFFSET,
        ),
        word(
            "stamp",
            "MCKI_RING_STAMP, written last by the miniport when it makes the ring.",
            STAMP_OFFSET,
        ),
    ],
};

/// Writes the protocol of the ring and its control page.
pub(crate) fn write(out: &mut String) {
    out.push_str(chapters::RING);
    structure::write(out, &CONTROL);
}

const fn word(name: &'static str, doc: &'static str, offset: usize) -> Member {
    Member {
        name,
        doc,
        shape: Shape::Integer(WORD),
        offset,
        size: WORD,
        align: WORD,
    }
}
