//! Arguments as numbers: NULL is no value, text is a mistake and not 0 as in SQLite's own functions.

use rusqlite::functions::Context;
use rusqlite::types::ValueRef;
use rusqlite::{Error, Result};

/// An error of a function, in one line.
pub(super) fn failed(reason: String) -> Error {
    Error::UserFunctionError(reason.into())
}

/// The number in an argument; `None` for NULL.
pub(super) fn number(name: &str, context: &Context<'_>, at: usize) -> Result<Option<f64>> {
    match context.get_raw(at) {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(i) => Ok(Some(i as f64)),
        ValueRef::Real(x) => Ok(Some(x)),
        ValueRef::Text(text) => {
            let text: String = String::from_utf8_lossy(text).chars().take(40).collect();
            Err(failed(format!("{name}(): '{text}' is not a number")))
        }
        ValueRef::Blob(_) => Err(failed(format!("{name}(): a blob is not a number"))),
    }
}

/// A result that SQL can hold: what is not finite is NULL.
pub(super) fn finite(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}
