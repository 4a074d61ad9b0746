//! Errors as people see them: `error: …`, `caused by: …`, `hint: …`, and the exit code. The only
//! place that knows which flag cures what.

use std::fmt;

use crate::analysis::AnalysisError;
use crate::chart::ChartError;
use crate::import::ImportError;
use crate::output::{OutputError, text};
use crate::query::QueryError;
use crate::store::StoreError;

/// How a command ended, when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All is well.
    Fine,
    /// The question was answered, and the answer is bad.
    Bad,
    /// Some of it was done, some could not be.
    Partial,
    /// The evidence does not carry an answer.
    Undecided,
}

impl Outcome {
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Bad => 1,
            Self::Partial => 2,
            Self::Undecided => 3,
        }
    }
}

/// The user pressed Ctrl-C.
#[derive(Debug, thiserror::Error)]
#[error("interrupted")]
pub(super) struct Interrupted;

/// A message with a cure of its own, which may have several lines.
#[derive(Debug)]
pub(super) struct Hinted {
    pub(super) message: String,
    pub(super) hint: String,
}

impl Hinted {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
        }
    }
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Hinted {}

/// The exit code of an error, and its text; a closed pipe has none.
pub(super) fn report(error: &anyhow::Error) -> (u8, Option<String>) {
    if error.is::<Interrupted>() {
        return (130, Some("interrupted".to_owned()));
    }
    let pipe = |e: &(dyn std::error::Error + 'static)| {
        let io =
            e.downcast_ref::<std::io::Error>()
                .or_else(|| match e.downcast_ref::<StoreError>() {
                    Some(StoreError::Output(io)) => Some(io),
                    _ => None,
                });
        io.is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(pipe) {
        return (0, None);
    }
    let mut lines = vec![format!("error: {}", text::visible(&error.to_string()))];
    let mut said = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !said.contains(&cause) {
            lines.push(format!("caused by: {}", text::visible(&cause)));
        }
        said = cause;
    }
    if let Some(place) = error.downcast_ref::<StoreError>().and_then(place) {
        lines.push(place);
    }
    if let Some(hint) = hint(error) {
        let hint: Vec<String> = hint
            .lines()
            .map(|line| text::visible(line).into_owned())
            .collect();
        lines.push(format!("hint: {}", hint.join("\n")));
    }
    (2, Some(lines.join("\n")))
}

/// The line of a statement with a caret under the offending token.
fn place(error: &StoreError) -> Option<String> {
    let StoreError::Sql {
        sql,
        offset: Some(offset),
        ..
    } = error
    else {
        return None;
    };
    let before = sql.get(..*offset)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = sql.get(start..)?.lines().next()?;
    let column = sql.get(start..*offset)?.chars().count();
    Some(format!(
        "  {}\n  {}^",
        text::visible(line),
        " ".repeat(column)
    ))
}

fn hint(error: &anyhow::Error) -> Option<String> {
    if let Some(hinted) = error.downcast_ref::<Hinted>() {
        return Some(hinted.hint.clone()).filter(|hint| !hint.is_empty());
    }
    if let Some(error) = error.downcast_ref::<StoreError>() {
        return store_hint(error);
    }
    if let Some(error) = error.downcast_ref::<ImportError>() {
        return import_hint(error);
    }
    if let Some(error) = error.downcast_ref::<AnalysisError>() {
        return analysis_hint(error);
    }
    if let Some(QueryError::Unknown { .. }) = error.downcast_ref::<QueryError>() {
        return Some("one word is a saved query's name; SQL has several".to_owned());
    }
    if let Some(ChartError::NoPoints) = error.downcast_ref::<ChartError>() {
        return Some("run the query with `tradeoff query` to see its rows".to_owned());
    }
    if let Some(OutputError::NoFolder { .. }) = error.downcast_ref::<OutputError>() {
        return Some("make the folder first".to_owned());
    }
    None
}

fn store_hint(error: &StoreError) -> Option<String> {
    let hint = match error {
        StoreError::Missing { .. } => {
            "`tradeoff import FILES…` makes one; `--store FILE` or TRADEOFF_STORE names another"
        }
        StoreError::NotAStore { .. } => "`--store FILE` names another file",
        StoreError::Newer { .. } => "update the program; the file was not touched",
        StoreError::Older { .. } => {
            "any command that writes, such as `import`, brings it up and keeps a copy of the old one"
        }
        StoreError::Refused { .. } => {
            "`query` only reads: SELECT, WITH or VALUES; `import`, `runs delete` and `models alias` change the store"
        }
        StoreError::OneStatement { .. } => "give one SELECT at a time",
        StoreError::Parameter { .. } => "give it with `-p name=value`",
        StoreError::Stopped => {
            "give it more time with `--timeout SECONDS`, or narrow it with WHERE"
        }
        StoreError::Sql { message, .. } if message.starts_with("no such table") => {
            "the views are results, latest, speed_score, run_settings, run_sources and sample_values"
        }
        StoreError::Sql { message, .. } if message.starts_with("no such column") => {
            "`SELECT name FROM pragma_table_info('results')` lists a view's columns; text stands in single quotes"
        }
        StoreError::Unknown { kind: "run", .. } => "`tradeoff runs list` shows them",
        StoreError::Unknown { kind: "source", .. } => "`tradeoff sources list` shows them",
        StoreError::Unknown { kind: "metric", .. } => "`tradeoff metrics list` shows them",
        StoreError::Unknown {
            kind: "model name", ..
        } => "`tradeoff models list` shows them",
        StoreError::Sqlite(cause) if cause.to_string().contains("locked") => {
            "another program is writing to the store; try again"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

fn import_hint(error: &ImportError) -> Option<String> {
    let hint = match error {
        ImportError::NoModel { .. } => {
            "name it with `--model NAME`, or the column that holds it with `--map COLUMN=model`"
        }
        ImportError::Unrecognised { .. } => {
            "`tradeoff formats` lists what is recognised; `--from FORMAT` forces one"
        }
        ImportError::UnknownFormatName { .. } => "`tradeoff formats` lists them",
        ImportError::TooLarge { .. } => {
            "split the file; a table may be cut between any two rows if each part gets the header"
        }
        ImportError::Broken { reason, .. } if reason.contains(" ends") => {
            "the file may have been cut off; nothing of it was stored"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

fn analysis_hint(error: &AnalysisError) -> Option<String> {
    let hint = match error {
        AnalysisError::NoDirection { column } => {
            return Some(format!(
                "say it with `--max '{column}'` or `--min '{column}'`"
            ));
        }
        AnalysisError::NotPositive { column, .. } => {
            return Some(format!(
                "leave the row out with `WHERE {column} > 0`, or give the axis a linear scale"
            ));
        }
        AnalysisError::NotANumber { .. } => {
            "choose another column, or import the file, which reads units, percent signs and thousands"
        }
        AnalysisError::NoColumn { .. } => {
            "name one of them with `--x`, `--y`, `--label`, `--max` or `--min`"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}
