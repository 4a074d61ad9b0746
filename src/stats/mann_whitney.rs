//! The Mann–Whitney U test: does one sample tend to lie above the other? Exact given the ties
//! observed for small samples, normal for large ones.

use super::error::{StatsError, require_sample};
use super::normal::normal_two_sided;
use super::ranks::{Method, mid_ranks, tie_sizes};

/// Most values, of both samples together, whose p comes from the exact distribution.
const COUNTED: usize = 60;

/// Mann and Whitney's U with its two-sided test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannWhitney {
    /// Values of the first sample, at least 1.
    pub n_a: usize,
    /// Values of the second sample, at least 1.
    pub n_b: usize,
    /// Pairs with b > a, equal pairs counting one half; 0…n_a·n_b, and n_a·n_b/2 where
    /// neither sample tends to lie above the other.
    pub u: f64,
    /// Two-sided p of one and the same distribution; 1 when all values are equal.
    pub p: f64,
    /// How `p` was found: [`Method::Exact`] or [`Method::Normal`].
    pub method: Method,
    /// The smallest exact p that samples of these sizes can reach, 2/C(n_a + n_b, n_a), by
    /// complete separation; at 3 + 3 values 0.1, so that no data reaches 0.05. Ties can put it
    /// out of reach. 0 where it is below the range of a double.
    pub smallest_p: f64,
}

impl MannWhitney {
    /// Share of the pairs with b > a, equal pairs counting one half: the probability that a
    /// value of b exceeds one of a.
    #[must_use]
    pub fn superiority(&self) -> f64 {
        self.u / (self.n_a as f64 * self.n_b as f64)
    }
}

/// Mann and Whitney's test of two independent samples.
///
/// To n_a + n_b = 60 the p value is exact, ties or none: among all ways to choose which of the
/// pooled mid-ranks belong to one sample, twice the share in the smaller tail of the rank sum,
/// at most 1. Above, z = (|U − n_a·n_b/2| − ½)/σ is referred to the normal distribution with
/// σ² = n_a·n_b/12·(N + 1 − Σ(t³ − t)/(N(N − 1))) over the tie sizes t.
///
/// Assumes that values are exchangeable between the samples if nothing differs: independent
/// runs, not the requests inside one run. O(N log N), and at N = 60 some 4 million additions.
///
/// Sources: Mann and Whitney, "On a test of whether one of two random variables is
/// stochastically larger than the other", Annals of Mathematical Statistics 18 (1947) 50–60;
/// ties: Lehmann, "Nonparametrics" (1975), sections 1.4 and 1.5.
///
/// # Errors
/// An empty sample, or values that are not finite.
pub fn mann_whitney(a: &[f64], b: &[f64]) -> Result<MannWhitney, StatsError> {
    require_sample("a", a, 1)?;
    require_sample("b", b, 1)?;
    let (n_a, n_b) = (a.len(), b.len());
    let pooled = [a, b].concat();
    let ranks = mid_ranks(&pooled);
    let (_, in_b) = ranks.split_at(n_a);
    let below = n_b as f64 * (n_b as f64 + 1.0) / 2.0;
    let u = in_b.iter().sum::<f64>() - below;
    let (p, method) = if pooled.len() <= COUNTED {
        (exact_p(&ranks, n_a), Method::Exact)
    } else {
        (normal_p(u, n_a, n_b, &tie_sizes(&pooled)), Method::Normal)
    };
    Ok(MannWhitney {
        n_a,
        n_b,
        u,
        p,
        method,
        smallest_p: smallest_p(n_a, n_b),
    })
}

/// Twice the smaller tail of the rank sum of the first `n_a` ranks, or of the others where
/// they are fewer, which has the same tails.
fn exact_p(ranks: &[f64], n_a: usize) -> f64 {
    // Mid-ranks are whole or half numbers, so doubled they can count.
    let mut doubled: Vec<usize> = ranks.iter().map(|rank| (2.0 * rank) as usize).collect();
    let (in_a, in_b) = doubled.split_at(n_a);
    let fewer = if in_a.len() <= in_b.len() { in_a } else { in_b };
    let (size, observed) = (fewer.len(), fewer.iter().sum::<usize>());
    doubled.sort_unstable();
    let ways = subset_sums(&doubled, size);
    let at_most: f64 = ways.iter().take(observed + 1).sum();
    let at_least: f64 = ways.iter().skip(observed).sum();
    let all: f64 = ways.iter().sum();
    (2.0 * at_most.min(at_least) / all).min(1.0)
}

