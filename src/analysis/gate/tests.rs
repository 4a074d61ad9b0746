use super::*;
use crate::analysis::series::{Acknowledged, Answers};
use crate::catalog::Direction;
use crate::stats::MinimumEffect;
use proptest::prelude::*;

pub(super) fn rule(baseline: Baseline) -> GateRule {
    GateRule {
        baseline,
        alpha: 0.05,
        require_all: false,
        fail_on_undecided: false,
    }
}

fn observation(run: usize, value: Option<f64>) -> Observation {
    Observation {
        run: Some(run as i64),
        value,
        ..Observation::default()
    }
}

/// A speed with runs 1, 2, … and then the newest.
pub(super) fn speed(metric: &str, history: &[f64], newest: f64) -> Gated {
    let points = history.iter().enumerate();
    Gated {
        series: Series {
            key: SeriesKey {
                metric: metric.to_owned(),
                ..SeriesKey::default()
            },
            direction: Some(Direction::Higher),
            ratio: true,
            minimum: MinimumEffect::Relative(0.02),
            points: points.map(|(i, v)| observation(i + 1, Some(*v))).collect(),
            acknowledged: Vec::new(),
        },
        newest: Some(observation(history.len() + 1, Some(newest))),
        sample: Vec::new(),
    }
}

/// A score with standard errors of its runs.
fn score(history: &[f64], newest: f64, stderr: f64) -> Gated {
    let mut gated = speed("score", history, newest);
    gated.series.ratio = false;
    gated.series.minimum = MinimumEffect::Absolute(0.01);
    let with = |point: &mut Observation| point.stderr = Some(stderr);
    gated.series.points.iter_mut().for_each(with);
    gated.newest.iter_mut().for_each(with);
    gated
}

/// The findings, each on a line, without numbers.
pub(super) fn plain(gate: &Gate) -> String {
    let one = |c: &Checked| {
        let what = match (c.verdict, c.open) {
            (_, true) => "open",
            (Verdict::Regression, _) => "regression",
            (Verdict::Improvement, _) => "improvement",
            (Verdict::Unchanged | Verdict::Undecided, _) => "unchanged or undecided",
        };
        format!("{}: {what}", c.key.metric)
    };
    gate.comparisons
        .iter()
        .map(one)
        .collect::<Vec<_>>()
        .join("\n")
}

fn outcome(gated: Gated, kind: Baseline) -> GateOutcome {
    check(&[gated], rule(kind)).unwrap().outcome
}

const STEADY: [f64; 8] = [100.0, 101.5, 99.0, 100.6, 98.8, 100.9, 99.3, 101.0];

#[test]
fn every_kind_of_baseline_has_every_outcome() {
    for kind in [
        Baseline::Previous,
        Baseline::Best,
        Baseline::Median(5),
        Baseline::Sample,
    ] {
        let of = |history: &[f64], newest: Option<f64>, require_all: bool| {
            let mut gated = speed("a", history, newest.unwrap_or_default());
            if newest.is_none() {
                gated.newest = None;
            }
            gated.sample = gated.series.points.clone();
            let rule = GateRule {
                require_all,
                ..rule(kind)
            };
            check(&[gated], rule).unwrap().outcome
        };
        assert_eq!(
            of(&STEADY, Some(100.2), false),
            GateOutcome::Fine,
            "{kind:?}"
        );
        assert_eq!(
            of(&STEADY, Some(108.0), false),
            GateOutcome::Fine,
            "{kind:?}"
        );
        assert_eq!(of(&STEADY, Some(90.0), false), GateOutcome::Bad, "{kind:?}");
        assert_eq!(
            of(&STEADY[..1], Some(90.0), false),
            GateOutcome::Undecided,
            "{kind:?}"
        );
        assert_eq!(
            of(&STEADY[..2], Some(90.0), false),
            GateOutcome::Undecided,
            "{kind:?}"
        );
        assert_eq!(
            of(&[], Some(90.0), false),
            GateOutcome::Undecided,
            "{kind:?}"
        );
        assert_eq!(of(&STEADY, None, true), GateOutcome::Bad, "{kind:?}");
        assert_eq!(of(&STEADY, None, false), GateOutcome::Undecided, "{kind:?}");
    }
    let none = check(&[], rule(Baseline::Median(0))).unwrap_err();
    assert_eq!(
        none.to_string(),
        "the median of 0 runs: a baseline needs at least one run"
    );
}

#[test]
fn three_earlier_runs_are_needed_to_tell_the_noise() {
    let of = |n: usize, newest| outcome(speed("a", &STEADY[..n], newest), Baseline::Previous);
    assert_eq!(of(2, 50.0), GateOutcome::Undecided);
    assert_eq!(of(3, 50.0), GateOutcome::Bad);
    assert_eq!(of(3, 99.0), GateOutcome::Fine);
    // With standard errors one earlier run is enough.
    assert_eq!(
        outcome(score(&[0.81], 0.70, 0.01), Baseline::Previous),
        GateOutcome::Bad
    );
    assert_eq!(
        outcome(score(&[0.81], 0.80, 0.01), Baseline::Previous),
        GateOutcome::Fine
    );
}

