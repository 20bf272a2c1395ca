//! `cargo xtask docs` runs this: prints docs/CONTROL-PLANE.md, after every row of it was checked.

use std::io::{self, Write as _};

fn main() -> anyhow::Result<()> {
    Ok(io::stdout().write_all(miracast_docs::control_plane()?.as_bytes())?)
}
