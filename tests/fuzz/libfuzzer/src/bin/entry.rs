//! Hands what libFuzzer makes to the target.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| miracast_fuzz::entry::run(bytes));
