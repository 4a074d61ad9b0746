//! One row of `llama-bench` as one run. CSV and SQL write everything as text and truth as 0 or 1, and
//! builds differ in their columns: here all of them come to mean the same.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::super::json::Number;
use super::super::time;
use super::{FORMAT, Row};
use crate::catalog::{
    Arrival, Batch, Environment, Identity, Measurement, Metric, Run, Samples, Workload,
};

/// Columns that separate two series, and the value that says nothing: older builds did not have the
/// column and behaved so, and a trend over builds must not break there.
const SETTINGS: [(&str, Option<&str>); 24] = [
    ("backends", None),
    ("n_batch", None),
    ("n_ubatch", None),
    ("n_threads", None),
    ("type_k", None),
    ("type_v", None),
    ("n_gpu_layers", None),
    ("split_mode", None),
    ("flash_attn", Some("false")),
    ("n_cpu_moe", Some("0")),
    ("main_gpu", Some("0")),
    ("no_kv_offload", Some("false")),
    ("no_op_offload", Some("false")),
    ("embeddings", Some("false")),
    ("devices", Some("auto")),
    ("tensor_split", Some("0.00")),
    ("tensor_buft_overrides", Some("none")),
    ("cpu_mask", Some("0x0")),
    ("rpc_servers", Some("")),
    ("f16_kv", Some("true")),
    ("mul_mat_q", Some("true")),
    ("low_vram", Some("false")),
    ("no_host", Some("false")),
    ("cpu_strict", Some("false")),
];

/// Columns of truth values, written as `true`, `1` or `"1"`.
const TRUTHS: [&str; 13] = [
    "flash_attn",
    "no_kv_offload",
    "no_op_offload",
    "embeddings",
    "f16_kv",
    "mul_mat_q",
    "low_vram",
    "no_host",
    "cpu_strict",
    "use_mmap",
    "use_direct_io",
    "cuda",
    "metal",
];

/// The columns that together tell a run from every other; `test_time` alone has seconds only.
const IDENTITY: [&str; 13] = [
    "build_commit",
    "test_time",
    "model_filename",
    "n_prompt",
    "n_gen",
    "n_depth",
    "n_batch",
    "n_ubatch",
    "n_threads",
    "n_gpu_layers",
    "type_k",
    "type_v",
    "avg_ns",
];

/// Adds the run of one row, or a note why there is none.
pub(super) fn read(mut row: Row, place: &str, batch: &mut Batch) {
    let length = |row: &Row, column| whole(row, column).filter(|n| *n >= 0);
    let (prompt, generated) = (length(&row, "n_prompt"), length(&row, "n_gen"));
    // Builds before the column existed always began with an empty cache.
    let depth = length(&row, "n_depth").unwrap_or(0);
    let Some(mut test) = Test::of(prompt.unwrap_or(0), generated.unwrap_or(0), depth) else {
        batch.reject(place, "neither prompt nor generated tokens");
        return;
    };
    // Markdown names the test, and holds its tokens per second and nothing else.
    let columns = match text(&row, "test") {
        Some(written) => {
            test.written = written;
            COLUMNS.get(..1)
        }
        None => COLUMNS.get(..),
    };
    let mut run = Run {
        identity: identity(&row),
        workload: Workload {
            input_len: prompt,
            output_len: generated,
            depth: Some(depth),
            arrival: Some(Arrival::Single),
            ..Workload::default()
        },
        started: text(&row, "test_time")
            .and_then(|at| time::noted(&at, &format!("{place}.test_time"), batch)),
        environment: environment(&row),
        ..Run::default()
    };
    describe_model(&row, &mut run);
    for columns in columns.into_iter().flatten() {
        measure(&mut row, &test, columns, place, &mut run, batch);
    }
    separate(row, &mut run);
    batch.runs.push(run);
}

/// The columns of one quantity, and what it is.
struct Columns {
    average: &'static str,
    deviation: &'static str,
    each: &'static str,
    /// The canonical name; `None` = what the test's tokens per second are.
    name: Option<&'static str>,
    unit: &'static str,
}

const COLUMNS: [Columns; 2] = [
    Columns {
        average: "avg_ts",
        deviation: "stddev_ts",
        each: "samples_ts",
        name: None,
        unit: "tokens/s",
    },
    Columns {
        average: "avg_ns",
        deviation: "stddev_ns",
        each: "samples_ns",
        name: Some("test_time"),
        unit: "ns",
    },
];

