//! What must hold for any data: units, order of rows, weights, orthogonality.

use proptest::prelude::*;

use super::super::Ols;
use super::*;

/// Two predictors and y.
#[derive(Debug, Clone)]
struct Table {
    x: [Vec<f64>; 2],
    y: Vec<f64>,
}

impl Table {
    fn of(rows: &[(f64, f64, f64)]) -> Self {
        Self {
            x: [
                rows.iter().map(|row| row.0).collect(),
                rows.iter().map(|row| row.1).collect(),
            ],
            y: rows.iter().map(|row| row.2).collect(),
        }
    }

    fn fit(&self, intercept: bool, weights: Option<&[f64]>) -> Regression {
        let columns: [&[f64]; 2] = [&self.x[0], &self.x[1]];
        Regression::fit(&columns, &self.y, RegressionOptions { intercept, weights }).unwrap()
    }
}

fn rows() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    let value = 0.0..100.0f64;
    prop::collection::vec((value.clone(), value.clone(), value), 6..30)
}

/// The same coefficients, to a small part of their standard errors.
fn same(a: &Regression, b: &Regression) -> Result<(), TestCaseError> {
    for (a, b) in a.coefficients.iter().zip(&b.coefficients) {
        prop_assert!(
            (a.estimate - b.estimate).abs() <= 1e-9 * a.se,
            "{a:?} {b:?}"
        );
        prop_assert!((a.se - b.se).abs() <= 1e-9 * a.se, "{a:?} {b:?}");
    }
    prop_assert!((a.residual_se - b.residual_se).abs() <= 1e-9 * a.residual_se);
    prop_assert!((a.aicc.unwrap() - b.aicc.unwrap()).abs() <= 1e-7);
    prop_assert!((a.f_p.unwrap() - b.f_p.unwrap()).abs() <= 1e-9);
    Ok(())
}

