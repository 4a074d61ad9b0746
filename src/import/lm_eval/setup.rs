//! What a results file says about the run as a whole: model, engine, machine, time, settings.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::super::json::Number;
use super::super::time;
use super::{Document, FORMAT};
use crate::catalog::{Environment, Moment, Run, Status, Workload};

/// Arguments of the model that change its answers, and so separate two series.
const SEPARATING: [&str; 8] = [
    "peft",
    "delta",
    "add_bos_token",
    "enable_thinking",
    "use_chat_template",
    "max_length",
    "max_gen_toks",
    "temperature",
];

/// Where `model_args` names the model: local back ends, then the servers and APIs.
const MODEL_ARGUMENTS: [&str; 4] = ["pretrained", "model", "path", "engine"];

/// Keys of `config` that say how the work was done and not what it was.
const CONFIG_DETAILS: [&str; 9] = [
    "batch_size",
    "device",
    "bootstrap_iters",
    "random_seed",
    "numpy_seed",
    "torch_seed",
    "fewshot_seed",
    "use_cache",
    "no_cache",
];

impl Document<'_> {
    /// The run without its scores.
    pub(super) fn run(&self) -> Run {
        let arguments = arguments(&self.config["model_args"]);
        let named = MODEL_ARGUMENTS
            .iter()
            .find_map(|key| text(arguments.get(*key)?));
        let argument = |key: &str| text(arguments.get(key)?);
        let limit = &self.config["limit"];
        Run {
            model: text(&self.model_name).or_else(|| named.clone()),
            revision: argument("revision").or_else(|| text(&self.config["model_revision"])),
            model_sha: text(&self.config["model_sha"]),
            model_params: self.config["model_num_parameters"].as_i64(),
            quantization: quantization(&arguments),
            dtype: text(&self.config["model_dtype"])
                .or_else(|| argument("dtype").filter(|dtype| dtype != "auto"))
                .map(|dtype| dtype.trim_start_matches("torch.").to_owned()),
            status: if limit.is_null() {
                Status::Complete
            } else {
                Status::Partial(format!("limit {limit}"))
            },
            started: self.started(),
            environment: self.environment(),
            workload: Workload {
                tp: arguments.get("tensor_parallel_size").and_then(Json::as_i64),
                ..Workload::default()
            },
            settings: self.settings(&arguments),
            details: self.details(arguments, named),
            ..Run::default()
        }
    }

    fn started(&self) -> Option<Moment> {
        match &self.date {
            Json::String(text) => time::parse(text),
            date => time::epoch_seconds(date.as_f64()?),
        }
    }

    fn environment(&self) -> Environment {
        let engine = text(&self.config["model"]);
        // transformers runs the model only under the `hf` back ends.
        let is_hf = engine.as_deref().is_some_and(|name| name.starts_with("hf"));
        let machine = text(&self.pretty_env_info).unwrap_or_default();
        let (hardware, devices) = gpus(&machine);
        let cpu = machine.lines().find_map(|line| {
            let name = line.strip_prefix("Model name:")?.trim();
            (!name.is_empty()).then(|| name.to_owned())
        });
        let on_cpu = text(&self.config["device"]).as_deref() == Some("cpu");
        Environment {
            tool: Some(FORMAT.tool.to_owned()),
            tool_version: text(&self.lm_eval_version),
            tool_commit: text(&self.git_hash),
            engine_version: text(&self.transformers_version).filter(|_| is_hf),
            engine,
            hardware: if on_cpu { cpu.clone() } else { hardware },
            devices: devices.filter(|_| !on_cpu),
            cpu,
            ..Environment::default()
        }
    }

    /// Only what was set: a default says nothing, and older versions do not write it.
    fn settings(&self, model_arguments: &Map<String, Json>) -> Map<String, Json> {
        let mut settings = Map::new();
        let mut set = |key: &str, value: Json| settings.insert(key.to_owned(), value);
        if !self.config["limit"].is_null() {
            set("limit", self.config["limit"].clone());
        }
        let generation = arguments(&self.config["gen_kwargs"]);
        if !generation.is_empty() {
            set("gen_kwargs", generation.into());
        }
        if self.fewshot_as_multiturn == Json::Bool(true) {
            set("fewshot_as_multiturn", true.into());
        }
        // The texts themselves are prompts, which are not kept: their hashes tell them apart.
        for (key, whole, hash) in [
            (
                "chat_template",
                &self.chat_template,
                &self.chat_template_sha,
            ),
            (
                "system_instruction",
                &self.system_instruction,
                &self.system_instruction_sha,
            ),
        ] {
            match (text(hash), text(whole)) {
                (Some(hash), _) => set(key, hash.into()),
                (None, Some(_)) => set(key, true.into()),
                (None, None) => None,
            };
        }
        for key in SEPARATING {
            if let Some(value) = model_arguments.get(key) {
                set(key, value.clone());
            }
        }
        settings
    }

    fn details(
        &self,
        model_arguments: Map<String, Json>,
        named: Option<String>,
    ) -> Map<String, Json> {
        let mut details = Map::new();
        let mut keep = |key: &str, value: &Json| {
            if !value.is_null() {
                details.insert(key.to_owned(), value.clone());
            }
        };
        for key in CONFIG_DETAILS {
            keep(key, &self.config[key]);
        }
        keep("model_source", &self.model_source);
        keep("max_length", &self.max_length);
        keep("transformers_version", &self.transformers_version);
        if let Ok(seconds) = Number::deserialize(&self.total_evaluation_time_seconds) {
            keep("total_evaluation_time_seconds", &seconds.value().into());
        }
        if let (Some(model), Some(other)) = (text(&self.model_name), named)
            && model != other
        {
            keep("names", &serde_json::json!([other]));
        }
        if !model_arguments.is_empty() {
            keep("model_args", &model_arguments.into());
        }
        details
    }
}