/// In how many ways `size` of the `values`, in ascending order, add up to s, for every s from
/// 0. At least one value and `size` ≤ their number.
///
/// Taking the values one by one, a subset of k that holds the new value is a subset of k − 1
/// of the earlier ones: O(n·size·s). The counts are whole numbers, exact to 2⁵³ and to 15
/// digits above. Source: Streitberg and Röhmel, "Exact distributions for permutation and rank
/// tests", Statistical Software Newsletter 12 (1986) 10–17.
pub(super) fn subset_sums(values: &[usize], size: usize) -> Vec<f64> {
    let mut ways = vec![vec![1.0]];
    ways.resize(size + 1, Vec::new());
    for (earlier, value) in values.iter().enumerate() {
        for k in (1..=size.min(earlier + 1)).rev() {
            let (smaller, larger) = ways.split_at_mut(k);
            let (Some(without), Some(with)) = (smaller.last(), larger.first_mut()) else {
                continue;
            };
            with.resize(with.len().max(without.len() + value), 0.0);
            for (slot, count) in with.iter_mut().skip(*value).zip(without) {
                *slot += count;
            }
        }
    }
    ways.pop().unwrap_or_default()
}

/// Normal approximation, continuous over the half unit between attainable values of U.
fn normal_p(u: f64, n_a: usize, n_b: usize, ties: &[usize]) -> f64 {
    let middle = 0.5 * n_a as f64 * n_b as f64;
    let distance = ((u - middle).abs() - 0.5).max(0.0);
    let variance = variance_of_u(n_a, n_b, ties);
    if ties.len() < 2 || variance <= 0.0 {
        return 1.0;
    }
    normal_two_sided(distance / variance.sqrt()).unwrap_or(1.0)
}

/// Variance of U when the pooled values are dealt at random, given the tie sizes.
pub(super) fn variance_of_u(n_a: usize, n_b: usize, ties: &[usize]) -> f64 {
    let (a, b) = (n_a as f64, n_b as f64);
    let n = a + b;
    let tied: f64 = ties
        .iter()
        .map(|size| *size as f64)
        .map(|t| t * (t * t - 1.0))
        .sum();
    a * b / 12.0 * (n + 1.0 - tied / (n * (n - 1.0)))
}

