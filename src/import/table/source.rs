//! The rows of a table file, one after another, as trimmed text cells with their line, whatever the
//! file is made of: the common face of delimited text and of JSON.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::Path;

use csv::StringRecord;
use serde_json::Value as Json;

use crate::catalog::{Note, NoteKind, Value};

use super::super::{ImportError, Shape, Sniff};
use super::delimited::{self, Delimited};
use super::objects::{self, Objects};

/// The longest row, in bytes. Beyond it a quote was most likely left open.
pub(super) const LONGEST_ROW: usize = super::super::LONGEST_LINE;
/// The most columns a table may have: as many as SQLite allows (SQLITE_MAX_COLUMN).
pub const MOST_COLUMNS: usize = 2000;

/// An open table file. It can be read as often as needed.
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    pub(super) columns: Vec<String>,
    pub(super) notes: Vec<Note>,
    text: Cow<'a, str>,
    form: Form,
}

enum Form {
    Delimited(Delimited),
    Objects(Objects),
}

/// One row.
pub(super) struct Row<'r> {
    cells: &'r StringRecord,
    quoted: &'r [bool],
    skip: usize,
    /// Where it begins, from 1.
    pub(super) line: usize,
}

impl<'r> Row<'r> {
    /// The trimmed text of a cell, empty where the row has none.
    pub(super) fn get(&self, column: usize) -> &'r str {
        self.cells
            .get(column + self.skip)
            .unwrap_or_default()
            .trim()
    }

    /// Whether the cell is a JSON string, so that `"7"` is no number.
    pub(super) fn is_quoted(&self, column: usize) -> bool {
        self.quoted.get(column).copied().unwrap_or(false)
    }

    /// The cell as a setting: a number where it is written as one.
    pub(super) fn setting(&self, column: usize) -> Json {
        let text = self.get(column);
        match Value::number(text).filter(|_| !self.is_quoted(column)) {
            Some(Value::Integer(i)) => i.into(),
            Some(Value::Real(x)) => x.into(),
            _ => text.into(),
        }
    }

    fn is_blank(&self, columns: usize) -> bool {
        (0..columns).all(|column| self.get(column).is_empty())
    }
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
    pub(super) fn open(path: &'a Path, sniff: &Sniff<'a>) -> Result<Self, ImportError> {
        let text = utf8(path, sniff.bytes)?;
        let source = match &sniff.shape {
            Shape::Empty => return Err(invalid(path, "content", "the file is empty")),
            Shape::Array { .. } | Shape::Lines { .. } | Shape::Object { .. } => {
                let (text, columns, objects) = objects::open(path, text, &sniff.shape)?;
                Self {
                    path,
                    columns,
                    notes: Vec::new(),
                    text,
                    form: Form::Objects(objects),
                }
            }
            shape => {
                let separator = match shape {
                    Shape::Delimited { separator, .. } => *separator,
                    // One column has no separator.
                    _ => b',',
                };
                let (columns, notes, delimited) = delimited::open(path, text, separator)?;
                Self {
                    path,
                    columns,
                    notes,
                    text: Cow::Borrowed(text),
                    form: Form::Delimited(delimited),
                }
            }
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
    pub(super) fn for_each(
        &self,
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
        let mut nothing = "has no rows";
        match &self.form {
            Form::Delimited(delimited) => {
                nothing = "has a header but no rows";
                let (quoted, skip) = (&[][..], delimited.skip);
                delimited.for_each(self.path, &self.text, |cells, line, is_ragged| {
                    let row = Row {
                        cells,
                        quoted,
                        skip,
                        line,
                    };
                    step(&row, is_ragged)
                })?;
            }
            Form::Objects(objects) => {
                objects.for_each(
                    self.path,
                    &self.text,
                    &self.columns,
                    |cells, quoted, line| {
                        let row = Row {
                            cells,
                            quoted,
                            skip: 0,
                            line,
                        };
                        step(&row, false)
                    },
                )?;
            }
        }
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

/// An error of a row that is too long.
pub(super) fn too_long(path: &Path, line: usize) -> ImportError {
    let reason = format!("a row is longer than {} MB", LONGEST_ROW >> 20);
    invalid(path, &format!("line {line}"), &reason)
}

/// The text of a file; an error names the line and the column, in bytes, of the first bad byte.
fn utf8<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a str, ImportError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let start = before
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        ImportError::Broken {
            path: path.to_owned(),
            line: before.iter().filter(|b| **b == b'\n').count() + 1,
            column: before.len() - start + 1,
            reason: "not UTF-8; save the file in that encoding".to_owned(),
        }
    })
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
