//! Writes the seeds of a target, one to a file.

use std::path::PathBuf;
use std::{env, fs, io};

use miracast_fuzz::TARGETS;

fn main() -> io::Result<()> {
    let usage = || io::Error::other("usage: miracast-fuzz TARGET DIRECTORY");
    let mut words = env::args_os().skip(1);
    let (Some(name), Some(directory), None) = (words.next(), words.next(), words.next()) else {
        return Err(usage());
    };
    let target = TARGETS.iter().find(|target| name == target.name);
    let directory = PathBuf::from(directory);
    fs::create_dir_all(&directory)?;
    for (number, seed) in (target.ok_or_else(usage)?.seeds)().iter().enumerate() {
        fs::write(directory.join(format!("seed-{number}")), seed)?;
    }
    Ok(())
}
