//! The metrics of every scorer, whose standard error is a metric beside them, and the score of every
//! sample.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::super::json::{Entries, Number};
use super::Log;
use super::setup::text;
use crate::catalog::{Batch, Kind, Measurement, Metric, Run, Samples};

/// Metrics that are means over the samples, to which a standard error belongs.
const MEANS: [&str; 2] = ["accuracy", "mean"];
/// The names of that standard error, the better first.
const ERRORS: [&str; 2] = ["stderr", "bootstrap_stderr"];
/// The standard deviation of the samples.
const SPREAD: &str = "std";
/// Two means agree to this: sums in another order differ less, other reductions differ more.
const SAME: f64 = 1e-6;

/// What came out.
#[derive(Deserialize)]
pub(super) struct Results {
    #[serde(default)]
    pub(super) total_samples: i64,
    #[serde(default)]
    pub(super) completed_samples: i64,
    #[serde(default)]
    scores: Vec<Score>,
    /// Logs of 2024 had one scorer, with its metrics beside it.
    scorer: Option<Score>,
    #[serde(default)]
    metrics: Entries<Value>,
}

/// What one scorer made of the samples.
#[derive(Deserialize)]
struct Score {
    name: String,
    scorer: Option<String>,
    reducer: Option<String>,
    scored_samples: Option<i64>,
    #[serde(default)]
    metrics: Entries<Value>,
}

/// One metric.
#[derive(Deserialize)]
struct Value {
    value: Number,
}

/// The scores of all samples by one scorer, one a sample however often it was asked.
#[derive(Deserialize)]
pub(super) struct Reduction {
    scorer: String,
    reducer: Option<String>,
    samples: Vec<Reduced>,
}

#[derive(Deserialize)]
struct Reduced {
    #[serde(default)]
    sample_id: Json,
    #[serde(default)]
    value: Json,
}

/// A sample, for its scores alone.
#[derive(Deserialize)]
pub(super) struct Sample {
    #[serde(default)]
    id: Json,
    epoch: Option<i64>,
    scores: Option<Entries<Given>>,
}

/// The score that one scorer gave.
#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    value: Json,
}

impl Results {
    /// Whether any scorer came to a number.
    pub(super) fn holds_scores(&self) -> bool {
        let scorers = self.scores.iter().chain(&self.scorer);
        let metrics = scorers.flat_map(|score| &score.metrics.0);
        metrics
            .chain(&self.metrics.0)
            .any(|(_, metric)| metric.value.value().is_some())
    }
}

/// The scorer, its name for this score where that is another, and how the epochs were brought to one.
fn qualifier(scorer: &str, name: &str, reducer: Option<&str>) -> String {
    let mut parts = vec![scorer];
    parts.extend((name != scorer).then_some(name));
    parts.extend(reducer);
    parts.join(",")
}

impl Log {
    /// Adds the metrics of every scorer, then the scores of every sample.
    pub(super) fn read_scores(&self, batch: &mut Batch, run: &mut Run) {
        let mut seen = HashSet::new();
        let Some(results) = &self.results else {
            return;
        };
        for score in &results.scores {
            self.read_scorer(score, &score.metrics, &mut seen, batch, run);
        }
        if let Some(score) = &results.scorer {
            self.read_scorer(score, &results.metrics, &mut seen, batch, run);
        }
        self.read_samples(batch, run);
    }

