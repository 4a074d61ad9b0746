//! Speed and score of one model under two names, and stores with more than one of each.

use crate::harness::{Workspace, snapshot};

fn scores_and_speeds(speeds: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.file(
        "scores.csv",
        "model,task,acc\nacme/aurora-7b,gsm8k,0.5\nacme/borealis-3b,gsm8k,0.4\n",
    );
    workspace.file("speeds.csv", speeds);
    workspace.ok(&["-q", "import", "scores.csv", "speeds.csv"]);
    workspace
}

#[test]
fn two_names_of_one_model_are_pointed_at_and_joined() {
    let workspace = scores_and_speeds(
        "model,output_throughput\n/models/aurora-7b.gguf,500\n/models/Borealis_3B.gguf,900\n",
    );
    for arguments in [
        &["plot", "speed_vs_score", "-o", "c.svg"][..],
        &["frontier", "speed_vs_score"],
        &["report", "tradeoff", "speed_vs_score", "-o", "r.md"],
    ] {
        snapshot("two_names_of_one_model", &workspace.refused(arguments));
    }
    assert_eq!(
        workspace.names(),
        ["scores.csv", "speeds.csv", "tradeoff.db"]
    );
    workspace.ok(&[
        "models",
        "alias",
        "/models/aurora-7b.gguf",
        "acme/aurora-7b",
    ]);
    workspace.ok(&[
        "models",
        "alias",
        "/models/Borealis_3B.gguf",
        "acme/borealis-3b",
    ]);
    workspace.ok(&["plot", "speed_vs_score", "-o", "c.svg"]);
    assert_eq!(
        workspace
            .json(&["query", "speed_vs_score"])
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn several_speeds_and_scores_are_listed_for_choosing_and_never_averaged() {
    let workspace = scores_and_speeds(
        "model,output_throughput,concurrency\nacme/aurora-7b,500,1\nacme/aurora-7b,2500,32\nacme/borealis-3b,900,1\nacme/borealis-3b,4000,32\n",
    );
    workspace.file(
        "more.csv",
        "model,task,acc\nacme/aurora-7b,mmlu,0.6\nacme/borealis-3b,mmlu,0.55\n",
    );
    workspace.ok(&["-q", "import", "more.csv"]);
    snapshot(
        "several_speeds_and_scores",
        &workspace.refused(&["query", "speed_vs_score"]),
    );
    let one = workspace.json(&[
        "query",
        "speed_vs_score",
        "-p",
        "task=mmlu",
        "-p",
        "workload=concurrency 32",
    ]);
    let speeds: Vec<_> = one
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["speed"].as_f64().unwrap())
        .collect();
    assert_eq!(speeds, [2500.0, 4000.0]);
}

#[test]
fn two_rows_of_one_model_are_told_apart() {
    let workspace = scores_and_speeds(
        "model,output_throughput,hardware\nacme/aurora-7b,500,A100\nacme/aurora-7b,900,H100\nacme/borealis-3b,1200,H100\n",
    );
    snapshot(
        "two_rows_of_one_model",
        &workspace.refused(&["plot", "speed_vs_score", "-o", "c.svg"]),
    );
    workspace.ok(&[
        "plot",
        "speed_vs_score",
        "-p",
        "hardware=H100",
        "-o",
        "c.svg",
    ]);
}

#[test]
fn a_latency_puts_the_better_side_on_the_left() {
    let workspace = scores_and_speeds("model,ttft (ms)\nacme/aurora-7b,12\nacme/borealis-3b,20\n");
    let found = workspace.json(&["frontier", "speed_vs_score"]);
    assert_eq!(found["objectives"][0]["direction"], "lower");
    assert_eq!(found["points"][0]["label"], "acme/aurora-7b");
    assert_eq!(found["dominated"], 1);
}
