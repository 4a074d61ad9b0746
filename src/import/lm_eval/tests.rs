//! The importer on small files that hold one trap each.

use std::path::Path;

use serde_json::json;

use super::super::{Options, read};
use crate::catalog::{Batch, Direction, Kind, Metric, Note, NoteKind, Status};
use crate::import::ImportError;

const NEW: &str = include_str!("../../../tests/fixtures/import/lm-eval/groups-and-filters.json");
const OLD: &str = include_str!("../../../tests/fixtures/import/lm-eval/old-keys.json");
const BARE: &str = include_str!("../../../tests/fixtures/import/lm-eval/results-only.json");
const ODD: &str = include_str!("../../../tests/fixtures/import/lm-eval/not-a-number.json");
const LOG: &str = include_str!("../../../tests/fixtures/import/lm-eval/samples.jsonl");

fn import(text: &str) -> Batch {
    let path = Path::new("results.json");
    let (format, batch) = read(path, text.as_bytes(), &Options::default()).unwrap();
    assert_eq!(format.name, "lm-eval");
    batch
}

fn metric<'a>(batch: &'a Batch, task: &str, name: &str, filter: &str) -> &'a Metric {
    let is_it = |m: &&Metric| {
        m.task_raw.as_deref() == Some(task) && m.name_raw == name && m.qualifier == filter
    };
    batch.metrics.iter().find(is_it).unwrap()
}

/// Task, name, filter, value, stderr, n of every measurement.
type Row<'a> = (
    &'a str,
    &'a str,
    &'a str,
    Option<f64>,
    Option<f64>,
    Option<i64>,
);

fn rows(batch: &Batch) -> Vec<Row<'_>> {
    let run = batch.runs.first().unwrap();
    let row = |m: &crate::catalog::Measurement| {
        let metric = &batch.metrics[m.metric as usize];
        let detail = m.detail.clone().unwrap_or_default();
        (metric, m.value, detail.stderr, detail.n)
    };
    run.measurements
        .iter()
        .map(row)
        .map(|(m, value, stderr, n)| {
            let task = m.task_raw.as_deref().unwrap();
            (
                task,
                m.name_raw.as_str(),
                m.qualifier.as_str(),
                value,
                stderr,
                n,
            )
        })
        .collect()
}

#[test]
fn filters_and_groups_are_read_once() {
    let batch = import(NEW);
    assert_eq!(
        rows(&batch),
        vec![
            ("mmlu", "acc", "none", Some(0.625), Some(0.0125), None),
            ("mmlu_stem", "acc", "none", Some(0.5), Some(0.025), None),
            (
                "mmlu_anatomy",
                "acc",
                "none",
                Some(0.5),
                Some(0.025),
                Some(135)
            ),
            (
                "gsm8k",
                "exact_match",
                "strict-match",
                Some(0.25),
                Some(0.0119),
                Some(1319)
            ),
            (
                "gsm8k",
                "exact_match",
                "flexible-extract",
                Some(0.375),
                Some(0.0133),
                Some(1319)
            ),
        ]
    );
    let pair = |group: &str, member: &str| (group.to_owned(), member.to_owned());
    assert_eq!(
        batch.groups,
        vec![pair("mmlu", "mmlu_stem"), pair("mmlu_stem", "mmlu_anatomy")]
    );
    assert_eq!(batch.notes, vec![]);
}

#[test]
fn a_group_has_no_shots_when_its_members_say_otherwise() {
    let batch = import(NEW);
    let shots = |task| {
        let metric = metric(&batch, task, "acc", "none");
        (metric.is_aggregate, metric.shots)
    };
    assert_eq!(shots("mmlu"), (true, None));
    assert_eq!(shots("mmlu_stem"), (true, Some(5)));
    assert_eq!(shots("mmlu_anatomy"), (false, Some(5)));
}

#[test]
fn a_metric_knows_unit_direction_and_version() {
    let batch = import(NEW);
    let metric = metric(&batch, "gsm8k", "exact_match", "strict-match");
    assert_eq!(metric.unit.as_deref(), Some("fraction"));
    assert_eq!(metric.direction, Some(Direction::Higher));
    assert_eq!(metric.kind, Some(Kind::Quality));
    assert_eq!(metric.task_version.as_deref(), Some("3.0"));
}

#[test]
fn the_run_says_model_machine_and_settings() {
    let batch = import(NEW);
    let run = batch.runs.first().unwrap();
    assert_eq!(run.model.as_deref(), Some("acme/aurora-7b"));
    assert_eq!(run.dtype.as_deref(), Some("bfloat16"));
    assert_eq!(run.quantization.as_deref(), Some("awq"));
    assert_eq!(run.status, Status::Partial("limit 200".into()));
    assert_eq!(run.started.as_ref().unwrap().millis, 1_767_225_600_500);
    assert_eq!(run.workload.tp, Some(2));
    let environment = &run.environment;
    assert_eq!(environment.engine.as_deref(), Some("vllm"));
    assert_eq!(environment.hardware.as_deref(), Some("ACME X1 80GB"));
    assert_eq!(environment.devices, Some(2));
    assert_eq!(environment.cpu.as_deref(), Some("ACME 32-Core Processor"));
    assert_eq!(environment.tool_version.as_deref(), Some("0.4.11"));
    assert_eq!(environment.tool_commit.as_deref(), Some("0a1b2c3d"));
    assert_eq!(
        json!(run.settings),
        json!({
            "limit": 200,
            "gen_kwargs": {"temperature": 0.6, "do_sample": true},
            "fewshot_as_multiturn": true,
            "chat_template": "c0ffee",
            "enable_thinking": false
        })
    );
    assert_eq!(run.details["total_evaluation_time_seconds"], json!(1051.25));
}

