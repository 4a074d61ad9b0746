//! Import: once is enough, undo takes it back, and what the user adds is kept apart.

use crate::harness::Workspace;

const LLAMA: &str = include_str!("../fixtures/import/llama-bench/two-tests.json");

fn first_fixture(folder: &str, ending: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/import")
        .join(folder);
    let mut files: Vec<_> = std::fs::read_dir(path)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.sort();
    let found = files
        .iter()
        .find(|p| p.to_string_lossy().ends_with(ending))
        .unwrap();
    std::fs::read_to_string(found).unwrap()
}

/// Everything in the store that an import decides, in a stable order.
fn content(workspace: &Workspace) -> String {
    let sql = "SELECT r.fingerprint, r.digest, r.config, r.shape, x.task_raw, x.metric_raw, x.qualifier, x.value, x.stderr, x.spread, x.n
               FROM results x JOIN runs r ON r.id = x.run_id ORDER BY 1, 5, 6, 7, 8";
    workspace.ok(&["query", sql, "-f", "csv"])
}

#[test]
fn the_same_file_twice_is_unchanged_and_a_copy_is_recognised() {
    let workspace = Workspace::new();
    let text = first_fixture("lm-eval", ".json");
    workspace.file("a.json", &text);
    workspace.ok(&["import", "a.json"]);
    let before = content(&workspace);
    assert_eq!(
        workspace.json(&["import", "a.json"])["files"][0]["status"],
        "unchanged"
    );
    // The same bytes under another name are the same file; other bytes with the same run are the same run.
    workspace.file("b.json", &text);
    assert_eq!(
        workspace.json(&["import", "b.json"])["files"][0]["status"],
        "unchanged"
    );
    workspace.file("c.json", format!("{text}\n\n"));
    assert_eq!(
        workspace.json(&["import", "c.json"])["files"][0]["status"],
        "imported"
    );
    assert_eq!(content(&workspace), before);
    assert_eq!(workspace.value("SELECT count(*) FROM duplicates"), 1);
}

#[test]
fn undoing_one_file_keeps_what_another_holds() {
    let workspace = Workspace::new();
    let text = first_fixture("lm-eval", ".json");
    workspace.file("a.json", &text);
    workspace.file("b.json", format!("{text}\n"));
    workspace.ok(&["import", "a.json"]);
    let before = content(&workspace);
    workspace.ok(&["import", "b.json"]);
    workspace.ok(&["sources", "delete", "1"]);
    assert_eq!(content(&workspace), before);
    assert_eq!(
        workspace.value("SELECT path FROM sources JOIN runs ON runs.source_id = sources.id"),
        "b.json"
    );
    workspace.ok(&["sources", "delete", "2"]);
    for table in [
        "sources",
        "runs",
        "measurements",
        "metrics",
        "models",
        "model_aliases",
        "samples",
        "item_sets",
        "duplicates",
        "import_notes",
    ] {
        assert_eq!(
            workspace.value(&format!("SELECT count(*) FROM {table}")),
            0,
            "{table}"
        );
    }
}

#[test]
fn deleted_runs_are_noticed_when_the_file_comes_again() {
    let workspace = Workspace::new();
    workspace.file("l.json", LLAMA);
    workspace.ok(&["import", "l.json"]);
    workspace.ok(&["runs", "delete", "1"]);
    let again = workspace.json(&["import", "l.json"]);
    assert_eq!(again["files"][0]["status"], "unchanged");
    assert_eq!(
        again["files"][0]["reason"],
        "1 of its runs were deleted since"
    );
    assert!(
        workspace
            .refused(&["runs", "delete", "1"])
            .contains("there is no run `1`")
    );
}