/// Takes one quantity out of a row: its average with the spread of the repetitions, and these.
fn measure(
    row: &mut Row,
    test: &Test,
    columns: &Columns,
    place: &str,
    run: &mut Run,
    batch: &mut Batch,
) {
    let metric = |key: &str, statistic| {
        let mut metric = Metric::new(key).of_task(&test.task);
        metric.task_raw = Some(test.written.clone());
        let name = columns.name.unwrap_or(test.name);
        metric.named(name, statistic).in_unit(columns.unit)
    };
    let values = samples(row, columns.each);
    let n = (!values.is_empty()).then_some(values.len() as i64);
    let spread = number(row, columns.deviation).and_then(|spread| spread.value());
    if let Some(average) = number(row, columns.average) {
        let mut definition = metric(columns.average, "mean");
        definition.spread_of = Some("repetitions".to_owned());
        let definition = batch.metric(definition);
        let measurement = match average {
            Number::Finite(x) | Number::Quoted(x) => Measurement::new(definition, x),
            Number::Missing(why) => Measurement::missing(definition, why),
        };
        run.measurements
            .push(measurement.with_spread(spread).with_n(n));
    } else {
        batch.reject(place, format!("there is no `{}`", columns.average));
    }
    if !values.is_empty() {
        let metric = batch.metric(metric(columns.each, "each"));
        run.samples.push(Samples {
            metric,
            values,
            items: None,
        });
    }
    for column in [columns.average, columns.deviation, columns.each] {
        row.shift_remove(column);
    }
}

/// Which work a row measured.
struct Test {
    /// As new builds print it: `pp512`, `tg128`, `pp512+tg128`, with `@d4096` after a filled cache.
    task: String,
    /// As the file prints it, which old builds did with spaces; the same where it prints none.
    written: String,
    /// What its tokens per second are.
    name: &'static str,
}

impl Test {
    fn of(prompt: i64, generated: i64, depth: i64) -> Option<Self> {
        let (mut task, name) = match (prompt, generated) {
            (0, 0) => return None,
            (_, 0) => (format!("pp{prompt}"), "prefill_throughput"),
            (0, _) => (format!("tg{generated}"), "decode_throughput"),
            _ => (format!("pp{prompt}+tg{generated}"), "combined_throughput"),
        };
        if depth > 0 {
            task.push_str(&format!("@d{depth}"));
        }
        let written = task.clone();
        Some(Self {
            task,
            written,
            name,
        })
    }
}

