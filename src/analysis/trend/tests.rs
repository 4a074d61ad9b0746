use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::analysis::series::Acknowledged;
use crate::stats::{MinimumEffect, SEED, SplitMix64};

const PLAIN: TrendOptions = TrendOptions {
    alpha: 0.05,
    last: None,
    since: None,
};

/// A series of runs 1, 2, …, a day apart.
fn series(values: &[Option<f64>]) -> Series {
    let point = |(i, value): (usize, &Option<f64>)| Observation {
        run: Some(i as i64 + 1),
        at: Some(i as i64 * 86_400_000),
        time: Some(format!("day {i}")),
        value: *value,
        ..Observation::default()
    };
    Series {
        key: SeriesKey {
            metric: "speed".to_owned(),
            ..SeriesKey::default()
        },
        direction: Some(Direction::Higher),
        ratio: true,
        minimum: MinimumEffect::Relative(0.02),
        points: values.iter().enumerate().map(point).collect(),
        acknowledged: Vec::new(),
    }
}

/// Within 1 of each level, `length` values each.
fn levels(levels: &[f64], length: usize) -> Vec<Option<f64>> {
    let mut random = SplitMix64::new(SEED);
    let levels = levels.iter().flat_map(|level| [*level].repeat(length));
    levels
        .map(|level| Some(level + 2.0 * random.uniform() - 1.0))
        .collect()
}

fn places(found: &Trend) -> Vec<usize> {
    found
        .change_points
        .iter()
        .map(|change| change.index)
        .collect()
}

fn of(values: &[Option<f64>]) -> Trend {
    trend(&series(values), &PLAIN).unwrap()
}

/// The last column of a file of the folder of change-point data, or `None` where that is absent;
/// an empty cell is a missing value.
fn known(name: &str) -> Option<(Vec<Option<f64>>, serde_json::Value)> {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/data/stats/changepoint/"
    );
    let text =
        |ending: &str| std::fs::read_to_string(Path::new(folder).join(format!("{name}.{ending}")));
    let table = text("csv").ok()?;
    let cells = table
        .lines()
        .skip(1)
        .filter_map(|line| line.rsplit(',').next());
    let values = cells.map(|cell| cell.trim().parse().ok()).collect();
    Some((values, serde_json::from_str(&text("json").ok()?).unwrap()))
}

#[test]
fn histories_that_are_known_are_told() {
    let expected: [(&str, &[usize]); 5] = [
        ("nile", &[28]),
        ("tcpd_quality_control_3", &[179]),
        ("tcpd_quality_control_5", &[]),
        ("perf_mongodb_real_series", &[]),
        (
            "perf_tigerbeetle",
            &[15, 61, 71, 95, 117, 131, 141, 149, 192, 212],
        ),
    ];
    for (name, expected) in expected {
        let Some((values, _)) = known(name) else {
            return;
        };
        let mut series = series(&values);
        series.minimum = MinimumEffect::Absolute(0.0);
        let found = trend(&series, &PLAIN).unwrap();
        let confirmed = found
            .change_points
            .iter()
            .filter(|c| c.state == PointState::Confirmed);
        let confirmed: Vec<usize> = confirmed.map(|c| c.index).collect();
        assert_eq!(confirmed, expected, "{name}");
    }
}

#[test]
fn the_drift_of_the_population_is_the_deterministic_truth() {
    let Some((values, file)) = known("tcpd_us_population") else {
        return;
    };
    let truth = &file["deterministic_truths_on_non_missing_values"];
    let found = of(&values);
    let drift = found.drift.unwrap();
    let near = |found: f64, expected: &serde_json::Value| {
        let expected = expected.as_f64().unwrap();
        assert!(
            (found - expected).abs() <= 1e-9 * expected.abs(),
            "{found} {expected}"
        );
    };
    near(drift.slope, &truth["theil_sen_slope_per_step"]);
    near(drift.p, &truth["mann_kendall"]["p_two_sided"]);
    assert_eq!(
        (drift.verdict, found.change_points),
        (Some(Verdict::Improvement), vec![])
    );
    assert!(
        found.sentence.starts_with("drifts up by "),
        "{}",
        found.sentence
    );
}

