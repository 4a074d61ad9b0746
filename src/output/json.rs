//! JSON, as one array of objects or as one object a line, and whole documents. Numbers are exact:
//! integers in full, reals in the shortest form that reads back as the same bits. NULL is `null`,
//! and so is a real that is not finite, for which JSON has no word; bytes are a text of
//! hexadecimal digits.

use std::collections::HashSet;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::to_writer;

use super::Rows;
use super::text::hex;
use crate::catalog::Value;

/// What stands around the objects.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Array,
    Lines,
}

/// The writer of JSON and of JSON Lines.
pub(super) struct Json<W> {
    out: W,
    frame: Frame,
    keys: Vec<String>,
    empty: bool,
}

impl<W: Write> Json<W> {
    /// One array, its objects one a line.
    pub(super) fn array(out: W) -> Self {
        Self::new(out, Frame::Array)
    }

    /// One object a line, and nothing else.
    pub(super) fn lines(out: W) -> Self {
        Self::new(out, Frame::Lines)
    }

    fn new(out: W, frame: Frame) -> Self {
        Self {
            out,
            frame,
            keys: Vec::new(),
            empty: true,
        }
    }

    fn value(&mut self, value: &Value) -> io::Result<()> {
        match value {
            Value::Null => self.out.write_all(b"null"),
            Value::Integer(n) => write!(self.out, "{n}"),
            Value::Real(x) => Ok(to_writer(&mut self.out, x)?),
            Value::Text(text) => Ok(to_writer(&mut self.out, text)?),
            Value::Bytes(data) => write!(self.out, "\"{}\"", hex(data)),
        }
    }
}

impl<W: Write> Rows for Json<W> {
    fn header(&mut self, columns: &[String]) -> io::Result<()> {
        self.keys = unique(columns)
            .iter()
            .map(serde_json::to_string)
            .collect::<Result<_, _>>()?;
        Ok(())
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        match (self.frame, self.empty) {
            (Frame::Array, true) => self.out.write_all(b"[\n  ")?,
            (Frame::Array, false) => self.out.write_all(b",\n  ")?,
            (Frame::Lines, _) => {}
        }
        self.empty = false;
        let keys = std::mem::take(&mut self.keys);
        self.out.write_all(b"{")?;
        for (place, (key, value)) in keys.iter().zip(row).enumerate() {
            let comma = if place > 0 { "," } else { "" };
            write!(self.out, "{comma}{key}:")?;
            self.value(value)?;
        }
        self.out.write_all(b"}")?;
        self.keys = keys;
        if self.frame == Frame::Lines {
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        match (self.frame, self.empty) {
            (Frame::Array, true) => self.out.write_all(b"[]\n")?,
            (Frame::Array, false) => self.out.write_all(b"\n]\n")?,
            (Frame::Lines, _) => {}
        }
        self.out.flush()
    }
}

/// The names, a repeated one with `_2`, `_3`, … appended: an object whose keys repeat loses values
/// in most readers (RFC 8259, section 4).
fn unique(columns: &[String]) -> Vec<String> {
    let given: HashSet<&str> = columns.iter().map(String::as_str).collect();
    let mut taken: HashSet<String> = HashSet::new();
    let mut names = Vec::with_capacity(columns.len());
    for column in columns {
        let mut name = column.clone();
        let mut number = 2;
        while taken.contains(&name) || (number > 2 && given.contains(name.as_str())) {
            name = format!("{column}_{number}");
            number += 1;
        }
        taken.insert(name.clone());
        names.push(name);
    }
    names
}

/// Writes one value as a JSON document: two spaces of indentation and a newline at the end.
///
/// Keys keep the order of the value's fields. A number that is not finite becomes `null`.
///
/// # Errors
///
/// Whatever the destination reports, and a value that JSON cannot hold (a map with keys that are
/// not text).
pub fn json_document(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut buffered = io::BufWriter::with_capacity(1 << 16, &mut *out);
    let mut serializer = serde_json::Serializer::with_formatter(&mut buffered, Document::default());
    value.serialize(&mut serializer)?;
    buffered.write_all(b"\n")?;
    buffered.flush()
}

/// A layout for people: indented down to a depth, one line for what is nested deeper, such as the points
/// of each series.
#[derive(Default)]
struct Document {
    depth: usize,
    is_empty: bool,
}

/// Containers nested deeper than this are written on one line.
const INDENTED: usize = 4;

impl Document {
    fn open(&mut self, bracket: &[u8], out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        self.depth += 1;
        self.is_empty = true;
        out.write_all(bracket)
    }

