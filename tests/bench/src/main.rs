//! `miracast-bench`: measures the driver's media plane, and what comes before the first picture, beside
//! what others wrote, in the same rounds.
//!
//! Each contestant is a process of its own ([`work`] here, `peers/` for those in C) that makes one
//! pass over a recorded stream whenever it is told to; [`rounds`] tells them in turn, [`mod@bench`] says
//! who meets whom and what must be reached, [`count`] counts what does not depend on the machine's
//! load. `cargo xtask bench` installs, records and compiles what is needed, and runs this program.
//!
//! What it is not: it judges no stream. That what is measured is right, the other tests show.

mod arrivals;
mod bench;
mod check;
mod contestant;
mod count;
mod docs;
mod machine;
mod outcome;
mod page;
mod place;
mod ring;
mod rounds;
mod run;
mod stream;
mod table;
mod work;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Measure, and say what was reached
    Run(run::Args),
    /// Hold exact counts against those that are written down
    Check(check::Args),
    /// Do one kind of work, pass by pass
    Work(work::Args),
    /// Write the index of a stream
    Index { stream: PathBuf, index: PathBuf },
}

fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().verb {
        Verb::Run(args) => return args.run(),
        Verb::Check(args) => return args.run(),
        Verb::Work(args) => args.run()?,
        Verb::Index { stream, index } => stream::write_index(&stream, &index)?,
    }
    Ok(ExitCode::SUCCESS)
}
