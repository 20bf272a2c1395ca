//! `cargo xtask docs` runs this: prints one of the documents, after every row of it was checked.

use std::io::{self, Write as _};

use anyhow::bail;

fn main() -> anyhow::Result<()> {
    let document = std::env::args().nth(1).unwrap_or_default();
    let text = match document.as_str() {
        "control-plane" => miracast_docs::control_plane()?,
        "media-plane" => miracast_docs::media_plane()?,
        "conformance" => miracast_docs::conformance()?,
        _ => bail!("usage: miracast-docs control-plane|media-plane|conformance"),
    };
    Ok(io::stdout().write_all(text.as_bytes())?)
}
