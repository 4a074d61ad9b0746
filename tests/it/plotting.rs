//! Pictures from queries: what is in the files, and what is said about them.

use super::harness::Workspace;

const MODELS: &str = "model,maker,params,hardware,speed,score,score_stderr\n\
    a1,acme,7,L4,90,61,1.2\na2,acme,3,L4,150,52,1.1\nb1,beta,1,L4,300,40,1.3\n\
    a1,acme,7,H100,400,61,1.2\na2,acme,3,H100,650,52,1.1\nb1,beta,1,H100,1200,40,1.3\n";

fn models() -> Workspace {
    let workspace = Workspace::new();
    workspace.file("models.csv", MODELS);
    workspace
}

const AXES: [&str; 8] = [
    "plot",
    "--data",
    "models.csv",
    "--x",
    "speed",
    "--log-x",
    "--y",
    "score",
];

/// The number of times a mark stands in a picture.
fn count(svg: &str, class: &str) -> usize {
    svg.matches(&format!("class=\"{class}")).count()
}

#[test]
fn a_scatter_shows_groups_areas_and_medians() {
    let workspace = models();
    let cues = [
        "--color",
        "maker",
        "--area",
        "params",
        "--quadrants",
        "-o",
        "c.svg",
        "-o",
        "c.png",
    ];
    let ran = workspace.run(&[&AXES[..], &cues].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("warning: the rows differ in `hardware` (H100, L4)"),
        "{}",
        ran.stderr
    );
    let svg = workspace.read("c.svg");
    assert_eq!(count(&svg, "point"), 6);
    for text in [
        "data-group=\"acme\"",
        "data-size=\"7\"",
        "medians of the 6 points (350, 52)",
    ] {
        assert!(svg.contains(text), "{text}");
    }
    let png = std::fs::read(workspace.path("c.png")).unwrap();
    assert_eq!(png.get(1..4), Some(&b"PNG"[..]));
    let silent = workspace.run(&[&AXES[..], &cues, &["--allow-mixed"]].concat());
    assert!(!silent.stderr.contains("warning"), "{}", silent.stderr);
}

#[test]
fn panels_split_what_should_not_be_set_side_by_side() {
    let workspace = models();
    let ran = workspace.run(&[&AXES[..], &["--by", "hardware", "-o", "panels.svg"]].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let svg = workspace.read("panels.svg");
    assert!(svg.contains("H100") && svg.contains("L4"));
    // Each panel has a frontier of its own; all together only the H100's would be on one.
    assert_eq!(
        (count(&svg, "point"), count(&svg, "point frontier")),
        (6, 6)
    );
    assert!(svg.contains("on the frontier of each: H100 3 of 3, L4 3 of 3"));
}

#[test]
fn a_leaderboard_is_bars_and_a_history_is_a_line() {
    let workspace = Workspace::new();
    let mut runs = String::from("model,task,run,acc,acc_stderr,started_at\n");
    for day in 1..=12 {
        let value = if day < 7 { 0.61 } else { 0.52 } + f64::from(day % 3) * 0.003;
        runs.push_str(&format!(
            "acme/aurora,gsm8k,r{day},{value},0.01,2026-01-{day:02}\n"
        ));
    }
    runs.push_str("acme/borealis,gsm8k,x,0.53,0.01,2026-01-20\n");
    workspace.file("runs.csv", runs);
    workspace.run(&["-q", "import", "runs.csv"]);
    workspace.ok(&["-q", "plot", "leaderboard", "-o", "board.svg"]);
    let board = workspace.read("board.svg");
    assert_eq!(count(&board, "bar"), 2);
    assert!(board.contains("acme/borealis") && board.contains("gsm8k"));
    workspace.ok(&["-q", "plot", "series_history", "-o", "history.svg"]);
    let history = workspace.read("history.svg");
    assert_eq!(count(&history, "change confirmed"), 1);
    assert_eq!(count(&history, "reading"), 12);
}

#[test]
fn several_metrics_have_no_axis_in_common() {
    let workspace = Workspace::new();
    workspace.file(
        "runs.csv",
        "model,acc,f1,started_at\nm,1,2,2026-01-01\nm,2,3,2026-01-02\n",
    );
    workspace.run(&["-q", "import", "runs.csv"]);
    insta::assert_snapshot!(workspace.refused(&["plot", "series_history", "-o", "h.svg"]), @r"
    error: the rows hold several values of `metric`, which have no axis in common
    hint: choose one with `-p metric=acc`; there are acc, f1
    ");
    insta::assert_snapshot!(workspace.refused(&["plot", "series_history", "-p", "metric=f1", "--terminal"]), @r"
    error: `--terminal` draws scatter charts only, this is a line chart
    hint: write it to a file with `-o chart.svg`
    ");
    assert_eq!(workspace.names(), ["runs.csv", "tradeoff.db"]);
}

#[test]
fn the_terminal_shows_the_scatter_without_colours_in_a_pipe() {
    let workspace = models();
    let text = workspace.ok(&[&AXES[..], &["--terminal", "--allow-mixed"]].concat());
    assert!(text.contains("speed") && text.contains("a1"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(text.lines().count() <= 24, "{text}");
}
