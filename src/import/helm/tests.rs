//! The importer on a small folder that holds one trap each.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::catalog::{Batch, Direction, Kind, Metric, NoteKind};
use crate::import::{ImportError, Options, load, read};

fn fixture(name: &str) -> PathBuf {
    Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/import/helm/arithmetic"
    ))
    .join(name)
}

fn import_path(path: &Path) -> Result<Batch, ImportError> {
    let (format, batch) = read(path, &load(path).unwrap(), &Options::default())?;
    assert_eq!(format.name, "helm");
    Ok(batch)
}

fn import() -> Batch {
    import_path(&fixture("stats.json")).unwrap()
}

/// The fixture's folder in another place, with these files in place of its own.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["stats.json", "run_spec.json", "scenario.json"] {
        std::fs::copy(fixture(name), folder.path().join(name)).unwrap();
    }
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn metric<'a>(batch: &'a Batch, name: &str, qualifier: &str) -> &'a Metric {
    let is_it = |m: &&Metric| m.name_raw == name && m.qualifier == qualifier;
    batch.metrics.iter().find(is_it).unwrap()
}

#[test]
fn split_and_perturbation_tell_the_values_of_one_metric_apart() {
    let batch = import();
    let rows: Vec<_> = batch.runs[0]
        .measurements
        .iter()
        .map(|m| {
            let metric = &batch.metrics[m.metric as usize];
            (
                metric.name_raw.as_str(),
                metric.qualifier.as_str(),
                m.value.unwrap(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        vec![
            ("exact_match", "valid", 0.75),
            ("exact_match", "test", 0.5),
            ("exact_match", "test,hard", 0.25),
            ("exact_match", "test,robustness,worst", 0.375),
            (
                "exact_match",
                "test,dialect,fairness,perturbed,prob=0.5,source_class=SAE",
                0.4375
            ),
            ("quasi_exact_match", "test", 0.625),
            ("exact_match@5", "test", 0.875),
            ("num_prompt_tokens", "test", 350.5),
            ("inference_runtime", "test", 0.25),
        ]
    );
    assert!(
        batch
            .metrics
            .iter()
            .all(|m| m.task.as_deref() == Some("arithmetic"))
    );
}

#[test]
fn a_value_is_a_mean_over_trials() {
    let batch = import();
    let measurement = &batch.runs[0].measurements[1];
    let detail = measurement.detail.as_ref().unwrap();
    assert_eq!((detail.n, detail.spread), (Some(3), Some(0.125)));
    assert_eq!(detail.stderr, None);
    let metric = metric(&batch, "exact_match", "test");
    assert_eq!(metric.spread_of.as_deref(), Some("trials"));
    assert_eq!(metric.shots, Some(5));
}

#[test]
fn the_kinds_of_match_are_metrics_of_their_own() {
    let batch = import();
    let known = |name: &str| {
        let metric = metric(&batch, name, "test");
        (metric.name.as_str(), metric.kind, metric.direction)
    };
    let quality = Some(Kind::Quality);
    let higher = Some(Direction::Higher);
    assert_eq!(known("exact_match"), ("exact_match", quality, higher));
    assert_eq!(
        known("quasi_exact_match"),
        ("quasi_exact_match", quality, higher)
    );
    assert_eq!(known("exact_match@5"), ("exact_match@5", quality, higher));
    assert_eq!(
        known("num_prompt_tokens"),
        ("num_prompt_tokens", Some(Kind::Count), None)
    );
    let runtime = metric(&batch, "inference_runtime", "test");
    assert_eq!(
        (
            runtime.unit.as_deref(),
            runtime.base_unit.as_deref(),
            runtime.direction
        ),
        (Some("s"), Some("ms"), Some(Direction::Lower))
    );
}

#[test]
fn what_was_never_observed_or_stands_twice_is_noted() {
    let batch = import();
    let notes: Vec<_> = batch
        .notes
        .iter()
        .map(|note| (note.kind, note.place.as_str(), note.reason.as_str()))
        .collect();
    let rejected = NoteKind::Rejected;
    assert_eq!(
        notes,
        vec![
            (
                rejected,
                "$[7] (`exact_match`)",
                "the same statistic stands before"
            ),
            (rejected, "$[11] (`odd`)", "has no mean"),
            (
                rejected,
                "count",
                "2 statistics were never observed, the first is `training_co2_cost`"
            ),
        ]
    );
}

#[test]
fn the_spec_says_model_host_and_scenario() {
    let batch = import();
    let run = &batch.runs[0];
    assert_eq!(run.model.as_deref(), Some("together/aurora-7b"));
    assert_eq!(
        run.label.as_deref(),
        Some("arithmetic:digits=2,model=acme_aurora-7b")
    );
    assert_eq!(
        json!(run.details),
        json!({
            "names": ["acme/aurora-7b"],
            "groups": ["arithmetic"],
            "scenario_class": "acme.ArithmeticScenario",
            "scenario": "arithmetic",
            "tags": ["toy"]
        })
    );
    let mut settings = run.settings.clone();
    let prompt = settings.shift_remove("prompt").unwrap();
    assert_eq!(prompt.as_str().unwrap().len(), 16);
    assert_eq!(
        json!(settings),
        json!({
            "scenario": {"digits": 2},
            "method": "generation",
            "max_train_instances": 5,
            "max_eval_instances": 10,
            "num_train_trials": 3,
            "num_outputs": 5,
            "temperature": 0.0,
            "max_tokens": 4
        })
    );
    assert_eq!(run.started, None);
}

#[test]
fn the_prompt_is_known_by_its_digest_alone() {
    let spec = std::fs::read_to_string(fixture("run_spec.json")).unwrap();
    let prompt = |spec: &str| {
        let folder = folder(&[("run_spec.json", spec)]);
        let batch = import_path(&folder.path().join("stats.json")).unwrap();
        batch.runs[0].settings["prompt"].clone()
    };
    let other = spec.replace("SECRET instructions", "SECRET orders");
    assert_ne!(prompt(&spec), prompt(&other));
    let longer = spec.replace(
        "\"global_prefix\"",
        "\"a_new_field\": \"\", \"global_prefix\"",
    );
    assert_eq!(prompt(&spec), prompt(&longer));
    let mut batch = import();
    batch.parts.clear();
    let shown = format!("{batch:?}");
    assert!(!shown.contains("SECRET"), "{shown}");
}

#[test]
fn every_question_has_its_value_and_a_key() {
    let batch = import();
    let vectors: Vec<_> = batch.runs[0]
        .samples
        .iter()
        .map(|samples| {
            let metric = &batch.metrics[samples.metric as usize];
            assert_eq!(metric.statistic, "each");
            assert_eq!(samples.items.as_ref().unwrap().len(), samples.values.len());
            (
                metric.name_raw.as_str(),
                metric.qualifier.as_str(),
                samples.values.clone(),
            )
        })
        .collect();
    assert_eq!(
        vectors,
        vec![
            ("per_instance_stats.exact_match", "test", vec![1.0, 0.0]),
            (
                "per_instance_stats.num_prompt_tokens",
                "test",
                vec![350.0, 351.0]
            ),
            ("per_instance_stats.exact_match", "test,trial=1", vec![1.0]),
        ]
    );
    let [first, _, again] = batch.runs[0].samples.as_slice() else {
        panic!("{:?}", batch.runs[0].samples);
    };
    let key = |samples: &crate::catalog::Samples| samples.items.as_ref().unwrap()[0];
    assert_eq!(key(first), key(again));
}

#[test]
fn equal_numbers_of_two_scenarios_are_two_questions() {
    let spec = std::fs::read_to_string(fixture("run_spec.json")).unwrap();
    let questions = std::fs::read_to_string(fixture("per_instance_stats.json")).unwrap();
    let key = |spec: &str| {
        let folder = folder(&[
            ("run_spec.json", spec),
            ("per_instance_stats.json", &questions),
        ]);
        let batch = import_path(&folder.path().join("stats.json")).unwrap();
        batch.runs[0].samples[0].items.as_ref().unwrap()[0]
    };
    assert_ne!(
        key(&spec),
        key(&spec.replace("\"digits\": 2", "\"digits\": 3"))
    );
}

#[test]
fn without_its_spec_a_run_is_refused() {
    let folder = folder(&[]);
    std::fs::remove_file(folder.path().join("run_spec.json")).unwrap();
    let error = import_path(&folder.path().join("stats.json")).unwrap_err();
    assert!(
        error.to_string().ends_with(
            "its folder: `run_spec.json` is not there, so that model and scenario are not known"
        ),
        "{error}"
    );
}

#[test]
fn a_broken_spec_is_an_error_in_the_spec() {
    let folder = folder(&[("run_spec.json", "{\"name\": \"a\",\n \"adapter_spec\": 3}")]);
    let error = import_path(&folder.path().join("stats.json")).unwrap_err();
    assert!(
        matches!(&error, ImportError::Broken { path, line: 2, .. } if path.ends_with("run_spec.json")),
        "{error}"
    );
}

#[test]
fn a_part_that_is_cut_off_is_noted_and_the_values_stay() {
    let folder = folder(&[
        ("per_instance_stats.json", "[{\"instance_id\": \"id1\", "),
        ("scenario.json", "{"),
    ]);
    let batch = import_path(&folder.path().join("stats.json")).unwrap();
    assert_eq!(batch.measurements(), 9);
    assert_eq!(batch.runs[0].samples, vec![]);
    let places: Vec<_> = batch.notes.iter().map(|note| note.place.as_str()).collect();
    assert!(
        places.ends_with(&["scenario.json", "per_instance_stats.json"]),
        "{places:?}"
    );
}

#[test]
fn the_other_files_of_a_run_are_parts_of_it() {
    for name in ["run_spec.json", "scenario.json", "per_instance_stats.json"] {
        let error = import_path(&fixture(name)).unwrap_err();
        assert!(matches!(error, ImportError::SideFile { .. }), "{error}");
    }
    for text in [
        r#"{"adapter_spec": {}, "request_states": []}"#,
        r#"[{"instance_id": "id1", "train_trial_index": 0, "predicted_text": "x"}]"#,
    ] {
        let error = read(Path::new("a.json"), text.as_bytes(), &Options::default()).unwrap_err();
        assert!(matches!(error, ImportError::SideFile { .. }), "{error}");
    }
}

#[test]
fn a_folder_without_any_value_is_refused() {
    let folder = folder(&[(
        "stats.json",
        r#"[{"name": {"name": "a"}, "count": 0, "sum": 0, "sum_squared": 0}]"#,
    )]);
    let error = import_path(&folder.path().join("stats.json")).unwrap_err();
    assert!(
        error.to_string().ends_with("the list: holds no value"),
        "{error}"
    );
}

#[test]
fn a_changed_or_cut_part_never_breaks_the_values() {
    for name in ["run_spec.json", "scenario.json", "per_instance_stats.json"] {
        let original = load(&fixture(name)).unwrap();
        let folder = folder(&[]);
        let stats = folder.path().join("stats.json");
        for at in 0..original.len() {
            let mut flipped = original.clone();
            flipped[at] ^= [0x01, 0x20, 0x80][at % 3];
            for bytes in [&flipped[..], &original[..at]] {
                std::fs::write(folder.path().join(name), bytes).unwrap();
                match import_path(&stats) {
                    Ok(batch) => assert_eq!(batch.measurements(), 9, "{name}, byte {at}"),
                    Err(_) => assert_eq!(name, "run_spec.json", "byte {at}"),
                }
            }
        }
    }
}
