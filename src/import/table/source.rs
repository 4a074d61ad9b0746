//! The rows of a table file, one after another, as trimmed text cells with their line: the one place
//! that knows separators, quotes, ragged rows, headers and the JSON spellings of a table.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::Path;

use csv::StringRecord;
use serde_json::Value as Json;

use crate::catalog::{Note, NoteKind, Value};

use super::super::{ImportError, Shape, Sniff};
use super::objects::{self, Objects};

/// The longest row, in bytes. Beyond it a quote was most likely left open.
pub(super) const LONGEST_ROW: usize = 64 * 1024 * 1024;
/// The most columns a table may have: as many as SQLite allows (SQLITE_MAX_COLUMN).
const MOST_COLUMNS: usize = 2000;

/// An open table file. It can be read as often as needed.
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    pub(super) columns: Vec<String>,
    pub(super) notes: Vec<Note>,
    text: Cow<'a, str>,
    form: Form,
}

enum Form {
    /// `skip` is 1 where the first column only numbers the rows; `named` counts the cells of the
    /// header up to the last one that is not blank.
    Delimited { separator: u8, skip: usize, named: usize },
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
        self.cells.get(column + self.skip).unwrap_or_default().trim()
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

type Step = Result<ControlFlow<()>, ImportError>;

impl<'a> Source<'a> {
    /// Reads the header, or the keys of all objects.
    pub(super) fn open(path: &'a Path, sniff: &Sniff<'a>) -> Result<Self, ImportError> {
        let text = utf8(path, sniff.bytes)?;
        let mut source = Self {
            path,
            columns: Vec::new(),
            notes: Vec::new(),
            text: Cow::Borrowed(text),
            form: Form::Delimited { separator: b',', skip: 0, named: 0 },
        };
        match &sniff.shape {
            Shape::Empty => return Err(source.invalid("content", "the file is empty")),
            Shape::Array { .. } | Shape::Lines { .. } | Shape::Object { .. } => {
                let (text, mut objects) = objects::open(path, text, &sniff.shape)?;
                source.columns = std::mem::take(&mut objects.columns);
                source.text = text;
                source.form = Form::Objects(objects);
            }
            Shape::Delimited { separator, .. } => source.open_delimited(*separator)?,
            // One column has no separator.
            Shape::Text | Shape::Binary => source.open_delimited(b',')?,
        }
        if source.columns.len() > MOST_COLUMNS {
            let count = source.columns.len();
            return Err(source.invalid(
                "header",
                &format!("{count} columns, the limit is {MOST_COLUMNS}"),
            ));
        }
        source.refuse_twins()?;
        Ok(source)
    }

    fn open_delimited(&mut self, separator: u8) -> Result<(), ImportError> {
        let mut header = StringRecord::new();
        let mut reader = reader(&self.text, separator);
        while reader.read_record(&mut header).map_err(|e| self.broken(&e))? {
            if header.iter().any(|name| !name.trim().is_empty()) {
                break;
            }
        }
        let mut names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        let named = names.iter().rposition(|name| !name.is_empty()).map_or(0, |at| at + 1);
        self.form = Form::Delimited { separator, skip: 0, named };
        let mut first = 1;
        // pandas writes its row numbers under an empty header, and reads them back as `Unnamed: 0`.
        let unnamed = names.first().is_some_and(|name| name.is_empty() || name == "Unnamed: 0");
        if unnamed && names.len() > 1 {
            self.columns.clone_from(&names);
            if self.numbers_its_rows()? {
                self.guess("column 1", "left out: it only numbers the rows");
                self.form = Form::Delimited { separator, skip: 1, named };
                names.remove(0);
                first = 2;
            }
        }
        for (number, name) in (first..).zip(&mut names) {
            if name.is_empty() {
                *name = format!("column_{number}");
                self.guess(&format!("column {number}"), &format!("has no header; read as `{name}`"));
            }
        }
        self.columns = names;
        Ok(())
    }

