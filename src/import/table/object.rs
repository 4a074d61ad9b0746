//! One JSON object as a row: its keys are columns, its values cells; nested values become compact JSON
//! text.

use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::row::{Row, Span};

/// One object at a time, without an allocation a cell.
pub(super) struct Reading {
    columns: Vec<String>,
    index: HashMap<String, usize>,
    cells: Vec<Span>,
    is_set: Vec<bool>,
    text: String,
    rewritten: bool,
    keys_only: bool,
}

impl Reading {
    /// A reading of objects with these keys.
    pub(super) fn new(columns: &[String]) -> Self {
        Self {
            columns: columns.to_vec(),
            index: columns.iter().cloned().zip(0..).collect(),
            cells: vec![Span::default(); columns.len()],
            is_set: vec![false; columns.len()],
            text: String::new(),
            rewritten: false,
            keys_only: false,
        }
    }

    /// A reading of the keys alone.
    pub(super) fn of_keys() -> Self {
        Self {
            keys_only: true,
            ..Self::new(&[])
        }
    }

    /// The keys that were met, in the order in which they were.
    pub(super) fn into_columns(self) -> Vec<String> {
        self.columns
    }

    /// How many keys there are.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Says whether bare NaN and infinities were rewritten to strings in what is read next.
    pub(super) fn set_rewritten(&mut self, rewritten: bool) {
        self.rewritten = rewritten;
    }

    /// Reads one object.
    pub(super) fn read(&mut self, object: &str) -> Result<(), serde_json::Error> {
        self.text.clear();
        self.cells.fill(Span::default());
        self.is_set.fill(false);
        let mut reader = serde_json::Deserializer::from_str(object);
        reader.deserialize_map(Cells(self))?;
        reader.end()
    }

    /// The object that was read, which begins on a line.
    pub(super) fn row(&self, line: usize) -> Row<'_> {
        Row {
            text: &self.text,
            cells: &self.cells,
            line,
        }
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
        self.cells.push(Span::default());
        self.is_set.push(false);
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
        Ok(Span::new(&self.text, start, self.text.len(), quoted))
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
            if let Some(cell) = self.0.cells.get_mut(column) {
                *cell = span;
            }
            let is_set = self.0.is_set.get_mut(column);
            if is_set.is_some_and(|is_set| std::mem::replace(is_set, true)) {
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
