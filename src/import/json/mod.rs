//! JSON as benchmark tools write it: strict JSON plus bare `NaN` and `Infinity`, numbers that may be
//! text or missing, objects whose order matters, and one object a line. Errors carry line and column.

pub(in crate::import) mod floats;
pub(in crate::import) mod lex;
mod members;
pub(in crate::import) mod scan;
mod sound;
pub(in crate::import) mod twins;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::path::Path;

use serde::de::{self, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de::Error as _};

pub(in crate::import) use members::Members;
pub(in crate::import) use sound::TEXT;

use super::ImportError;

/// Reads one document.
///
/// # Errors
/// [`ImportError::Broken`] with line and column, from 1, where the text is not JSON or not a `T`.
pub fn parse<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, ImportError> {
    parse_from(path, 1, bytes)
}

/// Reads one document that begins on `line` of its file: a line of JSON Lines.
///
/// # Errors
/// As [`parse`].
pub fn parse_from<T: DeserializeOwned>(
    path: &Path,
    line: usize,
    bytes: &[u8],
) -> Result<T, ImportError> {
    let first = serde_json::from_slice(bytes);
    // Strict JSON first: the scan for NaN is paid only by files that are not strict.
    let result = first.or_else(|error| match strict(bytes) {
        Cow::Borrowed(_) => Err(error),
        Cow::Owned(strict) => serde_json::from_slice(&strict),
    });
    result.map_err(|error| broken(path, line, &error))
}

/// What is wrong with a document that begins on `line` of its file.
pub(in crate::import) fn broken(
    path: &Path,
    line: usize,
    error: &serde_json::Error,
) -> ImportError {
    ImportError::Broken {
        path: path.to_owned(),
        line: line.saturating_sub(1) + error.line().max(1),
        column: error.column().max(1),
        reason: reason(error),
    }
}

fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = text.strip_suffix(&place).unwrap_or(&text);
    match text {
        "recursion limit exceeded" => "nested deeper than 128 levels".to_owned(),
        _ => text.replace("EOF", "the file ends"),
    }
}

/// The lines of a JSON Lines file that are not blank, with their numbers from 1.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    (1..)
        .zip(bytes.split(|&b| b == b'\n'))
        .map(|(number, line)| (number, line.trim_ascii()))
        .filter(|(_, line)| !line.is_empty())
}

/// What Python's `json.dump` writes for numbers JSON has no word for, and strings of the same length.
const BARE: [(&[u8], &[u8]); 3] = [
    (b"-Infinity", b"\"-inf\"   "),
    (b"Infinity", b"\"inf\"   "),
    (b"NaN", b"\"n\""),
];

