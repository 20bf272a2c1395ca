//! What the sections of the INF say of each other: every name leads to something, everything that is
//! there is named, and the files are those that lie beside it.
//!
//! The order is that of SetupAPI: Version, Manufacturer, models, install sections, and from there to
//! files and registry values. What no such way leads to is a fault too.

use std::collections::{BTreeMap, BTreeSet};

use super::syntax::{self, Entry, Section};
use super::{Fault, decoration, registry, version};

/// The only directory for files: the package's own in the driver store. Another one would make
/// files that outlive the package.
pub(super) const DRIVER_STORE: &str = "13";

/// What the INF has to agree with.
#[derive(Debug)]
pub(crate) struct Package<'a> {
    /// The processor of the DLL, as decorations write it: `amd64` or `arm64`.
    pub(crate) processor: &'a str,
    /// The names of the files that lie beside the INF, without the INF itself.
    pub(crate) files: &'a [String],
    /// Whether the catalog has been made already.
    pub(crate) catalogued: bool,
}

/// What an INF without a fault installs.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Summary {
    /// Date and version.
    pub(crate) driver_ver: String,
    /// The devices.
    pub(crate) hardware_ids: Vec<String>,
    /// The files that are copied.
    pub(crate) files: Vec<String>,
}

/// Checks the INF `text` of `package`.
///
/// # Errors
/// Every fault: those of the syntax alone, if there is one.
pub(crate) fn check(text: &str, package: &Package<'_>) -> Result<Summary, Vec<Fault>> {
    let sections = syntax::parse(text)?;
    let mut walk = Walk::new(&sections);
    let catalog = walk.version();
    let installs = walk.manufacturers(package);
    let (copies, registries) = walk.installs(&installs);
    let disks_files = walk.source_files();
    walk.copies(&copies, &disks_files);
    walk.destinations(&copies);
    for name in &registries {
        walk.registry(name);
    }
    walk.driver_name(&registries);
    walk.beside(&catalog, package);
    walk.unused();
    walk.faults.sort_by_key(|fault| fault.line);
    if walk.faults.is_empty() {
        Ok(walk.summary)
    } else {
        Err(walk.faults)
    }
}

/// A name of a section, and the line that has it.
type Reference = (String, usize);

struct Walk<'a> {
    sections: &'a [Section],
    /// By key in lower case: the value, the line, and whether it was used.
    strings: BTreeMap<String, (&'a str, usize, bool)>,
    /// The lines of the sections that something led to.
    used: BTreeSet<usize>,
    faults: Vec<Fault>,
    summary: Summary,
}

impl<'a> Walk<'a> {
    fn new(sections: &'a [Section]) -> Self {
        let mut walk = Self {
            sections,
            strings: BTreeMap::new(),
            used: BTreeSet::new(),
            faults: Vec::new(),
            summary: Summary::default(),
        };
        for entry in walk.section("Strings", 0) {
            let value = (entry.field(0), entry.line, false);
            if entry.key().is_empty() || entry.fields.len() != 1 || value.0.contains('%') {
                walk.fault(entry.line, "a string is `key = \"value\"`, without a %");
            } else if walk
                .strings
                .insert(entry.key().to_ascii_lowercase(), value)
                .is_some()
            {
                walk.fault(
                    entry.line,
                    format!("the string {} is there twice", entry.key()),
                );
            }
        }
        walk
    }

    fn fault(&mut self, line: usize, what: impl Into<String>) {
        let what = what.into();
        self.faults.push(Fault { line, what });
    }

