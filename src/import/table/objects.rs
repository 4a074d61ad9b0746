//! Tables in JSON: a list of objects, or one object a line. The keys of all objects are the columns,
//! in the order in which they first appear; nested values become compact JSON text.

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};
use std::path::Path;

use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use super::super::text::{Pass, Text, line_ends, utf8};
use super::super::{ImportError, LONGEST_LINE, Shape, json, twins};
use super::flat;
use super::object::Reading;
use super::row::Row;
use super::source::{Step, invalid};

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

/// The objects of a file.
pub(super) enum Objects<'a> {
    /// One a line.
    Lines,
    /// Anywhere.
    Places(Places<'a>),
}

/// A text and where objects stand in it.
pub(super) struct Places<'a> {
    text: Cow<'a, str>,
    /// A range of bytes each.
    places: Vec<Range<usize>>,
    /// Whether bare NaN and infinities were rewritten to strings.
    rewritten: bool,
}

/// How many lines tell the columns of a table that is read in haste.
const FIRST: usize = 1000;

/// The keys of all objects, and how to read the objects.
pub(super) fn open<'a>(
    path: &Path,
    text: Text<'a>,
    shape: &Shape,
) -> Result<(Vec<String>, Objects<'a>), ImportError> {
    let mut keys = Reading::of_keys();
    let objects = match (shape, text) {
        (Shape::Lines { .. }, _) => {
            each_line(path, (text, Pass::Look), |line, number| {
                read_line(path, &mut keys, line, number).map(|_| ControlFlow::Continue(()))
            })?;
            Objects::Lines
        }
        (_, Text::Held(bytes)) => {
            let places = Places::of(path, utf8(path, 1, bytes)?, shape, &mut keys)?;
            Objects::Places(places)
        }
        (_, Text::File(_)) => {
            return Err(invalid(path, "content", "JSON, but not one object a line"));
        }
    };
    Ok((keys.into_columns(), objects))
}

/// The keys of the first lines, and how to read all of them.
pub(super) fn hasty<'a>(
    path: &Path,
    text: Text<'a>,
) -> Result<(Vec<String>, Objects<'a>), ImportError> {
    let mut keys = Reading::of_keys();
    let mut lines = 0;
    each_line(path, (text, Pass::Look), |line, number| {
        read_line(path, &mut keys, line, number)?;
        lines += 1;
        Ok(super::stop_if(lines == FIRST))
    })?;
    Ok((keys.into_columns(), Objects::Lines))
}

impl<'a> Places<'a> {
    /// Finds the objects of a list, or the one object of a file, and their keys.
    fn of(
        path: &Path,
        text: &'a str,
        shape: &Shape,
        keys: &mut Reading,
    ) -> Result<Self, ImportError> {
        Self::find(path, Cow::Borrowed(text), shape, keys).or_else(|error| {
            match json::strict(text.as_bytes()) {
                Cow::Borrowed(_) => Err(error),
                Cow::Owned(strict) => {
                    let strict = String::from_utf8(strict).map_err(|_| error)?;
                    *keys = Reading::of_keys();
                    Self::find(path, Cow::Owned(strict), shape, keys)
                }
            }
        })
    }

    fn find(
        path: &Path,
        text: Cow<'a, str>,
        shape: &Shape,
        keys: &mut Reading,
    ) -> Result<Self, ImportError> {
        let within = |part: &str| {
            let start = part.as_ptr() as usize - text.as_ptr() as usize;
            start..start + part.len()
        };
        let places = match shape {
            Shape::Array { .. } => {
                let elements: Vec<&RawValue> =
                    serde_json::from_str(&text).map_err(|error| broken(path, (1, 1), &error))?;
                elements.into_iter().map(|raw| within(raw.get())).collect()
            }
            _ => vec![within(text.trim())],
        };
        let found = Self {
            rewritten: matches!(text, Cow::Owned(_)),
            text,
            places,
        };
        found.walk(path, keys, |_, _| Ok(ControlFlow::Continue(())))?;
        Ok(found)
    }

