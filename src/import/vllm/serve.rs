//! `vllm bench serve`: the load on a server and how it bore it.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::super::json::Number;
use super::super::time;
use super::{FORMAT, Record, add_samples, keep_rest, measure, take_text, take_whole};
use crate::catalog::{
    Arrival, Batch, Environment, Identity, Measurement, Metric, Run, Status, Workload,
};

/// Metrics that are not latencies: key, canonical name, unit.
const METRICS: [(&str, &str, Option<&str>); 14] = [
    ("duration", "duration", Some("s")),
    ("completed", "completed", Some("requests")),
    ("failed", "failed", Some("requests")),
    ("total_input_tokens", "total_input_tokens", Some("tokens")),
    ("total_output_tokens", "total_output_tokens", Some("tokens")),
    (
        "request_throughput",
        "request_throughput",
        Some("requests/s"),
    ),
    ("request_goodput", "request_goodput", Some("requests/s")),
    // Written with the colon by the versions of early 2025.
    ("request_goodput:", "request_goodput", Some("requests/s")),
    ("input_throughput", "input_throughput", Some("tokens/s")),
    ("output_throughput", "output_throughput", Some("tokens/s")),
    (
        "total_token_throughput",
        "total_token_throughput",
        Some("tokens/s"),
    ),
    (
        "max_output_tokens_per_s",
        "peak_output_throughput",
        Some("tokens/s"),
    ),
    (
        "max_concurrent_requests",
        "peak_concurrency",
        Some("requests"),
    ),
    ("rtfx", "rtfx", None),
];

/// Settings at their default: other versions do not write them, and mean the same.
const DEFAULTS: [(&str, &str); 3] = [
    ("burstiness", "1.0"),
    ("best_of", "1"),
    ("use_beam_search", "false"),
];

/// A key of a latency: `p99_ttft_ms` is the 99th percentile of `ttft`.
struct Latency<'a> {
    statistic: &'a str,
    of: &'a str,
}

impl<'a> Latency<'a> {
    fn of_key(key: &'a str) -> Option<Self> {
        let (statistic, of) = key.strip_suffix("_ms")?.split_once('_')?;
        let percentile = |text: &str| {
            let digits = text.strip_prefix('p')?;
            digits
                .parse::<f64>()
                .ok()
                .filter(|p| (0.0..=100.0).contains(p))
        };
        let statistic = match statistic {
            "mean" | "std" => statistic,
            // The same statistic as `p50`, which a file may hold besides.
            "median" => "p50",
            _ => {
                percentile(statistic)?;
                statistic.strip_suffix(".0").unwrap_or(statistic)
            }
        };
        let known = matches!(of, "ttft" | "tpot" | "itl" | "e2el");
        known.then_some(Self { statistic, of })
    }

    fn metric(&self, key: &str) -> Metric {
        let metric = Metric::new(key).named(self.of, self.statistic);
        let mut metric = metric.in_unit("ms");
        if self.statistic == "mean" {
            metric.spread_of = Some("requests".to_owned());
        }
        metric
    }
}

/// The run of one result object.
pub(super) fn run(record: Record, place: &str, batch: &mut Batch) -> Run {
    let Record {
        mut fields,
        vectors,
        gaps,
    } = record;
    let mut run = Run {
        identity: identity(&fields),
        status: status(&fields),
        ..Run::default()
    };
    note_failures(&fields, place, batch);
    measure_all(&mut fields, &mut run, batch);
    describe(&mut fields, &mut run);
    run.started = take_text(&mut fields, "date")
        .and_then(|date| time::noted(&date, &format!("{place}.date"), batch));
    for (key, values) in vectors {
        add_vector(&mut run, batch, key, values);
    }
    add_gaps(&mut run, batch, &gaps);
    keep_rest(fields, &mut run, place, batch);
    run
}

fn number(fields: &Map<String, Json>, key: &str) -> Option<f64> {
    Number::deserialize(fields.get(key)?).ok()?.value()
}

