//! The words of a Rust file without its comments, strings and characters: enough to look for
//! keywords and paths, and nothing of the grammar.

/// A word or a punctuation character.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Token<'a> {
    /// A keyword or a name; `r#` is not part of it. Numbers come as words too.
    Word(&'a str),
    Mark(char),
}

/// The tokens of `text`. A text that ends inside a comment or a string just ends there.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        rest = if rest.starts_with("//") {
            rest.find('\n').map_or("", |end| &rest[end..])
        } else if rest.starts_with("/*") {
            after_block_comment(rest)
        } else if let Some(after) = after_raw_string(rest).or_else(|| after_string(rest)) {
            after
        } else if first == '\'' {
            after_quote(rest)
        } else if is_word(first) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(&rest[..end]));
            &rest[end..]
        } else {
            if !first.is_whitespace() {
                tokens.push(Token::Mark(first));
            }
            &rest[first.len_utf8()..]
        };
    }
    tokens
}

/// The attributes of what is in no shipped build: tests, and what the model checker puts in place.
const UNSHIPPED: [&str; 5] = [
    "#[cfg(test)]",
    "#[cfg(loom)]",
    "#[cfg(any(test, loom))]",
    "#[cfg(all(test, loom))]",
    "#[cfg(all(test, not(loom)))]",
];

/// `tokens` without the items that are in no shipped build.
pub(crate) fn without_tests<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let attributes = UNSHIPPED.map(self::tokens);
    let mut kept = Vec::new();
    let mut rest = tokens;
    while let Some((first, after)) = rest.split_first() {
        let item = attributes
            .iter()
            .find_map(|attribute| rest.strip_prefix(attribute.as_slice()));
        if let Some(item) = item {
            rest = after_item(item);
        } else {
            kept.push(*first);
            rest = after;
        }
    }
    kept
}

/// What follows an item: it ends at a `;` outside of brackets, or with its block.
fn after_item<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    let mut depth = 0_u32;
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Mark('{' | '(' | '[') => depth += 1,
            Token::Mark(close @ ('}' | ')' | ']')) => {
                depth = depth.saturating_sub(1);
                if depth == 0 && *close == '}' {
                    return &tokens[index + 1..];
                }
            }
            Token::Mark(';') if depth == 0 => return &tokens[index + 1..],
            _ => {}
        }
    }
    &[]
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn after_block_comment(text: &str) -> &str {
    let mut depth = 0_u32;
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("/*") {
            depth += 1;
            rest = after;
        } else if let Some(after) = rest.strip_prefix("*/") {
            depth -= 1;
            rest = after;
            if depth == 0 {
                break;
            }
        } else {
            rest = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
        }
    }
    rest
}

/// What follows `r"…"`, `r#"…"#`, `br…` or `cr…`; `None` if `text` starts with none of them. A raw
/// name such as `r#type` is none: there the `#` is not followed by `"`.
fn after_raw_string(text: &str) -> Option<&str> {
    let body = ["r", "br", "cr"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let body = body[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(body.find(&end).map_or("", |at| &body[at + end.len()..]))
}

/// What follows `"…"`, `b"…"` or `c"…"`; `None` if `text` starts with none of them.
fn after_string(text: &str) -> Option<&str> {
    let body = ["\"", "b\"", "c\""]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))?;
    let mut escaped = false;
    for (index, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(&body[index + 1..]),
            _ => {}
        }
    }
    Some("")
}

/// What follows a character or the quote of a lifetime.
fn after_quote(text: &str) -> &str {
    let body = &text[1..];
    if let Some(escape) = body.strip_prefix('\\') {
        // The escaped character may be a quote itself; the closing one comes after it.
        let skip = escape.chars().next().map_or(0, char::len_utf8);
        return escape[skip..]
            .find('\'')
            .map_or("", |end| &escape[skip + end + 1..]);
    }
    let mut chars = body.chars();
    chars.next();
    chars.as_str().strip_prefix('\'').unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let word = |token| {
            if let Token::Word(word) = token {
                Some(word)
            } else {
                None
            }
        };
        tokens(text).into_iter().filter_map(word).collect()
    }

    #[test]
    fn comments_are_not_code() {
        assert_eq!(
            words("a // unsafe\nb /* unsafe /* nested */ unsafe */ c"),
            ["a", "b", "c"]
        );
        assert_eq!(words("a /* open"), ["a"]);
    }

    #[test]
    fn strings_are_not_code() {
        assert_eq!(
            words(r#"a("unsafe \" unsafe", b"unsafe", c"unsafe") z"#),
            ["a", "z"]
        );
        assert_eq!(
            words("a r\"unsafe\\\" b r#\"unsafe \" unsafe\"# c br##\"\"#\"## d"),
            ["a", "b", "c", "d"]
        );
        assert_eq!(words("r#unsafe"), ["r", "unsafe"]);
    }

    #[test]
    fn characters_and_lifetimes_are_told_apart() {
        assert_eq!(words(r"f('a', '\'', '\u{41}', '\\') g"), ["f", "g"]);
        assert_eq!(
            words("fn f<'a>(x: &'a str) {}"),
            ["fn", "f", "a", "x", "a", "str"]
        );
        assert_eq!(words("'\"' unsafe '\"'"), ["unsafe"]);
    }

    #[test]
    fn words_are_whole() {
        assert_eq!(words("unsafe_code unsafe{}"), ["unsafe_code", "unsafe"]);
    }

    #[test]
    fn items_of_tests_are_left_out() {
        let text = "a; #[cfg(test)] extern crate std; b; #[cfg(test)] #[path = \"x\"] mod t \
                    { use std::vec; fn f() {} } c; #[cfg(test)] use x::{y, z}; d \
                    #[cfg(loom)] use x; #[cfg(all(test, not(loom)))] mod t;";
        let kept = without_tests(&tokens(text));
        let marks: Vec<_> = kept
            .iter()
            .filter(|token| matches!(token, Token::Word(_)))
            .collect();
        assert_eq!(
            marks,
            ["a", "b", "c", "d"]
                .map(Token::Word)
                .iter()
                .collect::<Vec<_>>()
        );
    }
}
