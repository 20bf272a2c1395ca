//! Named values as bars that lie below each other.

use core::fmt::Write as _;

use crate::{Scale, escape};

/// Size of a bar's line and of its parts, in SVG units.
const WIDTH: f64 = 1000.0;
const LINE: f64 = 24.0;
const NAMES: f64 = 330.0;
const VALUES: f64 = 130.0;

/// A drawing of one bar for each of `rows`: name, value, and the value as it is to be read. The
/// first has a colour of its own.
pub fn bars(rows: &[(String, f64, String)], caption: &str) -> String {
    let most = rows.iter().map(|(_, value, _)| *value).fold(0.0, f64::max);
    let scale = Scale::Linear(most.max(f64::MIN_POSITIVE));
    let mut svg = String::new();
    let mut top = 0.0;
    let mut class = "two";
    for (name, value, text) in rows {
        let length = scale.place(*value) * (WIDTH - NAMES - VALUES);
        let (middle, end) = (top + LINE / 2.0 + 4.0, NAMES + length + 6.0);
        let (name, text) = (escape(name), escape(text));
        // Writing to a string cannot fail.
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{middle:.1}\" text-anchor=\"end\">{name}</text>\
             <rect class=\"{class}\" x=\"{NAMES}\" y=\"{:.1}\" width=\"{length:.1}\" height=\"{:.1}\"/>\
             <text x=\"{end:.1}\" y=\"{middle:.1}\">{text}</text>",
            NAMES - 8.0,
            top + 4.0,
            LINE - 8.0
        );
        top += LINE;
        class = "one";
    }
    format!(
        "<figure class=\"plot\"><svg viewBox=\"0 0 {WIDTH} {top}\" role=\"img\" aria-label=\"{caption}\">\n\
         {svg}</svg><figcaption>{caption}</figcaption></figure>\n",
        caption = escape(caption)
    )
}

#[cfg(test)]
mod tests {
    use super::bars;

    #[test]
    fn the_longest_bar_fills_its_place() {
        let rows = [("a<b", 10.0, "10 ns"), ("c", 5.0, "5 ns")];
        let rows = rows.map(|(name, value, text)| (name.to_owned(), value, text.to_owned()));
        let svg = bars(&rows, "caption");
        assert!(svg.contains("width=\"540.0\""), "{svg}");
        assert!(svg.contains("width=\"270.0\""), "{svg}");
        assert!(svg.contains("a&lt;b"), "{svg}");
        assert!(!bars(&[], "").contains("NaN"));
    }
}
