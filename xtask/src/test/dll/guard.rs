//! Control flow guard as it is in the DLL. Its flags and its table are the linker's and say nothing
//! about the code: whether calls through pointers are guarded shows where the code goes through one
//! of the two function pointers that Windows sets.

use anyhow::bail;
use object::LittleEndian as LE;
use object::endian::{U32, U64};
use object::pe::{
    IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG, IMAGE_FILE_MACHINE_ARM64,
    IMAGE_GUARD_CF_FUNCTION_TABLE_PRESENT, IMAGE_GUARD_CF_INSTRUMENTED, IMAGE_SCN_MEM_EXECUTE,
};
use object::read::ReadRef as _;
use object::read::pe::{ImageNtHeaders as _, ImageOptionalHeader as _, PeFile64};

use crate::build::Arch;

/// Offsets in IMAGE_LOAD_CONFIG_DIRECTORY64, which may end anywhere behind them.
const CHECK_POINTER: u64 = 0x70;
const DISPATCH_POINTER: u64 = 0x78;
const FUNCTION_COUNT: u64 = 0x88;
const FLAGS: u64 = 0x90;

/// What the load configuration says of control flow guard.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// `GuardFlags`.
    pub(super) flags: u32,
    /// How many functions may be called by pointer.
    pub(super) functions: u64,
    /// `GuardCFCheckFunctionPointer`, `None` if it is zero.
    pub(super) check: Option<Pointer>,
    /// `GuardCFDispatchFunctionPointer`, `None` if it is zero.
    pub(super) dispatch: Option<Pointer>,
}

/// One of the function pointers that Windows sets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pointer {
    /// Whether it is the address of code in the file.
    pub(super) is_code: bool,
    /// Instructions that load it or go through it.
    pub(super) uses: usize,
}

/// What is wrong with the guard of a DLL for `arch`. On x64 calls go through the dispatch function; on
/// arm64 they ask the check function, and there is no other.
pub(super) fn faults(guard: Option<&Guard>, arch: Arch) -> Vec<String> {
    let bits = IMAGE_GUARD_CF_INSTRUMENTED | IMAGE_GUARD_CF_FUNCTION_TABLE_PRESENT;
    let Some(guard) = guard else {
        return vec!["it has no load configuration".into()];
    };
    let mut faults = Vec::new();
    if guard.flags & bits != bits || guard.functions == 0 {
        let (flags, functions) = (guard.flags, guard.functions);
        faults.push(format!(
            "its guard flags are {flags:#x}, for {functions} functions"
        ));
    }
    let pointers = [("check", guard.check), ("dispatch", guard.dispatch)];
    for (name, pointer) in pointers {
        let wanted = name == "check" || arch == Arch::X64;
        if pointer.is_some() != wanted {
            let is = if wanted { "no" } else { "a" };
            faults.push(format!("it has {is} guard {name} function"));
        }
        if pointer.is_some_and(|pointer| !pointer.is_code) {
            faults.push(format!("its guard {name} function is no code"));
        }
    }
    let (name, through) = match arch {
        Arch::X64 => pointers[1],
        Arch::Arm64 => pointers[0],
    };
    if through.is_some_and(|pointer| pointer.uses == 0) {
        faults.push(format!("no call goes by its guard {name} function"));
    }
    faults
}

/// # Errors
/// If the load configuration is cut off, or a pointer is outside of the file.
pub(super) fn parse(file: &PeFile64<'_>) -> anyhow::Result<Option<Guard>> {
    let Some(directory) = file.data_directory(IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG) else {
        return Ok(None);
    };
    let data = directory.data(file.data(), &file.section_table())?;
    let word = |at| data.read_at::<U64<LE>>(at).map(|word| word.get(LE));
    let (Ok(flags), Ok(functions), Ok(check), Ok(dispatch)) = (
        data.read_at::<U32<LE>>(FLAGS),
        word(FUNCTION_COUNT),
        word(CHECK_POINTER),
        word(DISPATCH_POINTER),
    ) else {
        bail!("the load configuration is cut off");
    };
    Ok(Some(Guard {
        flags: flags.get(LE),
        functions,
        check: pointer(file, check)?,
        dispatch: pointer(file, dispatch)?,
    }))
}

/// The function pointer at an address of the loaded image.
fn pointer(file: &PeFile64<'_>, address: u64) -> anyhow::Result<Option<Pointer>> {
    if address == 0 {
        return Ok(None);
    }
    let base = file.nt_headers().optional_header().image_base();
    let relative = |address: u64| u32::try_from(address.wrapping_sub(base)).ok();
    let place = relative(address);
    let stored = place.and_then(|place| file.section_table().pe_data_at(file.data(), place));
    let Some((place, stored)) = place.zip(stored.and_then(|bytes| bytes.first_chunk())) else {
        bail!("a guard pointer is at {address:#x}, which is not in the file");
    };
    let target = relative(u64::from_le_bytes(*stored));
    let arm64 = file.nt_headers().file_header().machine.get(LE) == IMAGE_FILE_MACHINE_ARM64;
    let mut found = Pointer {
        is_code: false,
        uses: 0,
    };
    for section in file.section_table().iter() {
        if section.characteristics.get(LE) & IMAGE_SCN_MEM_EXECUTE == 0 {
            continue;
        }
        let start = section.virtual_address.get(LE);
        let code = section.pe_data(file.data())?;
        found.is_code |= target
            .and_then(|target| target.checked_sub(start))
            .is_some_and(|offset| (offset as usize) < code.len());
        found.uses += if arm64 {
            loads_on_arm64(code, start, place)
        } else {
            jumps_on_x64(code, start, place)
        };
    }
    Ok(Some(found))
}

