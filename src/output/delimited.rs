//! CSV after RFC 4180 with `\n` at the end of a line, and TSV with one line a row and tab, newline,
//! carriage return and backslash inside a text written as `\t`, `\n`, `\r` and `\\` (the escapes of
//! PostgreSQL's text format). Numbers are exact, bytes are `x'0aff'`, NULL is an empty field. The
//! empty text is `""` in CSV; in TSV it cannot be told from NULL.
//!
//! CSV fields are quoted here and not by the `csv` crate because that one quotes either all empty
//! fields or none, and NULL and the empty text would become one.

use std::borrow::Cow;
use std::io::{self, Write};

use super::text::{bytes, real, without_formula};
use super::{Rows, Style};
use crate::catalog::Value;

/// What stands between two fields, and with it how a text is encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delimiter {
    Comma,
    Tab,
}

/// The writer of CSV and of TSV.
pub(super) struct Delimited<W> {
    out: W,
    delimiter: Delimiter,
    safe: bool,
}

impl<W: Write> Delimited<W> {
    /// Comma-separated values.
    pub(super) fn csv(out: W, style: &Style) -> Self {
        Self::new(out, Delimiter::Comma, style)
    }

    /// Tab-separated values.
    pub(super) fn tsv(out: W, style: &Style) -> Self {
        Self::new(out, Delimiter::Tab, style)
    }

    fn new(out: W, delimiter: Delimiter, style: &Style) -> Self {
        Self {
            out,
            delimiter,
            safe: style.csv_safe,
        }
    }

    fn field<'a>(&self, value: &'a Value) -> Cow<'a, str> {
        match value {
            Value::Null => Cow::Borrowed(""),
            Value::Integer(n) => n.to_string().into(),
            Value::Real(x) => real(*x).into(),
            Value::Text(text) => self.text(text),
            Value::Bytes(data) => bytes(data).into(),
        }
    }

    fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let text = if self.safe {
            without_formula(text)
        } else {
            Cow::Borrowed(text)
        };
        match self.delimiter {
            Delimiter::Comma => quoted(text),
            Delimiter::Tab => escaped(text),
        }
    }

    fn line<'a>(&mut self, fields: impl Iterator<Item = Cow<'a, str>>) -> io::Result<()> {
        let delimiter: &[u8] = match self.delimiter {
            Delimiter::Comma => b",",
            Delimiter::Tab => b"\t",
        };
        for (place, field) in fields.enumerate() {
            if place > 0 {
                self.out.write_all(delimiter)?;
            }
            self.out.write_all(field.as_bytes())?;
        }
        self.out.write_all(b"\n")
    }
}

impl<W: Write> Rows for Delimited<W> {
    fn header(&mut self, columns: &[String]) -> io::Result<()> {
        let fields: Vec<_> = columns.iter().map(|name| self.text(name)).collect();
        self.line(fields.into_iter())
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        if let ([Value::Null], Delimiter::Comma) = (row, self.delimiter) {
            // Readers of CSV skip an empty line: rather an empty text than a row that is lost.
            return self.out.write_all(b"\"\"\n");
        }
        let fields: Vec<_> = row.iter().map(|value| self.field(value)).collect();
        self.line(fields.into_iter())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A CSV field, in quotes where it must be.
fn quoted(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.is_empty() || text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\"")).into()
    } else {
        text
    }
}

/// A TSV field, on one line.
fn escaped(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(['\\', '\t', '\n', '\r']) {
        return text;
    }
    let text = text.replace('\\', "\\\\").replace('\t', "\\t");
    text.replace('\n', "\\n").replace('\r', "\\r").into()
}

#[cfg(test)]
mod tests {
    use super::super::{Format, written};
    use super::*;
    use proptest::prelude::*;

    fn csv(columns: &[&str], rows: &[&[Value]]) -> String {
        written(Format::Csv, &Style::default(), columns, rows)
    }

    fn tsv(columns: &[&str], rows: &[&[Value]]) -> String {
        written(Format::Tsv, &Style::default(), columns, rows)
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn csv_quotes_only_where_it_must() {
        let row = [
            text("plain x"),
            text("a,b"),
            text("\"q\""),
            text("two\nlines"),
        ];
        assert_eq!(
            csv(&["a", "b,c", "d", ""], &[&row]),
            "a,\"b,c\",d,\"\"\nplain x,\"a,b\",\"\"\"q\"\"\",\"two\nlines\"\n"
        );
    }

    #[test]
    fn csv_keeps_null_and_an_empty_text_apart() {
        assert_eq!(
            csv(&["a", "b"], &[&[Value::Null, text("")]]),
            "a,b\n,\"\"\n"
        );
        assert_eq!(csv(&["a"], &[&[Value::Null]]), "a\n\"\"\n");
    }

    #[test]
    fn a_row_of_tsv_is_one_line_whatever_its_text() {
        let row = [text("a\tb\nc\r\\n \"q\""), Value::Null, Value::Integer(1)];
        assert_eq!(
            tsv(&["t", "n", "i"], &[&row]),
            "t\tn\ti\na\\tb\\nc\\r\\\\n \"q\"\t\t1\n"
        );
    }

    #[test]
    fn numbers_and_bytes_are_exact() {
        let row = [
            Value::Integer(9_007_199_254_740_993),
            Value::Real(0.1),
            Value::Real(1e300),
            Value::Real(2.0),
            Value::Real(f64::NEG_INFINITY),
            Value::Bytes(vec![10, 255]),
        ];
        let written = "i,a,b,c,d,e\n9007199254740993,0.1,1e300,2.0,-inf,x'0aff'\n";
        let columns = ["i", "a", "b", "c", "d", "e"];
        assert_eq!(csv(&columns, &[&row]), written);
        assert_eq!(tsv(&columns, &[&row]), written.replace(',', "\t"));
    }

    #[test]
    fn a_formula_is_disarmed_on_request_and_a_number_never() {
        let safe = Style {
            csv_safe: true,
            ..Style::default()
        };
        let columns = ["+a", "b", "c"];
        let row = [text("=1+1"), text("@a,b"), Value::Integer(-1)];
        assert_eq!(
            written(Format::Csv, &safe, &columns, &[&row]),
            "'+a,b,c\n'=1+1,\"'@a,b\",-1\n"
        );
        assert_eq!(
            written(Format::Tsv, &safe, &columns, &[&row]),
            "'+a\tb\tc\n'=1+1\t'@a,b\t-1\n"
        );
        assert_eq!(csv(&["a"], &[&[text("=1+1")]]), "a\n=1+1\n");
    }

    proptest! {
        #[test]
        fn csv_brings_back_any_text_and_any_number(
            cells in prop::collection::vec((any::<String>(), any::<f64>()), 0..5)
        ) {
            let rows: Vec<_> = cells.iter().map(|(t, x)| [text(t), Value::Real(*x)]).collect();
            let rows: Vec<&[Value]> = rows.iter().map(<[Value; 2]>::as_slice).collect();
            let written = csv(&["text", "number"], &rows);
            let mut reader = csv::Reader::from_reader(written.as_bytes());
            let read: Vec<(String, f64)> = reader.deserialize().map(Result::unwrap).collect();
            prop_assert_eq!(read.len(), cells.len());
            for ((t, x), (t2, x2)) in cells.iter().zip(&read) {
                prop_assert_eq!(t, t2);
                prop_assert!(x.to_bits() == x2.to_bits() || x.is_nan() && x2.is_nan());
            }
        }
    }
}