#[test]
fn equal_rows_of_one_table_are_as_many_runs() {
    let workspace = Workspace::new();
    workspace.file("t.csv", "model,score\na,1\na,1\na,1\n");
    workspace.ok(&["import", "t.csv"]);
    assert_eq!(workspace.value("SELECT count(*) FROM runs"), 3);
    workspace.file("u.csv", "model,score\na,1\na,1\na,1\n\n");
    let again = workspace.json(&["import", "u.csv"]);
    assert_eq!(
        again["files"][0]["reason"],
        "3 of its runs were here already"
    );
    assert_eq!(workspace.value("SELECT count(*) FROM runs"), 3);
}

#[test]
fn the_same_run_with_other_values_is_a_conflict() {
    let workspace = Workspace::new();
    workspace.file("a.json", LLAMA);
    let value = "\"stddev_ts\": ";
    let at = LLAMA.find(value).unwrap() + value.len();
    let mut changed = LLAMA.to_owned();
    changed.insert(at, '9');
    workspace.file("b.json", changed);
    workspace.ok(&["import", "a.json"]);
    let before = content(&workspace);
    let error = workspace.refused(&["import", "b.json"]);
    assert!(error.contains("with other values than `a.json`"), "{error}");
    assert_eq!(content(&workspace), before);
}

#[test]
fn a_dry_run_says_what_an_import_would_do_and_does_nothing() {
    let workspace = Workspace::new();
    workspace.file("l.json", LLAMA);
    let dry = workspace.json(&["import", "l.json", "--dry-run"]);
    assert_eq!(workspace.names(), ["l.json"]);
    let wet = workspace.json(&["import", "l.json"]);
    assert_eq!(dry["files"], wet["files"]);
    let again = workspace.json(&["import", "l.json", "--dry-run"]);
    assert_eq!(again["files"][0]["status"], "unchanged");
}

#[test]
fn what_the_user_adds_is_marked_as_the_users() {
    let workspace = Workspace::new();
    workspace.file("t.csv", "gpu,latency_ms\nH100,12.5\n");
    workspace.ok(&[
        "import",
        "t.csv",
        "--model",
        "acme/aurora-7b",
        "--set",
        "quantization=Q4_K_M",
    ]);
    let row = &workspace.json(&[
        "query",
        "SELECT model, model_from, quantization, details ->> '$.given' AS given FROM runs",
    ])[0];
    assert_eq!(row["model"], "acme/aurora-7b");
    assert_eq!(row["model_from"], "user");
    assert_eq!(row["quantization"], "Q4_K_M");
    assert_eq!(row["given"], "[\"quantization\"]");
    let error = workspace.refused(&["import", "t.csv", "--model", "another"]);
    assert!(
        error.contains("imported before with other options"),
        "{error}"
    );
}

#[test]
fn companions_of_a_column_are_its_error_spread_and_count() {
    let workspace = Workspace::new();
    workspace.file(
        "t.csv",
        "model,acc,acc_stderr,acc_std,acc_n\na,0.5,0.01,0.2,400\n",
    );
    workspace.ok(&["import", "t.csv"]);
    let rows = workspace.json(&[
        "query",
        "SELECT metric, value, stderr, spread, n FROM results",
    ]);
    assert_eq!(
        rows,
        serde_json::json!([{"metric": "acc", "value": 0.5, "stderr": 0.01, "spread": 0.2, "n": 400}])
    );
}

#[test]
fn a_column_is_what_the_user_says_it_is() {
    let workspace = Workspace::new();
    workspace.file("t.csv", "who,tps,note\na,500,x\nb,600,y\n");
    let map = [
        "--map",
        "who=model",
        "--map",
        "tps=words a minute [token/s, higher]",
        "--map",
        "note=ignore",
    ];
    workspace.ok(&[&["import", "t.csv"], &map[..]].concat());
    let rows = workspace.json(&[
        "query",
        "SELECT model, metric, value, unit, direction, kind FROM results WHERE model = 'a'",
    ]);
    assert_eq!(
        rows,
        serde_json::json!([{"model": "a", "metric": "words a minute", "value": 500.0, "unit": "token/s", "direction": "higher", "kind": "speed"}])
    );
    assert_eq!(workspace.value("SELECT settings FROM runs LIMIT 1"), "{}");
}

