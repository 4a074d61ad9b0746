//! A table for a person at a terminal: no frame, one rule under the header, numbers to the right
//! with their decimal points in line. Reals are rounded, NULL is blank, nothing is coloured, and a
//! text cannot act on the terminal.

use std::io::{self, Write};

use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, TableStyle, Width,
};

use super::text::{bytes, visible};
use super::{Rows, Style};
use crate::catalog::{Value, number};

/// The characters of a text that are shown; a longer one ends in `…`.
const LONGEST_TEXT: usize = 500;
/// The width below which a column of text is not squeezed to fit the terminal.
const NARROWEST_TEXT: u16 = 16;

/// The table writer. It keeps the rows it shows and counts those beyond.
pub(super) struct Table<W> {
    out: W,
    style: Style,
    columns: Vec<String>,
    rows: Vec<Vec<Shown>>,
    more: u64,
}

/// What is shown in one cell.
enum Shown {
    Nothing,
    Number(String),
    Text(String),
}

impl<W: Write> Table<W> {
    pub(super) fn new(out: W, style: &Style) -> Self {
        Self {
            out,
            style: style.clone(),
            columns: Vec::new(),
            rows: Vec::new(),
            more: 0,
        }
    }

    /// How far the longest fraction of a column reaches, its point included; `None` for a column
    /// that does not hold numbers alone.
    fn fraction(&self, column: usize) -> Option<usize> {
        let mut longest = None;
        for cell in self.rows.iter().filter_map(|row| row.get(column)) {
            match cell {
                Shown::Nothing => {}
                Shown::Number(text) => longest = longest.max(Some(fraction(text).unwrap_or(0))),
                Shown::Text(_) => return None,
            }
        }
        longest
    }

    fn build(&mut self) -> comfy_table::Table {
        let fractions: Vec<_> = (0..self.columns.len()).map(|c| self.fraction(c)).collect();
        let mut table = comfy_table::Table::new();
        table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─')));
        let header = self.columns.iter().zip(&fractions).map(|(name, fraction)| {
            Cell::new(name).set_alignment(match fraction {
                Some(_) => CellAlignment::Right,
                None => CellAlignment::Left,
            })
        });
        table.set_header(header.collect::<Vec<_>>());
        for row in self.rows.drain(..) {
            let cells = row.into_iter().zip(&fractions);
            table.add_row(
                cells
                    .map(|(cell, fraction)| cell.fitted(*fraction))
                    .collect::<Vec<_>>(),
            );
        }
        let last = self.columns.len().saturating_sub(1);
        for (place, column) in table.column_iter_mut().enumerate() {
            column.set_padding((0, if place < last { 2 } else { 0 }));
        }
        if let Some(width) = self.style.width {
            fit(&mut table, width, &fractions);
        }
        table
    }
}

/// Wraps the text of a table to the width of a terminal; numbers are never wrapped.
fn fit(table: &mut comfy_table::Table, width: u16, fractions: &[Option<usize>]) {
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width);
    let widths = table.column_max_content_widths();
    for ((column, widest), fraction) in table.column_iter_mut().zip(widths).zip(fractions) {
        column.set_constraint(match fraction {
            Some(_) => ColumnConstraint::ContentWidth,
            None => ColumnConstraint::LowerBoundary(Width::Fixed(
                widest.min(NARROWEST_TEXT) + column.padding_width(),
            )),
        });
    }
}

impl<W: Write> Rows for Table<W> {
    fn header(&mut self, columns: &[String]) -> io::Result<()> {
        self.columns = columns.iter().map(|name| shortened(name)).collect();
        Ok(())
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        if self.rows.len() < self.style.max_table_rows {
            self.rows.push(row.iter().map(Shown::from).collect());
        } else {
            self.more += 1;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let table = self.build();
        for line in table.lines() {
            writeln!(self.out, "{}", line.trim_end())?;
        }
        match self.more {
            0 => {}
            1 => writeln!(self.out, "… 1 more row; use -f csv for all")?,
            n => writeln!(
                self.out,
                "… {} more rows; use -f csv for all",
                number::count(n)
            )?,
        }
        self.out.flush()
    }
}

impl From<&Value> for Shown {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Nothing,
            Value::Integer(n) => Self::Number(n.to_string()),
            Value::Real(x) => Self::Number(number::short(*x)),
            Value::Text(text) => Self::Text(shortened(text)),
            Value::Bytes(data) => {
                let shown = data.get(..LONGEST_TEXT).unwrap_or(data);
                Self::Text(shortened(&bytes(shown)))
            }
        }
    }
}

