//! The importer on small files that hold one trap each.

use std::path::Path;

use serde_json::json;

use crate::catalog::{Batch, Direction, Metric, NoteKind, Origin, Status};
use crate::import::{ImportError, Options, read};

const OLD: &str = include_str!("../../../tests/fixtures/import/lighteval/averages.json");
const NEW: &str = include_str!("../../../tests/fixtures/import/lighteval/model-config.json");

fn import_as(name: &str, text: &str) -> Batch {
    let (format, batch) = read(Path::new(name), text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(format.name, "lighteval");
    batch
}

fn import(text: &str) -> Batch {
    import_as("results.json", text)
}

fn metric<'a>(batch: &'a Batch, task: &str, name: &str) -> &'a Metric {
    let is_it = |m: &&Metric| m.task_raw.as_deref() == Some(task) && m.name_raw == name;
    batch.metrics.iter().find(is_it).unwrap()
}

#[test]
fn scores_stand_beside_their_standard_errors() {
    let batch = import(OLD);
    let rows: Vec<_> = batch.runs[0]
        .measurements
        .iter()
        .map(|m| {
            let metric = &batch.metrics[m.metric as usize];
            let detail = m.detail.as_deref().cloned().unwrap_or_default();
            (
                metric.task_raw.as_deref().unwrap(),
                metric.name_raw.as_str(),
                m.value,
                detail.stderr,
                detail.n,
            )
        })
        .collect();
    assert_eq!(
        rows,
        vec![
            (
                "leaderboard|mmlu:anatomy|5",
                "acc",
                Some(0.5),
                Some(0.0625),
                Some(135)
            ),
            (
                "leaderboard|mmlu:virology|5",
                "acc",
                Some(0.25),
                Some(0.03125),
                Some(166)
            ),
            (
                "leaderboard|truthfulqa:mc|0",
                "truthfulqa_mc1",
                Some(0.375),
                Some(0.0125),
                Some(817)
            ),
            ("leaderboard|wikitext|0", "ppl", Some(9.5), None, None),
            ("leaderboard|wikitext|0", "bleu", None, None, None),
            (
                "leaderboard|mmlu:_average|5",
                "acc",
                Some(0.375),
                Some(0.046875),
                None
            ),
            ("all", "acc", Some(0.375), Some(0.046875), None),
            ("all", "truthfulqa_mc1", Some(0.375), Some(0.0125), None),
        ]
    );
    assert_eq!(batch.runs[0].measurements[4].why_missing(), Some("nan"));
}

#[test]
fn averages_are_kept_apart_with_what_they_cover() {
    let batch = import(OLD);
    let aggregates: Vec<_> = batch
        .metrics
        .iter()
        .filter(|metric| metric.is_aggregate)
        .map(|metric| (metric.task.as_deref().unwrap(), metric.shots))
        .collect();
    assert_eq!(
        aggregates,
        [("mmlu", Some(5)), ("all", None), ("all", None)]
    );
    let pair = |group: &str, member: &str| (group.to_owned(), member.to_owned());
    assert_eq!(
        batch.groups,
        vec![
            pair("mmlu", "mmlu_anatomy"),
            pair("all", "mmlu_anatomy"),
            pair("mmlu", "mmlu_virology"),
            pair("all", "mmlu_virology"),
            pair("all", "truthfulqa_mc"),
            pair("all", "wikitext"),
        ]
    );
}

#[test]
fn a_metric_knows_unit_direction_shots_and_version() {
    let batch = import(OLD);
    let anatomy = metric(&batch, "leaderboard|mmlu:anatomy|5", "acc");
    assert_eq!(anatomy.task.as_deref(), Some("mmlu_anatomy"));
    assert_eq!(anatomy.unit.as_deref(), Some("fraction"));
    assert_eq!(
        (anatomy.shots, anatomy.task_version.as_deref()),
        (Some(5), Some("0"))
    );
    let higher = Some(Direction::Higher);
    assert_eq!(anatomy.direction, higher);
    let mc1 = metric(&batch, "leaderboard|truthfulqa:mc|0", "truthfulqa_mc1");
    assert_eq!(
        (mc1.unit.as_deref(), mc1.direction),
        (Some("fraction"), higher)
    );
    assert_eq!(metric(&batch, "all", "truthfulqa_mc1").direction, higher);
    let ppl = metric(&batch, "leaderboard|wikitext|0", "ppl");
    assert_eq!(
        (ppl.unit.as_deref(), ppl.direction),
        (None, Some(Direction::Lower))
    );
}

