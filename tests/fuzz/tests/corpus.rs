//! Every target with its seeds and with the inputs that are kept.

use std::fs;
use std::path::{Path, PathBuf};

use miracast_fuzz::{TARGETS, Target, chunks, ddi, seeds, session};

/// The inputs that are kept for a target: each was found by the fuzzer once.
fn kept(target: &Target) -> Vec<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target.name);
    let entries = fs::read_dir(&corpus).expect("a directory for each target");
    entries
        .map(|entry| entry.expect("an entry").path())
        .collect()
}

/// Those that need no process of their own.
fn targets() -> impl Iterator<Item = &'static Target> {
    TARGETS.iter().filter(|target| target.name != "entry")
}

#[test]
fn every_seed_and_every_kept_input_holds() {
    for target in targets() {
        let seeds = (target.seeds)();
        assert!(!seeds.is_empty(), "{} has no seed", target.name);
        for seed in seeds {
            (target.run)(&seed);
        }
        for input in kept(target) {
            println!("{}", input.display());
            (target.run)(&fs::read(&input).expect("a file"));
        }
    }
}

/// Those whose inputs take microseconds: there are thousands.
fn quick() -> impl Iterator<Item = &'static Target> {
    targets().filter(|target| target.name != "ddi")
}

#[test]
fn every_input_cut_anywhere_holds() {
    for target in quick() {
        for seed in (target.seeds)() {
            for end in 0..seed.len() {
                (target.run)(&seed[..end]);
            }
        }
    }
}

/// What a fuzzer does first. Lists that are longer take minutes.
#[test]
fn every_short_input_with_one_byte_changed_holds() {
    for target in quick() {
        for mut seed in (target.seeds)() {
            for place in 0..if seed.len() > 500 { 0 } else { seed.len() } {
                for change in [1, 0x80] {
                    seed[place] ^= change;
                    (target.run)(&seed);
                    seed[place] ^= change;
                }
            }
        }
    }
}

/// A fuzzer that begins with seeds which end early does not get far.
#[test]
fn every_dialogue_leads_to_media() {
    for (number, seed) in seeds::told().iter().enumerate() {
        println!("{number}");
        assert!(session::has_played(seed));
    }
}

#[test]
fn every_list_of_chunks_leads_to_pictures() {
    for (number, seed) in seeds::chunks().iter().enumerate() {
        println!("{number}");
        assert!(chunks::arrived(seed) > 0);
    }
}

#[test]
fn most_lists_of_calls_lead_to_a_session() {
    let seeds = seeds::ddi();
    let sessions: Vec<u32> = seeds.iter().map(|seed| ddi::sessions(seed)).collect();
    let without = sessions.iter().filter(|count| **count == 0).count();
    assert!(without <= seeds.len() / 4, "{sessions:?}");
}
