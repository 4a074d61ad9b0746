//! Simple least squares: the line, its standard errors and test, its bands, and Akaike's
//! criterion for the line and for "no dependence".
//!
//! The caller passes the predictor on the scale it is fitted on (for a logarithmic axis, its
//! logarithm), so one fit serves both.

use super::akaike::aicc;
use super::error::{StatsError, require_pairs};
use super::moments::{PairedSums, sum};
use super::student_t::{student_t_quantile, student_t_two_sided};

/// The least-squares line y = intercept + slope·u and what n points say about it.
///
/// The intervals assume independent, normal errors of equal variance. Every `Option` is
/// `None` below three points, where nothing is left over to measure error with; further
/// reasons stand at the field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ols {
    /// Number of points, at least 2.
    pub n: usize,
    /// Degrees of freedom of the residuals, n − 2.
    pub df: usize,
    /// b = Σ(u−ū)(y−ȳ)/Σ(u−ū)², in units of y per unit of u.
    pub slope: f64,
    /// a = ȳ − b·ū, in the unit of y.
    pub intercept: f64,
    /// s/√Suu.
    pub slope_se: Option<f64>,
    /// s·√(1/n + ū²/Suu).
    pub intercept_se: Option<f64>,
    /// b/SE(b); `None` when the points lie exactly on a line.
    pub t: Option<f64>,
    /// Two-sided p of slope 0 by Student's t with n − 2 degrees of freedom; 0 when the points
    /// lie exactly on a sloping line, `None` when all y are equal.
    pub p: Option<f64>,
    /// 1 − SSE/Syy; `None` when all y are equal.
    pub r2: Option<f64>,
    /// 1 − (1 − R²)(n − 1)/(n − 2); `None` as `r2`.
    pub adj_r2: Option<f64>,
    /// F of the regression with 1 and n − 2 degrees of freedom, t²; `None` as `t`.
    pub f: Option<f64>,
    /// s = √(SSE/(n − 2)), from the residuals themselves, in the unit of y.
    pub residual_se: Option<f64>,
    /// Lower end of the 95 % interval of the slope.
    pub slope_low: Option<f64>,
    /// Upper end of the 95 % interval of the slope.
    pub slope_high: Option<f64>,
    /// Corrected Akaike criterion of the line (3 parameters); `None` for n ≤ 4 or SSE = 0.
    pub aicc_line: Option<f64>,
    /// The same for y = ȳ (2 parameters); `None` for n ≤ 4 or all y equal.
    pub aicc_mean: Option<f64>,
    mean_u: f64,
    suu: f64,
}