#[test]
fn no_prompt_reaches_the_batch() {
    let shown = format!("{:?}", import(NEW));
    assert!(!shown.contains("SECRET"), "{shown}");
}

#[test]
fn old_files_take_shots_and_revision_from_the_command_line() {
    let batch = import(OLD);
    let run = batch.runs.first().unwrap();
    assert_eq!(run.model.as_deref(), Some("acme/aurora-1b"));
    assert_eq!(run.revision.as_deref(), Some("step1000"));
    let subject = metric(&batch, "hendrycksTest-anatomy", "acc_norm", "");
    assert_eq!(subject.task.as_deref(), Some("mmlu_anatomy"));
    assert_eq!(subject.shots, Some(5));
    assert_eq!(
        rows(&batch).first().unwrap(),
        &(
            "hendrycksTest-anatomy",
            "acc",
            "",
            Some(0.25),
            Some(0.037),
            None
        )
    );
    let squad = metric(&batch, "squad2", "f1", "");
    assert_eq!(squad.unit.as_deref(), Some("percent"));
    let ppl = metric(&batch, "lambada_openai", "ppl", "");
    assert_eq!(
        (ppl.unit.as_deref(), ppl.direction),
        (Some("perplexity"), Some(Direction::Lower))
    );
}

#[test]
fn the_oldest_files_name_no_model() {
    let batch = import(BARE);
    assert_eq!(batch.runs.first().unwrap().model, None);
    assert_eq!(rows(&batch).len(), 2);
    let other = read(
        Path::new("a.json"),
        b"{\"results\": [1]}",
        &Options::default(),
    );
    assert!(matches!(other, Err(ImportError::Unrecognised { .. })));
}

#[test]
fn what_is_no_number_is_missing_with_its_reason() {
    let batch = import(ODD);
    let run = batch.runs.first().unwrap();
    let why: Vec<_> = run.measurements.iter().map(|m| m.why_missing()).collect();
    assert_eq!(why, vec![Some("inf"), Some("nan"), None, None]);
    let note = |kind, place: &str, reason: &str| Note {
        kind,
        place: place.to_owned(),
        reason: reason.to_owned(),
    };
    assert_eq!(
        batch.notes,
        vec![
            note(
                NoteKind::Rejected,
                "results.toy.comment,none",
                "not a score, unreadable: \"hand made\""
            ),
            note(
                NoteKind::Rejected,
                "results.toy.gone_stderr,none",
                "a standard error without its metric"
            ),
            note(
                NoteKind::Warning,
                "results.toy.acc",
                "42.5 is no fraction, so the unit is not known"
            ),
            note(
                NoteKind::Warning,
                "results.toy.mae,none",
                "2 of the standard errors are no numbers, the first is `nan`"
            ),
        ]
    );
}

#[test]
fn a_log_of_questions_is_a_side_file() {
    let error = read(Path::new("s.jsonl"), LOG.as_bytes(), &Options::default()).unwrap_err();
    assert!(matches!(error, ImportError::SideFile { .. }));
    assert_eq!(
        error.to_string(),
        "`s.jsonl` belongs to the lm-evaluation-harness run beside it; there is nothing to import in it"
    );
}

#[test]
fn a_file_cut_off_is_refused_with_its_place_and_not_taken_for_something_else() {
    for end in [120, 900, NEW.len() - 300] {
        let cut = NEW.get(..end).unwrap();
        let error = read(Path::new("a.json"), cut.as_bytes(), &Options::default()).unwrap_err();
        let line = cut.lines().count();
        assert!(
            matches!(error, ImportError::Broken { line: found, .. } if found == line),
            "{error}"
        );
    }
}

#[test]
fn one_metric_and_filter_count_once() {
    let text =
        r#"{"results": {"toy": {"acc": 0.5, "acc,": 0.25}}, "versions": {}, "date": "soon"}"#;
    let batch = import(text);
    assert_eq!(
        rows(&batch),
        vec![("toy", "acc", "", Some(0.5), None, None)]
    );
    let reasons: Vec<_> = batch
        .notes
        .iter()
        .filter(|note| note.place != "file")
        .map(|note| note.reason.as_str())
        .collect();
    assert_eq!(
        reasons,
        vec![
            "`soon` is not a time",
            "the same metric and filter stand before"
        ]
    );
}

#[test]
fn a_file_without_any_score_is_refused() {
    let texts = r#"{"results": {"toy": {"comment": "none yet"}}, "versions": {"toy": 0}}"#;
    for text in [texts, r#"{"results": {}, "versions": {}}"#] {
        let error = read(Path::new("a.json"), text.as_bytes(), &Options::default()).unwrap_err();
        assert_eq!(error.to_string(), "`a.json`, `results`: holds no score");
    }
}
