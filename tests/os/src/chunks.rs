//! Finished chunks on their way to the driver, and the wait of `GetNextChunkData`.

use core::sync::atomic::{AtomicBool, Ordering::SeqCst};
use core::time::Duration;
use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::abi::{HANDLE, MIRACAST_CHUNK_INFO, NtStatus, PRIVATE_DATA_OFFSET};
use crate::sys::{Ready, Wake};

/// What the miniport tells of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkInfo {
    /// `MIRACAST_CHUNK_TYPE`.
    pub chunk_type: u32,
    /// `MIRACAST_CHUNK_ID`: frame in bits 0..=39, part in bits 40..=63.
    pub chunk_id: u64,
    /// How long the stage took, in microseconds.
    pub processing_time_us: u32,
    /// The encoder's rate, in kilobit/s.
    pub encode_rate_kbit: u32,
}

impl ChunkInfo {
    pub(crate) fn from_abi(info: MIRACAST_CHUNK_INFO) -> Self {
        Self {
            chunk_type: info.ChunkType,
            chunk_id: info.ChunkId.Value,
            processing_time_us: info.ProcessingTime,
            encode_rate_kbit: info.EncodeRate,
        }
    }

    /// The record as the driver reads it: the head up to the private data, and that.
    fn record(self, private: &[u8]) -> Vec<u8> {
        let mut record = Vec::with_capacity(PRIVATE_DATA_OFFSET + private.len());
        record.extend_from_slice(&u64::from(self.chunk_type).to_ne_bytes());
        record.extend_from_slice(&self.chunk_id.to_ne_bytes());
        record.extend_from_slice(&self.processing_time_us.to_ne_bytes());
        record.extend_from_slice(&self.encode_rate_kbit.to_ne_bytes());
        record.extend_from_slice(&(private.len() as u32).to_ne_bytes());
        record.extend_from_slice(private);
        record
    }
}

const _: () = assert!(
    cfg!(target_endian = "little"),
    "the record's padding is in its type"
);

/// What `GetNextChunkData` ends with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Records, back to back, and how many are left.
    Chunks { bytes: Vec<u8>, left: usize },
    /// The first record needs a larger buffer.
    TooSmall,
    /// An additional event is signalled.
    Event(usize),
    /// Nothing within the time.
    Timeout,
    /// Chunks were lost.
    Lost,
    /// There is no session.
    Gone,
    /// An additional event cannot be waited for.
    BadEvent(usize),
}

#[derive(Debug)]
struct Queue {
    records: VecDeque<Vec<u8>>,
    slots: usize,
    /// Records fell out of the queue and the driver does not know yet.
    lost: bool,
    open: bool,
    /// Whether events come first when both are ready; it changes at each return.
    events_first: bool,
}

/// The chunks of a device.
#[derive(Debug)]
pub(crate) struct Chunks {
    queue: Mutex<Queue>,
    /// Signalled when the queue has changed.
    changed: Wake,
    waiting: AtomicBool,
}

impl Chunks {
    /// A queue for `slots` chunks.
    ///
    /// # Errors
    /// No handle is free.
    pub(crate) fn new(slots: usize) -> io::Result<Self> {
        Ok(Self {
            queue: Mutex::new(Queue {
                records: VecDeque::new(),
                slots,
                lost: false,
                open: false,
                events_first: false,
            }),
            changed: Wake::new()?,
            waiting: AtomicBool::new(false),
        })
    }

    /// A session begins.
    pub(crate) fn open(&self) {
        let mut queue = self.lock();
        queue.open = true;
        queue.lost = false;
        queue.records.clear();
    }

    /// The session is about to stop: what comes from now on is dropped (DDI-37).
    pub(crate) fn drop_all(&self) {
        let mut queue = self.lock();
        queue.open = false;
        queue.records.clear();
    }

    /// The session is gone: whoever waits is told.
    pub(crate) fn close(&self) {
        self.drop_all();
        self.changed.set();
    }

    pub(crate) fn push(&self, info: ChunkInfo, private: &[u8]) -> NtStatus {
        let mut queue = self.lock();
        if !queue.open {
            return NtStatus::SUCCESS;
        }
        if queue.records.len() >= queue.slots {
            queue.records.clear();
            queue.lost = true;
            self.changed.set();
            return NtStatus::NO_MEMORY;
        }
        queue.records.push_back(info.record(private));
        self.changed.set();
        NtStatus::SUCCESS
    }

    /// Marks that a thread is in `GetNextChunkData`; false if one is already (DDI-43).
    pub(crate) fn enter(&self) -> bool {
        !self.waiting.swap(true, SeqCst)
    }

    pub(crate) fn leave(&self) {
        self.waiting.store(false, SeqCst);
    }

    /// Waits for chunks, for one of `events`, or for the end of the time; `gone` says whether the
    /// session has ended.
    pub(crate) fn next(
        &self,
        room: usize,
        events: &[HANDLE],
        timeout: Option<Duration>,
        gone: impl Fn() -> bool,
    ) -> Next {
        let deadline = timeout.map(|timeout| Instant::now() + timeout);
        loop {
            if gone() {
                return Next::Gone;
            }
            let (chunks, events_first) = {
                let queue = self.lock();
                // Under the lock, so that a change is either seen below or signals again.
                self.changed.clear();
                (queue.lost || !queue.records.is_empty(), queue.events_first)
            };
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            let limit = if chunks { Some(Duration::ZERO) } else { left };
            match self.changed.wait(events, limit) {
                Ready::Unfit(index) => return Next::BadEvent(index),
                Ready::Handle(index) if events_first || !chunks => {
                    self.lock().events_first = false;
                    return Next::Event(index);
                }
                Ready::Handle(_) | Ready::Nothing => {}
            }
            if chunks && let Some(next) = self.take(room) {
                return next;
            }
            if left.is_some_and(|left| left.is_zero()) {
                return Next::Timeout;
            }
        }
    }

    /// As many records as fit into `room` bytes.
    fn take(&self, room: usize) -> Option<Next> {
        let mut queue = self.lock();
        if core::mem::take(&mut queue.lost) {
            return Some(Next::Lost);
        }
        if queue.records.front()?.len() > room {
            return Some(Next::TooSmall);
        }
        queue.events_first = true;
        let mut bytes = Vec::new();
        while let Some(record) = queue
            .records
            .pop_front_if(|record| bytes.len() + record.len() <= room)
        {
            bytes.extend_from_slice(&record);
        }
        let left = queue.records.len();
        Some(Next::Chunks { bytes, left })
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