#[test]
fn a_fall_is_a_regression_and_its_repair_takes_it_out_of_force() {
    let found = of(&levels(&[100.0, 80.0], 20));
    assert_eq!(found.open_regressions().count(), 1);
    let fall = &found.change_points[0];
    assert_eq!(
        (fall.index, fall.run, fall.time.as_deref()),
        (20, Some(21), Some("day 20"))
    );
    assert_eq!(fall.change, fall.after - fall.before);
    assert!((fall.relative_change.unwrap() + 0.2).abs() < 0.01);
    let repaired = of(&levels(&[100.0, 80.0, 100.0], 20));
    let told: Vec<_> = repaired
        .change_points
        .iter()
        .map(|c| (c.index, c.verdict, c.in_force))
        .collect();
    assert_eq!(
        told,
        [
            (20, Some(Verdict::Regression), false),
            (40, Some(Verdict::Improvement), true)
        ]
    );
    assert_eq!(repaired.open_regressions().count(), 0);
}

#[test]
fn an_acknowledged_change_is_shown_and_is_the_new_normal() {
    let mut series = series(&levels(&[100.0, 80.0, 70.0], 20));
    let acknowledge = |run| Acknowledged {
        run,
        note: "safer decoding".to_owned(),
    };
    series.acknowledged = vec![acknowledge(21)];
    let found = trend(&series, &PLAIN).unwrap();
    assert_eq!(places(&found), [20, 40]);
    let first = &found.change_points[0];
    assert_eq!(first.acknowledged.as_deref(), Some("safer decoding"));
    assert_eq!(
        (first.state, first.verdict),
        (PointState::Confirmed, Some(Verdict::Regression))
    );
    let open: Vec<usize> = found.open_regressions().map(|c| c.index).collect();
    assert_eq!(open, [40]);
    series.acknowledged.push(acknowledge(41));
    assert_eq!(
        trend(&series, &PLAIN).unwrap().open_regressions().count(),
        0
    );
    // Where the numbers see nothing it is shown all the same, as possible and without p.
    series.acknowledged = vec![acknowledge(31)];
    let found = trend(&series, &PLAIN).unwrap();
    assert_eq!(places(&found), [20, 30, 40]);
    let shown = &found.change_points[1];
    assert_eq!((shown.state, shown.p), (PointState::Possible, None));
}

#[test]
fn an_acknowledged_suspect_leaves_a_level_that_is_too_short_to_examine() {
    let mut values = levels(&[100.0], 20);
    values.push(Some(80.0));
    assert_eq!(of(&values).change_points[0].state, PointState::Suspect);
    let mut series = series(&values);
    series.acknowledged = vec![Acknowledged {
        run: 21,
        note: "new driver".to_owned(),
    }];
    let found = trend(&series, &PLAIN).unwrap();
    assert_eq!(
        (found.change_points.len(), found.needed, found.status),
        (1, 7, TrendStatus::Ok)
    );
    assert_eq!(found.change_points[0].state, PointState::Suspect);
    assert_eq!(
        found.sentence,
        "1 change at run 21 (day 20), 100.04 to 80 (-20.0 %), regression, suspect, p < 0.0001, \
         acknowledged: new driver; the newest level needs 7 values more to be examined"
    );
}

#[test]
fn missing_values_stay_missing_and_places_count_them() {
    let mut values = levels(&[100.0, 80.0], 20);
    values.insert(5, None);
    values.insert(30, None);
    values.push(None);
    let found = of(&values);
    assert_eq!(places(&found), [21]);
    assert_eq!((found.present, found.points.len()), (40, 43));
    assert_eq!(found.points[5].value, None);
    assert_eq!(
        of(&[None; 12]).sentence,
        "0 values of the 8 that are needed"
    );
}

#[test]
fn what_is_too_short_or_constant_is_said_to_be() {
    for n in 0..8 {
        let found = of(&levels(&[100.0], n));
        assert_eq!(
            (found.status, found.needed, found.present),
            (TrendStatus::TooShort, 8 - n, n)
        );
        assert_eq!((found.change_points, found.drift), (vec![], None));
    }
    let found = of(&[Some(3.5); 12]);
    assert_eq!(
        (found.status, found.sentence.as_str()),
        (TrendStatus::Constant, "all 12 values are 3.5")
    );
    assert_eq!(of(&[Some(3.5); 3]).status, TrendStatus::TooShort);
    // Ties all over, and a step all the same.
    let tied: Vec<Option<f64>> = (0..24)
        .map(|i| Some(f64::from(10 + i / 12 * 5 + i % 2)))
        .collect();
    assert_eq!(places(&of(&tied)), [12]);
}

