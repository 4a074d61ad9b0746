//! A block of statistics: `{"unit": "ms", "avg": …, "p50": …, "p99": …, "min": …, "max": …, "std": …}`.
//! The fields that say nothing for a metric are left out, so that no field is required.

use serde_json::{Map, Value as Json};

use super::super::fields::{measurement, number, text, whole};
use crate::catalog::{Batch, Direction, Kind, Metric, Run};

/// Metrics that other tools call otherwise.
///
/// `inter_token_latency` keeps the word although it is one mean a request, as vLLM's `tpot` is
/// (AIPerf's metrics reference); the gaps themselves are `inter_chunk_latency`.
const NAMES: [(&str, &str); 17] = [
    ("request_latency", "e2el"),
    ("time_to_first_token", "ttft"),
    ("inter_token_latency", "itl"),
    ("output_token_throughput", "output_throughput"),
    (
        "output_token_throughput_per_user",
        "output_throughput_per_user",
    ),
    ("total_token_throughput", "total_token_throughput"),
    ("request_throughput", "request_throughput"),
    ("goodput", "request_goodput"),
    ("request_goodput", "request_goodput"),
    ("request_count", "completed"),
    ("error_request_count", "failed"),
    ("benchmark_duration", "duration"),
    ("total_isl", "total_input_tokens"),
    ("input_sequence_length", "input_len"),
    ("output_sequence_length", "output_len"),
    // Of the first versions of GenAI-Perf.
    ("num_input_token", "input_len"),
    ("num_output_token", "output_len"),
];

/// Adds the values of one block; anything that is none is left alone.
///
/// A block with an average and nothing else is one value of the whole run and no mean of requests.
/// `requests` is how many requests the run completed, where the block itself does not count.
pub(in crate::import) fn measure(
    key: &str,
    block: &Json,
    requests: Option<i64>,
    run: &mut Run,
    batch: &mut Batch,
) {
    let Json::Object(block) = block else { return };
    let Some(unit) = block.get("unit").and_then(text) else {
        return;
    };
    let is_single = block.keys().all(|key| key == "unit" || key == "avg");
    for (field, cell) in block {
        let statistic = match field.as_str() {
            "avg" if is_single => "value",
            "avg" => "mean",
            "min" | "max" | "std" | "sum" => field.as_str(),
            _ if is_percentile(field) => field.as_str(),
            _ => continue,
        };
        let mut metric = metric(key, &unit, statistic);
        metric.name_raw = format!("{key}.{field}");
        if statistic == "mean" {
            metric.spread_of = Some("requests".to_owned());
        }
        let name = metric.name.clone();
        let Some(measured) = measurement(batch, metric, cell) else {
            continue;
        };
        run.measurements.push(match statistic {
            "mean" if measured.value.is_some() => measured
                .with_spread(block.get("std").and_then(number))
                .with_n(observations(block, &name, requests)),
            _ => measured,
        });
    }
}

/// A metric by its key: `name_raw` is the key alone.
pub(super) fn metric(key: &str, unit: &str, statistic: &str) -> Metric {
    let known = NAMES.iter().find(|(written, _)| *written == key);
    let name = known.map_or(key, |(_, name)| name);
    let mut metric = Metric::new(key).in_unit(unit).named(name, statistic);
    let is_spread = matches!(statistic, "std" | "sum");
    if key.ends_with("_timestamp") {
        // When, not how long.
        (metric.kind, metric.direction) = (None, None);
    } else if metric.kind.is_none() && unit.ends_with("/user") {
        metric.kind = Some(Kind::Speed);
        metric.direction = (!is_spread).then_some(Direction::Higher);
    } else if unit == "%" && metric.kind == Some(Kind::Quality) {
        // A share of something, but of no answers.
        metric.kind = None;
    }
    metric
}

/// How many observations an average is over: what the block says, else the requests where each has
/// exactly one.
fn observations(block: &Map<String, Json>, name: &str, requests: Option<i64>) -> Option<i64> {
    let counted = block.get("count").and_then(whole);
    counted.or(requests.filter(|_| matches!(name, "ttft" | "e2el")))
}

fn is_percentile(field: &str) -> bool {
    let percent: Option<f64> = field.strip_prefix('p').and_then(|p| p.parse().ok());
    percent.is_some_and(|percent| (0.0..=100.0).contains(&percent))
}