    /// The entries of the section `name`, to which `line` led.
    fn section(&mut self, name: &str, line: usize) -> &'a [Entry] {
        let sections = self.sections;
        let found = sections
            .iter()
            .find(|section| section.name.eq_ignore_ascii_case(name));
        let Some(section) = found else {
            self.fault(line, format!("there is no section [{name}]"));
            return &[];
        };
        self.used.insert(section.line);
        if section.entries.is_empty() {
            self.fault(section.line, format!("[{name}] is empty"));
        }
        &section.entries
    }

    /// `text` with its `%strings%` in their place. `%13%\` stays as it is: a directory.
    fn expand(&mut self, line: usize, text: &str) -> String {
        let mut result = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('%') {
            let Some((name, after)) = after.split_once('%') else {
                self.fault(line, format!("a % alone in {text}"));
                return text.into();
            };
            result += before;
            if name.is_empty() {
                result.push('%');
            } else if let Some((value, _, used)) = self.strings.get_mut(&name.to_ascii_lowercase())
            {
                result += value;
                *used = true;
            } else if name == DRIVER_STORE && after.starts_with('\\') {
                result += "%13%";
            } else {
                self.fault(
                    line,
                    format!("%{name}% is neither a string nor %{DRIVER_STORE}%\\"),
                );
            }
            rest = after;
        }
        result + rest
    }

    fn version(&mut self) -> String {
        let entries = self.section("Version", 0);
        let expanded: Vec<Entry> = entries.iter().map(|entry| self.expanded(entry)).collect();
        let (version, faults) = version::read(&expanded);
        self.faults.extend(faults);
        self.summary.driver_ver = version.driver_ver;
        version.catalog
    }

    fn expanded(&mut self, entry: &Entry) -> Entry {
        Entry {
            line: entry.line,
            key: entry.key.as_ref().map(|key| self.expand(entry.line, key)),
            fields: entry
                .fields
                .iter()
                .map(|field| self.expand(entry.line, field))
                .collect(),
        }
    }

    /// Manufacturer and models; returns the install sections.
    fn manufacturers(&mut self, package: &Package<'_>) -> Vec<Reference> {
        let mut installs = Vec::new();
        for entry in self.section("Manufacturer", 0) {
            self.expanded(entry);
            let [models, decorations @ ..] = entry.fields.as_slice() else {
                continue;
            };
            if entry.key().is_empty() || decorations.is_empty() {
                self.fault(
                    entry.line,
                    "a manufacturer is `%name% = models, decoration`",
                );
            }
            for decoration in decorations {
                match decoration::architecture(decoration) {
                    Ok(processor) if processor == package.processor => {}
                    Ok(_) => self.fault(
                        entry.line,
                        format!("{decoration} in a package for {}", package.processor),
                    ),
                    Err(what) => self.fault(entry.line, what),
                }
                let name = format!("{models}.{decoration}");
                for model in self.section(&name, entry.line) {
                    installs.extend(self.model(model));
                }
            }
        }
        installs
    }

    /// `%description% = install section, hardware id, …`.
    fn model(&mut self, entry: &Entry) -> Option<Reference> {
        let expanded = self.expanded(entry);
        let [install, ids @ ..] = expanded.fields.as_slice() else {
            return None;
        };
        if entry.key().is_empty() || install.is_empty() || ids.is_empty() {
            self.fault(
                entry.line,
                "a model is `%name% = install section, hardware id`",
            );
        }
        for id in ids {
            if is_hardware_id(id) {
                self.summary.hardware_ids.push(id.clone());
            } else {
                self.fault(entry.line, format!("{id} is no hardware id"));
            }
        }
        Some((install.clone(), entry.line))
    }

    /// The install sections; returns the sections of files and of registry values.
    fn installs(&mut self, installs: &[Reference]) -> (Vec<Reference>, Vec<Reference>) {
        let (mut copies, mut registries) = (Vec::new(), Vec::new());
        for (install, line) in installs {
            for entry in self.section(install, *line) {
                let named = entry.fields.iter().map(|name| (name.clone(), entry.line));
                match entry.key().to_ascii_lowercase().as_str() {
                    "copyfiles" => copies.extend(named),
                    "addreg" => registries.extend(named),
                    _ => self.fault(
                        entry.line,
                        format!("the directive {:?} is not understood here", entry.key()),
                    ),
                }
            }
        }
        (copies, registries)
    }

    /// SourceDisksNames and SourceDisksFiles; returns the files, in lower case, with their lines.
    fn source_files(&mut self) -> BTreeMap<String, usize> {
        let mut disks = BTreeMap::new();
        for entry in self.section("SourceDisksNames", 0) {
            self.expanded(entry);
            disks.insert(entry.key(), (entry.line, false));
        }
        let mut files = BTreeMap::new();
        for entry in self.section("SourceDisksFiles", 0) {
            match disks.get_mut(entry.field(0)) {
                Some((_, used)) => *used = true,
                None => self.fault(entry.line, format!("there is no disk {:?}", entry.field(0))),
            }
            if entry.fields.len() > 1 {
                self.fault(
                    entry.line,
                    "files lie beside the INF, in no directory of their own",
                );
            }
            if files
                .insert(entry.key().to_ascii_lowercase(), entry.line)
                .is_some()
            {
                self.fault(entry.line, format!("{} is there twice", entry.key()));
            }
        }
        for (name, (line, used)) in disks {
            if !used {
                self.fault(line, format!("no file is on disk {name}"));
            }
        }
        files
    }

    /// The sections of files: each file is on a disk, and each file of a disk is copied.
    fn copies(&mut self, copies: &[Reference], on_disk: &BTreeMap<String, usize>) {
        for (name, line) in copies {
            for entry in self.section(name, *line) {
                let file = entry.field(0).to_owned();
                if entry.key.is_some() || entry.fields.len() != 1 {
                    self.fault(
                        entry.line,
                        "a file of the driver store is copied under its own name",
                    );
                } else if on_disk.contains_key(&file.to_ascii_lowercase()) {
                    self.summary.files.push(file);
                } else {
                    self.fault(entry.line, format!("{file} is not in [SourceDisksFiles]"));
                }
            }
        }
        for (file, line) in on_disk {
            if !self.is_copied(file) {
                self.fault(*line, format!("{file} is copied by no section"));
            }
        }
    }

    fn is_copied(&self, file: &str) -> bool {
        self.summary
            .files
            .iter()
            .any(|copied| copied.eq_ignore_ascii_case(file))
    }

    /// DestinationDirs: one entry for each section of files, and no other.
    fn destinations(&mut self, copies: &[Reference]) {
        let entries = self.section("DestinationDirs", 0);
        let is = |entry: &Entry, name: &str| entry.key().eq_ignore_ascii_case(name);
        for entry in entries {
            if !copies.iter().any(|(name, _)| is(entry, name)) {
                self.fault(
                    entry.line,
                    format!("{} is no section of files", entry.key()),
                );
            }
            if entry.fields != [DRIVER_STORE] {
                self.fault(
                    entry.line,
                    format!("the directory is not {DRIVER_STORE}, the driver store"),
                );
            }
        }
        for (name, line) in copies {
            let count = entries.iter().filter(|entry| is(entry, name)).count();
            if count != 1 {
                self.fault(*line, format!("{name} has {count} destinations"));
            }
        }
    }

    fn registry(&mut self, (name, line): &Reference) {
        for entry in self.section(name, *line) {
            let expanded = self.expanded(entry);
            match registry::value(&expanded) {
                Err(what) => self.fault(entry.line, what),
                Ok(Some(file)) if !self.is_copied(&file) => {
                    self.fault(
                        entry.line,
                        format!("{file} is not copied to the driver store"),
                    );
                }
                Ok(_) => {}
            }
        }
    }

    /// Without this value Windows knows of no Miracast driver.
    fn driver_name(&mut self, sections: &[Reference]) {
        let mut named = false;
        for (name, line) in sections {
            for entry in self.section(name, *line) {
                named |= entry
                    .fields
                    .get(2)
                    .is_some_and(|name| name == "MiracastDriverName");
            }
        }
        if let (false, Some((_, line))) = (named, sections.first()) {
            self.fault(*line, "no registry value is MiracastDriverName");
        }
    }

    /// The files beside the INF are those that it copies and its catalog.
    fn beside(&mut self, catalog: &str, package: &Package<'_>) {
        let wanted = self.summary.files.iter().map(String::as_str);
        let wanted: BTreeSet<String> = wanted
            .chain(package.catalogued.then_some(catalog))
            .map(str::to_ascii_lowercase)
            .collect();
        let there: BTreeSet<String> = package
            .files
            .iter()
            .map(|name| name.to_ascii_lowercase())
            .collect();
        for name in wanted.difference(&there) {
            self.fault(0, format!("{name} is not in the package"));
        }
        for name in there.difference(&wanted) {
            self.fault(
                0,
                format!("{name} is in the package, and the INF does not name it"),
            );
        }
    }

    fn unused(&mut self) {
        for section in self.sections {
            if !self.used.contains(&section.line) {
                self.fault(section.line, format!("nothing leads to [{}]", section.name));
            }
        }
        let strings = core::mem::take(&mut self.strings);
        for (name, (_, line, used)) in strings {
            if !used {
                self.fault(line, format!("nothing uses the string {name}"));
            }
        }
    }
}

/// Whether `id` is written as an enumerator writes them: `BUS\…`, and so that Windows takes it.
pub(crate) fn is_hardware_id(id: &str) -> bool {
    /// MAX_DEVICE_ID_LEN of cfgmgr32.h.
    const LENGTH_MAX: usize = 200;
    let parts = id.split_once('\\');
    let printable = id
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b',');
    id.len() < LENGTH_MAX
        && printable
        && parts.is_some_and(|(bus, rest)| !bus.is_empty() && !rest.is_empty())
}
