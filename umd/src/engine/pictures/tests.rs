use miracast_kmd_iface::ChunkFlags;

use super::*;

#[test]
fn what_an_earlier_context_left_is_gone() {
    let record = ChunkRecord {
        stream: 1,
        flags: ChunkFlags::empty(),
        position: 0,
        length: 1,
        capture_time: 0,
    };
    let mut queue = Queue::new();
    queue
        .push_back(Queued {
            id: 1,
            record,
            arrived: Instant::ZERO,
        })
        .expect("room");
    let pictures = Pictures::new(&mut queue);
    assert!(pictures.queue.is_empty());
}
