//! What can go wrong between rows and a file.

use std::io;
use std::path::PathBuf;

/// An error of writing output.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The name of a format that does not exist.
    #[error("unknown format `{name}`, known are {known}")]
    UnknownFormat {
        /// The name as given.
        name: String,
        /// The names that exist.
        known: String,
    },
    /// The file to be written is a folder.
    #[error("cannot write `{}`: it is a folder", path.display())]
    IsFolder {
        /// The file to be written.
        path: PathBuf,
    },
    /// The folder of the file to be written does not exist.
    #[error("cannot write `{}`: its folder does not exist", path.display())]
    NoFolder {
        /// The file to be written.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file to be written.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
