//! The outline of a file from its bytes: is it JSON, JSON Lines, a delimited table, text or binary,
//! and which keys or columns does it have at the top. Formats are recognised by this outline.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use std::sync::OnceLock;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::ImportError;
use super::json::{self, Members, scan};

/// How much of a file that is not JSON is looked at, in bytes.
const LOOK: usize = 64 * 1024;
/// How many records of a possible table are looked at.
const RECORDS: usize = 20;
/// The longest text, in bytes on average, that passes as a column's name.
const HEADER_CELL: usize = 60;
/// How many keys or columns a message names.
const NAMED: usize = 8;

/// What a file is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// One JSON object.
    Object {
        /// Its keys, in order; those before the cut when the file is cut off.
        keys: Vec<String>,
    },
    /// One JSON list.
    Array {
        /// The keys of its first element, if that is an object.
        keys: Vec<String>,
    },
    /// Several JSON objects, one a line.
    Lines {
        /// The keys of the first.
        keys: Vec<String>,
    },
    /// Records of cells.
    Delimited {
        /// What stands between two cells: `,`, a tab or `;`.
        separator: u8,
        /// The cells of the first record.
        header: Vec<String>,
    },
    /// Text of no known structure.
    Text,
    /// Anything that is not UTF-8 text or its likes.
    Binary,
    /// Nothing but white space.
    Empty,
}

/// The outline of a file.
#[derive(Debug, Clone)]
pub struct Sniff<'a> {
    /// What it is made of.
    pub shape: Shape,
    /// Its content without byte order mark.
    pub bytes: &'a [u8],
    /// The members of the one object it is, if that is well formed and no key stands twice in it.
    members: Option<Members<'a>>,
    /// Its content as strict JSON, made when it is asked for.
    strict: OnceLock<Cow<'a, [u8]>>,
}

impl<'a> Sniff<'a> {
    /// Looks at a file: one walk over a JSON object, the beginning of anything else.
    pub fn of(bytes: &'a [u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let (shape, members) = shape(bytes);
        Self {
            shape,
            bytes,
            members,
            strict: OnceLock::new(),
        }
    }

    /// The outline of text that is known to be a table.
    pub(super) fn of_table(text: &'a str, separator: u8, header: Vec<String>) -> Self {
        Self {
            shape: Shape::Delimited { separator, header },
            bytes: text.as_bytes(),
            members: None,
            strict: OnceLock::new(),
        }
    }

    /// Reads the one document that the file is; texts may be borrowed from it.
    ///
    /// # Errors
    /// As [`json::parse`].
    pub(super) fn parse<'s, T: Deserialize<'s>>(&'s self, path: &Path) -> Result<T, ImportError> {
        if let Some(members) = &self.members
            && let Ok(found) = T::deserialize(members)
        {
            return Ok(found);
        }
        // What is wrong, and where, tells the reader of the whole text; as in `json::parse`.
        serde_json::from_slice(self.bytes)
            .or_else(|error| match self.strict() {
                Cow::Borrowed(_) => Err(error),
                Cow::Owned(strict) => serde_json::from_slice(strict),
            })
            .map_err(|error| json::broken(path, 1, &error))
    }

    fn strict(&self) -> &Cow<'a, [u8]> {
        self.strict.get_or_init(|| json::strict(self.bytes))
    }

    /// Whether the text is well formed JSON in which no key stands twice in one object. What is not
    /// may still be: then nothing is known.
    pub(super) fn is_sound(&self) -> bool {
        self.members.is_some() || scan::is_sound(self.bytes)
    }

    /// Whether the object, the first element, the first line or the header has this key.
    pub fn has(&self, key: &str) -> bool {
        self.names().iter().any(|name| name == key)
    }

    /// What the file looks like, for a message: "a JSON object with keys `a`, `b`, …".
    pub fn looks(&self) -> String {
        let (what, of) = match &self.shape {
            Shape::Object { .. } => ("a JSON object", "keys"),
            Shape::Array { .. } => ("a JSON list", "keys"),
            Shape::Lines { .. } => ("JSON Lines", "keys"),
            Shape::Delimited { separator, .. } => match separator {
                b'\t' => ("tab-separated text", "columns"),
                b';' => ("semicolon-separated text", "columns"),
                _ => ("comma-separated text", "columns"),
            },
            Shape::Text => ("text", ""),
            Shape::Binary if is_utf16(self.bytes) => ("UTF-16 text; convert it to UTF-8", ""),
            Shape::Binary => ("binary data", ""),
            Shape::Empty => ("empty", ""),
        };
        let names = self.names();
        if names.is_empty() {
            return what.to_owned();
        }
        let named: Vec<String> = names.iter().take(NAMED).map(|n| format!("`{n}`")).collect();
        let more = if names.len() > NAMED { ", …" } else { "" };
        format!("{what} with {of} {}{more}", named.join(", "))
    }

    fn names(&self) -> &[String] {
        match &self.shape {
            Shape::Object { keys } | Shape::Array { keys } | Shape::Lines { keys } => keys,
            Shape::Delimited { header, .. } => header,
            Shape::Text | Shape::Binary | Shape::Empty => &[],
        }
    }
}

fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")
}

fn shape(bytes: &[u8]) -> (Shape, Option<Members<'_>>) {
    if let Some(members) = only_object(bytes) {
        let keys = members.keys().to_vec();
        return (Shape::Object { keys }, Some(members));
    }
    let start = bytes.get(..LOOK).unwrap_or(bytes);
    if is_utf16(bytes) || start.contains(&0) {
        return (Shape::Binary, None);
    }
    let text = bytes.trim_ascii_start();
    let json = match text.first() {
        None => return (Shape::Empty, None),
        Some(b'{' | b'[') => outline(text),
        Some(_) => None,
    };
    let shape = json.unwrap_or_else(|| {
        let first = first_block(start).and_then(delimited);
        first.or_else(|| delimited(start)).unwrap_or(Shape::Text)
    });
    (shape, None)
}

/// The members of the object that the text is, if it is one and nothing else.
fn only_object(bytes: &[u8]) -> Option<Members<'_>> {
    let scan = scan::object(bytes).filter(|scan| !scan.is_followed)?;
    Members::new(bytes, &scan)
}

/// The lines before the first blank one, if there are at least two: of several tables in one file the
/// first.
fn first_block(text: &[u8]) -> Option<&[u8]> {
    let text = text.trim_ascii_start();
    let (mut end, mut lines) = (0, 0);
    for line in text.split_inclusive(|b| *b == b'\n') {
        if line.trim_ascii().is_empty() {
            return (lines > 1).then(|| text.get(..end)).flatten();
        }
        end += line.len();
        lines += 1;
    }
    None
}

/// The shape of JSON text; `None` where not even the first key or element can be read.
fn outline(text: &[u8]) -> Option<Shape> {
    let (shape, whole) = walk(text);
    if whole {
        return shape;
    }
    match json::strict(text) {
        Cow::Owned(strict) => walk(&strict).0,
        Cow::Borrowed(_) => shape,
    }
}

/// The shape, and whether the object the keys belong to was read to its end.
fn walk(text: &[u8]) -> (Option<Shape>, bool) {
    let mut found = Keys::default();
    let mut reader = serde_json::Deserializer::from_slice(text);
    let read = Outline(&mut found).deserialize(&mut reader);
    let Keys { keys, whole } = found;
    let shape = match read {
        // A list is left after its first element, which the reader takes for an error; one that
        // does not begin with an object is a data error, anything else is no JSON.
        _ if text.starts_with(b"[") => match read {
            Err(error) if keys.is_empty() && !error.is_data() => None,
            _ => Some(Shape::Array { keys }),
        },
        Ok(()) if reader.end().is_err() => Some(Shape::Lines { keys }),
        Err(_) if keys.is_empty() => None,
        _ => Some(Shape::Object { keys }),
    };
    (shape, whole)
}

/// The keys of one object, and whether it was read to its end.
#[derive(Default)]
struct Keys {
    keys: Vec<String>,
    whole: bool,
}

/// Collects the keys of an object, or of the first element of a list.
struct Outline<'k>(&'k mut Keys);

impl<'de> DeserializeSeed<'de> for Outline<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Outline<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while let Some(key) = object.next_key()? {
            self.0.keys.push(key);
            object.next_value::<IgnoredAny>()?;
        }
        self.0.whole = true;
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        list.next_element_seed(Element(self.0))?;
        Ok(())
    }
}

/// The first element of a list, which must be an object.
struct Element<'k>(&'k mut Keys);

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(Outline(self.0))
    }
}

