//! What a benchmark was asked to do, from wherever its version keeps it. The target's address and the
//! folders of data are not kept.

use serde_json::{Map, Value as Json};

use super::super::fields::{keep, number, text, whole};
use super::Benchmark;
use crate::catalog::{Arrival, Run, Workload};

/// The run that a benchmark describes, without its values.
pub(super) fn run(args: &Json, config: &Json, benchmark: &Benchmark) -> Run {
    let backends = [
        &benchmark.config["backend"],
        &benchmark.benchmarker["backend"],
        &config["backend"],
        &args["backend"],
    ];
    let model = text(&benchmark.worker["backend_model"])
        .or_else(|| backends.iter().find_map(|backend| text(&backend["model"])))
        .or_else(|| text(&args["model"]))
        .or_else(|| text(&config["model"]));
    let strategy = strategy(benchmark);
    let mut run = Run {
        model,
        workload: workload(strategy, &data(args, config, benchmark)),
        ..Run::default()
    };
    let kinds = backends.map(|backend| kind(backend).or_else(|| text(backend)));
    let backend = kinds.into_iter().flatten().next();
    let backend = backend.or_else(|| text(&benchmark.worker["backend_type"]));
    if let Some(backend) = backend {
        // `openai_http` names the protocol, which every engine speaks.
        run.environment.engine = backend.starts_with("vllm").then(|| "vllm".to_owned());
        run.settings.insert("backend".to_owned(), backend.into());
    }
    describe(args, config, benchmark, &mut run);
    run
}

/// The strategy, the one thing that differs between the benchmarks of a sweep.
fn strategy(benchmark: &Benchmark) -> &Json {
    let places = [
        &benchmark.args["strategy"],
        &benchmark.config["strategy"],
        &benchmark.scheduler["strategy"],
        // The newest versions name the profile alone where it has one strategy.
        &benchmark.config["profile"],
    ];
    places
        .into_iter()
        .find(|place| place.is_object())
        .unwrap_or(&Json::Null)
}

/// `type_` until 0.6, `kind` since.
fn kind(of: &Json) -> Option<String> {
    text(&of["type_"]).or_else(|| text(&of["kind"]))
}

fn workload(strategy: &Json, data: &[Json]) -> Workload {
    let first = |list: &Json| list.get(0).cloned().unwrap_or_else(|| list.clone());
    let rate = number(&first(&strategy["rate"])).filter(|rate| *rate > 0.0);
    let streams = whole(&first(&strategy["streams"]));
    let limit = whole(&strategy["max_concurrency"]);
    let (arrival, concurrency, request_rate) = match kind(strategy).as_deref() {
        Some("synchronous") => (Some(Arrival::Single), Some(1), None),
        Some("concurrent") => (Some(Arrival::Closed), streams.or(limit), None),
        Some("throughput") => match limit {
            Some(_) => (Some(Arrival::Closed), limit, None),
            None => (Some(Arrival::Burst), None, None),
        },
        Some("constant" | "poisson" | "async") => (Some(Arrival::Rate), limit, rate),
        _ => (None, streams.or(limit), rate),
    };
    let length = |key: &str| data.iter().find_map(|data| length(data, key));
    Workload {
        arrival,
        concurrency,
        request_rate,
        input_len: length("prompt_tokens"),
        output_len: length("output_tokens"),
        dataset: data.iter().find_map(dataset),
        ..Workload::default()
    }
}

/// The data of the requests: a text, an object, or a list of them.
fn data(args: &Json, config: &Json, benchmark: &Benchmark) -> Vec<Json> {
    let places = [
        &benchmark.request_loader["data"],
        &benchmark.config["requests"]["data"],
        &args["data"],
        &config["data"],
    ];
    let found = places.into_iter().find(|place| !place.is_null());
    match found {
        Some(Json::Array(list)) => list.clone(),
        Some(data) => vec![data.clone()],
        None => Vec::new(),
    }
}

