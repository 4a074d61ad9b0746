//! Every file of the collection of real results against what it is known to hold. The collection
//! lies outside the repository; where it is absent the comparison has nothing to do.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tradeoff::catalog::{Batch, Direction, Measurement, Metric, Run};
use tradeoff::import::{FORMATS, ImportError, Options, read, walk};

/// What the collection calls a format, and what this program calls it.
const COVERED: [(&str, &str); 24] = [
    ("lm-eval", "lm-eval"),
    ("helm", "helm"),
    ("inspect", "inspect"),
    ("lighteval", "lighteval"),
    ("bigcode", "bigcode"),
    ("llama-bench-json", "llama-bench"),
    ("llama-bench-jsonl", "llama-bench"),
    ("llama-bench-csv", "llama-bench"),
    ("llama-bench-md", "llama-bench"),
    ("llama-bench-sql", "llama-bench"),
    ("vllm-bench-serve", "vllm"),
    ("vllm-bench-sweep-summary", "vllm"),
    ("vllm-bench-throughput", "vllm"),
    ("vllm-bench-latency", "vllm"),
    ("mlperf-summary", "mlperf"),
    ("mlperf-accuracy", "mlperf"),
    ("aider-yaml", "aider"),
    ("criterion-estimates", "criterion"),
    ("sglang-bench-serving", "sglang"),
    ("optimum-benchmark", "optimum-benchmark"),
    ("aiperf", "aiperf"),
    ("guidellm", "guidellm"),
    ("llmperf", "llmperf"),
    ("table-csv", "table"),
];

/// The model of a table that names none.
const GIVEN: &str = "given";

/// What stands in the place of a value that the collection lists.
#[derive(Clone, Copy)]
enum Instead {
    /// A fact about the run.
    Fact(fn(&Run) -> Option<f64>),
    /// A setting or detail of the run, not compared.
    Setting,
    /// A measurement without value.
    Missing,
}

/// Values the collection lists and the importers do not store as such: family, key, value (any when
/// `None`), what stands instead: a placeholder of hosted models that were not free, settings, and what
/// was asked for rather than measured.
const EXCEPTIONS: [(&str, &str, Option<f64>, Instead); 12] = [
    ("aider", "total_cost", Some(0.0), Instead::Missing),
    ("aider", "thinking_tokens", None, Instead::Setting),
    // A commit that happens to look like a number.
    ("aider", "commit_hash", None, Instead::Setting),
    ("table", "max-num-batched-tokens", None, Instead::Setting),
    ("table", "request_rate", None, RATE),
    ("table", "num_prompts", None, REQUESTS),
    ("table", "Requests", None, REQUESTS),
    (
        "table",
        "ISL",
        None,
        Instead::Fact(|run| Some(run.workload.input_len? as f64)),
    ),
    (
        "table",
        "OSL",
        None,
        Instead::Fact(|run| Some(run.workload.output_len? as f64)),
    ),
    (
        "table",
        "Batch Size",
        None,
        Instead::Fact(|run| Some(run.workload.batch? as f64)),
    ),
    (
        "table",
        "Num of Hardware",
        None,
        Instead::Fact(|run| Some(run.environment.devices? as f64)),
    ),
    ("table", "Input Output Length", None, BOTH_LENGTHS),
];
const RATE: Instead = Instead::Fact(|run| run.workload.request_rate);
const REQUESTS: Instead = Instead::Fact(|run| Some(run.workload.requests? as f64));
const BOTH_LENGTHS: Instead = Instead::Fact(|run| {
    let length = run.workload.input_len?;
    (run.workload.output_len == Some(length)).then_some(length as f64)
});

fn exception(format: &str, metric: &Expected) -> Option<Instead> {
    let is_it = |e: &&(&str, &str, Option<f64>, Instead)| {
        e.0 == format && e.1 == metric.name && e.2.is_none_or(|value| metric.value == Some(value))
    };
    EXCEPTIONS.iter().find(is_it).map(|e| e.3)
}

/// LLMPerf's throughputs end in `_token_per_s_mean`, which the collection reads as seconds; of a
/// table's header such as `mean_ttft_ms` it reads no unit.
fn is_misread_unit(format: &str, metric: &Expected) -> bool {
    match format {
        "llmperf" => metric.name.contains("_token_per_s_"),
        "table-csv" => metric.name.ends_with("_ms") && metric.unit.is_none(),
        _ => false,
    }
}

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
    /// Tokens of each model that took part, in Inspect's logs.
    #[serde(default)]
    tokens: BTreeMap<String, f64>,
    finished_at: Option<String>,
    completed_at: Option<String>,
    model_sha: Option<String>,
    label: Option<String>,
    run_name: Option<String>,
}

