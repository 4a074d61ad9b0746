//! The importer on small logs that hold one trap each.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::catalog::{Batch, Direction, Identity, Metric, NoteKind, Samples, Status};
use crate::import::{Options, load, read};

const CANCELLED: &str = include_str!("../../../tests/fixtures/import/inspect/cancelled.json");
const ONE_SCORER: &str = include_str!("../../../tests/fixtures/import/inspect/one-scorer.json");
const HEADER: &str = include_str!("../../../tests/fixtures/import/inspect/header.json");
const REDUCTIONS: &str = include_str!("../../../tests/fixtures/import/inspect/reductions.json");

fn packed() -> PathBuf {
    Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/import/inspect/sums.eval"
    ))
    .to_owned()
}

fn import_bytes(bytes: &[u8]) -> Batch {
    let (format, batch) = read(Path::new("a.log"), bytes, &Options::default()).unwrap();
    assert_eq!(format.name, "inspect");
    batch
}

fn import(text: &str) -> Batch {
    import_bytes(text.as_bytes())
}

fn import_packed() -> Batch {
    import_bytes(&load(&packed()).unwrap())
}

fn metric<'a>(batch: &'a Batch, name: &str, qualifier: &str) -> &'a Metric {
    let is_it = |m: &&Metric| m.name_raw == name && m.qualifier == qualifier;
    batch.metrics.iter().find(is_it).unwrap()
}

/// Name, qualifier, value, standard error, spread and n of every measurement.
type Row<'a> = (
    &'a str,
    &'a str,
    Option<f64>,
    Option<f64>,
    Option<f64>,
    Option<i64>,
);

fn rows(batch: &Batch) -> Vec<Row<'_>> {
    let row = |m: &crate::catalog::Measurement| {
        let metric = &batch.metrics[m.metric as usize];
        let detail = m.detail.as_deref().cloned().unwrap_or_default();
        (
            metric.name_raw.as_str(),
            metric.qualifier.as_str(),
            m.value,
            detail.stderr,
            detail.spread,
            detail.n,
        )
    };
    batch.runs[0].measurements.iter().map(row).collect()
}

/// Qualifier, canonical name, unit and values of every vector.
fn vectors(batch: &Batch) -> Vec<(&str, &str, Option<&str>, String)> {
    let vector = |samples: &Samples| {
        let metric = &batch.metrics[samples.metric as usize];
        assert_eq!(
            (metric.name_raw.as_str(), metric.statistic.as_str()),
            ("value", "each")
        );
        (
            metric.qualifier.as_str(),
            metric.name.as_str(),
            metric.unit.as_deref(),
            format!("{:?}", samples.values),
        )
    };
    batch.runs[0].samples.iter().map(vector).collect()
}

#[test]
fn the_standard_error_belongs_to_the_mean_beside_it() {
    let batch = import_packed();
    assert_eq!(
        rows(&batch),
        vec![
            (
                "total_tokens",
                "acme/aurora-70b",
                Some(100.0),
                None,
                None,
                None
            ),
            (
                "total_tokens",
                "acme/azure/aurora-7b",
                Some(198.0),
                None,
                None,
                None
            ),
            (
                "accuracy",
                "match,mean",
                Some(0.625),
                Some(0.0),
                Some(0.478),
                Some(4)
            ),
            (
                "mean",
                "judge,style,mean",
                Some(7.5),
                Some(0.25),
                None,
                Some(3)
            ),
            ("f1", "f1,mean", Some(0.5), None, None, Some(4)),
            ("stderr", "f1,mean", None, None, None, Some(4)),
        ]
    );
    let notes: Vec<_> = batch
        .notes
        .iter()
        .map(|note| (note.kind, note.place.as_str()))
        .collect();
    assert_eq!(
        notes,
        [(NoteKind::Rejected, "results.scores.judge,style,mean.odd")]
    );
}

