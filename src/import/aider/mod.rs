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
    let is_list = lines
        .next()
        .is_some_and(|line| line.trim().starts_with("- "));
    let has = |key: &str| {
        text.lines().any(|line| {
            let line = line.trim_start().trim_start_matches("- ").trim_start();
            line.strip_prefix(key)
                .is_some_and(|rest| rest.starts_with(':'))
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
    for (index, entry) in parse(input.path, input.sniff.bytes)?
        .into_iter()
        .enumerate()
    {
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

/// Keys whose values have a unit: key, unit, kind, direction. A pass rate of 2 is after a second try that
/// saw the failed tests; pass@2 is another thing.
const VALUES: [(&str, &str, Kind, Direction); 5] = [
    ("pass_rate_1", "percent", Kind::Quality, Direction::Higher),
    ("pass_rate_2", "percent", Kind::Quality, Direction::Higher),
    (
        "percent_cases_well_formed",
        "percent",
        Kind::Quality,
        Direction::Higher,
    ),
    ("seconds_per_case", "s", Kind::Latency, Direction::Lower),
    ("total_cost", "USD", Kind::Cost, Direction::Lower),
];

/// Keys that separate two series.
const SETTINGS: [&str; 7] = [
    "edit_format",
    "editor_edit_format",
    "editor_model",
    "weak_model",
    "reasoning_effort",
    "thinking_tokens",
    "map_tokens",
];

fn run(Entries(entry): Entry, place: &str, batch: &mut Batch) -> Run {
    let mut run = Run::default();
    run.environment.tool = Some(FORMAT.tool.to_owned());
    let cases = whole(&entry, "test_cases");
    let tests = whole(&entry, "total_tests");
    run.workload.requests = tests.or(cases);
    if let (Some(cases), Some(tests)) = (cases, tests)
        && cases < tests
    {
        batch.warn(place, format!("{cases} of {tests} tests were run"));
    }
    for (key, Scalar(text)) in entry {
        let Some(text) = text else { continue };
        match key.as_str() {
            "model" => run.model = Some(text),
            "dirname" => {
                run.identity = Identity::Key(vec![text.clone()]);
                run.label = Some(text);
            }
            "commit_hash" => run.environment.tool_commit = Some(text),
            "versions" => run.environment.tool_version = Some(text),
            "date" => {
                let place = format!("{place}.date");
                run.started = time::noted(&text, &place, batch);
            }
            "command" => command(&text, &mut run),
            key if SETTINGS.contains(&key) => {
                run.settings.insert(key.to_owned(), text.into());
            }
            key => value(key, text, cases, &mut run, batch),
        }
    }
    begin(&mut run);
    run
}

fn whole(entry: &[(String, Scalar)], key: &str) -> Option<i64> {
    let (_, Scalar(text)) = entry.iter().find(|(name, _)| name == key)?;
    text.as_deref()?.trim().parse().ok().filter(|n| *n >= 0)
}

/// A number becomes a measurement, any other text a detail.
fn value(key: &str, text: String, cases: Option<i64>, run: &mut Run, batch: &mut Batch) {
    let number = Number::of_text(&text);
    let known = VALUES.iter().find(|row| row.0 == key);
    let metric = match (known, &number) {
        (Some(&(_, unit, kind, direction)), _) => {
            let mut metric = Metric::new(key).in_unit(unit).directed(Some(direction));
            metric.kind = Some(kind);
            metric
        }
        (None, Number::Missing(_)) => {
            run.details.insert(key.to_owned(), text.into());
            return;
        }
        (None, _) => {
            let mut metric = Metric::new(key);
            metric.kind = Some(Kind::Count);
            metric
        }
    };
    let is_mean = known.is_some() && key != "total_cost";
    let definition = batch.metric(metric);
    run.measurements.push(match number {
        // aider prints 0 where it knows no price for the model; hosted models are not free.
        Number::Finite(0.0) | Number::Quoted(0.0) if key == "total_cost" => {
            Measurement::missing(definition, "placeholder zero")
        }
        Number::Finite(x) | Number::Quoted(x) => {
            Measurement::new(definition, x).with_n(cases.filter(|_| is_mean))
        }
        Number::Missing(why) => Measurement::missing(definition, why),
    });
}

/// The model as it was asked for. The rest of a command line may hold addresses and keys.
fn command(text: &str, run: &mut Run) {
    let mut words = text.split_whitespace();
    if words.any(|word| word == "--model")
        && let Some(name) = words.next()
    {
        run.details.insert("names".to_owned(), vec![name].into());
    }
}

/// The folder of a run is named by the local time at which it began: `2024-12-21-18-41-18--label`. The
/// entry's `date` is that day.
fn begin(run: &mut Run) {
    let Some((stamp, _)) = run.label.as_deref().and_then(|name| name.split_once("--")) else {
        return;
    };
    let parts: Vec<&str> = stamp.split('-').collect();
    if let [year, month, day, hour, minute, second] = parts.as_slice() {
        let text = format!("{year}-{month}-{day}T{hour}:{minute}:{second}");
        let exact = time::parse(&text);
        let day_of = |millis: i64| millis.div_euclid(86_400_000);
        let is_same_day = |exact: &crate::catalog::Moment| {
            let date = run.started.as_ref();
            date.is_none_or(|date| day_of(date.millis) == day_of(exact.millis))
        };
        if let Some(exact) = exact.filter(is_same_day) {
            run.started = Some(exact);
        }
    }
}

#[cfg(test)]
mod tests;
