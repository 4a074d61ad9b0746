//! Results of Ray's LLMPerf: the flat summary of one run, and a fork's object of summaries by the number
//! of concurrent requests. The responses of a run, a list beside the summary, become its samples.
//!
//! Seconds everywhere. What a key measures is one row in `keys.rs`.

mod keys;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::fields::{
    add_samples, keep, measurement, mentions, number, take_text, take_whole, whole,
};
use super::json::{self, Entries, Number};
use super::{Format, ImportError, Input, Options, Shape, Sniff, time};
use crate::catalog::{Arrival, Batch, Environment, Measurement, Run, Status, Workload};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "llmperf",
    tool: "LLMPerf",
    recognised_by: "JSON with `num_concurrent_requests` and keys such as `results_ttft_s_mean`, or an object of such results by number of concurrent requests",
    reads: "TTFT, ITL, end-to-end latency and throughput with all quantiles, token counts; model, load; the values a request from the responses beside it",
    detect,
    read,
};

/// What stands before every result.
const RESULTS: &str = "results_";
/// How many requests were completed.
const COMPLETED: &str = "results_num_completed_requests";
/// Notes that authors add and that separate no series.
const NOTES: [&str; 3] = ["api", "model_size", "error_code_frequency"];

/// What a file is.
enum Content {
    Summary,
    ByConcurrency,
    Responses,
}

impl Content {
    fn of(sniff: &Sniff<'_>) -> Option<Self> {
        let all = |keys: &[&str]| keys.iter().all(|key| sniff.has(key));
        match &sniff.shape {
            Shape::Object { .. }
                if sniff.has("num_concurrent_requests")
                    && (sniff.has("results") || sniff.has("results_num_requests_started"))
                    && mentions(sniff, "ttft_s") =>
            {
                Some(Self::Summary)
            }
            Shape::Object { keys }
                if !keys.is_empty()
                    && keys.iter().all(|key| key.parse::<u32>().is_ok())
                    && mentions(sniff, "ttft_s")
                    && mentions(sniff, "end_to_end_latency_s") =>
            {
                Some(Self::ByConcurrency)
            }
            Shape::Array { .. }
                if all(&["ttft_s", "end_to_end_latency_s", "number_output_tokens"]) =>
            {
                Some(Self::Responses)
            }
            _ => None,
        }
    }
}

fn detect(sniff: &Sniff<'_>) -> bool {
    Content::of(sniff).is_some()
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    let bytes = input.sniff.bytes;
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    match Content::of(input.sniff) {
        Some(Content::Responses) => {
            return Err(ImportError::SideFile {
                path: input.path.to_owned(),
                of: "the LLMPerf summary beside it",
            });
        }
        Some(Content::ByConcurrency) => {
            let levels: Entries<Entries<Json>> = json::parse(input.path, bytes)?;
            for (level, Entries(fields)) in levels.0 {
                let mut fields: Map<String, Json> = fields.into_iter().collect();
                // The level is the load, whether or not the object repeats it.
                fields
                    .entry("num_concurrent_requests")
                    .or_insert_with(|| level.as_str().into());
                let run = run(fields, &format!("$.{level}"), &mut batch);
                batch.runs.push(run);
            }
        }
        _ => {
            let Entries(fields) = json::parse::<Entries<Json>>(input.path, bytes)?;
            let fields: Map<String, Json> = fields.into_iter().collect();
            let completed = fields.get(COMPLETED).and_then(whole);
            let mut run = run(fields, "$", &mut batch);
            add_responses(input, completed, &mut run, &mut batch)?;
            batch.runs.push(run);
        }
    }
    let version = batch.runs.first().map(|run| &run.environment.tool_version);
    batch.tool_version = version.cloned().flatten();
    Ok(batch)
}

fn run(fields: Map<String, Json>, place: &str, batch: &mut Batch) -> Run {
    let mut fields = flat(fields);
    let mut run = Run {
        model: take_text(&mut fields, "model"),
        label: take_text(&mut fields, "name"),
        environment: Environment {
            tool: Some(FORMAT.tool.to_owned()),
            tool_version: take_text(&mut fields, "version"),
            ..Environment::default()
        },
        workload: Workload {
            input_len: take_whole(&mut fields, &["mean_input_tokens"]),
            output_len: take_whole(&mut fields, &["mean_output_tokens"]),
            concurrency: take_whole(&mut fields, &["num_concurrent_requests"]),
            arrival: Some(Arrival::Closed),
            ..Workload::default()
        },
        ..Run::default()
    };
    if let Some(seconds) = fields.shift_remove("timestamp").as_ref().and_then(number) {
        run.started = time::epoch_seconds(seconds);
        if run.started.is_none() {
            batch.warn(
                format!("{place}.timestamp"),
                format!("`{seconds}` is not a time"),
            );
        }
    }
    let started = fields.get("results_num_requests_started");
    run.workload.requests = started.and_then(whole);
    if fields.get(COMPLETED).and_then(whole) == Some(0) {
        run.status = Status::Failed("no request was completed".to_owned());
    }
    for (key, cell) in &fields {
        match key.strip_prefix(RESULTS) {
            Some(quantity) => add(key, quantity, cell, &fields, &mut run, batch),
            None if NOTES.contains(&key.as_str()) => keep(&mut run.details, key, cell),
            None if cell.is_array() || cell.is_object() => {
                batch.reject(format!("{place}.{key}"), "neither a value nor a setting");
            }
            // Spreads of the lengths, and what the user gave to tell runs apart.
            None => keep(&mut run.settings, key, cell),
        }
    }
    run
}

