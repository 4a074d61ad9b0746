//! The importer on small files that hold one trap each.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::catalog::{Arrival, Batch, Direction, Kind, Measurement, Metric, NoteKind};
use crate::import::{ImportError, Options, read};

const REPORT: &str =
    include_str!("../../../tests/fixtures/import/optimum-benchmark/benchmark_report.json");
const CONFIG: &str =
    include_str!("../../../tests/fixtures/import/optimum-benchmark/benchmark_config.json");
const BOTH: &str = include_str!("../../../tests/fixtures/import/optimum-benchmark/benchmark.json");

/// A folder with these files of a run.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn import(path: &Path) -> Result<Batch, ImportError> {
    let bytes = std::fs::read(path).unwrap();
    read(path, &bytes, &Options::default()).map(|(format, batch)| {
        assert_eq!(format.name, "optimum-benchmark");
        batch
    })
}

fn whole_run() -> Batch {
    let folder = folder(&[
        ("benchmark_report.json", REPORT),
        ("benchmark_config.json", CONFIG),
    ]);
    import(&folder.path().join("benchmark_report.json")).unwrap()
}

fn measured<'a>(batch: &'a Batch, phase: &str, key: &str) -> (&'a Metric, &'a Measurement) {
    let found = batch.runs[0].measurements.iter().map(|m| {
        let metric = &batch.metrics[m.metric as usize];
        (metric, m)
    });
    let is_it = |(metric, _): &(&Metric, &Measurement)| {
        metric.task_raw.as_deref() == Some(phase) && metric.name_raw == key
    };
    found.into_iter().find(is_it).unwrap()
}

#[test]
fn a_folder_of_three_files_counts_once() {
    let folder = folder(&[
        ("benchmark_report.json", REPORT),
        ("benchmark_config.json", CONFIG),
        ("benchmark.json", BOTH),
    ]);
    let path = |name: &str| -> PathBuf { folder.path().join(name) };
    assert_eq!(
        import(&path("benchmark_report.json")).unwrap().runs.len(),
        1
    );
    for name in ["benchmark_config.json", "benchmark.json"] {
        let error = import(&path(name)).unwrap_err();
        assert!(matches!(error, ImportError::SideFile { .. }), "{error}");
    }
}

#[test]
fn the_configuration_says_model_machine_and_lengths() {
    let batch = whole_run();
    let run = &batch.runs[0];
    assert_eq!(run.label.as_deref(), Some("aurora_int4"));
    assert_eq!(run.model.as_deref(), Some("acme/aurora-7b"));
    assert_eq!(run.revision.as_deref(), Some("step1000"));
    assert_eq!(run.quantization.as_deref(), Some("torchao_int4wo"));
    assert_eq!(run.dtype.as_deref(), Some("float16"));
    let work = &run.workload;
    assert_eq!(
        (work.input_len, work.output_len, work.batch, work.arrival),
        (Some(64), Some(32), Some(2), Some(Arrival::Batch))
    );
    let environment = &run.environment;
    assert_eq!(environment.engine.as_deref(), Some("pytorch"));
    assert_eq!(environment.engine_version.as_deref(), Some("2.4.1"));
    assert_eq!(environment.tool_version.as_deref(), Some("0.5.0"));
    assert_eq!(environment.cpu.as_deref(), Some("ACME 64-Core Processor"));
    assert_eq!(
        json!(run.settings),
        json!({
            "task": "text-generation", "attn_implementation": "sdpa",
            "quantization_config": {"quant_type": "int4_weight_only", "group_size": 128},
            "generate_kwargs": {"num_beams": 1}
        })
    );
    assert_eq!(run.details["iterations"], json!(2));
    assert!(!format!("{run:?}").contains("SECRET"));
    assert_eq!(batch.parts.len(), 1);
    assert_eq!(batch.notes, vec![]);
}

#[test]
fn cards_that_only_stood_in_the_machine_did_not_do_the_work() {
    let environment = &whole_run().runs[0].environment;
    assert_eq!(environment.hardware.as_deref(), Some("ACME X1"));
    assert_eq!(environment.devices, Some(2));
}

