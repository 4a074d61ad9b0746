//! Statements that try to write, to reach out, or never to end: all refused or stopped, and the store
//! and its folder are as before.

use std::time::{Duration, Instant};

use crate::harness::Workspace;

/// Statements that must be refused at once.
const REFUSED: &[&str] = &[
    "INSERT INTO models (name) VALUES ('x')",
    "REPLACE INTO models (name) VALUES ('x')",
    "UPDATE runs SET model = NULL",
    "DELETE FROM runs",
    "DROP TABLE runs",
    "DROP VIEW results",
    "DROP INDEX runs_at",
    "CREATE TABLE t (x)",
    "CREATE TABLE t AS SELECT 1",
    "CREATE TEMP TABLE t (x)",
    "CREATE TEMP VIEW t AS SELECT 1",
    "CREATE VIEW t AS SELECT 1",
    "CREATE INDEX i ON runs (model)",
    "CREATE TRIGGER t AFTER INSERT ON runs BEGIN SELECT 1; END",
    "CREATE TEMP TRIGGER t AFTER INSERT ON runs BEGIN SELECT 1; END",
    "CREATE VIRTUAL TABLE t USING fts5(x)",
    "ALTER TABLE runs ADD COLUMN x",
    "ALTER TABLE runs RENAME TO r",
    "ALTER TABLE runs DROP COLUMN note",
    "ATTACH 'other.db' AS o",
    "ATTACH ':memory:' AS o",
    "ATTACH '' AS o",
    "ATTACH DATABASE 'file:other.db?mode=rwc' AS o",
    "DETACH main",
    "VACUUM",
    "VACUUM INTO 'copy.db'",
    "REINDEX",
    "ANALYZE",
    "BEGIN",
    "BEGIN EXCLUSIVE",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT s",
    "RELEASE s",
    "PRAGMA user_version = 9",
    "PRAGMA user_version",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA journal_mode",
    "PRAGMA writable_schema = 1",
    "PRAGMA query_only = 0",
    "PRAGMA trusted_schema = 1",
    "PRAGMA foreign_keys = 0",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA mmap_size = 1000000000",
    "PRAGMA temp_store_directory = '/tmp'",
    "PRAGMA hard_heap_limit = 1",
    "PRAGMA incremental_vacuum",
    "PRAGMA optimize",
    "PRAGMA schema_version = 1",
    "SELECT * FROM pragma_user_version",
    "SELECT * FROM pragma_journal_mode",
    "SELECT * FROM pragma_wal_checkpoint",
    "SELECT load_extension('x.so')",
    "SELECT load_extension('x.so', 'init')",
    "SELECT fts3_tokenizer('simple', x'00')",
    "SELECT readfile('/etc/passwd')",
    "SELECT writefile('x', 'y')",
    "SELECT edit('x')",
    "SELECT 1; DROP TABLE runs",
    "SELECT 1; SELECT 2",
    "; DELETE FROM runs",
    "/* SELECT */ DELETE FROM runs",
    "-- SELECT\nDELETE FROM runs",
    "\u{feff}DELETE FROM runs",
    "WITH x AS (SELECT 1) DELETE FROM runs",
    "WITH x AS (SELECT 1) INSERT INTO models SELECT 'y', NULL, NULL, NULL, NULL, NULL FROM x",
    "WITH x AS (DELETE FROM runs RETURNING id) SELECT * FROM x",
    "DELETE FROM runs RETURNING id",
    "INSERT INTO models (name) VALUES ('x') RETURNING name",
    "EXPLAIN DELETE FROM runs",
    "EXPLAIN QUERY PLAN DELETE FROM runs",
    "SELECT \"no such column\" FROM runs",
    "",
    ";",
    "-- nothing",
];

/// Statements that are allowed to begin and must be stopped.
const STOPPED: &[&str] = &[
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n ORDER BY i DESC",
    "WITH RECURSIVE n(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM n) SELECT max(length(s)) FROM n",
    "WITH n(i) AS (SELECT value FROM json_each('[' || rtrim(replace(hex(zeroblob(2000)), '00', '1,'), ',') || ']')) SELECT count(*) FROM n a, n b, n c, n d",
    "SELECT length(hex(zeroblob(1000000000)))",
    "SELECT length(hex(hex(hex(zeroblob(4000000)))))",
    "SELECT length(replace(hex(zeroblob(4000000)), '0', hex(zeroblob(1000))))",
    "SELECT length(printf('%.*c', 2000000000, 'x'))",
    "SELECT length(printf('%1000000000s', 'x'))",
    "SELECT length(group_concat(hex(zeroblob(1000000)))) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) SELECT i FROM n)",
    "SELECT length(json_group_array(hex(zeroblob(1000000)))) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) SELECT i FROM n)",
    "SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i || 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' LIKE '%a%a%a%a%a%a%a%a%a%a%b' AS x FROM n) WHERE x",
    "SELECT median(i) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)",
];

