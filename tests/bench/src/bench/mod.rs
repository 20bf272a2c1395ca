//! The benches, by name.

mod latency;
mod mux;
mod sending;
mod size;
mod sound;
mod start;

use std::path::PathBuf;

use crate::outcome::Outcome;
use crate::place::Place;

/// What a bench needs to know.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) place: Place,
    /// How often each contestant makes a pass.
    pub(crate) rounds: usize,
    /// The driver's DLL for x64, if it was built.
    pub(crate) dll: Option<PathBuf>,
}

/// One bench.
pub(crate) struct Bench {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Setup) -> anyhow::Result<Outcome>,
}

/// All benches, in the order of the report.
pub(crate) const BENCHES: &[Bench] = &[
    Bench {
        name: "mux_instr",
        run: mux::instructions,
    },
    Bench {
        name: "mux_alloc",
        run: mux::allocations,
    },
    Bench {
        name: "mux_hot",
        run: mux::hot,
    },
    Bench {
        name: "mux_cold",
        run: mux::cold,
    },
    Bench {
        name: "mux_slices",
        run: mux::slices,
    },
    Bench {
        name: "mux_4k",
        run: mux::four_k,
    },
    Bench {
        name: "mux_vs_rust",
        run: mux::crates,
    },
    Bench {
        name: "lpcm_pes",
        run: sound::lpcm,
    },
    Bench {
        name: "udp_send",
        run: sending::calls,
    },
    Bench {
        name: "e2e_cpu",
        run: sending::cpu,
    },
    Bench {
        name: "e2e_tail",
        run: latency::tail,
    },
    Bench {
        name: "e2e_first",
        run: latency::first,
    },
    Bench {
        name: "rtsp_hs",
        run: start::handshake,
    },
    Bench {
        name: "ctx_create",
        run: start::context,
    },
    Bench {
        name: "size",
        run: size::size,
    },
];
