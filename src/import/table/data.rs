//! A table file as typed columns: what `--data` offers to queries and statistics. A column of
//! numbers is numbers, a column of text is text; only a column that mixes them keeps cell by cell.

use std::ops::ControlFlow;
use std::path::Path;

use crate::catalog::{Note, NoteKind, Value};

use super::super::text::Text;
use super::super::{ImportError, Sniff};
use super::cell::{self, Cell};
use super::source::Source;

/// A table file: CSV, TSV or `;`, a JSON list of objects, JSON Lines of objects.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The columns in the file's order, all of one length.
    pub columns: Vec<Column>,
    /// The line in which each row begins, from 1.
    pub lines: Vec<u32>,
    /// What was assumed or doubted.
    pub notes: Vec<Note>,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its header.
    pub name: String,
    /// Its cells.
    pub cells: Cells,
}

/// The cells of a column, from 9 to 32 bytes a cell and no allocation for each of them.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Real numbers, infinities among them; NaN = not known.
    Real(Vec<f64>),
    /// Text.
    Text(Texts),
    /// Numbers and text.
    Mixed(Vec<Value>),
}

/// Many texts in one piece of memory; an empty one means not known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    /// The text of a row; `None` where it is not known.
    pub fn get(&self, row: usize) -> Option<&str> {
        let start = match row.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        let text = self.text.get(start..*self.ends.get(row)?)?;
        (!text.is_empty()).then_some(text)
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }
}

impl Cells {
    /// The cell of a row; not known beyond the last one.
    pub fn value(&self, row: usize) -> Value {
        match self {
            Self::Integer(cells) => cells.get(row).copied().flatten().into(),
            Self::Real(cells) => cells.get(row).copied().unwrap_or(f64::NAN).into(),
            Self::Text(texts) => texts.get(row).into(),
            Self::Mixed(cells) => cells.get(row).cloned().unwrap_or(Value::Null),
        }
    }

    /// Whether every cell that is known is a number.
    pub fn is_numeric(&self) -> bool {
        matches!(self, Self::Integer(_) | Self::Real(_))
    }
}

/// Reads a table file. Cells are read by [`Value::parse`]; JSON strings stay text. In a column that
/// holds numbers otherwise, words for a missing value (`NA`, `n/a`, `-`, `NaN`, …) are not known,
/// and `inf` is infinite.
///
/// # Errors
/// [`ImportError::Broken`] and [`ImportError::Invalid`] with the line where the file is no table:
/// ragged rows, unclosed quotes, text that is not UTF-8, twice the same header, no rows.
pub fn read_rows(path: &Path, bytes: &[u8]) -> Result<Table, ImportError> {
    let sniff = Sniff::of(bytes);
    Source::with(path, &sniff.shape, Text::Held(sniff.bytes), rows)
}

fn rows(source: &Source<'_>) -> Result<Table, ImportError> {
    let mut growing: Vec<Growing> = source.columns.iter().map(|_| Growing::default()).collect();
    let mut lines = Vec::new();
    let scan = source.for_each(|row| {
        for (column, cells) in growing.iter_mut().enumerate() {
            cells.push(row.get(column), row.is_quoted(column));
        }
        lines.push(u32::try_from(row.line).unwrap_or(u32::MAX));
        Ok(ControlFlow::Continue(()))
    })?;
    let mut notes = source.notes.clone();
    notes.extend(scan.note());
    let columns = source.columns.iter().zip(growing);
    let columns = columns
        .map(|(name, cells)| Column {
            cells: cells.finish(name, &mut notes),
            name: name.clone(),
        })
        .collect();
    Ok(Table {
        columns,
        lines,
        notes,
    })
}

/// A column while it is read: the narrowest kind that has held all cells so far.
struct Growing {
    cells: Cells,
    numbers: usize,
    /// Words that mean "not known" if the column turns out to be numeric: row and word.
    words: Vec<(usize, String)>,
}

impl Default for Growing {
    fn default() -> Self {
        Self {
            cells: Cells::Integer(Vec::new()),
            numbers: 0,
            words: Vec::new(),
        }
    }
}

/// Whole numbers up to 2⁵³ survive as reals.
const EXACT: u64 = 1 << 53;

