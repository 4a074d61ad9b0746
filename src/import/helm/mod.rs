//! A run of Stanford's HELM: a folder whose `stats.json` holds the values and whose `run_spec.json`
//! says of what. One folder is one run; every other file of it is a part of that run and gives none.
//!
//! Knows nothing of HELM's leaderboards over many runs. A metric that HELM names in its own way is a
//! line in `stats.rs`, a setting that separates two series one word in `spec.rs`.

mod questions;
mod spec;
mod stats;

use serde::de::DeserializeOwned;

use self::spec::{RunSpec, Scenario};
use self::stats::Stat;
use super::json;
use super::{Format, ImportError, Input, Options, Shape, Sniff};
use crate::catalog::{Batch, Run};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "helm",
    tool: "HELM",
    recognised_by: "JSON list of objects with `name`, `count` and `sum_squared`: the `stats.json` of a run's folder, with `run_spec.json` beside it",
    reads: "every statistic with split and perturbation, its spread over trials; model, host, scenario, shots, settings; the values of every question out of `per_instance_stats.json`, never texts",
    detect,
    read,
};

const SPEC: &str = "run_spec.json";
const SCENARIO: &str = "scenario.json";
const QUESTIONS: &str = "per_instance_stats.json";

fn detect(sniff: &Sniff<'_>) -> bool {
    is_stats(sniff) || is_part(sniff)
}

fn is_stats(sniff: &Sniff<'_>) -> bool {
    let is_list = matches!(sniff.shape, Shape::Array { .. });
    is_list
        && ["name", "count", "sum_squared"]
            .iter()
            .all(|key| sniff.has(key))
}

/// Any other file of a run's folder.
fn is_part(sniff: &Sniff<'_>) -> bool {
    let has = |keys: &[&str]| keys.iter().all(|key| sniff.has(key));
    match &sniff.shape {
        Shape::Array { .. } => has(&["instance_id", "train_trial_index"]),
        Shape::Object { .. } => {
            has(&["adapter_spec", "scenario_spec"])
                || has(&["adapter_spec", "request_states"])
                || has(&["name", "tags", "definition_path"])
        }
        _ => false,
    }
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    if is_part(input.sniff) {
        return Err(ImportError::SideFile {
            path: input.path.to_owned(),
            of: "the HELM run whose `stats.json` lies beside it",
        });
    }
    let stats: Vec<Stat> = json::parse(input.path, input.sniff.bytes)?;
    let Some(spec) = beside::<RunSpec>(input, SPEC)? else {
        return Err(ImportError::Invalid {
            path: input.path.to_owned(),
            place: "its folder".to_owned(),
            reason: format!("`{SPEC}` is not there, so that model and scenario are not known"),
        });
    };
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    let mut run = spec.run();
    stats::add(&stats, &spec, &mut batch, &mut run);
    if run.measurements.is_empty() {
        return Err(ImportError::Invalid {
            path: input.path.to_owned(),
            place: "the list".to_owned(),
            reason: "holds no value".to_owned(),
        });
    }
    add_parts(input, &spec, &mut batch, &mut run);
    batch.runs.push(run);
    Ok(batch)
}

/// Adds what the files say that a run can do without; one that cannot be read is noted.
fn add_parts(input: &Input<'_>, spec: &RunSpec, batch: &mut Batch, run: &mut Run) {
    match beside::<Scenario>(input, SCENARIO) {
        Ok(Some(scenario)) => scenario.describe(run),
        Ok(None) => {}
        Err(error) => batch.reject(SCENARIO, error.to_string()),
    }
    match beside(input, QUESTIONS) {
        Ok(Some(questions)) => questions::add(questions, spec, batch, run),
        Ok(None) => {}
        Err(error) => batch.reject(QUESTIONS, error.to_string()),
    }
}

/// A file beside `stats.json`, when it is there.
fn beside<T: DeserializeOwned>(input: &Input<'_>, name: &str) -> Result<Option<T>, ImportError> {
    let Some(bytes) = input.sibling(name)? else {
        return Ok(None);
    };
    json::parse(&input.path.with_file_name(name), &bytes).map(Some)
}

#[cfg(test)]
mod tests;
