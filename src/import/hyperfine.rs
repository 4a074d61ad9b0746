//! Hyperfine's `--export-json`: one run a command, times in seconds. A command that was run with a
//! parameter called `model` names its model; otherwise the user does.
//!
//! Knows nothing of what the commands do. A printed time is one row in [`TIMES`].

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::json::{Entries, Number};
use super::{Format, ImportError, Input, Options, Shape, Sniff};
use crate::catalog::{Batch, Direction, Kind, Measurement, Metric, Run, Samples, Status};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "hyperfine",
    tool: "hyperfine",
    recognised_by: "a JSON object with nothing but `results`, a list of commands with `mean` and `system`",
    reads: "wall-clock, user and system times with their spread, each repetition, memory; the command and its parameters",
    detect,
    read,
};

/// How much of a file is searched for the keys of its first result, in bytes.
const LOOK: usize = 64 * 1024;

fn detect(sniff: &Sniff<'_>) -> bool {
    let Shape::Object { keys } = &sniff.shape else {
        return false;
    };
    // Where a file is cut off within its results, not even that key is known to be whole.
    if !matches!(keys.as_slice(), [] | [_]) || keys.iter().any(|key| key != "results") {
        return false;
    }
    let start = sniff.bytes.get(..LOOK).unwrap_or(sniff.bytes);
    let text = String::from_utf8_lossy(start);
    ["\"results\"", "\"command\"", "\"mean\"", "\"system\""]
        .iter()
        .all(|key| text.contains(key))
}

#[derive(Deserialize)]
struct Export {
    results: Vec<Entries<Json>>,
}

/// The printed times: key, canonical name, statistic.
const TIMES: [(&str, &str, &str); 6] = [
    ("mean", "execution_time", "mean"),
    ("median", "execution_time", "p50"),
    ("min", "execution_time", "min"),
    ("max", "execution_time", "max"),
    ("user", "user_time", "mean"),
    ("system", "system_time", "mean"),
];

fn read(input: &Input<'_>, _: &Options) -> Result<Batch, ImportError> {
    let export: Export = input.sniff.parse(input.path)?;
    let mut batch = Batch::new(FORMAT.name);
    batch.tool = Some(FORMAT.tool.to_owned());
    for (index, Entries(entries)) in export.results.into_iter().enumerate() {
        let run = run(
            entries.into_iter().collect(),
            &format!("$.results[{index}]"),
            &mut batch,
        );
        batch.runs.push(run);
    }
    if batch.runs.is_empty() {
        return Err(ImportError::Invalid {
            path: input.path.to_owned(),
            place: "$.results".to_owned(),
            reason: "holds no command".to_owned(),
        });
    }
    Ok(batch)
}

fn run(mut fields: Map<String, Json>, place: &str, batch: &mut Batch) -> Run {
    let mut run = Run::default();
    run.environment.tool = Some(FORMAT.tool.to_owned());
    let times = vector(fields.shift_remove("times"));
    let spread = number(fields.shift_remove("stddev")).and_then(|number| number.value());
    let n = (!times.is_empty()).then_some(times.len() as i64);
    for (key, name, statistic) in TIMES {
        let Some(number) = number(fields.shift_remove(key)) else {
            batch.reject(place, format!("there is no `{key}`"));
            continue;
        };
        let mut metric = time(key, name, statistic);
        metric.spread_of = (key == "mean").then(|| "repetitions".to_owned());
        let definition = batch.metric(metric);
        let measurement = match number {
            Number::Finite(x) | Number::Quoted(x) => Measurement::new(definition, x),
            Number::Missing(why) => Measurement::missing(definition, why),
        };
        let spread = spread.filter(|_| key == "mean");
        run.measurements
            .push(measurement.with_spread(spread).with_n(n));
    }
    add_samples(
        &mut run,
        batch,
        time("times", "execution_time", "each"),
        times,
    );
    let memory = vector(fields.shift_remove("memory_usage_byte"));
    let bytes = Metric::new("memory_usage_byte").named("memory", "each");
    add_samples(&mut run, batch, bytes.in_unit("B"), memory);
    exit_codes(fields.shift_remove("exit_codes"), &mut run);
    if let Some(Json::Object(parameters)) = fields.shift_remove("parameters") {
        for (name, value) in parameters {
            match (name.as_str(), value) {
                ("model", Json::String(model)) => run.model = Some(model),
                (_, value) => {
                    run.settings.insert(name, value);
                }
            }
        }
    }
    // What was timed is what separates two series.
    if let Some(command) = fields.shift_remove("command") {
        run.settings.insert("command".to_owned(), command);
    }
    for (key, value) in fields {
        if !value.is_null() && !value.is_array() && !value.is_object() {
            run.details.insert(key, value);
        }
    }
    run
}

