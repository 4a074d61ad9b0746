//! Results of MLPerf Inference: the summary that LoadGen writes of a performance run, and the text that
//! an accuracy script prints.
//!
//! Knows nothing of a submission's other files. A quantity of the summary is one row in `summary.rs`,
//! a score one row in `accuracy.rs`. Neither file names model or machine: a submission's folders do,
//! `results/SYSTEM/BENCHMARK/SCENARIO/…` (MLCommons, *Submission guidelines*, "Inference directory structure").

mod accuracy;
mod summary;

use std::path::{Component, Path};

use super::{Format, ImportError, Input, Options, Shape, Sniff};
use crate::catalog::{Batch, Origin, Run};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "mlperf",
    tool: "MLPerf LoadGen",
    recognised_by: "the title `MLPerf Results Summary`, or the scores of an accuracy run with its `hash=`",
    reads: "throughputs, latencies, TTFT and TPOT with all percentiles, validity; accuracy scores; model and machine from a submission's folders",
    detect,
    read,
};

/// How much of a text is searched for the marks of this format, in bytes.
const LOOK: usize = 64 * 1024;

/// Which file of a run this is.
#[derive(Clone, Copy)]
enum Kind {
    Summary,
    Accuracy,
    /// A log of single queries.
    Log,
}

impl Kind {
    fn of(sniff: &Sniff<'_>) -> Option<Self> {
        if matches!(sniff.shape, Shape::Array { .. }) {
            let is_log = sniff.has("seq_id") && sniff.has("qsl_idx");
            return is_log.then_some(Self::Log);
        }
        let start = sniff.bytes.get(..LOOK).unwrap_or(sniff.bytes);
        let text = String::from_utf8_lossy(start);
        if text.trim_start().starts_with(":::MLLOG") {
            return Some(Self::Log);
        }
        if text.lines().any(|line| line.trim() == summary::TITLE) {
            return Some(Self::Summary);
        }
        accuracy::is_accuracy(&text).then_some(Self::Accuracy)
    }
}

fn detect(sniff: &Sniff<'_>) -> bool {
    Kind::of(sniff).is_some()
}

fn read(input: &Input<'_>, options: &Options) -> Result<Batch, ImportError> {
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    match Kind::of(input.sniff) {
        Some(Kind::Summary) => summary::read(input, &mut batch)?,
        Some(Kind::Accuracy) => accuracy::read(input, &mut batch)?,
        Some(Kind::Log) => {
            return Err(ImportError::SideFile {
                path: input.path.to_owned(),
                of: "an MLPerf run",
            });
        }
        None => {
            let reason = "holds neither an MLPerf summary nor MLPerf accuracy scores";
            return Err(invalid(input, "content", reason));
        }
    }
    for run in &mut batch.runs {
        run.environment.tool = Some(FORMAT.tool.to_owned());
        // Neither file names its model as such: what was found yields to the user's word.
        if options.model.is_some() {
            run.model = None;
            run.model_from = Origin::File;
        }
    }
    Ok(batch)
}

fn invalid(input: &Input<'_>, place: impl Into<String>, reason: impl Into<String>) -> ImportError {
    ImportError::Invalid {
        path: input.path.to_owned(),
        place: place.into(),
        reason: reason.into(),
    }
}

/// The folders of a submission that stand for a scenario.
const SCENARIOS: [&str; 5] = [
    "Server",
    "Offline",
    "SingleStream",
    "MultiStream",
    "Interactive",
];

/// Model and machine as a submission's folders name them.
fn describe(run: &mut Run, path: &Path, batch: &mut Batch) {
    let Some((system, benchmark)) = folders(path) else {
        return;
    };
    batch.guess(
        "path",
        format!("folder `{benchmark}` read as the model, folder `{system}` as the machine"),
    );
    run.model = Some(benchmark);
    run.model_from = Origin::Path;
    // NVIDIA's systems are named `DGX-H100_H100-SXM-80GBx2_TRT`: machine, accelerators, engine.
    let accelerators = system.split('_').find_map(|part| {
        let (name, count) = part.rsplit_once('x')?;
        Some((name, count.parse().ok()?)).filter(|(name, _)| !name.is_empty())
    });
    let environment = &mut run.environment;
    match accelerators {
        Some((name, count)) => {
            environment.hardware = Some(name.to_owned());
            environment.devices = Some(count);
        }
        None => environment.hardware = Some(system.clone()),
    }
    run.details.insert("system".to_owned(), system.into());
}

/// System and benchmark: the two folders above the one that is named like a scenario.
fn folders(path: &Path) -> Option<(String, String)> {
    let names: Vec<&str> = path
        .parent()?
        .components()
        .filter_map(|component| match component {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    let at = names.iter().rposition(|name| SCENARIOS.contains(name))?;
    let name = |before: usize| Some((*names.get(at.checked_sub(before)?)?).to_owned());
    Some((name(2)?, name(1)?))
}

#[cfg(test)]
mod tests;
