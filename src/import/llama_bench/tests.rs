//! The importer on small files that hold one trap each.

use std::path::Path;

use serde_json::json;

use crate::catalog::{Arrival, Batch, Detail, Direction, Identity, Kind, Run};
use crate::import::{ImportError, Options, Sniff, read};

const LIST: &str = include_str!("../../../tests/fixtures/import/llama-bench/two-tests.json");
const TABLE: &str = include_str!("../../../tests/fixtures/import/llama-bench/two-tests.csv");
const DEPTHS: &str = include_str!("../../../tests/fixtures/import/llama-bench/depths.jsonl");
const OLD: &str = include_str!("../../../tests/fixtures/import/llama-bench/old-build.json");

fn import(text: &str) -> Batch {
    let (format, batch) = read(Path::new("a"), text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(format.name, "llama-bench");
    batch
}

/// Task, key, canonical name, value, spread and n of every measurement of a run.
type Row<'a> = (
    &'a str,
    &'a str,
    &'a str,
    Option<f64>,
    Option<f64>,
    Option<i64>,
);

fn rows<'a>(batch: &'a Batch, run: &'a Run) -> Vec<Row<'a>> {
    let row = |m: &crate::catalog::Measurement| {
        let metric = &batch.metrics[m.metric as usize];
        let Detail { spread, n, .. } = m.detail.as_deref().cloned().unwrap_or_default();
        let task = metric.task_raw.as_deref().unwrap();
        (
            task,
            metric.name_raw.as_str(),
            metric.name.as_str(),
            m.value,
            spread,
            n,
        )
    };
    run.measurements.iter().map(row).collect()
}

#[test]
fn prefill_and_decode_are_two_runs_of_two_metrics() {
    let batch = import(LIST);
    let [prefill, decode] = batch.runs.as_slice() else {
        panic!("{} runs", batch.runs.len());
    };
    assert_eq!(
        rows(&batch, prefill),
        vec![
            (
                "pp512",
                "avg_ts",
                "prefill_throughput",
                Some(7100.5),
                Some(140.25),
                Some(2)
            ),
            (
                "pp512",
                "avg_ns",
                "test_time",
                Some(72_135_640.0),
                Some(1_453_752.0),
                Some(2)
            ),
        ]
    );
    assert_eq!(
        rows(&batch, decode).first().unwrap(),
        &(
            "tg128",
            "avg_ts",
            "decode_throughput",
            Some(118.875),
            Some(0.0),
            Some(1)
        )
    );
    let speed = batch.metrics.first().unwrap();
    assert_eq!(
        (speed.kind, speed.direction),
        (Some(Kind::Speed), Some(Direction::Higher))
    );
    assert_eq!(speed.spread_of.as_deref(), Some("repetitions"));
    assert_eq!(
        prefill.samples.first().unwrap().values,
        vec![7000.25, 7200.75]
    );
    assert_eq!(
        batch.metrics[prefill.samples[0].metric as usize].statistic,
        "each"
    );
}

#[test]
fn a_row_says_model_machine_and_work() {
    let batch = import(LIST);
    let run = batch.runs.first().unwrap();
    assert_eq!(run.model.as_deref(), Some("models/aurora-7b-Q4_K_M.gguf"));
    assert_eq!(run.quantization.as_deref(), Some("Q4_K_M"));
    assert_eq!(
        (run.model_bytes, run.model_params),
        (Some(4_677_120_000), Some(7_615_616_512))
    );
    assert_eq!(run.details["names"], json!(["aurora 7B Q4_K - Medium"]));
    let environment = &run.environment;
    assert_eq!(environment.hardware.as_deref(), Some("ACME X1"));
    assert_eq!(environment.devices, Some(2));
    assert_eq!(environment.engine_commit.as_deref(), Some("8c00ff27"));
    assert_eq!(environment.engine_version.as_deref(), Some("b5163"));
    let work = &run.workload;
    assert_eq!(
        (work.input_len, work.output_len, work.depth),
        (Some(512), Some(0), Some(0))
    );
    assert_eq!(work.arrival, Some(Arrival::Single));
    assert_eq!(run.started.as_ref().unwrap().precision, 1000);
}

#[test]
fn csv_says_the_same_as_json_but_for_the_repetitions() {
    let (list, table) = (import(LIST), import(TABLE));
    assert_eq!(list.runs.len(), table.runs.len());
    for (typed, text) in list.runs.iter().zip(&table.runs) {
        assert_eq!(typed.identity, text.identity);
        assert_eq!(typed.settings, text.settings);
        assert_eq!(typed.details, text.details);
        assert_eq!(typed.environment, text.environment);
        let without_n = |batch, run| {
            let rows: Vec<Row<'_>> = rows(batch, run);
            rows.iter()
                .map(|r| (r.0.to_owned(), r.1.to_owned(), r.3, r.4))
                .collect::<Vec<_>>()
        };
        assert_eq!(without_n(&list, typed), without_n(&table, text));
        assert!(text.samples.is_empty());
    }
}

#[test]
fn the_key_of_a_run_is_its_commit_time_model_test_and_result() {
    let batch = import(LIST);
    let parts = [
        "8c00ff27",
        "2025-04-24T11:58:50Z",
        "models/aurora-7b-Q4_K_M.gguf",
        "512",
        "0",
        "0",
        "2048",
        "512",
        "8",
        "99",
        "f16",
        "f16",
        "72135640",
    ];
    let key = parts.map(str::to_owned).to_vec();
    assert_eq!(batch.runs.first().unwrap().identity, Identity::Key(key));
}

