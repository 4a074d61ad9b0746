//! Results of vLLM's benchmarks: `bench serve` of 2024 to 2026, alone, as JSON Lines or as the list of
//! a sweep, and the offline `bench throughput` and `bench latency`.
//!
//! Knows nothing of SGLang, whose lines look alike: what both share is in `serving`. A metric of the
//! server benchmark is one row in `serve.rs`.

mod offline;
mod serve;

use super::json;
use super::serving::Record;
use super::{Format, ImportError, Input, Options, Shape, Sniff};
use crate::catalog::Batch;

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
        _ => Ok(vec![("$".to_owned(), input.sniff.parse(input.path)?)]),
    }
}

#[cfg(test)]
mod tests;
