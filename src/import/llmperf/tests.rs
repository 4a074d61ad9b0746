//! The importer on small files that hold one trap each.

use std::path::Path;

use serde_json::json;

use crate::catalog::{Arrival, Batch, Direction, Measurement, Run, Status};
use crate::import::{ImportError, Options, read};

const SUMMARY: &str = include_str!("../../../tests/fixtures/import/llmperf/aurora_summary.json");
const RESPONSES: &str =
    include_str!("../../../tests/fixtures/import/llmperf/aurora_individual_responses.json");
const LEVELS: &str = include_str!("../../../tests/fixtures/import/llmperf/by-concurrency.json");

fn import(text: &str) -> Batch {
    let (format, batch) = read(Path::new("a"), text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(format.name, "llmperf");
    batch
}

fn measured<'a>(batch: &'a Batch, run: &'a Run, key: &str) -> &'a Measurement {
    let is_it = |m: &&Measurement| batch.metrics[m.metric as usize].name_raw == key;
    run.measurements.iter().find(is_it).unwrap()
}

#[test]
fn a_throughput_is_no_time_although_its_key_ends_like_one() {
    let batch = import(SUMMARY);
    let of = |key: &str| {
        let metric = batch.metrics.iter().find(|m| m.name_raw == key).unwrap();
        (
            metric.name.as_str(),
            metric.unit.as_deref(),
            metric.direction,
        )
    };
    assert_eq!(
        of("results_request_output_throughput_token_per_s_mean"),
        (
            "request_output_throughput",
            Some("tokens/s"),
            Some(Direction::Higher)
        )
    );
    assert_eq!(
        of("results_mean_output_throughput_token_per_s"),
        (
            "output_throughput",
            Some("tokens/s"),
            Some(Direction::Higher)
        )
    );
    assert_eq!(
        of("results_ttft_s_quantiles_p99"),
        ("ttft", Some("s"), Some(Direction::Lower))
    );
    assert_eq!(of("results_ttft_s_stddev"), ("ttft", Some("s"), None));
}

#[test]
fn a_mean_has_its_spread_over_the_completed_requests() {
    let batch = import(SUMMARY);
    let mean = measured(&batch, &batch.runs[0], "results_ttft_s_mean");
    let detail = mean.detail.clone().unwrap();
    assert_eq!(
        (mean.value, detail.spread, detail.n),
        (Some(0.21875), Some(0.03125), Some(2))
    );
}

#[test]
fn the_run_says_model_load_and_time() {
    let run = &import(SUMMARY).runs[0];
    assert_eq!(run.model.as_deref(), Some("acme/aurora-7b"));
    assert_eq!(run.label.as_deref(), Some("acme-aurora-7b_550_150_summary"));
    let work = &run.workload;
    assert_eq!(
        (
            work.arrival,
            work.concurrency,
            work.requests,
            work.input_len,
            work.output_len
        ),
        (
            Some(Arrival::Closed),
            Some(5),
            Some(3),
            Some(550),
            Some(150)
        )
    );
    // 2023-12-21T05:22:09Z by `date -u -d @1703136129`.
    let started = run.started.as_ref().unwrap();
    assert_eq!(
        (started.millis, started.precision),
        (1_703_136_129_000, 1000)
    );
    assert_eq!(
        json!(run.settings),
        json!({"stddev_input_tokens": 150, "stddev_output_tokens": 0, "framework": "acme-cloud"})
    );
    assert_eq!(run.environment.tool_version.as_deref(), Some("2023-08-31"));
}

#[test]
fn numbers_written_as_texts_stay_with_the_run() {
    let batch = import(SUMMARY);
    assert_eq!(
        json!(batch.runs[0].details),
        json!({
            "results_number_input_tokens_min": "549", "results_number_input_tokens_max": "552",
            "results_error_code_frequency": "{503: 1}", "api": "https://api.example/v1"
        })
    );
    assert_eq!(batch.runs[0].measurements.len(), 15);
    assert_eq!(batch.notes, vec![]);
}

/// The summary with these responses beside it.
fn import_with(responses: &str) -> Batch {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("aurora_individual_responses.json");
    std::fs::write(path, responses).unwrap();
    let path = folder.path().join("aurora_summary.json");
    let (_, batch) = read(&path, SUMMARY.as_bytes(), &Options::default()).unwrap();
    batch
}

#[test]
fn the_responses_beside_the_summary_are_its_samples() {
    let batch = import_with(RESPONSES);
    let vectors: Vec<_> = batch.runs[0]
        .samples
        .iter()
        .map(|s| {
            let metric = &batch.metrics[s.metric as usize];
            (metric.name_raw.as_str(), format!("{:?}", s.values))
        })
        .collect();
    assert_eq!(vectors.len(), 7);
    assert_eq!(vectors[0], ("ttft_s", "[0.1875, NaN, 0.25]".to_owned()));
    assert_eq!(
        vectors[6],
        ("number_total_tokens", "[700.0, NaN, 701.0]".to_owned())
    );
    assert!(!format!("{:?}", batch.runs).contains("SECRET"));
}

#[test]
fn a_part_of_the_responses_would_pass_for_all() {
    let one = r#"[{"error_code": null, "ttft_s": 0.5, "end_to_end_latency_s": 1.5}]"#;
    let batch = import_with(one);
    assert!(batch.runs[0].samples.is_empty());
    assert_eq!(batch.notes[0].reason, "holds 1 of the 2 requests completed");
}

#[test]
fn the_responses_by_themselves_are_a_side_file() {
    let error = read(Path::new("a"), RESPONSES.as_bytes(), &Options::default()).unwrap_err();
    assert!(matches!(error, ImportError::SideFile { .. }), "{error}");
}

#[test]
fn a_fork_writes_one_run_a_level() {
    let batch = import(LEVELS);
    let [one, sixteen, failed] = batch.runs.as_slice() else {
        panic!("{} runs", batch.runs.len());
    };
    assert_eq!(one.model, None);
    let levels: Vec<_> = batch.runs.iter().map(|r| r.workload.concurrency).collect();
    assert_eq!(levels, vec![Some(1), Some(16), Some(64)]);
    assert_eq!(
        measured(&batch, one, "results_ttft_s_quantiles_p50").value,
        Some(0.125)
    );
    let mean = measured(&batch, one, "results_ttft_s_mean");
    let detail = mean.detail.clone().unwrap();
    assert_eq!((detail.spread, detail.n), (Some(0.015_625), Some(8)));
    assert_eq!(
        measured(&batch, sixteen, "results_ttft_s_quantiles_p50").value,
        Some(0.5)
    );
    assert_eq!(
        measured(&batch, sixteen, "results_end_to_end_latency_s_mean").why_missing(),
        Some("nan")
    );
    assert_eq!(
        failed.status,
        Status::Failed("no request was completed".to_owned())
    );
    for key in [
        "results_ttft_s_mean",
        "results_mean_output_throughput_token_per_s",
    ] {
        let why = measured(&batch, failed, key).why_missing();
        assert_eq!(why, Some("placeholder zero"), "{key}");
    }
    assert_eq!(
        measured(&batch, failed, "results_error_rate").value,
        Some(1.0)
    );
}

#[test]
fn an_object_of_numbers_of_another_tool_is_not_taken() {
    let text = r#"{"1": {"latency": 0.5}, "2": {"latency": 0.75}}"#;
    let error = read(Path::new("a"), text.as_bytes(), &Options::default()).unwrap_err();
    assert!(matches!(error, ImportError::Unrecognised { .. }), "{error}");
}

#[test]
fn a_file_cut_off_is_refused_with_its_place() {
    let cut = &SUMMARY[..SUMMARY.len() - 40];
    let error = read(Path::new("a"), cut.as_bytes(), &Options::default()).unwrap_err();
    assert!(
        matches!(error, ImportError::Broken { line: 9, .. }),
        "{error}"
    );
}
