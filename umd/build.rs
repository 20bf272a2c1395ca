//! Reads the headers of the Windows Driver Kit, where the driver is built through it. Anywhere
//! else, and for the programs under tests/, it does nothing.
//!
//! No crate has bindings for netdispumdddi.h, and the header may not be passed on, so they are
//! generated at each build. The driver does not use them: `ddi::wdk` compares them with the types
//! that it does use, at compile time. `wdk_check` is set by `cargo xtask wdk-check` alone.

#[cfg(all(any(windows, wdk_check), feature = "wdk"))]
mod kit {
    use std::env;
    use std::error::Error;
    use std::path::PathBuf;

    use bindgen::EnumVariation;
    use wdk_build::{BuilderExt as _, Config};

    /// The order matters: winsock2.h wants to be before windows.h, and ntstatus.h repeats some
    /// values of winnt.h unless it is told not to have them.
    const HEADERS: &str = "\
        #include <winsock2.h>\n\
        #define WIN32_NO_STATUS\n\
        #include <windows.h>\n\
        #undef WIN32_NO_STATUS\n\
        #include <winternl.h>\n\
        #include <ntstatus.h>\n\
        #include <d3dkmthk.h>\n\
        #include <netdispumdddi.h>\n";

    /// What is wanted of them; the types that these refer to come along.
    const TYPES: &str = "(DXGK_)?MIRACAST_.*|PFN_.*MIRACAST.*|QUERY_MIRACAST_DRIVER_INTERFACE";
    const VALUES: &str = "(DXGK_)?MIRACAST_.*|MAX_ADDITIONAL_EVENTS|INFINITE";

    /// Writes `kit.rs` into the output directory.
    ///
    /// # Errors
    /// If there is no kit, or it has no such headers, or they cannot be read.
    pub(crate) fn bind(config: &Config) -> Result<(), Box<dyn Error>> {
        let mut builder = bindgen::Builder::wdk_default(config)?;
        if let Some(directory) = kernel_mode_directory(config)? {
            builder = builder.clang_arg(format!("--include-directory={}", directory.display()));
        }
        let bindings = builder
            .header_contents("kit.h", HEADERS)
            .allowlist_type(TYPES)
            .allowlist_var(VALUES)
            // Constants by their own names, whether or not the C enumeration has a tag.
            .default_enum_style(EnumVariation::Consts)
            .prepend_enum_name(false)
            .layout_tests(false)
            .generate()?;
        let directory = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
        Ok(bindings.write_to_file(PathBuf::from(directory).join("kit.rs"))?)
    }

    /// The directory of the kernel-mode headers, if d3dkmthk.h is nowhere else. Where it is differs
    /// from kit to kit, and the include path of UMDF is that of user mode.
    fn kernel_mode_directory(config: &Config) -> Result<Option<PathBuf>, Box<dyn Error>> {
        let directories: Vec<PathBuf> = config.include_paths()?.collect();
        let has = |directory: &PathBuf| directory.join("d3dkmthk.h").is_file();
        if directories.iter().any(has) {
            return Ok(None);
        }
        // The first of them is km/crt.
        let kernel_mode = directories.first().and_then(|crt| crt.parent());
        Ok(kernel_mode.map(PathBuf::from).filter(has))
    }
}

#[cfg(all(any(windows, wdk_check), feature = "wdk"))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    for variable in ["WDKContentRoot", "Version_Number"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    wdk_build::configure_wdk_library_build_and_then(|config| kit::bind(&config))
}

#[cfg(not(all(any(windows, wdk_check), feature = "wdk")))]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