/// The table that a text is under the separator that explains most of it.
fn delimited(start: &[u8]) -> Option<Shape> {
    [b'\t', b',', b';']
        .into_iter()
        .filter_map(|separator| Some((separator, header(start, separator)?)))
        .max_by_key(|(_, header)| header.len())
        .map(|(separator, header)| Shape::Delimited { separator, header })
}

/// The first record, if it has several short cells and most of the next records have as many.
fn header(start: &[u8], separator: u8) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(start);
    let mut records = reader.byte_records().map_while(Result::ok);
    let first = records.find(|record| record.iter().any(|cell| !cell.trim_ascii().is_empty()))?;
    let (mut others, mut alike) = (0, 0);
    for record in records.take(RECORDS) {
        others += 1;
        alike += usize::from(record.len() == first.len());
    }
    let short = first.as_slice().len() <= HEADER_CELL * first.len();
    // A header alone is a table only if no cell begins with a space, as the parts of a sentence do.
    let plausible = match others {
        0 => first.iter().all(|cell| !cell.starts_with(b" ")),
        _ => alike * 2 >= others,
    };
    (first.len() > 1 && short && plausible).then(|| {
        first
            .iter()
            .map(|cell| String::from_utf8_lossy(cell.trim_ascii()).into_owned())
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn looks(text: &str) -> String {
        Sniff::of(text.as_bytes()).looks()
    }

    #[test]
    fn keys_of_an_object_survive_nan_and_a_cut() {
        assert_eq!(
            looks(r#"{"a": NaN, "b": {"c": [1]}, "d": Infinity}"#),
            "a JSON object with keys `a`, `b`, `d`"
        );
        assert_eq!(
            looks(r#"{"a": 1, "b": {"c": [1"#),
            "a JSON object with keys `a`, `b`"
        );
        assert_eq!(looks("{}"), "a JSON object");
    }

    #[test]
    fn a_list_shows_the_keys_of_its_first_element() {
        assert_eq!(
            looks(r#"[{"x": 1, "y": -Infinity}, 3]"#),
            "a JSON list with keys `x`, `y`"
        );
        assert_eq!(looks("[]"), "a JSON list");
        assert_eq!(looks("[1, 2]"), "a JSON list");
        assert_eq!(looks("[see](a.md)"), "text");
    }

    #[test]
    fn several_objects_are_lines() {
        assert_eq!(
            looks("{\"x\": 1}\n{\"x\": 2}\n"),
            "JSON Lines with keys `x`"
        );
        assert_eq!(looks("{\"x\": 1}\n"), "a JSON object with keys `x`");
    }

    #[test]
    fn tables_are_known_by_their_separator() {
        assert_eq!(
            looks("\u{feff}model,score\nm,1\n"),
            "comma-separated text with columns `model`, `score`"
        );
        assert_eq!(
            looks("\na\tb\tc, d\n1\t2\t3\n"),
            "tab-separated text with columns `a`, `b`, `c, d`"
        );
        assert_eq!(
            looks("a;b\n1,5;2,5\n"),
            "semicolon-separated text with columns `a`, `b`"
        );
        assert_eq!(
            looks("model,score"),
            "comma-separated text with columns `model`, `score`"
        );
    }

    #[test]
    fn prose_is_text() {
        assert_eq!(looks("Hello, world"), "text");
        assert_eq!(
            looks("To run it, type `make`.\nThen wait.\nIt ends, sooner or later, by itself.\n"),
            "text"
        );
        assert_eq!(looks("- model: a\n  score: 1\n"), "text");
        assert_eq!(looks("{'accuracy': 1}"), "text");
    }

    #[test]
    fn binary_and_utf_16_are_named() {
        assert_eq!(Sniff::of(b"SQLite format 3\0").looks(), "binary data");
        assert_eq!(
            Sniff::of(b"\xff\xfea\0,\0b\0").looks(),
            "UTF-16 text; convert it to UTF-8"
        );
        assert_eq!(looks(" \n\t"), "empty");
    }

    #[test]
    fn many_keys_are_not_all_named() {
        let sniff = Sniff::of(br#"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1}"#);
        assert!(sniff.looks().ends_with("`g`, `h`, …"));
        assert!(sniff.has("i") && !sniff.has("j"));
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            Sniff::of(&bytes).looks();
        }
    }
}
