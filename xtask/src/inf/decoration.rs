//! The decoration of a models section, which says for which Windows it is:
//! `nt[arch][.[major][.[minor][.[product][.[suite][.build]]]]]`, as the INF Manufacturer section is
//! documented.

/// The first build that allows files to be used where they lie in the driver store (Windows 10
/// version 1709; "run from driver store").
const BUILD_MIN: u32 = 16_299;

/// Checks a decoration and returns its processor in lower case.
///
/// # Errors
/// What is wrong with it.
pub(super) fn architecture(decoration: &str) -> Result<&'static str, String> {
    let lower = decoration.to_ascii_lowercase();
    let mut parts = lower.split('.');
    let processor = parts.next().unwrap_or_default().strip_prefix("nt");
    let processor = match processor {
        Some("amd64") => "amd64",
        Some("arm64") => "arm64",
        _ => return Err(format!("{decoration} is for neither amd64 nor arm64")),
    };
    let numbers: Vec<&str> = parts.collect();
    let [major, minor, product, suite, build] = numbers.as_slice() else {
        return Err(format!("{decoration} names no build of Windows"));
    };
    if (*major, *minor) != ("10", "0") {
        return Err(format!(
            "{decoration}: {major}.{minor} is no version with builds"
        ));
    }
    if !product.is_empty() || !suite.is_empty() {
        return Err(format!("{decoration} names a product or a suite"));
    }
    match build.parse::<u32>() {
        Ok(number) if number >= BUILD_MIN && number.to_string() == *build => Ok(processor),
        _ => Err(format!(
            "{decoration}: the build is not {BUILD_MIN} or later"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoration_has_a_processor_and_a_build() {
        assert_eq!(architecture("NTamd64.10.0...16299"), Ok("amd64"));
        assert_eq!(architecture("ntARM64.10.0...22000"), Ok("arm64"));
        for bad in [
            "",
            "amd64.10.0...16299",
            "NT.10.0...16299",
            "NTx86.10.0...16299",
            "NTamd64",
            "NTamd64.10.0",
            "NTamd64.6.3...16299",
            "NTamd64.10.0..16299",
            "NTamd64.10.0....16299",
            "NTamd64.10.0.1..16299",
            "NTamd64.10.0...16298",
            "NTamd64.10.0...+16299",
            "NTamd64.10.0...16299.1",
        ] {
            assert!(architecture(bad).is_err(), "{bad}");
        }
    }
}
