//! What can be wrong with a saved query, and with the search for one.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// An error of finding or reading a saved query.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The text of a query is wrong at some line.
    #[error("{file}:{line}: {problem}")]
    Text {
        /// The file, or the name of a built-in query.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong there.
        problem: Problem,
    },
    /// No saved query has this name.
    #[error("no saved query is named `{name}`{}; `queries list` shows all", Guess(.nearest.as_deref()))]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The existing name nearest to it.
        nearest: Option<String>,
    },
    /// The name is not one a saved query can have.
    #[error(
        "`{name}` cannot name a saved query: a name has up to 64 of the characters a-z, 0-9, _ and -, the first a letter or a digit"
    )]
    BadName {
        /// The name that was asked for.
        name: String,
    },
    /// The file of a query is a link, a folder or a device.
    #[error("`{}` is not a regular file", path.display())]
    NotRegular {
        /// The file.
        path: PathBuf,
    },
    /// The file of a query is larger than any query.
    #[error("`{}` is larger than {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The largest size allowed.
        limit: u64,
    },
    /// The file or folder cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What is wrong with one line of a saved query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A header key that does not exist.
    #[error("unknown key `{key}`{}", Guess(*.nearest))]
    UnknownKey {
        /// The key as written.
        key: String,
        /// The existing key nearest to it.
        nearest: Option<&'static str>,
    },
    /// A header key that is given twice.
    #[error("`{key}` is already given on line {first}")]
    Repeated {
        /// The key, or the key and name of a parameter.
        key: String,
        /// The line on which it was given first.
        first: usize,
    },
    /// A header key after a comment that ended the header.
    #[error("`{key}` stands after a comment that ended the header")]
    AfterHeader {
        /// The key as written.
        key: String,
    },
    /// A header value that does not say what its key needs.
    #[error("`{value}` is not {expected}")]
    BadValue {
        /// The value, or the part of it that is wrong.
        value: String,
        /// What may stand there.
        expected: &'static str,
    },
    /// No title.
    #[error("the header has no `title`")]
    NoTitle,
    /// No statement, or one that is no query.
    #[error("there is no SELECT here")]
    NoSelect,
    /// Something after the semicolon.
    #[error("there is more text after the `;`")]
    MoreText,
    /// A parameter that the statement has and the header has not.
    #[error("parameter `{name}` has no `param` line in the header")]
    Undeclared {
        /// The parameter.
        name: String,
    },
    /// A parameter that the header has and the statement has not.
    #[error("parameter `{name}` does not occur in the statement")]
    Unused {
        /// The parameter.
        name: String,
    },
}

/// The end of a message that proposes another word, if there is one.
struct Guess<'a>(Option<&'a str>);

impl fmt::Display for Guess<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(word) => write!(f, " (did you mean `{word}`?)"),
            None => Ok(()),
        }
    }
}
