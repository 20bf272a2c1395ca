//! What the checks want to know of a DLL, read from the file.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use object::LittleEndian as LE;
use object::pe::{self, IMAGE_DIRECTORY_ENTRY_TLS, ImageNtHeaders64};
use object::read::Object as _;
use object::read::pe::{
    ImageNtHeaders as _, ImageOptionalHeader as _, ImageThunkData as _, PeFile64,
    ResourceDirectoryEntryData,
};

use super::guard::{self, Guard};

/// `dwSignature` of VS_FIXEDFILEINFO.
const FIXED_FILE_INFO: [u8; 4] = 0xFEEF_04BD_u32.to_le_bytes();
/// Offset of `dwFileVersionMS` behind it.
const FILE_VERSION: usize = 8;

/// The facts of one DLL.
#[derive(Clone, Debug)]
pub(super) struct Image {
    /// Bytes of the file.
    pub(super) size: usize,
    /// `IMAGE_FILE_MACHINE_*`.
    pub(super) machine: u16,
    /// `IMAGE_DLLCHARACTERISTICS_*`.
    pub(super) characteristics: u16,
    /// Address of the entry function, 0 if there is none.
    pub(super) entry: u32,
    /// Names, or `#` and an ordinal.
    pub(super) exports: BTreeSet<String>,
    /// The DLL in lower case, a blank, and the function's name or `#` and an ordinal.
    pub(super) imports: BTreeSet<String>,
    pub(super) sections: Vec<Section>,
    pub(super) has_tls: bool,
    /// `dwFileVersionMS` and `LS` of the version resource, as four numbers.
    pub(super) version: Option<[u16; 4]>,
    /// The name of the PDB and its GUID, as the debugger looks for it.
    pub(super) pdb: Option<(String, [u8; 16])>,
    /// `None` without a load configuration.
    pub(super) guard: Option<Guard>,
}

/// One section of the file.
#[derive(Clone, Debug)]
pub(super) struct Section {
    pub(super) name: String,
    /// Of its first byte, where the image prefers to be.
    pub(super) address: u64,
    /// `IMAGE_SCN_*`.
    pub(super) characteristics: u32,
    /// Bytes in the file.
    pub(super) stored: u32,
}

impl Image {
    /// Reads a 64-bit DLL.
    ///
    /// # Errors
    /// If it is none, or one of its tables is damaged.
    pub(super) fn parse(data: &[u8]) -> anyhow::Result<Self> {
        let file = PeFile64::parse(data)?;
        let optional = file.nt_headers().optional_header();
        Ok(Self {
            size: data.len(),
            machine: file.nt_headers().file_header().machine.get(LE),
            characteristics: optional.dll_characteristics(),
            entry: optional.address_of_entry_point(),
            exports: exports(&file)?,
            imports: imports(&file)?,
            sections: sections(&file),
            has_tls: file.data_directory(IMAGE_DIRECTORY_ENTRY_TLS).is_some(),
            version: version(&file)?,
            pdb: file.pdb_info()?.map(|pdb| (text(pdb.path()), pdb.guid())),
            guard: guard::parse(&file)?,
        })
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn exports(file: &PeFile64<'_>) -> anyhow::Result<BTreeSet<String>> {
    let Some(table) = file.export_table()? else {
        return Ok(BTreeSet::new());
    };
    let exports = table.exports()?;
    let name = |export: &object::read::pe::Export<'_>| {
        export
            .name
            .map_or_else(|| format!("#{}", export.ordinal), text)
    };
    Ok(exports.iter().map(name).collect())
}

fn imports(file: &PeFile64<'_>) -> anyhow::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    if file
        .data_directories()
        .delay_load_import_table(file.data(), &file.section_table())?
        .is_some()
    {
        bail!("it has delayed imports, which are not read here");
    }
    let Some(table) = file.import_table()? else {
        return Ok(found);
    };
    let mut descriptors = table.descriptors()?;
    while let Some(descriptor) = descriptors.next()? {
        let library = text(table.name(descriptor.name.get(LE))?).to_lowercase();
        let mut thunks = table.thunks(descriptor.original_first_thunk.get(LE))?;
        while let Some(thunk) = thunks.next::<ImageNtHeaders64>()? {
            let function = if thunk.is_ordinal() {
                format!("#{}", thunk.ordinal())
            } else {
                text(table.hint_name(thunk.address())?.1)
            };
            found.insert(format!("{library} {function}"));
        }
    }
    Ok(found)
}

fn sections(file: &PeFile64<'_>) -> Vec<Section> {
    let base = file.relative_address_base();
    let section = |header: &pe::ImageSectionHeader| Section {
        name: text(header.raw_name()),
        address: base + u64::from(header.virtual_address.get(LE)),
        characteristics: header.characteristics.get(LE),
        stored: header.size_of_raw_data.get(LE),
    };
    file.section_table().iter().map(section).collect()
}

fn version(file: &PeFile64<'_>) -> anyhow::Result<Option<[u16; 4]>> {
    let directory = file
        .data_directories()
        .resource_directory(file.data(), &file.section_table())?;
    let Some(directory) = directory else {
        return Ok(None);
    };
    let version = u32::from(pe::RT_VERSION);
    let mut table = directory.root()?;
    let mut entries = table
        .entries
        .iter()
        .filter(|entry| entry.name_or_id.get(LE) == version);
    let Some(mut entry) = entries.next() else {
        return Ok(None);
    };
    // Below the kind are the levels of names and of languages.
    loop {
        match entry.data(directory)? {
            ResourceDirectoryEntryData::Data(data) => {
                let start = data.offset_to_data.get(LE);
                let bytes = file.section_table().pe_data_at(file.data(), start);
                return Ok(Some(file_version(bytes.context("no version data")?)?));
            }
            ResourceDirectoryEntryData::Table(below) => table = below,
        }
        entry = table.entries.first().context("an empty table")?;
    }
}

fn file_version(resource: &[u8]) -> anyhow::Result<[u16; 4]> {
    let start = resource
        .windows(4)
        .position(|bytes| bytes == FIXED_FILE_INFO)
        .context("no fixed file information")?;
    let numbers = resource
        .get(start + FILE_VERSION..start + FILE_VERSION + 8)
        .context("the fixed file information is cut off")?;
    let word = |at: usize| u16::from_le_bytes([numbers[at], numbers[at + 1]]);
    Ok([word(2), word(0), word(6), word(4)])
}
