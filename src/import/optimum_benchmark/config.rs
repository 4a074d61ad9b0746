//! The configuration: which model, on what, with which lengths. `environment.gpu` lists every card of
//! the machine, also those that only drive a display; which ones worked, `device_ids` says.

use serde_json::{Map, Value as Json, json};

use super::super::fields::{keep, text, whole};
use crate::catalog::{Arrival, Environment, Run, Workload};

/// What of the back end is stored elsewhere or separates no series: names of classes, seeds, and the
/// containers, ports and folders of the person who ran it.
const NO_SETTINGS: [&str; 26] = [
    "name",
    "version",
    "_target_",
    "model",
    "processor",
    "tokenizer",
    "library",
    "model_type",
    "device",
    "device_ids",
    "seed",
    "torch_dtype",
    "dtype",
    "quantization_scheme",
    "quantize",
    "model_kwargs",
    "hub_kwargs",
    "processor_kwargs",
    "image",
    "shm_size",
    "devices",
    "gpus",
    "ports",
    "volumes",
    "environment",
    "cache_dir",
];

/// The run that a configuration describes, without its values.
pub(super) fn run(config: &Json) -> Run {
    let backend = &config["backend"];
    let (inputs, generation) = scenario(config);
    let mut run = Run {
        label: text(&config["name"]).or_else(|| text(&config["experiment_name"])),
        model: text(&backend["model"]),
        revision: ["model_kwargs", "hub_kwargs"]
            .iter()
            .find_map(|key| text(&backend[*key]["revision"])),
        quantization: quantization(backend),
        dtype: ["torch_dtype", "dtype"]
            .iter()
            .find_map(|key| text(&backend[*key]))
            .filter(|dtype| dtype != "auto"),
        environment: environment(config),
        workload: Workload {
            input_len: whole(&inputs["sequence_length"]),
            output_len: whole(&generation["max_new_tokens"])
                .or_else(|| whole(&scenario_of(config)["new_tokens"])),
            batch: whole(&inputs["batch_size"]),
            arrival: Some(Arrival::Batch),
            ..Workload::default()
        },
        ..Run::default()
    };
    run.settings = settings(backend, generation);
    run.details = details(config);
    run
}

/// The scheme, with the kind of it where the scheme has several: `torchao` of `int4_weight_only` is
/// what people write as `torchao_int4wo`. A scheme of `null` is none, which is more than not known.
fn quantization(backend: &Json) -> Option<String> {
    let keys = ["quantization_scheme", "quantize"];
    let Some(scheme) = keys.iter().find_map(|key| text(&backend[*key])) else {
        let is_null = |key: &&str| matches!(backend.get(*key), Some(Json::Null));
        return keys.iter().any(is_null).then(|| "none".to_owned());
    };
    let kind = text(&backend["quantization_config"]["quant_type"]);
    Some(match kind {
        Some(kind) => format!("{scheme}_{}", kind.replace("_weight_only", "wo")),
        None => scheme,
    })
}

/// The scenario, which versions before 0.3 called the benchmark.
fn scenario_of(config: &Json) -> &Json {
    match &config["scenario"] {
        Json::Null => &config["benchmark"],
        scenario => scenario,
    }
}

/// The shape of the inputs and the arguments of generation.
fn scenario(config: &Json) -> (&Json, &Json) {
    let scenario = scenario_of(config);
    (&scenario["input_shapes"], &scenario["generate_kwargs"])
}

fn environment(config: &Json) -> Environment {
    let (backend, machine) = (&config["backend"], &config["environment"]);
    let cpu = text(&machine["cpu"]);
    let (hardware, devices) = match text(&backend["device"]).as_deref() {
        Some("cpu") => (cpu.clone(), None),
        _ => accelerators(backend, &machine["gpu"]),
    };
    Environment {
        tool_version: text(&machine["optimum_benchmark_version"]),
        tool_commit: text(&machine["optimum_benchmark_commit"]),
        engine: text(&backend["name"]),
        engine_version: text(&backend["version"]),
        hardware,
        devices,
        cpu,
        ..Environment::default()
    }
}

/// The cards that worked and how many they are: those of `device_ids`, or all where it names none. How
/// many of all were used is then not known.
fn accelerators(backend: &Json, cards: &Json) -> (Option<String>, Option<i64>) {
    let cards: Vec<&str> = match cards {
        Json::Array(cards) => cards.iter().filter_map(Json::as_str).collect(),
        Json::String(card) => vec![card.as_str()],
        _ => Vec::new(),
    };
    let ids = match &backend["device_ids"] {
        Json::Number(id) => id.to_string(),
        ids => text(ids).unwrap_or_default(),
    };
    let ids: Option<Vec<usize>> = ids.split(',').map(|id| id.trim().parse().ok()).collect();
    let used: Option<Vec<&str>> = ids.as_ref().and_then(|ids| {
        let card = |id: &usize| cards.get(*id).copied();
        ids.iter().map(card).collect()
    });
    let devices = ids.map(|ids| ids.len() as i64);
    let mut names = used.unwrap_or(cards);
    names.dedup();
    (
        (!names.is_empty()).then(|| names.join(", ")),
        devices.filter(|_| !names.is_empty()),
    )
}

/// What separates two series; a truth that is false is the default.
fn settings(backend: &Json, generation: &Json) -> Map<String, Json> {
    let mut settings = Map::new();
    for (key, value) in backend.as_object().into_iter().flatten() {
        if !NO_SETTINGS.contains(&key.as_str()) && *value != json!(false) {
            keep(&mut settings, key, value);
        }
    }
    let generation: Map<String, Json> = generation
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| !matches!(key.as_str(), "max_new_tokens" | "min_new_tokens"))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    keep(&mut settings, "generate_kwargs", &generation.into());
    settings
}

fn details(config: &Json) -> Map<String, Json> {
    let mut details = Map::new();
    let (backend, scenario) = (&config["backend"], scenario_of(config));
    for key in ["device_ids", "seed", "model_type", "library"] {
        keep(&mut details, key, &backend[key]);
    }
    for key in ["iterations", "duration", "warmup_runs"] {
        keep(&mut details, key, &scenario[key]);
    }
    for key in ["gpu", "python_version", "transformers_version", "platform"] {
        keep(&mut details, key, &config["environment"][key]);
    }
    details
}