#[test]
fn long_and_wide_tables_say_the_same() {
    let workspace = Workspace::new();
    workspace.file("wide.csv", "model,acc,ttft (ms)\na,0.5,12\nb,0.6,15\n");
    workspace.file("long.jsonl", "{\"model\":\"a\",\"metric\":\"acc\",\"value\":0.5}\n{\"model\":\"a\",\"metric\":\"ttft\",\"value\":12,\"unit\":\"ms\"}\n{\"model\":\"b\",\"metric\":\"acc\",\"value\":0.6}\n{\"model\":\"b\",\"metric\":\"ttft\",\"value\":15,\"unit\":\"ms\"}\n");
    let sql = "SELECT model, metric, value, unit, direction FROM results ORDER BY 1, 2";
    workspace.ok(&["--store", "w.db", "import", "wide.csv"]);
    workspace.ok(&["--store", "l.db", "import", "long.jsonl"]);
    assert_eq!(
        workspace.ok(&["--store", "w.db", "query", sql]),
        workspace.ok(&["--store", "l.db", "query", sql])
    );
}

#[test]
fn every_fixture_imports_or_is_refused_and_says_why() {
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import");
    let workspace = Workspace::new();
    let ran = workspace.run(&[
        "import",
        fixtures.to_str().unwrap(),
        "--keep-going",
        "-f",
        "json",
    ]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    for file in report["files"].as_array().unwrap() {
        let path = file["path"].as_str().unwrap();
        let status = file["status"].as_str().unwrap();
        if path.contains("/refused/") {
            assert_eq!(status, "failed", "{path}");
            let reason = file["reason"].as_str().unwrap();
            assert!(
                reason.contains(path.rsplit('/').next().unwrap()),
                "{reason}"
            );
        }
    }
    let kept = workspace.value("SELECT count(*) FROM sources");
    let imported = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["status"] == "imported");
    assert_eq!(kept.as_u64(), Some(imported.count() as u64));
}

#[test]
fn corrections_of_a_metric_hold_for_later_imports() {
    let workspace = Workspace::new();
    workspace.file("a.csv", "model,vibe\na,1\n");
    workspace.file("b.csv", "model,task,vibe\na,poems,2\n");
    workspace.ok(&["import", "a.csv"]);
    assert_eq!(
        workspace.value("SELECT direction FROM metrics"),
        serde_json::Value::Null
    );
    workspace.ok(&["metrics", "set", "vibe", "--direction", "lower"]);
    workspace.ok(&["import", "b.csv"]);
    assert_eq!(
        workspace.value("SELECT group_concat(direction) FROM metrics"),
        "lower,lower"
    );
    assert!(
        workspace
            .refused(&["metrics", "set", "vibes", "--direction", "lower"])
            .contains("did you mean `vibe`?")
    );
}

const ONE: &str =
    r#"{"results":{"t":{"acc":0.5}},"versions":{"t":0},"config":{},"model_name":"a"}"#;
const TWO: &str =
    r#"{"results":{"t":{"acc":0.6}},"versions":{"t":0},"config":{},"model_name":"b"}"#;

#[test]
fn several_objects_of_one_format_are_read_one_by_one() {
    for text in [
        format!("{ONE}\n{TWO}\n"),
        format!("{ONE}{TWO}"),
        format!("{}\n{}", ONE.replace(',', ",\n"), TWO.replace(',', ",\n")),
    ] {
        let workspace = Workspace::new();
        workspace.file("x.jsonl", &text);
        workspace.ok(&["-q", "import", "x.jsonl"]);
        assert_eq!(
            workspace.value(
                "SELECT group_concat(model || ' ' || value, ', ' ORDER BY model) FROM results"
            ),
            "a 0.5, b 0.6",
            "{text}"
        );
    }
}

