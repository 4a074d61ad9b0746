//! Polynomials of one predictor by least squares, on Chebyshev polynomials of the centred and
//! scaled predictor, with the coefficients of its powers that users expect.

use super::error::{StatsError, require_pairs};
use super::ols::Band;
use super::ranks::tie_sizes;
use super::regression::{Coefficient, LARGEST_CONDITION, Regression, RegressionOptions, interval};

/// Largest degree fitted. Beyond it the coefficients of the powers cancel on most ranges.
const LARGEST_DEGREE: usize = 20;

/// The least-squares polynomial y = β₀ + β₁x + … + β_d x^d.
#[derive(Debug, Clone, PartialEq)]
pub struct Polynomial {
    /// β₀, β₁, … β_d with their tests.
    pub coefficients: Vec<Coefficient>,
    /// The same fit with the Chebyshev polynomials T₁…T_d as predictors. Its n, R², F,
    /// residuals, criterion and leverages are those of the polynomial; its coefficients are
    /// those of the basis.
    pub regression: Regression,
    basis: Basis,
}

impl Polynomial {
    /// Fits a polynomial of `degree` (0 fits the mean) to the rows `(x[i], y[i])`, each with
    /// its weight. O(n·d² + d³).
    ///
    /// The powers of x are nearly dependent where T₀…T_d of (x − middle)/(half range) are
    /// not: Mason and Handscomb, "Chebyshev Polynomials" (2003), chapter 4. The coefficients
    /// of the powers and their standard errors follow by a linear map.
    ///
    /// # Errors
    /// Those of [`Regression::fit`], with the predictor called `x`; a degree above 20; no more
    /// than `degree` different x among the rows with weight; or powers of x whose terms cancel
    /// so far, by a factor above 10¹², that a curve drawn from their coefficients would keep
    /// less than four digits ([`StatsError::IllConditioned`] with that factor: an x whose
    /// distance from 0 is many times its range, such as a calendar year, should be counted
    /// from a nearer origin).
    pub fn fit(
        x: &[f64],
        y: &[f64],
        degree: usize,
        weights: Option<&[f64]>,
    ) -> Result<Self, StatsError> {
        if degree > LARGEST_DEGREE {
            return Err(StatsError::TooMany {
                n: degree,
                limit: LARGEST_DEGREE,
            });
        }
        require_pairs(x, y, degree + 2)?;
        let basis = Basis::of(&counted(x, weights), degree)?;
        let columns = basis.columns(x)?;
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let options = RegressionOptions {
            intercept: true,
            weights,
        };
        let regression = Regression::fit(&slices, y, options).map_err(|error| match error {
            // Different x that a double cannot tell apart on the scale of all of them.
            StatsError::Constant { .. } => StatsError::ill_conditioned(f64::INFINITY),
            other => other,
        })?;
        let coefficients = basis.powers(&regression)?;
        Ok(Self {
            coefficients,
            regression,
            basis,
        })
    }

    /// Interval of the coefficient of x to the `power`, as [`Regression::interval`].
    #[must_use]
    pub fn interval(&self, power: usize, level: f64) -> Option<(f64, f64)> {
        interval(self.coefficients.get(power)?, self.regression.df, level)
    }

    /// 95 % band of the mean of y at `x0`, from the Chebyshev polynomials. `None` when the
    /// result is not finite.
    #[must_use]
    pub fn band(&self, x0: f64) -> Option<Band> {
        self.regression.band(&self.basis.at(x0))
    }

    /// 95 % interval of one new y of weight 1 at `x0`. `None` as for [`Polynomial::band`].
    #[must_use]
    pub fn prediction(&self, x0: f64) -> Option<Band> {
        self.regression.prediction(&self.basis.at(x0))
    }
}

/// The x of rows with positive weight.
fn counted(x: &[f64], weights: Option<&[f64]>) -> Vec<f64> {
    let Some(weights) = weights else {
        return x.to_vec();
    };
    let rows = x.iter().zip(weights).filter(|(_, weight)| **weight > 0.0);
    rows.map(|(x, _)| *x).collect()
}

