//! The importer on small files that hold one trap each.

use std::path::Path;

use serde_json::json;

use crate::catalog::{Arrival, Batch, Direction, Measurement, Run, Status};
use crate::import::{ImportError, Options, read};

const OLD: &str = include_str!("../../../tests/fixtures/import/guidellm/args-and-worker.json");
const NEW: &str = include_str!("../../../tests/fixtures/import/guidellm/config.json");
const NEWEST: &str = include_str!("../../../tests/fixtures/import/guidellm/kinds.json");

fn import(text: &str) -> Batch {
    let path = Path::new("benchmarks.json");
    let (format, batch) = read(path, text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(format.name, "guidellm");
    batch
}

fn measured<'a>(batch: &'a Batch, run: &'a Run, key: &str) -> &'a Measurement {
    let is_it = |m: &&Measurement| batch.metrics[m.metric as usize].name_raw == key;
    run.measurements.iter().find(is_it).unwrap()
}

#[test]
fn the_requests_that_succeeded_count() {
    let batch = import(OLD);
    let found: Vec<_> = batch.runs[0]
        .measurements
        .iter()
        .map(|m| (&batch.metrics[m.metric as usize], m.value))
        .filter(|(metric, _)| metric.name == "ttft")
        .map(|(m, value)| {
            let task = m.task_raw.as_deref().unwrap();
            (task, m.name_raw.as_str(), m.statistic.as_str(), value)
        })
        .collect();
    let row = |key, statistic, value| ("constant", key, statistic, Some(value));
    // This distribution has no 50th percentile of its own, as in the first versions.
    assert_eq!(
        found,
        vec![
            row("time_to_first_token_ms.mean", "mean", 100.5),
            row("time_to_first_token_ms.median", "p50", 100.25),
            row("time_to_first_token_ms.std_dev", "std", 2.5),
            row("time_to_first_token_ms.p90", "p90", 103.0),
            row("time_to_first_token_ms.p95", "p95", 103.0),
            row("time_to_first_token_ms.p99", "p99", 103.0),
        ]
    );
    assert_eq!(batch.notes[0].reason, "1 of 3 requests failed");
}

#[test]
fn the_deviation_of_a_rate_is_no_spread() {
    let batch = import(OLD);
    let run = &batch.runs[0];
    let rate = measured(&batch, run, "requests_per_second.mean");
    assert_eq!((rate.value, rate.detail.clone()), (Some(2.25), None));
    assert_eq!(
        measured(&batch, run, "requests_per_second.std_dev").value,
        Some(23.5)
    );
    let latency = measured(&batch, run, "request_latency.mean");
    let detail = latency.detail.clone().unwrap();
    assert_eq!((detail.spread, detail.n), (Some(0.25), Some(2)));
}

#[test]
fn one_latency_is_in_seconds() {
    let batch = import(OLD);
    let of = |key: &str| {
        let metric = batch.metrics.iter().find(|m| m.name_raw == key).unwrap();
        (metric.unit.as_deref(), metric.factor, metric.direction)
    };
    let lower = Some(Direction::Lower);
    assert_eq!(of("request_latency.mean"), (Some("s"), 1000.0, lower));
    assert_eq!(of("time_to_first_token_ms.mean"), (Some("ms"), 1.0, lower));
    assert_eq!(of("time_to_first_token_ms.std_dev").2, None);
}

#[test]
fn old_versions_keep_the_setup_in_args_worker_and_loader() {
    let run = &import(OLD).runs[0];
    assert_eq!(run.model.as_deref(), Some("acme/aurora-7b"));
    let work = &run.workload;
    assert_eq!(
        (
            work.arrival,
            work.request_rate,
            work.concurrency,
            work.input_len,
            work.output_len
        ),
        (Some(Arrival::Rate), Some(2.5), None, Some(128), Some(64))
    );
    assert_eq!(json!(run.settings), json!({"backend": "openai_http"}));
    assert_eq!(run.details["names"], json!(["acme/aurora-tokenizer"]));
    assert_eq!(run.details["profile"], json!("sweep"));
    assert_eq!(
        run.details["distributions"]["requests_per_second"],
        json!({"min": 0.5, "max": 9.5, "count": 9, "p25": 2.0, "p999": 9.5})
    );
    assert_eq!(run.environment.engine, None);
    let started = run.started.as_ref().unwrap();
    assert_eq!(
        (started.millis, started.zone.as_deref()),
        (1_758_664_746_125, Some("UTC"))
    );
    assert_eq!(run.finished.as_ref().unwrap().millis, 1_758_664_806_250);
}

#[test]
fn values_a_request_are_kept_and_texts_are_not() {
    let batch = import(OLD);
    let vectors: Vec<_> = batch.runs[0]
        .samples
        .iter()
        .map(|s| {
            let metric = &batch.metrics[s.metric as usize];
            (metric.name.as_str(), format!("{:?}", s.values))
        })
        .collect();
    let vector = |name, values: &str| (name, values.to_owned());
    assert_eq!(
        vectors,
        vec![
            vector("input_len", "[124.0, 132.0]"),
            vector("output_len", "[64.0, 64.0]"),
            vector("e2el", "[2.25, 2.75]"),
            vector("ttft", "[98.0, 103.0]"),
            vector("tpot", "[10.5, NaN]"),
            vector("itl", "[10.75, NaN]"),
            vector("output_throughput", "[28.5, 24.5]"),
            vector("total_token_throughput", "[80.5, 70.5]"),
        ]
    );
    assert!(!format!("{batch:?}").contains("SECRET"));
}

#[test]
fn a_sample_of_the_requests_would_pass_for_all() {
    let batch = import(NEW);
    assert!(batch.runs[0].samples.is_empty());
    assert_eq!(
        batch.notes[0].reason,
        "the values of 1 of 46 requests were saved"
    );
}

#[test]
fn new_versions_keep_the_setup_in_config() {
    let batch = import(NEW);
    let [concurrent, _] = batch.runs.as_slice() else {
        panic!("{} runs", batch.runs.len());
    };
    assert_eq!(batch.tool_version.as_deref(), Some("0.5.0"));
    assert_eq!(concurrent.model.as_deref(), Some("aurora"));
    let work = &concurrent.workload;
    assert_eq!(
        (work.arrival, work.concurrency, work.input_len),
        (Some(Arrival::Closed), Some(4), Some(256))
    );
    assert_eq!(concurrent.details["request_totals"]["incomplete"], json!(1));
    assert!(!format!("{batch:?}").contains("SECRET"));
}

#[test]
fn without_a_stream_there_is_no_first_token() {
    let batch = import(NEW);
    let run = &batch.runs[0];
    for key in ["time_to_first_token_ms.mean", "time_to_first_token_ms.p99"] {
        let why = measured(&batch, run, key).why_missing();
        assert_eq!(why, Some("placeholder zero"), "{key}");
    }
}

#[test]
fn a_count_of_tokens_is_no_count_of_requests() {
    let batch = import(NEW);
    let run = &batch.runs[0];
    let n = |key| measured(&batch, run, key).detail.clone().unwrap().n;
    assert_eq!(n("request_latency.mean"), Some(46));
    assert_eq!(n("time_per_output_token_ms.mean"), None);
}

#[test]
fn zeros_of_a_failed_benchmark_are_missing() {
    let batch = import(NEW);
    let failed = &batch.runs[1];
    assert_eq!(
        failed.status,
        Status::Failed("no request was completed".to_owned())
    );
    assert_eq!(failed.workload.arrival, Some(Arrival::Burst));
    assert!(
        failed
            .measurements
            .iter()
            .all(|m| m.why_missing() == Some("placeholder zero"))
    );
    assert_eq!(failed.measurements.len(), 21);
}

#[test]
fn the_newest_versions_say_kind_for_type() {
    let batch = import(NEWEST);
    let run = &batch.runs[0];
    assert_eq!(run.model.as_deref(), Some("acme/aurora-7b"));
    assert_eq!(run.environment.engine.as_deref(), Some("vllm"));
    let work = &run.workload;
    assert_eq!(
        (
            work.arrival,
            work.concurrency,
            work.input_len,
            work.output_len
        ),
        (Some(Arrival::Single), Some(1), Some(32), Some(16))
    );
    assert_eq!(batch.metrics[0].task_raw.as_deref(), Some("synchronous"));
    assert_eq!(run.measurements[0].why_missing(), Some("nan"));
    assert_eq!(run.details.get("names"), None);
}

#[test]
fn a_list_of_benchmarks_of_another_tool_is_not_taken() {
    let text = r#"{"context": {"date": "x"}, "benchmarks": [{"name": "a", "cpu_time": 1.5}]}"#;
    let error = read(Path::new("a"), text.as_bytes(), &Options::default()).unwrap_err();
    assert!(matches!(error, ImportError::Unrecognised { .. }), "{error}");
}

#[test]
fn a_file_cut_off_is_refused_with_its_place() {
    let cut = &OLD[..OLD.len() - 200];
    let error = read(Path::new("a"), cut.as_bytes(), &Options::default()).unwrap_err();
    let last = cut.lines().count();
    assert!(
        matches!(error, ImportError::Broken { line, .. } if line == last),
        "{error}"
    );
}
