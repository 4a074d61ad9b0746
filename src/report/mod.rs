//! Floor 4, documents: findings in sections of text, tables and charts, every statement computed
//! by a stated method, every table with the query that made it.
//!
//! Knows nothing of SQL, streams or arguments. A new report is one file that makes a [`Document`];
//! a new target format is one file that writes one.

mod board;
mod comparison;
mod course;
mod csv;
mod cues;
mod document;
mod error;
mod html;
mod json;
mod markdown;
mod observations;
mod picture;
mod sections;
mod splice;
mod table;
mod tradeoff;
mod trend;
mod words;

pub use board::leaderboard;
pub use comparison::{Compared, ComparisonReport};
pub use course::{Frame, MOST_LINES, course};
pub use csv::csv;
pub use cues::CueColumns;
pub use document::{Block, Chart, Document, Fact, Section, Statement};
pub use error::ReportError;
pub use html::html;
pub use json::json;
pub use markdown::{markdown, markdown_part};
pub use picture::{Marking, drawing, scatter};
pub use sections::Words;
pub use splice::{BEGIN, END, splice};
pub use table::{Cell, Column, Kind, Provenance, Table};
pub use tradeoff::{Axis, Tradeoff};
pub use trend::{QUIET, Told, TrendReport, rank};
