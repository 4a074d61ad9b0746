//! `mlperf_log_summary.txt`: one `key : value` a line under three titles. LoadGen judges the run itself,
//! and a run it calls INVALID is a failed one, whatever its numbers.

use serde_json::Value as Json;

use super::super::json::Number;
use super::super::{ImportError, Input};
use super::{describe, invalid};
use crate::catalog::{Arrival, Batch, Direction, Measurement, Metric, Run, Status, Workload};

/// The first title.
pub(super) const TITLE: &str = "MLPerf Results Summary";
const PARAMETERS: &str = "Test Parameters Used";

/// The run of one summary.
pub(super) fn read(input: &Input<'_>, batch: &mut Batch) -> Result<(), ImportError> {
    let text = std::str::from_utf8(input.sniff.bytes)
        .map_err(|error| invalid(input, format!("byte {}", error.valid_up_to()), "not UTF-8"))?;
    let summary = Summary::of(text);
    let Some(errors) = summary.errors else {
        let place = format!("line {}", text.lines().count().max(1));
        let reason = "the summary ends before its line about errors: the file is cut off";
        return Err(invalid(input, place, reason));
    };
    let value = |key: &str| summary.results.iter().find(|line| line.key == key);
    if value("Mode").is_some_and(|mode| mode.value == "AccuracyOnly") {
        return Err(ImportError::SideFile {
            path: input.path.to_owned(),
            of: "an MLPerf accuracy run",
        });
    }
    let Some(scenario) = value("Scenario").map(|line| line.value) else {
        return Err(invalid(input, TITLE, "there is no `Scenario`"));
    };
    let mut run = Run {
        status: summary.status(),
        workload: workload(scenario, &summary),
        ..Run::default()
    };
    describe(&mut run, input.path, batch);
    if let Some(name) = value("SUT name") {
        run.details.insert("sut_name".to_owned(), name.value.into());
        if run.model.is_none() && !name.value.is_empty() {
            run.model = Some(name.value.to_owned());
            let reason = "`SUT name` is free text; read as the model for want of another name";
            batch.guess(name.place(), reason);
        }
    }
    if !errors.starts_with("No errors") {
        batch.warn("end of the summary", errors);
    }
    for line in &summary.results {
        measure(line, scenario, &mut run, batch);
    }
    keep(&summary, scenario, &mut run);
    batch.runs.push(run);
    Ok(())
}

/// One `key : value`.
struct Line<'a> {
    number: usize,
    key: &'a str,
    value: &'a str,
}

impl Line<'_> {
    fn place(&self) -> String {
        format!("line {}", self.number)
    }
}

/// The lines of a summary by what they are about.
#[derive(Default)]
struct Summary<'a> {
    /// Results and statistics.
    results: Vec<Line<'a>>,
    /// What the test was told.
    parameters: Vec<Line<'a>>,
    /// The last line, which only a whole summary has.
    errors: Option<&'a str>,
}

impl<'a> Summary<'a> {
    fn of(text: &'a str) -> Self {
        let mut summary = Self::default();
        let mut in_parameters = false;
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line == PARAMETERS {
                in_parameters = true;
            } else if line.ends_with('.') && is_about_errors(line) {
                summary.errors = Some(line);
            } else if let Some((key, value)) = line.split_once(':') {
                let (key, value) = (key.trim(), value.trim());
                let line = Line { number, key, value };
                match in_parameters {
                    true => summary.parameters.push(line),
                    false => summary.results.push(line),
                }
            }
        }
        summary
    }

    /// What LoadGen says of the run, and which of its conditions were not met.
    fn status(&self) -> Status {
        let verdict = self.results.iter().find(|line| line.key == "Result is");
        match verdict.map(|line| line.value) {
            Some("VALID") => Status::Complete,
            None => Status::Partial("the summary says of no result whether it is valid".to_owned()),
            Some(verdict) => {
                let unmet: Vec<&str> = self
                    .results
                    .iter()
                    .filter(|line| line.value.eq_ignore_ascii_case("no"))
                    .map(|line| line.key)
                    .collect();
                let verdict = format!("LoadGen calls the result {verdict}");
                Status::Failed(match unmet.is_empty() {
                    true => verdict,
                    false => format!("{verdict}: {} is `NO`", unmet.join(", ")),
                })
            }
        }
    }

    fn parameter(&self, key: &str) -> Option<&'a str> {
        let line = self.parameters.iter().find(|line| line.key == key)?;
        Some(line.value)
    }
}

/// `No errors encountered during test.`, `1 ERROR encountered. See detailed log.`
fn is_about_errors(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    lower.contains("error") && lower.contains("encountered")
}

