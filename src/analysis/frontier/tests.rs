use polars::df;

use super::*;

fn objectives() -> Vec<Objective> {
    vec![
        Objective {
            column: "speed".into(),
            direction: Direction::Higher,
            log: true,
        },
        Objective {
            column: "score".into(),
            direction: Direction::Higher,
            log: false,
        },
    ]
}

fn seven() -> DataFrame {
    df![
            "model" => ["Qwen1.5-4B-Chat", "Qwen1.5-1.8B-Chat", "Memory³-2B-SFT", "MiniCPM-2B-SFT", "Gemma-2B-it", "Llama2-7B-Chat", "Phi-2"],
            "speed" => [550.0, 800.0, 650.0, 500.0, 1000.0, 400.0, 600.0],
            "score" => [54.5, 48.0, 47.0, 45.5, 40.5, 36.5, 35.0],
        ]
        .unwrap()
}

#[test]
fn the_seven_models_have_three_on_the_frontier_and_four_layers() {
    let frontier = Frontier::of(
        &seven(),
        Some("model"),
        &objectives(),
        &FrontierOptions::default(),
    )
    .unwrap();
    let layers: Vec<(&str, usize)> = frontier
        .points
        .iter()
        .map(|p| (p.label.as_str(), p.layer))
        .collect();
    assert_eq!(
        layers,
        [
            ("Qwen1.5-4B-Chat", 1),
            ("Qwen1.5-1.8B-Chat", 1),
            ("Gemma-2B-it", 1),
            ("Memory³-2B-SFT", 2),
            ("MiniCPM-2B-SFT", 3),
            ("Phi-2", 3),
            ("Llama2-7B-Chat", 4),
        ]
    );
    assert_eq!(frontier.points[3].dominated_by, [1]);
    assert_eq!(frontier.reference, [400.0, 35.0]);
    // (550-400)*19.5 + (800-550)*13 + (1000-800)*5.5
    assert!((frontier.hypervolume.unwrap() - 7275.0).abs() < 1e-9);
    let rates: Vec<f64> = frontier.steps.iter().map(|s| s.per_100).collect();
    assert!(
        (rates[0] + 2.6).abs() < 1e-12 && (rates[1] + 3.75).abs() < 1e-12,
        "{rates:?}"
    );
    let doublings: Vec<f64> = frontier
        .steps
        .iter()
        .filter_map(|s| s.per_doubling)
        .collect();
    assert!(
        (doublings[0] + 12.02).abs() < 0.01 && (doublings[1] + 23.30).abs() < 0.01,
        "{doublings:?}"
    );
}

#[test]
fn a_lower_latency_is_better_when_the_direction_says_so() {
    let frame = df!["m" => ["a", "b"], "ms" => [1.0, 2.0], "score" => [5.0, 5.0]].unwrap();
    let objectives = [
        Objective {
            column: "ms".into(),
            direction: Direction::Lower,
            log: false,
        },
        Objective {
            column: "score".into(),
            direction: Direction::Higher,
            log: false,
        },
    ];
    let frontier =
        Frontier::of(&frame, Some("m"), &objectives, &FrontierOptions::default()).unwrap();
    assert_eq!(frontier.front().len(), 1);
    assert_eq!(frontier.front()[0].label, "a");
}

#[test]
fn rows_without_a_value_are_left_out_and_named() {
    let frame =
        df!["model" => ["a", "b"], "speed" => [Some(1.0), None], "score" => [1.0, 2.0]].unwrap();
    let frontier = Frontier::of(
        &frame,
        Some("model"),
        &objectives(),
        &FrontierOptions::default(),
    )
    .unwrap();
    assert_eq!(
        frontier.excluded,
        [Excluded {
            row: 2,
            label: "b".into(),
            reason: "no `speed`".into()
        }]
    );
}

#[test]
fn text_where_a_number_belongs_names_column_row_and_text() {
    let frame =
        df!["model" => ["a", "b"], "speed" => ["1", "fast"], "score" => [1.0, 2.0]].unwrap();
    let error = Frontier::of(
        &frame,
        Some("model"),
        &objectives(),
        &FrontierOptions::default(),
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "column `speed`, row 2: `fast` is not a number"
    );
}