    /// Whether the first column holds 0, 1, 2, … and nothing else.
    fn numbers_its_rows(&self) -> Result<bool, ImportError> {
        let (mut next, mut holds) = (0, true);
        self.for_each(|row| {
            holds &= row.get(0).parse() == Ok(next);
            next += 1_u64;
            Ok(if holds { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(holds)
    }

    fn refuse_twins(&self) -> Result<(), ImportError> {
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
        let names = twins.join("`, `");
        Err(self.invalid("header", &format!("more than one column is named `{names}`")))
    }

    /// Whether commas may separate thousands: not where columns are separated by semicolons.
    pub(super) fn has_groups(&self) -> bool {
        !matches!(self.form, Form::Delimited { separator: b';', .. })
    }

    /// Hands over row after row until told to stop. Rows of blank cells are left out.
    ///
    /// # Errors
    /// Those of the file's form, those of `each`, and a table without any row.
    pub(super) fn for_each(&self, mut each: impl FnMut(&Row<'_>) -> Step) -> Result<Scan, ImportError> {
        let mut scan = Scan::default();
        let width = self.columns.len();
        let mut step = |row: &Row<'_>, scan: &mut Scan| {
            if row.is_blank(width) {
                return Ok(ControlFlow::Continue(()));
            }
            scan.rows += 1;
            each(row)
        };
        match &self.form {
            Form::Delimited { separator, skip, named } => {
                let dialect = (*separator, *skip, *named);
                self.for_each_record(dialect, &mut scan, &mut step)?;
            }
            Form::Objects(objects) => {
                objects.for_each(self.path, &self.text, &self.columns, |cells, quoted, line| {
                    step(&Row { cells, quoted, skip: 0, line }, &mut scan)
                })?;
            }
        }
        if scan.rows == 0 {
            let reason = match self.form {
                Form::Delimited { .. } => "has a header but no rows",
                Form::Objects(_) => "has no rows",
            };
            return Err(self.invalid("content", reason));
        }
        Ok(scan)
    }

    fn for_each_record(
        &self,
        (separator, skip, named): (u8, usize, usize),
        scan: &mut Scan,
        step: &mut impl FnMut(&Row<'_>, &mut Scan) -> Step,
    ) -> Result<(), ImportError> {
        let mut reader = reader(&self.text, separator);
        let mut record = StringRecord::new();
        let mut header_seen = false;
        while reader.read_record(&mut record).map_err(|e| self.broken(&e))? {
            let place = Place::of(&record, self.text.as_bytes());
            let end = reader.position().byte() as usize;
            if end.saturating_sub(place.byte) > LONGEST_ROW {
                return Err(self.too_long(place.line));
            }
            if end >= self.text.len() {
                self.refuse_open_quote(place, separator)?;
            }
            if !header_seen {
                header_seen = record.iter().any(|name| !name.trim().is_empty());
                continue;
            }
            if record.len() != self.columns.len() + skip {
                self.check_ragged(&record, (skip, named), place.line, scan)?;
            }
            let row = Row { cells: &record, quoted: &[], skip, line: place.line };
            if step(&row, scan)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// A row may lack cells after a blank one (spreadsheets cut them off) or under unnamed headers,
    /// and may have blank cells too many; any other difference means that cells may be shifted.
    fn check_ragged(
        &self,
        record: &StringRecord,
        (skip, named): (usize, usize),
        line: usize,
        scan: &mut Scan,
    ) -> Result<(), ImportError> {
        let width = self.columns.len() + skip;
        let is_blank = |cell: &str| cell.trim().is_empty();
        let harmless = if record.len() > width {
            record.iter().skip(width).all(is_blank)
        } else {
            record.len() >= named || record.iter().next_back().is_some_and(is_blank)
        };
        if !harmless {
            return Err(ImportError::Invalid {
                path: self.path.to_owned(),
                place: format!("line {line}"),
                reason: format!("the row has {} cells, the header has {width}", record.len()),
            });
        }
        scan.ragged += 1;
        if scan.ragged == 1 {
            scan.first_ragged = line;
        }
        Ok(())
    }

    /// The csv crate ends the last cell at the end of the file, quote or not.
    fn refuse_open_quote(&self, place: Place, separator: u8) -> Result<(), ImportError> {
        let rest = self.text.as_bytes().get(place.byte..).unwrap_or_default();
        let (mut opened, mut at_start, mut line) = (None, true, place.line);
        let mut bytes = rest.iter().peekable();
        while let Some(&byte) = bytes.next() {
            line += usize::from(byte == b'\n');
            match (byte, opened) {
                (b'"', None) if at_start => opened = Some(line),
                (b'"', Some(_)) if bytes.peek() == Some(&&b'"') => {
                    bytes.next();
                }
                (b'"', Some(_)) => opened = None,
                _ => {}
            }
            at_start = opened.is_none() && (byte == separator || byte == b'\n' || byte == b'\r');
        }
        match opened {
            Some(line) => Err(self.invalid(&format!("line {line}"), "a quote is opened and never closed")),
            None => Ok(()),
        }
    }

    fn guess(&mut self, place: &str, reason: &str) {
        self.notes.push(Note {
            kind: NoteKind::Guess,
            place: place.to_owned(),
            reason: reason.to_owned(),
        });
    }

    fn too_long(&self, line: usize) -> ImportError {
        let reason = format!("a row is longer than {} MB", LONGEST_ROW >> 20);
        self.invalid(&format!("line {line}"), &reason)
    }

    fn broken(&self, error: &csv::Error) -> ImportError {
        let line = error.position().map_or(1, csv::Position::line);
        self.invalid(&format!("line {line}"), &error.to_string())
    }

    /// An error of this file.
    pub(super) fn invalid(&self, place: &str, reason: &str) -> ImportError {
        ImportError::Invalid {
            path: self.path.to_owned(),
            place: place.to_owned(),
            reason: reason.to_owned(),
        }
    }
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 16)
        .from_reader(text.as_bytes())
}

/// Where a row begins: byte and line. The csv crate counts it from the end of the row before, so
/// that blank lines between the two belong to it.
#[derive(Debug, Clone, Copy)]
struct Place {
    byte: usize,
    line: usize,
}

impl Place {
    fn of(record: &StringRecord, bytes: &[u8]) -> Self {
        let (byte, line) = record.position().map_or((0, 1), |at| (at.byte() as usize, at.line() as usize));
        let mut place = Self { byte, line };
        while let Some(byte @ (b'\n' | b'\r')) = bytes.get(place.byte) {
            place.line += usize::from(*byte == b'\n');
            place.byte += 1;
        }
        place
    }
}

/// The text of a file; an error names the line and the column, in bytes, of the first bad byte.
fn utf8<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a str, ImportError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
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
    use super::super::{Table, read_rows};
    use super::*;

    fn table(text: &[u8]) -> Table {
        read_rows(Path::new("t.csv"), text).unwrap()
    }

    fn refusal(text: &[u8]) -> String {
        read_rows(Path::new("t.csv"), text).unwrap_err().to_string()
    }

    fn names(table: &Table) -> Vec<&str> {
        table.columns.iter().map(|column| column.name.as_str()).collect()
    }

    fn column(table: &Table, column: usize) -> Vec<Value> {
        (0..table.lines.len()).map(|row| table.columns[column].cells.value(row)).collect()
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
    fn a_table_without_rows_is_refused() {
        assert_eq!(refusal(b"model,x\n\n"), "`t.csv`, content: has a header but no rows");
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
