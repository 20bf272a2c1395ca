//! The tables of the driver that name the tests of their rows, held against the sources of the tests.

use miracast_core::quirks::TABLE;
use miracast_field::proof;

#[test]
fn every_quirk_is_proven() {
    for row in &TABLE {
        if let Err(fault) = proof::exists_in("core", row.test) {
            panic!("{}: {fault:#}", row.id);
        }
    }
}

#[test]
fn every_limit_that_a_sink_reaches_is_proven() {
    for (package, least) in [("core", 14), ("umd", 7)] {
        match proof::limits(package) {
            Ok(rows) => assert!(rows >= least, "{package}: {rows} rows are read"),
            Err(fault) => panic!("{package}: {fault:#}"),
        }
    }
}
