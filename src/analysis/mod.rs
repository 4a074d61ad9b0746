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
mod mixed;
mod model;
mod summary;
mod verdict;

pub use columns::Excluded;
pub use error::AnalysisError;
pub use evidence::{FEWEST_RUNS, Side, Tested, test};
pub use family::{Family, Judged, Pair, Rule, judge, matched};
pub use fit::{ALPHA, Association, Fit, Methods, Rivals};
pub use frame::frame;
pub use frontier::{
    Chosen, Class, Comparison, Frontier, FrontierOptions, LISTED, Near, Objective, Placed,
    Recommendation, Requirement, RequirementError, Step,
};
pub use mixed::mixed;
pub use model::{Model, ModelOptions, Term};
pub use summary::{SUMMARY, summary};
pub use verdict::{Evidence, MinimumEffect, Verdict, runs_needed, verdict};