#[test]
fn the_deviation_in_percent_is_no_time_and_no_spread() {
    let batch = whole_run();
    let (mean, value) = measured(&batch, "prefill", "latency.mean");
    let detail = value.detail.clone().unwrap();
    assert_eq!(
        (value.value, detail.spread, detail.n),
        (Some(0.039_062_5), Some(0.007_812_5), Some(2))
    );
    assert_eq!(mean.spread_of.as_deref(), Some("repetitions"));
    let (percent, value) = measured(&batch, "prefill", "latency.stdev_");
    assert_eq!(
        (
            percent.unit.as_deref(),
            percent.statistic.as_str(),
            percent.direction
        ),
        (Some("%"), "cv", None)
    );
    assert_eq!(value.value, Some(20.0));
    assert_eq!(
        measured(&batch, "prefill", "latency.stdev").0.direction,
        None
    );
}

#[test]
fn samples_a_second_are_no_tokens_a_second() {
    let batch = whole_run();
    let name = |phase| {
        let (metric, value) = measured(&batch, phase, "throughput.value");
        (
            metric.name.as_str(),
            metric.unit.as_deref(),
            metric.direction,
            value.value,
        )
    };
    let higher = Some(Direction::Higher);
    assert_eq!(
        name("prefill"),
        ("sample_throughput", Some("samples/s"), higher, Some(25.6))
    );
    assert_eq!(
        name("decode"),
        ("decode_throughput", Some("tokens/s"), higher, Some(43.25))
    );
}

#[test]
fn memory_and_energy_know_their_direction() {
    let batch = whole_run();
    let of = |phase, key| {
        let metric = measured(&batch, phase, key).0;
        (metric.name.as_str(), metric.kind, metric.direction)
    };
    let lower = Some(Direction::Lower);
    assert_eq!(
        of("load_model", "memory.max_ram"),
        ("memory_ram", Some(Kind::Memory), lower)
    );
    assert_eq!(
        of("prefill", "energy.total"),
        ("energy", Some(Kind::Energy), lower)
    );
    assert_eq!(of("prefill", "efficiency.value").2, Some(Direction::Higher));
}

#[test]
fn the_times_of_the_iterations_are_kept() {
    let batch = whole_run();
    let vectors: Vec<_> = batch.runs[0]
        .samples
        .iter()
        .map(|s| {
            let metric = &batch.metrics[s.metric as usize];
            (metric.task_raw.as_deref().unwrap(), s.values.clone())
        })
        .collect();
    assert_eq!(
        vectors,
        vec![
            ("load_model", vec![12.5]),
            ("prefill", vec![0.031_25, 0.046_875])
        ]
    );
}

#[test]
fn the_joint_file_alone_is_the_run() {
    let folder = folder(&[("benchmark.json", BOTH)]);
    let batch = import(&folder.path().join("benchmark.json")).unwrap();
    let run = &batch.runs[0];
    assert_eq!(run.label.as_deref(), Some("aurora_cpu"));
    // On the processor the cards of the machine did nothing.
    assert_eq!(
        run.environment.hardware.as_deref(),
        Some("ACME 64-Core Processor")
    );
    assert_eq!(run.environment.devices, None);
    let (_, mean) = measured(&batch, "forward", "latency.mean");
    assert_eq!((mean.value, mean.why_missing()), (None, Some("nan")));
    assert_eq!(
        measured(&batch, "forward", "latency.p50").1.value,
        Some(0.25)
    );
}

#[test]
fn a_report_without_its_own_configuration_asks_the_joint_file() {
    let folder = folder(&[("benchmark_report.json", REPORT), ("benchmark.json", BOTH)]);
    let batch = import(&folder.path().join("benchmark_report.json")).unwrap();
    assert_eq!(batch.runs[0].label.as_deref(), Some("aurora_cpu"));
}

#[test]
fn a_report_alone_names_no_model() {
    let folder = folder(&[("benchmark_report.json", REPORT)]);
    let batch = import(&folder.path().join("benchmark_report.json")).unwrap();
    assert_eq!(batch.runs[0].model, None);
    assert_eq!(batch.notes[0].kind, NoteKind::Warning);
}

#[test]
fn a_report_of_another_name_takes_no_configuration_from_its_folder() {
    let folder = folder(&[("other.json", REPORT), ("benchmark_config.json", CONFIG)]);
    let batch = import(&folder.path().join("other.json")).unwrap();
    assert_eq!(batch.runs[0].model, None);
}

#[test]
fn a_broken_configuration_is_named() {
    let cut = &CONFIG[..CONFIG.len() - 40];
    let folder = folder(&[
        ("benchmark_report.json", REPORT),
        ("benchmark_config.json", cut),
    ]);
    let error = import(&folder.path().join("benchmark_report.json")).unwrap_err();
    let ImportError::Broken { path, .. } = &error else {
        panic!("{error}");
    };
    assert!(path.ends_with("benchmark_config.json"));
}
