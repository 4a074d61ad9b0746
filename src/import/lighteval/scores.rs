//! The scores: tasks named `suite|task|shots`, metrics beside their standard errors, and the averages
//! that lighteval adds over the tasks.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::super::json::{Entries, Number};
use super::Document;
use crate::catalog::{Batch, Direction, Kind, Measurement, Metric, Run};

/// A key of `results`: `leaderboard|arc:challenge|25`, `gsm8k|5` since 2025, or `all`.
#[derive(Clone, Copy)]
struct Task<'a> {
    key: &'a str,
    /// The suite with its bar, if there is one.
    suite: &'a str,
    name: &'a str,
    /// The bar and the number of shots, if there is one.
    tail: &'a str,
    shots: Option<i64>,
}

impl<'a> Task<'a> {
    fn of(key: &'a str) -> Self {
        let shots = key
            .rsplit_once('|')
            .and_then(|(_, shots)| shots.parse().ok());
        let end = key.rfind('|').filter(|_| shots.is_some());
        let (rest, tail) = key.split_at(end.unwrap_or(key.len()));
        let (suite, name) = rest.split_at(rest.find('|').map_or(0, |bar| bar + 1));
        Self {
            key,
            suite,
            name,
            tail,
            shots,
        }
    }

    /// The name without `:_average`, when it is an average over the parts of one task.
    fn average_of(&self) -> Option<&'a str> {
        self.name.strip_suffix(":_average")
    }

    fn is_aggregate(&self) -> bool {
        self.key == "all" || self.average_of().is_some()
    }

    /// The key of the average over the parts of the same task, when this is a part of one.
    fn average(&self) -> Option<String> {
        let (whole, _) = self.name.split_once(':')?;
        Some(format!("{}{whole}:_average{}", self.suite, self.tail))
    }

    /// The name that other tools give the task: `mmlu_anatomy`, `arc_challenge`.
    fn canonical(&self) -> String {
        self.average_of().unwrap_or(self.name).replace(':', "_")
    }
}

impl Document {
    /// Adds every score to the run, and which tasks each average covers.
    pub(super) fn read_scores(&self, batch: &mut Batch, run: &mut Run) {
        let tasks: Vec<Task<'_>> = self
            .results
            .0
            .iter()
            .map(|(key, _)| Task::of(key))
            .collect();
        for (task, (_, Entries(entries))) in tasks.iter().zip(&self.results.0) {
            self.read_task(task, entries, batch, run);
        }
        let averages: HashMap<&str, String> = tasks
            .iter()
            .filter(|task| task.is_aggregate())
            .map(|task| (task.key, task.canonical()))
            .collect();
        for task in tasks.iter().filter(|task| !task.is_aggregate()) {
            let keys = [task.average(), Some("all".to_owned())];
            let covering = keys.iter().flatten();
            let groups = covering.filter_map(|key| averages.get(key.as_str()));
            let pairs = groups.map(|group| (group.clone(), task.canonical()));
            batch.groups.extend(pairs);
        }
    }

    fn read_task(
        &self,
        task: &Task<'_>,
        entries: &[(String, Number)],
        batch: &mut Batch,
        run: &mut Run,
    ) {
        let entry = |name: &str| {
            let found = entries.iter().find(|(key, _)| key == name);
            found.map(|(_, number)| number)
        };
        let n = self.questions(task);
        for (name, number) in entries {
            let place = || format!("results.{}.{name}", task.key);
            if let Some(of) = name.strip_suffix("_stderr") {
                if entry(of).is_none() {
                    batch.reject(place(), "a standard error without its metric");
                }
                continue;
            }
            if let Number::Missing(why) = number
                && why.starts_with("unreadable")
            {
                batch.reject(place(), format!("not a score, {why}"));
                continue;
            }
            let stderr = entry(&format!("{name}_stderr"));
            if let Some(Number::Missing(why)) = stderr {
                batch.warn(place(), format!("its standard error is no number: {why}"));
            }
            let metric = batch.metric(self.metric(task, name, number));
            let measurement = match number {
                Number::Finite(x) | Number::Quoted(x) => Measurement::new(metric, *x),
                Number::Missing(why) => Measurement::missing(metric, why.as_ref()),
            };
            run.measurements.push(
                measurement
                    .with_stderr(stderr.and_then(Number::value))
                    .with_n(n),
            );
        }
    }

    fn metric(&self, task: &Task<'_>, name: &str, number: &Number) -> Metric {
        let metric = Metric::new(name)
            .of_task(task.key)
            .directed(self.direction(task, name));
        let within = number.value().is_none_or(|x| (0.0..=1.0).contains(&x));
        let mut metric = match is_fraction(name) && within {
            true => metric.in_unit("fraction"),
            false => metric,
        };
        metric.task = Some(task.canonical());
        metric.task_version = match &self.versions[task.key] {
            Json::Null => None,
            Json::String(text) => Some(text.clone()),
            version => Some(version.to_string()),
        };
        metric.kind = metric.kind.or(Some(Kind::Quality));
        metric.shots = task.shots;
        metric.is_aggregate = task.is_aggregate();
        metric
    }

    fn config(&self, task: &Task<'_>) -> &Json {
        let whole = &self.config_tasks[task.key];
        match whole {
            // Older files leave out the shots.
            Json::Null => &self.config_tasks[format!("{}{}", task.suite, task.name)],
            _ => whole,
        }
    }

    /// How many questions were asked.
    fn questions(&self, task: &Task<'_>) -> Option<i64> {
        let asked = self.config(task)["effective_num_docs"].as_i64();
        asked.filter(|n| *n > 0)
    }

    /// What the task's configuration says about a metric; of an average, what all tasks agree on.
    fn direction(&self, task: &Task<'_>, name: &str) -> Option<Direction> {
        let configs: Vec<&Json> = match task.is_aggregate() {
            true => self
                .config_tasks
                .as_object()
                .into_iter()
                .flat_map(|tasks| tasks.values())
                .collect(),
            false => vec![self.config(task)],
        };
        let mut stated = configs
            .into_iter()
            .filter_map(|config| stated(config, name));
        let first = stated.next()?;
        stated.all(|other| other == first).then_some(match first {
            true => Direction::Higher,
            false => Direction::Lower,
        })
    }
}

/// Whether a task's configuration states that more of a metric is better. An entry may describe one
/// metric, or several by lists and maps.
fn stated(config: &Json, name: &str) -> Option<bool> {
    let metrics = config["metric"].as_array().or(config["metrics"].as_array());
    metrics.into_iter().flatten().find_map(|metric| {
        let higher = &metric["higher_is_better"];
        match &metric["metric_name"] {
            Json::String(text) if text == name => higher.as_bool(),
            _ => higher[name].as_bool(),
        }
    })
}

/// Whether a metric of this name is a mean of hits, F1 or recalls, all of which lie between 0 and 1.
fn is_fraction(name: &str) -> bool {
    let begins = [
        "acc",
        "em",
        "qem",
        "pem",
        "pqem",
        "f1",
        "loglikelihood_acc",
        "truthfulqa_mc",
    ];
    name.contains("pass@")
        || matches!(
            name,
            "mc1" | "mc2" | "mrr" | "extractive_match" | "exact_match"
        )
        || begins.iter().any(|start| match name.strip_prefix(start) {
            Some(rest) => rest.is_empty() || rest.starts_with(['_', '1', '2', '@', ':']),
            None => false,
        })
}
