//! What a run was asked to do and on which cards: the configuration and the telemetry. Addresses,
//! folders and the command line, which holds both, are not kept.

use serde_json::{Map, Value as Json, json};

use super::super::fields::{keep, number, text, whole};
use crate::catalog::{Arrival, Run};

/// Takes model, load, lengths and settings from `input_config`.
pub(super) fn describe(config: &Json, run: &mut Run) {
    let (endpoint, load) = (&config["endpoint"], load_of(config));
    describe_models(config, run);
    let prompt = &config["input"]["prompt"];
    let work = &mut run.workload;
    work.concurrency = whole(&load["concurrency"]);
    work.request_rate = number(&load["request_rate"]).filter(|rate| *rate > 0.0);
    work.arrival = match (work.request_rate, work.concurrency) {
        (Some(_), _) => Some(Arrival::Rate),
        (None, Some(_)) => Some(Arrival::Closed),
        (None, None) => None,
    };
    work.requests = whole(&load["request_count"]);
    work.input_len = whole(&prompt["input_tokens"]["mean"]);
    work.output_len = whole(&prompt["output_tokens"]["mean"]);
    work.dataset = text(&config["input"]["public_dataset"]);
    for (key, setting) in [
        ("endpoint_type", &endpoint["type"]),
        ("streaming", &endpoint["streaming"]),
        ("extra", &extra(&config["input"]["extra"])),
        ("arrival_pattern", &load["arrival_pattern"]),
    ] {
        keep(&mut run.settings, key, setting);
    }
    for (key, of) in [
        ("input_tokens_stddev", "input_tokens"),
        ("output_tokens_stddev", "output_tokens"),
    ] {
        let spread = &prompt[of]["stddev"];
        // Not written means none.
        if number(spread) != Some(0.0) {
            keep(&mut run.settings, key, spread);
        }
    }
    for key in ["warmup_request_count", "benchmark_duration"] {
        keep(&mut run.details, key, &load[key]);
    }
    keep(
        &mut run.details,
        "random_seed",
        &config["input"]["random_seed"],
    );
}

/// The load: `loadgen`, or the phase that newer versions measure.
fn load_of(config: &Json) -> &Json {
    match &config["loadgen"] {
        Json::Null => &config["phases"]["profiling"],
        load => load,
    }
}

/// The models that shared the load, each by its name; mostly it is one.
fn describe_models(config: &Json, run: &mut Run) {
    let names = |list: &Json| -> Vec<String> {
        let name = |model: &Json| text(model).or_else(|| text(&model["name"]));
        list.as_array()
            .into_iter()
            .flatten()
            .filter_map(name)
            .collect()
    };
    let mut found = names(&config["endpoint"]["model_names"]);
    found.extend(names(&config["models"]["items"]));
    found.dedup();
    run.model = (!found.is_empty()).then(|| found.join(", "));
    let tokenizer = text(&config["tokenizer"]["name"]);
    if let Some(other) = tokenizer.filter(|other| run.model.as_ref() != Some(other)) {
        run.details.insert("names".to_owned(), vec![other].into());
    }
}

/// Fields added to every request: an object, or a list of pairs.
fn extra(extra: &Json) -> Json {
    let Json::Array(pairs) = extra else {
        return extra.clone();
    };
    let pair = |pair: &Json| match pair.as_array()?.as_slice() {
        [Json::String(key), value] => Some((key.clone(), value.clone())),
        _ => None,
    };
    let fields: Map<String, Json> = pairs.iter().filter_map(pair).collect();
    fields.into()
}

/// The cards that telemetry watched: their names, how many, and the averages of what it measured.
pub(super) fn describe_cards(telemetry: &Json, run: &mut Run) {
    let (mut names, mut kept, mut count) = (Vec::new(), Map::new(), 0);
    let endpoints = telemetry["endpoints"].as_object().into_iter().flatten();
    for (_, endpoint) in endpoints {
        for (_, card) in endpoint["gpus"].as_object().into_iter().flatten() {
            names.extend(text(&card["gpu_name"]));
            // The address of an exporter says nothing to others; the order does.
            keep(
                &mut kept,
                &format!("gpu{count}"),
                &averages(&card["metrics"]).into(),
            );
            count += 1;
        }
    }
    names.dedup();
    if !names.is_empty() {
        run.environment.hardware = Some(names.join(", "));
        run.environment.devices = Some(count);
    }
    keep(&mut run.details, "telemetry", &kept.into());
}

/// `{"gpu_power_usage": {"unit": "W", "avg": 129.5}, …}`.
fn averages(metrics: &Json) -> Map<String, Json> {
    let average = |(key, block): (&String, &Json)| {
        let short = json!({"unit": block["unit"], "avg": block["avg"]});
        number(&block["avg"]).map(|_| (key.clone(), short))
    };
    let metrics = metrics.as_object().into_iter().flatten();
    metrics.filter_map(average).collect()
}

/// How many requests failed for which reason, without what the server wrote.
pub(super) fn errors(summary: &Json) -> Json {
    let error = |error: &Json| {
        let details = &error["error_details"];
        json!({"code": details["code"], "type": details["type"], "count": error["count"]})
    };
    let list = summary.as_array().into_iter().flatten();
    list.map(error).collect::<Vec<_>>().into()
}