#[test]
fn the_wider_of_noise_and_standard_error_judges() {
    let history = [0.810, 0.812, 0.809, 0.811, 0.810];
    let of = |stderr| {
        let gate = check(&[score(&history, 0.78, stderr)], rule(Baseline::Median(5))).unwrap();
        (gate.outcome, gate.comparisons[0].test)
    };
    assert_eq!(
        of(0.0005),
        (
            GateOutcome::Bad,
            "prediction interval of the next run, assumes normality"
        )
    );
    assert_eq!(
        of(0.02),
        (
            GateOutcome::Fine,
            "z from standard errors, wider than the noise between runs"
        )
    );
}

#[test]
fn the_same_questions_are_compared_one_by_one() {
    let mut gated = score(&[1.0], 0.6, 0.1);
    let answers = |right: usize| {
        Some(Answers {
            items: 7,
            values: (0..20)
                .map(|i| Some(f64::from(u8::from(i < right))))
                .collect(),
        })
    };
    gated.series.points[0].answers = answers(20);
    gated.newest.as_mut().unwrap().answers = answers(12);
    let gate = check(&[gated], rule(Baseline::Previous)).unwrap();
    assert_eq!(
        gate.comparisons[0].test,
        "McNemar, exact, on the same questions"
    );
    assert_eq!(gate.outcome, GateOutcome::Bad);
}

#[test]
fn the_best_is_a_level_and_never_the_luckiest_run() {
    let mut history = STEADY.to_vec();
    history[3] = 109.0;
    let lucky = check(&[speed("a", &history, 99.5)], rule(Baseline::Best)).unwrap();
    assert_eq!(lucky.outcome, GateOutcome::Fine);
    assert_eq!(lucky.comparisons[0].runs_baseline, 8);
    // After a fall that nobody noticed the better level before it is the baseline.
    let fallen = STEADY.iter().chain(&STEADY).enumerate();
    let fallen: Vec<f64> = fallen
        .map(|(i, v)| if i < 8 { *v } else { 0.85 * v })
        .collect();
    let gate = check(&[speed("a", &fallen, 85.0)], rule(Baseline::Best)).unwrap();
    assert_eq!(
        (gate.outcome, gate.comparisons[0].baseline),
        (GateOutcome::Bad, 100.3)
    );
    assert_eq!(
        outcome(speed("a", &fallen, 85.0), Baseline::Previous),
        GateOutcome::Fine
    );
    // For a latency the lower level is the better.
    let mut latency = speed("a", &fallen, 100.0);
    latency.series.direction = Some(Direction::Lower);
    assert_eq!(outcome(latency, Baseline::Best), GateOutcome::Bad);
}

#[test]
fn an_acknowledged_change_is_where_the_baseline_begins() {
    let fallen = STEADY.iter().chain(&STEADY[..4]).enumerate();
    let fallen: Vec<f64> = fallen
        .map(|(i, v)| if i < 8 { *v } else { 0.85 * v })
        .collect();
    let with = |history: &[f64], newest, run| {
        let mut gated = speed("a", history, newest);
        gated.series.acknowledged = vec![Acknowledged {
            run,
            note: "safer decoding".to_owned(),
        }];
        gated
    };
    for kind in [Baseline::Previous, Baseline::Best, Baseline::Median(10)] {
        assert_eq!(
            outcome(with(&fallen, 85.0, 9), kind),
            GateOutcome::Fine,
            "{kind:?}"
        );
        assert_eq!(
            outcome(with(&fallen, 75.0, 9), kind),
            GateOutcome::Bad,
            "{kind:?}"
        );
    }
    let gate = check(&[with(&fallen, 85.0, 9)], rule(Baseline::Median(10))).unwrap();
    assert_eq!(gate.comparisons[0].runs_baseline, 4);
    // The run after the new level's first has one run to be held against, and the old noise.
    assert_eq!(
        outcome(with(&fallen[..9], 84.0, 9), Baseline::Previous),
        GateOutcome::Fine
    );
    assert_eq!(
        outcome(with(&fallen[..9], 70.0, 9), Baseline::Previous),
        GateOutcome::Bad
    );
    // The first itself has been accepted.
    let gate = check(&[with(&fallen[..8], 85.0, 9)], rule(Baseline::Previous)).unwrap();
    assert_eq!(
        (gate.outcome, gate.acknowledged.len()),
        (GateOutcome::Fine, 1)
    );
}

