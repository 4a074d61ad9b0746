//! The metrics of every scorer, whose standard error is a metric beside them, and the score of every
//! sample.

use std::collections::{HashMap, HashSet};

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

/// What one scorer made of every sample: the sample's id and its score.
struct Judged<'a> {
    scorer: &'a str,
    reducer: Option<&'a str>,
    scores: Vec<(&'a Json, &'a Json)>,
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

impl Reduction {
    fn judged(&self) -> Judged<'_> {
        Judged {
            scorer: &self.scorer,
            reducer: self.reducer.as_deref(),
            scores: self
                .samples
                .iter()
                .map(|sample| (&sample.sample_id, &sample.value))
                .collect(),
        }
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
        if let Some(error) = error.filter(|error| has_mean && number(error).is_none()) {
            let place = format!("results.scores.{qualifier}.{error}");
            batch.warn(place, "the standard error is no number");
        }
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

    /// Adds one vector a scorer, or one an answer where the scorer gives several.
    fn read_samples(&self, batch: &mut Batch, run: &mut Run) {
        for judged in self.judged() {
            let keys = judged
                .scores
                .iter()
                .find_map(|(_, value)| value.as_object());
            let names: Vec<&str> = match keys {
                Some(map) => map.keys().map(String::as_str).collect(),
                None => vec![judged.scorer],
            };
            for name in names {
                self.add_vector(&judged, name, batch, run);
            }
        }
    }

    /// The reduced scores, or in logs without them those of the samples, if each was asked once.
    fn judged(&self) -> Vec<Judged<'_>> {
        if let Some(reductions) = &self.reductions {
            return reductions.iter().map(Reduction::judged).collect();
        }
        let samples = self.samples.as_deref().unwrap_or_default();
        if samples
            .iter()
            .any(|sample| sample.epoch.is_some_and(|epoch| epoch > 1))
        {
            return Vec::new();
        }
        let mut places = HashMap::new();
        let mut all: Vec<Judged<'_>> = Vec::new();
        for sample in samples {
            for (scorer, given) in sample.scores.iter().flat_map(|Entries(scores)| scores) {
                let place = *places.entry(scorer.as_str()).or_insert(all.len());
                if place == all.len() {
                    all.push(Judged {
                        scorer,
                        reducer: None,
                        scores: Vec::new(),
                    });
                }
                if let Some(judged) = all.get_mut(place) {
                    judged.scores.push((&sample.id, &given.value));
                }
            }
        }
        all
    }

    fn add_vector(&self, judged: &Judged<'_>, name: &str, batch: &mut Batch, run: &mut Run) {
        let score = |(_, value): &(&Json, &Json)| match value {
            Json::Object(map) => map.get(name).and_then(number),
            plain => number(plain),
        };
        let scores = judged.scores.iter();
        let values: Vec<f64> = scores.map(|s| score(s).unwrap_or(f64::NAN)).collect();
        if values.iter().all(|x| x.is_nan()) {
            return;
        }
        let mut metric = Metric::new("value").named("score", "each");
        metric.direction = None;
        metric = self.of_task(metric);
        metric.qualifier = qualifier(judged.scorer, name, judged.reducer);
        if let Some(mean) = mean_of(&values, &metric.qualifier, batch, run) {
            (metric.name, metric.direction) = (mean.name, mean.direction);
            (metric.unit, metric.base_unit) = (mean.unit, mean.base_unit);
        }
        run.samples.push(Samples {
            metric: batch.metric(metric),
            values,
            items: judged.scores.iter().map(|(id, _)| self.item(id)).collect(),
        });
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
