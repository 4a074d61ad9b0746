//! The members of one JSON object by their places in the text, as a source for `serde`: of a value
//! that nobody asks for no byte is looked at again.

use std::borrow::Cow;
use std::ops::Range;
use std::slice;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::Error;

use super::scan::Scan;
use super::sound::Sound;
use super::strict;

/// The members of one object whose text is well formed.
#[derive(Debug, Clone)]
pub(in crate::import) struct Members<'a> {
    text: Cow<'a, [u8]>,
    keys: Vec<String>,
    values: Vec<Range<usize>>,
}

impl<'a> Members<'a> {
    /// What a scan found in a text; `None` where a key is no text.
    pub(in crate::import) fn new(text: &'a [u8], scan: &Scan) -> Option<Self> {
        let key = |place: &Range<usize>| serde_json::from_slice(text.get(place.clone())?).ok();
        let keys = scan.members.iter().map(|member| key(&member.key));
        Some(Self {
            keys: keys.collect::<Option<_>>()?,
            values: scan.members.iter().map(|m| m.value.clone()).collect(),
            text: match scan.has_bare {
                true => strict(text),
                false => Cow::Borrowed(text),
            },
        })
    }

    /// The keys in the order of the text.
    pub(in crate::import) fn keys(&self) -> &[String] {
        &self.keys
    }
}

/// Reads the object; no error tells the place.
impl<'de> Deserializer<'de> for &'de Members<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Walk {
            members: self.keys.iter().zip(self.values.iter()),
            text: &self.text,
            value: 0..0,
        })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Walk<'de> {
    members: std::iter::Zip<slice::Iter<'de, String>, slice::Iter<'de, Range<usize>>>,
    text: &'de [u8],
    value: Range<usize>,
}

impl<'de> MapAccess<'de> for Walk<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.members.next() else {
            return Ok(None);
        };
        self.value = value.clone();
        seed.deserialize(BorrowedStrDeserializer::new(key))
            .map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(&mut Sound::new(self.text, self.value.clone()))
    }
}
