//! `cargo xtask header` runs this: prints kmd-iface/include/miracast_kmd.h.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    io::stdout().write_all(miracast_header::text().as_bytes())
}
