//! The scores: metric, filter and standard error out of the keys of `results`, with what other blocks
//! say about each task: groups, shots, number of questions, direction, version.

use serde_json::Value as Json;

use super::super::fields::whole;
use super::super::json::{Entries, Number, Text};
use super::Document;
use super::block::{Block, Cell};
use crate::catalog::{Batch, Direction, Kind, Measurement, Metric, Run};

/// Keys of a task's block that are not scores; the last two are the BigScience fork's.
const NO_SCORES: [&str; 6] = [
    "alias",
    "name",
    "sample_len",
    "sample_count",
    "task_name",
    "prompt_name",
];

/// One key of a task's block: `exact_match,strict-match`, or `acc` in old files.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key<'a> {
    name: &'a str,
    filter: &'a str,
}

impl<'a> Key<'a> {
    fn of(key: &'a str) -> Self {
        let (name, filter) = key.split_once(',').unwrap_or((key, ""));
        Self { name, filter }
    }

    /// The metric whose standard error this is; the suffix stands before the comma.
    fn stderr_of(self) -> Option<Self> {
        let name = self.name.strip_suffix("_stderr")?;
        Some(Self { name, ..self })
    }
}

/// One entry of a task's block.
struct Entry<'a> {
    /// The key as written.
    text: &'a str,
    key: Key<'a>,
    /// The metric whose standard error it is.
    stderr_of: Option<Key<'a>>,
    number: &'a Number,
}

impl<'a> Entry<'a> {
    fn of((text, number): &'a (Text<'_>, Number)) -> Self {
        let key = Key::of(text);
        Self {
            text,
            key,
            stderr_of: key.stderr_of(),
            number,
        }
    }
}

/// One task's block, and what other blocks say about it.
struct Task<'a> {
    name: &'a str,
    entries: Vec<Entry<'a>>,
    shots: Option<i64>,
    n: Option<i64>,
    is_aggregate: bool,
    version: Option<String>,
    directions: Option<&'a Block<'a, Cell<'a>>>,
}

/// Standard errors that are no numbers, gathered so that a file gets one note and not hundreds.
#[derive(Default)]
struct Doubts {
    count: usize,
    first: Option<(String, String)>,
}

