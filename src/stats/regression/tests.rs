//! Single fits against published and independent values.

use super::super::Ols;
use super::super::reference::{NORRIS, SEVEN_SCORES, SEVEN_SPEEDS, close};
use super::*;

/// A second predictor beside [`SEVEN_SPEEDS`], and standard errors of [`SEVEN_SCORES`].
const SIZES: [f64; 7] = [7.0, 3.0, 8.0, 13.0, 2.0, 34.0, 9.0];
const ERRORS: [f64; 7] = [1.1, 0.8, 1.4, 0.9, 2.0, 1.2, 0.7];

fn options(intercept: bool, weights: Option<&[f64]>) -> RegressionOptions<'_> {
    RegressionOptions { intercept, weights }
}

fn seven(intercept: bool, weights: Option<&[f64]>) -> Regression {
    let columns: [&[f64]; 2] = [&SEVEN_SPEEDS, &SIZES];
    Regression::fit(&columns, &SEVEN_SCORES, options(intercept, weights)).unwrap()
}

#[track_caller]
fn coefficient(found: &Coefficient, [estimate, se, t, p]: [f64; 4]) {
    close(found.estimate, estimate, 1e-11 * estimate.abs());
    close(found.se, se, 1e-11 * se);
    close(found.t, t, 1e-11 * t.abs());
    close(found.p, p, 1e-11);
}

#[track_caller]
fn whole(fit: &Regression, [r2, adj_r2, f, f_p, s, aicc]: [f64; 6]) {
    close(fit.r2, r2, 1e-11);
    close(fit.adj_r2, adj_r2, 1e-11);
    close(fit.f, f, 1e-10);
    close(fit.f_p, f_p, 1e-11);
    close(fit.residual_se, s, 1e-11);
    close(fit.aicc, aicc, 1e-10);
}

#[test]
fn two_predictors_of_seven_scores() {
    // statsmodels 0.15.0, OLS(scores, [1, speed, size]).
    let fit = seven(true, None);
    assert_eq!((fit.n, fit.df), (7, 4));
    let [a, b, c] = fit.coefficients.as_slice() else {
        panic!()
    };
    coefficient(
        a,
        [
            65.67675675675682,
            16.594861388249235,
            3.9576562419052386,
            0.016710416702597482,
        ],
    );
    coefficient(
        b,
        [
            -0.02352041090864619,
            0.02036448184184074,
            -1.1549722252358663,
            0.3124007525893487,
        ],
    );
    coefficient(
        c,
        [
            -0.6170453711630184,
            0.3769149555314734,
            -1.6370944217189425,
            0.17695221732759642,
        ],
    );
    whole(
        &fit,
        [
            0.40270981866833777,
            0.10406472800250666,
            1.3484561817858571,
            0.35675556071521,
            6.544787140798114,
            70.24919321917861,
        ],
    );
    close(
        fit.interval(2, 0.9).map(|ends| ends.0),
        -1.420570307831242,
        1e-11,
    );
    close(
        fit.interval(2, 0.9).map(|ends| ends.1),
        0.18647956550520506,
        1e-11,
    );
    close(fit.leverage[5], 0.9648868778280544, 1e-13);
    close(fit.residuals[6], -11.011101871101936, 1e-12);
    let (band, new) = (fit.band(&[700.0, 10.0]), fit.prediction(&[700.0, 10.0]));
    close(band.map(|band| band.fit), 43.0420154090743, 1e-11);
    close(band.map(|band| band.low), 35.69186545521746, 1e-11);
    close(new.map(|new| new.high), 62.643514030897734, 1e-11);
}

#[test]
fn weights_from_standard_errors_of_the_scores() {
    // statsmodels 0.15.0, WLS(scores, [1, speed, size], weights=1/se**2).
    let weights = inverse_variance_weights(&ERRORS).unwrap();
    let fit = seven(true, Some(&weights));
    coefficient(
        &fit.coefficients[1],
        [
            -0.010832676551620297,
            0.034022601793288275,
            -0.3183964770665272,
            0.7661153946285711,
        ],
    );
    coefficient(
        &fit.coefficients[0],
        [
            54.57594975990472,
            26.01569242112551,
            2.09780884846207,
            0.10391002296023626,
        ],
    );
    whole(
        &fit,
        [
            0.18370486026087984,
            -0.2244427096086803,
            0.4500942154809107,
            0.6663377551617097,
            8.151716439369594,
            74.56717239095947,
        ],
    );
    close(fit.leverage[1], 0.5866921359587756, 1e-13);
    close(fit.residuals[1], 3.4737581263672936, 1e-12);
    let new = fit.prediction(&[700.0, 10.0]);
    close(new.map(|new| new.low), 17.11997249799427, 1e-11);
}

#[test]
fn through_the_origin() {
    // statsmodels 0.15.0, OLS(scores, [speed, size]).
    let fit = seven(false, None);
    assert_eq!((fit.df, fit.coefficients.len()), (5, 2));
    coefficient(
        &fit.coefficients[1],
        [
            0.6419339915863129,
            0.4009032251444916,
            1.6012193250751479,
            0.17022762833047222,
        ],
    );
    whole(
        &fit,
        [
            0.9387498018504842,
            0.9142497225906778,
            38.316194486380816,
            0.0009284718585204541,
            12.97884027757482,
            67.39631885426006,
        ],
    );
    let band = fit.band(&[700.0, 10.0]);
    close(band.map(|band| band.low), 31.738512594925233, 1e-11);
    assert_eq!(
        fit.band(&[0.0, 0.0]).map(|band| (band.fit, band.high)),
        Some((0.0, 0.0))
    );
}

