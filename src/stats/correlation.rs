//! Pearson's product-moment correlation with its test and Fisher's interval.

use super::error::{StatsError, require_pairs};
use super::moments::PairedSums;
use super::normal::normal_quantile;
use super::student_t::student_t_two_sided;

/// Linear correlation of two columns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pearson {
    /// Number of rows, at least 2.
    pub n: usize,
    /// r = Sxy/√(Sxx·Syy), in −1…1.
    pub r: f64,
    /// Two-sided p of no correlation by Student's t with n − 2 degrees of freedom, which
    /// assumes normal data; `None` for n < 3, 0 for |r| = 1.
    pub p: Option<f64>,
    /// Lower end of the 95 % interval tanh(artanh r ± z/√(n − 3)); `None` for n < 4 or
    /// |r| = 1.
    pub low: Option<f64>,
    /// Upper end of that interval.
    pub high: Option<f64>,
}

impl Pearson {
    /// Correlation over the rows `(x[i], y[i])`. O(n).
    ///
    /// Interval: Fisher, "On the probable error of a coefficient of correlation deduced from
    /// a small sample", Metron 1 (1921) 3–32.
    ///
    /// # Errors
    /// Fewer than 2 rows, unequal lengths, values that are not finite, a constant column, or
    /// sums beyond the range of a double.
    pub fn of(x: &[f64], y: &[f64]) -> Result<Self, StatsError> {
        require_pairs(x, y, 2)?;
        let sums = PairedSums::of(x, y)?;
        for (variable, squares) in [("x", sums.sxx), ("y", sums.syy)] {
            if squares == 0.0 {
                return Err(StatsError::Constant { variable });
            }
        }
        let r = sums.correlation().ok_or(StatsError::OutOfRange)?;
        let interval = fisher_interval(r, sums.n);
        Ok(Self {
            n: sums.n,
            r,
            p: correlation_p(r, sums.n),
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
        })
    }
}

/// Two-sided p of a correlation coefficient by t = r√((n−2)/(1−r²)) with n − 2 degrees of
/// freedom; `None` for n < 3.
pub(super) fn correlation_p(r: f64, n: usize) -> Option<f64> {
    let df = n.checked_sub(2).filter(|df| *df > 0)? as f64;
    let unexplained = (1.0 - r) * (1.0 + r);
    if unexplained <= 0.0 {
        return Some(0.0);
    }
    student_t_two_sided(r * (df / unexplained).sqrt(), df)
}

fn fisher_interval(r: f64, n: usize) -> Option<(f64, f64)> {
    let freedom = n.checked_sub(3).filter(|freedom| *freedom > 0)? as f64;
    if r.abs() >= 1.0 {
        return None;
    }
    let reach = normal_quantile(0.975)? / freedom.sqrt();
    Some(((r.atanh() - reach).tanh(), (r.atanh() + reach).tanh()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::{SEVEN_SCORES, SEVEN_SPEEDS, anscombe, close, seven_log_speeds};
    use super::*;

    #[test]
    fn seven_models_show_no_correlation() {
        // scipy 1.17.1, pearsonr.
        let linear = Pearson::of(&SEVEN_SPEEDS, &SEVEN_SCORES).unwrap();
        close(linear.r, 0.0501370948, 1e-9);
        close(linear.p, 0.9149915625, 1e-9);
        close(linear.low, -0.7305019528284528, 1e-9);
        close(linear.high, 0.7739729679200185, 1e-9);
        let log = Pearson::of(&seven_log_speeds(), &SEVEN_SCORES).unwrap();
        close(log.r, 0.1183675187, 1e-9);
        close(log.p, 0.8004578164, 1e-9);
        close(log.low, -0.6968018489861862, 1e-9);
        close(log.high, 0.8001060767625074, 1e-9);
    }

    #[test]
    fn the_four_sets_of_anscombe_share_one_coefficient() {
        // numpy, corrcoef.
        let expected = [0.816420516345, 0.816236506, 0.81628673949, 0.816521436889];
        for ((x, y), r) in anscombe().into_iter().zip(expected) {
            close(Pearson::of(&x, &y).unwrap().r, r, 1e-11);
        }
    }

    #[test]
    fn small_samples_leave_out_what_they_cannot_support() {
        let two = Pearson::of(&[1.0, 2.0], &[5.0, 3.0]).unwrap();
        assert_eq!((two.r, two.p, two.low, two.high), (-1.0, None, None, None));
        let three = Pearson::of(&[1.0, 2.0, 3.0], &[1.0, 3.0, 2.0]).unwrap();
        close(three.r, 0.5, 1e-15);
        close(three.p, 2.0 / 3.0, 1e-12);
        assert_eq!((three.low, three.high), (None, None));
        // scipy 1.17.1, pearsonr.
        let four = Pearson::of(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 4.0]).unwrap();
        close(four.r, 0.8, 1e-12);
        close(four.p, 0.2, 1e-12);
        assert!(four.low.is_some());
    }

    #[test]
    fn a_perfect_line_has_p_zero_and_no_interval() {
        let perfect = Pearson::of(&[1.0, 2.0, 3.0, 4.0, 6.0], &[2.0, 4.0, 6.0, 8.0, 12.0]).unwrap();
        assert_eq!(
            perfect,
            Pearson {
                n: 5,
                r: 1.0,
                p: Some(0.0),
                low: None,
                high: None
            }
        );
    }

    #[test]
    fn a_constant_column_correlates_with_nothing() {
        assert_eq!(
            Pearson::of(&[1.0, 2.0, 3.0], &[0.1; 3]),
            Err(StatsError::Constant { variable: "y" })
        );
        assert_eq!(
            Pearson::of(&[], &[]),
            Err(StatsError::TooFew { n: 0, needed: 2 })
        );
    }

    proptest! {
        #[test]
        fn neither_scale_nor_order_nor_swap_matters(
            points in prop::collection::vec((0.0..100.0f64, 0.0..100.0f64), 4..30),
            factor in 0.01..100.0f64,
        ) {
            let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
            let scaled: Vec<f64> = x.iter().rev().map(|x| 7.0 - x * factor).collect();
            let reversed: Vec<f64> = y.iter().rev().copied().collect();
            let here = Pearson::of(&x, &y).unwrap();
            let there = Pearson::of(&reversed, &scaled).unwrap();
            prop_assert!((here.r + there.r).abs() <= 1e-11);
            prop_assert!((here.p.unwrap() - there.p.unwrap()).abs() <= 1e-9);
            prop_assert!((here.low.unwrap() + there.high.unwrap()).abs() <= 1e-9);
        }
    }
}