#[test]
fn a_metric_knows_what_its_scorer_does_not_say() {
    let batch = import_packed();
    let accuracy = metric(&batch, "accuracy", "match,mean");
    assert_eq!(
        (accuracy.task_raw.as_deref(), accuracy.name.as_str()),
        (Some("acme/sums"), "acc")
    );
    assert_eq!(accuracy.task_version.as_deref(), Some("2"));
    assert_eq!(accuracy.unit.as_deref(), Some("fraction"));
    assert_eq!(accuracy.direction, Some(Direction::Higher));
    assert_eq!(accuracy.spread_of.as_deref(), Some("samples"));
    let mean = metric(&batch, "mean", "judge,style,mean");
    assert_eq!(
        (mean.name.as_str(), mean.statistic.as_str()),
        ("score", "mean")
    );
    assert_eq!((mean.unit.as_deref(), mean.direction), (None, None));
    let error = metric(&batch, "stderr", "f1,mean");
    assert_eq!(
        (error.statistic.as_str(), error.direction),
        ("stderr", None)
    );
    let tokens = metric(&batch, "total_tokens", "acme/aurora-70b");
    assert_eq!(
        (tokens.task_raw.as_deref(), tokens.unit.as_deref()),
        (None, Some("tokens"))
    );
}

#[test]
fn the_run_says_model_solvers_and_sampling() {
    let batch = import_packed();
    let run = &batch.runs[0];
    assert_eq!(run.model.as_deref(), Some("acme/azure/aurora-7b"));
    assert_eq!(run.revision.as_deref(), Some("v2"));
    assert_eq!(run.dtype.as_deref(), Some("bfloat16"));
    assert_eq!(run.quantization.as_deref(), Some("awq"));
    assert_eq!(run.workload.tp, Some(2));
    assert_eq!(run.workload.dataset.as_deref(), Some("sums"));
    assert_eq!(run.status, Status::Complete);
    assert_eq!(run.environment.tool_version.as_deref(), Some("0.3.95"));
    assert_eq!(
        run.identity,
        Identity::Key(vec!["run1".into(), "task1".into()])
    );
    let time = crate::import::time::parse;
    assert_eq!(run.started, time("2025-05-12T20:28:26-04:00"));
    assert_eq!(run.finished, time("2025-05-12T20:28:36-04:00"));
    let mut settings = run.settings.clone();
    let digest = settings.shift_remove("solver_params").unwrap();
    assert_eq!(digest.as_str().unwrap().len(), 16);
    assert_eq!(
        json!(settings),
        json!({
            "epochs": 2,
            "epochs_reducer": ["mean"],
            "temperature": 0.0,
            "top_p": 0.9,
            "task_args": {"digits": 2, "level": "hard"},
            "model_roles": {"grader": "acme/aurora-70b"},
            "solvers": ["system_message", "generate"]
        })
    );
    assert_eq!(run.details["dataset_samples"], json!(4));
    assert_eq!(run.details["commit"], json!("0a1b2c3"));
}

#[test]
fn another_system_message_is_another_configuration() {
    let digest = |text: &str| import(text).runs[0].settings["solver_params"].clone();
    let other = HEADER.replace("SECRET system", "SECRET order");
    assert_ne!(digest(HEADER), digest(&other));
}

#[test]
fn neither_texts_nor_paths_nor_keys_are_kept() {
    for batch in [import_packed(), import(CANCELLED)] {
        let shown = format!("{batch:?}");
        assert!(
            !shown.contains("SECRET") && !shown.contains("/home"),
            "{shown}"
        );
    }
}

#[test]
fn every_sample_has_its_score_and_a_key() {
    let batch = import_packed();
    let vector = |qualifier, name, unit, values: &str| (qualifier, name, unit, values.to_owned());
    assert_eq!(
        vectors(&batch),
        vec![
            vector(
                "match,mean",
                "acc",
                Some("fraction"),
                "[1.0, 0.5, 0.0, 1.0]"
            ),
            vector("judge,style,mean", "score", None, "[7.0, 8.0, NaN]"),
            vector("judge,length,mean", "score", None, "[0.0, NaN, 1.0]"),
        ]
    );
    let keys = |i: usize| batch.runs[0].samples[i].items.clone().unwrap();
    assert_eq!(keys(0)[..3], keys(1)[..]);
    // printf 'sums\n1' | sha256sum
    assert_eq!(keys(0)[0], [0x96, 0x09, 0x70, 0x3d, 0xa6, 0xd1, 0x26, 0x89]);
}

