//! A table of GitHub-flavoured Markdown, streamed and therefore not aligned in its source. Numbers
//! are rounded for people; columns that start with a number are set to the right; NULL is an empty
//! cell.

use std::io::{self, Write};

use super::Rows;
use super::text::{markdown_text, plain};
use crate::catalog::Value;

/// The Markdown writer. The header waits for the first row, which tells where the numbers are.
pub(super) struct Markdown<W> {
    out: W,
    waiting: Option<Vec<String>>,
}

impl<W: Write> Markdown<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, waiting: None }
    }

    fn write_header(&mut self, first: &[Value]) -> io::Result<()> {
        let Some(columns) = self.waiting.take() else {
            return Ok(());
        };
        self.line(columns.iter().map(|name| markdown_text(name)))?;
        self.line((0..columns.len()).map(|place| match first.get(place) {
            Some(Value::Integer(_) | Value::Real(_)) => "---:".to_owned(),
            _ => "---".to_owned(),
        }))
    }

    fn line(&mut self, cells: impl Iterator<Item = String>) -> io::Result<()> {
        self.out.write_all(b"|")?;
        for cell in cells {
            write!(self.out, " {cell} |")?;
        }
        self.out.write_all(b"\n")
    }
}

impl<W: Write> Rows for Markdown<W> {
    fn header(&mut self, columns: &[String]) -> io::Result<()> {
        self.waiting = Some(columns.to_vec());
        Ok(())
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        self.write_header(row)?;
        self.line(row.iter().map(|value| markdown_text(&plain(value))))
    }

    fn finish(&mut self) -> io::Result<()> {
        self.write_header(&[])?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Style, written};
    use super::*;

    #[test]
    fn numbers_are_rounded_and_stand_to_the_right() {
        let rows: [&[Value]; 2] = [
            &[
                Value::Text("Phi-2".to_owned()),
                Value::Real(35.000_000_1),
                Value::Integer(600),
            ],
            &[Value::Null, Value::Null, Value::Integer(1_000_000)],
        ];
        assert_eq!(
            written(
                Format::Markdown,
                &Style::default(),
                &["model", "score", "n"],
                &rows
            ),
            "| model | score | n |\n| --- | ---: | ---: |\n| Phi-2 | 35 | 600 |\n|  |  | 1000000 |\n"
        );
    }

    #[test]
    fn a_hostile_name_stays_inside_its_cell() {
        let row = [Value::Text("a | <img src=x>\n| # b".to_owned())];
        assert_eq!(
            written(Format::Markdown, &Style::default(), &["x|y"], &[&row]),
            "| x\\|y |\n| --- |\n| a \\| &lt;img src=x&gt; \\| # b |\n"
        );
    }
}