#[test]
fn several_objects_of_different_formats_are_refused_with_the_line() {
    let workspace = Workspace::new();
    let serve = r#"{"model_id":"a","request_throughput":1.5,"mean_ttft_ms":20,"completed":3,"total_output_tokens":9}"#;
    workspace.file("x.jsonl", format!("{serve}\n{ONE}\n"));
    let error = workspace.refused(&["import", "x.jsonl"]);
    assert!(
        error.contains("line 2: of lm-eval, the first object is of vllm"),
        "{error}"
    );
    assert_eq!(workspace.names(), ["x.jsonl"]);
}

#[test]
fn a_key_that_stands_twice_is_refused_in_every_format() {
    let workspace = Workspace::new();
    workspace.file(
        "x.json",
        r#"[{"build_commit":"x","build_number":1,"model_filename":"m.gguf","n_prompt":512,"n_gen":0,"avg_ns":5,"avg_ts":100.0,"avg_ts":1.0}]"#,
    );
    let error = workspace.refused(&["import", "x.json"]);
    assert!(
        error.contains("the key `avg_ts` stands twice in one object"),
        "{error}"
    );
}

#[test]
fn a_file_of_a_known_format_without_any_run_is_refused() {
    let workspace = Workspace::new();
    workspace.file("x.csv", "build_commit,build_number,model_filename,model_type,n_prompt,n_gen,avg_ns,stddev_ns,avg_ts,stddev_ts\n");
    workspace.file("y.json", r#"{"benchmarks":[],"guidellm_version":"0.3"}"#);
    for name in ["x.csv", "y.json"] {
        assert!(
            workspace.refused(&["import", name]).starts_with("error: "),
            "{name}"
        );
    }
    assert_eq!(workspace.names(), ["x.csv", "y.json"]);
}

#[test]
fn thousands_as_other_countries_separate_them_are_no_setting() {
    for cell in ["1 024", "1.024,5", "1'024", "1\u{a0}024"] {
        let workspace = Workspace::new();
        workspace.file(
            "x.csv",
            format!("model,acc,throughput\na,0.5,\"{cell}\"\nb,0.6,\"{cell}\"\n"),
        );
        let error = workspace.refused(&["import", "x.csv"]);
        assert!(
            error.contains("line 2, column `throughput`"),
            "{cell}: {error}"
        );
    }
}

#[test]
fn a_path_that_is_not_there_does_not_stop_the_others_when_asked_to_keep_going() {
    let workspace = Workspace::new();
    workspace.file("good.json", ONE);
    workspace.refused(&["import", "good.json", "nope.json"]);
    assert_eq!(workspace.names(), ["good.json"]);
    let ran = workspace.run(&["import", "--keep-going", "good.json", "nope.json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("nope.json"), "{}", ran.stdout);
    assert_eq!(workspace.value("SELECT count(*) FROM runs"), 1);
}

#[test]
fn a_run_that_a_file_holds_twice_is_stored_once() {
    let workspace = Workspace::new();
    let row = r#"{"build_commit":"x","build_number":1,"test_time":"2026-01-01T00:00:00Z","model_filename":"m.gguf","n_prompt":512,"n_gen":0,"avg_ns":5,"avg_ts":100.0}"#;
    workspace.file("x.json", format!("[{row},{row}]"));
    workspace.ok(&["-q", "import", "x.json"]);
    assert_eq!(workspace.value("SELECT count(*) FROM runs"), 1);
    assert_eq!(workspace.value("SELECT count(*) FROM run_sources"), 2);
    let other = row.replace("100.0", "90.0");
    workspace.file(
        "y.json",
        format!("[{},{}]", row.replace("x", "z"), other.replace("x", "z")),
    );
    let error = workspace.refused(&["import", "y.json"]);
    assert!(
        error.contains("holds its run 1 again as run 2 with other values"),
        "{error}"
    );
    assert_eq!(workspace.value("SELECT count(*) FROM runs"), 1);
}