/// A length of synthetic data: from an object, or from `prompt_tokens=128,output_tokens=64`, which may
/// also be the text of an object.
fn length(data: &Json, key: &str) -> Option<i64> {
    let Json::String(text) = data else {
        return whole(&data[key]);
    };
    text.match_indices(key).find_map(|(at, _)| {
        let rest = text.get(at + key.len()..)?;
        let rest = rest.trim_start_matches(['"', '\'', ' ', '=', ':']);
        let end = rest.find(|c: char| !c.is_ascii_digit());
        rest.get(..end.unwrap_or(rest.len()))?.parse().ok()
    })
}

/// The data set by its name on the hub, or by the name of its file without the folder.
fn dataset(data: &Json) -> Option<String> {
    let name = match data {
        Json::String(name) => name.clone(),
        data => ["source", "path", "name"]
            .iter()
            .find_map(|key| text(&data[*key]))?,
    };
    if name.contains("prompt_tokens") || name.trim().is_empty() {
        return None;
    }
    let is_path = name.starts_with(['/', '.', '~']) || name.contains('\\');
    match name.rsplit(['/', '\\']).next() {
        Some(file) if is_path => Some(file.to_owned()),
        _ => Some(name),
    }
}

fn describe(args: &Json, config: &Json, benchmark: &Benchmark, run: &mut Run) {
    let mut details = Map::new();
    if let Some(strategy) = kind(strategy(benchmark)) {
        details.insert("strategy".to_owned(), strategy.into());
    }
    let profiles = [
        &benchmark.args["profile"],
        &benchmark.config["profile"],
        &benchmark.benchmarker["profile"],
    ];
    if let Some(profile) = profiles.into_iter().find_map(kind) {
        details.insert("profile".to_owned(), profile.into());
    }
    let processors = [
        &benchmark.request_loader["processor"],
        &args["processor"],
        &config["tokenizer"]["model"],
    ];
    let processor = processors.into_iter().find_map(text);
    // The tokenizer is often the hub's name where the server calls the model by an alias.
    if let Some(other) = processor.filter(|other| run.model.as_ref() != Some(other)) {
        details.insert("names".to_owned(), vec![other].into());
    }
    for key in [
        "max_number",
        "max_duration",
        "warmup_number",
        "warmup_duration",
        "cooldown_number",
        "cooldown_duration",
    ] {
        keep(&mut details, key, &benchmark.args[key]);
    }
    for key in ["constraints", "warmup", "cooldown"] {
        keep(&mut details, key, &benchmark.config[key]);
    }
    let asked = [&benchmark.args["max_number"], &args["max_requests"]];
    run.workload.requests = asked.into_iter().find_map(whole);
    run.details = details;
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lengths_are_read_from_any_spelling_of_the_data() {
        for data in [
            json!("prompt_tokens=256,output_tokens=128"),
            json!("prompt_tokens_stdev=9,prompt_tokens=256,output_tokens=128"),
            json!("{'prefix_tokens': 2048, 'prompt_tokens': 256, 'output_tokens': 128}"),
            json!({"kind": "synthetic_text", "prompt_tokens": 256, "output_tokens": 128}),
        ] {
            assert_eq!(length(&data, "prompt_tokens"), Some(256), "{data}");
            assert_eq!(length(&data, "output_tokens"), Some(128), "{data}");
            assert_eq!(dataset(&data), None, "{data}");
        }
        assert_eq!(length(&json!("prompt_tokens"), "prompt_tokens"), None);
    }

    #[test]
    fn a_data_set_is_named_without_its_folder() {
        for (data, name) in [
            (json!("openai/gsm8k"), "openai/gsm8k"),
            (json!("/home/somebody/prompts.jsonl"), "prompts.jsonl"),
            (json!("C:\\data\\prompts.jsonl"), "prompts.jsonl"),
            (json!({"kind": "file", "path": "./a/b.csv"}), "b.csv"),
        ] {
            assert_eq!(dataset(&data).as_deref(), Some(name), "{data}");
        }
    }
}
