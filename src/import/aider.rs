//! aider's leaderboards: a YAML list with one entry a run of its benchmark. An entry's `model` is a label
//! for people (`HuggingFace via GLHF: BF16`); what was asked for stands in its `command`.
//!
//! Knows nothing of other YAML. A key that separates two series is one word in [`SETTINGS`], a key that is
//! a value of its own unit one row in [`VALUES`]; any other number is a count.

use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use serde_saphyr::options::AliasLimits;

use super::json::{Entries, Number};
use super::{Format, ImportError, Input, Options, Shape, Sniff, time};
use crate::catalog::{Batch, Direction, Identity, Kind, Measurement, Metric, Run};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "aider",
    tool: "aider",
    recognised_by: "a YAML list whose first entry has `dirname` and `pass_rate_1`",
    reads: "pass rates, well-formed answers, cost, seconds a case and all counts; model, edit format, commit, version",
    detect,
    read,
};

/// How much of a text is looked at, in bytes: an entry is not longer.
const LOOK: usize = 16 * 1024;

fn detect(sniff: &Sniff<'_>) -> bool {
    if !matches!(sniff.shape, Shape::Text | Shape::Delimited { .. }) {
        return false;
    }
    let start = sniff.bytes.get(..LOOK).unwrap_or(sniff.bytes);
    let text = String::from_utf8_lossy(start);
    let mut lines = text.lines().filter(|line| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#') && line != "---"
    });
    let is_list = lines.next().is_some_and(|line| line.trim().starts_with("- "));
    let has = |key: &str| {
        text.lines().any(|line| {
            let line = line.trim_start().trim_start_matches("- ").trim_start();
            line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'))
        })
    };
    is_list && has("dirname") && has("pass_rate_1")
}

/// One entry: key and the text of its value, so that the hash `75e9ee6` does not become 7.5 × 10¹⁰.
type Entry = Entries<Scalar>;

/// The text of a scalar; `None` for `null` and nothing.
struct Scalar(Option<String>);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        match text {
            // A text is copied wherever it is used; no value of this format is long.
            Some(text) if text.len() > LOOK => Err(D::Error::custom("a value is too long")),
            text => Ok(Self(text.filter(|text| !text.trim().is_empty()))),
        }
    }
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Vec<Entry>, ImportError> {
    // Aliases may make a small file a huge one ("billion laughs"): this format has none, and nests two deep.
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 8,
            flow_nesting_limit: 8,
            max_aliases: 64,
            max_anchors: 64,
            max_documents: 1,
            max_events: 20_000_000,
            max_nodes: 10_000_000,
        },
        alias_limits: alias_limits(),
        with_snippet: false,
    };
    serde_saphyr::from_slice_with_options(bytes, options).map_err(|error| {
        let at = error.location();
        let whole = error.to_string();
        ImportError::Broken {
            path: path.to_owned(),
            line: at.map_or(1, |at| at.line() as usize).max(1),
            column: at.map_or(1, |at| at.column() as usize).max(1),
            reason: whole.lines().next().unwrap_or_default().to_owned(),
        }
    })
}

fn alias_limits() -> AliasLimits {
    serde_saphyr::alias_limits! {
        max_total_replayed_events: 10_000,
        max_replay_stack_depth: 4,
        max_alias_expansions_per_anchor: 1_000,
    }
}

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    for (index, entry) in parse(input.path, input.sniff.bytes)?.into_iter().enumerate() {
        let place = format!("$[{index}]");
        let run = run(entry, &place, &mut batch);
        batch.runs.push(run);
    }
    if batch.runs.is_empty() {
        return Err(ImportError::Invalid {
            path: input.path.to_owned(),
            place: "content".to_owned(),
            reason: "the list is empty".to_owned(),
        });
    }
    Ok(batch)
}
