//! Floor 0, the nouns: model, task, metric, unit, direction, run, workload, measurement, the batch
//! an importer hands to the store, and how a number is written for people.
//!
//! Knows nothing of files, SQL or tables. A new well-known metric is one row in `known.rs`, a new
//! unit one row in `unit.rs`.

mod batch;
pub mod known;
mod metric;
pub mod naming;
pub mod nearest;
pub mod number;
mod quick;
mod run;
pub mod unit;
mod value;

pub use batch::{Batch, Note, NoteKind, Part};
pub use metric::{Direction, Kind, Metric, WordError};
pub use run::{
    Arrival, Detail, Environment, Identity, Measurement, Moment, Origin, Run, Samples, Status,
    Workload,
};
pub use value::Value;
