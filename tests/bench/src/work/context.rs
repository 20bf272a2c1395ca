//! A context of the driver, made and destroyed through its interface as Windows does it.

use anyhow::anyhow;
use miracast_kmd_iface::NtStatus;
use miracast_kmd_iface::codec::{decode_request, encode_reply};
use miracast_kmd_iface::escape::{
    AudioFormats, EncoderCaps, EncoderFlags, Escape, Features, Hello, HelloReply, HevcCaps,
};
use miracast_kmd_iface::header::VERSION;
use miracast_os::abi::MIRACAST_CALLBACKS;
use miracast_os::bare::{Bare, Kernel, callbacks};
use miracast_umd::ddi::QueryMiracastDriverInterface;

use super::{Made, Pace, Worker};

const ENCODER: EncoderCaps = EncoderCaps {
    profiles: 3,
    level_bit: 4,
    max_width: 1920,
    max_height: 1200,
    max_slices: 4,
    max_macroblocks_per_second: 522_240,
    flags: EncoderFlags::empty(),
    max_bit_rate: 40_000_000,
};

/// What Windows offers; only the miniport is asked while there is no session.
static CALLBACKS: MIRACAST_CALLBACKS = callbacks::<Greeting>();

/// A miniport that answers HELLO.
struct Greeting;

impl Kernel for Greeting {
    fn io_control(input: &[u8], output: &mut [u8]) -> (NtStatus, usize) {
        answer(input, output).map_or((NtStatus::INVALID_PARAMETER, 0), |length| {
            (NtStatus::SUCCESS, length)
        })
    }
}

fn answer(input: &[u8], reply: &mut [u8]) -> Option<usize> {
    let Ok((sequence, Escape::Hello(_))) = decode_request::<Escape>(input) else {
        return None;
    };
    let hello = HelloReply {
        version: VERSION,
        features: Features::empty(),
        encoder: ENCODER,
        audio: AudioFormats::empty(),
        hevc: HevcCaps::default(),
    };
    encode_reply::<Hello>(sequence, &hello, reply).ok()
}

/// As many contexts in a pass as `turns`, one after the other.
pub(super) struct Contexts {
    driver: Bare,
    turns: usize,
}

impl Contexts {
    pub(super) fn new(turns: usize) -> anyhow::Result<Self> {
        let driver = Bare::linked(QueryMiracastDriverInterface)
            .map_err(|status| anyhow!("the driver has no interface: {status}"))?;
        Ok(Self { driver, turns })
    }
}

impl Worker for Contexts {
    fn pass(&mut self, _: &mut Pace) -> anyhow::Result<Made> {
        for _ in 0..self.turns {
            let context = self.driver.create(&CALLBACKS);
            let context = context.map_err(|status| anyhow!("no context: {status}"))?;
            self.driver.destroy(context);
        }
        Ok(Made::default())
    }
}