/// The key the tool wrote. `duration` tells two clients apart that began in one second; what only a
/// sweep's summary adds is not part of it.
fn identity(fields: &Map<String, Json>) -> Identity {
    let part = |key: &str| match fields.get(key) {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    if part("model_id").is_empty() || part("date").is_empty() {
        return Identity::Content;
    }
    let keys = [
        "model_id",
        "date",
        "max_concurrency",
        "request_rate",
        "num_prompts",
        "duration",
    ];
    Identity::Key(keys.map(part).to_vec())
}

fn status(fields: &Map<String, Json>) -> Status {
    let is_zero = |key| number(fields, key) == Some(0.0);
    match () {
        () if is_zero("completed") => Status::Failed("no request was completed".to_owned()),
        () if is_zero("total_output_tokens") => Status::Failed("no token was generated".to_owned()),
        () => Status::Complete,
    }
}

fn note_failures(fields: &Map<String, Json>, place: &str, batch: &mut Batch) {
    if let (Some(done), Some(asked)) = (number(fields, "completed"), number(fields, "num_prompts"))
        && done < asked
    {
        let reason = format!("{done} of {asked} requests were completed");
        batch.warn(format!("{place}.completed"), reason);
    }
}

fn measure_all(fields: &mut Map<String, Json>, run: &mut Run, batch: &mut Batch) {
    let failed = matches!(run.status, Status::Failed(_));
    let all = std::mem::take(fields);
    let zero = |key: &str| number(&all, key) == Some(0.0);
    for (key, cell) in &all {
        let (metric, is_placeholder) = if let Some(latency) = Latency::of_key(key) {
            // No request takes no time: a mean of zero stands for "not measured".
            let unmeasured = failed || zero(&format!("mean_{}_ms", latency.of));
            (latency.metric(key), unmeasured && zero(key))
        } else if let Some((_, name, unit)) = METRICS.iter().find(|(known, ..)| known == key) {
            let metric = Metric::new(key).named(name, "value");
            let metric = match unit {
                Some(unit) => metric.in_unit(*unit),
                None => metric,
            };
            let is_rate = unit.is_some_and(|unit| unit.ends_with("/s"));
            (metric, failed && is_rate && zero(key))
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
    let n = number(fields, "completed").map(|n| n as i64);
    for measurement in &mut run.measurements {
        let Some(metric) = batch.metrics.get(measurement.metric as usize) else {
            continue;
        };
        if metric.statistic != "mean" || measurement.value.is_none() {
            continue;
        }
        let spread = number(fields, &format!("std_{}_ms", metric.name));
        let n = n.filter(|_| matches!(metric.name.as_str(), "ttft" | "e2el"));
        *measurement = measurement.clone().with_spread(spread).with_n(n);
    }
}

fn describe(fields: &mut Map<String, Json>, run: &mut Run) {
    run.model = take_text(fields, "model_id");
    let tokenizer = take_text(fields, "tokenizer_id");
    // The tokenizer is often the hub's name where the server calls the model by an alias.
    if let Some(other) = tokenizer.filter(|other| run.model.as_ref() != Some(other)) {
        run.details.insert("names".to_owned(), vec![other].into());
    }
    run.label = take_text(fields, "label");
    run.workload = workload(fields);
    let version = take_text(fields, "vllm_version");
    let endpoint = take_text(fields, "endpoint_type");
    let backend = take_text(fields, "backend").or(endpoint);
    run.environment = Environment {
        tool: Some(FORMAT.tool.to_owned()),
        // `openai` names the protocol, which every engine speaks.
        engine: backend.clone().filter(|name| !name.starts_with("openai")),
        engine_version: version,
        ..Environment::default()
    };
    if let Some(backend) = backend {
        run.settings.insert("backend".to_owned(), backend.into());
    }
    if let Some(number) = fields.shift_remove("run_number") {
        run.details.insert("run_number".to_owned(), number);
    }
    for (key, default) in DEFAULTS {
        let written = fields.get(key).map(Json::to_string);
        if written.as_deref() == Some(default) {
            fields.shift_remove(key);
        }
    }
}

fn workload(fields: &mut Map<String, Json>) -> Workload {
    let concurrency = take_whole(fields, &["max_concurrency"]);
    let rate = fields.shift_remove("request_rate").unwrap_or_default();
    let rate = Number::deserialize(&rate).ok();
    let unlimited = rate == Some(Number::Missing("inf".into()));
    let request_rate = rate
        .and_then(|rate| rate.value())
        .filter(|rate| *rate > 0.0);
    Workload {
        arrival: match (request_rate, concurrency) {
            (Some(_), _) => Some(Arrival::Rate),
            (None, Some(_)) if unlimited => Some(Arrival::Closed),
            (None, None) if unlimited => Some(Arrival::Burst),
            _ => None,
        },
        concurrency,
        request_rate,
        requests: take_whole(fields, &["num_prompts"]),
        input_len: take_whole(fields, &["random_input_len", "input_len"]),
        output_len: take_whole(fields, &["random_output_len", "output_len"]),
        tp: take_whole(fields, &["tensor_parallel_size", "tp"]),
        dataset: take_text(fields, "dataset_name"),
        ..Workload::default()
    }
}

fn add_vector(run: &mut Run, batch: &mut Batch, key: String, mut values: Vec<f64>) {
    let (name, unit) = match key.as_str() {
        "ttfts" => ("ttft", "s"),
        "latencies" | "e2els" => ("e2el", "s"),
        "input_lens" => ("input_len", "tokens"),
        "output_lens" => ("output_len", "tokens"),
        // When each request began on the client's own clock: no result.
        _ => return,
    };
    if unit == "s" {
        values.iter_mut().for_each(no_time);
    }
    let metric = Metric::new(key).named(name, "each").in_unit(unit);
    add_samples(run, batch, metric, values);
}

/// A failed request is written as a time of zero.
fn no_time(seconds: &mut f64) {
    if *seconds == 0.0 {
        *seconds = f64::NAN;
    }
}

/// The times between tokens as one mean and one maximum a request; a request of one token has none.
fn add_gaps(run: &mut Run, batch: &mut Batch, gaps: &[Vec<f64>]) {
    let mean = |gaps: &Vec<f64>| gaps.iter().sum::<f64>() / gaps.len() as f64;
    let longest = |gaps: &Vec<f64>| gaps.iter().copied().fold(f64::NAN, f64::max);
    let metric = |statistic: &str| {
        let metric = Metric::new("itls").named("itl", "each").in_unit("s");
        metric.qualified(statistic)
    };
    add_samples(run, batch, metric("mean"), gaps.iter().map(mean).collect());
    add_samples(
        run,
        batch,
        metric("max"),
        gaps.iter().map(longest).collect(),
    );
}