/// T₁…T_d of t = (x − middle)/half.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Basis {
    degree: usize,
    middle: f64,
    half: f64,
}

impl Basis {
    /// The basis for the range of `x`, if its polynomials can be written in powers.
    fn of(x: &[f64], degree: usize) -> Result<Self, StatsError> {
        let distinct = tie_sizes(x).len();
        if distinct == 1 && degree > 0 {
            return Err(StatsError::Constant { variable: "x" });
        }
        if distinct <= degree {
            return Err(StatsError::TooFew {
                n: distinct,
                needed: degree + 1,
            });
        }
        let low = x.iter().copied().fold(f64::INFINITY, f64::min);
        let high = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let basis = Self {
            degree,
            middle: low.midpoint(high),
            half: 0.5 * high - 0.5 * low,
        };
        if degree > 0 && !basis.half.is_normal() {
            return Err(StatsError::OutOfRange);
        }
        // 2^(d−1)/half^d, the highest coefficient of T_d, is the smallest.
        let highest = basis
            .expansions()
            .last()
            .and_then(|row| row.last().copied());
        if !highest.is_some_and(f64::is_normal) {
            return Err(StatsError::OutOfRange);
        }
        let cancellation = basis.cancellation(low.abs().max(high.abs()));
        if cancellation > LARGEST_CONDITION {
            return Err(StatsError::ill_conditioned(cancellation));
        }
        Ok(basis)
    }

    /// How much larger the terms of the powers become than the polynomials T₀…T_d, which stay
    /// within ±1, at the x of size `farthest`.
    fn cancellation(&self, farthest: f64) -> f64 {
        let size = |row: &Vec<f64>| {
            let terms = row.iter().rev();
            terms.fold(0.0, |sum, coefficient| sum * farthest + coefficient.abs())
        };
        let sizes = self.expansions();
        sizes.iter().map(size).fold(1.0, |largest, size| {
            if size.is_nan() {
                f64::INFINITY
            } else {
                largest.max(size)
            }
        })
    }

    /// T₁(x0)…T_d(x0).
    fn at(&self, x0: f64) -> Vec<f64> {
        let t = (x0 - self.middle) / self.half;
        let terms = std::iter::successors(Some((1.0, t)), |(before, now)| {
            Some((*now, 2.0 * t * now - before))
        });
        terms.take(self.degree).map(|(_, now)| now).collect()
    }

    /// The predictors of the regression, one column per polynomial.
    fn columns(&self, x: &[f64]) -> Result<Vec<Vec<f64>>, StatsError> {
        let mut columns = vec![Vec::with_capacity(x.len()); self.degree];
        for x in x {
            for (column, value) in columns.iter_mut().zip(self.at(*x)) {
                // A row without weight may lie far outside the range.
                if !value.is_finite() {
                    return Err(StatsError::OutOfRange);
                }
                column.push(value);
            }
        }
        Ok(columns)
    }

    /// Coefficients of 1, x, x², … in T₀…T_d: one row per polynomial.
    fn expansions(&self) -> Vec<Vec<f64>> {
        let size = self.degree + 1;
        let mut one = vec![0.0; size];
        if let Some(first) = one.first_mut() {
            *first = 1.0;
        }
        let mut rows = vec![one];
        for degree in 1..size {
            let double = if degree == 1 { 1.0 } else { 2.0 };
            let last = rows.last().cloned().unwrap_or_default();
            let shifted = std::iter::once(&0.0).chain(&last);
            let mut next: Vec<f64> = shifted
                .zip(&last)
                .map(|(lower, same)| double * (lower - self.middle * same) / self.half)
                .collect();
            if let Some(before) = degree.checked_sub(2).and_then(|at| rows.get(at)) {
                for (next, before) in next.iter_mut().zip(before) {
                    *next -= before;
                }
            }
            rows.push(next);
        }
        rows
    }

