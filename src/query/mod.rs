//! Floor 1: a saved query as text: its header, its parameters, how it wishes to be drawn, and the
//! library it is found in.
//!
//! Knows nothing of databases and never executes anything; only `library` reads files. A new
//! built-in query is one file in `queries/` and one line in `library.rs`; a new header key is one
//! variant of `Key` in `header.rs`; a new mark is one variant of [`Mark`].

mod encoding;
mod error;
mod header;
mod library;
mod parameter;
mod saved;
mod statement;

pub use encoding::{AxisEncoding, Encoding, Mark};
pub use error::{Problem, QueryError};
pub use library::{Entry, Library, Origin, is_name};
pub use parameter::Parameter;
pub use saved::SavedQuery;
