//! Floor 4, documents: findings in sections of text, tables and pictures, every statement computed
//! by a stated method, every table with the query that made it.
//!
//! Knows nothing of SQL, streams or arguments. A new report is one file that makes a [`Document`];
//! a new target format is one file that writes one.

mod document;
mod markdown;
mod observations;
mod picture;
mod sections;
mod tradeoff;
mod words;

pub use document::{Block, Document, Section};
pub use markdown::markdown;
pub use picture::{Marking, scatter};
pub use sections::Words;
pub use tradeoff::{Axis, Provenance, Tradeoff};
