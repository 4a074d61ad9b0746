//! Tables in JSON: a list of objects, or one object a line. The keys of all objects are the columns,
//! in the order in which they first appear; nested values become compact JSON text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::{ControlFlow, Range};
use std::path::Path;

use csv::StringRecord;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use super::super::{ImportError, Shape, json};
use super::source::{LONGEST_ROW, Step, too_long};

/// How much of a file is looked at to recognise it, in bytes: a row of a table is not longer.
const LOOK: usize = 64 * 1024;

/// Whether the first object of a list, or of a file of lines, holds no list or object but a number,
/// which may be NaN.
pub(super) fn is_flat(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    let text = text.strip_prefix(b"[").unwrap_or(text);
    let text = json::strict(text.get(..LOOK).unwrap_or(text));
    let mut objects = serde_json::Deserializer::from_slice(&text).into_iter::<Map<String, Json>>();
    let Some(Ok(first)) = objects.next() else {
        return false;
    };
    let nested = first
        .values()
        .any(|value| value.is_array() || value.is_object());
    let is_number = |value: &Json| match value {
        Json::String(text) => {
            // What a bare NaN and the infinities were rewritten to.
            matches!(text.trim_end(), "n" | "inf" | "-inf")
        }
        value => value.is_number(),
    };
    !nested && first.values().any(is_number)
}

/// Where the objects of a file stand.
pub(super) struct Objects {
    /// A range of bytes each.
    places: Vec<Range<usize>>,
    /// Whether bare NaN and infinities were rewritten to strings.
    rewritten: bool,
}

/// The text, the keys of all objects, and where the objects stand.
pub(super) type Opened<'a> = (Cow<'a, str>, Vec<String>, Objects);

/// Finds the objects and their keys. The text comes back changed where it held a bare NaN.
pub(super) fn open<'a>(
    path: &Path,
    text: &'a str,
    shape: &Shape,
) -> Result<Opened<'a>, ImportError> {
    match find(path, text, shape, false) {
        Ok((columns, objects)) => Ok((Cow::Borrowed(text), columns, objects)),
        Err(error) => match json::strict(text.as_bytes()) {
            Cow::Borrowed(_) => Err(error),
            Cow::Owned(strict) => {
                let strict = String::from_utf8(strict).map_err(|_| error)?;
                let (columns, objects) = find(path, &strict, shape, true)?;
                Ok((Cow::Owned(strict), columns, objects))
            }
        },
    }
}

