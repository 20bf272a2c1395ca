//! Windows, and Wine.

mod library;
pub(crate) mod process;
pub(crate) mod socket;
mod wait;

pub(crate) use library::Library;
pub(crate) use wait::Wake;