/// How many `call [rip+x]` and `jmp [rip+x]` of the code at `start` mean `place`.
fn jumps_on_x64(code: &[u8], start: u32, place: u32) -> usize {
    const LENGTH: u32 = 6;
    let instructions = code.windows(LENGTH as usize).zip(start..);
    let meant = |(bytes, at): &(&[u8], u32)| {
        let [0xFF, 0x15 | 0x25, ref distance @ ..] = **bytes else {
            return false;
        };
        let distance = distance.first_chunk().copied().map(u32::from_le_bytes);
        distance.map(|distance| at.wrapping_add(LENGTH).wrapping_add(distance)) == Some(place)
    };
    instructions.filter(meant).count()
}

/// How many `ldr xT, [xN, #x]` of the code at `start` mean `place`, with the page that the last
/// `adrp xN` before set.
fn loads_on_arm64(code: &[u8], start: u32, place: u32) -> usize {
    const PAGE: u32 = 0xFFF;
    let mut pages = [None; 32];
    let mut uses = 0;
    for (bytes, at) in code.chunks_exact(4).zip((start..).step_by(4)) {
        let word = bytes
            .iter()
            .rev()
            .fold(0, |word, byte| word << 8 | u32::from(*byte));
        if word & 0x9F00_0000 == 0x9000_0000 {
            // Pages from here on: 2 low bits, 19 high ones.
            let distance = (word >> 29 & 3) | (word >> 5 & 0x7_FFFF) << 2;
            let page = (at & !PAGE).wrapping_add(distance << 12);
            pages[word as usize & 31] = Some(page);
        } else if word & 0xFFC0_0000 == 0xF940_0000 {
            let offset = (word >> 10 & PAGE) * 8;
            let page: Option<u32> = pages[word as usize >> 5 & 31];
            uses += usize::from(page.map(|page| page.wrapping_add(offset)) == Some(place));
        }
    }
    uses
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Pointer = Pointer {
        is_code: true,
        uses: 1,
    };

    fn right(arch: Arch) -> Guard {
        Guard {
            flags: 0x500,
            functions: 40,
            check: Some(GOOD),
            dispatch: (arch == Arch::X64).then_some(GOOD),
        }
    }

    fn found(guard: &Guard, arch: Arch) -> Vec<String> {
        faults(Some(guard), arch)
    }

    #[test]
    fn a_guard_without_table_pointers_or_calls_is_none() {
        for arch in Arch::ALL {
            assert_eq!(found(&right(arch), arch), [""; 0]);
            assert_eq!(faults(None, arch).len(), 1);
            let mut guard = right(arch);
            guard.functions = 0;
            assert_eq!(
                found(&guard, arch),
                ["its guard flags are 0x500, for 0 functions"]
            );
        }
        let mut guard = right(Arch::X64);
        (guard.check, guard.dispatch) = (None, None);
        assert_eq!(
            found(&guard, Arch::X64),
            [
                "it has no guard check function",
                "it has no guard dispatch function"
            ]
        );
        assert_eq!(
            found(&guard, Arch::Arm64),
            ["it has no guard check function"]
        );
        assert_eq!(
            found(&right(Arch::X64), Arch::Arm64),
            ["it has a guard dispatch function"]
        );
        let idle = Pointer { uses: 0, ..GOOD };
        let mut guard = right(Arch::X64);
        guard.dispatch = Some(idle);
        assert_eq!(
            found(&guard, Arch::X64),
            ["no call goes by its guard dispatch function"]
        );
        let mut guard = right(Arch::Arm64);
        guard.check = Some(idle);
        assert_eq!(
            found(&guard, Arch::Arm64),
            ["no call goes by its guard check function"]
        );
    }

    #[test]
    fn what_goes_through_a_pointer_on_x64_is_counted() {
        // call [rip+0x100]; nop; jmp [rip-0x10]
        let code = [
            0xFF, 0x15, 0, 1, 0, 0, 0x90, 0xFF, 0x25, 0xF0, 0xFF, 0xFF, 0xFF,
        ];
        assert_eq!(jumps_on_x64(&code, 0x1000, 0x1106), 1);
        assert_eq!(jumps_on_x64(&code, 0x1000, 0x0FFD), 1);
        assert_eq!(jumps_on_x64(&code, 0x1000, 0x1107), 0);
    }

    #[test]
    fn what_loads_a_pointer_on_arm64_is_counted() {
        // adrp x8, 2 pages on; nop; ldr x9, [x8, #16]; adrp x8, 1 page back; ldr x16, [x8, #4088];
        // ldr x9, [x7, #16]
        let words: [u32; 6] = [
            0xD000_0008,
            0xD503_201F,
            0xF940_0909,
            0xF0FF_FFE8,
            0xF947_FD10,
            0xF940_08E9,
        ];
        let code = words.map(u32::to_le_bytes).concat();
        assert_eq!(loads_on_arm64(&code, 0x1000, 0x3010), 1);
        assert_eq!(loads_on_arm64(&code, 0x1000, 0x0FF8), 1);
        assert_eq!(loads_on_arm64(&code, 0x1000, 0x1010), 0);
    }
}
