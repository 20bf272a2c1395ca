//! `cargo xtask VERB`: the one way to show, run and check this project, on a developer's machine
//! and in CI alike.
//!
//! What it is not: it links none of the project's crates, so it builds when they do not. The verbs
//! that run the driver build and spawn the programs of the package `miracast-suite`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod apt;
mod bench;
mod build;
mod caps;
mod cast;
mod cert;
mod clips;
mod debian_rust;
mod demo;
mod docs;
mod doctor;
mod fuzz;
mod generated;
mod header;
mod inf;
mod install;
mod machine;
mod package;
mod runner;
mod sanitize;
mod sim;
mod sink;
mod slices;
mod soak;
mod soak_4k;
mod stress;
mod suite;
mod test;
mod tone;
mod trace;
mod uninstall;
mod wdk_check;
mod windows_host;
mod wine;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Show, run and check the driver"
)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Build(build::Args),
    /// Make the certificate for test signing, unless there is one that is good for another day
    Cert,
    Package(package::Args),
    Install(install::Args),
    /// Remove this driver's packages and test certificates from this Windows machine, as administrator
    Uninstall,
    Doctor(doctor::Args),
    Demo(demo::Args),
    Soak(soak::Args),
    #[command(name = "soak-4k")]
    Soak4k(soak_4k::Args),
    Cast(cast::Args),
    Sink(sink::Args),
    Caps(caps::Args),
    Sim(sim::Args),
    Stress(stress::Args),
    Fuzz(fuzz::Args),
    /// Run the tests of the driver's crates and of the emulated Windows under AddressSanitizer
    Sanitize,
    Bench(bench::Args),
    Header(header::Args),
    Docs(docs::Args),
    Test(test::Args),
    /// Print the driver's ETW provider and events, and write a profile for Windows Performance Recorder
    Trace,
    WdkCheck(wdk_check::Args),
}

fn main() -> ExitCode {
    if std::env::var_os(wdk_check::ROLE).is_some() {
        return ended(wdk_check::in_place_of_rustc());
    }
    ended(match Arguments::parse().verb {
        Verb::Build(args) => args.run(),
        Verb::Cert => cert::run(),
        Verb::Package(args) => args.run(),
        Verb::Install(args) => args.run(),
        Verb::Uninstall => uninstall::run(),
        Verb::Doctor(args) => args.run(),
        Verb::Demo(args) => args.run(),
        Verb::Soak(args) => args.run(),
        Verb::Soak4k(args) => args.run(),
        Verb::Cast(args) => args.run(),
        Verb::Sink(args) => args.run(),
        Verb::Caps(args) => args.run(),
        Verb::Sim(args) => args.run(),
        Verb::Stress(args) => args.run(),
        Verb::Fuzz(args) => args.run(),
        Verb::Sanitize => sanitize::run(),
        Verb::Bench(args) => args.run(),
        Verb::Header(args) => args.run(),
        Verb::Docs(args) => args.run(),
        Verb::Test(args) => args.run(),
        Verb::Trace => trace::run(),
        Verb::WdkCheck(args) => args.run(),
    })
}

fn ended(done: anyhow::Result<ExitCode>) -> ExitCode {
    done.unwrap_or_else(|error| {
        // Not returned from main: with RUST_BACKTRACE set, that prints a backtrace at the user.
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
