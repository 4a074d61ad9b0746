//! What holds for every scatter, whatever the data.

use proptest::prelude::*;

use super::seen::{collisions, see};
use super::{
    Axis, Bar, Change, Facets, History, Leaderboard, Level, Paper, Point, Quadrants, Reading,
    Scatter, Series, Size, State, Theme, facets, history, leaderboard, scatter, terminal,
};

/// Values over many magnitudes, with ties.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => 1.0..100.0_f64,
        1 => (-6.0..6.0_f64).prop_map(|power| 10_f64.powf(power)),
        1 => (1..4_u32).prop_map(f64::from),
    ]
}

fn point() -> impl Strategy<Value = Point> {
    let errors = (
        proptest::option::of(0.0..2.0_f64),
        proptest::option::of(0.0..2.0_f64),
    );
    let group = proptest::option::of("[a-k]");
    let size = proptest::option::of(0.1..100.0_f64);
    let label = "[A-Za-z0-9³ß×–ا-ي通 <&]{0,24}";
    (
        label,
        value(),
        value(),
        errors,
        group,
        size,
        any::<(bool, bool)>(),
    )
        .prop_map(
            |(label, x, y, (x_err, y_err), group, size, (on_frontier, highlighted))| Point {
                label,
                x,
                y,
                on_frontier,
                highlighted,
                x_err,
                y_err,
                group,
                size,
            },
        )
}

fn axis() -> impl Strategy<Value = Axis> {
    ("[a-z ()]{0,30}", any::<bool>(), any::<Option<bool>>()).prop_map(
        |(title, log, higher_is_better)| Axis {
            title,
            log,
            higher_is_better,
        },
    )
}

fn chart() -> impl Strategy<Value = Scatter> {
    let points = proptest::collection::vec(point(), 1..30);
    (points, axis(), axis(), any::<[bool; 4]>()).prop_map(
        |(points, x, y, [frontier, groups, sizes, quadrants])| Scatter {
            title: "a law".to_owned(),
            quadrants: quadrants.then(|| Quadrants {
                x: 3.0,
                y: 50.0,
                rule: "by lot".to_owned(),
            }),
            groups: groups.then(|| "vendor".to_owned()),
            sizes: sizes.then(|| "parameters".to_owned()),
            points,
            x,
            y,
            frontier,
            ..Scatter::default()
        },
    )
}

fn paper() -> impl Strategy<Value = Paper> {
    (250..1000_u32, 250..800_u32, any::<bool>()).prop_map(|(width, height, dark)| Paper {
        size: Size::new(width, height).unwrap(),
        theme: if dark { Theme::Dark } else { Theme::Light },
    })
}

fn series() -> impl Strategy<Value = Series> {
    let readings = proptest::collection::vec(proptest::option::weighted(0.9, value()), 1..40);
    let states = prop_oneof![
        Just(State::Confirmed),
        Just(State::Possible),
        Just(State::Suspect)
    ];
    let changes = proptest::collection::vec((0..40_u32, states, "[−+][0-9]{1,2}[.][0-9] %"), 0..4);
    ("[a-z]{1,12}", readings, changes, value()).prop_map(|(name, values, changes, first)| {
        let last = values.len() - 1;
        let reading = |(index, y): (usize, &Option<f64>)| Reading {
            label: format!("run {index}"),
            x: index as f64,
            y: if index == 0 { Some(first) } else { *y },
        };
        Series {
            name,
            readings: values.iter().enumerate().map(reading).collect(),
            changes: changes
                .into_iter()
                .map(|(x, state, label)| Change {
                    x: f64::from(x).min(last as f64),
                    state,
                    label,
                })
                .collect(),
            levels: vec![Level {
                from: 0.0,
                to: last as f64,
                y: first,
            }],
        }
    })
}

fn history_of(time: bool, series: Vec<Series>, y: Axis) -> History {
    History {
        title: "a law".to_owned(),
        x: Axis {
            title: "run".to_owned(),
            ..Axis::default()
        },
        time,
        y,
        series,
        ..History::default()
    }
}

fn bar() -> impl Strategy<Value = Bar> {
    let numbers = (value(), proptest::option::of((0.0..0.5_f64, 0.0..5.0_f64)));
    (
        "[A-Za-z0-9 通-]{0,60}",
        numbers,
        proptest::option::of(0..3_u32),
        any::<bool>(),
    )
        .prop_map(|(label, (value, interval), tie, highlighted)| Bar {
            label,
            value,
            interval: interval.map(|(below, above)| (value * (1.0 - below), value + above)),
            tie,
            highlighted,
        })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 8,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(7),
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_touches_and_nothing_vanishes(chart in chart(), paper in paper()) {
        let drawing = scatter(&chart, paper).unwrap();
        prop_assert_eq!(collisions(&drawing), Vec::<String>::new());
        prop_assert_eq!(drawing.svg.matches("<g class=\"point").count(), chart.points.len());
        prop_assert_eq!(&drawing, &scatter(&chart, paper).unwrap());
        let named = chart.points.iter().filter(|p| !super::text::clean(&p.label).is_empty());
        // Labels, numbers and list entries: as many as names, at the least.
        prop_assert!(see(&drawing.svg).texts.len() >= named.count());
    }

    #[test]
    fn a_terminal_takes_every_chart(chart in chart(), columns in 30..120_usize, rows in 10..50_usize) {
        let text = terminal(&chart, (columns, rows), false).unwrap();
        prop_assert!(text.lines().all(|line| super::cells::width(line) <= columns), "{}", text);
    }

    #[test]
    fn histories_keep_their_words_clear(
        series in proptest::collection::vec(series(), 1..6),
        y in axis(),
        time in any::<bool>(),
        paper in paper(),
    ) {
        let chart = history_of(time, series.clone(), y.clone());
        let drawing = history(&chart, paper).unwrap();
        prop_assert_eq!(collisions(&drawing), Vec::<String>::new());
        let panels = series.into_iter().map(|one| (one.name.clone(), vec![one])).collect();
        let shared = history_of(time, vec![], y);
        let drawing = facets(&Facets::History { shared, panels }, paper).unwrap();
        prop_assert_eq!(collisions(&drawing), Vec::<String>::new());
    }

    #[test]
    fn leaderboards_keep_their_columns_apart(
        bars in proptest::collection::vec(bar(), 1..40),
        value in axis(),
        paper in paper(),
    ) {
        let chart = Leaderboard { title: "a law".to_owned(), value, bars, ..Leaderboard::default() };
        let drawing = leaderboard(&chart, paper).unwrap();
        prop_assert_eq!(collisions(&drawing), Vec::<String>::new());
    }

    #[test]
    fn panels_keep_their_names_clear(
        chart in chart(),
        count in 1..8_usize,
        paper in paper(),
    ) {
        let points = chart.points.clone();
        let panel = |index: usize| {
            let share = points.iter().skip(index % points.len()).cloned().collect();
            (format!("panel {index}"), share)
        };
        let panels = (0..count).map(panel).collect();
        let drawing = facets(&Facets::Scatter { shared: chart, panels }, paper).unwrap();
        prop_assert_eq!(collisions(&drawing), Vec::<String>::new());
    }
}