#[test]
fn without_a_change_the_smallest_detectable_one_is_told() {
    let found = of(&levels(&[100.0], 50));
    let step = found.detectable.unwrap();
    // Two values apart at most, sd 0.577: nearly one sd is found, but 2 % is what matters.
    assert!((2.0..2.1).contains(&step), "{step}");
    assert!(
        found
            .sentence
            .starts_with("no change found in 50 values; smallest detectable in the middle: 2.0"),
        "{}",
        found.sentence
    );
}

#[test]
fn last_restricts_what_is_used_and_since_what_is_shown() {
    let series = series(&levels(&[100.0, 80.0, 100.0], 20));
    let last = TrendOptions {
        last: Some(30),
        ..PLAIN
    };
    let found = trend(&series, &last).unwrap();
    assert_eq!((places(&found), found.points.len()), (vec![10], 30));
    assert_eq!(found.change_points[0].run, Some(41));
    let since = |day: i64| TrendOptions {
        since: Some(day * 86_400_000),
        ..PLAIN
    };
    let found = trend(&series, &since(30)).unwrap();
    assert_eq!((places(&found), found.earlier), (vec![40], 1));
    let found = trend(&series, &since(50)).unwrap();
    assert_eq!(found.sentence, "no change since then, 2 before");
}

#[test]
fn without_a_direction_there_is_no_verdict() {
    let mut series = series(&levels(&[100.0, 80.0], 20));
    series.direction = None;
    let found = trend(&series, &PLAIN).unwrap();
    assert_eq!(
        (places(&found), found.change_points[0].verdict),
        (vec![20], None)
    );
    assert_eq!(found.open_regressions().count(), 0);
}

#[test]
fn refuses_what_is_not_finite_and_options_out_of_range() {
    let error = trend(&series(&[Some(1.0), Some(f64::INFINITY)]), &PLAIN).unwrap_err();
    assert_eq!(error.to_string(), "the series: value 2 is not finite");
    let wrong = TrendOptions {
        alpha: 0.0,
        ..PLAIN
    };
    assert!(trend(&series(&[Some(1.0)]), &wrong).is_err());
}

#[test]
fn the_json_has_the_keys_that_scripts_rely_on() {
    let found = of(&levels(&[100.0, 80.0], 20));
    let json = serde_json::to_value(&found).unwrap();
    let keys = |value: &serde_json::Value| {
        let object = value.as_object().unwrap();
        object.keys().cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        keys(&json),
        "key direction status present needed points earlier change_points drift detectable sentence"
    );
    assert_eq!(keys(&json["points"][0]), "run time value stderr");
    assert_eq!(
        keys(&json["change_points"][0]),
        "index run time before after change relative_change p p_guarded expected state verdict \
         in_force acknowledged"
    );
    assert_eq!(
        (&json["status"], &json["change_points"][0]["state"]),
        (&"ok".into(), &"confirmed".into())
    );
}

proptest! {
    #[test]
    fn the_other_direction_and_the_mirrored_values_mirror_the_verdicts(
        from in 80.0..120.0f64, to in 80.0..120.0f64, length in 4_usize..20,
    ) {
        let values = levels(&[from, to], length);
        let mut here = series(&values);
        here.minimum = MinimumEffect::Absolute(1.0);
        let mut other = here.clone();
        other.direction = Some(Direction::Lower);
        let mirrored = |verdict: Option<Verdict>| verdict.map(|verdict| match verdict {
            Verdict::Regression => Verdict::Improvement,
            _ => Verdict::Regression,
        });
        let told = |series: &Series| {
            let found = trend(series, &PLAIN).unwrap();
            let one = |c: ChangePoint| (c.index, c.state, c.verdict);
            found.change_points.into_iter().map(one).collect::<Vec<_>>()
        };
        let expected: Vec<_> =
            told(&here).into_iter().map(|(i, s, v)| (i, s, mirrored(v))).collect();
        prop_assert_eq!(told(&other), expected.clone());
        for point in &mut here.points {
            point.value = point.value.map(|value| -value);
        }
        prop_assert_eq!(told(&here), expected);
        prop_assert_eq!(trend(&here, &PLAIN).unwrap(), trend(&here, &PLAIN).unwrap());
    }
}
