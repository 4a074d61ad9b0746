//! The importer on small files that hold one trap each.

use std::path::Path;

use serde_json::json;

use crate::catalog::{Arrival, Batch, Direction, Kind, Measurement, Run};
use crate::import::{ImportError, Options, read};

const FLAT: &str = include_str!("../../../tests/fixtures/import/genai-perf/flat.json");
const SECTIONS: &str = include_str!("../../../tests/fixtures/import/genai-perf/sections.json");
const SWEEP: &str = include_str!("../../../tests/fixtures/import/genai-perf/analyze.csv");

fn import(text: &str) -> Batch {
    let (format, batch) = read(Path::new("a"), text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(format.name, "genai-perf");
    batch
}

/// Canonical name, statistic, qualifier and value of every measurement of a run.
type Row<'a> = (&'a str, &'a str, &'a str, Option<f64>);

fn rows<'a>(batch: &'a Batch, run: &'a Run) -> Vec<Row<'a>> {
    let row = |m: &Measurement| {
        let metric = &batch.metrics[m.metric as usize];
        (
            metric.name.as_str(),
            metric.statistic.as_str(),
            metric.qualifier.as_str(),
            m.value,
        )
    };
    run.measurements.iter().map(row).collect()
}

#[test]
fn a_block_is_read_as_aiperf_writes_it() {
    let batch = import(FLAT);
    let run = &batch.runs[0];
    let found = rows(&batch, run);
    assert_eq!(found.len(), 15);
    for row in [
        ("request_throughput", "value", "", Some(1.25)),
        ("e2el", "mean", "", Some(444.25)),
        ("e2el", "p25", "", Some(440.5)),
        ("ttft", "std", "", Some(1.25)),
        ("output_len", "p50", "", Some(256.0)),
        (
            "output_token_throughput_per_request",
            "mean",
            "",
            Some(50.5),
        ),
    ] {
        assert!(found.contains(&row), "{row:?} in {found:?}");
    }
    let mean = run.measurements[1].detail.clone().unwrap();
    assert_eq!((mean.spread, mean.n), (Some(7.75), None));
}

#[test]
fn the_flat_configuration_says_what_was_asked_for() {
    let batch = import(FLAT);
    let run = &batch.runs[0];
    assert_eq!(run.model.as_deref(), Some("ensemble"));
    assert_eq!(run.details["names"], json!(["acme/aurora-7b"]));
    assert_eq!(run.environment.engine.as_deref(), Some("tensorrtllm"));
    let work = &run.workload;
    // -1 output tokens and 0 requests are not asked for.
    assert_eq!(
        (
            work.arrival,
            work.concurrency,
            work.requests,
            work.input_len,
            work.output_len
        ),
        (Some(Arrival::Closed), Some(100), None, Some(200), None)
    );
    assert_eq!(
        json!(run.settings),
        json!({
            "endpoint_type": "kserve", "service_kind": "triton", "streaming": true,
            "num_dataset_entries": 100, "extra_inputs": {"max_tokens": 200},
            "input_tokens_stddev": 20
        })
    );
    assert_eq!(
        run.details["telemetry"],
        json!({"gpu_power_usage": {"gpu0": 64.5, "unit": "W"}})
    );
    assert!(!format!("{batch:?}").contains("SECRET"));
}

#[test]
fn the_configuration_in_sections_says_the_same() {
    let batch = import(SECTIONS);
    let run = &batch.runs[0];
    assert_eq!(run.model.as_deref(), Some("acme/aurora-7b"));
    assert_eq!(run.details.get("names"), None);
    assert_eq!(run.environment.engine.as_deref(), Some("vllm"));
    let work = &run.workload;
    assert_eq!(
        (
            work.arrival,
            work.request_rate,
            work.input_len,
            work.output_len
        ),
        (Some(Arrival::Rate), Some(2.5), Some(550), Some(128))
    );
    assert_eq!(
        json!(run.settings),
        json!({
            "endpoint_type": "chat", "service_kind": "openai", "streaming": false,
            "num_dataset_entries": 10, "output_tokens_stddev": 4
        })
    );
    let latency = &run.measurements[2];
    assert_eq!(
        (latency.value, latency.detail.clone().unwrap().n),
        (Some(400.0), Some(20))
    );
    assert_eq!(run.measurements[3].why_missing(), Some("inf"));
    assert!(!format!("{batch:?}").contains("SECRET"));
}

