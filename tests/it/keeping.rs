//! Looking after a store: health, digest, backup, tags, names.

use crate::harness::Workspace;

const SCORES: &str = "model,task,acc\nacme/aurora-7b,gsm8k,0.5\nAcme/Aurora-7B,gsm8k,0.4\n";

fn with_store() -> Workspace {
    let workspace = Workspace::new();
    workspace.file("s.csv", SCORES);
    workspace.ok(&["-q", "import", "s.csv"]);
    workspace
}

#[test]
fn a_healthy_store_says_so() {
    let workspace = with_store();
    let findings = workspace.json(&["doctor"]);
    for finding in findings.as_array().unwrap() {
        assert_eq!(finding["well"], "yes", "{finding}");
    }
}

#[test]
fn a_damaged_store_is_not_well() {
    let workspace = with_store();
    let conn = rusqlite::Connection::open(workspace.path("tradeoff.db")).unwrap();
    conn.execute_batch(
        "PRAGMA foreign_keys = OFF; DELETE FROM metrics; PRAGMA wal_checkpoint(TRUNCATE);",
    )
    .unwrap();
    drop(conn);
    let error = workspace.refused(&["doctor"]);
    assert!(
        error.contains("the store is not well: foreign keys"),
        "{error}"
    );
}

#[test]
fn the_digest_depends_on_the_content_and_on_nothing_else() {
    let a = with_store();
    let digest = a.ok(&["doctor", "--digest"]);
    assert_eq!(digest.trim().len(), 64);
    a.ok(&["-q", "import", "s.csv"]);
    assert_eq!(a.ok(&["doctor", "--digest"]), digest);
    // Another order, another name, another time.
    let b = Workspace::new();
    b.file("t.csv", "model,score\nx,1\n");
    b.file("renamed.csv", SCORES);
    b.ok(&["-q", "import", "t.csv"]);
    b.ok(&["-q", "import", "renamed.csv"]);
    assert_ne!(b.ok(&["doctor", "--digest"]), digest);
    b.ok(&["-q", "sources", "delete", "1"]);
    assert_eq!(b.ok(&["doctor", "--digest"]), digest);
}

#[test]
fn a_backup_is_a_store_with_the_same_content() {
    let workspace = with_store();
    workspace.ok(&["-q", "backup", "copy.db"]);
    assert_eq!(
        workspace.ok(&["--store", "copy.db", "doctor", "--digest"]),
        workspace.ok(&["doctor", "--digest"])
    );
    assert!(
        workspace
            .refused(&["backup", "copy.db"])
            .contains("does not replace it")
    );
    assert!(
        workspace
            .refused(&["backup", "no/where.db"])
            .contains("error")
    );
    assert_eq!(workspace.names(), ["copy.db", "s.csv", "tradeoff.db"]);
}

#[test]
fn a_backup_under_writers_holds_what_some_commit_held() {
    let workspace = with_store();
    std::thread::scope(|scope| {
        for writer in 0..3 {
            let workspace = &workspace;
            scope.spawn(move || {
                for file in 0..6 {
                    let name = format!("w{writer}-{file}.csv");
                    workspace.file(
                        &name,
                        format!("model,score\nw{writer}f{file}a,1\nw{writer}f{file}b,2\n"),
                    );
                    workspace.ok(&["-q", "import", &name]);
                }
            });
        }
        for copy in 0..4 {
            let name = format!("copy{copy}.db");
            workspace.ok(&["-q", "backup", &name]);
            workspace.ok(&["--store", &name, "doctor"]);
            let runs =
                workspace.json(&["--store", &name, "query", "SELECT count(*) AS n FROM runs"]);
            assert_eq!(runs[0]["n"].as_i64().unwrap() % 2, 0);
        }
    });
    assert_eq!(workspace.value("SELECT count(*) FROM runs"), 2 + 3 * 6 * 2);
}

