//! Logs of Inspect AI, as `.json` or as `.eval`, which is a zip archive: one log is one run. A run that was
//! stopped keeps the scores it has.
//!
//! Knows nothing of other zip archives. A metric with a meaning of its own is a line in `scores.rs`, a
//! setting that separates two series one word in `setup.rs`.

mod archive;
mod scores;
mod setup;

use serde::Deserialize;
use serde_json::Value as Json;

use self::scores::{Reduction, Results, Sample};
use super::json;
use super::{Format, ImportError, Input, Options, Shape, Sniff};
use crate::catalog::Batch;

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "inspect",
    tool: "Inspect AI",
    recognised_by: "JSON object with `eval` and `status`, or a zip archive with `header.json` or `_journal/`",
    reads: "metrics by scorer with standard error and number of samples, token use; model, solvers, settings, times; the score of every sample, never texts",
    detect,
    read,
};

/// The blocks that are read. Samples are read for their scores alone, everything else in them, above
/// all messages and events, is skipped unread.
#[derive(Deserialize)]
struct Log {
    status: String,
    eval: Json,
    #[serde(default)]
    plan: Json,
    results: Option<Results>,
    #[serde(default)]
    stats: Json,
    reductions: Option<Vec<Reduction>>,
    samples: Option<Vec<Sample>>,
}

fn detect(sniff: &Sniff<'_>) -> bool {
    match &sniff.shape {
        Shape::Object { .. } => sniff.has("eval") && sniff.has("status"),
        _ => archive::is_log(sniff.bytes),
    }
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    let log = match archive::is_log(input.sniff.bytes) {
        true => packed(input)?,
        false => input.sniff.parse(input.path)?,
    };
    let mut run = log.run(&mut batch);
    batch.tool_version.clone_from(&run.environment.tool_version);
    log.read_scores(&mut batch, &mut run);
    if run.measurements.is_empty() {
        batch.warn("results", "the log holds no score");
    }
    batch.runs.push(run);
    Ok(batch)
}

/// The log in an archive: its header, and the scores of the samples which lie beside.
fn packed(input: &Input<'_>) -> Result<Log, ImportError> {
    let archive::Content { header, reductions } = archive::read(input.path, input.sniff.bytes)?;
    let mut log: Log = json::parse(&input.path.join(archive::HEADER), &header)?;
    if let Some(bytes) = reductions {
        log.reductions = json::parse(&input.path.join(archive::REDUCTIONS), &bytes)?;
    }
    Ok(log)
}

#[cfg(test)]
mod tests;
