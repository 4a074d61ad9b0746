//! Results of SGLang's `bench_serving`: one line a run, appended to whatever the file held before,
//! also by runs of another model. Old versions write no model at all, none writes a date.
//!
//! Knows nothing of vLLM, whose keys look alike: what both share is in `serving`. A metric is one row
//! of `METRICS`, a server's setting that separates two series one of `SERVER`.

use serde_json::{Map, Value as Json};

use super::fields::{keep, take_text, take_whole, text, whole};
use super::serving::{Record, Row, add_vectors, keep_rest, load, measure_all, status};
use super::{Format, ImportError, Input, Options, Shape, Sniff, json};
use crate::catalog::{Batch, Environment, Run, Workload};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "sglang",
    tool: "SGLang",
    recognised_by: "JSON Lines with `backend` and `total_output_tokens_retokenized` or `sharegpt_output_len`",
    reads: "one run a line: throughputs, TTFT, TPOT, ITL and end-to-end latency with all their percentiles, token counts; load, server settings; per-request values when saved, never texts",
    detect,
    read,
};

/// Metrics that are not latencies: key, canonical name, unit.
#[rustfmt::skip]
const METRICS: [Row; 15] = [
    ("duration", "duration", Some("s")),
    ("completed", "completed", Some("requests")),
    ("total_input_tokens", "total_input_tokens", Some("tokens")),
    ("total_input_text_tokens", "total_input_text_tokens", Some("tokens")),
    ("total_input_vision_tokens", "total_input_vision_tokens", Some("tokens")),
    ("total_output_tokens", "total_output_tokens", Some("tokens")),
    ("total_output_tokens_retokenized", "total_output_tokens_retokenized", Some("tokens")),
    ("request_throughput", "request_throughput", Some("requests/s")),
    ("input_throughput", "input_throughput", Some("tokens/s")),
    ("output_throughput", "output_throughput", Some("tokens/s")),
    ("total_throughput", "total_token_throughput", Some("tokens/s")),
    ("max_output_tokens_per_s", "peak_output_throughput", Some("tokens/s")),
    ("max_concurrent_requests", "peak_concurrency", Some("requests")),
    // What was in flight on average; what was asked for is `max_concurrency`.
    ("concurrency", "request_concurrency", Some("requests")),
    ("accept_length", "accept_length", Some("tokens")),
];

/// Settings of the server that separate two series, and the value that says nothing.
const SERVER: [(&str, &str); 20] = [
    ("dp_size", "1"),
    ("pp_size", "1"),
    ("ep_size", "1"),
    ("nnodes", "1"),
    ("attention_backend", ""),
    ("sampling_backend", ""),
    ("moe_runner_backend", "\"auto\""),
    ("kv_cache_dtype", "\"auto\""),
    ("context_length", ""),
    ("mem_fraction_static", ""),
    ("max_running_requests", ""),
    ("max_total_tokens", ""),
    ("chunked_prefill_size", ""),
    ("schedule_policy", "\"fcfs\""),
    ("disable_radix_cache", "false"),
    ("disable_cuda_graph", "false"),
    ("enable_dp_attention", "false"),
    ("enable_torch_compile", "false"),
    ("speculative_algorithm", ""),
    ("speculative_num_steps", ""),
];

fn detect(sniff: &Sniff<'_>) -> bool {
    let is_json = matches!(sniff.shape, Shape::Object { .. } | Shape::Lines { .. });
    let own = ["total_output_tokens_retokenized", "sharegpt_output_len"];
    is_json && sniff.has("backend") && own.iter().any(|key| sniff.has(key))
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    // One run alone may be spread over several lines by who looked at it.
    if matches!(input.sniff.shape, Shape::Object { .. }) {
        let record = input.sniff.parse(input.path)?;
        let run = run(record, "$", &mut batch);
        batch.runs.push(run);
        return Ok(batch);
    }
    for (number, line) in json::lines(input.sniff.bytes) {
        let record = json::parse_from(input.path, number, line)?;
        let run = run(record, &format!("line {number}"), &mut batch);
        batch.runs.push(run);
    }
    Ok(batch)
}

