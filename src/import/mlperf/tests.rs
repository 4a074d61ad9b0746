//! The importer on small files that hold one trap each.

use std::path::Path;

use serde_json::json;

use crate::catalog::{Arrival, Batch, Direction, Origin, Status};
use crate::import::{ImportError, Options, read};

const VALID: &str = include_str!("../../../tests/fixtures/import/mlperf/server-valid.txt");
const INVALID: &str = include_str!("../../../tests/fixtures/import/mlperf/offline-invalid.txt");
const ACCURACY: &str = include_str!("../../../tests/fixtures/import/mlperf/accuracy.txt");

const FOLDER: &str = "acme/results/DGX-Z9_Z9-80GBx2_TRT/aurora-70b-99.9/Server/performance/run_1";

fn import_at(path: &str, text: &str) -> Result<Batch, ImportError> {
    let (format, batch) = read(Path::new(path), text.as_bytes(), &Options::default())?;
    assert_eq!(format.name, "mlperf");
    Ok(batch)
}

fn import(text: &str) -> Batch {
    import_at("a.txt", text).unwrap()
}

/// Canonical name, statistic, unit and value of every measurement of the first run.
fn values(batch: &Batch) -> Vec<(&str, &str, &str, Option<f64>)> {
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
    batch.runs[0].measurements.iter().map(row).collect()
}

#[test]
fn a_summary_holds_throughputs_and_percentiles() {
    let batch = import(VALID);
    assert_eq!(
        values(&batch),
        [
            ("sample_throughput", "value", "samples/s", Some(4.5)),
            ("output_throughput", "value", "tokens/s", Some(1125.25)),
            (
                "scheduled_sample_throughput",
                "value",
                "samples/s",
                Some(4.75)
            ),
            ("e2el", "min", "ns", Some(1e6)),
            ("e2el", "max", "ns", Some(9e9)),
            ("e2el", "mean", "ns", Some(4e9)),
            ("e2el", "p50", "ns", Some(3.5e9)),
            ("e2el", "p99.9", "ns", Some(8.9e9)),
            ("ttft", "mean", "ns", Some(2.5e8)),
            ("ttft", "p99", "ns", Some(4.5e8)),
            ("tpot", "mean", "ns", Some(1.25e8)),
        ]
    );
    for metric in &batch.metrics {
        assert_eq!(metric.task_raw.as_deref(), Some("Server"));
        let higher = metric.unit.as_deref() != Some("ns");
        let direction = if higher {
            Direction::Higher
        } else {
            Direction::Lower
        };
        assert_eq!(metric.direction, Some(direction), "{}", metric.name_raw);
    }
    assert_eq!(batch.metrics[0].name_raw, "Completed samples per second");
    assert_eq!(batch.runs[0].status, Status::Complete);
}

#[test]
fn the_load_and_the_limits_are_workload_and_settings() {
    let run = &import(VALID).runs[0];
    assert_eq!(run.workload.arrival, Some(Arrival::Rate));
    assert_eq!(run.workload.request_rate, Some(4.8));
    assert_eq!(
        json!(run.settings),
        json!({
            "scenario": "Server", "mode": "PerformanceOnly",
            "ttft_latency (ns)": 2_000_000_000_i64, "tpot_latency (ns)": 200_000_000
        })
    );
    assert_eq!(
        run.details["qsl_rng_seed"],
        json!(13_281_865_557_512_327_830_u64)
    );
    assert_eq!(run.details["Early stopping satisfied"], json!("Yes"));
}

#[test]
fn model_and_machine_are_the_folders_of_a_submission() {
    let batch = import_at(&format!("{FOLDER}/mlperf_log_summary.txt"), VALID).unwrap();
    let run = &batch.runs[0];
    assert_eq!(run.model.as_deref(), Some("aurora-70b-99.9"));
    assert_eq!(run.model_from, Origin::Path);
    assert_eq!(run.environment.hardware.as_deref(), Some("Z9-80GB"));
    assert_eq!(run.environment.devices, Some(2));
    assert_eq!(run.details["system"], json!("DGX-Z9_Z9-80GBx2_TRT"));
    let other = import_at("Lab/orion/aurora/Offline/accuracy/accuracy.txt", ACCURACY).unwrap();
    let run = &other.runs[0];
    assert_eq!(run.model.as_deref(), Some("aurora"));
    assert_eq!(run.environment.hardware.as_deref(), Some("orion"));
}

