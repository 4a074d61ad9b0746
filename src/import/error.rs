//! What can go wrong with a foreign file. Every variant names the file, and the place in it.

use std::path::PathBuf;

/// An error of an import.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read at all.
    #[error("cannot read `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is larger than the limit.
    #[error("`{}` has {bytes} bytes, the limit is {limit}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// No format claims the file.
    #[error("`{}` is {looks}; no import format recognises it", path.display())]
    Unrecognised {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        looks: String,
    },
    /// The file is a detail of a run in another file: recognised, and nothing in it to import.
    #[error("`{}` belongs to {of}; there is nothing to import in it", path.display())]
    SideFile {
        /// The file.
        path: PathBuf,
        /// What it belongs to.
        of: &'static str,
    },
    /// A format was asked for that does not exist.
    #[error("there is no import format `{name}`{}", near.as_ref().map(|n| format!(", did you mean `{n}`?")).unwrap_or_default())]
    UnknownFormatName {
        /// What was asked for.
        name: String,
        /// The nearest name.
        near: Option<String>,
    },
    /// The file is broken at a place that is known; line and column count from 1.
    #[error("`{}`, line {line}, column {column}: {reason}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// The file is well formed but does not say what the format must say.
    #[error("`{}`, {place}: {reason}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Line, column name or JSON path.
        place: String,
        /// What is wrong there.
        reason: String,
    },
    /// The file does not say which model it is about.
    #[error("`{}` does not say which model it is about", path.display())]
    NoModel {
        /// The file.
        path: PathBuf,
    },
    /// An option of the command line does not make sense.
    #[error("`{option}`: {reason}")]
    Option {
        /// The option as given.
        option: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl ImportError {
    /// The reason without the path, for lists that show the path beside it.
    pub fn why(&self) -> String {
        match self {
            Self::Unrecognised { looks, .. } => format!("{looks}; no import format recognises it"),
            Self::SideFile { of, .. } => format!("belongs to {of}"),
            other => other.to_string(),
        }
    }
}
