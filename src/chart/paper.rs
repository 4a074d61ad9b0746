//! What a chart is drawn on: how large, and light or dark.

use std::str::FromStr;

use super::ChartError;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark ink on white, for print.
    #[default]
    Light,
    /// Light ink on near black.
    Dark,
}

impl FromStr for Theme {
    type Err = ChartError;

    fn from_str(text: &str) -> Result<Self, ChartError> {
        match text {
            "light" => Ok(Self::Light),
            "dark" => Ok(Self::Dark),
            _ => Err(ChartError::Theme(text.to_owned())),
        }
    }
}

/// The empty sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Paper {
    /// Nominal width and height.
    pub size: Size,
    /// Light or dark.
    pub theme: Theme,
}

impl From<Size> for Paper {
    fn from(size: Size) -> Self {
        Self {
            size,
            theme: Theme::Light,
        }
    }
}

/// Nominal width and height in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    width: u32,
    height: u32,
}

impl Size {
    /// Smallest side.
    pub const MIN: u32 = 200;
    /// Largest side.
    pub const MAX: u32 = 8000;

    /// A size.
    ///
    /// # Errors
    /// [`ChartError::Size`] when a side is outside [`Size::MIN`]`..=`[`Size::MAX`].
    pub fn new(width: u32, height: u32) -> Result<Self, ChartError> {
        let allowed = Self::MIN..=Self::MAX;
        if allowed.contains(&width) && allowed.contains(&height) {
            return Ok(Self { width, height });
        }
        Err(Self::refused(&format!("{width}x{height}")))
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(self) -> u32 {
        self.width
    }

    /// Height in pixels; a chart with a long list under it grows beyond.
    #[must_use]
    pub fn height(self) -> u32 {
        self.height
    }

    fn refused(text: &str) -> ChartError {
        ChartError::Size {
            text: text.to_owned(),
            min: Self::MIN,
            max: Self::MAX,
        }
    }
}

impl Default for Size {
    fn default() -> Self {
        Self {
            width: 900,
            height: 600,
        }
    }
}

impl FromStr for Size {
    type Err = ChartError;

    fn from_str(text: &str) -> Result<Self, ChartError> {
        let (width, height) = text
            .split_once(['x', 'X', '×'])
            .ok_or_else(|| Self::refused(text))?;
        let side = |digits: &str| {
            digits
                .trim()
                .parse::<u32>()
                .map_err(|_| Self::refused(text))
        };
        Self::new(side(width)?, side(height)?).map_err(|_| Self::refused(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_size_in_the_usual_spellings() {
        for text in ["640x400", "640X400", "640×400", " 640 x 400 "] {
            assert_eq!(
                text.parse::<Size>().unwrap(),
                Size {
                    width: 640,
                    height: 400
                }
            );
        }
        assert_eq!(Size::default(), Size::new(900, 600).unwrap());
    }

    #[test]
    fn knows_two_themes_and_quotes_any_other() {
        assert_eq!(
            ["light".parse(), "dark".parse()],
            [Ok(Theme::Light), Ok(Theme::Dark)]
        );
        let message = "Solar".parse::<Theme>().unwrap_err().to_string();
        assert_eq!(message, "theme `Solar` is neither light nor dark");
    }

    #[test]
    fn refuses_a_size_and_quotes_it() {
        for text in [
            "",
            "640",
            "640x",
            "199x400",
            "640x8001",
            "-640x400",
            "640x400x2",
            "1e3x400",
        ] {
            let error = text.parse::<Size>().unwrap_err();
            assert_eq!(
                error,
                ChartError::Size {
                    text: text.to_owned(),
                    min: 200,
                    max: 8000
                }
            );
        }
        let message = "9x9".parse::<Size>().unwrap_err().to_string();
        assert_eq!(
            message,
            "size `9x9` is not WIDTHxHEIGHT with both between 200 and 8000"
        );
    }
}
