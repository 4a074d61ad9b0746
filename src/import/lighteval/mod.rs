//! Results of Hugging Face's lighteval, from 2024 to 2026: one file is one run.
//!
//! Knows nothing of lm-evaluation-harness, whose files look alike but have no `config_general`. A metric
//! whose unit is known is one word in `scores.rs`, a setting that separates two series one in `setup.rs`.

mod scores;
mod setup;

use serde::Deserialize;
use serde_json::Value as Json;

use super::json::{Entries, Number};
use super::{Format, ImportError, Input, Options, Shape, Sniff};
use crate::catalog::Batch;

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "lighteval",
    tool: "lighteval",
    recognised_by: "JSON object with `config_general` and `results`",
    reads: "scores with standard error, direction, shots and number of questions; averages kept apart; model, commit, settings; end of the run and label out of the file's name",
    detect,
    read,
};

/// The blocks that are read; secondary ones are taken as any JSON, since their form changed often.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Document {
    config_general: Json,
    results: Entries<Entries<Number>>,
    versions: Json,
    config_tasks: Json,
}

/// A file that is cut off has only the first of its blocks.
fn detect(sniff: &Sniff<'_>) -> bool {
    matches!(sniff.shape, Shape::Object { .. }) && sniff.has("config_general")
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    let document: Document = input.sniff.parse(input.path)?;
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    let mut run = document.run(input.path, &mut batch);
    document.read_scores(&mut batch, &mut run);
    if run.measurements.is_empty() {
        return Err(ImportError::Invalid {
            path: input.path.to_owned(),
            place: "`results`".to_owned(),
            reason: "holds no score".to_owned(),
        });
    }
    batch.runs.push(run);
    Ok(batch)
}

#[cfg(test)]
mod tests;