fn run(record: Record, place: &str, batch: &mut Batch) -> Run {
    let Record {
        mut fields,
        vectors,
        gaps,
    } = record;
    let mut run = Run {
        status: status(&fields),
        workload: workload(&mut fields),
        label: take_text(&mut fields, "tag"),
        ..Run::default()
    };
    measure_all(&mut fields, &METRICS, &mut run, batch);
    let backend = take_text(&mut fields, "backend");
    run.environment = Environment {
        tool: Some(FORMAT.tool.to_owned()),
        // `sglang-oai-chat` is the same engine behind another protocol.
        engine: backend
            .as_deref()
            .and_then(|name| name.split('-').next())
            .map(str::to_owned),
        ..Environment::default()
    };
    if let Some(backend) = backend {
        run.settings.insert("backend".to_owned(), backend.into());
    }
    if let Some(server) = fields.shift_remove("server_info") {
        describe_server(&server, &mut run);
    }
    // No version writes these, but authors add them to tell the lines apart.
    let named = ["model", "model_id"].map(|key| take_text(&mut fields, key));
    run.model = run.model.or_else(|| named.into_iter().flatten().next());
    add_vectors(&mut run, batch, vectors, gaps);
    keep_rest(fields, &mut run, place, batch);
    run
}

/// The load and the lengths. Every line holds the lengths of every data set, with their defaults:
/// only those of the data set in use say something.
fn workload(fields: &mut Map<String, Json>) -> Workload {
    let load = load(fields);
    let dataset = take_text(fields, "dataset_name");
    let is = |start: &str| dataset.as_deref().is_some_and(|d| d.starts_with(start));
    let mut lengths = (None, None);
    if is("random") || is("image") {
        lengths.0 = take_whole(fields, &["random_input_len"]);
        lengths.1 = take_whole(fields, &["random_output_len"]);
        fields.shift_remove("sharegpt_output_len");
    } else if dataset.is_some() {
        if is("sharegpt") {
            lengths.1 = take_whole(fields, &["sharegpt_output_len"]);
        }
        for key in [
            "random_input_len",
            "random_output_len",
            "random_range_ratio",
        ] {
            fields.shift_remove(key);
        }
    }
    Workload {
        input_len: lengths.0,
        output_len: lengths.1,
        dataset,
        ..load
    }
}

