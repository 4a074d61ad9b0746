//! Whatever is wrong, one clear error names it, the exit code is 2, and nothing was changed.

use crate::harness::{Workspace, snapshot};

const GOOD: &str =
    "model,speed (token/s),score\nacme/aurora-7b,500,40.5\nacme/borealis-3b,900,31\n";

/// A folder with a store of two models.
fn with_store() -> (Workspace, Vec<u8>) {
    let workspace = Workspace::new();
    workspace.file("good.csv", GOOD);
    workspace.ok(&["import", "good.csv"]);
    let bytes = std::fs::read(workspace.path("tradeoff.db")).unwrap();
    (workspace, bytes)
}

/// The refusal of a command, which must leave store and folder as they were.
fn refusal(files: &[(&str, &str)], arguments: &[&str]) -> String {
    let (workspace, before) = with_store();
    for (name, content) in files {
        workspace.file(name, content);
    }
    let names = workspace.names();
    let error = workspace.refused(arguments);
    assert_eq!(
        std::fs::read(workspace.path("tradeoff.db")).unwrap(),
        before,
        "the store changed"
    );
    assert_eq!(workspace.names(), names, "a file was left behind");
    error
}

#[test]
fn a_file_of_unknown_format() {
    insta::assert_snapshot!(refusal(&[("notes.json", "{\"hello\": 1}")], &["-q", "import", "notes.json"]), @r"
    error: `notes.json` is a JSON object with keys `hello`; no import format recognises it
    hint: `tradeoff formats` lists what is recognised; `--from FORMAT` forces one
    ");
}

#[test]
fn a_json_file_that_was_cut_off() {
    let cut = "{\"results\": {\"gsm8k\": {\"acc,none\": 0.5,\n  \"acc_stderr,none\": 0.0";
    insta::assert_snapshot!(refusal(&[("cut.json", cut)], &["-q", "import", "cut.json", "--from", "lm-eval"]), @r"
    error: `cut.json`, line 2, column 24: the file ends while parsing an object
    hint: the file may have been cut off; nothing of it was stored
    ");
}

#[test]
fn a_table_without_a_model_column() {
    insta::assert_snapshot!(refusal(&[("t.csv", "gpu,speed\nH100,500\n")], &["-q", "import", "t.csv"]), @r"
    error: `t.csv` does not say which model it is about
    hint: name it with `--model NAME`, or the column that holds it with `--map COLUMN=model`
    ");
}

#[test]
fn text_in_a_column_of_numbers() {
    let table = "model,score\na,1\nb,2\nc,3\nd,4\ne,5\nf,six\n";
    snapshot(
        "text_in_a_column_of_numbers",
        &refusal(&[("t.csv", table)], &["-q", "import", "t.csv"]),
    );
}

#[test]
fn a_saved_query_that_does_not_exist() {
    insta::assert_snapshot!(refusal(&[], &["query", "speed_vs_scor"]), @r"
    error: no saved query is named `speed_vs_scor` (did you mean `speed_vs_score`?); `queries list` shows all
    hint: one word is a saved query's name; SQL has several
    ");
}

#[test]
fn a_query_that_writes() {
    insta::assert_snapshot!(refusal(&[], &["query", "DELETE FROM runs"]), @r"
    error: refused: `DELETE` is not reading
    hint: `query` only reads: SELECT, WITH or VALUES; `import`, `runs delete` and `models alias` change the store
    ");
}

#[test]
fn statements_that_get_through_a_read_only_connection() {
    for sql in [
        "ATTACH 'other.db' AS other",
        "VACUUM INTO 'copy.db'",
        "PRAGMA query_only = 0",
        "PRAGMA journal_mode = DELETE",
        "CREATE TEMP TABLE t (a)",
        "SELECT load_extension('x')",
        "SELECT fts3_tokenizer('simple')",
        "SELECT 1; DELETE FROM runs",
        "; DELETE FROM runs",
        "\u{feff}DELETE FROM runs",
        "/* */ -- x\nDELETE FROM runs",
        "WITH x AS (SELECT 1) DELETE FROM runs",
        "INSERT INTO models (name) VALUES ('x') RETURNING name",
        "REPLACE INTO models (name) VALUES ('x')",
        "BEGIN IMMEDIATE",
        "SELECT hex(zeroblob(400000000))",
        "SELECT \"no such column\"",
        "",
    ] {
        let error = refusal(&[], &["query", sql]);
        assert!(error.starts_with("error: "), "{sql}: {error}");
    }
}

#[test]
fn an_endless_query_is_stopped_at_its_limit() {
    let endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    insta::assert_snapshot!(refusal(&[], &["query", endless, "--timeout", "0.2"]), @r"
    error: the query was stopped
    hint: give it more time with `--timeout SECONDS`, or narrow it with WHERE
    ");
}

#[test]
fn a_store_of_a_newer_version() {
    let workspace = Workspace::new();
    let conn = rusqlite::Connection::open(workspace.path("tradeoff.db")).unwrap();
    conn.execute_batch(
        "PRAGMA application_id = 1953653862; CREATE TABLE future (x); PRAGMA user_version = 999;",
    )
    .unwrap();
    drop(conn);
    workspace.file("good.csv", GOOD);
    let before = std::fs::read(workspace.path("tradeoff.db")).unwrap();
    for arguments in [
        &["-q", "import", "good.csv"][..],
        &["query", "SELECT 1"],
        &["runs", "delete", "1"],
    ] {
        snapshot("a_store_of_a_newer_version", &workspace.refused(arguments));
        assert_eq!(
            std::fs::read(workspace.path("tradeoff.db")).unwrap(),
            before
        );
    }
}

#[test]
fn a_database_of_somebody_else() {
    let workspace = Workspace::new();
    let conn = rusqlite::Connection::open(workspace.path("tradeoff.db")).unwrap();
    conn.execute_batch("CREATE TABLE bookmarks (url);").unwrap();
    drop(conn);
    workspace.file("good.csv", GOOD);
    workspace.file(
        "text.db",
        "not a database at all, just some text that is long enough to be one",
    );
    let before = std::fs::read(workspace.path("tradeoff.db")).unwrap();
    insta::assert_snapshot!(workspace.refused(&["-q", "import", "good.csv"]), @r"
    error: `tradeoff.db` is not a store of this program
    hint: `--store FILE` names another file
    ");
    assert_eq!(
        std::fs::read(workspace.path("tradeoff.db")).unwrap(),
        before
    );
    workspace.refused(&["--store", "text.db", "query", "SELECT 1"]);
    workspace.refused(&["--store", "text.db", "import", "good.csv"]);
}

#[test]
fn a_speed_of_zero_on_a_log_axis() {
    let table = [("z.csv", "model,speed,score\na,0,1\nb,2,2\nc,3,3\n")];
    let expected = "error: column `speed`, row 1 (`a`): 0 has no place on a logarithmic axis\n\
                    hint: leave the row out with `WHERE speed > 0`, or give the axis a linear scale\n";
    let axes = ["--data", "z.csv", "--x", "speed", "--y", "score", "--log-x"];
    assert_eq!(refusal(&table, &[&["fit"], &axes[..]].concat()), expected);
    assert_eq!(
        refusal(&table, &[&["plot"], &axes[..], &["-o", "c.svg"]].concat()),
        expected
    );
}

#[test]
fn a_command_that_only_reads_makes_no_store() {
    let workspace = Workspace::new();
    insta::assert_snapshot!(workspace.refused(&["query", "SELECT 1"]), @r"
    error: there is no store `tradeoff.db`
    hint: `tradeoff import FILES…` makes one; `--store FILE` or TRADEOFF_STORE names another
    ");
    for arguments in [
        &["runs", "list"][..],
        &["models", "list"],
        &["runs", "delete", "1"],
        &["sources", "delete", "1"],
    ] {
        workspace.refused(arguments);
    }
    assert_eq!(workspace.names(), Vec::<String>::new());
}

#[test]
fn one_bad_file_keeps_all_out_unless_told_otherwise() {
    let workspace = Workspace::new();
    workspace.file("in/good.csv", GOOD);
    workspace.file("in/bad.csv", "model,score\na,1\nb\n,\"");
    workspace.file("in/readme.txt", "nothing to see");
    let ran = workspace.run(&["import", "in"]);
    assert_eq!(ran.code, 2);
    assert!(
        !workspace.path("tradeoff.db").exists(),
        "an empty store was left behind"
    );
    let ran = workspace.run(&["import", "in", "--keep-going", "-f", "json"]);
    assert_eq!(ran.code, 2);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let status: Vec<_> = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["status"].clone())
        .collect();
    assert_eq!(status, ["failed", "imported", "skipped"]);
    assert_eq!(workspace.value("SELECT count(*) FROM runs"), 2);
}

#[test]
fn a_chart_cannot_be_written_over_the_store_or_into_nowhere() {
    let (workspace, before) = with_store();
    std::fs::rename(workspace.path("tradeoff.db"), workspace.path("s.svg")).unwrap();
    let error = workspace.refused(&["--store", "s.svg", "plot", "speed_vs_score", "-o", "s.svg"]);
    assert!(error.contains("is the store"), "{error}");
    assert_eq!(std::fs::read(workspace.path("s.svg")).unwrap(), before);
    let error = workspace.refused(&[
        "--store",
        "s.svg",
        "plot",
        "speed_vs_score",
        "-o",
        "no/where.svg",
    ]);
    assert!(error.contains("no/where.svg"), "{error}");
    let error = workspace.refused(&[
        "--store",
        "s.svg",
        "plot",
        "speed_vs_score",
        "-o",
        "chart.pdf",
    ]);
    assert!(error.contains("neither .svg nor .png"), "{error}");
}

#[test]
fn the_files_that_sqlite_keeps_beside_the_store_cannot_be_the_output() {
    let workspace = Workspace::new();
    workspace.file("good.csv", GOOD);
    workspace.ok(&["-q", "import", "good.csv"]);
    for ending in ["-wal", "-shm", "-journal"] {
        let name = format!("tradeoff.db{ending}");
        let ran = workspace.run(&["query", "SELECT 1", "-f", "csv", "-o", &name]);
        let expected = format!("error: `{name}` belongs to the store, it cannot be the output\n");
        assert_eq!((ran.code, ran.stderr), (2, expected));
    }
    workspace.ok(&["query", "SELECT count(*) FROM results"]);
}
