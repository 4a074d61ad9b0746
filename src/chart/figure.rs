//! The plain data of a chart: what the caller knows, in the field's own words, and what comes back. No pixels here.

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
    /// What [`Point::group`] is, such as `vendor`; colour and shape then say it. `None` draws all points alike.
    pub groups: Option<String>,
    /// What [`Point::size`] is, with its unit; the markers' areas then say it. `None` draws all points alike.
    pub sizes: Option<String>,
    /// Lines that divide the plot in four.
    pub quadrants: Option<Quadrants>,
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
    /// The group that gives colour and shape; the eight largest are told apart, see [`Scatter::groups`].
    pub group: Option<String>,
    /// The quantity the marker's area is proportional to, above zero; `None` when not known.
    pub size: Option<f64>,
}

/// Two dividing lines, which need a rule: a line at an arbitrary value misleads.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Quadrants {
    /// Where the upright line stands.
    pub x: f64,
    /// Where the level line lies.
    pub y: f64,
    /// Why there, such as `medians of the seven models`; written under the chart.
    pub rule: String,
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

/// A metric over runs or over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// The finding or the question.
    pub title: String,
    /// Metric definitions, data set, dates.
    pub subtitle: Option<String>,
    /// Small lines under the chart.
    pub caption: Vec<String>,
    /// What runs from left to right; [`Axis::log`] is not used here.
    pub x: Axis,
    /// The x values are seconds since 1970-01-01 UTC; else they are positions in an order: 0, 1, 2, …
    pub time: bool,
    /// The metric.
    pub y: Axis,
    /// One line each, at most eight.
    pub series: Vec<Series>,
}

/// One line of a [`History`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// The name in the key.
    pub name: String,
    /// The values, x ascending.
    pub readings: Vec<Reading>,
    /// Where the level changed.
    pub changes: Vec<Change>,
    /// The level of each segment.
    pub levels: Vec<Level>,
}

/// One value of a [`Series`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// Which run, for the tooltip.
    pub label: String,
    /// Position or time.
    pub x: f64,
    /// The value; `None` breaks the line.
    pub y: Option<f64>,
}

/// How sure a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Passed every gate.
    #[default]
    Confirmed,
    /// Significant, but not beyond drift or autocorrelated noise.
    Possible,
    /// Too new to be tested.
    Suspect,
}

/// A change of level, drawn as an upright rule.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Change {
    /// Position or time of the first reading after the change.
    pub x: f64,
    /// How sure it is.
    pub state: State,
    /// What is written at the rule, such as `−4.2 %`.
    pub label: String,
}

/// The level of a segment, drawn as a level line.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Level {
    /// Position or time of the first reading.
    pub from: f64,
    /// Position or time of the last reading.
    pub to: f64,
    /// The median.
    pub y: f64,
}

/// Entries with their values and intervals, best first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Leaderboard {
    /// The finding or the question.
    pub title: String,
    /// Metric definitions, data set, dates.
    pub subtitle: Option<String>,
    /// Small lines under the chart.
    pub caption: Vec<String>,
    /// The metric; bars start at zero, and on a log axis dots stand for them.
    pub value: Axis,
    /// The entries from top to bottom.
    pub bars: Vec<Bar>,
}

/// One entry of a [`Leaderboard`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bar {
    /// The name at the left.
    pub label: String,
    /// The value.
    pub value: f64,
    /// Ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// Neighbours with the same number cannot be told apart.
    pub tie: Option<u32>,
    /// The one the reader should find.
    pub highlighted: bool,
}

/// The same chart for each part of the data, on shared axes.
#[derive(Debug, Clone, PartialEq)]
pub enum Facets {
    /// Scatters: the frame, keys and axes of `shared`, whose own points are not drawn, and the points of each panel.
    Scatter {
        /// Everything but the points; its fit, which belongs to all of them together, is not drawn.
        shared: Scatter,
        /// Name and points of each panel.
        panels: Vec<(String, Vec<Point>)>,
    },
    /// Histories: the frame and the axes of `shared`, whose own series are not drawn, and the series of each panel.
    History {
        /// Everything but the series.
        shared: History,
        /// Name and series of each panel.
        panels: Vec<(String, Vec<Series>)>,
    },
}

/// A finished picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The whole SVG document.
    pub svg: String,
    /// What the reader of the picture alone would not notice: shortened or numbered labels, missing glyphs.
    pub notes: Vec<String>,
}