#[test]
fn no_predictor_at_all_fits_the_mean_and_is_the_rival_of_every_line() {
    // statsmodels 0.15.0, OLS(scores, [1]).
    let fit = Regression::fit(&[], &SEVEN_SCORES, options(true, None)).unwrap();
    coefficient(
        &fit.coefficients[0],
        [
            43.85714285714286,
            2.61341385409757,
            16.78155290574406,
            2.8593753946454277e-06,
        ],
    );
    assert_eq!((fit.r2, fit.f, fit.f_p), (Some(0.0), None, None));
    let line = Ols::fit(&SEVEN_SPEEDS, &SEVEN_SCORES).unwrap();
    close(fit.aicc, line.aicc_mean.unwrap(), 1e-11);
}

#[test]
fn one_row_more_than_coefficients_is_enough() {
    let fit = Regression::fit(&[&[1.0, 2.0, 3.0]], &[1.0, 2.0, 4.0], options(true, None)).unwrap();
    let line = Ols::fit(&[1.0, 2.0, 3.0], &[1.0, 2.0, 4.0]).unwrap();
    assert_eq!((fit.df, fit.aicc), (1, None));
    close(fit.coefficients[1].p, line.p.unwrap(), 1e-12);
    close(
        fit.interval(1, 0.95).map(|ends| ends.1),
        line.slope_high.unwrap(),
        1e-12,
    );
    assert_eq!(
        Regression::fit(&[&[1.0, 2.0]], &[1.0, 2.0], options(true, None)).err(),
        Some(StatsError::TooFew { n: 2, needed: 3 })
    );
}

#[test]
fn equal_y_leave_nothing_to_explain() {
    let fit = Regression::fit(&[&SIZES], &[0.1; 7], options(true, None)).unwrap();
    assert_eq!(
        (fit.coefficients[0].estimate, fit.coefficients[1].estimate),
        (0.1, 0.0)
    );
    assert_eq!(
        (fit.r2, fit.adj_r2, fit.f, fit.f_p),
        (None, None, None, None)
    );
    assert_eq!(
        (fit.coefficients[1].t, fit.coefficients[1].p, fit.aicc),
        (None, None, None)
    );
    assert_eq!(fit.interval(1, 0.95), Some((0.0, 0.0)));
}

#[test]
fn an_exact_plane_leaves_no_doubt() {
    let x: [&[f64]; 1] = [&[1.0, 2.0, 4.0]];
    let fit = Regression::fit(&x, &[3.0, 6.0, 12.0], options(false, None)).unwrap();
    assert_eq!((fit.coefficients[0].estimate, fit.residual_se), (3.0, 0.0));
    assert_eq!((fit.r2, fit.f, fit.f_p), (Some(1.0), None, Some(0.0)));
    assert_eq!((fit.coefficients[0].se, fit.coefficients[0].p), (0.0, None));
}

#[test]
fn predictors_that_nearly_repeat_each_other_are_refused() {
    let (x, y): (Vec<f64>, Vec<f64>) = NORRIS.into_iter().unzip();
    let twin =
        |step: f64| -> Vec<f64> { x.iter().zip(&y).map(|(x, y)| x + step * y.sin()).collect() };
    let fit = |step| Regression::fit(&[&x, &twin(step)], &y, options(true, None));
    let condition = fit(1e-6).unwrap().condition;
    assert!(condition > 1e8 && condition < 1e10, "{condition}");
    assert!(matches!(
        fit(1e-10),
        Err(StatsError::IllConditioned { exponent: 12..=14 })
    ));
    assert_eq!(
        fit(0.0).err().map(|error| error.to_string()).as_deref(),
        Some("the predictors nearly depend on each other: condition number about 10^16")
    );
    // Powers of a year are dependent only until they are centred.
    let years: Vec<f64> = (2000..2036).map(f64::from).collect();
    let squares: Vec<f64> = years.iter().map(|year| year * year).collect();
    let condition = Regression::fit(&[&years, &squares], &y, options(true, None))
        .unwrap()
        .condition;
    assert!(condition < 1e4, "{condition}");
}

#[test]
fn an_interval_needs_a_coefficient_and_a_level() {
    let fit = seven(true, None);
    assert_eq!((fit.interval(3, 0.95), fit.interval(0, 0.0)), (None, None));
    assert_eq!(
        (fit.interval(0, 1.0), fit.interval(0, f64::NAN)),
        (None, None)
    );
    assert_eq!(
        (fit.band(&[1.0]), fit.prediction(&[1.0, f64::NAN])),
        (None, None)
    );
}

#[test]
fn a_standard_error_of_zero_has_no_weight() {
    assert_eq!(inverse_variance_weights(&[0.5, 2.0]), Ok(vec![4.0, 0.25]));
    assert_eq!(
        inverse_variance_weights(&[1.0, 0.0]),
        Err(StatsError::OutOfDomain {
            variable: "standard_errors",
            index: 1
        })
    );
    assert_eq!(
        inverse_variance_weights(&[1e-200]),
        Err(StatsError::OutOfRange)
    );
}
