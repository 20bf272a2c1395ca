//! The miniport in C and the one in Rust, side by side: whatever the driver asks, they answer alike,
//! byte for byte but for the address of the ring.

use miracast_kmd_iface::codec::{Request, decode_request, encode_request};
use miracast_kmd_iface::header::HEADER_SIZE;
use miracast_kmd_iface::message::{Message, ModeSet};
use miracast_kmd_iface::timing::{DisplayMode, ModeFlags, Refresh};
use miracast_kmd_iface::{MESSAGE_MAX, NtStatus, Opcode};
use miracast_miniport::encoder::{Dressing, Source};
use miracast_miniport::peer::{Options, Peer};
use miracast_miniport::script::ModeWish;
use miracast_miniport_c::{Config, Model};
use proptest::prelude::*;

use crate::driver;

/// Where MCKI_STREAM_OPENED.ring_base is in an answer.
const RING_BASE: core::ops::Range<usize> = HEADER_SIZE + 8..HEADER_SIZE + 16;

/// Both miniports, and the mode that was set last.
pub(crate) struct Twins {
    c: Model,
    rust: Peer,
    pub(crate) mode: Option<ModeSet>,
}

impl Twins {
    pub(crate) fn new() -> Self {
        let config = Config {
            parameter_sets: Vec::new(),
            ..driver::config()
        };
        let options = Options {
            encoder: config.encoder,
            features: config.features,
            // Both answer STREAM_START without parameter sets then.
            dressing: Dressing {
                parameter_sets: true,
                ..Dressing::default()
            },
            ring_bytes: config.data_len,
            audio: config.audio,
            audio_bit_rate: config.audio_bit_rate,
            audio_ring_bytes: config.data_len,
            target_id: config.target_id,
            ..Options::default()
        };
        Self {
            c: Model::new(&config).expect("a possible configuration"),
            rust: Peer::new(options, Source::Synthetic { seed: 1 }),
            mode: None,
        }
    }

    /// Asks both and returns the answer.
    pub(crate) fn ask(&mut self, request: &[u8]) -> Result<Vec<u8>, TestCaseError> {
        // On a heap block of its own size: a tool that watches the heap sees a read behind it.
        let request = request.to_vec();
        let mut answers = [[0xAA_u8; MESSAGE_MAX], [0x55; MESSAGE_MAX]];
        let c = self.c.escape(&request, &mut answers[0]);
        let rust = self.rust.io_control(&request, &mut answers[1]);
        while self.rust.poll_event().is_some() {}
        prop_assert_eq!(c, rust);
        let [mut c, mut rust] = answers.map(|answer| answer[..rust.1].to_vec());
        for answer in [&mut c, &mut rust] {
            let opens = [Opcode::STREAM_OPEN, Opcode::AUDIO_OPEN];
            let opens = opens.map(|opcode| opcode.0.to_le_bytes());
            if answer.len() > RING_BASE.end && opens.iter().any(|opcode| answer[6..8] == *opcode) {
                answer[RING_BASE].fill(0);
            }
        }
        prop_assert_eq!(&c, &rust);
        Ok(c)
    }

    /// Windows sets a mode in both.
    pub(crate) fn set_mode(
        &mut self,
        wish: ModeWish,
        first: DisplayMode,
    ) -> Result<(), TestCaseError> {
        let mode = match wish {
            ModeWish::First => first,
            ModeWish::Exactly {
                width,
                height,
                hertz,
            } => DisplayMode {
                width,
                height,
                refresh: Refresh::from_hertz(hertz),
                flags: ModeFlags::empty(),
            },
        };
        let mut message = [0; MESSAGE_MAX];
        let sent = self.c.mode_set(Some(mode), &mut message);
        let Some(set) = self.rust.set_mode(wish) else {
            prop_assert_eq!(sent, Err(NtStatus::INVALID_DEVICE_STATE));
            return Ok(());
        };
        self.compare_mode(set, &message[..sent.unwrap_or(0)])
    }

    /// Windows switches the path off in both.
    pub(crate) fn switch_off(&mut self) -> Result<(), TestCaseError> {
        if self.c.state().has_monitor == 0 {
            return Ok(());
        }
        let mut message = [0; MESSAGE_MAX];
        let sent = self.c.mode_set(None, &mut message);
        let set = self.rust.switch_path_off();
        self.compare_mode(set, &message[..sent.unwrap_or(0)])
    }

    fn compare_mode(&mut self, set: ModeSet, message: &[u8]) -> Result<(), TestCaseError> {
        self.mode = Some(set);
        let read = decode_request::<Message>(message).map(|(_, message)| message);
        prop_assert_eq!(read, Ok(Message::ModeSet(set)));
        Ok(())
    }
}

/// The bytes of a request, numbered 3.
pub(crate) fn bytes_of<R: Request>(request: &R) -> Vec<u8> {
    let mut bytes = vec![0; MESSAGE_MAX];
    let length = encode_request(3, request, &mut bytes).expect("room");
    bytes.truncate(length);
    bytes
}
