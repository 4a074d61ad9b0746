//! The Mann–Kendall test: whether a series rises or falls in the long run.

use super::error::{StatsError, require_finite};
use super::kendall::{concordance, tied_pairs, variance_of_s};
use super::normal::normal_two_sided;
use super::ranks::tie_sizes;

/// A test of trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannKendall {
    /// Number of values, at least 3.
    pub n: usize,
    /// S: pairs in which the later value is larger, less those in which it is smaller.
    pub s: i64,
    /// Variance of S when the order is random, corrected for ties.
    pub variance: f64,
    /// S moved by one towards 0 and divided by its standard deviation.
    pub z: f64,
    /// Two-sided p of no trend, by the normal approximation.
    pub p: f64,
}

/// Tests `values`, in order of time, for a trend in one direction.
///
/// Assumes values independent of each other. Near 10 values and below the approximation is
/// rough. O(n log n).
///
/// Sources: Mann, "Nonparametric tests against trend", Econometrica 13 (1945) 245–259; the
/// variance with ties: Kendall and Gibbons, "Rank Correlation Methods", 5th edition (1990).
///
/// # Errors
/// Fewer than 3 values, values that are not finite, or all equal.
pub fn mann_kendall(values: &[f64]) -> Result<MannKendall, StatsError> {
    require_finite("values", values)?;
    let n = values.len();
    if n < 3 {
        return Err(StatsError::TooFew { n, needed: 3 });
    }
    let ties = tie_sizes(values);
    if ties.len() == 1 {
        return Err(StatsError::Constant { variable: "values" });
    }
    let time: Vec<f64> = (0..n).map(|i| i as f64).collect();
    let s = concordance(&time, values, tied_pairs(&ties));
    let variance = variance_of_s(&vec![1; n], &ties);
    let z = (s - s.signum()) as f64 / variance.sqrt();
    let p = normal_two_sided(z).ok_or(StatsError::OutOfRange)?;
    Ok(MannKendall {
        n,
        s,
        variance,
        z,
        p,
    })
}

#[cfg(test)]
mod tests {
    use super::super::reference::{close, columns};
    use super::*;

    #[test]
    fn the_nile_fell() {
        let Some(nile) = columns("changepoint/nile.csv") else {
            return;
        };
        let found = mann_kendall(&nile[1]).unwrap();
        assert_eq!((found.n, found.s), (100, -1387));
        close(found.variance, 112_728.333_333_333_33, 1e-9);
        close(found.z, -4.128066522844101, 1e-12);
        close(found.p, 3.658262921664327e-5, 1e-15);
    }

    #[test]
    fn three_values_in_order_by_hand() {
        // S = 3, variance 3·2·11/18.
        let found = mann_kendall(&[1.0, 2.0, 4.0]).unwrap();
        assert_eq!(found.s, 3);
        close(found.variance, 11.0 / 3.0, 1e-12);
        close(found.z, 2.0 / (11.0_f64 / 3.0).sqrt(), 1e-12);
        let level = mann_kendall(&[1.0, 2.0, 1.0]).unwrap();
        assert_eq!((level.s, level.z, level.p), (0, 0.0, 1.0));
    }

    #[test]
    fn refuses_what_has_no_order() {
        assert_eq!(
            mann_kendall(&[1.0, 2.0]),
            Err(StatsError::TooFew { n: 2, needed: 3 })
        );
        assert_eq!(
            mann_kendall(&[2.0; 4]),
            Err(StatsError::Constant { variable: "values" })
        );
        assert!(mann_kendall(&[1.0, f64::NAN, 2.0]).is_err());
    }
}
