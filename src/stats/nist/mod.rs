//! The Statistical Reference Datasets of NIST/ITL: summaries and least squares against their
//! certified values, to the number of correct digits that double precision allows.
//!
//! PiDigits is left out: its published 5000 values are not the digits of π, whose mean is
//! 4.5358 where 4.5348 is certified, so that they cannot be derived.

mod data;

use serde_json::Value;

use super::reference::{NORRIS, columns, lre};
use super::*;

/// Correct digits of an estimate, of its standard errors and of the residual standard
/// deviation that a fit must reach.
type Marks = (f64, f64, f64);

/// What NIST certifies of a fit.
struct Certified {
    /// Estimate and standard deviation.
    coefficients: Vec<(f64, f64)>,
    residual_sd: f64,
    r2: f64,
    f: f64,
}

impl Certified {
    /// From a file in the folder of reference data, or `None` where that is absent.
    fn of(file: &str) -> Option<Self> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/stats/nist/");
        let text = std::fs::read_to_string(format!("{folder}{file}.json")).ok()?;
        let certified = serde_json::from_str::<Value>(&text).unwrap()["certified"].take();
        let number = |value: &Value| value.as_str().unwrap().parse::<f64>().unwrap();
        let terms = certified["coefficients"].as_array().unwrap();
        Some(Self {
            coefficients: terms
                .iter()
                .map(|term| (number(&term["estimate"]), number(&term["sd"])))
                .collect(),
            residual_sd: number(&certified["residual_sd"]),
            r2: number(&certified["r_squared"]),
            f: number(&certified["regression"]["f"]),
        })
    }

    #[track_caller]
    fn check(&self, coefficients: &[Coefficient], fit: &Regression, marks: Marks) {
        assert_eq!(coefficients.len(), self.coefficients.len());
        for (found, (estimate, sd)) in coefficients.iter().zip(&self.coefficients) {
            reaches(marks.0, found.estimate, *estimate);
            reaches(marks.1, found.se, *sd);
        }
        reaches(marks.2, fit.residual_se, self.residual_sd);
        reaches(marks.2.min(12.0), fit.r2.unwrap(), self.r2);
        if self.f.is_finite() {
            // F is a ratio of squares.
            reaches(marks.2 - 0.5, fit.f.unwrap(), self.f);
        } else {
            assert!(fit.f.is_none_or(|f| f > 1e25));
        }
    }
}

/// Asserts the number of correct digits; of a certified 0, the digits after the point that
/// are 0.
#[track_caller]
fn reaches(digits: f64, computed: f64, certified: f64) {
    let reached = if certified == 0.0 {
        -computed.abs().log10()
    } else {
        lre(computed, certified)
    };
    assert!(
        reached >= digits,
        "{reached:.2} of {digits} digits: {computed:e} for {certified:e}"
    );
}

fn regress(columns: &[Vec<f64>], y: &[f64], intercept: bool) -> Regression {
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let options = RegressionOptions {
        intercept,
        weights: None,
    };
    Regression::fit(&columns, y, options).unwrap()
}

/// x, x², … as predictors of their own.
fn powers(x: &[f64], degree: i32) -> Vec<Vec<f64>> {
    let power = |k| x.iter().map(|x| x.powi(k)).collect();
    (1..=degree).map(power).collect()
}

/// Checks a polynomial as such, and with its powers as predictors.
#[track_caller]
fn check_polynomial(certified: &Certified, x: &[f64], y: &[f64], marks: Marks, plain: Marks) {
    let degree = certified.coefficients.len() - 1;
    let polynomial = Polynomial::fit(x, y, degree, None).unwrap();
    certified.check(&polynomial.coefficients, &polynomial.regression, marks);
    let regression = regress(&powers(x, degree as i32), y, true);
    certified.check(&regression.coefficients, &regression, plain);
}

#[test]
fn norris_is_a_line() {
    let (x, y): (Vec<f64>, Vec<f64>) = NORRIS.into_iter().unzip();
    let certified = Certified {
        coefficients: vec![
            (-0.262323073774029, 0.232818234301152),
            (1.00211681802045, 0.429796848199937e-03),
        ],
        residual_sd: 0.884796396144373,
        r2: 0.999993745883712,
        f: 5436385.54079785,
    };
    let marks = (12.0, 13.0, 13.0);
    check_polynomial(&certified, &x, &y, marks, marks);
    if let (Some(table), Some(file)) = (columns("nist/Norris.csv"), Certified::of("Norris")) {
        check_polynomial(&file, &table[1], &table[0], marks, marks);
    }
}

