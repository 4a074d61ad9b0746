//! The one pass against `serde_json`: the same verdict, the same keys, the same values.

use std::borrow::Cow;

use proptest::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::members::Members;
use super::{Text, floats, scan, strict, twins};

/// JSON values of every kind, with keys that may hold escapes.
fn value() -> impl Strategy<Value = Value> {
    let text = "[a-c\"\\\\\n\u{1}é/ ]{0,12}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0.0..1.0).prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((text, inner), 0..12)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Value> {
    value().prop_map(|value| serde_json::json!({"a": value, "b": [value, {"a": value}], "c": 1}))
}

/// The text of an object as tools write it: on one line, or with indentation.
fn text() -> impl Strategy<Value = String> {
    (object(), any::<bool>()).prop_map(|(value, is_pretty)| match is_pretty {
        true => serde_json::to_string_pretty(&value).unwrap(),
        false => value.to_string(),
    })
}

/// The text of an object with one part of it changed.
fn changed() -> impl Strategy<Value = Vec<u8>> {
    let part = "[{}\\[\\]\",:a-c\\\\0-9.eE+\\- \n\tutfnN]{0,3}|NaN|-?Infinity|\"a\": 1, |\u{c}";
    let place = any::<prop::sample::Index>();
    (text(), place, 0..4_usize, part).prop_map(|(text, place, gone, part)| {
        let mut bytes = text.into_bytes();
        let at = place.index(bytes.len());
        let end = (at + gone).min(bytes.len());
        bytes.splice(at..end, part.bytes());
        bytes
    })
}

fn twin(bytes: &[u8]) -> Option<String> {
    let found = twins::refuse(std::path::Path::new("a"), bytes);
    found.err().map(|error| error.to_string())
}

/// The document by the one pass, if that takes it.
fn by_members(bytes: &[u8]) -> Option<Value> {
    let found = scan::object(bytes).filter(|found| !found.is_followed)?;
    Value::deserialize(&Members::new(bytes, &found)?).ok()
}

fn seen(text: &str) -> Option<(Vec<&str>, bool, bool)> {
    let found = scan::object(text.as_bytes())?;
    let values = found.members.iter();
    let values = values.map(|member| &text[member.value.clone()]);
    Some((values.collect(), found.is_followed, found.has_bare))
}

#[test]
fn the_members_of_an_object_lie_where_they_stand() {
    let text = " {\"a\" : [1, {\"b\": \"}\"}] ,\n\"c\":-1.5e+3, \"d\": {}}\n";
    let values = vec!["[1, {\"b\": \"}\"}]", "-1.5e+3", "{}"];
    assert_eq!(seen(text), Some((values, false, false)));
    assert_eq!(seen("{} {}"), Some((vec![], true, false)));
    let bare = "{\"a\": NaN, \"b\": [-Infinity]}";
    let values = vec!["NaN", "[-Infinity]"];
    assert_eq!(seen(bare), Some((values, false, true)));
}

#[test]
fn what_is_not_well_formed_is_left_to_others() {
    for text in [
        "",
        "1",
        "[1]",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":1]",
        "{\"a\":[1,]}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":1e}",
        "{\"a\":-}",
        "{\"a\":+1}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":tru}",
        "{\"a\":nan}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "\u{c}{}",
        "{\"a\":\"",
    ] {
        assert_eq!(seen(text), None, "{text}");
    }
}

#[test]
fn a_twin_is_found_in_an_object_like_the_one_before_it_and_in_one_unlike_it() {
    let like = |second: &str| format!("{{\"x\": [{{\"a\": 1, \"b\": 2}}, {second}]}}");
    assert!(seen(&like("{\"a\": 1, \"b\": 2}")).is_some());
    for second in [
        "{\"a\": 1, \"b\": 2, \"a\": 3}",
        "{\"a\": 1, \"b\": 2, \"b\": 3}",
        "{\"b\": 1, \"b\": 2}",
        "{\"a\": 1,  \"a\": 2}",
    ] {
        assert_eq!(seen(&like(second)), None, "{second}");
        assert!(twin(like(second).as_bytes()).is_some(), "{second}");
    }
}

