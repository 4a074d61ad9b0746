//! What the finished panels show.

use super::*;
use crate::chart::seen::{collisions, days, grouped, runs, see, seven, size};

fn scatters_of(count: usize) -> Facets {
    let panel = |index: usize| (format!("task {index}"), grouped().points);
    Facets::Scatter {
        shared: seven(),
        panels: (0..count).map(panel).collect(),
    }
}

#[test]
fn any_number_of_panels_keeps_every_text_clear() {
    for (count, text) in [
        (1, "400x300"),
        (2, "900x600"),
        (5, "900x600"),
        (7, "640x400"),
    ] {
        let drawing = facets(&scatters_of(count), size(text).into()).unwrap();
        assert_eq!(collisions(&drawing), Vec::<String>::new(), "{count} {text}");
        let points = drawing.svg.matches("<g class=\"point").count();
        assert_eq!(points, 7 * count);
    }
}

#[test]
fn no_name_vanishes_and_numbers_run_through_all_panels() {
    let drawing = facets(&scatters_of(12), size("640x400").into()).unwrap();
    let texts: Vec<String> = see(&drawing.svg).texts.into_iter().map(|t| t.0).collect();
    let name = "Llama2-7B-Chat";
    let shown = texts.iter().filter(|text| text.trim().starts_with(name));
    assert_eq!(shown.count(), 12);
    let numbers: Vec<usize> = texts
        .iter()
        .filter_map(|text| text.parse().ok())
        .filter(|n| *n < 35)
        .collect();
    assert!(
        numbers.len() > 2 && numbers.contains(&1) && numbers.contains(&2),
        "{numbers:?}"
    );
}

#[test]
fn panels_of_histories_share_names_and_axes() {
    let shared = days();
    let panels = (0..4)
        .map(|k| (format!("task {k}"), days().series))
        .collect();
    let chart = Facets::History { shared, panels };
    for text in ["900x600", "640x400"] {
        let drawing = facets(&chart, size(text).into()).unwrap();
        assert_eq!(collisions(&drawing), Vec::<String>::new(), "{text}");
        let texts = see(&drawing.svg).texts;
        let in_key = texts.iter().filter(|(text, _)| text.trim() == "aurora-7b");
        assert_eq!(in_key.count(), 1, "{text}");
    }
}

#[test]
fn a_panel_that_cannot_be_drawn_stops_the_picture() {
    let none = Facets::Scatter {
        shared: seven(),
        panels: vec![],
    };
    assert_eq!(facets(&none, Paper::default()), Err(ChartError::NoPoints));
    let empty = Facets::History {
        shared: runs(),
        panels: vec![("a".to_owned(), vec![])],
    };
    assert_eq!(facets(&empty, Paper::default()), Err(ChartError::NoPoints));
}

#[test]
fn sixty_panels_are_the_most() {
    let drawing = facets(&scatters_of(61), Paper::default()).unwrap();
    assert_eq!(
        drawing.notes.first().unwrap(),
        "the first 60 of 61 panels are drawn"
    );
}

#[test]
fn panels_are_a_little_wider_than_high_and_few_places_stay_empty() {
    let body = Rect {
        left: 0.0,
        top: 0.0,
        right: 900.0,
        bottom: 450.0,
    };
    assert_eq!(
        [1, 2, 3, 4, 6, 9, 12].map(|count| columns(count, &body)),
        [1, 2, 2, 2, 3, 3, 4]
    );
}
