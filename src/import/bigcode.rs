//! Results of the BigCode evaluation harness: a file holds its tasks beside the `config` of the run, or
//! nothing but the `pass@k` of one task of one model, neither of which it names.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use super::json::{self, Entries, Number};
use super::{Format, ImportError, Input, Options, Shape, Sniff};
use crate::catalog::{Batch, Direction, Environment, Kind, Measurement, Metric, Run, Status};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "bigcode",
    tool: "bigcode-evaluation-harness",
    recognised_by: "JSON object of tasks beside a `config` with the harness's arguments, or of nothing but `pass@k`",
    reads: "pass@k and other scores by task; model, revision, precision, quantisation, sampling settings",
    detect,
    read,
};

/// Arguments that only this harness has.
const ARGUMENTS: [&str; 3] = [
    "allow_code_execution",
    "generation_only",
    "max_length_generation",
];

/// Arguments that separate two series.
const SEPARATING: [&str; 10] = [
    "do_sample",
    "temperature",
    "top_k",
    "top_p",
    "n_samples",
    "max_length_generation",
    "limit",
    "limit_start",
    "prompt",
    "peft_model",
];

/// Arguments whose texts stand around the question.
const PROMPTS: [&str; 2] = ["prefix", "instruction_tokens"];

/// Arguments that say how the work was done.
const DETAILS: [&str; 4] = ["modeltype", "batch_size", "seed", "postprocess"];

fn detect(sniff: &Sniff<'_>) -> bool {
    let Shape::Object { keys } = &sniff.shape else {
        return false;
    };
    is_bare(keys) || (sniff.has("config") && !sniff.has("results") && is_configured(sniff.bytes))
}

/// Whether all keys are `pass@1`, `pass@10`, …
fn is_bare(keys: &[String]) -> bool {
    !keys.is_empty() && keys.iter().all(|key| is_pass(key))
}