impl Shown {
    /// The cell, with blanks in place of the decimals it has fewer than its column.
    fn fitted(self, column: Option<usize>) -> Cell {
        match self {
            Self::Nothing => Cell::new(""),
            Self::Text(text) => Cell::new_owned(text),
            Self::Number(mut text) => {
                let missing = match (column, fraction(&text)) {
                    (Some(longest), Some(own)) => longest.saturating_sub(own),
                    _ => 0,
                };
                text.extend(std::iter::repeat_n(' ', missing));
                Cell::new_owned(text).set_alignment(CellAlignment::Right)
            }
        }
    }
}

/// The length of a number's fraction, its point included; `None` in scientific notation, which has
/// no place in a line of decimal points.
fn fraction(number: &str) -> Option<usize> {
    if number.contains(char::is_alphabetic) {
        return None;
    }
    Some(number.find('.').map_or(0, |point| number.len() - point))
}

/// A text as it is shown: visible, and not endless.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", visible(text.get(..end).unwrap_or(""))),
        None => visible(text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, written};
    use super::*;

    fn table(style: &Style, columns: &[&str], rows: &[&[Value]]) -> String {
        written(Format::Table, style, columns, rows)
    }

    fn lines(text: &str) -> Vec<&str> {
        text.lines().collect()
    }

    #[test]
    fn shows_models_and_numbers_in_line() {
        let rows: [&[Value]; 4] = [
            &[
                "Qwen1.5-4B-Chat".into(),
                550.into(),
                54.5.into(),
                Value::Null,
            ],
            &[
                "Memory³-2B-SFT".into(),
                650.into(),
                47.0.into(),
                "the highlighted one".into(),
            ],
            &[
                "模型".into(),
                1000.into(),
                40.123_456.into(),
                Value::Bytes(vec![10]),
            ],
            &[Value::Null, Value::Null, 1.5e-9.into(), "".into()],
        ];
        assert_eq!(
            lines(&table(
                &Style::default(),
                &["model", "tok/s", "score", "note"],
                &rows
            )),
            [
                "model            tok/s   score  note",
                "───────────────────────────────────────────────────",
                "Qwen1.5-4B-Chat    550  54.5",
                "Memory³-2B-SFT     650  47      the highlighted one",
                "模型              1000  40.123  x'0a'",
                "                        1.5e-9",
            ]
        );
    }

    #[test]
    fn a_text_cannot_act_on_the_terminal_or_break_its_line() {
        let row: [Value; 1] = ["\u{1b}[2Jx\ny\u{202e}".into()];
        assert_eq!(
            lines(&table(&Style::default(), &["na\u{7}me"], &[&row])),
            ["na\\x07me", "───────────────────", "\\x1b[2Jx\\ny\\u{202e}"]
        );
    }

    #[test]
    fn rows_beyond_the_limit_are_counted() {
        let style = Style {
            max_table_rows: 1,
            ..Style::default()
        };
        let row: &[Value] = &[1.into()];
        assert_eq!(table(&style, &["a"], &[row; 1]), "a\n─\n1\n");
        assert_eq!(
            table(&style, &["a"], &[row; 2]),
            "a\n─\n1\n… 1 more row; use -f csv for all\n"
        );
        assert!(
            table(&style, &["a"], &[row; 1236])
                .ends_with("… 1\u{202f}235 more rows; use -f csv for all\n")
        );
    }

    #[test]
    fn text_is_wrapped_to_the_terminal_and_numbers_are_not() {
        let style = Style {
            width: Some(30),
            ..Style::default()
        };
        let row: [Value; 2] = [
            "a long text that needs several lines".into(),
            123_456_789.into(),
        ];
        assert_eq!(
            lines(&table(&style, &["text", "number"], &[&row])),
            [
                "text                    number",
                "──────────────────────────────",
                "a long text that     123456789",
                "needs several lines",
            ]
        );
    }

    #[test]
    fn a_text_without_end_is_cut() {
        let row: [Value; 1] = ["x".repeat(100_000).into()];
        let shown = table(&Style::default(), &["a"], &[&row]);
        assert_eq!(lines(&shown)[2], format!("{}…", "x".repeat(LONGEST_TEXT)));
    }

    #[test]
    fn no_shape_of_table_is_too_much() {
        let wide: Vec<Value> = vec!["y".repeat(LONGEST_TEXT).into(); 300];
        let names: Vec<&str> = vec!["a"; 300];
        for width in [None, Some(0), Some(1), Some(80), Some(u16::MAX)] {
            let style = Style {
                width,
                ..Style::default()
            };
            assert!(table(&style, &names, &[&wide]).len() > 300);
            assert_eq!(table(&style, &["a"], &[&[]]).lines().next(), Some("a"));
            table(&style, &[], &[]);
        }
    }
}
