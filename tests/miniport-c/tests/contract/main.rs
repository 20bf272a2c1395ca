//! The C model against the Rust ends of the contract: what one side writes the other reads.

mod agreement;
mod audio;
mod boundaries;
mod driver;
mod messages;
mod pictures;
mod requests;
mod twins;