/// How LoadGen sends queries in a scenario (MLPerf Inference rules, section "Scenarios").
fn workload(scenario: &str, summary: &Summary<'_>) -> Workload {
    let number = |key| summary.parameter(key).and_then(|text| text.parse().ok());
    let arrival = match scenario.to_ascii_lowercase().as_str() {
        "server" | "interactive" => Some(Arrival::Rate),
        "offline" => Some(Arrival::Burst),
        "singlestream" => Some(Arrival::Single),
        "multistream" => Some(Arrival::Batch),
        _ => None,
    };
    let batch = (arrival == Some(Arrival::Batch)).then(|| summary.parameter("samples_per_query"));
    Workload {
        arrival,
        // Elsewhere the target only sizes the test.
        request_rate: number("target_qps")
            .filter(|rate: &f64| arrival == Some(Arrival::Rate) && rate.is_finite() && *rate > 0.0),
        batch: batch.flatten().and_then(|text| text.parse().ok()),
        ..Workload::default()
    }
}

/// The end of a key without its statistic, in lower case: canonical name and unit.
const QUANTITIES: [(&str, &str, &str); 8] = [
    ("first token latency (ns)", "ttft", "ns"),
    ("time to output token (ns)", "tpot", "ns"),
    // From the moment a query is due to its last token.
    ("latency (ns)", "e2el", "ns"),
    (
        "scheduled samples per second",
        "scheduled_sample_throughput",
        "samples/s",
    ),
    ("samples per second", "sample_throughput", "samples/s"),
    // LoadGen counts the tokens of the answers.
    ("tokens per second", "output_throughput", "tokens/s"),
    ("qps w/ loadgen overhead", "request_throughput", "queries/s"),
    (
        "qps w/o loadgen overhead",
        "request_throughput_without_overhead",
        "queries/s",
    ),
];

/// Adds the value of a line that is a result.
fn measure(line: &Line<'_>, scenario: &str, run: &mut Run, batch: &mut Batch) {
    let key = line.key.to_ascii_lowercase();
    let Some((_, name, unit)) = QUANTITIES.iter().find(|(end, ..)| key.ends_with(end)) else {
        return;
    };
    let statistic = statistic(&key).unwrap_or_else(|| "value".to_owned());
    let metric = Metric::new(line.key)
        .of_task(scenario)
        .named(name, &statistic)
        .in_unit(*unit);
    let metric = match *unit {
        "queries/s" => metric.directed(Some(Direction::Higher)),
        _ => metric,
    };
    let definition = batch.metric(metric);
    // Newer versions print the tokens per second twice, under one key.
    if run.measurements.iter().any(|m| m.metric == definition) {
        return;
    }
    run.measurements.push(match Number::of_text(line.value) {
        Number::Finite(x) | Number::Quoted(x) => Measurement::new(definition, x),
        Number::Missing(why) => {
            batch.reject(line.place(), format!("`{}` is no number", line.key));
            Measurement::missing(definition, why)
        }
    });
}

/// `min`, `max`, `mean`, `p50`, `p99.9`, of `50.00 percentile latency (ns)` and `90th percentile …`.
fn statistic(key: &str) -> Option<String> {
    let (first, rest) = key.split_once(' ')?;
    if matches!(first, "min" | "max" | "mean") {
        return Some(first.to_owned());
    }
    rest.starts_with("percentile").then_some(())?;
    let percent: f64 = first.strip_suffix("th").unwrap_or(first).parse().ok()?;
    (0.0..=100.0)
        .contains(&percent)
        .then(|| format!("p{percent}"))
}

/// Parameters that separate two series: they change what a valid result is.
const SETTINGS: [&str; 3] = [
    "target_latency (ns)",
    "ttft_latency (ns)",
    "tpot_latency (ns)",
];

/// Keeps the parameters, and what LoadGen says about the run in words.
fn keep(summary: &Summary<'_>, scenario: &str, run: &mut Run) {
    const READ: [&str; 4] = ["SUT name", "Scenario", "Mode", "Result is"];
    run.settings.insert("scenario".to_owned(), scenario.into());
    let mode = summary.results.iter().find(|line| line.key == "Mode");
    if let Some(mode) = mode {
        run.settings.insert("mode".to_owned(), mode.value.into());
    }
    for line in &summary.parameters {
        let fields = match SETTINGS.contains(&line.key) {
            true => &mut run.settings,
            false => &mut run.details,
        };
        fields.insert(line.key.to_owned(), typed(line.value));
    }
    for line in &summary.results {
        let key = line.key.to_ascii_lowercase();
        let is_value = QUANTITIES.iter().any(|(end, ..)| key.ends_with(end));
        if !is_value && !line.value.is_empty() && !READ.contains(&line.key) {
            run.details.insert(line.key.to_owned(), typed(line.value));
        }
    }
}

fn typed(text: &str) -> Json {
    match text.parse::<i64>() {
        Ok(whole) => whole.into(),
        // A seed is larger than any i64 and stays exact as u64.
        Err(_) => match (text.parse::<u64>(), text.parse::<f64>()) {
            (Ok(whole), _) => whole.into(),
            (_, Ok(real)) if real.is_finite() => real.into(),
            _ => text.into(),
        },
    }
}
