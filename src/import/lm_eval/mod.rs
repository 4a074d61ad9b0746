//! Results of lm-evaluation-harness, from 2022 (`acc`, `acc_stderr`) to 0.4.11 (`acc,none`): one file
//! is one run, with the scores of the questions out of the logs beside it. A log met by itself is a part
//! of that run and gives none.
//!
//! A metric whose unit is known is one row in `scores.rs`, a setting that separates two series one
//! word in `setup.rs`.

mod block;
mod samples;
mod scores;
mod setup;
mod stamped;

use serde::Deserialize;
use serde_json::Value as Json;

use super::json::{self, Entries, Number, Text};
use super::{Format, ImportError, Input, Options, Shape, Sniff};
use crate::catalog::Batch;

use block::{Any, Block, Cell};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "lm-eval",
    tool: "lm-evaluation-harness",
    recognised_by: "JSON object with `results` and `versions`, without `config_general`",
    reads: "scores with standard error, filter, shots and number of questions; groups; model, engine, GPU, settings; the score of every question when `samples_TASK_TIME.jsonl` lies beside, never texts",
    detect,
    read,
};

/// The scores of every task, by the keys of its block.
type Results<'a> = Entries<Entries<Number, Text<'a>>, Text<'a>>;

/// The blocks that are read. Everything else, above all `configs` with its prompts, is skipped
/// unread; secondary blocks are taken as any JSON, since their form changed often.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Document<'a> {
    #[serde(borrow)]
    results: Results<'a>,
    #[serde(borrow)]
    groups: Block<'a, Any>,
    #[serde(borrow)]
    group_subtasks: Block<'a, Json>,
    #[serde(borrow)]
    versions: Block<'a, Json>,
    #[serde(borrow, rename = "n-shot")]
    shots: Block<'a, Cell<'a>>,
    #[serde(borrow, rename = "n-samples")]
    samples: Block<'a, Block<'a, Cell<'a>>>,
    #[serde(borrow)]
    higher_is_better: Block<'a, Block<'a, Cell<'a>>>,
    config: Json,
    model_name: Json,
    model_source: Json,
    git_hash: Json,
    lm_eval_version: Json,
    transformers_version: Json,
    date: Json,
    pretty_env_info: Json,
    system_instruction: Json,
    system_instruction_sha: Json,
    fewshot_as_multiturn: Json,
    chat_template: Json,
    chat_template_sha: Json,
    max_length: Json,
    total_evaluation_time_seconds: Json,
}

fn detect(sniff: &Sniff<'_>) -> bool {
    let Shape::Object { keys } = &sniff.shape else {
        return is_log(sniff);
    };
    // A file that is cut off has only the first of these.
    let known = ["versions", "group_subtasks", "configs"];
    let known = known.iter().any(|key| sniff.has(key)) && !sniff.has("config_general");
    match keys.as_slice() {
        // The oldest files hold nothing but results, so that these must tell by themselves.
        [only] if only == "results" => holds_scores(sniff.bytes),
        _ => (sniff.has("results") && known) || is_log(sniff),
    }
}

/// A log of one line a question, `samples_TASK_….jsonl`.
fn is_log(sniff: &Sniff<'_>) -> bool {
    let lines = matches!(sniff.shape, Shape::Lines { .. } | Shape::Object { .. });
    lines && sniff.has("doc_id") && (sniff.has("resps") || sniff.has("filtered_resps"))
}

/// Whether `results` holds numbers by task and metric, or breaks off before that can be seen.
fn holds_scores(bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Bare {
        results: Entries<Entries<Number>>,
    }
    match serde_json::from_slice::<Bare>(&json::strict(bytes)) {
        Ok(bare) => {
            let mut numbers = bare.results.0.iter().flat_map(|(_, block)| &block.0);
            numbers.any(|(_, number)| number.value().is_some())
        }
        Err(error) => error.is_eof(),
    }
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    if is_log(input.sniff) {
        return Err(ImportError::SideFile {
            path: input.path.to_owned(),
            of: "the lm-evaluation-harness run beside it",
        });
    }
    let mut document: Document<'_> = input.sniff.parse(input.path)?;
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    let mut run = document.run();
    if document.is_stamped() {
        document.unstamp(input, &mut batch, &mut run)?;
    }
    batch.tool_version.clone_from(&run.environment.tool_version);
    if run.started.is_none() && !document.date.is_null() {
        let date = document
            .date
            .as_str()
            .map_or(document.date.to_string(), str::to_owned);
        batch.warn("date", format!("`{date}` is not a time"));
    }
    batch.groups = document.members();
    document.read_scores(&mut batch, &mut run);
    if run.measurements.is_empty() {
        return Err(ImportError::Invalid {
            path: input.path.to_owned(),
            place: "`results`".to_owned(),
            reason: "holds no score".to_owned(),
        });
    }
    document.read_samples(input, &mut batch, &mut run);
    batch.runs.push(run);
    Ok(batch)
}

#[cfg(test)]
mod tests;
