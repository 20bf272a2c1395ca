//! The entry points with their seeds and with the inputs that are kept. One test: threads and handles are
//! counted in the whole process.

use std::fs;
use std::path::Path;

use miracast_fuzz::{entry, seeds};

#[test]
fn every_seed_and_every_kept_input_holds() {
    let seeds = seeds::entry();
    let sessions: Vec<u32> = seeds.iter().map(|seed| entry::sessions(seed)).collect();
    // A fuzzer that begins without a session does not get far.
    let with = sessions.iter().filter(|count| **count > 0).count();
    assert!(with >= seeds.len() / 3, "{sessions:?}");
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/entry");
    for input in fs::read_dir(corpus).expect("a directory for each target") {
        let input = input.expect("an entry").path();
        println!("{}", input.display());
        entry::run(&fs::read(&input).expect("a file"));
    }
}
