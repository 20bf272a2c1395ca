//! The text of an INF as sections, entries and fields. It knows lines, quotes and comments, and no
//! section's meaning.
//!
//! Rules that are stricter than SetupAPI's, each because what it allows hides mistakes: the text is
//! ASCII (another byte would be read in the code page of the machine), a section is there once
//! (SetupAPI joins sections of one name), no line is continued by a backslash, a quote fills its
//! field.

use super::Fault;

/// What SetupAPI takes of a field, with its terminator.
const FIELD_MAX: usize = 4096;
/// The longest name of a section.
const NAME_MAX: usize = 255;

/// One `[name]` and what follows it.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) entries: Vec<Entry>,
}

/// One line: `key = field, field` or `field, field`.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) line: usize,
    pub(super) key: Option<String>,
    /// Without quotes and the blanks around; a line has at least one.
    pub(super) fields: Vec<String>,
}

impl Entry {
    /// The key, or nothing for a line without one.
    pub(super) fn key(&self) -> &str {
        self.key.as_deref().unwrap_or_default()
    }

    /// The field at `index`; what is left out is empty.
    pub(super) fn field(&self, index: usize) -> &str {
        self.fields.get(index).map_or("", String::as_str)
    }
}

/// Reads `text`.
///
/// # Errors
/// Every line that cannot be read.
pub(super) fn parse(text: &str) -> Result<Vec<Section>, Vec<Fault>> {
    let mut sections: Vec<Section> = Vec::new();
    let mut faults = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Err(what) = read_line(number, line, &mut sections) {
            faults.push(Fault { line: number, what });
        }
    }
    if faults.is_empty() {
        Ok(sections)
    } else {
        Err(faults)
    }
}

fn read_line(number: usize, line: &str, sections: &mut Vec<Section>) -> Result<(), String> {
    if let Some(bad) = line.chars().find(|c| !matches!(c, ' '..='~' | '\t')) {
        return Err(format!("{bad:?} is not printable ASCII"));
    }
    let content = without_comment(line)?.trim();
    if content.is_empty() {
        return Ok(());
    }
    if content.ends_with('\\') {
        return Err("continued lines are not understood here".into());
    }
    if let Some(rest) = content.strip_prefix('[') {
        let name = section_name(rest)?;
        if sections
            .iter()
            .any(|section| section.name.eq_ignore_ascii_case(&name))
        {
            return Err(format!("[{name}] is there twice"));
        }
        sections.push(Section {
            name,
            line: number,
            entries: Vec::new(),
        });
        return Ok(());
    }
    let section = sections
        .last_mut()
        .ok_or("a line before the first section")?;
    section.entries.push(entry(number, content)?);
    Ok(())
}

/// Cuts at the first semicolon outside of quotes.
fn without_comment(line: &str) -> Result<&str, String> {
    let mut quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => return Ok(line.split_at(at).0),
            _ => {}
        }
    }
    if quoted {
        return Err("a quote is not closed".into());
    }
    Ok(line)
}

fn section_name(rest: &str) -> Result<String, String> {
    let name = rest
        .strip_suffix(']')
        .ok_or("a section's ] is not at the end of its line")?;
    let good = !name.is_empty()
        && name.len() <= NAME_MAX
        && name.trim() == name
        && !name.contains(['[', ']', '%', '"']);
    if good {
        Ok(name.to_owned())
    } else {
        Err(format!("[{name}] is no name of a section"))
    }
}

fn entry(line: usize, content: &str) -> Result<Entry, String> {
    let (key, list) = match split_outside(content, '=').as_slice() {
        [list] => (None, *list),
        [key, list] => (Some(unquoted(key)?), *list),
        _ => return Err("more than one =".into()),
    };
    if key.as_deref() == Some("") {
        return Err("nothing before the =".into());
    }
    let fields: Vec<String> = split_outside(list, ',')
        .into_iter()
        .map(unquoted)
        .collect::<Result<_, _>>()?;
    Ok(Entry { line, key, fields })
}

/// Splits at each `separator` that is not in quotes. A doubled quote in a quoted string closes and
/// opens it again, which comes to the same here.
fn split_outside(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
    .collect()
}

/// A field without the blanks around it and without its quotes.
fn unquoted(field: &str) -> Result<String, String> {
    let field = field.trim();
    if field.len() >= FIELD_MAX {
        return Err(format!(
            "a field has more than {} characters",
            FIELD_MAX - 1
        ));
    }
    let Some(inner) = field.strip_prefix('"') else {
        return if field.contains('"') {
            Err(format!("a quote inside of {field}"))
        } else {
            Ok(field.to_owned())
        };
    };
    let inner = inner
        .strip_suffix('"')
        .ok_or_else(|| format!("text after the quote in {field}"))?;
    let plain = inner.replace("\"\"", "\u{0}");
    if plain.contains('"') {
        return Err(format!("a single quote inside of {field}"));
    }
    Ok(plain.replace('\u{0}', "\""))
}
