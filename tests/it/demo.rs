//! The main job on the seven models: the exact figures, the files, and that twice is as once.

use crate::harness::{Workspace, snapshot};

fn demo() -> Workspace {
    let workspace = Workspace::new();
    workspace.ok(&["demo"]);
    workspace
}

fn close(found: &serde_json::Value, expected: f64) {
    let found = found.as_f64().unwrap();
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn the_demo_writes_what_it_says() {
    let workspace = demo();
    assert_eq!(
        workspace.names(),
        [
            "demo.db",
            "models.csv",
            "report.md",
            "speed_vs_score.png",
            "speed_vs_score.svg"
        ]
    );
    let svg = workspace.read("speed_vs_score.svg");
    assert!(
        svg.starts_with("<svg") || svg.starts_with("<?xml"),
        "{}",
        &svg[..60]
    );
    for name in ["Qwen1.5-4B-Chat", "Memory³-2B-SFT", "Phi-2"] {
        assert!(svg.contains(name), "{name}");
    }
    let png = std::fs::read(workspace.path("speed_vs_score.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
}

#[test]
fn the_demo_prints_every_command_and_its_answer() {
    let workspace = Workspace::new();
    snapshot("demo", &workspace.ok(&["demo"]));
    snapshot("demo_report", &workspace.read("report.md"));
}

#[test]
fn the_same_demo_again_gives_the_same_bytes() {
    let workspace = demo();
    let first = (
        workspace.read("speed_vs_score.svg"),
        workspace.read("report.md"),
    );
    let png = std::fs::read(workspace.path("speed_vs_score.png")).unwrap();
    workspace.ok(&["demo"]);
    assert_eq!(
        first,
        (
            workspace.read("speed_vs_score.svg"),
            workspace.read("report.md")
        )
    );
    assert_eq!(
        png,
        std::fs::read(workspace.path("speed_vs_score.png")).unwrap()
    );
    assert_eq!(
        workspace
            .json(&["--store", "demo.db", "runs", "list"])
            .as_array()
            .unwrap()
            .len(),
        7
    );
}

#[test]
fn the_demo_leaves_a_file_of_the_users_alone() {
    let workspace = Workspace::new();
    workspace.file("models.csv", "mine");
    let error = workspace.refused(&["demo"]);
    assert!(error.contains("`models.csv` is a file of yours"), "{error}");
    assert_eq!(workspace.read("models.csv"), "mine");
    workspace.ok(&["demo", "elsewhere"]);
    assert!(workspace.path("elsewhere/report.md").exists());
}

#[test]
fn the_frontier_has_the_published_layers() {
    let workspace = demo();
    let found = workspace.json(&["--store", "demo.db", "frontier", "speed_vs_score"]);
    let points: Vec<(String, i64, bool)> = found["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| {
            (
                p["label"].as_str().unwrap().into(),
                p["layer"].as_i64().unwrap(),
                p["on_frontier"].as_bool().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("Qwen1.5-4B-Chat", 1, true),
        ("Qwen1.5-1.8B-Chat", 1, true),
        ("Gemma-2B-it", 1, true),
        ("Memory³-2B-SFT", 2, false),
        ("MiniCPM-2B-SFT", 3, false),
        ("Phi-2", 3, false),
        ("Llama2-7B-Chat", 4, false),
    ];
    assert_eq!(
        points,
        expected.map(|(label, layer, on)| (label.to_owned(), layer, on))
    );
    assert_eq!(found["knee"]["label"], "Qwen1.5-1.8B-Chat");
    close(&found["hypervolume"], 7275.0);
}

#[test]
fn the_fit_has_the_published_figures() {
    let workspace = demo();
    let fit = workspace.json(&["--store", "demo.db", "fit", "speed_vs_score"]);
    assert_eq!(
        (fit["n"].as_i64(), fit["x_scale"].as_str()),
        (Some(7), Some("log10"))
    );
    close(&fit["ols"]["slope"], 6.227_863_899_3);
    close(&fit["ols"]["slope_se"], 23.364_561_294_8);
    close(&fit["ols"]["intercept"], 26.476_467_192_5);
    close(&fit["pearson"]["r"], 0.118_367_518_7);
    close(&fit["pearson"]["p"], 0.800_457_816_4);
    close(&fit["kendall"]["tau"], 1.0 / 7.0);
    close(&fit["kendall"]["p"], 0.772_619_047_6);
    close(&fit["spearman"]["rho"], 5.0 / 28.0);
    close(&fit["spearman"]["p"], 0.713_095_238_1);
    let linear = workspace.json(&["--store", "demo.db", "fit", "speed_vs_score", "--linear-x"]);
    close(&linear["pearson"]["r"], 0.050_137_094_8);
    close(&linear["pearson"]["p"], 0.914_991_562_5);
}

#[test]
fn the_best_score_at_a_required_speed_is_recommended() {
    let workspace = demo();
    let arguments = [
        "--store",
        "demo.db",
        "frontier",
        "speed_vs_score",
        "--require",
        "speed>=600",
    ];
    let found = workspace.json(&arguments);
    assert_eq!(found["recommended"]["label"], "Qwen1.5-1.8B-Chat");
    assert_eq!(found["recommended"]["runner_up"], "Memory³-2B-SFT");
    assert_eq!(found["recommended"]["candidates"], 4);
    let none = workspace.json(&[
        "--store",
        "demo.db",
        "frontier",
        "speed_vs_score",
        "--require",
        "speed>5000",
    ]);
    assert!(none["recommended"].is_null());
}

#[test]
fn the_picture_in_the_readme_is_the_demos() {
    let kept = include_str!("../snapshots/speed_vs_score.svg");
    assert!(
        demo().read("speed_vs_score.svg") == kept,
        "draw it anew: tradeoff demo, then copy speed_vs_score.svg"
    );
}
