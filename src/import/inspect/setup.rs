//! What a log says about the run as a whole: model, solvers, sampling, times, how it ended.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use super::super::time;
use super::{FORMAT, Log, Results};
use crate::catalog::{
    Batch, Environment, Identity, Measurement, Metric, Moment, Run, Status, Workload,
};

/// Fields of the generation's configuration that change the answers.
const SEPARATING: [&str; 13] = [
    "temperature",
    "top_p",
    "top_k",
    "max_tokens",
    "frequency_penalty",
    "presence_penalty",
    "num_choices",
    "best_of",
    "reasoning_effort",
    "reasoning_tokens",
    "effort",
    "max_tool_output",
    "internal_tools",
];

impl Log {
    /// The run without its scores.
    pub(super) fn run(&self, batch: &mut Batch) -> Run {
        let eval = &self.eval;
        let arguments = &eval["model_args"];
        let started = self
            .moment(&self.stats["started_at"], "stats.started_at", batch)
            .or_else(|| self.moment(&eval["created"], "eval.created", batch));
        let mut run = Run {
            model: text(&eval["model"]),
            revision: text(&arguments["revision"]),
            quantization: text(&arguments["quantization"]),
            dtype: text(&arguments["dtype"]).or_else(|| text(&arguments["torch_dtype"])),
            status: self.how_it_went(),
            started,
            finished: self.moment(&self.stats["completed_at"], "stats.completed_at", batch),
            environment: Environment {
                tool: Some(FORMAT.tool.to_owned()),
                tool_version: text(&eval["packages"]["inspect_ai"]),
                ..Environment::default()
            },
            workload: Workload {
                dataset: self.dataset(),
                tp: arguments["tensor_parallel_size"].as_i64(),
                ..Workload::default()
            },
            settings: self.settings(),
            details: self.details(),
            identity: self.identity(),
            ..Run::default()
        };
        self.measure_tokens(batch, &mut run);
        run
    }

    /// The data set by its name; its location is a path of one machine.
    pub(super) fn dataset(&self) -> Option<String> {
        text(&self.eval["dataset"]["name"])
    }

    fn identity(&self) -> Identity {
        let task = text(&self.eval["task_id"]).or_else(|| text(&self.eval["eval_id"]));
        match (text(&self.eval["run_id"]), task) {
            (Some(run), Some(task)) => Identity::Key(vec![run, task]),
            _ => Identity::Content,
        }
    }

    fn moment(&self, json: &Json, place: &str, batch: &mut Batch) -> Option<Moment> {
        time::noted(&text(json)?, place, batch)
    }

    fn how_it_went(&self) -> Status {
        let config = &self.eval["config"];
        let results = self.results.as_ref();
        let asked = results.map_or(0, |results| results.total_samples);
        let done = results.map_or(0, |results| results.completed_samples);
        match self.status.as_str() {
            "success" if !config["limit"].is_null() => {
                Status::Partial(format!("limit {}", config["limit"]))
            }
            "success" if !config["sample_id"].is_null() => {
                Status::Partial("chosen samples only".to_owned())
            }
            "success" if done < asked => {
                Status::Partial(format!("{done} of {asked} samples were completed"))
            }
            "success" => Status::Complete,
            other if results.is_some_and(Results::holds_scores) => {
                Status::Partial(format!("the log says `{other}`"))
            }
            other => Status::Failed(format!("the log says `{other}`")),
        }
    }

    /// Only what was set: a default says nothing, and older versions do not write it.
    fn settings(&self) -> Map<String, Json> {
        let (eval, config) = (&self.eval, &self.eval["config"]);
        let mut settings = Map::new();
        let mut set = |key: &str, value: &Json| {
            if !value.is_null() {
                settings.insert(key.to_owned(), value.clone());
            }
        };
        set("limit", &config["limit"]);
        if config["epochs"].as_i64().is_some_and(|epochs| epochs > 1) {
            set("epochs", &config["epochs"]);
            set("epochs_reducer", &config["epochs_reducer"]);
        }
        for key in SEPARATING {
            let own = &eval["model_generate_config"][key];
            let plan = &self.plan["config"][key];
            set(key, if plan.is_null() { own } else { plan });
        }
        let arguments = plain(&eval["task_args"]);
        if !arguments.is_empty() {
            set("task_args", &arguments.into());
        }
        let roles = eval["model_roles"].as_object().into_iter().flatten();
        let roles: Map<String, Json> = roles
            .filter_map(|(role, model)| Some((role.clone(), text(&model["model"])?.into())))
            .collect();
        if !roles.is_empty() {
            set("model_roles", &roles.into());
        }
        self.set_solvers(&mut set);
        settings
    }

    /// The solvers by name. Their parameters hold prompts, which are not kept: a digest tells them
    /// apart.
    fn set_solvers(&self, set: &mut impl FnMut(&str, &Json)) {
        let steps = self.plan["steps"].as_array().map_or(&[][..], Vec::as_slice);
        let names: Vec<&str> = steps
            .iter()
            .filter_map(|step| step["solver"].as_str())
            .collect();
        if names.is_empty() {
            return;
        }
        set("solvers", &names.into());
        let said = |step: &&Json| {
            step["params"]
                .as_object()
                .is_some_and(|map| !map.is_empty())
        };
        let mut hash = Sha256::new();
        for step in steps.iter().filter(said) {
            hash.update(format!("{}\n", step["params"]));
        }
        if steps.iter().any(|step| said(&step)) {
            let hash = hash.finalize();
            let digits: String = hash
                .iter()
                .take(8)
                .map(|byte| format!("{byte:02x}"))
                .collect();
            set("solver_params", &digits.into());
        }
    }

    fn details(&self) -> Map<String, Json> {
        let eval = &self.eval;
        let mut details = Map::new();
        for (key, value) in [
            ("model_usage", &self.stats["model_usage"]),
            ("dataset_samples", &eval["dataset"]["samples"]),
            ("commit", &eval["revision"]["commit"]),
            ("tags", &eval["tags"]),
        ] {
            let is_empty = value.as_object().is_some_and(Map::is_empty);
            if !value.is_null() && !is_empty {
                details.insert(key.to_owned(), value.clone());
            }
        }
        details
    }

    /// Tokens of the model and of every other model that took part, as a grader does.
    fn measure_tokens(&self, batch: &mut Batch, run: &mut Run) {
        let usage = self.stats["model_usage"].as_object().into_iter().flatten();
        let totals: BTreeMap<&String, f64> = usage
            .filter_map(|(model, usage)| Some((model, usage["total_tokens"].as_f64()?)))
            .collect();
        for (model, total) in totals {
            let metric = Metric::new("total_tokens").in_unit("tokens");
            let metric = batch.metric(metric.qualified(model));
            run.measurements.push(Measurement::new(metric, total));
        }
    }
}

/// The arguments that are numbers, truths or words; texts and paths are left out.
fn plain(arguments: &Json) -> Map<String, Json> {
    let is_word = |text: &str| text.len() <= 64 && !text.contains([' ', '\n', '/', '\\']);
    let is_plain = |value: &Json| match value {
        Json::Number(_) | Json::Bool(_) => true,
        Json::String(text) => is_word(text),
        _ => false,
    };
    let pairs = arguments.as_object().into_iter().flatten();
    pairs
        .filter(|(_, value)| is_plain(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// A string that says something.
pub(super) fn text(json: &Json) -> Option<String> {
    let text = json.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
