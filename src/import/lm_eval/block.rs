//! What a results file says task by task beside the scores: versions, shots, directions, members.
//! The form of these blocks changed often, so that one of another form than expected is as good as none.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::super::fields::exactly_whole;
use super::super::json::{Number, Text};

/// Methods of a visitor that take a plain value for nothing.
macro_rules! or_nothing {
    ($($method:ident($($kind:ty)?))*) => {
        $(fn $method<E: Error>(self $(, _: $kind)?) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        })*
    };
}

/// An object by its keys; empty where something else stands.
pub(super) struct Block<'a, T> {
    entries: Vec<(Text<'a>, T)>,
    /// The places of the entries in the order of their keys, made when it is first asked for.
    sorted: OnceCell<Vec<usize>>,
}

impl<T> Default for Block<'_, T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            sorted: OnceCell::new(),
        }
    }
}

impl<'a, T> Block<'a, T> {
    /// The entries in the file's order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.entries.iter().map(|(key, value)| (&**key, value))
    }

    /// The value under a key.
    pub(super) fn get(&self, key: &str) -> Option<&T> {
        self.get_near(0, key)
    }

    /// The value under a key that probably stands at this place: the blocks of a file list the tasks
    /// in one order.
    pub(super) fn get_near(&self, place: usize, key: &str) -> Option<&T> {
        match self.entries.get(place) {
            Some((found, value)) if **found == *key => Some(value),
            _ => self.search(key),
        }
    }

    fn search(&self, key: &str) -> Option<&T> {
        let key_at = |place: &usize| self.entries.get(*place).map(|(key, _)| &**key);
        let sorted = self.sorted.get_or_init(|| {
            let mut places: Vec<usize> = (0..self.entries.len()).collect();
            places.sort_unstable_by_key(key_at);
            places
        });
        let found = sorted.binary_search_by_key(&Some(key), key_at);
        let (_, value) = self.entries.get(*sorted.get(found.ok()?)?)?;
        Some(value)
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Block<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = deserializer.deserialize_any(Object(PhantomData))?;
        Ok(Self {
            entries,
            sorted: OnceCell::new(),
        })
    }
}

/// The entries of an object, none of anything else.
struct Object<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
    type Value = Vec<(Text<'de>, T)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut entries: Vec<(Text<'de>, T)> = Vec::new();
        while let Some(entry) = object.next_entry()? {
            entries.push(entry);
        }
        // Keys are known to differ as written; with an escape in one they may still be equal.
        if entries.iter().any(|(key, _)| key.is_owned()) {
            keep_last(&mut entries);
        }
        Ok(entries)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        Any.visit_seq(list).map(|_| Vec::new())
    }

    or_nothing! { visit_str(&str) visit_f64(f64) visit_i64(i64) visit_u64(u64) visit_bool(bool) visit_unit() }
}

