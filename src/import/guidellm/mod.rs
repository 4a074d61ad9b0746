//! Results of GuideLLM 0.2 to 0.8: a report of benchmarks, each one strategy or one rate and so one run.
//!
//! Every metric has four distributions, of the requests that succeeded, failed, were cut off, and of all:
//! those that succeeded count. Where a version keeps a fact about the run is one line in `setup.rs`, a
//! metric one row in `metrics.rs`.

mod metrics;
mod setup;

use serde::Deserialize;
use serde_json::Value as Json;

use super::fields::{keep, mentions, number, whole};
use super::json::{Entries, Number};
use super::{Format, ImportError, Input, Options, Shape, Sniff, time};
use crate::catalog::{Batch, Run, Status};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "guidellm",
    tool: "GuideLLM",
    recognised_by: "JSON with `benchmarks` of type `generative_benchmark` or with `guidellm_version`",
    reads: "one run a benchmark: rates, latencies and token counts of the requests that succeeded; model, load, lengths; per-request values where all were saved, never texts",
    detect,
    read,
};

/// The whole file; versions differ in where the arguments stand.
#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    metadata: Json,
    #[serde(default)]
    args: Json,
    #[serde(default)]
    config: Json,
    benchmarks: Vec<Benchmark>,
}

/// One benchmark: `args`, `worker`, `request_loader` until 0.3, `scheduler` and `benchmarker` in 0.4,
/// `config` since 0.5.
#[derive(Deserialize)]
struct Benchmark {
    #[serde(default)]
    args: Json,
    #[serde(default)]
    worker: Json,
    #[serde(default)]
    request_loader: Json,
    #[serde(default)]
    scheduler: Json,
    #[serde(default)]
    benchmarker: Json,
    #[serde(default)]
    config: Json,
    metrics: Entries<Json>,
    #[serde(default)]
    request_totals: Json,
    #[serde(default)]
    start_time: Json,
    #[serde(default)]
    end_time: Json,
    #[serde(default)]
    requests: Requests,
}

/// The requests that were saved; prompts and answers are skipped unread.
#[derive(Default, Deserialize)]
struct Requests {
    successful: Option<Vec<Request>>,
}

/// What is known about one request.
#[derive(Deserialize)]
struct Request {
    prompt_tokens: Option<Number>,
    output_tokens: Option<Number>,
    request_latency: Option<Number>,
    time_to_first_token_ms: Option<Number>,
    time_per_output_token_ms: Option<Number>,
    inter_token_latency_ms: Option<Number>,
    tokens_per_second: Option<Number>,
    output_tokens_per_second: Option<Number>,
}

fn detect(sniff: &Sniff<'_>) -> bool {
    matches!(sniff.shape, Shape::Object { .. })
        && sniff.has("benchmarks")
        && ["\"generative_benchmark\"", "\"guidellm_version\""]
            .iter()
            .any(|word| mentions(sniff, word))
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    let report: Report = input.sniff.parse(input.path)?;
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    batch.tool_version = report.metadata["guidellm_version"]
        .as_str()
        .map(str::to_owned);
    for (i, mut benchmark) in report.benchmarks.into_iter().enumerate() {
        let place = format!("$.benchmarks[{i}]");
        let mut run = setup::run(&report.args, &report.config, &benchmark);
        run.environment.tool = Some(FORMAT.tool.to_owned());
        run.environment.tool_version.clone_from(&batch.tool_version);
        run.started = number(&benchmark.start_time).and_then(time::epoch_seconds);
        run.finished = number(&benchmark.end_time).and_then(time::epoch_seconds);
        let done = count(&benchmark, &place, &mut run, &mut batch);
        let requests = benchmark.requests.successful.take().unwrap_or_default();
        metrics::measure(benchmark.metrics, done, &mut run, &mut batch);
        metrics::add_requests(&requests, done, &place, &mut run, &mut batch);
        batch.runs.push(run);
    }
    Ok(batch)
}

/// How many requests succeeded; what became of the others is noted.
fn count(benchmark: &Benchmark, place: &str, run: &mut Run, batch: &mut Batch) -> Option<i64> {
    let inside = benchmark.metrics.0.iter();
    let totals = inside
        .filter(|(key, _)| key == "request_totals")
        .map(|(_, totals)| totals)
        .chain([&benchmark.request_totals])
        .find(|totals| !totals.is_null())?;
    keep(&mut run.details, "request_totals", totals);
    let of = |status: &str| whole(&totals[status]);
    let done = of("successful")?;
    if done == 0 {
        run.status = Status::Failed("no request was completed".to_owned());
    }
    if let Some(errored) = of("errored").filter(|errored| *errored > 0) {
        let all = of("total").unwrap_or(done + errored);
        let reason = format!("{errored} of {all} requests failed");
        batch.warn(format!("{place}.request_totals"), reason);
    }
    Some(done)
}

#[cfg(test)]
mod tests;