#[test]
fn a_filled_cache_and_a_combined_test_are_tasks_of_their_own() {
    let batch = import(DEPTHS);
    let tasks: Vec<_> = batch.runs.iter().map(|run| rows(&batch, run)[0]).collect();
    assert_eq!(
        tasks.iter().map(|row| (row.0, row.2)).collect::<Vec<_>>(),
        vec![
            ("tg128@d4096", "decode_throughput"),
            ("pp512+tg128", "combined_throughput")
        ]
    );
    assert!(
        batch
            .metrics
            .iter()
            .all(|metric| metric.direction.is_some())
    );
    assert_eq!(batch.runs[0].quantization.as_deref(), Some("UD-IQ2_XXS"));
    assert_eq!(batch.runs[0].dtype, None);
    assert_eq!(batch.runs[1].dtype.as_deref(), Some("BF16"));
    assert_eq!(batch.notes.len(), 1);
    assert_eq!(batch.notes[0].place, "line 4");
    assert_eq!(batch.notes[0].reason, "neither prompt nor generated tokens");
}

#[test]
fn a_default_says_nothing_so_that_builds_can_be_compared() {
    let settings = &import(DEPTHS).runs[0].settings;
    assert_eq!(
        json!(settings),
        json!({
            "backends": "ROCm", "n_batch": 2048, "n_ubatch": 512, "n_threads": 16,
            "type_k": "q8_0", "type_v": "f16", "n_gpu_layers": 99, "split_mode": "layer",
            "flash_attn": true
        })
    );
}

#[test]
fn columns_of_other_builds_are_kept_as_details() {
    let batch = import(OLD);
    let run = batch.runs.first().unwrap();
    assert_eq!(run.details["cuda"], json!(true));
    assert_eq!(run.workload.depth, Some(0));
    assert_eq!(run.environment.hardware.as_deref(), Some("ACME 8-Core"));
    assert_eq!(run.quantization.as_deref(), Some("Q4_0"));
}

#[test]
fn a_table_cut_off_is_refused_with_its_line() {
    let cut = &TABLE[..TABLE.len() - 60];
    let error = read(Path::new("a.csv"), cut.as_bytes(), &Options::default()).unwrap_err();
    assert!(
        matches!(error, ImportError::Broken { line: 3, .. }),
        "{error}"
    );
}

const SQL: &str = include_str!("../../../tests/fixtures/import/llama-bench/two-tests.sql");
const MARKDOWN: &str = include_str!("../../../tests/fixtures/import/llama-bench/report.md");

#[test]
fn sql_says_the_same_as_csv() {
    let (sql, table) = (import(SQL), import(TABLE));
    assert_eq!(sql.runs.len(), 2);
    for (sql_run, table_run) in sql.runs.iter().zip(&table.runs) {
        assert_eq!(sql_run, table_run);
    }
    assert_eq!(sql.metrics, table.metrics);
}

#[test]
fn a_table_in_a_report_is_read_with_its_device_and_build() {
    let batch = import(MARKDOWN);
    let found: Vec<_> = batch.runs.iter().map(|run| rows(&batch, run)).collect();
    let row = |task, name, value, spread| vec![(task, "avg_ts", name, value, spread, None)];
    assert_eq!(
        found,
        vec![
            row("pp 512", "prefill_throughput", Some(2400.5), Some(90.25)),
            row("tg 128", "decode_throughput", Some(130.25), Some(0.5)),
            row("tg128 @ d4096", "decode_throughput", Some(75.5), None),
        ]
    );
    let run = &batch.runs[0];
    assert_eq!(batch.metrics[0].task.as_deref(), Some("pp512"));
    assert_eq!(run.model.as_deref(), Some("aurora 7B mostly Q4_0"));
    assert_eq!(run.quantization.as_deref(), Some("Q4_0"));
    // Rounded sizes are no sizes.
    assert_eq!((run.model_bytes, run.model_params), (None, None));
    assert_eq!(
        json!(run.details),
        json!({"size": "3.56 GiB", "params": "6.74 B"})
    );
    assert_eq!(
        json!(run.settings),
        json!({"backends": "CUDA", "n_gpu_layers": 99})
    );
    assert_eq!(run.identity, Identity::Content);
    let environment = &run.environment;
    assert_eq!(environment.engine_version.as_deref(), Some("b5163"));
    assert_eq!(environment.engine_commit.as_deref(), Some("8c00ff27"));
    assert_eq!(environment.hardware.as_deref(), Some("ACME X1"));
    assert_eq!(environment.devices, Some(2));
    let filled = &batch.runs[2];
    assert_eq!(filled.workload.depth, Some(4096));
    assert_eq!(filled.settings["flash_attn"], json!(true));
    assert_eq!(filled.environment.engine_commit, None);
    assert_eq!(batch.notes, vec![]);
}

#[test]
fn a_markdown_row_cut_off_is_refused_with_its_line() {
    let value = MARKDOWN.find("130.25").unwrap();
    // Inside the value, right before its cell, inside the first cell.
    for end in [value + 4, value - 4, value - 70] {
        let cut = &MARKDOWN[..end];
        let error = read(Path::new("a.md"), cut.as_bytes(), &Options::default());
        let line = cut.lines().count();
        assert!(
            matches!(error, Err(ImportError::Broken { line: at, .. }) if at == line),
            "{error:?}"
        );
    }
}

#[test]
fn a_table_of_another_tool_in_markdown_is_not_taken() {
    let text = "| model | score |\n| --- | --- |\n| aurora | 1.5 |\n";
    assert!(!(super::FORMAT.detect)(&Sniff::of(text.as_bytes())));
}
