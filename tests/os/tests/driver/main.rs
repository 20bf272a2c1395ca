//! Drivers made for the tests, good and bad ones, against the emulated Windows.

mod allocations;
mod behaviour;
mod census;
mod contract;
mod fake;
mod good;
mod socket;

#[global_allocator]
static ALLOCATOR: miracast_os::ledger::DriverCounting = miracast_os::ledger::DriverCounting;
