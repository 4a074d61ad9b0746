//! Every file of the collection of real results against what it is known to hold. The collection
//! lies outside the repository; where it is absent the comparison has nothing to do.

use std::fmt::Debug;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tradeoff::catalog::{Batch, Direction, Measurement, Metric, Run};
use tradeoff::import::{FORMATS, ImportError, Options, read};

/// What the collection calls a format, and what this program calls it.
const COVERED: [(&str, &str); 8] = [
    ("lm-eval", "lm-eval"),
    ("llama-bench-json", "llama-bench"),
    ("llama-bench-jsonl", "llama-bench"),
    ("llama-bench-csv", "llama-bench"),
    ("vllm-bench-serve", "vllm"),
    ("vllm-bench-sweep-summary", "vllm"),
    ("vllm-bench-throughput", "vllm"),
    ("vllm-bench-latency", "vllm"),
];

#[derive(Deserialize)]
struct ExpectedFile {
    file: String,
    format: String,
    model: Option<String>,
    runs: usize,
    metrics: Vec<Expected>,
    started_at: Option<String>,
    model_params: Option<i64>,
    model_bytes: Option<i64>,
    tool_commit: Option<String>,
    backend: Option<String>,
    requested: Option<i64>,
}

#[derive(Deserialize)]
struct Expected {
    run: usize,
    task: Option<String>,
    name: String,
    value: Option<f64>,
    stderr: Option<f64>,
    unit: Option<String>,
    filter: Option<String>,
    n_shot: Option<i64>,
    n_samples: Option<i64>,
    #[serde(default)]
    aggregate: bool,
    higher_is_better: Option<bool>,
    stddev: Option<f64>,
}

/// The differences found so far, each with its place.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn compare<T: PartialEq + Debug>(&mut self, place: &str, what: &str, found: T, expected: T) {
        if found != expected {
            let line = format!("{place}: {what} is {found:?}, expected {expected:?}");
            self.0.push(line);
        }
    }
}

fn collection() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data")
}

#[test]
fn every_real_file_says_what_it_is_known_to_hold() {
    let Ok(text) = fs::read(collection().join("expected.json")) else {
        return;
    };
    let files: Vec<ExpectedFile> = serde_json::from_slice(&text).unwrap();
    let mut differences = Differences::default();
    for expected in &files {
        let path = collection().join(&expected.file);
        let covered = COVERED.iter().find(|(name, _)| *name == expected.format);
        match (covered, expected.format.as_str()) {
            (Some((_, format)), _) => compare_file(&path, expected, format, &mut differences),
            (None, "lm-eval-samples") => {
                let bytes = fs::read(&path).unwrap();
                let error = read(&path, &bytes, &Options::default()).unwrap_err();
                assert!(matches!(error, ImportError::SideFile { .. }), "{error}");
            }
            (None, _) => {}
        }
    }
    assert!(
        differences.0.is_empty(),
        "{} differences:\n{}",
        differences.0.len(),
        differences.0.join("\n")
    );
}

#[test]
fn no_format_takes_the_files_of_another() {
    let Ok(text) = fs::read(collection().join("expected.json")) else {
        return;
    };
    let files: Vec<ExpectedFile> = serde_json::from_slice(&text).unwrap();
    for expected in &files {
        let path = collection().join(&expected.file);
        let Ok(bytes) = fs::read(&path) else { continue };
        let sniff = tradeoff::import::Sniff::of(&bytes);
        let claims: Vec<&str> = FORMATS
            .iter()
            .filter(|format| format.name != "table" && (format.detect)(&sniff))
            .map(|format| format.name)
            .collect();
        let covered = COVERED.iter().find(|(name, _)| *name == expected.format);
        let own: Vec<&str> = match (covered, expected.format.as_str()) {
            (Some((_, format)), _) => vec![format],
            (None, "lm-eval-samples") => vec!["lm-eval"],
            (None, _) => vec![],
        };
        assert_eq!(claims, own, "{}", expected.file);
    }
}

fn compare_file(path: &Path, expected: &ExpectedFile, format: &str, differences: &mut Differences) {
    let place = expected.file.as_str();
    let bytes = fs::read(path).unwrap();
    let (found, batch) = match read(path, &bytes, &Options::default()) {
        Ok(read) => read,
        Err(error) => return differences.0.push(error.to_string()),
    };
    differences.compare(place, "format", found.name, format);
    differences.compare(place, "soundness", is_sound(&batch), true);
    differences.compare(place, "runs", batch.runs.len(), expected.runs);
    differences.compare(
        place,
        "measurements",
        batch.measurements(),
        expected.metrics.len(),
    );
    if let Some(run) = batch.runs.first() {
        compare_run(place, run, expected, differences);
    }
    for metric in &expected.metrics {
        compare_metric(place, &batch, expected, metric, differences);
    }
}