#[test]
fn the_end_of_the_run_and_its_label_stand_in_the_files_name() {
    let run = |name: &str| import_as(name, OLD).runs.remove(0);
    let time = "2025-03-11T00:56:47.077601";
    let plain = run("a/results_2025-03-11T00-56-47.077601.json");
    assert_eq!(plain.finished, super::super::time::parse(time));
    assert_eq!((plain.started, plain.time_from), (None, Origin::Path));
    assert_eq!((plain.label, plain.quantization), (None, None));
    let labelled = run("results_2025-03-11T00-56-47.077601_torchao_int4wo.json");
    assert_eq!(labelled.finished, super::super::time::parse(time));
    assert_eq!(labelled.label.as_deref(), Some("torchao_int4wo"));
    assert_eq!(labelled.quantization.as_deref(), Some("torchao_int4wo"));
    let again = run("results_2025-03-11T00-56-47.077601_again.json");
    assert_eq!(
        (again.label.as_deref(), again.quantization),
        (Some("again"), None)
    );
    for name in [
        "results.json",
        "results_.json",
        "results_Tx_int4.json",
        "T_results_T.json",
        "",
    ] {
        let run = run(name);
        assert_eq!(
            (run.finished, run.label, run.time_from),
            (None, None, Origin::File),
            "{name}"
        );
    }
}

#[test]
fn a_quantisation_out_of_the_name_is_a_guess() {
    let batch = import_as("results_2025-03-11T00-56-47.0_bnb_8bit.json", OLD);
    let guesses: Vec<_> = batch
        .notes
        .iter()
        .filter(|note| note.kind == NoteKind::Guess)
        .map(|note| note.reason.as_str())
        .collect();
    assert_eq!(guesses, ["`bnb_8bit` is taken for the quantisation"]);
}

#[test]
fn the_monotonic_clock_is_no_time_and_the_run_says_its_model() {
    let batch = import(OLD);
    let run = &batch.runs[0];
    assert_eq!(run.model.as_deref(), Some("acme/aurora-7b"));
    assert_eq!(run.model_sha.as_deref(), Some("0a1b2c3d"));
    assert_eq!(run.dtype.as_deref(), Some("bfloat16"));
    assert_eq!((&run.started, &run.finished), (&None, &None));
    assert_eq!(run.status, Status::Complete);
    assert_eq!(run.environment.tool_commit, None);
    assert!(run.settings.is_empty());
    assert_eq!(
        json!(run.details),
        json!({
            "model_size": "14.96 GB",
            "override_batch_size": -1,
            "total_evaluation_time_seconds": 6643.25
        })
    );
}

#[test]
fn files_of_2025_hold_a_model_configuration_and_shorter_keys() {
    let batch = import(NEW);
    let run = &batch.runs[0];
    assert_eq!(run.model.as_deref(), Some("acme/aurora-7b-instruct"));
    assert_eq!(run.revision.as_deref(), Some("main"));
    assert_eq!(run.dtype.as_deref(), Some("float16"));
    assert_eq!(run.workload.tp, Some(2));
    assert_eq!(run.status, Status::Partial("max_samples 50".into()));
    assert_eq!(
        json!(run.settings),
        json!({
            "max_samples": 50,
            "generation_parameters": {"temperature": 0.6, "max_new_tokens": 2048},
            "system_prompt": true
        })
    );
    let gsm8k = metric(&batch, "gsm8k|5", "extractive_match");
    assert_eq!(
        (gsm8k.task.as_deref(), gsm8k.shots),
        (Some("gsm8k"), Some(5))
    );
    assert_eq!(gsm8k.unit.as_deref(), Some("fraction"));
    assert_eq!(gsm8k.direction, Some(Direction::Higher));
    let pass = metric(&batch, "lcb:codegeneration|0", "codegen_pass@1:16");
    assert_eq!(pass.task.as_deref(), Some("lcb_codegeneration"));
    assert_eq!(pass.unit.as_deref(), Some("fraction"));
    let detail = run.measurements[0].detail.as_ref().unwrap();
    assert_eq!(detail.n, Some(50));
    let shown = format!("{batch:?}");
    assert!(!shown.contains("SECRET"), "{shown}");
}

#[test]
fn what_is_no_score_is_noted() {
    let batch = import(NEW);
    let notes: Vec<_> = batch
        .notes
        .iter()
        .map(|note| (note.kind, note.place.as_str(), note.reason.as_str()))
        .collect();
    assert_eq!(
        notes,
        vec![
            (
                NoteKind::Warning,
                "results.gsm8k|5.extractive_match",
                "its standard error is no number: nan"
            ),
            (
                NoteKind::Rejected,
                "results.gsm8k|5.gone_stderr",
                "a standard error without its metric"
            ),
            (
                NoteKind::Rejected,
                "results.gsm8k|5.comment",
                "not a score, unreadable: \"hand made\""
            ),
        ]
    );
}

#[test]
fn a_file_cut_off_is_refused_with_its_place() {
    for end in [40, 700, OLD.len() - 300] {
        let cut = OLD.get(..end).unwrap();
        let error = read(Path::new("a.json"), cut.as_bytes(), &Options::default()).unwrap_err();
        let line = cut.lines().count();
        assert!(
            matches!(error, ImportError::Broken { line: found, .. } if found == line),
            "{error}"
        );
    }
}

#[test]
fn a_file_without_any_score_is_refused() {
    let text = r#"{"config_general": {"model_name": "a"}, "results": {"all": {}}}"#;
    let error = read(Path::new("a.json"), text.as_bytes(), &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), "`a.json`, `results`: holds no score");
}
