//! The C model against the Rust ends of the contract: what one side writes the other reads.

mod driver;
mod messages;
mod pictures;
mod requests;
