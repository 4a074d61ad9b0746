//! The plain data of a chart: what the caller knows, in the field's own words, and what comes back. No pixels here.

use std::str::FromStr;

use super::ChartError;

/// A scatter chart of labelled points.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scatter {
    /// The finding or the question, wrapped over at most two lines.
    pub title: String,
    /// Metric definitions, data set, date.
    pub subtitle: Option<String>,
    /// Source, numbers drawn and excluded, tool version: small lines under the chart.
    pub caption: Vec<String>,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The points, in any order.
    pub points: Vec<Point>,
    /// Draw the attained staircase through the points with [`Point::on_frontier`].
    pub frontier: bool,
    /// A fitted line with its band.
    pub fit: Option<FitLine>,
}

/// One axis.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Axis {
    /// Name with unit, such as `decoding speed (token/s)`.
    pub title: String,
    /// Logarithmic; every value must then be above zero.
    pub log: bool,
    /// Which direction is better; `None` when the data do not say.
    pub higher_is_better: Option<bool>,
}

/// One point.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Point {
    /// The name written beside the point.
    pub label: String,
    /// Horizontal value in the axis' unit.
    pub x: f64,
    /// Vertical value in the axis' unit.
    pub y: f64,
    /// Dominated by no other point.
    pub on_frontier: bool,
    /// The one the reader should find: outline ring and bold label.
    pub highlighted: bool,
    /// Half length of the horizontal error bar, in the axis' unit.
    pub x_err: Option<f64>,
    /// Half length of the vertical error bar, in the axis' unit.
    pub y_err: Option<f64>,
}

/// A fitted curve. Samples outside the data's x range are not drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FitLine {
    /// `(x, y)` along the curve, x ascending; about 50 samples make it smooth on any axis.
    pub points: Vec<(f64, f64)>,
    /// `(x, low, high)` of the band, x ascending.
    pub band: Vec<(f64, f64, f64)>,
    /// A solid line; dotted otherwise.
    pub significant: bool,
    /// What the line is, with n, interval and p; written under the chart.
    pub note: String,
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

/// A finished picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The whole SVG document.
    pub svg: String,
    /// What the reader of the picture alone would not notice: shortened or numbered labels, missing glyphs.
    pub notes: Vec<String>,
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
