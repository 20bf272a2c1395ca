//! The device driver interface: the entry points that Windows calls, and its binary layout.

pub mod abi;
