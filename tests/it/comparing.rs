//! `compare`: the whole command on small stores.

use crate::harness::{Workspace, snapshot};

/// Six runs of a build and six of the next, 7 % slower; one on another card; two models with scores.
fn with_store() -> Workspace {
    let workspace = Workspace::new();
    let mut speeds = String::from(
        "model,run,time,hardware,concurrency,\"output_throughput (tokens/s)\",ttft_ms\n",
    );
    let olds = [1003.1, 994.2, 1010.4, 998.7, 1001.9, 989.5];
    let news = [931.2, 925.8, 940.1, 929.9, 935.3, 921.4];
    for (build, month, values) in [("old", 1, olds), ("new", 2, news)] {
        for (i, value) in values.iter().enumerate() {
            let ttft = 50.0 + (i as f64 - 2.5) * 0.2;
            speeds.push_str(&format!(
                "a,{build}{i},2026-0{month}-0{},H100,8,{value},{ttft}\n",
                i + 1
            ));
        }
    }
    speeds.push_str("a,other,2026-02-09,A100,8,500,90\n");
    workspace.file("speed.csv", speeds);
    workspace.file(
        "score.csv",
        "model,task,acc,acc_stderr\na,gsm8k,0.61,0.013\nb,gsm8k,0.58,0.013\na,mmlu,0.7,0.004\nb,mmlu,0.66,0.004\n",
    );
    workspace.ok(&["-q", "import", "speed.csv"]);
    workspace.ok(&["-q", "import", "score.csv"]);
    workspace.ok(&["-q", "runs", "tag", "old", "1", "2", "3", "4", "5", "6"]);
    workspace.ok(&["-q", "runs", "tag", "new", "7", "8", "9", "10", "11", "12"]);
    workspace
}

