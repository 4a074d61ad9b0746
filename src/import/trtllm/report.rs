//! A report line by line: what each block says about the run, and where one report ends.

use serde_json::Value as Json;

use super::super::json::Number;
use super::{FORMAT, after_prefix, is_rule, key_value, quantity, title};
use crate::catalog::{Arrival, Batch, Measurement, Metric, Run, Status};

/// A report while its lines are read. A log may hold one report after another.
#[derive(Default)]
pub(super) struct Report {
    run: Run,
    /// The title of the block, empty before the first.
    title: String,
    /// The unit in the heading above the percentiles.
    unit: Option<String>,
    /// Whether a line of `=` follows the last value.
    is_closed: bool,
}

impl Report {
    /// Reads the next line.
    pub(super) fn line(&mut self, line: &str, number: usize, batch: &mut Batch) {
        if let Some(title) = title(line) {
            // The engine is what a report begins with.
            let begins = title == "ENGINE DETAILS" || title.ends_with("BACKEND");
            if begins && !self.run.measurements.is_empty() {
                self.finish(batch);
            }
            self.title = title;
            return;
        }
        let text = after_prefix(line);
        if is_rule(text) {
            self.is_closed = true;
        } else if let Some(heading) = text.strip_prefix("-- ") {
            self.unit = quantity::unit(heading).map(str::to_owned);
        } else if let Some((key, value)) = key_value(line) {
            self.pair(key, value, number, batch);
        }
    }

    fn pair(&mut self, key: &str, value: &str, number: usize, batch: &mut Batch) {
        if self.title.is_empty() {
            return;
        }
        if self.title == "DATASET DETAILS" {
            return self.data_set(key, value);
        }
        let place = format!("line {number}");
        if let Some((of, _)) = key.strip_prefix('[').and_then(|key| key.split_once(']')) {
            // Keys are padded so that the colons stand in a column.
            let key = key.split_whitespace().collect::<Vec<_>>().join(" ");
            match quantity::percentile(&key, of, self.unit.as_deref()) {
                Some(metric) => self.measure(metric, value, &place, batch),
                None => batch.reject(place, format!("`{key}` is no known quantity")),
            }
        } else if let Some(metric) = quantity::percentile(key, &self.title, quantity::unit(key)) {
            let block = self.title.to_ascii_lowercase();
            self.measure(metric.qualified(block), value, &place, batch);
        } else if let Some(quantity) = quantity::find(key) {
            let metric = quantity.metric(key, &self.title);
            self.measure(metric, value, &place, batch);
        } else {
            self.fact(key, value);
        }
    }

    fn measure(&mut self, metric: Metric, value: &str, place: &str, batch: &mut Batch) {
        self.is_closed = false;
        let definition = batch.metric(metric);
        if self.run.measurements.iter().any(|m| m.metric == definition) {
            batch.reject(place, "stands twice in one report; the first counts");
            return;
        }
        self.run.measurements.push(match Number::of_text(value) {
            Number::Finite(x) | Number::Quoted(x) => Measurement::new(definition, x),
            Number::Missing(why) => Measurement::missing(definition, why),
        });
    }

    fn data_set(&mut self, key: &str, value: &str) {
        match key {
            // The folder is somebody's own; the name tells which data set it is.
            "Dataset Path" => {
                let name = value.rsplit(['/', '\\']).next().unwrap_or(value);
                self.run.workload.dataset = said(name);
            }
            "Number of Sequences" => {
                self.run.details.insert(key.to_owned(), typed(value));
            }
            _ => {}
        }
    }

    fn fact(&mut self, key: &str, value: &str) {
        let Some(text) = said(value) else {
            return;
        };
        let run = &mut self.run;
        let whole = whole(&text);
        match key {
            "Model" => run.model = Some(text),
            "TensorRT-LLM Version" => run.environment.engine_version = Some(text),
            "Dtype" => run.dtype = Some(text),
            "Quantization" => run.quantization = Some(text),
            "TP Size" => run.workload.tp = whole,
            "Number of requests" => run.workload.requests = whole,
            "Average Input Length (tokens)" if whole.is_some() => run.workload.input_len = whole,
            "Average Output Length (tokens)" if whole.is_some() => run.workload.output_len = whole,
            "KV Cache Dtype"
            | "PP Size"
            | "EP Size"
            | "Max Runtime Batch Size"
            | "Max Runtime Tokens"
            | "Scheduling Policy"
            | "KV Memory Percentage"
            | "Max Input Length"
            | "Max Sequence Length" => {
                run.settings.insert(key.to_owned(), typed(&text));
            }
            // Folders of somebody's own.
            "Model Path" | "Engine Directory" => {}
            _ => {
                run.details.insert(key.to_owned(), typed(&text));
            }
        }
    }

    /// Hands over the run that was read, if it has a value.
    pub(super) fn finish(&mut self, batch: &mut Batch) {
        let report = std::mem::take(self);
        let mut run = report.run;
        if run.measurements.is_empty() {
            return;
        }
        if !report.is_closed {
            let why = "the report is not closed by a line of `=`";
            run.status = Status::Partial(why.to_owned());
        }
        let environment = &mut run.environment;
        environment.tool = Some(FORMAT.tool.to_owned());
        environment.engine = Some("TensorRT-LLM".to_owned());
        // Part of the engine, and released with it.
        environment
            .tool_version
            .clone_from(&environment.engine_version);
        // The experts of a mixture are spread over the same devices.
        let pipeline = run.settings.get("PP Size").and_then(Json::as_i64);
        let tensor = run.workload.tp;
        environment.devices = tensor.and_then(|tp| tp.checked_mul(pipeline.unwrap_or(1)));
        if batch.tool_version.is_none() {
            batch.tool_version.clone_from(&environment.tool_version);
        }
        let rate = run.details.get("Issue Rate (req/sec)");
        run.workload.arrival = match rate.and_then(Json::as_f64) {
            // Requests put into the queue one right after another are printed as 10¹³ a second.
            Some(rate) if rate >= 1e9 => Some(Arrival::Burst),
            Some(rate) if rate > 0.0 => {
                run.workload.request_rate = Some(rate);
                Some(Arrival::Rate)
            }
            // The latency benchmark sends one request after another.
            None if report.title == "ACCEPTANCE BREAKDOWN" => Some(Arrival::Single),
            _ => None,
        };
        batch.runs.push(run);
    }
}

/// A value that says something: Python prints `None` where there is nothing.
fn said(value: &str) -> Option<String> {
    (!value.is_empty() && value != "None").then(|| value.to_owned())
}

/// A whole number, also when it is printed as an average with decimals.
fn whole(text: &str) -> Option<i64> {
    let x = real(text)?;
    (x.fract() == 0.0 && (0.0..1e15).contains(&x)).then_some(x as i64)
}

fn real(text: &str) -> Option<f64> {
    text.parse().ok().filter(|x: &f64| x.is_finite())
}

fn typed(text: &str) -> Json {
    match (text.parse::<i64>(), real(text)) {
        (Ok(whole), _) => whole.into(),
        (_, Some(real)) => real.into(),
        _ => text.into(),
    }
}
