//! The importer on the files that Criterion.rs writes into one folder.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::catalog::{Batch, Direction};
use crate::import::{ImportError, Options, read};

const ESTIMATES: &str = include_str!("../../../tests/fixtures/import/criterion/estimates.json");
const CHANGE: &str = include_str!("../../../tests/fixtures/import/criterion/change-estimates.json");
const BENCHMARK: &str = include_str!("../../../tests/fixtures/import/criterion/benchmark.json");
const SAMPLE: &str = include_str!("../../../tests/fixtures/import/criterion/sample.json");

fn import(path: &Path, text: &str) -> Result<Batch, ImportError> {
    let (format, batch) = read(path, text.as_bytes(), &Options::default())?;
    assert_eq!(format.name, "criterion");
    Ok(batch)
}

fn beside(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import/criterion");
    folder.join(name)
}

#[test]
fn an_estimate_has_its_error_and_interval() {
    let batch = import(Path::new("estimates.json"), ESTIMATES).unwrap();
    let run = &batch.runs[0];
    let rows: Vec<_> = run
        .measurements
        .iter()
        .map(|m| {
            let metric = &batch.metrics[m.metric as usize];
            let d = m.detail.as_deref().unwrap();
            let statistic = metric.statistic.as_str();
            (
                metric.name_raw.as_str(),
                statistic,
                m.value.unwrap(),
                d.stderr,
                d.low.unwrap(),
                d.high.unwrap(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("mean", "mean", 1000.25, Some(5.25), 990.5, 1010.5),
            ("median", "p50", 998.5, Some(3.5), 989.0, 1003.0),
            ("median_abs_dev", "mad", 15.5, Some(2.5), 10.5, 20.5),
            ("std_dev", "std", 25.5, None, 20.5, 30.5),
        ]
    );
    let directions: Vec<_> = batch.metrics.iter().map(|m| m.direction).collect();
    let lower = Some(Direction::Lower);
    assert_eq!(directions, [lower, lower, None, None]);
    assert!(
        batch
            .metrics
            .iter()
            .all(|m| m.unit.as_deref() == Some("ns"))
    );
    assert_eq!(run.details["confidence_level"], json!(0.95));
    assert_eq!(
        run.measurements[0].detail.as_ref().unwrap().spread,
        Some(25.5)
    );
    assert!(run.samples.is_empty());
}

#[test]
fn name_and_samples_come_from_the_files_beside_it() {
    let batch = import(&beside("estimates.json"), ESTIMATES).unwrap();
    let run = &batch.runs[0];
    assert_eq!(
        batch.metrics[0].task_raw.as_deref(),
        Some("decode/aurora/128")
    );
    assert_eq!(run.details["throughput"], json!({"Elements": 128}));
    assert_eq!(run.samples[0].values[..2], [1000.0, 1000.5]);
    assert!(run.samples[0].values[2].is_nan(), "no iterations, no time");
    assert_eq!(run.measurements[0].detail.as_ref().unwrap().n, Some(3));
    let parts: Vec<_> = batch.parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(parts, ["benchmark.json", "sample.json"]);
}

#[test]
fn without_them_the_folders_name_the_benchmark() {
    let path = Path::new("target/criterion/decode/aurora/new/estimates.json");
    let batch = import(path, ESTIMATES).unwrap();
    assert_eq!(batch.metrics[0].task_raw.as_deref(), Some("decode/aurora"));
    let bare = import(Path::new("estimates.json"), ESTIMATES).unwrap();
    assert_eq!(bare.metrics[0].task_raw, None);
}

#[test]
fn a_comparison_holds_ratios_and_is_never_imported() {
    let in_folder = Path::new("criterion/decode/change/estimates.json");
    for (path, text) in [
        (Path::new("estimates.json"), CHANGE),
        (in_folder, ESTIMATES),
    ] {
        let error = import(path, text).unwrap_err();
        assert!(
            error.to_string().contains("relative changes, not times"),
            "{error}"
        );
    }
    for text in [BENCHMARK, SAMPLE] {
        let error = import(Path::new("a.json"), text).unwrap_err();
        assert!(matches!(error, ImportError::SideFile { .. }), "{error}");
    }
}

#[test]
fn a_negative_time_and_a_cut_file_are_refused() {
    let negative = ESTIMATES.replace("\"point_estimate\":1000.25", "\"point_estimate\":-1");
    let error = import(Path::new("e.json"), &negative)
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "`e.json`, $.mean.point_estimate: a time cannot be negative"
    );
    let cut = &ESTIMATES[..ESTIMATES.len() - 10];
    let error = import(Path::new("e.json"), cut).unwrap_err();
    assert!(matches!(error, ImportError::Broken { .. }), "{error}");
}