#[test]
fn one_undecided_series_fails_on_request_and_a_new_or_vanished_one_is_reported() {
    let mut vanished = speed("vanished", &STEADY, 0.0);
    vanished.newest.as_mut().unwrap().value = None;
    let mut undirected = speed("undirected", &STEADY, 50.0);
    undirected.series.direction = None;
    let series = [
        speed("short", &STEADY[..1], 90.0),
        speed("steady", &STEADY, 100.0),
        speed("new", &[], 3.0),
        vanished,
        undirected,
    ];
    let gate = check(&series, rule(Baseline::Previous)).unwrap();
    assert_eq!(gate.outcome, GateOutcome::Fine);
    assert_eq!(plain(&gate), "short: open\nsteady: unchanged or undecided");
    let names = |keys: &[SeriesKey]| keys.iter().map(|k| k.metric.clone()).collect::<Vec<_>>();
    assert_eq!(gate.open.len(), 1);
    assert_eq!(names(&gate.new), ["new"]);
    assert_eq!(names(&gate.vanished), ["vanished"]);
    assert_eq!(names(&gate.without_direction), ["undirected"]);
    let strict = GateRule {
        fail_on_undecided: true,
        ..rule(Baseline::Previous)
    };
    assert_eq!(
        check(&series, strict).unwrap().outcome,
        GateOutcome::Undecided
    );
}

#[test]
fn among_many_tests_a_loss_that_is_real_alone_is_open() {
    let loss = speed("loss", &STEADY, 97.0);
    assert_eq!(outcome(loss.clone(), Baseline::Median(8)), GateOutcome::Bad);
    let mut series = vec![loss];
    series.extend((0..19).map(|i| speed(&format!("steady {i:02}"), &STEADY, 100.0)));
    let gate = check(&series, rule(Baseline::Median(8))).unwrap();
    assert_eq!(
        (gate.outcome, gate.tests, gate.open.len()),
        (GateOutcome::Fine, 20, 1)
    );
    assert!(
        gate.open[0]
            .reason
            .ends_with("alone but not among 20 tests"),
        "{:?}",
        gate.open
    );
}

#[test]
fn equal_values_have_no_noise_and_any_change_that_matters_is_one() {
    let of = |newest| outcome(score(&[0.1; 5], newest, 0.0), Baseline::Median(5));
    assert_eq!(of(0.1), GateOutcome::Fine);
    assert_eq!(of(0.095), GateOutcome::Fine);
    assert_eq!(of(0.05), GateOutcome::Bad);
    let two = |newest| outcome(speed("a", &[0.1; 2], newest), Baseline::Median(5));
    assert_eq!(two(0.05), GateOutcome::Undecided);
}

#[test]
fn the_json_has_the_keys_that_scripts_rely_on() {
    let gate = check(&[speed("a", &STEADY, 90.0)], rule(Baseline::Previous)).unwrap();
    let json = serde_json::to_value(&gate).unwrap();
    let keys = |value: &serde_json::Value| {
        let object = value.as_object().unwrap();
        object.keys().cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        keys(&json),
        "outcome alpha tests correction comparisons open vanished new acknowledged without_direction"
    );
    assert_eq!(json["outcome"], "bad");
    assert_eq!(
        keys(&json["comparisons"][0]),
        "model task metric statistic qualifier unit workload config run time baseline candidate \
         runs_baseline runs_candidate change relative_change low high p p_adjusted test \
         minimum_effect runs_needed smallest_detectable verdict open finding"
    );
    let open = check(&[speed("a", &STEADY[..1], 90.0)], rule(Baseline::Previous)).unwrap();
    let json = serde_json::to_value(&open).unwrap();
    assert_eq!(
        json["open"][0]["reason"],
        "no test was possible: 1 run against one, without standard errors or 3 earlier runs to tell the noise: -10.0 %"
    );
}

#[test]
fn a_value_that_is_not_finite_is_refused() {
    assert!(check(&[speed("a", &[1.0, f64::NAN], 1.0)], rule(Baseline::Best)).is_err());
    assert!(check(&[speed("a", &STEADY, f64::NAN)], rule(Baseline::Best)).is_err());
    assert!(check(&[speed("a", &STEADY, f64::INFINITY)], rule(Baseline::Best)).is_err());
    let huge = speed("a", &[1e308, 9e307, 1.1e308, -1e308], 1e-300);
    assert!(check(&[huge], rule(Baseline::Median(4))).is_ok());
}

proptest! {
    #[test]
    fn the_other_direction_mirrors_the_verdict_and_the_order_given_does_not_matter(
        values in prop::collection::vec(50.0..150.0f64, 4..12),
        newest in 20.0..200.0f64,
    ) {
        for kind in [Baseline::Previous, Baseline::Median(5)] {
            let series = [speed("a", &values, newest), speed("b", &STEADY, 100.0)];
            let mut other = series.clone();
            other[0].series.direction = Some(Direction::Lower);
            let find = |series: &[Gated]| {
                let gate = check(series, rule(kind)).unwrap();
                let found = gate.comparisons.iter().find(|c| c.key.metric == "a").unwrap().clone();
                (found.verdict, found.p_adjusted)
            };
            let (here, p) = find(&series);
            let (there, other_p) = find(&other);
            let mirrored = match here {
                Verdict::Regression => Verdict::Improvement,
                Verdict::Improvement => Verdict::Regression,
                same => same,
            };
            prop_assert_eq!((there, other_p), (mirrored, p));
            let reversed: Vec<Gated> = series.iter().rev().cloned().collect();
            prop_assert_eq!(
                check(&series, rule(kind)).unwrap(),
                check(&reversed, rule(kind)).unwrap()
            );
        }
    }
}