fn is_pass(key: &str) -> bool {
    let k = key.strip_prefix("pass@").unwrap_or_default();
    !k.is_empty() && k.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `config` holds the harness's arguments; in 2022 it held no more than the model.
fn is_configured(bytes: &[u8]) -> bool {
    let strict = json::strict(bytes);
    let Ok(blocks) = serde_json::from_slice::<HashMap<String, &RawValue>>(&strict) else {
        return false;
    };
    let config = blocks.get("config").map(|block| block.get());
    let config = config.and_then(|text| serde_json::from_str::<Map<String, Json>>(text).ok());
    let scores_code = || blocks.values().any(|block| block.get().contains("\"pass@"));
    config.is_some_and(|config| {
        ARGUMENTS.iter().any(|key| config.contains_key(*key))
            || (config.contains_key("model") && scores_code())
    })
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    let Entries(entries) = input.sniff.parse::<Entries<Json>>(input.path)?;
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    let config = entries.iter().find(|(key, _)| key == "config");
    let mut run = run(config.map_or(&Json::Null, |(_, config)| config));
    for (key, value) in entries.iter().filter(|(key, _)| key != "config") {
        match value {
            Json::Object(scores) => {
                for (name, score) in scores {
                    measure(Some(key), name, score, &mut batch, &mut run);
                }
            }
            score if is_pass(key) => measure(None, key, score, &mut batch, &mut run),
            // Tasks with one score write it without a name.
            score => measure(Some(key), "score", score, &mut batch, &mut run),
        }
    }
    if run.measurements.is_empty() {
        return Err(ImportError::Invalid {
            path: input.path.to_owned(),
            place: "the tasks".to_owned(),
            reason: "hold no score".to_owned(),
        });
    }
    batch.runs.push(run);
    Ok(batch)
}

fn measure(task: Option<&str>, name: &str, score: &Json, batch: &mut Batch, run: &mut Run) {
    let number = Number::deserialize(score).unwrap_or(Number::Missing("null".into()));
    if let Number::Missing(why) = &number
        && why.starts_with("unreadable")
    {
        let place = task.map_or(name.to_owned(), |task| format!("{task}.{name}"));
        return batch.reject(place, format!("not a score, {why}"));
    }
    let mut metric = Metric::new(name);
    if let Some(task) = task {
        metric = metric.of_task(task);
    }
    let within = number.value().is_none_or(|x| (0.0..=1.0).contains(&x));
    if within && (is_pass(name) || name.ends_with("accuracy")) {
        metric = metric.in_unit("fraction");
    }
    if is_pass(name) {
        metric.kind = Some(Kind::Quality);
        metric = metric.directed(Some(Direction::Higher));
    }
    let metric = batch.metric(metric);
    run.measurements.push(match number {
        Number::Finite(x) | Number::Quoted(x) => Measurement::new(metric, x),
        Number::Missing(why) => Measurement::missing(metric, why),
    });
}

/// The run without its scores.
fn run(config: &Json) -> Run {
    let is_set = |key: &str| config[key] == Json::Bool(true);
    let limit = &config["limit"];
    Run {
        model: text(&config["model"]),
        revision: text(&config["revision"]),
        quantization: match () {
            () if is_set("load_in_4bit") => Some("4bit".to_owned()),
            () if is_set("load_in_8bit") => Some("8bit".to_owned()),
            () => None,
        },
        dtype: text(&config["precision"]),
        status: if limit.is_null() {
            Status::Complete
        } else {
            Status::Partial(format!("limit {limit}"))
        },
        environment: Environment {
            tool: Some(FORMAT.tool.to_owned()),
            ..Environment::default()
        },
        settings: settings(config),
        details: kept(config, &DETAILS),
        ..Run::default()
    }
}

fn settings(config: &Json) -> Map<String, Json> {
    let mut settings = kept(config, &SEPARATING);
    // What every run without these options says.
    for (key, default) in [
        ("prompt", Json::from("prompt")),
        ("limit_start", Json::from(0)),
    ] {
        if settings.get(key) == Some(&default) {
            settings.shift_remove(key);
        }
    }
    for key in PROMPTS {
        if let Some(prompt) = text(&config[key]) {
            settings.insert(key.to_owned(), digest(&prompt).into());
        }
    }
    settings
}

/// The arguments of these names that say something.
fn kept(config: &Json, keys: &[&str]) -> Map<String, Json> {
    let pair = |key: &&str| ((*key).to_owned(), config[*key].clone());
    let pairs = keys.iter().map(pair);
    pairs.filter(|(_, value)| !value.is_null()).collect()
}

/// The first 16 hexadecimal digits of the SHA-256 of a prompt, which is not kept itself.
fn digest(prompt: &str) -> String {
    let hash = Sha256::digest(prompt);
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A string that says something.
fn text(json: &Json) -> Option<String> {
    let text = json.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::read;
    use serde_json::json;
    use std::path::Path;

    const TASKS: &str = include_str!("../../tests/fixtures/import/bigcode/two-tasks.json");
    const BARE: &str = include_str!("../../tests/fixtures/import/bigcode/pass-at-k.json");

    fn import(text: &str) -> Batch {
        let (format, batch) =
            read(Path::new("a.json"), text.as_bytes(), &Options::default()).unwrap();
        assert_eq!(format.name, "bigcode");
        batch
    }

    /// Task, name, unit, direction and value.
    type Row<'a> = (
        Option<&'a str>,
        &'a str,
        Option<&'a str>,
        Option<Direction>,
        Option<f64>,
    );

    fn rows(batch: &Batch) -> Vec<Row<'_>> {
        let row = |m: &Measurement| {
            let metric = &batch.metrics[m.metric as usize];
            (
                metric.task_raw.as_deref(),
                metric.name_raw.as_str(),
                metric.unit.as_deref(),
                metric.direction,
                m.value,
            )
        };
        batch.runs[0].measurements.iter().map(row).collect()
    }

    #[test]
    fn every_task_beside_the_config_is_read() {
        let batch = import(TASKS);
        let (fraction, higher) = (Some("fraction"), Some(Direction::Higher));
        assert_eq!(
            rows(&batch),
            vec![
                (Some("humaneval"), "pass@1", fraction, higher, Some(0.25)),
                (Some("humaneval"), "pass@50", fraction, higher, Some(0.5)),
                (
                    Some("pal-gsm8k-greedy"),
                    "accuracy",
                    fraction,
                    higher,
                    Some(0.375)
                ),
                (
                    Some("pal-gsm8k-greedy"),
                    "num_failed_execution",
                    None,
                    None,
                    Some(12.0)
                ),
                (
                    Some("codexglue_code_to_text-python-left"),
                    "score",
                    None,
                    higher,
                    Some(18.5)
                ),
                (Some("mbpp"), "pass@1", fraction, higher, None),
            ]
        );
        assert_eq!(batch.runs[0].measurements[5].why_missing(), Some("nan"));
        assert_eq!(batch.notes.len(), 1);
        assert_eq!(batch.notes[0].place, "mbpp.pass_at_k");
    }

    #[test]
    fn the_config_says_model_precision_and_sampling() {
        let batch = import(TASKS);
        let run = &batch.runs[0];
        assert_eq!(run.model.as_deref(), Some("acme/aurora-coder-3b"));
        assert_eq!(run.revision.as_deref(), Some("step9000"));
        assert_eq!(run.dtype.as_deref(), Some("bf16"));
        assert_eq!(run.quantization.as_deref(), Some("8bit"));
        assert_eq!(run.status, Status::Partial("limit 100".into()));
        assert_eq!(
            json!(run.settings),
            json!({
                "do_sample": true,
                "temperature": 0.2,
                "top_k": 0,
                "top_p": 0.95,
                "n_samples": 50,
                "max_length_generation": 512,
                "limit": 100,
                "prefix": "2cf74b8ea37d035a"
            })
        );
        assert_eq!(
            json!(run.details),
            json!({"modeltype": "causal", "batch_size": 10, "seed": 0})
        );
    }

    #[test]
    fn neither_prompts_nor_paths_are_kept() {
        let shown = format!("{:?}", import(TASKS));
        assert!(
            !shown.contains("SECRET") && !shown.contains("/home"),
            "{shown}"
        );
    }

    #[test]
    fn a_bare_file_names_neither_task_nor_model() {
        let batch = import(BARE);
        let (fraction, higher) = (Some("fraction"), Some(Direction::Higher));
        assert_eq!(
            rows(&batch),
            vec![
                (None, "pass@1", fraction, higher, Some(0.15625)),
                (None, "pass@10", fraction, higher, Some(0.25)),
                (None, "pass@100", fraction, higher, Some(0.3125)),
            ]
        );
        assert_eq!(batch.runs[0].model, None);
        assert!(batch.runs[0].settings.is_empty());
    }

    #[test]
    fn the_oldest_config_names_the_model_alone() {
        let batch = import(r#"{"humaneval": {"pass@1": 0.5}, "config": {"model": "acme/a"}}"#);
        assert_eq!(batch.runs[0].model.as_deref(), Some("acme/a"));
        assert_eq!(batch.measurements(), 1);
    }

    #[test]
    fn a_config_of_another_tool_is_not_taken() {
        for text in [
            r#"{"config": {"model": "a"}, "report": {}}"#,
            r#"{"config": [1], "humaneval": {"pass@1": 1}}"#,
            r#"{"pass@1": 0.5, "model": "a"}"#,
            r#"{"pass@": 0.5}"#,
            "{}",
        ] {
            let error = read(Path::new("a"), text.as_bytes(), &Options::default()).unwrap_err();
            assert!(
                matches!(error, ImportError::Unrecognised { .. }),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        let text = r#"{"pass@1": 0.5, "pass@1": 0.25}"#;
        let error = read(Path::new("a"), text.as_bytes(), &Options::default()).unwrap_err();
        assert!(
            error.to_string().ends_with("stands twice in one object"),
            "{error}"
        );
    }

    #[test]
    fn a_file_without_any_score_is_refused() {
        let text = r#"{"humaneval": {}, "config": {"generation_only": true}}"#;
        let error = read(Path::new("a"), text.as_bytes(), &Options::default()).unwrap_err();
        assert_eq!(error.to_string(), "`a`, the tasks: hold no score");
    }
}