#[derive(Deserialize)]
struct Expected {
    run: usize,
    /// Only where one file has several.
    model: Option<String>,
    task: Option<String>,
    name: String,
    value: Option<f64>,
    stderr: Option<f64>,
    unit: Option<String>,
    /// The qualifier: lm-eval's filter, Inspect's scorer, HELM's split.
    #[serde(alias = "scorer", alias = "split")]
    filter: Option<String>,
    perturbation: Option<String>,
    n_shot: Option<i64>,
    #[serde(alias = "n")]
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
            (None, "lm-eval-samples") => is_side_file(&path),
            (None, "side-file") if !is_foreign(expected) => is_side_file(&path),
            (None, _) => assert!(is_foreign(expected), "{}", expected.file),
        }
    }
    assert!(
        differences.0.is_empty(),
        "{} differences:\n{}",
        differences.0.len(),
        differences.0.join("\n")
    );
}

/// Written by the author's own runner, not by a tool.
fn is_foreign(expected: &ExpectedFile) -> bool {
    expected.file.ends_with("run_info.json")
}

fn is_side_file(path: &Path) {
    let error = read(path, &fs::read(path).unwrap(), &Options::default()).unwrap_err();
    assert!(matches!(error, ImportError::SideFile { .. }), "{error}");
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
            // A table is what no other format claims.
            (Some((_, "table")), _) => vec![],
            (Some((_, format)), _) => vec![format],
            (None, "lm-eval-samples") => vec!["lm-eval"],
            (None, "side-file") if expected.file.starts_with("helm/") => vec!["helm"],
            (None, "side-file") if expected.file.starts_with("aiperf/") => vec!["aiperf"],
            (None, _) => vec![],
        };
        assert_eq!(claims, own, "{}", expected.file);
    }
}

fn compare_file(path: &Path, expected: &ExpectedFile, format: &str, differences: &mut Differences) {
    let place = expected.file.as_str();
    let bytes = fs::read(path).unwrap();
    // A table without a model column takes the user's word.
    let is_anonymous = format == "table" && expected.metrics.iter().all(|m| m.model.is_none());
    let options = Options {
        model: is_anonymous.then(|| GIVEN.to_owned()),
        ..Options::default()
    };
    let (found, batch) = match read(path, &bytes, &options) {
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
        expected
            .metrics
            .iter()
            .filter(|m| matches!(exception(format, m), None | Some(Instead::Missing)))
            .count()
            + expected.tokens.len(),
    );
    // A board has many models; the collection describes each value's run.
    let is_board = matches!(format, "aider" | "table");
    if let Some(run) = batch.runs.first().filter(|_| !is_board) {
        compare_run(place, run, expected, differences);
    }
    for (model, tokens) in &expected.tokens {
        let total = batch.runs[0].measurements.iter().find(|m| {
            let metric = &batch.metrics[m.metric as usize];
            metric.name_raw == "total_tokens" && metric.qualifier == *model
        });
        differences.compare(place, "tokens", total.and_then(|m| m.value), Some(*tokens));
    }
    for metric in &expected.metrics {
        let run = batch.runs.get(metric.run);
        if is_board {
            let found = run.and_then(|run| run.model.as_deref());
            let model = metric.model.as_deref().or(is_anonymous.then_some(GIVEN));
            differences.compare(place, "model of the row", found, model);
        }
        match exception(format, metric) {
            None => compare_metric(place, &batch, expected, metric, differences),
            Some(Instead::Fact(fact)) => {
                let found = run.and_then(fact);
                differences.compare(place, &metric.name, found, metric.value);
            }
            Some(Instead::Setting | Instead::Missing) => {}
        }
    }
}