/// The collection describes the first run of a file; facts it leaves out are not compared.
fn compare_run(place: &str, run: &Run, expected: &ExpectedFile, differences: &mut Differences) {
    differences.compare(place, "model", run.model.as_ref(), expected.model.as_ref());
    let started = expected.started_at.as_deref().map(|text| {
        // A time without zone is compared as if it were UTC, which is how it is stored.
        let text = if text.ends_with('Z') {
            text.to_owned()
        } else {
            format!("{text}Z")
        };
        text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
    });
    let found = run.started.as_ref().map(|moment| moment.millis);
    differences.compare(place, "started", found, started);
    let environment = &run.environment;
    for (what, found, expected) in [
        ("engine", &environment.engine, &expected.backend),
        (
            "tool commit",
            &environment.tool_commit,
            &expected.tool_commit,
        ),
    ] {
        if expected.is_some() {
            differences.compare(place, what, found, expected);
        }
    }
    for (what, found, expected) in [
        ("parameters", run.model_params, expected.model_params),
        ("bytes", run.model_bytes, expected.model_bytes),
        ("requests", run.workload.requests, expected.requested),
    ] {
        if expected.is_some() {
            differences.compare(place, what, found, expected);
        }
    }
}

fn compare_metric(
    place: &str,
    batch: &Batch,
    file: &ExpectedFile,
    expected: &Expected,
    differences: &mut Differences,
) {
    let (task, name) = (expected.task.as_deref(), expected.name.as_str());
    let filter = expected.filter.as_deref().unwrap_or_default();
    let place = format!("{place}, run {}, {task:?} {name} {filter}", expected.run);
    let is_it = |metric: &Metric| {
        metric.task_raw.as_deref() == task && metric.name_raw == name && metric.qualifier == filter
    };
    let mut found: Vec<(&Metric, &Measurement)> = Vec::new();
    for measurement in batch
        .runs
        .get(expected.run)
        .iter()
        .flat_map(|run| &run.measurements)
    {
        let metric = &batch.metrics[measurement.metric as usize];
        if is_it(metric) {
            found.push((metric, measurement));
        }
    }
    let [(metric, measurement)] = found.as_slice() else {
        return differences
            .0
            .push(format!("{place}: found {} times", found.len()));
    };
    let detail = measurement.detail.as_deref().cloned().unwrap_or_default();
    differences.compare(&place, "value", measurement.value, expected.value);
    differences.compare(&place, "stderr", detail.stderr, expected.stderr);
    differences.compare(&place, "unit", &metric.unit, &expected.unit);
    differences.compare(&place, "aggregate", metric.is_aggregate, expected.aggregate);
    compare_shots(&place, file, metric, expected, differences);
    if expected.n_samples.is_some() {
        differences.compare(&place, "n", detail.n, expected.n_samples);
    }
    if expected.stddev.is_some() {
        differences.compare(&place, "spread", detail.spread, expected.stddev);
    }
    // Where a file says nothing about the direction the catalog may know it.
    if let Some(higher) = expected.higher_is_better {
        let direction = if higher {
            Direction::Higher
        } else {
            Direction::Lower
        };
        differences.compare(&place, "direction", metric.direction, Some(direction));
    }
}

/// A group that says 0 shots while other tasks of the file say otherwise is stored without shots.
fn compare_shots(
    place: &str,
    file: &ExpectedFile,
    metric: &Metric,
    expected: &Expected,
    differences: &mut Differences,
) {
    let Some(shots) = expected.n_shot else {
        return;
    };
    let contradicted = file
        .metrics
        .iter()
        .any(|m| m.n_shot.is_some_and(|n| n != shots));
    let is_dropped = expected.aggregate && shots == 0 && contradicted;
    let shots = (!is_dropped).then_some(shots);
    differences.compare(place, "shots", metric.shots, shots);
}

/// What the store relies on: one value a metric and run, all numbers finite, no value without reason.
fn is_sound(batch: &Batch) -> bool {
    batch.runs.iter().all(|run| {
        let mut metrics: Vec<u32> = run.measurements.iter().map(|m| m.metric).collect();
        metrics.sort_unstable();
        metrics.windows(2).all(|pair| pair[0] != pair[1])
            && run.measurements.iter().all(|m| match m.value {
                Some(value) => value.is_finite() && m.why_missing().is_none(),
                None => m.why_missing().is_some(),
            })
    })
}

/// The fixtures with one byte after the other turned over: refused or read, never a panic and never
/// a batch that the store could not take.
#[test]
fn a_changed_byte_is_refused_or_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import");
    let mut fixtures = Vec::new();
    for family in fs::read_dir(folder).unwrap() {
        for file in fs::read_dir(family.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                fixtures.push(path);
            }
        }
    }
    fixtures.sort();
    assert!(!fixtures.is_empty());
    for path in fixtures {
        let original = fs::read(&path).unwrap();
        for at in 0..original.len() {
            let flip = [0x01, 0x20, 0x80][at % 3];
            let mut bytes = original.clone();
            bytes[at] ^= flip;
            let outcome = catch_unwind(|| read(&path, &bytes, &Options::default()));
            let place = format!("{}, byte {at} ^ {flip:#x}", path.display());
            match outcome {
                Ok(Ok((_, batch))) => assert!(is_sound(&batch), "{place}: {batch:#?}"),
                Ok(Err(_)) => {}
                Err(_) => panic!("{place}"),
            }
        }
    }
}