impl Document<'_> {
    /// Every group and its members.
    pub(super) fn members(&self) -> Vec<(String, String)> {
        let members = self.group_subtasks.iter().flat_map(|(group, members)| {
            let members = members.as_array().into_iter().flatten();
            let names = members.filter_map(Json::as_str);
            names.map(|member| (group.to_owned(), member.to_owned()))
        });
        members.collect()
    }

    /// Adds every score to the run. `groups` only repeats what `results` says and is not read.
    pub(super) fn read_scores(&self, batch: &mut Batch, run: &mut Run) {
        let mut doubts = Doubts::default();
        let old_shots = self.old_shots(batch);
        let entries: usize = self.results.0.iter().map(|(_, task)| task.0.len()).sum();
        // About half of the entries are standard errors.
        batch.metrics.reserve(entries / 2);
        run.measurements.reserve(entries / 2);
        for (place, (name, Entries(entries))) in self.results.0.iter().enumerate() {
            let mut task = self.task(place, name, entries);
            if self.shots.get_near(place, name).is_none() {
                task.shots = old_shots.get(place).copied().flatten();
            }
            read_task(&task, batch, run, &mut doubts);
        }
        if let Some((place, why)) = doubts.first {
            let reason = format!(
                "{} of the standard errors are no numbers, the first is `{why}`",
                doubts.count
            );
            batch.warn(place, reason);
        }
    }

    fn task<'s>(
        &'s self,
        place: usize,
        name: &'s str,
        entries: &'s [(Text<'_>, Number)],
    ) -> Task<'s> {
        let members = self.group_subtasks.get_near(place, name);
        let members = members.and_then(Json::as_array).map(Vec::as_slice);
        let is_aggregate =
            self.groups.get(name).is_some() || members.is_some_and(|members| !members.is_empty());
        Task {
            name,
            entries: entries.iter().map(Entry::of).collect(),
            shots: self.shots(place, name, members.unwrap_or_default()),
            // A group is no sample of its own.
            n: self
                .questions(place, name, entries)
                .filter(|_| !is_aggregate),
            is_aggregate,
            version: match self.versions.get_near(place, name) {
                None | Some(Json::Null) => None,
                Some(Json::String(text)) => Some(text.clone()),
                Some(version) => Some(version.to_string()),
            },
            directions: self.higher_is_better.get_near(place, name),
        }
    }

    /// The shots of a task. A group may say 0 where its members say 5: then it says nothing.
    fn shots(&self, place: usize, task: &str, members: &[Json]) -> Option<i64> {
        let own = self.shots.get_near(place, task)?.whole()?;
        let agrees = |member: &Json| {
            let theirs = member.as_str().and_then(|name| self.shots.get(name));
            theirs
                .and_then(Cell::whole)
                .is_none_or(|shots| shots == own)
        };
        members.iter().all(agrees).then_some(own)
    }

    /// The shots of files before 0.4: one number, or a list in the order of the tasks.
    fn old_shots(&self, batch: &mut Batch) -> Vec<Option<i64>> {
        let tasks = self.results.0.len();
        match &self.config["num_fewshot"] {
            Json::Array(list) if list.len() == tasks => {
                let shots: Vec<Option<i64>> = list.iter().map(whole).collect();
                if shots.windows(2).any(|pair| pair.first() != pair.last()) {
                    batch.guess(
                        "config.num_fewshot",
                        "the list is taken to be in the order of the results",
                    );
                }
                shots
            }
            one => vec![whole(one); tasks],
        }
    }

    /// How many questions were asked.
    fn questions(&self, place: usize, task: &str, entries: &[(Text<'_>, Number)]) -> Option<i64> {
        let said = self.samples.get_near(place, task);
        let said = |key: &str| said?.get(key)?.whole();
        said("effective")
            .or_else(|| said("original"))
            .or_else(|| {
                let (_, length) = entries.iter().find(|(key, _)| **key == *"sample_len")?;
                Some(length.value()? as i64)
            })
            .filter(|n| *n >= 0)
    }
}

fn read_task(task: &Task<'_>, batch: &mut Batch, run: &mut Run, doubts: &mut Doubts) {
    for (position, entry) in task.entries.iter().enumerate() {
        let &Entry {
            text, key, number, ..
        } = entry;
        if key.name.trim().is_empty() || NO_SCORES.contains(&key.name) {
            continue;
        }
        let place = || format!("results.{}.{text}", task.name);
        if let Some(of) = entry.stderr_of {
            if task.entries.iter().all(|other| other.key != of) {
                batch.reject(place(), "a standard error without its metric");
            }
            continue;
        }
        let mut before = task.entries.iter().take(position);
        if before.any(|other| other.key == key) {
            batch.reject(place(), "the same metric and filter stand before");
            continue;
        }
        if let Number::Missing(why) = number
            && why.starts_with("unreadable")
        {
            batch.reject(place(), format!("not a score, {why}"));
            continue;
        }
        let unit = checked_unit(task, key, number, batch);
        let metric = batch.metric(metric(task, key, unit));
        let measurement = match number {
            Number::Finite(x) => Measurement::new(metric, *x),
            Number::Quoted(x) => {
                batch.warn(place(), "the number is written as text");
                Measurement::new(metric, *x)
            }
            Number::Missing(why) => Measurement::missing(metric, why.as_ref()),
        };
        let mut others = task.entries.iter();
        let stderr = others.find(|other| other.stderr_of == Some(key));
        let stderr = stderr.map(|entry| entry.number);
        if let Some(Number::Missing(why)) = stderr {
            doubts.count += 1;
            doubts
                .first
                .get_or_insert_with(|| (place(), why.to_string()));
        }
        run.measurements.push(
            measurement
                .with_stderr(stderr.and_then(Number::value))
                .with_n(task.n),
        );
    }
}

fn metric(task: &Task<'_>, key: Key<'_>, unit: Option<&'static str>) -> Metric {
    let stated = task.directions.and_then(|said| said.get(key.name)?.truth());
    let stated = stated.map(|is_higher| match is_higher {
        true => Direction::Higher,
        false => Direction::Lower,
    });
    let metric = Metric::new(key.name).qualified(key.filter).directed(stated);
    let metric = match unit {
        Some(unit) => metric.in_unit(unit),
        None => metric,
    };
    Metric {
        task_raw: Some(task.name.to_owned()),
        task: Some(canonical_task(task.name)),
        task_version: task.version.clone(),
        kind: metric.kind.or(Some(Kind::Quality)),
        shots: task.shots,
        is_aggregate: task.is_aggregate,
        ..metric
    }
}

/// The unit by the metric's name, unless the value itself contradicts it.
fn checked_unit(
    task: &Task<'_>,
    key: Key<'_>,
    number: &Number,
    batch: &mut Batch,
) -> Option<&'static str> {
    let unit = unit(task.name, key.name)?;
    match number.value() {
        Some(x) if unit == "fraction" && !(0.0..=1.0).contains(&x) => {
            batch.warn(
                format!("results.{}.{}", task.name, key.name),
                format!("{x} is no fraction, so the unit is not known"),
            );
            None
        }
        _ => Some(unit),
    }
}

/// The name a task has today: MMLU's subjects were `hendrycksTest-…` before 0.4.
fn canonical_task(task: &str) -> String {
    match task.strip_prefix("hendrycksTest-") {
        Some(subject) => format!("mmlu_{subject}"),
        None => task.to_owned(),
    }
}

/// The unit of a metric of this tool, where its name decides it.
///
/// SQuAD's official script and TruthfulQA's BLEU and ROUGE count in percent, everything else that is
/// a mean of hits is a fraction.
fn unit(task: &str, name: &str) -> Option<&'static str> {
    let is_squad = || task.to_ascii_lowercase().contains("squad");
    let begins = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    match name {
        "exact" | "best_exact" | "best_f1" => Some("percent"),
        "exact_match" | "em" | "f1" if is_squad() => Some("percent"),
        _ if begins(&["HasAns_", "NoAns_"]) => Some("percent"),
        _ if begins(&["bleu_", "rouge1_", "rouge2_", "rougeL_"]) => match name.rsplit_once('_') {
            Some((_, "max" | "diff")) => Some("percent"),
            Some((_, "acc")) => Some("fraction"),
            _ => None,
        },
        "perplexity" | "ppl" | "word_perplexity" | "byte_perplexity" => Some("perplexity"),
        "exact_match" | "em" | "qem" | "f1" | "mc1" | "mc2" | "r@1" | "r@2" | "mrr"
        | "precision" | "recall" | "rouge1" | "rouge2" | "rougeL" | "rougeLsum" => Some("fraction"),
        _ if begins(&["acc_", "pass@", "pass_at_"]) || name == "acc" || name.ends_with("_acc") => {
            Some("fraction")
        }
        _ => None,
    }
}