/// 2/C(n_a + n_b, n_a), at most 1.
pub(super) fn smallest_p(n_a: usize, n_b: usize) -> f64 {
    let (fewer, more) = (n_a.min(n_b), n_a.max(n_b));
    let mut p = 2.0;
    for i in 1..=fewer {
        p *= i as f64 / (more + i) as f64;
        if p == 0.0 {
            break;
        }
    }
    p.min(1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reference::{agrees, close, two_samples};
    use super::*;

    fn values(whole: &[i32]) -> Vec<f64> {
        whole.iter().copied().map(f64::from).collect()
    }

    #[test]
    fn reproduces_the_vectors() {
        for (a, b, case) in two_samples() {
            let expected = &case["mann_whitney"];
            let found = mann_whitney(&a, &b).unwrap();
            agrees(found.u, &expected["U_candidate"]);
            agrees(found.p, &expected["exact_conditional_p_two-sided"]);
            agrees(
                found.smallest_p,
                &expected["smallest_attainable_two_sided_p_without_ties"],
            );
            agrees(
                found.superiority(),
                &case["prob_superiority_candidate_gt_baseline"],
            );
            assert_eq!(found.method, Method::Exact);
            let ties = tie_sizes(&[&a[..], &b].concat());
            agrees(
                normal_p(found.u, a.len(), b.len(), &ties),
                &expected["asymptotic_tie_and_continuity_corrected_p"],
            );
        }
    }

    #[test]
    fn four_runs_of_the_go_tools_have_their_published_p() {
        // golang/perf, internal/stats/utest_test.go.
        let found = mann_whitney(&[0.0, 4.0, 6.0, 7.0], &[2.0, 1.0, 3.0, 5.0]).unwrap();
        close(found.p, 0.48571428571428577, 1e-15);
        assert_eq!(found.u, 5.0);
    }

    #[test]
    fn unequal_sizes_with_ties_are_counted_exactly() {
        // Twice the smaller tail over all C(7, 3) = 35 subsets of the mid-ranks, by python's
        // itertools.combinations.
        let found = mann_whitney(&values(&[1, 1, 2]), &values(&[1, 2, 2, 3])).unwrap();
        close(found.p, 20.0 / 35.0, 1e-15);
    }

    #[test]
    fn large_samples_use_the_corrected_normal_approximation() {
        // scipy 1.16.3, mannwhitneyu(b, a, method="asymptotic").
        let a: Vec<f64> = (0..40).map(|i| f64::from(i * 7 % 11)).collect();
        let b: Vec<f64> = (0..35).map(|i| f64::from(i * 5 % 13)).collect();
        let found = mann_whitney(&a, &b).unwrap();
        assert_eq!((found.u, found.method), (787.5, Method::Normal));
        close(found.p, 0.3538743713895406, 1e-12);
    }

    #[test]
    fn exact_and_normal_meet_at_sixty_values() {
        let a: Vec<f64> = (0..30).map(|i| f64::from(i * 37 % 61)).collect();
        let b: Vec<f64> = (30..60).map(|i| f64::from(i * 37 % 61) + 8.0).collect();
        let found = mann_whitney(&a, &b).unwrap();
        assert_eq!(found.method, Method::Exact);
        let ties = tie_sizes(&[&a[..], &b].concat());
        close(normal_p(found.u, 30, 30, &ties), found.p, 0.002);
    }

    #[test]
    fn the_smallest_p_is_reached_by_complete_separation() {
        for (n_a, n_b) in [(3, 3), (4, 4), (5, 5), (1, 39), (2, 7), (30, 30)] {
            let a: Vec<f64> = (0..n_a).map(f64::from).collect();
            let b: Vec<f64> = (0..n_b).map(|i| f64::from(100 + i)).collect();
            let found = mann_whitney(&a, &b).unwrap();
            close(found.p, found.smallest_p, 1e-12 * found.smallest_p);
        }
        close(smallest_p(3, 3), 0.1, 1e-15);
        close(smallest_p(4, 4), 2.0 / 70.0, 1e-15);
        close(smallest_p(5, 5), 2.0 / 252.0, 1e-15);
        assert_eq!((smallest_p(1, 1), smallest_p(5000, 5000)), (1.0, 0.0));
    }

    #[test]
    fn equal_values_have_p_one_however_many() {
        for n in [1, 3, 40] {
            let found = mann_whitney(&vec![5.0; n], &vec![5.0; n]).unwrap();
            assert_eq!((found.p, found.superiority()), (1.0, 0.5));
        }
    }

    #[test]
    fn refuses_an_empty_sample() {
        assert_eq!(
            mann_whitney(&[], &[1.0]),
            Err(StatsError::TooFew { n: 0, needed: 1 })
        );
        assert_eq!(
            mann_whitney(&[1.0], &[f64::INFINITY]),
            Err(StatsError::NotFinite {
                variable: "b",
                index: 0
            })
        );
    }

    #[test]
    fn subsets_of_ranks_are_counted_as_the_gaussian_binomials() {
        // The coefficients of the Gaussian binomial (4 over 2): 1, 1, 2, 1, 1.
        assert_eq!(
            subset_sums(&[0, 1, 2, 3], 2),
            [0.0, 1.0, 1.0, 2.0, 1.0, 1.0]
        );
        assert_eq!(subset_sums(&[3, 3], 0), [1.0]);
        let all: f64 = subset_sums(&(0..60).collect::<Vec<_>>(), 30).iter().sum();
        // C(60, 30)
        close(all, 118_264_581_564_861_424.0, 1e3);
    }

    proptest! {
        #[test]
        fn swapping_the_samples_keeps_p_and_mirrors_u(
            a in prop::collection::vec(-5..5i32, 1..12),
            b in prop::collection::vec(-5..5i32, 1..60),
        ) {
            let (a, b) = (values(&a), values(&b));
            let (here, there) = (mann_whitney(&a, &b).unwrap(), mann_whitney(&b, &a).unwrap());
            prop_assert!((here.p - there.p).abs() <= 1e-12);
            prop_assert_eq!(here.u + there.u, (a.len() * b.len()) as f64);
            prop_assert!(here.p > 0.0 && here.p <= 1.0);
        }

        #[test]
        fn neither_row_order_nor_monotone_transforms_matter(
            a in prop::collection::vec(-5..5i32, 1..12),
            b in prop::collection::vec(-5..5i32, 1..60),
        ) {
            let (a, b) = (values(&a), values(&b));
            let cube = |values: &[f64]| -> Vec<f64> {
                values.iter().rev().map(|v| v * v * v - 7.0).collect()
            };
            prop_assert_eq!(mann_whitney(&a, &b), mann_whitney(&cube(&a), &cube(&b)));
        }

        #[test]
        fn u_counts_pairs(
            a in prop::collection::vec(-5..5i32, 1..12),
            b in prop::collection::vec(-5..5i32, 1..12),
        ) {
            let half: i32 = a
                .iter()
                .flat_map(|a| b.iter().map(move |b| b.cmp(a) as i32 + 1))
                .sum();
            let found = mann_whitney(&values(&a), &values(&b)).unwrap();
            prop_assert_eq!(found.u, f64::from(half) / 2.0);
        }
    }
}
