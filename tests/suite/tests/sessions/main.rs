//! Whole sessions between the real driver and the emulated Windows, miniport and sink: good ones,
//! and ones in which somebody else than the driver does wrong.
//!
//! After every mishap the driver must have kept the contract, left nothing behind, and be able to
//! cast again in the same process: [`stage::assert_survived`].

mod desktop;
mod input;
mod miniport_mishaps;
mod playing;
mod settings;
mod sink_mishaps;
mod stage;