fn demo_with(options: &FrontierOptions) -> Frontier {
    Frontier::of(&seven(), Some("model"), &objectives(), options).unwrap()
}

#[test]
fn the_volume_is_measured_from_the_reference_given_and_shared_out() {
    let reference = vec![("speed".to_owned(), 0.0), ("score".to_owned(), 0.0)];
    let options = FrontierOptions {
        reference,
        ..FrontierOptions::default()
    };
    let frontier = demo_with(&options);
    assert_eq!(frontier.reference, [0.0, 0.0]);
    // 550·54.5 + 250·48 + 200·40.5
    assert_eq!(frontier.hypervolume, Some(50_075.0));
    let shares: Vec<(f64, f64)> = frontier
        .front()
        .iter()
        .map(|p| {
            (
                p.share_of_frontier.unwrap() * 50_075.0,
                p.share_of_set.unwrap() * 50_075.0,
            )
        })
        .map(|(f, s)| (f.round(), s.round()))
        .collect();
    // Of the frontier alone 250·7.5 for the middle one; Memory³ (650, 47) covers 100·6.5 of it.
    assert_eq!(
        shares,
        [(3575.0, 3575.0), (1875.0, 1225.0), (8100.0, 8100.0)]
    );
    let unknown = vec![("cost".to_owned(), 0.0)];
    let options = FrontierOptions {
        reference: unknown,
        ..FrontierOptions::default()
    };
    let error = Frontier::of(&seven(), Some("model"), &objectives(), &options).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`cost` is no objective, only `speed`, `score` are"
    );
}

#[test]
fn a_near_tie_of_five_per_cent_keeps_memory_and_two_do_not() {
    let near = |share| {
        let options = FrontierOptions {
            near: Some(Near::Factor(share)),
            ..FrontierOptions::default()
        };
        let frontier = demo_with(&options);
        let mut kept = frontier.points.iter().filter(|p| p.near == Some(true));
        kept.any(|p| p.label == "Memory³-2B-SFT")
    };
    // Statistics of the field guide: 5 % keeps it, 1 and 2 % do not.
    assert_eq!([near(0.01), near(0.02), near(0.05)], [false, false, true]);
}

#[test]
fn errors_may_stand_in_a_column_of_any_name_and_an_exact_objective_is_named() {
    let mut frame = seven();
    frame
        .with_column(polars::prelude::Column::new("sd".into(), [20.0; 7]))
        .unwrap();
    let errors = vec![("speed".to_owned(), "sd".to_owned())];
    let options = FrontierOptions {
        errors,
        ..FrontierOptions::default()
    };
    let frontier = Frontier::of(&frame, Some("model"), &objectives(), &options).unwrap();
    assert!(frontier.has_probabilities());
    assert_eq!(frontier.exact, ["score"]);
    assert_eq!(frontier.points[0].class(), Some(Class::Sure));
    assert!(!demo_with(&FrontierOptions::default()).has_probabilities());
}

#[test]
fn a_large_set_lists_its_frontier_and_counts_the_rest() {
    let n = 2_000;
    let speed: Vec<f64> = (0..n).map(f64::from).collect();
    let score: Vec<f64> = (0..n)
        .map(|i| f64::from(if i < 10 { 9 - i } else { -1 }))
        .collect();
    let frame = df!["speed" => speed, "score" => score].unwrap();
    let found = Frontier::of(&frame, None, &objectives(), &FrontierOptions::default()).unwrap();
    let rows: Vec<usize> = found.points.iter().map(|p| p.row).collect();
    assert_eq!(rows, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1999]);
    assert_eq!((found.n, found.size()), (2_000, 11));
    let all = FrontierOptions {
        all: true,
        ..FrontierOptions::default()
    };
    let found = Frontier::of(&frame, None, &objectives(), &all).unwrap();
    assert_eq!((found.points.len(), found.size()), (2_000, 11));
    // What to run is chosen among all points, listed or not.
    let chosen = found.recommend(
        1,
        &["speed<=1500".parse().unwrap(), "speed>=11".parse().unwrap()],
    );
    assert_eq!(chosen.unwrap().unwrap().best.row, 1500);
}
