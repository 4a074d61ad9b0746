//! The built-in queries answer on the project's fixtures, and on the collection of real results where
//! it is there.

use std::path::Path;
use std::process::Command;

use crate::harness::{Workspace, snapshot};

/// Lines of each answer that the snapshot keeps.
const SHOWN: usize = 9;

/// Imports a folder under a relative path, so that answers name no folder of this machine.
fn import(workspace: &Workspace, folder: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_tradeoff"))
        .current_dir(folder)
        .env_clear()
        .arg("--store")
        .arg(workspace.path("tradeoff.db"))
        .args(["-q", "import", ".", "--keep-going", "--model", "unnamed"])
        .output()
        .unwrap();
    // Some of the files are there to be refused.
    assert!(matches!(output.status.code(), Some(0 | 2)), "{output:?}");
}

fn names(workspace: &Workspace) -> Vec<String> {
    let list = workspace.json(&["queries", "list"]);
    let names = list.as_array().unwrap().iter();
    names
        .map(|row| row["query"].as_str().unwrap().to_owned())
        .collect()
}

/// The parameters without a default.
fn required(name: &str) -> &'static [&'static str] {
    match name {
        "series_values" => &[
            "-p",
            "model=acme/aurora-7b",
            "-p",
            "metric_id=1",
            "-p",
            "config=x",
        ],
        "values_of_runs" => &["-p", "runs='[1]'"],
        _ => &[],
    }
}

#[test]
fn every_built_in_query_answers_on_the_fixtures() {
    let workspace = Workspace::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    import(&workspace, &root.join("tests/fixtures/import"));
    let mut shown = String::new();
    for name in names(&workspace) {
        // One asks for a choice, which has tests of its own; the others tell the time of the import.
        let skipped = ["speed_vs_score", "newest_imports", "import_rejections"];
        if skipped.contains(&name.as_str()) {
            continue;
        }
        let answer = workspace.ok(&[&["query", &name, "-f", "csv"][..], required(&name)].concat());
        let lines: Vec<&str> = answer.lines().take(SHOWN).collect();
        shown.push_str(&format!("== {name}\n{}\n\n", lines.join("\n")));
    }
    snapshot("saved_queries", &shown);
    let rejected = workspace.ok(&["query", "import_rejections", "-f", "csv"]);
    assert!(
        rejected.contains("missing value,mean_ttft_ms,placeholder zero,1,"),
        "{rejected}"
    );
}

#[test]
fn every_built_in_query_answers_on_real_results() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !data.exists() {
        return;
    }
    let workspace = Workspace::new();
    let folders = [
        "lm-eval",
        "vllm-bench",
        "llama-bench",
        "lighteval",
        "optimum-benchmark",
        "helm",
        "guidellm",
        "aider",
        "inspect",
    ];
    for folder in folders {
        import(&workspace, &data.join(folder));
    }
    for name in names(&workspace)
        .iter()
        .filter(|name| *name != "speed_vs_score")
    {
        let rows = workspace.json(&[&["query", name][..], required(name)].concat());
        // No two of these runs answered the same questions, and no series is called so.
        let is_empty = name == "paired_questions" || name == "series_values";
        assert!(is_empty || !rows.as_array().unwrap().is_empty(), "{name}");
    }
    let depth = workspace.json(&["query", "speed_by_depth"]);
    let of = |metric: &str, depth_is: i64| {
        let rows = depth.as_array().unwrap().iter();
        let mut rows = rows.filter(|row| {
            row["metric"] == metric
                && row["depth"] == depth_is
                && row["model"].as_str().unwrap().contains("Llama-3.2-1B")
        });
        rows.next().unwrap()["speed"].as_f64().unwrap()
    };
    // Generation and prompt processing slow down as the context fills, and are never one number.
    assert!(of("decode_throughput", 0) > 6.0 * of("decode_throughput", 65_536));
    assert!(of("prefill_throughput", 0) > 20.0 * of("decode_throughput", 0));
}

#[test]
fn every_query_can_be_checked_without_a_store() {
    let workspace = Workspace::new();
    workspace.ok(&["queries", "check"]);
    workspace.file(
        "queries/wrong.sql",
        "-- title: wrong\nSELECT modle FROM results",
    );
    workspace.file("queries/odd.sql", "-- titel: odd\nSELECT 1");
    workspace.file(
        "queries/drawn.sql",
        "-- title: d\n-- x: costs\nSELECT 1 AS cost",
    );
    let ran = workspace.run(&["queries", "check"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("modle")
            && ran.stderr.contains("titel")
            && ran.stderr.contains("did you mean `cost`?"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.ends_with("fine, 3 broken\n"), "{}", ran.stderr);
}

#[test]
fn shipped_queries_and_views_use_the_indexes() {
    let workspace = Workspace::new();
    workspace.file("s.csv", "model,task,acc\na,gsm8k,0.5\n");
    workspace.ok(&["-q", "import", "s.csv"]);
    for (question, index) in [
        ("SELECT value FROM latest WHERE model = 'a'", "runs_series"),
        (
            "SELECT value FROM latest WHERE task = 'gsm8k' AND metric = 'acc'",
            "metrics_task",
        ),
        ("SELECT value FROM results WHERE run_id = 1", "PRIMARY KEY"),
        ("SELECT value FROM results WHERE label = 'a'", "runs_label"),
        (
            "SELECT value FROM results WHERE metric = 'acc'",
            "measurements_metric",
        ),
    ] {
        let plan = workspace.ok(&["query", question, "--plan"]);
        assert!(plan.contains(index), "{question}\n{plan}");
        assert!(!plan.contains("SCAN m "), "{question}\n{plan}");
    }
}