proptest! {
    #[test]
    fn one_predictor_is_the_simple_line(
        points in prop::collection::vec((0.0..100.0f64, 0.0..100.0f64), 5..30),
    ) {
        let (u, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
        let line = Ols::fit(&u, &y).unwrap();
        let fit = Regression::fit(&[&u], &y, RegressionOptions::default()).unwrap();
        let (a, b) = (fit.coefficients[0], fit.coefficients[1]);
        let band = (fit.band(&[7.0]).unwrap(), line.band(7.0).unwrap());
        let pairs = [
            (a.estimate, line.intercept),
            (b.estimate, line.slope),
            (a.se, line.intercept_se.unwrap()),
            (b.se, line.slope_se.unwrap()),
            (fit.residual_se, line.residual_se.unwrap()),
            (b.t.unwrap(), line.t.unwrap()),
            (band.0.low, band.1.low),
            (fit.aicc.unwrap(), line.aicc_line.unwrap()),
        ];
        for (found, expected) in pairs {
            prop_assert!((found - expected).abs() <= 1e-9 * (1.0 + expected.abs()));
        }
        for (found, expected) in [
            (b.p, line.p),
            (fit.f_p, line.p),
            (fit.r2, line.r2),
            (fit.adj_r2, line.adj_r2),
        ] {
            prop_assert!((found.unwrap() - expected.unwrap()).abs() <= 1e-9);
        }
    }

    #[test]
    fn units_of_a_predictor_change_its_coefficient_and_nothing_else(
        rows in rows(),
        factor in 0.01..100.0f64,
        shift in -100.0..100.0f64,
    ) {
        let table = Table::of(&rows);
        let mut other = table.clone();
        for x in &mut other.x[1] {
            *x = *x * factor + shift;
        }
        let mut fit = table.fit(true, None);
        let moved = other.fit(true, None);
        // b·x = (b/factor)·(factor·x + shift) − b·shift/factor.
        let by = fit.coefficients[2].estimate / factor;
        let slope = moved.coefficients[2];
        prop_assert!((slope.estimate - by).abs() <= 1e-9 * slope.se);
        let intercept = fit.coefficients[0].estimate - by * shift;
        let tolerance = 1e-9 * moved.coefficients[0].se;
        prop_assert!((moved.coefficients[0].estimate - intercept).abs() <= tolerance);
        fit.coefficients[0] = moved.coefficients[0];
        fit.coefficients[2] = moved.coefficients[2];
        same(&fit, &moved)?;
        prop_assert!((fit.condition - moved.condition).abs() <= 1e-9 * fit.condition);
    }

    #[test]
    fn powers_of_two_as_units_change_no_digit_however_large(
        rows in rows(),
        x_power in -900..900i32,
        y_power in -100..100i32,
        weight_power in -900..900i32,
    ) {
        let (by_x, by_y) = (2f64.powi(x_power), 2f64.powi(y_power));
        let by_weight = 2f64.powi(weight_power);
        let table = Table::of(&rows);
        let mut other = table.clone();
        other.x[0].iter_mut().for_each(|x| *x *= by_x);
        other.y.iter_mut().for_each(|y| *y *= by_y);
        let fit = table.fit(true, None);
        let moved = other.fit(true, Some(&vec![by_weight; rows.len()]));
        for (index, factor) in [by_y, by_y / by_x, by_y].into_iter().enumerate() {
            let (a, b) = (fit.coefficients[index], moved.coefficients[index]);
            prop_assert_eq!((a.estimate * factor, a.se * factor), (b.estimate, b.se));
            prop_assert_eq!((a.t, a.p), (b.t, b.p));
        }
        prop_assert_eq!((fit.r2, fit.f_p), (moved.r2, moved.f_p));
        let units = 2.0 * rows.len() as f64 * by_y.ln();
        prop_assert!((fit.aicc.unwrap() + units - moved.aicc.unwrap()).abs() <= 1e-8);
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter(rows in rows(), turn in 0..6usize) {
        let mut turned = rows.clone();
        turned.rotate_left(turn);
        same(&Table::of(&rows).fit(true, None), &Table::of(&turned).fit(true, None))?;
        same(&Table::of(&rows).fit(false, None), &Table::of(&turned).fit(false, None))?;
    }

    #[test]
    fn a_row_of_weight_zero_changes_nothing(
        mut rows in rows(),
        extra in (-1e3..1e3f64, -1e3..1e3f64, -1e3..1e3f64),
        weight in 0.1..10.0f64,
    ) {
        let mut weights: Vec<f64> = (1..=rows.len()).map(|row| weight / row as f64).collect();
        let fit = Table::of(&rows).fit(true, Some(&weights));
        rows.insert(3, extra);
        weights.insert(3, 0.0);
        let with = Table::of(&rows).fit(true, Some(&weights));
        prop_assert_eq!(&fit.coefficients, &with.coefficients);
        prop_assert_eq!((fit.n, fit.aicc, fit.f_p), (with.n, with.aicc, with.f_p));
        prop_assert_eq!((with.leverage[3], with.leverage.len()), (0.0, rows.len()));
    }

    #[test]
    fn only_the_ratios_of_weights_matter_to_the_coefficients(
        rows in rows(),
        weight in 0.01..100.0f64,
    ) {
        let table = Table::of(&rows);
        let (plain, mut weighted) =
            (table.fit(true, None), table.fit(true, Some(&vec![weight; rows.len()])));
        weighted.residual_se /= weight.sqrt();
        same(&plain, &weighted)?;
    }

    #[test]
    fn residuals_are_orthogonal_to_every_column(rows in rows(), weighted in any::<bool>()) {
        let table = Table::of(&rows);
        let weights: Vec<f64> = (1..=rows.len()).map(|row| row as f64).collect();
        let fit = table.fit(true, weighted.then_some(weights.as_slice()));
        let ones = vec![1.0; rows.len()];
        for column in [&ones, &table.x[0], &table.x[1]] {
            let products = fit.residuals.iter().zip(column).zip(&weights);
            let product: f64 = products
                .map(|((e, x), w)| if weighted { w * e * x } else { e * x })
                .sum();
            prop_assert!(product.abs() <= 1e-8, "{product}");
        }
        let leverages: f64 = fit.leverage.iter().sum();
        prop_assert!((leverages - 3.0).abs() <= 1e-12);
        prop_assert!(fit.leverage.iter().all(|h| (0.0..=1.0).contains(h)));
    }
}
