//! One result object: plain fields as JSON, the long lists as vectors, texts skipped unread.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use super::super::json::{Number, TEXT, floats, lex};

/// One result object.
pub(in crate::import) struct Record {
    /// Everything but the lists below.
    pub(in crate::import) fields: Map<String, Json>,
    /// Lists of one number a request, by their keys.
    pub(in crate::import) vectors: Vec<(String, Vec<f64>)>,
    /// Times between the tokens of all requests.
    pub(in crate::import) gaps: Gaps,
}

/// The times between tokens of all requests, one after the other, and how many each request has.
#[derive(Default)]
pub(in crate::import) struct Gaps {
    /// Seconds.
    pub(in crate::import) values: Vec<f64>,
    /// One count a request; a request of one token has none.
    pub(in crate::import) counts: Vec<f64>,
}

impl Gaps {
    /// Out of text that is known to be JSON; `None` where it holds anything but lists of numbers.
    fn of_text(text: &[u8]) -> Option<Self> {
        let mut gaps = Self::default();
        // Most are written with about twenty characters.
        gaps.values.reserve(text.len() / 20);
        let mut at = lex::list(text, 0)?;
        while let Ok(start) = at {
            let before = gaps.values.len();
            let end = floats::list(text, start, &mut gaps.values)?;
            gaps.counts.push((gaps.values.len() - before) as f64);
            at = lex::comma(text, end)?;
        }
        Some(gaps)
    }
}

impl<'de> Deserialize<'de> for Gaps {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(TEXT, GapsVisitor)
    }
}

struct GapsVisitor;

impl<'de> Visitor<'de> for GapsVisitor {
    type Value = Gaps;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of lists of seconds")
    }

    fn visit_borrowed_bytes<E: Error>(self, text: &'de [u8]) -> Result<Gaps, E> {
        Gaps::of_text(text).map_or_else(
            || {
                let mut reader = serde_json::Deserializer::from_slice(text);
                reader.deserialize_any(self).map_err(E::custom)
            },
            Ok,
        )
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, reader: D) -> Result<Gaps, D::Error> {
        reader.deserialize_any(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Gaps, E> {
        Ok(Gaps::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut requests: A) -> Result<Gaps, A::Error> {
        let mut gaps = Gaps::default();
        while let Some(count) = requests.next_element_seed(Request(&mut gaps.values))? {
            gaps.counts.push(count as f64);
        }
        Ok(gaps)
    }
}

/// Appends the gaps of one request and counts them.
struct Request<'g>(&'g mut Vec<f64>);

impl<'de> DeserializeSeed<'de> for Request<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Request<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of seconds")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut gaps: A) -> Result<usize, A::Error> {
        let before = self.0.len();
        while let Some(gap) = gaps.next_element::<Number>()? {
            self.0.push(gap.value().unwrap_or(f64::NAN));
        }
        Ok(self.0.len() - before)
    }
}

/// Generated texts and error messages hold what users and servers wrote: they are never read.
const TEXTS: [&str; 3] = ["generated_texts", "errors", "prompts"];
/// Times and lengths, one a request.
const VECTORS: [&str; 6] = [
    "ttfts",
    "input_lens",
    "output_lens",
    "latencies",
    "e2els",
    "start_times",
];

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor)
    }
}

struct RecordVisitor;

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a result object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Record, A::Error> {
        let mut record = Record {
            fields: Map::new(),
            vectors: Vec::new(),
            gaps: Gaps::default(),
        };
        while let Some(key) = object.next_key::<String>()? {
            if TEXTS.contains(&key.as_str()) {
                object.next_value::<IgnoredAny>()?;
            } else if VECTORS.contains(&key.as_str()) {
                let Vector(values) = object.next_value()?;
                record.vectors.push((key, values));
            } else if key == "itls" {
                record.gaps = object.next_value()?;
            } else if record.fields.contains_key(&key) {
                let reason = format!("the key `{key}` stands twice in one object");
                return Err(A::Error::custom(reason));
            } else {
                let value = object.next_value()?;
                record.fields.insert(key, value);
            }
        }
        Ok(record)
    }
}

/// A list of one number a request; `null` is a list of none.
struct Vector(Vec<f64>);

impl<'de> Deserialize<'de> for Vector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(TEXT, VectorVisitor)
    }
}

struct VectorVisitor;

impl<'de> Visitor<'de> for VectorVisitor {
    type Value = Vector;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of numbers")
    }

    fn visit_borrowed_bytes<E: Error>(self, text: &'de [u8]) -> Result<Vector, E> {
        let mut values = Vec::new();
        match floats::list(text, 0, &mut values) {
            Some(_) => Ok(Vector(values)),
            None => {
                let mut reader = serde_json::Deserializer::from_slice(text);
                self.visit_newtype_struct(&mut reader).map_err(E::custom)
            }
        }
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, reader: D) -> Result<Vector, D::Error> {
        let list: Option<Vec<Number>> = Option::deserialize(reader)?;
        let value = |number: &Number| number.value().unwrap_or(f64::NAN);
        Ok(Vector(list.iter().flatten().map(value).collect()))
    }
}
