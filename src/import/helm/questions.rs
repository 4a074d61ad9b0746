//! The values of every question out of `per_instance_stats.json`: one vector a metric, split and
//! perturbation, with a key a question, so that two runs can be compared question by question.

use std::collections::HashMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::super::json::Number;
use super::spec::RunSpec;
use super::stats::Stat;
use crate::catalog::{Batch, Run, Samples};

/// One question in one trial.
#[derive(Deserialize)]
pub(super) struct Question {
    instance_id: String,
    #[serde(default)]
    train_trial_index: u64,
    stats: Vec<Stat>,
}

/// Adds the vectors to the run.
pub(super) fn add(questions: Vec<Question>, spec: &RunSpec, batch: &mut Batch, run: &mut Run) {
    let scenario = spec.scenario();
    let mut places: HashMap<u32, usize> = HashMap::new();
    let mut vectors: Vec<(u32, Vec<f64>, Vec<[u8; 8]>)> = Vec::new();
    for question in questions {
        let Some(item) = item(&scenario, &question.instance_id) else {
            continue;
        };
        for stat in &question.stats {
            let Some(value) = stat.mean.as_ref().and_then(Number::value) else {
                continue;
            };
            let mut metric = stat.name.metric(spec);
            metric.name_raw = format!("per_instance_stats.{}", metric.name_raw);
            metric.statistic = "each".to_owned();
            metric.spread_of = None;
            if question.train_trial_index > 0 {
                metric.qualifier += &format!(",trial={}", question.train_trial_index);
            }
            let metric = batch.metric(metric);
            let place = *places.entry(metric).or_insert_with(|| {
                vectors.push((metric, Vec::new(), Vec::new()));
                vectors.len() - 1
            });
            if let Some((_, values, items)) = vectors.get_mut(place) {
                values.push(value);
                items.push(item);
            }
        }
    }
    let samples = vectors.into_iter().map(|(metric, values, items)| Samples {
        metric,
        values,
        items: Some(items),
    });
    run.samples.extend(samples);
}

/// The key of a question: the first 8 bytes of the SHA-256 of scenario and question.
fn item(scenario: &str, instance: &str) -> Option<[u8; 8]> {
    let hash = Sha256::digest(format!("{scenario}\n{instance}"));
    hash.first_chunk().copied()
}
