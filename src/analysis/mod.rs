//! Floor 2, the analyses: a `polars` frame in, findings out. No input or output of any kind, no
//! clock, no SQL.
//!
//! Columns are looked up in `columns.rs` only; formulas live in [`crate::stats`]. A new analysis is
//! one file here, and a file in `cli/` if it deserves a command.

pub mod columns;
mod error;
mod evidence;
mod family;
mod fit;
mod frame;
mod frontier;
mod gate;
mod mixed;
mod model;
mod progress;
mod series;
mod summary;
mod trend;
mod verdict;

pub use columns::Excluded;
pub use error::AnalysisError;
pub use evidence::{FEWEST_RUNS, Scale, Side, Spread, Tested, test};
pub use family::{Family, Judged, Pair, Rule, judge, matched};
pub use fit::{ALPHA, Association, Fit, Methods, Rivals};
pub use frame::frame;
pub use frontier::{
    Chosen, Class, Comparison, Frontier, FrontierOptions, LISTED, Near, Objective, Placed,
    Recommendation, Requirement, RequirementError, Step,
};
pub use gate::{Baseline, Checked, Gate, GateOutcome, GateRule, Gated, Open, check};
pub use mixed::mixed;
pub use model::{Model, ModelOptions, Term};
pub use progress::{Arrived, Moved, Progress, progress};
pub use series::{Acknowledged, Answers, Observation, Series, SeriesKey};
pub use summary::{SUMMARY, summary};
pub use trend::{ChangePoint, PointState, Trend, TrendDrift, TrendOptions, TrendStatus, trend};
pub use verdict::{Evidence, Verdict, runs_needed, verdict};
