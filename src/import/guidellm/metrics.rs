//! The distributions of a benchmark and the values of its requests.

use serde_json::{Map, Value as Json};

use super::super::fields::{add_samples, keep, measurement, number, whole};
use super::super::json::{Entries, Number};
use super::Request;
use crate::catalog::{Batch, Measurement, Metric, Run};

/// What the values of a distribution are: one a request, or one a moment.
#[derive(Clone, Copy, PartialEq)]
enum Over {
    Requests,
    /// A rate between two events, or how many were in flight: its deviation is the noise of the events,
    /// often larger than the mean, and no spread of the result.
    Moments,
}

/// A metric by its key: key, canonical name, unit, what its values are.
type Row = (&'static str, &'static str, &'static str, Over);

#[rustfmt::skip]
const METRICS: [Row; 16] = [
    ("requests_per_second", "request_throughput", "requests/s", Over::Moments),
    ("request_concurrency", "request_concurrency", "requests", Over::Moments),
    // The one latency in seconds.
    ("request_latency", "e2el", "s", Over::Requests),
    ("prompt_token_count", "input_len", "tokens", Over::Requests),
    ("output_token_count", "output_len", "tokens", Over::Requests),
    ("total_token_count", "total_len", "tokens", Over::Requests),
    ("time_to_first_token_ms", "ttft", "ms", Over::Requests),
    ("time_to_first_output_token_ms", "ttfot", "ms", Over::Requests),
    ("time_per_output_token_ms", "tpot", "ms", Over::Requests),
    ("inter_token_latency_ms", "itl", "ms", Over::Requests),
    ("prompt_tokens_per_second", "input_throughput", "tokens/s", Over::Moments),
    ("output_tokens_per_second", "output_throughput", "tokens/s", Over::Moments),
    ("tokens_per_second", "total_token_throughput", "tokens/s", Over::Moments),
    ("output_tokens_per_iteration", "output_tokens_per_iteration", "tokens", Over::Moments),
    ("iter_tokens_per_iteration", "iter_tokens_per_iteration", "tokens", Over::Moments),
    ("request_streaming_iterations_count", "streaming_iterations", "", Over::Requests),
];

/// Statistics of a distribution, and what they are.
const STATISTICS: [(&str, &str); 3] = [("mean", "mean"), ("median", "p50"), ("std_dev", "std")];
/// The percentiles that are measurements; the finer ones stay with the run.
const PERCENTILES: [&str; 4] = ["p50", "p90", "p95", "p99"];

/// Adds the distributions of the requests that succeeded; `done` is how many these are.
pub(super) fn measure(metrics: Entries<Json>, done: Option<i64>, run: &mut Run, batch: &mut Batch) {
    let task = run.details.get("strategy").and_then(Json::as_str);
    let task = task.map(str::to_owned);
    let mut finer = Map::new();
    for (key, statuses) in &metrics.0 {
        let Some(row) = METRICS.iter().find(|(known, ..)| known == key) else {
            continue;
        };
        let Json::Object(distribution) = &statuses["successful"] else {
            continue;
        };
        add_distribution(row, distribution, task.as_deref(), done, run, batch);
        keep(&mut finer, key, &rest(distribution).into());
    }
    keep(&mut run.details, "distributions", &finer.into());
}

fn add_distribution(
    row: &Row,
    distribution: &Map<String, Json>,
    task: Option<&str>,
    done: Option<i64>,
    run: &mut Run,
    batch: &mut Batch,
) {
    let &(key, _, unit, over) = row;
    let of = |key: &str| distribution.get(key).unwrap_or(&Json::Null);
    // Without a request there is no rate and no time; without a stream no time of a first token.
    let is_empty = done == Some(0) || whole(of("count")) == Some(0);
    let takes_time = matches!(unit, "s" | "ms") || unit.ends_with("/s");
    let is_unmeasured = is_empty || (takes_time && number(of("mean")) == Some(0.0));
    let percentiles = PERCENTILES.map(|p| (p, p, &of("percentiles")[p]));
    let statistics = STATISTICS.map(|(key, statistic)| (key, statistic, of(key)));
    for (field, statistic, cell) in statistics.into_iter().chain(percentiles) {
        let mut metric = metric(row, statistic);
        metric.name_raw = format!("{key}.{field}");
        metric.task_raw = task.map(str::to_owned);
        metric.task.clone_from(&metric.task_raw);
        if statistic == "mean" && over == Over::Requests {
            metric.spread_of = Some("requests".to_owned());
        }
        if is_unmeasured && number(cell) == Some(0.0) {
            let missing = Measurement::missing(batch.metric(metric), "placeholder zero");
            run.measurements.push(missing);
            continue;
        }
        let Some(measured) = measurement(batch, metric, cell) else {
            continue;
        };
        let is_mean = statistic == "mean" && measured.value.is_some();
        run.measurements.push(match over {
            Over::Requests if is_mean => {
                // Some versions count tokens here, as weights.
                let n = whole(of("count")).filter(|n| done.is_none_or(|done| *n == done));
                measured.with_spread(number(of("std_dev"))).with_n(n)
            }
            _ => measured,
        });
    }
}

fn metric(row: &Row, statistic: &str) -> Metric {
    let &(key, name, unit, _) = row;
    let metric = Metric::new(key);
    match unit {
        "" => metric.named(name, statistic),
        unit => metric.in_unit(unit).named(name, statistic),
    }
}

/// What a distribution says besides its measurements.
fn rest(distribution: &Map<String, Json>) -> Map<String, Json> {
    let mut rest = Map::new();
    for key in ["min", "max", "count"] {
        if let Some(cell) = distribution.get(key) {
            keep(&mut rest, key, cell);
        }
    }
    let percentiles = distribution.get("percentiles").and_then(Json::as_object);
    for (key, cell) in percentiles.into_iter().flatten() {
        if !PERCENTILES.contains(&key.as_str()) {
            keep(&mut rest, key, cell);
        }
    }
    rest
}

/// The field of a request, by its metric's key.
type Field = fn(&Request) -> &Option<Number>;

const FIELDS: [(&str, Field); 8] = [
    ("prompt_token_count", |r| &r.prompt_tokens),
    ("output_token_count", |r| &r.output_tokens),
    ("request_latency", |r| &r.request_latency),
    ("time_to_first_token_ms", |r| &r.time_to_first_token_ms),
    ("time_per_output_token_ms", |r| &r.time_per_output_token_ms),
    ("inter_token_latency_ms", |r| &r.inter_token_latency_ms),
    ("output_tokens_per_second", |r| &r.output_tokens_per_second),
    ("tokens_per_second", |r| &r.tokens_per_second),
];

/// Adds the values of the requests that succeeded. Where only a sample of them was saved they are left
/// out: they would pass for all.
pub(super) fn add_requests(
    requests: &[Request],
    done: Option<i64>,
    place: &str,
    run: &mut Run,
    batch: &mut Batch,
) {
    if requests.is_empty() {
        return;
    }
    if done.is_some_and(|done| done != requests.len() as i64) {
        let (saved, all) = (requests.len(), done.unwrap_or_default());
        let reason = format!("the values of {saved} of {all} requests were saved");
        batch.reject(format!("{place}.requests.successful"), reason);
        return;
    }
    let task = run.details.get("strategy").and_then(Json::as_str);
    let task = task.map(str::to_owned);
    for (key, field) in FIELDS {
        let Some(row) = METRICS.iter().find(|(known, ..)| *known == key) else {
            continue;
        };
        let value = |request: &Request| field(request).as_ref()?.value();
        let values = requests.iter().map(|r| value(r).unwrap_or(f64::NAN));
        let mut metric = metric(row, "each");
        metric.task_raw.clone_from(&task);
        metric.task.clone_from(&task);
        add_samples(run, batch, metric, values.collect());
    }
}
