//! Criterion.rs's `estimates.json` of a measurement (`new/`, `base/`): nanoseconds an iteration, each with
//! its bootstrap interval. What was measured is named by `benchmark.json`, and the single times stand in
//! `sample.json`, both beside it.
//!
//! Knows nothing of models: the user names one. `change/estimates.json` has the same keys and holds relative
//! changes (Criterion.rs, *Analysis process*, "Comparison"); it is recognised and refused.

use std::path::{Component, Path};

use serde::Deserialize;
use serde_json::Value as Json;

use super::json::{self, Entries, Number};
use super::{Format, ImportError, Input, Options, Shape, Sniff};
use crate::catalog::{Batch, Direction, Kind, Measurement, Metric, Run, Samples};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "criterion",
    tool: "Criterion.rs",
    recognised_by: "a JSON object of estimates: `mean`, `median`, `median_abs_dev`, `std_dev` (`Mean`, … until 0.3)",
    reads: "mean, median, slope and spread of an iteration's time with interval and standard error; each sample",
    detect,
    read,
};

/// The estimates: key without capitals and underscores, statistic, whether it is a time of which less is
/// better; the others are spreads.
const ESTIMATES: [(&str, &str, bool); 5] = [
    ("mean", "mean", true),
    ("median", "p50", true),
    ("slope", "slope", true),
    ("medianabsdev", "mad", false),
    ("stddev", "std", false),
];

fn fold(key: &str) -> String {
    key.to_ascii_lowercase().replace('_', "")
}

/// Which of Criterion's files this is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum File {
    Times,
    /// Ratios.
    Change,
    /// Names or samples.
    Beside,
}

/// Where an estimate's own keys must stand, in bytes: at the beginning.
const LOOK: usize = 4096;

impl File {
    fn of(sniff: &Sniff<'_>) -> Option<Self> {
        let Shape::Object { keys } = &sniff.shape else {
            return None;
        };
        let all = |names: &[&str]| names.iter().all(|name| sniff.has(name));
        if all(&["sampling_mode", "iters", "times"]) || all(&["group_id", "full_id"]) {
            return Some(Self::Beside);
        }
        let start = sniff.bytes.get(..LOOK).unwrap_or(sniff.bytes);
        let text = String::from_utf8_lossy(start);
        let is_estimates = text.contains("\"point_estimate\"")
            && text.contains("\"confidence_interval\"")
            && keys
                .iter()
                .all(|key| ESTIMATES.iter().any(|row| row.0 == fold(key)));
        let has = |name: &str| keys.iter().any(|key| fold(key) == name);
        match is_estimates && has("mean") {
            false => None,
            true if has("medianabsdev") || has("stddev") || has("slope") => Some(Self::Times),
            // A comparison estimates the change of mean and median and nothing else.
            true => Some(Self::Change),
        }
    }
}

fn detect(sniff: &Sniff<'_>) -> bool {
    File::of(sniff).is_some()
}

/// An estimate; in nanoseconds where it is a time.
#[derive(Deserialize)]
struct Estimate {
    point_estimate: Number,
    standard_error: Number,
    confidence_interval: Interval,
}

#[derive(Deserialize)]
struct Interval {
    confidence_level: Number,
    lower_bound: Number,
    upper_bound: Number,
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    let side_file = |of| ImportError::SideFile {
        path: input.path.to_owned(),
        of,
    };
    let file = File::of(input.sniff);
    if file == Some(File::Beside) {
        return Err(side_file("a Criterion benchmark's `estimates.json`"));
    }
    let Entries(estimates): Entries<Option<Estimate>> = input.sniff.parse(input.path)?;
    if file == Some(File::Change) || folders(input.path).last() == Some("change") {
        return Err(side_file(
            "a Criterion comparison: it holds relative changes, not times",
        ));
    }
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    let mut run = Run::default();
    run.environment.tool = Some(FORMAT.tool.to_owned());
    let task = name(input, &mut run)?;
    let samples = samples(input)?;
    let n = (!samples.is_empty()).then_some(samples.len() as i64);
    let spread = estimates.iter().find(|(key, _)| fold(key) == "stddev");
    let spread = spread.and_then(|(_, estimate)| estimate.as_ref()?.point_estimate.value());
    for (key, estimate) in &estimates {
        let row = ESTIMATES.iter().find(|row| row.0 == fold(key));
        // The slope is null where the samples have no growing number of iterations.
        let (Some(estimate), Some(&(_, statistic, is_time))) = (estimate, row) else {
            continue;
        };
        if estimate.point_estimate.value().is_some_and(|x| x < 0.0) {
            return Err(ImportError::Invalid {
                path: input.path.to_owned(),
                place: format!("$.{key}.point_estimate"),
                reason: "a time cannot be negative".to_owned(),
            });
        }
        let mut metric = definition(key, statistic, is_time, task.as_deref());
        metric.spread_of = (statistic == "mean").then(|| "samples".to_owned());
        let measurement = measurement(estimate, batch.metric(metric), key, &mut run, &mut batch);
        let spread = spread.filter(|_| statistic == "mean");
        run.measurements
            .push(measurement.with_spread(spread).with_n(n));
    }
    if run.measurements.is_empty() {
        return Err(ImportError::Invalid {
            path: input.path.to_owned(),
            place: "$".to_owned(),
            reason: "holds no estimate".to_owned(),
        });
    }
    if !samples.is_empty() {
        let metric = definition("times", "each", true, task.as_deref());
        run.samples.push(Samples {
            metric: batch.metric(metric),
            values: samples,
            items: None,
        });
    }
    batch.runs.push(run);
    Ok(batch)
}

