//! One result object: plain fields as JSON, the long lists as vectors, texts skipped unread.

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, de::Error as _};
use serde_json::{Map, Value as Json};

use super::super::json::Number;

/// One result object.
pub(in crate::import) struct Record {
    /// Everything but the lists below.
    pub(in crate::import) fields: Map<String, Json>,
    /// Lists of one number a request, by their keys.
    pub(in crate::import) vectors: Vec<(String, Vec<f64>)>,
    /// Times between the tokens of each request, in seconds.
    pub(in crate::import) gaps: Vec<Vec<f64>>,
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
            gaps: Vec::new(),
        };
        while let Some(key) = object.next_key::<String>()? {
            if TEXTS.contains(&key.as_str()) {
                object.next_value::<IgnoredAny>()?;
            } else if VECTORS.contains(&key.as_str()) {
                let list: Option<Vec<Number>> = object.next_value()?;
                record.vectors.push((key, values(list.unwrap_or_default())));
            } else if key == "itls" {
                let lists: Option<Vec<Vec<Number>>> = object.next_value()?;
                record.gaps = lists.into_iter().flatten().map(values).collect();
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

fn values(list: Vec<Number>) -> Vec<f64> {
    let value = |number: &Number| number.value().unwrap_or(f64::NAN);
    list.iter().map(value).collect()
}
