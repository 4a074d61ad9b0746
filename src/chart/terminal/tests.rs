//! What the terminal shows.

use super::*;
use crate::chart::seen::{cloud, fit, grouped, seven};

fn drawn(chart: &Scatter, size: (usize, usize)) -> String {
    terminal(chart, size, false).unwrap()
}

#[test]
fn the_seven_points_with_their_names() {
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots"),
        prepend_module_to_snapshot => false,
    }, {
        insta::assert_snapshot!("chart_terminal", drawn(&seven(), (80, 24)));
    });
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut long = seven();
    long.points[0].label = "通义千问".repeat(50);
    long.title = "标题".repeat(50);
    long.fit = Some(fit(false));
    for chart in [long, grouped(), cloud(200, true), cloud(1000, false)] {
        for (columns, rows) in [(30, 10), (80, 24), (133, 50)] {
            let text = drawn(&chart, (columns, rows));
            assert!(text.lines().count() >= rows);
            for line in text.lines() {
                assert!(width(line) <= columns, "{line}");
            }
        }
    }
}

#[test]
fn every_name_is_beside_its_point_or_in_the_list() {
    let text = drawn(&seven(), (100, 30));
    for point in seven().points {
        assert_eq!(text.matches(&point.label).count(), 1, "{text}");
    }
    let text = drawn(&seven(), (30, 10));
    assert!(text.contains("· Qwen1.5-4B-Chat at 550, 54.5"), "{text}");
}

#[test]
fn colour_changes_nothing_but_colour() {
    for chart in [seven(), grouped(), cloud(50, false)] {
        let coloured = terminal(&chart, (80, 24), true).unwrap();
        assert!(coloured.contains("\u{1b}[38;5;33m") && coloured.contains("\u{1b}[0m"));
        let mut plain = String::new();
        let mut rest = coloured.as_str();
        while let Some((before, after)) = rest.split_once('\u{1b}') {
            plain.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        plain.push_str(rest);
        assert_eq!(plain, drawn(&chart, (80, 24)));
    }
}

#[test]
fn a_name_cannot_command_the_terminal() {
    let mut chart = seven();
    chart.points[0].label = "\u{1b}[2Jboo\u{7}\u{202e}".to_owned();
    let text = drawn(&chart, (80, 24));
    assert!(text.contains("[2Jboo"));
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
}

#[test]
fn too_small_a_terminal_is_refused() {
    assert_eq!(
        terminal(&seven(), (29, 24), false).unwrap_err().to_string(),
        "a chart of 29×24 cells is too small; it needs 30×10 at least"
    );
    assert_eq!(
        terminal(&Scatter::default(), (80, 24), false),
        Err(ChartError::NoPoints)
    );
}