#[test]
fn a_log_without_reductions_gives_the_scores_of_its_samples() {
    let batch = import(CANCELLED);
    let vector = |qualifier, name, unit, values: &str| (qualifier, name, unit, values.to_owned());
    assert_eq!(
        vectors(&batch),
        vec![
            vector("match", "acc", Some("fraction"), "[1.0, 0.0]"),
            vector("length", "score", None, "[17.0]"),
        ]
    );
    let twice = CANCELLED.replace("\"id\": \"b\", \"epoch\": 1", "\"id\": \"a\", \"epoch\": 2");
    assert_eq!(import(&twice).runs[0].samples, vec![]);
}

#[test]
fn a_stopped_run_keeps_the_scores_it_has() {
    let batch = import(CANCELLED);
    let run = &batch.runs[0];
    assert_eq!(
        run.status,
        Status::Partial("the log says `cancelled`".into())
    );
    assert_eq!(
        rows(&batch),
        [("accuracy", "match", Some(0.5), None, None, Some(2))]
    );
    assert_eq!(
        run.identity,
        Identity::Key(vec!["run2".into(), "eval2".into()])
    );
    assert_eq!(
        run.started,
        crate::import::time::parse("2025-05-12T20:28:13+00:00")
    );
    assert_eq!(run.finished, None);
}

#[test]
fn how_a_run_went_is_known() {
    let status = |from: &str, to: &str| import(&CANCELLED.replace(from, to)).runs[0].status.clone();
    let partial = |why: &str| Status::Partial(why.to_owned());
    assert_eq!(status("cancelled", "success"), partial("limit 3"));
    let whole = CANCELLED.replace("cancelled", "success");
    let status_of = |text: &str| import(text).runs[0].status.clone();
    let unlimited = whole.replace("{\"limit\": 3}", "{}");
    assert_eq!(
        status_of(&unlimited),
        partial("2 of 3 samples were completed")
    );
    let chosen = whole.replace("{\"limit\": 3}", "{\"sample_id\": [\"a\"]}");
    assert_eq!(status_of(&chosen), partial("chosen samples only"));
    assert_eq!(
        status("0.5", "null"),
        Status::Failed("the log says `cancelled`".into())
    );
}

#[test]
fn a_log_without_scores_is_a_run_without_values() {
    for text in [
        r#"{"status": "error", "eval": {"model": "acme/aurora-7b"}, "results": null}"#,
        r#"{"status": "error", "eval": {"model": "acme/aurora-7b"}, "plan": {}, "results": {"scores": []}}"#,
    ] {
        let batch = import(text);
        let run = &batch.runs[0];
        assert_eq!(run.status, Status::Failed("the log says `error`".into()));
        assert_eq!(
            (run.measurements.len(), &run.identity),
            (0, &Identity::Content)
        );
        assert_eq!(batch.notes[0].reason, "the log holds no score");
    }
}

#[test]
fn a_standard_error_that_is_no_number_is_noted() {
    let batch = import(&HEADER.replace("\"value\": 0,", "\"value\": NaN,"));
    assert_eq!(rows(&batch)[2].3, None);
    let note = &batch.notes[0];
    assert_eq!(
        (note.kind, note.place.as_str()),
        (NoteKind::Warning, "results.scores.match,mean.stderr")
    );
}

#[test]
fn logs_of_early_2024_have_one_scorer() {
    let batch = import(ONE_SCORER);
    assert_eq!(
        rows(&batch),
        [
            ("accuracy", "includes", Some(0.75), None, None, None),
            ("bootstrap_std", "includes", Some(0.125), None, None, None),
        ]
    );
    assert_eq!(batch.runs[0].identity, Identity::Content);
}

#[test]
fn a_header_alone_and_its_reductions_are_what_the_archive_holds() {
    let whole = HEADER.trim_end().strip_suffix('}').unwrap();
    let json = import(&format!("{whole}, \"reductions\": {REDUCTIONS}}}"));
    let packed = import_packed();
    assert_eq!(rows(&json), rows(&packed));
    assert_eq!(vectors(&json), vectors(&packed));
}
