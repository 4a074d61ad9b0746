//! The importer on a small leaderboard that holds its traps.

use std::path::Path;

use serde_json::json;

use crate::catalog::{Batch, Direction, Identity, Measurement, Run};
use crate::import::{ImportError, Options, read};

const LEADERBOARD: &str = include_str!("../../../tests/fixtures/import/aider/leaderboard.yml");

fn import(text: &str) -> Result<Batch, ImportError> {
    let (format, batch) = read(Path::new("a.yml"), text.as_bytes(), &Options::default())?;
    assert_eq!(format.name, "aider");
    Ok(batch)
}

fn measured<'b>(batch: &'b Batch, run: &'b Run, key: &str) -> &'b Measurement {
    let is_it = |m: &&Measurement| batch.metrics[m.metric as usize].name_raw == key;
    run.measurements.iter().find(is_it).unwrap()
}

#[test]
fn every_number_is_a_measurement_and_rates_are_percent() {
    let batch = import(LEADERBOARD).unwrap();
    let metrics: Vec<_> = batch
        .metrics
        .iter()
        .map(|m| (m.name_raw.as_str(), m.unit.as_deref(), m.direction))
        .collect();
    let higher = Some(Direction::Higher);
    let lower = Some(Direction::Lower);
    assert_eq!(
        metrics,
        [
            ("test_cases", None, None),
            ("pass_rate_1", Some("percent"), higher),
            ("pass_rate_2", Some("percent"), higher),
            ("pass_num_2", None, None),
            ("percent_cases_well_formed", Some("percent"), higher),
            ("error_outputs", None, None),
            ("total_tests", None, None),
            ("seconds_per_case", Some("s"), lower),
            ("total_cost", Some("USD"), lower),
        ]
    );
    let [first, second] = batch.runs.as_slice() else {
        panic!("{} runs", batch.runs.len());
    };
    let rate = measured(&batch, first, "pass_rate_2");
    assert_eq!(
        (rate.value, rate.detail.as_ref().unwrap().n),
        (Some(35.5), Some(224))
    );
    let unknown = measured(&batch, second, "pass_rate_1");
    assert_eq!(unknown.why_missing(), Some("N/A"));
}

#[test]
fn a_cost_of_zero_is_no_price() {
    let batch = import(LEADERBOARD).unwrap();
    let cost = |run: usize| measured(&batch, &batch.runs[run], "total_cost");
    assert_eq!(cost(0).why_missing(), Some("placeholder zero"));
    assert_eq!(cost(1).value, Some(0.25));
}

#[test]
fn a_hash_that_looks_like_a_number_stays_text() {
    let batch = import(LEADERBOARD).unwrap();
    let commits: Vec<_> = batch
        .runs
        .iter()
        .map(|run| run.environment.tool_commit.as_deref())
        .collect();
    assert_eq!(commits, [Some("75e9ee6"), Some("0282574")]);
    let versions = batch
        .runs
        .iter()
        .map(|run| run.environment.tool_version.as_deref());
    assert_eq!(versions.collect::<Vec<_>>(), [Some("0.75.2.dev"), None]);
}

#[test]
fn an_entry_says_label_settings_and_time() {
    let batch = import(LEADERBOARD).unwrap();
    let run = &batch.runs[0];
    assert_eq!(run.model.as_deref(), Some("Acme via Borealis: BF16"));
    let name = "2025-02-03-04-05-06--aurora-diff";
    assert_eq!(run.identity, Identity::Key(vec![name.to_owned()]));
    assert_eq!(run.label.as_deref(), Some(name));
    assert_eq!(
        json!(run.settings),
        json!({"edit_format": "diff", "thinking_tokens": "32000"})
    );
    assert_eq!(run.details["names"], json!(["openai/acme/aurora-70b"]));
    assert!(!format!("{run:?}").contains("SECRET"));
    let started = run.started.as_ref().unwrap();
    // `date -u -d 2025-02-03T04:05:06Z +%s`.
    assert_eq!(
        (started.millis, started.precision),
        (1_738_555_506_000, 1000)
    );
    assert_eq!(started.zone, None);
    assert_eq!(run.workload.requests, Some(225));
    let notes: Vec<_> = batch
        .notes
        .iter()
        .map(|n| (n.place.as_str(), n.reason.as_str()))
        .collect();
    assert_eq!(
        notes,
        [
            ("$[0]", "224 of 225 tests were run"),
            ("$[1].date", "`2025-02-30` is not a time"),
        ]
    );
    assert_eq!(batch.runs[1].details["note"], json!("the same, run again"));
}

#[test]
fn broken_yaml_is_refused_with_line_and_column() {
    for (text, line) in [
        ("- dirname: a\n  pass_rate_1: 1\n   model: x\n", 3),
        ("- dirname: a\n  pass_rate_1: [1, 2]\n", 2),
        ("- dirname: a\n  pass_rate_1: 1\n  dirname: b\n", 3),
        ("- dirname: a\n  pass_rate_1: \"1\n", 2),
    ] {
        let error = import(text).unwrap_err();
        assert!(
            matches!(error, ImportError::Broken { line: at, .. } if at >= line),
            "{error}"
        );
    }
}

#[test]
fn bombs_of_aliases_and_depth_do_not_go_off() {
    let mut laughs = "- dirname: a\n  pass_rate_1: &a0 ha\n".to_owned();
    for i in 1..40 {
        let before = i - 1;
        laughs.push_str(&format!(
            "  k{i}: &a{i} [*a{before}, *a{before}, *a{before}]\n"
        ));
    }
    let deep = format!("- dirname: a\n  pass_rate_1: {}\n", "[".repeat(100_000));
    let block: String = (0..2_000)
        .map(|i| format!("{}- \n", " ".repeat(i)))
        .collect();
    let nested = format!("- dirname: a\n  pass_rate_1: 1\n  x:\n{block}");
    let many: String = (0..5_000).map(|i| format!("  k{i}: *a\n")).collect();
    let many = format!("- dirname: &a aaaaaaaa\n  pass_rate_1: 1\n{many}");
    for text in [laughs, deep, nested, many] {
        let error = import(&text).unwrap_err();
        assert!(matches!(error, ImportError::Broken { .. }), "{error}");
    }
}

#[test]
fn other_yaml_is_left_to_others() {
    for text in [
        "dirname: a\npass_rate_1: 1\n",
        "- name: a\n  score: 1\n",
        "To run it, read\n- dirname: a\n",
    ] {
        let error = import(text).unwrap_err();
        assert!(matches!(error, ImportError::Unrecognised { .. }), "{error}");
    }
}
