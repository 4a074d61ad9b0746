//! `vllm bench throughput` and `vllm bench latency`: no server, no model name, no date.

use serde_json::Value as Json;

use super::super::fields::{add_samples, measure, take_whole};
use super::super::serving::{Record, keep_rest};
use super::FORMAT;
use crate::catalog::{Arrival, Batch, Environment, Metric, Run, Workload};

fn offline_run(workload: Workload) -> Run {
    Run {
        environment: Environment {
            tool: Some(FORMAT.tool.to_owned()),
            engine: Some("vllm".to_owned()),
            ..Environment::default()
        },
        workload,
        ..Run::default()
    }
}

/// All requests at once; `tokens_per_second` counts prompt and generated tokens together.
pub(super) fn throughput(record: Record, place: &str, batch: &mut Batch) -> Run {
    let Record { mut fields, .. } = record;
    let mut run = offline_run(Workload {
        requests: take_whole(&mut fields, &["num_requests"]),
        input_len: take_whole(&mut fields, &["input_len", "input"]),
        // Some authors add the lengths by hand, with this spelling.
        output_len: take_whole(&mut fields, &["output_len", "output", "ouput"]),
        arrival: Some(Arrival::Burst),
        ..Workload::default()
    });
    for (key, name, unit) in [
        ("requests_per_second", "request_throughput", "requests/s"),
        ("tokens_per_second", "total_token_throughput", "tokens/s"),
        ("elapsed_time", "duration", "s"),
    ] {
        if let Some(cell) = fields.shift_remove(key) {
            let metric = Metric::new(key).in_unit(unit).named(name, "value");
            measure(&mut run, batch, metric, &cell);
        }
    }
    // Follows from the work, so that it is no result.
    if let Some(tokens) = fields.shift_remove("total_num_tokens") {
        run.details.insert("total_num_tokens".to_owned(), tokens);
    }
    keep_rest(fields, &mut run, place, batch);
    run
}

/// One batch after the other, times in seconds a batch.
pub(super) fn latency(record: Record, place: &str, batch: &mut Batch) -> Run {
    let Record {
        mut fields,
        vectors,
        ..
    } = record;
    let mut run = offline_run(Workload {
        input_len: take_whole(&mut fields, &["input_len"]),
        output_len: take_whole(&mut fields, &["output_len"]),
        batch: take_whole(&mut fields, &["batch_size"]),
        arrival: Some(Arrival::Batch),
        ..Workload::default()
    });
    let metric = |key: String, statistic: &str| {
        let metric = Metric::new(key).named("latency", statistic);
        metric.in_unit("s")
    };
    if let Some(cell) = fields.shift_remove("avg_latency") {
        let mean = metric("avg_latency".to_owned(), "mean");
        measure(&mut run, batch, mean, &cell);
    }
    match fields.shift_remove("percentiles") {
        Some(Json::Object(percentiles)) => {
            for (percent, cell) in percentiles {
                let statistic = format!("p{percent}");
                let metric = metric(format!("latency_{statistic}"), &statistic);
                measure(&mut run, batch, metric, &cell);
            }
        }
        Some(_) => batch.reject(format!("{place}.percentiles"), "not an object"),
        None => {}
    }
    for (key, values) in vectors {
        add_samples(&mut run, batch, metric(key, "each"), values);
    }
    keep_rest(fields, &mut run, place, batch);
    run
}
