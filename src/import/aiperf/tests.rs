//! The importer on small files that hold one trap each.

use std::path::Path;

use serde_json::json;

use crate::catalog::{Arrival, Batch, Direction, Kind, Measurement, Metric, Run, Status};
use crate::import::{ImportError, Options, read};

const SUMMARY: &str = include_str!("../../../tests/fixtures/import/aiperf/run_aiperf.json");
const RECORDS: &str = include_str!("../../../tests/fixtures/import/aiperf/run.jsonl");

fn import(text: &str) -> Batch {
    let path = Path::new("alone/run_aiperf.json");
    let (format, batch) = read(path, text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(format.name, "aiperf");
    batch
}

/// The summary with these records beside it.
fn import_with(records: &str) -> Result<Batch, ImportError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("run.jsonl"), records).unwrap();
    let path = folder.path().join("run_aiperf.json");
    let (_, batch) = read(&path, SUMMARY.as_bytes(), &Options::default())?;
    Ok(batch)
}

fn measured<'a>(batch: &'a Batch, run: &'a Run, key: &str) -> (&'a Metric, &'a Measurement) {
    let pairs = run.measurements.iter().map(|m| {
        let metric = &batch.metrics[m.metric as usize];
        (metric, m)
    });
    pairs
        .into_iter()
        .find(|(metric, _)| metric.name_raw == key)
        .unwrap()
}

#[test]
fn a_block_is_one_value_a_statistic() {
    let batch = import(SUMMARY);
    let found: Vec<_> = batch.runs[0]
        .measurements
        .iter()
        .map(|m| &batch.metrics[m.metric as usize])
        .filter(|metric| metric.name == "e2el")
        .map(|m| (m.name_raw.as_str(), m.statistic.as_str(), m.direction))
        .collect();
    let lower = Some(Direction::Lower);
    assert_eq!(
        found,
        vec![
            ("request_latency.avg", "mean", lower),
            ("request_latency.p1", "p1", lower),
            ("request_latency.p99.9", "p99.9", lower),
            ("request_latency.min", "min", lower),
            ("request_latency.max", "max", lower),
            ("request_latency.std", "std", None),
        ]
    );
}

#[test]
fn an_average_has_its_spread_and_its_n_where_they_are_known() {
    let batch = import(SUMMARY);
    let run = &batch.runs[0];
    let detail = |key| measured(&batch, run, key).1.detail.clone().unwrap();
    let latency = detail("request_latency.avg");
    assert_eq!((latency.spread, latency.n), (Some(70.25), Some(2)));
    let counted = detail("inter_token_latency.avg");
    assert_eq!((counted.spread, counted.n), (Some(0.5), Some(3)));
    let second = measured(&batch, run, "time_to_second_token.avg").1;
    assert_eq!((second.value, second.detail.clone()), (Some(17.5), None));
    let spread = measured(&batch, run, "time_to_second_token.std").1;
    assert_eq!(spread.why_missing(), Some("nan"));
}

#[test]
fn one_value_of_the_whole_run_is_no_mean() {
    let batch = import(SUMMARY);
    let run = &batch.runs[0];
    let (metric, value) = measured(&batch, run, "output_token_throughput.avg");
    assert_eq!(
        (metric.name.as_str(), metric.statistic.as_str(), value.value),
        ("output_throughput", "value", Some(50.5))
    );
    let duration = measured(&batch, run, "benchmark_duration.avg").0;
    assert_eq!((duration.direction, duration.factor), (None, 1000.0));
}

#[test]
fn a_throughput_a_user_is_not_the_throughput() {
    let batch = import(SUMMARY);
    let run = &batch.runs[0];
    let metric = measured(&batch, run, "output_token_throughput_per_user.avg").0;
    assert_eq!(metric.name, "output_throughput_per_user");
    assert_eq!(
        (metric.kind, metric.direction),
        (Some(Kind::Speed), Some(Direction::Higher))
    );
    let spread = measured(&batch, run, "output_token_throughput_per_user.std").0;
    assert_eq!(spread.direction, None);
}

#[test]
fn a_moment_is_no_latency_and_a_share_no_score() {
    let batch = import(SUMMARY);
    let of = |key| {
        let metric = measured(&batch, &batch.runs[0], key).0;
        (metric.kind, metric.direction)
    };
    assert_eq!(of("min_request_timestamp.avg"), (None, None));
    assert_eq!(of("usage_share.avg"), (None, None));
}

