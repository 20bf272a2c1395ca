//! Compiles the C model, with every warning an error: it is an example.

use std::path::Path;

const SOURCES: [&str; 9] = [
    "model/audio.c",
    "model/context.c",
    "model/escape.c",
    "model/input.c",
    "model/message.c",
    "model/ring.c",
    "model/rules.c",
    "model/stream.c",
    "model/wire.c",
];

fn main() {
    let contract = Path::new("../../kmd-iface/include");
    cc::Build::new()
        .files(SOURCES)
        .file("src/face.c")
        .include(contract)
        .include("include")
        .include("model")
        .std("c11")
        .warnings(true)
        .extra_warnings(true)
        .warnings_into_errors(true)
        .compile("mk_miniport");
    println!("cargo::rerun-if-changed=include");
    println!("cargo::rerun-if-changed=model");
    println!("cargo::rerun-if-changed=src/face.c");
    println!("cargo::rerun-if-changed={}", contract.display());
}
