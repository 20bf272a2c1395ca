//! Doc comments of Rust as comments of C.

use core::fmt::Write as _;

use crate::names;

/// Columns of the widest line.
const WIDTH: usize = 100;

/// A comment of its own lines, `indent` columns from the left.
pub(crate) fn block(out: &mut String, indent: usize, doc: &str) {
    let margin = " ".repeat(indent);
    let lines = wrapped(&plain(doc), WIDTH - indent - 6);
    match lines.as_slice() {
        [] => {}
        [line] => {
            let _ = writeln!(out, "{margin}/* {line} */");
        }
        lines => {
            let _ = writeln!(out, "{margin}/*");
            for line in lines {
                let _ = writeln!(out, "{}", format!("{margin} * {line}").trim_end());
            }
            let _ = writeln!(out, "{margin} */");
        }
    }
}

/// A definition with its comment behind it, or before it if that is too long.
pub(crate) fn define(out: &mut String, definition: &str, doc: &str) {
    let words = plain(doc);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = format!("{definition} /* {words} */");
    if line.len() <= WIDTH {
        let _ = writeln!(out, "{line}");
    } else {
        block(out, 0, doc);
        let _ = writeln!(out, "{definition}");
    }
}

/// `doc` without Markdown: links by the C name of what they point to, tables left out (the
/// structure itself shows the offsets), numbers of our own requirements left out.
fn plain(doc: &str) -> String {
    let kept = doc
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('|'));
    let text = kept.collect::<Vec<_>>().join("\n");
    let text = without_requirements(&without_links(&text));
    let text = text.replace('\u{a7}', "section ").replace('`', "");
    assert!(
        text.is_ascii(),
        "C compilers differ about what is no ASCII: {text}"
    );
    text
}

/// `[`Path`]` and `[`Path`](target)` by the C name of the path.
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("[`") {
        out.push_str(before);
        let (path, after) = link.split_once("`]").expect("a link ends");
        out.push_str(&names::of_path(path));
        rest = match after.strip_prefix('(') {
            Some(target) => target.split_once(')').expect("a target ends").1,
            None => after,
        };
    }
    out + rest
}

/// Takes ` (DDI-86)` and the like out.
fn without_requirements(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, requirement)) = rest.split_once("(DDI-") {
        out.push_str(before.trim_end());
        rest = requirement.split_once(')').expect("a parenthesis ends").1;
    }
    out + rest
}

/// Paragraphs, filled to `width`, with an empty line between.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split("\n\n") {
        let mut words = paragraph.split_whitespace();
        let Some(first) = words.next() else { continue };
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let mut line = String::from(first);
        for word in words {
            if line.len() + 1 + word.len() > width {
                lines.push(core::mem::take(&mut line));
            } else {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_plain_words() {
        let doc = " [`ModeSet::sequence`](crate::message::ModeSet::sequence) of `it` (DDI-86), or\n \
                   [`Features::HEVC`](super::Features::HEVC) (S2.1 \u{a7}6.1.3).\n \n | Offset | Field |\n";
        assert_eq!(
            wrapped(&plain(doc), 60),
            [
                "MCKI_MODE_SET.sequence of it, or MCKI_FEATURES_HEVC (S2.1",
                "section 6.1.3)."
            ]
        );
    }
}