/// The collection describes the first run of a file; facts it leaves out are not compared.
fn compare_run(place: &str, run: &Run, expected: &ExpectedFile, differences: &mut Differences) {
    differences.compare(place, "model", run.model.as_ref(), expected.model.as_ref());
    let found = run.started.as_ref().map(|moment| moment.millis);
    differences.compare(place, "started", found, millis(&expected.started_at));
    let finished = millis(&expected.finished_at).or(millis(&expected.completed_at));
    if finished.is_some() {
        let found = run.finished.as_ref().map(|moment| moment.millis);
        differences.compare(place, "finished", found, finished);
    }
    let label = expected.label.as_ref().or(expected.run_name.as_ref());
    let environment = &run.environment;
    // optimum-benchmark's engine stands with its version in one word.
    let engine = environment.engine.as_ref().map(|engine| {
        match expected.backend.as_ref().is_some_and(|e| e.contains(' ')) {
            true => format!(
                "{engine} {}",
                environment.engine_version.as_deref().unwrap_or_default()
            ),
            false => engine.clone(),
        }
    });
    for (what, found, expected) in [
        ("engine", &engine, &expected.backend),
        ("commit", &run.model_sha, &expected.model_sha),
        ("label", &run.label, &label.cloned()),
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

/// A time without zone is compared as if it were UTC, which is how it is stored.
fn millis(text: &Option<String>) -> Option<i64> {
    let text = text.as_deref()?;
    let clock = text.split_once('T').map_or("", |(_, clock)| clock);
    let zoned = match clock.contains(['Z', '+', '-']) {
        true => text.to_owned(),
        false => format!("{text}Z"),
    };
    Some(zoned.parse::<jiff::Timestamp>().unwrap().as_millisecond())
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
        let is_qualified = match &expected.perturbation {
            None => metric.qualifier == filter,
            // Followed by the questions it was computed on.
            Some(name) => metric.qualifier.starts_with(&format!("{filter},{name},")),
        };
        metric.task_raw.as_deref() == task && metric.name_raw == name && is_qualified
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
    if !is_misread_unit(&file.format, expected) {
        differences.compare(&place, "unit", &metric.unit, &expected.unit);
    }
    differences.compare(&place, "aggregate", metric.is_aggregate, expected.aggregate);
    compare_shots(&place, file, metric, expected, differences);
    if expected.n_samples.is_some() {
        differences.compare(&place, "n", detail.n, expected.n_samples);
    }
    if expected.stddev.is_some() {
        differences.compare(&place, "spread", detail.spread, expected.stddev);
    }
    // Where a file says nothing about the direction the catalog may know it.
    if let Some(higher) = expected
        .higher_is_better
        .filter(|_| !is_misread_unit(&file.format, expected))
    {
        let direction = if higher {
            Direction::Higher
        } else {
            Direction::Lower
        };
        // A number of tokens is not a perplexity, whatever its name holds.
        if expected.name != "num_perplexity_tokens" {
            differences.compare(&place, "direction", metric.direction, Some(direction));
        }
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

/// What the store relies on: one value a metric and run, all numbers finite, no value without reason,
/// a key a sample.
fn is_sound(batch: &Batch) -> bool {
    batch.runs.iter().all(|run| {
        let are_whole = run.samples.iter().all(|samples| {
            let keys = samples
                .items
                .as_ref()
                .map_or(samples.values.len(), Vec::len);
            keys == samples.values.len() && !samples.values.iter().any(|x| x.is_infinite())
        });
        let mut metrics: Vec<u32> = run.measurements.iter().map(|m| m.metric).collect();
        metrics.sort_unstable();
        are_whole
            && metrics.windows(2).all(|pair| pair[0] != pair[1])
            && run.measurements.iter().all(|m| match m.value {
                Some(value) => value.is_finite() && m.why_missing().is_none(),
                None => m.why_missing().is_some(),
            })
    })
}

#[test]
fn scores_and_speeds_of_one_quantisation_join_into_one_chart() {
    let (scores, speeds) = (
        collection().join("lighteval"),
        collection().join("optimum-benchmark"),
    );
    if !scores.exists() {
        return;
    }
    let workspace = crate::harness::Workspace::new();
    let path = |path: &Path| path.display().to_string();
    workspace.ok(&["-q", "import", &path(&scores), &path(&speeds)]);
    // Both files of the copy that its makers renamed say so; the user may call it as one pleases.
    let written = "hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4";
    workspace.ok(&["models", "alias", written, "Llama-3.1-8B AWQ"]);
    let rows = workspace.json(&[
        "query",
        "speed_vs_score",
        "-p",
        "task=arc_challenge",
        "-p",
        "score_metric=acc",
        "-p",
        "speed_metric=decode_throughput decode",
    ]);
    let pairs: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            (text("model"), text("speed_quantization"))
        })
        .collect();
    let pair = |model: &str, quantization: &str| (model.to_owned(), quantization.to_owned());
    assert_eq!(
        pairs,
        [
            pair("Llama-3.1-8B AWQ", "awq"),
            pair(
                "meta-llama/Llama-3.1-8B-Instruct torchao_int4wo",
                "torchao_int4wo"
            ),
        ]
    );
}

/// The fixtures with one byte after the other turned over, and cut off before it: refused or read, never a panic and never
/// a batch that the store could not take.
#[test]
fn a_changed_byte_or_a_cut_is_refused_or_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import");
    let fixtures: Vec<PathBuf> = walk(&[folder])
        .found
        .into_iter()
        .map(|found| found.path)
        .collect();
    assert!(!fixtures.is_empty());
    for path in fixtures {
        let original = fs::read(&path).unwrap();
        let check = |bytes: &[u8], place: String| match catch_unwind(|| {
            read(&path, bytes, &Options::default())
        }) {
            Ok(Ok((_, batch))) => assert!(is_sound(&batch), "{place}: {batch:#?}"),
            Ok(Err(_)) => {}
            Err(_) => panic!("{place}"),
        };
        for at in 0..original.len() {
            let flip = [0x01, 0x20, 0x80][at % 3];
            let mut bytes = original.clone();
            bytes[at] ^= flip;
            check(&bytes, format!("{}, byte {at} ^ {flip:#x}", path.display()));
            check(
                &original[..at],
                format!("{}, first {at} bytes", path.display()),
            );
        }
    }
}
