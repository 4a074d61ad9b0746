//! `analyze_export_genai_perf.csv`: a table of the configurations of a sweep, a blank line, and a table of
//! the cards they ran on. The model is only the beginning of a configuration's name.

use serde_json::Value as Json;

use super::super::json::Number;
use super::super::{ImportError, Input, Shape, Sniff};
use crate::catalog::{Arrival, Batch, Kind, Measurement, Metric, Run, Value};

/// The first column of both tables.
const NAME: &str = "Config Name";
/// What stands between the model and the number of a configuration.
const NUMBER: &str = "_run_config_";

/// Quantities as the columns call them, and their names.
const NAMES: [(&str, &str); 9] = [
    ("Time To First Token", "ttft"),
    ("Inter Token Latency", "itl"),
    ("Request Latency", "e2el"),
    ("Output Sequence Length", "output_len"),
    ("Input Sequence Length", "input_len"),
    ("Output Token Throughput", "output_throughput"),
    ("Request Throughput", "request_throughput"),
    ("GPU Power Usage", "power"),
    ("GPU Energy Consumption", "energy"),
];

/// Whether the text begins with the first table's header.
pub(super) fn detect(sniff: &Sniff<'_>) -> bool {
    let mut lines = sniff.bytes.split(|byte| *byte == b'\n');
    let first = lines.find(|line| !line.trim_ascii().is_empty());
    let header = first.and_then(|line| std::str::from_utf8(line).ok());
    // The two tables differ in their columns, so that the file may pass for text.
    matches!(
        sniff.shape,
        Shape::Text
            | Shape::Delimited {
                separator: b',',
                ..
            }
    ) && header.is_some_and(|header| {
        header.starts_with(&format!("{NAME},"))
            && header.split(',').any(|cell| Column::of(cell).is_some())
    })
}

/// A column that holds a metric: `p99 Time To First Token (ms)`.
struct Column<'a> {
    statistic: &'a str,
    quantity: &'a str,
    unit: &'a str,
}

impl<'a> Column<'a> {
    fn of(header: &'a str) -> Option<Self> {
        let (rest, unit) = header.trim().strip_suffix(')')?.rsplit_once(" (")?;
        let (statistic, quantity) = match rest.split_once(' ') {
            // Of requests a second there is only one value, whatever the column says.
            Some(("Avg.", quantity)) if quantity.ends_with("Throughput") => ("value", quantity),
            Some(("Avg.", quantity)) => ("mean", quantity),
            Some((statistic @ ("min" | "max" | "std"), quantity)) => (statistic, quantity),
            Some((percentile, quantity)) if is_percentile(percentile) => (percentile, quantity),
            _ => ("value", rest),
        };
        Some(Self {
            statistic,
            quantity,
            unit,
        })
    }

    fn metric(&self, header: &str, card: &str) -> Metric {
        let known = NAMES.iter().find(|(written, _)| *written == self.quantity);
        let metric = Metric::new(header).in_unit(self.unit);
        let mut metric = match known {
            Some((_, name)) => metric.named(name, self.statistic),
            None => {
                let name = self.quantity.to_lowercase().replace(' ', "_");
                metric.named(&name, self.statistic)
            }
        };
        // Limits, sizes and shares of a card are no results.
        let is_result = known.is_some() || self.quantity.ends_with("Used");
        if self.quantity.starts_with("GPU") && !is_result {
            (metric.kind, metric.direction) = (Some(Kind::Setting), None);
        }
        metric.qualified(card)
    }
}

fn is_percentile(word: &str) -> bool {
    let percent: Option<f64> = word.strip_prefix('p').and_then(|p| p.parse().ok());
    percent.is_some_and(|percent| (0.0..=100.0).contains(&percent))
}