fn with_store() -> Workspace {
    let workspace = Workspace::new();
    workspace.file("s.csv", "model,task,acc\na,gsm8k,0.5\nb,gsm8k,0.4\n");
    workspace.ok(&["-q", "import", "s.csv"]);
    workspace
}

#[test]
fn a_statement_that_does_more_than_read_is_refused_and_leaves_no_trace() {
    let workspace = with_store();
    let before = std::fs::read(workspace.path("tradeoff.db")).unwrap();
    for statement in REFUSED {
        let error = workspace.refused(&["query", statement]);
        assert!(error.starts_with("error: "), "{statement}: {error}");
    }
    assert_eq!(workspace.names(), ["s.csv", "tradeoff.db"]);
    assert_eq!(
        std::fs::read(workspace.path("tradeoff.db")).unwrap(),
        before
    );
}

#[test]
fn a_statement_without_end_is_stopped_in_time() {
    let workspace = with_store();
    for statement in STOPPED {
        let begin = Instant::now();
        let error = workspace.refused(&["query", statement, "--timeout", "1"]);
        assert!(error.starts_with("error: "), "{statement}: {error}");
        // The limit and half a second, with room for a machine that is busy with other tests.
        assert!(begin.elapsed() < Duration::from_secs(5), "{statement}");
    }
    assert_eq!(workspace.names(), ["s.csv", "tradeoff.db"]);
}

#[test]
fn a_hostile_name_of_a_query_leads_nowhere() {
    let workspace = with_store();
    workspace.file("secret.sql", "-- title: secret\nSELECT 1");
    workspace.file("queries/good.sql", "-- title: good\nSELECT 1 AS one");
    #[cfg(unix)]
    std::os::unix::fs::symlink("../secret.sql", workspace.path("queries/link.sql")).unwrap();
    assert!(workspace.ok(&["query", "good"]).contains("one"));
    for name in [
        "../secret",
        "/etc/passwd",
        "queries/../secret",
        "..",
        "./good",
    ] {
        for arguments in [["query", name], ["plot", name]] {
            workspace.refused(&[arguments[0], arguments[1]]);
        }
        workspace.refused(&["queries", "show", name]);
    }
    #[cfg(unix)]
    assert!(workspace.refused(&["query", "link"]).contains("link.sql"));
}

#[test]
fn a_store_with_views_and_triggers_of_a_stranger_is_read_safely() {
    let workspace = with_store();
    let conn = rusqlite::Connection::open(workspace.path("tradeoff.db")).unwrap();
    conn.execute_batch(
        "CREATE VIEW evil AS SELECT load_extension('x.so') AS x;
         CREATE VIEW \"a\u{1b}[2Jb\" AS SELECT 1 AS \"c\u{1b}[31m\";
         CREATE TRIGGER t INSTEAD OF DELETE ON evil BEGIN DELETE FROM runs; END;",
    )
    .unwrap();
    drop(conn);
    workspace.refused(&["query", "SELECT * FROM evil"]);
    let shown = workspace.ok(&["query", "SELECT * FROM \"a\u{1b}[2Jb\""]);
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
    let names = workspace.ok(&[
        "query",
        "SELECT name FROM sqlite_schema WHERE type = 'view'",
    ]);
    assert!(!names.contains('\u{1b}'), "{names:?}");
}

#[cfg(unix)]
#[test]
fn a_store_in_a_read_only_folder_still_answers() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = with_store();
    let folder = workspace.path("sealed");
    std::fs::create_dir(&folder).unwrap();
    workspace.ok(&["-q", "backup", "sealed/tradeoff.db"]);
    let mode = |mode| std::fs::set_permissions(&folder, PermissionsExt::from_mode(mode)).unwrap();
    mode(0o555);
    let rows = workspace.ok(&[
        "--store",
        "sealed/tradeoff.db",
        "query",
        "SELECT count(*) AS n FROM runs",
        "-f",
        "csv",
    ]);
    mode(0o755);
    assert_eq!(rows, "n\n2\n");
}
