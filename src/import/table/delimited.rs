//! Delimited text: CSV, TSV and their like. Quotes and separators are the csv crate's; this file adds
//! what a table of results must not get past it: ragged rows, open quotes, unnamed columns.

use std::ops::ControlFlow;
use std::path::Path;

use crate::catalog::{Note, NoteKind};

use super::super::ImportError;
use super::super::text::{Lines, Pass, Text};
use super::records::Records;
use super::row::{Row, Span};
use super::source::{Step, invalid};

/// How a text is cut into cells.
pub(super) struct Delimited {
    pub(super) separator: u8,
    /// 1 where the first column only numbers the rows.
    pub(super) skip: usize,
    /// How many cells the header has.
    width: usize,
    /// How many of them, up to the last that is not blank.
    named: usize,
}

/// Reads the header: the columns, what was assumed about them, and how to read the rows.
pub(super) fn open(
    path: &Path,
    text: Text<'_>,
    separator: u8,
) -> Result<(Vec<String>, Vec<Note>, Delimited), ImportError> {
    let mut names: Vec<String> = Vec::new();
    let mut records = Records::new(path, text.read(path, Pass::Look)?, separator);
    while let Some(row) = records.next()? {
        names = row
            .cells
            .iter()
            .map(|cell| cell.of(row.text).to_owned())
            .collect();
        if is_header(row.cells) {
            break;
        }
    }
    let last_named = names.iter().rposition(|name| !name.is_empty());
    let mut delimited = Delimited {
        separator,
        skip: 0,
        width: names.len(),
        named: last_named.map_or(0, |at| at + 1),
    };
    let mut notes = Vec::new();
    let mut guess = |column: usize, reason: String| {
        notes.push(Note {
            kind: NoteKind::Guess,
            place: format!("column {column}"),
            reason,
        });
    };
    // pandas writes its row numbers under an empty header, and reads them back as `Unnamed: 0`.
    let unnamed = names
        .first()
        .is_some_and(|name| name.is_empty() || name == "Unnamed: 0");
    if unnamed
        && names.len() > 1
        && delimited.numbers_its_rows(path, text.read(path, Pass::Look)?)?
    {
        delimited.skip = 1;
        names.remove(0);
        guess(1, "left out: it only numbers the rows".to_owned());
    }
    for (number, name) in (delimited.skip + 1..).zip(&mut names) {
        if name.is_empty() {
            *name = format!("column_{number}");
            guess(number, format!("has no header; read as `{name}`"));
        }
    }
    Ok((names, notes, delimited))
}

/// The header is the first record with anything in it.
fn is_header(cells: &[Span]) -> bool {
    cells.iter().any(|name| !name.is_blank())
}

