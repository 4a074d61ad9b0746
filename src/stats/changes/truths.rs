//! The detector on real series: statistics without randomness against reference values to
//! 1e-9, and the changes found on series whose history is known.

use std::path::Path;

use serde_json::Value;

use super::super::mann_kendall::mann_kendall;
use super::super::pettitt::pettitt;
use super::super::reference::{close, columns};
use super::super::summary::Summary;
use super::super::theil_sen::theil_sen;
use super::scan::Scanner;
use super::scores::normal_scores;
use super::scoring::{covering, f1};
use super::steps::best_steps;
use super::{ChangeOptions, ChangeState, Changes, MinimumEffect, changes};

/// A JSON file of the folder of change-point data, or `None` where that is absent.
pub(super) fn reference_file(name: &str) -> Option<Value> {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/data/stats/changepoint/"
    );
    let text = std::fs::read_to_string(Path::new(folder).join(name)).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

/// An array of indices.
pub(super) fn indices(array: &Value) -> Vec<usize> {
    let index = |value: &Value| value.as_u64().unwrap() as usize;
    array.as_array().unwrap().iter().map(index).collect()
}

/// All series of the folder.
const SERIES: [&str; 16] = [
    "nile",
    "perf_mongodb_real_series",
    "perf_tigerbeetle",
    "tcpd_bank",
    "tcpd_businv",
    "tcpd_children_per_woman",
    "tcpd_debt_ireland",
    "tcpd_gdp_croatia",
    "tcpd_gdp_japan",
    "tcpd_jfk_passengers",
    "tcpd_quality_control_1",
    "tcpd_quality_control_3",
    "tcpd_quality_control_5",
    "tcpd_rail_lines",
    "tcpd_us_population",
    "tcpd_well_log",
];

fn series(name: &str) -> Option<(Vec<f64>, Value)> {
    let values = columns(&format!("changepoint/{name}.csv"))?.pop()?;
    Some((values, reference_file(&format!("{name}.json"))?))
}

#[track_caller]
fn agrees(found: f64, expected: &Value, name: &str) {
    let expected = expected.as_f64().unwrap();
    let tolerance = 1e-9 * expected.abs().max(1e-300);
    assert!(
        (found - expected).abs() <= tolerance,
        "{name} {found} {expected}"
    );
}

#[test]
fn every_deterministic_truth_is_reached_to_nine_digits() {
    for name in SERIES {
        let Some((values, file)) = series(name) else {
            return;
        };
        let truth = &file["deterministic_truths_on_non_missing_values"];
        let summary = Summary::of(&values).unwrap();
        agrees(summary.mean, &truth["mean"], name);
        agrees(summary.sd.unwrap(), &truth["sd"], name);
        agrees(summary.median, &truth["median"], name);
        let trend = mann_kendall(&values).unwrap();
        let expected = &truth["mann_kendall"];
        assert_eq!(trend.s, expected["S"].as_i64().unwrap(), "{name}");
        agrees(trend.variance, &expected["var_S"], name);
        agrees(trend.z, &expected["Z"], name);
        agrees(trend.p, &expected["p_two_sided"], name);
        let one = pettitt(&values).unwrap();
        let expected = &truth["pettitt"];
        agrees(one.k, &expected["K"], name);
        agrees(one.p, &expected["p_approx"], name);
        let place = expected["first_index_of_new_segment"].as_u64().unwrap();
        assert_eq!(one.index as u64, place, "{name}");
        let time: Vec<f64> = (0..values.len()).map(|i| i as f64).collect();
        let slope = theil_sen(&time, &values).unwrap().slope;
        agrees(slope, &truth["theil_sen_slope_per_step"], name);
    }
}