    fn read_scorer(
        &self,
        score: &Score,
        Entries(metrics): &Entries<Value>,
        seen: &mut HashSet<u32>,
        batch: &mut Batch,
        run: &mut Run,
    ) {
        let scorer = score.scorer.as_deref().unwrap_or(&score.name);
        let qualifier = qualifier(scorer, &score.name, score.reducer.as_deref());
        let find = |name: &str| metrics.iter().find(|(key, _)| key == name);
        let number = |name: &str| find(name).and_then(|(_, metric)| metric.value.value());
        let has_mean = MEANS.iter().any(|name| find(name).is_some());
        let error = ERRORS.into_iter().find(|name| find(name).is_some());
        for (name, Value { value }) in metrics {
            let belongs = Some(name.as_str()) == error || name == SPREAD;
            if has_mean && belongs {
                continue;
            }
            let place = format!("results.scores.{qualifier}.{name}");
            if let Number::Missing(why) = value
                && why.starts_with("unreadable")
            {
                batch.reject(place, format!("not a score, {why}"));
                continue;
            }
            let mut metric = self.metric(name, value.value());
            metric.qualifier.clone_from(&qualifier);
            let metric = batch.metric(metric);
            if !seen.insert(metric) {
                batch.reject(place, "the same scorer and metric stand before");
                continue;
            }
            let mut measurement = match value {
                Number::Finite(x) | Number::Quoted(x) => Measurement::new(metric, *x),
                Number::Missing(why) => Measurement::missing(metric, why.as_ref()),
            };
            if MEANS.contains(&name.as_str()) {
                measurement = measurement
                    .with_stderr(error.and_then(number))
                    .with_spread(number(SPREAD));
            }
            run.measurements
                .push(measurement.with_n(self.samples_of(score)));
        }
    }

    /// How many samples a scorer judged: those of all epochs count as one.
    fn samples_of(&self, score: &Score) -> Option<i64> {
        let completed = self
            .results
            .as_ref()
            .map(|results| results.completed_samples);
        let epochs = self.eval["config"]["epochs"].as_i64().unwrap_or(1).max(1);
        let once = completed.filter(|n| n % epochs == 0).map(|n| n / epochs);
        score.scored_samples.or(once).filter(|n| *n > 0)
    }

    /// A metric of the log's task.
    fn metric(&self, name: &str, value: Option<f64>) -> Metric {
        let mut metric = Metric::new(name);
        let within = value.is_none_or(|x| (0.0..=1.0).contains(&x));
        match name {
            "accuracy" if within => metric = metric.in_unit("fraction"),
            "mean" => {
                metric = metric.named("score", "mean");
                // Whether more of it is better only its scorer knows.
                metric.direction = None;
            }
            "stderr" | "bootstrap_stderr" | "std" | "var" => {
                metric.statistic = name.to_owned();
            }
            _ => {}
        }
        if MEANS.contains(&name) {
            metric.spread_of = Some("samples".to_owned());
        }
        self.of_task(metric)
    }

    fn of_task(&self, mut metric: Metric) -> Metric {
        if let Some(task) = text(&self.eval["task"]) {
            metric = metric.of_task(task);
        }
        metric.task_version = match &self.eval["task_version"] {
            Json::Null => None,
            Json::String(version) => Some(version.clone()),
            version => Some(version.to_string()),
        };
        metric.kind = metric.kind.or(Some(Kind::Quality));
        metric
    }