/// The same text with every bare `NaN` and `Infinity` outside a string turned into a string that
/// [`Number`] understands; positions do not move.
pub(in crate::import) fn strict(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut rewritten = Cow::Borrowed(bytes);
    let (mut at, mut in_string) = (0, false);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            b'N' | b'I' | b'-' if !in_string => {
                let rest = bytes.get(at..).unwrap_or_default();
                if let Some((word, text)) = BARE.iter().find(|(word, _)| rest.starts_with(word)) {
                    let place = at..at + word.len();
                    if let Some(place) = rewritten.to_mut().get_mut(place) {
                        place.copy_from_slice(text);
                    }
                    at += word.len() - 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    rewritten
}

/// What stands where a number should be.
#[derive(Debug, Clone, PartialEq)]
pub enum Number {
    /// A finite number.
    Finite(f64),
    /// A finite number written as text, such as `"1051.30"`.
    Quoted(f64),
    /// No finite number, and why: `nan`, `inf`, `-inf`, `null`, `N/A`, or `unreadable: …`.
    Missing(Cow<'static, str>),
}

impl Number {
    /// The finite number, if there is one.
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Finite(x) | Self::Quoted(x) => Some(*x),
            Self::Missing(_) => None,
        }
    }

    /// What `text` says where a number should be.
    pub fn of_text(text: &str) -> Self {
        let trimmed = text.trim();
        match trimmed.parse::<f64>() {
            Ok(x) if x.is_finite() => Self::Quoted(x),
            Ok(x) if x.is_nan() => Self::Missing("nan".into()),
            Ok(x) if x > 0.0 => Self::Missing("inf".into()),
            Ok(_) => Self::Missing("-inf".into()),
            Err(_) if trimmed == "n" => Self::Missing("nan".into()),
            Err(_) if matches!(trimmed, "N/A" | "n/a" | "NA") => Self::Missing("N/A".into()),
            Err(_) => {
                let end = trimmed.char_indices().nth(40);
                let start = trimmed.get(..end.map_or(trimmed.len(), |(at, _)| at));
                Self::Missing(unreadable(start.unwrap_or(trimmed)).into())
            }
        }
    }
}

fn unreadable(start: &str) -> String {
    // What `{:?}` makes of a text without anything to escape, which most are.
    let is_plain = |b: u8| matches!(b, b' '..=b'~') && b != b'"' && b != b'\\';
    match start.bytes().all(is_plain) {
        true => ["unreadable: \"", start, "\""].concat(),
        false => format!("unreadable: {start:?}"),
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_f64<E: de::Error>(self, x: f64) -> Result<Number, E> {
        Ok(Number::Finite(x))
    }

    fn visit_i64<E: de::Error>(self, i: i64) -> Result<Number, E> {
        Ok(Number::Finite(i as f64))
    }

    fn visit_u64<E: de::Error>(self, i: u64) -> Result<Number, E> {
        Ok(Number::Finite(i as f64))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
        Ok(Number::of_text(text))
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Number, E> {
        Ok(Number::Missing(format!("unreadable: {truth}").into()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Number, E> {
        Ok(Number::Missing("null".into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Number, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Number::Missing("unreadable: a list".into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Number, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Number::Missing("unreadable: an object".into()))
    }
}

/// A text, borrowed from the file where it holds no escape.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    /// Whether it was written with an escape.
    pub(in crate::import) fn is_owned(&self) -> bool {
        matches!(self.0, Cow::Owned(_))
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text::from(text))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text::from(text.to_owned()))
    }
}

/// The entries of an object in the file's order. A key that stands twice is refused: tools disagree
/// about which of the two counts (RFC 8259, section 4).
#[derive(Debug, Clone, PartialEq)]
pub struct Entries<T, K = String>(pub Vec<(K, T)>);

impl<T, K> Default for Entries<T, K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T, K> Deserialize<'de> for Entries<T, K>
where
    T: Deserialize<'de>,
    K: Deserialize<'de> + AsRef<str>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<T, K>(PhantomData<(T, K)>);

impl<'de, T, K> Visitor<'de> for EntriesVisitor<T, K>
where
    T: Deserialize<'de>,
    K: Deserialize<'de> + AsRef<str>,
{
    type Value = Entries<T, K>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Entries<T, K>, A::Error> {
        let mut entries: Vec<(K, T)> = Vec::new();
        while let Some(entry) = object.next_entry()? {
            entries.push(entry);
        }
        match twins::repeated(&entries, |(key, _)| key.as_ref()) {
            Some((key, _)) => Err(A::Error::custom(format!(
                "the key `{}` stands twice in one object",
                key.as_ref()
            ))),
            None => Ok(Entries(entries)),
        }
    }
}

#[cfg(test)]
mod against_serde;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn read<T: DeserializeOwned>(text: &str) -> Result<T, ImportError> {
        parse(Path::new("a.json"), text.as_bytes())
    }

    fn missing(why: &'static str) -> Number {
        Number::Missing(why.into())
    }

    #[test]
    fn a_number_is_finite_or_says_why_not() {
        let text = r#"[0.5, -3, 9007199254740993, "1051.30", NaN, Infinity, -Infinity, null, "N/A",
            "inf", "n/a", "abc", true, [1], {"a": 1}]"#;
        assert_eq!(
            read::<Vec<Number>>(text).unwrap(),
            vec![
                Number::Finite(0.5),
                Number::Finite(-3.0),
                Number::Finite(9_007_199_254_740_992.0),
                Number::Quoted(1051.30),
                missing("nan"),
                missing("inf"),
                missing("-inf"),
                missing("null"),
                missing("N/A"),
                missing("inf"),
                missing("N/A"),
                missing("unreadable: \"abc\""),
                missing("unreadable: true"),
                missing("unreadable: a list"),
                missing("unreadable: an object"),
            ]
        );
    }

    #[test]
    fn the_word_nan_inside_a_string_stays() {
        let text = r#"{"a": "NaN \" Infinity", "b": NaN}"#;
        assert_eq!(
            read::<Value>(text).unwrap(),
            serde_json::json!({"a": "NaN \" Infinity", "b": "n"})
        );
        let borrowed = strict(br#"{"a": "NaN"}"#);
        assert!(matches!(borrowed, Cow::Borrowed(_)));
    }

    #[test]
    fn an_error_names_the_place_even_after_a_bare_nan() {
        let error = read::<Value>("{\"a\": NaN,\n  \"b\": 1,\n  oops}").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`a.json`, line 3, column 3: key must be a string"
        );
    }

    #[test]
    fn a_file_cut_off_is_refused_with_its_end() {
        let error = read::<Value>("{\"a\": 1,\n \"b\": [1, 2").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`a.json`, line 2, column 11: the file ends while parsing a list"
        );
    }

    #[test]
    fn depth_is_limited() {
        let error = read::<Value>(&"[".repeat(200)).unwrap_err();
        assert!(error.to_string().ends_with("nested deeper than 128 levels"));
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        let error = read::<Entries<Number>>(r#"{"acc": 1, "f1": 2, "acc": 3}"#).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("the key `acc` stands twice in one object"),
            "{error}"
        );
    }

    #[test]
    fn lines_keep_their_numbers() {
        let found: Vec<_> = lines(b"{}\r\n\n  \n[1]").collect();
        assert_eq!(found, vec![(1, &b"{}"[..]), (4, &b"[1]"[..])]);
    }

    #[test]
    fn a_line_of_json_lines_is_counted_from_the_start_of_the_file() {
        let error = parse_from::<Value>(Path::new("a.jsonl"), 7, b"{x").unwrap_err();
        assert!(error.to_string().starts_with("`a.jsonl`, line 7, column 2"));
    }

    #[test]
    fn an_unreadable_text_is_shown_as_rust_writes_it() {
        for text in ["a b", "it's", "a\"b", "a\\b", "a\tb", "é", "~\u{7f}", ""] {
            let shown = format!("unreadable: {:?}", text.trim());
            assert_eq!(Number::of_text(text), Number::Missing(shown.into()));
        }
        let long = "é".repeat(50);
        let shown = format!("unreadable: {:?}", "é".repeat(40));
        assert_eq!(Number::of_text(&long), Number::Missing(shown.into()));
    }

    proptest! {
        #[test]
        fn making_strict_moves_nothing(bytes in "[NaIfinty\"\\\\,\\-\\[ ]{0,60}") {
            prop_assert_eq!(strict(bytes.as_bytes()).len(), bytes.len());
        }
    }
}
