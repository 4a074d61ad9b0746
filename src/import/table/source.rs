//! The rows of a table file, one after another, as trimmed text cells with their line, whatever the
//! file is made of: the common face of delimited text and of JSON.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::Path;

use crate::catalog::{Note, NoteKind};

use super::super::text::{Pass, Text, utf8};
use super::super::{ImportError, Shape};
use super::delimited::{self, Delimited};
use super::objects::{self, Objects};
use super::row::Row;

/// The most columns a table may have: as many as SQLite allows (SQLITE_MAX_COLUMN).
pub const MOST_COLUMNS: usize = 2000;

/// An open table file. It can be read as often as needed.
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    pub(super) columns: Vec<String>,
    pub(super) notes: Vec<Note>,
    text: Text<'a>,
    form: Form<'a>,
}

enum Form<'a> {
    Delimited(Delimited),
    Objects(Objects<'a>),
}

/// What one reading of all rows met.
#[derive(Debug, Default)]
pub(super) struct Scan {
    rows: usize,
    ragged: usize,
    first_ragged: usize,
}

impl Scan {
    /// The note about rows with more or fewer blank cells than the header.
    pub(super) fn note(&self) -> Option<Note> {
        (self.ragged > 0).then(|| Note {
            kind: NoteKind::Warning,
            place: format!("line {}", self.first_ragged),
            reason: match self.ragged {
                1 => "the row's number of blank cells at the end differs from the header".to_owned(),
                n => format!("{n} rows differ from the header in their number of blank cells at the end, the first is here"),
            },
        })
    }
}

/// Whether to go on after a row.
pub(super) type Step = Result<ControlFlow<()>, ImportError>;

impl<'a> Source<'a> {
    /// Reads the header, or the keys of all objects.
    pub(super) fn open(path: &'a Path, shape: &Shape, text: Text<'a>) -> Result<Self, ImportError> {
        if let Text::Held(bytes) = text {
            utf8(path, 1, bytes)?;
        }
        let (columns, notes, form) = match shape {
            Shape::Empty => return Err(invalid(path, "content", "the file is empty")),
            Shape::Array { .. } | Shape::Lines { .. } | Shape::Object { .. } => {
                let (columns, objects) = objects::open(path, text, shape)?;
                (columns, Vec::new(), Form::Objects(objects))
            }
            shape => {
                let separator = match shape {
                    Shape::Delimited { separator, .. } => *separator,
                    // One column has no separator.
                    _ => b',',
                };
                let (columns, notes, delimited) = delimited::open(path, text, separator)?;
                (columns, notes, Form::Delimited(delimited))
            }
        };
        Self::checked(path, columns, notes, text, form)
    }

    /// JSON Lines whose columns are taken to be the keys of the first lines: a reading fails at a further
    /// key. `None` for any other shape, and where the first lines cannot be read.
    fn hasty(path: &'a Path, shape: &Shape, text: Text<'a>) -> Option<Self> {
        if !matches!(shape, Shape::Lines { .. }) {
            return None;
        }
        let (columns, objects) = objects::hasty(path, text).ok()?;
        Self::checked(path, columns, Vec::new(), text, Form::Objects(objects)).ok()
    }

    /// What a reader makes of a table: in haste where that succeeds, else with all its columns, so that
    /// every error is that of the second.
    pub(super) fn with<T>(
        path: &'a Path,
        shape: &Shape,
        text: Text<'a>,
        mut read: impl FnMut(&Self) -> Result<T, ImportError>,
    ) -> Result<T, ImportError> {
        if let Some(source) = Self::hasty(path, shape, text)
            && let Ok(done) = read(&source)
        {
            return Ok(done);
        }
        read(&Self::open(path, shape, text)?)
    }

    fn checked(
        path: &'a Path,
        columns: Vec<String>,
        notes: Vec<Note>,
        text: Text<'a>,
        form: Form<'a>,
    ) -> Result<Self, ImportError> {
        let source = Self {
            path,
            columns,
            notes,
            text,
            form,
        };
        source.check_columns()?;
        Ok(source)
    }