    /// Adds one vector a scorer: the reduced scores, or in logs without them those of the samples.
    fn read_samples(&self, batch: &mut Batch, run: &mut Run) {
        for reduction in self.reductions.iter().flatten() {
            let ids = reduction.samples.iter().map(|sample| &sample.sample_id);
            let values: Vec<&Json> = reduction.samples.iter().map(|s| &s.value).collect();
            let items = ids.map(|id| self.item(id)).collect();
            let reducer = reduction.reducer.as_deref();
            self.add_vectors(&reduction.scorer, reducer, &values, items, batch, run);
        }
        let samples = self.samples.as_deref().unwrap_or_default();
        let once = samples.iter().all(|sample| sample.epoch.unwrap_or(1) == 1);
        if self.reductions.is_some() || !once {
            return;
        }
        let none = Json::Null;
        let names = samples.iter().filter_map(|sample| sample.scores.as_ref());
        let mut seen = HashSet::new();
        let mut scorers: Vec<&str> = names
            .flat_map(|Entries(scores)| scores.iter().map(|(name, _)| name.as_str()))
            .collect();
        scorers.retain(|name| seen.insert(*name));
        for scorer in scorers {
            let given = |sample: &'_ Sample| {
                let Entries(scores) = sample.scores.as_ref()?;
                scores.iter().find(|(name, _)| name == scorer)
            };
            let values = samples.iter().map(|sample| match given(sample) {
                Some((_, given)) => &given.value,
                None => &none,
            });
            let items = samples.iter().map(|sample| self.item(&sample.id)).collect();
            self.add_vectors(scorer, None, &values.collect::<Vec<_>>(), items, batch, run);
        }
    }

    /// One vector; a scorer with several answers a sample gives one vector an answer.
    fn add_vectors(
        &self,
        scorer: &str,
        reducer: Option<&str>,
        values: &[&Json],
        items: Option<Vec<[u8; 8]>>,
        batch: &mut Batch,
        run: &mut Run,
    ) {
        let keys = values.iter().find_map(|value| value.as_object());
        let names: Vec<&str> = match keys {
            Some(map) => map.keys().map(String::as_str).collect(),
            None => vec![scorer],
        };
        for name in names {
            let score = |value: &&Json| match value {
                Json::Object(map) => map.get(name).and_then(number),
                plain => number(plain),
            };
            let scores: Vec<f64> = values
                .iter()
                .map(|value| score(value).unwrap_or(f64::NAN))
                .collect();
            if scores.iter().all(|x| x.is_nan()) {
                continue;
            }
            let qualifier = qualifier(scorer, name, reducer);
            let mut metric = Metric::new("value").named("score", "each");
            metric.direction = None;
            metric = self.of_task(metric);
            if let Some(mean) = mean_of(&scores, &qualifier, batch, run) {
                (metric.name, metric.direction) = (mean.name, mean.direction);
                (metric.unit, metric.base_unit) = (mean.unit, mean.base_unit);
            }
            metric.qualifier = qualifier;
            run.samples.push(Samples {
                metric: batch.metric(metric),
                values: scores,
                items: items.clone(),
            });
        }
    }

    /// The key of a sample: the first 8 bytes of the SHA-256 of its data set and its id there.
    fn item(&self, id: &Json) -> Option<[u8; 8]> {
        let id = match id {
            Json::String(text) => text.clone(),
            Json::Number(number) => number.to_string(),
            _ => return None,
        };
        let set = self.dataset().or_else(|| text(&self.eval["task"]));
        let hash = Sha256::digest(format!("{}\n{id}", set.unwrap_or_default()));
        hash.first_chunk().copied()
    }
}

/// The metric of the same scorer whose value is the mean of these scores.
fn mean_of(scores: &[f64], qualifier: &str, batch: &Batch, run: &Run) -> Option<Metric> {
    let known = || scores.iter().filter(|x| !x.is_nan());
    let mean = known().sum::<f64>() / known().count() as f64;
    let near = |value: f64| (mean - value).abs() <= SAME * value.abs().max(1.0);
    run.measurements.iter().find_map(|measurement| {
        let metric = batch.metrics.get(measurement.metric as usize)?;
        let is_mean = MEANS.contains(&metric.name_raw.as_str()) && metric.qualifier == qualifier;
        (is_mean && measurement.value.is_some_and(near)).then(|| metric.clone())
    })
}

/// The number that a score stands for, as Inspect counts it: correct, partly correct, incorrect and
/// no answer are letters (`value_to_float` in its manual, "Scorers").
fn number(value: &Json) -> Option<f64> {
    match value {
        Json::Bool(truth) => Some(f64::from(u8::from(*truth))),
        Json::String(word) => match word.to_ascii_lowercase().as_str() {
            "c" | "yes" | "true" => Some(1.0),
            "p" => Some(0.5),
            "i" | "n" | "no" | "false" => Some(0.0),
            _ => Number::of_text(word).value(),
        },
        _ => value.as_f64(),
    }
}
