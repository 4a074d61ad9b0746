//! Mid-ranks and tie groups: what Spearman's and Kendall's coefficients are computed on, and
//! the result they share.

use std::cmp::Ordering;

/// A rank correlation of two columns with its two-sided test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankCorrelation {
    /// Number of rows, at least 2.
    pub n: usize,
    /// The coefficient (rho or tau-b), in −1…1.
    pub coefficient: f64,
    /// Two-sided p of no association.
    pub p: f64,
    /// How `p` was found.
    pub method: Method,
    /// n ≤ 4: even perfect order has an exact p of 2/4! = 0.083, so no data could reach 0.05.
    pub cannot_be_significant: bool,
}

/// How a p value or an interval was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// From the exact permutation distribution, given the ties observed.
    Exact,
    /// Approximated by Student's t distribution.
    StudentT,
    /// Approximated by the normal distribution, with the variance corrected for ties.
    Normal,
    /// From resamples drawn with a fixed seed.
    Bootstrap,
}

/// Largest n whose permutations are enumerated, 9! = 362 880.
pub(super) const ENUMERATED: usize = 9;

/// Largest n of which no data can reach a two-sided p of 0.05.
pub(super) const NEVER_SIGNIFICANT: usize = 4;

/// Ranks from 1 in the order of `values`; equal values share the mean of the ranks they
/// occupy. `values` must be finite. O(n log n).
#[must_use]
pub fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let mut rows: Vec<(usize, f64)> = values.iter().copied().enumerate().collect();
    rows.sort_by(|a, b| ascending(&a.1, &b.1));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for group in rows.chunk_by(|a, b| a.1 == b.1) {
        let rank = below as f64 + (group.len() as f64 + 1.0) / 2.0;
        below += group.len();
        for (row, _) in group {
            if let Some(slot) = ranks.get_mut(*row) {
                *slot = rank;
            }
        }
    }
    ranks
}

/// How often each distinct value occurs, in ascending order of value.
pub(super) fn tie_sizes(values: &[f64]) -> Vec<usize> {
    let mut sorted = values.to_vec();
    sorted.sort_by(ascending);
    sorted.chunk_by(|a, b| a == b).map(<[f64]>::len).collect()
}

/// The order of finite numbers, in which −0 equals 0; NaN goes to the ends.
pub(super) fn ascending(a: &f64, b: &f64) -> Ordering {
    a.partial_cmp(b).unwrap_or_else(|| a.total_cmp(b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn equal_values_share_the_mean_of_their_ranks() {
        assert_eq!(
            mid_ranks(&[10.0, 30.0, 20.0, 20.0, -0.0, 0.0]),
            [3.0, 6.0, 4.5, 4.5, 1.5, 1.5]
        );
        assert_eq!(mid_ranks(&[]), [0.0; 0]);
    }

    #[test]
    fn tie_sizes_count_equal_values_in_order() {
        assert_eq!(tie_sizes(&[2.0, 1.0, 2.0, 0.0, -0.0, 2.0]), [2, 1, 3]);
    }

    #[test]
    fn values_that_cannot_be_ordered_do_not_stop_the_sort() {
        assert_eq!(mid_ranks(&[f64::NAN, 1.0, f64::NAN]).len(), 3);
    }

    proptest! {
        #[test]
        fn ranks_add_up_and_survive_a_monotone_transform(
            values in prop::collection::vec(-5..5i32, 1..30),
        ) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let n = values.len() as f64;
            let ranks = mid_ranks(&values);
            prop_assert_eq!(ranks.iter().sum::<f64>(), n * (n + 1.0) / 2.0);
            let cubed: Vec<f64> = values.iter().map(|v| v * v * v - 7.0).collect();
            prop_assert_eq!(ranks, mid_ranks(&cubed));
        }
    }
}
