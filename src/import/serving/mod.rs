//! What the serving benchmarks of vLLM and of SGLang, which began as a copy of it, have in common:
//! one object a run, keys such as `p99_ttft_ms`, zeros where nothing was measured, lists of one value
//! a request.
//!
//! Knows no tool: which keys are metrics, and what the rest of an object says, each tool's file tells.

mod record;

use serde_json::{Map, Value as Json};

use super::fields::{add_samples, measure, number, take_whole};
use super::json::Number;
use crate::catalog::{Arrival, Batch, Measurement, Metric, Run, Status, Workload};

pub(super) use record::{Gaps, Record};

/// A metric that is no latency: key, canonical name, unit.
pub(super) type Row = (&'static str, &'static str, Option<&'static str>);

/// A key of a latency: `p99_ttft_ms` is the 99th percentile of `ttft`.
struct Latency<'a> {
    statistic: &'a str,
    /// The quantity as the key calls it.
    written: &'a str,
    of: &'static str,
}

impl<'a> Latency<'a> {
    fn of_key(key: &'a str) -> Option<Self> {
        let (statistic, written) = key.strip_suffix("_ms")?.split_once('_')?;
        let of = match written {
            "ttft" => "ttft",
            "tpot" => "tpot",
            "itl" => "itl",
            "e2el" | "e2e_latency" => "e2el",
            _ => return None,
        };
        let statistic = match statistic {
            "mean" | "std" | "min" | "max" => statistic,
            // The same statistic as `p50`, which a file may hold besides.
            "median" => "p50",
            _ => percentile(statistic)?,
        };
        Some(Self {
            statistic,
            written,
            of,
        })
    }

    fn metric(&self, key: &str) -> Metric {
        let mut metric = Metric::new(key)
            .in_unit("ms")
            .named(self.of, self.statistic);
        if self.statistic == "mean" {
            metric.spread_of = Some("requests".to_owned());
        }
        metric
    }
}

/// `p99` and `p99.9` as they are, `p99.0` as `p99`; `None` where the word is no percentile.
fn percentile(word: &str) -> Option<&str> {
    let percent: f64 = word.strip_prefix('p')?.parse().ok()?;
    let word = word.strip_suffix(".0").unwrap_or(word);
    (0.0..=100.0).contains(&percent).then_some(word)
}

/// Whether the requests of a run came to anything; what the placeholders below depend on.
pub(super) fn status(fields: &Map<String, Json>) -> Status {
    let is_zero = |key| fields.get(key).and_then(number) == Some(0.0);
    match () {
        () if is_zero("completed") => Status::Failed("no request was completed".to_owned()),
        () if is_zero("total_output_tokens") => Status::Failed("no token was generated".to_owned()),
        () => Status::Complete,
    }
}

/// Takes the latencies and the metrics of `rows` out of the fields and adds them to the run.
///
/// A zero is no measurement but "not measured" where it is a latency whose mean is zero, or a rate
/// or latency of a failed run.
pub(super) fn measure_all(
    fields: &mut Map<String, Json>,
    rows: &[Row],
    run: &mut Run,
    batch: &mut Batch,
) {
    let failed = matches!(run.status, Status::Failed(_));
    let all = std::mem::take(fields);
    let zero = |key: &str| all.get(key).and_then(number) == Some(0.0);
    for (key, cell) in &all {
        let (metric, is_placeholder) = if let Some(latency) = Latency::of_key(key) {
            // No request takes no time: a mean of zero stands for "not measured".
            let unmeasured = failed || zero(&format!("mean_{}_ms", latency.written));
            (latency.metric(key), unmeasured && zero(key))
        } else if let Some((_, name, unit)) = rows.iter().find(|(known, ..)| known == key) {
            let metric = Metric::new(key);
            let metric = match unit {
                Some(unit) => metric.in_unit(*unit),
                None => metric,
            };
            let is_rate = unit.is_some_and(|unit| unit.ends_with("/s"));
            (metric.named(name, "value"), failed && is_rate && zero(key))
        } else {
            fields.insert(key.clone(), cell.clone());
            continue;
        };
        if is_placeholder {
            let metric = batch.metric(metric);
            let missing = Measurement::missing(metric, "placeholder zero");
            run.measurements.push(missing);
        } else {
            measure(run, batch, metric, cell);
        }
    }
    add_spread(&all, run, batch);
}

/// A mean's spread is the standard deviation beside it. TTFT and E2EL have one value a completed
/// request; TPOT and ITL leave requests out or count tokens, so that their n is not known.
fn add_spread(fields: &Map<String, Json>, run: &mut Run, batch: &Batch) {
    let n = fields.get("completed").and_then(number).map(|n| n as i64);
    for measurement in &mut run.measurements {
        let Some(metric) = batch.metrics.get(measurement.metric as usize) else {
            continue;
        };
        let Some(of) = metric.name_raw.strip_prefix("mean_") else {
            continue;
        };
        if measurement.value.is_none() {
            continue;
        }
        let spread = fields.get(&format!("std_{of}")).and_then(number);
        let n = n.filter(|_| matches!(metric.name.as_str(), "ttft" | "e2el"));
        *measurement = measurement.clone().with_spread(spread).with_n(n);
    }
}