impl Delimited {
    /// Whether the first column holds 0, 1, 2, … and nothing else.
    fn numbers_its_rows(&self, path: &Path, lines: Lines<'_>) -> Result<bool, ImportError> {
        let (mut next, mut holds) = (0, true);
        self.for_each(path, lines, |row, _| {
            holds &= row.get(0).parse().ok() == Some(next);
            next += 1_u64;
            Ok(if holds {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        })?;
        Ok(holds && next > 0)
    }

    /// Hands over each row after the header, and whether it is ragged but harmless.
    pub(super) fn for_each(
        &self,
        path: &Path,
        lines: Lines<'_>,
        mut each: impl FnMut(&Row<'_>, bool) -> Step,
    ) -> Result<(), ImportError> {
        let mut records = Records::new(path, lines, self.separator);
        let mut header_seen = false;
        while let Some(row) = records.next()? {
            if !header_seen {
                header_seen = is_header(row.cells);
                continue;
            }
            let is_ragged = row.cells.len() != self.width;
            if is_ragged && !self.is_harmless(row.cells) {
                let (cells, width) = (row.cells.len(), self.width);
                let reason = format!("the row has {cells} cells, the header has {width}");
                return Err(invalid(path, &format!("line {}", row.line), &reason));
            }
            let row = Row {
                cells: row.cells.get(self.skip..).unwrap_or_default(),
                ..row
            };
            if each(&row, is_ragged)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// A row may lack cells after a blank one (spreadsheets cut them off) or under unnamed headers,
    /// and may have blank cells too many; any other difference means that cells may be shifted.
    fn is_harmless(&self, cells: &[Span]) -> bool {
        if cells.len() > self.width {
            return cells.iter().skip(self.width).all(|cell| cell.is_blank());
        }
        cells.len() >= self.named || cells.last().is_some_and(|cell| cell.is_blank())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Table, read_rows};
    use super::*;
    use crate::catalog::Value;

    fn table(text: &[u8]) -> Table {
        read_rows(Path::new("t.csv"), text).unwrap()
    }

    fn refusal(text: &[u8]) -> String {
        read_rows(Path::new("t.csv"), text).unwrap_err().to_string()
    }

    fn names(table: &Table) -> Vec<&str> {
        table
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect()
    }

    fn column(table: &Table, column: usize) -> Vec<Value> {
        (0..table.lines.len())
            .map(|row| table.columns[column].cells.value(row))
            .collect()
    }

    #[test]
    fn byte_order_mark_crlf_and_blank_lines_are_no_matter() {
        let table = table(b"\xef\xbb\xbfmodel,x\r\n\r\n\"a\nb\",1\r\n,\r\nc,2");
        assert_eq!(names(&table), ["model", "x"]);
        assert_eq!(column(&table, 0), ["a\nb".into(), Value::from("c")]);
        assert_eq!(table.lines, [3, 6]);
        assert_eq!(table.notes, []);
    }

    #[test]
    fn tabs_and_semicolons_separate_too() {
        for text in ["a\tb\n1\t2\n", "a;b\n1;2\n"] {
            assert_eq!(names(&table(text.as_bytes())), ["a", "b"]);
        }
    }

    #[test]
    fn row_numbers_without_a_header_are_left_out() {
        let numbered = table(b",x\n0,5\n1,6\n");
        assert_eq!(names(&numbered), ["x"]);
        assert_eq!(numbered.notes.len(), 1);
        let other = table(b",x\n0,5\n7,6\n");
        assert_eq!(names(&other), ["column_1", "x"]);
        assert_eq!(other.notes[0].reason, "has no header; read as `column_1`");
    }

    #[test]
    fn a_row_may_only_differ_by_blank_cells_at_its_end() {
        for text in ["a,b,c\n1,\n2,3,4\n", "a,b\n1,2,,\n", "a,b,\n1,2\n"] {
            assert_eq!(table(text.as_bytes()).lines.len() + 1, text.lines().count());
        }
        assert_eq!(
            refusal(b"a,b,c,d,e,f\n1,2,3,4,5,6\n1,2,3,4,5\n"),
            "`t.csv`, line 3: the row has 5 cells, the header has 6"
        );
        assert_eq!(
            refusal(b"a,b\n1,2,3\n"),
            "`t.csv`, line 2: the row has 3 cells, the header has 2"
        );
    }

    #[test]
    fn ragged_rows_are_noted_once() {
        let table = table(b"a,b\n1,2,\n3,4\n5,6,,\n");
        assert_eq!(table.notes.len(), 1);
        assert_eq!(table.notes[0].place, "line 2");
        assert!(table.notes[0].reason.starts_with("2 rows"));
    }

    #[test]
    fn an_open_quote_is_refused_with_its_line() {
        assert_eq!(
            refusal(b"a,b\n1,2\n3,\"4\n5,6\n"),
            "`t.csv`, line 3: a quote is opened and never closed"
        );
        assert_eq!(table(b"a,b\n1,\"x \"\"y\"\"\"\n").lines, [2]);
        assert_eq!(table(b"a,b\n1,5\" disk\n").lines, [2]);
    }
}