/// A value of the line with its 95 % interval, in the unit of y.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// The line itself.
    pub fit: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Ols {
    /// Fits y on u over the rows `(u[i], y[i])`. O(n).
    ///
    /// Formulas: Draper and Smith, "Applied Regression Analysis", 3rd edition (1998), chapter
    /// 1, on centred data.
    ///
    /// # Errors
    /// Fewer than 2 rows, unequal lengths, values that are not finite, all u equal (the slope
    /// is undefined), or numbers beyond the range of a double.
    pub fn fit(u: &[f64], y: &[f64]) -> Result<Self, StatsError> {
        require_pairs(u, y, 2)?;
        let sums = PairedSums::of(u, y)?;
        let slope = sums.slope().ok_or(StatsError::Constant { variable: "x" })?;
        let sse = sum(residuals(&sums, slope, u, y).map(|residual| residual * residual));
        let line = Self::with_errors(&sums, slope, sse);
        line.is_sound()
            .then_some(line)
            .ok_or(StatsError::OutOfRange)
    }

    fn with_errors(sums: &PairedSums, slope: f64, sse: f64) -> Self {
        let (n, df) = (sums.n as f64, sums.n - 2);
        let tested = (df > 0).then_some(df as f64);
        let residual_se = tested.map(|df| (sse / df).sqrt());
        let slope_se = residual_se.map(|s| s / sums.sxx.sqrt());
        let t = slope_se.filter(|se| *se > 0.0).map(|se| slope / se);
        let exact = sse == 0.0 && sums.syy > 0.0;
        let reach = slope_se.and_then(|se| Some(se * student_t_quantile(0.975, tested?)?));
        let r2 = tested
            .filter(|_| sums.syy > 0.0)
            .map(|_| (1.0 - sse / sums.syy).max(0.0));
        Self {
            n: sums.n,
            df,
            slope,
            intercept: sums.intercept(slope),
            slope_se,
            intercept_se: residual_se
                .map(|s| s * (1.0 / n + sums.mean_x * (sums.mean_x / sums.sxx)).sqrt()),
            t,
            p: tested.and_then(|df| match t {
                Some(t) => student_t_two_sided(t, df),
                None => exact.then_some(0.0),
            }),
            r2,
            adj_r2: r2.map(|r2| 1.0 - (1.0 - r2) * (n - 1.0) / (n - 2.0)),
            f: t.map(|t| t * t),
            residual_se,
            slope_low: reach.map(|reach| slope - reach),
            slope_high: reach.map(|reach| slope + reach),
            aicc_line: aicc(sums.n, sse, 3),
            // Where the line has no criterion there is nothing to compare the mean's with.
            aicc_mean: aicc(sums.n, sums.syy, 2).filter(|_| sums.n > 4),
            mean_u: sums.mean_x,
            suu: sums.sxx,
        }
    }

    fn is_sound(&self) -> bool {
        let optional = [
            self.slope_se,
            self.intercept_se,
            self.f,
            self.residual_se,
            self.slope_low,
            self.slope_high,
        ];
        self.slope.is_finite()
            && self.intercept.is_finite()
            && optional.iter().flatten().all(|value| value.is_finite())
    }

    /// 95 % band of the mean of y at `u0`: fit ± t·s·√(1/n + (u₀−ū)²/Suu). `None` below three
    /// points or when the result is not finite.
    #[must_use]
    pub fn band(&self, u0: f64) -> Option<Band> {
        self.interval(u0, 0.0)
    }

    /// 95 % interval of one new y at `u0`, with 1 + … under the root of [`Ols::band`]. `None`
    /// as there.
    #[must_use]
    pub fn prediction(&self, u0: f64) -> Option<Band> {
        self.interval(u0, 1.0)
    }

    fn interval(&self, u0: f64, own_variance: f64) -> Option<Band> {
        let distance = u0 - self.mean_u;
        let variance = own_variance + 1.0 / self.n as f64 + distance * (distance / self.suu);
        let reach =
            student_t_quantile(0.975, self.df as f64)? * self.residual_se? * variance.sqrt();
        let fit = self.intercept + self.slope * u0;
        let (low, high) = (fit - reach, fit + reach);
        (low.is_finite() && high.is_finite()).then_some(Band { fit, low, high })
    }
}

