//! What the project's reports are made with: plots as SVG, and the style of the pages. A page is one
//! file that needs nothing else.

#![forbid(unsafe_code)]

mod bars;
mod plot;

pub use bars::bars;
pub use plot::{Plot, Scale};

/// The style of a page, CSS for its head.
pub const STYLE: &str = include_str!("style.css");

/// Text that stays text within an element or an attribute.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}
