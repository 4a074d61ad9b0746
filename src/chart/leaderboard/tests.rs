//! What the finished leaderboard shows.

use super::*;
use crate::chart::seen::{board, collisions, see, size};

#[test]
fn names_bars_and_values_keep_clear_of_each_other() {
    for text in ["900x600", "640x400", "400x300"] {
        for log in [false, true] {
            let mut chart = board();
            chart.value.log = log;
            let drawing = leaderboard(&chart, size(text).into()).unwrap();
            assert_eq!(
                (drawing.notes.clone(), collisions(&drawing)),
                (vec![], vec![]),
                "{text} {log}"
            );
        }
    }
}

#[test]
fn values_have_the_same_decimals() {
    let drawing = leaderboard(&board(), Paper::default()).unwrap();
    let texts = see(&drawing.svg).texts;
    for value in ["54.5", "48.0", "47.0", "45.5", "40.5", "36.5", "35.0"] {
        assert!(
            texts.iter().any(|(text, _)| text.trim() == value),
            "{value}"
        );
    }
}

#[test]
fn neighbours_that_cannot_be_told_apart_share_a_bracket() {
    let chart = board();
    assert_eq!(ties(&chart.bars), [(1, 3), (5, 6)]);
    let mut single = chart.bars;
    single.iter_mut().for_each(|bar| bar.tie = None);
    assert_eq!(ties(&single), []);
}

#[test]
fn bars_go_both_ways_from_zero() {
    let mut chart = board();
    for (bar, value) in chart
        .bars
        .iter_mut()
        .zip([3.0, 2.0, 1.0, 0.0, -1.0, -2.0, -3.0])
    {
        (bar.value, bar.interval) = (value, None);
    }
    let drawing = leaderboard(&chart, Paper::default()).unwrap();
    assert_eq!(collisions(&drawing), Vec::<String>::new());
    assert!(
        see(&drawing.svg)
            .texts
            .iter()
            .any(|(text, _)| text.trim() == "−3")
    );
}

#[test]
fn many_entries_make_the_picture_higher_and_more_are_left_out_with_a_note() {
    let mut chart = board();
    let first = chart.bars[0].clone();
    chart.bars = vec![first; 301];
    let drawing = leaderboard(&chart, Paper::default()).unwrap();
    assert_eq!(drawing.notes, ["the first 300 of 301 entries are drawn"]);
    assert_eq!(collisions(&drawing), Vec::<String>::new());
    assert_eq!(drawing.svg.matches("<g class=\"bar").count(), 300);
}

#[test]
fn names_the_entry_that_cannot_be_drawn() {
    assert_eq!(
        leaderboard(&Leaderboard::default(), Paper::default()),
        Err(ChartError::NoPoints)
    );
    let broken = |change: fn(&mut Leaderboard)| {
        let mut chart = board();
        change(&mut chart);
        leaderboard(&chart, Paper::default())
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        broken(|chart| chart.bars[6].value = f64::NAN),
        "point `Phi-2`: value is NaN, which cannot be drawn"
    );
    assert_eq!(
        broken(|chart| chart.bars[6].interval = Some((2.0, 1.0))),
        "point `Phi-2`: high end is 1, which cannot be drawn"
    );
    assert_eq!(
        broken(|chart| {
            chart.value.log = true;
            chart.bars[6].value = 0.0;
        }),
        "point `Phi-2`: value is 0, and a log axis needs values above zero"
    );
}