    fn close(&mut self, bracket: &[u8], out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        let is_indented = self.depth <= INDENTED;
        self.depth -= 1;
        if is_indented && !self.is_empty {
            self.line(out)?;
        }
        self.is_empty = false;
        out.write_all(bracket)
    }

    fn item(&mut self, first: bool, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        match (first, self.depth <= INDENTED) {
            (true, false) => Ok(()),
            (false, false) => out.write_all(b", "),
            (first, true) => {
                if !first {
                    out.write_all(b",")?;
                }
                self.line(out)
            }
        }
    }

    fn line(&self, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        const BLANKS: [u8; 2 * INDENTED] = [b' '; 2 * INDENTED];
        out.write_all(b"\n")?;
        out.write_all(BLANKS.get(..2 * self.depth).unwrap_or(&BLANKS))
    }
}

impl serde_json::ser::Formatter for Document {
    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(b"[", out)
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(b"]", out)
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(first, out)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _out: &mut W) -> io::Result<()> {
        self.is_empty = false;
        Ok(())
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(b"{", out)
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(b"}", out)
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(first, out)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _out: &mut W) -> io::Result<()> {
        self.is_empty = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Style, written};
    use super::*;
    use proptest::prelude::*;

    fn json(format: Format, columns: &[&str], rows: &[&[Value]]) -> String {
        written(format, &Style::default(), columns, rows)
    }

    #[test]
    fn rows_are_objects_with_their_keys_in_the_order_of_the_columns() {
        let rows: [&[Value]; 2] = [
            &[Value::Text("a\"b\u{1b}".to_owned()), Value::Real(54.5)],
            &[Value::Null, Value::Real(2.0)],
        ];
        let (first, second) = (
            r#"{"model":"a\"b\u001b","score":54.5}"#,
            r#"{"model":null,"score":2.0}"#,
        );
        let columns = ["model", "score"];
        assert_eq!(
            json(Format::Json, &columns, &rows),
            format!("[\n  {first},\n  {second}\n]\n")
        );
        assert_eq!(
            json(Format::Jsonl, &columns, &rows),
            format!("{first}\n{second}\n")
        );
    }

    #[test]
    fn numbers_are_exact_and_what_json_cannot_say_is_null() {
        let row = [
            Value::Integer(9_007_199_254_740_993),
            Value::Real(1e300),
            Value::Real(f64::INFINITY),
            Value::Bytes(vec![10, 255]),
        ];
        assert_eq!(
            json(Format::Jsonl, &["a", "b", "c", "d"], &[&row]),
            "{\"a\":9007199254740993,\"b\":1e+300,\"c\":null,\"d\":\"0aff\"}\n"
        );
    }

    #[test]
    fn repeated_columns_get_keys_of_their_own() {
        let names =
            |columns: &[&str]| unique(&columns.iter().map(|&c| c.to_owned()).collect::<Vec<_>>());
        assert_eq!(names(&["a", "a", "b", "a"]), ["a", "a_2", "b", "a_3"]);
        assert_eq!(names(&["a", "a", "a_2"]), ["a", "a_3", "a_2"]);
        assert_eq!(
            names(&["a_2", "a", "a", "a_2"]),
            ["a_2", "a", "a_3", "a_2_2"]
        );
    }

    #[test]
    fn a_document_is_indented_and_ends_its_last_line() {
        #[derive(Serialize)]
        struct Fit {
            n: u32,
            r: f64,
            p: Option<f64>,
        }
        let fit = Fit {
            n: 7,
            r: 0.1,
            p: None,
        };
        let mut bytes = Vec::new();
        json_document(&fit, &mut bytes).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "{\n  \"n\": 7,\n  \"r\": 0.1,\n  \"p\": null\n}\n"
        );
    }

    proptest! {
        #[test]
        fn any_text_and_any_number_come_back(text in any::<String>(), x in any::<f64>(), n in any::<i64>()) {
            let row = [Value::Text(text.clone()), Value::Real(x), Value::Integer(n)];
            let written = json(Format::Json, &["t", "x", "n"], &[&row]);
            let read: Vec<(String, Option<f64>, i64)> = serde_json::from_str::<Vec<serde_json::Map<_, _>>>(&written)
                .unwrap()
                .into_iter()
                .map(|object| {
                    let values = object.into_iter().map(|(_, value)| value).collect();
                    serde_json::from_value(values).unwrap()
                })
                .collect();
            let finite = x.is_finite().then_some(x.to_bits());
            let read: Vec<_> = read.into_iter().map(|(t, x, n)| (t, x.map(f64::to_bits), n)).collect();
            prop_assert_eq!(read, vec![(text, finite, n)]);
        }
    }
}