#[test]
fn depth_is_left_to_the_reader_long_before_its_limit() {
    let nested = |levels: usize| format!("{{\"a\": {}{}}}", "[".repeat(levels), "]".repeat(levels));
    assert!(seen(&nested(100)).is_some());
    assert_eq!(seen(&nested(127)), None);
    assert!(serde_json::from_str::<Value>(&nested(126)).is_ok());
}

#[test]
fn several_values_are_sound_if_each_is() {
    assert!(scan::is_sound(b"{\"a\": 1}\n\n[{\"a\": 2}] 3\n"));
    for text in ["{\"a\": 1}\n{\"a\": 1, \"a\": 2}", "{\"a\": 1}\n{", "[1,]"] {
        assert!(!scan::is_sound(text.as_bytes()), "{text}");
    }
}

#[test]
fn texts_are_borrowed_unless_they_hold_an_escape() {
    let bytes = br#"{"a": "plain", "b": "es\u0063aped"}"#;
    let members = Members::new(bytes, &scan::object(bytes).unwrap()).unwrap();
    #[derive(Deserialize)]
    struct Both<'a> {
        #[serde(borrow)]
        a: Text<'a>,
        #[serde(borrow)]
        b: Text<'a>,
    }
    let both = Both::deserialize(&members).unwrap();
    assert!(matches!(both.a, Text(Cow::Borrowed("plain"))));
    assert_eq!((&*both.b, both.b.is_owned()), ("escaped", true));
}

#[test]
fn a_number_beyond_the_range_and_a_broken_escape_are_refused_as_they_are_by_serde_json() {
    for text in [
        r#"{"a": 1e999}"#,
        r#"{"a": [-1e999]}"#,
        r#"{"a": "\ud800"}"#,
    ] {
        assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
        assert_eq!(by_members(text.as_bytes()), None, "{text}");
    }
}

proptest! {
    #[test]
    fn what_tools_write_is_taken_and_says_the_same(text in text()) {
        let same: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(by_members(text.as_bytes()), Some(same));
    }

    #[test]
    fn what_is_taken_is_json_without_twins(bytes in changed()) {
        let strict = strict(&bytes);
        let whole = serde_json::from_slice::<IgnoredAny>(&strict);
        match scan::object(&bytes).filter(|found| !found.is_followed) {
            Some(found) => {
                prop_assert!(whole.is_ok());
                prop_assert_eq!(twin(&bytes), None);
                prop_assert_eq!(found.has_bare, matches!(strict, Cow::Owned(_)));
            }
            // A bare word in the place of a key is left to the reader of the whole text.
            None => prop_assert!(
                whole.is_err() || twin(&bytes).is_some() || matches!(strict, Cow::Owned(_))
            ),
        }
    }

    #[test]
    fn a_changed_text_says_what_serde_json_reads(bytes in changed()) {
        if let Some(found) = by_members(&bytes) {
            let same = serde_json::from_slice::<Value>(&strict(&bytes)).unwrap();
            prop_assert_eq!(found, same);
        } else if twin(&bytes).is_none() {
            prop_assert!(serde_json::from_slice::<Value>(&bytes).is_err());
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        scan::object(&bytes);
        scan::is_sound(&bytes);
        floats::list(&bytes, 0, &mut Vec::new());
    }

    #[test]
    fn numbers_are_those_of_serde_json_to_the_bit(
        numbers in prop::collection::vec("-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?", 1..20),
    ) {
        let text = format!("[{}]", numbers.join(", "));
        let bits = |list: Vec<f64>| list.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        let mut found = Vec::new();
        let end = floats::list(text.as_bytes(), 0, &mut found);
        match serde_json::from_str::<Vec<f64>>(&text) {
            Ok(same) => {
                prop_assert_eq!(end, Some(text.len()));
                prop_assert_eq!(bits(found), bits(same));
            }
            Err(_) => prop_assert_eq!(end, None),
        }
    }
}
