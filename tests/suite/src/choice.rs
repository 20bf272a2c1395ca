//! A choice on the command line of a program.

use clap::ValueEnum;

/// An option that is not a flag, because either may be what is usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    /// It is wanted.
    Yes,
    /// It is not.
    No,
}