/// The number that a text writes as digits with a point among them, without leading zeros: most cells
/// of a column of reals, for which [`Value::number`] would ask more. Correctly rounded.
fn fraction(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let mut points = 0;
    for byte in digits {
        match byte {
            b'0'..=b'9' => {}
            b'.' => points += 1,
            _ => return None,
        }
    }
    let starts_well = match digits {
        [b'0', next, ..] => *next == b'.',
        [b'1'..=b'9', ..] => true,
        _ => false,
    };
    if points != 1 || !starts_well {
        return None;
    }
    fast_float2::parse(bytes)
        .ok()
        .filter(|x: &f64| x.is_finite())
}

impl Growing {
    fn push(&mut self, text: &str, quoted: bool) {
        if text.is_empty() {
            return self.push_value(Value::Null);
        }
        if let (Cells::Real(cells), false) = (&mut self.cells, quoted)
            && let Some(number) = fraction(text)
        {
            self.numbers += 1;
            return cells.push(number);
        }
        if let Some(number) = Value::number(text).filter(|_| !quoted) {
            self.numbers += 1;
            return self.push_value(number);
        }
        if self.cells.is_numeric()
            && matches!(
                cell::read(text, true),
                Cell::Missing(_) | Cell::NotFinite(_)
            )
        {
            self.words.push((self.len(), text.to_owned()));
            return self.push_value(Value::Null);
        }
        if let Cells::Text(texts) = &mut self.cells {
            return texts.push(text);
        }
        self.push_value(text.into());
    }

    fn len(&self) -> usize {
        match &self.cells {
            Cells::Integer(cells) => cells.len(),
            Cells::Real(cells) => cells.len(),
            Cells::Text(texts) => texts.ends.len(),
            Cells::Mixed(cells) => cells.len(),
        }
    }

    fn push_value(&mut self, value: Value) {
        match (&mut self.cells, value) {
            (Cells::Integer(cells), Value::Null) => cells.push(None),
            (Cells::Integer(cells), Value::Integer(i)) => cells.push(Some(i)),
            (Cells::Real(cells), Value::Null) => cells.push(f64::NAN),
            (Cells::Real(cells), Value::Real(x)) => cells.push(x),
            (Cells::Real(cells), Value::Integer(i)) if i.unsigned_abs() <= EXACT => {
                cells.push(i as f64);
            }
            (Cells::Text(texts), Value::Null) => texts.push(""),
            (Cells::Text(texts), Value::Text(text)) => texts.push(&text),
            (Cells::Mixed(cells), value) => cells.push(value),
            (_, value) => {
                self.widen(&value);
                self.push_value(value);
            }
        }
    }

    /// Changes the kind of column so that it can hold `value` too.
    fn widen(&mut self, value: &Value) {
        match (&self.cells, value) {
            (Cells::Integer(cells), Value::Real(_))
                if cells.iter().flatten().all(|i| i.unsigned_abs() <= EXACT) =>
            {
                let reals = cells.iter().map(|i| i.map_or(f64::NAN, |i| i as f64));
                self.cells = Cells::Real(reals.collect());
            }
            (_, Value::Text(_)) if self.numbers == 0 => self.make_text(),
            _ => self.make_mixed(),
        }
    }

    /// A column without a number so far: its words are text after all.
    fn make_text(&mut self) {
        let mut texts = Texts::default();
        let mut words = std::mem::take(&mut self.words).into_iter().peekable();
        for row in 0..self.len() {
            let word = words.next_if(|(at, _)| *at == row);
            texts.push(word.as_ref().map_or("", |(_, word)| word));
        }
        self.cells = Cells::Text(texts);
    }

    fn make_mixed(&mut self) {
        let mut values: Vec<Value> = (0..self.len()).map(|row| self.cells.value(row)).collect();
        for (row, word) in std::mem::take(&mut self.words) {
            if let Some(value) = values.get_mut(row) {
                *value = word.into();
            }
        }
        self.cells = Cells::Mixed(values);
    }

    fn finish(mut self, name: &str, notes: &mut Vec<Note>) -> Cells {
        if self.cells.is_numeric() && self.numbers == 0 {
            self.make_text();
        }
        let words = std::mem::take(&mut self.words);
        let mut missing = 0;
        for (row, word) in &words {
            match cell::read(word, true) {
                Cell::NotFinite(x) if !x.is_nan() => {
                    if matches!(self.cells, Cells::Integer(_)) {
                        self.widen(&Value::Real(x));
                    }
                    match &mut self.cells {
                        Cells::Real(cells) => cells.get_mut(*row).map(|cell| *cell = x),
                        Cells::Mixed(cells) => cells.get_mut(*row).map(|cell| *cell = x.into()),
                        Cells::Integer(_) | Cells::Text(_) => None,
                    };
                }
                _ => missing += 1,
            }
        }
        if let (1.., Some((_, word))) = (missing, words.first()) {
            notes.push(Note {
                kind: NoteKind::Guess,
                place: format!("column `{name}`"),
                reason: format!("cells read as not known: {missing}, the first says `{word}`"),
            });
        }
        self.cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str) -> Result<Table, ImportError> {
        read_rows(Path::new("t"), text.as_bytes())
    }

