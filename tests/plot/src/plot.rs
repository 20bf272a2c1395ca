//! A plot as SVG: axes, grid, and marks in a frame of fixed size.

use core::fmt::Write as _;

use crate::escape;

/// Size of the drawing, and of the frame within it, in SVG units.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 34.0;

/// How values become places.
#[derive(Clone, Copy, Debug)]
pub enum Scale {
    /// From 0 to the value.
    Linear(f64),
    /// From one power of ten to another.
    Decades(i32, i32),
}

impl Scale {
    /// A linear scale that reaches `most` and ends at a round number.
    pub fn reaching(most: f64) -> Self {
        Self::Linear(step(most) * (most / step(most)).ceil().max(1.0))
    }

    /// Where a value is: 0 at the beginning, 1 at the end.
    pub(crate) fn place(self, value: f64) -> f64 {
        let place = match self {
            Self::Linear(end) => value / end,
            Self::Decades(from, to) => {
                (value.max(f64::MIN_POSITIVE).log10() - f64::from(from)) / f64::from(to - from)
            }
        };
        place.clamp(0.0, 1.0)
    }

    fn ticks(self) -> Vec<f64> {
        match self {
            Self::Linear(end) => {
                let step = step(end);
                let ticks = (0_u32..).map(|tick| f64::from(tick) * step);
                // Half a step more, for what rounding takes away.
                ticks.take_while(|tick| *tick < end + step / 2.0).collect()
            }
            Self::Decades(from, to) => (from..=to).map(|power| 10_f64.powi(power)).collect(),
        }
    }
}

/// A step of 1, 2 or 5 times a power of ten that gives up to ten ticks.
fn step(end: f64) -> f64 {
    let raw = (end / 6.0).max(1e-9);
    let power = 10_f64.powf(raw.log10().floor());
    let multiple = [1.0, 2.0, 5.0].into_iter().find(|m| m * power >= raw);
    multiple.unwrap_or(10.0) * power
}

/// A drawing in the making.
#[derive(Debug)]
pub struct Plot {
    x: Scale,
    y: Scale,
    svg: String,
}

impl Plot {
    /// An empty frame. The titles say what the axes are, with the unit.
    pub fn new(x: Scale, y: Scale, x_title: &str, y_title: &str) -> Self {
        let mut plot = Self {
            x,
            y,
            svg: format!(
                "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">\n",
                escape(y_title)
            ),
        };
        for tick in x.ticks() {
            let at = plot.across(tick);
            plot.line("grid", (at, TOP), (at, HEIGHT - BOTTOM));
            plot.text("", (at, HEIGHT - BOTTOM + 14.0), "middle", &number(tick));
        }
        for tick in y.ticks() {
            let at = plot.down(tick);
            plot.line("grid", (LEFT, at), (WIDTH - RIGHT, at));
            plot.text("", (LEFT - 6.0, at + 4.0), "end", &number(tick));
        }
        plot.text("", (WIDTH - RIGHT, HEIGHT - 4.0), "end", x_title);
        plot.text("", (4.0, 11.0), "start", y_title);
        plot
    }

    /// A dot.
    pub fn dot(&mut self, class: &str, x: f64, y: f64) {
        let (x, y) = (self.across(x), self.down(y));
        self.write(format_args!(
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"1.8\"/>"
        ));
    }

    /// A bar from the bottom.
    pub fn bar(&mut self, class: &str, x: f64, y: f64) {
        let (x, y) = (self.across(x), self.down(y));
        self.line(class, (x, HEIGHT - BOTTOM), (x, y));
    }

    /// A line across at `y`, with its name.
    pub fn level(&mut self, y: f64, name: &str) {
        let at = self.down(y);
        self.line("rule", (LEFT, at), (WIDTH - RIGHT, at));
        self.text("rule-text", (WIDTH - RIGHT - 4.0, at - 4.0), "end", name);
    }

    /// A line down at `x`, with its name.
    pub fn moment(&mut self, x: f64, name: &str) {
        let at = self.across(x);
        self.line("rule", (at, TOP), (at, HEIGHT - BOTTOM));
        // Near the right edge the name stands on the other side.
        let (place, anchor) = if at < WIDTH * 0.9 {
            (at + 4.0, "start")
        } else {
            (at - 4.0, "end")
        };
        self.text("rule-text", (place, TOP + 10.0), anchor, name);
    }

    /// The drawing.
    pub fn finish(mut self, caption: &str) -> String {
        self.svg.push_str("</svg>");
        format!(
            "<figure class=\"plot\">{}<figcaption>{}</figcaption></figure>\n",
            self.svg,
            escape(caption)
        )
    }

    fn across(&self, x: f64) -> f64 {
        LEFT + self.x.place(x) * (WIDTH - LEFT - RIGHT)
    }

    fn down(&self, y: f64) -> f64 {
        HEIGHT - BOTTOM - self.y.place(y) * (HEIGHT - TOP - BOTTOM)
    }

    fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.write(format_args!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        ));
    }

    fn text(&mut self, class: &str, (x, y): (f64, f64), anchor: &str, text: &str) {
        let text = escape(text);
        self.write(format_args!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
        ));
    }

    fn write(&mut self, element: core::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.svg, "{element}");
    }
}

/// A value at a tick.
fn number(value: f64) -> String {
    if value == 0.0 || value >= 1.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn scales_end_at_round_numbers_and_hold_what_they_must() {
        for (most, end) in [
            (10.0, 10.0),
            (9.3, 10.0),
            (61.0, 80.0),
            (0.7, 0.8),
            (300.0, 300.0),
        ] {
            let Scale::Linear(found) = Scale::reaching(most) else {
                panic!("not linear")
            };
            assert!((found - end).abs() < 1e-9, "{most}: {found}");
        }
    }

    #[test]
    fn decades_are_equally_far_apart() {
        let scale = Scale::Decades(1, 3);
        assert!((scale.place(100.0) - 0.5).abs() < 1e-9);
        assert!(
            scale.place(0.0).abs() < 1e-9,
            "what is outside stays at the edge"
        );
        assert_eq!(scale.ticks().len(), 3);
    }
}