#[test]
fn tags_are_put_on_and_taken_off() {
    let workspace = with_store();
    workspace.ok(&["runs", "tag", "release-1", "1", "2"]);
    assert_eq!(workspace.json(&["runs", "list"])[0]["tags"], "release-1");
    workspace.ok(&["runs", "tag", "release-1", "1", "2", "--remove"]);
    assert_eq!(workspace.value("SELECT count(*) FROM run_tags"), 0);
    assert!(
        workspace
            .refused(&["runs", "tag", "x", "1", "99"])
            .contains("there is no run `99`")
    );
    assert_eq!(workspace.value("SELECT count(*) FROM run_tags"), 0);
}

#[test]
fn merging_two_models_can_be_undone() {
    let workspace = with_store();
    let digest = workspace.ok(&["doctor", "--digest"]);
    workspace.ok(&["models", "merge", "Acme/Aurora-7B", "acme/aurora-7b"]);
    assert_eq!(workspace.value("SELECT count(*) FROM models"), 1);
    // The name as written stays on the run.
    assert_eq!(
        workspace.value("SELECT group_concat(model_raw ORDER BY model_raw) FROM runs"),
        "Acme/Aurora-7B,acme/aurora-7b"
    );
    workspace.ok(&["models", "alias", "Acme/Aurora-7B", "Acme/Aurora-7B"]);
    assert_eq!(workspace.value("SELECT count(*) FROM models"), 2);
    // What the user decided is remembered as decided; everything else is as before.
    assert_ne!(workspace.ok(&["doctor", "--digest"]), digest);
    assert!(
        workspace
            .refused(&["models", "merge", "acme/aurora-7", "x"])
            .contains("did you mean")
    );
}

#[test]
fn a_new_name_is_followed_by_runs_and_later_imports() {
    let workspace = with_store();
    workspace.ok(&["models", "rename", "acme/aurora-7b", "Aurora"]);
    workspace.file("later.csv", "model,task,acc\nacme/aurora-7b,mmlu,0.6\n");
    workspace.ok(&["-q", "import", "later.csv"]);
    assert_eq!(
        workspace.value("SELECT count(*) FROM runs WHERE model = 'Aurora'"),
        2
    );
    assert!(
        workspace
            .refused(&["models", "rename", "Aurora", "Acme/Aurora-7B"])
            .contains("`models merge` makes two one")
    );
}

#[test]
fn names_that_may_be_one_model_are_proposed_and_nothing_is_merged() {
    let workspace = with_store();
    workspace.file(
        "speed.csv",
        "model,decode speed (token/s)\n/models/Aurora-7B.gguf,71\nacme/aurora-1.5b,90\nacme/aurora-7b-chat,60\n",
    );
    workspace.ok(&["-q", "import", "speed.csv"]);
    let found = workspace.ok(&["models", "suggest", "-f", "csv"]);
    assert_eq!(
        found,
        "model,may_be,reason,command\n\
         /models/Aurora-7B.gguf,Acme/Aurora-7B,\"the names differ in the owner before the name, folders, the file's ending\",tradeoff models merge '/models/Aurora-7B.gguf' 'Acme/Aurora-7B'\n\
         acme/aurora-7b,Acme/Aurora-7B,the names differ in case and separators alone,tradeoff models merge 'acme/aurora-7b' 'Acme/Aurora-7B'\n"
    );
    assert_eq!(workspace.value("SELECT count(*) FROM models"), 5);
}

#[test]
fn a_model_is_shown_with_its_names_runs_and_results() {
    let workspace = with_store();
    workspace.ok(&["models", "merge", "Acme/Aurora-7B", "acme/aurora-7b"]);
    let shown = workspace.ok(&["models", "show", "acme/aurora-7b"]);
    for part in ["names", "Acme/Aurora-7B", "runs", "results", "gsm8k"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let rows = workspace.json(&["models", "show", "acme/aurora-7b"]);
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    let error = workspace.refused(&["models", "show", "acme/aurora-7"]);
    assert!(error.contains("did you mean `acme/aurora-7b`?"), "{error}");
}
