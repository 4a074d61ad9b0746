//! Results of NVIDIA's AIPerf: one JSON object a run, a block of statistics a metric, and beside it the
//! records of the requests, one a line, which become the samples of the run.
//!
//! Knows nothing of GenAI-Perf, its predecessor, which writes the same blocks: `blocks.rs` is for both.
//! A metric that other tools call otherwise is one row there.

pub(super) mod blocks;
mod records;
mod setup;

use serde_json::Value as Json;

use super::fields::{keep, mentions, number};
use super::json::Entries;
use super::{Format, ImportError, Input, Options, Shape, Sniff, time};
use crate::catalog::{Batch, Run, Status};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "aiperf",
    tool: "AIPerf",
    recognised_by: "JSON with `input_config`, `was_cancelled` or `error_summary`, and blocks such as `request_latency`",
    reads: "every metric with its average, percentiles, minimum, maximum and spread; model, load, lengths, cards; the values a request from the records beside it",
    detect,
    read,
};

fn is_summary(sniff: &Sniff<'_>) -> bool {
    let any = |keys: &[&str]| keys.iter().any(|key| sniff.has(key));
    matches!(sniff.shape, Shape::Object { .. })
        && sniff.has("input_config")
        && any(&["was_cancelled", "error_summary", "aiperf_version"])
        && any(&["request_latency", "request_throughput", "request_count"])
}

/// The records of the requests, of which there may be only one.
fn is_records(sniff: &Sniff<'_>) -> bool {
    matches!(sniff.shape, Shape::Object { .. } | Shape::Lines { .. })
        && sniff.has("metadata")
        && sniff.has("metrics")
        && mentions(sniff, "\"request_start_ns\"")
}

fn detect(sniff: &Sniff<'_>) -> bool {
    is_summary(sniff) || is_records(sniff)
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    if is_records(input.sniff) {
        return Err(ImportError::SideFile {
            path: input.path.to_owned(),
            of: "the AIPerf run beside it",
        });
    }
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    let Entries(entries) = input.sniff.parse::<Entries<Json>>(input.path)?;
    let mut run = Run::default();
    run.environment.tool = Some(FORMAT.tool.to_owned());
    let n = requests(&entries);
    run.status = status(&entries, n);
    for (key, value) in &entries {
        match key.as_str() {
            "input_config" => setup::describe(value, &mut run),
            "telemetry_data" => setup::describe_cards(value, &mut run),
            "start_time" | "end_time" => {
                let moment = value.as_str();
                let moment = moment.and_then(|text| time::noted(text, key, &mut batch));
                match key.as_str() {
                    "start_time" => run.started = moment,
                    _ => run.finished = moment,
                }
            }
            "aiperf_version" => {
                run.environment.tool_version = value.as_str().map(str::to_owned);
            }
            "benchmark_id" => keep(&mut run.details, key, value),
            "error_summary" => keep(&mut run.details, "errors", &setup::errors(value)),
            _ => blocks::measure(key, value, n, &mut run, &mut batch),
        }
    }
    batch.tool_version.clone_from(&run.environment.tool_version);
    records::add(input, n, &mut run, &mut batch)?;
    batch.runs.push(run);
    Ok(batch)
}

/// How many requests succeeded.
fn requests(entries: &[(String, Json)]) -> Option<i64> {
    let (_, block) = entries.iter().find(|(key, _)| key == "request_count")?;
    number(&block["avg"]).map(|n| n as i64)
}

fn status(entries: &[(String, Json)], requests: Option<i64>) -> Status {
    let was_cancelled = entries
        .iter()
        .any(|(key, value)| key == "was_cancelled" && *value == Json::Bool(true));
    match requests {
        Some(0) => Status::Failed("no request was completed".to_owned()),
        _ if was_cancelled => Status::Partial("cancelled".to_owned()),
        _ => Status::Complete,
    }
}

#[cfg(test)]
mod tests;
