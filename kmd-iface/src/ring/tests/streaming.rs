//! Streaming loads: that they are made, and that they bring what is there.

use core::ptr::NonNull;
use std::vec::Vec;

use super::super::PAGE;
use super::super::streaming::{STAGE_BYTES, Stage, StreamingLoads};

/// A span whose bytes differ from their neighbours and from those of the next line.
#[repr(C, align(4096))]
struct Span([u8; PAGE as usize]);

#[test]
#[cfg(target_arch = "x86_64")]
fn they_are_made_if_the_processor_can() {
    let can = std::arch::is_x86_feature_detected!("sse4.1");
    assert_eq!(StreamingLoads::detect().is_some(), can);
}

#[test]
fn every_offset_and_length_brings_the_bytes_that_are_there() {
    let Some(streaming) = StreamingLoads::detect() else {
        return;
    };
    let mut span = Span([0; PAGE as usize]);
    for (at, byte) in span.0.iter_mut().enumerate() {
        *byte = (at * 7 + at / 64) as u8;
    }
    let data = NonNull::from(&mut span.0).cast();
    let mut stage = Stage::new();
    let length = PAGE as usize;
    for offset in (0..130).chain(length - 130..length) {
        for count in [0, 1, 15, 16, 63, 64, 65, 184, STAGE_BYTES - 1, STAGE_BYTES] {
            // SAFETY: the span is one page at a page, the offset is inside, and no count is more than
            // the stage or the page holds.
            let bytes = unsafe { streaming.fetch(data, length, offset, count, &mut stage) };
            let expected: Vec<u8> = (offset..offset + count)
                .map(|at| at % length)
                .map(|at| (at * 7 + at / 64) as u8)
                .collect();
            assert_eq!(bytes, expected, "{count} bytes from {offset} on");
        }
    }
}