/// Nested results as the summary flattens them: `results.ttft_s.quantiles.p50` becomes
/// `results_ttft_s_quantiles_p50`. A fork's levels hold the results without that word.
fn flat(fields: Map<String, Json>) -> Map<String, Json> {
    let mut flattened = Map::new();
    for (key, value) in fields {
        match value {
            Json::Object(inner) if key == "results" => flatten("results", inner, &mut flattened),
            Json::Object(inner) if keys::quantity(&key).is_some() => {
                flatten(&format!("{RESULTS}{key}"), inner, &mut flattened);
            }
            value if keys::is_result(&key) => {
                flattened.insert(format!("{RESULTS}{key}"), value);
            }
            value => {
                flattened.insert(key, value);
            }
        }
    }
    flattened
}

fn flatten(start: &str, inner: Map<String, Json>, flattened: &mut Map<String, Json>) {
    for (key, value) in inner {
        let key = format!("{start}_{key}");
        match value {
            Json::Object(deeper) if !deeper.is_empty() => flatten(&key, deeper, flattened),
            value => {
                flattened.insert(key, value);
            }
        }
    }
}

/// Adds one result; every one but the counts is over the requests that were completed.
fn add(
    key: &str,
    quantity: &str,
    cell: &Json,
    fields: &Map<String, Json>,
    run: &mut Run,
    batch: &mut Batch,
) {
    let metric = keys::metric(key, quantity);
    // The bounds of the token counts are written as texts: they say how the prompts were made, and stay
    // with the run, as the text of the errors' frequencies does.
    let is_text = matches!(Number::deserialize(cell), Ok(Number::Quoted(_)));
    let Some(metric) = metric.filter(|_| !is_text) else {
        return keep(&mut run.details, key, cell);
    };
    let failed = matches!(run.status, Status::Failed(_));
    let counts = metric.statistic == "value" && !quantity.contains("_per_");
    if failed && !counts && number(cell) == Some(0.0) {
        let missing = Measurement::missing(batch.metric(metric), "placeholder zero");
        run.measurements.push(missing);
        return;
    }
    let is_mean = metric.statistic == "mean";
    let Some(measured) = measurement(batch, metric, cell) else {
        return;
    };
    run.measurements.push(match key.strip_suffix("_mean") {
        Some(of) if is_mean && measured.value.is_some() => {
            let spread = fields.get(&format!("{of}_stddev")).and_then(number);
            let n = fields.get(COMPLETED).and_then(whole);
            measured.with_spread(spread).with_n(n)
        }
        _ => measured,
    });
}

/// One response; of one that failed only its error is known.
#[derive(Deserialize)]
struct Response {
    error_code: Option<Json>,
    #[serde(flatten)]
    values: Map<String, Json>,
}

impl Response {
    fn failed(&self) -> bool {
        self.error_code.as_ref().is_some_and(|code| !code.is_null())
    }
}

/// Adds the vectors from the responses beside the summary. Where they are not those of the requests that
/// the run completed they are left out: a part of them would pass for all.
fn add_responses(
    input: &Input<'_>,
    completed: Option<i64>,
    run: &mut Run,
    batch: &mut Batch,
) -> Result<(), ImportError> {
    let name = input.path.file_name().and_then(|name| name.to_str());
    let Some(start) = name.and_then(|name| name.strip_suffix("_summary.json")) else {
        return Ok(());
    };
    let name = format!("{start}_individual_responses.json");
    let Some(bytes) = input.sibling(&name)? else {
        return Ok(());
    };
    let path = input.path.with_file_name(&name);
    let responses: Vec<Response> = json::parse(&path, &bytes)?;
    let done = responses.iter().filter(|r| !r.failed()).count() as i64;
    if let Some(completed) = completed.filter(|completed| *completed != done) {
        let reason = format!("holds {done} of the {completed} requests completed");
        batch.reject(name, reason);
        return Ok(());
    }
    for quantity in keys::EACH {
        let value = |response: &Response| {
            let cell = response
                .values
                .get(quantity)
                .filter(|_| !response.failed())?;
            Number::deserialize(cell).ok()?.value()
        };
        let values = responses.iter().map(|r| value(r).unwrap_or(f64::NAN));
        let metric = keys::each(quantity);
        add_samples(run, batch, metric, values.collect());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
