//! Which chance distribution the scan statistic of a series is held against.

use super::super::ranks::tie_sizes;
use super::critical::{TABULATED_FROM, tail_probability};
use super::permuted::{null_statistics, tail_share};

/// The distribution of T over random orders of the same values.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Null {
    /// Without ties it depends on the number of values alone.
    Table {
        /// The number of values.
        n: usize,
    },
    /// The statistics of random permutations.
    Permuted(Vec<f64>),
}

impl Null {
    /// The distribution for `values` with their `scores`, `None` where the p of `observed` is
    /// known to exceed `alpha`: the table where at least 90 % of the values are distinct and
    /// there are enough of them for its interpolation, else permutations.
    pub(super) fn of(values: &[f64], scores: &[f64], observed: f64, alpha: f64) -> Option<Self> {
        let n = values.len();
        let distinct = tie_sizes(values).len();
        if n >= TABULATED_FROM && 10 * distinct >= 9 * n {
            let null = Self::Table { n };
            return (null.tail(observed) <= alpha).then_some(null);
        }
        null_statistics(scores, observed, alpha).map(Self::Permuted)
    }

    /// P(T ≥ t).
    pub(super) fn tail(&self, t: f64) -> f64 {
        match self {
            Self::Table { n } => tail_probability(*n, t),
            Self::Permuted(statistics) => tail_share(statistics, t),
        }
    }

    /// Whether [`Null::tail`] interpolates.
    pub(super) fn is_approximate(&self) -> bool {
        matches!(self, Self::Table { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::super::scores::normal_scores;
    use super::*;

    fn null(values: &[f64], observed: f64) -> Option<Null> {
        Null::of(values, &normal_scores(values).unwrap(), observed, 0.05)
    }

    #[test]
    fn few_values_and_many_ties_are_permuted() {
        let rising: Vec<f64> = (0..20).map(f64::from).collect();
        assert_eq!(null(&rising, 9.0), Some(Null::Table { n: 20 }));
        assert!(matches!(null(&rising[..11], 6.5), Some(Null::Permuted(_))));
        let pairs: Vec<f64> = (0..20).map(|i| f64::from(i / 2)).collect();
        assert!(matches!(null(&pairs, 9.0), Some(Null::Permuted(_))));
        let mut two_pairs = rising.clone();
        two_pairs[0] = two_pairs[1];
        two_pairs[2] = two_pairs[3];
        assert_eq!(null(&two_pairs, 9.0), Some(Null::Table { n: 20 }));
        two_pairs[4] = two_pairs[5];
        assert!(matches!(null(&two_pairs, 9.0), Some(Null::Permuted(_))));
    }

    #[test]
    fn nothing_is_returned_for_what_is_not_significant() {
        let rising: Vec<f64> = (0..20).map(f64::from).collect();
        assert_eq!(null(&rising, 6.5), None);
        assert_eq!(null(&rising[..11], 3.0), None);
    }

    #[test]
    fn table_and_permutations_agree_where_both_apply() {
        let rising: Vec<f64> = (0..40).map(f64::from).collect();
        let scores = normal_scores(&rising).unwrap();
        let permuted = Null::Permuted(null_statistics(&scores, 0.0, 1.0).unwrap());
        let table = Null::Table { n: 40 };
        for t in [4.0, 6.0, 8.0, 10.0] {
            let (exact, counted) = (table.tail(t), permuted.tail(t));
            let four_se = 4.0 * (exact * (1.0 - exact) / 999.0).sqrt();
            assert!(
                (exact - counted).abs() <= four_se + 0.001,
                "{t} {exact} {counted}"
            );
        }
    }
}
