//! The statistics of `stats.json`. One metric appears many times, by split and perturbation; the one
//! a leaderboard shows is the test split without perturbation.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::super::json::Number;
use super::spec::RunSpec;
use crate::catalog::{Batch, Kind, Measurement, Metric, Run};

/// One statistic: the mean over the trials of a run.
#[derive(Deserialize)]
pub(super) struct Stat {
    pub(super) name: Name,
    count: Option<Number>,
    pub(super) mean: Option<Number>,
    stddev: Option<Number>,
}

/// What a statistic is about.
#[derive(Deserialize)]
pub(super) struct Name {
    name: String,
    split: Option<String>,
    sub_split: Option<String>,
    perturbation: Option<Map<String, Json>>,
}

impl Name {
    /// Split, part of the split and perturbation, separated by commas.
    pub(super) fn qualifier(&self) -> String {
        let mut parts: Vec<String> = [&self.split, &self.sub_split]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        if let Some(perturbation) = &self.perturbation {
            parts.extend(words(perturbation));
        }
        parts.join(",")
    }

    /// The metric by the name that HELM gives it.
    pub(super) fn metric(&self, spec: &RunSpec) -> Metric {
        let raw = self.name.as_str();
        // `exact_match@5` is the best of five answers.
        let base = raw.split('@').next().unwrap_or(raw);
        let exact = ["exact_match", "prefix_exact_match"];
        let core = base.strip_prefix("quasi_").unwrap_or(base);
        let known = Metric::new(if exact.contains(&core) {
            "exact_match"
        } else {
            base
        });
        let mut metric = Metric::new(raw)
            .of_task(spec.task())
            .qualified(self.qualifier());
        (metric.kind, metric.direction) = (known.kind, known.direction);
        // HELM reports the quasi match beside the exact one: they are two metrics.
        if core != base {
            metric.name = raw.to_owned();
        }
        metric.shots = spec.shots();
        metric.spread_of = Some("trials".to_owned());
        match raw {
            "batch_size" => metric.kind = Some(Kind::Setting),
            _ if raw.starts_with("num_") => metric.kind = Some(Kind::Count),
            _ if raw.ends_with("runtime") => metric = metric.in_unit("s"),
            _ => {}
        }
        metric
    }
}

/// A perturbation in words: its name, what it tests, on which questions it was computed, and its
/// parameters.
fn words(perturbation: &Map<String, Json>) -> Vec<String> {
    let text = |key: &str| perturbation.get(key).and_then(Json::as_str);
    let name = text("name").unwrap_or_default();
    let mut words = vec![name.to_owned()];
    for flag in ["robustness", "fairness"] {
        if perturbation.get(flag) == Some(&Json::Bool(true)) && flag != name {
            words.push(flag.to_owned());
        }
    }
    words.extend(text("computed_on").map(str::to_owned));
    for (key, value) in perturbation {
        let is_known = matches!(
            key.as_str(),
            "name" | "robustness" | "fairness" | "computed_on"
        );
        // A path is of one machine.
        if !is_known && !value.is_null() && !key.ends_with("_path") {
            words.push(match value.as_str() {
                Some(text) => format!("{key}={text}"),
                None => format!("{key}={value}"),
            });
        }
    }
    words
}

/// Adds every statistic that has a value.
pub(super) fn add(stats: &[Stat], spec: &RunSpec, batch: &mut Batch, run: &mut Run) {
    let mut seen = HashSet::new();
    let mut unobserved = Vec::new();
    for (i, stat) in stats.iter().enumerate() {
        let count = stat.count.as_ref().and_then(Number::value);
        if count == Some(0.0) {
            unobserved.push(stat.name.name.as_str());
            continue;
        }
        let place = || format!("$[{i}] (`{}`)", stat.name.name);
        let Some(mean) = &stat.mean else {
            batch.reject(place(), "has no mean");
            continue;
        };
        let metric = batch.metric(stat.name.metric(spec));
        if !seen.insert(metric) {
            batch.reject(place(), "the same statistic stands before");
            continue;
        }
        let measurement = match mean {
            Number::Finite(x) | Number::Quoted(x) => Measurement::new(metric, *x),
            Number::Missing(why) => Measurement::missing(metric, why.as_ref()),
        };
        let spread = stat.stddev.as_ref().and_then(Number::value);
        let n = count.filter(|n| n.fract() == 0.0 && *n < 1e15);
        run.measurements
            .push(measurement.with_spread(spread).with_n(n.map(|n| n as i64)));
    }
    if let Some(first) = unobserved.first() {
        let count = unobserved.len();
        batch.reject(
            "count",
            format!("{count} statistics were never observed, the first is `{first}`"),
        );
    }
}
