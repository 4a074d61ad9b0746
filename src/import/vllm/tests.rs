//! The importer on small files that hold one trap each.

use std::path::Path;

use serde_json::json;

use crate::catalog::{Arrival, Batch, Direction, Identity, Measurement, Run, Status};
use crate::import::{ImportError, Options, read};

const DETAILED: &str = include_str!("../../../tests/fixtures/import/vllm/serve-detailed.json");
const FAILED: &str = include_str!("../../../tests/fixtures/import/vllm/serve-failed.json");
const SWEEP: &str = include_str!("../../../tests/fixtures/import/vllm/sweep-summary.json");
const THROUGHPUT: &str = include_str!("../../../tests/fixtures/import/vllm/throughput.json");
const LATENCY: &str = include_str!("../../../tests/fixtures/import/vllm/latency.json");

fn import(text: &str) -> Batch {
    let (format, batch) = read(Path::new("a"), text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(format.name, "vllm");
    batch
}

fn measured<'a>(batch: &'a Batch, run: &'a Run, key: &str) -> &'a Measurement {
    let is_it = |m: &&Measurement| batch.metrics[m.metric as usize].name_raw == key;
    run.measurements.iter().find(is_it).unwrap()
}

fn value(batch: &Batch, run: &Run, key: &str) -> Option<f64> {
    measured(batch, run, key).value
}

#[test]
fn every_percentile_is_read_under_its_own_name() {
    let batch = import(DETAILED);
    let names: Vec<_> = batch
        .metrics
        .iter()
        .filter(|m| m.name == "ttft")
        .map(|m| {
            (
                m.name_raw.as_str(),
                m.statistic.as_str(),
                m.direction,
                m.unit.as_deref(),
            )
        })
        .collect();
    let lower = Some(Direction::Lower);
    assert_eq!(
        names,
        vec![
            ("mean_ttft_ms", "mean", lower, Some("ms")),
            ("median_ttft_ms", "p50", lower, Some("ms")),
            ("std_ttft_ms", "std", None, Some("ms")),
            ("p50_ttft_ms", "p50", lower, Some("ms")),
            ("p99.9_ttft_ms", "p99.9", lower, Some("ms")),
            ("ttfts", "each", lower, Some("s")),
        ]
    );
    let mean = measured(&batch, &batch.runs[0], "mean_ttft_ms")
        .detail
        .clone()
        .unwrap();
    assert_eq!((mean.spread, mean.n), (Some(25.5), Some(3)));
}

#[test]
fn values_a_request_are_kept_and_texts_are_not() {
    let batch = import(DETAILED);
    let run = &batch.runs[0];
    let vectors: Vec<_> = run
        .samples
        .iter()
        .map(|s| {
            let metric = &batch.metrics[s.metric as usize];
            (
                metric.name_raw.as_str(),
                metric.qualifier.as_str(),
                format!("{:?}", s.values),
            )
        })
        .collect();
    let vector = |key, of, values: &str| (key, of, values.to_owned());
    assert_eq!(
        vectors,
        vec![
            vector("input_lens", "", "[128.0, 128.0, 128.0]"),
            vector("output_lens", "", "[3.0, 1.0, 0.0]"),
            vector("ttfts", "", "[0.25, 0.5, NaN]"),
            vector("itls", "", "[0.0625, 0.1875]"),
            vector("itls", "count", "[2.0, 0.0, 0.0]"),
        ]
    );
    let shown = format!("{batch:?}");
    assert!(!shown.contains("SECRET"), "{shown}");
}

#[test]
fn the_load_is_the_workload_and_not_a_setting() {
    let batch = import(DETAILED);
    let run = &batch.runs[0];
    let work = &run.workload;
    assert_eq!(
        (work.arrival, work.request_rate),
        (Some(Arrival::Rate), Some(2.5))
    );
    assert_eq!(
        (work.concurrency, work.requests, work.tp),
        (Some(4), Some(3), Some(2))
    );
    assert_eq!(run.model.as_deref(), Some("aurora"));
    assert_eq!(run.details["names"], json!(["acme/aurora-7b"]));
    assert_eq!(
        json!(run.settings),
        json!({"backend": "vllm", "burstiness": 0.5})
    );
    let started = run.started.as_ref().unwrap();
    assert_eq!((started.precision, started.zone.as_deref()), (1000, None));
    assert_eq!(
        run.identity,
        Identity::Key(
            ["aurora", "20250914-015043", "4", "2.5", "3", "12.5"]
                .map(str::to_owned)
                .to_vec()
        )
    );
}

#[test]
fn zeros_of_a_failed_run_are_missing() {
    let batch = import(FAILED);
    let run = &batch.runs[0];
    assert_eq!(
        run.status,
        Status::Failed("no request was completed".into())
    );
    for key in [
        "request_throughput",
        "output_throughput",
        "mean_ttft_ms",
        "p99_ttft_ms",
    ] {
        let why = measured(&batch, run, key).why_missing();
        assert_eq!(why, Some("placeholder zero"), "{key}");
    }
    assert_eq!(value(&batch, run, "completed"), Some(0.0));
    assert_eq!(value(&batch, run, "duration"), Some(3.25));
    assert_eq!(batch.notes[0].reason, "0 of 8 requests were completed");
    assert_eq!(run.workload.arrival, Some(Arrival::Burst));
}

#[test]
fn a_sweep_is_one_run_an_element() {
    let batch = import(SWEEP);
    let [first, second] = batch.runs.as_slice() else {
        panic!("{} runs", batch.runs.len());
    };
    assert_eq!(first.settings["max_num_seqs"], json!(4));
    assert_eq!(second.details["run_number"], json!(1));
    assert_eq!(first.workload.arrival, Some(Arrival::Closed));
    assert_eq!(value(&batch, second, "output_throughput"), Some(199.5));
    assert_eq!(
        measured(&batch, second, "mean_tpot_ms").why_missing(),
        Some("placeholder zero"),
        "one token a request has no time per output token"
    );
    assert_eq!(first.environment.engine, None);
}

#[test]
fn lines_are_runs_too_and_a_broken_one_is_named() {
    let line = serde_json::from_str::<serde_json::Value>(DETAILED)
        .unwrap()
        .to_string();
    assert_eq!(import(&format!("{line}\n{line}\n")).runs.len(), 2);
    let broken = format!("{line}\n\n{}", &line[..40]);
    let error = read(Path::new("a.jsonl"), broken.as_bytes(), &Options::default()).unwrap_err();
    assert!(
        matches!(error, ImportError::Broken { line: 3, .. }),
        "{error}"
    );
}

#[test]
fn offline_throughput_counts_prompt_and_generated_tokens() {
    let batch = import(THROUGHPUT);
    let run = &batch.runs[0];
    assert_eq!(run.model, None);
    let names: Vec<_> = batch
        .metrics
        .iter()
        .map(|m| (m.name_raw.as_str(), m.name.as_str()))
        .collect();
    assert_eq!(
        names,
        vec![
            ("requests_per_second", "request_throughput"),
            ("tokens_per_second", "total_token_throughput"),
            ("elapsed_time", "duration"),
        ]
    );
    assert_eq!(run.workload.output_len, Some(2048));
    assert!(run.settings.is_empty());
}

#[test]
fn offline_latency_is_in_seconds_a_batch() {
    let batch = import(LATENCY);
    let run = &batch.runs[0];
    assert_eq!(value(&batch, run, "avg_latency"), Some(84.25));
    assert_eq!(value(&batch, run, "latency_p99"), Some(84.5));
    let metric = &batch.metrics[0];
    assert_eq!(
        (metric.factor, metric.base_unit.as_deref()),
        (1000.0, Some("ms"))
    );
    assert_eq!(run.samples[0].values, vec![84.0, 84.5]);
}

#[test]
fn a_line_of_sglang_is_not_taken() {
    let line = r#"{"backend": "sglang", "model_id": "m", "request_throughput": 1.0,
        "total_output_tokens_retokenized": 3}"#;
    let (format, _) = read(Path::new("a"), line.as_bytes(), &Options::default()).unwrap();
    assert_eq!(format.name, "sglang");
}