fn time(key: &str, name: &str, statistic: &str) -> Metric {
    let mut metric = Metric::new(key).named(name, statistic).in_unit("s");
    metric.kind = Some(Kind::Latency);
    metric.directed(Some(Direction::Lower))
}

/// With `--ignore-failure` a command that fails is timed all the same.
fn exit_codes(codes: Option<Json>, run: &mut Run) {
    let Some(Json::Array(codes)) = codes else {
        return;
    };
    let failed = codes.iter().filter(|code| code.as_i64() != Some(0)).count();
    let all = codes.len();
    let why = format!("{failed} of {all} repetitions did not exit with 0");
    match failed {
        0 => {}
        _ if failed == all => run.status = Status::Failed(why),
        _ => run.status = Status::Partial(why),
    }
}

fn number(cell: Option<Json>) -> Option<Number> {
    Number::deserialize(cell?).ok()
}

fn vector(cell: Option<Json>) -> Vec<f64> {
    let Some(Json::Array(list)) = cell else {
        return Vec::new();
    };
    let value = |cell: Json| number(Some(cell)).and_then(|number| number.value());
    let values = list.into_iter().map(value);
    values.map(|value| value.unwrap_or(f64::NAN)).collect()
}

fn add_samples(run: &mut Run, batch: &mut Batch, metric: Metric, values: Vec<f64>) {
    if !values.is_empty() {
        run.samples.push(Samples {
            metric: batch.metric(metric),
            values,
            items: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::read;
    use super::*;
    use std::path::Path;

    const EXPORT: &str = include_str!("../../tests/fixtures/import/hyperfine/two-models.json");

    fn import(text: &str) -> Batch {
        let (format, batch) = read(Path::new("a"), text.as_bytes(), &Options::default()).unwrap();
        assert_eq!(format.name, "hyperfine");
        batch
    }

    #[test]
    fn every_command_is_a_run_of_its_model() {
        let batch = import(EXPORT);
        let models: Vec<_> = batch.runs.iter().map(|run| run.model.as_deref()).collect();
        assert_eq!(models, [Some("aurora-7b"), Some("borealis-2b")]);
        let first = &batch.runs[0];
        assert_eq!(
            json!(first.settings),
            json!({"threads": "4", "command": "generate --model aurora-7b --threads 4"})
        );
        let values: Vec<_> = first
            .measurements
            .iter()
            .map(|m| {
                let metric = &batch.metrics[m.metric as usize];
                let unit = metric.unit.as_deref().unwrap();
                (
                    metric.name.as_str(),
                    metric.statistic.as_str(),
                    unit,
                    m.value.unwrap(),
                )
            })
            .collect();
        assert_eq!(
            values,
            [
                ("execution_time", "mean", "s", 1.5),
                ("execution_time", "p50", "s", 1.5),
                ("execution_time", "min", "s", 1.25),
                ("execution_time", "max", "s", 1.75),
                ("user_time", "mean", "s", 1.0),
                ("system_time", "mean", "s", 0.25),
            ]
        );
        let mean = first.measurements[0].detail.as_deref().unwrap();
        assert_eq!((mean.spread, mean.n), (Some(0.25), Some(3)));
        assert_eq!(first.samples[0].values, [1.25, 1.5, 1.75]);
        assert_eq!(first.samples[1].values, [1024.0, 2048.0, 1024.0]);
    }

    #[test]
    fn one_repetition_has_no_spread_and_a_failing_one_is_no_complete_run() {
        let run = &import(EXPORT).runs[1];
        let mean = run.measurements[0].detail.as_deref().unwrap();
        assert_eq!((mean.spread, mean.n), (None, Some(1)));
        let why = "1 of 1 repetitions did not exit with 0";
        assert_eq!(run.status, Status::Failed(why.to_owned()));
    }

    #[test]
    fn other_files_with_results_are_left_to_others() {
        for text in [
            r#"{"results": {"mmlu": {"acc": 1}}, "versions": {}}"#,
            r#"{"results": [{"mean": 1, "task": "x"}]}"#,
        ] {
            assert!(!detect(&Sniff::of(text.as_bytes())), "{text}");
        }
    }

    #[test]
    fn an_export_cut_off_is_refused_with_its_place() {
        let cut = &EXPORT[..EXPORT.len() - 20];
        let error = read(Path::new("a"), cut.as_bytes(), &Options::default()).unwrap_err();
        assert!(matches!(error, ImportError::Broken { .. }), "{error}");
    }
}
