//! A report with everything a report can hold, made of our own numbers and the hostile names.

use tradeoff::catalog::Value;
use tradeoff::chart;
use tradeoff::report::{
    Cell, Chart, Column, Document, Fact, Kind, Provenance, Section, Statement, Table,
};

use super::hostile_names::HOSTILE;

/// Seven models with their speed and their score (the demo's).
pub(crate) const SEVEN: [(&str, f64, f64, bool); 7] = [
    ("Qwen1.5-4B-Chat", 550.0, 54.5, true),
    ("Qwen1.5-1.8B-Chat", 800.0, 48.0, true),
    ("Memory³-2B-SFT", 650.0, 47.0, false),
    ("MiniCPM-2B-SFT", 500.0, 45.5, false),
    ("Gemma-2B-it", 1000.0, 40.5, true),
    ("Llama2-7B-Chat", 400.0, 36.5, false),
    ("Phi-2", 600.0, 35.0, false),
];

/// The report.
pub(crate) fn report() -> Document {
    Document {
        title: "Speed against score".into(),
        subtitle: Some("7 models, newest run 2024-07-02, tradeoff 0.1.0".into()),
        sections: vec![overview(), points(), verdicts(), names(), limits()],
    }
}

fn provenance() -> Provenance {
    Provenance {
        name: "speed_vs_score".into(),
        sql: "SELECT model, speed, score\nFROM speed_score\nWHERE (:task IS NULL OR task = :task)\n  AND model <> '</details><script>'\nORDER BY model".into(),
        parameters: vec![
            ("task".into(), "professional".into()),
            ("shots".into(), "5".into()),
            ("engine".into(), Value::Null),
        ],
    }
}

fn overview() -> Section {
    let mut section = Section::new("Overview");
    section.push(Chart {
        svg: drawing(&SEVEN.map(|(label, x, y, best)| (label.to_owned(), x, y, best))),
        file: Some("speed_vs_score.svg".into()),
        description: "3 of 7 models on the frontier".into(),
        caption: Some("Filled: on the frontier. Query: speed_vs_score.".into()),
    });
    section.text("7 models compared by decoding speed with retrieval (token/s) and professional tasks with retrieval (avg score). 3 of 7 models on the frontier: Qwen1.5-4B-Chat, Qwen1.5-1.8B-Chat and Gemma-2B-it.");
    section.list(vec![
        Statement::from("No evidence of a correlation of log10 speed and score.")
            .with("test", "Kendall’s τ")
            .with("n", 7_i64)
            .with("tau", 1.0 / 7.0)
            .with("p", Fact::P(0.773)),
        Statement::from("Least-squares line of score on log10 speed: slope 6.2279.")
            .with("n", 7_i64)
            .with(
                "interval",
                Fact::Interval {
                    level: 0.95,
                    low: -53.833,
                    high: 66.288,
                },
            ),
        "No row was left out.".into(),
    ]);
    section
}

fn points() -> Section {
    let mut section = Section::new("Data points");
    let rows = SEVEN
        .iter()
        .enumerate()
        .map(|(at, (label, speed, score, _))| {
            let share = Value::from((at != 2).then_some(score / 54.5 / 3.0));
            vec![
                (*label).into(),
                (*speed).into(),
                (*score).into(),
                share.into(),
            ]
        });
    let table = Table {
        columns: vec![
            Column::from("model"),
            Column::number("speed", Some("token/s")),
            Column::number("score", None),
            Column::number("third of best", None),
        ],
        rows: rows.collect(),
        ..Table::default()
    };
    section.push(
        table
            .captioned("Seven models, as measured")
            .from_query(provenance())
            .main(),
    );
    section.text(
        "Layer 1 is the frontier: no other model is at least as good in both and better in one.",
    );
    section
}

fn verdicts() -> Section {
    let mut section = Section::new("What changed");
    let row = |metric: &str, before: f64, after: f64, p: f64, verdict: &str| -> Vec<Cell> {
        let change = after / before - 1.0;
        vec![
            metric.into(),
            before.into(),
            after.into(),
            Cell::shown_as(change, tradeoff::catalog::number::percent(change)),
            Cell::shown_as(p, tradeoff::catalog::number::p_value(p)),
            "Mann–Whitney".into(),
            verdict.into(),
        ]
    };
    let table = Table {
        columns: vec![
            Column::from("metric"),
            Column::number("baseline", Some("token/s")),
            Column::number("candidate", Some("token/s")),
            Column::number("change", None),
            Column::number("p", None),
            Column::from("test"),
            Column {
                kind: Kind::Verdict,
                ..Column::from("verdict")
            },
        ],
        rows: vec![
            row(
                "output throughput",
                1234.5678,
                1100.25,
                0.000_01,
                "regression",
            ),
            row("tg128", 52.123, 58.9, 0.003, "improvement"),
            row("pp512", 4012.0, 4020.5, 0.61, "unchanged"),
            row("request rate", 9.75, 9.1, 0.21, "undecided"),
        ],
        ..Table::default()
    };
    section.push(table.captioned("Verdicts, worst first"));
    section
}

fn names() -> Section {
    let mut section = Section::new("Hostile <b>names</b>");
    let spread = HOSTILE.iter().enumerate();
    let dots: Vec<(String, f64, f64, bool)> = spread
        .map(|(at, name)| {
            let at = at as f64;
            (
                (*name).to_owned(),
                100.0 + 37.0 * at,
                30.0 + (at * 7.0) % 40.0,
                at % 9.0 == 0.0,
            )
        })
        .collect();
    let rows = dots
        .iter()
        .map(|(name, x, y, _)| vec![name.as_str().into(), (*x).into(), Cell::from(*y)]);
    section.table(&["model", "speed", "score"], rows.collect());
    section.push(Chart {
        svg: drawing(&dots),
        file: Some("names.svg".into()),
        description: format!("Forty names such as {}", HOSTILE[2]),
        caption: None,
    });
    section
}

fn limits() -> Section {
    let mut section = Section::new("What this report cannot tell");
    section.list(vec![
        "No standard errors are recorded: whether a narrow margin is real cannot be told.",
        "Models differ in more than these two columns; nothing here says why one is faster or better.",
    ]);
    section
}

fn drawing(points: &[(String, f64, f64, bool)]) -> String {
    let points = points
        .iter()
        .map(|(label, x, y, on_frontier)| chart::Point {
            label: label.clone(),
            x: *x,
            y: *y,
            on_frontier: *on_frontier,
            highlighted: label.starts_with("Memory"),
            ..chart::Point::default()
        });
    let axis = |title: &str, log| chart::Axis {
        title: title.into(),
        log,
        higher_is_better: Some(true),
    };
    let scatter = chart::Scatter {
        title: "3 of 7 models on the frontier".into(),
        x: axis("decoding speed with retrieval (token/s)", true),
        y: axis("professional tasks with retrieval (avg score)", false),
        points: points.collect(),
        ..chart::Scatter::default()
    };
    chart::scatter(&scatter, chart::Paper::default())
        .unwrap()
        .svg
}