#[test]
fn a_sweep_is_two_tables_in_one_file() {
    let batch = import(SWEEP);
    let [first, second] = batch.runs.as_slice() else {
        panic!("{} runs", batch.runs.len());
    };
    assert_eq!(
        rows(&batch, first),
        vec![
            ("ttft", "p99", "", Some(33.25)),
            ("e2el", "p99", "", Some(779.5)),
            ("output_throughput", "value", "", Some(149.5)),
            ("request_throughput", "value", "", Some(1.25)),
            ("power", "p99", "gpu0", Some(64.5)),
            ("gpu_utilization", "p99", "gpu0", Some(20.0)),
            ("gpu_memory_used", "p99", "gpu0", Some(22.5)),
            ("gpu_power_limit", "mean", "gpu0", Some(280.0)),
            ("power", "p99", "gpu1", Some(65.5)),
            ("gpu_utilization", "p99", "gpu1", Some(21.0)),
            ("gpu_memory_used", "p99", "gpu1", Some(22.75)),
            ("gpu_power_limit", "mean", "gpu1", Some(280.0)),
        ]
    );
    assert_eq!(first.environment.devices, Some(2));
    assert_eq!(second.environment.devices, None);
    assert_eq!(second.measurements[1].why_missing(), Some("blank"));
    assert_eq!(batch.notes.len(), 1);
    assert_eq!(batch.notes[0].place, "line 8");
}

#[test]
fn the_name_of_a_configuration_begins_with_the_model() {
    let batch = import(SWEEP);
    let run = &batch.runs[0];
    assert_eq!(run.model.as_deref(), Some("acme_aurora"));
    assert_eq!(run.label.as_deref(), Some("acme_aurora_run_config_1"));
    let work = &run.workload;
    assert_eq!(
        (work.arrival, work.concurrency, work.input_len),
        (Some(Arrival::Closed), Some(1), Some(201))
    );
    assert_eq!(json!(run.settings), json!({"num_dataset_entries": 150}));
}

#[test]
fn a_limit_of_a_card_is_no_result() {
    let batch = import(SWEEP);
    let of = |name: &str| {
        let metric = batch.metrics.iter().find(|m| m.name == name).unwrap();
        (metric.kind, metric.direction)
    };
    assert_eq!(of("power"), (Some(Kind::Energy), Some(Direction::Lower)));
    assert_eq!(of("gpu_power_limit"), (Some(Kind::Setting), None));
    assert_eq!(of("gpu_utilization"), (Some(Kind::Setting), None));
    assert_eq!(
        of("gpu_memory_used"),
        (Some(Kind::Memory), Some(Direction::Lower))
    );
}

#[test]
fn a_row_cut_off_is_refused_with_its_line() {
    let cut = &SWEEP[..SWEEP.len() - 25];
    let error = read(Path::new("a.csv"), cut.as_bytes(), &Options::default()).unwrap_err();
    assert!(
        matches!(error, ImportError::Broken { line: 8, .. }),
        "{error}"
    );
}

#[test]
fn what_perf_analyzer_measured_is_a_side_file() {
    let text = r#"{"experiments": [{"requests": []}], "version": "1", "service_kind": "openai", "endpoint": "v1"}"#;
    let error = read(Path::new("a.json"), text.as_bytes(), &Options::default()).unwrap_err();
    assert!(matches!(error, ImportError::SideFile { .. }), "{error}");
}

#[test]
fn another_table_of_configurations_stays_a_table() {
    let text = "Config Name,Score\naurora,0.5\n";
    let (format, _) = read(
        Path::new("a.csv"),
        text.as_bytes(),
        &Options {
            map: vec!["Config Name=model".parse().unwrap()],
            ..Options::default()
        },
    )
    .unwrap();
    assert_eq!(format.name, "table");
}
