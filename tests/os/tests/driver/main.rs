//! Drivers made for the tests, good and bad ones, against the emulated Windows.

mod allocations;
mod behaviour;
mod contract;
mod fake;
mod good;

#[global_allocator]
static ALLOCATOR: miracast_os::ledger::DriverCounting = miracast_os::ledger::DriverCounting;