#[test]
fn without_folders_the_free_name_is_the_model_and_said_to_be_a_guess() {
    let batch = import(VALID);
    let run = &batch.runs[0];
    assert_eq!(
        (run.model.as_deref(), run.model_from),
        (Some("PySUT"), Origin::File)
    );
    assert_eq!(batch.notes[0].place, "line 4");
    assert_eq!(import(ACCURACY).runs[0].model, None);
}

#[test]
fn the_users_word_stands_above_folders_and_free_names() {
    let options = Options {
        model: Some("acme/aurora-70b".to_owned()),
        ..Options::default()
    };
    for path in ["a.txt", &format!("{FOLDER}/mlperf_log_summary.txt")] {
        let (_, batch) = read(Path::new(path), VALID.as_bytes(), &options).unwrap();
        let run = &batch.runs[0];
        assert_eq!(run.model.as_deref(), Some("acme/aurora-70b"));
        assert_eq!(run.model_from, Origin::User);
    }
}

#[test]
fn a_result_called_invalid_is_a_failed_run() {
    let batch = import(INVALID);
    let run = &batch.runs[0];
    let why = "LoadGen calls the result INVALID: Min duration satisfied, Early stopping satisfied is `NO`";
    assert_eq!(run.status, Status::Failed(why.to_owned()));
    assert_eq!(run.workload.arrival, Some(Arrival::Burst));
    assert_eq!(run.workload.request_rate, None);
    assert_eq!(run.measurements[1].why_missing(), Some("nan"));
    let notes: Vec<_> = batch
        .notes
        .iter()
        .map(|note| note.reason.as_str())
        .collect();
    assert!(
        notes.contains(&"2 ERRORS encountered. See detailed log."),
        "{notes:?}"
    );
}

#[test]
fn accuracy_scores_are_percent_and_counts_are_not() {
    let batch = import(ACCURACY);
    assert_eq!(
        values(&batch),
        [
            ("rouge1", "value", "percent", Some(44.5)),
            ("rougeL", "value", "percent", Some(42.25)),
            ("gsm8k", "value", "percent", Some(73.75)),
            ("gen_len", "value", "", Some(28_000_000.0)),
            ("gen_num", "value", "", Some(2000.0)),
            ("tokens_per_sample", "value", "", Some(290.5)),
        ]
    );
    let text = format!(
        "accuracy=76.5%, good=38250, total=50000\n{}",
        &ACCURACY[ACCURACY.len() - 70..]
    );
    assert_eq!(
        values(&import(&text))[0],
        ("acc", "value", "percent", Some(76.5))
    );
}

#[test]
fn a_summary_cut_off_is_refused_wherever_it_ends() {
    for end in 0..VALID.trim_end().len() {
        let Ok((format, batch)) = read(
            Path::new("a"),
            &VALID.as_bytes()[..end],
            &Options::default(),
        ) else {
            continue;
        };
        panic!("{end}: {} read {batch:?}", format.name);
    }
    let cut = &VALID[..VALID.len() / 2];
    let error = import_at("a.txt", cut).unwrap_err().to_string();
    assert!(error.ends_with("the file is cut off"), "{error}");
}

#[test]
fn logs_and_accuracy_modes_belong_to_a_run() {
    for text in [
        ":::MLLOG {\"key\": \"loadgen_version\", \"value\": \"4.0\"}\n",
        "[\n{\"seq_id\": 1, \"qsl_idx\": 3, \"data\": \"00FF\"}]",
        &VALID.replace("PerformanceOnly", "AccuracyOnly"),
    ] {
        let error = import_at("a.txt", text).unwrap_err();
        assert!(matches!(error, ImportError::SideFile { .. }), "{error}");
    }
}
