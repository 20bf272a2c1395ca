//! A video mode as a command line says it: `1280x720p30`.

use core::fmt;
use core::str::FromStr;

use miracast_miniport::script::ModeWish;

/// A progressive mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Pixels in a line.
    pub width: u16,
    /// Lines.
    pub height: u16,
    /// Pictures a second.
    pub hertz: u32,
}

impl Mode {
    /// 640x480p60, which every sink has (S2.1 §4.6).
    pub const VGA: Self = Self {
        width: 640,
        height: 480,
        hertz: 60,
    };

    /// The emulated desktop's wish for this mode.
    pub fn wish(self) -> ModeWish {
        ModeWish::Exactly {
            width: self.width,
            height: self.height,
            hertz: self.hertz,
        }
    }
}

/// A text that names no mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoMode;

impl fmt::Display for NoMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mode is written like 1280x720p30")
    }
}

impl core::error::Error for NoMode {}

impl FromStr for Mode {
    type Err = NoMode;

    fn from_str(text: &str) -> Result<Self, NoMode> {
        let (width, rest) = text.split_once('x').ok_or(NoMode)?;
        let (height, hertz) = rest.split_once('p').ok_or(NoMode)?;
        let mode = Self {
            width: number(width)?,
            height: number(height)?,
            hertz: number(hertz)?.into(),
        };
        Ok(mode)
    }
}

fn number(text: &str) -> Result<u16, NoMode> {
    text.parse()
        .ok()
        .filter(|number| *number != 0)
        .ok_or(NoMode)
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}p{}", self.width, self.height, self.hertz)
    }
}

#[cfg(test)]
mod tests {
    use super::{Mode, NoMode};

    #[test]
    fn a_mode_is_read_as_it_is_written() {
        let mode: Mode = "1280x720p30".parse().unwrap();
        assert_eq!((mode.width, mode.height, mode.hertz), (1280, 720, 30));
        assert_eq!(mode.to_string(), "1280x720p30");
    }

    #[test]
    fn what_is_no_mode_is_refused() {
        for text in [
            "",
            "1280x720",
            "1280x720i30",
            "0x720p30",
            "70000x1p1",
            "axbpc",
        ] {
            assert_eq!(text.parse::<Mode>(), Err(NoMode), "{text}");
        }
    }
}
