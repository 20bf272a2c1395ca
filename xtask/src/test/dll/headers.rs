//! What the headers and tables of the DLL promise to Windows and to the debugger.

use object::pe::{
    IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE, IMAGE_DLLCHARACTERISTICS_GUARD_CF,
    IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA, IMAGE_DLLCHARACTERISTICS_NX_COMPAT,
    IMAGE_FILE_MACHINE_AMD64, IMAGE_FILE_MACHINE_ARM64, IMAGE_SCN_MEM_EXECUTE, IMAGE_SCN_MEM_WRITE,
};

use super::guard;
use super::image::Image;
use crate::build::Arch;

/// Bytes of writable data in the file. The contexts are static and take half a megabyte, but are
/// all zero and so take nothing in the file; one field of theirs that is not zero would bring all of
/// it. What is left are the words that Windows sets while it loads the DLL.
const STORED_DATA_MAX: u32 = 4096;

const CHARACTERISTICS: [(u16, &str); 4] = [
    (IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE, "DYNAMIC_BASE"),
    (IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA, "HIGH_ENTROPY_VA"),
    (IMAGE_DLLCHARACTERISTICS_NX_COMPAT, "NX_COMPAT"),
    (IMAGE_DLLCHARACTERISTICS_GUARD_CF, "GUARD_CF"),
];

/// What is wrong with a DLL for `arch` of the package version `version`, whose PDB has the GUID
/// `pdb` and stands beside it under its own name.
pub(super) fn faults(image: &Image, arch: Arch, version: &str, pdb: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let machine = match arch {
        Arch::X64 => IMAGE_FILE_MACHINE_AMD64,
        Arch::Arm64 => IMAGE_FILE_MACHINE_ARM64,
    };
    if image.machine != machine {
        faults.push(format!("it is for the machine {:#x}", image.machine));
    }
    for (bit, name) in CHARACTERISTICS {
        if image.characteristics & bit == 0 {
            faults.push(format!("{name} is not set"));
        }
    }
    if image.entry != 0 {
        faults.push("it has an entry function".into());
    }
    if image.has_tls {
        faults.push("it has thread-local storage".into());
    }
    if image.version.map(dotted) != Some(format!("{version}.0")) {
        faults.push(format!("its version is {:?}", image.version));
    }
    let named = image.pdb.as_ref();
    if named.map(|(name, guid)| (name.as_str(), written(*guid)))
        != Some(("miracast_umd.pdb", pdb.to_owned()))
    {
        faults.push(format!("its PDB is {named:?}, and not {pdb}"));
    }
    faults.extend(guard::faults(image.guard.as_ref(), arch));
    faults.extend(section_faults(image));
    faults
}

fn section_faults(image: &Image) -> Vec<String> {
    let mut faults = Vec::new();
    let mut stored = 0;
    for section in &image.sections {
        if section.characteristics & IMAGE_SCN_MEM_WRITE == 0 {
            continue;
        }
        stored += section.stored;
        if section.characteristics & IMAGE_SCN_MEM_EXECUTE != 0 {
            faults.push(format!("{} is writable and executable", section.name));
        }
    }
    if stored > STORED_DATA_MAX {
        faults.push(format!("{stored} bytes of writable data are in the file"));
    }
    faults
}

fn dotted(version: [u16; 4]) -> String {
    version.map(|number| number.to_string()).join(".")
}

/// A GUID as Microsoft's and LLVM's tools write it: three numbers, then eight bytes.
fn written(guid: [u8; 16]) -> String {
    let reversed = |bytes: &[u8]| hexadecimal(bytes.iter().rev());
    let (numbers, bytes) = guid.split_at(8);
    format!(
        "{}-{}-{}-{}-{}",
        reversed(&numbers[..4]),
        reversed(&numbers[4..6]),
        reversed(&numbers[6..]),
        hexadecimal(&bytes[..2]),
        hexadecimal(&bytes[2..])
    )
}

fn hexadecimal<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> String {
    let bytes = bytes.into_iter();
    bytes.fold(String::new(), |text, byte| format!("{text}{byte:02X}"))
}

#[cfg(test)]
mod tests {
    use super::super::guard::{Guard, Pointer};
    use super::super::image::Section;
    use super::*;

    const GUID: &str = "03020100-0504-0706-0809-0A0B0C0D0E0F";

    const GUARDED: Pointer = Pointer {
        is_code: true,
        uses: 9,
    };

    fn right() -> Image {
        Image {
            size: 150_000,
            machine: IMAGE_FILE_MACHINE_AMD64,
            characteristics: CHARACTERISTICS.iter().fold(0, |all, (bit, _)| all | bit),
            entry: 0,
            exports: [].into(),
            imports: [].into(),
            sections: vec![Section {
                name: ".data".into(),
                address: 0x1_8000_3000,
                characteristics: IMAGE_SCN_MEM_WRITE,
                stored: 512,
            }],
            has_tls: false,
            version: Some([1, 2, 3, 0]),
            pdb: Some((
                "miracast_umd.pdb".into(),
                core::array::from_fn(|at| at as u8),
            )),
            guard: Some(Guard {
                flags: 0x500,
                functions: 40,
                check: Some(GUARDED),
                dispatch: Some(GUARDED),
            }),
        }
    }

    fn found(image: &Image) -> Vec<String> {
        faults(image, Arch::X64, "1.2.3", GUID)
    }

    #[test]
    fn a_right_image_has_no_fault() {
        assert_eq!(found(&right()), [] as [&str; 0]);
    }

    #[test]
    fn another_version_or_pdb_or_no_guard_is_a_fault() {
        let mut image = right();
        image.version = Some([1, 2, 4, 0]);
        assert_eq!(found(&image), ["its version is Some([1, 2, 4, 0])"]);
        let mut image = right();
        image.pdb = Some(("miracast_umd.pdb".into(), [0; 16]));
        assert!(found(&image)[0].starts_with("its PDB is "));
        let mut image = right();
        image.pdb = image
            .pdb
            .map(|(_, guid)| ("C:\\miracast_umd.pdb".into(), guid));
        assert!(found(&image)[0].starts_with("its PDB is "));
        let mut image = right();
        image.guard = None;
        assert_eq!(found(&image), ["it has no load configuration"]);
    }
}