/// One run a configuration, in the order of the first table.
pub(super) fn runs(input: &Input<'_>, batch: &mut Batch) -> Result<Vec<Run>, ImportError> {
    let broken = |line: u64, reason: String| ImportError::Broken {
        path: input.path.to_owned(),
        line: line as usize,
        column: 1,
        reason,
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(input.sniff.bytes);
    let mut runs: Vec<Run> = Vec::new();
    let mut header = csv::StringRecord::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            broken(line, error.to_string())
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        let Some(name) = record.get(0).map(str::trim) else {
            continue;
        };
        if name == NAME {
            header = record;
            continue;
        }
        if record.len() != header.len() {
            let reason = format!("{} cells under {} columns", record.len(), header.len());
            return Err(broken(line, reason));
        }
        let cells: Vec<(&str, &str)> = header.iter().zip(&record).skip(1).collect();
        let card = cells.iter().find(|(column, _)| *column == "GPU");
        match card {
            None => runs.push(configuration(name, &cells, batch)),
            Some((_, card)) => {
                let label = Some(name.to_owned());
                match runs.iter_mut().find(|run| run.label == label) {
                    Some(run) => add_card(card, &cells, run, batch),
                    None => batch.reject(
                        format!("line {line}"),
                        format!("a card of `{name}`, which is no configuration of the sweep"),
                    ),
                }
            }
        }
    }
    Ok(runs)
}

/// The run of one row of the first table.
fn configuration(name: &str, cells: &[(&str, &str)], batch: &mut Batch) -> Run {
    let mut run = Run {
        label: Some(name.to_owned()),
        model: name
            .rsplit_once(NUMBER)
            .map(|(model, _)| model.to_owned())
            .filter(|model| !model.is_empty()),
        ..Run::default()
    };
    for (column, cell) in cells {
        if Column::of(column).is_some() {
            measure(column, cell, "", &mut run, batch);
        } else {
            set(column, cell, &mut run);
        }
    }
    run
}

/// What a column without unit says: the load, the lengths, or another setting of the sweep.
fn set(column: &str, cell: &str, run: &mut Run) {
    let value = Value::number(cell);
    let whole = match value {
        Some(Value::Integer(n)) => Some(n),
        _ => None,
    };
    let work = &mut run.workload;
    match (column, whole) {
        ("Concurrency", Some(n)) => {
            work.concurrency = Some(n);
            work.arrival = Some(Arrival::Closed);
        }
        ("ISL", Some(n)) => work.input_len = Some(n),
        ("OSL", Some(n)) => work.output_len = Some(n),
        ("Request Rate", _) if value.is_some() => {
            work.request_rate = value.as_ref().and_then(Value::as_f64);
            work.arrival = Some(Arrival::Rate);
        }
        _ if cell.trim().is_empty() => {}
        _ => {
            let key = column.to_lowercase().replace(' ', "_");
            let setting = match value {
                Some(Value::Integer(n)) => n.into(),
                Some(Value::Real(x)) => x.into(),
                _ => Json::from(cell.trim()),
            };
            run.settings.insert(key, setting);
        }
    }
}

fn measure(column: &str, cell: &str, card: &str, run: &mut Run, batch: &mut Batch) {
    let Some(metric) = Column::of(column).map(|of| of.metric(column, card)) else {
        return;
    };
    let metric = batch.metric(metric);
    if run.measurements.iter().any(|m| m.metric == metric) {
        batch.reject(format!("`{column}`"), "stands twice for one configuration");
        return;
    }
    run.measurements.push(match Number::of_text(cell) {
        Number::Finite(x) | Number::Quoted(x) => Measurement::new(metric, x),
        Number::Missing(_) if cell.trim().is_empty() => Measurement::missing(metric, "blank"),
        Number::Missing(why) => Measurement::missing(metric, why),
    });
}

/// Adds one row of the second table to its run.
fn add_card(card: &str, cells: &[(&str, &str)], run: &mut Run, batch: &mut Batch) {
    for (column, cell) in cells {
        measure(column, cell, card, run, batch);
    }
    *run.environment.devices.get_or_insert(0) += 1;
}