#[test]
fn the_run_says_model_load_and_cards_but_no_address() {
    let batch = import(SUMMARY);
    let run = &batch.runs[0];
    assert_eq!(run.model.as_deref(), Some("acme/aurora-7b"));
    assert_eq!(run.details["names"], json!(["acme/aurora-tokenizer"]));
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
            Some(2),
            Some(3),
            Some(100),
            Some(200)
        )
    );
    assert_eq!(
        json!(run.settings),
        json!({
            "endpoint_type": "chat", "streaming": true, "output_tokens_stddev": 8.5,
            "extra": {"min_tokens": 200, "ignore_eos": true}
        })
    );
    let environment = &run.environment;
    assert_eq!(environment.hardware.as_deref(), Some("ACME X1"));
    assert_eq!(environment.devices, Some(2));
    assert_eq!(environment.tool_version.as_deref(), Some("0.4.0"));
    assert_eq!(
        run.details["telemetry"],
        json!({"gpu0": {"gpu_power_usage": {"unit": "W", "avg": 129.5}}})
    );
    assert_eq!(
        run.details["errors"],
        json!([{"code": 503, "type": "Unavailable", "count": 1}])
    );
    let started = run.started.as_ref().unwrap();
    assert_eq!((started.precision, started.zone.as_deref()), (1, None));
    assert_eq!(run.finished.as_ref().unwrap().precision, 1000);
    assert_eq!(run.status, Status::Complete);
    let shown = format!("{batch:?}");
    assert!(!shown.contains("SECRET"), "{shown}");
}

#[test]
fn a_run_that_was_cancelled_is_partial() {
    let text = SUMMARY.replace("\"was_cancelled\": false", "\"was_cancelled\": true");
    let status = &import(&text).runs[0].status;
    assert_eq!(*status, Status::Partial("cancelled".to_owned()));
}

#[test]
fn the_records_beside_the_summary_are_its_samples() {
    let batch = import_with(RECORDS).unwrap();
    let vectors: Vec<_> = batch.runs[0]
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
    let vector = |key, qualifier, values: &str| (key, qualifier, values.to_owned());
    assert_eq!(
        vectors,
        vec![
            vector("request_latency", "", "[3650.5, NaN, 3518.0]"),
            vector("output_sequence_length", "", "[200.0, NaN, NaN]"),
            vector("inter_chunk_latency", "mean", "[19.0, NaN, NaN]"),
            vector("inter_chunk_latency", "max", "[21.0, NaN, NaN]"),
        ]
    );
    assert_eq!(batch.parts.len(), 1);
    let shown = format!("{:?}", batch.runs);
    assert!(!shown.contains("SECRET"), "{shown}");
}

#[test]
fn a_part_of_the_records_would_pass_for_all() {
    let all: Vec<&str> = RECORDS.lines().collect();
    let batch = import_with(&all[..2].join("\n")).unwrap();
    assert!(batch.runs[0].samples.is_empty());
    assert_eq!(batch.notes[0].place, "run.jsonl");
    assert_eq!(batch.notes[0].reason, "holds 1 of the 2 requests completed");
}

#[test]
fn the_records_by_themselves_are_a_side_file() {
    for text in [RECORDS, RECORDS.lines().next().unwrap()] {
        let error = read(Path::new("run.jsonl"), text.as_bytes(), &Options::default());
        assert!(
            matches!(error, Err(ImportError::SideFile { .. })),
            "{error:?}"
        );
    }
}

#[test]
fn records_cut_off_are_refused_with_their_line() {
    let error = import_with(&RECORDS[..RECORDS.len() - 20]).unwrap_err();
    let ImportError::Broken { path, line: 4, .. } = &error else {
        panic!("{error}");
    };
    assert!(path.ends_with("run.jsonl"));
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let text = SUMMARY.replace("\"goodput\": null", "\"request_count\": null");
    let error = read(Path::new("a.json"), text.as_bytes(), &Options::default()).unwrap_err();
    assert!(
        error.to_string().contains("`request_count` stands twice"),
        "{error}"
    );
}