/// A string that says something.
fn text(json: &Json) -> Option<String> {
    let text = json.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Arguments as an object (0.4.9 and later) or as `key=value,key=value`.
fn arguments(json: &Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map.clone(),
        Json::String(text) => text
            .split(',')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.trim().to_owned(), scalar(value.trim())))
            .collect(),
        _ => Map::new(),
    }
}

/// What Python's command line makes of a value.
fn scalar(text: &str) -> Json {
    match text {
        "True" | "true" => true.into(),
        "False" | "false" => false.into(),
        "None" => Json::Null,
        _ => match serde_json::from_str::<serde_json::Number>(text) {
            Ok(number) => number.into(),
            Err(_) => text.into(),
        },
    }
}

fn quantization(arguments: &Map<String, Json>) -> Option<String> {
    let is_set = |key: &str| arguments.get(key) == Some(&Json::Bool(true));
    match () {
        () if is_set("load_in_4bit") => Some("4bit".to_owned()),
        () if is_set("load_in_8bit") => Some("8bit".to_owned()),
        () => text(arguments.get("quantization")?),
    }
}

/// The accelerators that `torch.utils.collect_env` lists, `GPU 0: NVIDIA A100 80GB PCIe` each: their
/// name, or all their names, and how many they are.
fn gpus(machine: &str) -> (Option<String>, Option<i64>) {
    let mut names: Vec<&str> = machine
        .lines()
        .filter_map(|line| {
            let line = line
                .trim()
                .trim_start_matches("GPU models and configuration:")
                .trim_start();
            let (number, name) = line.strip_prefix("GPU ")?.split_once(": ")?;
            number.parse::<u32>().ok()?;
            Some(name.trim())
        })
        .collect();
    let count = names.len() as i64;
    names.dedup();
    match names.is_empty() {
        true => (None, None),
        false => (Some(names.join(", ")), Some(count)),
    }
}