    fn check_columns(&self) -> Result<(), ImportError> {
        let count = self.columns.len();
        if count > MOST_COLUMNS {
            let reason = format!("{count} columns, the limit is {MOST_COLUMNS}");
            return Err(self.invalid("header", &reason));
        }
        let mut seen = HashSet::new();
        let mut twins: Vec<&str> = Vec::new();
        for name in &self.columns {
            if !seen.insert(name) && !twins.contains(&name.as_str()) {
                twins.push(name);
            }
        }
        if twins.is_empty() {
            return Ok(());
        }
        let reason = format!("more than one column is named `{}`", twins.join("`, `"));
        Err(self.invalid("header", &reason))
    }

    /// Whether commas may separate thousands: not where columns are separated by semicolons.
    pub(super) fn has_groups(&self) -> bool {
        match &self.form {
            Form::Delimited(delimited) => delimited.separator != b';',
            Form::Objects(_) => true,
        }
    }

    /// Hands over row after row until told to stop. Rows of blank cells are left out.
    ///
    /// # Errors
    /// Those of the file's form, those of `each`, and a table without any row.
    pub(super) fn for_each(&self, each: impl FnMut(&Row<'_>) -> Step) -> Result<Scan, ImportError> {
        self.pass(Pass::Look, each)
    }

    /// As [`Source::for_each`], where what it reads is what is kept.
    pub(super) fn for_each_kept(
        &self,
        each: impl FnMut(&Row<'_>) -> Step,
    ) -> Result<Scan, ImportError> {
        self.pass(Pass::Last, each)
    }

    fn pass(
        &self,
        pass: Pass,
        mut each: impl FnMut(&Row<'_>) -> Step,
    ) -> Result<Scan, ImportError> {
        let mut scan = Scan::default();
        let width = self.columns.len();
        let mut step = |row: &Row<'_>, is_ragged: bool| {
            if row.is_blank(width) {
                return Ok(ControlFlow::Continue(()));
            }
            scan.rows += 1;
            if is_ragged {
                scan.ragged += 1;
                if scan.ragged == 1 {
                    scan.first_ragged = row.line;
                }
            }
            each(row)
        };
        let nothing = match &self.form {
            Form::Delimited(delimited) => {
                let lines = self.text.read(self.path, pass)?;
                delimited.for_each(self.path, lines, step)?;
                "has a header but no rows"
            }
            Form::Objects(objects) => {
                objects.for_each(self.path, (self.text, pass), &self.columns, |row| {
                    step(row, false)
                })?;
                "has no rows"
            }
        };
        if scan.rows == 0 {
            return Err(self.invalid("content", nothing));
        }
        Ok(scan)
    }

    /// An error of this file.
    pub(super) fn invalid(&self, place: &str, reason: &str) -> ImportError {
        invalid(self.path, place, reason)
    }
}

/// An error of a file.
pub(super) fn invalid(path: &Path, place: &str, reason: &str) -> ImportError {
    ImportError::Invalid {
        path: path.to_owned(),
        place: place.to_owned(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_rows;
    use super::*;

    fn refusal(text: &[u8]) -> String {
        read_rows(Path::new("t.csv"), text).unwrap_err().to_string()
    }

    #[test]
    fn a_table_without_rows_is_refused() {
        assert_eq!(
            refusal(b"model,x\n\n"),
            "`t.csv`, content: has a header but no rows"
        );
        assert_eq!(refusal(b" \n"), "`t.csv`, content: the file is empty");
    }

    #[test]
    fn two_columns_of_one_name_are_refused() {
        assert_eq!(
            refusal(b"a,b, a,c,b\n1,2,3,4,5\n"),
            "`t.csv`, header: more than one column is named `a`, `b`"
        );
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_refused_with_their_place() {
        assert_eq!(
            refusal(b"a,b\n1,caf\xe9\n"),
            "`t.csv`, line 2, column 6: not UTF-8; save the file in that encoding"
        );
    }

    #[test]
    fn the_number_of_columns_is_limited() {
        let header: Vec<String> = (0..=MOST_COLUMNS).map(|i| format!("c{i}")).collect();
        let text = format!("{}\n1\n", header.join(","));
        assert!(refusal(text.as_bytes()).ends_with("2001 columns, the limit is 2000"));
    }
}
