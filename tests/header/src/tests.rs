//! What the header must be, whatever the tables say.

use std::collections::BTreeSet;

use super::contents::Contents;
use super::text;

/// Every word of letters, digits and underscores that begins with `MCKI_`.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .filter(|word| word.starts_with("MCKI_"))
}

/// What `#define` and `typedef struct` give a meaning.
fn defined(text: &str) -> BTreeSet<&str> {
    let lines = text.lines().filter_map(|line| {
        let rest = line
            .strip_prefix("#define ")
            .or_else(|| line.strip_prefix("typedef struct "));
        rest.and_then(|rest| names(rest).next())
    });
    lines.collect()
}

#[test]
fn every_name_that_is_used_is_defined() {
    let text = text();
    let defined = defined(&text);
    assert!(defined.len() > 100, "{}", defined.len());
    // The name of a family of flags stands for all of them.
    let is_family = |name: &str| {
        let family = format!("{name}_");
        defined.iter().any(|defined| defined.starts_with(&family))
    };
    let unknown: BTreeSet<_> = names(&text)
        .filter(|name| !defined.contains(name) && !is_family(name.trim_end_matches('_')))
        .collect();
    assert_eq!(unknown, BTreeSet::new());
}

#[test]
fn no_name_is_defined_twice_in_one_way() {
    let text = text();
    let mut seen = BTreeSet::new();
    for line in text
        .lines()
        .filter(|line| line.starts_with("#define MCKI_"))
    {
        let name = names(line).next().expect("a name");
        // The assertion has one definition for each language.
        assert!(
            seen.insert(name) || name.starts_with("MCKI_ASSERT"),
            "{name}"
        );
    }
}

#[test]
fn it_reads_as_c_and_not_as_rust() {
    for (number, line) in text().lines().enumerate() {
        assert!(line.is_ascii(), "{}: {line}", number + 1);
        assert!(line.len() <= 100, "{}: {line}", number + 1);
        assert_eq!(line.trim_end(), line, "{}", number + 1);
        for rust in ["::", "[`", "(DDI-", "]("] {
            assert!(!line.contains(rust), "{}: {line}", number + 1);
        }
    }
}

#[test]
fn every_structure_asserts_its_size_and_each_of_its_members() {
    let text = text();
    let mut structures = 0;
    for declaration in text.split("typedef struct ").skip(1) {
        let (members, rest) = declaration.split_once("\n}").expect("an end");
        let name = names(members).next().expect("a name");
        let asserts = rest.split("\n\n").next().expect("asserts");
        assert!(asserts.contains(&format!("sizeof({name})")), "{name}");
        let declared = members.lines().filter(|line| line.ends_with(';'));
        let declared = declared.filter(|line| !line.contains(" reserved_")).count();
        assert_eq!(asserts.matches("offsetof").count(), declared, "{name}");
        structures += 1;
    }
    let contents = Contents::collect();
    let bodies = contents.escapes.len() + contents.messages.len();
    let listed = contents.framing.len() + contents.parts.len() + bodies;
    // And the chunk record and the control page.
    assert_eq!(structures, listed + 2);
}
