//! Single facts out of untyped JSON, shared by the formats: numbers, whole numbers and texts, and the
//! measurements and vectors that are made of them.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::Sniff;
use super::json::Number;
use crate::catalog::{Batch, Measurement, Metric, Run, Samples};

/// Whole numbers up to here are exact in `f64` and no accident of rounding.
const EXACT: f64 = 1e15;
/// How far into a file [`mentions`] looks, in bytes.
const LOOK: usize = 64 * 1024;

/// Whether a word stands in the beginning of a file: for formats whose top keys are too common.
pub(super) fn mentions(sniff: &Sniff<'_>, word: &str) -> bool {
    let start = sniff.bytes.get(..LOOK).unwrap_or(sniff.bytes);
    let word = word.as_bytes();
    start.windows(word.len()).any(|part| part == word)
}

/// The finite number in a cell, also when it is written as text.
pub(super) fn number(cell: &Json) -> Option<f64> {
    Number::deserialize(cell).ok()?.value()
}

/// The whole number in a cell, also when it is written as text or as `128.0`.
pub(super) fn whole(cell: &Json) -> Option<i64> {
    exactly_whole(number(cell)?)
}

/// A number as the whole number that it is.
pub(super) fn exactly_whole(x: f64) -> Option<i64> {
    (x.fract() == 0.0 && x.abs() < EXACT).then_some(x as i64)
}

/// The text in a cell, if it says something.
pub(super) fn text(cell: &Json) -> Option<String> {
    let text = cell.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Takes a whole number out of the fields, under the first of the keys that has one.
pub(super) fn take_whole(fields: &mut Map<String, Json>, keys: &[&str]) -> Option<i64> {
    keys.iter().find_map(|key| {
        let whole = whole(fields.get(*key)?)?;
        fields.shift_remove(*key);
        Some(whole)
    })
}

/// Takes a text out of the fields; a blank one is taken and says nothing.
pub(super) fn take_text(fields: &mut Map<String, Json>, key: &str) -> Option<String> {
    if !fields.get(key)?.is_string() {
        return None;
    }
    text(&fields.shift_remove(key)?)
}

/// The value in a cell under its definition; `null` means that the tool was not asked for it.
pub(super) fn measurement(batch: &mut Batch, metric: Metric, cell: &Json) -> Option<Measurement> {
    match Number::deserialize(cell).ok()? {
        Number::Finite(x) | Number::Quoted(x) => Some(Measurement::new(batch.metric(metric), x)),
        Number::Missing(why) if why == "null" => None,
        Number::Missing(why) => Some(Measurement::missing(batch.metric(metric), why)),
    }
}

/// Adds the value in a cell to a run.
pub(super) fn measure(run: &mut Run, batch: &mut Batch, metric: Metric, cell: &Json) {
    run.measurements.extend(measurement(batch, metric, cell));
}

/// Adds the vector behind a value; one without any number says nothing.
pub(super) fn add_samples(run: &mut Run, batch: &mut Batch, metric: Metric, values: Vec<f64>) {
    // A mean of huge values may have left the range of numbers.
    let finite = |x: f64| if x.is_finite() { x } else { f64::NAN };
    let values: Vec<f64> = values.into_iter().map(finite).collect();
    if values.iter().any(|x| x.is_finite()) {
        let metric = batch.metric(metric);
        run.samples.push(Samples {
            metric,
            values,
            items: None,
        });
    }
}

/// Keeps a fact about a run unless the file leaves it open.
pub(super) fn keep(facts: &mut Map<String, Json>, key: &str, fact: &Json) {
    let is_open = match fact {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(list) => list.is_empty(),
        Json::Object(object) => object.is_empty(),
        _ => false,
    };
    if !is_open {
        facts.insert(key.to_owned(), fact.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_whole_number_may_be_text_or_end_in_zero() {
        assert_eq!(whole(&json!("128")), Some(128));
        assert_eq!(whole(&json!(128.0)), Some(128));
        for cell in [json!(0.5), json!(1e300), json!("a"), json!([1]), Json::Null] {
            assert_eq!(whole(&cell), None, "{cell}");
        }
    }

    #[test]
    fn what_is_taken_is_gone_and_what_is_not_understood_stays() {
        let fields = json!({"a": 4, "b": " x ", "c": "", "d": 7, "e": 0.5});
        let Json::Object(mut fields) = fields else {
            panic!("{fields}");
        };
        assert_eq!(take_whole(&mut fields, &["e", "z", "a"]), Some(4));
        assert_eq!(take_text(&mut fields, "b").as_deref(), Some("x"));
        assert_eq!(take_text(&mut fields, "c"), None);
        assert_eq!(take_text(&mut fields, "d"), None);
        assert_eq!(Json::Object(fields), json!({"d": 7, "e": 0.5}));
    }

    #[test]
    fn null_adds_nothing_and_a_word_is_missing_with_its_reason() {
        let (mut run, mut batch) = (Run::default(), Batch::new("vllm"));
        measure(&mut run, &mut batch, Metric::new("a"), &Json::Null);
        measure(&mut run, &mut batch, Metric::new("b"), &json!("inf"));
        measure(&mut run, &mut batch, Metric::new("c"), &json!("1.5"));
        let found: Vec<_> = run
            .measurements
            .iter()
            .map(|m| (m.metric, m.value, m.why_missing()))
            .collect();
        assert_eq!(
            found,
            vec![(0, None, Some("inf")), (1, Some(1.5), None)],
            "{batch:?}"
        );
    }

    #[test]
    fn a_vector_without_a_number_says_nothing() {
        let (mut run, mut batch) = (Run::default(), Batch::new("vllm"));
        add_samples(&mut run, &mut batch, Metric::new("a"), vec![f64::NAN]);
        add_samples(
            &mut run,
            &mut batch,
            Metric::new("b"),
            vec![f64::INFINITY, 2.0],
        );
        assert_eq!(run.samples.len(), 1);
        assert!(run.samples[0].values[0].is_nan());
        assert_eq!(batch.metrics.len(), 1);
    }

    #[test]
    fn a_fact_left_open_is_not_kept() {
        let mut facts = Map::new();
        for (key, fact) in [
            ("a", Json::Null),
            ("b", json!("")),
            ("c", json!({})),
            ("d", json!(false)),
        ] {
            keep(&mut facts, key, &fact);
        }
        assert_eq!(Json::Object(facts), json!({"d": false}));
    }
}
