//! What the finished history shows.

use super::*;
use crate::chart::Reading;
use crate::chart::seen::{collisions, days, runs, see, series, size};

#[test]
fn what_is_written_at_the_changes_touches_nothing() {
    for chart in [runs(), days()] {
        for text in ["900x600", "640x400", "400x300"] {
            let drawing = history(&chart, size(text).into()).unwrap();
            assert_eq!(
                (drawing.notes.clone(), collisions(&drawing)),
                (vec![], vec![]),
                "{text}"
            );
            let texts = see(&drawing.svg).texts;
            let labels = chart.series.iter().flat_map(|one| &one.changes);
            for label in labels.map(|change| &change.label) {
                assert!(
                    texts.iter().any(|(text, _)| text.contains(label)),
                    "{label} at {text}"
                );
            }
        }
    }
}

#[test]
fn every_reading_and_every_change_says_what_it_is() {
    let svg = history(&days(), Paper::default()).unwrap().svg;
    assert_eq!(svg.matches("<g class=\"reading\"").count(), 3 * 23);
    for class in ["change confirmed", "change possible", "change suspect"] {
        assert_eq!(
            svg.matches(&format!("<g class=\"{class}\"")).count(),
            3,
            "{class}"
        );
    }
    assert!(
        svg.contains("<title>aurora-7b\nrun 0\n2023-11-14 22:13:20\n495</title>"),
        "{svg}"
    );
}

#[test]
fn a_rule_stands_between_two_readings() {
    let svg = history(&runs(), size("900x600").into()).unwrap().svg;
    let x = |part: &str, end: &str| -> f64 {
        let number = svg.split(part).nth(1).unwrap().split(end).next().unwrap();
        number.rsplit(['"', ' ']).next().unwrap().parse().unwrap()
    };
    let reading = |run: u32| x(&format!("data-label=\"run {run}\""), "\" cy");
    let rule = x("<g class=\"change confirmed\"", ",");
    assert!(
        reading(7) < rule && rule < reading(8),
        "{} {rule} {}",
        reading(7),
        reading(8)
    );
}

#[test]
fn one_reading_and_equal_readings_draw() {
    let mut chart = runs();
    chart.series[0].readings.truncate(1);
    (chart.series[0].changes, chart.series[0].levels) = (vec![], vec![]);
    let one = history(&chart, Paper::default()).unwrap();
    assert_eq!(collisions(&one), Vec::<String>::new());
    let mut chart = runs();
    for reading in &mut chart.series[0].readings {
        reading.y = reading.y.map(|_| 5.0);
    }
    chart.series[0].levels = vec![];
    let equal = history(&chart, Paper::default()).unwrap();
    assert_eq!(collisions(&equal), Vec::<String>::new());
}

#[test]
fn refuses_what_cannot_be_drawn_or_told_apart() {
    assert_eq!(
        history(&History::default(), Paper::default()),
        Err(ChartError::NoPoints)
    );
    let broken = |change: fn(&mut History)| {
        let mut chart = runs();
        change(&mut chart);
        history(&chart, Paper::default()).unwrap_err().to_string()
    };
    assert_eq!(
        broken(|chart| chart.series[0].readings[3].y = Some(f64::NAN)),
        "point `run 3`: y is NaN, which cannot be drawn"
    );
    assert_eq!(
        broken(|chart| {
            chart.y.log = true;
            chart.series[0].readings[3].y = Some(-1.0);
        }),
        "point `run 3`: y is -1, and a log axis needs values above zero"
    );
    assert_eq!(
        broken(|chart| chart.series = vec![series("a", 1.0, f64::from); 9]),
        "9 series in one plot cannot be told apart; draw at most 8, or one panel for each"
    );
}

#[test]
fn ten_thousand_readings_are_a_line_alone() {
    let mut chart = runs();
    let reading = |index: u32| Reading {
        label: String::new(),
        x: f64::from(index),
        y: Some(f64::from(index % 7)),
    };
    chart.series[0].readings = (0..10_000).map(reading).collect();
    (chart.series[0].changes, chart.series[0].levels) = (vec![], vec![]);
    let drawing = history(&chart, Paper::default()).unwrap();
    assert!(!drawing.svg.contains("class=\"reading\"") && drawing.svg.len() < 300_000);
}
