//! What the programs promise before a session begins.

use std::process::{Command, Output};

fn run(program: &str, arguments: &[&str]) -> Output {
    let output = Command::new(program).args(arguments).output();
    output.expect("the program runs")
}

#[test]
fn a_simulation_says_how_it_is_replayed_before_it_runs_and_apart_from_its_output() {
    let output = run(
        env!("CARGO_BIN_EXE_sim"),
        &["--minutes", "0", "--seed", "7"],
    );
    let (said, told) = (output.stdout, output.stderr);
    let told = String::from_utf8_lossy(&told);
    assert!(
        told.starts_with("replay with: cargo xtask sim --minutes 0 --seed 7\n"),
        "{told}"
    );
    assert!(String::from_utf8_lossy(&said).contains("digest"));
}

#[test]
fn the_sink_lists_its_profiles_and_names_one_that_it_has_not() {
    let sink = env!("CARGO_BIN_EXE_sink");
    let listed = run(sink, &["--profile", "list"]);
    let list = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.status.success() && list.starts_with("Q1 "), "{list}");
    assert!(list.lines().any(|line| line.starts_with("Q11-early ")));
    let refused = run(sink, &["--connect", "127.0.0.1:1", "--profile", "Q18"]);
    let told = String::from_utf8_lossy(&refused.stderr);
    let named = told.contains("there is no profile Q18");
    assert!(!refused.status.success() && named, "{told}");
}

#[test]
fn no_program_casts_longer_than_its_records_reach() {
    let demo = env!("CARGO_BIN_EXE_demo");
    let cast = env!("CARGO_BIN_EXE_cast");
    for (program, more) in [(demo, [].as_slice()), (cast, &["--listen", "127.0.0.1:0"])] {
        let arguments = [&["--seconds", "3601"], more].concat();
        let output = run(program, &arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && told.contains("1..=3600"),
            "{told}"
        );
    }
}

#[test]
fn a_driver_that_cannot_be_loaded_is_an_error_and_never_replaced() {
    let output = run(env!("CARGO_BIN_EXE_demo"), &["--driver", "no-such-file"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && told.contains("error: the driver's file: "),
        "{told}"
    );
}
