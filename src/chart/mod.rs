//! Findings to pictures: scatter, history, leaderboard and facets of a report or a paper, as SVG and as PNG, and the scatter
//! in a terminal. The only home of plotters, resvg, `ab_glyph` and the embedded font.
//!
//! It must not know: data frames, the store, models, metrics or how a frontier or a fit is computed. It gets names, numbers
//! and flags, and draws them.
//!
//! To add a mark: one file beside `scatter.rs` with its plain input in `figure.rs`; `layout` gives it the frame, `plot` and
//! `ticks` its axes, `key` its key, `labels` the places for its names, `canvas` the SVG.

mod axis;
mod calendar;
mod canvas;
mod cells;
mod course;
mod cue;
mod error;
mod facets;
mod field;
mod figure;
mod geometry;
mod groups;
mod history;
mod key;
mod labels;
#[cfg(test)]
mod laws;
mod layout;
mod leaderboard;
mod look;
mod marker;
mod marks;
mod names;
mod occupancy;
mod palette;
mod paper;
#[cfg(test)]
mod pictures;
mod plot;
mod png;
mod scatter;
mod seats;
#[cfg(test)]
mod seen;
mod shape;
mod stairs;
mod terminal;
mod text;
mod ticks;

pub use error::ChartError;
pub use facets::facets;
pub use figure::{
    Axis, Bar, Change, Drawing, Facets, FitLine, History, Leaderboard, Level, Point, Quadrants,
    Reading, Scatter, Series, State,
};
pub use history::history;
pub use leaderboard::leaderboard;
pub use paper::{Paper, Size, Theme};
pub use png::png;
pub use scatter::scatter;
pub use terminal::terminal;
