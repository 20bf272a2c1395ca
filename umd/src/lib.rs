//! The Miracast user-mode driver: what Windows loads and calls.

#![no_std]
#![deny(unsafe_code)]

#[cfg(test)]
extern crate std;

pub mod ddi;
pub mod os;