#[test]
fn two_builds_of_six_runs_each() {
    let workspace = with_store();
    let ran = workspace.run(&["compare", "tag:old", "tag:new"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    snapshot("compare_builds", &format!("{}\n{}", ran.stdout, ran.stderr));
    let json = workspace.json(&["compare", "old", "new"]);
    let first = &json["comparisons"][0];
    assert_eq!(first["verdict"], "regression");
    assert_eq!(first["metric"], "output_throughput");
    // Two of the 924 ways to deal twelve ranks to two sides are as extreme; two tests.
    assert!((first["p"].as_f64().unwrap() - 2.0 / 924.0).abs() < 1e-12);
    assert!((first["p_adjusted"].as_f64().unwrap() - 4.0 / 924.0).abs() < 1e-12);
    assert_eq!(json["comparisons"][1]["verdict"], "unchanged");
    assert_eq!(json["differences"].as_array().unwrap().len(), 0);
}

#[test]
fn what_a_script_asks_to_fail_on_decides_the_exit_code() {
    let workspace = with_store();
    let code = |arguments: &[&str]| workspace.run(arguments).code;
    assert_eq!(
        code(&["compare", "old", "new", "--fail-on", "regression"]),
        1
    );
    assert_eq!(
        code(&["compare", "new", "old", "--fail-on", "regression"]),
        0
    );
    assert_eq!(
        code(&["compare", "old", "new", "--fail-on", "undecided"]),
        0
    );
    let large = [
        "compare",
        "old",
        "new",
        "--min-effect",
        "10%",
        "--fail-on",
        "regression",
    ];
    assert_eq!(code(&large), 0);
}

#[test]
fn unlike_things_are_refused_with_exactly_what_differs() {
    let workspace = with_store();
    let error = workspace.refused(&["compare", "tag:old", "run:13"]);
    assert!(
        error.starts_with("error: the two sides differ in hardware (H100 against A100)\n"),
        "{error}"
    );
    let json = workspace.json(&["compare", "tag:old", "run:13", "--force"]);
    assert_eq!(json["differences"][0]["setting"], "hardware");
    assert_eq!(json["comparisons"][0]["verdict"], "regression");
}

#[test]
fn scores_with_errors_are_compared_by_them_and_called_conservative() {
    let workspace = with_store();
    let json = workspace.json(&["compare", "run:14", "run:15"]);
    let of = |task: &str| {
        let mut all = json["comparisons"].as_array().unwrap().iter();
        all.find(|c| c["task"] == task).unwrap().clone()
    };
    assert_eq!(
        (
            of("mmlu")["verdict"].as_str(),
            of("gsm8k")["verdict"].as_str()
        ),
        (Some("regression"), Some("undecided"))
    );
    // (0.66 - 0.70) / (0.004 √2)
    assert!(of("mmlu")["p"].as_f64().unwrap() < 1e-11);
    assert!(
        of("mmlu")["test"]
            .as_str()
            .unwrap()
            .contains("conservative")
    );
}

#[test]
fn the_same_questions_are_compared_one_by_one() {
    let workspace = Workspace::new();
    for (name, model, right) in [("a", "acme/a", 18), ("b", "acme/b", 6)] {
        let stamp = "2026-01-02T03-04-05.678901";
        workspace.file(
            &format!("{name}/results_{stamp}.json"),
            format!(
                "{{\"results\": {{\"toy\": {{\"acc,none\": {}, \"acc_stderr,none\": 0.1}}}}, \"versions\": {{\"toy\": 1}}, \"n-shot\": {{\"toy\": 0}}, \"higher_is_better\": {{\"toy\": {{\"acc\": true}}}}, \"configs\": {{}}, \"model_name\": \"{model}\", \"config\": {{}}}}",
                f64::from(right) / 20.0
            ),
        );
        let lines: String = (0..20)
            .map(|i| {
                let acc = if i < right { "1.0" } else { "0.0" };
                format!("{{\"doc_id\": {i}, \"doc\": {{}}, \"target\": \"x\", \"resps\": [], \"filtered_resps\": [], \"filter\": \"none\", \"metrics\": [\"acc\"], \"doc_hash\": \"h{i}\", \"acc\": {acc}}}\n")
            })
            .collect();
        workspace.file(&format!("{name}/samples_toy_{stamp}.jsonl"), lines);
    }
    workspace.ok(&["-q", "import", "a", "b"]);
    let json = workspace.json(&["compare", "model:acme/a", "model:acme/b"]);
    let only = &json["comparisons"][0];
    assert_eq!(only["test"], "McNemar, exact, on the same questions");
    // Twelve questions lost and none won: 2/2¹².
    assert!((only["p"].as_f64().unwrap() - 2.0 / 4096.0).abs() < 1e-15);
    assert_eq!(only["verdict"], "regression");
}

#[test]
fn sides_that_mean_nothing_several_things_or_the_same_are_refused() {
    let workspace = with_store();
    workspace.ok(&["-q", "runs", "tag", "a", "1"]);
    let cases = [
        (
            ["compare", "zzz", "new"],
            "there is no run, tag, model or saved query `zzz`",
        ),
        (["compare", "a", "new"], "`a` has several meanings"),
        (["compare", "run:1", "run:1"], "have runs in common"),
        (["compare", "run:1", "run:14"], "no metric in common"),
        (["compare", "run:x", "run:1"], "`x` is no run's number"),
        (["compare", "run:99", "run:1"], "there is no run `99`"),
        (
            ["compare", "tag:none", "run:1"],
            "`tag:none` has no complete run",
        ),
        (
            ["compare", "query:leaderboard", "query:no_such"],
            "no saved query is named `no_such`",
        ),
    ];
    for (arguments, expected) in cases {
        let error = workspace.refused(&arguments);
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
}

#[test]
fn a_metric_without_a_direction_is_asked_for() {
    let workspace = Workspace::new();
    workspace.file("t.csv", "model,frobnication\na,1\nb,2\n");
    workspace.ok(&["-q", "import", "t.csv"]);
    let error = workspace.refused(&["compare", "run:1", "run:2"]);
    assert!(
        error.contains("nothing says whether a higher or a lower `frobnication` is better"),
        "{error}"
    );
    workspace.ok(&[
        "-q",
        "metrics",
        "set",
        "frobnication",
        "--direction",
        "higher",
    ]);
    let json = workspace.json(&["compare", "run:1", "run:2"]);
    assert_eq!(json["comparisons"][0]["verdict"], "undecided");
    assert_eq!(
        json["comparisons"][0]["test"],
        "none: no uncertainty recorded"
    );
}
