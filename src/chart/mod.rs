//! Findings to pictures: the scatter chart of a report or a paper, as SVG and as PNG. The only home of plotters, resvg,
//! `ab_glyph` and the embedded font.
//!
//! It must not know: data frames, the store, models, metrics or how a frontier or a fit is computed. It gets names, numbers
//! and flags, and draws them.
//!
//! To add a mark (a line chart, say): one file beside `scatter.rs` with its plain input in `figure.rs`; `layout` gives it
//! the frame, `ticks` its axes, `labels` the places for its names, `canvas` the SVG.

mod axis;
mod canvas;
mod error;
mod figure;
mod geometry;
mod labels;
mod layout;
mod marks;
mod names;
mod occupancy;
mod png;
mod scatter;
#[cfg(test)]
mod seen;
mod spoken;
mod text;
mod theme;
mod ticks;

pub use error::ChartError;
pub use figure::{Axis, Drawing, FitLine, Point, Scatter, Size};
pub use png::png;
pub use scatter::scatter;
