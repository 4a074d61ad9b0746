//! Results of vLLM's benchmarks: `bench serve` of 2024 to 2026, alone, as JSON Lines or as the list of
//! a sweep, and the offline `bench throughput` and `bench latency`.
//!
//! Knows nothing of SGLang, whose lines look alike. A metric of the server benchmark is one row in
//! `serve.rs`.

mod offline;
mod record;
mod serve;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use self::record::Record;
use super::json::{self, Number};
use super::{Format, ImportError, Input, Options, Shape, Sniff};
use crate::catalog::{Batch, Measurement, Metric, Run, Samples};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "vllm",
    tool: "vLLM",
    recognised_by: "JSON with `model_id` and `request_throughput` (serve), `elapsed_time` and `tokens_per_second` (throughput), or `avg_latency` and `percentiles` (latency)",
    reads: "throughputs, TTFT, TPOT, ITL and E2EL with all their percentiles, token counts; model, load, settings; per-request values when saved, never texts",
    detect,
    read,
};

/// Which benchmark wrote a file.
#[derive(Clone, Copy)]
enum Benchmark {
    Serve,
    Throughput,
    Latency,
}

impl Benchmark {
    fn of(sniff: &Sniff<'_>) -> Option<Self> {
        let all = |keys: &[&str]| keys.iter().all(|key| sniff.has(key));
        // SGLang's lines have the same names and these besides.
        let sglang =
            sniff.has("total_output_tokens_retokenized") || sniff.has("sharegpt_output_len");
        match &sniff.shape {
            Shape::Object { .. } | Shape::Array { .. } | Shape::Lines { .. }
                if all(&["model_id", "request_throughput"]) && !sglang =>
            {
                Some(Self::Serve)
            }
            Shape::Object { .. } if all(&["elapsed_time", "tokens_per_second"]) => {
                Some(Self::Throughput)
            }
            Shape::Object { .. } if all(&["avg_latency", "percentiles"]) => Some(Self::Latency),
            _ => None,
        }
    }
}

fn detect(sniff: &Sniff<'_>) -> bool {
    Benchmark::of(sniff).is_some()
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    let Some(benchmark) = Benchmark::of(input.sniff) else {
        return Err(ImportError::Invalid {
            path: input.path.to_owned(),
            place: "the keys at the top".to_owned(),
            reason: "are those of no vLLM benchmark".to_owned(),
        });
    };
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    for (place, record) in records(input)? {
        let run = match benchmark {
            Benchmark::Serve => serve::run(record, &place, &mut batch),
            Benchmark::Throughput => offline::throughput(record, &place, &mut batch),
            Benchmark::Latency => offline::latency(record, &place, &mut batch),
        };
        batch.runs.push(run);
    }
    Ok(batch)
}

fn records(input: &Input<'_>) -> Result<Vec<(String, Record)>, ImportError> {
    let bytes = input.sniff.bytes;
    match &input.sniff.shape {
        Shape::Lines { .. } => json::lines(bytes)
            .map(|(number, line)| {
                let record = json::parse_from(input.path, number, line)?;
                Ok((format!("line {number}"), record))
            })
            .collect(),
        Shape::Array { .. } => {
            let list: Vec<Record> = json::parse(input.path, bytes)?;
            let place = |(i, record)| (format!("$[{i}]"), record);
            Ok(list.into_iter().enumerate().map(place).collect())
        }
        _ => Ok(vec![("$".to_owned(), json::parse(input.path, bytes)?)]),
    }
}

/// Adds a value to a run; `null` means that the tool was not asked for it, and adds nothing.
fn measure(run: &mut Run, batch: &mut Batch, metric: Metric, cell: &Json) {
    let measurement = |batch: &mut Batch| {
        let number = Number::deserialize(cell).ok()?;
        match number {
            Number::Finite(x) | Number::Quoted(x) => {
                Some(Measurement::new(batch.metric(metric), x))
            }
            Number::Missing(why) if why == "null" => None,
            Number::Missing(why) => Some(Measurement::missing(batch.metric(metric), why)),
        }
    };
    run.measurements.extend(measurement(batch));
}

/// Adds the vectors behind the values.
fn add_samples(run: &mut Run, batch: &mut Batch, metric: Metric, values: Vec<f64>) {
    if !values.is_empty() {
        let metric = batch.metric(metric);
        run.samples.push(Samples {
            metric,
            values,
            items: None,
        });
    }
}

/// Takes a whole number out of the fields, also when it is written as text.
fn take_whole(fields: &mut Map<String, Json>, keys: &[&str]) -> Option<i64> {
    keys.iter().find_map(|key| {
        let x = Number::deserialize(fields.get(*key)?).ok()?.value()?;
        let whole = (x.fract() == 0.0 && x.abs() < 1e15).then_some(x as i64)?;
        fields.shift_remove(*key);
        Some(whole)
    })
}

/// Takes a text that says something out of the fields.
fn take_text(fields: &mut Map<String, Json>, key: &str) -> Option<String> {
    let text = fields.get(key)?.as_str()?.trim().to_owned();
    fields.shift_remove(key);
    (!text.is_empty()).then_some(text)
}

/// What is left separates two series if it is a plain value: the swept settings and the user's
/// metadata. A list or an object is left out and noted.
fn keep_rest(fields: Map<String, Json>, run: &mut Run, place: &str, batch: &mut Batch) {
    for (key, value) in fields {
        match value {
            Json::Null => {}
            Json::Array(_) | Json::Object(_) => {
                batch.reject(format!("{place}.{key}"), "neither a value nor a setting");
            }
            plain => {
                run.settings.insert(key, plain);
            }
        }
    }
}

#[cfg(test)]
mod tests;
