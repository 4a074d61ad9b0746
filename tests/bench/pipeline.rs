//! What a command costs: whole processes of a release build, and the chart alone.
//!
//! `cargo bench` prints the times. Only ratios within one run compare; nothing is asserted.

use std::path::PathBuf;
use std::process::Command;

use tradeoff::chart::{self, Axis, Paper, Point, Scatter};

fn main() {
    divan::main();
}

/// A folder with the demo in it, made once.
fn demo() -> &'static PathBuf {
    static FOLDER: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("tradeoff-bench-{}", std::process::id()));
        run(&["demo", folder.to_str().unwrap_or(".")]);
        folder
    })
}

fn run(arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_tradeoff"))
        .args(arguments)
        .output();
    assert!(output.is_ok_and(|o| o.status.success()), "{arguments:?}");
}

fn at(name: &str) -> String {
    demo().join(name).display().to_string()
}

#[divan::bench]
fn version_process() {
    run(&["--version"]);
}

#[divan::bench]
fn query_on_a_store_process() {
    run(&[
        "--store",
        &at("demo.db"),
        "query",
        "SELECT model, value FROM latest",
    ]);
}

#[divan::bench]
fn saved_query_process() {
    run(&["--store", &at("demo.db"), "query", "speed_vs_score"]);
}

#[divan::bench]
fn import_seven_models_process() {
    let store = at("fresh.db");
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{store}{ending}"));
    }
    run(&["-q", "--store", &store, "import", &at("models.csv")]);
}

#[divan::bench]
fn seven_points_to_svg_process() {
    run(&[
        "--store",
        &at("demo.db"),
        "plot",
        "speed_vs_score",
        "-o",
        &at("bench.svg"),
    ]);
}

#[divan::bench]
fn seven_points_to_png_process() {
    run(&[
        "--store",
        &at("demo.db"),
        "plot",
        "speed_vs_score",
        "-o",
        &at("bench.png"),
    ]);
}

/// Points spread over the plot by two irrational steps.
fn spread(n: usize) -> Scatter {
    let points = (1..=n).map(|i| Point {
        label: format!("acme/model-{i:03}"),
        x: 100.0 * 10f64.powf((i as f64 * 0.754_877_666).fract()),
        y: 20.0 + 60.0 * (i as f64 * 0.569_840_291).fract(),
        ..Point::default()
    });
    Scatter {
        title: "spread".to_owned(),
        x: Axis {
            title: "speed".to_owned(),
            log: true,
            higher_is_better: Some(true),
        },
        y: Axis {
            title: "score".to_owned(),
            log: false,
            higher_is_better: Some(true),
        },
        points: points.collect(),
        ..Scatter::default()
    }
}

#[divan::bench(args = [7, 50, 200])]
fn labels_and_svg(n: usize) {
    let _ = chart::scatter(&spread(n), Paper::default());
}