    fn cells(text: &str) -> Vec<Cells> {
        rows(text)
            .unwrap()
            .columns
            .into_iter()
            .map(|column| column.cells)
            .collect()
    }

    fn texts(words: &[&str]) -> Cells {
        let mut texts = Texts::default();
        words.iter().for_each(|word| texts.push(word));
        Cells::Text(texts)
    }

    #[test]
    fn a_column_is_as_wide_as_its_cells_need() {
        assert_eq!(
            cells("i,r,t,m\n1,1,a,7\n,,,\n-2,0.5,NA,7B\n"),
            [
                Cells::Integer(vec![Some(1), Some(-2)]),
                Cells::Real(vec![1.0, 0.5]),
                texts(&["a", "NA"]),
                Cells::Mixed(vec![Value::Integer(7), "7B".into()]),
            ]
        );
    }

    #[test]
    fn words_for_missing_are_not_known_among_numbers_only() {
        let table = rows("a,b,c\n1,-,n/a\nNA,inf,x\n3,2,y\n").unwrap();
        assert_eq!(
            table.columns[0].cells,
            Cells::Integer(vec![Some(1), None, Some(3)])
        );
        assert_eq!(table.columns[1].cells.value(0), Value::Null);
        assert_eq!(table.columns[1].cells.value(1), Value::Real(f64::INFINITY));
        assert_eq!(table.columns[2].cells, texts(&["n/a", "x", "y"]));
        assert_eq!(table.notes.len(), 2);
        assert_eq!(table.lines, [2, 3, 4]);
    }

    #[test]
    fn a_large_whole_number_is_exact_even_beside_a_real() {
        assert_eq!(
            cells("a,b\n9007199254740993,9007199254740993\n1,0.5\n"),
            [
                Cells::Integer(vec![Some(9_007_199_254_740_993), Some(1)]),
                Cells::Mixed(vec![
                    Value::Integer(9_007_199_254_740_993),
                    Value::Real(0.5)
                ]),
            ]
        );
    }

    #[test]
    fn json_columns_are_the_keys_of_all_objects() {
        let table =
            rows(r#"[{"m": "7", "x": 1}, {"x": NaN, "y": {"a": [1, 2]}}, {"x": -Infinity}]"#);
        let table = table.unwrap();
        let names: Vec<_> = table
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!(names, ["m", "x", "y"]);
        assert_eq!(table.columns[0].cells, texts(&["7", "", ""]));
        assert_eq!(table.columns[1].cells.value(0), Value::Real(1.0));
        assert_eq!(table.columns[1].cells.value(1), Value::Null);
        assert_eq!(
            table.columns[1].cells.value(2),
            Value::Real(f64::NEG_INFINITY)
        );
        assert_eq!(table.columns[2].cells.value(1), r#"{"a":[1,2]}"#.into());
    }

    #[test]
    fn one_json_object_is_one_row_and_one_column_needs_no_separator() {
        assert_eq!(cells("{\"a\": 1,\n \"b\": \"x\"}").len(), 2);
        assert_eq!(
            cells("speed\n1\n2\n"),
            [Cells::Integer(vec![Some(1), Some(2)])]
        );
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = read_rows(Path::new("t"), &bytes);
        }

        #[test]
        fn every_column_is_as_long_as_the_table(text in "a[,;\t]b\n([0-9a.\\-\"NA,;\t]{0,6}\n){0,8}") {
            if let Ok(table) = rows(&text) {
                for column in &table.columns {
                    let length = match &column.cells {
                        Cells::Integer(cells) => cells.len(),
                        Cells::Real(cells) => cells.len(),
                        Cells::Text(texts) => texts.ends.len(),
                        Cells::Mixed(cells) => cells.len(),
                    };
                    prop_assert_eq!(length, table.lines.len());
                }
            }
        }
    }

    proptest! {
        #[test]
        fn a_fraction_is_the_number_that_the_long_way_reads(text in "-?[0-9]{0,19}\\.?[0-9]{0,19}") {
            if let Some(quick) = fraction(&text) {
                prop_assert_eq!(Value::number(&text), Some(Value::Real(quick)));
            }
        }
    }
}