fn definition(key: &str, statistic: &str, is_time: bool, task: Option<&str>) -> Metric {
    let metric = Metric::new(key).named("iteration_time", statistic);
    let mut metric = metric.in_unit("ns");
    metric.kind = Some(Kind::Latency);
    metric.direction = is_time.then_some(Direction::Lower);
    match task {
        Some(task) => metric.of_task(task),
        None => metric,
    }
}

/// An estimate with its standard error and interval; the interval's level is a detail of the run.
fn measurement(
    estimate: &Estimate,
    metric: u32,
    key: &str,
    run: &mut Run,
    batch: &mut Batch,
) -> Measurement {
    let mut measurement = match &estimate.point_estimate {
        Number::Finite(x) | Number::Quoted(x) => Measurement::new(metric, *x),
        Number::Missing(why) => Measurement::missing(metric, why.clone()),
    };
    let interval = &estimate.confidence_interval;
    let (low, high) = (interval.lower_bound.value(), interval.upper_bound.value());
    match (low, high) {
        (Some(low), Some(high)) if low <= high => {
            let detail = measurement.detail.get_or_insert_default();
            (detail.low, detail.high) = (Some(low), Some(high));
        }
        _ => batch.reject(
            format!("$.{key}.confidence_interval"),
            "is no interval of two numbers",
        ),
    }
    if let Some(level) = interval.confidence_level.value() {
        run.details
            .insert("confidence_level".to_owned(), level.into());
    }
    measurement.with_stderr(estimate.standard_error.value())
}

/// What was measured: by `benchmark.json`, else by the folders below `criterion`.
fn name(input: &Input<'_>, run: &mut Run) -> Result<Option<String>, ImportError> {
    #[derive(Deserialize)]
    struct Benchmark {
        full_id: String,
        throughput: Option<Json>,
    }
    if let Some(bytes) = input.sibling("benchmark.json")? {
        let path = input.path.with_file_name("benchmark.json");
        let benchmark: Benchmark = json::parse(&path, &bytes)?;
        if let Some(throughput) = benchmark.throughput.filter(|t| !t.is_null()) {
            run.details.insert("throughput".to_owned(), throughput);
        }
        return Ok(Some(benchmark.full_id));
    }
    let names: Vec<&str> = folders(input.path).collect();
    let top = names.iter().rposition(|name| *name == "criterion");
    let below = top.and_then(|top| names.get(top + 1..names.len().checked_sub(1)?));
    Ok(below.filter(|b| !b.is_empty()).map(|b| b.join("/")))
}

fn folders(path: &Path) -> impl Iterator<Item = &str> {
    let parent = path.parent().unwrap_or(Path::new(""));
    parent.components().filter_map(|component| match component {
        Component::Normal(name) => name.to_str(),
        _ => None,
    })
}

/// The time of one iteration in each sample, in nanoseconds.
fn samples(input: &Input<'_>) -> Result<Vec<f64>, ImportError> {
    #[derive(Deserialize)]
    struct Sample {
        iters: Vec<Number>,
        times: Vec<Number>,
    }
    let Some(bytes) = input.sibling("sample.json")? else {
        return Ok(Vec::new());
    };
    let path = input.path.with_file_name("sample.json");
    let sample: Sample = json::parse(&path, &bytes)?;
    if sample.iters.len() != sample.times.len() {
        return Err(ImportError::Invalid {
            path,
            place: "$.times".to_owned(),
            reason: format!(
                "{} times of {} samples",
                sample.times.len(),
                sample.iters.len()
            ),
        });
    }
    let pairs = sample.times.iter().zip(&sample.iters);
    let values = pairs.map(|(time, iterations)| {
        let each = time.value().zip(iterations.value()).map(|(t, n)| t / n);
        each.filter(|x| x.is_finite()).unwrap_or(f64::NAN)
    });
    Ok(values.collect())
}

#[cfg(test)]
mod tests;