/// The key of a run; its content where the columns that make it unique are not there.
fn identity(row: &Row) -> Identity {
    if text(row, "test_time").is_none() || text(row, "build_commit").is_none() {
        return Identity::Content;
    }
    let part = |column: &&str| match row.get(*column) {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    Identity::Key(IDENTITY.iter().map(part).collect())
}

fn environment(row: &Row) -> Environment {
    let build = text(row, "build_number").map(|number| format!("b{number}"));
    let commit = text(row, "build_commit");
    let cpu = text(row, "cpu_info");
    let (hardware, devices) = match text(row, "gpu_info") {
        Some(gpus) => {
            let count = gpus.split(", ").count() as i64;
            let mut names: Vec<&str> = gpus.split(", ").collect();
            names.dedup();
            (Some(names.join(", ")), Some(count))
        }
        None => (cpu.clone(), None),
    };
    Environment {
        tool: Some(FORMAT.tool.to_owned()),
        tool_version: build.clone(),
        tool_commit: commit.clone(),
        engine: Some("llama.cpp".to_owned()),
        engine_version: build,
        engine_commit: commit,
        hardware,
        devices,
        cpu,
        ..Environment::default()
    }
}

fn describe_model(row: &Row, run: &mut Run) {
    let file = text(row, "model_filename");
    let kind = text(row, "model_type");
    let scheme = file.as_deref().and_then(scheme_of_file);
    let scheme = scheme.or_else(|| scheme_of_type(kind.as_deref()?));
    // Unquantised weights are a number format, as other tools call it, and no quantisation.
    match scheme {
        Some(name) if matches!(name.as_str(), "F16" | "BF16" | "F32") => run.dtype = Some(name),
        scheme => run.quantization = scheme,
    }
    run.model_bytes = whole(row, "model_size");
    run.model_params = whole(row, "model_n_params");
    match (file, kind) {
        (Some(file), kind) => {
            run.model = Some(file);
            if let Some(kind) = kind {
                run.details.insert("names".to_owned(), vec![kind].into());
            }
        }
        (None, kind) => run.model = kind,
    }
}

/// The quantisation in a file's name: `Q4_K_M` of `aurora-7b-Q4_K_M.gguf`, `UD-IQ2_XXS`, `mxfp4`.
fn scheme_of_file(path: &str) -> Option<String> {
    let name = path.rsplit(['/', '\\']).next()?;
    let stem = name.strip_suffix(".gguf").unwrap_or(name);
    let parts: Vec<&str> = stem.split(['-', '.']).collect();
    let at = parts.iter().rposition(|part| is_scheme(part))?;
    let scheme = parts.get(at)?;
    // `UD` is Unsloth's dynamic variant of a scheme: other weights, so part of the name.
    let dynamic = at > 0 && parts.get(at - 1) == Some(&"UD");
    Some(match dynamic {
        true => format!("UD-{scheme}"),
        false => (*scheme).to_owned(),
    })
}

/// The quantisation in a type: `Q4_K - Medium` of `qwen2 7B Q4_K - Medium` is `Q4_K_M`.
fn scheme_of_type(kind: &str) -> Option<String> {
    let (name, size) = kind.split_once(" - ").unwrap_or((kind, ""));
    let scheme = name.split(' ').rfind(|word| is_scheme(word))?;
    Some(match size.chars().next() {
        Some(initial @ ('S' | 'M' | 'L')) => format!("{scheme}_{initial}"),
        _ => scheme.to_owned(),
    })
}

fn is_scheme(word: &str) -> bool {
    let upper = word.to_ascii_uppercase();
    let digits = ["Q", "IQ", "TQ"].iter().any(|start| {
        let rest = upper.strip_prefix(start).unwrap_or_default();
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.get(1..2).is_none_or(|c| c == "_")
    });
    digits || matches!(upper.as_str(), "F16" | "BF16" | "F32" | "MXFP4" | "NVFP4")
}

/// Sorts what is left of a row into settings and details.
fn separate(row: Row, run: &mut Run) {
    const READ: [&str; 13] = [
        "build_commit",
        "build_number",
        "cpu_info",
        "gpu_info",
        "model_filename",
        "model_type",
        "model_size",
        "model_n_params",
        "n_prompt",
        "n_gen",
        "n_depth",
        "test_time",
        "test",
    ];
    for (column, cell) in row {
        if READ.contains(&column.as_str()) || cell.is_null() {
            continue;
        }
        let cell = typed(&column, cell);
        match SETTINGS.iter().find(|(name, _)| *name == column) {
            Some((_, Some(default))) if says(&cell, default) => {}
            Some(_) => {
                run.settings.insert(column, cell);
            }
            None => {
                run.details.insert(column, cell);
            }
        }
    }
}

/// A cell of any form as the JSON form of a new build would have it.
fn typed(column: &str, cell: Json) -> Json {
    let cell = match &cell {
        Json::String(text) => match text.parse::<i64>() {
            Ok(number) if number.to_string() == *text => number.into(),
            _ => cell,
        },
        _ => cell,
    };
    if !TRUTHS.contains(&column) {
        return cell;
    }
    match (cell.as_i64(), cell.as_str()) {
        (Some(0), _) | (_, Some("false")) => false.into(),
        (Some(1), _) | (_, Some("true")) => true.into(),
        _ => cell,
    }
}

fn says(cell: &Json, word: &str) -> bool {
    match cell {
        Json::String(text) => text == word,
        other => {
            let written = other.to_string();
            written == word
        }
    }
}

fn text(row: &Map<String, Json>, column: &str) -> Option<String> {
    match row.get(column)? {
        Json::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn number(row: &Row, column: &str) -> Option<Number> {
    Number::deserialize(row.get(column)?).ok()
}

fn whole(row: &Row, column: &str) -> Option<i64> {
    match row.get(column)? {
        Json::String(text) => text.trim().parse().ok(),
        other => other.as_i64(),
    }
}

fn samples(row: &Row, column: &str) -> Vec<f64> {
    let list = row.get(column).and_then(Json::as_array);
    let value = |cell: &Json| Number::deserialize(cell).ok()?.value();
    let values = list.into_iter().flatten();
    values.map(|cell| value(cell).unwrap_or(f64::NAN)).collect()
}
