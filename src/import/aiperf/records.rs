//! The records of the requests, `profile_export.jsonl` beside `profile_export_aiperf.json`: one vector a
//! metric, in the order of the file. Requests of the warm-up are no part of the run.

use serde::Deserialize;
use serde_json::Value as Json;

use super::super::fields::add_samples;
use super::super::json::{self, Number};
use super::super::{ImportError, Input};
use super::blocks;
use crate::catalog::{Batch, Run};

/// One request; one that failed holds the metrics that do not need an answer.
#[derive(Deserialize)]
struct Record {
    metadata: Json,
    metrics: Option<json::Entries<Metric>>,
    error: Option<Json>,
}

#[derive(Deserialize)]
struct Metric {
    value: Values,
    unit: Option<String>,
}

/// One value a request, or one a chunk of its answer.
#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    Many(Vec<Number>),
    One(Number),
}

/// The values of one metric under one qualifier, and which record each comes from.
struct Vector {
    key: String,
    qualifier: &'static str,
    unit: String,
    values: Vec<(usize, f64)>,
}

/// Adds the vectors from the records beside the summary. Where they are not those of the `requests` that
/// the run completed they are left out: a part of them would pass for all.
pub(super) fn add(
    input: &Input<'_>,
    requests: Option<i64>,
    run: &mut Run,
    batch: &mut Batch,
) -> Result<(), ImportError> {
    let name = input.path.file_name().and_then(|name| name.to_str());
    let Some(start) = name.and_then(|name| name.strip_suffix("_aiperf.json")) else {
        return Ok(());
    };
    let name = format!("{start}.jsonl");
    let Some(bytes) = input.sibling(&name)? else {
        return Ok(());
    };
    let path = input.path.with_file_name(&name);
    let (mut vectors, mut count, mut done) = (Vec::new(), 0, 0);
    for (number, line) in json::lines(&bytes) {
        let record: Record = json::parse_from(&path, number, line)?;
        let phase = record.metadata["benchmark_phase"].as_str();
        if phase.is_some_and(|phase| phase != "profiling") {
            continue;
        }
        if record.error.is_none() {
            collect(record, count, &mut vectors);
            done += 1;
        }
        count += 1;
    }
    if let Some(requests) = requests.filter(|requests| *requests != done) {
        batch.reject(
            name,
            format!("holds {done} of the {requests} requests completed"),
        );
        return Ok(());
    }
    for vector in vectors {
        let mut values = vec![f64::NAN; count];
        for (at, value) in vector.values {
            if let Some(place) = values.get_mut(at) {
                *place = value;
            }
        }
        let metric = blocks::metric(&vector.key, &vector.unit, "each");
        add_samples(run, batch, metric.qualified(vector.qualifier), values);
    }
    Ok(())
}

/// Sorts the values of one record into the vectors.
fn collect(record: Record, at: usize, vectors: &mut Vec<Vector>) {
    for (key, metric) in record.metrics.into_iter().flat_map(|entries| entries.0) {
        let unit = metric.unit.unwrap_or_default();
        match metric.value {
            Values::One(value) => put(vectors, &key, "", &unit, at, value.value()),
            Values::Many(values) => {
                let values: Vec<f64> = values.iter().filter_map(Number::value).collect();
                let mean = values.iter().sum::<f64>() / values.len() as f64;
                let longest = values.iter().copied().reduce(f64::max);
                put(vectors, &key, "mean", &unit, at, Some(mean));
                put(vectors, &key, "max", &unit, at, longest);
            }
        }
    }
}

fn put(
    vectors: &mut Vec<Vector>,
    key: &str,
    qualifier: &'static str,
    unit: &str,
    at: usize,
    value: Option<f64>,
) {
    let Some(value) = value.filter(|x| x.is_finite()) else {
        return;
    };
    let is_it = |v: &&mut Vector| v.key == key && v.qualifier == qualifier && v.unit == unit;
    match vectors.iter_mut().find(is_it) {
        Some(vector) => vector.values.push((at, value)),
        None => vectors.push(Vector {
            key: key.to_owned(),
            qualifier,
            unit: unit.to_owned(),
            values: vec![(at, value)],
        }),
    }
}
