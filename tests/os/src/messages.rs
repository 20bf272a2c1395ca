//! The kernel side: the miniport that the driver is paired with, and what that can call.

use core::fmt;
use core::time::Duration;
use std::sync::{Arc, Weak, mpsc};
use std::thread::JoinHandle;

use crate::abi::NtStatus;
use crate::chunks::ChunkInfo;
use crate::ledger;
use crate::life::Fate;
use crate::state::State;

/// Threads that bring messages to the driver: two, so that the driver is entered by several at once
/// (DDI-39).
const DELIVERY_THREADS: usize = 2;

/// The vendor's kernel display miniport, as much of it as Windows talks to.
///
/// `io_control` and the two others come one at a time (DDI-78).
pub trait Miniport: Send + Sync {
    /// `DxgkDdiMiracastCreateContext`: a device begins. Returns the VidPN target.
    ///
    /// # Errors
    /// The hardware is busy, or anything else that keeps the driver from being called at all.
    fn create_context(&self, dxgk: DxgkCallbacks) -> Result<u32, NtStatus>;

    /// `DxgkDdiMiracastIoControl`: a request of the driver. Returns the bytes written to `output`.
    fn io_control(&self, input: &[u8], output: &mut [u8]) -> (NtStatus, usize);

    /// `DxgkDdiMiracastDestroyContext`: the driver's context is gone.
    fn destroy_context(&self);

    /// `MaxChunkPrivateDriverDataSize` of `DxgkDdiMiracastQueryCaps`, in bytes.
    fn max_chunk_private_data(&self) -> usize {
        256
    }
}

type OnDone = Box<dyn FnOnce(NtStatus, &[u8]) + Send>;

/// A message on its way from the miniport to the driver.
pub(crate) struct Message {
    input: Vec<u8>,
    output_size: usize,
    on_done: OnDone,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message of {} bytes", self.input.len())
    }
}

impl Message {
    /// Tells the sender that the driver will not get it.
    pub(crate) fn cancel(self) {
        (self.on_done)(NtStatus::CANCELLED, &[]);
    }
}

/// What Windows offers to the miniport. It outlives the device harmlessly.
#[derive(Clone, Debug)]
pub struct DxgkCallbacks {
    state: Weak<State>,
}

impl DxgkCallbacks {
    pub(crate) fn new(state: &Arc<State>) -> Self {
        Self {
            state: Arc::downgrade(state),
        }
    }

    /// `DxgkCbMiracastSendMessage`: returns at once. `on_done` gets the driver's status and the
    /// bytes that it returned, or `CANCELLED` if the message was dropped because there is no
    /// session (DDI-82). It is not called if the result is `DEVICE_REMOVED`.
    pub fn send_message(
        &self,
        input: &[u8],
        output_size: usize,
        on_done: impl FnOnce(NtStatus, &[u8]) + Send + 'static,
    ) -> NtStatus {
        let Some(state) = self.state.upgrade() else {
            return NtStatus::DEVICE_REMOVED;
        };
        let posted = state.life.post(Message {
            input: input.to_vec(),
            output_size,
            on_done: Box::new(on_done),
        });
        if posted {
            NtStatus::PENDING
        } else {
            NtStatus::DEVICE_REMOVED
        }
    }

    /// As [`DxgkCallbacks::send_message`], and waits for the reply. Not for use within
    /// [`Miniport::io_control`]: the answer cannot come while an entry point is on the stack.
    ///
    /// # Errors
    /// The driver's status if that is an error, or `IO_TIMEOUT` after `limit`.
    pub fn call(
        &self,
        input: &[u8],
        output_size: usize,
        limit: Duration,
    ) -> Result<Vec<u8>, NtStatus> {
        let (sender, receiver) = mpsc::channel();
        let status = self.send_message(input, output_size, move |status, output| {
            // The receiver may have given up.
            let _ = sender.send((status, output.to_vec()));
        });
        if !status.is_success() {
            return Err(status);
        }
        match receiver.recv_timeout(limit) {
            Ok((status, output)) if status.is_success() => Ok(output),
            Ok((status, _)) => Err(status),
            Err(_) => Err(NtStatus::IO_TIMEOUT),
        }
    }

    /// `DxgkCbNotifyInterrupt` with a finished chunk. `NO_MEMORY` says that all outstanding chunks
    /// are lost (DDI-84); without a session the chunk is dropped (DDI-37).
    pub fn chunk_completed(&self, info: ChunkInfo, private: &[u8]) -> NtStatus {
        let Some(state) = self.state.upgrade() else {
            return NtStatus::INVALID_PARAMETER;
        };
        if private.len() > state.miniport.max_chunk_private_data() {
            return NtStatus::INVALID_PARAMETER;
        }
        state.statistics.stage_by_miniport(info);
        state.chunks.push(info, private)
    }
}

/// Starts the threads that bring messages. They end with the device.
pub(crate) fn deliver(state: &Arc<State>) -> [JoinHandle<()>; DELIVERY_THREADS] {
    core::array::from_fn(|_| {
        let state = Arc::clone(state);
        ledger::spawn(move || {
            loop {
                match state.life.next_message() {
                    Fate::Deliver(message) => hand_over(&state, message),
                    Fate::Drop(message) => message.cancel(),
                    Fate::End => return,
                }
            }
        })
    })
}

/// Calls the driver with one message.
fn hand_over(state: &State, message: Message) {
    let (status, mut output, returned) =
        state.handle_kernel_mode_message(&message.input, message.output_size);
    state.life.handled();
    if returned > output.len() {
        let text = format!(
            "HandleKernelModeMessage returned {returned} bytes in a buffer of {}",
            output.len()
        );
        state.log.violation("SAL", text);
    }
    output.truncate(returned);
    (message.on_done)(status, &output);
}
