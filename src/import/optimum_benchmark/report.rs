//! The phases of a report: what each used and how long it took. Units stand in each block, and differ:
//! prefill is measured in samples a second, decoding in tokens a second.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::super::fields::{add_samples, measurement, number, text, whole};
use super::super::json::{Entries, Number};
use crate::catalog::{Batch, Direction, Kind, Metric, Run};

/// One phase; a block that was not asked for is `null`.
#[derive(Deserialize)]
pub(super) struct Phase {
    memory: Option<Map<String, Json>>,
    latency: Option<Latency>,
    throughput: Option<Map<String, Json>>,
    energy: Option<Map<String, Json>>,
    efficiency: Option<Map<String, Json>>,
}

/// The times of a phase: each, and their statistics.
#[derive(Deserialize)]
struct Latency {
    values: Option<Vec<Number>>,
    #[serde(flatten)]
    statistics: Map<String, Json>,
}

/// Statistics of a latency, and what they are; the deviation in percent comes last.
const STATISTICS: [(&str, &str); 12] = [
    ("count", "count"),
    ("total", "sum"),
    ("mean", "mean"),
    ("p50", "p50"),
    ("p90", "p90"),
    ("p95", "p95"),
    ("p99", "p99"),
    ("min", "min"),
    ("max", "max"),
    ("stdev", "std"),
    ("std", "std"),
    ("stdev_", "cv"),
];

/// Adds the values of all phases.
pub(super) fn measure(report: Entries<Option<Phase>>, run: &mut Run, batch: &mut Batch) {
    for (name, phase) in report.0 {
        let Some(phase) = phase else { continue };
        if let Some(latency) = phase.latency {
            add_latency(&name, latency, run, batch);
        }
        let blocks = [
            ("memory", phase.memory),
            ("throughput", phase.throughput),
            ("energy", phase.energy),
            ("efficiency", phase.efficiency),
        ];
        for (quantity, block) in blocks {
            if let Some(block) = block {
                add_block(&name, quantity, &block, run, batch);
            }
        }
    }
}

fn add_latency(phase: &str, latency: Latency, run: &mut Run, batch: &mut Batch) {
    let Latency { values, statistics } = latency;
    let unit = unit_of(&statistics);
    let of = |key: &str| statistics.get(key).unwrap_or(&Json::Null);
    let values: Vec<f64> = values
        .iter()
        .flatten()
        .map(|value| value.value().unwrap_or(f64::NAN))
        .collect();
    let n = whole(of("count")).or((!values.is_empty()).then_some(values.len() as i64));
    let spread = number(of("stdev")).or(number(of("std")));
    for (key, statistic) in STATISTICS {
        let mut metric = named(format!("latency.{key}"), phase, "latency", statistic);
        match statistic {
            "count" => metric.kind = Some(Kind::Count),
            // Of the mean, in percent, so that it is no time and no direction holds.
            "cv" => {
                metric = metric.in_unit("%");
                metric.direction = None;
            }
            "mean" => {
                metric = metric.in_unit(&unit);
                metric.spread_of = Some(observed(phase).to_owned());
            }
            "sum" => metric = metric.in_unit(&unit).directed(Some(Direction::Lower)),
            _ => metric = metric.in_unit(&unit),
        }
        let Some(measured) = measurement(batch, metric, of(key)) else {
            continue;
        };
        run.measurements.push(match statistic {
            "mean" if measured.value.is_some() => measured.with_spread(spread).with_n(n),
            _ => measured,
        });
    }
    let metric = named("latency.values".to_owned(), phase, "latency", "each").in_unit(unit);
    add_samples(run, batch, metric, values);
}

/// What one value of a phase's latency is the time of.
fn observed(phase: &str) -> &'static str {
    match phase {
        "per_token" => "tokens",
        _ => "repetitions",
    }
}

fn add_block(
    phase: &str,
    quantity: &str,
    block: &Map<String, Json>,
    run: &mut Run,
    batch: &mut Batch,
) {
    let unit = unit_of(block);
    for (key, cell) in block {
        if key == "unit" {
            continue;
        }
        let (name, statistic) = match (quantity, key.as_str()) {
            ("memory", key) => match key.strip_prefix("max_") {
                Some(kind) => (format!("memory_{kind}"), "max"),
                None => (format!("memory_{key}"), "value"),
            },
            ("throughput", _) => (throughput(phase, &unit).to_owned(), "value"),
            ("energy", "total") => ("energy".to_owned(), "value"),
            ("energy", part) => (format!("energy_{part}"), "value"),
            _ => (quantity.to_owned(), "value"),
        };
        let raw = format!("{quantity}.{key}");
        let mut metric = named(raw, phase, &name, statistic).in_unit(&unit);
        if quantity == "efficiency" {
            metric.direction = Some(Direction::Higher);
        }
        run.measurements.extend(measurement(batch, metric, cell));
    }
}

/// Samples a second are no tokens a second, so that the two never share a name.
fn throughput(phase: &str, unit: &str) -> &'static str {
    match (unit.starts_with("tokens/"), phase) {
        (true, "prefill") => "prefill_throughput",
        (true, "decode") => "decode_throughput",
        (true, _) => "token_throughput",
        (false, _) => "sample_throughput",
    }
}

fn named(raw: String, phase: &str, name: &str, statistic: &str) -> Metric {
    let metric = Metric::new(raw).of_task(phase);
    metric.named(name, statistic)
}

fn unit_of(block: &Map<String, Json>) -> String {
    block.get("unit").and_then(text).unwrap_or_default()
}