/// Of a key that stands twice the last value counts, at the place of the first.
fn keep_last<T>(entries: &mut Vec<(Text<'_>, T)>) {
    let mut places: HashMap<Text<'_>, usize> = HashMap::new();
    let mut kept: Vec<(Text<'_>, T)> = Vec::new();
    for (key, value) in std::mem::take(entries) {
        let place = *places.entry(key.clone()).or_insert(kept.len());
        match kept.get_mut(place) {
            Some((_, before)) => *before = value,
            None => kept.push((key, value)),
        }
    }
    *entries = kept;
}

/// Any JSON, read and forgotten. Unlike `IgnoredAny` it refuses what is no value in itself, such as a
/// number out of range.
#[derive(Clone, Copy, Default)]
pub(super) struct Any;

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Any {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self, A::Error> {
        while object.next_entry::<Text<'de>, Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    or_nothing! { visit_str(&str) visit_f64(f64) visit_i64(i64) visit_u64(u64) visit_bool(bool) visit_unit() }
}

/// A value of a block that is a number, a text or a truth; anything else is as good as none.
pub(super) enum Cell<'a> {
    Number(f64),
    Text(Text<'a>),
    Truth(bool),
    Nothing,
}

impl Cell<'_> {
    /// The whole number, also when it is written as text or as `128.0`.
    pub(super) fn whole(&self) -> Option<i64> {
        match self {
            Self::Number(x) => exactly_whole(*x),
            Self::Text(text) => exactly_whole(Number::of_text(text).value()?),
            Self::Truth(_) | Self::Nothing => None,
        }
    }

    /// The truth.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Truth(truth) => Some(*truth),
            _ => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Cell<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Cell<'de>, A::Error> {
        Any.visit_map(object).map(|_| Cell::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Cell<'de>, A::Error> {
        Any.visit_seq(list).map(|_| Cell::Nothing)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Text::from(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Text::from(text.to_owned())))
    }

    fn visit_f64<E: Error>(self, x: f64) -> Result<Cell<'de>, E> {
        Ok(Cell::Number(x))
    }

    fn visit_i64<E: Error>(self, i: i64) -> Result<Cell<'de>, E> {
        Ok(Cell::Number(i as f64))
    }

    fn visit_u64<E: Error>(self, i: u64) -> Result<Cell<'de>, E> {
        Ok(Cell::Number(i as f64))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Cell<'de>, E> {
        Ok(Cell::Truth(truth))
    }

    fn visit_unit<E: Error>(self) -> Result<Cell<'de>, E> {
        Ok(Cell::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn block(text: &str) -> Block<'_, Cell<'_>> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_value_is_found_in_its_place_and_in_any_other() {
        let block = block(r#"{"b": 1, "a": "2", "c": 3.0, "d": 0.5, "e": true, "f": [4]}"#);
        let whole = |place, key| block.get_near(place, key).map(Cell::whole);
        assert_eq!(whole(0, "b"), Some(Some(1)));
        assert_eq!(whole(0, "a"), Some(Some(2)));
        assert_eq!(whole(9, "c"), Some(Some(3)));
        for key in ["d", "e", "f"] {
            assert_eq!(whole(0, key), Some(None), "{key}");
        }
        assert_eq!(whole(0, "g"), None);
        assert_eq!(block.get("e").and_then(Cell::truth), Some(true));
    }

    #[test]
    fn what_is_no_object_is_empty() {
        for text in [
            "null",
            "true",
            "1",
            "-1",
            "0.5",
            "\"a\"",
            "[1, {\"a\": [null]}]",
        ] {
            assert_eq!(block(text).iter().count(), 0, "{text}");
        }
    }

    #[test]
    fn of_a_key_written_in_two_ways_the_last_value_counts_in_the_first_place() {
        let block = block(r#"{"a": 1, "b": 2, "\u0061": 3}"#);
        let found: Vec<_> = block
            .iter()
            .map(|(key, cell)| (key, cell.whole()))
            .collect();
        assert_eq!(found, [("a", Some(3)), ("b", Some(2))]);
        assert_eq!(block.get("a").and_then(Cell::whole), Some(3));
    }

    #[test]
    fn a_number_out_of_range_is_refused_wherever_it_stands() {
        for text in ["[1e999]", "{\"a\": 1e999}", "{\"a\": {\"b\": [1e999]}}"] {
            assert!(
                serde_json::from_str::<Block<'_, Cell<'_>>>(text).is_err(),
                "{text}"
            );
            assert!(
                serde_json::from_str::<Block<'_, Any>>(text).is_err(),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn every_key_is_found_from_every_place(
            keys in prop::collection::btree_set("[a-d]{1,3}", 0..20),
            place in 0..25_usize,
        ) {
            let json: serde_json::Map<_, _> = keys
                .iter()
                .rev()
                .map(|key| (key.clone(), key.len().into()))
                .collect();
            let text = serde_json::Value::from(json).to_string();
            let block = block(&text);
            for key in &keys {
                let found = block.get_near(place, key).and_then(Cell::whole);
                prop_assert_eq!(found, Some(key.len() as i64));
            }
            prop_assert!(block.get_near(place, "e").is_none());
        }
    }
}
