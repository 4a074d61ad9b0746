//! `vllm bench serve`: the load on a server and how it bore it.

use serde_json::{Map, Value as Json};

use super::super::fields::{number, take_text, take_whole};
use super::super::serving::{Record, Row, add_vectors, keep_rest, load, measure_all, status};
use super::super::time;
use super::FORMAT;
use crate::catalog::{Batch, Environment, Identity, Run, Workload};

/// Metrics that are not latencies: key, canonical name, unit.
const METRICS: [Row; 14] = [
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
    measure_all(&mut fields, &METRICS, &mut run, batch);
    describe(&mut fields, &mut run);
    run.started = take_text(&mut fields, "date")
        .and_then(|date| time::noted(&date, &format!("{place}.date"), batch));
    add_vectors(&mut run, batch, vectors, gaps);
    keep_rest(fields, &mut run, place, batch);
    run
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

fn note_failures(fields: &Map<String, Json>, place: &str, batch: &mut Batch) {
    let count = |key| fields.get(key).and_then(number);
    if let (Some(done), Some(asked)) = (count("completed"), count("num_prompts"))
        && done < asked
    {
        let reason = format!("{done} of {asked} requests were completed");
        batch.warn(format!("{place}.completed"), reason);
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
    let load = load(fields);
    Workload {
        requests: take_whole(fields, &["num_prompts"]),
        input_len: take_whole(fields, &["random_input_len", "input_len"]),
        output_len: take_whole(fields, &["random_output_len", "output_len"]),
        tp: take_whole(fields, &["tensor_parallel_size", "tp"]),
        dataset: take_text(fields, "dataset_name"),
        ..load
    }
}
