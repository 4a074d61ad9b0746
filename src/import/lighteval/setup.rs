//! What a results file says about the run as a whole; the end of the run and its label stand in the
//! file's name alone, since the times inside are of a monotonic clock.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::super::json::Number;
use super::super::time;
use super::{Document, FORMAT};
use crate::catalog::{Batch, Environment, Moment, Origin, Run, Status, Workload};

/// Fields of the model's configuration that change its answers.
const SEPARATING: [&str; 5] = [
    "override_chat_template",
    "use_chat_template",
    "add_special_tokens",
    "max_length",
    "max_model_length",
];

/// Words of a label that name a quantisation.
const QUANTISATIONS: [&str; 13] = [
    "int2", "int3", "int4", "int8", "fp4", "fp8", "4bit", "8bit", "gptq", "awq", "nf4", "hqq",
    "gguf",
];

impl Document {
    /// The run without its scores.
    pub(super) fn run(&self, path: &Path, batch: &mut Batch) -> Run {
        let general = &self.config_general;
        let model = &general["model_config"];
        let either = |key: &str, inner: &str| text(&general[key]).or_else(|| text(&model[inner]));
        let (finished, label) = named(path);
        let samples = &general["max_samples"];
        let quantization = text(&model["quantization"]).or_else(|| {
            let label = label.as_deref().filter(|label| is_quantisation(label))?;
            batch.guess(
                "the file's name",
                format!("`{label}` is taken for the quantisation"),
            );
            Some(label.to_owned())
        });
        Run {
            model: either("model_name", "model_name"),
            revision: text(&model["revision"]),
            model_sha: text(&general["model_sha"]),
            quantization,
            dtype: either("model_dtype", "dtype")
                .filter(|dtype| dtype != "auto")
                .map(|dtype| dtype.trim_start_matches("torch.").to_owned()),
            time_from: if finished.is_some() {
                Origin::Path
            } else {
                Origin::File
            },
            finished,
            label,
            status: if samples.is_null() {
                Status::Complete
            } else {
                Status::Partial(format!("max_samples {samples}"))
            },
            environment: Environment {
                tool: Some(FORMAT.tool.to_owned()),
                tool_commit: text(&general["lighteval_sha"]).filter(|commit| commit != "?"),
                ..Environment::default()
            },
            workload: Workload {
                tp: model["tensor_parallel_size"].as_i64(),
                ..Workload::default()
            },
            settings: self.settings(),
            details: self.details(),
            ..Run::default()
        }
    }

    /// Only what was set: a default says nothing, and older versions do not write it.
    fn settings(&self) -> Map<String, Json> {
        let general = &self.config_general;
        let model = &general["model_config"];
        let mut settings = Map::new();
        let mut set = |key: &str, value: &Json| {
            if !value.is_null() {
                settings.insert(key.to_owned(), value.clone());
            }
        };
        set("max_samples", &general["max_samples"]);
        if general["num_fewshot_seeds"]
            .as_i64()
            .is_some_and(|seeds| seeds > 1)
        {
            set("num_fewshot_seeds", &general["num_fewshot_seeds"]);
        }
        let generation = [general, model].map(|block| block["generation_parameters"].as_object());
        let asked = generation.into_iter().flatten().flatten();
        let asked: Map<String, Json> = asked
            .filter(|(_, value)| value.is_number() || value.is_boolean())
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        if !asked.is_empty() {
            set("generation_parameters", &asked.into());
        }
        for key in SEPARATING {
            set(key, &model[key]);
        }
        // The text itself is a prompt, which is not kept.
        if text(&model["system_prompt"]).is_some() {
            set("system_prompt", &true.into());
        }
        settings
    }

    fn details(&self) -> Map<String, Json> {
        let general = &self.config_general;
        let mut details = Map::new();
        let mut keep = |key: &str, value: Json| {
            if !value.is_null() {
                details.insert(key.to_owned(), value);
            }
        };
        keep("model_size", text(&general["model_size"]).into());
        keep(
            "override_batch_size",
            general["override_batch_size"].clone(),
        );
        // Spelled so by the tool.
        let seconds = Number::deserialize(&general["total_evaluation_time_secondes"]);
        keep(
            "total_evaluation_time_seconds",
            seconds.ok().and_then(|seconds| seconds.value()).into(),
        );
        details
    }
}

/// A string that says something.
fn text(json: &Json) -> Option<String> {
    let text = json.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The end of the run and what an author wrote behind it, out of `results_TIME.json` or
/// `results_TIME_label.json`, where the colons of the time are hyphens.
fn named(path: &Path) -> (Option<Moment>, Option<String>) {
    let stem = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    let Some((_, rest)) = stem.rsplit_once("results_") else {
        return (None, None);
    };
    let (stamp, label) = rest.split_once('_').unwrap_or((rest, ""));
    let iso = match stamp.split_once('T') {
        Some((date, clock)) => format!("{date}T{}", clock.replace('-', ":")),
        None => return (None, None),
    };
    let moment = time::parse(&iso);
    let label = Some(label.to_owned()).filter(|label| moment.is_some() && !label.is_empty());
    (moment, label)
}

/// Whether a label names a quantisation: `torchao_int4wo`, `bnb_8bit`.
fn is_quantisation(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    QUANTISATIONS.iter().any(|word| lower.contains(word))
}
