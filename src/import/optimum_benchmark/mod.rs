//! Results of Hugging Face's optimum-benchmark: a report of phases, and beside it the configuration
//! that says what was measured. A third file may hold both in one.
//!
//! Each folder counts once: the report is the run, and asks for the configuration; the configuration
//! met by itself, and the joint file met beside a report, belong to it. A quantity of a phase is one row
//! in `report.rs`, a fact of the configuration one line in `config.rs`.

mod config;
mod report;

use serde::Deserialize;
use serde_json::Value as Json;

use super::fields::mentions;
use super::{Format, ImportError, Input, Options, Shape, Sniff, json};
use crate::catalog::{Batch, Run};
use json::Entries;
use report::Phase;

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "optimum-benchmark",
    tool: "optimum-benchmark",
    recognised_by: "JSON of phases (`prefill`, `decode`, `forward`, …) with `latency` and `efficiency`, or `config` and `report` in one",
    reads: "memory, latency, throughput, energy and efficiency of each phase, the times of the iterations; model, quantisation, machine and lengths from the configuration beside it",
    detect,
    read,
};

/// Phases by the names of all versions, inference and training.
const PHASES: [&str; 12] = [
    "load",
    "load_model",
    "load_dataset",
    "forward",
    "prefill",
    "decode",
    "per_token",
    "call",
    "generate",
    "overall",
    "warmup",
    "train",
];

/// What a file of the folder is.
enum Content {
    Report,
    Config,
    Both,
}

impl Content {
    fn of(sniff: &Sniff<'_>) -> Option<Self> {
        if !matches!(sniff.shape, Shape::Object { .. }) {
            return None;
        }
        let all = |keys: &[&str]| keys.iter().all(|key| sniff.has(key));
        let any = |keys: &[&str]| keys.iter().any(|key| sniff.has(key));
        match () {
            () if all(&["config", "report"]) && mentions(sniff, "optimum_benchmark") => {
                Some(Self::Both)
            }
            () if all(&["backend", "launcher", "environment"])
                && any(&["scenario", "benchmark"]) =>
            {
                Some(Self::Config)
            }
            () if any(&PHASES)
                && mentions(sniff, "\"latency\"")
                && mentions(sniff, "\"efficiency\"") =>
            {
                Some(Self::Report)
            }
            () => None,
        }
    }
}

/// `benchmark.json`.
#[derive(Deserialize)]
struct Both {
    config: Json,
    report: Entries<Option<Phase>>,
}

fn detect(sniff: &Sniff<'_>) -> bool {
    Content::of(sniff).is_some()
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    let bytes = input.sniff.bytes;
    let (config, report) = match Content::of(input.sniff) {
        Some(Content::Config) => return Err(side_file(input)),
        Some(Content::Both) if input.sibling("benchmark_report.json")?.is_some() => {
            return Err(side_file(input));
        }
        Some(Content::Both) => {
            let Both { config, report } = json::parse(input.path, bytes)?;
            (Some(config), report)
        }
        _ => (beside(input)?, json::parse(input.path, bytes)?),
    };
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    let mut run = match &config {
        Some(config) => config::run(config),
        None => {
            batch.warn(
                "file",
                "there is no configuration beside it, so neither model nor machine is known",
            );
            Run::default()
        }
    };
    run.environment.tool = Some(FORMAT.tool.to_owned());
    batch.tool_version.clone_from(&run.environment.tool_version);
    report::measure(report, &mut run, &mut batch);
    if run.measurements.is_empty() {
        return Err(ImportError::Invalid {
            path: input.path.to_owned(),
            place: "phases".to_owned(),
            reason: "hold no value".to_owned(),
        });
    }
    batch.runs.push(run);
    Ok(batch)
}

fn side_file(input: &Input<'_>) -> ImportError {
    ImportError::SideFile {
        path: input.path.to_owned(),
        of: "the optimum-benchmark report beside it",
    }
}

/// The configuration of the report's own folder, from its own file or from the joint one.
fn beside(input: &Input<'_>) -> Result<Option<Json>, ImportError> {
    // A report that was given another name may have lost its folder too.
    let is_named = input
        .path
        .file_name()
        .is_some_and(|name| name == "benchmark_report.json");
    if !is_named {
        return Ok(None);
    }
    let of = |name: &str, bytes: &[u8]| json::parse(&input.path.with_file_name(name), bytes);
    if let Some(bytes) = input.sibling("benchmark_config.json")? {
        return of("benchmark_config.json", &bytes).map(Some);
    }
    let Some(bytes) = input.sibling("benchmark.json")? else {
        return Ok(None);
    };
    let mut both: Json = of("benchmark.json", &bytes)?;
    Ok(both.get_mut("config").map(Json::take))
}

#[cfg(test)]
mod tests;
