//! What can go wrong with the store. Every variant names the file, the statement or the thing.

use std::path::PathBuf;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such file.
    #[error("there is no store `{}`", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("`{}` is not a store of this program", path.display())]
    NotAStore {
        /// The file.
        path: PathBuf,
    },
    /// The store was made by a newer version of the program; nothing was changed.
    #[error("`{}` has store version {found}, this program knows versions up to {known}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The store is of an older version and this command only reads.
    #[error("`{}` has store version {found}, this program needs {known}", path.display())]
    Older {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The version this program needs.
        known: i64,
    },
    /// A migration failed; the store is as it was.
    #[error("cannot bring `{}` from version {from} to {to}", path.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// The version it has.
        from: i64,
        /// The version it should get.
        to: i64,
        /// Why.
        source: Box<rusqlite_migration::Error>,
    },
    /// A statement of the user's is refused by the guard.
    #[error("refused: {what}")]
    Refused {
        /// What it tried to do.
        what: String,
    },
    /// A statement of the user's does not compile.
    #[error("{message}")]
    Sql {
        /// SQLite's message.
        message: String,
        /// The statement.
        sql: String,
        /// The byte where the trouble is, when SQLite knows.
        offset: Option<usize>,
    },
    /// More than one statement, or none.
    #[error("expected one statement, found {found}")]
    OneStatement {
        /// How many there are: `none` or `more than one`.
        found: &'static str,
    },
    /// A parameter has no value, or a value has no parameter.
    #[error("{reason}")]
    Parameter {
        /// Which, and what is wrong.
        reason: String,
    },
    /// The statement was stopped by its time limit or by the user.
    #[error("the query was stopped")]
    Stopped,
    /// A cell holds what its table cannot.
    #[error("{reason}")]
    Data {
        /// Which, and what is wrong.
        reason: String,
    },
    /// There is no such thing in the store.
    #[error("there is no {kind} `{name}` in the store{}", near.as_ref().map(|n| format!(", did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// run, source, model, metric.
        kind: &'static str,
        /// What was asked for.
        name: String,
        /// The nearest name there is.
        near: Option<String>,
    },
    /// The writer of the rows failed.
    #[error(transparent)]
    Output(#[from] std::io::Error),
    /// SQLite failed.
    #[error("the store failed")]
    Sqlite(#[from] rusqlite::Error),
    /// A table of results could not be built.
    #[error("cannot build the table of results")]
    Frame(#[from] polars::error::PolarsError),
}
