//! `trend` and `check` over a store that grows run by run.

use super::harness::Workspace;

/// Noise of about `share`, the same every time: the fractional part of multiples of the golden ratio.
fn noise(i: usize, share: f64) -> f64 {
    let u = (i as f64 * 0.618_033_988_749_895).fract();
    1.0 + share * (2.0 * u - 1.0)
}

/// One run a day of January, from `first` on, with these throughputs.
fn runs(first: usize, throughputs: &[f64]) -> String {
    let mut text = String::from("model,run,output_throughput,started_at\n");
    for (i, value) in throughputs.iter().enumerate() {
        let day = first + i;
        text.push_str(&format!(
            "acme/aurora,r{day},{value},2026-01-{day:02}T10:00:00Z\n"
        ));
    }
    text
}

fn level(level: f64, n: usize) -> Vec<f64> {
    (0..n).map(|i| level * noise(i + 1, 0.01)).collect()
}

fn store(throughputs: &[f64]) -> Workspace {
    let workspace = Workspace::new();
    workspace.file("runs.csv", runs(1, throughputs));
    let ran = workspace.run(&["-q", "import", "runs.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    workspace
}

fn code(workspace: &Workspace, options: &[&str]) -> i32 {
    workspace.run(&[&["check"], options].concat()).code
}

#[test]
fn every_kind_of_baseline_has_all_four_exit_codes() {
    let steady = store(&level(1000.0, 12));
    let mut values = level(1000.0, 12);
    values.push(850.0);
    let worse = store(&values);
    for workspace in [&steady, &worse] {
        let tag = workspace.run(&["-q", "runs", "tag", "good", "1", "2", "3", "4", "5"]);
        assert_eq!(tag.code, 0, "{}", tag.stderr);
    }
    let young = store(&level(1000.0, 2));
    let tag = young.run(&["-q", "runs", "tag", "good", "1"]);
    assert_eq!(tag.code, 0, "{}", tag.stderr);
    for baseline in ["previous", "best", "median:5", "tag:good"] {
        let of = |workspace: &Workspace| code(workspace, &["--baseline", baseline]);
        assert_eq!(
            [of(&steady), of(&worse), of(&young)],
            [0, 1, 3],
            "{baseline}"
        );
        let usage = code(&steady, &["--baseline", baseline, "--metric", "nothing"]);
        assert_eq!(usage, 2, "{baseline}");
    }
    let query = "-- title: Good runs\nSELECT run_id FROM results WHERE run_id <= 5";
    worse.file("queries/good_runs.sql", query);
    assert_eq!(code(&worse, &["--baseline", "query:good_runs"]), 1);
}

#[test]
fn a_regression_is_told_with_its_size_its_interval_and_its_test() {
    let mut values = level(1000.0, 12);
    values.push(850.0);
    let workspace = store(&values);
    let ran = workspace.run(&["check", "--baseline", "median:5", "-f", "markdown"]);
    super::harness::snapshot("check_summary", &ran.stdout);
    let gate = {
        let ran = workspace.run(&["check", "--baseline", "median:5", "-f", "json"]);
        serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap()
    };
    assert_eq!(
        (&gate["outcome"], &gate["tests"]),
        (&"bad".into(), &1.into())
    );
    assert_eq!(gate["comparisons"][0]["verdict"], "regression");
    assert_eq!(gate["comparisons"][0]["run"], 13);
}

#[test]
fn what_vanished_is_told_and_bad_on_request() {
    let workspace = Workspace::new();
    let mut text = String::from("model,run,output_throughput,request_throughput,started_at\n");
    for day in 1..=10 {
        let (a, b) = (1000.0 * noise(day, 0.01), 10.0 * noise(day, 0.01));
        text.push_str(&format!("m,r{day},{a},{b},2026-01-{day:02}T10:00:00Z\n"));
    }
    workspace.file("runs.csv", &text);
    workspace.file(
        "last.csv",
        "model,run,output_throughput,started_at\nm,r11,1001,2026-01-11T10:00:00Z\n",
    );
    workspace.run(&["-q", "import", "runs.csv", "last.csv"]);
    let ran = workspace.run(&["check", "--baseline", "previous"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("vanished: 1 (m, request_throughput)"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        code(&workspace, &["--baseline", "previous", "--require-all"]),
        1
    );
}

#[test]
fn one_run_and_an_empty_store_have_answers_of_their_own() {
    let one = store(&[1000.0]);
    assert_eq!(code(&one, &["--baseline", "previous"]), 3);
    insta::assert_snapshot!(one.refused(&["check", "--baseline", "tag:none"]), @r"
    error: `tag:none` has no complete run
    hint: `tradeoff runs list` shows the runs, their tags and how they ended
    ");
    let trend = one.json(&["trend"]);
    assert_eq!(trend["series"][0]["status"], "too short");
    let empty = Workspace::new();
    insta::assert_snapshot!(empty.refused(&["check", "--baseline", "previous"]), @r"
    error: there is no store `tradeoff.db`
    hint: `tradeoff import FILES…` makes one; `--store FILE` or TRADEOFF_STORE names another
    ");
    insta::assert_snapshot!(one.refused(&["trend", "--metric", "output_throughputs"]), @r"
    error: no series has the metric `output_throughputs`
    hint: did you mean `output_throughput`?
    ");
}

#[test]
fn a_change_that_is_acknowledged_is_the_new_normal() {
    let values = [level(1000.0, 12), level(800.0, 12)].concat();
    let workspace = store(&values);
    let changes =
        |workspace: &Workspace| workspace.json(&["trend"])["series"][0]["change_points"].clone();
    let found = changes(&workspace);
    assert_eq!(found[0]["run"], 13);
    assert_eq!(
        (&found[0]["state"], &found[0]["verdict"]),
        (&"confirmed".into(), &"regression".into())
    );
    assert_eq!(code(&workspace, &["--baseline", "best"]), 1);
    let noted = workspace.run(&[
        "-q",
        "trend",
        "acknowledge",
        "13",
        "--metric",
        "output_throughput",
        "--note",
        "new driver",
    ]);
    assert_eq!(noted.code, 0, "{}", noted.stderr);
    assert_eq!(changes(&workspace)[0]["acknowledged"], "new driver");
    assert_eq!(code(&workspace, &["--baseline", "best"]), 0);
    let list = workspace.json(&["trend", "acknowledged"]);
    assert_eq!(
        (&list[0]["run"], &list[0]["note"]),
        (&13.into(), &"new driver".into())
    );
    workspace.run(&["-q", "trend", "forget", "1"]);
    assert_eq!(code(&workspace, &["--baseline", "best"]), 1);
    insta::assert_snapshot!(workspace.refused(&["trend", "acknowledge", "99", "--note", "x"]), @r"
    error: there is no run `99` in the store
    hint: `tradeoff runs list` shows them
    ");
}

#[test]
fn series_of_a_table_file_need_no_store() {
    let workspace = Workspace::new();
    let mut text = String::from("series,timestamp,value\n");
    for (i, value) in [level(50.0, 15), level(60.0, 15)]
        .concat()
        .iter()
        .enumerate()
    {
        text.push_str(&format!("a,2026-02-{:02},{value}\n", i % 28 + 1));
    }
    workspace.file("series.csv", &text);
    // The times of two months of the same name are mixed, so only their order in the file is right.
    let untimed = text.replace("2026-02-", "day ").replace(",day ", ",d");
    workspace.file("untimed.csv", &untimed);
    let ran = workspace.run(&[
        "trend",
        "--data",
        "untimed.csv",
        "-f",
        "json",
        "--direction",
        "higher",
    ]);
    assert_eq!(
        ran.stderr,
        "note: some cells of `timestamp` are no time, so the rows are taken in their order\n"
    );
    let trend: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let change = &trend["series"][0]["change_points"][0];
    assert_eq!(
        (&change["index"], &change["verdict"]),
        (&15.into(), &"improvement".into())
    );
    assert_eq!(workspace.names(), ["series.csv", "untimed.csv"]);
    workspace.file("bad.csv", "a,b\n1,2\n");
    insta::assert_snapshot!(workspace.refused(&["trend", "--data", "bad.csv"]), @r"
    error: the rows have no column `value`
    hint: a table of series has the columns series, timestamp and value; `tradeoff query --data FILE 'SELECT … AS value FROM data'` renames them
    ");
}

/// The tables of a report in JSON that are the rows of a query.
fn plain_tables(report: &serde_json::Value) -> Vec<serde_json::Value> {
    let sections = report["sections"].as_array().unwrap().iter();
    let blocks = sections.flat_map(|section| section["blocks"].as_array().unwrap());
    let tables = blocks.filter(|block| block["type"] == "table" && !block["sql"].is_null());
    tables.cloned().collect()
}

/// The rows that the query of a table gives.
fn asked_again(workspace: &Workspace, table: &serde_json::Value) -> serde_json::Value {
    let mut arguments = vec![
        "query".to_owned(),
        table["sql"].as_str().unwrap().to_owned(),
    ];
    for (name, text) in table["parameters"].as_object().unwrap() {
        arguments.extend([
            "-p".to_owned(),
            format!("{name}={}", text.as_str().unwrap()),
        ]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    workspace.json(&arguments)
}

#[test]
fn every_plain_table_of_a_report_is_what_its_query_gives() {
    let workspace = store(&[level(1000.0, 12), level(800.0, 12)].concat());
    workspace.run(&["-q", "runs", "tag", "old", "1", "2", "3", "4", "5"]);
    workspace.run(&["-q", "runs", "tag", "new", "20", "21", "22", "23", "24"]);
    for report in [&["trend"][..], &["compare", "tag:old", "tag:new"]] {
        let report = [&["report"], report, &["-f", "json"]].concat();
        let report: serde_json::Value = serde_json::from_str(&workspace.ok(&report)).unwrap();
        let tables = plain_tables(&report);
        assert!(!tables.is_empty());
        for table in tables {
            assert_eq!(asked_again(&workspace, &table), table["rows"]);
        }
    }
}

#[test]
fn the_reports_on_a_history_are_the_same_every_time() {
    let mut text = String::from("model,task,run,acc,output_throughput,started_at\n");
    for (day, speed) in [level(1000.0, 10), level(700.0, 10)]
        .concat()
        .iter()
        .enumerate()
    {
        let day = day + 1;
        text.push_str(&format!(
            "a,,r{day},,{speed:.2},2026-01-{day:02}T10:00:00Z\n"
        ));
    }
    text.push_str("a,gsm8k,s1,0.5,,2026-01-01T00:00:00Z\n");
    text.push_str("b,gsm8k,s2,0.6,,2026-01-05T00:00:00Z\n");
    text.push_str("b,,s3,,500,2026-01-06T00:00:00Z\n");
    let workspace = Workspace::new();
    workspace.file("runs.csv", &text);
    let ran = workspace.run(&["-q", "import", "runs.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report = workspace.ok(&["report", "trend", "--since", "2026-01-10"]);
    super::harness::snapshot("trend_report", &report);
    assert_eq!(
        workspace.ok(&["report", "trend", "--since", "2026-01-10"]),
        report
    );
    let csv = workspace.ok(&["report", "trend", "-f", "csv"]);
    assert!(
        csv.starts_with("series,verdict,change,p,state,before,after,time,run,acknowledged\n"),
        "{csv}"
    );
    workspace.ok(&["report", "trend", "-o", "trend.html"]);
    let html = workspace.read("trend.html");
    assert!(
        html.contains("default-src 'none'") && !html.contains("http://"),
        "{html}"
    );
    assert_eq!(workspace.names(), ["runs.csv", "tradeoff.db", "trend.html"]);
}
