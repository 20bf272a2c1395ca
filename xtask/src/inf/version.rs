//! The section Version of an extension INF.

use super::Fault;
use super::date;
use super::syntax::Entry;

/// What other sections and files have to agree with.
#[derive(Debug, Default)]
pub(super) struct Version {
    pub(super) catalog: String,
    pub(super) driver_ver: String,
}

/// The class Extension.
const CLASS_GUID: &str = "{e2f84ce7-8efa-411c-aa69-97454ca4cb57}";

/// One entry: its name, and what is wrong with its value.
type Rule = (&'static str, fn(&Entry) -> Result<(), &'static str>);

/// What an extension INF must say, and all that it may say here.
const RULES: [Rule; 8] = [
    ("Signature", |entry| {
        one(
            entry,
            |value| value.eq_ignore_ascii_case("$WINDOWS NT$"),
            "is not $WINDOWS NT$",
        )
    }),
    ("Class", |entry| {
        one(entry, |value| value == "Extension", "is not Extension")
    }),
    ("ClassGuid", |entry| {
        one(
            entry,
            |value| value.eq_ignore_ascii_case(CLASS_GUID),
            "is not that of Extension",
        )
    }),
    ("ExtensionId", |entry| one(entry, is_guid, "is no GUID")),
    ("Provider", |entry| {
        one(entry, |value| !value.is_empty(), "is empty")
    }),
    ("CatalogFile", |entry| {
        one(entry, is_catalog, "is no name of a .cat file")
    }),
    ("PnpLockdown", |entry| {
        one(entry, |value| value == "1", "is not 1")
    }),
    ("DriverVer", |entry| match entry.fields.as_slice() {
        [day, version] if date::is_day(day) && is_version(version) => Ok(()),
        _ => Err("is not mm/dd/yyyy,w.x.y.z"),
    }),
];

/// Reads the entries, whose strings are in their place.
pub(super) fn read(entries: &[Entry]) -> (Version, Vec<Fault>) {
    let mut version = Version::default();
    let mut faults = Vec::new();
    for entry in entries {
        let key = entry.key();
        let rule = RULES
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(key));
        let what = match rule.map(|(_, judge)| judge(entry)) {
            None => format!("[Version] has no {key:?} here"),
            Some(Err(why)) => format!("{key} {why}"),
            Some(Ok(())) => continue,
        };
        faults.push(Fault {
            line: entry.line,
            what,
        });
    }
    for (name, _) in RULES {
        let mut found = entries
            .iter()
            .filter(|entry| entry.key().eq_ignore_ascii_case(name));
        let first = found.next();
        if first.is_none() || found.next().is_some() {
            let what = format!("{name} is not in [Version] just once");
            faults.push(Fault { line: 0, what });
        }
        match (name, first) {
            ("CatalogFile", Some(entry)) => version.catalog = entry.field(0).into(),
            ("DriverVer", Some(entry)) => version.driver_ver = entry.fields.join(","),
            _ => {}
        }
    }
    (version, faults)
}

fn one(entry: &Entry, good: fn(&str) -> bool, why: &'static str) -> Result<(), &'static str> {
    match entry.fields.as_slice() {
        [value] if good(value) => Ok(()),
        _ => Err(why),
    }
}

/// `{8-4-4-4-12}` hexadecimal digits.
fn is_guid(text: &str) -> bool {
    let inner = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let Some(groups) = inner.map(|inner| inner.split('-')) else {
        return false;
    };
    let hexadecimal = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.clone().all(hexadecimal) && groups.map(str::len).eq([8, 4, 4, 4, 12])
}

fn is_catalog(name: &str) -> bool {
    let stem = name.strip_suffix(".cat");
    stem.is_some_and(|stem| !stem.is_empty() && !stem.contains(['\\', '/', ':', '.']))
}

/// Four numbers of 16 bits.
fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let number = |part: &&str| {
        part.parse::<u16>()
            .is_ok_and(|number| number.to_string() == **part)
    };
    parts.len() == 4 && parts.iter().all(number)
}