#[test]
fn pontius_is_a_parabola_in_large_numbers() {
    let x: Vec<f64> = (0..40)
        .map(|row| f64::from(row % 20 + 1) * 150_000.0)
        .collect();
    let certified = Certified {
        coefficients: vec![
            (0.673565789473684e-03, 0.107938612033077e-03),
            (0.732059160401003e-06, 0.157817399981659e-09),
            (-0.316081871345029e-14, 0.486652849992036e-16),
        ],
        residual_sd: 0.205177424076185e-03,
        r2: 0.999999900178537,
        f: 185330865.995752,
    };
    let marks = (12.0, 12.5, 12.5);
    check_polynomial(&certified, &x, &data::PONTIUS_Y, marks, marks);
}

#[test]
fn no_intercept_has_an_uncentred_determination() {
    let certified = Certified {
        coefficients: vec![(0.727272727272727, 0.420827318078432e-01)],
        residual_sd: 0.369274472937998,
        r2: 0.993348115299335,
        f: 298.6666666666667,
    };
    let fit = regress(&[vec![4.0, 5.0, 6.0]], &[3.0, 4.0, 4.0], false);
    certified.check(&fit.coefficients, &fit, (14.0, 14.0, 14.5));
    if let (Some(table), Some(file)) = (columns("nist/NoInt1.csv"), Certified::of("NoInt1")) {
        let fit = regress(&table[1..], &table[0], false);
        file.check(&fit.coefficients, &fit, (14.0, 14.0, 14.5));
    }
}

#[test]
fn longley_has_predictors_that_nearly_depend_on_each_other() {
    if let (Some(table), Some(file)) = (columns("nist/Longley.csv"), Certified::of("Longley")) {
        let fit = regress(&table[1..], &table[0], true);
        file.check(&fit.coefficients, &fit, (12.5, 13.5, 13.5));
    }
}

/// 1 + x/`unit` + … + (x/`unit`)⁵ over x = 0…20, each value rounded once.
fn wampler(unit: f64) -> Vec<f64> {
    let whole = |x: f64| (0..6).map(|k| x.powi(k) * unit.powi(5 - k)).sum::<f64>();
    let x = (0..21).map(f64::from);
    x.map(|x| whole(x) / unit.powi(5)).collect()
}

#[test]
fn wampler_one_and_two_lie_exactly_on_a_polynomial() {
    let x: Vec<f64> = (0..21).map(f64::from).collect();
    let certified = |step: f64| Certified {
        coefficients: (0..6).map(|k| (1.0 / step.powi(k), 0.0)).collect(),
        residual_sd: 0.0,
        r2: 1.0,
        f: f64::INFINITY,
    };
    let marks = (9.0, 9.0, 9.0);
    check_polynomial(&certified(1.0), &x, &wampler(1.0), marks, marks);
    let marks = (12.0, 13.0, 13.0);
    check_polynomial(&certified(10.0), &x, &wampler(10.0), marks, marks);
    if let (Some(table), Some(file)) = (columns("nist/Wampler1.csv"), Certified::of("Wampler1")) {
        assert_eq!((&table[0], &table[1]), (&wampler(1.0), &x));
        check_polynomial(&file, &x, &table[0], (9.0, 9.0, 9.0), (9.0, 9.0, 9.0));
    }
}

#[test]
fn wampler_three_to_five_drown_the_polynomial_in_noise() {
    let x: Vec<f64> = (0..21).map(f64::from).collect();
    let deviations = [
        2152.32624678170,
        2363.55173469681,
        779.343524331583,
        101.475507550350,
        5.64566512170752,
        0.112324854679312,
    ];
    let cases = [
        (1.0, 0.999995559025820, 675524.458240122, 9.0, 9.0),
        (100.0, 0.957478440825662, 67.5524458240122, 9.0, 8.0),
        (1e4, 0.224668921574940e-02, 6.755244582401224e-03, 7.5, 6.0),
    ];
    for (factor, r2, f, digits, plain_digits) in cases {
        let noise = data::WAMPLER_NOISE.iter().map(|noise| factor * noise);
        let y: Vec<f64> = wampler(1.0).iter().zip(noise).map(|(y, e)| y + e).collect();
        let certified = Certified {
            coefficients: deviations.iter().map(|sd| (1.0, factor * sd)).collect(),
            residual_sd: factor * 2360.14502379268,
            r2,
            f,
        };
        let (marks, plain) = ((digits, 13.0, 13.0), (plain_digits, 13.0, 13.0));
        check_polynomial(&certified, &x, &y, marks, plain);
    }
}

