use super::*;
use crate::analysis::verdict::{Verdict, verdict};
use crate::catalog::Direction;

fn side(values: &[f64], stderr: Option<f64>) -> Side {
    Side {
        values: values.to_vec(),
        stderrs: vec![stderr; values.len()],
        ..Side::default()
    }
}

fn score(baseline: &Side, candidate: &Side) -> (Verdict, &'static str) {
    let tested = test(baseline, candidate, false, &[], 0.01).unwrap();
    let found = verdict(&tested.evidence, Direction::Higher, 0.01, 0.0, 0.05);
    (found, tested.test)
}

#[test]
fn identical_runs_have_no_noise_but_a_sampling_error() {
    let six = |stderr| side(&[0.812; 6], stderr);
    let new = |stderr| side(&[0.79], stderr);
    assert_eq!(score(&six(None), &new(None)).0, Verdict::Regression);
    assert_eq!(
        score(&six(Some(0.002)), &new(Some(0.002))).0,
        Verdict::Regression
    );
    assert_eq!(
        score(&six(Some(0.02)), &new(Some(0.02))).0,
        Verdict::Undecided
    );
    assert_eq!(
        score(&six(None), &side(&[0.812], None)).0,
        Verdict::Unchanged
    );
}

#[test]
fn the_same_questions_are_compared_one_by_one() {
    let answers = |right: &[usize], items| Side {
        values: vec![right.len() as f64 / 20.0],
        stderrs: vec![Some(0.1)],
        samples: Some(
            (0..20)
                .map(|i| Some(f64::from(u8::from(right.contains(&i)))))
                .collect(),
        ),
        items: Some(items),
    };
    let all: Vec<usize> = (0..20).collect();
    let (a, b) = (answers(&all, 7), answers(&all[..12], 7));
    let (found, test) = score(&a, &b);
    assert_eq!(
        (found, test),
        (Verdict::Regression, "McNemar, exact, on the same questions")
    );
    // Other questions: only the recorded errors are left.
    let (_, test) = score(&a, &answers(&all[..12], 8));
    assert!(test.starts_with("z from standard errors"), "{test}");
}

#[test]
fn requests_of_one_run_each_never_decide() {
    let run = |value: f64| Side {
        values: vec![value],
        stderrs: vec![None],
        samples: Some(
            (0..200)
                .map(|i| Some(value + f64::from(i) * 1e-3))
                .collect(),
        ),
        items: None,
    };
    let tested = test(&run(100.0), &run(140.0), true, &[], 2.0).unwrap();
    assert!(!tested.decides);
    assert!(tested.evidence.p.unwrap() < 1e-9);
    let found = verdict(&tested.evidence, Direction::Higher, 2.0, 0.0, 0.05);
    assert_eq!(found, Verdict::Undecided);
    // With a history the noise between runs is known.
    let history = [vec![100.0, 101.0, 99.5, 100.2, 99.9, 100.4]];
    let tested = test(&run(100.0), &run(140.0), true, &history, 2.0).unwrap();
    assert!(tested.decides);
    let found = verdict(&tested.evidence, Direction::Higher, 2.0, 0.0, 0.05);
    assert_eq!(found, Verdict::Improvement);
}

#[test]
fn few_runs_rest_on_normality_and_say_so() {
    let tested = test(
        &side(&[100.0, 101.0, 99.0], None),
        &side(&[80.0, 81.0, 79.5], None),
        true,
        &[],
        2.0,
    )
    .unwrap();
    assert_eq!(
        tested.test,
        "Welch on logarithms of runs, assumes normality"
    );
    let many = test(
        &side(&[100.0, 101.0, 99.0, 100.5], None),
        &side(&[80.0, 81.0, 79.5, 80.2], None),
        true,
        &[],
        2.0,
    )
    .unwrap();
    assert_eq!(many.test, "Mann–Whitney on logarithms of runs");
    assert!((many.evidence.p.unwrap() - 2.0 / 70.0).abs() < 1e-12);
}

#[test]
fn one_new_run_is_held_against_what_the_next_should_be() {
    let sample = side(&[100.0, 101.0, 99.0, 100.5, 99.7], None);
    let of = |value| {
        let tested = test(&sample, &side(&[value], None), true, &[], 2.0).unwrap();
        verdict(&tested.evidence, Direction::Higher, 2.0, 0.0, 0.05)
    };
    assert_eq!(of(90.0), Verdict::Regression);
    assert_eq!(of(100.1), Verdict::Undecided);
    assert_eq!(of(112.0), Verdict::Improvement);
}

#[test]
fn nothing_recorded_gives_no_test() {
    let tested = test(&side(&[0.5], None), &side(&[0.4], None), false, &[], 0.01).unwrap();
    assert_eq!(
        (tested.test, tested.evidence.p),
        ("none: no uncertainty recorded", None)
    );
}
