//! Which series of the two sides belong together, and in what those that do not differ.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::{Pair, Side, matched};
use crate::catalog::{Direction, Kind, Value};
use crate::store::{Measured, Reader};

use super::super::history::matters;
use super::Comparing;

/// What is compared: task, metric, statistic, qualifier, unit.
pub(in super::super) type What = (Option<String>, String, String, String, Option<String>);

/// What must agree before two series are one: settings, shots, version of the task.
type Variant = (String, Option<i64>, Option<String>);

/// The runs of one series on one side.
pub(in super::super) type Runs = Vec<Measured>;

/// Two series that are compared.
pub(in super::super) struct Matching {
    pub(in super::super) what: What,
    pub(in super::super) workload: String,
    pub(in super::super) baseline: Runs,
    pub(in super::super) candidate: Runs,
    direction: Direction,
}

/// A setting in which the two sides differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct Difference {
    pub(in super::super) key: String,
    pub(in super::super) baseline: String,
    pub(in super::super) candidate: String,
}

/// What a comparison is about.
#[derive(Default)]
pub(in super::super) struct Settled {
    pub(in super::super) compared: Vec<Matching>,
    pub(in super::super) differences: Vec<Difference>,
    /// Metrics of which nothing says which way is better.
    pub(in super::super) undirected: BTreeSet<String>,
    /// Series that only one side has, or that cannot be told apart on one.
    pub(in super::super) unmatched: BTreeSet<String>,
}

/// Brings the series of both sides together.
pub(super) fn settle(
    reader: &Reader,
    baseline: &[i64],
    candidate: &[i64],
    options: &Comparing,
) -> anyhow::Result<Settled> {
    let side = |runs: &[i64]| -> anyhow::Result<BTreeMap<What, BTreeMap<Variant, Runs>>> {
        let mut series: BTreeMap<What, BTreeMap<Variant, Runs>> = BTreeMap::new();
        for measured in reader.measured(runs)? {
            if is_asked(&measured, options) {
                let m = measured.clone();
                let what = (m.task, m.metric, m.statistic, m.qualifier, m.unit);
                let variant = (m.config, m.shots, m.task_version);
                let variants = series.entry(what).or_default();
                variants.entry(variant).or_default().push(measured);
            }
        }
        Ok(series)
    };
    let all = matched(side(baseline)?, side(candidate)?);
    let mut settled = Settled::default();
    for (what, from, to) in all.both {
        settled.add(reader, what, from, to)?;
    }
    for (what, _) in all.only_baseline.iter().chain(&all.only_candidate) {
        settled.unmatched.insert(name(what));
    }
    settled.differences.sort();
    settled.differences.dedup();
    Ok(settled)
}

fn is_asked(measured: &Measured, options: &Comparing) -> bool {
    let in_task = |task: &String| measured.task.as_ref() == Some(task);
    (options.metric.is_empty() || options.metric.contains(&measured.metric))
        && (options.task.is_empty() || options.task.iter().any(in_task))
}

/// A series in words.
pub(in super::super) fn name((task, metric, statistic, qualifier, _): &What) -> String {
    let mut words = vec![metric.as_str()];
    if statistic != "value" {
        words.push(statistic);
    }
    if !qualifier.is_empty() {
        words.push(qualifier);
    }
    match task {
        Some(task) => format!("{task} {}", words.join(" ")),
        None => words.join(" "),
    }
}

