//! The importer on small reports that hold one trap each.

use std::path::Path;

use serde_json::json;

use crate::catalog::{Arrival, Batch, Direction, Run, Status};
use crate::import::{ImportError, Options, read};

const THROUGHPUT: &str = include_str!("../../../tests/fixtures/import/trtllm/throughput.txt");
const OLD: &str = include_str!("../../../tests/fixtures/import/trtllm/old-and-latency.txt");

fn import(text: &str) -> Result<Batch, ImportError> {
    let (format, batch) = read(Path::new("a.log"), text.as_bytes(), &Options::default())?;
    assert_eq!(format.name, "trtllm-bench");
    Ok(batch)
}

fn values<'b>(batch: &'b Batch, run: &'b Run) -> Vec<(&'b str, &'b str, &'b str, Option<f64>)> {
    let row = |m: &crate::catalog::Measurement| {
        let metric = &batch.metrics[m.metric as usize];
        let unit = metric.unit.as_deref().unwrap_or_default();
        (
            metric.name.as_str(),
            metric.statistic.as_str(),
            unit,
            m.value,
        )
    };
    run.measurements.iter().map(row).collect()
}

#[test]
fn throughputs_and_percentiles_have_the_words_of_the_field() {
    let batch = import(THROUGHPUT).unwrap();
    assert_eq!(
        values(&batch, &batch.runs[0]),
        [
            ("request_throughput", "value", "req/sec", Some(80.5)),
            ("output_throughput", "value", "tokens/sec", Some(11_000.25)),
            (
                "total_token_throughput",
                "value",
                "tokens/sec",
                Some(22_000.5)
            ),
            ("duration", "value", "ms", Some(1150.5)),
            ("e2el", "mean", "ms", Some(1090.25)),
            (
                "output_throughput_per_user",
                "mean",
                "tps/user",
                Some(117.5)
            ),
            (
                "output_throughput_per_gpu",
                "value",
                "tps/gpu",
                Some(1375.0)
            ),
            ("ttft", "mean", "ms", Some(162.75)),
            ("decode_speed_per_user", "mean", "tps/user", None),
            ("tpot", "min", "ms", Some(6.5)),
            ("tpot", "p50", "ms", Some(7.5)),
            ("e2el", "p99", "ms", Some(1137.75)),
            ("e2el", "mean", "ms", Some(1090.25)),
        ]
    );
    assert_eq!(batch.runs[0].measurements[8].why_missing(), Some("nan"));
    assert_eq!(
        batch.metrics[10].name_raw,
        "[TPOT] P50 :".trim_end_matches([' ', ':'])
    );
    let direction = |name: &str| {
        batch
            .metrics
            .iter()
            .find(|m| m.name == name)
            .unwrap()
            .direction
    };
    assert_eq!(
        direction("output_throughput_per_gpu"),
        Some(Direction::Higher)
    );
    assert_eq!(direction("tpot"), Some(Direction::Lower));
    assert_eq!(direction("duration"), None);
    assert_eq!(batch.notes[0].reason, "`[Frobs] P99` is no known quantity");
}

#[test]
fn a_report_says_model_parallelism_and_work() {
    let batch = import(THROUGHPUT).unwrap();
    let run = &batch.runs[0];
    assert_eq!(run.status, Status::Complete);
    assert_eq!(run.model.as_deref(), Some("acme/aurora-70b"));
    assert_eq!(run.dtype.as_deref(), Some("bfloat16"));
    assert_eq!(run.quantization.as_deref(), Some("FP8"));
    let work = &run.workload;
    assert_eq!((work.tp, run.environment.devices), (Some(4), Some(8)));
    assert_eq!((work.input_len, work.output_len), (Some(128), None));
    assert_eq!(
        (work.requests, work.arrival),
        (Some(100), Some(Arrival::Burst))
    );
    assert_eq!(work.dataset.as_deref(), Some("synthetic_128_128.jsonl"));
    assert_eq!(run.environment.engine_version.as_deref(), Some("0.21.0"));
    assert_eq!(
        json!(run.settings),
        json!({
            "KV Cache Dtype": "FP8", "PP Size": 2, "Max Runtime Batch Size": 3840,
            "Max Runtime Tokens": 7680, "Scheduling Policy": "GUARANTEED_NO_EVICT",
            "KV Memory Percentage": "90.00%"
        })
    );
    assert_eq!(run.details["Average Output Length (tokens)"], json!(130.5));
    assert!(!format!("{run:?}").contains("somebody"));
}

#[test]
fn one_log_may_hold_two_reports_and_an_old_one_has_other_titles() {
    let batch = import(OLD).unwrap();
    let [old, latency] = batch.runs.as_slice() else {
        panic!("{} runs", batch.runs.len());
    };
    assert_eq!(
        values(&batch, old),
        [
            ("output_throughput", "value", "tokens/sec", Some(23_405.5)),
            ("duration", "value", "seconds", Some(16.5)),
        ]
    );
    assert_eq!(old.workload.request_rate, Some(12.5));
    assert_eq!(old.quantization, None);
    assert_eq!(
        values(&batch, latency),
        [
            ("e2el", "mean", "ms", Some(63_456.5)),
            ("output_throughput", "value", "tokens/sec", Some(32.25)),
            ("itl", "mean", "ms", Some(30.75)),
            ("generation_latency", "min", "ms", Some(63_266.5)),
            ("generation_latency", "p99", "ms", Some(63_374.5)),
            ("acceptance_length", "mean", "", Some(1.0)),
        ]
    );
    assert_eq!(latency.workload.arrival, Some(Arrival::Single));
    assert_eq!(latency.workload.requests, Some(100));
}

#[test]
fn a_report_cut_off_is_refused_or_partial() {
    let whole = import(THROUGHPUT).unwrap().measurements();
    let mut partial = 0;
    for end in 0..THROUGHPUT.len() {
        let Ok(batch) = import_prefix(end) else {
            continue;
        };
        match &batch.runs[0].status {
            Status::Complete => assert_eq!(batch.measurements(), whole, "{end}"),
            _ => partial += 1,
        }
    }
    assert!(partial > 0);
}

fn import_prefix(end: usize) -> Result<Batch, ImportError> {
    let text = &THROUGHPUT.as_bytes()[..end];
    let (_, batch) = read(Path::new("a"), text, &Options::default())?;
    Ok(batch)
}

#[test]
fn prose_about_a_report_is_none() {
    for text in [
        "= PERFORMANCE OVERVIEW\nIt is good.\n",
        "Request Throughput (req/sec): 5\n",
        "= NOTES\nRequest Throughput (req/sec): 5\n",
    ] {
        let error = import(text).unwrap_err();
        assert!(matches!(error, ImportError::Unrecognised { .. }), "{error}");
    }
}
