//! The report that TensorRT-LLM's `trtllm-bench` prints at the end of a throughput or latency run, alone or
//! at the end of a log. It is text: titled blocks of `key: value`, then percentiles block by block.
//!
//! Knows nothing of the report's JSON form. A quantity is one row in `quantity.rs`.

mod quantity;
mod report;

use super::{Format, ImportError, Input, Options, Shape, Sniff};
use crate::catalog::Batch;
use report::Report;

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "trtllm-bench",
    tool: "trtllm-bench",
    recognised_by: "a printed block `= PERFORMANCE OVERVIEW`, `= THROUGHPUT OVERVIEW` or `= STATISTICS` with a throughput",
    reads: "throughputs, latencies, TTFT, TPOT and ITL with their percentiles; model, dtype, quantisation, parallelism, lengths",
    detect,
    read,
};

/// How much is searched at either end of a file, in bytes: the report is the end of a log.
const LOOK: usize = 64 * 1024;

fn detect(sniff: &Sniff<'_>) -> bool {
    if !matches!(sniff.shape, Shape::Text | Shape::Delimited { .. }) {
        return false;
    }
    let bytes = sniff.bytes;
    let start = bytes.get(..LOOK).unwrap_or(bytes);
    let end = bytes.get(bytes.len().saturating_sub(LOOK)..);
    has_report(start) || end.is_some_and(has_report)
}

fn has_report(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut in_results = false;
    text.lines().any(|line| {
        if let Some(title) = title(line) {
            in_results = title.ends_with("OVERVIEW") || title.ends_with("STATISTICS");
        }
        in_results && key_value(line).is_some_and(|(key, _)| quantity::find(key).is_some())
    })
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    let invalid = |place: String, reason: &str| ImportError::Invalid {
        path: input.path.to_owned(),
        place,
        reason: reason.to_owned(),
    };
    let text = std::str::from_utf8(input.sniff.bytes)
        .map_err(|error| invalid(format!("byte {}", error.valid_up_to()), "not UTF-8"))?;
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    let mut report = Report::default();
    let mut last = (0, "");
    for (number, line) in (1..).zip(text.lines()) {
        report.line(line, number, &mut batch);
        last = (number, after_prefix(line));
    }
    let place = format!("line {}", last.0);
    if !text.ends_with('\n') && !is_rule(last.1) {
        return Err(invalid(place, "the report is cut off within a line"));
    }
    report.finish(&mut batch);
    if batch.runs.is_empty() {
        return Err(invalid(place, "the report ends before its first result"));
    }
    Ok(batch)
}

/// The title in a line such as `= ENGINE DETAILS`, in capitals.
fn title(line: &str) -> Option<String> {
    let title = after_prefix(line).strip_prefix("= ")?.trim();
    (!title.is_empty() && !title.starts_with('=')).then(|| title.to_ascii_uppercase())
}

/// A line without what the logger put before it: `[07/15/2025-10:00:00] [TRT-LLM] [I] = …`.
fn after_prefix(line: &str) -> &str {
    let line = line.trim();
    match line.split_once("[TRT-LLM] [I] ") {
        Some((_, rest)) => rest.trim(),
        None => line,
    }
}

fn key_value(line: &str) -> Option<(&str, &str)> {
    let (key, value) = after_prefix(line).split_once(':')?;
    Some((key.trim(), value.trim()))
}

/// The line of `=` above and below a title, and at the end of a report.
fn is_rule(line: &str) -> bool {
    line.len() > 20 && line.bytes().all(|b| b == b'=')
}

#[cfg(test)]
mod tests;