/// Residuals of the line through (ū, ȳ), formed on centred values.
pub(super) fn residuals(
    sums: &PairedSums,
    slope: f64,
    u: &[f64],
    y: &[f64],
) -> impl Iterator<Item = f64> {
    let (mean_u, mean_y) = (sums.mean_x, sums.mean_y);
    u.iter()
        .zip(y)
        .map(move |(u, y)| (y - mean_y) - slope * (u - mean_u))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::{
        NORRIS, SEVEN_SCORES, SEVEN_SPEEDS, anscombe, close, lre, seven_log_speeds,
    };
    use super::*;

    #[test]
    fn reaches_twelve_certified_digits_on_norris() {
        let (x, y): (Vec<f64>, Vec<f64>) = NORRIS.into_iter().unzip();
        let line = Ols::fit(&x, &y).unwrap();
        let certified = [
            (line.intercept, -0.262323073774029),
            (line.slope, 1.00211681802045),
            (line.intercept_se.unwrap(), 0.232818234301152),
            (line.slope_se.unwrap(), 0.429796848199937e-3),
            (line.residual_se.unwrap(), 0.884796396144373),
            (line.r2.unwrap(), 0.999993745883712),
            (line.f.unwrap(), 5436385.54079785),
        ];
        for (computed, certified) in certified {
            assert!(lre(computed, certified) >= 12.0, "{computed} {certified}");
        }
        assert_eq!((line.n, line.df), (36, 34));
    }

    #[test]
    fn cannot_tell_the_four_sets_of_anscombe_apart() {
        // scipy 1.17.1 and statsmodels 0.15.0.
        let expected = [
            (
                0.500090909091,
                3.00009090909,
                0.666542459509,
                0.117905500596,
                1.23660332273,
                0.00216962887308,
            ),
            (
                0.5,
                3.00090909091,
                0.666242033727,
                0.117963745968,
                1.23721420534,
                0.00217881623691,
            ),
            (
                0.499727272727,
                3.00245454545,
                0.666324041067,
                0.117877662221,
                1.23631135139,
                0.00217630527923,
            ),
            (
                0.499909090909,
                3.00172727273,
                0.666707256898,
                0.11781894173,
                1.23569548568,
                0.0021646023472,
            ),
        ];
        for ((x, y), (slope, intercept, r2, slope_se, residual_se, p)) in
            anscombe().into_iter().zip(expected)
        {
            let line = Ols::fit(&x, &y).unwrap();
            close(line.slope, slope, 1e-11);
            close(line.intercept, intercept, 1e-10);
            close(line.r2, r2, 1e-11);
            close(line.slope_se, slope_se, 1e-11);
            close(line.residual_se, residual_se, 1e-10);
            close(line.p, p, 1e-12);
        }
    }

    #[test]
    fn seven_models_on_a_logarithmic_axis() {
        // scipy 1.17.1, linregress.
        let line = Ols::fit(&seven_log_speeds(), &SEVEN_SCORES).unwrap();
        close(line.slope, 6.2278638993, 1e-9);
        close(line.slope_se, 23.3645612948, 1e-9);
        close(line.intercept, 26.4764671925, 1e-9);
        close(line.intercept_se, 65.26757843430161, 1e-9);
        close(line.t, 0.26655171568026, 1e-9);
        close(line.f, 0.07104981713215, 1e-9);
        close(line.p, 0.8004578164, 1e-9);
        close(line.r2, 0.01401086948349, 1e-9);
        close(line.adj_r2, -0.183186956619817, 1e-9);
        close(line.residual_se, 7.521143860719136, 1e-9);
        close(line.slope_low, -53.832652962873205, 1e-9);
        close(line.slope_high, 66.28838076138639, 1e-9);
    }

    #[test]
    fn the_prediction_interval_lies_around_the_band() {
        let line = Ols::fit(&seven_log_speeds(), &SEVEN_SCORES).unwrap();
        let (band, new) = (line.band(700f64.log10()), line.prediction(700f64.log10()));
        close(band.map(|b| b.fit), 44.19535056579266, 1e-9);
        close(band.map(|b| b.low), 36.19303167615453, 1e-9);
        close(band.map(|b| b.high), 52.197669455430784, 1e-9);
        close(new.map(|b| b.low), 23.27097067245419, 1e-9);
        close(new.map(|b| b.high), 65.11973045913112, 1e-9);
        assert_eq!(line.band(f64::NAN), None);
        assert_eq!(line.band(1e300), None);
    }

    #[test]
    fn the_mean_alone_beats_both_lines_through_the_seven_models() {
        let linear = Ols::fit(&SEVEN_SPEEDS, &SEVEN_SCORES).unwrap();
        let log = Ols::fit(&seven_log_speeds(), &SEVEN_SCORES).unwrap();
        close(linear.aicc_line, 59.839040492826456, 1e-9);
        close(log.aicc_line, 59.757889105972055, 1e-9);
        close(log.aicc_mean, 52.85665874377237, 1e-9);
        assert_eq!(log.aicc_mean, linear.aicc_mean);
        let four = Ols::fit(&SEVEN_SPEEDS[..4], &SEVEN_SCORES[..4]).unwrap();
        assert_eq!((four.aicc_line, four.aicc_mean), (None, None));
    }

    #[test]
    fn two_points_give_a_line_and_nothing_about_its_error() {
        let line = Ols::fit(&[1.0, 3.0], &[2.0, 8.0]).unwrap();
        assert_eq!((line.slope, line.intercept, line.df), (3.0, -1.0, 0));
        assert_eq!(
            (line.slope_se, line.t, line.p, line.r2),
            (None, None, None, None)
        );
        assert_eq!((line.slope_low, line.residual_se), (None, None));
        assert_eq!((line.band(2.0), line.prediction(2.0)), (None, None));
    }

    #[test]
    fn three_points_have_one_degree_of_freedom() {
        let line = Ols::fit(&[1.0, 2.0, 3.0], &[1.0, 2.0, 4.0]).unwrap();
        // t of 0.975 with df = 1 is 12.7062047361747.
        let reach = 12.706204736174692 * line.slope_se.unwrap();
        close(line.slope_high, line.slope + reach, 1e-12);
        close(line.slope_se, (1.0f64 / 12.0).sqrt(), 1e-12);
    }

    #[test]
    fn equal_y_have_slope_zero_and_no_determination() {
        let line = Ols::fit(&[1.0, 2.0, 3.0, 5.0, 6.0], &[0.1; 5]).unwrap();
        assert_eq!((line.slope, line.intercept), (0.0, 0.1));
        assert_eq!(
            (line.r2, line.adj_r2, line.t, line.p),
            (None, None, None, None)
        );
        assert_eq!((line.slope_low, line.slope_high), (Some(0.0), Some(0.0)));
        assert_eq!((line.aicc_line, line.aicc_mean), (None, None));
    }

    #[test]
    fn points_exactly_on_a_line_leave_no_doubt() {
        let line = Ols::fit(&[1.0, 2.0, 3.0, 4.0], &[3.0, 5.0, 7.0, 9.0]).unwrap();
        assert_eq!((line.slope, line.intercept), (2.0, 1.0));
        assert_eq!((line.t, line.f), (None, None));
        assert_eq!(
            (line.p, line.r2, line.slope_se),
            (Some(0.0), Some(1.0), Some(0.0))
        );
    }

    #[test]
    fn refuses_what_has_no_line() {
        let too_few = |n| Err(StatsError::TooFew { n, needed: 2 });
        assert_eq!(Ols::fit(&[], &[]), too_few(0));
        assert_eq!(Ols::fit(&[1.0], &[1.0]), too_few(1));
        assert_eq!(
            Ols::fit(&[0.1; 3], &[1.0, 2.0, 3.0]),
            Err(StatsError::Constant { variable: "x" })
        );
        assert_eq!(
            Ols::fit(&[0.0, 1e308], &[0.0, 1.0]),
            Err(StatsError::OutOfRange)
        );
    }

    proptest! {
        #[test]
        fn scaling_x_scales_the_slope_and_nothing_about_the_test(
            points in prop::collection::vec((0.0..100.0f64, 0.0..100.0f64), 4..30),
            factor in 0.01..100.0f64,
        ) {
            let (u, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
            let scaled: Vec<f64> = u.iter().map(|u| u * factor).collect();
            let (line, other) = (Ols::fit(&u, &y).unwrap(), Ols::fit(&scaled, &y).unwrap());
            let slope_se = line.slope_se.unwrap();
            prop_assert!((other.slope * factor - line.slope).abs() <= 1e-9 * slope_se);
            prop_assert!((other.p.unwrap() - line.p.unwrap()).abs() <= 1e-9);
            prop_assert!((other.r2.unwrap() - line.r2.unwrap()).abs() <= 1e-9);
        }

        #[test]
        fn the_order_of_the_rows_does_not_matter(
            points in prop::collection::vec((0.0..100.0f64, 0.0..100.0f64), 4..30),
            turn in 0..4usize,
        ) {
            let (u, y): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
            let mut turned = points;
            turned.rotate_left(turn);
            let (v, z): (Vec<f64>, Vec<f64>) = turned.into_iter().unzip();
            let (line, other) = (Ols::fit(&u, &y).unwrap(), Ols::fit(&v, &z).unwrap());
            prop_assert!((other.slope - line.slope).abs() <= 1e-10 * line.slope_se.unwrap());
            prop_assert!((other.p.unwrap() - line.p.unwrap()).abs() <= 1e-10);
        }
    }
}