fn find(
    path: &Path,
    text: &str,
    shape: &Shape,
    rewritten: bool,
) -> Result<(Vec<String>, Objects), ImportError> {
    let within = |part: &str| {
        let start = part.as_ptr() as usize - text.as_ptr() as usize;
        start..start + part.len()
    };
    let places = match shape {
        Shape::Array { .. } => {
            let elements: Vec<&RawValue> =
                serde_json::from_str(text).map_err(|error| broken(path, (1, 1), &error))?;
            elements.into_iter().map(|raw| within(raw.get())).collect()
        }
        Shape::Object { .. } => vec![within(text.trim())],
        _ => text
            .split('\n')
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(within)
            .collect(),
    };
    let objects = Objects { places, rewritten };
    let mut reading = Reading::new(&[], rewritten);
    reading.keys_only = true;
    objects.walk(path, text, &mut reading, |_, _| {
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((reading.columns, objects))
}

impl Objects {
    /// Hands over the cells of object after object, which of them are JSON strings, and the line.
    pub(super) fn for_each(
        &self,
        path: &Path,
        text: &str,
        columns: &[String],
        mut each: impl FnMut(&StringRecord, &[bool], usize) -> Step,
    ) -> Result<(), ImportError> {
        let mut reading = Reading::new(columns, self.rewritten);
        let (mut record, mut quoted) = (StringRecord::new(), Vec::new());
        self.walk(path, text, &mut reading, |reading, line| {
            record.clear();
            quoted.clear();
            for span in &reading.spans {
                let span = span.clone().unwrap_or_default();
                record.push_field(reading.text.get(span.place).unwrap_or_default());
                quoted.push(span.quoted);
            }
            each(&record, &quoted, line)
        })
    }

    fn walk(
        &self,
        path: &Path,
        text: &str,
        reading: &mut Reading,
        mut each: impl FnMut(&Reading, usize) -> Step,
    ) -> Result<(), ImportError> {
        let (mut line, mut seen, mut line_start) = (1, 0, 0);
        for place in &self.places {
            let passed = text.as_bytes().get(seen..place.start).unwrap_or_default();
            for (at, _) in passed
                .iter()
                .enumerate()
                .filter(|(_, byte)| **byte == b'\n')
            {
                line += 1;
                line_start = seen + at + 1;
            }
            seen = place.start;
            if place.len() > LONGEST_ROW {
                return Err(too_long(path, line));
            }
            let object = text.get(place.clone()).unwrap_or_default();
            reading
                .read(object)
                .map_err(|error| broken(path, (line, place.start - line_start + 1), &error))?;
            if each(reading, line)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// An error of a part of the file that begins at a line and column.
fn broken(path: &Path, (line, column): (usize, usize), error: &serde_json::Error) -> ImportError {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let first_line = error.line() <= 1;
    ImportError::Broken {
        path: path.to_owned(),
        line: line + error.line().saturating_sub(1),
        column: error.column().max(1) + if first_line { column - 1 } else { 0 },
        reason: text
            .strip_suffix(&place)
            .unwrap_or(&text)
            .replace("EOF", "the text ends"),
    }
}

/// One object at a time, without an allocation a cell.
struct Reading {
    columns: Vec<String>,
    index: HashMap<String, usize>,
    spans: Vec<Option<Span>>,
    text: String,
    rewritten: bool,
    keys_only: bool,
}

#[derive(Clone, Default)]
struct Span {
    place: Range<usize>,
    quoted: bool,
}

impl Reading {
    fn new(columns: &[String], rewritten: bool) -> Self {
        Self {
            columns: columns.to_vec(),
            index: columns.iter().cloned().zip(0..).collect(),
            spans: vec![None; columns.len()],
            text: String::new(),
            rewritten,
            keys_only: false,
        }
    }

    fn read(&mut self, object: &str) -> Result<(), serde_json::Error> {
        self.text.clear();
        self.spans.fill(None);
        let mut reader = serde_json::Deserializer::from_str(object);
        reader.deserialize_map(Cells(self))?;
        reader.end()
    }

    /// The column of a key; keys mostly come in the columns' order.
    fn column(&mut self, key: &str, expected: usize) -> usize {
        if self.columns.get(expected).is_some_and(|name| name == key) {
            return expected;
        }
        if let Some(&column) = self.index.get(key) {
            return column;
        }
        let column = self.columns.len();
        self.columns.push(key.to_owned());
        self.index.insert(key.to_owned(), column);
        self.spans.push(None);
        column
    }

    /// The text of a value: a string's content, nothing for null, anything else as written.
    fn push(&mut self, raw: &str) -> Result<Span, serde_json::Error> {
        let start = self.text.len();
        let quoted = raw.starts_with('"');
        match raw.as_bytes().first() {
            Some(b'"') if self.rewritten && raw == "\"n\"" => self.text.push_str("nan"),
            Some(b'"') if !raw.contains('\\') => {
                let inside = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
                self.text.push_str(inside.unwrap_or_default());
            }
            Some(b'"') => self.text.push_str(&serde_json::from_str::<String>(raw)?),
            Some(b'n') | None => {}
            Some(b'{' | b'[') => {
                let nested: Json = serde_json::from_str(raw)?;
                self.text.push_str(&nested.to_string());
            }
            Some(_) => self.text.push_str(raw),
        }
        Ok(Span {
            place: start..self.text.len(),
            quoted,
        })
    }
}

struct Cells<'r>(&'r mut Reading);

impl<'de> Visitor<'de> for Cells<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, which is a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut expected = 0;
        while let Some(column) = object.next_key_seed(Key(&mut *self.0, expected))? {
            expected = column + 1;
            if self.0.keys_only {
                object.next_value::<IgnoredAny>()?;
                continue;
            }
            let raw: &RawValue = object.next_value()?;
            let span = self.0.push(raw.get()).map_err(A::Error::custom)?;
            if let Some(place) = self.0.spans.get_mut(column)
                && place.replace(span).is_some()
            {
                let key = self.0.columns.get(column).map_or("", String::as_str);
                return Err(A::Error::custom(format!(
                    "the key `{key}` stands twice in one object"
                )));
            }
        }
        Ok(())
    }
}

/// Reads a key as the number of its column.
struct Key<'r>(&'r mut Reading, usize);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<usize, E> {
        Ok(self.0.column(key, self.1))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{ImportError, Sniff};
    use super::super::read_rows;
    use super::*;

    fn refusal(text: &str) -> String {
        let error = read_rows(Path::new("t.json"), text.as_bytes()).unwrap_err();
        error.to_string()
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_with_its_line() {
        assert_eq!(
            refusal("{\"a\": 1}\n\n{\"a\": 1, \"b\": 2, \"a\": 3}\n"),
            "`t.json`, line 3, column 24: the key `a` stands twice in one object"
        );
    }

    #[test]
    fn a_row_that_is_no_object_is_refused_with_its_place() {
        assert_eq!(
            refusal("[{\"a\": 1},\n  [2]]"),
            "`t.json`, line 2, column 3: invalid type: sequence, expected an object, which is a row"
        );
        assert!(refusal("{\"a\": 1}\n{\"a\": oops}\n").contains("line 2, column 7"));
        assert!(refusal("[{\"a\": 1}, {\"a\": ").contains("the text ends"));
        assert!(refusal("[]").ends_with("has no rows"));
    }

    #[test]
    fn a_bare_nan_is_not_the_letter_n() {
        let table = read_rows(
            Path::new("t"),
            b"[{\"a\": NaN, \"b\": \"n\\u0041\"}, {\"a\": 1}]",
        );
        let table = table.unwrap();
        assert_eq!(table.columns[0].cells.value(0), crate::catalog::Value::Null);
        assert_eq!(table.columns[1].cells.value(0), "nA".into());
    }

    #[test]
    fn a_line_of_a_list_is_the_line_of_its_element() {
        let table =
            read_rows(Path::new("t"), b"[\n{\"a\": 1}, {\"a\": 2},\n\n{\"a\": 3}]").unwrap();
        assert_eq!(table.lines, [2, 2, 4]);
    }

    #[test]
    fn flat_objects_with_a_number_are_a_table() {
        assert!(is_flat(b" [{\"m\": \"x\", \"v\": 1}, {\"v\": [2]}]"));
        assert!(is_flat(b"{\"m\": \"x\", \"v\": 1, \"w\": NaN}\n{}"));
        assert!(!is_flat(b"{\"m\": \"x\", \"v\": \"1\"}\n{}"));
        assert!(!is_flat(b"[{\"m\": {\"v\": 1}, \"w\": 2}]"));
        assert!(!is_flat(b"[1, 2]"));
    }

    #[test]
    fn an_error_after_a_bare_nan_keeps_its_place() {
        let sniff = Sniff::of(b"{\"a\": NaN}\n{\"a\": 1,}\n");
        let error = open(Path::new("t"), "{\"a\": NaN}\n{\"a\": 1,}\n", &sniff.shape)
            .err()
            .unwrap();
        assert!(
            matches!(
                error,
                ImportError::Broken {
                    line: 2,
                    column: 9,
                    ..
                }
            ),
            "{error}"
        );
    }
}
