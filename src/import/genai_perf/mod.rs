//! Results of NVIDIA's GenAI-Perf: `profile` writes one JSON object a run with AIPerf's blocks of
//! statistics, `analyze` one CSV a sweep, which is two tables in one file.
//!
//! Shares AIPerf's blocks and nothing else with it. A column of the sweep that other tools call
//! otherwise is one row in `analyze.rs`.

mod analyze;

use serde_json::{Map, Value as Json, json};

use super::aiperf::blocks;
use super::fields::{keep, number, text, whole};
use super::json::Entries;
use super::{Format, ImportError, Input, Options, Shape, Sniff};
use crate::catalog::{Arrival, Batch, Run, Status};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "genai-perf",
    tool: "GenAI-Perf",
    recognised_by: "JSON with `input_config` and blocks such as `request_latency`, without AIPerf's `was_cancelled`; CSV that begins with `Config Name`",
    reads: "every metric with its average, percentiles, minimum, maximum and spread; model, load, lengths, settings; of a sweep one run a configuration with its cards",
    detect,
    read,
};

fn is_profile(sniff: &Sniff<'_>) -> bool {
    let any = |keys: &[&str]| keys.iter().any(|key| sniff.has(key));
    matches!(sniff.shape, Shape::Object { .. })
        && sniff.has("input_config")
        && any(&["request_latency", "request_throughput"])
        && !any(&["was_cancelled", "error_summary", "aiperf_version"])
}

/// What perf_analyzer measured, from which GenAI-Perf made the results.
fn is_raw(sniff: &Sniff<'_>) -> bool {
    matches!(sniff.shape, Shape::Object { .. })
        && ["experiments", "service_kind", "endpoint"]
            .iter()
            .all(|key| sniff.has(key))
}

fn detect(sniff: &Sniff<'_>) -> bool {
    is_profile(sniff) || is_raw(sniff) || analyze::detect(sniff)
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    if is_raw(input.sniff) {
        return Err(ImportError::SideFile {
            path: input.path.to_owned(),
            of: "the GenAI-Perf results beside it",
        });
    }
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    if analyze::detect(input.sniff) {
        batch.runs = analyze::runs(input, &mut batch)?;
    } else {
        let run = profile(input, &mut batch)?;
        batch.runs.push(run);
    }
    for run in &mut batch.runs {
        run.environment.tool = Some(FORMAT.tool.to_owned());
    }
    Ok(batch)
}

fn profile(input: &Input<'_>, batch: &mut Batch) -> Result<Run, ImportError> {
    let Entries(entries) = input.sniff.parse::<Entries<Json>>(input.path)?;
    let mut run = Run::default();
    let of = |key: &str| {
        let entry = entries.iter().find(|(name, _)| name == key);
        entry.map_or(&Json::Null, |(_, value)| value)
    };
    let requests = whole(&of("request_count")["avg"]);
    if requests == Some(0) {
        run.status = Status::Failed("no request was completed".to_owned());
    }
    describe(of("input_config"), &mut run);
    let telemetry = averages(of("telemetry_stats"));
    keep(&mut run.details, "telemetry", &telemetry.into());
    for (key, block) in &entries {
        blocks::measure(key, block, requests, &mut run, batch);
    }
    Ok(run)
}

/// The configuration: flat until 2024, in sections since. What was not asked for is `null`, -1 or 0.
fn describe(config: &Json, run: &mut Run) {
    let names = match (&config["model_names"], &config["model"]) {
        (Json::Null, Json::String(name)) => vec![name.clone()],
        (Json::Null, list) | (list, _) => {
            let list = list.as_array().into_iter().flatten();
            list.filter_map(text).collect()
        }
    };
    run.model = (!names.is_empty()).then(|| names.join(", "));
    let stimulus = &config["perf_analyzer"]["stimulus"];
    let (endpoint, lengths) = (&config["endpoint"], &config["input"]);
    let first = |cells: &[&Json]| cells.iter().find_map(|cell| positive(cell));
    let count = |cells: &[&Json]| first(cells).and_then(|x| whole(&json!(x)));
    let work = &mut run.workload;
    work.concurrency = count(&[&config["concurrency"], &stimulus["concurrency"]]);
    work.request_rate = first(&[&config["request_rate"], &stimulus["request_rate"]]);
    work.arrival = match (work.request_rate, work.concurrency) {
        (Some(_), _) => Some(Arrival::Rate),
        (None, Some(_)) => Some(Arrival::Closed),
        (None, None) => None,
    };
    work.requests = count(&[&config["request_count"]]);
    work.input_len = count(&[
        &config["synthetic_input_tokens_mean"],
        &lengths["synthetic_tokens"]["mean"],
    ]);
    work.output_len = count(&[
        &config["output_tokens_mean"],
        &lengths["output_tokens"]["mean"],
    ]);
    run.environment.engine = [&config["backend"], &endpoint["backend"]]
        .into_iter()
        .find_map(text);
    run.settings = settings(config);
    let tokenizer = match &config["tokenizer"] {
        Json::Object(tokenizer) => tokenizer.get("name").and_then(text),
        name => text(name),
    };
    // The tokenizer is often the hub's name where the server calls the model by an alias.
    if let Some(other) = tokenizer.filter(|other| run.model.as_ref() != Some(other)) {
        run.details.insert("names".to_owned(), vec![other].into());
    }
    for key in [
        "random_seed",
        "warmup_request_count",
        "stability_percentage",
    ] {
        keep(&mut run.details, key, &config[key]);
    }
}

fn positive(cell: &Json) -> Option<f64> {
    number(cell).filter(|x| *x > 0.0)
}

fn settings(config: &Json) -> Map<String, Json> {
    let (endpoint, lengths) = (&config["endpoint"], &config["input"]);
    let mut settings = Map::new();
    for (key, setting) in [
        ("endpoint_type", &config["endpoint_type"]),
        ("endpoint_type", &endpoint["type"]),
        ("service_kind", &config["service_kind"]),
        ("service_kind", &endpoint["service_kind"]),
        ("streaming", &config["streaming"]),
        ("streaming", &endpoint["streaming"]),
        ("extra_inputs", &config["extra_inputs"]),
        ("extra_inputs", &lengths["extra"]),
        ("num_dataset_entries", &config["num_dataset_entries"]),
        ("num_dataset_entries", &lengths["num_dataset_entries"]),
    ] {
        keep(&mut settings, key, setting);
    }
    for (key, spread) in [
        (
            "input_tokens_stddev",
            &config["synthetic_input_tokens_stddev"],
        ),
        (
            "input_tokens_stddev",
            &lengths["synthetic_tokens"]["stddev"],
        ),
        ("output_tokens_stddev", &config["output_tokens_stddev"]),
        ("output_tokens_stddev", &lengths["output_tokens"]["stddev"]),
    ] {
        if positive(spread).is_some() {
            keep(&mut settings, key, spread);
        }
    }
    settings
}

/// `{"gpu_power_usage": {"unit": "W", "gpu0": 129.5, …}, …}`: the averages of what telemetry measured.
fn averages(telemetry: &Json) -> Map<String, Json> {
    let mut kept = Map::new();
    for (key, block) in telemetry.as_object().into_iter().flatten() {
        let mut cards = Map::new();
        for (card, statistics) in block.as_object().into_iter().flatten() {
            if number(&statistics["avg"]).is_some() {
                keep(&mut cards, card, &statistics["avg"]);
            }
        }
        if !cards.is_empty() {
            keep(&mut cards, "unit", &block["unit"]);
            kept.insert(key.clone(), cards.into());
        }
    }
    kept
}

#[cfg(test)]
mod tests;
