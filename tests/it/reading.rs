//! Asking: formats, parameters, table files, saved queries of one's own, pipes.

use std::io::Read;
use std::process::Stdio;

use crate::harness::{Workspace, snapshot};

const TABLE: &str =
    "model,speed,score,note\na,500,40.5,\"x, y\"\nb,900,31,\nc,9007199254740993,2,<b>|\n";

fn with_table() -> Workspace {
    let workspace = Workspace::new();
    workspace.file("t.csv", TABLE);
    workspace
}

#[test]
fn a_table_file_is_asked_without_any_store() {
    let workspace = with_table();
    let rows = workspace.json(&[
        "query",
        "SELECT model, speed FROM data WHERE score > 10 ORDER BY speed DESC",
        "--data",
        "t.csv",
    ]);
    assert_eq!(
        rows,
        serde_json::json!([{"model": "b", "speed": 900}, {"model": "a", "speed": 500}])
    );
    assert_eq!(workspace.names(), ["t.csv"]);
}

#[test]
fn every_output_format_keeps_what_it_can() {
    let workspace = with_table();
    let all = |format: &str| workspace.ok(&["query", "--data", "t.csv", "-f", format]);
    snapshot(
        "every_output_format",
        &["table", "csv", "tsv", "json", "jsonl", "markdown"]
            .map(all)
            .join("\n---\n"),
    );
}

#[test]
fn the_format_follows_the_ending_of_the_file() {
    let workspace = with_table();
    workspace.ok(&["query", "--data", "t.csv", "-o", "out.json"]);
    let rows: serde_json::Value = serde_json::from_str(&workspace.read("out.json")).unwrap();
    assert_eq!(rows[2]["speed"].as_i64(), Some(9_007_199_254_740_993));
    workspace.ok(&["query", "--data", "t.csv", "-o", "out.md"]);
    assert!(workspace.read("out.md").starts_with("| model"));
}

#[test]
fn a_parameter_is_bound_and_never_pasted() {
    let workspace = with_table();
    let ask = |value: &str| {
        workspace.json(&[
            "query",
            "SELECT model FROM data WHERE model = :m",
            "-p",
            &format!("m={value}"),
            "--data",
            "t.csv",
        ])
    };
    assert_eq!(ask("a"), serde_json::json!([{"model": "a"}]));
    assert_eq!(ask("x' OR 1=1 --"), serde_json::json!([]));
    let missing = workspace.refused(&["query", "SELECT :m", "--data", "t.csv"]);
    assert!(
        missing.contains("the parameter `m` has no value"),
        "{missing}"
    );
    let unknown = workspace.refused(&["query", "SELECT 1", "-p", "x=1", "--data", "t.csv"]);
    assert!(
        unknown.contains("the query has no parameter `x`"),
        "{unknown}"
    );
}

#[test]
fn a_query_of_ones_own_stands_before_the_built_in_one() {
    let workspace = with_table();
    workspace.ok(&["-q", "import", "t.csv"]);
    workspace.file("queries/fast.sql", "-- title: The fastest\n-- param: least = 600\nSELECT model, value FROM results WHERE metric = 'speed' AND value >= :least ORDER BY 2\n");
    workspace.file(
        "queries/latest_results.sql",
        "-- title: Mine\nSELECT 1 AS mine",
    );
    let rows = workspace.json(&["query", "fast"]);
    assert_eq!(rows.as_array().unwrap().len(), 2);
    assert_eq!(
        workspace
            .json(&["query", "fast", "-p", "least=1000"])
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        workspace.json(&["query", "latest_results"]),
        serde_json::json!([{"mine": 1}])
    );
    workspace.file(
        "queries/broken.sql",
        "-- title: Broken\n-- titel: typo\nSELECT 1",
    );
    let error = workspace.refused(&["query", "broken"]);
    assert!(
        error.contains("broken.sql:2: unknown key `titel` (did you mean `title`?)"),
        "{error}"
    );
    workspace.ok(&["queries", "list"]);
}

#[test]
fn every_built_in_query_runs_on_a_store() {
    let workspace = with_table();
    workspace.ok(&["-q", "import", "t.csv"]);
    for query in workspace.json(&["queries", "list"]).as_array().unwrap() {
        let name = query["query"].as_str().unwrap();
        let required: &[&str] = match name {
            "series_values" => &["-p", "model=m", "-p", "metric_id=1", "-p", "config=x"],
            "values_of_runs" => &["-p", "runs='[1]'"],
            _ => &[],
        };
        workspace.ok(&[&["query", name], required].concat());
        workspace.ok(&["queries", "show", name]);
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    let workspace = with_table();
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT i FROM n, data";
    for format in ["csv", "jsonl", "json", "tsv", "markdown"] {
        let mut child = workspace
            .command()
            .args(["query", many, "--data", "t.csv", "-f", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0u8; 16];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
        assert_eq!(output.status.code(), Some(0), "{format}");
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let workspace = with_table();
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        return;
    };
    for format in ["table", "csv", "json", "jsonl", "tsv", "markdown"] {
        let status = workspace
            .command()
            .args(["query", "--data", "t.csv", "-f", format])
            .stdout(full.try_clone().unwrap())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(2), "{format}");
    }
}

#[test]
fn a_store_in_a_read_only_folder_still_answers() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = with_table();
    workspace.file("ro/t.csv", TABLE);
    workspace.ok(&["-q", "--store", "ro/s.db", "import", "t.csv"]);
    for name in ["ro/s.db-wal", "ro/s.db-shm"] {
        let _ = std::fs::remove_file(workspace.path(name));
    }
    let set = |mode| {
        std::fs::set_permissions(workspace.path("ro"), std::fs::Permissions::from_mode(mode))
            .unwrap()
    };
    set(0o555);
    let answer = workspace.ok(&[
        "--store",
        "ro/s.db",
        "query",
        "SELECT count(*) AS n FROM runs",
        "-f",
        "csv",
    ]);
    set(0o755);
    assert_eq!(answer, "n\n3\n");
}

#[test]
fn names_that_would_move_a_terminal_are_shown_escaped() {
    let workspace = Workspace::new();
    workspace.file("t.csv", "model,score\n\u{1b}[31mred,1\n");
    let shown = workspace.ok(&["query", "--data", "t.csv"]);
    assert!(
        shown.contains("\\x1b[31mred") && !shown.contains('\u{1b}'),
        "{shown}"
    );
}
