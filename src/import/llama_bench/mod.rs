//! Results of llama.cpp's `llama-bench`: every row is one test of one model and becomes one run, since
//! prefill and generation are different works. Reads the JSON, JSON Lines, CSV, SQL and Markdown forms of
//! all builds; SQL is read as text and never executed.
//!
//! Knows nothing of other tools' tables. A column that separates two series is one row in `row.rs`, a
//! column that Markdown calls otherwise one row in `markdown.rs`.

mod markdown;
mod row;
mod sql;

use serde_json::{Map, Value as Json};

use super::json;
use super::{Format, ImportError, Input, Options, Shape, Sniff};
use crate::catalog::Batch;

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "llama-bench",
    tool: "llama-bench",
    recognised_by: "`build_commit` and `avg_ts` in a JSON list, JSON Lines, CSV or SQL; a Markdown table with `model`, `test` and `t/s`",
    reads: "one run a row: prefill or decode throughput and test time with their spread and repetitions; model, quantisation, machine, settings",
    detect,
    read,
};

/// One row: column and cell, text in CSV, typed in JSON.
type Row = Map<String, Json>;

fn detect(sniff: &Sniff<'_>) -> bool {
    (sniff.has("build_commit") && sniff.has("avg_ts"))
        || sql::detect(sniff)
        || markdown::detect(sniff)
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    for (place, row) in rows(input)? {
        row::read(row, &place, &mut batch);
    }
    batch.tool_version = batch
        .runs
        .first()
        .and_then(|run| run.environment.tool_version.clone());
    Ok(batch)
}

/// The rows of any form, each with its place in the file.
fn rows(input: &Input<'_>) -> Result<Vec<(String, Row)>, ImportError> {
    let bytes = input.sniff.bytes;
    if sql::detect(input.sniff) {
        return sql::rows(input);
    }
    if markdown::detect(input.sniff) {
        return markdown::rows(input);
    }
    match &input.sniff.shape {
        Shape::Delimited { separator, .. } => table(input, *separator),
        Shape::Lines { .. } => json::lines(bytes)
            .map(|(number, line)| {
                let row = json::parse_from(input.path, number, line)?;
                Ok((format!("line {number}"), row))
            })
            .collect(),
        Shape::Object { .. } => Ok(vec![("$".to_owned(), json::parse(input.path, bytes)?)]),
        _ => {
            let list: Vec<Row> = json::parse(input.path, bytes)?;
            let place = |(i, row)| (format!("$[{i}]"), row);
            Ok(list.into_iter().enumerate().map(place).collect())
        }
    }
}

fn table(input: &Input<'_>, separator: u8) -> Result<Vec<(String, Row)>, ImportError> {
    let broken = |error: csv::Error| ImportError::Broken {
        path: input.path.to_owned(),
        line: error.position().map_or(1, |at| at.line() as usize),
        column: 1,
        reason: match error.kind() {
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => format!("{len} cells under {expected_len} columns"),
            csv::ErrorKind::Utf8 { .. } => "not UTF-8".to_owned(),
            _ => error.to_string(),
        },
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .from_reader(input.sniff.bytes);
    let header = reader.headers().map_err(broken)?.clone();
    reader
        .records()
        .map(|record| {
            let record = record.map_err(broken)?;
            let line = record.position().map_or(0, csv::Position::line);
            let cells = header.iter().zip(&record);
            let row = cells.map(|(column, cell)| (column.to_owned(), Json::from(cell)));
            Ok((format!("line {line}"), row.collect()))
        })
        .collect()
}

/// The text of a file whose form is neither JSON nor CSV.
fn text<'a>(input: &Input<'a>) -> Result<&'a str, ImportError> {
    let bytes = input.sniff.bytes;
    std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        ImportError::Broken {
            path: input.path.to_owned(),
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            column: 1,
            reason: "not UTF-8".to_owned(),
        }
    })
}

#[cfg(test)]
mod tests;
