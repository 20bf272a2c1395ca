//! Whole conversations in virtual time, with a scripted sink.

mod asking;
mod closing;
mod formats;
mod hostile;
mod input;
mod ladder;
mod latency;
mod matrix;
mod modes;
mod negotiation;
mod noticed;
mod playing;
mod script;
mod settings;
mod sound;
mod standby;