    /// The coefficients of the powers of x.
    fn powers(&self, regression: &Regression) -> Result<Vec<Coefficient>, StatsError> {
        let expansions = self.expansions();
        let df = regression.df as f64;
        let mut coefficients = Vec::with_capacity(self.degree + 1);
        for power in 0..=self.degree {
            let mut row = expansions.iter().filter_map(|row| row.get(power).copied());
            let constant = row.next().unwrap_or_default();
            let slopes: Vec<f64> = row.collect();
            let (estimate, se) = regression
                .combination(constant, &slopes)
                .ok_or(StatsError::OutOfRange)?;
            coefficients.push(Coefficient::of(estimate, se, df));
        }
        Ok(coefficients)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::{SEVEN_SCORES, anscombe, close, seven_log_speeds};
    use super::super::{Ols, Summary};
    use super::*;

    #[test]
    fn a_parabola_through_seven_scores() {
        // Exact rational arithmetic on u = log10(speed); p, F and AICc by statsmodels 0.15.0,
        // OLS(scores, [1, u, u**2]).
        let fit = Polynomial::fit(&seven_log_speeds(), &SEVEN_SCORES, 2, None).unwrap();
        let expected = [
            (-1428.8928264323797, 1376.0196994114413, 0.35771953755153474),
            (1045.8857651903227, 982.1648888083898, 0.346942443939293),
            (-185.31843867860255, 175.02196939639978, 0.34938070877340144),
        ];
        for (found, (estimate, se, p)) in fit.coefficients.iter().zip(expected) {
            close(found.estimate, estimate, 1e-10 * f64::abs(estimate));
            close(found.se, se, 1e-10 * se);
            close(found.p, p, 1e-11);
        }
        close(fit.regression.f_p, 0.5931087322728561, 1e-11);
        close(fit.regression.aicc, 72.0283373637752, 1e-10);
        close(
            fit.interval(2, 0.9).map(|ends| ends.0),
            -558.4384616728788,
            1e-8,
        );
        let u = 700f64.log10();
        close(fit.band(u).map(|band| band.low), 35.93866905353509, 1e-10);
        close(
            fit.prediction(u).map(|new| new.high),
            69.9409569556933,
            1e-10,
        );
        assert_eq!((fit.band(f64::NAN), fit.band(1e300)), (None, None));
        assert_eq!((fit.interval(3, 0.9), fit.interval(0, 1.5)), (None, None));
    }

    #[test]
    fn only_the_second_set_of_anscombe_is_curved() {
        // statsmodels 0.15.0, p of the square.
        let expected = [0.486649297893, 1.90364034329e-24, 0.514087478877];
        let sets = anscombe();
        for ((x, y), p) in sets.iter().zip(expected) {
            let fit = Polynomial::fit(x, y, 2, None).unwrap();
            close(fit.coefficients[2].p, p, 1e-9 * p);
        }
        let [.., (x, y)] = sets;
        let two_places = Polynomial::fit(&x, &y, 2, None);
        assert_eq!(two_places, Err(StatsError::TooFew { n: 2, needed: 3 }));
    }

    #[test]
    fn degree_zero_is_the_mean_and_degree_one_the_line() {
        let u = seven_log_speeds();
        let mean = Polynomial::fit(&[2.0; 7], &SEVEN_SCORES, 0, None).unwrap();
        let summary = Summary::of(&SEVEN_SCORES).unwrap();
        close(mean.coefficients[0].estimate, summary.mean, 1e-13);
        close(mean.regression.residual_se, summary.sd.unwrap(), 1e-13);
        let line = Polynomial::fit(&u, &SEVEN_SCORES, 1, None).unwrap();
        let simple = Ols::fit(&u, &SEVEN_SCORES).unwrap();
        close(line.coefficients[1].estimate, simple.slope, 1e-11);
        close(line.coefficients[0].se, simple.intercept_se.unwrap(), 1e-11);
        let (found, expected) = (line.band(2.0).unwrap(), simple.band(2.0).unwrap());
        close(found.low, expected.low, 1e-11);
    }

    #[test]
    fn refuses_what_has_no_polynomial() {
        let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let error = |x: &[f64], degree| Polynomial::fit(x, &SEVEN_SCORES[..6], degree, None).err();
        assert_eq!(error(&x, 4), None);
        assert_eq!(error(&x, 5), Some(StatsError::TooFew { n: 6, needed: 7 }));
        assert_eq!(
            error(&[0.1; 6], 1),
            Some(StatsError::Constant { variable: "x" })
        );
        let many = StatsError::TooMany { n: 21, limit: 20 };
        assert_eq!(error(&x, 21), Some(many));
        assert_eq!(error(&x, usize::MAX).map(|e| e != many), Some(true));
        let merged = [0.0, 1e-17, 2e-17, 3e-17, 1.0, 1.0];
        assert_eq!(
            error(&merged, 3),
            Some(StatsError::IllConditioned { exponent: 16 })
        );
        let huge = [-1e150, 1e150, 0.0, 1e149, 2e149, 3e149];
        assert_eq!(error(&huge, 1), None);
        assert_eq!(error(&huge, 3), Some(StatsError::OutOfRange));
        let spread = [0.0, 0.0, 0.0, 5e-324, 0.0, 0.0];
        assert_eq!(error(&spread, 1), Some(StatsError::OutOfRange));
    }

    #[test]
    fn powers_of_a_year_are_refused_from_where_their_coefficients_mean_nothing() {
        let years: Vec<f64> = (2015..2026).map(f64::from).collect();
        let y: Vec<f64> = (0..11).map(|k| f64::from(k * k % 7)).collect();
        assert!(Polynomial::fit(&years, &y, 3, None).is_ok());
        assert_eq!(
            Polynomial::fit(&years, &y, 4, None),
            Err(StatsError::IllConditioned { exponent: 12 })
        );
        let since: Vec<f64> = years.iter().map(|year| year - 2020.0).collect();
        assert!(Polynomial::fit(&since, &y, 8, None).is_ok());
    }

    #[test]
    fn a_row_without_weight_does_not_stretch_the_range() {
        let (x, y) = ([1.0, 2.0, 4.0, 5.0, 7.0], [3.0, 1.0, 4.0, 1.0, 5.0]);
        let weights = [1.0, 2.0, 1.0, 0.5, 1.0];
        let fit = Polynomial::fit(&x, &y, 2, Some(&weights)).unwrap();
        let (x, y) = (
            [x.as_slice(), &[-50.0]].concat(),
            [y.as_slice(), &[9.0]].concat(),
        );
        let weights = [weights.as_slice(), &[0.0]].concat();
        let with = Polynomial::fit(&x, &y, 2, Some(&weights)).unwrap();
        assert_eq!(fit.coefficients, with.coefficients);
        close(
            with.regression.residuals[5],
            9.0 - with.band(-50.0).unwrap().fit,
            1e-10,
        );
    }

    proptest! {
        #[test]
        fn the_powers_draw_the_curve_of_the_basis_wherever_x_begins(
            points in prop::collection::vec((0.0..10.0f64, -5.0..5.0f64), 8..30),
            degree in 1..5usize,
            shift in -20.0..20.0f64,
        ) {
            let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
            let moved: Vec<f64> = x.iter().map(|x| x + shift).collect();
            let fit = Polynomial::fit(&x, &y, degree, None).unwrap();
            let other = Polynomial::fit(&moved, &y, degree, None).unwrap();
            let powers = other.coefficients.iter().rev();
            let power = |x: f64| powers.clone().fold(0.0, |sum, c| sum * x + c.estimate);
            for x in &x {
                let (here, there) = (fit.band(*x).unwrap(), other.band(x + shift).unwrap());
                let width = there.high - there.low;
                prop_assert!((here.fit - there.fit).abs() <= 1e-9 * width);
                prop_assert!((here.low - there.low).abs() <= 1e-9 * width);
                prop_assert!((power(x + shift) - there.fit).abs() <= 1e-6 * width);
            }
            // The highest coefficient does not depend on where x begins.
            let (a, b) = (fit.coefficients[degree], other.coefficients[degree]);
            prop_assert!((a.estimate - b.estimate).abs() <= 1e-9 * a.se);
            prop_assert!((a.se - b.se).abs() <= 1e-9 * a.se);
        }
    }
}
