//! The miniports behind the contexts: one that keeps the contract, and some that do not.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use miracast_kmd_iface::Opcode;
use miracast_miniport::encoder::Source;
use miracast_miniport::peer::{BadSpan, Misbehaviour, Options, Peer};
use miracast_os::abi::NtStatus;
use miracast_os::{DxgkCallbacks, Miniport, bare};

/// The escapes that may be answered wrongly: those of a context, and of what a session begins and ends
/// with.
const ESCAPES: [Opcode; 6] = [
    Opcode::HELLO,
    Opcode::MONITOR_ARRIVE,
    Opcode::MONITOR_DEPART,
    Opcode::STREAM_OPEN,
    Opcode::STREAM_CLOSE,
    Opcode::REQUEST_IDR,
];

/// The miniport of one device.
pub(super) struct Kernel(Mutex<Peer>);

impl Kernel {
    /// One that answers `escape` as `how` says; every fourth `how` is none.
    pub(super) fn new(how: u8, escape: u8) -> Self {
        let escape = ESCAPES[usize::from(escape) % ESCAPES.len()];
        let mut misbehaviour = Misbehaviour::default();
        match how % 8 {
            1 => misbehaviour.refuse = vec![(escape, NtStatus::NOT_SUPPORTED)],
            2 => misbehaviour.mute = vec![escape],
            3 => misbehaviour.wrong_sequence = true,
            5 => misbehaviour.span = Some(BadSpan::HugeLength),
            6 => misbehaviour.span = Some(BadSpan::NullBase),
            7 => misbehaviour.refuse = vec![(escape, NtStatus::INSUFFICIENT_RESOURCES)],
            _ => {}
        }
        Self(Mutex::new(peer(misbehaviour)))
    }
}

fn peer(misbehaviour: Misbehaviour) -> Peer {
    let options = Options {
        misbehaviour,
        ring_bytes: 64 * 1024,
        ..Options::default()
    };
    Peer::new(options, Source::Synthetic { seed: 1 })
}

fn locked(peer: &Mutex<Peer>) -> MutexGuard<'_, Peer> {
    peer.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Miniport for Kernel {
    fn create_context(&self, _: DxgkCallbacks) -> Result<u32, NtStatus> {
        Ok(1)
    }

    fn io_control(&self, input: &[u8], output: &mut [u8]) -> (NtStatus, usize) {
        locked(&self.0).io_control(input, output)
    }

    fn destroy_context(&self) {}
}

/// The miniport of the contexts that no Windows is around.
pub(super) struct Honest;

static HONEST: LazyLock<Mutex<Peer>> = LazyLock::new(|| Mutex::new(peer(Misbehaviour::default())));

impl bare::Kernel for Honest {
    fn io_control(input: &[u8], output: &mut [u8]) -> (NtStatus, usize) {
        locked(&HONEST).io_control(input, output)
    }
}
