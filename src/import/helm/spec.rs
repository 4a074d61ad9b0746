//! `run_spec.json` and `scenario.json`: which model, which scenario, with which prompt and sampling.

use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use super::FORMAT;
use crate::catalog::{Environment, Run};

/// Fields of the adapter that separate two series besides the prompt's texts.
const SEPARATING: [&str; 8] = [
    "method",
    "max_train_instances",
    "max_eval_instances",
    "num_train_trials",
    "num_trials",
    "num_outputs",
    "temperature",
    "max_tokens",
];

/// `run_spec.json`.
#[derive(Deserialize)]
pub(super) struct RunSpec {
    name: String,
    #[serde(default)]
    scenario_spec: Json,
    adapter_spec: Map<String, Json>,
    #[serde(default)]
    groups: Json,
}

/// `scenario.json`.
#[derive(Deserialize)]
pub(super) struct Scenario {
    name: String,
    #[serde(default)]
    tags: Json,
}

impl RunSpec {
    /// The task: the run's name up to the scenario's arguments, `mmlu:subject=philosophy,model=…`.
    pub(super) fn task(&self) -> &str {
        self.name.split([':', ',']).next().unwrap_or(&self.name)
    }

    /// How many examples the prompt holds at most; long questions leave room for fewer.
    pub(super) fn shots(&self) -> Option<i64> {
        self.adapter_spec.get("max_train_instances")?.as_i64()
    }

    /// What tells a question of this scenario from those of all others: HELM counts anew in each.
    pub(super) fn scenario(&self) -> String {
        self.scenario_spec.to_string()
    }

    /// The run without its values.
    pub(super) fn run(&self) -> Run {
        let text = |key: &str| {
            let text = self.adapter_spec.get(key)?.as_str()?;
            (!text.is_empty()).then(|| text.to_owned())
        };
        // The host's name for the model says what was run; files of 2022 have the creator's alone.
        let (host, creator) = (text("model_deployment"), text("model"));
        let mut details = Map::new();
        if let (Some(host), Some(creator)) = (&host, &creator)
            && host != creator
        {
            details.insert("names".to_owned(), serde_json::json!([creator]));
        }
        if !self.groups.is_null() {
            details.insert("groups".to_owned(), self.groups.clone());
        }
        if let Some(class) = self.scenario_spec["class_name"].as_str() {
            details.insert("scenario_class".to_owned(), class.into());
        }
        Run {
            model: host.or(creator),
            label: Some(self.name.clone()),
            environment: Environment {
                tool: Some(FORMAT.tool.to_owned()),
                ..Environment::default()
            },
            settings: self.settings(),
            details,
            ..Run::default()
        }
    }

    fn settings(&self) -> Map<String, Json> {
        let mut settings = Map::new();
        if let Some(arguments) = self.scenario_spec["args"].as_object()
            && !arguments.is_empty()
        {
            settings.insert("scenario".to_owned(), arguments.clone().into());
        }
        for key in SEPARATING {
            if let Some(value) = self.adapter_spec.get(key).filter(|value| !value.is_null()) {
                settings.insert(key.to_owned(), value.clone());
            }
        }
        settings.insert("prompt".to_owned(), self.prompt().into());
        settings
    }

    /// The first 16 hexadecimal digits of the SHA-256 of all texts around a question. The texts
    /// themselves are prompts, which are not kept.
    fn prompt(&self) -> String {
        let known = ["model", "model_deployment", "method"];
        let mut texts: Vec<(&String, String)> = self
            .adapter_spec
            .iter()
            .filter(|(key, _)| !known.contains(&key.as_str()))
            .filter(|(_, value)| value.is_string() || value.is_array())
            .map(|(key, value)| (key, value.to_string()))
            // A version that knows a field more writes it empty.
            .filter(|(_, value)| !matches!(value.as_str(), "\"\"" | "[]"))
            .collect();
        texts.sort();
        let mut hash = Sha256::new();
        for (key, value) in texts {
            hash.update(format!("{key}={value}\n"));
        }
        let mut digits = String::new();
        for byte in hash.finalize().iter().take(8) {
            // Writing to a string cannot fail.
            let _ = write!(digits, "{byte:02x}");
        }
        digits
    }
}

impl Scenario {
    /// Adds the scenario's own name and tags.
    pub(super) fn describe(self, run: &mut Run) {
        run.details.insert("scenario".to_owned(), self.name.into());
        if !self.tags.is_null() {
            run.details.insert("tags".to_owned(), self.tags);
        }
    }
}
