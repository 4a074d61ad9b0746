//! What can go wrong on the way to a picture. Each variant carries the thing: the label, the axis, the number.

/// Why a chart was not drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// The scatter has no point at all.
    #[error("there is no point to draw")]
    NoPoints,
    /// A coordinate or an error bar is NaN, infinite, or negative where it cannot be.
    #[error("point `{label}`: {what} is {value}, which cannot be drawn")]
    NotDrawable {
        /// The point's label.
        label: String,
        /// `x`, `y`, `x error` or `y error`.
        what: &'static str,
        /// The offending number.
        value: f64,
    },
    /// A coordinate on a logarithmic axis is zero or negative.
    #[error("point `{label}`: {axis} is {value}, and a log axis needs values above zero")]
    NotPositive {
        /// The point's label.
        label: String,
        /// `x` or `y`.
        axis: &'static str,
        /// The offending number.
        value: f64,
    },
    /// A size that is not `WIDTHxHEIGHT` within the bounds.
    #[error("size `{text}` is not WIDTHxHEIGHT with both between {min} and {max}")]
    Size {
        /// What was given.
        text: String,
        /// Smallest side in pixels.
        min: u32,
        /// Largest side in pixels.
        max: u32,
    },
    /// A theme that is not known.
    #[error("theme `{0}` is neither light nor dark")]
    Theme(String),
    /// More series than can be told apart.
    #[error(
        "{count} series in one plot cannot be told apart; draw at most {most}, or one panel for each"
    )]
    Series {
        /// How many there are.
        count: usize,
        /// How many can be.
        most: usize,
    },
    /// Dividing lines without the rule that puts them there.
    #[error("dividing lines need the rule that places them, such as `medians`")]
    NoRule,
    /// The terminal is too small for axes and points.
    #[error(
        "a chart of {columns}×{rows} cells is too small; it needs {least_columns}×{least_rows} at least"
    )]
    Cells {
        /// Columns given.
        columns: usize,
        /// Rows given.
        rows: usize,
        /// Fewest columns.
        least_columns: usize,
        /// Fewest rows.
        least_rows: usize,
    },
    /// The PNG would have no pixel, or more than the limit on one side.
    #[error(
        "scale {scale} gives an image of {width}×{height} pixels; each side must be 1 to {max}"
    )]
    Scale {
        /// The factor given.
        scale: f32,
        /// Resulting width in pixels.
        width: f32,
        /// Resulting height in pixels.
        height: f32,
        /// Largest side in pixels.
        max: u32,
    },
    /// The embedded font could not be read.
    #[error("the embedded font `{0}` cannot be read")]
    Font(&'static str),
    /// The drawing back end refused.
    #[error("the chart cannot be drawn: {0}")]
    Draw(String),
    /// The text handed to [`png`](super::png()) is not an SVG picture.
    #[error("the SVG cannot be read: {0}")]
    Svg(String),
    /// The PNG encoder refused.
    #[error("the PNG cannot be written: {0}")]
    Png(String),
}
