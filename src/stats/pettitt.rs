//! Pettitt's test for one change: the plainest rank test for a series, as a yardstick beside
//! the scan.

use super::error::{StatsError, require_finite};
use super::ranks::mid_ranks;

/// A test for one change of level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pettitt {
    /// Number of values, at least 2.
    pub n: usize,
    /// K = max over k of |2·(sum of the first k ranks) − k(n + 1)|.
    pub k: f64,
    /// The first k that attains it: position, from 0, of the first value of the new level.
    pub index: usize,
    /// p of no change, min(1, 2·exp(−6K²/(n³ + n²))); good to two digits below 0.5.
    pub p: f64,
}

/// Tests `values`, in order of time, for one change of level. O(n log n).
///
/// Assumes values independent of each other.
///
/// Source: Pettitt, "A non-parametric approach to the change-point problem", Applied
/// Statistics 28 (1979) 126–135.
///
/// # Errors
/// Fewer than 2 values, or values that are not finite.
pub fn pettitt(values: &[f64]) -> Result<Pettitt, StatsError> {
    require_finite("values", values)?;
    let n = values.len();
    if n < 2 {
        return Err(StatsError::TooFew { n, needed: 2 });
    }
    let size = n as f64;
    let (mut sum, mut k, mut index) = (0.0, 0.0, 1);
    for (before, rank) in mid_ranks(values).into_iter().enumerate().take(n - 1) {
        sum += 2.0 * rank - (size + 1.0);
        if f64::abs(sum) > k {
            (k, index) = (f64::abs(sum), before + 1);
        }
    }
    let p = 2.0 * (-6.0 * k * k / (size * size * (size + 1.0))).exp();
    Ok(Pettitt {
        n,
        k,
        index,
        p: p.min(1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::super::reference::{close, columns};
    use super::*;

    #[test]
    fn the_nile_fell_in_1899() {
        let Some(nile) = columns("changepoint/nile.csv") else {
            return;
        };
        let found = pettitt(&nile[1]).unwrap();
        assert_eq!((found.n, found.k, found.index), (100, 1617.0, 28));
        close(found.p, 3.5910221769362927e-7, 1e-18);
    }

    #[test]
    fn a_step_by_hand_and_a_constant() {
        // Ranks 1 2 | 3 4: 2·(1 + 2) − 2·5 = −4.
        let found = pettitt(&[1.0, 2.0, 8.0, 9.0]).unwrap();
        assert_eq!((found.k, found.index), (4.0, 2));
        close(found.p, 2.0 * (-1.2_f64).exp(), 1e-15);
        let constant = pettitt(&[3.0; 5]).unwrap();
        assert_eq!((constant.k, constant.p), (0.0, 1.0));
        assert_eq!(pettitt(&[1.0]), Err(StatsError::TooFew { n: 1, needed: 2 }));
    }
}