impl Settled {
    fn add(
        &mut self,
        reader: &Reader,
        what: What,
        from: BTreeMap<Variant, Runs>,
        to: BTreeMap<Variant, Runs>,
    ) -> anyhow::Result<()> {
        let mut variants = matched(from, to);
        // One series on each side that differ in settings: the same thing measured otherwise.
        if let ([_], [_]) = (
            variants.only_baseline.as_slice(),
            variants.only_candidate.as_slice(),
        ) && let (Some((a, from)), Some((b, to))) =
            (variants.only_baseline.pop(), variants.only_candidate.pop())
        {
            self.note_differences(reader, (&a, &from), (&b, &to))?;
            variants.both.push((a, from, to));
        }
        if !variants.only_baseline.is_empty() || !variants.only_candidate.is_empty() {
            self.unmatched.insert(name(&what));
        }
        for (_, baseline, candidate) in variants.both {
            let Some(first) = candidate.first() else {
                continue;
            };
            let Some(direction) = first.direction else {
                // A count has no better; anything else should have one.
                if !matches!(first.kind, Some(Kind::Count | Kind::Setting)) {
                    self.undirected.insert(first.metric.clone());
                }
                continue;
            };
            self.compared.push(Matching {
                what: what.clone(),
                workload: first.workload.clone(),
                direction,
                baseline,
                candidate,
            });
        }
        Ok(())
    }

    fn note_differences(
        &mut self,
        reader: &Reader,
        (a, from): (&Variant, &Runs),
        (b, to): (&Variant, &Runs),
    ) -> anyhow::Result<()> {
        let mut note = |key: &str, baseline: String, candidate: String| {
            if baseline != candidate {
                self.differences.push(Difference {
                    key: key.to_owned(),
                    baseline,
                    candidate,
                });
            }
        };
        let known = |value: Option<String>| value.unwrap_or_else(|| "not recorded".to_owned());
        note(
            "shots",
            known(a.1.map(|n| n.to_string())),
            known(b.1.map(|n| n.to_string())),
        );
        note("task version", known(a.2.clone()), known(b.2.clone()));
        let (Some(from), Some(to)) = (from.first(), to.first()) else {
            return Ok(());
        };
        let settings = matched(
            reader.separating_settings(from.run)?.into_iter().collect(),
            reader.separating_settings(to.run)?.into_iter().collect(),
        );
        for (key, one, other) in settings.both {
            note(&key, shown(&one), shown(&other));
        }
        for (key, one) in settings.only_baseline {
            note(&key, shown(&one), known(None));
        }
        for (key, other) in settings.only_candidate {
            note(&key, known(None), shown(&other));
        }
        Ok(())
    }

    /// The series as the analysis takes them.
    pub(super) fn pairs(&self, reader: &Reader, options: &Comparing) -> anyhow::Result<Vec<Pair>> {
        let pairs = self.compared.iter().map(|c| c.pair(reader, options));
        pairs.collect()
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(i) => i.to_string(),
        Value::Real(x) => x.to_string(),
        Value::Null | Value::Bytes(_) => "not recorded".to_owned(),
    }
}

impl Matching {
    fn pair(&self, reader: &Reader, options: &Comparing) -> anyhow::Result<Pair> {
        let single = self.baseline.len() == 1 && self.candidate.len() == 1;
        let kind = self.candidate.first().and_then(|m| m.kind);
        let values = self.baseline.iter().chain(&self.candidate).map(|m| m.value);
        let side = |runs: &Runs| -> anyhow::Result<Side> {
            let mut side = Side {
                values: runs.iter().map(|m| m.value).collect(),
                stderrs: runs.iter().map(|m| m.stderr).collect(),
                ..Side::default()
            };
            if single
                && let [only] = runs.as_slice()
                && let Some((items, values)) = reader.vector(only)?
            {
                (side.items, side.samples) = (items, Some(values));
            }
            Ok(side)
        };
        let history = match (single, self.candidate.first(), self.baseline.first()) {
            (true, Some(new), Some(old)) => reader.history(new, &[new.run, old.run])?,
            _ => Vec::new(),
        };
        Ok(Pair {
            baseline: side(&self.baseline)?,
            candidate: side(&self.candidate)?,
            direction: self.direction,
            ratio: kind != Some(Kind::Quality),
            minimum: matters(options.min_effect, kind, self.what.4.as_deref(), values),
            history: vec![history],
        })
    }
}