#[test]
fn every_best_segmentation_is_found() {
    for name in SERIES {
        let Some((values, file)) = series(name) else {
            return;
        };
        let truth = &file["deterministic_truths_on_non_missing_values"];
        let expected = &truth["l2_optimal_segmentation"]["optima"];
        let optima = expected.as_array().unwrap();
        let found = best_steps(&values, optima.len(), 1);
        assert_eq!(found.len(), optima.len());
        for (steps, optimum) in found.iter().zip(optima) {
            agrees(steps.sse, &optimum["sse"], name);
            assert_eq!(steps.places, indices(&optimum["change_points"]), "{name}");
        }
    }
}

#[test]
fn every_scan_statistic_is_reached_to_nine_digits() {
    for name in SERIES {
        let Some((values, file)) = series(name) else {
            return;
        };
        let truth = &file["deterministic_truths_on_non_missing_values"];
        let expected = &truth["normal_score_scan_m3"];
        let scores = normal_scores(&values).unwrap();
        let scan = Scanner::new(values.len()).scan(&scores);
        agrees(scan.one, &expected["T1"], name);
        assert_eq!(scan.at as u64, expected["k"].as_u64().unwrap(), "{name}");
        let two = scan.two.unwrap();
        agrees(two.half, &expected["T2_over_2"], name);
        let pair = [two.places.0, two.places.1];
        assert_eq!(pair.to_vec(), indices(&expected["pair"]), "{name}");
    }
}

const PLAIN: ChangeOptions = ChangeOptions {
    alpha: 0.05,
    minimum_effect: MinimumEffect::Absolute(0.0),
};

fn confirmed(found: &Changes) -> Vec<usize> {
    let confirmed = |change: &&super::Change| change.state == ChangeState::Confirmed;
    let changes = found.changes.iter().filter(confirmed);
    changes.map(|change| change.index).collect()
}

#[test]
fn histories_that_are_known_are_told() {
    let expected: [(&str, &[usize]); 6] = [
        ("nile", &[28]),
        ("tcpd_quality_control_1", &[98, 144, 206]),
        ("tcpd_quality_control_3", &[179]),
        ("tcpd_quality_control_5", &[]),
        ("perf_mongodb_real_series", &[]),
        (
            "perf_tigerbeetle",
            &[15, 61, 71, 95, 117, 131, 141, 149, 192, 212],
        ),
    ];
    for (name, places) in expected {
        let Some((values, _)) = series(name) else {
            return;
        };
        let found = changes(&values, &PLAIN).unwrap();
        assert_eq!(confirmed(&found), places, "{name}");
        assert_eq!(found.drift, None, "{name}");
        let last = found.segments.last().unwrap();
        assert_eq!(last.end, values.len());
    }
}

#[test]
#[ignore = "seven seconds in a debug build, for the permutations of long tied series"]
fn annotated_series_are_matched_better_than_by_no_change() {
    let (mut found_scores, mut empty_scores) = ((0.0, 0.0), (0.0, 0.0));
    for name in SERIES {
        let Some((values, file)) = series(name) else {
            return;
        };
        let Some(annotations) = file["annotations"].as_object() else {
            continue;
        };
        let annotations: Vec<Vec<usize>> = annotations.values().map(indices).collect();
        let places = confirmed(&changes(&values, &PLAIN).unwrap());
        let score = |places: &[usize]| {
            (
                f1(&annotations, places, 5),
                covering(&annotations, places, values.len()),
            )
        };
        let (found, empty) = (score(&places), score(&[]));
        found_scores = (found_scores.0 + found.0, found_scores.1 + found.1);
        empty_scores = (empty_scores.0 + empty.0, empty_scores.1 + empty.1);
        if name == "nile" {
            close(found.0, 1.0, 1e-12);
            close(empty.0, 0.823_529_411_764_705_8, 1e-12);
        }
    }
    assert!(
        found_scores.0 > empty_scores.0,
        "{found_scores:?} {empty_scores:?}"
    );
    assert!(
        found_scores.1 > empty_scores.1,
        "{found_scores:?} {empty_scores:?}"
    );
}
