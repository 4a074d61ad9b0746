//! Each mark and each layer as a whole picture: kept as a snapshot, parsed, and searched for things that touch.

use super::seen::{board, collisions, days, fit, grouped, runs, seven, size};
use super::{
    Drawing, Facets, Paper, Quadrants, Scatter, Theme, facets, history, leaderboard, png, scatter,
};

/// Compares with the SVG kept under this name, and looks at it as a reader would.
fn kept(name: &str, drawing: &Drawing) {
    assert_eq!(collisions(drawing), Vec::<String>::new(), "{name}");
    assert!(png(&drawing.svg, 1.0).unwrap().starts_with(b"\x89PNG"));
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(format!("chart_{name}"), drawing.svg);
    });
}

fn small(theme: Theme) -> Paper {
    Paper {
        size: size("400x300"),
        theme,
    }
}

fn drawn(chart: &Scatter) -> Drawing {
    scatter(chart, small(Theme::Light)).unwrap()
}

#[test]
fn frontier_and_highlight() {
    kept("frontier", &drawn(&seven()));
}

#[test]
fn the_dark_theme() {
    kept("dark", &scatter(&seven(), small(Theme::Dark)).unwrap());
}

#[test]
fn error_bars() {
    let mut chart = seven();
    for point in &mut chart.points {
        (point.x_err, point.y_err) = (Some(15.0), Some(1.5));
    }
    kept("error_bars", &drawn(&chart));
}

#[test]
fn a_fit_that_is_significant_and_one_that_is_not() {
    for (name, significant) in [("fit", true), ("fit_not_significant", false)] {
        let mut chart = seven();
        chart.fit = Some(fit(significant));
        kept(name, &drawn(&chart));
    }
}

#[test]
fn groups_by_colour_and_shape() {
    kept("groups", &drawn(&grouped()));
}

#[test]
fn areas_with_their_key() {
    let mut chart = grouped();
    chart.groups = None;
    chart.sizes = Some("parameters (10⁹)".to_owned());
    kept("areas", &drawn(&chart));
}

#[test]
fn dividing_lines_with_their_rule() {
    let mut chart = seven();
    chart.quadrants = Some(Quadrants {
        x: 600.0,
        y: 45.5,
        rule: "medians of the seven models".to_owned(),
    });
    kept("quadrants", &drawn(&chart));
}

#[test]
fn numbers_for_labels_without_a_place() {
    let mut chart = seven();
    for (index, point) in chart.points.iter_mut().enumerate() {
        point.x = 600.0 + 4.0 * index as f64;
        point.y = 45.0 + 0.3 * (index * 3 % 7) as f64;
        point.label = format!("a-model-with-a-long-name-{index}");
    }
    let copies = chart.points.clone();
    chart.points.extend(copies);
    kept("numbered", &drawn(&chart));
}

#[test]
fn a_history_by_runs_and_by_days() {
    kept("history", &history(&runs(), small(Theme::Light)).unwrap());
    kept(
        "history_days",
        &history(&days(), small(Theme::Light)).unwrap(),
    );
}

#[test]
fn a_leaderboard_with_ties() {
    kept(
        "leaderboard",
        &leaderboard(&board(), small(Theme::Light)).unwrap(),
    );
}

#[test]
fn panels_of_scatters_and_of_histories() {
    let panels = |count: usize| {
        (0..count)
            .map(|k| (format!("task {k}"), seven().points))
            .collect()
    };
    let chart = Facets::Scatter {
        shared: seven(),
        panels: panels(3),
    };
    let paper: Paper = size("640x400").into();
    kept("facets", &facets(&chart, paper).unwrap());
    let panels = (0..2)
        .map(|k| (format!("task {k}"), runs().series))
        .collect();
    let chart = Facets::History {
        shared: runs(),
        panels,
    };
    kept("facets_history", &facets(&chart, paper).unwrap());
}