/// What the server said about itself.
fn describe_server(server: &Json, run: &mut Run) {
    let served = text(&server["served_model_name"]);
    run.model = text(&server["model_path"]).or_else(|| served.clone());
    if let Some(other) = served.filter(|other| run.model.as_ref() != Some(other)) {
        run.details.insert("names".to_owned(), vec![other].into());
    }
    run.revision = text(&server["revision"]);
    run.quantization = text(&server["quantization"]);
    run.dtype = text(&server["dtype"]).filter(|dtype| dtype != "auto");
    run.workload.tp = whole(&server["tp_size"]);
    run.environment.engine_version = text(&server["version"]);
    for (key, default) in SERVER {
        let setting = &server[key];
        let written = setting.to_string();
        if written != default {
            keep(&mut run.settings, key, setting);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::super::read;
    use super::*;
    use crate::catalog::{Arrival, Measurement, Status};

    const OLD: &str = include_str!("../../tests/fixtures/import/sglang/no-model.jsonl");
    const NEW: &str = include_str!("../../tests/fixtures/import/sglang/server-info.jsonl");

    fn import(text: &str) -> Batch {
        let path = Path::new("a.jsonl");
        let (format, batch) = read(path, text.as_bytes(), &Options::default()).unwrap();
        assert_eq!(format.name, "sglang");
        batch
    }

    /// Key, canonical name, statistic and value of every measurement of a run.
    fn rows<'a>(batch: &'a Batch, run: &'a Run) -> Vec<(&'a str, &'a str, &'a str, Option<f64>)> {
        let row = |m: &Measurement| {
            let metric = &batch.metrics[m.metric as usize];
            (
                metric.name_raw.as_str(),
                metric.name.as_str(),
                metric.statistic.as_str(),
                m.value,
            )
        };
        run.measurements.iter().map(row).collect()
    }

    #[test]
    fn a_line_is_a_run_and_equal_settings_are_no_reason_to_drop_one() {
        let batch = import(OLD);
        let [first, second, third] = batch.runs.as_slice() else {
            panic!("{} runs", batch.runs.len());
        };
        assert_eq!(
            rows(&batch, first),
            vec![
                (
                    "total_input_tokens",
                    "total_input_tokens",
                    "value",
                    Some(4096.0)
                ),
                (
                    "total_output_tokens_retokenized",
                    "total_output_tokens_retokenized",
                    "value",
                    Some(2040.0)
                ),
                ("mean_e2e_latency_ms", "e2el", "mean", Some(5250.5)),
                ("median_e2e_latency_ms", "e2el", "p50", Some(5200.25)),
                ("median_ttft_ms", "ttft", "p50", Some(125.5)),
                (
                    "output_throughput",
                    "output_throughput",
                    "value",
                    Some(512.5)
                ),
                ("duration", "duration", "value", Some(4.0)),
                ("completed", "completed", "value", Some(16.0)),
            ]
        );
        assert_eq!((&first.model, &first.started), (&None, &None));
        assert_eq!(first.workload, second.workload);
        assert_eq!(first.settings, second.settings);
        assert_ne!(rows(&batch, first), rows(&batch, second));
        assert_eq!(third.workload.arrival, Some(Arrival::Rate));
        assert_eq!(third.workload.request_rate, Some(2.5));
    }

    #[test]
    fn a_rate_of_infinity_is_no_limit() {
        let batch = import(OLD);
        let run = &batch.runs[0];
        assert_eq!(run.workload.arrival, Some(Arrival::Burst));
        assert_eq!(run.workload.request_rate, None);
        assert_eq!(run.workload.input_len, Some(256));
        assert_eq!(run.workload.dataset.as_deref(), Some("random"));
        assert_eq!(
            json!(run.settings),
            json!({"backend": "sglang", "random_range_ratio": 0.0})
        );
        assert_eq!(run.environment.engine.as_deref(), Some("sglang"));
    }

    #[test]
    fn the_server_says_model_and_settings_and_its_defaults_say_nothing() {
        let batch = import(NEW);
        let run = &batch.runs[0];
        assert_eq!(run.model.as_deref(), Some("acme/aurora-7b-fp8"));
        assert_eq!(run.details["names"], json!(["aurora"]));
        assert_eq!(run.quantization.as_deref(), Some("fp8"));
        assert_eq!(run.dtype, None);
        assert_eq!(run.workload.tp, Some(2));
        assert_eq!(run.workload.arrival, Some(Arrival::Closed));
        assert_eq!(run.environment.engine_version.as_deref(), Some("0.5.4"));
        assert_eq!(run.label.as_deref(), Some("nightly"));
        assert_eq!(
            json!(run.settings),
            json!({"backend": "sglang-oai-chat", "attention_backend": "fa3", "disable_radix_cache": true})
        );
        assert_eq!(batch.notes, vec![]);
    }

    #[test]
    fn a_trace_gives_the_rate_and_an_author_the_model() {
        let run = &import(NEW).runs[1];
        assert_eq!(run.model.as_deref(), Some("acme/aurora-1b"));
        assert_eq!(run.workload.arrival, None);
        assert_eq!(
            json!(run.settings),
            json!({"request_rate": "trace", "backend": "vllm"})
        );
    }

    #[test]
    fn lengths_of_a_data_set_that_was_not_used_are_not_the_workload() {
        let run = &import(NEW).runs[0];
        assert_eq!(run.workload.dataset.as_deref(), Some("sharegpt"));
        assert_eq!(
            (run.workload.input_len, run.workload.output_len),
            (None, Some(64))
        );
    }

    #[test]
    fn values_a_request_are_kept_and_texts_are_not() {
        let batch = import(NEW);
        let vectors: Vec<_> = batch.runs[0]
            .samples
            .iter()
            .map(|s| {
                let metric = &batch.metrics[s.metric as usize];
                (metric.name_raw.as_str(), format!("{:?}", s.values))
            })
            .collect();
        assert_eq!(
            vectors,
            vec![
                ("input_lens", "[100.0, 200.0]".to_owned()),
                ("output_lens", "[64.0, 0.0]".to_owned()),
                ("ttfts", "[0.25, NaN]".to_owned()),
                ("itls", "[0.0625, 0.0, 0.03125]".to_owned()),
                ("itls", "[3.0, 0.0]".to_owned()),
            ]
        );
        let mean = &batch.runs[0].measurements[0].detail;
        assert_eq!(mean.as_ref().and_then(|d| d.spread), Some(12.5));
        let shown = format!("{batch:?}");
        assert!(!shown.contains("SECRET"), "{shown}");
    }

    #[test]
    fn zeros_of_a_failed_run_are_missing() {
        let line = OLD.lines().next().unwrap();
        let failed = line
            .replace("\"completed\": 16", "\"completed\": 0")
            .replace("512.5", "0.0");
        let batch = import(&failed);
        let run = &batch.runs[0];
        assert_eq!(
            run.status,
            Status::Failed("no request was completed".to_owned())
        );
        let throughput = rows(&batch, run)[5];
        assert_eq!((throughput.0, throughput.3), ("output_throughput", None));
        assert_eq!(
            run.measurements[5].why_missing(),
            Some("placeholder zero"),
            "{run:?}"
        );
    }

    #[test]
    fn a_line_cut_off_is_named() {
        let cut = &OLD[..OLD.len() - 30];
        let error = read(Path::new("a"), cut.as_bytes(), &Options::default()).unwrap_err();
        assert!(
            matches!(error, ImportError::Broken { line: 3, .. }),
            "{error}"
        );
    }
}