    fn walk(
        &self,
        path: &Path,
        reading: &mut Reading,
        mut each: impl FnMut(&Reading, usize) -> Step,
    ) -> Result<(), ImportError> {
        let (mut line, mut seen, mut line_start) = (1, 0, 0);
        reading.set_rewritten(self.rewritten);
        for place in &self.places {
            let passed = self.text.as_bytes().get(seen..place.start);
            let passed = passed.unwrap_or_default();
            if let Some(at) = memchr::memrchr(b'\n', passed) {
                line += line_ends(passed);
                line_start = seen + at + 1;
            }
            seen = place.start;
            if place.len() > LONGEST_LINE {
                return Err(too_long(path, line));
            }
            let object = self.text.get(place.clone()).unwrap_or_default();
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

impl Objects<'_> {
    /// Hands over object after object as a row under the columns.
    pub(super) fn for_each(
        &self,
        path: &Path,
        text: (Text<'_>, Pass),
        columns: &[String],
        mut each: impl FnMut(&Row<'_>) -> Step,
    ) -> Result<(), ImportError> {
        let mut reading = Reading::new(columns);
        if let Self::Places(places) = self {
            return places.walk(path, &mut reading, |reading, line| each(&reading.row(line)));
        }
        let flat = flat::Columns::of(columns);
        let mut cells = Vec::new();
        each_line(path, text, |text, number| {
            let object = text.trim();
            if flat.read(object, &mut cells).is_some() {
                let (text, cells) = (object, &cells[..]);
                return each(&Row {
                    text,
                    cells,
                    line: number,
                });
            }
            read_line(path, &mut reading, text, number)?;
            // Below the first level the reading does not look for them.
            twins::refuse(path, object.as_bytes())?;
            if reading.width() > columns.len() {
                return Err(invalid(path, &format!("line {number}"), "a further key"));
            }
            each(&reading.row(number))
        })
    }
}

/// Hands over each line that is not blank, and its number.
fn each_line(
    path: &Path,
    (text, pass): (Text<'_>, Pass),
    mut each: impl FnMut(&str, usize) -> Step,
) -> Result<(), ImportError> {
    let mut lines = text.read(path, pass)?;
    loop {
        let length = lines.line_length()?;
        if length == 0 {
            return Ok(());
        }
        let number = lines.line();
        let line = lines.window().get(..length).unwrap_or_default();
        let line = utf8(path, number, line)?;
        if !line.trim_start().is_empty() && each(line, number)?.is_break() {
            return Ok(());
        }
        lines.consume(length, 1);
    }
}

/// Reads the object of a line. A bare NaN or infinity is rewritten where the line is not strict JSON.
fn read_line(
    path: &Path,
    reading: &mut Reading,
    line: &str,
    number: usize,
) -> Result<(), ImportError> {
    let object = line.trim();
    if object.len() > LONGEST_LINE {
        return Err(too_long(path, number));
    }
    let column = line.len() - line.trim_start().len() + 1;
    let failed = |error: &serde_json::Error| broken(path, (number, column), error);
    reading.set_rewritten(false);
    reading
        .read(object)
        .or_else(|error| match json::strict(object.as_bytes()) {
            Cow::Borrowed(_) => Err(failed(&error)),
            Cow::Owned(strict) => {
                let strict = String::from_utf8(strict).map_err(|_| failed(&error))?;
                reading.set_rewritten(true);
                reading.read(&strict).map_err(|error| failed(&error))
            }
        })
}

/// An error of a row that is too long.
fn too_long(path: &Path, line: usize) -> ImportError {
    let reason = format!("a row is longer than {} MB", LONGEST_LINE >> 20);
    invalid(path, &format!("line {line}"), &reason)
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
        let error = open(Path::new("t"), Text::Held(sniff.bytes), &sniff.shape)
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