/// Takes the load out of the fields: how many requests at once, or how many a second. A rate of
/// `inf` is no limit; what is no number stays where it is.
pub(super) fn load(fields: &mut Map<String, Json>) -> Workload {
    let concurrency = take_whole(fields, &["max_concurrency"]);
    let rate = fields.get("request_rate");
    let rate = rate.and_then(|rate| serde_json::from_value(rate.clone()).ok());
    let unlimited = rate == Some(Number::Missing("inf".into()));
    let request_rate = rate
        .and_then(|rate: Number| rate.value())
        .filter(|rate| *rate > 0.0);
    if unlimited || request_rate.is_some() {
        fields.shift_remove("request_rate");
    }
    Workload {
        arrival: match (request_rate, concurrency) {
            (Some(_), _) => Some(Arrival::Rate),
            (None, Some(_)) if unlimited => Some(Arrival::Closed),
            (None, None) if unlimited => Some(Arrival::Burst),
            _ => None,
        },
        concurrency,
        request_rate,
        ..Workload::default()
    }
}

/// Adds the lists of one value a request.
pub(super) fn add_vectors(
    run: &mut Run,
    batch: &mut Batch,
    vectors: Vec<(String, Vec<f64>)>,
    gaps: Gaps,
) {
    for (key, mut values) in vectors {
        let (name, unit) = match key.as_str() {
            "ttfts" => ("ttft", "s"),
            "latencies" | "e2els" => ("e2el", "s"),
            "input_lens" => ("input_len", "tokens"),
            "output_lens" => ("output_len", "tokens"),
            // When each request began on the client's own clock: no result.
            _ => continue,
        };
        if unit == "s" {
            values.iter_mut().for_each(no_time);
        }
        let metric = Metric::new(key).in_unit(unit).named(name, "each");
        add_samples(run, batch, metric, values);
    }
    add_gaps(run, batch, gaps);
}

/// A failed request is written as a time of zero.
fn no_time(seconds: &mut f64) {
    if *seconds == 0.0 {
        *seconds = f64::NAN;
    }
}

/// The times between tokens as one vector, and how many of them each request has: with both, any
/// statistic of any request can be made again.
fn add_gaps(run: &mut Run, batch: &mut Batch, gaps: Gaps) {
    let gap = Metric::new("itls").in_unit("s").named("itl", "each");
    let count = Metric::new("itls").named("itl_count", "each");
    if !gaps.values.is_empty() {
        add_samples(run, batch, gap, gaps.values);
        add_samples(run, batch, count.qualified("count"), gaps.counts);
    }
}

/// What is left separates two series if it is a plain value: the swept settings and the user's
/// metadata. A list or an object is left out and noted.
pub(super) fn keep_rest(fields: Map<String, Json>, run: &mut Run, place: &str, batch: &mut Batch) {
    for (key, value) in fields {
        match value {
            Json::Null => {}
            Json::Array(_) | Json::Object(_) => {
                batch.reject(format!("{place}.{key}"), "neither a value nor a setting");
            }
            plain => {
                run.settings.insert(key, plain);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn fields(json: Json) -> Map<String, Json> {
        match json {
            Json::Object(fields) => fields,
            other => panic!("{other}"),
        }
    }

    fn latency(key: &str) -> Option<(&str, &str)> {
        let latency = Latency::of_key(key)?;
        Some((latency.of, latency.statistic))
    }

    #[test]
    fn a_key_says_which_statistic_of_which_latency() {
        assert_eq!(latency("mean_ttft_ms"), Some(("ttft", "mean")));
        assert_eq!(latency("median_itl_ms"), Some(("itl", "p50")));
        assert_eq!(latency("p99.0_tpot_ms"), Some(("tpot", "p99")));
        assert_eq!(latency("p99.9_e2el_ms"), Some(("e2el", "p99.9")));
        assert_eq!(latency("p95_e2e_latency_ms"), Some(("e2el", "p95")));
        for key in ["mean_ttft", "p101_ttft_ms", "px_ttft_ms", "mean_size_ms"] {
            assert_eq!(latency(key), None, "{key}");
        }
    }

    #[test]
    fn a_rate_that_is_no_number_stays_a_setting() {
        let mut unlimited = fields(json!({"request_rate": "inf", "max_concurrency": 8}));
        assert_eq!(load(&mut unlimited).arrival, Some(Arrival::Closed));
        assert!(unlimited.is_empty());
        let mut traced = fields(json!({"request_rate": "trace", "max_concurrency": null}));
        assert_eq!(load(&mut traced).arrival, None);
        assert_eq!(traced["request_rate"], json!("trace"));
    }

    proptest! {
        #[test]
        fn any_key_is_a_latency_or_none(key in "(mean|median|p[0-9.]{0,4}|[a-z]{0,3})_(ttft|itl|e2el|e2e_latency|x)_ms|\\PC{0,12}") {
            latency(&key);
        }
    }
}