#[test]
fn filip_is_a_polynomial_of_degree_ten_far_from_zero() {
    let certified = Certified {
        coefficients: data::FILIP.to_vec(),
        residual_sd: 0.334801051324544e-02,
        r2: 0.996727416185620,
        f: 2162.43954511489,
    };
    let (marks, plain) = ((13.0, 14.0, 14.0), (7.0, 7.0, 7.5));
    check_polynomial(&certified, &data::FILIP_X, &data::FILIP_Y, marks, plain);
}

#[test]
fn filip_moved_further_away_is_refused_and_not_answered_wrongly() {
    let x: Vec<f64> = data::FILIP_X.iter().map(|x| x - 60.0).collect();
    let moved: Vec<Vec<f64>> = powers(&x, 10);
    let columns: Vec<&[f64]> = moved.iter().map(Vec::as_slice).collect();
    let plain = Regression::fit(&columns, &data::FILIP_Y, RegressionOptions::default());
    let chebyshev = Polynomial::fit(&x, &data::FILIP_Y, 10, None);
    let refused = |error| matches!(error, Some(StatsError::IllConditioned { exponent: 12.. }));
    assert!(refused(plain.err()));
    assert!(refused(chebyshev.err()));
}

/// `centre`, then 500 times `low`, `high`: NumAcc2…4, each number written with one decimal.
fn num_acc(centre: &str, low: &str, high: &str) -> Vec<f64> {
    let parse = |text: &str| text.parse::<f64>().unwrap();
    let pairs = (0..500).flat_map(|_| [parse(low), parse(high)]);
    std::iter::once(parse(centre)).chain(pairs).collect()
}

/// Name, data, certified mean and standard deviation, and the digits the latter must reach.
fn univariate() -> Vec<(&'static str, Vec<f64>, f64, f64, f64)> {
    let whole = |values: &[i16]| values.iter().copied().map(f64::from).collect();
    let three = vec![10_000_001.0, 10_000_003.0, 10_000_002.0];
    let acc_3 = num_acc("1000000.2", "1000000.1", "1000000.3");
    let acc_4 = num_acc("10000000.2", "10000000.1", "10000000.3");
    let mut sets = vec![
        ("Lew", whole(&data::LEW), -177.435, 277.332168044316, 14.0),
        (
            "Lottery",
            whole(&data::LOTTERY),
            518.958715596330,
            291.699727470969,
            14.0,
        ),
        ("NumAcc1", three, 10_000_002.0, 1.0, 15.0),
        ("NumAcc2", num_acc("1.2", "1.1", "1.3"), 1.2, 0.1, 15.0),
        ("NumAcc3", acc_3, 1_000_000.2, 0.1, 9.0),
        ("NumAcc4", acc_4, 10_000_000.2, 0.1, 8.0),
    ];
    let files = [
        ("Mavro", 2.001856, 0.000429123454003053, 12.5),
        ("Michelso", 299.8524, 0.0790105478190518, 12.5),
        ("NumAcc1", 10_000_002.0, 1.0, 15.0),
        ("NumAcc2", 1.2, 0.1, 15.0),
        ("NumAcc3", 1_000_000.2, 0.1, 9.0),
    ];
    for (name, mean, sd, digits) in files {
        let table = columns(&format!("nist/{name}.csv"));
        sets.extend(table.map(|mut table| (name, table.swap_remove(0), mean, sd, digits)));
    }
    sets
}

#[test]
fn means_and_standard_deviations_reach_their_digits() {
    for (_, values, mean, sd, digits) in univariate() {
        let summary = Summary::of(&values).unwrap();
        reaches(14.0, summary.mean, mean);
        reaches(digits, summary.sd.unwrap(), sd);
    }
}

#[test]
fn the_mean_as_a_regression_without_predictors_reaches_them_too() {
    for (_, values, mean, sd, digits) in univariate() {
        let fit = regress(&[], &values, true);
        reaches(14.0, fit.coefficients[0].estimate, mean);
        reaches(digits.min(14.0), fit.residual_se, sd);
    }
}

#[test]
fn these_marks_catch_the_textbook_sum_of_squares() {
    // (Σx² − (Σx)²/n)/(n − 1) in one pass.
    let sets = univariate();
    for name in ["NumAcc3", "NumAcc4"] {
        let (_, values, _, sd, digits) = sets.iter().find(|set| set.0 == name).unwrap();
        let n = values.len() as f64;
        let (total, squares) = values.iter().fold((0.0, 0.0), |(total, squares), x| {
            (total + x, squares + x * x)
        });
        let textbook = f64::max((squares - total * total / n) / (n - 1.0), 0.0).sqrt();
        assert!(lre(textbook, *sd) < digits - 5.0);
    }
}
